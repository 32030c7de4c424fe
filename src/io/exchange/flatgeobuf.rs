//! A layer as FlatGeobuf, with its plane and a packed Hilbert R-tree.
//!
//! The features wait in a temporary file until the index is known; only 40 bytes a feature stay in
//! memory. A row that draws nothing has no place in the index and is left out.
//!
//! # Source
//!
//! FlatGeobuf 3.0, <https://flatgeobuf.org/>.

use super::crs;
use super::source::Source;
use crate::io::atomic::{WriteError, write_with};
use crate::io::geopackage::{Drawing, Geometry, Holds};
use crate::io::rows::Value;
use flatgeobuf::geozero::error::Result as Processed;
use flatgeobuf::geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use std::io;
use std::path::Path;

/// Writes a layer.
pub(super) fn write(path: &Path, source: &Source<'_>) -> Result<(), WriteError> {
    let table = source.table;
    let (name, metadata) = (crs::name(source.plane), source.origin().to_string());
    let options = FgbWriterOptions {
        // The count of an empty layer is unknown to readers, which would look for an index.
        write_index: table.n_drawn > 0,
        detect_type: false,
        promote_to_multi: false,
        crs: FgbCrs {
            org: Some("EPSG"),
            code: source.plane.code().into(),
            name: Some(&name),
            wkt: Some(source.plane.well_known_text()),
            ..FgbCrs::default()
        },
        description: Some(&table.words),
        metadata: Some(&metadata),
        ..FgbWriterOptions::default()
    };
    let drawn = match table.drawing {
        Some(Drawing::Points) => GeometryType::Point,
        Some(Drawing::Lines) => GeometryType::LineString,
        None => GeometryType::Unknown,
    };
    write_with(path, |out| {
        let mut file = FgbWriter::create_with_options(&table.name, drawn, options)
            .map_err(io::Error::other)?;
        for field in &table.fields {
            let kind = match field.holds {
                Holds::Text => ColumnType::String,
                Holds::Integer => ColumnType::Long,
                Holds::Real => ColumnType::Double,
                Holds::Instant => ColumnType::DateTime,
            };
            file.add_column(&field.name, kind, |strings, column| {
                column.description = Some(strings.create_string(&field.words));
            });
        }
        source.each(|row| {
            let Some(geometry) = &row.geometry else { return Ok(()) };
            let mut put = Ok(true);
            file.add_feature_geom(Drawn(geometry), |feature| {
                for (rank, (field, value)) in table.fields.iter().zip(&row.values).enumerate() {
                    let value = match value {
                        Value::Null => continue,
                        Value::Text(it) if field.holds == Holds::Instant => {
                            ColumnValue::DateTime(it)
                        }
                        Value::Text(it) => ColumnValue::String(it),
                        Value::Integer(it) => ColumnValue::Long(*it),
                        Value::Real(it) => ColumnValue::Double(*it),
                    };
                    if put.is_ok() {
                        put = feature.property(rank, &field.name, &value);
                    }
                }
            })
            .map_err(io::Error::other)?;
            put.map(|_| ()).map_err(io::Error::other)
        })?;
        file.write(out).map_err(io::Error::other)
    })
}

/// A geometry of ours, told point by point.
struct Drawn<'a>(&'a Geometry);

impl GeozeroGeometry for Drawn<'_> {
    fn process_geom<P: GeomProcessor>(&self, to: &mut P) -> Processed<()> {
        let points = self.0.points();
        match self.0 {
            Geometry::Point(it) => {
                to.point_begin(0)?;
                to.xy(it.x, it.y, 0)?;
                to.point_end(0)
            }
            Geometry::Line(_) => {
                to.linestring_begin(true, points.len(), 0)?;
                for (rank, it) in points.iter().enumerate() {
                    to.xy(it.x, it.y, rank)?;
                }
                to.linestring_end(true, 0)
            }
        }
    }
}
