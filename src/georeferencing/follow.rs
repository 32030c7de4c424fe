//! The places of a whole drive: each pose helps to tell where the others were.
//!
//! # Source
//!
//! Newson and Krumm, Hidden Markov map matching through noise and sparseness, ACM SIGSPATIAL 2009:
//! candidates for each pose, a cost for being far from the road, a cost for the difference between
//! what was driven and what the road says, and the cheapest sequence. Here the road says it by its
//! cumul, and going to another road has a price of its own.

use super::locate::{Candidate, RoadIndex};
use super::track::Pose;
use crate::domain::{Direction, LocateLimits, RoadPlace};

/// Metres of difference between the cumul and what was driven that cost as much as one standard
/// deviation squared.
///
/// Chosen: receivers at one fix a second are some metres off along the road too.
const ALONG_SCALE_M: f64 = 4.0;

/// Price of going to another road, or of a cumul that does not follow.
///
/// Chosen: three or four poses 12 m from the road followed and on another pay for the change; a
/// parallel road 12 m away does not catch a drive for two bad poses.
const CHANGE_COST: f64 = 6.0;

/// Price of turning round on one road.
///
/// Chosen: higher than any run of bad poses pays, so that a hairpin's other leg is no way back. A
/// vehicle that does turn round faces the other way, which leaves no cheaper candidate.
const TURN_COST: f64 = 30.0;

/// Two poses farther apart than was driven, by this much, have a gap between them: nothing of
/// the one is known from the other.
///
/// Chosen: above the noise of a receiver.
const GAP_M: f64 = 15.0;

impl RoadIndex {
    /// The places of a drive, one for each pose; none where no road is near and along.
    ///
    /// Prefers to stay on the road followed where two are as near: parallel roads, crossings,
    /// hairpins.
    #[must_use]
    pub fn follow(&self, poses: &[Pose], limits: &LocateLimits) -> Vec<Option<RoadPlace>> {
        let mut places = vec![None; poses.len()];
        let mut run: Vec<Step> = Vec::new();
        for (rank, pose) in poses.iter().enumerate() {
            let candidates = self.candidates(pose, limits);
            let joined = rank > 0 && !run.is_empty() && joins(&poses[rank - 1], pose);
            if candidates.is_empty() || !joined {
                settle(&run, &mut places[..rank]);
                run.clear();
            }
            if !candidates.is_empty() {
                let step = match run.last() {
                    Some(before) => Step::after(before, &poses[rank - 1], pose, candidates),
                    None => Step::first(candidates),
                };
                run.push(step);
            }
        }
        settle(&run, &mut places);
        places
    }
}

/// The candidates of one pose, the cheapest way to each, and the candidate it comes from.
struct Step {
    candidates: Vec<Candidate>,
    costs: Vec<f64>,
    from: Vec<usize>,
}

impl Step {
    fn first(candidates: Vec<Candidate>) -> Self {
        let costs = candidates.iter().map(|it| it.cost).collect();
        Self { from: vec![0; candidates.len()], candidates, costs }
    }

    fn after(before: &Self, earlier: &Pose, later: &Pose, candidates: Vec<Candidate>) -> Self {
        let driven = (later.travelled - earlier.travelled).get();
        let (mut costs, mut from) = (Vec::new(), Vec::new());
        for candidate in &candidates {
            let ways = before.candidates.iter().zip(&before.costs);
            let ways = ways.map(|(it, cost)| cost + transition(it, candidate, driven));
            let (best, cost) = cheapest(ways);
            costs.push(cost + candidate.cost);
            from.push(best);
        }
        // Only differences matter: keeps sums small over a long drive.
        let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
        for cost in &mut costs {
            *cost -= least;
        }
        Self { candidates, costs, from }
    }
}

/// The rank and value of the least; the first of equals.
fn cheapest(costs: impl Iterator<Item = f64>) -> (usize, f64) {
    let least = costs.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    least.expect("a step has candidates")
}

/// What it costs to be at `b` after `a`, having driven some metres.
fn transition(a: &Candidate, b: &Candidate, driven: f64) -> f64 {
    if a.name != b.name {
        return CHANGE_COST;
    }
    if a.place.direction != b.place.direction {
        return TURN_COST;
    }
    let along = (b.place.cumul - a.place.cumul).get();
    let forward = if b.place.direction == Direction::Increasing { along } else { -along };
    ((forward - driven).abs() / ALONG_SCALE_M).min(CHANGE_COST)
}

/// Whether nothing is missing between two poses.
fn joins(a: &Pose, b: &Pose) -> bool {
    a.projected.distance(b.projected).get() <= (b.travelled - a.travelled).get() + GAP_M
}

/// Writes the cheapest sequence of a run at the end of `places`.
fn settle(run: &[Step], places: &mut [Option<RoadPlace>]) {
    let Some(last) = run.last() else { return };
    let mut at = cheapest(last.costs.iter().copied()).0;
    let start = places.len() - run.len();
    for (place, step) in places[start..].iter_mut().zip(run).rev() {
        *place = Some(step.candidates[at].place);
        at = step.from[at];
    }
}

#[cfg(test)]
mod tests {
    use super::super::locate::tests::{limits, pose, road};
    use super::*;
    use crate::domain::{Carriageway, Network, Road};

    fn followed(roads: Vec<Road>, poses: &[Pose]) -> Vec<Option<usize>> {
        let got = RoadIndex::new(&Network::new(roads)).follow(poses, &limits());
        got.iter().map(|it| it.map(|it| it.road)).collect()
    }

    /// Every 10 m along x, at `y(rank)`, facing east.
    fn east(count: u32, y: impl Fn(u32) -> f64) -> Vec<Pose> {
        (0..count).map(|it| pose(f64::from(it) * 10.0, y(it), 90.0, f64::from(it) * 10.0)).collect()
    }

