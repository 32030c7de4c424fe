//! The base: one GeoPackage that holds the network, the survey, the notes and the programmes.
//!
//! Any GIS opens it; QGIS colours it on opening. Commands read what earlier ones wrote. The same
//! values give the same bytes: there is no clock in it, and every file is written whole.
//!
//! # Source
//!
//! OGC 12-128r18, « OGC GeoPackage Encoding Standard », version 1.3.1, 2021,
//! <https://www.geopackage.org/spec131/>.

mod base;
mod error;
mod geometry;
mod lanes;
mod layer;
mod migrate;
mod older_coverage;
mod open;
mod read_network;
mod read_sections;
mod read_survey;
mod record;
mod schema;
mod step;
mod style;
mod tables;
mod trail;

pub use base::Base;
pub use error::{BaseError, BaseErrorKind};
pub use geometry::{Envelope, Geometry};
pub use open::OpenBase;
pub use step::Step;
pub use tables::{Drawing, Field, Holds, TableInfo, TableRow};

#[cfg(test)]
mod roundtrip;
