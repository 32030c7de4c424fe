//! The vehicle's track once cleaned: legs that can be believed, and the gaps between them.

use crate::domain::{Metres, PlanePoint, Seconds, Wgs84};

/// Where the vehicle was at one instant, which way it faced and how far it had come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// When, in seconds since 1970-01-01 UTC.
    pub time: Seconds,
    /// Where.
    pub wgs84: Wgs84,
    /// The same in metres.
    pub projected: PlanePoint,
    /// Degrees clockwise from the north of the grid, like the bearings of roads.
    pub bearing_deg: f64,
    /// Metres per second; 0 while standing.
    pub speed_m_s: f64,
    /// Metres driven since the start of the track, the gaps not counted.
    pub travelled: Metres,
}

/// A stretch of time in which the vehicle's place is not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Last known instant before it.
    pub from: Seconds,
    /// First known instant after it.
    pub to: Seconds,
    /// Straight distance from one to the other.
    pub distance: Metres,
}

impl Gap {
    /// How long the receiver said nothing of use.
    #[must_use]
    pub fn seconds(&self) -> Seconds {
        self.to - self.from
    }
}

/// A track in legs. Places are interpolated within a leg, never between two.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CleanTrack {
    legs: Vec<Vec<Pose>>,
    gaps: Vec<Gap>,
}

impl CleanTrack {
    /// Legs of at least two poses, in time order.
    pub(super) fn new(legs: Vec<Vec<Pose>>) -> Self {
        debug_assert!(legs.iter().all(|leg| leg.len() >= 2), "a leg has two ends");
        let gap = |pair: &[Vec<Pose>]| {
            let (before, after) = (pair[0][pair[0].len() - 1], pair[1][0]);
            Gap {
                from: before.time,
                to: after.time,
                distance: before.projected.distance(after.projected),
            }
        };
        Self { gaps: legs.windows(2).map(gap).collect(), legs }
    }

    /// The vehicle at an instant; nothing before the first leg, after the last, and in gaps.
    #[must_use]
    pub fn at(&self, time: Seconds) -> Option<Pose> {
        self.leg_and_pose(time).map(|it| it.1)
    }

    /// The same, with the rank of the leg.
    pub(super) fn leg_and_pose(&self, time: Seconds) -> Option<(usize, Pose)> {
        let rank = self.legs.partition_point(|leg| leg[leg.len() - 1].time < time);
        let leg = self.legs.get(rank)?;
        let after = leg.partition_point(|it| it.time < time);
        let end = leg[after];
        if end.time == time {
            return Some((rank, end));
        }
        Some((rank, between(&leg[after.checked_sub(1)?], &end, time)))
    }

    /// Poses that lead to an instant and go on from a later one, up to `reach` metres off, some metres
    /// apart; those of the same legs only. They tell which road a clip starts and ends on.
    #[must_use]
    pub fn before_and_after(
        &self,
        from: Seconds,
        to: Seconds,
        reach: Metres,
    ) -> (Vec<Pose>, Vec<Pose>) {
        /// Chosen: as far apart as frames usually are.
        const APART_M: f64 = 5.0;
        let thinned = |poses: &mut dyn Iterator<Item = &Pose>, start: Metres| {
            let mut last = start;
            let mut kept = Vec::new();
            for pose in poses {
                let off = (pose.travelled - start).abs();
                if off <= reach && (pose.travelled - last).abs().get() >= APART_M {
                    last = pose.travelled;
                    kept.push(*pose);
                }
            }
            kept
        };
        let mut before = self.leg_and_pose(from).map_or_else(Vec::new, |(rank, pose)| {
            let earlier = self.legs[rank].iter().rev().filter(|it| it.time < from);
            thinned(&mut earlier.into_iter(), pose.travelled)
        });
        before.reverse();
        let after = self.leg_and_pose(to).map_or_else(Vec::new, |(rank, pose)| {
            let later = self.legs[rank].iter().filter(|it| it.time > to);
            thinned(&mut later.into_iter(), pose.travelled)
        });
        (before, after)
    }

    /// First and last known instants.
    #[must_use]
    pub fn span(&self) -> Option<(Seconds, Seconds)> {
        let (first, last) = (self.legs.first()?, self.legs.last()?);
        Some((first[0].time, last[last.len() - 1].time))
    }

