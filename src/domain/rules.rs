//! How works are chosen, and what a programme is worth.

use super::catalogue::{Catalogue, Treatment};
use super::objective::Objective;
use super::parameters::{AgeingLaw, NoteClasses};
use super::programme::{Envelopes, Scenario};
use super::state::NetworkStateError;
use super::units::{Euros, SquareMetres};
use std::collections::BTreeMap;

/// How the works of each year are chosen.
///
/// Source of the first three: what road departments do (DOMAIN.md section 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SelectionRule {
    /// The lowest note first.
    #[default]
    WorstFirst,
    /// Whatever is past its trigger, the most important roads first.
    Threshold,
    /// What brings most for its money first, year by year: incremental benefit over cost.
    BenefitCost,
    /// All years together, with a bound on what any programme could reach.
    Optimised,
}

impl SelectionRule {
    /// Every one.
    pub const ALL: [Self; 4] =
        [Self::WorstFirst, Self::Threshold, Self::BenefitCost, Self::Optimised];

    /// The word used in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::WorstFirst => "worst_first",
            Self::Threshold => "threshold",
            Self::BenefitCost => "benefit_cost",
            Self::Optimised => "optimised",
        }
    }
}

/// What holds for every programme, however its works are chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanRules {
    /// How works are chosen when a scenario does not say.
    pub selection: SelectionRule,
    /// Yearly discount of what a good note is worth: 0.04 for 4 %.
    pub discount: f64,
    /// For how many years past the last one its notes count.
    pub terminal_years: f64,
    /// What one site costs each envelope whatever its length, on top of the works. A site is a run of
    /// neighbouring sections treated in one year from one envelope.
    pub site: Envelopes,
    /// Fewest years from works on a section to the next.
    pub least_gap_years: u32,
    /// Most works on one section over the years, for the optimised selection.
    pub most_works: u32,
    /// Yearly growth of prices: 0.02 for 2 %.
    pub price_growth: f64,
    /// What all prices of works are multiplied by: 1, save where they are doubted.
    pub price_level: f64,
    /// What a square metre of each road category counts; 1 for those not named.
    pub category_weights: BTreeMap<u8, f64>,
    /// Vehicles a day on a road of each category; nothing is known of those not named.
    pub vehicles_a_day: BTreeMap<u8, f64>,
}

impl PlanRules {
    /// What a square metre of a category counts.
    #[must_use]
    pub fn weight(&self, category: u8) -> f64 {
        self.category_weights.get(&category).copied().unwrap_or(1.0)
    }

    /// Whether the traffic of every section, by its category, is known where a scenario serves those who drive on them.
    ///
    /// # Errors
    ///
    /// [`NetworkStateError::NoTraffic`]: nothing is guessed.
    pub fn traffic_is_known(
        &self,
        scenario: &Scenario,
        sections: impl Iterator<Item = u8>,
    ) -> Result<(), NetworkStateError> {
        if scenario.objective != Objective::Users {
            return Ok(());
        }
        let mut categories = BTreeMap::new();
        for category in sections.filter(|it| !self.vehicles_a_day.contains_key(it)) {
            *categories.entry(category).or_insert(0) += 1;
        }
        if categories.is_empty() {
            return Ok(());
        }
        Err(NetworkStateError::NoTraffic { scenario: scenario.name.clone(), categories })
    }

    /// Cost of works on an area, `years` after the first of the programme, without their site.
    #[must_use]
    pub fn cost(&self, treatment: &Treatment, area: SquareMetres, years: u32) -> Euros {
        Euros::rounded(treatment.price_per_m2.get() * area.get() * self.growth(years))
    }

    /// What prices are multiplied by, `years` after the first of the programme.
    #[must_use]
    pub fn growth(&self, years: u32) -> f64 {
        if self.price_growth == 0.0 {
            self.price_level
        } else {
            let years = i32::try_from(years).unwrap_or(i32::MAX);
            self.price_level * (1.0 + self.price_growth).powi(years)
        }
    }

    /// What the notes of each year count: one for each of `horizon` years, the last with what comes after it.
    #[must_use]
    pub fn year_weights(&self, horizon: usize) -> Vec<f64> {
        let mut weight = 1.0;
        let mut all: Vec<f64> = Vec::with_capacity(horizon);
        for _ in 0..horizon {
            weight /= 1.0 + self.discount;
            all.push(weight);
        }
        if let Some(last) = all.last_mut() {
            *last *= 1.0 + self.terminal_years;
        }
        all
    }

    /// As departments play their budgets: no site costs, no growth of prices, any works in any year.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            selection: SelectionRule::WorstFirst,
            discount: 0.0,
            terminal_years: 0.0,
            site: Envelopes::default(),
            least_gap_years: 1,
            most_works: 3,
            price_growth: 0.0,
            price_level: 1.0,
            category_weights: BTreeMap::new(),
            vehicles_a_day: BTreeMap::new(),
        }
    }
}

/// The world that programmes are played in.
#[derive(Clone, Copy, Debug)]
pub struct World<'w> {
    /// Works on offer.
    pub catalogue: &'w Catalogue,
    /// How surfaces age.
    pub law: &'w AgeingLaw,
    /// How works are chosen, and what a programme is worth.
    pub rules: &'w PlanRules,
    /// Classes of notes, for the indicators.
    pub classes: &'w NoteClasses,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_discounted_and_the_last_carries_what_comes_after() {
        let rules = PlanRules { discount: 0.25, terminal_years: 3.0, ..PlanRules::plain() };
        assert_eq!(rules.year_weights(2), [0.8, 0.64 * 4.0]);
        assert_eq!(PlanRules::plain().year_weights(3), [1.0; 3]);
    }

    #[test]
    fn a_category_counts_one_unless_said() {
        let rules = PlanRules { category_weights: [(1, 2.0)].into(), ..PlanRules::plain() };
        assert_eq!((rules.weight(1), rules.weight(2)), (2.0, 1.0));
    }
}
