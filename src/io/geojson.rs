//! Sections as GeoJSON, for web maps: degrees to seven decimals (about a centimetre).
//!
//! # Source
//!
//! RFC 7946, « The GeoJSON Format », 2016. Its section 11.2 suggests six decimals; a seventh keeps
//! the centimetre of the network.

use super::atomic::{WriteError, write_with};
use super::rows::{Table, Value, driven, sections};
use crate::domain::{
    DefectKind, ModelMark, Network, NoteClasses, PlanePoint, Projector, Provenance, RouteLeg,
    SectionRating,
};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::io::{self, Write};
use std::path::Path;

/// Writes every section as a line, with the columns of the sections' table as its properties.
///
/// A section without a note is there too, its notes null and its reason in words.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_sections(
    path: &Path,
    network: &Network,
    ratings: &[SectionRating],
    classes: &NoteClasses,
    seen: &[DefectKind],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write_with(path, |out| put_sections(out, network, ratings, classes, seen, provenance))
}

/// The same to any writer, such as the body of a web answer.
///
/// # Errors
///
/// Those of the writer.
pub fn put_sections(
    out: &mut dyn Write,
    network: &Network,
    ratings: &[SectionRating],
    classes: &NoteClasses,
    seen: &[DefectKind],
    provenance: &Provenance,
) -> io::Result<()> {
    let table = sections(network, classes, seen);
    let projector = Projector::new(network.plane());
    out.write_all(b"{\"type\":\"FeatureCollection\",\"provenance\":")?;
    serde_json::to_writer(&mut *out, &Origin::of(provenance))?;
    out.write_all(b",\"features\":[")?;
    for (rank, rating) in ratings.iter().enumerate() {
        out.write_all(if rank == 0 { b"\n" } else { b",\n" })?;
        let section = &rating.distress.section;
        let line = network.roads()[section.road].piece(section.from, section.to);
        let feature = Feature {
            kind: "Feature",
            id: section.id.as_str(),
            geometry: Line {
                kind: "LineString",
                coordinates: line.iter().map(|it| degrees(&projector, *it)).collect(),
            },
            properties: Properties { table: &table, row: rating },
        };
        serde_json::to_writer(&mut *out, &feature)?;
    }
    out.write_all(b"\n]}\n")
}

/// Writes the way that a vehicle drove, one line for each stretch of one road.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_route(
    path: &Path,
    network: &Network,
    legs: &[RouteLeg],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    let table = driven(network);
    let projector = Projector::new(network.plane());
    write_with(path, |out| {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"provenance\":")?;
        serde_json::to_writer(&mut *out, &Origin::of(provenance))?;
        out.write_all(b",\"features\":[")?;
        for (rank, leg) in legs.iter().enumerate() {
            out.write_all(if rank == 0 { b"\n" } else { b",\n" })?;
            let ends = if leg.from <= leg.to { (leg.from, leg.to) } else { (leg.to, leg.from) };
            let mut line = network.roads()[leg.road].piece(ends.0, ends.1);
            if leg.from > leg.to {
                line.reverse();
            }
            let feature = Feature {
                kind: "Feature",
                id: &rank.to_string(),
                geometry: Line {
                    kind: "LineString",
                    coordinates: line.iter().map(|it| degrees(&projector, *it)).collect(),
                },
                properties: Properties { table: &table, row: leg },
            };
            serde_json::to_writer(&mut *out, &feature)?;
        }
        out.write_all(b"\n]}\n")
    })
}

/// Degrees east and north, to seven decimals.
pub(super) fn degrees(projector: &Projector, point: PlanePoint) -> [f64; 2] {
    let position = projector.unproject(point);
    [position.longitude(), position.latitude()].map(|it| (it * 1.0e7).round() / 1.0e7)
}

#[derive(Serialize)]
struct Origin<'a> {
    version: &'a str,
    configuration: &'a str,
    models: Vec<Model<'a>>,
}

#[derive(Serialize)]
struct Model<'a> {
    name: &'a str,
    sha256: &'a str,
}

impl<'a> Origin<'a> {
    fn of(Provenance { version, configuration, models }: &'a Provenance) -> Self {
        let model = |ModelMark { name, sha256 }: &'a ModelMark| Model { name, sha256 };
        Self { version, configuration, models: models.iter().map(model).collect() }
    }
}

#[derive(Serialize)]
#[serde(bound = "")]
struct Feature<'a, T> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    geometry: Line,
    properties: Properties<'a, T>,
}

#[derive(Serialize)]
struct Line {
    #[serde(rename = "type")]
    kind: &'static str,
    coordinates: Vec<[f64; 2]>,
}

/// One row, its columns in order.
struct Properties<'a, T> {
    table: &'a Table<'a, T>,
    row: &'a T,
}

impl<T> Serialize for Properties<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.table.columns.len()))?;
        for column in &self.table.columns {
            match column.of(self.row).rounded(column.kind) {
                Value::Null => map.serialize_entry(&column.name, &None::<f64>)?,
                Value::Text(text) => map.serialize_entry(&column.name, &text)?,
                Value::Integer(number) => map.serialize_entry(&column.name, &number)?,
                Value::Real(number) => map.serialize_entry(&column.name, &number)?,
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::rows::example;
    use geojson::{FeatureCollection, GeometryValue};

    fn written() -> FeatureCollection {
        let mut bytes = Vec::new();
        let seen = [DefectKind::AlligatorCracking];
        let (network, classes) = (example::network(), example::classes());
        let (ratings, provenance) = (example::ratings(), example::provenance());
        put_sections(&mut bytes, &network, &ratings, &classes, &seen, &provenance).unwrap();
        String::from_utf8(bytes).unwrap().parse().unwrap()
    }

    #[test]
    fn another_reader_finds_the_sections_where_they_are() {
        let read = written();
        assert_eq!(read.features.len(), 3);
        let Some(GeometryValue::LineString { coordinates }) =
            read.features[1].geometry.as_ref().map(|it| &it.value)
        else {
            panic!("a section is a line: {:?}", read.features[1]);
        };
        // The second section of D1 turns its corner: 600 300 E, 6 260 000 N. GDAL's
        // gdaltransform -s_srs EPSG:2154 -t_srs OGC:CRS84 gives these.
        assert_eq!(coordinates.len(), 3);
        let corner = coordinates[1].as_slice();
        assert_eq!(corner, [1.769_168_6, 43.432_115_2]);
    }

    #[test]
    fn an_unfilmed_section_is_there_without_notes() {
        let read = written();
        let unseen = &read.features[2];
        assert!(unseen.property("ng").unwrap().is_null());
        assert!(unseen.property("def_fa_m2").unwrap().is_null());
        assert_eq!(unseen.property("motif_libelle").unwrap(), "non filmée");
        assert_eq!(read.features[0].property("ng").unwrap(), 10.9);
    }
}
