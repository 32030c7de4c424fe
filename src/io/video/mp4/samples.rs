//! The sample tables (`stbl`): where each coded picture lies, when it is shown, which stand alone.

use super::boxes::{Fields, find};

/// One coded picture of the file, in decoding order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::io::video) struct Sample {
    /// Where it starts in the file.
    pub(in crate::io::video) offset: u64,
    /// Bytes; 0 when nothing of it can be used.
    pub(in crate::io::video) size: u32,
    /// When it is shown, in ticks of the track before the edit list.
    pub(in crate::io::video) shown_at: i64,
    /// Decoding can start here.
    pub(in crate::io::video) sync: bool,
}

/// Most samples taken from one track.
///
/// Chosen: 46 hours at 60 frames a second. It bounds memory whatever the file says.
const MAX_SAMPLES: usize = 10_000_000;

/// Reads the tables of a track.
///
/// # Errors
///
/// The table that is missing, cut or contradicts itself.
pub(super) fn read(stbl: &[u8], file_length: u64) -> Result<Vec<Sample>, String> {
    let sizes = sizes(stbl, file_length)?;
    let mut samples = place(stbl, &sizes)?;
    show(stbl, &mut samples)?;
    mark_sync(stbl, &mut samples)?;
    Ok(samples)
}

/// A table: its version and its fields, after version and flags.
fn table(stbl: &[u8], kind: [u8; 4]) -> Option<(u8, Fields<'_>)> {
    let mut fields = Fields(find(stbl, kind)?);
    let version = fields.u8()?;
    fields.take(3)?;
    Some((version, fields))
}

fn cut(kind: &str) -> String {
    format!("table {kind} is cut short")
}

enum Sizes {
    Same { size: u32, count: usize },
    Each(Vec<u32>),
}

impl Sizes {
    fn count(&self) -> usize {
        match self {
            Self::Same { count, .. } => *count,
            Self::Each(sizes) => sizes.len(),
        }
    }

    fn of(&self, sample: usize) -> u32 {
        match self {
            Self::Same { size, .. } => *size,
            Self::Each(sizes) => sizes[sample],
        }
    }
}

fn checked_count(count: u32) -> Result<usize, String> {
    let n = usize::try_from(count).unwrap_or(usize::MAX);
    if n <= MAX_SAMPLES {
        Ok(n)
    } else {
        Err(format!("{count} pictures announced, expected at most {MAX_SAMPLES}"))
    }
}

fn sizes(stbl: &[u8], file_length: u64) -> Result<Sizes, String> {
    if let Some((_, mut fields)) = table(stbl, *b"stsz") {
        let size = fields.u32().ok_or_else(|| cut("stsz"))?;
        let count = fields.u32().ok_or_else(|| cut("stsz"))?;
        if size > 0 {
            // Nothing in the table bounds the count: the file does.
            let fits = file_length / u64::from(size);
            let count = u32::try_from(fits).unwrap_or(u32::MAX).min(count);
            return Ok(Sizes::Same { size, count: checked_count(count)? });
        }
        let n = checked_count(count)?;
        let bytes = fields.take(n * 4).ok_or_else(|| cut("stsz"))?;
        let each = bytes.chunks_exact(4).map(|it| Fields(it).u32().unwrap_or(0));
        return Ok(Sizes::Each(each.collect()));
    }
    let (_, mut fields) =
        table(stbl, *b"stz2").ok_or("neither table stsz nor stz2 was found".to_owned())?;
    fields.take(3).ok_or_else(|| cut("stz2"))?;
    let bits = fields.u8().ok_or_else(|| cut("stz2"))?;
    let n = checked_count(fields.u32().ok_or_else(|| cut("stz2"))?)?;
    let sizes = match bits {
        4 => {
            let bytes = fields.take(n.div_ceil(2)).ok_or_else(|| cut("stz2"))?;
            let halves = bytes.iter().flat_map(|it| [u32::from(it >> 4), u32::from(it & 15)]);
            halves.take(n).collect()
        }
        8 => {
            let bytes = fields.take(n).ok_or_else(|| cut("stz2"))?;
            bytes.iter().map(|it| u32::from(*it)).collect()
        }
        16 => {
            let bytes = fields.take(n * 2).ok_or_else(|| cut("stz2"))?;
            bytes.chunks_exact(2).map(|it| u32::from(it[0]) << 8 | u32::from(it[1])).collect()
        }
        other => return Err(format!("stz2 has sizes of {other} bits, expected 4, 8 or 16")),
    };
    Ok(Sizes::Each(sizes))
}

