//! Physical checks of a track: what cannot be true is left out, what is not known is not guessed.

use super::motion::{Placed, poses};
use super::track::CleanTrack;
use crate::domain::{
    Finding, FindingKind, Fix, Metres, Plane, Projector, Reported, Track, TrackLimits, Wgs84,
};

/// Wandering of a receiver that no speed explains.
///
/// Chosen: at ten fixes a second, 3 m of noise alone make 30 m/s; twice the usual accuracy of a
/// telephone under open sky.
const NOISE_M: f64 = 10.0;

/// Hardest braking or cornering, metres per second squared.
///
/// Chosen: 1 g, more than tyres hold on dry asphalt.
const MAX_ACCELERATION: f64 = 10.0;

/// A run of fixes up to this long that leaves the track and comes back is an outlier, whatever
/// their pace.
///
/// Chosen: loggers at one fix in five seconds lose three fixes under a bridge.
const OUTLIER_RUN: usize = 3;

/// Jumps told one by one; the rest are counted.
///
/// Chosen: more than anyone reads.
const MAX_JUMPS: usize = 100;

/// Fixes at 0, 0 within this many degrees are a receiver without a fix.
///
/// Chosen: a kilometre of open sea; the nearest road is over 500 km away.
const NULL_ISLAND_DEG: f64 = 0.01;

/// Leaves out what cannot be true, cuts where the vehicle's place is not known, and works out how
/// the vehicle moved. `name` names the track in findings.
///
/// A lone outlier is dropped; a jump that lasts cuts the track, as does a gap. Both are findings
/// of kind [`FindingKind::TrackJump`]; gaps are in [`CleanTrack::gaps`], to be told with the
/// number of frames that they cost. A leg on which the vehicle never moves has no bearing and is
/// part of the gap around it.
pub fn clean(
    track: &Track,
    plane: Plane,
    limits: &TrackLimits,
    name: &str,
) -> Reported<CleanTrack> {
    let mut findings = Vec::new();
    let placed = placed(track.fixes(), plane, name, &mut findings);
    let kept = without_jumps(&placed, limits, name, &mut findings);
    let mut legs = Vec::new();
    let mut travelled = Metres::ZERO;
    for leg in kept.chunk_by(|a, b| !b.1 && follows(&a.0, &b.0, limits)) {
        let leg: Vec<Placed> = leg.iter().map(|it| it.0).collect();
        if let Some(leg) = poses(&leg, travelled) {
            travelled = leg[leg.len() - 1].travelled;
            legs.push(leg);
        }
    }
    if legs.is_empty() && !placed.is_empty() {
        let why = format!(
            "none of its {} fixes belongs to a stretch on which the vehicle moves by 5 m",
            placed.len()
        );
        findings.push(Finding::loss(name, FindingKind::TrackUnreadable { why }));
    }
    Reported { value: CleanTrack::new(legs), findings }
}

/// The fixes that lie where the projection is meant for.
fn placed(fixes: &[Fix], plane: Plane, name: &str, findings: &mut Vec<Finding>) -> Vec<Placed> {
    let projector = Projector::new(plane);
    let mut kept = Vec::with_capacity(fixes.len());
    let (mut nowhere, mut elsewhere) = (Vec::new(), Vec::new());
    for (rank, fix) in (1..).zip(fixes) {
        match projector.project(fix.position) {
            Some(at) => kept.push(Placed { rank, time: fix.time, wgs84: fix.position, at }),
            None if is_null_island(fix.position) => nowhere.push((rank, fix.position)),
            None => elsewhere.push((rank, fix.position)),
        }
    }
    let expected = "positions in the plane of the network";
    for refused in [nowhere, elsewhere] {
        if let Some((row, first)) = refused.first() {
            let found = format!(
                "{} fix(es) outside, the first near longitude {:.1}, latitude {:.1}",
                refused.len(),
                first.longitude(),
                first.latitude()
            );
            findings.push(Finding::loss(name, FindingKind::BadFix { row: *row, found, expected }));
        }
    }
    kept
}

fn is_null_island(position: Wgs84) -> bool {
    position.longitude().abs() < NULL_ISLAND_DEG && position.latitude().abs() < NULL_ISLAND_DEG
}

