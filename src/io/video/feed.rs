//! Reads the samples of a run, checks them and leaves out those nobody needs.
//!
//! Damage is found here as far as bytes tell it; what only a decoder sees is told back by the
//! verdict. From a damaged picture to the end of its group nothing is trusted.

use super::mp4::{Codec, Index};
use super::nal::{self, PictureHeaders, Standard};
use super::plan::Run;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// Largest sample taken into memory.
///
/// Chosen: an uncompressed 8K picture; real samples stay under a tenth of it.
const MAX_SAMPLE_BYTES: u32 = 128 << 20;

/// What comes next in a run.
pub(super) enum Step<'a> {
    /// A sound sample to decode.
    Picture { sample: usize, data: &'a [u8], wanted: bool, clean_start: bool },
    /// A wanted picture that cannot be had, and why.
    Lost { sample: usize, why: String },
}

/// What the decoder made of it.
pub(super) enum Verdict {
    /// Go on.
    Sound,
    /// The picture is damaged: the rest of its group is lost.
    Damaged(String),
    /// Nothing more is wanted.
    Enough,
}

/// A clip's samples, read one at a time.
pub(super) struct Feed {
    file: File,
    index: Arc<Index>,
    buffer: Vec<u8>,
}

impl Feed {
    /// # Errors
    ///
    /// When the file cannot be opened again.
    pub(super) fn open(path: &Path, index: Arc<Index>) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, index, buffer: Vec::new() })
    }

    /// Hands over the samples of a run. Returns whether more are wanted.
    pub(super) fn run(&mut self, run: &Run, take: &mut dyn FnMut(Step<'_>) -> Verdict) -> bool {
        let index = Arc::clone(&self.index);
        // Why nothing is trusted any more, from which sample, and before which time on screen.
        let mut broken: Option<String> = None;
        let mut broken_before: Option<(i64, String)> = None;
        let mut open_start = None;
        for sample in run.first..=run.last {
            let here = index.samples[sample];
            let wanted = run.targets.iter().any(|it| it.sample == sample);
            if here.sync && sample > run.first {
                // A sync sample ends the damage, save for the pictures shown before it.
                broken_before = broken.take().map(|why| (here.shown_at, why)).or(broken_before);
            }
            let inherited = broken.clone().or_else(|| {
                let before = broken_before.as_ref().filter(|it| here.shown_at < it.0);
                before.map(|it| it.1.clone())
            });
            let step = if let Some(why) = inherited {
                Step::Lost { sample, why }
            } else if open_start.is_some_and(|start| here.shown_at < start) {
                let why = "it refers to pictures before the first of the file".to_owned();
                Step::Lost { sample, why }
            } else {
                match self.read(sample) {
                    Ok(headers) => {
                        if sample == run.first && !headers.clean_start {
                            open_start = Some(here.shown_at);
                        }
                        if headers.disposable && !wanted {
                            continue;
                        }
                        let clean_start = headers.clean_start;
                        Step::Picture { sample, data: &self.buffer, wanted, clean_start }
                    }
                    Err(why) => {
                        broken = Some(behind(&index, sample, &why));
                        Step::Lost { sample, why }
                    }
                }
            };
            if matches!(step, Step::Lost { .. }) && !wanted {
                continue;
            }
            match take(step) {
                Verdict::Sound => {}
                Verdict::Damaged(why) => broken = Some(behind(&index, sample, &why)),
                Verdict::Enough => return false,
            }
        }
        true
    }

    /// Reads a sample into the buffer and looks at its headers.
    fn read(&mut self, sample: usize) -> Result<PictureHeaders, String> {
        let here = self.index.samples[sample];
        let length = self.index.file_length;
        if here.size == 0 {
            return Err("the index gives it no bytes that can be read".to_owned());
        }
        if here.size > MAX_SAMPLE_BYTES {
            return Err(format!("{} bytes for one picture", here.size));
        }
        let end = here.offset.saturating_add(u64::from(here.size));
        if end > length {
            return Err(format!(
                "the file is cut: the picture lies at bytes {} to {end} and the file ends at {length}",
                here.offset
            ));
        }
        self.buffer.resize(here.size as usize, 0);
        self.file
            .seek(SeekFrom::Start(here.offset))
            .and_then(|_| self.file.read_exact(&mut self.buffer))
            .map_err(|it| format!("bytes {} to {end} cannot be read: {it}", here.offset))?;
        let whole = PictureHeaders { coded: true, disposable: false, clean_start: here.sync };
        match &self.index.entry.codec {
            Codec::H264(config) => {
                nal::headers(&nal::split(&self.buffer, config.length_size)?, Standard::H264)
            }
            Codec::Hevc(config) => {
                let top_layer = config.temporal_layers.checked_sub(1);
                let units = nal::split(&self.buffer, config.length_size)?;
                nal::headers(&units, Standard::Hevc { top_layer })
            }
            _ => Ok(whole),
        }
    }
}

