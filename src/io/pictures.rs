//! Anonymised frames as JPEG files, without any metadata.

use crate::io::atomic;
use crate::ports::{AnonymisedFrame, FrameError, FrameSink};
use jpeg_encoder::{ColorType, Encoder};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Writes each frame to `<folder>/frames/<clip>/<number>.jpg`.
pub struct JpegFolder {
    folder: PathBuf,
    quality: u8,
    written: Mutex<BTreeSet<PathBuf>>,
}

impl JpegFolder {
    /// A sink below an output folder; `quality` is 1 to 100.
    #[must_use]
    pub fn new(folder: &Path, quality: u8) -> Self {
        Self { folder: folder.to_owned(), quality, written: Mutex::default() }
    }

    /// Takes away the pictures of an earlier run that this one did not write again: a picture that
    /// no row names any more must not stay. Only files named as ours are, in the folders of clips.
    ///
    /// # Errors
    ///
    /// The first picture that could not be removed; the others are.
    pub fn drop_older(&self) -> Result<(), String> {
        let mut left = None;
        let written = self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let ours = |path: &Path| {
            let stem = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
            let numbered = stem.len() >= 6 && stem.bytes().all(|it| it.is_ascii_digit());
            numbered && path.extension().is_some_and(|it| it == "jpg")
        };
        let inside = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
        for clip in inside(&self.folder.join("frames")) {
            if !clip.file_type().is_ok_and(|it| it.is_dir()) {
                continue;
            }
            for file in inside(&clip.path()) {
                let path = file.path();
                let plain = file.file_type().is_ok_and(|it| it.is_file());
                if plain && ours(&path) && !written.contains(&path) {
                    let told = |why| format!("could not remove {}: {why}", path.display());
                    left = left.or(std::fs::remove_file(&path).err().map(told));
                }
            }
            // Refused when something is left in it.
            let _still_used = std::fs::remove_dir(clip.path());
        }
        left.map_or(Ok(()), Err)
    }
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
        atomic::write(&path, &bytes).map_err(|why| failed(why.to_string()))?;
        self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(path);
        Ok(relative)
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
        let old = folder.path().join("frames/old.mp4/000007.jpg");
        let again = folder.path().join("frames/a.mp4/000012.jpg");
        let before = folder.path().join("frames/a.mp4/000099.jpg");
        let kept =
            ["frames/a.mp4/notes.txt", "frames/000001.jpg", "frames/mine/x.jpg", "000001.jpg"];
        let kept = kept.map(|it| folder.path().join(it));
        for path in [&old, &again, &before].into_iter().chain(&kept) {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "old").unwrap();
        }
        let sink = JpegFolder::new(folder.path(), 85);
        sink.put(&frame("a.mp4")).unwrap();
        sink.drop_older().unwrap();
        assert!(!old.exists() && !old.parent().unwrap().exists() && !before.exists());
        assert_ne!(std::fs::read(&again).unwrap(), b"old");
        assert!(kept.iter().all(|it| it.exists()), "{kept:?}");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("frames"), "a file").unwrap();
        let refused = JpegFolder::new(folder.path(), 85).put(&frame("a.mp4")).unwrap_err();
        assert!(refused.what.contains("frames/a.mp4/000012.jpg"), "{}", refused.what);
    }
}
