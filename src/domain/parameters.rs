//! Settings of the notes and of ageing: typed, complete, checked on reading.

mod example;

use super::defect::{DefectKind, Severity};
use super::score::Score;
use super::units::{Metres, Ratio};
use std::collections::BTreeMap;

/// Why numbers do not make a curve.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CurveError {
    /// A deduct curve that does not end up rising: more damage would cost less.
    #[error(
        "a = {0}, b = {1}, c = {2} do not rise with the density; expected c > 0, or c = 0 and b > 0"
    )]
    Deduct(f64, f64, f64),
    /// A correction that falls somewhere between 0 and 200 points.
    #[error(
        "p0 = {0}, p1 = {1}, p2 = {2} fall between 0 and 200 points; expected p1 >= 0 and p1 + 400 p2 >= 0"
    )]
    Correction(f64, f64, f64),
}

/// One deduct curve: `DV = clamp(a + b x + c x², 0, 100)`, x the decimal logarithm of a percentage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    a: f64,
    b: f64,
    c: f64,
}

impl Curve {
    /// Logarithm of 100 %: the parabola must have turned upwards by then.
    const WHOLE: f64 = 2.0;

    /// Three coefficients, in deduct points.
    ///
    /// # Errors
    ///
    /// [`CurveError::Deduct`] when the curve does not rise for large densities.
    pub fn new(a: f64, b: f64, c: f64) -> Result<Self, CurveError> {
        let rises = (c > 0.0 && b >= -2.0 * Self::WHOLE * c) || (c == 0.0 && b > 0.0);
        if a.is_finite() && b.is_finite() && c.is_finite() && rises {
            Ok(Self { a, b, c })
        } else {
            Err(CurveError::Deduct(a, b, c))
        }
    }

    /// Deduct points at a logarithm of density.
    #[must_use]
    pub fn at(self, x: f64) -> f64 {
        (self.a + self.b * x + self.c * x * x).clamp(0.0, 100.0)
    }

    /// a, b and c.
    #[must_use]
    pub const fn coefficients(self) -> (f64, f64, f64) {
        (self.a, self.b, self.c)
    }
}

/// Joint cost of the q gravest defects: `CDV = clamp(p0 + p1 T + p2 T², 0, 100)`, T at most 200.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correction {
    p0: f64,
    p1: f64,
    p2: f64,
}

impl Correction {
    /// Largest total that the parabola is asked about. Source: the abscissa of the chart of
    /// ASTM D6433, figure X3.27 (DOMAIN.md section 4.1).
    pub const MOST: f64 = 200.0;

    /// Three coefficients, in deduct points.
    ///
    /// # Errors
    ///
    /// [`CurveError::Correction`] when a larger total could cost less.
    pub fn new(p0: f64, p1: f64, p2: f64) -> Result<Self, CurveError> {
        let rises = p1 >= 0.0 && p1 + 2.0 * p2 * Self::MOST >= 0.0;
        if p0.is_finite() && p1.is_finite() && p2.is_finite() && rises {
            Ok(Self { p0, p1, p2 })
        } else {
            Err(CurveError::Correction(p0, p1, p2))
        }
    }

    /// The corrected cost of a total.
    #[must_use]
    pub fn of(self, total: f64) -> f64 {
        let t = total.min(Self::MOST);
        (self.p0 + self.p1 * t + self.p2 * t * t).clamp(0.0, 100.0)
    }
}

/// How many defects at most are charged in full. Source: the curves q = 1 to 7 of ASTM D6433.
pub const MOST_CHARGED: usize = 7;

/// A curve for every kind and severity.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves([[Curve; Severity::ALL.len()]; DefectKind::ALL.len()]);

impl Curves {
    /// Asks for each curve in turn.
    #[must_use]
    pub fn from_fn(mut curve: impl FnMut(DefectKind, Severity) -> Curve) -> Self {
        Self(std::array::from_fn(|kind| {
            std::array::from_fn(|severity| curve(DefectKind::ALL[kind], Severity::ALL[severity]))
        }))
    }

    /// The curve of a kind and severity.
    #[must_use]
    pub const fn of(&self, kind: DefectKind, severity: Severity) -> Curve {
        self.0[kind as usize][severity as usize]
    }
}

/// Where the sections of a road are counted from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SectionOrigin {
    /// The start of the road: sections end at round cumuls.
    #[default]
    Cumul,
    /// Each PR: sections end at round abscisses, and at every PR.
    Pr,
}

/// At which boundaries sections end, wherever else they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SectionCuts {
    /// Where a road passes from one municipality into another.
    pub municipalities: bool,
    /// Where it passes from one sector into another.
    pub sectors: bool,
}

/// How alike the metres of a stretch are that works are designed on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homogeneity {
    /// Shortest stretch; breaks nearer than this are one.
    pub least_length: Metres,
    /// What a break must save, in variances of the noise for each unit of the logarithm of the number of
    /// cells: the more, the fewer stretches.
    pub penalty: f64,
    /// Least standard deviation of the noise of a cell, in points of note.
    pub least_noise: f64,
}

/// What each defect costs, and how costs combine: DOMAIN.md section 4.1.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoringGrid {
    /// A curve for each kind and severity.
    pub curves: Curves,
    /// Corrected deduct for q = 1 to 7.
    pub corrections: [Correction; MOST_CHARGED],
    /// κ: points out of 20 lost for 100 corrected deduct points, over 20.
    pub kappa: f64,
    /// A section seen on less than this share has no note.
    pub least_coverage: Ratio,
    /// Length of a section.
    pub section_pitch: Metres,
    /// Where sections are counted from.
    pub section_origin: SectionOrigin,
    /// At which boundaries they end.
    pub section_cuts: SectionCuts,
    /// How alike the metres of a homogeneous stretch are.
    pub homogeneity: Homogeneity,
    /// Bounds of the classes.
    pub classes: NoteClasses,
    /// How far notes may be from the truth.
    pub doubt: Doubt,
}