/// Lays the samples in their chunks. Samples that no chunk holds are left out.
fn place(stbl: &[u8], sizes: &Sizes) -> Result<Vec<Sample>, String> {
    let chunks = chunks(stbl)?;
    let (_, mut fields) = table(stbl, *b"stsc").ok_or("table stsc was not found".to_owned())?;
    let n_rules = fields.u32().ok_or_else(|| cut("stsc"))?;
    let mut rules = Vec::new();
    for _ in 0..n_rules {
        let (Some(first), Some(per_chunk), Some(entry)) =
            (fields.u32(), fields.u32(), fields.u32())
        else {
            return Err(cut("stsc"));
        };
        rules.push((u64::from(first), per_chunk, entry));
    }
    let mut samples = Vec::with_capacity(sizes.count());
    let mut rule = 0;
    for (number, chunk) in (1_u64..).zip(chunks) {
        while rules.get(rule + 1).is_some_and(|it| it.0 <= number) {
            rule += 1;
        }
        let Some(&(_, per_chunk, entry)) = rules.get(rule) else { break };
        let mut offset = chunk;
        for _ in 0..per_chunk {
            if samples.len() == sizes.count() {
                return Ok(samples);
            }
            let size = sizes.of(samples.len());
            // Pictures coded by a second sample entry are kept in the count and cannot be read.
            let usable = if entry == 1 { size } else { 0 };
            samples.push(Sample { offset, size: usable, shown_at: 0, sync: false });
            offset = offset.saturating_add(u64::from(size));
        }
    }
    Ok(samples)
}

fn chunks(stbl: &[u8]) -> Result<Vec<u64>, String> {
    if let Some((_, mut fields)) = table(stbl, *b"stco") {
        let n = checked_count(fields.u32().ok_or_else(|| cut("stco"))?)?;
        let bytes = fields.take(n * 4).ok_or_else(|| cut("stco"))?;
        return Ok(bytes
            .chunks_exact(4)
            .filter_map(|it| Fields(it).u32())
            .map(u64::from)
            .collect());
    }
    let (_, mut fields) =
        table(stbl, *b"co64").ok_or("neither table stco nor co64 was found".to_owned())?;
    let n = checked_count(fields.u32().ok_or_else(|| cut("co64"))?)?;
    let bytes = fields.take(n * 8).ok_or_else(|| cut("co64"))?;
    Ok(bytes.chunks_exact(8).filter_map(|it| Fields(it).u64()).collect())
}

/// Times: durations (`stts`) summed, plus the offset to presentation (`ctts`).
///
/// A table that ends early goes on as it ended: cameras cut off write such tables.
fn show(stbl: &[u8], samples: &mut [Sample]) -> Result<(), String> {
    let (_, mut fields) = table(stbl, *b"stts").ok_or("table stts was not found".to_owned())?;
    let mut left_rules = fields.u32().ok_or_else(|| cut("stts"))?;
    let (mut left, mut delta, mut time) = (0, 0, 0_i64);
    let mut offsets = Offsets::new(stbl);
    for sample in samples {
        while left == 0 && left_rules > 0 {
            left_rules -= 1;
            let (Some(count), Some(next)) = (fields.u32(), fields.u32()) else {
                return Err(cut("stts"));
            };
            (left, delta) = (count, i64::from(next));
        }
        left = left.saturating_sub(1);
        sample.shown_at = time.saturating_add(offsets.next());
        time = time.saturating_add(delta);
    }
    Ok(())
}

/// The offsets of `ctts`, one a sample.
struct Offsets<'a> {
    fields: Fields<'a>,
    left_rules: u32,
    left: u32,
    offset: i64,
}

impl<'a> Offsets<'a> {
    fn new(stbl: &'a [u8]) -> Self {
        let mut fields = table(stbl, *b"ctts").map_or(Fields(&[]), |it| it.1);
        let left_rules = fields.u32().unwrap_or(0);
        Self { fields, left_rules, left: 0, offset: 0 }
    }

