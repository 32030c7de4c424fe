//! Scenarios as a workbook: one sheet compares them, then one sheet each with its years and its works.
//!
//! Totals are formulas over the works, so that they follow whoever moves or strikes works out; the value
//! of each is kept beside it, for programs that do not compute. The same programmes give the same bytes.

mod book;
mod charts;
mod names;
mod overview;
mod scenario;
mod sheet;
mod works;

pub use book::{ScenarioBook, write};
