//! One year of a programme: what it is called, what is left of its money, who has works.

use super::candidates::Candidate;
use super::room::{Means, Room};
use crate::domain::{Envelope, Envelopes, Euros, Lacked, NetworkState};

/// A year of a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// Of the calendar.
    pub year: i32,
    /// From the first year of the programme, which is 0.
    pub rank: u32,
}

/// What is left of a year's money, sites and emissions while works are chosen.
///
/// A site, a run of neighbours treated from one envelope, costs its fixed sum once, and counts once.
#[derive(Clone, Debug)]
pub struct Ledger<'n> {
    network: &'n NetworkState,
    site: Envelopes,
    left: Envelopes,
    room: Room,
    /// Which envelope pays works on each section.
    taken: Vec<Option<Envelope>>,
    /// How often what was left grew, or sites may open again where none could.
    n_easier: usize,
}

impl<'n> Ledger<'n> {
    /// A year's means, nothing chosen.
    #[must_use]
    pub fn new(network: &'n NetworkState, site: Envelopes, offered: Means) -> Self {
        let taken = vec![None; network.sections().len()];
        let Means { money: left, room } = offered;
        Self { network, site, left, room, taken, n_easier: 0 }
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
        let site = self.site.of(envelope);
        match self.opens(index, envelope) {
            1 => site,
            0 => Euros::ZERO,
            _ => Euros::ZERO - site,
        }
    }

    /// How many sites works on a section open: none beside one that is there, and less than none between two that
    /// become one.
    #[must_use]
    fn opens(&self, index: usize, envelope: Envelope) -> i64 {
        let beside = self.network.beside(index).into_iter().flatten();
        beside.filter(|it| self.taken[*it] == Some(envelope)).fold(1, |opens, _| opens - 1)
    }

    /// Whether works on a section may open a site, or need none, and their emissions are within what is left.
    #[must_use]
    pub(super) fn has_room(&self, index: usize, envelope: Envelope, grams: Option<i64>) -> bool {
        if self.room.is_endless() {
            return true;
        }
        let emits = self.room.grams().is_none_or(|left| grams.is_some_and(|it| it <= left));
        let sites = self.room.sites(self.room.group(self.network, index));
        emits && sites.is_none_or(|left| left >= 1 || self.opens(index, envelope) <= left)
    }

    /// What a site costs, by itself.
    #[must_use]
    pub const fn a_site(&self, envelope: Envelope) -> Euros {
        self.site.of(envelope)
    }

    /// What is left of the money.
    #[must_use]
    pub const fn left(&self) -> Envelopes {
        self.left
    }

    /// How often works that were paid made room: an envelope holds more than before, or sites may open again where
    /// none could.
    #[must_use]
    pub(super) const fn n_easier(&self) -> usize {
        self.n_easier
    }

    /// Whether more was taken than there was.
    #[must_use]
    pub fn is_overdrawn(&self) -> bool {
        self.left.investment < Euros::ZERO
            || self.left.maintenance < Euros::ZERO
            || self.room.is_overdrawn()
    }

    /// Whether works on a section could be paid now, and are within all limits.
    #[must_use]
    pub fn could_pay(&self, index: usize, works: &Candidate<'_>) -> bool {
        let envelope = works.treatment.envelope;
        let left = self.left.of(envelope);
        // Joining two sites into one saves a site at most.
        works.cost - self.site.of(envelope) <= left
            && self.taken[index].is_none()
            && self.cost(index, works) <= left
            && self.has_room(index, envelope, works.treatment.co2_g(works.area))
    }

    /// What works on a section lack that cannot be paid now.
    #[must_use]
    pub fn lacks(&self, index: usize, works: &Candidate<'_>) -> Lacked {
        let envelope = works.treatment.envelope;
        let sites = self.room.sites(self.room.group(self.network, index));
        if self.cost(index, works) > self.left.of(envelope) {
            Lacked::Money
        } else if sites.is_some_and(|left| self.opens(index, envelope) > left.max(0)) {
            Lacked::Sites
        } else {
            Lacked::Emissions
        }
    }

    /// Pays works on a section, when their envelope can and all limits allow: whole or not at all.
    pub fn pay(&mut self, index: usize, works: &Candidate<'_>) -> bool {
        if !self.could_pay(index, works) {
            return false;
        }
        let envelope = works.treatment.envelope;
        let cost = self.cost(index, works);
        let mut is_easier = cost < Euros::ZERO;
        *self.left.of_mut(envelope) = self.left.of(envelope) - cost;
        if !self.room.is_endless() {
            let group = self.room.group(self.network, index);
            let was_full = self.room.sites(group).is_some_and(|it| it < 1);
            self.room.open(group, self.opens(index, envelope));
            self.room.emit(works.treatment.co2_g(works.area));
            is_easier |= was_full && self.room.sites(group).is_some_and(|it| it >= 1);
        }
        self.n_easier += usize::from(is_easier);
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
        if !self.room.is_endless() {
            self.room.open(self.room.group(self.network, index), -self.opens(index, envelope));
            self.room.emit(works.treatment.co2_g(works.area).map(|it| -it));
        }
    }
}
