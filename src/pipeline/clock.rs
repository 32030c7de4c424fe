//! When each clip starts on the receiver's clock: what is given, what the file says, what its pictures show,
//! what the clips before and after it in one drive say.

use super::camera::camera_of;
use super::clip::ClipInput;
use super::kept::Kept;
use super::models::Models;
use super::survey::Progress;
use crate::detection::MotionView;
use crate::domain::{
    Camera, CameraSettings, ClockChoice, ClockSource, Network, RawFrame, Seconds, SeenMotion,
    SurveySettings,
};
use crate::georeferencing::{Ahead, Settled, clean, clip_start, settle_clocks};
use crate::ports::{FrameError, FrameSource};
use std::collections::VecDeque;
use std::sync::Arc;

/// Time between the two frames of a pair, and the longest that serves, seconds.
///
/// Chosen: at 20 m/s the road moves by 3 m, of the ten that are looked at.
const PAIR_S: (f64, f64) = (0.15, 0.26);

/// Time from a pair to the next, seconds.
///
/// Chosen: a track says no more than that.
const EVERY_S: f64 = 0.4;

/// Clips longer than this are not looked at all along, seconds.
///
/// Chosen: three minutes of driving hold turns and changes of speed; more costs decoding.
const WHOLE_S: f64 = 180.0;

/// They are in so many stretches of so many seconds, spread evenly.
///
/// Chosen: as long in all; half a minute holds a bend or a change of speed.
const STRETCHES: (u32, f64) = (6, 30.0);

/// Looks at every clip once: its date, its length, its motion when its clock is not given.
pub fn clocks(
    clips: impl Iterator<Item = ClipInput>,
    models: &Models<'_>,
    network: &Network,
    settings: &SurveySettings,
    kept: &mut Kept<'_>,
    progress: &dyn Progress,
) -> Vec<Settled> {
    let looked: Vec<Ahead> =
        clips.map(|it| look(it, models, network, settings, kept, progress)).collect();
    settle_clocks(&looked)
}

fn look(
    clip: ClipInput,
    models: &Models<'_>,
    network: &Network,
    settings: &SurveySettings,
    kept: &mut Kept<'_>,
    progress: &dyn Progress,
) -> Ahead {
    let name = Arc::clone(&clip.name);
    let mut ahead = Ahead {
        name: Arc::clone(&name),
        dated: None,
        offset: clip.clock_offset.unwrap_or(Seconds::ZERO),
        length: Seconds::ZERO,
        track_name: clip.track_name,
        track: None,
        seen: None,
    };
    // What cannot be opened is told when it is filmed.
    let (Ok(mut source), Ok(track)) = (clip.source, clip.track) else { return ahead };
    let plane = network.plane();
    let track = clean(&track.value, plane, &settings.track, &ahead.track_name).value;
    let timeline = source.timeline();
    let (Some(length), Some(span)) = (timeline.frames.last().copied(), track.span()) else {
        return ahead;
    };
    let ends = [span.0, span.1].map(|it| Some((it, track.at(it)?.projected)));
    let metadata = timeline.starts.map(|it| (it, ClockSource::Metadata));
    let mut dated = clip.start.or(metadata);
    if let (Some(offset), Some(dated)) = (clip.clock_offset, &mut dated) {
        *dated = (dated.0 + offset, ClockSource::SurveyFile);
    }
    let sure = matches!(dated, Some((_, ClockSource::SurveyFile | ClockSource::InsideVideo)));
    let wanted = match settings.clock {
        ClockChoice::Never => false,
        ClockChoice::Auto => !sure,
        ClockChoice::Always => true,
    };
    ahead.seen = wanted.then(|| {
        kept.clock_or_read(&clip.key, || {
            let camera = camera(&mut *source, &clip.camera, models, &name);
            let motion = motion(&mut *source, &camera, &name, progress);
            clip_start(&motion, dated.map(|it| it.0), &track)
        })
    });
    ahead.dated = dated;
    ahead.length = length;
    ahead.track = ends[0].zip(ends[1]).map(|(first, last)| [first, last]);
    ahead
}

/// The camera to look through: that of the survey file, its pitch from the lane when the file gives none.
fn camera(
    source: &mut dyn FrameSource,
    given: &CameraSettings,
    models: &Models<'_>,
    name: &str,
) -> Camera {
    if !given.pitch_unknown {
        return given.camera;
    }
    let every: Vec<u64> = (0..source.timeline().frames.len() as u64).collect();
    // What the lane tells is told when the clip is filmed.
    let found = camera_of(source, &every, given, models, name, &mut Vec::new());
    found.map_or(given.camera, |it| it.camera)
}

