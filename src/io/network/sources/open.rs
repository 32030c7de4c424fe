//! Which reader a file needs.

use super::{flatgeobuf, geojson, geopackage, osm, shapefile};
use crate::io::network::columns::Referential;
use crate::io::network::features::{Feature, Refused};
use crate::io::network::read::NetworkErrorKind;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The features of a file, in its order.
#[derive(Default)]
pub(in crate::io::network) struct Loaded {
    /// What is a road, and why the rest is not.
    pub features: Vec<Result<Feature, Refused>>,
    /// What is worth knowing of the file as a whole.
    pub notes: Vec<String>,
}

/// Reads every feature of a network file.
///
/// # Errors
///
/// When the file is missing or is not what its first bytes announce.
pub(in crate::io::network) fn open(
    path: &Path,
    wanted: &Referential,
) -> Result<Loaded, NetworkErrorKind> {
    let mut start = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut start)?;
    let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase());
    if start.starts_with(b"SQLite format 3\0") {
        geopackage::read(path, wanted)
    } else if start.starts_with(b"fgb\x03fgb") {
        flatgeobuf::read(path, wanted)
    } else if start.starts_with(&[0, 0, 0x27, 0x0a]) {
        shapefile::read(path, wanted)
    } else if start.windows(9).any(|it| it == b"OSMHeader") {
        osm::read(path, wanted)
    } else {
        let expected = match extension.as_deref() {
            Some("gpkg") => Some("a GeoPackage, which starts with \"SQLite format 3\""),
            Some("shp") => Some("a Shapefile, which starts with 00 00 27 0a"),
            Some("dbf" | "shx" | "prj") => Some("the .shp of this Shapefile"),
            Some("fgb") => Some("a FlatGeobuf, which starts with \"fgb\""),
            Some("pbf") => Some("an OpenStreetMap extract, which starts with an OSMHeader block"),
            _ => None,
        };
        if let Some(expected) = expected {
            let found = start.iter().take(8).map(|it| format!("{it:02x}")).collect::<Vec<_>>();
            let found = format!("a file that starts with {}", found.join(" "));
            return Err(NetworkErrorKind::Foreign { found, expected: expected.to_owned() });
        }
        geojson::read(path, wanted)
    }
}
