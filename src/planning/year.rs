//! One year of a programme: what it is called, what is left of its money, who has works.

use super::candidates::Candidate;
use crate::domain::{Envelope, Envelopes, Euros, NetworkState};

/// A year of a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// Of the calendar.
    pub year: i32,
    /// From the first year of the programme, which is 0.
    pub rank: u32,
}

/// What is left of a year's money while works are chosen.
///
/// A site, a run of neighbours treated from one envelope, costs its fixed sum once.
#[derive(Clone, Debug)]
pub struct Ledger<'n> {
    network: &'n NetworkState,
    site: Envelopes,
    left: Envelopes,
    /// Which envelope pays works on each section.
    taken: Vec<Option<Envelope>>,
}

impl<'n> Ledger<'n> {
    /// A year's money, nothing chosen.
    #[must_use]
    pub fn new(network: &'n NetworkState, site: Envelopes, offered: Envelopes) -> Self {
        Self { network, site, left: offered, taken: vec![None; network.sections().len()] }
    }

    /// What works on a section take from their envelope, with their site.
    #[must_use]
    pub fn cost(&self, index: usize, works: &Candidate<'_>) -> Euros {
        works.cost + self.site(index, works.treatment.envelope)
    }

    /// What the site of a section costs: nothing beside a site that is there, and less than nothing between two
    /// that become one.
    #[must_use]
    pub fn site(&self, index: usize, envelope: Envelope) -> Euros {
        let beside = self.network.beside(index).into_iter().flatten();
        let shared = beside.filter(|it| self.taken[*it] == Some(envelope)).count();
        let site = self.site.of(envelope);
        match shared {
            0 => site,
            1 => Euros::ZERO,
            _ => Euros::ZERO - site,
        }
    }

    /// What a site costs, by itself.
    #[must_use]
    pub const fn a_site(&self, envelope: Envelope) -> Euros {
        self.site.of(envelope)
    }

    /// What is left.
    #[must_use]
    pub const fn left(&self) -> Envelopes {
        self.left
    }

    /// Whether an envelope gave more than it held.
    #[must_use]
    pub fn is_overdrawn(&self) -> bool {
        self.left.investment < Euros::ZERO || self.left.maintenance < Euros::ZERO
    }

    /// Whether works on a section could be paid now.
    #[must_use]
    pub fn could_pay(&self, index: usize, works: &Candidate<'_>) -> bool {
        let envelope = works.treatment.envelope;
        let left = self.left.of(envelope);
        // Joining two sites into one saves a site at most.
        works.cost - self.site.of(envelope) <= left
            && self.taken[index].is_none()
            && self.cost(index, works) <= left
    }

    /// Pays works on a section, when their envelope can: whole or not at all.
    pub fn pay(&mut self, index: usize, works: &Candidate<'_>) -> bool {
        if !self.could_pay(index, works) {
            return false;
        }
        let envelope = works.treatment.envelope;
        let cost = self.cost(index, works);
        *self.left.of_mut(envelope) = self.left.of(envelope) - cost;
        self.taken[index] = Some(envelope);
        true
    }

    /// Takes a sum out of an envelope, when it holds it.
    pub fn take(&mut self, envelope: Envelope, sum: Euros) -> bool {
        let left = self.left.of_mut(envelope);
        let holds = sum <= *left;
        if holds {
            *left = *left - sum;
        }
        holds
    }

    /// Takes works back that were paid.
    pub fn give_back(&mut self, index: usize, works: &Candidate<'_>) {
        let envelope = works.treatment.envelope;
        self.taken[index] = None;
        let cost = self.cost(index, works);
        *self.left.of_mut(envelope) += cost;
    }
}
