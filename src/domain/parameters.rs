//! Settings of the notes, of ageing and of works: typed, complete, checked on reading.

use super::defect::{DefectKind, Severity};
use super::score::Score;
use super::units::{Euros, Metres, Ratio};
use std::collections::BTreeMap;

/// One deduct curve: `DV = clamp(a + b x + c x², 0, 100)`, x the decimal logarithm of a percentage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Constant term, deduct points.
    pub a: f64,
    /// Linear term.
    pub b: f64,
    /// Quadratic term.
    pub c: f64,
}

/// What each defect costs, and how costs combine: DOMAIN.md section 4.1.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoringGrid {
    /// A curve for each kind and severity.
    pub curves: BTreeMap<(DefectKind, Severity), Curve>,
    /// Corrected deduct: p0, p1, p2 for q = 1 to 7.
    pub corrections: [[f64; 3]; 7],
    /// κ: points out of 20 lost for 100 corrected deduct points, over 20.
    pub kappa: f64,
    /// A section seen on less than this share has no note.
    pub least_coverage: Ratio,
    /// Length of a section.
    pub section_pitch: Metres,
    /// Bounds of the classes.
    pub classes: NoteClasses,
}

/// Bounds of the classes of notes, best first.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteClasses(pub Vec<NoteClass>);

/// One class: its name and the lowest note in it.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteClass {
    /// A to E by default.
    pub name: String,
    /// Lowest note of the class.
    pub from: Score,
    /// Colour on maps, `#rrggbb`.
    pub colour: String,
}

impl NoteClasses {
    /// The class of a note: the first whose bound it reaches, else the last.
    ///
    /// # Panics
    ///
    /// When there is no class, which the configuration refuses.
    #[must_use]
    pub fn of(&self, note: Score) -> &NoteClass {
        let reached = self.0.iter().find(|it| note >= it.from);
        reached.unwrap_or_else(|| self.0.last().expect("at least one class"))
    }
}

/// How a surface ages: yearly `D += λ (1 + β D)`, D = 20 - NG: DOMAIN.md section 5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgeingLaw {
    /// λ of a surface never renewed within the programme, points a year.
    pub lambda_old: f64,
    /// λ once renewed, points a year.
    pub lambda_renewed: f64,
    /// β, per point.
    pub beta: f64,
}

/// Which of the two yearly envelopes pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Envelope {
    /// *Investissement*: renewals.
    Investment,
    /// *Fonctionnement*: upkeep.
    Maintenance,
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

/// One line of the catalogue: DOMAIN.md section 6.
#[derive(Clone, Debug, PartialEq)]
pub struct Treatment {
    /// Name, as in the catalogue file.
    pub name: String,
    /// Trade.
    pub kind: TreatmentKind,
    /// Who pays.
    pub envelope: Envelope,
    /// Price of a square metre.
    pub price_per_m2: Euros,
    /// Applies to notes from this one...
    pub note_from: Score,
    /// ...up to this one.
    pub note_to: Score,
    /// Applies to these road categories; empty for all.
    pub categories: Vec<u8>,
    /// D after the works, as a share of D before (0 renews wholly).
    pub keeps: Ratio,
    /// Points of D that remain after a renewal.
    pub leaves: f64,
    /// Whether ageing then follows the renewed law.
    pub renews: bool,
    /// λ is multiplied by this afterwards.
    pub slows: f64,
    /// Years before the same section may be treated again.
    pub rest_years: u32,
}

/// Every treatment on offer, in file order.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// The lines.
    pub treatments: Vec<Treatment>,
}
