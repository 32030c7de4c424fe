//! Notes out of 20: of defects over an area, of a section.

use super::combine::combine;
use super::deduct::deduct;
use super::doubt::interval;
use super::measure::density;
use crate::domain::{
    Defect, DefectKind, Family, Notes, Rating, Score, ScoringGrid, SectionDistress, SectionRating,
    Severity, SquareMetres, Unrated,
};

/// Rates the defects seen over an area.
///
/// Extents of one kind and severity are added before the curve is asked. No entry raises a note;
/// their order matters only to rounding; half the defects over half the area have the same notes.
///
/// # Panics
///
/// When nothing was observed: what nobody saw has no note, and [`rate_section`] says so.
///
/// # Source
///
/// DOMAIN.md section 4.1: `NG = 20 (1 - κ CDV / 100)`; NP over structural kinds, NU over the rest.
///
/// # Example
///
/// ```
/// # use voirie::domain::{Defect, DefectKind, Extent, ScoringGrid, Severity, SquareMetres};
/// # use voirie::scoring::rate;
/// let mesh = Defect {
///     kind: DefectKind::AlligatorCracking,
///     severity: Severity::Medium,
///     extent: Extent::Area(SquareMetres::of(60.0)),
/// };
/// let notes = rate(&[mesh], SquareMetres::of(600.0), &ScoringGrid::example());
/// assert_eq!(notes.ng.to_string(), "10.9");
/// assert_eq!(notes.nu.to_string(), "20.0");
/// ```
#[must_use]
pub fn rate(defects: &[Defect], observed: SquareMetres, grid: &ScoringGrid) -> Notes {
    assert!(observed.get() > 0.0, "only what was observed can be rated, not {observed}");
    let mut densities = [[0.0; Severity::ALL.len()]; DefectKind::ALL.len()];
    for Defect { kind, severity, extent } in defects {
        densities[*kind as usize][*severity as usize] += density(*kind, *extent, observed);
    }
    let (mut structural, mut surface) = (Vec::new(), Vec::new());
    for kind in DefectKind::ALL.iter().copied() {
        for severity in Severity::ALL.iter().copied() {
            let e = densities[kind as usize][severity as usize];
            let cost = deduct(kind, grid.curves.of(kind, severity), e);
            if cost > 0.0 {
                match kind.family() {
                    Family::Structural => structural.push(cost),
                    Family::Surface => surface.push(cost),
                }
            }
        }
    }
    let mut all = [structural.as_slice(), surface.as_slice()].concat();
    let note = |deducts: &mut [f64]| {
        let lost = grid.kappa * combine(deducts, &grid.corrections) / 100.0;
        Score::clamped(Score::BEST.points() * (1.0 - lost))
    };
    Notes { ng: note(&mut all), np: note(&mut structural), nu: note(&mut surface) }
}

