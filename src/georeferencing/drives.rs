//! Clips that follow one another in one drive, and the clock that they share.
//!
//! Cameras cut what they record into files of some minutes. A clip whose pictures tell nothing of its
//! clock, as on a straight road at one speed, has that of the clips before and after it.

use crate::domain::{
    ClipClock, ClockDoubt, ClockEstimate, ClockSource, Finding, FindingKind, PlanePoint, Seconds,
};
use std::sync::Arc;

/// A clip is the continuation of another when it starts this long after its end, seconds: from, to.
///
/// Chosen: dates are whole seconds at either clip, and some cameras repeat a second.
const FOLLOWS_S: (f64, f64) = (-2.5, 5.0);

/// Two clips of one drive are told apart from this on, seconds.
///
/// Chosen: what whole seconds at both ends may make up.
const APART_S: f64 = 1.5;

/// Standard deviation of a date in whole seconds.
///
/// Source: that of a uniform law over one second, 1/sqrt(12).
const WHOLE_SECOND_SD: f64 = 0.29;

/// Offsets of one drive farther from their mean than this do not agree, seconds.
///
/// Chosen: whole seconds, and thrice the usual doubt of an estimate.
const AGREE_S: f64 = 2.0;

/// A date is kept when the pictures place it within so many standard deviations.
///
/// Chosen: two, as an interval of 95 % does.
const KEPT_WITHIN: f64 = 2.0;

/// Less than this is no difference worth telling of a clock that is given, seconds.
///
/// Chosen: a frame in a second, more than a cell on a slow road.
const GIVEN_WITHIN_S: f64 = 1.0;

/// What a first look at a clip told of its time.
#[derive(Clone, Debug)]
pub struct Ahead {
    /// Name of the clip.
    pub name: Arc<str>,
    /// Start of the clip as it is dated, and by what.
    pub dated: Option<(Seconds, ClockSource)>,
    /// Added to its date, or to the start of its track when it has none.
    pub offset: Seconds,
    /// Time of its last frame from its first.
    pub length: Seconds,
    /// Name of its track.
    pub track_name: String,
    /// First and last instants of its track, and where the vehicle was; nothing when the clip or its track
    /// cannot be read.
    pub track: Option<[(Seconds, PlanePoint); 2]>,
    /// What its pictures tell, when they were asked.
    pub seen: Option<Result<ClockEstimate, ClockDoubt>>,
}

/// The clock of a clip, and what is to be told about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settled {
    /// Nothing for a clip that cannot be read.
    pub clock: Option<ClipClock>,
    /// Findings.
    pub findings: Vec<Finding>,
}

/// The clock of each clip, in their order.
///
/// A clock that is given stands; pictures that say otherwise are a finding. A date of the file is kept
/// when the pictures place it there, moved when they do not; a clip whose pictures tell nothing takes the
/// offset of its drive.
#[must_use]
pub fn settle_clocks(clips: &[Ahead]) -> Vec<Settled> {
    let mut settled: Vec<Settled> = clips.iter().map(alone).collect();
    for drive in drives(clips) {
        share(clips, &drive, &mut settled);
        tell_apart(clips, &drive, &mut settled);
    }
    settled
}

/// A clip by itself.
fn alone(clip: &Ahead) -> Settled {
    let Some([(track_starts, _), _]) = clip.track else { return Settled::default() };
    let mut findings = Vec::new();
    let mut tell = |kind| findings.push(Finding::note(&*clip.name, kind));
    let clock = match (clip.dated, &clip.seen) {
        (Some((starts, source)), Some(Ok(seen))) => {
            let (offset, sd) = (seen.starts - starts, seen.sd);
            let given = matches!(source, ClockSource::SurveyFile | ClockSource::InsideVideo);
            if given {
                let differs = offset.get().abs() > GIVEN_WITHIN_S.max(KEPT_WITHIN * sd.get());
                let kind = FindingKind::ClockSeen { offset, sd, kept: true };
                let name = &*clip.name;
                findings.push(if differs {
                    Finding::loss(name, kind)
                } else {
                    Finding::note(name, kind)
                });
                ClipClock { source, starts, offset: Some(Seconds::ZERO), sd: Some(sd) }
            } else {
                let clock = by_pictures(starts, source, offset, sd);
                let kept = clock.source == source;
                tell(FindingKind::ClockSeen { offset, sd, kept });
                clock
            }
        }
        (None, Some(Ok(seen))) => {
            tell(FindingKind::ClockFound { starts: seen.starts, sd: seen.sd });
            let (starts, sd) = (seen.starts, Some(seen.sd));
            ClipClock { source: ClockSource::Pictures, starts, offset: None, sd }
        }
        (Some((starts, source)), _) => {
            ClipClock { source, starts, offset: Some(Seconds::ZERO), sd: None }
        }
        (None, _) => {
            let starts = track_starts + clip.offset;
            tell(FindingKind::ClipWithoutTime { assumed: starts });
            ClipClock { source: ClockSource::Assumed, starts, offset: None, sd: None }
        }
    };
    Settled { clock: Some(clock), findings }
}

