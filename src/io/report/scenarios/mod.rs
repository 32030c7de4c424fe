//! Scenarios side by side: one page, and its charts as files of their own.

mod columns;
mod doubt;
mod page;
mod rows;
mod texts;

pub use page::{ScenarioPage, drawings, render, write};
