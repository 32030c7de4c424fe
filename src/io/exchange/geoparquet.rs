//! A table as Parquet, and a layer as GeoParquet 1.1: well-known binary, its plane and its extent in
//! the metadata. Written by groups of rows, of which one is in memory.
//!
//! # Source
//!
//! OGC, « GeoParquet », version 1.1.0, 2024, <https://geoparquet.org/releases/v1.1.0/>: an absent
//! `crs` would mean degrees and a null one an unknown plane, so the plane is given as PROJJSON.

use super::crs;
use super::source::Source;
use crate::io::atomic::{Draft, WriteError};
use crate::io::geopackage::{Envelope, Field, Geometry, Holds, TableRow};
use crate::io::rows::Value;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use serde_json::json;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Rows of a group.
///
/// Chosen: some 20 MB of the widest table in memory; readers skip by group.
const GROUP_ROWS: usize = 50_000;

/// Name of the column of geometries. Source: the name that GeoParquet writers give by default.
const GEOMETRY: &str = "geometry";

/// Writes a table.
pub(super) fn write(path: &Path, source: &Source<'_>) -> Result<(), WriteError> {
    let mut draft = Draft::beside(path)?;
    fill(draft.file(), source).map_err(|why| WriteError::of(path, why))?;
    draft.keep()
}

