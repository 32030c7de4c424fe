//! What may become of programmes when notes, ageing and prices are not as believed.
//!
//! Each draw is a world: true notes, a true pace for each section, true prices. In it, every programme is carried
//! out as it was decided, in the order of each year, as far as the year's money pays. All programmes meet the same
//! worlds, so that two can be compared draw by draw.

mod again;
mod draw;
mod prospects;
mod replay;
#[cfg(test)]
mod tests;

pub use prospects::{n_draws, prospects};
