//! The frame source over a folder of stills.

use super::pixels;
use crate::domain::{FrameStamp, Image, RawFrame};
use crate::io::video::{Turn, turned};
use crate::ports::{FrameError, FrameSource, Timeline};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

/// Largest file taken into memory.
///
/// Chosen: an uncompressed picture of the most pixels taken is some 600 MB; cameras write less
/// than a tenth of it.
const MAX_FILE_BYTES: u64 = 512 << 20;

/// One picture of a folder.
pub(super) struct Still {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) turn_degrees: i64,
}

/// Pictures in order of time.
pub(super) struct Source {
    pub(super) clip: Arc<str>,
    pub(super) timeline: Timeline,
    pub(super) stills: Vec<Still>,
}

impl Still {
    fn image(&self) -> Result<Image, String> {
        let unreadable = |it: std::io::Error| it.to_string();
        let length = fs::metadata(&self.path).map_err(unreadable)?.len();
        if length > MAX_FILE_BYTES {
            return Err(format!("{length} bytes, expected at most {MAX_FILE_BYTES}"));
        }
        let bytes = fs::read(&self.path).map_err(unreadable)?;
        Ok(turned(pixels::decode(&bytes)?, Turn::from_degrees(self.turn_degrees)))
    }
}

impl FrameSource for Source {
    fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    fn decoder(&self) -> String {
        "stills (embedded)".to_owned()
    }

    fn decode(
        &mut self,
        wanted: &[u64],
        give: &mut dyn FnMut(Result<RawFrame, FrameError>) -> bool,
    ) -> Result<(), FrameError> {
        for &number in wanted {
            let rank = usize::try_from(number).ok();
            let still = rank.and_then(|it| self.stills.get(it).zip(self.timeline.frames.get(it)));
            let frame = match still {
                Some((still, at)) => {
                    let stamp = FrameStamp { clip: Arc::clone(&self.clip), number, at: *at };
                    match still.image() {
                        Ok(image) => Ok(RawFrame::new(stamp, image)),
                        Err(why) => Err(FrameError {
                            stamp: Some(stamp),
                            what: format!("{} cannot be decoded: {why}", still.name),
                            recoverable: true,
                        }),
                    }
                }
                None => Err(FrameError {
                    stamp: None,
                    what: format!(
                        "picture {number} of {}, which has {}",
                        self.clip,
                        self.stills.len()
                    ),
                    recoverable: true,
                }),
            };
            if !give(frame) {
                break;
            }
        }
        Ok(())
    }
}
