//! How far the note of a section can be from the truth: a seeded Monte Carlo over what was measured,
//! what was missed, the camera and what nobody saw.

use super::draws::{Draws, log_normal};
use super::rate::rate;
use crate::domain::{
    Defect, DefectKind, Doubt, Extent, Metres, NoteInterval, Score, ScoringGrid, SectionDistress,
    Severity, SquareMetres,
};

/// Part of the spread of measured extents that all cracks of a section share; the rest is each kind's
/// own.
///
/// Chosen: half; what makes cracks hard to see on a road (its grain, its light) is common to all.
const SHARED: f64 = 0.5;

/// The interval in which the true *note globale* lies, at the level of the settings.
///
/// Each draw multiplies the extents of cracks and the expected number of potholes by log-normal errors,
/// adds what may have been missed, scales by the camera's error, gives the part that nobody saw a state
/// of its own, and rates the section again. The interval goes from one quantile of the draws to the
/// other, and always holds the note itself. Draws depend on the section's name alone: the same section
/// has the same interval in any run.
///
/// # Units
///
/// Points out of 20.
#[must_use]
pub fn interval(
    distress: &SectionDistress,
    note: Score,
    grid: &ScoringGrid,
    doubt: &Doubt,
) -> NoteInterval {
    let mut draws = Draws::seeded(distress.section.id.as_str().as_bytes());
    let mut points: Vec<f64> = (0..doubt.draws.max(1))
        .map(|_| rate(&drawn(distress, doubt, &mut draws), distress.observed, grid).ng.points())
        .collect();
    points.sort_by(f64::total_cmp);
    let tail = (1.0 - doubt.level) / 2.0;
    let low = Score::clamped(quantile(&points, tail).min(note.points()));
    let high = Score::clamped(quantile(&points, 1.0 - tail).max(note.points()));
    NoteInterval { low, high }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn quantile(sorted: &[f64], at: f64) -> f64 {
    let place = at.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let part = place - place.floor();
    sorted[below] * (1.0 - part) + sorted[above] * part
}

/// The section as it may truly be.
fn drawn(distress: &SectionDistress, doubt: &Doubt, draws: &mut Draws) -> Vec<Defect> {
    let hundreds = distress.observed.get() / 100.0;
    let scale = (distress.geometry * draws.normal()).exp();
    let shared = draws.normal() * SHARED.sqrt();
    let mut own = [0.0; DefectKind::ALL.len()];
    for it in &mut own {
        *it = shared + draws.normal() * (1.0 - SHARED).sqrt();
    }
    // What nobody saw is like the rest, give or take.
    let unseen = 1.0 - distress.coverage.valid.get();
    let whole = (1.0 - unseen) + unseen * draws.log_normal(doubt.unseen_sd);
    let mut found = Vec::with_capacity(distress.defects.len() + 2);
    let mut holes = 0.0;
    for it in &distress.defects {
        match it.extent {
            Extent::Count(count, _) => holes += count,
            Extent::Length(_) => {
                let by = log_normal(doubt.crack_sd, own[it.kind as usize]) * scale * whole;
                found.push(Defect { extent: it.extent.times(by), ..*it });
            }
            Extent::Area(_) => {
                let by = log_normal(doubt.crack_sd, own[it.kind as usize]) * scale.powi(2) * whole;
                found.push(Defect { extent: it.extent.times(by), ..*it });
            }
        }
    }
    let missed = draws.exponential(doubt.missed_cracks * hundreds);
    found.push(Defect {
        kind: DefectKind::LongitudinalCracking,
        severity: Severity::Medium,
        extent: Extent::Length(Metres::of(missed)),
    });
    let measured = holes * draws.log_normal(doubt.pothole_sd) * whole;
    let hidden = draws.exponential(doubt.missed_potholes * hundreds);
    let count = draws.poisson(measured + hidden);
    potholes(distress, measured, hidden, count, &mut found);
    found
}

/// Shares drawn potholes out over the severities that were measured; those missed are of medium one.
fn potholes(
    distress: &SectionDistress,
    measured: f64,
    hidden: f64,
    count: f64,
    found: &mut Vec<Defect>,
) {
    let all = measured + hidden;
    if count <= 0.0 || all <= 0.0 {
        return;
    }
    let seen: f64 = distress
        .defects
        .iter()
        .map(|it| if let Extent::Count(n, _) = it.extent { n } else { 0.0 })
        .sum();
    for it in &distress.defects {
        if let Extent::Count(n, _) = it.extent
            && seen > 0.0
        {
            let by = count * (measured / all) / seen;
            found.push(Defect { extent: it.extent.times(by), ..*it });
            debug_assert!(n >= 0.0);
        }
    }
    found.push(Defect {
        kind: DefectKind::Pothole,
        severity: Severity::Medium,
        extent: Extent::Count(count * hidden / all, SquareMetres::ZERO),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Coverage, Ratio, Section, SectionId};
    use proptest::prelude::*;

    const DOUBT: Doubt = Doubt {
        level: 0.9,
        draws: 200,
        crack_sd: 0.6,
        pothole_sd: 0.6,
        missed_cracks: 1.0,
        missed_potholes: 0.1,
        unseen_sd: 0.7,
    };

    fn section(mesh: f64, holes: f64, valid: f64, geometry: f64) -> SectionDistress {
        let defect = |kind, extent| Defect { kind, severity: Severity::Medium, extent };
        SectionDistress {
            section: Section {
                id: SectionId::from_text("D1-U-000000"),
                road: 0,
                from: Metres::ZERO,
                to: Metres::of(200.0),
                width: Metres::of(6.0),
            },
            defects: vec![
                defect(DefectKind::AlligatorCracking, Extent::Area(SquareMetres::of(mesh))),
                defect(DefectKind::Pothole, Extent::Count(holes, SquareMetres::of(0.3 * holes))),
            ],
            observed: SquareMetres::of(600.0),
            coverage: Coverage { valid: Ratio::clamped(valid), invalid: Ratio::ZERO },
            geometry,
            refused: vec![],
            drives: None,
        }
    }

    fn of(distress: &SectionDistress) -> (f64, NoteInterval) {
        let grid = ScoringGrid::example();
        let note = rate(&distress.defects, distress.observed, &grid).ng;
        (note.points(), interval(distress, note, &grid, &DOUBT))
    }

    #[test]
    fn the_same_section_has_the_same_interval() {
        let one = section(20.0, 1.0, 0.9, 0.05);
        assert_eq!(of(&one).1, of(&one.clone()).1);
    }

    #[test]
    fn less_seen_or_a_worse_camera_is_a_wider_interval() {
        let wide = |it: &SectionDistress| {
            let it = of(it).1;
            it.high.points() - it.low.points()
        };
        let sure = section(20.0, 0.0, 1.0, 0.0);
        assert!(wide(&section(20.0, 0.0, 0.5, 0.0)) > wide(&sure));
        assert!(wide(&section(20.0, 0.0, 1.0, 0.3)) > wide(&sure));
    }

    #[test]
    fn a_section_without_a_defect_may_hide_some() {
        let (note, interval) = of(&section(0.0, 0.0, 1.0, 0.02));
        assert!((note - 20.0).abs() < 1e-9);
        assert!(interval.low.points() < 19.0 && interval.high == Score::BEST, "{interval:?}");
    }

    #[test]
    fn a_truth_drawn_from_the_model_lies_within_as_often_as_said() {
        let grid = ScoringGrid::example();
        let one = section(12.0, 1.0, 0.8, 0.05);
        let (_, interval) = of(&one);
        let mut draws = Draws::seeded(b"another seed");
        let inside = (0..1000)
            .filter(|_| {
                let truth = drawn(&one, &DOUBT, &mut draws);
                let note = rate(&truth, one.observed, &grid).ng;
                interval.low <= note && note <= interval.high
            })
            .count();
        assert!((850..=950).contains(&inside), "{inside} of 1000");
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_note(mesh in 0.0..300.0_f64, holes in 0.0..9.0_f64, valid in 0.3..1.0_f64) {
            let (note, interval) = of(&section(mesh, holes, valid, 0.05));
            prop_assert!(interval.low.points() <= note + 1e-9 && note <= interval.high.points() + 1e-9);
        }
    }
}
