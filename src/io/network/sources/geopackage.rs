//! Networks in a layer of a `GeoPackage` of any writer.

use super::open::Loaded;
use super::wkb;
use crate::io::network::columns::Referential;
use crate::io::network::crs::Crs;
use crate::io::network::features::{Record, feature};
use crate::io::network::read::NetworkErrorKind;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value};
use std::path::Path;

/// A layer of lines, as the catalogue says it.
struct Layer {
    table: String,
    geometry: String,
    srs: i32,
}

pub(super) fn read(path: &Path, wanted: &Referential) -> Result<Loaded, NetworkErrorKind> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let broken = |why: rusqlite::Error| NetworkErrorKind::Foreign {
        found: why.to_string(),
        expected: "a GeoPackage".to_owned(),
    };
    let connection = Connection::open_with_flags(path, flags).map_err(broken)?;
    let layers = layers(&connection).map_err(broken)?;
    let layer = choose(&connection, layers, wanted)?;
    let crs = match &wanted.crs {
        Some(name) => Crs::of_name(name).map_err(NetworkErrorKind::Crs)?,
        None => crs_of(&connection, layer.srs)?,
    };
    let mut loaded = Loaded::default();
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
                loaded.notes.push(format!("the layer is damaged after this: {why}"));
                break;
            }
        };
        let mut properties = Map::new();
        let mut parts = Err("the geometry is nothing, expected LineString".to_owned());
        for (rank, name) in names.iter().enumerate() {
            let value = row.get_ref(rank).map_err(broken)?;
            if *name == layer.geometry {
                if let ValueRef::Blob(bytes) = value {
                    parts = lines(bytes, layer.srs);
                }
            } else if let Some(value) = json(value) {
                properties.insert(name.clone(), value);
            }
        }
        let mut record = Record { properties, parts };
        record.turn(&crs);
        loaded.features.push(feature(record, wanted));
    }
    Ok(loaded)
}

fn lines(bytes: &[u8], expected: i32) -> Result<Vec<Vec<[f64; 2]>>, String> {
    let (srs, lines) = wkb::lines(bytes)?;
    // 0 and -1 are the undefined systems: writers that leave the field out.
    if srs != expected && srs > 0 {
        return Err(format!("its coordinates are in system {srs}, the layer's in {expected}"));
    }
    Ok(lines)
}

fn layers(connection: &Connection) -> rusqlite::Result<Vec<Layer>> {
    let mut select = connection.prepare(
        "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns \
         WHERE upper(geometry_type_name) IN \
         ('LINESTRING', 'MULTILINESTRING', 'GEOMETRY', 'CURVE', 'MULTICURVE', 'GEOMETRYCOLLECTION') \
         ORDER BY table_name",
    )?;
    let layers = select.query_map([], |row| {
        Ok(Layer { table: row.get(0)?, geometry: row.get(1)?, srs: row.get(2)? })
    })?;
    layers.collect()
}

/// The layer that is named; else the only one, or the only one that names roads.
fn choose(
    connection: &Connection,
    layers: Vec<Layer>,
    wanted: &Referential,
) -> Result<Layer, NetworkErrorKind> {
    let told = layers.iter().map(|it| it.table.as_str()).collect::<Vec<_>>().join(", ");
    let told = if told.is_empty() { "no layer of lines".to_owned() } else { told };
    let wrong = |expected: &str| NetworkErrorKind::Foreign {
        found: format!("layers of lines: {told}"),
        expected: expected.to_owned(),
    };
    if let Some(name) = &wanted.layer {
        let named = layers.into_iter().find(|it| it.table.eq_ignore_ascii_case(name));
        return named.ok_or_else(|| wrong(&format!("a layer named {name}")));
    }
    let names = wanted.names("route");
    let has_route = |layer: &Layer| {
        let sql = format!("SELECT * FROM {} LIMIT 0", quoted(&layer.table));
        let held = connection.prepare(&sql).map(|it| {
            it.column_names()
                .into_iter()
                .any(|it| names.iter().any(|name| it.eq_ignore_ascii_case(name)))
        });
        held.unwrap_or(false)
    };
    let several = layers.len() > 1;
    let mut fit: Vec<Layer> = layers.into_iter().filter(|it| !several || has_route(it)).collect();
    match fit.len() {
        1 => Ok(fit.remove(0)),
        0 => Err(wrong("a layer of lines with the names of roads")),
        _ => Err(wrong("one layer; say which: layer = \"...\" in [referential]")),
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
