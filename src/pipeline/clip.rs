//! One clip: choose frames by metres travelled, decode, measure, place.

use super::camera::{ClipCamera, camera_of};
use super::frame::{Seen, Unseen, see};
use super::models::Models;
use super::survey::Progress;
use crate::detection::{Blocks, stained_share};
use crate::domain::{
    CameraSettings, ClipClock, ClipOutcome, ClipSurvey, ClockSource, Finding, FindingKind,
    LengthDoubt, LocatedFrame, MeasuredFrame, Metres, Ratio, RawFrame, Reported, RoadPlace,
    Seconds, SurveySettings, Track, Validity,
};
use crate::georeferencing::{CleanTrack, Pose, RoadIndex, choose, clean, far_apart, silences};
use crate::ports::{FrameError, FrameSink, FrameSource};
use rayon::iter::{ParallelBridge, ParallelIterator};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

/// A clip and its track, opened by an adapter, or why they could not be.
pub struct ClipInput {
    /// Name of the clip.
    pub name: Arc<str>,
    /// Says everything that its results depend on, its clock aside; empty when they cannot be kept.
    pub key: String,
    /// Its frames.
    pub source: Result<Box<dyn FrameSource>, String>,
    /// Where the vehicle was.
    pub track: Result<Reported<Track>, String>,
    /// Name of the track.
    pub track_name: String,
    /// Start of the recording, seconds since 1970-01-01 UTC, when the survey file or the track
    /// inside the video gives it, and which of them does.
    pub start: Option<(Seconds, ClockSource)>,
    /// Added to the clip's clock to have the receiver's, when the survey file says so.
    pub clock_offset: Option<Seconds>,
    /// The camera.
    pub camera: CameraSettings,
}

/// What every clip is filmed with.
pub struct Filming<'a> {
    pub models: &'a Models<'a>,
    pub index: &'a RoadIndex,
    pub settings: &'a SurveySettings,
    pub sink: &'a dyn FrameSink,
    pub progress: &'a dyn Progress,
}

/// Films one clip. Whatever goes wrong is a finding.
pub fn film(
    clip: ClipInput,
    clock: Option<ClipClock>,
    filming: &Filming<'_>,
) -> Reported<ClipSurvey> {
    let Filming { models, index, settings, sink, progress } = *filming;
    let mut findings = Vec::new();
    let nothing = |decoder: String, findings: Vec<Finding>| {
        let clip = clip.name.clone();
        let (travelled, lost) = (Metres::ZERO, Metres::ZERO);
        let outcome =
            ClipOutcome { clip, clock, decoder, n_frames: 0, n_located: 0, travelled, lost };
        let doubt = LengthDoubt::default();
        Reported { value: ClipSurvey { outcome, doubt, frames: Vec::new() }, findings }
    };
    let mut source = match clip.source {
        Ok(source) => source,
        Err(why) => {
            findings.push(Finding::loss(&*clip.name, FindingKind::ClipUnreadable { why }));
            return nothing(String::new(), findings);
        }
    };
    let track = match clip.track {
        Ok(track) => track.drain_into(&mut findings),
        Err(why) => {
            findings.push(Finding::loss(&*clip.track_name, FindingKind::TrackUnreadable { why }));
            return nothing(source.decoder(), findings);
        }
    };
    let track =
        clean(&track, index.plane(), &settings.track, &clip.track_name).drain_into(&mut findings);
    let timeline = source.timeline().clone();
    let Some(last) = timeline.frames.last().copied() else {
        let why = "it holds no frame".to_owned();
        findings.push(Finding::loss(&*clip.name, FindingKind::ClipUnreadable { why }));
        return nothing(source.decoder(), findings);
    };
    let Some(span) = track.span() else {
        // Cleaning says why when it can.
        if !findings.iter().any(|it| matches!(it.kind, FindingKind::TrackUnreadable { .. })) {
            let why = "no usable position".to_owned();
            findings.push(Finding::loss(&*clip.track_name, FindingKind::TrackUnreadable { why }));
        }
        return nothing(source.decoder(), findings);
    };
    // A clip that could be read a moment ago has a clock; one that could not starts with its track.
    let starts = clock.map_or(span.0, |it| it.starts);
    let filmed = (starts, starts + last);
    if filmed.1 < span.0 || span.1 < filmed.0 {
        let hours = zone(filmed, span);
        let kind = FindingKind::TrackElsewhere { clip: filmed, track: span, hours };
        findings.push(Finding::loss(&*clip.name, kind));
        return nothing(source.decoder(), findings);
    }
    findings.extend(silences(&timeline.frames, starts, &track, &clip.name));
    let chosen = choose(
        &timeline.frames,
        &timeline.keyframes,
        starts,
        &track,
        settings.frames.every,
        settings.frames.snap,
    );
    let sight = Metres::of(settings.measure.far - settings.measure.near);
    findings.extend(far_apart(&chosen.picks, sight, &clip.name));
    let ranks: Vec<u64> = chosen.picks.iter().map(|it| it.0).collect();
    progress.clip(&clip.name, ranks.len());
    let camera = camera_of(&mut *source, &ranks, &clip.camera, models, &clip.name, &mut findings);
    let name = clip.name.clone();
    let watch = Watch { clip: name, camera: camera.as_ref(), models, settings, sink, progress };
    let mut seen = watch.all(&mut *source, &ranks, &clip.name, &mut findings);
    refuse_stained(&mut seen, settings.validity.stained, &clip.name, &mut findings);
    let poses = Poses::of(&chosen.picks, &track);
    let frames = place(seen, &poses, index, settings, &clip.name, camera, &mut findings);
    let outcome = ClipOutcome {
        clip: clip.name.clone(),
        clock,
        decoder: source.decoder(),
        n_frames: frames.len(),
        n_located: frames.iter().filter(|it| it.frame.place.is_some()).count(),
        travelled: track.travelled_between(filmed.0, filmed.1),
        lost: lost(&track, filmed),
    };
    let doubt = camera.map_or_else(LengthDoubt::default, |it| it.camera.length_doubt());
    Reported { value: ClipSurvey { outcome, doubt, frames }, findings }
}

