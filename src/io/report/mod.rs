//! The report: one page that opens anywhere, offline, and prints.
//!
//! Style, script, map and charts are inside the page; only the anonymised pictures lie beside it.
//! It is drawn whole without its script, which adds panning, details and sorting. What nobody
//! filmed is grey and said so.

pub mod calibration;
mod chart;
mod clips;
pub(in crate::io) mod colour;
mod details;
pub mod evaluation;
mod figures;
mod map;
mod page;
pub mod question;
pub mod scenarios;
mod tables;
mod template;
mod texts;

pub use page::{Report, ReportError, SCENARIOS, render, write};