    fn two_parallel_roads() -> Vec<Road> {
        let line = |name, y| road(name, Carriageway::Single, &[(-50.0, y), (900.0, y)]);
        vec![line("D1", 0.0), line("D2", 12.0)]
    }

    #[test]
    fn two_bad_poses_do_not_change_the_road() {
        let poses = east(20, |it| if (8..10).contains(&it) { 9.0 } else { 1.0 });
        assert_eq!(followed(two_parallel_roads(), &poses), vec![Some(0); 20]);
        // Alone, each of them would be taken for the other road.
        let index = RoadIndex::new(&Network::new(two_parallel_roads()));
        assert_eq!(index.locate(&poses[8], &limits()).unwrap().road, 1);
    }

    #[test]
    fn a_change_that_lasts_is_followed() {
        let poses = east(40, |it| if it >= 20 { 12.0 } else { 0.0 });
        let got = followed(two_parallel_roads(), &poses);
        assert_eq!(got[..19], [Some(0); 19]);
        assert_eq!(got[21..], [Some(1); 19]);
    }

    #[test]
    fn a_hairpin_is_followed_leg_after_leg() {
        // Two legs 10 m apart, joined at the east end; a receiver 6 m off to the north.
        let line = [(0.0, 0.0), (300.0, 0.0), (308.0, 5.0), (300.0, 10.0), (0.0, 10.0)];
        let bend = road("D1", Carriageway::Single, &line);
        let mut poses = Vec::new();
        for step in 0..60 {
            let cumul = f64::from(step) * 10.0;
            let (point, bearing) = bend.point_at(crate::domain::Metres::of(cumul));
            poses.push(pose(point.x, point.y + 6.0, bearing, cumul));
        }
        let index = RoadIndex::new(&Network::new(vec![bend]));
        for (rank, place) in index.follow(&poses, &limits()).iter().enumerate() {
            let place = place.unwrap();
            assert_eq!(place.direction, Direction::Increasing, "{rank}");
            let want = poses[rank].travelled.get();
            assert!((place.cumul.get() - want).abs() < 15.0, "{rank}: {place:?}");
        }
    }

    #[test]
    fn a_drive_off_the_network_has_no_place_and_comes_back() {
        let poses = east(30, |it| if (10..20).contains(&it) { 60.0 } else { 0.0 });
        let alone = vec![road("D1", Carriageway::Single, &[(-50.0, 0.0), (900.0, 0.0)])];
        let got = followed(alone, &poses);
        assert!(got[..10].iter().chain(&got[20..]).all(|it| *it == Some(0)));
        assert!(got[10..20].iter().all(Option::is_none));
        assert!(followed(Vec::new(), &poses).iter().all(Option::is_none));
        assert!(followed(two_parallel_roads(), &[]).is_empty());
    }

    #[test]
    fn a_gap_starts_afresh() {
        // After the gap the vehicle is on the other road: nothing holds it on the first.
        let mut poses = east(10, |_| 0.0);
        poses.push(pose(400.0, 11.0, 90.0, 90.0));
        assert_eq!(followed(two_parallel_roads(), &poses)[9..], [Some(0), Some(1)]);
    }

    #[test]
    fn a_real_receiver_is_placed_along_the_road_it_drove() {
        use super::super::clean::clean;
        use super::super::clean::tests::{limits as track_limits, real_drive, track};
        use crate::domain::{Metres, Plane, Seconds};
        let both = ["drive-truth.csv", "drive-gnss-ublox.csv"].map(real_drive);
        let [Some(truth), Some(fixes)] = both else { return };
        // The road is the fused track itself, moved like the fixes.
        let driven =
            clean(&track(truth.iter().copied()), Plane::LAMBERT_93, &track_limits(), "truth").value;
        let line: Vec<_> = truth
            .iter()
            .filter_map(|it| driven.at(Seconds::of(it.0)))
            .map(|it| (it.projected.x, it.projected.y))
            .collect();
        let real = road("D1", Carriageway::Single, &line);
        let receiver =
            clean(&track(fixes.iter().copied()), Plane::LAMBERT_93, &track_limits(), "receiver")
                .value;
        let poses: Vec<_> = fixes.iter().filter_map(|it| receiver.at(Seconds::of(it.0))).collect();
        assert_eq!(poses.len(), fixes.len());
        let network = Network::new(vec![real]);
        let index = RoadIndex::new(&network);
        let places = index.follow(&poses, &limits());
        let mut worst = Metres::ZERO;
        for (pose, place) in poses.iter().zip(&places) {
            let place = place.unwrap();
            assert_eq!(place.direction, Direction::Increasing);
            let at = driven.at(pose.time).unwrap();
            let true_cumul = index.locate(&at, &limits()).unwrap().cumul;
            worst = worst.max((place.cumul - true_cumul).abs());
        }
        assert!(worst < Metres::of(5.0), "{worst}");
    }

    #[test]
    fn a_road_in_two_pieces_is_one_road() {
        let mut second = road("D1", Carriageway::Single, &[(100.0, 0.0), (300.0, 0.0)]);
        second = Road::new(
            second.id.clone(),
            second.carriageway,
            2,
            String::new(),
            second.width,
            2,
            second.line().to_vec(),
            crate::domain::Metres::of(100.0),
            Vec::new(),
        )
        .unwrap();
        let first = road("D1", Carriageway::Single, &[(0.0, 0.0), (100.0, 0.0)]);
        let got = followed(vec![first, second], &east(30, |_| 1.0));
        assert_eq!(got[..10], [Some(0); 10]);
        assert_eq!(got[11..], [Some(1); 19]);
    }
}
