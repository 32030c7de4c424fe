//! Which road the vehicle is on, from its place and the way it faces.

use super::candidates::MatchModel;
use super::topology::Topology;
use super::track::Pose;
use crate::domain::{
    Carriageway, LocateLimits, Metres, Network, Plane, PlanePoint, Road, RoadId, RoadPlace,
};
use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};
use std::collections::BTreeMap;

/// No road beyond this is worth naming.
///
/// Chosen: a kilometre off is another network.
const FARTHEST_M: f64 = 1000.0;

/// Half of the stretch of road that its bearing is read from.
///
/// Chosen: digitised lines have bends of a metre at junctions of segments.
const HALF_BASELINE_M: f64 = 5.0;

/// A network ready to be asked which road is near.
#[derive(Debug)]
pub struct RoadIndex {
    plane: Plane,
    tree: RTree<GeomWithData<Line<[f64; 2]>, Stretch>>,
    topology: Topology,
}

/// One straight stretch of a road.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub road: usize,
    /// The same for every piece and carriageway of a road that bears one name.
    pub name: usize,
    pub carriageway: Carriageway,
    /// Metres from the start of the road, at its first point.
    pub cumul: f64,
    /// The same at its last point.
    pub end: f64,
    /// Degrees clockwise from north, over some metres around it.
    pub bearing_deg: f64,
    /// Rank among the stretches of its road.
    pub rank: u32,
    pub ends_road: bool,
}

/// A stretch in reach, before the heading is looked at.
pub(super) struct Hit<'a> {
    pub stretch: &'a Stretch,
    pub cumul: f64,
    pub distance: f64,
    pub offset: f64,
    /// Metres past the end of the road; none elsewhere.
    pub past_end: f64,
}

impl RoadIndex {
    /// Indexes every stretch of every road.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let mut names: BTreeMap<&RoadId, usize> = BTreeMap::new();
        let mut stretches = Vec::new();
        for (rank, road) in network.roads().iter().enumerate() {
            let known = names.len();
            let name = *names.entry(&road.id).or_insert(known);
            stretches.extend((1..road.line().len()).map(|end| stretch(road, rank, name, end)));
        }
        let tree = RTree::bulk_load(stretches);
        let topology = Topology::new(network, &tree);
        Self { plane: network.plane(), tree, topology }
    }

    /// The plane of the network.
    #[must_use]
    pub const fn plane(&self) -> Plane {
        self.plane
    }

    /// How its roads join.
    pub(super) const fn topology(&self) -> &Topology {
        &self.topology
    }

    /// The place of a vehicle on the network, from this pose alone.
    ///
    /// A road is taken only when the vehicle faces along it; a divided road's carriageway only in
    /// the direction of its traffic. For a drive, [`RoadIndex::follow`] is surer.
    ///
    /// # Errors
    ///
    /// The distance to the nearest road, whatever its direction, or none within a kilometre.
    pub fn locate(&self, pose: &Pose, limits: &LocateLimits) -> Result<RoadPlace, Option<Metres>> {
        let candidates = self.candidates(pose, &MatchModel::of(limits));
        let best = candidates.iter().min_by(|a, b| a.cost.total_cmp(&b.cost));
        best.map(|it| it.place).ok_or_else(|| self.nearest(pose.projected))
    }

    /// Distance to the nearest road, when one lies within a kilometre.
    #[must_use]
    pub fn nearest(&self, point: PlanePoint) -> Option<Metres> {
        let (_, squared) =
            self.tree.nearest_neighbor_iter_with_distance_2(&[point.x, point.y]).next()?;
        (squared <= FARTHEST_M * FARTHEST_M).then(|| Metres::of(squared.sqrt()))
    }

    /// The nearest place of every stretch in reach; the nearest first, ties in the order of the network.
    pub(super) fn hits(&self, point: PlanePoint, reach: f64) -> Vec<Hit<'_>> {
        let found = self.tree.locate_within_distance([point.x, point.y], reach * reach);
        let mut hits: Vec<Hit<'_>> = found.map(|it| hit(it.geom(), &it.data, point)).collect();
        hits.sort_by(Hit::nearest_first);
        hits
    }
}

impl Hit<'_> {
    /// The order of distances; ties in the order of the network.
    pub(super) fn nearest_first(&self, other: &Self) -> std::cmp::Ordering {
        let distance = self.distance.total_cmp(&other.distance);
        distance
            .then(self.stretch.road.cmp(&other.stretch.road))
            .then(self.stretch.cumul.total_cmp(&other.stretch.cumul))
    }
}

