//! Works programming: age the network, find what suits each section, spend each year's money.
//!
//! Worst first, as departments do (DOMAIN.md section 7): each year the section with the lowest note
//! is served first, under two yearly envelopes. Nothing here reads a file or sees a picture.

mod age;
mod candidates;
mod indicators;
mod select;
mod simulate;
mod standing;

pub use age::age;
pub use candidates::{Candidate, candidates};
pub use indicators::indicators;
pub use select::{Choice, select};
pub use simulate::simulate;
pub use standing::Standing;
