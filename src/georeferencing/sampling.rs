//! Which frames to take: one every so many metres, not every so many seconds.

use super::grid::CELL_M;
use super::track::{CleanTrack, Gap, Pose};
use crate::domain::{Finding, FindingKind, Metres, Seconds, Snap};

/// Frames filmed for less than this before the first fix or after the last go untold.
///
/// Chosen: a receiver at one fix a second always misses part of the second at each end.
const EDGE_S: f64 = 3.0;

/// The frames taken from a clip, and where the vehicle was at each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen {
    /// Rank of each frame in the clip, increasing, with the true pose of that very frame.
    pub picks: Vec<(u64, Pose)>,
    /// Frames of the clip at whose time the track says nothing.
    pub n_without_place: usize,
}

/// A frame that may be taken.
#[derive(Clone, Copy)]
struct Eligible {
    rank: usize,
    pose: Pose,
}

/// Takes one frame every `every` metres travelled, the nearest in distance to each mark.
///
/// `frames` are the times from the start of the clip, increasing, and `starts` is when that was.
/// A vehicle that stands gives one frame. Sampling starts anew after a gap, unless the vehicle has
/// barely moved. A leg shorter than a group of pictures may hold no keyframe and so give none.
///
/// # Panics
///
/// When `every` is not positive, or `keyframes` is not as long as `frames`.
#[must_use]
pub fn choose(
    frames: &[Seconds],
    keyframes: &[bool],
    starts: Seconds,
    track: &CleanTrack,
    every: Metres,
    snap: Snap,
) -> Chosen {
    assert!(every > Metres::ZERO, "{every} between frames");
    assert_eq!(frames.len(), keyframes.len(), "one mark for each frame");
    let mut chosen = Chosen::default();
    let mut leg: Vec<Eligible> = Vec::new();
    let mut current = None;
    let mut driven = (Metres::ZERO, Metres::ZERO);
    for (rank, (time, keyframe)) in frames.iter().zip(keyframes).enumerate() {
        let Some((leg_rank, pose)) = track.leg_and_pose(starts + *time) else {
            chosen.n_without_place += 1;
            continue;
        };
        if current != Some(leg_rank) {
            take(&leg, driven, every, &mut chosen.picks);
            leg.clear();
            current = Some(leg_rank);
            driven.0 = pose.travelled;
        }
        driven.1 = pose.travelled;
        if *keyframe || snap == Snap::Exact {
            leg.push(Eligible { rank, pose });
        }
    }
    take(&leg, driven, every, &mut chosen.picks);
    chosen
}

/// Takes from one leg, filmed from and to these metres travelled, the frame nearest to each mark,
/// once.
fn take(
    leg: &[Eligible],
    (first, end): (Metres, Metres),
    every: Metres,
    picks: &mut Vec<(u64, Pose)>,
) {
    if leg.is_empty() {
        return;
    }
    let before = picks.last().map(|it| it.1);
    let marks = (0_u32..).map(|it| first + every * f64::from(it));
    let mut last = None;
    for mark in marks.take_while(|mark| *mark <= end) {
        let rank = nearest(leg, mark);
        if last == Some(rank) {
            continue;
        }
        let Eligible { rank: frame, pose } = leg[rank];
        let repeated = last.is_none()
            && before.is_some_and(|it| it.projected.distance(pose.projected) < every * 0.5);
        if !repeated {
            picks.push((frame as u64, pose));
        }
        last = Some(rank);
    }
}

/// The frame nearest to a mark; of several at one place, or of two as near, the first.
fn nearest(leg: &[Eligible], mark: Metres) -> usize {
    let reaching = |metres: Metres| leg.partition_point(|it| it.pose.travelled < metres);
    let after = reaching(mark);
    let Some(short) = after.checked_sub(1) else { return after };
    let before = reaching(leg[short].pose.travelled);
    match leg.get(after) {
        Some(it) if it.pose.travelled - mark < mark - leg[before].pose.travelled => after,
        _ => before,
    }
}

/// Steps between successive frames of one stretch that leave cells of road whole in no frame, when
/// each sees `sight` metres of road.
#[must_use]
pub fn far_apart(picks: &[(u64, Pose)], sight: Metres, place: &str) -> Option<Finding> {
    /// Past the longest step that shows every cell whole.
    ///
    /// Chosen: frames are some decimetres off their marks at the speeds of a patrol.
    const SLACK_M: f64 = 1.0;
    let at_most = sight - Metres::of(CELL_M) + Metres::of(SLACK_M);
    let steps = picks.windows(2).map(|pair| {
        let driven = pair[1].1.travelled - pair[0].1.travelled;
        // Over a gap the distance driven stands still: the gap is told as such.
        let gap = pair[0].1.projected.distance(pair[1].1.projected) > driven + Metres::of(CELL_M);
        if gap { Metres::ZERO } else { driven }
    });
    let wide: Vec<Metres> = steps.filter(|it| *it > at_most).collect();
    let widest = wide.iter().copied().fold(Metres::ZERO, Metres::max);
    let kind = FindingKind::FramesFarApart { n_steps: wide.len(), widest, at_most };
    // What it costs is told section by section; this says why.
    (!wide.is_empty()).then(|| Finding::note(place, kind))
}