/// The stretch of a road that ends at one of its points.
fn stretch(
    road: &Road,
    rank: usize,
    name: usize,
    end: usize,
) -> GeomWithData<Line<[f64; 2]>, Stretch> {
    let (a, b) = (road.line()[end - 1], road.line()[end]);
    let (from, to) = (road.measures()[end - 1], road.measures()[end]);
    let half = ((to - from) * 0.5).max(HALF_BASELINE_M);
    let at = |along: f64| road.point_at(road.cumul_start() + Metres::of(along)).0;
    let middle = (from + to) * 0.5;
    let (before, after) = (at(middle - half), at(middle + half));
    // Where the road turns back within its own baseline, the stretch speaks for itself.
    let (before, after) = if before == after { (a, b) } else { (before, after) };
    let bearing_deg = (after.x - before.x).atan2(after.y - before.y).to_degrees();
    let data = Stretch {
        road: rank,
        name,
        carriageway: road.carriageway,
        cumul: road.cumul_start().get() + from,
        end: road.cumul_start().get() + to,
        bearing_deg,
        rank: u32::try_from(end - 1).expect("a line has fewer than 2^32 points"),
        ends_road: end + 1 == road.line().len(),
    };
    GeomWithData::new(Line::new([a.x, a.y], [b.x, b.y]), data)
}