/// How the vehicle moves, by pairs of frames. Two frames are in memory at a time.
fn motion(
    source: &mut dyn FrameSource,
    camera: &Camera,
    name: &str,
    progress: &dyn Progress,
) -> Vec<SeenMotion> {
    let pairs = pairs(&source.timeline().frames);
    let mut ranks: Vec<u64> = pairs.iter().flat_map(|it| [it.0, it.1]).collect();
    ranks.sort_unstable();
    ranks.dedup();
    progress.clip(name, ranks.len());
    let mut waiting: VecDeque<(u64, MotionView)> = VecDeque::new();
    let mut left = pairs.iter().peekable();
    let mut seen = Vec::with_capacity(pairs.len());
    let mut take = |frame: Result<RawFrame, FrameError>| {
        progress.frame();
        let Ok(frame) = frame else { return true };
        let number = frame.stamp.number;
        let Some(view) = MotionView::of(frame.image(), camera, frame.stamp.at) else { return true };
        while let Some((first, second)) = left.peek().filter(|it| it.1 <= number) {
            while waiting.front().is_some_and(|it| it.0 < *first) {
                waiting.pop_front();
            }
            if let Some(before) = waiting.front().filter(|it| it.0 == *first && *second == number) {
                seen.push(view.since(&before.1));
            }
            left.next();
        }
        waiting.push_back((number, view));
        true
    };
    // What ends the clip early is told when it is filmed.
    let _told_later = source.decode(&ranks, &mut take);
    seen
}

/// Pairs of frames shortly apart, spread over a clip: all along, or in some stretches of a long one.
/// None when frames are too far apart.
fn pairs(frames: &[Seconds]) -> Vec<(u64, u64)> {
    let Some(length) = frames.last().map(|it| it.get()) else { return Vec::new() };
    let stretches: Vec<(f64, f64)> = if length <= WHOLE_S {
        vec![(0.0, length)]
    } else {
        let apart = (length - STRETCHES.1) / f64::from(STRETCHES.0 - 1);
        let stretch = |it| (f64::from(it) * apart, f64::from(it) * apart + STRETCHES.1);
        (0..STRETCHES.0).map(stretch).collect()
    };
    let rank_at = |time: f64| frames.partition_point(|it| it.get() < time - 1e-6);
    let mut pairs: Vec<(u64, u64)> = Vec::new();
    for (from, to) in stretches {
        let mut next = from;
        while next <= to {
            let first = rank_at(next);
            let Some(start) = frames.get(first).map(|it| it.get()) else { break };
            let near = rank_at(start + PAIR_S.0);
            // Of the two around the time sought, the nearer.
            let nearer = |it: &usize| (frames[*it].get() - start - PAIR_S.0).abs();
            let candidates = [near.saturating_sub(1).max(first + 1), near.max(first + 1)];
            let second = candidates
                .into_iter()
                .filter(|it| *it < frames.len())
                .min_by(|a, b| nearer(a).total_cmp(&nearer(b)));
            let second = second.filter(|it| frames[*it].get() - start <= PAIR_S.1);
            let fresh = pairs.last().is_none_or(|it| it.0 < first as u64);
            pairs.extend(second.filter(|_| fresh).map(|it| (first as u64, it as u64)));
            next = (next + EVERY_S).max(start + 0.5 * EVERY_S);
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(n_frames: u32, a_second: f64) -> Vec<Seconds> {
        (0..n_frames).map(|it| Seconds::of(f64::from(it) / a_second)).collect()
    }

    #[test]
    fn pairs_are_shortly_apart_and_spread() {
        let got = pairs(&frames(250, 25.0));
        assert_eq!(got[..3], [(0, 4), (10, 14), (20, 24)]);
        assert_eq!(got.len(), 25);
        // Five frames a second: one frame to the next.
        assert_eq!(pairs(&frames(50, 5.0))[..3], [(0, 1), (2, 3), (4, 5)]);
        // Two a second tell nothing; nor does one frame.
        assert!(pairs(&frames(50, 2.0)).is_empty());
        assert!(pairs(&frames(1, 25.0)).is_empty() && pairs(&[]).is_empty());
        // An hour is looked at here and there, to its end.
        let hour = pairs(&frames(36_000, 10.0));
        assert!(hour.len() < 500, "{}", hour.len());
        assert!(hour.last().unwrap().0 > 35_900);
        assert!(hour.windows(2).all(|it| it[0].0 < it[1].0));
    }
}
