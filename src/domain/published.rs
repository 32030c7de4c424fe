//! A table of budget scenarios that somebody published, to fit a model to.

use super::programme::Envelopes;
use super::units::SquareMetres;

/// What was published of one scenario: notes of the network, and money spent.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedScenario {
    /// Name, such as `s02`.
    pub name: String,
    /// The budget in the engineers' words.
    pub words: String,
    /// One entry for each year.
    pub budgets: Vec<Envelopes>,
    /// *Note globale* after the last year, points out of 20.
    pub ng_end: f64,
    /// Highest of the years, the start included, points.
    pub ng_high: f64,
    /// Lowest of the years, points; nothing when it never falls below the start.
    pub ng_low: Option<f64>,
    /// Mean of the years, the start included, points.
    pub ng_mean: f64,
    /// Money spent over all the years, millions of euros.
    pub spent: f64,
}

/// A published table: one network, several budgets.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedTable {
    /// Mean note of the network before the first year, points out of 20.
    pub ng_start: f64,
    /// Surface of the network.
    pub surface: SquareMetres,
    /// How far off a note may be before it weighs one, points.
    pub note_within: f64,
    /// How far off money spent may be before it weighs one, millions of euros.
    pub spent_within: f64,
    /// The scenarios, all over the same years, at least one.
    pub scenarios: Vec<PublishedScenario>,
}