/// A dated clip whose pictures tell an offset: the date stays when they do not refute it.
fn by_pictures(starts: Seconds, source: ClockSource, offset: Seconds, sd: Seconds) -> ClipClock {
    if offset.get().abs() <= KEPT_WITHIN * sd.get() {
        return ClipClock { source, starts, offset: Some(Seconds::ZERO), sd: Some(sd) };
    }
    let source = ClockSource::Pictures;
    ClipClock { source, starts: starts + offset, offset: Some(offset), sd: Some(sd) }
}

/// Clips, by rank, that follow one another by the dates of their files.
fn drives(clips: &[Ahead]) -> Vec<Vec<usize>> {
    let date = |it: usize| match clips[it].dated {
        Some((starts, ClockSource::Metadata)) => Some(starts),
        _ => None,
    };
    let mut ranks: Vec<usize> = (0..clips.len()).filter(|it| date(*it).is_some()).collect();
    ranks.sort_by(|a, b| {
        let key = |it: usize| date(it).map_or(0.0, Seconds::get);
        key(*a).total_cmp(&key(*b)).then(a.cmp(b))
    });
    let mut drives: Vec<Vec<usize>> = Vec::new();
    for rank in ranks {
        let follows = drives.last().and_then(|it| it.last()).is_some_and(|before| {
            let ended = date(*before).map(|it| it + clips[*before].length);
            let after = date(rank).zip(ended).map(|(start, end)| (start - end).get());
            after.is_some_and(|it| (FOLLOWS_S.0..=FOLLOWS_S.1).contains(&it))
                && one_receiver(&clips[*before], &clips[rank])
        });
        match drives.last_mut() {
            Some(drive) if follows => drive.push(rank),
            _ => drives.push(vec![rank]),
        }
    }
    drives.retain(|it| it.len() > 1);
    drives
}

/// Whether two clips, one after the other, have the track of one receiver: the same, or one that goes on
/// where the other ends. Two vehicles may well set out at the same time.
fn one_receiver(before: &Ahead, after: &Ahead) -> bool {
    /// Chosen: receivers restart within a minute; a vehicle does half a kilometre in that.
    const GOES_ON: (f64, f64) = (60.0, 500.0);
    let (Some([_, (ended, left)]), Some([(began, found), _])) = (before.track, after.track) else {
        return false;
    };
    let silent = (began - ended).get();
    let goes_on = (-5.0..=GOES_ON.0).contains(&silent) && left.distance(found).get() <= GOES_ON.1;
    before.track_name == after.track_name || goes_on
}

/// Gives the offset of a drive to its clips whose pictures tell none.
fn share(clips: &[Ahead], drive: &[usize], settled: &mut [Settled]) {
    let told = |rank: usize| {
        let (starts, _) = clips[rank].dated?;
        let Some(Ok(seen)) = &clips[rank].seen else { return None };
        Some((seen.starts - starts, seen.sd, rank))
    };
    let told: Vec<(Seconds, Seconds, usize)> = drive.iter().filter_map(|it| told(*it)).collect();
    let Some((offset, sd)) = common(&told) else { return };
    for &rank in drive {
        let asked = matches!(clips[rank].seen, Some(Err(_)));
        let (Some((starts, source)), true) = (clips[rank].dated, asked) else { continue };
        let mut clock = by_pictures(starts, source, offset, sd);
        if clock.source == ClockSource::Pictures {
            clock.source = ClockSource::ClipBefore;
        }
        // The nearest clip that tells it.
        let nearest = told.iter().min_by_key(|it| it.2.abs_diff(rank));
        let from = nearest.map_or_else(String::new, |it| clips[it.2].name.to_string());
        let kind = FindingKind::ClockOfDrive { from, offset, sd };
        settled[rank].clock = Some(clock);
        settled[rank].findings.push(Finding::note(&*clips[rank].name, kind));
    }
}

/// Mean offset of a drive and its standard deviation, the whole seconds of dates included; nothing when its
/// clips do not agree.
fn common(told: &[(Seconds, Seconds, usize)]) -> Option<(Seconds, Seconds)> {
    let weight = |sd: Seconds| 1.0 / (sd.get().powi(2) + WHOLE_SECOND_SD.powi(2));
    let total: f64 = told.iter().map(|it| weight(it.1)).sum();
    if total <= 0.0 {
        return None;
    }
    let mean = told.iter().map(|it| it.0.get() * weight(it.1)).sum::<f64>() / total;
    if told.iter().any(|it| (it.0.get() - mean).abs() > AGREE_S) {
        return None;
    }
    let about = |it: &(Seconds, Seconds, usize)| weight(it.1) * (it.0.get() - mean).powi(2);
    let scatter = told.iter().map(about).sum::<f64>() / total;
    let sd = (1.0 / total + scatter + WHOLE_SECOND_SD.powi(2)).sqrt();
    Some((Seconds::of(mean), Seconds::of(sd)))
}

