//! The command line: exit codes, messages, each malformed input, and what is left on the disk.

#![expect(clippy::unwrap_used, reason = "helpers of tests are no tests to clippy")]

mod bad_clips;
mod bad_tables;
mod bad_tracks;
mod calibrate_ageing;
mod commands;
mod evaluate;
mod import;
mod odd_frames;
mod refusals;
mod resumed;
mod same_bytes;
mod support;
