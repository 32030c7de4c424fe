//! The samples of a metadata track, one after another.

use super::gathered::Gathered;
use crate::io::video::MediaSample;
use std::io::{self, Read, Seek, SeekFrom};

/// Largest sample taken into memory.
///
/// Chosen: a second of GPMF with every sensor takes some 60 kB; seventy times that.
const MOST_BYTES: u64 = 4 << 20;

/// Gives each sample to `take`, with its number from 1 as its row. One too large is left out; the
/// file's end inside one gives what is there, and ends the reading. Both are told.
pub(super) fn each(
    file: &mut (impl Read + Seek),
    length: u64,
    samples: &[MediaSample],
    gathered: &mut Gathered,
    mut take: impl FnMut(&mut Gathered, &MediaSample, &[u8]),
) -> io::Result<()> {
    let mut bytes = Vec::new();
    for (number, sample) in (1..).zip(samples) {
        gathered.at_row(number);
        if sample.size > MOST_BYTES {
            let found = format!("a sample that announces {} bytes", sample.size);
            gathered.bad(found, "at most 4 MiB");
            continue;
        }
        let there = length.saturating_sub(sample.offset).min(sample.size);
        bytes.clear();
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
