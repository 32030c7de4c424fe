//! A folder of stills as a clip: each picture a keyframe, with its own date and place.
//!
//! Dates and places come from EXIF or from a table beside the pictures. A camera without a time
//! zone is taken to count in UTC; as pictures and track then share one clock, places stay right.

mod folder;
mod pixels;
mod source;
mod table;
mod tags;

pub use folder::{Stills, StillsError, StillsErrorKind, open};
