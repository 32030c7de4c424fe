//! Means over many sections: the network, a road, a category, a works unit.

use super::score::Score;
use super::units::{Metres, Ratio, SquareMetres};

/// The mean notes of some sections, weighted by area, over those that have a note.
///
/// A mean over nothing rated has no note: its `ng`, `np` and `nu` are none and `classes` is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Mean {
    /// What the mean is over: a road with its carriageway, a category, a works unit.
    pub name: String,
    /// Length of every section.
    pub length: Metres,
    /// Length of the sections that have a note.
    pub rated_length: Metres,
    /// Area of every section.
    pub area: SquareMetres,
    /// Area of the sections that have a note.
    pub rated_area: SquareMetres,
    /// Mean *note globale*.
    pub ng: Option<Score>,
    /// Mean *note patrimoine*.
    pub np: Option<Score>,
    /// Mean *note d'usage*.
    pub nu: Option<Score>,
    /// Share of the rated area in each class, in the classes' order.
    pub classes: Vec<Ratio>,
}

impl Mean {
    /// Share of the area that has a note; nothing of nothing.
    #[must_use]
    pub fn rated_share(&self) -> Ratio {
        if self.area.get() > 0.0 {
            Ratio::clamped(self.rated_area.get() / self.area.get())
        } else {
            Ratio::ZERO
        }
    }
}

/// The same means at five scales.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregates {
    /// Over the whole network.
    pub network: Mean,
    /// Over each road, in the network's order.
    pub roads: Vec<Mean>,
    /// Over each category, in increasing order.
    pub categories: Vec<Mean>,
    /// Over each works unit (*secteur, PRD*), by name.
    pub sectors: Vec<Mean>,
    /// Over each municipality, by name and INSEE code; none without their boundaries.
    pub municipalities: Vec<Mean>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_over_nothing_is_rated_over_nothing() {
        let mut mean = Mean {
            name: "D1".into(),
            length: Metres::ZERO,
            rated_length: Metres::ZERO,
            area: SquareMetres::ZERO,
            rated_area: SquareMetres::ZERO,
            ng: None,
            np: None,
            nu: None,
            classes: Vec::new(),
        };
        assert_eq!(mean.rated_share(), Ratio::ZERO);
        mean.area = SquareMetres::of(200.0);
        mean.rated_area = SquareMetres::of(50.0);
        assert_eq!(mean.rated_share(), Ratio::clamped(0.25));
    }
}
