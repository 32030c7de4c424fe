//! Many looks at one place, one account of it: means over the looks, the nearer weighing more.

use super::stitch::Piece;
use crate::domain::{DefectKind, Ratio, Seconds};
use std::collections::BTreeSet;

/// A defect less likely than this is left out.
///
/// Chosen: one in five is what a far frame alone says of what the nearer ones do not show.
pub const LEAST_BELIEF: f64 = 0.2;

/// Seconds of a day.
///
/// Source: by definition.
const DAY_S: f64 = 86_400.0;

/// Weight of a look at the end of the window, that of the newest being one.
///
/// Chosen: half, as one look older than another by the whole window is worth one of two.
const OLDEST: f64 = 0.5;

/// How much a look counts: the nearer and the newer, the more; nothing once out of the window.
///
/// A cell of the model is longer along the road with the square of its distance: so is what it cannot
/// tell apart.
///
/// # Source
///
/// Newer drives weigh more, over the window before the newest: Vaisala `RoadAI`, user guide.
#[must_use]
pub fn weight(distance: f64, age: Seconds, window_days: f64) -> f64 {
    let part = age.get().max(0.0) / DAY_S / window_days;
    let fresh = if part > 1.0 { 0.0 } else { 1.0 - (1.0 - OLDEST) * part };
    fresh / distance.max(1.0).powi(2)
}

/// Silence between two looks at one place that makes two drives of them, in seconds.
///
/// Chosen: a halt at lights is shorter, and nobody is back on the same five metres, the same way, sooner.
/// Ten minutes would make one drive of two rounds of a block.
const BETWEEN_DRIVES_S: f64 = 300.0;

/// In how many drives a place was seen, looks out of the window aside, and when last.
#[must_use]
pub fn drives(views: &[View], window_days: f64) -> (u32, Option<Seconds>) {
    let mut times: Vec<f64> = views.iter().map(|it| it.time.get()).collect();
    times.sort_by(f64::total_cmp);
    let Some(newest) = times.last().copied() else { return (0, None) };
    times.retain(|it| newest - it <= window_days * DAY_S);
    let n_halts = times.windows(2).filter(|it| it[1] - it[0] > BETWEEN_DRIVES_S).count();
    (u32::try_from(n_halts + 1).unwrap_or(u32::MAX), Some(Seconds::of(newest)))
}

/// What one frame shows of a cell of road.
#[derive(Clone, Debug)]
pub struct View {
    /// Metres from the camera to the middle of the cell.
    pub distance: f64,
    /// When it was taken.
    pub time: Seconds,
    /// What is in the cell.
    pub pieces: Vec<Piece>,
}

impl View {
    fn expected(&self, kind: DefectKind) -> f64 {
        let mine = self.pieces.iter().filter(|it| it.kind == kind);
        mine.map(|it| it.defect.extent.area().get() * it.confidence.get()).sum()
    }
}

