//! Anonymised frames as JPEG files, without any metadata.

use crate::io::atomic::{self, WriteError};
use crate::ports::{AnonymisedFrame, FrameError, FrameSink};
use jpeg_encoder::{ColorType, Encoder};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Writes each frame to `<folder>/frames/<clip>/<number>.jpg`.
pub struct JpegFolder {
    folder: PathBuf,
    quality: u8,
    /// Paths from the folder.
    written: Mutex<BTreeSet<String>>,
    /// The list on the disk, once a picture was written.
    listing: Mutex<Option<File>>,
}

impl JpegFolder {
    /// A sink below an output folder; `quality` is 1 to 100.
    #[must_use]
    pub fn new(folder: &Path, quality: u8) -> Self {
        Self {
            folder: folder.to_owned(),
            quality,
            written: Mutex::default(),
            listing: Mutex::default(),
        }
    }

    /// Ends a run: takes away the pictures that the run before lists and this one did not write
    /// again, for a picture that no row names any more must not stay; then lists its own.
    ///
    /// Nothing that is not listed is touched. A run that wrote no picture leaves those of before.
    ///
    /// # Errors
    ///
    /// The list, or the first picture that could not be removed; the others are.
    pub fn finish(&self) -> Result<(), WriteError> {
        let written = self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if written.is_empty() {
            return Ok(());
        }
        let list = self.folder.join(LIST);
        // A file system may not tell capitals from small letters.
        let kept: BTreeSet<String> = written.iter().map(|it| it.to_lowercase()).collect();
        let before = std::fs::read_to_string(&list).unwrap_or_default();
        let mut left = Ok(());
        for name in before.lines().filter(|it| is_ours(it) && !kept.contains(&it.to_lowercase())) {
            let path = self.folder.join(name);
            match std::fs::remove_file(&path) {
                Err(why) if why.kind() != std::io::ErrorKind::NotFound => {
                    left = left.and(Err(WriteError::of(&path, why)));
                }
                _ => {}
            }
            // Refused when something is left in it.
            let _still_used = path.parent().map(std::fs::remove_dir);
        }
        let lines: Vec<&str> = written.iter().map(String::as_str).collect();
        atomic::write(&list, (lines.join("\n") + "\n").as_bytes())?;
        left
    }
}

impl JpegFolder {
    /// Adds a path to the list on the disk.
    fn list(&self, relative: &str) -> std::io::Result<()> {
        let mut listing = self.listing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let file = match &mut *listing {
            Some(file) => file,
            none => {
                let path = self.folder.join(LIST);
                none.insert(File::options().create(true).append(true).open(path)?)
            }
        };
        // In one piece, after whatever half a line a stopped run may have left.
        file.write_all(format!("\n{relative}\n").as_bytes())
    }
}

/// Where a run lists its pictures, below its folder.
const LIST: &str = "frames/pictures.txt";

/// Whether a line of a list is a path that this module could have written.
fn is_ours(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let ["frames", clip, file] = parts[..] else { return false };
    let number = file.strip_suffix(".jpg").unwrap_or_default();
    !clip.is_empty()
        && clip == plain(clip)
        && number.len() >= 6
        && number.bytes().all(|it| it.is_ascii_digit())
}

/// A name that any file system takes: letters, digits, `-`, `_`, `.`; the rest becomes `_`.
#[must_use]
pub fn plain(name: &str) -> String {
    let plain = |it: char| if it.is_ascii_alphanumeric() || "-_.".contains(it) { it } else { '_' };
    name.trim_start_matches('.').chars().map(plain).collect()
}

impl FrameSink for JpegFolder {
    fn put(&self, frame: &AnonymisedFrame) -> Result<String, FrameError> {
        let stamp = frame.stamp();
        let relative = format!("frames/{}/{:06}.jpg", plain(&stamp.clip), stamp.number);
        let path = self.folder.join(&relative);
        let failed = |what: String| FrameError {
            stamp: Some(stamp.clone()),
            what: format!("could not write {}: {what}", path.display()),
            recoverable: true,
        };
        let image = frame.image();
        let size = |it: u32| u16::try_from(it).ok();
        let (Some(width), Some(height)) = (size(image.width()), size(image.height())) else {
            return Err(failed(format!(
                "{} x {} is too large for JPEG",
                image.width(),
                image.height()
            )));
        };
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, self.quality)
            .encode(image.rgb(), width, height, ColorType::Rgb)
            .map_err(|why| failed(why.to_string()))?;
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|why| failed(why.to_string()))?;
        }
        // Listed first: a run that is stopped leaves no picture that a later one does not know of.
        self.list(&relative).map_err(|why| failed(why.to_string()))?;
        atomic::write(&path, &bytes).map_err(|why| failed(why.to_string()))?;
        let mut written = self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        written.insert(relative.clone());
        Ok(relative)
    }

    fn keep(&self, path: &str) -> bool {
        let there = is_ours(path) && self.folder.join(path).is_file();
        if there {
            let mut written =
                self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            written.insert(path.to_owned());
        }
        there
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anonymisation::redact;
    use crate::domain::{FrameStamp, Image, RawFrame, Seconds};

    fn frame(clip: &str) -> AnonymisedFrame {
        let stamp = FrameStamp { clip: clip.into(), number: 12, at: Seconds::ZERO };
        redact(RawFrame::new(stamp, Image::filled(64, 48, [90, 120, 30])), &[], 0.1)
    }

    #[test]
    fn a_picture_is_a_plain_jpeg_without_metadata() {
        let folder = tempfile::tempdir().unwrap();
        let path = JpegFolder::new(folder.path(), 85).put(&frame("été 1.mp4")).unwrap();
        assert_eq!(path, "frames/_t__1.mp4/000012.jpg");
        let bytes = std::fs::read(folder.path().join(path)).unwrap();
        assert!(bytes.starts_with(&[0xff, 0xd8]));
        let has = |marker: u8| bytes.windows(2).any(|it| it == [0xff, marker]);
        assert!(!has(0xe1) && !has(0xed) && !has(0xfe), "Exif, IPTC or a comment");
    }

    #[test]
    fn pictures_of_an_earlier_run_go_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let first = JpegFolder::new(folder.path(), 85);
        for clip in ["old.mp4", "a.mp4"] {
            first.put(&frame(clip)).unwrap();
        }
        first.finish().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mine = ["frames/a.mp4/000099.jpg", "frames/mine.jpg", "000001.jpg", "keep.txt"];
        for name in mine {
            std::fs::write(at(name), "mine").unwrap();
        }
        // A list that was tampered with takes nothing else away.
        let list = std::fs::read_to_string(at(LIST)).unwrap();
        std::fs::write(at(LIST), format!("{list}keep.txt\n../keep.txt\nframes/../keep.txt\n"))
            .unwrap();
        let second = JpegFolder::new(folder.path(), 85);
        second.finish().unwrap();
        assert!(at("frames/old.mp4/000012.jpg").exists(), "nothing was filmed: nothing goes");
        second.put(&frame("a.mp4")).unwrap();
        second.finish().unwrap();
        assert!(!at("frames/old.mp4").exists());
        assert!(at("frames/a.mp4/000012.jpg").exists());
        assert!(mine.iter().all(|it| at(it).exists()));
        assert_eq!(std::fs::read_to_string(at(LIST)).unwrap(), "frames/a.mp4/000012.jpg\n");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("frames"), "a file").unwrap();
        let refused = JpegFolder::new(folder.path(), 85).put(&frame("a.mp4")).unwrap_err();
        assert!(refused.what.contains("frames/a.mp4/000012.jpg"), "{}", refused.what);
    }
}
