//! Tracks of the vehicle from files: GPX and CSV, as loggers write them.

mod bounded;
mod csv_track;
mod gpx;
mod instant;
mod read;

pub use read::{TrackError, TrackErrorKind, read};
