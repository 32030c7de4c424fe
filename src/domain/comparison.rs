//! Two surveys of one network, section by section.

use super::network::SectionId;
use super::score::Notes;
use super::units::{Metres, Ratio};

/// One section that both surveys rate.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionChange {
    /// Which.
    pub section: SectionId,
    /// Index of its road in the network of the first survey.
    pub road: usize,
    /// Its ends, cumul.
    pub span: (Metres, Metres),
    /// Notes of the first survey, then of the second.
    pub notes: (Notes, Notes),
    /// Share of it that each saw and could use.
    pub seen: (Ratio, Ratio),
}

impl SectionChange {
    /// Points of *note globale* gained from the first survey to the second; less than zero when it
    /// got worse.
    #[must_use]
    pub fn gained(&self) -> f64 {
        self.notes.1.ng.points() - self.notes.0.ng.points()
    }
}

/// How far two surveys agree, or how the network changed between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Sections that both rate, in the order of the first.
    pub sections: Vec<SectionChange>,
    /// Sections that only the first rates, and only the second.
    pub rated_once: (usize, usize),
    /// Sections of the first that the second does not have, and the other way round: other
    /// networks, or another pitch.
    pub unknown: (usize, usize),
    /// Mean of the points gained.
    pub mean: Option<f64>,
    /// Standard deviation of the points gained: for two passes of one campaign, the repeatability.
    pub deviation: Option<f64>,
}

/// Mean, and standard deviation (one degree of freedom taken off) when there are two values.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a network has some ten thousand sections")]
pub fn mean_and_deviation(values: &[f64]) -> (Option<f64>, Option<f64>) {
    if values.is_empty() {
        return (None, None);
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|it| (it - mean).powi(2)).sum();
    (Some(mean), (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt()))
}
