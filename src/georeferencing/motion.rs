//! From fixes to motion: standing or driving, which way, how far.
//!
//! Receivers wander while the vehicle stands. Summing the steps from fix to fix would add that
//! wandering up, so a step counts only while the vehicle drives.

use super::track::Pose;
use crate::domain::{Metres, PlanePoint, Seconds, Wgs84};

/// Half of the window in which standing is judged.
///
/// Chosen: six seconds let white noise of 2 m average out below [`STANDING_M_S`] at one fix a
/// second; a car that pulls away is seen to drive a second before it does.
const HALF_WINDOW_S: f64 = 3.0;

/// Slower than this is standing.
///
/// Chosen: half of a slow walk; creeping slower than that for a minute would lose 30 m.
const STANDING_M_S: f64 = 0.5;

/// A vehicle whose window is wider than this around its middle drives, whatever its mean speed: a
/// tight roundabout brings it back to where it was.
///
/// Chosen: the wandering of a receiver under open sky stays within it.
const STANDING_RADIUS_M: f64 = 5.0;

/// Speeds below this many standard errors are noise.
///
/// Chosen: of windows of pure normal noise, one in 370 passes three.
const SIGNIFICANT: f64 = 3.0;

/// Shortest move that a bearing is read from.
///
/// Chosen: with a metre of noise at each end, 5 m give 16 degrees, well within the 45 that tell
/// a road from the one it crosses; shorter than the arc of any hairpin.
const BASELINE_M: f64 = 5.0;

/// A fix in the plane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// Rank in the track, from 1.
    pub rank: usize,
    pub time: Seconds,
    pub wgs84: Wgs84,
    pub at: PlanePoint,
}

/// The poses of one leg that starts after `travelled` metres; nothing when it never moves enough
/// for a bearing to be known.
pub(super) fn poses(leg: &[Placed], travelled: Metres) -> Option<Vec<Pose>> {
    let standing = standing(leg);
    let driven = driven(leg, &standing);
    let baselines: Vec<Option<(usize, usize)>> = (0..leg.len())
        .map(|rank| if standing[rank] { None } else { baseline(leg, rank, rank) })
        .collect();
    // Before the vehicle first moves, it faces the way it will leave.
    let mut bearing_deg = baselines.iter().flatten().next().map(|ends| bearing(leg, *ends))?;
    let pose = |(rank, fix): (usize, &Placed)| {
        if let Some(ends) = baselines[rank] {
            bearing_deg = bearing(leg, ends);
        }
        Pose {
            time: fix.time,
            wgs84: fix.wgs84,
            projected: fix.at,
            bearing_deg,
            speed_m_s: baselines[rank].map_or(0.0, |ends| speed(leg, ends)),
            travelled: travelled + Metres::of(driven[rank]),
        }
    };
    Some(leg.iter().enumerate().map(pose).collect())
}

/// Whether the vehicle stands, at each fix.
fn standing(leg: &[Placed]) -> Vec<bool> {
    let (mut start, mut end) = (0, 0);
    let judge = |fix: &Placed| {
        let now = fix.time.get();
        while leg[start].time.get() < now - HALF_WINDOW_S {
            start += 1;
        }
        while end < leg.len() && leg[end].time.get() <= now + HALF_WINDOW_S {
            end += 1;
        }
        stands(&leg[start..end])
    };
    leg.iter().map(judge).collect()
}

/// Fits a constant speed to the fixes of a window; standing is a speed that is small or no larger
/// than its own error, among fixes that stay together.
#[expect(clippy::cast_precision_loss, reason = "windows hold some hundred fixes")]
fn stands(window: &[Placed]) -> bool {
    let count = window.len() as f64;
    if window.len() < 2 {
        return true;
    }
    // Counted from the first fix, so that large coordinates cost no digits.
    let origin = window[0];
    let local: Vec<[f64; 3]> = window
        .iter()
        .map(|it| [(it.time - origin.time).get(), it.at.x - origin.at.x, it.at.y - origin.at.y])
        .collect();
    let mean = |axis: usize| local.iter().map(|it| it[axis]).sum::<f64>() / count;
    let (t_mean, x_mean, y_mean) = (mean(0), mean(1), mean(2));
    let radius = local.iter().map(|it| (it[1] - x_mean).hypot(it[2] - y_mean)).fold(0.0, f64::max);
    if radius > STANDING_RADIUS_M {
        return false;
    }
    let spread: f64 = local.iter().map(|it| (it[0] - t_mean).powi(2)).sum();
    let slope = |axis: usize, middle: f64| {
        local.iter().map(|it| (it[0] - t_mean) * (it[axis] - middle)).sum::<f64>() / spread
    };
    let (vx, vy) = (slope(1, x_mean), slope(2, y_mean));
    let left_over: f64 = local
        .iter()
        .map(|it| {
            let t = it[0] - t_mean;
            (it[1] - x_mean - vx * t).powi(2) + (it[2] - y_mean - vy * t).powi(2)
        })
        .sum();
    let error = if count > 2.0 { (left_over / (2.0 * count - 4.0) / spread).sqrt() } else { 0.0 };
    vx.hypot(vy) < STANDING_M_S.max(SIGNIFICANT * error)
}

/// Metres driven from the start of the leg to each fix; never decreasing.
fn driven(leg: &[Placed], standing: &[bool]) -> Vec<f64> {
    let (mut sum, mut farthest) = (0.0, 0.0);
    let mut driven = vec![0.0];
    for rank in 1..leg.len() {
        if !standing[rank - 1] && !standing[rank] {
            sum += step(leg, rank);
            farthest = f64::max(farthest, sum);
        }
        driven.push(farthest);
    }
    driven
}

