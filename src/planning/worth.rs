//! What a programme is worth by its objective: all years count, not the last alone.

use super::backlog::waiting;
use super::standing::Standing;
use super::year::Year;
use crate::domain::{Euros, NetworkState, Objective, PlanRules, World};
use std::collections::BTreeMap;

/// Metres of a kilometre. Source: the SI prefix.
const KILOMETRE: f64 = 1000.0;

/// What each section counts in each year, by an objective.
///
/// # Source
///
/// DOMAIN.md section 7: area x weight of the category x discount, summed over the years, and a term for
/// what comes after the last. Chosen for the other objectives: the same discount and the same term.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    objective: Objective,
    years: Vec<f64>,
    vehicles_a_day: BTreeMap<u8, f64>,
    /// What all sections count together.
    sections: f64,
    /// All weights of all sections.
    whole: f64,
}

impl Weights {
    /// For a network over some years.
    ///
    /// # Panics
    ///
    /// When users are to be served on roads of which the traffic is not known:
    /// [`NetworkState::traffic_is_known`] tells.
    #[must_use]
    pub fn new(
        network: &NetworkState,
        rules: &PlanRules,
        horizon: usize,
        objective: Objective,
    ) -> Self {
        let years = rules.year_weights(horizon);
        let vehicles_a_day = rules.vehicles_a_day.clone();
        let mut it = Self { objective, years, vehicles_a_day, sections: 1.0, whole: 0.0 };
        let sections = network.sections().iter();
        it.sections = match objective {
            Objective::Condition => {
                sections.map(|it| it.area.get() * rules.weight(it.category)).sum()
            }
            Objective::Users => {
                sections.map(|section| it.vehicle_km(section.category, section.length.get())).sum()
            }
            // Euros add up: their mean is over the years alone.
            Objective::Backlog => 1.0,
        };
        it.whole = it.sections * it.years.iter().sum::<f64>();
        it
    }

    /// What they serve.
    #[must_use]
    pub const fn objective(&self) -> Objective {
        self.objective
    }

    /// The weight of each year.
    #[must_use]
    pub fn years(&self) -> &[f64] {
        &self.years
    }

    /// What all sections count together; 1 where it is euros that count.
    #[must_use]
    pub const fn sections(&self) -> f64 {
        self.sections
    }

    /// What a section counts: its area by the weight of its category, or its vehicle-kilometres a day; 1 where it is
    /// euros that count.
    #[must_use]
    pub fn of_section(&self, standing: &Standing<'_>) -> f64 {
        match self.objective {
            Objective::Condition => standing.weight(),
            Objective::Users => {
                let section = standing.section();
                self.vehicle_km(section.category, section.length.get())
            }
            Objective::Backlog => 1.0,
        }
    }

    fn vehicle_km(&self, category: u8, metres: f64) -> f64 {
        let vehicles = self.vehicles_a_day.get(&category);
        metres / KILOMETRE * vehicles.expect("traffic that was asked for before")
    }

    /// What a section has at the end of a year that counts, its rank from the first of the programme: points of its
    /// note, or less than nothing for the euros of works that it waits for.
    #[must_use]
    pub fn at_end(&self, standing: &Standing<'_>, world: &World<'_>, rank: u32) -> f64 {
        match self.objective {
            Objective::Condition | Objective::Users => standing.ng().points(),
            Objective::Backlog => {
                -waiting(standing, world, rank).map_or(Euros::ZERO, |it| it.cost).get()
            }
        }
    }

    /// What all sections have, weighted and summed over the years, as a mean over all weights.
    #[must_use]
    pub fn as_mean(&self, weighted: f64) -> f64 {
        if self.whole > 0.0 { weighted / self.whole } else { 0.0 }
    }

    /// What a section has, weighted and summed from this year to the last, when nothing more is done.
    #[must_use]
    pub fn play_on(&self, mut standing: Standing<'_>, world: &World<'_>, now: Year) -> f64 {
        let mut sum = 0.0;
        let years = (now.year..).zip(now.rank..).zip(&self.years[now.rank as usize..]);
        for ((year, rank), weight) in years {
            standing.grow_older(world.law, year);
            sum += weight * self.at_end(&standing, world, rank);
        }
        sum * self.of_section(&standing)
    }
}

#[cfg(test)]
mod tests;