/// Rates a section, or says why it has no note.
#[must_use]
pub fn rate_section(distress: SectionDistress, grid: &ScoringGrid) -> SectionRating {
    let coverage = distress.coverage;
    let seen = distress.observed.get() > 0.0 && coverage.valid.get() > 0.0;
    let reason = if !seen && coverage.invalid.get() <= 0.0 && distress.refused.is_empty() {
        Some(Unrated::NotFilmed)
    } else if !seen {
        Some(Unrated::NoValidFrame)
    } else if coverage.valid < grid.least_coverage {
        Some(Unrated::TooLittleCoverage)
    } else {
        None
    };
    let rating = if let Some(reason) = reason {
        Rating::Unrated { reason, coverage }
    } else {
        let notes = rate(&distress.defects, distress.observed, grid);
        let interval = interval(&distress, notes.ng, grid, &grid.doubt);
        Rating::Rated { notes, interval, coverage }
    };
    SectionRating { distress, rating }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Coverage, Extent, Metres, Ratio, Refusal, Section, SectionId, Validity};
    use proptest::prelude::*;

    const SEEN: f64 = 600.0;

    fn defect(kind: DefectKind, severity: Severity, extent: Extent) -> Defect {
        Defect { kind, severity, extent }
    }

    fn mesh(percent: f64) -> Defect {
        let area = Extent::Area(SquareMetres::of(percent / 100.0 * SEEN));
        defect(DefectKind::AlligatorCracking, Severity::Medium, area)
    }

    fn notes(defects: &[Defect]) -> Notes {
        rate(defects, SquareMetres::of(SEEN), &ScoringGrid::example())
    }

    #[test]
    fn a_section_rated_by_hand() {
        // Alligator M on 10 % costs 45.6: NG = 20 x (1 - 0.456) = 10.9.
        let alone = notes(&[mesh(10.0)]);
        assert!((alone.ng.points() - 10.9).abs() < 0.05, "{alone:?}");
        assert_eq!(alone.ng, alone.np);
        // A longitudinal crack M at a converted density of 10 % costs 30.3; T = 75.9, CDV = 55.0.
        let length = Metres::of(0.1 * SEEN / 0.3048);
        let crack =
            defect(DefectKind::LongitudinalCracking, Severity::Medium, Extent::Length(length));
        let both = notes(&[mesh(10.0), crack]);
        assert!((both.ng.points() - 9.0).abs() < 0.05, "{both:?}");
        // Three light potholes leave NU whole: potholes are structural.
        let potholes = Extent::Count(3.0, SquareMetres::of(0.2));
        let holes = notes(&[defect(DefectKind::Pothole, Severity::Low, potholes)]);
        assert_eq!(holes.nu, Score::BEST);
        assert!(holes.np < Score::BEST);
    }

    #[test]
    fn nothing_wrong_is_twenty() {
        let clean = notes(&[]);
        assert_eq!([clean.ng, clean.np, clean.nu], [Score::BEST; 3]);
    }

    #[test]
    fn kappa_softens_the_note() {
        let grid = ScoringGrid { kappa: 0.5, ..ScoringGrid::example() };
        let soft = rate(&[mesh(10.0)], SquareMetres::of(SEEN), &grid);
        assert!((soft.ng.points() - 15.44).abs() < 0.05);
    }

    #[test]
    fn a_section_nobody_saw_well_has_no_note() {
        let rating = |valid: f64, invalid: f64, refused: Vec<Refusal>| {
            let section = Section {
                id: SectionId::from_text("D1-U-000000"),
                road: 0,
                from: Metres::ZERO,
                to: Metres::of(200.0),
                width: Metres::of(6.0),
            };
            let coverage =
                Coverage { valid: Ratio::clamped(valid), invalid: Ratio::clamped(invalid) };
            let observed = SquareMetres::of(valid * SEEN);
            let distress = SectionDistress {
                section,
                defects: vec![mesh(1.0)],
                observed,
                coverage,
                geometry: 0.0,
                refused,
                drives: None,
            };
            rate_section(distress, &ScoringGrid::example()).rating
        };
        let reason = |rating: Rating| match rating {
            Rating::Unrated { reason, .. } => Some(reason),
            Rating::Rated { .. } => None,
        };
        assert_eq!(reason(rating(0.0, 0.0, vec![])), Some(Unrated::NotFilmed));
        let length = Metres::of(40.0);
        let dark = vec![Refusal { reason: Validity::TooDark, n_cells: 7, length }];
        assert_eq!(reason(rating(0.0, 0.2, dark.clone())), Some(Unrated::NoValidFrame));
        assert_eq!(reason(rating(0.49, 0.2, dark)), Some(Unrated::TooLittleCoverage));
        assert_eq!(reason(rating(0.5, 0.0, vec![])), None);
    }

    fn any_defect() -> impl Strategy<Value = Defect> {
        let kind = prop::sample::select(DefectKind::ALL);
        let severity = prop::sample::select(Severity::ALL);
        (kind, severity, 0.0..120.0_f64).prop_map(|(kind, severity, m2)| {
            let area = SquareMetres::of(m2);
            let extent = match kind {
                DefectKind::Pothole if m2 > 30.0 => Extent::Count(4.0, area),
                DefectKind::TransverseCracking => Extent::Length(Metres::of(m2)),
                _ => Extent::Area(area),
            };
            defect(kind, severity, extent)
        })
    }

    proptest! {
        #[test]
        fn one_more_defect_never_raises_a_note(
            defects in prop::collection::vec(any_defect(), 0..12),
            extra in any_defect(),
        ) {
            let before = notes(&defects);
            let after = notes(&[defects, vec![extra]].concat());
            for (was, is) in [(before.ng, after.ng), (before.np, after.np), (before.nu, after.nu)] {
                prop_assert!(is.points() <= was.points() + 1e-9, "{was} became {is}");
            }
        }

        #[test]
        fn the_whole_is_never_better_than_its_parts(defects in prop::collection::vec(any_defect(), 0..12)) {
            let it = notes(&defects);
            prop_assert!(it.ng.points() <= it.np.points().min(it.nu.points()) + 1e-9, "{it:?}");
        }

        #[test]
        fn order_matters_only_to_rounding(defects in prop::collection::vec(any_defect(), 0..12)) {
            let mut reversed = defects.clone();
            reversed.reverse();
            prop_assert!((notes(&defects).ng.points() - notes(&reversed).ng.points()).abs() < 1e-9);
        }

        #[test]
        fn splitting_a_uniform_section_changes_nothing(
            defects in prop::collection::vec(any_defect(), 0..12),
            parts in 2_u32..5,
        ) {
            let share = |it: &Defect| {
                let by = 1.0 / f64::from(parts);
                let extent = match it.extent {
                    Extent::Length(length) => Extent::Length(length * by),
                    Extent::Area(area) => Extent::Area(area * by),
                    // Whole holes: take the part as the section, and the section as its multiple.
                    Extent::Count(n, area) => Extent::Count(n, area),
                };
                defect(it.kind, it.severity, extent)
            };
            let whole: Vec<_> = defects
                .iter()
                .map(|it| match it.extent {
                    Extent::Count(n, area) => {
                        defect(it.kind, it.severity, Extent::Count(n * f64::from(parts), area))
                    }
                    _ => *it,
                })
                .collect();
            let part: Vec<_> = defects.iter().map(share).collect();
            let observed = SquareMetres::of(SEEN / f64::from(parts));
            let split = rate(&part, observed, &ScoringGrid::example());
            prop_assert!((notes(&whole).ng.points() - split.ng.points()).abs() < 1e-9);
        }
    }
}
