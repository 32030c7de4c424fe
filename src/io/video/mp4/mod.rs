//! MP4 and MOV: boxes, the sample entry, the sample tables, the movie.

mod boxes;
mod entry;
mod movie;
mod samples;

#[cfg(feature = "video")]
pub(super) use entry::NalConfig;
pub(super) use entry::{Codec, Entry};
pub(super) use movie::{Index, IndexFault, read};
#[cfg(test)]
pub(super) use samples::Sample;