/// Why the pictures after a damaged one are not trusted.
fn behind(index: &Index, sample: usize, why: &str) -> String {
    let at = index.time(sample);
    format!("the picture at {at}, which its group builds on, is damaged: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Seconds;
    use crate::io::video::mp4::{Entry, Sample};
    use crate::io::video::plan::plan;
    use crate::io::video::turn::Turn;
    use std::io::Write;

    /// Six samples of four bytes, sync ones at 0 and 3, in a file that holds `n_bytes`.
    fn feed(n_bytes: u64) -> (tempfile::NamedTempFile, Arc<Index>) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&vec![7; usize::try_from(n_bytes).unwrap()]).unwrap();
        let samples: Vec<_> = (0..6)
            .map(|it| Sample {
                offset: it * 4,
                size: 4,
                shown_at: it.cast_signed(),
                sync: it % 3 == 0,
            })
            .collect();
        let entry =
            Entry { codec: Codec::Vp9, config: Vec::new(), width: 1, height: 1, colour: None };
        let index = Index {
            entry,
            turn: Turn::None,
            samples,
            order: (0..6).collect(),
            hidden: 0,
            timescale: 1,
            shift: 0,
            lead: Seconds::ZERO,
            created: None,
            file_length: n_bytes,
        };
        (file, Arc::new(index))
    }

    /// What happened to each sample that came by; `hit` is damaged by the decoder's word.
    fn walk(n_bytes: u64, wanted: &[u64], hit: usize) -> Vec<(usize, Result<(), String>)> {
        let (file, index) = feed(n_bytes);
        let mut feed = Feed::open(file.path(), Arc::clone(&index)).unwrap();
        let mut seen = Vec::new();
        for run in plan(&index, wanted) {
            feed.run(&run, &mut |step| match step {
                Step::Picture { sample, .. } => {
                    seen.push((sample, Ok(())));
                    if sample == hit { Verdict::Damaged("hit".to_owned()) } else { Verdict::Sound }
                }
                Step::Lost { sample, why } => {
                    seen.push((sample, Err(why)));
                    Verdict::Sound
                }
            });
        }
        seen
    }

    #[test]
    fn damage_lasts_to_the_end_of_its_group() {
        let seen = walk(24, &[0, 1, 2, 3, 5], 1);
        let lost: Vec<_> = seen.iter().filter(|it| it.1.is_err()).map(|it| it.0).collect();
        assert_eq!(lost, [2]);
        let why = seen[2].1.as_ref().unwrap_err();
        assert_eq!(why, "the picture at 1.000 s, which its group builds on, is damaged: hit");
        // Sample 4 is decoded though not wanted: 5 builds on it.
        assert_eq!(seen.iter().map(|it| it.0).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_sample_past_the_end_of_the_file_is_told_with_its_place() {
        let seen = walk(18, &[4, 5], usize::MAX);
        let texts: Vec<_> = seen.iter().filter_map(|it| it.1.as_ref().err()).collect();
        assert_eq!(
            texts[0],
            "the file is cut: the picture lies at bytes 16 to 20 and the file ends at 18"
        );
        assert!(texts[1].contains("which its group builds on"), "{}", texts[1]);
    }
}