/// How far the vehicle went from the fix before `rank` to it. A step shorter than the baseline is
/// measured along the way the vehicle goes: noise across it does not add up, noise along it cancels.
fn step(leg: &[Placed], rank: usize) -> f64 {
    let (a, b) = (leg[rank - 1].at, leg[rank].at);
    let plain = a.distance(b).get();
    if plain >= BASELINE_M {
        return plain;
    }
    let Some((low, high)) = baseline(leg, rank - 1, rank) else { return 0.0 };
    let (from, to) = (leg[low].at, leg[high].at);
    ((b.x - a.x) * (to.x - from.x) + (b.y - a.y) * (to.y - from.y)) / from.distance(to).get()
}

/// Widens a stretch of fixes on both sides until its ends lie far enough apart.
fn baseline(leg: &[Placed], mut low: usize, mut high: usize) -> Option<(usize, usize)> {
    while leg[low].at.distance(leg[high].at).get() < BASELINE_M {
        if low == 0 && high + 1 == leg.len() {
            return None;
        }
        low = low.saturating_sub(1);
        high = (high + 1).min(leg.len() - 1);
    }
    Some((low, high))
}

/// Degrees clockwise from the north of the grid, from one fix to another.
fn bearing(leg: &[Placed], (low, high): (usize, usize)) -> f64 {
    let (a, b) = (leg[low].at, leg[high].at);
    (b.x - a.x).atan2(b.y - a.y).to_degrees().rem_euclid(360.0)
}

fn speed(leg: &[Placed], (low, high): (usize, usize)) -> f64 {
    leg[low].at.distance(leg[high].at).get() / (leg[high].time - leg[low].time).get()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn leg(points: impl IntoIterator<Item = (f64, f64, f64)>) -> Vec<Placed> {
        let fix = |(rank, (time, x, y)): (usize, (f64, f64, f64))| Placed {
            rank,
            time: Seconds::of(time),
            wgs84: Wgs84::new(1.4, 43.6).unwrap(),
            at: PlanePoint { x: 574_000.0 + x, y: 6_279_000.0 + y },
        };
        points.into_iter().enumerate().map(fix).collect()
    }

    fn drive(points: impl IntoIterator<Item = (f64, f64, f64)>) -> Vec<Pose> {
        poses(&leg(points), Metres::ZERO).unwrap()
    }

    /// A metre or so of noise that repeats nothing for a while.
    fn wander(second: i32) -> (f64, f64) {
        let s = f64::from(second);
        ((s * 2.4).sin() * 1.3, (s * 1.7 + 1.0).cos() * 1.3)
    }

    #[test]
    fn standing_for_a_minute_adds_no_distance() {
        let points = (0..120).map(|second| {
            let (dx, dy) = wander(second);
            (f64::from(second), f64::from((second - 60).max(0)) * 10.0 + dx, dy)
        });
        let poses = drive(points);
        assert!(poses[57].travelled.get() < 0.01, "{:?}", poses[57].travelled);
        assert!(poses[30].speed_m_s < f64::EPSILON);
        // Facing the way it will leave, east.
        assert!((poses[30].bearing_deg - 90.0).abs() < 20.0, "{}", poses[30].bearing_deg);
        let total = poses[119].travelled.get();
        assert!((total - 590.0).abs() < 8.0, "{total}");
    }

    #[test]
    fn a_stop_keeps_the_last_bearing() {
        let points = (0..60).map(|second| {
            let (dx, dy) = if second > 10 { wander(second) } else { (0.0, 0.0) };
            (f64::from(second), dx, f64::from(second.min(10)) * -8.0 + dy)
        });
        let poses = drive(points);
        assert!((poses[50].bearing_deg - 180.0).abs() < 25.0, "{}", poses[50].bearing_deg);
        let total = poses[59].travelled.get();
        assert!((total - 80.0).abs() < 5.0, "{total}");
    }

    #[test]
    fn ten_fixes_a_second_measure_the_same_way_as_one() {
        // 14 m/s with 20 cm of noise on each fix.
        for rate in [1, 10] {
            let points = (0..=60 * rate).map(|it| {
                let seconds = f64::from(it) / f64::from(rate);
                let (dx, dy) = wander(it);
                (seconds, seconds * 14.0 + dx * 0.15, dy * 0.15)
            });
            let total = drive(points).last().unwrap().travelled.get();
            assert!((total - 840.0).abs() < 6.0, "{rate} a second: {total}");
        }
    }

    #[test]
    fn a_tight_roundabout_is_driven_not_stood() {
        // Radius 9 m at 6 m/s, three times round.
        let points = (0..28).map(|second| {
            let angle = f64::from(second) * 6.0 / 9.0;
            (f64::from(second), angle.sin() * 9.0, angle.cos() * 9.0)
        });
        let total = drive(points).last().unwrap().travelled.get();
        // Chords of 6 m cut an arc of that radius by 2 %.
        assert!((total - 3.0 * TAU * 9.0 * 27.0 * 6.0 / 169.6).abs() < 6.0, "{total}");
    }

    #[test]
    fn a_leg_that_never_moves_has_no_bearing() {
        let points = (0..20).map(|it| (f64::from(it), wander(it).0, wander(it).1));
        assert!(poses(&leg(points), Metres::ZERO).is_none());
    }
}
