//! What an evaluation found: one JSON object, a table frame by frame, a page with the worst frames.

mod draw;
mod json;
mod page;
mod rows;
mod texts;

pub use json::object;
pub use page::{EvaluationReport, render, write};
pub use rows::{frames, write_frames};
