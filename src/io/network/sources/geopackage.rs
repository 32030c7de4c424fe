//! Networks and territories in a layer of a `GeoPackage` of any writer.

use super::open::{Notes, Take};
use super::wkb;
use crate::io::network::columns::{Asked, Shape};
use crate::io::network::crs::Crs;
use crate::io::network::features::Record;
use crate::io::network::read::NetworkErrorKind;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value};
use std::path::Path;

/// A layer of lines or areas, as the catalogue says it.
struct Layer {
    table: String,
    geometry: String,
    srs: i32,
}

pub(super) fn read(path: &Path, asked: &Asked<'_>, take: Take<'_>) -> Notes {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let broken = |why: rusqlite::Error| NetworkErrorKind::Foreign {
        found: why.to_string(),
        expected: "a GeoPackage".to_owned(),
    };
    let connection = Connection::open_with_flags(path, flags).map_err(broken)?;
    let layers = layers(&connection, asked.shape).map_err(broken)?;
    let layer = choose(&connection, layers, asked)?;
    let crs = match asked.crs {
        Some(name) => Crs::of_name(name).map_err(NetworkErrorKind::Crs)?,
        None => crs_of(&connection, layer.srs)?,
    };
    let mut notes = Vec::new();
    let sql = format!("SELECT * FROM {}", quoted(&layer.table));
    let mut select = connection.prepare(&sql).map_err(broken)?;
    let names: Vec<String> = select.column_names().map(str::to_owned).collect();
    let mut rows = select.query([]).map_err(broken)?;
    loop {
        // A page that cannot be read ends the layer; what came before it is kept.
        let row = match rows.next() {
            Ok(None) => break,
            Ok(Some(row)) => row,
            Err(why) => {
                notes.push(format!("the layer is damaged after this: {why}"));
                break;
            }
        };
        let mut properties = Map::new();
        let mut parts = Err(asked.shape.refuses("nothing"));
        for (rank, name) in names.iter().enumerate() {
            let value = row.get_ref(rank).map_err(broken)?;
            if *name == layer.geometry {
                if let ValueRef::Blob(bytes) = value {
                    parts = parts_of(bytes, layer.srs, asked.shape);
                }
            } else if let Some(value) = json(value) {
                properties.insert(name.clone(), value);
            }
        }
        let mut record = Record { properties, parts };
        record.turn(&crs);
        take(Ok(record));
    }
    Ok(notes)
}

fn parts_of(bytes: &[u8], expected: i32, shape: Shape) -> Result<Vec<Vec<[f64; 2]>>, String> {
    let (srs, parts) = wkb::parts(bytes, shape)?;
    // 0 and -1 are the undefined systems: writers that leave the field out.
    if srs != expected && srs > 0 {
        return Err(format!("its coordinates are in system {srs}, the layer's in {expected}"));
    }
    Ok(parts)
}

fn layers(connection: &Connection, shape: Shape) -> rusqlite::Result<Vec<Layer>> {
    let fit = match shape {
        Shape::Lines => "'LINESTRING', 'MULTILINESTRING', 'CURVE', 'MULTICURVE'",
        Shape::Areas => "'POLYGON', 'MULTIPOLYGON', 'SURFACE', 'CURVEPOLYGON', 'MULTISURFACE'",
    };
    let mut select = connection.prepare(&format!(
        "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns \
         WHERE upper(geometry_type_name) IN ('GEOMETRY', 'GEOMETRYCOLLECTION', {fit}) \
         ORDER BY table_name"
    ))?;
    let layers = select.query_map([], |row| {
        Ok(Layer { table: row.get(0)?, geometry: row.get(1)?, srs: row.get(2)? })
    })?;
    layers.collect()
}

/// The layer that is named; else the only one, or the only one that has one of the columns asked for.
fn choose(
    connection: &Connection,
    layers: Vec<Layer>,
    asked: &Asked<'_>,
) -> Result<Layer, NetworkErrorKind> {
    let told = layers.iter().map(|it| it.table.as_str()).collect::<Vec<_>>().join(", ");
    let (what, said_by) = match asked.shape {
        Shape::Lines => ("lines", "the names of roads"),
        Shape::Areas => ("polygons", "their names"),
    };
    let told = if told.is_empty() { format!("no layer of {what}") } else { told };
    let wrong = |expected: &str| NetworkErrorKind::Foreign {
        found: format!("layers of {what}: {told}"),
        expected: expected.to_owned(),
    };
    if let Some(name) = asked.layer {
        let named = layers.into_iter().find(|it| it.table.eq_ignore_ascii_case(name));
        return named.ok_or_else(|| wrong(&format!("a layer named {name}")));
    }
    let has_names = |layer: &Layer| {
        let sql = format!("SELECT * FROM {} LIMIT 0", quoted(&layer.table));
        let held = connection.prepare(&sql).map(|it| {
            it.column_names()
                .into_iter()
                .any(|it| asked.columns.iter().any(|name| it.eq_ignore_ascii_case(name)))
        });
        held.unwrap_or(false)
    };
    let several = layers.len() > 1;
    let mut fit: Vec<Layer> = layers.into_iter().filter(|it| !several || has_names(it)).collect();
    match fit.len() {
        1 => Ok(fit.remove(0)),
        0 => Err(wrong(&format!("a layer of {what} with {said_by}"))),
        _ => Err(wrong(&format!("one layer; say which: layer = \"...\" in {}", asked.table))),
    }
}

fn crs_of(connection: &Connection, srs: i32) -> Result<Crs, NetworkErrorKind> {
    let sql = "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys \
               WHERE srs_id = ?1";
    let found: rusqlite::Result<(String, i64)> =
        connection.query_row(sql, [srs], |row| Ok((row.get(0)?, row.get(1)?)));
    let code = match found {
        Ok((organisation, code)) if organisation.eq_ignore_ascii_case("epsg") => code,
        Ok((organisation, code)) => {
            return Err(NetworkErrorKind::Crs(format!("{organisation}:{code}")));
        }
        Err(_) => i64::from(srs),
    };
    let code = u32::try_from(code).unwrap_or(0);
    Crs::of_code(code).map_err(NetworkErrorKind::Crs)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn json(value: ValueRef<'_>) -> Option<Value> {
    match value {
        ValueRef::Integer(number) => Some(number.into()),
        ValueRef::Real(number) => Some(number.into()),
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned().into()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}
