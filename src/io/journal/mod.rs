//! What each clip gave, kept in a small database beside the results until the run is over, so that a run
//! that was stopped goes on where it was.
//!
//! Clips are kept one by one, each in a transaction: a stop at any moment leaves whole clips only. The
//! file goes when the run ends well.

mod open;
mod read;
mod write;

pub use open::{JournalFile, JournalFileError};