/// Fixes that can be true together, each with whether the track is cut just before it.
fn without_jumps(
    fixes: &[Placed],
    limits: &TrackLimits,
    name: &str,
    findings: &mut Vec<Finding>,
) -> Vec<(Placed, bool)> {
    let mut kept: Vec<(Placed, bool)> = Vec::with_capacity(fixes.len());
    let mut n_jumps = 0;
    let mut next = 0;
    while let Some(here) = fixes.get(next) {
        let last = kept.last().map(|it| it.0);
        let verdict = last.map_or(Verdict::Keep, |last| judge(&last, &fixes[next..], limits));
        if let (Some(last), Verdict::Drop(_) | Verdict::Cut) = (last, verdict) {
            n_jumps += 1;
            if n_jumps <= MAX_JUMPS {
                let distance = last.at.distance(here.at);
                let seconds = here.time - last.time;
                let kind = FindingKind::TrackJump { at: here.time, distance, seconds };
                findings.push(Finding::loss(name, kind));
            }
        }
        if let Verdict::Drop(count) = verdict {
            next += count;
        } else {
            kept.push((*here, verdict == Verdict::Cut));
            next += 1;
        }
    }
    if n_jumps > MAX_JUMPS {
        let found = format!("{} more jumps", n_jumps - MAX_JUMPS);
        let expected = "fixes that a road vehicle can reach one from another";
        let row = kept.last().map_or(0, |it| it.0.rank);
        findings.push(Finding::loss(name, FindingKind::BadFix { row, found, expected }));
    }
    kept
}

#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Keep,
    /// Leave out this many fixes: they leave the track, which then goes on.
    Drop(usize),
    /// Keep, but nothing joins it to what came before.
    Cut,
}

/// What to do with the first fix of `rest`, after `last`.
fn judge(last: &Placed, rest: &[Placed], limits: &TrackLimits) -> Verdict {
    let here = &rest[0];
    if reachable(last, here, limits) {
        return if is_spike(last, rest, limits) { Verdict::Drop(1) } else { Verdict::Keep };
    }
    // How many fixes agree with this one before the track leaves them?
    let lasts =
        |run: usize| run <= OUTLIER_RUN || rest[run - 1].time - last.time <= limits.max_gap_s;
    let run = (1..rest.len())
        .take_while(|run| lasts(*run))
        .find(|run| !reachable(&rest[run - 1], &rest[*run], limits));
    match run {
        Some(run) if lasts(run) && reachable(last, &rest[run], limits) => Verdict::Drop(run),
        _ => Verdict::Cut,
    }
}

/// Whether a road vehicle gets from one fix to the next in time.
fn reachable(a: &Placed, b: &Placed, limits: &TrackLimits) -> bool {
    let seconds = (b.time - a.time).get();
    a.at.distance(b.at).get() <= limits.max_speed_m_s * seconds + NOISE_M
}

/// Whether the first fix of `rest` leaves the way from `last` to the one after it by more than
/// grip allows, and the way is plain without it.
fn is_spike(last: &Placed, rest: &[Placed], limits: &TrackLimits) -> bool {
    let [here, after, ..] = rest else { return false };
    let near =
        here.time - last.time <= limits.max_gap_s && after.time - here.time <= limits.max_gap_s;
    near && reachable(last, after, limits)
        && is_astray(last, here, after)
        && rest
            .get(2)
            .is_none_or(|then| reachable(after, then, limits) && !is_astray(last, after, then))
}

/// Whether a fix lies farther from the way between its neighbours than grip allows.
fn is_astray(before: &Placed, here: &Placed, after: &Placed) -> bool {
    let (first, second) = ((here.time - before.time).get(), (after.time - here.time).get());
    let part = first / (first + second);
    let x = before.at.x + (after.at.x - before.at.x) * part;
    let y = before.at.y + (after.at.y - before.at.y) * part;
    let away = (here.at.x - x).hypot(here.at.y - y);
    away > NOISE_M + 0.5 * MAX_ACCELERATION * first * second
}

