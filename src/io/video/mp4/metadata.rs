//! Tracks that are not pictures: where a camera keeps what else it knows.

use super::boxes::{Boxes, Fields, Kind, descend, find, letters, top_level};
use super::movie::{OPENERS, edits, header, ticks};
use super::samples;
use std::io::{self, Read, Seek};

/// Entries of the `gps ` index taken.
///
/// Chosen: a block a second for eleven days.
const MAX_GPS_BLOCKS: usize = 1_000_000;

/// One sample of a metadata track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MediaSample {
    /// Where it starts in the file.
    pub(crate) offset: u64,
    /// Bytes announced.
    pub(crate) size: u64,
    /// Seconds from the start of the clip.
    pub(crate) start: f64,
    /// Seconds until the next one.
    pub(crate) lasting: f64,
}

/// A track whose samples are neither pictures nor sound.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MetadataTrack {
    /// Format of the samples: `gpmd`, `camm`, `tx3g`.
    pub(crate) format: Kind,
    /// Its samples in order, or what is wrong with its tables.
    pub(crate) samples: Result<Vec<MediaSample>, String>,
}

/// What an MP4 holds besides pictures and sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Metadata {
    /// Its tracks, in order.
    pub(crate) tracks: Vec<MetadataTrack>,
    /// Where blocks of the `gps ` index lie: offset and size.
    pub(crate) gps_blocks: Vec<(u64, u64)>,
    /// The user data give a lone position (`©xyz`).
    pub(crate) has_lone_position: bool,
    /// Formats of all tracks, pictures and sound included, for messages.
    pub(crate) formats: Vec<String>,
}

/// Whether a file that starts so is an MP4 or MOV. Text may hold the letters of a box at the same
/// place, after four other letters.
pub(crate) fn opens_mp4(head: &[u8]) -> bool {
    let Some((size, rest)) = head.split_at_checked(4) else { return false };
    let kind = rest.get(..4).and_then(|it| <&Kind>::try_from(it).ok());
    let printable = size.iter().all(|it| it.is_ascii_graphic() || it.is_ascii_whitespace());
    kind.is_some_and(|it| OPENERS.contains(&it)) && !printable
}

/// Reads what an MP4 says of its metadata. A file without an index has none.
///
/// # Errors
///
/// When the file cannot be read.
pub(crate) fn metadata(file: &mut (impl Read + Seek), file_length: u64) -> io::Result<Metadata> {
    let top = top_level(file, file_length)?;
    let mut found = Metadata::default();
    let Some(moov) = &top.moov else { return Ok(found) };
    let timescale = find(moov, *b"mvhd").and_then(header).map_or(1000, |it| it.1);
    for (_, trak) in Boxes::new(moov).filter(|(kind, _)| kind == b"trak") {
        let handler = descend(trak, &[b"mdia", b"hdlr"]).and_then(|it| it.get(8..12));
        let stbl = descend(trak, &[b"mdia", b"minf", b"stbl"]).unwrap_or_default();
        let Some(format) = find(stbl, *b"stsd").and_then(format) else { continue };
        found.formats.push(letters(format));
        if handler != Some(b"vide") && handler != Some(b"soun") {
            let samples = track(trak, stbl, timescale, file_length);
            found.tracks.push(MetadataTrack { format, samples });
        }
    }
    found.gps_blocks = find(moov, *b"gps ").map(gps_blocks).unwrap_or_default();
    found.has_lone_position = descend(moov, &[b"udta", b"\xa9xyz"]).is_some();
    Ok(found)
}

/// The format of the first sample entry.
fn format(stsd: &[u8]) -> Option<Kind> {
    let mut fields = Fields(stsd);
    fields.take(12)?;
    fields.kind()
}

#[expect(clippy::cast_precision_loss, reason = "ticks of a clip stay far below 2^53")]
fn track(
    trak: &[u8],
    stbl: &[u8],
    movie_timescale: u32,
    file_length: u64,
) -> Result<Vec<MediaSample>, String> {
    let mdhd = descend(trak, &[b"mdia", b"mdhd"]).ok_or("the track has no mdhd")?;
    let (_, timescale) = header(mdhd).ok_or("mdhd is cut short")?;
    if timescale == 0 {
        return Err("the track has 0 ticks in a second".to_owned());
    }
    let samples = samples::read(stbl, file_length)?;
    let (lead, shift) = edits(trak);
    let lead = ticks(lead, movie_timescale).get();
    let second =
        |at: i64| at.saturating_sub(shift.unwrap_or(0)) as f64 / f64::from(timescale) + lead;
    let end = duration(mdhd).and_then(|it| i64::try_from(it).ok()).unwrap_or(0);
    let placed = samples.iter().enumerate().map(|(at, sample)| {
        let next = samples.get(at + 1).map_or(end, |it| it.shown_at);
        let start = second(sample.shown_at);
        let lasting = (second(next) - start).max(0.0);
        MediaSample { offset: sample.offset, size: u64::from(sample.size), start, lasting }
    });
    Ok(placed.collect())
}

