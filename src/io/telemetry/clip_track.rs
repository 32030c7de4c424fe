//! The track of one clip, from the best of its sources that serves.

use super::embedded::{Embedded, embedded};
use super::read::{self, TrackError, TrackErrorKind};
use crate::domain::{Finding, FindingKind, Reported, Seconds, Track};
use std::error::Error;
use std::path::{Path, PathBuf};

/// Endings of files looked for beside a video, the best first.
///
/// Chosen: loggers before receivers before tables before what cameras write for people.
const BESIDE: [&str; 8] = ["gpx", "nmea", "csv", "geojson", "json", "srt", "txt", "log"];

/// A clip's track, and what its source says of the clip's clock.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipTrack {
    /// Where the vehicle was.
    pub track: Track,
    /// Name of the file it was read from, when that is not the clip.
    pub name: Option<String>,
    /// The receiver's time of the clip's first frame, when the source says it.
    pub clip_start: Option<Seconds>,
}

/// Why a clip has no track: what each source said.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClipTrackError {
    /// The only source failed.
    #[error(transparent)]
    Only(#[from] TrackError),
    /// Every source named, or found, failed.
    #[error("no source of the track serves: {}", .0.join("; "))]
    Every(Vec<String>),
    /// Nothing was named, and nothing lies where tracks are looked for.
    #[error(
        "no track is given, no file of the clip's name lies beside it, and {inside}: \
         track = \"...gpx\" is expected"
    )]
    None {
        /// What was found inside the video.
        inside: String,
    },
}

/// Finds the track of a clip: the files named, the best first; when none is named, what the video
/// holds, then a file of its name beside it.
///
/// A source that fails is a finding when another serves, and so is the choice of one that nobody
/// named. `start` is when the clip starts as far as anyone knows: it dates tracks that give only
/// times of the clip.
///
/// # Errors
///
/// [`ClipTrackError`] when no source serves.
pub fn for_clip(
    video: &Path,
    named: &[PathBuf],
    start: Option<Seconds>,
) -> Result<Reported<ClipTrack>, ClipTrackError> {
    let mut failures = Vec::new();
    let taken = if named.is_empty() {
        unnamed(video, &mut failures)?
    } else {
        first_served(named, &mut failures)
    };
    let Some((path, Reported { value, mut findings })) = taken else {
        return Err(refusal(failures));
    };
    let place = video.display().to_string();
    let mut told: Vec<Finding> = failures
        .iter()
        .map(|(source, why)| {
            let kind = FindingKind::TrackSourceFailed { source: short(source), why: chain(why) };
            Finding::note(&place, kind)
        })
        .collect();
    let inside = path == video;
    if named.is_empty() {
        let source = if inside { value.source.to_owned() } else { short(&path) };
        told.push(Finding::note(&place, FindingKind::TrackTaken { source }));
    }
    told.append(&mut findings);
    let value = match start {
        Some(start) => value.starting_at(start),
        None => value,
    };
    let name = (!inside).then(|| short(&path));
    let Embedded { track, clip_start, .. } = value;
    Ok(Reported { value: ClipTrack { track, name, clip_start }, findings: told })
}

type Served = Option<(PathBuf, Reported<Embedded>)>;

fn first_served(paths: &[PathBuf], failures: &mut Vec<(PathBuf, TrackError)>) -> Served {
    for path in paths {
        match read::open(path) {
            Ok(found) => return Some((path.clone(), found)),
            Err(why) => failures.push((path.clone(), why)),
        }
    }
    None
}

/// A video that holds no telemetry at all is no failure; a file that is not beside it neither.
fn unnamed(
    video: &Path,
    failures: &mut Vec<(PathBuf, TrackError)>,
) -> Result<Served, ClipTrackError> {
    let inside = match embedded(video) {
        Ok(found) => return Ok(Some((video.to_owned(), found))),
        Err(why) => {
            let text = why.kind().to_string();
            if !matches!(why.kind(), TrackErrorKind::NoTrackInside { .. }) {
                failures.push((video.to_owned(), why));
            }
            text
        }
    };
    let beside = beside(video);
    if beside.is_empty() && failures.is_empty() {
        return Err(ClipTrackError::None { inside });
    }
    Ok(first_served(&beside, failures))
}

/// Files of the same name beside a video, in either case, the best first.
fn beside(video: &Path) -> Vec<PathBuf> {
    let ending = |it: &str| [it.to_owned(), it.to_uppercase()];
    let candidates = BESIDE.iter().flat_map(|it| ending(it)).map(|it| video.with_extension(it));
    let mut found: Vec<PathBuf> = candidates.filter(|it| it != video && it.is_file()).collect();
    // On some systems both cases name one file.
    found.dedup_by_key(|it| it.canonicalize().ok());
    found
}

fn refusal(mut failures: Vec<(PathBuf, TrackError)>) -> ClipTrackError {
    match failures.len() {
        1 => ClipTrackError::Only(failures.remove(0).1),
        _ => ClipTrackError::Every(failures.iter().map(|it| chain(&it.1)).collect()),
    }
}

