//! Everything that a section may do over the years: each treatment that suits it, in each year, in every order.

use super::counted::{Counted, SITE};
use super::pool::{Alternative, Draw, Purse};
use crate::domain::{Envelope, Scenario, Treatment, World};
use crate::planning::agenda::{Imposed, carry_out_imposed};
use crate::planning::candidates::Candidate;
use crate::planning::standing::Standing;
use crate::planning::worth::Weights;

/// Which purse an envelope is in a year.
pub(super) fn purse(year: u32, envelope: Envelope) -> u16 {
    let which = match envelope {
        Envelope::Investment => 0,
        Envelope::Maintenance => 1,
    };
    u16::try_from(2 * year + which).expect("a programme of fewer than 30,000 years")
}

/// The year and the envelope of a purse.
pub(super) fn year_of(purse: u16) -> (u32, Envelope) {
    let envelope =
        if purse.is_multiple_of(2) { Envelope::Investment } else { Envelope::Maintenance };
    (u32::from(purse) / 2, envelope)
}

/// What the works of a section may be paid from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held<'a> {
    pub(super) purses: &'a [Purse],
    pub(super) counted: &'a Counted,
    /// The group whose sites its own are counted among.
    pub(super) group: u16,
}

impl Held<'_> {
    /// What works emit in grams, nothing where that is not limited; none when they are not allowed.
    fn grams(self, purse: u16, treatment: &Treatment, works: &Candidate<'_>) -> Option<i64> {
        let sites = self.counted.sites(self.group, usize::from(purse));
        if sites.is_some_and(|it| self.purses[it].holds < SITE) {
            return None;
        }
        let Some(emissions) = self.counted.grams(usize::from(purse)) else { return Some(0) };
        treatment.co2_g(works.area).filter(|it| *it <= self.purses[emissions].holds)
    }
}

/// The ways of a section, with at most so many works, played in the very world of the simulation.
///
/// With more works than `most` alternatives would come of, fewer are tried: the second says how many, none when some
/// are too large to be counted.
pub(super) fn alternatives(
    start: Standing<'_>,
    imposed: &[Imposed<'_>],
    scenario: &Scenario,
    world: &World<'_>,
    weights: &Weights,
    held: Held<'_>,
    most: usize,
) -> (Vec<Alternative>, usize) {
    let mut idle = Vec::with_capacity(scenario.budgets.len());
    let mut standing = start;
    for (year, rank) in (scenario.first_year..).zip(0..).take(scenario.budgets.len()) {
        carry_out_imposed(imposed, &mut standing, rank, world);
        standing.grow_older(world.law, year);
        idle.push(weights.at_end(&standing, world, rank));
    }
    let counts = weights.years().iter().map(|it| it * weights.of_section(&start)).collect();
    let mut works = world.rules.most_works as usize;
    loop {
        let mut walk = Walk {
            world,
            imposed,
            first_year: scenario.first_year,
            weights,
            counts: &counts,
            idle: &idle,
            held,
            most_works: works,
            most,
            draws: Vec::new(),
            grams: Vec::new(),
            found: Vec::new(),
            too_large: false,
        };
        if walk.go(start, 0, 0.0) || works <= 1 {
            return (walk.found, if walk.too_large { 0 } else { works });
        }
        works -= 1;
    }
}

struct Walk<'a> {
    world: &'a World<'a>,
    /// What is done whatever is chosen, and costs nothing here.
    imposed: &'a [Imposed<'a>],
    first_year: i32,
    weights: &'a Weights,
    /// What a point, or a euro, counts in each year.
    counts: &'a Vec<f64>,
    /// What it has at the end of each year when nothing is chosen.
    idle: &'a [f64],
    held: Held<'a>,
    most_works: usize,
    most: usize,
    draws: Vec<Draw>,
    /// What each of them emits; empty where emissions are not limited.
    grams: Vec<u32>,
    found: Vec<Alternative>,
    /// Whether works were left out that are allowed, and cost or emit more than is counted.
    too_large: bool,
}

impl Walk<'_> {
    /// From the start of a year, with what was gained before it; whether all were found.
    fn go(&mut self, mut standing: Standing<'_>, from: u32, mut value: f64) -> bool {
        for rank in from..u32::try_from(self.counts.len()).unwrap_or(u32::MAX) {
            let year = self.first_year.saturating_add_unsigned(rank);
            if !carry_out_imposed(self.imposed, &mut standing, rank, self.world)
                && self.draws.len() < self.most_works
                && !self.try_works(standing, rank, year, value)
            {
                return false;
            }
            standing.grow_older(self.world.law, year);
            value += self.gain(&standing, rank);
        }
        if !self.draws.is_empty() {
            let (draws, grams) = (self.draws.clone(), self.grams.clone());
            self.found.push(Alternative { value, draws, grams });
        }
        self.found.len() <= self.most
    }

    /// What it gains in a year, over what is imposed alone.
    fn gain(&self, standing: &Standing<'_>, rank: u32) -> f64 {
        let has = self.weights.at_end(standing, self.world, rank);
        let rank = rank as usize;
        self.counts[rank] * (has - self.idle[rank])
    }

    /// Every treatment that suits in a year and could be paid, and all that may follow it.
    fn try_works(&mut self, standing: Standing<'_>, rank: u32, year: i32, value: f64) -> bool {
        let rules = self.world.rules;
        for (label, treatment) in (0..).zip(&self.world.catalogue.treatments) {
            let purse = purse(rank, treatment.envelope);
            let holds = self.held.purses[usize::from(purse)].holds;
            if holds <= 0 || !standing.suits(usize::from(label), treatment, year) {
                continue;
            }
            let works = Candidate::of(&standing, treatment, rules, rank);
            let cost = works.cost.cents();
            if cost > holds {
                continue;
            }
            let Some(grams) = self.held.grams(purse, treatment, &works) else { continue };
            let (Ok(cents), Ok(grams)) = (u32::try_from(cost), u32::try_from(grams)) else {
                self.too_large = true;
                continue;
            };
            let mut after = standing;
            after.treat(treatment, year, self.world);
            after.grow_older(self.world.law, year);
            self.draws.push(Draw { purse, label, cents });
            if self.held.counted.grams(usize::from(purse)).is_some() {
                self.grams.push(grams);
            }
            let gain = self.gain(&after, rank);
            let whole = self.go(after, rank + 1, value + gain);
            self.draws.pop();
            self.grams.truncate(self.draws.len());
            if !whole {
                return false;
            }
        }
        true
    }
}