/// The values of one column, waiting for their group to be full.
enum Column {
    Whole(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Bytes(Vec<Option<ByteArray>>),
}

fn fill(out: &mut File, source: &Source<'_>) -> io::Result<()> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("voirie {}", env!("CARGO_PKG_VERSION")))
        .build();
    let schema = Arc::new(schema(source).map_err(io::Error::other)?);
    let mut file =
        SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(io::Error::other)?;
    let mut envelope: Option<Envelope> = None;
    let mut group = empty(source);
    let mut n_waiting = 0;
    source.each(|row| {
        if let Some(one) = row.geometry.as_ref().map(Geometry::envelope) {
            envelope = Some(envelope.map_or(one, |it| it.joined(one)));
        }
        push(&mut group, source, row)?;
        n_waiting += 1;
        if n_waiting == GROUP_ROWS {
            n_waiting = 0;
            let full = std::mem::replace(&mut group, empty(source));
            put_group(&mut file, full).map_err(io::Error::other)?;
        }
        Ok(())
    })?;
    if n_waiting > 0 {
        put_group(&mut file, group).map_err(io::Error::other)?;
    }
    let mut tell = |key: &str, value: String| {
        file.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
    };
    if source.table.drawing.is_some() {
        tell("geo", geo(source, envelope));
    }
    tell("voirie:table", source.table.words.clone());
    tell("voirie:columns", source.meanings().to_string());
    tell("voirie:provenance", source.origin().to_string());
    file.close().map_err(io::Error::other)?;
    Ok(())
}

/// What the standard says of the column of geometries.
fn geo(source: &Source<'_>, envelope: Option<Envelope>) -> String {
    let types: Vec<_> = source.table.drawing.iter().map(|it| it.type_name()).collect();
    let mut column = json!({
        "encoding": "WKB",
        "geometry_types": types,
        "crs": crs::projjson(source.plane),
        "edges": "planar",
    });
    if let Some(Envelope([min_x, max_x, min_y, max_y])) = envelope {
        column["bbox"] = json!([min_x, min_y, max_x, max_y]);
    }
    json!({"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}})
        .to_string()
}

fn schema(source: &Source<'_>) -> Result<Type, ParquetError> {
    let column = |name: &str, physical, logical, repetition| {
        Type::primitive_type_builder(name, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()
            .map(Arc::new)
    };
    let optional = Repetition::OPTIONAL;
    let mut fields = vec![column("fid", Physical::INT64, None, Repetition::REQUIRED)?];
    if source.table.drawing.is_some() {
        fields.push(column(GEOMETRY, Physical::BYTE_ARRAY, None, optional)?);
    }
    for field in &source.table.fields {
        let (physical, logical) = match field.holds {
            Holds::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Holds::Integer => (Physical::INT64, None),
            Holds::Real => (Physical::DOUBLE, None),
            Holds::Instant => {
                (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS)))
            }
        };
        fields.push(column(&field.name, physical, logical, optional)?);
    }
    Type::group_type_builder("schema").with_fields(fields).build()
}

fn empty(source: &Source<'_>) -> Vec<Column> {
    let mut columns = vec![Column::Whole(Vec::new())];
    columns.extend(source.table.drawing.map(|_| Column::Bytes(Vec::new())));
    columns.extend(source.table.fields.iter().map(|it| match it.holds {
        Holds::Text => Column::Bytes(Vec::new()),
        Holds::Integer | Holds::Instant => Column::Whole(Vec::new()),
        Holds::Real => Column::Real(Vec::new()),
    }));
    columns
}

fn push(group: &mut [Column], source: &Source<'_>, row: TableRow) -> io::Result<()> {
    let fid = std::iter::once(Cell::Whole(Some(row.fid)));
    let shape = source
        .table
        .drawing
        .map(|_| Cell::Bytes(row.geometry.as_ref().map(|it| ByteArray::from(it.to_well_known()))));
    let rest = source.table.fields.iter().zip(row.values).map(|(field, it)| cell(field, it));
    for (column, cell) in group.iter_mut().zip(fid.chain(shape).map(Ok).chain(rest)) {
        match (column, cell?) {
            (Column::Whole(all), Cell::Whole(it)) => all.push(it),
            (Column::Real(all), Cell::Real(it)) => all.push(it),
            (Column::Bytes(all), Cell::Bytes(it)) => all.push(it),
            _ => unreachable!("cells and columns follow the same fields"),
        }
    }
    Ok(())
}

/// One value, of the type of its column.
enum Cell {
    Whole(Option<i64>),
    Real(Option<f64>),
    Bytes(Option<ByteArray>),
}

fn cell(field: &Field, value: Value) -> io::Result<Cell> {
    let wrong = |found: &dyn std::fmt::Display| {
        let name = &field.name;
        io::Error::other(format!("column {name}: found {found}, expected {:?}", field.holds))
    };
    Ok(match (field.holds, value) {
        (Holds::Text, Value::Null) => Cell::Bytes(None),
        (Holds::Text, Value::Text(it)) => Cell::Bytes(Some(ByteArray::from(it.into_bytes()))),
        (Holds::Integer | Holds::Instant, Value::Null) => Cell::Whole(None),
        (Holds::Integer, Value::Integer(it)) => Cell::Whole(Some(it)),
        (Holds::Real, Value::Null) => Cell::Real(None),
        (Holds::Real, Value::Real(it)) => Cell::Real(Some(it)),
        (Holds::Instant, Value::Text(it)) => {
            let instant: jiff::Timestamp =
                it.parse().map_err(|why| wrong(&format!("{it:?} ({why})")))?;
            Cell::Whole(Some(instant.as_millisecond()))
        }
        (_, other) => return Err(wrong(&format!("{other:?}"))),
    })
}

fn put_group(
    file: &mut SerializedFileWriter<&mut File>,
    columns: Vec<Column>,
) -> Result<(), ParquetError> {
    let mut group = file.next_row_group()?;
    for (rank, column) in columns.into_iter().enumerate() {
        let writer = group.next_column()?.expect("as many columns as the schema has");
        match column {
            Column::Whole(all) => put_column::<Int64Type>(writer, all, rank == 0)?,
            Column::Real(all) => put_column::<DoubleType>(writer, all, false)?,
            Column::Bytes(all) => put_column::<ByteArrayType>(writer, all, false)?,
        }
    }
    group.close()?;
    Ok(())
}

fn put_column<T: DataType>(
    mut writer: SerializedColumnWriter<'_>,
    all: Vec<Option<T::T>>,
    required: bool,
) -> Result<(), ParquetError> {
    let levels: Vec<i16> = all.iter().map(|it| i16::from(it.is_some())).collect();
    let values: Vec<T::T> = all.into_iter().flatten().collect();
    let levels = (!required).then_some(levels.as_slice());
    writer.typed::<T>().write_batch(&values, levels, None)?;
    writer.close()
}
