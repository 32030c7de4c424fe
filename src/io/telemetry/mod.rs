//! Tracks of the vehicle: files of loggers and receivers, subtitles, and what videos hold.

mod bounded;
#[cfg(test)]
mod builders;
mod camm;
mod clip_track;
mod clock;
mod csv_track;
mod cue;
mod embedded;
mod free_gps;
mod gathered;
mod geojson_track;
mod gpmf;
mod gpx;
mod instant;
mod klv;
mod nmea_log;
mod payload;
mod read;
mod subtitles;
mod text_track;

pub use clip_track::{ClipTrack, ClipTrackError, for_clip};
pub use embedded::{Embedded, embedded};
pub use read::{TrackError, TrackErrorKind, read};
