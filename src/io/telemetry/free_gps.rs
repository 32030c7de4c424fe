//! The `freeGPS ` blocks of Novatek dashcams (Viofo and many others): one a second, among the
//! media, found through an index or without.

use super::clock::ClipClock;
use super::gathered::Gathered;
use super::instant::{self, Instant};
use crate::domain::Seconds;
use std::io::{self, Read, Seek, SeekFrom};

pub(super) const NAME: &str = "freeGPS"; // Source: the letters that open a block.

/// What opens a block, behind its size.
///
/// Source: `ExifTool`, `QuickTimeStream.pl`.
const MAGIC: &[u8; 8] = b"freeGPS ";

/// Bytes of a block that are looked at.
///
/// Chosen: the fix lies within the first 400 in every layout that is known.
const MOST_BYTES: u64 = 1024;

/// How far a file is searched for a first block.
///
/// Chosen: ten seconds of video at 25 Mbit/s; blocks come every second.
const FIRST_WITHIN: u64 = 32 << 20;

/// How far a file with blocks is searched.
///
/// Chosen: twice the largest clip that a card in FAT32 can hold.
const SEARCHED: u64 = 8 << 30;

/// Blocks taken.
///
/// Chosen: eleven days; a file of nothing but their letters stays small in memory.
const MOST_BLOCKS: usize = 1_000_000;

/// Bytes read at once by the search.
///
/// Chosen: larger ones are no faster.
const CHUNK: usize = 1 << 20;

/// Adds the fix of each block to `gathered`; gives the receiver's time of the first frame.
///
/// Blocks are a second apart: the camera writes one with each second of video.
pub(super) fn read(
    file: &mut (impl Read + Seek),
    length: u64,
    blocks: &[(u64, u64)],
    gathered: &mut Gathered,
) -> io::Result<Option<Seconds>> {
    let mut clock = ClipClock::default();
    let mut bytes = Vec::new();
    for (number, (offset, size)) in (1_u32..).zip(blocks) {
        gathered.at_row(usize::try_from(number).unwrap_or(usize::MAX));
        if offset.saturating_add(12) > length {
            gathered.cut_short(format!("the file ends before block {number}"));
            break;
        }
        bytes.clear();
        file.seek(SeekFrom::Start(*offset))?;
        file.by_ref().take(MOST_BYTES.min((*size).max(12))).read_to_end(&mut bytes)?;
        match block(&bytes) {
            Block::Fix { instant, longitude, latitude } => {
                gathered.zone_of(instant, "of the camera");
                clock.pair(instant.at, Seconds::of(f64::from(number - 1)));
                gathered.place_at(instant.at, longitude, latitude);
            }
            Block::NoLock => gathered.without_lock(1),
            Block::Foreign => {
                let found = "a block of another layout".to_owned();
                gathered.bad(found, "freeGPS with a date, A, N or S, E or W");
            }
        }
        if !gathered.goes_on() {
            break;
        }
    }
    Ok(clock.clip_start())
}

/// Looks for blocks where no index lists them: their offsets and sizes.
pub(super) fn scan(file: &mut (impl Read + Seek), length: u64) -> io::Result<Vec<(u64, u64)>> {
    let mut blocks = Vec::new();
    let mut chunk = vec![0; CHUNK];
    // The last bytes of a chunk are searched again: a block may lie across.
    let overlap = MAGIC.len() + 4;
    let (mut start, mut kept) = (0_u64, 0_usize);
    file.rewind()?;
    loop {
        let n = file.read(&mut chunk[kept..])?;
        let there = kept + n;
        let known = &chunk[..there];
        for at in places(known) {
            let Some(from) = at.checked_sub(4) else { continue };
            let size = known[from..at].iter().fold(0, |size, it| size << 8 | u64::from(*it));
            let offset = start + from as u64;
            if blocks.last().is_none_or(|it: &(u64, u64)| it.0 < offset) {
                blocks.push((offset, size));
            }
        }
        let searched = start + there as u64;
        let limit = if blocks.is_empty() { FIRST_WITHIN } else { SEARCHED };
        if n == 0 || searched >= length.min(limit) || blocks.len() >= MOST_BLOCKS {
            return Ok(blocks);
        }
        kept = there.min(overlap);
        chunk.copy_within(there - kept..there, 0);
        start = searched - kept as u64;
    }
}

/// Where the magic letters lie.
fn places(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    bytes.windows(MAGIC.len()).enumerate().filter(|it| it.1 == MAGIC).map(|it| it.0)
}

/// What one block says.
#[derive(Debug, PartialEq)]
enum Block {
    Fix { instant: Instant, longitude: f64, latitude: f64 },
    NoLock,
    Foreign,
}