fn chain(error: &TrackError) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

fn short(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::builders::Movie;
    use super::*;
    use crate::domain::Weight;
    use std::fs;

    const GPX: &str = "<gpx><trk><trkseg><trkpt lat='43.6' lon='1.44'>\
        <time>2025-06-12T12:00:00Z</time></trkpt></trkseg></trk></gpx>";
    const SRT: &str = "1\n00:00:01,000 --> 00:00:02,000\nGPS (1.45, 43.61, 20)\n";

    /// A folder with a clip of this track and files beside it.
    fn folder(movie: &Movie, beside: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let video = folder.path().join("a.mp4");
        fs::write(&video, &movie.bytes).unwrap();
        for (name, text) in beside {
            fs::write(folder.path().join(name), text).unwrap();
        }
        (folder, video)
    }

    fn silent() -> Movie {
        Movie::with_loose_blocks(&[])
    }

    fn camm() -> Movie {
        let doubles = [43.7, 1.5, 150.0].map(f64::to_le_bytes).concat();
        Movie::with_track(*b"camm", &[[vec![0, 0, 5, 0], doubles].concat()])
    }

    /// Latitude of the first fix, name of the source, start, and what was told.
    fn found(
        video: &Path,
        named: &[PathBuf],
        start: Option<f64>,
    ) -> (f64, Option<String>, Option<f64>, Vec<FindingKind>) {
        let got = for_clip(video, named, start.map(Seconds::of)).unwrap();
        assert!(got.findings.iter().all(|it| it.weight == Weight::Note), "{:?}", got.findings);
        let kinds = got.findings.into_iter().map(|it| it.kind).collect();
        let ClipTrack { track, name, clip_start } = got.value;
        (track.fixes()[0].position.latitude(), name, clip_start.map(Seconds::get), kinds)
    }

    fn taken(source: &str) -> FindingKind {
        FindingKind::TrackTaken { source: source.to_owned() }
    }

    #[test]
    fn the_video_comes_before_the_files_beside_it() {
        let (_folder, video) = folder(&camm(), &[("a.gpx", GPX)]);
        assert_eq!(found(&video, &[], None), (43.7, None, Some(0.0), vec![taken("CAMM")]));
        // A start from elsewhere dates a track that has none.
        assert_eq!(found(&video, &[], Some(9.0)).2, Some(9.0));
        let got = for_clip(&video, &[], Some(Seconds::of(9.0))).unwrap();
        assert_eq!(got.value.track.fixes()[0].time, Seconds::of(9.0));
    }

    #[test]
    fn files_beside_a_video_are_tried_the_best_first() {
        let (_folder, video) = folder(&silent(), &[("a.srt", SRT), ("a.GPX", GPX)]);
        let name = Some("a.GPX".to_owned());
        assert_eq!(found(&video, &[], None), (43.6, name, None, vec![taken("a.GPX")]));
        let (_folder, video) = folder(&silent(), &[("a.gpx", "<gpx/>"), ("a.srt", SRT)]);
        let (latitude, name, start, told) = found(&video, &[], None);
        assert_eq!((latitude, name.as_deref(), start), (43.61, Some("a.srt"), Some(0.0)));
        let FindingKind::TrackSourceFailed { source, why } = &told[0] else { panic!("{told:?}") };
        assert!(source == "a.gpx" && why.contains("not one fix"), "{why}");
        assert_eq!(told[1], taken("a.srt"));
    }

    #[test]
    fn named_files_are_tried_in_order_and_the_video_may_be_one() {
        let (folder, video) = folder(&camm(), &[("b.gpx", GPX)]);
        let named =
            |names: &[&str]| names.iter().map(|it| folder.path().join(it)).collect::<Vec<_>>();
        let (latitude, name, _, told) = found(&video, &named(&["none.gpx", "b.gpx"]), None);
        assert_eq!((latitude, name.as_deref(), told.len()), (43.6, Some("b.gpx"), 1));
        let (latitude, name, start, told) = found(&video, &named(&["none.gpx", "a.mp4"]), None);
        assert_eq!((latitude, name, start, told.len()), (43.7, None, Some(0.0), 1));
    }

    #[test]
    fn nothing_that_serves_is_an_error_that_names_every_source() {
        let (folder, video) = folder(&silent(), &[]);
        let why = for_clip(&video, &[], None).unwrap_err().to_string();
        assert!(why.starts_with("no track is given"), "{why}");
        assert!(why.contains("one position without a time"), "{why}");
        let named = [folder.path().join("b.gpx"), folder.path().join("c.gpx")];
        let why = for_clip(&video, &named, None).unwrap_err().to_string();
        assert!(why.contains("b.gpx") && why.contains("c.gpx"), "{why}");
        let why = for_clip(&video, &named[..1], None).unwrap_err().to_string();
        assert!(why.starts_with("could not read the track"), "{why}");
    }
}
