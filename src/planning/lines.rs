//! The catalogue, ready to be asked by thousands of sections in one year.

use super::candidates::Candidate;
use super::room::Room;
use super::standing::{SHARES, Standing};
use super::year::{Ledger, Year};
use crate::domain::{Effect, Envelope, Envelopes, Euros, Score, Treatment, World};

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
    prices: Vec<Price>,
    /// Whether emissions are limited.
    emits: bool,
}

impl<'w, 'c> Lines<'w, 'c> {
    pub(super) fn new(world: &'w World<'c>, now: Year, room: &Room) -> Self {
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
            prices: prices(world, now),
            emits: room.grams().is_some(),
        }
    }

    /// What suits a section; none when no envelope with money pays any.
    pub(super) fn offers(&self, standing: &Standing<'_>, budget: Envelopes) -> Option<Offers> {
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
        if lines == 0 && self.prices.len() <= REMEMBERED {
            return None;
        }
        let mut offers = Offers { lines: [NO_LINE; 2], least: [BEYOND; 2], grams: [0; 2] };
        let mut paid = false;
        for (rank, envelope) in ENVELOPES.into_iter().enumerate() {
            if let Some(line) = self.first(standing, lines, envelope) {
                offers.lines[rank] = u32::try_from(line).unwrap_or(NO_LINE);
                offers.least[rank] = self.prices[line].least(standing);
                if self.emits {
                    offers.grams[rank] = self.grams(standing, line);
                }
                paid |= budget.of(envelope) > Euros::ZERO;
            }
        }
        paid.then_some(offers)
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

    /// What a line emits on a section, in grams of CO2 equivalent; more than any limit when nobody said.
    fn grams(&self, standing: &Standing<'_>, line: usize) -> i64 {
        let treatment = &self.world.catalogue.treatments[line];
        let works = Candidate::of(standing, treatment, self.world.rules, self.now.rank);
        treatment.co2_g(works.area).unwrap_or(i64::MAX)
    }

    /// The most suitable treatment, then the most suitable one that the other envelope pays.
    pub(super) fn candidates(
        &self,
        standing: &Standing<'_>,
        offers: &Offers,
    ) -> impl Iterator<Item = Candidate<'c>> {
        let mut lines = offers.lines;
        lines.sort_unstable();
        let treatments =
            lines.into_iter().filter_map(|it| self.world.catalogue.treatments.get(it as usize));
        treatments.map(|it| Candidate::of(standing, it, self.world.rules, self.now.rank))
    }
}

/// What a line costs in one year.
#[derive(Clone, Copy, Debug)]
struct Price {
    /// Of a square metre, euros; of the section, at the least share of defects that calls for it.
    per_m2: f64,
    /// Its place among the lines priced by defects of which sections remember the share.
    by_share: Option<usize>,
}

impl Price {
    /// What a section costs at least, without its site.
    fn least(self, standing: &Standing<'_>) -> Euros {
        let whole = self.per_m2 * standing.area().get();
        let share = self.by_share.map_or(1.0, |it| f64::from(standing.share_at_least(it)));
        // Digits lost may round it up by one.
        Euros::rounded(whole * share) - Euros::from_cents(1)
    }
}

fn prices(world: &World<'_>, now: Year) -> Vec<Price> {
    let growth = world.rules.growth(now.rank);
    let mut by_share = 0..SHARES;
    let price = |it: &Treatment| {
        let price = it.price_per_m2.get() * growth;
        match it.priced_by().map(|bound| (bound, by_share.next())) {
            Some((bound, None)) => Price { per_m2: price * bound.at_least.get(), by_share: None },
            found => Price { per_m2: price, by_share: found.and_then(|it| it.1) },
        }
    };
    world.catalogue.treatments.iter().map(price).collect()
}

/// What a section may have in one year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offers {
    /// The most suitable line that each envelope pays.
    lines: [u32; 2],
    /// What it costs at least without its site: a section is not looked at closely for it.
    least: [Euros; 2],
    /// What it emits, in grams, where emissions are limited.
    grams: [i64; 2],
}

impl Offers {
    /// Whether a ledger might pay one of them on its section.
    pub(super) fn might_be_paid(&self, ledger: &Ledger<'_>, index: usize) -> bool {
        let offers = self.least.iter().zip(self.grams).zip(ENVELOPES);
        offers.into_iter().any(|((least, grams), envelope)| {
            let left = ledger.left().of(envelope);
            let site = ledger.a_site(envelope);
            // Two sites that become one save one at most.
            *least - site <= left
                && (*least + site <= left || *least + ledger.site(index, envelope) <= left)
                && ledger.has_room(index, envelope, Some(grams))
        })
    }
}

/// The envelopes, in the order that [`Offers`] are kept. Source: the two yearly envelopes of a département (DOMAIN.md section 9).
const ENVELOPES: [Envelope; 2] = [Envelope::Investment, Envelope::Maintenance];

/// No line at all. Chosen: past the end of any catalogue.
const NO_LINE: u32 = u32::MAX;

/// More than any envelope holds. Chosen: a thousandth of what a sum can be, so that sums with it still are.
const BEYOND: Euros = Euros::from_cents(i64::MAX / 1000);
