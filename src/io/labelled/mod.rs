//! Labelled frames: an archive or a folder of pictures, each with its mask beside it.
//!
//! Two sets of labels are known, by the names of their files: the survey frames of Brazilian roads
//! (own lane, cracks, potholes) and the grey frames of `PaveSeg` (faults only).

mod archive;
mod mask;
mod name;

pub use archive::{LabelledError, LabelledErrorKind, LabelledSet};
