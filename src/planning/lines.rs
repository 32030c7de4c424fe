//! The catalogue, ready to be asked by thousands of sections in one year.

use super::candidates::Candidate;
use super::standing::Standing;
use super::year::{Ledger, Year};
use crate::domain::{Effect, Envelope, Envelopes, Euros, PricedOn, Score, Treatment, World};

/// Lines of the catalogue that a section remembers whether it meets; the others are asked every time.
/// Chosen: the bits of a word.
pub(super) const REMEMBERED: usize = 64;

/// The lines of a catalogue in one year.
#[derive(Clone, Debug)]
pub(super) struct Lines<'w, 'c> {
    world: &'w World<'c>,
    now: Year,
    /// Lines that suit notes from some on: one more from each note on.
    from: (Vec<f64>, Vec<u64>),
    /// Lines that suit notes up to some: one less past each note.
    to: (Vec<f64>, Vec<u64>),
    renewals: u64,
    invested: u64,
    /// What prices are multiplied by.
    growth: f64,
}

impl<'w, 'c> Lines<'w, 'c> {
    pub(super) fn new(world: &'w World<'c>, now: Year) -> Self {
        let lines = &world.catalogue.treatments;
        let of = |holds: &dyn Fn(&Treatment) -> bool| {
            let bit = |(line, it): (usize, &Treatment)| u64::from(holds(it)) << line;
            lines.iter().take(REMEMBERED).enumerate().map(bit).fold(0, |all, it| all | it)
        };
        let steps = |note: fn(&Treatment) -> Score| {
            let mut notes: Vec<f64> = lines.iter().map(|it| note(it).points()).collect();
            notes.sort_by(f64::total_cmp);
            notes.dedup();
            notes
        };
        let from = steps(|it| it.trigger.note_from);
        let to = steps(|it| it.trigger.note_to);
        let reached = (0..=from.len())
            .map(|n| of(&|it| from[..n].contains(&it.trigger.note_from.points())))
            .collect();
        let left = (0..=to.len())
            .map(|n| of(&|it| !to[..n].contains(&it.trigger.note_to.points())))
            .collect();
        Self {
            world,
            now,
            from: (from, reached),
            to: (to, left),
            renewals: of(&|it| matches!(it.effect, Effect::Renews { .. })),
            invested: of(&|it| it.envelope == Envelope::Investment),
            growth: world.rules.growth(now.rank),
        }
    }

    /// Lines that suit a section, one bit for each that it remembers; none when no envelope with money pays any.
    pub(super) fn suiting(&self, standing: &Standing<'_>, budget: Envelopes) -> Option<u64> {
        let ng = standing.ng().points();
        let reached = self.from.0.iter().filter(|it| **it <= ng).count();
        let passed = self.to.0.iter().filter(|it| **it < ng).count();
        let mut due = standing.due(self.renewals, self.now.year);
        if standing.is_bound() {
            let lines = self.world.catalogue.treatments.iter().take(REMEMBERED).enumerate();
            due &= lines
                .map(|(line, it)| u64::from(standing.suits(line, it, self.now.year)) << line)
                .fold(0, |all, it| all | it);
        }
        let lines = due & self.from.1[reached] & self.to.1[passed];
        let paid = |it| budget.of(it) > Euros::ZERO && self.first(standing, lines, it).is_some();
        (paid(Envelope::Investment) || paid(Envelope::Maintenance)).then_some(lines)
    }

    /// The first line that an envelope pays, of those that suit a section.
    fn first(&self, standing: &Standing<'_>, lines: u64, envelope: Envelope) -> Option<usize> {
        let lines = lines
            & match envelope {
                Envelope::Investment => self.invested,
                Envelope::Maintenance => !self.invested,
            };
        if lines != 0 {
            return Some(lines.trailing_zeros() as usize);
        }
        let more = self.world.catalogue.treatments.iter().enumerate().skip(REMEMBERED);
        more.filter(|(_, it)| it.envelope == envelope)
            .find(|(line, it)| standing.suits(*line, it, self.now.year))
            .map(|it| it.0)
    }

    /// The most suitable line, then the most suitable one that the other envelope pays.
    fn offered(&self, standing: &Standing<'_>, lines: u64) -> [Option<&'c Treatment>; 2] {
        let mut found =
            [Envelope::Investment, Envelope::Maintenance].map(|it| self.first(standing, lines, it));
        if found[1].is_some() && found[0].is_none_or(|it| Some(it) > found[1]) {
            found.swap(0, 1);
        }
        found.map(|line| Some(&self.world.catalogue.treatments[line?]))
    }

    /// The most suitable treatment, then the most suitable one that the other envelope pays.
    pub(super) fn candidates(
        &self,
        standing: &Standing<'_>,
        lines: u64,
    ) -> [Option<Candidate<'c>>; 2] {
        let of = |it| Candidate::of(standing, it, self.world.rules, self.now.rank);
        self.offered(standing, lines).map(|it| it.map(of))
    }

    /// Whether a ledger might pay something that suits a section, which is not looked at closely.
    pub(super) fn might_pay(
        &self,
        ledger: &Ledger<'_>,
        index: usize,
        standing: &Standing<'_>,
        lines: u64,
    ) -> bool {
        self.offered(standing, lines).into_iter().flatten().any(|treatment| {
            let least = match (treatment.priced_on, treatment.trigger.defects.first()) {
                (PricedOn::Defects, Some(bound)) => bound.at_least.get(),
                _ => 1.0,
            };
            let works = treatment.price_per_m2.get() * standing.area().get() * least * self.growth;
            works + ledger.site(index, treatment.envelope).get()
                <= ledger.left().of(treatment.envelope).get() + CENT
        })
    }
}

/// What a rounded cost may be below its exact one, euros. Chosen: twice half a cent.
const CENT: f64 = 0.01;