/// The only whole number of hours that brings a clip within its track.
fn zone(clip: (Seconds, Seconds), track: (Seconds, Seconds)) -> Option<i32> {
    // Source: time zones go from UTC-12 to UTC+14.
    let fits = |hours: &i32| {
        let by = Seconds::of(f64::from(*hours) * 3600.0);
        track.0 <= clip.0 + by && clip.1 + by <= track.1
    };
    let mut found = (-14..=14).filter(fits);
    found.next().filter(|_| found.next().is_none())
}

/// Metres of track in gaps that fall while the clip was filmed.
fn lost(track: &CleanTrack, filmed: (Seconds, Seconds)) -> Metres {
    let within = |it: &&crate::georeferencing::Gap| it.to > filmed.0 && it.from < filmed.1;
    track.gaps().iter().filter(within).map(|it| it.distance).sum()
}

struct Watch<'a> {
    clip: Arc<str>,
    camera: Option<&'a ClipCamera>,
    models: &'a Models<'a>,
    settings: &'a SurveySettings,
    sink: &'a dyn FrameSink,
    progress: &'a dyn Progress,
}

impl Watch<'_> {
    /// Decodes on one thread, looks on all the others; results in order of rank.
    fn all(
        &self,
        source: &mut dyn FrameSource,
        ranks: &[u64],
        clip: &str,
        findings: &mut Vec<Finding>,
    ) -> Vec<Seen> {
        // Two frames wait for each worker: enough to keep them busy, a bound on memory.
        let (give, take) = sync_channel(2 * rayon::current_num_threads());
        let announced = source.timeline().frames.len() as u64;
        let mut results: Vec<(usize, Result<Seen, Trouble>)> = Vec::new();
        let ended = std::thread::scope(|scope| {
            let decoder = scope.spawn(move || {
                let mut order = 0usize;
                source.decode(ranks, &mut |frame: Result<RawFrame, FrameError>| {
                    order += 1;
                    give.send((order, frame)).is_ok()
                })
            });
            results = take
                .into_iter()
                .par_bridge()
                .map(|(order, frame)| (order, self.one(frame)))
                .collect();
            decoder.join()
        });
        results.sort_by_key(|it| it.0);
        let mut cut = match ended {
            Ok(Ok(())) => None,
            Ok(Err(why)) => Some((results.len(), why.to_string())),
            Err(_) => Some((results.len(), "the decoder stopped on a fault of its own".to_owned())),
        };
        // Frames that fail one after the other to the end are one fault, not many.
        let lost = results.split_off(readable(&results));
        match lost.first() {
            Some((order, Err(Trouble::Undecoded(first)))) if lost.len() > 1 || cut.is_some() => {
                cut = Some((order - 1, first.what.clone()));
            }
            _ => results.extend(lost),
        }
        let mut seen = Vec::with_capacity(results.len());
        for (_, result) in results {
            match result {
                Ok(one) => seen.push(one),
                Err(trouble) => findings.push(Finding::loss(clip, trouble.kind())),
            }
        }
        if let Some((order, why)) = cut {
            let read = ranks.get(order).copied().unwrap_or(announced);
            findings.push(Finding::loss(clip, FindingKind::ClipCut { read, announced, why }));
        }
        seen
    }

    fn one(&self, frame: Result<RawFrame, FrameError>) -> Result<Seen, Trouble> {
        let mut frame = frame.map_err(Trouble::Undecoded)?;
        // The survey's name for the clip: two files may bear the same one.
        frame.stamp.clip = self.clip.clone();
        let number = frame.stamp.number;
        let camera = self.camera.map(|it| it.at(number));
        let seen = see(frame, camera.as_ref(), self.models, self.settings, self.sink);
        self.progress.frame();
        seen.map_err(|why| Trouble::Unseen(number, why))
    }
}

