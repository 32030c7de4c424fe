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
            let samples =
                samples.map_err(|why| TrackErrorKind::BrokenIndex { why: why.clone() })?;
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

#[cfg(test)]
mod tests {
    use super::super::builders::Movie;
    use super::*;
    use proptest::prelude::*;

    fn camm(latitude: f64) -> Vec<u8> {
        [vec![0, 0, 5, 0], [latitude, 1.44, 150.0].map(f64::to_le_bytes).concat()].concat()
    }

    /// A CAMM clip with four bytes written over, `after` bytes past the letters of a box.
    fn overwritten(letters: [u8; 4], after: isize, value: u32) -> Movie {
        let mut movie = Movie::with_track(*b"camm", &[camm(43.5), camm(43.6)]);
        let at = movie.bytes.windows(4).rposition(|it| it == letters).unwrap();
        let at = at.checked_add_signed(after).unwrap();
        movie.bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
        movie
    }

    #[test]
    fn absurd_box_sizes_are_read_around_or_told() {
        let read = |movie: &Movie| movie.look().unwrap().value.track.fixes().len();
        // Boxes that claim more than there is end where their parents do.
        for letters in [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stco"] {
            assert_eq!(read(&overwritten(*letters, -4, u32::MAX)), 2, "{letters:?}");
        }
        let refused = |movie: &Movie| movie.look().unwrap_err().to_string();
        let many = refused(&overwritten(*b"stsz", 12, u32::MAX));
        assert!(many.contains("CAMM: its index is broken: 4294967295"), "{many}");
        let outside = refused(&overwritten(*b"ftyp", -4, u32::MAX));
        assert!(outside.starts_with("the video holds no track: no track at all"), "{outside}");
        for letters in [b"moov", b"trak", b"stsd"] {
            let tiny = refused(&overwritten(*letters, -4, 3));
            assert!(tiny.starts_with("the video holds no track"), "{letters:?}: {tiny}");
        }
        // The second of two samples announces 4 GiB.
        let found = overwritten(*b"stsz", 20, u32::MAX).look().unwrap();
        let told = format!("{:?}", found.findings);
        assert!(told.contains("row: 2") && told.contains("announces 4294967295 bytes"), "{told}");
        assert_eq!(found.value.track.fixes().len(), 1);
    }

    #[test]
    fn the_next_place_serves_when_the_first_fails() {
        let (empty, places) = (vec![vec![0; 16]], vec![camm(43.6)]);
        let movie = Movie::with_tracks(&[(*b"camm", &places), (*b"gpmd", &empty)]);
        let found = movie.look().unwrap();
        assert_eq!(found.value.source, "CAMM");
        let kind = &found.findings[0].kind;
        let FindingKind::TrackSourceFailed { source, why } = kind else { panic!("{kind:?}") };
        assert!(source == "GPMF" && why.starts_with("not one fix"), "{why}");
    }

    #[test]
    fn a_video_without_a_track_says_what_it_holds() {
        let why = Movie::with_track(*b"tmcd", &[vec![0; 4]]).look().unwrap_err().to_string();
        assert!(why.starts_with("the video holds no track: tracks tmcd; expected"), "{why}");
        let lone = Movie::with_loose_blocks(&[]).look().unwrap_err().to_string();
        assert!(lone.contains("no track at all, and one position without a time"), "{lone}");
    }

    #[test]
    fn dated_tracks_are_never_moved() {
        let text = b"\0\x362025-06-12 12:00:01.5Z [latitude: 43.6] [longitude: 1.44]".to_vec();
        let found = Movie::with_track(*b"text", &[text]).look().unwrap().value;
        assert_eq!(found.clone().starting_at(Seconds::of(7.0)), found);
    }

    proptest! {
        #[test]
        fn no_flipped_byte_makes_it_panic(
            flips in prop::collection::vec((0_usize..2000, any::<u8>()), 1..8),
            cut in 0_usize..2000,
        ) {
            let text = b"\0\x102025-06-12 12:00:01.5Z N:43.6 E:1.44".to_vec();
            let (places, texts) = (vec![camm(43.5), camm(43.6)], vec![text]);
            let mut movie =
                Movie::with_tracks(&[(*b"gpmd", &texts), (*b"camm", &places), (*b"tx3g", &texts)]);
            for (at, value) in flips {
                let at = at % movie.bytes.len();
                movie.bytes[at] = value;
            }
            movie.bytes.truncate(cut.max(movie.bytes.len() / 2));
            let _ = movie.look();
        }
    }
}
