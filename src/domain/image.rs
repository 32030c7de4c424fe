//! Frames in memory, before and during analysis.

use super::units::Seconds;
use std::fmt;
use std::sync::Arc;

/// Why pixels do not make an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} bytes do not make a {width} x {height} RGB image, {expected} do")]
pub struct ImageError {
    width: u32,
    height: u32,
    found: usize,
    expected: usize,
}

/// An RGB image in memory, 8 bits a channel, interleaved, rows from the top.
///
/// It has no writer, no serialisation and no printed form: pixels leave memory only inside an
/// `AnonymisedFrame`.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Image {
    /// Takes `width * height * 3` bytes.
    ///
    /// # Errors
    ///
    /// When the number of bytes differs or a side is zero.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Result<Self, ImageError> {
        let expected = width as usize * height as usize * 3;
        if rgb.len() == expected && expected > 0 {
            Ok(Self { width, height, rgb })
        } else {
            Err(ImageError { width, height, found: rgb.len(), expected })
        }
    }

    /// An image of one colour.
    ///
    /// # Panics
    ///
    /// When a side is zero.
    #[must_use]
    pub fn filled(width: u32, height: u32, colour: [u8; 3]) -> Self {
        assert!(width > 0 && height > 0, "an image has at least one pixel");
        Self { width, height, rgb: colour.repeat(width as usize * height as usize) }
    }

    /// Pixels across.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Pixels down.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// Interleaved RGB bytes.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Interleaved RGB bytes, to change in place.
    #[must_use]
    pub fn rgb_mut(&mut self) -> &mut [u8] {
        &mut self.rgb
    }

    /// One pixel.
    ///
    /// # Panics
    ///
    /// Outside the image.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = (y as usize * self.width as usize + x as usize) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({} x {})", self.width, self.height)
    }
}

/// A rectangle in a frame, in pixels from the top left corner; never empty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelBox {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl PixelBox {
    /// A rectangle, or nothing when it is empty or not finite.
    #[must_use]
    pub fn new(left: f64, top: f64, right: f64, bottom: f64) -> Option<Self> {
        let finite = [left, top, right, bottom].iter().all(|it| it.is_finite());
        (finite && left < right && top < bottom).then_some(Self { left, top, right, bottom })
    }

    /// Left edge, pixels.
    #[must_use]
    pub const fn left(&self) -> f64 {
        self.left
    }
    /// Top edge, pixels.
    #[must_use]
    pub const fn top(&self) -> f64 {
        self.top
    }
    /// Right edge, pixels.
    #[must_use]
    pub const fn right(&self) -> f64 {
        self.right
    }
    /// Bottom edge, pixels.
    #[must_use]
    pub const fn bottom(&self) -> f64 {
        self.bottom
    }
    /// Pixels across.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.right - self.left
    }
    /// Pixels down.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
    /// Square pixels.
    #[must_use]
    pub fn area(&self) -> f64 {
        self.width() * self.height()
    }

    /// The part shared with another, if any.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(
            self.left.max(other.left),
            self.top.max(other.top),
            self.right.min(other.right),
            self.bottom.min(other.bottom),
        )
    }

    /// Shared area over joint area, 0 to 1.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f64 {
        let shared = self.intersection(other).map_or(0.0, |it| it.area());
        shared / (self.area() + other.area() - shared)
    }

    /// Grown on each side by a share of its own width and height.
    #[must_use]
    pub fn padded(&self, share: f64) -> Self {
        let (dx, dy) = (self.width() * share, self.height() * share);
        Self {
            left: self.left - dx,
            top: self.top - dy,
            right: self.right + dx,
            bottom: self.bottom + dy,
        }
    }
}

/// Which frame of which clip, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameStamp {
    /// Name of the clip: the file's name, without folders.
    pub clip: Arc<str>,
    /// Rank in presentation order, from 0.
    pub number: u64,
    /// Presentation time from the start of the clip.
    pub at: Seconds,
}

/// A frame as filmed: it may show faces and plates, so it can be neither written nor printed.
///
/// `anonymisation::redact` takes it by value; nothing else turns it into something writable.
pub struct RawFrame {
    /// Which frame this is.
    pub stamp: FrameStamp,
    image: Image,
}

impl RawFrame {
    /// A frame from a decoder.
    #[must_use]
    pub const fn new(stamp: FrameStamp, image: Image) -> Self {
        Self { stamp, image }
    }

    /// The pixels, for analysis in memory.
    #[must_use]
    pub const fn image(&self) -> &Image {
        &self.image
    }

    /// The pixels; the raw frame is gone.
    pub(crate) fn into_parts(self) -> (FrameStamp, Image) {
        (self.stamp, self.image)
    }
}

impl fmt::Debug for RawFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawFrame({} #{})", self.stamp.clip, self.stamp.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_exactly_its_bytes() {
        assert!(Image::new(2, 2, vec![0; 12]).is_ok());
        let refused = Image::new(2, 2, vec![0; 11]).unwrap_err();
        assert_eq!(refused.to_string(), "11 bytes do not make a 2 x 2 RGB image, 12 do");
    }

    #[test]
    fn boxes_overlap_by_shared_over_joint_area() {
        let a = PixelBox::new(0.0, 0.0, 2.0, 2.0).unwrap();
        let b = PixelBox::new(1.0, 0.0, 3.0, 2.0).unwrap();
        assert!((a.overlap(&b) - 1.0 / 3.0).abs() < 1e-12);
        assert!(PixelBox::new(1.0, 0.0, 1.0, 2.0).is_none());
    }
}
