//! The samples of a metadata track, one after another.

use super::gathered::Gathered;
use crate::io::video::MediaSample;
use std::io::{self, Read, Seek, SeekFrom};

/// Largest sample taken into memory.
///
/// Chosen: a second of GPMF with every sensor takes some 60 kB; seventy times that.
const MOST_BYTES: u64 = 4 << 20;

/// Gives each sample to `take`, with its number from 1 as its row. One too large is left out; the
/// file's end inside one gives what is there, and ends the reading, as do samples that together
/// are larger than the file. All are told.
pub(super) fn each(
    file: &mut (impl Read + Seek),
    length: u64,
    samples: &[MediaSample],
    gathered: &mut Gathered,
    mut take: impl FnMut(&mut Gathered, &MediaSample, &[u8]),
) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut total = 0_u64;
    for (number, sample) in (1..).zip(samples) {
        gathered.at_row(number);
        if sample.size > MOST_BYTES {
            let found = format!("a sample that announces {} bytes", sample.size);
            gathered.bad(found, "at most 4 MiB");
            continue;
        }
        let there = length.saturating_sub(sample.offset).min(sample.size);
        bytes.clear();
        total = total.saturating_add(there);
        if total > length {
            gathered.cut_short(format!("sample {number} lies over others"));
            break;
        }
        if there > 0 {
            file.seek(SeekFrom::Start(sample.offset))?;
            file.by_ref().take(there).read_to_end(&mut bytes)?;
            take(gathered, sample, &bytes);
        }
        if there < sample.size {
            gathered.cut_short(format!("the file ends inside sample {number}"));
            break;
        }
        if !gathered.goes_on() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn absurd_sizes_overlaps_and_ends_are_told() {
        let sample = |offset, size| MediaSample { offset, size, start: 0.0, lasting: 1.0 };
        let cases = [
            (vec![sample(0, 10), sample(10, 5 << 20), sample(20, 10)], 2, "announces 5242880"),
            (vec![sample(0, 60), sample(0, 60)], 1, "sample 2 lies over others"),
            (vec![sample(0, 10), sample(95, 10), sample(0, 1)], 2, "ends inside sample 2"),
            (vec![sample(u64::MAX, 10)], 0, "ends inside sample 1"),
        ];
        for (samples, n_read, want) in cases {
            let mut gathered = Gathered::new(String::new());
            let mut n = 0;
            let mut file = Cursor::new(vec![0; 100]);
            each(&mut file, 100, &samples, &mut gathered, |_, _, _| n += 1).unwrap();
            let why = gathered.finish().unwrap_err().to_string();
            assert!(n == n_read && why.contains(want), "{n}: {why}");
        }
    }
}
