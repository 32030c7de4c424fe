//! The reference network: roads drawn as `GeoJSON`, their markers in a CSV.

mod assemble;
mod features;
mod prs;
mod read;

pub use read::{NetworkError, NetworkErrorKind, read};
