//! Faces and plates are found and hidden before a frame may leave memory.
//!
//! [`redact`] is the only way to an [`AnonymisedFrame`], and every picture writer takes nothing
//! else.

mod centerface;
mod redact;
mod retinaface;
mod tiles;

pub use centerface::decode_faces;
pub use redact::{AnonymisedFrame, redact};
pub use retinaface::{PlatePriors, decode_plates};
pub use tiles::{DetectorInput, TileError, prepare_tile, suppress, tiles};
