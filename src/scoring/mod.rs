//! From defects to notes: tally them over each section, rate it, average over the network.
//!
//! The note is that of DOMAIN.md section 4.1: deduct curves and compounding after ASTM D6433,
//! brought to 20. Nothing here sees a pixel, and a section that was not seen has no note.

mod aggregate;
mod combine;
mod compare;
mod deduct;
mod doubt;
mod draws;
mod homogeneous;
mod measure;
mod partition;
mod rate;
mod tally;

pub use aggregate::aggregate;
pub use combine::combine;
pub use compare::compare;
pub use deduct::deduct;
pub use doubt::interval;
pub use homogeneous::homogeneous;
pub use measure::density;
pub use partition::partition;
pub use rate::{rate, rate_section};
pub use tally::tally;
