//! MP4 and MOV: boxes, the sample entry, the sample tables, the movie, its metadata.

mod boxes;
mod entry;
mod metadata;
mod movie;
mod samples;

#[cfg(feature = "video")]
pub(super) use entry::NalConfig;
pub(super) use entry::{Codec, Entry};
pub(crate) use metadata::{MediaSample, Metadata, MetadataTrack, metadata, opens_mp4};
pub(super) use movie::{Index, IndexFault, read};
#[cfg(test)]
pub(super) use samples::Sample;
