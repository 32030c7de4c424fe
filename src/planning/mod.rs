//! Works programming: age the network, find what suits each section, spend each year's money.
//!
//! By the rules that departments use (DOMAIN.md section 7), year by year, worst first before all; or all
//! years together, as well as the money allows. Nothing here reads a file or sees a picture.

mod age;
mod agenda;
mod backlog;
mod benefit_cost;
pub mod calibration;
mod candidates;
mod doubt;
#[cfg(test)]
mod example;
mod indicators;
#[cfg(test)]
mod limited;
mod lines;
pub mod optimise;
mod outlook;
mod play;
pub mod question;
mod room;
mod scenarios;
mod sectors;
mod select;
mod simulate;
mod sites;
mod standing;
mod start;
mod target;
mod worth;
mod year;

pub use age::age;
pub use agenda::{passed_limits, refused};
pub use candidates::{Candidate, candidates};
pub use doubt::{n_draws, prospects};
pub use indicators::indicators;
pub use outlook::outlook;
pub use room::{Means, Room};
pub use scenarios::{programmes, programmes_told};
pub use select::{Choice, Queue, select};
pub use simulate::simulate;
pub use standing::Standing;
pub use start::Start;
pub use target::meets_target;
pub use worth::Weights;
pub use year::{Ledger, Year};
