//! The places of frames along a drive.

use super::candidates::MatchModel;
use super::locate::RoadIndex;
use super::matching::Matcher;
use super::track::Pose;
use crate::domain::{LocateLimits, RoadPlace};

/// Two poses farther apart than was driven, by this much, have a gap between them: nothing of
/// the one is known from the other.
///
/// Chosen: above the noise of a receiver.
const GAP_M: f64 = 15.0;

impl RoadIndex {
    /// The places of frames along a drive, one for each pose; none where no road is near and along.
    ///
    /// Prefers to stay on the road followed where two are as near: parallel roads, crossings,
    /// hairpins.
    #[must_use]
    pub fn follow(&self, poses: &[Pose], limits: &LocateLimits) -> Vec<Option<RoadPlace>> {
        let mut matcher = Matcher::new(self, MatchModel::of(limits));
        let mut before: Option<&Pose> = None;
        for pose in poses {
            if before.is_some_and(|it| !joins(it, pose)) {
                matcher.cut();
            }
            matcher.push(pose);
            before = Some(pose);
        }
        matcher.finish().0.into_iter().map(|it| it.place).collect()
    }
}

/// Whether nothing is missing between two poses.
fn joins(a: &Pose, b: &Pose) -> bool {
    a.projected.distance(b.projected).get() <= (b.travelled - a.travelled).get() + GAP_M
}

#[cfg(test)]
mod tests {
    use super::super::locate::tests::{limits, pose, road};
    use super::*;
    use crate::domain::{Carriageway, Direction, Network, Road};

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
