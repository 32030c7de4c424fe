//! The movie (`moov`): its video track, turned, timed and dated.

use super::super::turn::Turn;
use super::boxes::{Boxes, Fields, TopLevel, descend, find, letters, top_level};
use super::entry::{self, Entry};
use super::samples::{self, Sample};
use crate::domain::Seconds;
use std::io::{self, Read, Seek};

/// What the index of an MP4 or MOV says of its video track.
#[derive(Clone, Debug)]
pub(in crate::io::video) struct Index {
    pub(in crate::io::video) entry: Entry,
    pub(in crate::io::video) turn: Turn,
    /// In decoding order.
    pub(in crate::io::video) samples: Vec<Sample>,
    /// Ranks of samples in presentation order, hidden ones first.
    pub(in crate::io::video) order: Vec<u32>,
    /// Samples of the front of `order` that the edit list cuts off: needed, not shown.
    pub(in crate::io::video) hidden: usize,
    /// Ticks of the track in a second.
    pub(in crate::io::video) timescale: u32,
    /// Ticks to take from `shown_at` for the time from the start of the clip.
    pub(in crate::io::video) shift: i64,
    /// Silence before the first picture, from the edit list.
    pub(in crate::io::video) lead: Seconds,
    /// Creation time, in seconds since 1970-01-01 UTC.
    pub(in crate::io::video) created: Option<Seconds>,
    /// Bytes of the file.
    pub(in crate::io::video) file_length: u64,
}

impl Index {
    /// When a sample is shown, from the start of the clip.
    #[expect(clippy::cast_precision_loss, reason = "ticks of a clip stay far below 2^53")]
    pub(in crate::io::video) fn time(&self, sample: usize) -> Seconds {
        let ticks = self.samples[sample].shown_at.saturating_sub(self.shift);
        Seconds::of(ticks as f64 / f64::from(self.timescale)) + self.lead
    }
}

/// Why a file gives no index.
#[derive(Debug)]
pub(in crate::io::video) enum IndexFault {
    /// Reading failed.
    Io(io::Error),
    /// It is not an MP4.
    Foreign,
    /// It is one, and its index is missing; what it holds.
    MoovMissing(String),
    /// The pictures are in fragments.
    Fragmented,
    /// No track holds pictures; what the tracks hold.
    NoVideoTrack(String),
    /// Tables are missing or contradict themselves.
    Broken(String),
}

/// Boxes that open an MP4 or MOV.
///
/// Source: ISO/IEC 14496-12:2015, table 1, and `QuickTime` File Format (2001), chapter 1, for
/// `wide`, `skip` and `pnot`.
pub(super) const OPENERS: [&[u8; 4]; 13] = [
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"uuid", b"moof", b"styp",
    b"sidx", b"udta", b"meta",
];

/// Reads the index of the first video track that has most pictures.
///
/// # Errors
///
/// [`IndexFault`].
pub(in crate::io::video) fn read(
    file: &mut (impl Read + Seek),
    file_length: u64,
) -> Result<Index, IndexFault> {
    let top = top_level(file, file_length).map_err(IndexFault::Io)?;
    if !top.kinds.first().is_some_and(|it| OPENERS.contains(&it)) {
        return Err(IndexFault::Foreign);
    }
    let Some(moov) = &top.moov else { return Err(without_index(&top)) };
    parse(moov, top.kinds.contains(b"moof"), file_length)
}

fn without_index(top: &TopLevel) -> IndexFault {
    if let Some(bytes) = top.too_large {
        return IndexFault::Broken(format!("the index (moov) takes {bytes} bytes"));
    }
    let kinds: Vec<_> = top.kinds.iter().take(8).map(|it| letters(*it)).collect();
    let mut found = kinds.join(", ");
    if let Some((kind, announced, there)) = top.cut {
        let kind = letters(kind);
        found = format!("{found}; {kind} announces {announced} bytes and {there} are there");
    }
    IndexFault::MoovMissing(found)
}