/// Tells what was not filmed between two clips of a drive.
fn tell_apart(clips: &[Ahead], drive: &[usize], settled: &mut [Settled]) {
    for pair in drive.windows(2) {
        let start = |rank: usize| settled[rank].clock.map(|it| it.starts);
        let (Some(before), Some(after)) = (start(pair[0]), start(pair[1])) else { continue };
        let seconds = after - (before + clips[pair[0]].length);
        if seconds.get() > APART_S {
            let before = clips[pair[0]].name.to_string();
            let kind = FindingKind::ClipsApart { before, seconds };
            settled[pair[1]].findings.push(Finding::note(&*clips[pair[1]].name, kind));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(name: &str, dated: Option<f64>, seen: Option<Result<(f64, f64), ClockDoubt>>) -> Ahead {
        let estimate =
            |(starts, sd)| ClockEstimate { starts: Seconds::of(starts), sd: Seconds::of(sd) };
        Ahead {
            name: name.into(),
            dated: dated.map(|it| (Seconds::of(it), ClockSource::Metadata)),
            offset: Seconds::ZERO,
            length: Seconds::of(60.0),
            track_name: "day.gpx".into(),
            track: Some([500.0, 5000.0].map(|it| (Seconds::of(it), PlanePoint::default()))),
            seen: seen.map(|it| it.map(estimate)),
        }
    }

    fn starts(clips: &[Ahead]) -> Vec<(ClockSource, f64)> {
        let settled = settle_clocks(clips);
        let clock = |it: &Settled| it.clock.map(|it| (it.source, it.starts.get()));
        settled.iter().map(|it| clock(it).unwrap()).collect()
    }

    #[test]
    fn a_date_stays_unless_the_pictures_refute_it() {
        use ClockSource::{Assumed, Metadata, Pictures};
        let clips = [
            clip("a", Some(1000.0), Some(Ok((1000.3, 0.2)))),
            clip("b", Some(2000.0), Some(Ok((2007.5, 0.2)))),
            clip("c", Some(3000.0), Some(Err(ClockDoubt::SeveralStarts))),
            clip("d", None, Some(Ok((4000.0, 0.1)))),
            clip("e", None, Some(Err(ClockDoubt::NotSeen))),
        ];
        let want = [
            (Metadata, 1000.0),
            (Pictures, 2007.5),
            (Metadata, 3000.0),
            (Pictures, 4000.0),
            (Assumed, 500.0),
        ];
        assert_eq!(starts(&clips), want);
    }

    #[test]
    fn clips_of_one_drive_share_their_clock_and_what_lies_between_is_told() {
        let silent = Some(Err(ClockDoubt::SeveralStarts));
        let clips = [
            clip("a", Some(1000.0), silent),
            clip("b", Some(1061.0), Some(Ok((4661.0, 0.1)))),
            clip("c", Some(1125.0), silent),
            // An hour later: another drive.
            clip("d", Some(5000.0), silent),
        ];
        let settled = settle_clocks(&clips);
        let clock = |it: usize| settled[it].clock.unwrap();
        for (rank, want) in [(0, 4600.0), (2, 4725.0)] {
            assert_eq!(clock(rank).source, ClockSource::ClipBefore);
            assert!((clock(rank).starts.get() - want).abs() < 1e-9);
            assert!(clock(rank).sd.unwrap().get() > 0.28);
        }
        assert_eq!((clock(3).source, clock(3).sd), (ClockSource::Metadata, None));
        let apart = |it: &Settled| {
            it.findings.iter().any(|it| matches!(it.kind, FindingKind::ClipsApart { .. }))
        };
        assert_eq!(settled.iter().map(apart).collect::<Vec<_>>(), [false, false, true, false]);
    }

    #[test]
    fn an_offset_is_shared_by_clips_of_one_receiver_that_agree() {
        let silent = Some(Err(ClockDoubt::SeveralStarts));
        let mut clips = [
            clip("a", Some(1000.0), Some(Ok((4600.0, 0.1)))),
            clip("b", Some(1061.0), Some(Ok((4661.0, 0.1)))),
            clip("c", Some(1122.0), silent),
        ];
        let moved = |clips: &[Ahead]| settle_clocks(clips)[2].clock.unwrap().offset.unwrap().get();
        assert!((moved(&clips) - 3600.0).abs() < 1e-9);
        // Another vehicle, whose track does not go on where that of the first ends.
        clips[2].track_name = "other.gpx".into();
        assert!(moved(&clips).abs() < 1e-9);
        clips[2].track_name = "day.gpx".into();
        clips[1].seen =
            Some(Ok(ClockEstimate { starts: Seconds::of(1061.0), sd: Seconds::of(0.1) }));
        assert!(moved(&clips).abs() < 1e-9);
    }

    #[test]
    fn what_is_given_stands_and_pictures_that_differ_are_told() {
        let mut given = clip("a", Some(1000.0), Some(Ok((1009.0, 0.2))));
        given.dated = Some((Seconds::of(1000.0), ClockSource::SurveyFile));
        let settled = &settle_clocks(&[given])[0];
        assert_eq!(settled.clock.unwrap().starts, Seconds::of(1000.0));
        assert_eq!(settled.findings[0].weight, crate::domain::Weight::Loss);
    }
}