/// Reads a block. Layouts differ by what precedes the fix, so its letters are looked for.
///
/// # Source
///
/// `nvtk_mp42gpx.py` (sergei.nz) and `ExifTool`: little-endian hour, minute, second, year since
/// 2000, month, day, of 32 bits; `A` (or `V`: no lock), `N` or `S`, `E` or `W`, a zero; latitude
/// and longitude as DDDMM.MMMM, speed, bearing, of 32 bits.
fn block(bytes: &[u8]) -> Block {
    if bytes.get(4..12) != Some(MAGIC) {
        return Block::Foreign;
    }
    // The date takes 24 bytes, and the block's head 12. Without lock, some cameras write neither
    // letters nor date: whatever says both comes first.
    let fix_at = |whole: bool| {
        (36..bytes.len()).find_map(|at| {
            let &[lock, north, east] = bytes.get(at..at + 3)? else { return None };
            let letters = b"NS".contains(&north) && b"EW".contains(&east);
            let likely = if whole { letters && b"AV".contains(&lock) } else { lock == b'V' };
            let instant = likely.then(|| date(&bytes[at - 24..at])).flatten()?;
            Some((instant, lock == b'A', north, east, at + 4))
        })
    };
    let found = fix_at(true).or_else(|| fix_at(false));
    let Some((instant, locked, north, east, at)) = found else { return Block::Foreign };
    if !locked {
        return Block::NoLock;
    }
    match (instant.zip(degrees(bytes, at)), degrees(bytes, at + 4)) {
        (Some((instant, latitude)), Some(longitude)) => {
            let signed = |value: f64, negative| if negative { -value } else { value };
            let latitude = signed(latitude, north == b'S');
            Block::Fix { instant, longitude: signed(longitude, east == b'W'), latitude }
        }
        _ => Block::Foreign,
    }
}

/// Six numbers of a date; outer `None` when they are none, inner `None` for zeros: a camera that
/// never had the time.
#[expect(clippy::option_option, reason = "zeros are a date that is not known")]
fn date(bytes: &[u8]) -> Option<Option<Instant>> {
    let word = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
    let [hour, minute, second, year, month, day] =
        [word(0)?, word(4)?, word(8)?, word(12)?, word(16)?, word(20)?];
    if [year, month, day] == [0; 3] {
        return Some(None);
    }
    let year = if year < 100 { year + 2000 } else { year };
    // Dashcams write their own clock, whose zone is a setting that the block does not hold.
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    instant::parse(&text).map(Some)
}

/// DDDMM.MMMM as degrees.
fn degrees(bytes: &[u8], at: usize) -> Option<f64> {
    let value = f64::from(f32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let whole = (value / 100.0).trunc();
    let minutes = value - whole * 100.0;
    value.is_finite().then_some(whole + minutes / 60.0)
}

#[cfg(test)]
mod tests {
    use super::super::builders::Movie;
    use super::*;
    use crate::domain::FindingKind;
    use proptest::prelude::*;

    /// A block `second` seconds after noon, its fix behind `before` bytes.
    fn block_of(second: u32, before: usize, letters: [u8; 3]) -> Vec<u8> {
        let mut bytes = 512_u32.to_be_bytes().to_vec();
        bytes.extend(MAGIC);
        bytes.resize(before, 7);
        bytes.extend([12, 0, second, 25, 6, 12].iter().flat_map(|it: &u32| it.to_le_bytes()));
        bytes.extend(letters);
        bytes.push(0);
        bytes.extend([4336.6_f32, 126.4, 20.0, 90.0].iter().flat_map(|it| it.to_le_bytes()));
        bytes.resize(512, 0);
        bytes
    }

    #[test]
    fn blocks_are_read_through_the_index_and_without() {
        let blocks = [
            block_of(3, 48, *b"VNE"),
            block_of(4, 48, *b"ANE"),
            block_of(5, 16, *b"ASW"),
            [vec![0, 0, 2, 0], b"freeGPS ".to_vec(), vec![9; 500]].concat(),
        ];
        for movie in [Movie::with_gps_index(&blocks), Movie::with_loose_blocks(&blocks)] {
            let found = movie.look().unwrap();
            let fixes = found.value.track.fixes();
            assert_eq!(fixes.len(), 2);
            assert_eq!(fixes[0].time, Seconds::of(1_749_729_604.0));
            // Minutes of 32 bits are good for half a metre.
            assert!((fixes[0].position.latitude() - 43.61).abs() < 1e-5);
            assert!((fixes[1].position.longitude() + 1.44).abs() < 1e-5);
            assert_eq!(found.value.source, "freeGPS");
            assert_eq!(found.value.clip_start, Some(Seconds::of(1_749_729_603.0)));
            let told: Vec<_> = found.findings.iter().map(|it| format!("{:?}", it.kind)).collect();
            assert!(told[0].contains("without a zone"), "{told:?}");
            assert!(told[1].contains("row: 4") && told[1].contains("another layout"), "{told:?}");
            let want = FindingKind::FixesRefused { without_lock: 1, imprecise: 0 };
            assert_eq!(found.findings[2].kind, want);
        }
    }

    #[test]
    fn a_camera_that_never_had_the_time_has_no_lock() {
        let mut bytes = block_of(4, 48, *b"V\0\0");
        bytes[48..72].fill(0);
        assert_eq!(block(&bytes), Block::NoLock);
        bytes[72] = 0;
        assert_eq!(block(&bytes), Block::Foreign);
    }

    #[test]
    fn a_block_across_two_chunks_is_found_once() {
        let mut bytes = vec![0; CHUNK - 7];
        bytes.extend(block_of(4, 48, *b"ANE"));
        bytes.resize(CHUNK * 2, 0);
        let found = scan(&mut io::Cursor::new(&bytes), bytes.len() as u64).unwrap();
        assert_eq!(found, [(CHUNK as u64 - 7, 512)]);
    }

    proptest! {
        #[test]
        fn no_block_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            let _ = block(&[&[0, 0, 2, 0], &MAGIC[..], &bytes].concat());
            let _ = Movie::with_gps_index(&[bytes]).look();
        }
    }
}