fn parse(moov: &[u8], has_fragments: bool, file_length: u64) -> Result<Index, IndexFault> {
    let (movie_created, movie_timescale) =
        find(moov, *b"mvhd").and_then(header).unwrap_or((None, 1000));
    let mut handlers = Vec::new();
    let mut best: Option<Index> = None;
    let mut fault = None;
    for (_, trak) in Boxes::new(moov).filter(|(kind, _)| kind == b"trak") {
        let handler = descend(trak, &[b"mdia", b"hdlr"]).and_then(|it| it.get(8..12));
        if handler != Some(b"vide") {
            handlers.extend(handler.and_then(|it| it.try_into().ok()).map(letters));
            continue;
        }
        match track(trak, movie_timescale, file_length) {
            Ok(index) => {
                let more = best.as_ref().is_none_or(|it| index.samples.len() > it.samples.len());
                if more {
                    best = Some(index);
                }
            }
            Err(what) => fault = fault.or(Some(what)),
        }
    }
    match best {
        Some(index) if index.samples.is_empty() => {
            if has_fragments || find(moov, *b"mvex").is_some() {
                Err(IndexFault::Fragmented)
            } else {
                Err(IndexFault::Broken("the video track lists no picture".to_owned()))
            }
        }
        Some(mut index) => {
            index.created = movie_created.or(index.created);
            Ok(index)
        }
        None => Err(match fault {
            Some(what) => IndexFault::Broken(what),
            None if handlers.is_empty() => IndexFault::NoVideoTrack("no track at all".to_owned()),
            None => IndexFault::NoVideoTrack(format!("tracks of type {}", handlers.join(", "))),
        }),
    }
}

fn track(trak: &[u8], movie_timescale: u32, file_length: u64) -> Result<Index, String> {
    let missing = |what: &str| format!("the video track has no {what}");
    let mdhd = descend(trak, &[b"mdia", b"mdhd"]).ok_or_else(|| missing("mdhd"))?;
    let (created, timescale) = header(mdhd).ok_or_else(|| "mdhd is cut short".to_owned())?;
    if timescale == 0 {
        return Err("the video track has 0 ticks in a second".to_owned());
    }
    let stbl =
        descend(trak, &[b"mdia", b"minf", b"stbl"]).ok_or_else(|| missing("sample table"))?;
    let stsd = find(stbl, *b"stsd").ok_or_else(|| missing("sample description (stsd)"))?;
    let entry =
        entry::parse(stsd).ok_or_else(|| "the sample description is cut short".to_owned())?;
    let samples = samples::read(stbl, file_length)?;
    let mut order: Vec<u32> = (0..u32::try_from(samples.len()).unwrap_or(u32::MAX)).collect();
    order.sort_by_key(|it| samples[*it as usize].shown_at);

    let (lead, start) = edits(trak);
    let first = order.first().map_or(0, |it| samples[*it as usize].shown_at);
    let start = start.unwrap_or(first);
    let hidden = order.partition_point(|it| samples[*it as usize].shown_at < start);
    // An edit list that hides everything is wrong: it is left aside.
    let (hidden, shift) = if hidden == order.len() { (0, first) } else { (hidden, start) };
    let turn = find(trak, *b"tkhd").and_then(turn).unwrap_or_default();
    let lead = ticks(lead, movie_timescale);
    Ok(Index { entry, turn, samples, order, hidden, timescale, shift, lead, created, file_length })
}

#[expect(clippy::cast_precision_loss, reason = "movie ticks stay far below 2^53")]
pub(super) fn ticks(n: u64, timescale: u32) -> Seconds {
    if timescale == 0 { Seconds::ZERO } else { Seconds::of(n as f64 / f64::from(timescale)) }
}