/// Ticks of a track, from its `mdhd`.
fn duration(mdhd: &[u8]) -> Option<u64> {
    let mut fields = Fields(mdhd);
    let version = fields.u8()?;
    fields.take(if version == 1 { 23 } else { 15 })?;
    if version == 1 { fields.u64() } else { fields.u32().map(u64::from) }
}

/// Offsets and sizes after a version and a count.
///
/// # Source
///
/// `ExifTool`, `QuickTimeStream.pl`, and `nvtk_mp42gpx.py` (sergei.nz, 2016): Novatek dashcams.
fn gps_blocks(body: &[u8]) -> Vec<(u64, u64)> {
    let mut fields = Fields(body);
    fields.take(8);
    let mut blocks = Vec::new();
    while let (Some(offset), Some(size)) = (fields.u32(), fields.u32()) {
        if offset != 0 && blocks.len() < MAX_GPS_BLOCKS {
            blocks.push((u64::from(offset), u64::from(size)));
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn atom(kind: [u8; 4], parts: &[Vec<u8>]) -> Vec<u8> {
        let body = parts.concat();
        let size = u32::try_from(body.len() + 8).unwrap();
        [&size.to_be_bytes(), &kind[..], &body].concat()
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|it| it.to_be_bytes()).collect()
    }

    /// Three samples of a `gpmd` track, one second each but the last; a `gps ` index; a position.
    fn movie() -> Vec<u8> {
        let stbl = atom(
            *b"stbl",
            &[
                atom(*b"stsd", &[words(&[0, 1]), atom(*b"gpmd", &[vec![0; 8]])]),
                atom(*b"stts", &[words(&[0, 2, 2, 1000, 1, 500])]),
                atom(*b"stsc", &[words(&[0, 1, 1, 3, 1])]),
                atom(*b"stsz", &[words(&[0, 0, 3, 5, 6, 7])]),
                atom(*b"stco", &[words(&[0, 1, 40])]),
            ],
        );
        let mdia = atom(
            *b"mdia",
            &[
                atom(*b"mdhd", &[words(&[0, 0, 0, 1000, 2500, 0])]),
                atom(*b"hdlr", &[words(&[0, 0]), b"meta".to_vec(), vec![0; 12]]),
                atom(*b"minf", &[stbl]),
            ],
        );
        let udta = atom(*b"udta", &[atom(*b"\xa9xyz", &[b"+43+001/".to_vec()])]);
        let gps = atom(*b"gps ", &[words(&[257, 2, 4096, 512, 8192, 512, 0, 0])]);
        let mvhd = atom(*b"mvhd", &[words(&[0, 0, 0, 500, 150])]);
        atom(*b"moov", &[mvhd, atom(*b"trak", &[mdia]), udta, gps])
    }

    #[test]
    fn samples_have_places_and_times() {
        let bytes = movie();
        let got = metadata(&mut Cursor::new(&bytes), bytes.len() as u64).unwrap();
        let sample = |offset, size, start, lasting| MediaSample { offset, size, start, lasting };
        let want = [sample(40, 5, 0.0, 1.0), sample(45, 6, 1.0, 1.0), sample(51, 7, 2.0, 0.5)];
        assert_eq!(got.tracks[0].format, *b"gpmd");
        assert_eq!(got.tracks[0].samples.as_deref(), Ok(&want[..]));
        assert_eq!(got.gps_blocks, [(4096, 512), (8192, 512)]);
        assert!(got.has_lone_position);
    }

    #[test]
    fn text_is_no_mp4() {
        assert!(opens_mp4(&[0, 0, 0, 20, b'f', b't', b'y', b'p', 0]));
        assert!(opens_mp4(&[0x12, 0x34, 0x56, 0x78, b'm', b'd', b'a', b't']));
        for text in ["the free one", "time,lat,lon", "lat", ""] {
            assert!(!opens_mp4(text.as_bytes()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_flipped_byte_makes_it_panic(
            flips in prop::collection::vec((0_usize..600, any::<u8>()), 1..6),
            cut in 0_usize..600,
        ) {
            let mut bytes = movie();
            for (at, value) in flips {
                let at = at % bytes.len();
                bytes[at] = value;
            }
            bytes.truncate(cut.max(bytes.len() / 2));
            let found = metadata(&mut Cursor::new(&bytes), bytes.len() as u64).unwrap();
            for sample in found.tracks.iter().flat_map(|it| it.samples.iter().flatten()) {
                prop_assert!(sample.start.is_finite() && sample.lasting >= 0.0);
            }
        }
    }
}
