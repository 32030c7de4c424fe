//! Works on offer: what they cost, when they suit, what they do.

use super::defect::{DefectKind, Severity};
use super::places::Places;
use super::score::Score;
use super::units::{Euros, Ratio, SquareMetres};

/// Which of the two yearly envelopes pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Envelope {
    /// *Investissement*: renewals.
    Investment,
    /// *Fonctionnement*: upkeep.
    Maintenance,
}

impl Envelope {
    /// The word used in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Investment => "investment",
            Self::Maintenance => "maintenance",
        }
    }
}

/// Works on a section, by trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TreatmentKind {
    /// *Pontage de fissures*.
    CrackSealing,
    /// *Point à temps automatique, purges*.
    Patching,
    /// *Enduit superficiel d'usure*.
    SurfaceDressing,
    /// *Enrobé coulé à froid, BBTM, BBM*.
    ThinOverlay,
    /// *Rabotage et BBSG*.
    MillAndInlay,
    /// *Grave-bitume et BBSG*.
    StructuralOverlay,
    /// *Retraitement et couche de roulement*.
    Reconstruction,
}

impl TreatmentKind {
    /// Every one, lightest first.
    pub const ALL: [Self; 7] = [
        Self::CrackSealing,
        Self::Patching,
        Self::SurfaceDressing,
        Self::ThinOverlay,
        Self::MillAndInlay,
        Self::StructuralOverlay,
        Self::Reconstruction,
    ];

    /// The word used in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::CrackSealing => "crack_sealing",
            Self::Patching => "patching",
            Self::SurfaceDressing => "surface_dressing",
            Self::ThinOverlay => "thin_overlay",
            Self::MillAndInlay => "mill_and_inlay",
            Self::StructuralOverlay => "structural_overlay",
            Self::Reconstruction => "reconstruction",
        }
    }
}

/// Defects counted together, and the share of the surface they may cover.
///
/// The shares are those of the survey: in a simulation works clear them, but nothing makes them
/// grow, because only the note has an ageing law. A bound with a lower limit is unmet where the
/// defects are unknown; one with an upper limit alone is met.
#[derive(Clone, Debug, PartialEq)]
pub struct DefectBound {
    /// Which kinds.
    pub kinds: Vec<DefectKind>,
    /// Which severities.
    pub severities: Vec<Severity>,
    /// Least joint share.
    pub at_least: Ratio,
    /// Greatest joint share.
    pub at_most: Ratio,
}

impl DefectBound {
    /// Every kind and severity that it counts.
    pub fn pairs(&self) -> impl Iterator<Item = (DefectKind, Severity)> + '_ {
        let of =
            |kind: &DefectKind| self.severities.iter().map(|it| (*kind, *it)).collect::<Vec<_>>();
        self.kinds.iter().flat_map(of)
    }

    /// Whether a defect is counted.
    #[must_use]
    pub fn counts(&self, kind: DefectKind, severity: Severity) -> bool {
        self.kinds.contains(&kind) && self.severities.contains(&severity)
    }
}

/// When a treatment suits a section: every condition must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// Lowest note, included.
    pub note_from: Score,
    /// Highest note, included.
    pub note_to: Score,
    /// These road categories; empty for all.
    pub categories: Vec<u8>,
    /// These municipalities and sectors.
    pub places: Places,
    /// Conditions on the defects seen.
    pub defects: Vec<DefectBound>,
}

impl Trigger {
    /// Whether works may be done on roads of a category that lie in these places, whatever their condition.
    #[must_use]
    pub fn allows(&self, category: u8, lies_in: &[String]) -> bool {
        (self.categories.is_empty() || self.categories.contains(&category))
            && self.places.allow(lies_in)
    }
}

/// What the price multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PricedOn {
    /// The whole section.
    Section,
    /// Only the surface of the defects that the trigger's first bound counts, which the works clear.
    Defects,
}

/// What becomes of D = 20 - NG.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// A new surface: D falls to this many points, every defect is cleared, the renewed λ follows.
    Renews {
        /// Points of D that remain; a section already better keeps its note.
        leaves: f64,
    },
    /// Upkeep: this share of D remains, the surface stays what it was.
    Lessens {
        /// D after, as a share of D before.
        keeps: Ratio,
    },
}

/// One line of the catalogue: DOMAIN.md section 6.
#[derive(Clone, Debug, PartialEq)]
pub struct Treatment {
    /// Name, as in the catalogue file; no two lines share it.
    pub name: String,
    /// Trade.
    pub kind: TreatmentKind,
    /// Who pays.
    pub envelope: Envelope,
    /// Price of a square metre.
    pub price_per_m2: Euros,
    /// Square metres of what.
    pub priced_on: PricedOn,
    /// What a square metre emits until it is laid, in kg of CO2 equivalent; none where nobody said.
    pub co2_kg_per_m2: Option<f64>,
    /// When it suits.
    pub trigger: Trigger,
    /// What it does to the note.
    pub effect: Effect,
    /// λ is multiplied by this: until the next renewal after a renewal, for the years of rest after
    /// upkeep.
    pub slows: f64,
    /// For so many years the section gets no further upkeep and, after a renewal, no works at all.
    pub rest_years: u32,
}

impl Treatment {
    /// The defects whose surface alone it treats and is paid for; none when it treats the whole section.
    #[must_use]
    pub fn priced_by(&self) -> Option<&DefectBound> {
        match self.priced_on {
            PricedOn::Defects => self.trigger.defects.first(),
            PricedOn::Section => None,
        }
    }

    /// What so much of it emits, in whole grams of CO2 equivalent; none where nobody said.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "emissions stay far below 2^63 grams")]
    pub fn co2_g(&self, area: SquareMetres) -> Option<i64> {
        self.co2_kg_per_m2.map(|kg| (1000.0 * kg * area.get()).round() as i64)
    }
}

/// Every treatment on offer, most suitable first: the first line whose trigger holds is taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// The lines, in file order.
    pub treatments: Vec<Treatment>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_counts_only_its_kinds_and_severities() {
        let bound = DefectBound {
            kinds: vec![DefectKind::AlligatorCracking],
            severities: vec![Severity::High],
            at_least: Ratio::ZERO,
            at_most: Ratio::ONE,
        };
        assert!(bound.counts(DefectKind::AlligatorCracking, Severity::High));
        assert!(!bound.counts(DefectKind::AlligatorCracking, Severity::Low));
        assert!(!bound.counts(DefectKind::Depression, Severity::High));
    }

    #[test]
    fn trades_have_words_of_their_own() {
        let words: std::collections::BTreeSet<_> =
            TreatmentKind::ALL.iter().map(|it| it.word()).collect();
        assert_eq!(words.len(), TreatmentKind::ALL.len());
    }
}
