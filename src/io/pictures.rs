//! Anonymised frames as JPEG files, without any metadata.

use crate::io::atomic;
use crate::ports::{AnonymisedFrame, FrameError, FrameSink};
use jpeg_encoder::{ColorType, Encoder};
use std::path::{Path, PathBuf};

/// Writes each frame to `<folder>/frames/<clip>/<number>.jpg`.
pub struct JpegFolder {
    folder: PathBuf,
    quality: u8,
}

impl JpegFolder {
    /// A sink below an output folder; `quality` is 1 to 100.
    #[must_use]
    pub fn new(folder: &Path, quality: u8) -> Self {
        Self { folder: folder.to_owned(), quality }
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
    fn a_folder_that_cannot_be_made_is_told_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("frames"), "a file").unwrap();
        let refused = JpegFolder::new(folder.path(), 85).put(&frame("a.mp4")).unwrap_err();
        assert!(refused.what.contains("frames/a.mp4/000012.jpg"), "{}", refused.what);
    }
}