/// One account of a cell: of each kind, the pieces of the view that shows most of it, so likely that
/// what is expected of them is the weighted mean over all views.
///
/// A mean does not grow with the number of looks, as the highest would, and a view that shows nothing
/// takes off its part: what one far frame alone shows weighs little.
#[must_use]
pub fn fuse(views: &[View], window_days: f64) -> Vec<Piece> {
    let newest = views.iter().map(|it| it.time.get()).fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = views
        .iter()
        .map(|it| weight(it.distance, Seconds::of(newest) - it.time, window_days))
        .collect();
    let total: f64 = weights.iter().sum();
    let kinds: BTreeSet<DefectKind> =
        views.iter().flat_map(|it| &it.pieces).map(|it| it.kind).collect();
    let mut fused = Vec::new();
    for kind in kinds {
        let weighed = |it: (&View, &f64)| it.0.expected(kind) * it.1;
        let mean = views.iter().zip(&weights).map(weighed).sum::<f64>() / total;
        let by_weight = |a: &(&View, &f64), b: &(&View, &f64)| weighed(*a).total_cmp(&weighed(*b));
        let Some((best, _)) = views.iter().zip(&weights).max_by(by_weight) else { continue };
        let scale = mean / best.expected(kind);
        for piece in best.pieces.iter().filter(|it| it.kind == kind) {
            let belief = piece.confidence.get() * scale;
            if belief < LEAST_BELIEF {
                continue;
            }
            let mut piece = piece.clone();
            // What cannot be said by likelihood alone is said by the extent.
            piece.defect.extent = piece.defect.extent.times(belief.max(1.0));
            piece.confidence = Ratio::clamped(belief);
            fused.push(piece);
        }
    }
    fused
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Defect, Evidence, Extent, Metres, PixelBox, Severity};

    fn piece(kind: DefectKind, length: f64, confidence: f64) -> Piece {
        Piece {
            kind,
            defect: Defect {
                kind,
                severity: Severity::Low,
                extent: Extent::Length(Metres::of(length)),
            },
            from: 0.0,
            to: length,
            lateral: 0.0,
            confidence: Ratio::clamped(confidence),
            width_mm: None,
            evidence: Evidence { frame: 0, bounds: PixelBox::new(0.0, 0.0, 1.0, 1.0).unwrap() },
        }
    }

    fn view(distance: f64, days: f64, pieces: Vec<Piece>) -> View {
        View { distance, time: Seconds::of(days * DAY_S), pieces }
    }

    fn expected(pieces: &[Piece]) -> f64 {
        pieces.iter().map(|it| it.defect.extent.length().unwrap().get() * it.confidence.get()).sum()
    }

    #[test]
    fn the_mean_of_two_looks_weighs_the_nearer_more() {
        const FL: DefectKind = DefectKind::LongitudinalCracking;
        let views =
            [view(5.0, 0.0, vec![piece(FL, 4.0, 1.0)]), view(10.0, 0.0, vec![piece(FL, 2.0, 0.5)])];
        // Weights 4 and 1: (4 x 4 + 1 x 1) / 5.
        assert!((expected(&fuse(&views, 14.0)) - 3.4).abs() < 1e-9);
    }

    #[test]
    fn what_the_nearest_does_not_show_hardly_counts() {
        const FA: DefectKind = DefectKind::TransverseCracking;
        let far = view(13.0, 0.0, vec![piece(FA, 2.0, 0.4)]);
        assert!((expected(&fuse(std::slice::from_ref(&far), 14.0)) - 0.8).abs() < 1e-9);
        let near = view(4.0, 0.0, vec![]);
        assert!(fuse(&[far, near], 14.0).is_empty());
    }

    #[test]
    fn a_look_older_than_the_window_counts_no_more() {
        const FL: DefectKind = DefectKind::LongitudinalCracking;
        let old = view(5.0, 0.0, vec![piece(FL, 4.0, 1.0)]);
        let new = view(5.0, 15.0, vec![piece(FL, 1.0, 1.0)]);
        assert!((expected(&fuse(&[old.clone(), new.clone()], 14.0)) - 1.0).abs() < 1e-9);
        // At the end of the window it counts for half: (4 x 0.5 + 1) / 1.5.
        assert!((expected(&fuse(&[old, new], 15.0)) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn looks_far_apart_in_time_are_several_drives() {
        let at = |seconds: f64| view(5.0, seconds / DAY_S, vec![]);
        let day = DAY_S;
        let views = [at(day), at(0.0), at(4.0), at(40.0 + day), at(2.0), at(8.0 * day)];
        let newest = Some(Seconds::of(8.0 * day));
        assert_eq!(drives(&views, 14.0), (3, newest));
        // The first drive is out of the window.
        assert_eq!(drives(&views, 7.5), (2, newest));
        assert_eq!(drives(&[], 14.0), (0, None));
    }

    #[test]
    fn no_look_gives_nothing() {
        assert!(fuse(&[], 14.0).is_empty());
    }
}