/// Where a point falls on a stretch.
pub(super) fn hit<'a>(line: &Line<[f64; 2]>, stretch: &'a Stretch, point: PlanePoint) -> Hit<'a> {
    let (dx, dy) = (line.to[0] - line.from[0], line.to[1] - line.from[1]);
    let length = dx.hypot(dy);
    let (px, py) = (point.x - line.from[0], point.y - line.from[1]);
    let along = (px * dx + py * dy) / length;
    let held = along.clamp(0.0, length);
    let distance = (px - dx * held / length).hypot(py - dy * held / length);
    // East of a stretch that goes north is its right.
    let right = px * dy - py * dx;
    let past_end = match (stretch.rank == 0, stretch.ends_road) {
        (true, _) if along < 0.0 => -along,
        (_, true) if along > length => along - length,
        _ => 0.0,
    };
    let offset = if right < 0.0 { -distance } else { distance };
    Hit { stretch, cumul: stretch.cumul + held, distance, offset, past_end }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{Direction, Seconds, Wgs84};
    use proptest::prelude::*;

    pub fn limits() -> LocateLimits {
        LocateLimits { reach: Metres::of(25.0), max_heading_deg: 45.0 }
    }

    pub fn road(name: &str, carriageway: Carriageway, line: &[(f64, f64)]) -> Road {
        let line = line.iter().map(|(x, y)| PlanePoint { x: *x, y: *y }).collect();
        let (width, start) = (Metres::of(6.0), Metres::ZERO);
        let id = RoadId::new(name).unwrap();
        Road::new(id, carriageway, 2, String::new(), width, 2, line, start, Vec::new()).unwrap()
    }

    pub fn pose(x: f64, y: f64, bearing_deg: f64, travelled: f64) -> Pose {
        Pose {
            time: Seconds::of(travelled / 10.0),
            wgs84: Wgs84::new(1.4, 43.6).unwrap(),
            projected: PlanePoint { x, y },
            bearing_deg,
            speed_m_s: 10.0,
            travelled: Metres::of(travelled),
        }
    }

    fn located(roads: Vec<Road>, pose: &Pose) -> Result<(usize, Direction, f64, f64), Option<f64>> {
        let got = RoadIndex::new(&Network::new(roads)).locate(pose, &limits());
        got.map(|it| (it.road, it.direction, it.cumul.get(), it.offset.get()))
            .map_err(|it| it.map(Metres::get))
    }

    #[test]
    fn right_of_increasing_pr_is_positive() {
        use Direction::{Decreasing, Increasing};
        let north = || vec![road("D1", Carriageway::Single, &[(0.0, 0.0), (0.0, 500.0)])];
        let cases = [
            ((2.0, 100.0, 0.0), Ok((0, Increasing, 100.0, 2.0))),
            ((-2.0, 100.0, 180.0), Ok((0, Decreasing, 100.0, -2.0))),
            ((-2.0, 100.0, 350.0), Ok((0, Increasing, 100.0, -2.0))),
            // Crossing it, out of reach, and nowhere.
            ((2.0, 100.0, 90.0), Err(Some(2.0))),
            ((40.0, 100.0, 0.0), Err(Some(40.0))),
            ((1500.0, 100.0, 0.0), Err(None)),
            // A little past its end, and too far past.
            ((0.0, 503.0, 0.0), Ok((0, Increasing, 500.0, 3.0))),
            ((0.0, 510.0, 0.0), Err(Some(10.0))),
        ];
        for ((x, y, bearing), want) in cases {
            assert_eq!(located(north(), &pose(x, y, bearing, 0.0)), want, "{x} {y} {bearing}");
        }
        assert_eq!(located(Vec::new(), &pose(0.0, 0.0, 0.0, 0.0)), Err(None));
    }

    #[test]
    fn parallel_opposite_carriageways_are_told_by_heading() {
        // Both drawn eastwards, in the direction of increasing PR; the left one lies north.
        let roads = || {
            vec![
                road("D1", Carriageway::Right, &[(0.0, 0.0), (500.0, 0.0)]),
                road("D1", Carriageway::Left, &[(0.0, 12.0), (500.0, 12.0)]),
            ]
        };
        for y in [-5.0, 0.0, 6.0, 11.0, 17.0] {
            let (road, direction, ..) = located(roads(), &pose(100.0, y, 90.0, 0.0)).unwrap();
            assert_eq!((road, direction), (0, Direction::Increasing), "{y}");
            let (road, direction, ..) = located(roads(), &pose(100.0, y, 270.0, 0.0)).unwrap();
            assert_eq!((road, direction), (1, Direction::Decreasing), "{y}");
        }
    }

    #[test]
    fn a_crossing_does_not_catch_the_vehicle() {
        let roads = vec![
            road("D1", Carriageway::Single, &[(0.0, 0.0), (500.0, 0.0)]),
            road("D2", Carriageway::Single, &[(100.0, -200.0), (100.0, 200.0)]),
        ];
        let (road, .., offset) = located(roads, &pose(101.0, -4.0, 90.0, 0.0)).unwrap();
        assert_eq!((road, offset), (0, 4.0));
    }

    #[test]
    fn a_kinked_line_keeps_the_road_s_bearing() {
        // A digitising error of one metre, square across the road.
        let line = [(0.0, 0.0), (50.0, 0.0), (50.0, 1.0), (100.0, 1.0)];
        let (_, direction, ..) =
            located(vec![road("D1", Carriageway::Single, &line)], &pose(50.0, 0.4, 90.0, 0.0))
                .unwrap();
        assert_eq!(direction, Direction::Increasing);
    }

    proptest! {
        #[test]
        fn locating_inverts_placing(
            turns in prop::collection::vec(-35.0..35.0_f64, 1..20),
            share in 0.0..1.0_f64,
            backwards in any::<bool>(),
            aside in -3.0..3.0_f64,
        ) {
            let (mut x, mut y, mut angle) = (0.0, 0.0, 90.0_f64);
            let mut line = vec![(x, y)];
            for turn in &turns {
                angle = (angle + turn).clamp(20.0, 160.0);
                let (dx, dy) = angle.to_radians().sin_cos();
                (x, y) = (x + dx * 80.0, y + dy * 80.0);
                line.push((x, y));
            }
            let road = road("D1", Carriageway::Single, &line);
            let cumul = road.length() * share;
            let (point, bearing) = road.point_at(cumul);
            let right = (bearing + 90.0).to_radians();
            let facing = if backwards { bearing + 180.0 } else { bearing };
            let pose = pose(
                point.x + right.sin() * aside,
                point.y + right.cos() * aside,
                facing.rem_euclid(360.0),
                0.0,
            );
            let got = RoadIndex::new(&Network::new(vec![road])).locate(&pose, &limits()).unwrap();
            // At a bend the nearest point may lie around the corner.
            prop_assert!((got.cumul - cumul).abs().get() <= aside.abs() + 1e-6, "{got:?} {cumul}");
            prop_assert!(got.offset.get().abs() <= aside.abs() + 1e-6);
            let want = if backwards { Direction::Decreasing } else { Direction::Increasing };
            prop_assert_eq!(got.direction, want);
        }
    }
}
