//! Which reader a file needs.

use super::{flatgeobuf, geojson, geopackage, osm, shapefile};
use crate::io::network::columns::{Asked, Referential};
use crate::io::network::features::{Feature, Record, Refused, feature};
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

/// Who takes the features of a file, one by one: no file is held whole as loose values.
pub(super) type Take<'a> = &'a mut dyn FnMut(Result<Record, Refused>);

/// What is worth knowing of a file as a whole, or why it cannot be read.
pub(super) type Notes = Result<Vec<String>, NetworkErrorKind>;

/// What the first bytes of a file say that it is.
enum Kind {
    GeoPackage,
    FlatGeobuf,
    Shapefile,
    OpenStreetMap,
    /// Text, which GeoJSON may be.
    Text,
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
    if let Kind::OpenStreetMap = kind_of(path)? {
        return osm::read(path, wanted);
    }
    let mut features = Vec::new();
    let mut take =
        |it: Result<Record, Refused>| features.push(it.and_then(|it| feature(it, wanted)));
    let notes = records(path, &wanted.asked(), &mut take)?;
    Ok(Loaded { features, notes })
}

/// Gives the features of a file one by one, in degrees, in its order.
///
/// # Errors
///
/// When the file is missing, is not what its first bytes announce, or cannot hold what is asked for.
pub(in crate::io::network) fn records(path: &Path, asked: &Asked<'_>, take: Take<'_>) -> Notes {
    match kind_of(path)? {
        Kind::GeoPackage => geopackage::read(path, asked, take),
        Kind::FlatGeobuf => flatgeobuf::read(path, asked, take),
        Kind::Shapefile => shapefile::read(path, asked, take),
        Kind::Text => geojson::read(path, asked, take),
        Kind::OpenStreetMap => Err(NetworkErrorKind::Foreign {
            found: "an OpenStreetMap extract".to_owned(),
            expected: "GeoJSON, a GeoPackage, a Shapefile or a FlatGeobuf".to_owned(),
        }),
    }
}

fn kind_of(path: &Path) -> Result<Kind, NetworkErrorKind> {
    let mut start = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut start)?;
    let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase());
    if start.starts_with(b"SQLite format 3\0") {
        Ok(Kind::GeoPackage)
    } else if start.starts_with(b"fgb\x03fgb") {
        Ok(Kind::FlatGeobuf)
    } else if start.starts_with(&[0, 0, 0x27, 0x0a]) {
        Ok(Kind::Shapefile)
    } else if start.windows(9).any(|it| it == b"OSMHeader") {
        Ok(Kind::OpenStreetMap)
    } else {
        let expected = match extension.as_deref() {
            Some("gpkg") => Some("a GeoPackage, which starts with \"SQLite format 3\""),
            Some("shp") => Some("a Shapefile, which starts with 00 00 27 0a"),
            Some("dbf" | "shx" | "prj") => Some("the .shp of this Shapefile"),
            Some("fgb") => Some("a FlatGeobuf, which starts with \"fgb\""),
            Some("pbf") => Some("an OpenStreetMap extract, which starts with an OSMHeader block"),
            _ => None,
        };
        let Some(expected) = expected else { return Ok(Kind::Text) };
        let found = start.iter().take(8).map(|it| format!("{it:02x}")).collect::<Vec<_>>();
        let found = format!("a file that starts with {}", found.join(" "));
        Err(NetworkErrorKind::Foreign { found, expected: expected.to_owned() })
    }
}
