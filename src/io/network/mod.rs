//! The reference network: roads from any of the files that GIS teams keep, their markers in a CSV, the
//! municipalities and sectors that they cross.

mod areas;
mod assemble;
mod chain;
mod columns;
mod crs;
mod features;
mod prs;
mod read;
mod sources;

pub use areas::{AreaKind, AreaSource, read_areas};
pub use columns::Referential;
pub use read::{NetworkError, NetworkErrorKind, read};