/// Creation time and timescale, at the same places in `mvhd` and `mdhd`.
pub(super) fn header(body: &[u8]) -> Option<(Option<Seconds>, u32)> {
    let mut fields = Fields(body);
    let version = fields.u8()?;
    fields.take(3)?;
    let created = if version == 1 {
        let created = fields.u64()?;
        fields.u64()?;
        created
    } else {
        let created = fields.u32()?;
        fields.u32()?;
        u64::from(created)
    };
    Some((since_1970(created), fields.u32()?))
}

/// Seconds from 1904-01-01 to 1970-01-01.
///
/// Source: ISO/IEC 14496-12:2015, 8.2.2.3 (the epoch); 66 years with 17 leap days.
const EPOCH_1904: u64 = (66 * 365 + 17) * 86_400;

/// 2000-01-01 since 1970.
///
/// Chosen: no camera in use filmed before; some cameras count from 1970 against the standard, and
/// read by the standard their clips would date from before 1970.
const OLDEST: u64 = 946_684_800;

/// 2100-01-01 since 1970: dates past it are rubbish.
///
/// Chosen: as above.
const NEWEST: u64 = 4_102_444_800;

#[expect(clippy::cast_precision_loss, reason = "bounded by NEWEST")]
fn since_1970(created: u64) -> Option<Seconds> {
    let by_the_standard = created.checked_sub(EPOCH_1904);
    let unix = by_the_standard.unwrap_or(created);
    (OLDEST..NEWEST).contains(&unix).then(|| Seconds::of(unix as f64))
}

/// Lead of empty edits in movie ticks, and start of the first edit that shows media.
pub(super) fn edits(trak: &[u8]) -> (u64, Option<i64>) {
    let Some(elst) = descend(trak, &[b"edts", b"elst"]) else { return (0, None) };
    let mut fields = Fields(elst);
    let version = fields.u8();
    fields.take(3);
    let n = fields.u32().unwrap_or(0);
    let mut lead = 0_u64;
    for _ in 0..n {
        let entry = if version == Some(1) {
            fields.u64().zip(fields.i64())
        } else {
            fields.u32().map(u64::from).zip(fields.i32().map(i64::from))
        };
        let Some((duration, media_time)) = entry else { break };
        fields.take(4);
        if media_time >= 0 {
            return (lead, Some(media_time));
        }
        lead = lead.saturating_add(duration);
    }
    (lead, None)
}

