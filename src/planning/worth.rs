//! What a programme is worth: the notes of all years, not of the last alone.

use super::standing::Standing;
use super::year::Year;
use crate::domain::{NetworkState, PlanRules, World};

/// What the note of each section counts in each year.
///
/// # Source
///
/// DOMAIN.md section 7: area x weight of the category x discount, summed over the years, and a term for
/// what comes after the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    years: Vec<f64>,
    /// All weights of all sections.
    whole: f64,
}

impl Weights {
    /// For a network over some years.
    #[must_use]
    pub fn new(network: &NetworkState, rules: &PlanRules, horizon: usize) -> Self {
        let years = rules.year_weights(horizon);
        let areas = network.sections().iter().map(|it| it.area.get() * rules.weight(it.category));
        let whole = areas.sum::<f64>() * years.iter().sum::<f64>();
        Self { years, whole }
    }

    /// The weight of each year.
    #[must_use]
    pub fn years(&self) -> &[f64] {
        &self.years
    }

    /// Weighted points of a section as points of the network's mean note.
    #[must_use]
    pub fn as_points(&self, weighted: f64) -> f64 {
        if self.whole > 0.0 { weighted / self.whole } else { 0.0 }
    }

    /// Weighted points of a section from this year to the last, when nothing more is done.
    #[must_use]
    pub fn play_on(&self, mut standing: Standing<'_>, world: &World<'_>, now: Year) -> f64 {
        let mut sum = 0.0;
        for (year, weight) in (now.year..).zip(&self.years[now.rank as usize..]) {
            standing.grow_older(world.law, year);
            sum += weight * standing.ng().points();
        }
        sum * standing.weight()
    }
}
