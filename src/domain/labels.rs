//! What people drew on a frame: the truth that a model is measured against.

use super::image::{PixelBox, RawFrame};

/// Why classes do not make a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} pixels do not make a {width} x {height} mask, {expected} do")]
pub struct MaskError {
    width: u32,
    height: u32,
    found: usize,
    expected: usize,
}

/// What annotators say a pixel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelClass {
    /// Neither the vehicle's own lane nor a fault of it, or nothing was said.
    Other,
    /// The vehicle's own lane, sound.
    Lane,
    /// A crack of any shape.
    Crack,
    /// A pothole.
    Pothole,
}

/// The class of each pixel of a frame, rows from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct ClassMask {
    width: u32,
    height: u32,
    classes: Vec<PixelClass>,
}

impl ClassMask {
    /// Takes `width * height` classes.
    ///
    /// # Errors
    ///
    /// When their number differs or a side is zero.
    pub fn new(width: u32, height: u32, classes: Vec<PixelClass>) -> Result<Self, MaskError> {
        let expected = width as usize * height as usize;
        if classes.len() == expected && expected > 0 {
            Ok(Self { width, height, classes })
        } else {
            Err(MaskError { width, height, found: classes.len(), expected })
        }
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

    /// One row of pixels.
    ///
    /// # Panics
    ///
    /// Outside the mask.
    #[must_use]
    pub fn row(&self, y: u32) -> &[PixelClass] {
        let width = self.width as usize;
        &self.classes[y as usize * width..][..width]
    }
}

/// Where along its road a labelled frame was taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// The section, by the name its annotators gave it.
    pub section: String,
    /// Which stretch of the section: hundreds of metres, or twenties of frames.
    pub rank: u32,
}

/// A frame and what people drew on it.
pub struct LabelledFrame {
    /// The frame; its stamp bears the file's name.
    pub frame: RawFrame,
    /// What was drawn, pixel for pixel.
    pub mask: ClassMask,
    /// The part of both that is measured, in pixels of the frame.
    pub region: PixelBox,
    /// Whether the annotators drew the own lane too.
    pub lane_drawn: bool,
    /// Where it was taken, when its name says it.
    pub stretch: Option<Stretch>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_has_exactly_its_pixels() {
        let mask = ClassMask::new(2, 1, vec![PixelClass::Lane, PixelClass::Crack]).unwrap();
        assert_eq!(mask.row(0), [PixelClass::Lane, PixelClass::Crack]);
        let refused = ClassMask::new(2, 2, vec![PixelClass::Other; 3]).err().unwrap();
        assert_eq!(refused.to_string(), "3 pixels do not make a 2 x 2 mask, 4 do");
    }
}