/// Whether nothing is missing between two fixes.
fn follows(a: &Placed, b: &Placed, limits: &TrackLimits) -> bool {
    b.time - a.time <= limits.max_gap_s && a.at.distance(b.at) <= limits.max_gap_m
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{PlanePoint, Seconds};
    use proptest::prelude::*;
    use std::path::Path;

    pub fn limits() -> TrackLimits {
        let (max_gap_s, max_gap_m) = (Seconds::of(3.0), Metres::of(50.0));
        TrackLimits { max_speed_m_s: 70.0, max_gap_s, max_gap_m }
    }

    /// Fixes from seconds and metres east and north of a place near Toulouse.
    pub fn track(points: impl IntoIterator<Item = (f64, f64, f64)>) -> Track {
        let projector = Projector::new(Plane::LAMBERT_93);
        let fix = |(time, x, y): (f64, f64, f64)| Fix {
            time: Seconds::of(time),
            position: projector.unproject(PlanePoint { x: 574_000.0 + x, y: 6_279_000.0 + y }),
        };
        Track::new(points.into_iter().map(fix).collect())
    }

    /// A real drive of 60 s and 1,012 m in San Francisco, moved near Toulouse: seconds, metres east
    /// and north of its start. Nothing where the files are not at hand.
    pub fn real_drive(name: &str) -> Option<Vec<(f64, f64, f64)>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/field");
        let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
            eprintln!("skipped: ../shared/data is absent");
            return None;
        };
        let point = |line: &str| {
            let numbers: Vec<f64> = line.split(',').map(|it| it.parse().unwrap()).collect();
            let (east, north) = (numbers[2] + 122.472_299_09, numbers[1] - 37.721_000_01);
            // Metres in a degree of longitude and of latitude there, on WGS 84.
            (numbers[0], east * 88_190.0, north * 110_996.0)
        };
        Some(text.lines().skip(1).map(point).collect())
    }

    /// East at 15 m/s, one fix a second, displaced by `shift(second)`.
    fn east(seconds: i32, shift: impl Fn(i32) -> (f64, f64)) -> Track {
        track((0..seconds).map(|it| {
            let (dx, dy) = shift(it);
            (f64::from(it), f64::from(it) * 15.0 + dx, dy)
        }))
    }

    fn jumps(reported: &Reported<CleanTrack>) -> Vec<(f64, i64)> {
        let jump = |it: &Finding| match it.kind {
            #[expect(clippy::cast_possible_truncation, reason = "some kilometres")]
            FindingKind::TrackJump { at, distance, .. } => {
                Some((at.get(), distance.get().round() as i64))
            }
            _ => None,
        };
        reported.findings.iter().filter_map(jump).collect()
    }

    #[test]
    fn a_plain_drive_is_one_leg() {
        let got = clean(&east(60, |_| (0.0, 0.0)), Plane::LAMBERT_93, &limits(), "t.gpx");
        assert!(got.findings.is_empty(), "{:?}", got.findings);
        assert!(got.value.gaps().is_empty());
        assert!((got.value.travelled().get() - 885.0).abs() < 0.01);
        let pose = got.value.at(Seconds::of(30.5)).unwrap();
        assert!((pose.bearing_deg - 90.0).abs() < 1e-6 && (pose.speed_m_s - 15.0).abs() < 1e-6);
        assert!((pose.projected.x - 574_457.5).abs() < 1e-6, "{pose:?}");
    }

    #[test]
    fn a_lone_outlier_is_dropped_and_told() {
        // One fix 5 km away; then three of them; then one 40 m aside, slower than 70 m/s.
        for (from, until, away, want) in
            [(30, 31, 5000.0, 5000), (30, 33, 5000.0, 5000), (30, 31, 40.0, 43)]
        {
            let shift = |it| if (from..until).contains(&it) { (0.0, away) } else { (0.0, 0.0) };
            let (max_gap_s, max_gap_m) = (Seconds::of(5.0), Metres::of(80.0));
            let wide = TrackLimits { max_gap_s, max_gap_m, ..limits() };
            let got = clean(&east(60, shift), Plane::LAMBERT_93, &wide, "t.gpx");
            assert_eq!(jumps(&got), [(30.0, want)], "{away}");
            assert!(got.value.gaps().is_empty());
            assert!((got.value.travelled().get() - 885.0).abs() < 0.1, "{away}");
            let there = got.value.at(Seconds::of(30.0)).unwrap().projected;
            assert!((there.y - 6_279_000.0).abs() < 0.1, "{there:?}");
        }
    }

    #[test]
    fn a_jump_that_lasts_cuts_the_track() {
        for away in [5000.0, 110.0] {
            let shift = |it| if it >= 30 { (0.0, away) } else { (0.0, 0.0) };
            let got = clean(&east(60, shift), Plane::LAMBERT_93, &limits(), "t.gpx");
            assert_eq!(jumps(&got).len(), 1, "{away}");
            assert_eq!(got.value.gaps().len(), 1);
            let gap = got.value.gaps()[0];
            assert_eq!((gap.from.get(), gap.to.get()), (29.0, 30.0));
            assert!(got.value.at(Seconds::of(29.5)).is_none());
            // 29 steps on each side; the jump is not driven.
            assert!((got.value.travelled().get() - 58.0 * 15.0).abs() < 0.1);
        }
    }

    #[test]
    fn a_wrong_first_or_last_fix_is_left_out() {
        for wrong in [0, 59] {
            let shift = |it| if it == wrong { (0.0, 900.0) } else { (0.0, 0.0) };
            let got = clean(&east(60, shift), Plane::LAMBERT_93, &limits(), "t.gpx");
            assert_eq!(jumps(&got).len(), 1);
            assert!((got.value.travelled().get() - 58.0 * 15.0).abs() < 0.1);
            assert!(got.value.at(Seconds::of(f64::from(wrong))).is_none());
        }
    }

    #[test]
    fn ten_seconds_of_silence_are_not_bridged() {
        let points = (0..60).filter(|it| !(20..30).contains(it));
        let silent = track(points.map(|it| (f64::from(it), f64::from(it) * 15.0, 0.0)));
        let got = clean(&silent, Plane::LAMBERT_93, &limits(), "t.gpx");
        assert!(got.findings.is_empty());
        let gap = got.value.gaps()[0];
        assert_eq!((gap.from.get(), gap.to.get()), (19.0, 30.0));
        assert!((gap.distance.get() - 165.0).abs() < 0.01);
        assert!(got.value.at(Seconds::of(25.0)).is_none());
        assert!((got.value.travelled().get() - (19.0 + 29.0) * 15.0).abs() < 0.01);
    }

    #[test]
    fn null_island_and_other_continents_are_told_once_each() {
        let mut fixes = east(60, |_| (0.0, 0.0)).fixes().to_vec();
        for (rank, (longitude, latitude)) in
            [(3, (0.0, 0.0)), (4, (0.0, 0.0)), (40, (-122.4, 37.7))]
        {
            fixes[rank].position = Wgs84::new(longitude, latitude).unwrap();
        }
        let got = clean(&Track::new(fixes), Plane::LAMBERT_93, &limits(), "t.gpx");
        let rows: Vec<_> = got.findings.iter().map(|it| &it.kind).collect();
        assert!(
            matches!(rows[0], FindingKind::BadFix { row: 4, found, .. } if found.starts_with("2 fix"))
        );
        assert!(matches!(rows[1], FindingKind::BadFix { row: 41, .. }));
        assert_eq!(rows.len(), 2);
        assert!((got.value.travelled().get() - 885.0).abs() < 0.1);
    }

    #[test]
    fn a_parked_vehicle_gives_no_track_and_says_so() {
        let got = clean(
            &track((0..60).map(|it| (f64::from(it), 0.0, 0.0))),
            Plane::LAMBERT_93,
            &limits(),
            "t.gpx",
        );
        assert_eq!(got.value.span(), None);
        assert!(matches!(got.findings[0].kind, FindingKind::TrackUnreadable { .. }));
        assert_eq!(
            clean(&Track::default(), Plane::LAMBERT_93, &limits(), "t.gpx"),
            Reported::default()
        );
    }

    #[test]
    fn a_real_drive_is_as_long_by_every_receiver() {
        let mut truth = None;
        for name in ["drive-truth.csv", "drive-gnss-ublox.csv", "drive-gnss-qcom.csv"] {
            let Some(points) = real_drive(name) else { return };
            let got = clean(&track(points.iter().copied()), Plane::LAMBERT_93, &limits(), name);
            assert!(got.findings.is_empty(), "{name}: {:?}", got.findings);
            assert!(got.value.gaps().is_empty(), "{name}: {:?}", got.value.gaps());
            // The receivers miss the first seconds: compare over the time they share.
            let (from, to) = got.value.span().unwrap();
            let truth = truth.get_or_insert_with(|| got.value.clone());
            let want = truth.travelled_between(from, to).get();
            let metres = got.value.travelled().get();
            assert!((metres - want).abs() < 15.0, "{name}: {metres} instead of {want}");
        }
        let whole = truth.unwrap().travelled().get();
        assert!((whole - 1012.0).abs() < 3.0, "{whole}");
    }

    proptest! {
        #[test]
        fn no_track_is_driven_farther_than_its_steps(
            steps in prop::collection::vec((0.05..6.0_f64, -90.0..90.0_f64, -90.0..90.0_f64), 0..60),
        ) {
            let (mut time, mut x, mut y, mut sum) = (0.0, 0.0, 0.0, 0.0);
            let points: Vec<_> = steps.iter().map(|(dt, dx, dy)| {
                (time, x, y) = (time + dt, x + dx, y + dy);
                sum += dx.hypot(*dy);
                (time, x, y)
            }).collect();
            let got = clean(&track(points), Plane::LAMBERT_93, &limits(), "t.gpx").value;
            prop_assert!(got.travelled().get() <= sum + 1e-6);
            for gap in got.gaps() {
                let inside = gap.from + gap.seconds() * 0.5;
                prop_assert!(got.at(inside).is_none());
            }
        }
    }
}