    /// Metres driven, the gaps not counted.
    #[must_use]
    pub fn travelled(&self) -> Metres {
        self.legs.last().map_or(Metres::ZERO, |leg| leg[leg.len() - 1].travelled)
    }

    /// Metres driven between two instants, the gaps not counted.
    #[must_use]
    pub fn travelled_between(&self, from: Seconds, to: Seconds) -> Metres {
        (self.travelled_until(to) - self.travelled_until(from)).max(Metres::ZERO)
    }

    /// The holes between legs, in time order.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    fn travelled_until(&self, time: Seconds) -> Metres {
        if let Some(pose) = self.at(time) {
            return pose.travelled;
        }
        let past = self.legs.iter().rfind(|leg| leg[leg.len() - 1].time <= time);
        past.map_or(Metres::ZERO, |leg| leg[leg.len() - 1].travelled)
    }
}

/// Straight on from one pose to the next.
fn between(a: &Pose, b: &Pose, time: Seconds) -> Pose {
    let part = ((time - a.time).get() / (b.time - a.time).get()).clamp(0.0, 1.0);
    let mix = |from: f64, to: f64| from + (to - from) * part;
    let wgs84 = Wgs84::new(
        mix(a.wgs84.longitude(), b.wgs84.longitude()),
        mix(a.wgs84.latitude(), b.wgs84.latitude()),
    );
    let turn = (b.bearing_deg - a.bearing_deg + 180.0).rem_euclid(360.0) - 180.0;
    Pose {
        time,
        wgs84: wgs84.expect("between two positions lies a position"),
        projected: PlanePoint {
            x: mix(a.projected.x, b.projected.x),
            y: mix(a.projected.y, b.projected.y),
        },
        bearing_deg: (a.bearing_deg + turn * part).rem_euclid(360.0),
        speed_m_s: mix(a.speed_m_s, b.speed_m_s),
        travelled: Metres::of(mix(a.travelled.get(), b.travelled.get())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pose(time: f64, x: f64, bearing_deg: f64, travelled: f64) -> Pose {
        Pose {
            time: Seconds::of(time),
            wgs84: Wgs84::new(1.0 + x * 1e-5, 43.0).unwrap(),
            projected: PlanePoint { x, y: 0.0 },
            bearing_deg,
            speed_m_s: 10.0,
            travelled: Metres::of(travelled),
        }
    }

    fn two_legs() -> CleanTrack {
        CleanTrack::new(vec![
            vec![pose(0.0, 0.0, 350.0, 0.0), pose(1.0, 10.0, 10.0, 10.0)],
            vec![pose(5.0, 60.0, 90.0, 10.0), pose(6.0, 70.0, 90.0, 20.0)],
        ])
    }

    #[test]
    fn places_are_interpolated_within_a_leg_only() {
        let track = two_legs();
        let middle = track.at(Seconds::of(0.5)).unwrap();
        assert_eq!((middle.projected.x, middle.travelled.get()), (5.0, 5.0));
        // From 350° to 10° the short way is through north.
        assert!(middle.bearing_deg.abs() < 1e-9, "{middle:?}");
        for (time, known) in
            [(-0.1, false), (0.0, true), (1.0, true), (1.1, false), (5.0, true), (6.1, false)]
        {
            assert_eq!(track.at(Seconds::of(time)).is_some(), known, "{time}");
        }
    }

    #[test]
    fn gaps_are_measured_and_not_travelled() {
        let track = two_legs();
        assert_eq!(track.gaps().len(), 1);
        assert_eq!((track.gaps()[0].seconds().get(), track.gaps()[0].distance.get()), (4.0, 50.0));
        assert_eq!(track.travelled(), Metres::of(20.0));
        assert_eq!(track.span(), Some((Seconds::ZERO, Seconds::of(6.0))));
        let metres = |a, b| track.travelled_between(Seconds::of(a), Seconds::of(b)).get();
        assert_eq!((metres(0.5, 3.0), metres(3.0, 5.5), metres(-9.0, 99.0)), (5.0, 5.0, 20.0));
    }

    #[test]
    fn nothing_has_no_place() {
        let nothing = CleanTrack::default();
        assert_eq!((nothing.at(Seconds::ZERO), nothing.span()), (None, None));
        assert_eq!(nothing.travelled(), Metres::ZERO);
    }
}
