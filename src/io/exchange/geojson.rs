//! A layer as GeoJSON (RFC 7946): degrees to seven decimals, about a centimetre.

use super::source::Source;
use crate::domain::Projector;
use crate::io::atomic::{WriteError, write_with};
use crate::io::geojson::degrees;
use crate::io::geopackage::{Field, Geometry, TableRow};
use crate::io::rows::Value;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;
use std::path::Path;

/// Writes a layer.
pub(super) fn write(path: &Path, source: &Source<'_>) -> Result<(), WriteError> {
    let projector = Projector::new(source.plane);
    let table = source.table;
    write_with(path, |out| {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"name\":")?;
        serde_json::to_writer(&mut *out, &table.name)?;
        out.write_all(b",\"description\":")?;
        serde_json::to_writer(&mut *out, &table.words)?;
        out.write_all(b",\"provenance\":")?;
        serde_json::to_writer(&mut *out, &source.origin())?;
        out.write_all(b",\"features\":[")?;
        let mut separator: &[u8] = b"\n";
        source.each(|row| {
            out.write_all(std::mem::replace(&mut separator, b",\n"))?;
            let feature = Feature { row: &row, fields: &table.fields, projector: &projector };
            Ok(serde_json::to_writer(&mut *out, &feature)?)
        })?;
        out.write_all(b"\n]}\n")
    })
}

struct Feature<'a> {
    row: &'a TableRow,
    fields: &'a [Field],
    projector: &'a Projector,
}

impl Serialize for Feature<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("type", "Feature")?;
        map.serialize_entry("id", &self.row.fid)?;
        let place = |it: &Geometry| {
            let points = it.points().iter().map(|it| degrees(self.projector, *it));
            let points: Vec<_> = points.collect();
            match it {
                Geometry::Point(_) => json!({"type": "Point", "coordinates": points[0]}),
                Geometry::Line(_) => json!({"type": "LineString", "coordinates": points}),
            }
        };
        map.serialize_entry("geometry", &self.row.geometry.as_ref().map(place))?;
        map.serialize_entry("properties", &Properties(self))?;
        map.end()
    }
}

/// One row, its columns in order.
struct Properties<'a>(&'a Feature<'a>);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Feature { row, fields, .. } = self.0;
        let mut map = serializer.serialize_map(Some(fields.len()))?;
        for (field, value) in fields.iter().zip(&row.values) {
            match value {
                Value::Null => map.serialize_entry(&field.name, &None::<f64>)?,
                Value::Text(text) => map.serialize_entry(&field.name, text)?,
                Value::Integer(number) => map.serialize_entry(&field.name, number)?,
                Value::Real(number) => map.serialize_entry(&field.name, number)?,
            }
        }
        map.end()
    }
}
