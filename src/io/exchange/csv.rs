//! A table as CSV (RFC 4180), its geometry as well-known text, its provenance in the last columns.

use super::source::Source;
use crate::io::atomic::{WriteError, write_with};
use crate::io::geopackage::Geometry;
use crate::io::rows::{Value, short_hash};
use std::path::Path;

/// Writes a table.
pub(super) fn write(path: &Path, source: &Source<'_>) -> Result<(), WriteError> {
    let origin = &source.provenance;
    let hash = short_hash(origin);
    let drawn = source.table.drawing.is_some();
    write_with(path, |out| {
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        csv.write_field("fid")?;
        for field in &source.table.fields {
            csv.write_field(&field.name)?;
        }
        if drawn {
            csv.write_field("wkt")?;
        }
        csv.write_record(["version", "configuration"])?;
        source.each(|row| {
            csv.write_field(row.fid.to_string())?;
            for value in &row.values {
                match value {
                    Value::Null => csv.write_field("")?,
                    Value::Text(text) => csv.write_field(text)?,
                    Value::Integer(number) => csv.write_field(number.to_string())?,
                    Value::Real(number) => csv.write_field(number.to_string())?,
                }
            }
            if drawn {
                csv.write_field(row.geometry.as_ref().map(Geometry::to_text).unwrap_or_default())?;
            }
            Ok(csv.write_record([&origin.version, &hash])?)
        })?;
        csv.flush()
    })
}
