//! Where each road goes by a point: the nearest place of each time that it passes, and places around it.

use super::locate::{Hit, RoadIndex};
use crate::domain::PlanePoint;

/// Two places of one pass are the same when their cumuls are equal to this.
///
/// Chosen: a micrometre; the end of one stretch is the start of the next.
const SAME_M: f64 = 1e-6;

/// Besides where it comes nearest, a road has a place every so many metres within reach.
///
/// Chosen: as the samples of the old road are spaced: where its hairpin lies farther out than the new
/// one, the leg that goes back comes nearest to nothing, and is followed all the same.
const SPACING_M: f64 = 5.0;

/// A place where a road passes a point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    pub road: usize,
    pub cumul: f64,
    pub distance: f64,
    pub bearing_deg: f64,
    /// The point lies past the end of the road, by so many metres.
    pub past_end: f64,
    /// Nowhere around does the road come nearer.
    pub nearest: bool,
}

impl RoadIndex {
    /// Each road within reach: where it comes nearest, for each time that it goes by, and places between.
    pub(super) fn passes(&self, point: PlanePoint, reach: f64) -> Vec<Pass> {
        let mut hits = self.hits(point, reach);
        hits.sort_by_key(|it| (it.stretch.road, it.stretch.rank));
        let mut passes: Vec<Pass> = Vec::new();
        for (rank, hit) in hits.iter().enumerate() {
            let before = rank.checked_sub(1).map(|it| &hits[it]).filter(|it| follows(it, hit));
            let after = hits.get(rank + 1).filter(|it| follows(hit, it));
            let nearer = |it: &Hit<'_>| it.distance < hit.distance;
            let nearest = !before.is_some_and(nearer) && !after.is_some_and(nearer);
            let road = hit.stretch.road;
            let least = if nearest { SAME_M } else { SPACING_M };
            let again = |it: &Pass| it.road == road && (it.cumul - hit.cumul).abs() < least;
            if let Some(last) = passes.last_mut().filter(|it| again(it)) {
                // One vertex, the end of one stretch and the start of the next.
                last.nearest |= nearest;
                continue;
            }
            passes.push(Pass {
                road,
                cumul: hit.cumul,
                distance: hit.distance,
                bearing_deg: hit.stretch.bearing_deg,
                past_end: hit.past_end,
                nearest,
            });
        }
        passes
    }
}

/// Whether a stretch follows another on one road.
fn follows(a: &Hit<'_>, b: &Hit<'_>) -> bool {
    a.stretch.road == b.stretch.road && a.stretch.rank + 1 == b.stretch.rank
}

/// Degrees between two bearings, 0 to 180.
pub(super) fn turn(a: f64, b: f64) -> f64 {
    ((a - b + 180.0).rem_euclid(360.0) - 180.0).abs()
}

#[cfg(test)]
mod tests {
    use super::super::locate::tests::road;
    use super::*;
    use crate::domain::{Carriageway, Network};

    #[test]
    fn a_hairpin_passes_twice_and_a_vertex_once() {
        let hairpin = [(0.0, 0.0), (50.0, 0.0), (100.0, 0.0), (100.0, 10.0), (0.0, 10.0)];
        let index = RoadIndex::new(&Network::new(vec![road("D1", Carriageway::Single, &hairpin)]));
        let at = |x, y| -> Vec<(f64, f64)> {
            let passes = index.passes(PlanePoint { x, y }, 25.0);
            let nearest = passes.iter().filter(|it| it.nearest);
            nearest.map(|it| (it.cumul, it.distance)).collect()
        };
        assert_eq!(at(50.0, 4.0), [(50.0, 4.0), (160.0, 6.0)]);
        assert_eq!(at(50.0, 0.0), [(50.0, 0.0), (160.0, 10.0)]);
        assert_eq!(at(50.0, 40.0), []);
        // The side that joins the legs comes nearest nowhere, and has a place.
        assert_eq!(index.passes(PlanePoint { x: 80.0, y: 4.0 }, 25.0).len(), 3);
        let past = index.passes(PlanePoint { x: -3.0, y: 0.0 }, 5.0)[0].past_end;
        assert!((past - 3.0).abs() < 1e-9);
        assert!((turn(350.0, 10.0) - 20.0).abs() < 1e-9);
    }
}
