//! What a detector claims about one frame.

use super::image::PixelBox;
use super::units::Ratio;

/// What must not be recognisable in a written frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrivateKind {
    /// A human face.
    Face,
    /// A vehicle registration plate.
    Plate,
}

/// A box, what is in it, and how sure the model is; in pixels of the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// Where, in the frame.
    pub bounds: PixelBox,
    /// What.
    pub kind: PrivateKind,
    /// The model's score, not a calibrated probability.
    pub confidence: Ratio,
}
