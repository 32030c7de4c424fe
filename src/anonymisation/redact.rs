//! The only door out for pixels.

use crate::domain::{Detection, FrameStamp, Image, PixelBox, RawFrame};
use crate::imaging;

/// A frame whose faces and plates were hidden: the only thing that picture writers take.
///
/// Its pixels can be read, so that it can be encoded; it cannot be made from pixels.
#[derive(Clone, Debug)]
pub struct AnonymisedFrame {
    stamp: FrameStamp,
    image: Image,
    hidden: Vec<PixelBox>,
}

impl AnonymisedFrame {
    /// Which frame this is.
    #[must_use]
    pub const fn stamp(&self) -> &FrameStamp {
        &self.stamp
    }

    /// The pixels, faces and plates hidden.
    #[must_use]
    pub const fn image(&self) -> &Image {
        &self.image
    }

    /// The boxes that were hidden, padding included.
    #[must_use]
    pub fn hidden(&self) -> &[PixelBox] {
        &self.hidden
    }

    /// Hides more, for example a corner that shows the vehicle's number.
    #[must_use]
    pub fn also_hiding(mut self, parts: &[PixelBox]) -> Self {
        for part in parts {
            imaging::fill(&mut self.image, part);
            self.hidden.push(*part);
        }
        self
    }
}

/// Hides every detection in a frame, its box grown on each side by `padding` of its size. The raw
/// pixels are gone afterwards.
///
/// Pixels outside the padded boxes are unchanged. Cannot fail: a box outside the frame hides
/// nothing.
#[must_use]
pub fn redact(frame: RawFrame, found: &[Detection], padding: f64) -> AnonymisedFrame {
    let (stamp, mut image) = frame.into_parts();
    let hidden: Vec<PixelBox> = found.iter().map(|it| it.bounds.padded(padding)).collect();
    for part in &hidden {
        imaging::fill(&mut image, part);
    }
    AnonymisedFrame { stamp, image, hidden }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{PrivateKind, Ratio, Seconds};

    fn frame() -> RawFrame {
        let rgb = (0..100u32 * 80 * 3).map(|it| (it * 7 % 251) as u8).collect();
        let stamp = FrameStamp { clip: "a.mp4".into(), number: 3, at: Seconds::ZERO };
        RawFrame::new(stamp, Image::new(100, 80, rgb).unwrap())
    }

    #[test]
    fn a_box_is_hidden_with_its_padding_and_nothing_else_changes() {
        let before = frame();
        let found = Detection {
            bounds: PixelBox::new(40.0, 30.0, 60.0, 50.0).unwrap(),
            kind: PrivateKind::Face,
            confidence: Ratio::ONE,
        };
        let original = before.image().clone();
        let after = redact(before, &[found], 0.25);
        assert_ne!(after.image().pixel(36, 27), original.pixel(36, 27));
        assert_eq!(after.image().pixel(34, 40), original.pixel(34, 40));
        assert_eq!(after.hidden().len(), 1);
    }

    #[test]
    fn nothing_found_changes_nothing() {
        let before = frame();
        let original = before.image().clone();
        let after = redact(before, &[], 0.2);
        assert_eq!(after.image(), &original);
    }
}
