//! The cameras of a survey: pitch frame by frame, and a metric grid drawn over a redacted frame.

mod grid;
mod page;

pub use page::{CalibrationReport, render, write};
