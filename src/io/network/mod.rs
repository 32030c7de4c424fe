//! The reference network: roads from any of the files that GIS teams keep, their markers in a CSV.

mod assemble;
mod chain;
mod columns;
mod crs;
mod features;
mod prs;
mod read;
mod sources;

pub use columns::Referential;
pub use read::{NetworkError, NetworkErrorKind, read};
