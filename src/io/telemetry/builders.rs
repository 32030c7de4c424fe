//! Small videos for tests: one metadata track, or blocks among the media.

use super::embedded::{Embedded, look};
use super::read::TrackErrorKind;
use crate::domain::Reported;
use std::io::Cursor;

/// One item of GPMF, `each` bytes a repetition, padded.
pub(super) fn klv(key: [u8; 4], kind: u8, each: u8, body: &[u8]) -> Vec<u8> {
    let repeat = u16::try_from(body.len() / usize::from(each)).unwrap();
    let mut bytes = [&key[..], &[kind, each], &repeat.to_be_bytes(), body].concat();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn atom(kind: [u8; 4], parts: &[Vec<u8>]) -> Vec<u8> {
    let body = parts.concat();
    let size = u32::try_from(body.len() + 8).unwrap();
    [&size.to_be_bytes(), &kind[..], &body].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|it| it.to_be_bytes()).collect()
}

/// A track of samples of one second each, at these places.
fn track(format: [u8; 4], samples: &[Vec<u8>], places: &[u32]) -> Vec<u8> {
    let sizes: Vec<u32> = samples.iter().map(|it| u32::try_from(it.len()).unwrap()).collect();
    let n = u32::try_from(samples.len()).unwrap();
    let stbl = atom(
        *b"stbl",
        &[
            atom(*b"stsd", &[words(&[0, 1]), atom(format, &[vec![0; 8]])]),
            atom(*b"stts", &[words(&[0, 1, n, 1000])]),
            atom(*b"stsc", &[words(&[0, 1, 1, 1, 1])]),
            atom(*b"stsz", &[words(&[&[0, 0, n], &sizes[..]].concat())]),
            atom(*b"stco", &[words(&[&[0, n], places].concat())]),
        ],
    );
    let mdhd = atom(*b"mdhd", &[words(&[0, 0, 0, 1000, n * 1000, 0])]);
    let hdlr = atom(*b"hdlr", &[words(&[0, 0]), b"meta".to_vec(), vec![0; 12]]);
    let mdia = atom(*b"mdia", &[mdhd, hdlr, atom(*b"minf", &[stbl])]);
    atom(*b"trak", &[mdia])
}

/// The bytes of an MP4, and where its payloads lie.
pub(super) struct Movie {
    pub(super) bytes: Vec<u8>,
    places: Vec<usize>,
}

impl Movie {
    /// A track of samples of one second each.
    pub(super) fn with_track(format: [u8; 4], samples: &[Vec<u8>]) -> Self {
        Self::with_tracks(&[(format, samples)])
    }

    /// Several tracks, in this order.
    pub(super) fn with_tracks(tracks: &[([u8; 4], &[Vec<u8>])]) -> Self {
        let payloads: Vec<Vec<u8>> = tracks.iter().flat_map(|it| it.1.iter().cloned()).collect();
        Self::build(&payloads, |mut places| {
            let mut boxes = Vec::new();
            for (format, samples) in tracks {
                let (own, rest) = places.split_at(samples.len());
                boxes.extend(track(*format, samples, own));
                places = rest;
            }
            boxes
        })
    }

    /// Blocks that an index lists.
    pub(super) fn with_gps_index(blocks: &[Vec<u8>]) -> Self {
        Self::build(blocks, |places| {
            let entries = places.iter().zip(blocks);
            let entries = entries.flat_map(|it| [*it.0, u32::try_from(it.1.len()).unwrap()]);
            let n = u32::try_from(blocks.len()).unwrap();
            atom(*b"gps ", &[words(&[257, n]), words(&entries.collect::<Vec<_>>())])
        })
    }

    /// Blocks that nothing lists, and a lone position in the user data.
    pub(super) fn with_loose_blocks(blocks: &[Vec<u8>]) -> Self {
        Self::build(blocks, |_| atom(*b"udta", &[atom(*b"\xa9xyz", &[b"+43+001/".to_vec()])]))
    }

    fn build(payloads: &[Vec<u8>], index: impl Fn(&[u32]) -> Vec<u8>) -> Self {
        let ftyp = atom(*b"ftyp", &[b"isom".to_vec()]);
        let mut places = Vec::new();
        let mut at = ftyp.len() + 8;
        for payload in payloads {
            places.push(at);
            at += payload.len();
        }
        let listed: Vec<u32> = places.iter().map(|it| u32::try_from(*it).unwrap()).collect();
        let moov = atom(*b"moov", &[index(&listed)]);
        let bytes = [ftyp, atom(*b"mdat", payloads), moov].concat();
        Self { bytes, places }
    }

    /// The same index before media that end inside a sample: its place is moved there by writing
    /// the index first.
    pub(super) fn cut_at_sample(&self, sample: usize, bytes_kept: usize) -> Self {
        let end = self.places[sample] + bytes_kept;
        let moov = self.bytes.windows(4).rposition(|it| it == b"moov").unwrap() - 4;
        let mut index = self.bytes[moov..].to_vec();
        // Every place moves by the length of the index, which now stands first.
        let moved = u32::try_from(index.len()).unwrap();
        for place in &self.places {
            let old = u32::try_from(*place).unwrap().to_be_bytes();
            let at = index.windows(4).rposition(|it| it == old).unwrap();
            let new = u32::from_be_bytes(old) + moved;
            index[at..at + 4].copy_from_slice(&new.to_be_bytes());
        }
        let bytes = [&index[..], &self.bytes[..end]].concat();
        let moved = index.len();
        Self { bytes, places: self.places.iter().map(|it| it + moved).collect() }
    }

    /// What the reader makes of it.
    pub(super) fn look(&self) -> Result<Reported<Embedded>, TrackErrorKind> {
        look(&mut Cursor::new(&self.bytes), self.bytes.len() as u64, "clip.mp4")
    }
}
