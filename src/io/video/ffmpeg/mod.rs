//! An installed `ffmpeg`, run as another process: a crash or a memory bomb stays in there.
//!
//! Its samples are taken as coded (no `-pix_fmt`, which would silently change the range of
//! full-range streams); `showinfo` says on standard error which frame follows on the pipe, with
//! which format and size.

mod formats;
mod matroska;
mod messages;
mod packets;
mod probe;
mod process;
mod whole;

pub(super) use packets::Packets;
pub(super) use probe::probe;
pub use process::Programs;
pub(super) use process::Tool;
pub(super) use whole::Whole;