/// What is known of the errors of a survey, for the intervals of notes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Doubt {
    /// Probability that the true note lies within, 0 to 1.
    pub level: f64,
    /// Draws of the Monte Carlo.
    pub draws: usize,
    /// Standard deviation of the logarithm of true over measured extents of cracks.
    pub crack_sd: f64,
    /// The same of the number of potholes.
    pub pothole_sd: f64,
    /// Mean length of cracks missed, metres per 100 m² of lane.
    pub missed_cracks: f64,
    /// Mean number of potholes missed per 100 m² of lane.
    pub missed_potholes: f64,
    /// Standard deviation of the logarithm of the extents of what nobody saw, over those seen.
    pub unseen_sd: f64,
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
    /// Rank of the class of a note: the first whose bound it reaches, else the last.
    ///
    /// # Panics
    ///
    /// When there is no class, which the configuration refuses.
    #[must_use]
    pub fn rank_of(&self, note: Score) -> usize {
        let last = self.0.len().checked_sub(1).expect("at least one class");
        self.0.iter().position(|it| note >= it.from).unwrap_or(last)
    }

    /// The class of a note: the first whose bound it reaches, else the last.
    ///
    /// # Panics
    ///
    /// When there is no class, which the configuration refuses.
    #[must_use]
    pub fn of(&self, note: Score) -> &NoteClass {
        &self.0[self.rank_of(note)]
    }

    /// Share of the area in each class, in the classes' order; empty when there is no area.
    #[must_use]
    pub fn shares(&self, notes: impl Iterator<Item = (Score, f64)>) -> Vec<Ratio> {
        let mut areas = vec![0.0; self.0.len()];
        for (note, area) in notes {
            areas[self.rank_of(note)] += area;
        }
        let whole: f64 = areas.iter().sum();
        if whole > 0.0 {
            areas.iter().map(|it| Ratio::clamped(it / whole)).collect()
        } else {
            Vec::new()
        }
    }
}

/// How a surface ages: yearly `D += λ (1 + β D)`, D = 20 - NG: DOMAIN.md section 5.
#[derive(Clone, Debug, PartialEq)]
pub struct AgeingLaw {
    /// λ of a surface never renewed within the programme, points a year.
    pub lambda_old: f64,
    /// λ once renewed, points a year.
    pub lambda_renewed: f64,
    /// β, per point.
    pub beta: f64,
    /// λ is multiplied by this in a road category; 1 in those that are not named.
    pub category_factors: BTreeMap<u8, f64>,
}

impl AgeingLaw {
    /// λ of a surface, points a year.
    #[must_use]
    pub fn lambda(&self, category: u8, renewed: bool) -> f64 {
        let base = if renewed { self.lambda_renewed } else { self.lambda_old };
        base * self.category_factors.get(&category).copied().unwrap_or(1.0)
    }
}

/// The years that a programme covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanYears {
    /// First year of works.
    pub first_year: i32,
    /// How many years.
    pub horizon: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_that_falls_for_good_is_refused() {
        assert!(Curve::new(1.0, 2.0, -0.1).is_err());
        assert!(Curve::new(1.0, 0.0, 0.0).is_err());
        assert!(Curve::new(1.0, -23.5, 0.01).is_err());
        assert!(Curve::new(f64::NAN, 1.0, 1.0).is_err());
        assert!(Curve::new(-0.9, 1.4, 4.2).is_ok());
        assert!(Correction::new(0.0, 0.5, -0.002).is_err());
        assert!((Correction::new(0.0, 1.0, 0.0).unwrap().of(250.0) - 100.0).abs() < 1e-12);
    }

    #[test]
    fn every_curve_is_found_where_it_was_put() {
        let curves = Curves::from_fn(|kind, severity| {
            Curve::new(f64::from(kind as u8), 1.0, f64::from(severity as u8)).unwrap()
        });
        for kind in DefectKind::ALL {
            for severity in Severity::ALL {
                let found = curves.of(*kind, *severity).coefficients();
                assert_eq!(found, (f64::from(*kind as u8), 1.0, f64::from(*severity as u8)));
            }
        }
    }

    #[test]
    fn a_category_without_a_factor_ages_like_the_rest() {
        let law = AgeingLaw {
            lambda_old: 0.1,
            lambda_renewed: 0.2,
            beta: 0.3,
            category_factors: BTreeMap::from([(1, 1.5)]),
        };
        assert!((law.lambda(2, true) - 0.2).abs() < 1e-12);
        assert!((law.lambda(1, false) - 0.15).abs() < 1e-12);
    }

    #[test]
    fn a_note_on_the_bound_is_in_the_better_class() {
        let class = |name: &str, from| NoteClass {
            name: name.into(),
            from: Score::clamped(from),
            colour: "#000000".into(),
        };
        let classes = NoteClasses(vec![class("A", 18.0), class("B", 12.0), class("C", 5.0)]);
        for (note, want) in [(20.0, "A"), (18.0, "A"), (17.99, "B"), (5.0, "C"), (0.0, "C")] {
            assert_eq!(classes.of(Score::clamped(note)).name, want, "{note}");
        }
        let shares = classes.shares([(Score::BEST, 1.0), (Score::WORST, 3.0)].into_iter());
        assert_eq!(shares, [0.25, 0.0, 0.75].map(Ratio::clamped));
        assert!(classes.shares(std::iter::empty()).is_empty());
    }
}