/// A stained part of the windscreen, told; past the limit, no frame of the clip can be believed.
fn refuse_stained(seen: &mut [Seen], limit: f64, clip: &str, findings: &mut Vec<Finding>) {
    /// Chosen: a hundredth; some blocks of a few hundred.
    const TOLD: f64 = 0.01;
    let valid = seen.iter().filter(|it| it.validity == Validity::Valid);
    let blocks: Vec<Blocks> = valid.map(|it| it.blocks.clone()).collect();
    let Some(share) = stained_share(&blocks).filter(|it| *it >= TOLD) else { return };
    let refused = share >= limit;
    if refused {
        for one in seen.iter_mut().filter(|it| it.validity == Validity::Valid) {
            one.validity = Validity::DirtyWindscreen;
            one.measures.clear();
        }
    }
    let kind = FindingKind::WindscreenStained { share, refused };
    findings.push(if refused { Finding::loss(clip, kind) } else { Finding::note(clip, kind) });
}

/// How many frames come before those that cannot be decoded, to the end of the clip.
fn readable(results: &[(usize, Result<Seen, Trouble>)]) -> usize {
    let good = |it: &(usize, Result<Seen, Trouble>)| !matches!(it.1, Err(Trouble::Undecoded(_)));
    results.iter().rposition(good).map_or(0, |it| it + 1)
}

enum Trouble {
    Undecoded(FrameError),
    Unseen(u64, Unseen),
}

impl Trouble {
    fn kind(self) -> FindingKind {
        match self {
            Self::Undecoded(it) => {
                let number = it.stamp.as_ref().map_or(0, |it| it.number);
                FindingKind::FrameUnreadable { number, why: it.what }
            }
            Self::Unseen(number, Unseen::Unmeasured(why)) => {
                FindingKind::FrameUnreadable { number, why }
            }
            Self::Unseen(number, Unseen::Unredacted(why)) => {
                FindingKind::RedactionFailed { number, why }
            }
        }
    }
}

/// Where the frames chosen were taken, and where the vehicle came from and went on to.
struct Poses<'a> {
    picks: &'a [(u64, Pose)],
    before: Vec<Pose>,
    after: Vec<Pose>,
}

impl<'a> Poses<'a> {
    /// Metres of drive before and after a clip that tell on which road it starts and ends.
    ///
    /// Chosen: past the next junction on most roads.
    const LEAD_M: f64 = 300.0;

