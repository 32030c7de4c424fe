//! What a programme leaves behind it, year by year, beyond its notes.

use super::catalogue::TreatmentKind;
use super::programme::Envelopes;
use super::score::Score;
use super::units::{Euros, Metres, SquareMetres};

/// Works of one treatment in one year.
#[derive(Clone, Debug, PartialEq)]
pub struct TreatmentYear {
    /// Name of the treatment in the catalogue.
    pub treatment: String,
    /// Its trade.
    pub kind: TreatmentKind,
    /// Length of the sections treated.
    pub length: Metres,
    /// Area treated.
    pub area: SquareMetres,
    /// Cost, sites included.
    pub cost: Euros,
}

/// Greenhouse gases of works.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Emissions {
    /// Of the works whose emissions the catalogue gives, in kg of CO2 equivalent.
    pub known_kg: f64,
    /// Area of the works whose emissions it does not: where there is any, all works emit more than is known.
    pub unknown: SquareMetres,
}

impl Emissions {
    /// Of two lots of works together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { known_kg: self.known_kg + other.known_kg, unknown: self.unknown + other.unknown }
    }

    /// Whether those of every square metre treated are known.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.unknown.get() <= 0.0
    }
}

/// The network at the end of one year, beyond its note.
#[derive(Clone, Debug, PartialEq)]
pub struct YearOutlook {
    /// Which year; the state before the first counts as the year before it.
    pub year: i32,
    /// Backlog: what it would cost, at the prices of the year, to give every section whose works wait the most
    /// suitable ones. By the envelope that would pay, without the fixed costs of sites.
    pub backlog: Envelopes,
    /// What the pavements are still worth.
    ///
    /// # Source
    ///
    /// Chosen: [`Outlook::replacement`] in proportion to the note of each section over 20, at the prices of
    /// the first year: what is lost is condition, never inflation.
    pub value: Euros,
    /// Mean note of each works unit, in the order of [`Outlook::sectors`], weighted by area.
    pub sectors: Vec<Score>,
    /// Works of the year by treatment, in the order of the catalogue.
    pub treatments: Vec<TreatmentYear>,
    /// What they emitted.
    pub emissions: Emissions,
}

impl YearOutlook {
    /// Points of note between the best works unit and the worst; nothing where there is but one.
    #[must_use]
    pub fn spread(&self) -> Option<f64> {
        let points = || self.sectors.iter().map(|it| it.points());
        let (low, high) = (points().reduce(f64::min)?, points().reduce(f64::max)?);
        (self.sectors.len() > 1).then_some(high - low)
    }
}

/// What a programme leaves behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// What it would cost to build the surface of every section anew, at the prices of the first year: its
    /// area by the dearest renewal that the catalogue has for its category, whatever its state.
    pub replacement: Euros,
    /// Works units, by name.
    pub sectors: Vec<String>,
    /// The start, then the end of each year.
    pub years: Vec<YearOutlook>,
}

impl Outlook {
    /// What all works emitted.
    #[must_use]
    pub fn emissions(&self) -> Emissions {
        self.years.iter().fold(Emissions::default(), |all, it| all.and(it.emissions))
    }

    /// The state at the end of a year.
    #[must_use]
    pub fn of(&self, year: i32) -> Option<&YearOutlook> {
        self.years.iter().find(|it| it.year == year)
    }

    /// The state after the last year.
    #[must_use]
    pub fn last(&self) -> Option<&YearOutlook> {
        self.years.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_works_unit_has_no_spread_and_several_the_widest() {
        let year = |notes: &[f64]| YearOutlook {
            year: 2026,
            backlog: Envelopes::default(),
            value: Euros::ZERO,
            sectors: notes.iter().map(|it| Score::clamped(*it)).collect(),
            treatments: vec![],
            emissions: Emissions::default(),
        };
        assert_eq!(year(&[]).spread(), None);
        assert_eq!(year(&[12.0]).spread(), None);
        assert_eq!(year(&[12.0, 18.5, 15.0]).spread(), Some(6.5));
    }
}
