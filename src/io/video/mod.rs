//! Video files: when each frame is shown, and the frames asked for, decoded.
//!
//! MP4 and MOV are read by a box walker of ours ([`mp4`](self)), which forgives what cameras and
//! cut cables do to files: a missing `ftyp`, an index at the end, media shorter than announced.
//! From its tables comes the plan: only the groups of pictures that hold a wanted frame are read,
//! each from its sync sample to the last wanted picture, without the pictures nothing refers to.
//!
//! The planned pictures go either to the embedded decoders (feature `video`) or, when it is
//! installed, to an `ffmpeg` process that sees nothing else of the file. Both give the same YUV
//! samples, and one conversion of ours makes RGB of them, so the choice never moves a bit of the
//! result. Motion JPEG in MP4 always goes to our decoder ([`mjpeg`](self)), which rounds as
//! FFmpeg does: JPEG itself leaves rounding free.
//!
//! Every other container and codec is read by `ffprobe` and `ffmpeg`.

mod bits;
mod clip;
mod colour;
#[cfg(feature = "video")]
mod embedded;
mod feed;
mod ffmpeg;
mod jpeg;
mod mjpeg;
mod mp4;
mod nal;
mod open;
mod parameter_sets;
mod picture;
mod plan;
mod source;
mod turn;

pub(crate) use jpeg::decode as decode_jpeg;
pub(crate) use mp4::{MediaSample, Metadata, MetadataTrack, metadata, opens_mp4};
pub(crate) use turn::{Turn, turned};

pub use colour::{Colour, Matrix};
pub use ffmpeg::Programs;
pub use open::{ClipSummary, VideoError, VideoErrorKind, describe, describe_with, open, open_with};
pub use picture::{Chroma, Picture, Planes};
pub use source::Video;