/// One finding for each stretch of the clip at which the track says nothing: its gaps, and what
/// was filmed well before its first fix or after its last.
#[must_use]
pub fn silences(
    frames: &[Seconds],
    starts: Seconds,
    track: &CleanTrack,
    place: &str,
) -> Vec<Finding> {
    let (Some(last), Some(span)) = (frames.last(), track.span()) else { return Vec::new() };
    let edge = |from: Seconds, to: Seconds| {
        let long = to - from > Seconds::of(EDGE_S);
        long.then_some(Gap { from, to, distance: Metres::ZERO })
    };
    let before = edge(starts, span.0.min(starts + *last));
    let after = edge(span.1.max(starts), starts + *last);
    let told = before.iter().chain(track.gaps()).chain(&after).filter_map(|gap| {
        let start = frames.partition_point(|it| starts + *it < gap.from);
        let end = frames.partition_point(|it| starts + *it <= gap.to);
        // The ends of a gap have a place of their own; those of the clip have none.
        let hidden = |it: &&Seconds| track.at(starts + **it).is_none();
        let n_frames = frames[start..end.max(start)].iter().filter(hidden).count();
        let (at, seconds, distance) = (gap.from, gap.seconds(), gap.distance);
        let kind = FindingKind::TrackGap { at, seconds, distance, n_frames };
        (n_frames > 0).then(|| Finding::loss(place, kind))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{PlanePoint, Wgs84};
    use proptest::prelude::*;

    /// Legs of (time, metres travelled), eastwards; the east is the metres travelled plus `ahead`.
    fn track(legs: &[(f64, &[(f64, f64)])]) -> CleanTrack {
        let pose = |ahead: f64, (time, metres): (f64, f64)| Pose {
            time: Seconds::of(time),
            wgs84: Wgs84::new(1.4, 43.6).unwrap(),
            projected: PlanePoint { x: metres + ahead, y: 0.0 },
            bearing_deg: 90.0,
            speed_m_s: 10.0,
            travelled: Metres::of(metres),
        };
        let leg = |(ahead, points): &(f64, &[(f64, f64)])| {
            points.iter().map(|it| pose(*ahead, *it)).collect()
        };
        CleanTrack::new(legs.iter().map(leg).collect())
    }

    /// Ten frames a second, every twelfth a keyframe.
    fn clip(seconds: u32) -> (Vec<Seconds>, Vec<bool>) {
        let ranks = 0..seconds * 10;
        let times = ranks.clone().map(|it| Seconds::of(f64::from(it) / 10.0)).collect();
        (times, ranks.map(|it| it % 12 == 0).collect())
    }

    fn picked(seconds: u32, track: &CleanTrack, every: f64, snap: Snap) -> (Vec<u64>, Vec<f64>) {
        let (frames, keyframes) = clip(seconds);
        let start = Seconds::of(1000.0);
        let got = choose(&frames, &keyframes, start, track, Metres::of(every), snap);
        let metres = got.picks.iter().map(|it| it.1.travelled.get()).collect();
        (got.picks.iter().map(|it| it.0).collect(), metres)
    }

    #[test]
    fn metres_are_counted_and_not_seconds() {
        // 10 m/s for 2 s, standing 60 s, 5 m/s for 4 s.
        let track =
            track(&[(0.0, &[(1000.0, 0.0), (1002.0, 20.0), (1062.0, 20.0), (1066.0, 40.0)])]);
        let (ranks, metres) = picked(70, &track, 5.0, Snap::Exact);
        assert_eq!(ranks, [0, 5, 10, 15, 20, 630, 640, 650, 660]);
        for (metres, want) in metres.iter().zip((0..).map(|it| f64::from(it) * 5.0)) {
            assert!((metres - want).abs() < 1e-6, "{metres} {want}");
        }
        let (frames, keyframes) = clip(70);
        let got =
            choose(&frames, &keyframes, Seconds::of(1000.0), &track, Metres::of(5.0), Snap::Exact);
        assert_eq!(got.n_without_place, 700 - 661);
    }

    #[test]
    fn the_nearest_keyframe_is_taken_once_with_its_own_place() {
        let track = track(&[(0.0, &[(1000.0, 0.0), (1010.0, 100.0)])]);
        // Keyframes every 12 m: marks at 0, 20, 40... fall between them.
        let (ranks, metres) = picked(11, &track, 20.0, Snap::Keyframe);
        assert_eq!(ranks, [0, 24, 36, 60, 84, 96]);
        assert!((metres[1] - 24.0).abs() < 1e-9, "{metres:?}");
        // Marks closer than keyframes take each keyframe once.
        let (ranks, _) = picked(11, &track, 5.0, Snap::Keyframe);
        assert_eq!(ranks, [0, 12, 24, 36, 48, 60, 72, 84, 96]);
    }

    #[test]
    fn steps_that_leave_cells_unseen_are_told() {
        let track = track(&[(0.0, &[(1000.0, 0.0), (1010.0, 100.0)])]);
        let (frames, keyframes) = clip(11);
        let told = |snap| {
            let start = Seconds::of(1000.0);
            let got = choose(&frames, &keyframes, start, &track, Metres::of(5.0), snap);
            far_apart(&got.picks, Metres::of(10.0), "clip").map(|it| it.kind)
        };
        assert_eq!(told(Snap::Exact), None);
        let (widest, at_most) = (Metres::of(12.0), Metres::of(6.0));
        let Some(FindingKind::FramesFarApart { n_steps, widest: got, at_most: limit }) =
            told(Snap::Keyframe)
        else {
            panic!("nothing told")
        };
        assert_eq!((n_steps, limit), (8, at_most));
        assert!((got - widest).get().abs() < 1e-6, "{got}");
    }

    #[test]
    fn sampling_starts_anew_after_a_gap() {
        let first: &[(f64, f64)] = &[(1000.0, 0.0), (1002.3, 23.0)];
        // 150 m farther on after ten seconds of silence.
        let gap = track(&[(0.0, first), (150.0, &[(1012.0, 23.0), (1014.0, 43.0)])]);
        assert_eq!(picked(20, &gap, 10.0, Snap::Exact).0, [0, 10, 20, 120, 130, 140]);
        // The receiver slept at a red light: the same place is not taken twice.
        let light = track(&[(0.0, first), (0.5, &[(1012.0, 23.0), (1014.0, 43.0)])]);
        assert_eq!(picked(20, &light, 10.0, Snap::Exact).0, [0, 10, 20, 130, 140]);
    }

    #[test]
    fn hidden_frames_are_told_with_their_gap() {
        let track = track(&[
            (0.0, &[(1000.0, 0.0), (1002.0, 20.0)]),
            (9.0, &[(1012.0, 20.0), (1014.0, 40.0)]),
        ]);
        let got = silences(&clip(16).0, Seconds::of(1000.0), &track, "clip");
        let want = FindingKind::TrackGap {
            at: Seconds::of(1002.0),
            seconds: Seconds::of(10.0),
            distance: Metres::of(9.0),
            n_frames: 99,
        };
        assert_eq!(got, [Finding::loss("clip", want)]);
        let (frames, _) = clip(20);
        let spans = |start: f64| -> Vec<_> {
            let told = silences(&frames, Seconds::of(start), &track, "clip");
            let span = |it: Finding| match it.kind {
                FindingKind::TrackGap { at, seconds, n_frames, .. } => {
                    (at.get(), seconds.get().round(), n_frames)
                }
                other => panic!("{other:?}"),
            };
            told.into_iter().map(span).collect()
        };
        // The clip starts ten seconds before the track; ends ten after; misses it by far.
        assert_eq!(spans(990.0), [(990.0, 10.0, 100), (1002.0, 10.0, 79)]);
        assert_eq!(spans(1004.0), [(1002.0, 10.0, 80), (1014.0, 10.0, 99)]);
        assert_eq!(spans(2000.0), [(2000.0, 20.0, 200)]);
    }

    #[test]
    fn a_clip_elsewhere_in_time_gives_nothing() {
        let (frames, keyframes) = clip(3);
        let track = track(&[(0.0, &[(1000.0, 0.0), (1002.0, 20.0)])]);
        let got = choose(&frames, &keyframes, Seconds::ZERO, &track, Metres::of(5.0), Snap::Exact);
        assert_eq!((got.picks.len(), got.n_without_place), (0, 30));
        assert_eq!(
            choose(&[], &[], Seconds::ZERO, &track, Metres::of(5.0), Snap::Exact),
            Chosen::default()
        );
    }

    proptest! {
        #[test]
        fn picks_increase_and_lie_near_their_marks(
            speeds in prop::collection::vec(prop_oneof![Just(0.0), 0.5..40.0_f64], 1..20),
            every in 1.0..30.0_f64,
            keyframes in any::<bool>(),
        ) {
            let mut points = vec![(1000.0, 0.0)];
            for speed in &speeds {
                let (time, metres) = points[points.len() - 1];
                points.push((time + 1.0, metres + speed));
            }
            let snap = if keyframes { Snap::Keyframe } else { Snap::Exact };
            let (ranks, metres) = picked(20, &track(&[(0.0, &points)]), every, snap);
            prop_assert!(ranks.windows(2).all(|it| it[0] < it[1]));
            prop_assert!(metres.windows(2).all(|it| it[0] < it[1]), "{metres:?}");
            if snap == Snap::Exact {
                for metres in metres {
                    let off = metres - (metres / every).round() * every;
                    prop_assert!(off.abs() <= 2.0 + 1e-9, "{metres} of {every}");
                }
            }
        }
    }
}