    fn of(picks: &'a [(u64, Pose)], track: &CleanTrack) -> Self {
        let ends = picks.first().zip(picks.last());
        let (before, after) = ends.map_or_else(Default::default, |(first, last)| {
            track.before_and_after(first.1.time, last.1.time, Metres::of(Self::LEAD_M))
        });
        Self { picks, before, after }
    }

    /// The road of each pick.
    fn follow(&self, index: &RoadIndex, settings: &SurveySettings) -> Vec<Option<RoadPlace>> {
        let picks = self.picks.iter().map(|it| it.1);
        let all: Vec<Pose> =
            self.before.iter().copied().chain(picks).chain(self.after.iter().copied()).collect();
        let mut places = index.follow(&all, &settings.locate);
        places.truncate(self.before.len() + self.picks.len());
        places.split_off(self.before.len())
    }
}

/// Gives each seen frame its pose and its road.
fn place(
    seen: Vec<Seen>,
    chosen: &Poses<'_>,
    index: &RoadIndex,
    settings: &SurveySettings,
    clip: &str,
    camera: Option<ClipCamera>,
    findings: &mut Vec<Finding>,
) -> Vec<MeasuredFrame> {
    // Every pick is followed, so that a frame that failed does not break the drive.
    let poses: Vec<Pose> = chosen.picks.iter().map(|it| it.1).collect();
    let places = chosen.follow(index, settings);
    let picks = chosen.picks;
    let by_rank: BTreeMap<u64, usize> =
        picks.iter().enumerate().map(|(at, it)| (it.0, at)).collect();
    let mut frames = Vec::with_capacity(seen.len());
    let mut refused: BTreeMap<Validity, usize> = BTreeMap::new();
    let mut unwritten: Option<(u64, String, usize)> = None;
    for one in seen {
        let Some(at) = by_rank.get(&one.stamp.number) else { continue };
        let pose = poses[*at];
        if one.validity != Validity::Valid {
            *refused.entry(one.validity).or_default() += 1;
        }
        if let Err(why) = &one.picture {
            let first = unwritten.get_or_insert((one.stamp.number, why.clone(), 0));
            first.2 += 1;
        }
        let share = |it: f64| (one.shares.lane > 0.0).then(|| Ratio::clamped(it));
        let frame = LocatedFrame {
            time: pose.time,
            position: pose.wgs84,
            projected: pose.projected,
            bearing_deg: pose.bearing_deg,
            speed_m_s: pose.speed_m_s,
            place: places[*at],
            validity: one.validity,
            cracked_share: share(one.shares.cracked),
            pothole_share: share(one.shares.pothole),
            redacted: one.hidden,
            picture: one.picture.ok(),
            stamp: one.stamp,
        };
        let measures = camera.map(|_| one.measures);
        frames.push(MeasuredFrame { frame, measures, reach: one.reach });
    }
    for (reason, n_frames) in refused {
        let kind = FindingKind::FramesRefused { reason: reason.word(), n_frames };
        findings.push(Finding::loss(clip, kind));
    }
    if let Some((number, why, n_frames)) = unwritten {
        findings.push(Finding::loss(clip, FindingKind::PictureUnwritten { number, n_frames, why }));
    }
    let off: Vec<&Pose> =
        poses.iter().zip(&places).filter(|it| it.1.is_none()).map(|it| it.0).collect();
    if let Some(first) = off.first() {
        let nearest = index.nearest(first.projected);
        findings
            .push(Finding::loss(clip, FindingKind::OffNetwork { n_frames: off.len(), nearest }));
    }
    frames
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_in_another_time_zone_is_told_by_its_hours() {
        let at = |from: f64, to: f64| (Seconds::of(from * 3600.0), Seconds::of(to * 3600.0));
        assert_eq!(zone(at(10.2, 10.3), at(8.1, 8.9)), Some(-2));
        assert_eq!(zone(at(10.2, 10.3), at(10.9, 11.9)), Some(1));
        // Several hours fit, or none: nothing is told.
        assert_eq!(zone(at(10.2, 10.3), at(11.0, 14.0)), None);
        assert_eq!(zone(at(10.2, 10.3), at(11.21, 11.9)), None);
        assert_eq!(zone(at(10.2, 10.3), at(40.0, 41.0)), None);
    }
}
