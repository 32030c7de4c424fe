//! One reader for each kind of file that a network, or territories, come in. What kind it is, its first bytes say.

mod flatgeobuf;
mod geojson;
mod geopackage;
mod open;
mod osm;
mod shapefile;
mod wkb;

#[cfg(test)]
pub(super) use geojson::record;
pub(super) use open::{open, records};