    /// Version 0 is meant unsigned; writers put negative offsets there too, and a true offset
    /// never needs the upper bit, so both are read signed.
    fn next(&mut self) -> i64 {
        while self.left == 0 && self.left_rules > 0 {
            self.left_rules -= 1;
            let (Some(count), Some(offset)) = (self.fields.u32(), self.fields.i32()) else {
                self.left_rules = 0;
                break;
            };
            (self.left, self.offset) = (count, i64::from(offset));
        }
        if self.left == 0 {
            return 0;
        }
        self.left -= 1;
        self.offset
    }
}

/// Without `stss` every sample is a sync sample; decoding can always start at the first.
fn mark_sync(stbl: &[u8], samples: &mut [Sample]) -> Result<(), String> {
    let Some((_, mut fields)) = table(stbl, *b"stss") else {
        for sample in samples {
            sample.sync = true;
        }
        return Ok(());
    };
    let n = checked_count(fields.u32().ok_or_else(|| cut("stss"))?)?;
    let bytes = fields.take(n * 4).ok_or_else(|| cut("stss"))?;
    for number in bytes.chunks_exact(4).filter_map(|it| Fields(it).u32()) {
        let at = usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1);
        if let Some(sample) = samples.get_mut(at) {
            sample.sync = true;
        }
    }
    if let Some(first) = samples.first_mut() {
        first.sync = true;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full_box(kind: [u8; 4], version: u8, words: &[u32]) -> Vec<u8> {
        let size = u32::try_from(12 + words.len() * 4).unwrap();
        let mut bytes = size.to_be_bytes().to_vec();
        bytes.extend_from_slice(&kind);
        bytes.extend_from_slice(&[version, 0, 0, 0]);
        bytes.extend(words.iter().flat_map(|it| it.to_be_bytes()));
        bytes
    }

    /// Five pictures in two chunks, the second and third swapped on the screen.
    fn tables() -> Vec<Vec<u8>> {
        vec![
            full_box(*b"stts", 0, &[2, 4, 10, 1, 20]),
            full_box(*b"ctts", 1, &[3, 1, 0, 1, 10, 3, (-10_i32).cast_unsigned()]),
            full_box(*b"stss", 0, &[2, 1, 4]),
            full_box(*b"stsc", 0, &[2, 1, 3, 1, 2, 2, 1]),
            full_box(*b"stsz", 0, &[0, 5, 100, 50, 20, 90, 30]),
            full_box(*b"stco", 0, &[2, 1000, 5000]),
        ]
    }

    #[test]
    fn tables_give_places_times_and_sync_samples() {
        let samples = read(&tables().concat(), 1 << 20).unwrap();
        let offsets: Vec<_> = samples.iter().map(|it| it.offset).collect();
        assert_eq!(offsets, [1000, 1100, 1150, 5000, 5090]);
        let shown: Vec<_> = samples.iter().map(|it| it.shown_at).collect();
        assert_eq!(shown, [0, 20, 10, 20, 30]);
        let sync: Vec<_> = samples.iter().map(|it| it.sync).collect();
        assert_eq!(sync, [true, false, false, true, false]);
    }

    #[test]
    fn small_sizes_are_read_at_every_width() {
        for (bits, words) in
            [(8, vec![0x6432_145A, 0x1E00_0000]), (16, vec![0x64_0032, 0x14_005A, 0x1E_0000])]
        {
            let mut boxes = tables();
            boxes[4] = full_box(*b"stz2", 0, &[&[bits, 5][..], &words].concat());
            let sizes: Vec<_> =
                read(&boxes.concat(), 1 << 20).unwrap().iter().map(|it| it.size).collect();
            assert_eq!(sizes, [100, 50, 20, 90, 30], "{bits} bits");
        }
    }

    #[test]
    fn counts_without_bytes_are_refused_or_bounded_by_the_file() {
        let mut boxes = tables();
        boxes[4] = full_box(*b"stsz", 0, &[0, u32::MAX]);
        assert!(read(&boxes.concat(), 1 << 40).unwrap_err().contains("expected at most"));
        boxes[4] = full_box(*b"stsz", 0, &[50, u32::MAX]);
        assert_eq!(read(&boxes.concat(), 200).unwrap().len(), 4);
        boxes[4] = full_box(*b"stsz", 0, &[0, 5, 1]);
        assert_eq!(read(&boxes.concat(), 200).unwrap_err(), "table stsz is cut short");
    }
}
