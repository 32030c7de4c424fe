//! Works programming: age the network, find what suits each section, spend each year's money.
//!
//! By the rules that departments use (DOMAIN.md section 7), year by year, worst first before all; or all
//! years together, as well as the money allows. Nothing here reads a file or sees a picture.

mod age;
mod benefit_cost;
pub mod calibration;
mod candidates;
mod indicators;
pub mod optimise;
mod scenarios;
mod select;
mod simulate;
mod standing;
mod worth;
mod year;

pub use age::age;
pub use candidates::{Candidate, candidates};
pub use indicators::indicators;
pub use scenarios::programmes;
pub use select::{Choice, Queue, select};
pub use simulate::simulate;
pub use standing::Standing;
pub use worth::Weights;
pub use year::{Ledger, Year};