/// The turn in a `tkhd` matrix; flips and odd angles count as no turn.
fn turn(tkhd: &[u8]) -> Option<Turn> {
    let mut fields = Fields(tkhd);
    let version = fields.u8()?;
    fields.take(3 + if version == 1 { 32 } else { 20 } + 16)?;
    let (a, b) = (fields.i32()?, fields.i32()?);
    fields.i32()?;
    let (c, d) = (fields.i32()?, fields.i32()?);
    Some(match (a.signum(), b.signum(), c.signum(), d.signum()) {
        (0, 1, -1, 0) => Turn::Quarter,
        (-1, 0, 0, -1) => Turn::Half,
        (0, -1, 1, 0) => Turn::ThreeQuarters,
        _ => Turn::None,
    })
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

    /// A JPEG clip of three pictures at 10 ticks of 1/100 s; the edit list waits a second and
    /// cuts the first picture off.
    fn clip() -> Vec<u8> {
        let mut entry = vec![0; 78];
        (entry[25], entry[27]) = (64, 48);
        let stbl = atom(
            *b"stbl",
            &[
                atom(*b"stsd", &[words(&[0, 1]), atom(*b"jpeg", &[entry])]),
                atom(*b"stts", &[words(&[0, 1, 3, 10])]),
                atom(*b"stsc", &[words(&[0, 1, 1, 3, 1])]),
                atom(*b"stsz", &[words(&[0, 0, 3, 5, 6, 7])]),
                atom(*b"stco", &[words(&[0, 1, 40])]),
            ],
        );
        let created = u32::try_from(EPOCH_1904 + 1_472_418_968).unwrap();
        let mdia = atom(
            *b"mdia",
            &[
                atom(*b"mdhd", &[words(&[0, 0, 0, 100, 30, 0])]),
                atom(*b"hdlr", &[words(&[0, 0]), b"vide".to_vec(), vec![0; 12]]),
                atom(*b"minf", &[stbl]),
            ],
        );
        let edits = words(&[0, 2, 500, u32::MAX, 1 << 16, 100, 10, 1 << 16]);
        let trak = atom(*b"trak", &[atom(*b"edts", &[atom(*b"elst", &[edits])]), mdia]);
        let mvhd = atom(*b"mvhd", &[words(&[0, created, 0, 500, 150])]);
        atom(*b"moov", &[mvhd, trak])
    }

    #[test]
    fn an_index_gives_times_from_the_edit_list_on() {
        // No `ftyp`: some cameras write none.
        let bytes = clip();
        let index = read(&mut Cursor::new(&bytes), bytes.len() as u64).unwrap();
        assert_eq!((index.entry.width, index.entry.height), (64, 48));
        assert_eq!((index.hidden, index.samples.len()), (1, 3));
        assert_eq!([index.time(1), index.time(2)], [1.0, 1.1].map(Seconds::of));
        assert_eq!(index.created, Some(Seconds::of(1_472_418_968.0)));
    }

    proptest! {
        #[test]
        fn no_flipped_byte_makes_it_panic(
            flips in prop::collection::vec((0_usize..600, any::<u8>()), 1..6),
            cut in 0_usize..600,
        ) {
            let mut bytes = clip();
            for (at, value) in flips {
                let at = at % bytes.len();
                bytes[at] = value;
            }
            bytes.truncate(cut.max(bytes.len() / 2));
            let length = bytes.len() as u64;
            if let Ok(index) = read(&mut Cursor::new(&bytes), length) {
                prop_assert_eq!(index.order.len(), index.samples.len());
                for sample in 0..index.samples.len() {
                    prop_assert!(index.time(sample).get().is_finite());
                }
            }
        }
    }

    #[test]
    fn creation_times_are_read_from_1904_and_forgiven_from_1970() {
        let cases = [
            (0, None),
            (EPOCH_1904 + 1_472_418_968, Some(1_472_418_968.0)),
            // A camera that counts from 1970.
            (1_472_418_968, Some(1_472_418_968.0)),
            (EPOCH_1904, None),
            (u64::MAX, None),
        ];
        for (created, want) in cases {
            assert_eq!(since_1970(created).map(Seconds::get), want, "{created}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let text = b"bonjour, ceci n'est pas une video";
        let got = read(&mut Cursor::new(text), text.len() as u64).unwrap_err();
        assert!(matches!(got, IndexFault::Foreign));
        let mut cut = vec![0, 0, 0, 12];
        cut.extend_from_slice(b"ftypisom\0\0\x10\0mdat........");
        let got = read(&mut Cursor::new(&cut), cut.len() as u64).unwrap_err();
        let IndexFault::MoovMissing(found) = got else { panic!("{got:?}") };
        assert_eq!(found, "ftyp, mdat; mdat announces 4096 bytes and 16 are there");
    }

    #[test]
    fn matrices_give_quarter_turns() {
        let one = 1 << 16;
        let cases = [
            ([one, 0, 0, one], Turn::None),
            ([0, one, -one, 0], Turn::Quarter),
            ([-one, 0, 0, -one], Turn::Half),
            ([0, -one, one, 0], Turn::ThreeQuarters),
        ];
        for ([a, b, c, d], want) in cases {
            let mut tkhd = vec![0; 40];
            tkhd.extend([a, b, 0, c, d].iter().flat_map(|it: &i32| it.to_be_bytes()));
            assert_eq!(turn(&tkhd), Some(want));
        }
    }
}
