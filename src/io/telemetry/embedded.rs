//! The track that a video holds.

use super::gathered::Gathered;
use super::read::{TrackError, TrackErrorKind};
use super::{camm, free_gps, gpmf, text_track};
use crate::domain::{Finding, FindingKind, Fix, Reported, Seconds, Track};
use crate::io::video::{Metadata, MetadataTrack, metadata, opens_mp4};
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

/// A track and what its file says of the clip.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// Where the vehicle was.
    pub track: Track,
    /// What held it: `GPMF`, `CAMM`, `freeGPS`, `subtitles`; or the format of a file of its own.
    pub source: &'static str,
    /// The time of the clip's first frame by the clock that dated the track, when the file says
    /// both.
    pub clip_start: Option<Seconds>,
    /// Whether the receiver dated its fixes. Otherwise their times are those of the clip, from
    /// [`clip_start`](Self::clip_start).
    pub dated: bool,
}

impl Embedded {
    /// The same, with the clip known to start at an instant, when the receiver gave no date.
    #[must_use]
    pub fn starting_at(self, start: Seconds) -> Self {
        if self.dated {
            return self;
        }
        let shift = start - self.clip_start.unwrap_or(Seconds::ZERO);
        let fixes = self.track.fixes().iter();
        let moved = fixes.map(|it| Fix { time: it.time + shift, ..*it }).collect();
        Self { track: Track::new(moved), clip_start: Some(start), ..self }
    }
}

/// Reads the track inside a video: GPMF (GoPro), CAMM, freeGPS blocks (Novatek dashcams), text
/// tracks with positions; the first of these that gives fixes. One that gives none is a finding.
///
/// Memory is that of one sample and of the fixes.
///
/// # Errors
///
/// When the file cannot be read, or holds no track that can be used.
///
/// # Source
///
/// GPMF: <https://github.com/gopro/gpmf-parser>. CAMM:
/// <https://developers.google.com/streetview/publish/camm-spec>. freeGPS: `ExifTool`,
/// `QuickTimeStream.pl`.
pub fn embedded(path: &Path) -> Result<Reported<Embedded>, TrackError> {
    let place = path.display().to_string();
    let look = || {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        look(&mut file, length, &place)
    };
    look().map_err(|source| TrackError::new(path, source))
}

/// What one place of a video may hold.
enum Candidate<'a> {
    Samples(&'static str, &'a MetadataTrack),
    Blocks,
    Scan,
}

pub(super) fn look(
    file: &mut (impl Read + Seek),
    length: u64,
    place: &str,
) -> Result<Reported<Embedded>, TrackErrorKind> {
    let mut head = Vec::new();
    file.rewind()?;
    file.by_ref().take(16).read_to_end(&mut head)?;
    if !opens_mp4(&head) {
        let found = "it is no MP4 or MOV".to_owned();
        return Err(TrackErrorKind::NoTrackInside { found });
    }
    let known = metadata(file, length)?;
    let mut findings = Vec::new();
    let mut reasons = Vec::new();
    for candidate in candidates(&known) {
        match attempt(file, length, place, &known, &candidate) {
            Ok(None) => {}
            Ok(Some(mut found)) => {
                found.findings.splice(0..0, findings);
                return Ok(found);
            }
            Err(TrackErrorKind::Io(fault)) => return Err(fault.into()),
            Err(why) => {
                let source = candidate.name().to_owned();
                reasons.push(format!("{source}: {why}"));
                let kind = FindingKind::TrackSourceFailed { source, why: why.to_string() };
                findings.push(Finding::note(place, kind));
            }
        }
    }
    if !reasons.is_empty() {
        return Err(TrackErrorKind::InsideUnusable { why: reasons.join("; ") });
    }
    let tracks = match known.formats.as_slice() {
        [] => "no track at all".to_owned(),
        formats => format!("tracks {}", formats.join(", ")),
    };
    let lone = if known.has_lone_position { ", and one position without a time" } else { "" };
    Err(TrackErrorKind::NoTrackInside { found: format!("{tracks}{lone}") })
}

impl Candidate<'_> {
    const fn name(&self) -> &'static str {
        match self {
            Self::Samples(name, _) => name,
            Self::Blocks | Self::Scan => free_gps::NAME,
        }
    }
}

/// The surest first.
fn candidates(known: &Metadata) -> Vec<Candidate<'_>> {
    let of = |formats: &'static [&[u8; 4]], name| {
        let alike = known.tracks.iter().filter(|it| formats.contains(&&it.format));
        alike.map(move |it| Candidate::Samples(name, it))
    };
    let mut all: Vec<_> = of(&[b"gpmd"], gpmf::NAME).chain(of(&[b"camm"], camm::NAME)).collect();
    if !known.gps_blocks.is_empty() {
        all.push(Candidate::Blocks);
    }
    all.extend(of(&[b"tx3g", b"text", b"sbtl"], text_track::NAME));
    if known.gps_blocks.is_empty() {
        all.push(Candidate::Scan);
    }
    all
}

/// Reads one place; nothing when a scan finds nothing.
fn attempt(
    file: &mut (impl Read + Seek),
    length: u64,
    place: &str,
    known: &Metadata,
    candidate: &Candidate<'_>,
) -> Result<Option<Reported<Embedded>>, TrackErrorKind> {
    let mut gathered = Gathered::new(place.to_owned());
    let (clip_start, dated) = match candidate {
        Candidate::Samples(name, track) => {
            let samples = track.samples.as_deref();
            let samples = samples.map_err(|why| TrackErrorKind::Unknown(why.clone()))?;
            match *name {
                gpmf::NAME => (gpmf::read(file, length, samples, &mut gathered)?, true),
                camm::NAME => camm::read(file, length, samples, &mut gathered)?,
                _ => text_track::read(file, length, samples, &mut gathered)?,
            }
        }
        Candidate::Blocks => {
            (free_gps::read(file, length, &known.gps_blocks, &mut gathered)?, true)
        }
        Candidate::Scan => {
            let blocks = free_gps::scan(file, length)?;
            if blocks.is_empty() {
                return Ok(None);
            }
            (free_gps::read(file, length, &blocks, &mut gathered)?, true)
        }
    };
    let Reported { value: track, findings } = gathered.finish()?;
    let value = Embedded { track, source: candidate.name(), clip_start, dated };
    Ok(Some(Reported { value, findings }))
}
