//! One table of the base, with its geometry, its spatial index and what the catalogue says of it.

use super::geometry::{Envelope, Geometry};
use super::schema::LAST_CHANGE;
use super::tables::quoted;
use crate::io::rows::{Column, Kind, Table, Value};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Result, params, params_from_iter};

/// What the rows of a layer draw.
pub(super) struct Drawn<'a, T> {
    /// `POINT` or `LINESTRING`.
    pub type_name: &'static str,
    /// The identifier of its reference system.
    pub srs: i32,
    /// The geometry of one row, when it has any.
    pub of: &'a dyn Fn(&T) -> Option<Geometry>,
}

/// Replaces a table by these rows.
pub(super) fn write<'r, T: 'r>(
    connection: &Connection,
    table: &Table<'_, T>,
    rows: impl IntoIterator<Item = &'r T>,
    drawn: Option<&Drawn<'_, T>>,
) -> Result<()> {
    remove(connection, table.name)?;
    connection.execute_batch(&creation(table, drawn.map(|it| it.type_name)))?;
    if drawn.is_some() {
        connection.execute_batch(&INDEX.replace("{t}", table.name))?;
    }
    let envelope = insert(connection, table, rows, drawn)?;
    catalogue(connection, table, drawn.map(|it| (it.type_name, it.srs)), envelope)?;
    if drawn.is_some() {
        // The triggers call functions that only spatial programs have: they come after our rows.
        connection.execute_batch(&TRIGGERS.replace("{t}", table.name))?;
    }
    Ok(())
}

/// Removes a table and all that the catalogue says of it; nothing happens when there is none.
pub(super) fn remove(connection: &Connection, name: &str) -> Result<()> {
    connection.execute_batch(&format!(
        "DROP TABLE IF EXISTS \"rtree_{name}_geom\"; DROP TABLE IF EXISTS \"{name}\";"
    ))?;
    for of_the_catalogue in
        ["gpkg_extensions", "gpkg_data_columns", "gpkg_geometry_columns", "gpkg_contents"]
    {
        let sql = format!("DELETE FROM {of_the_catalogue} WHERE table_name = ?1");
        connection.execute(&sql, [name])?;
    }
    connection.execute("DELETE FROM layer_styles WHERE f_table_name = ?1", [name])?;
    Ok(())
}

/// Adds the columns that a table lacks, empty; nothing happens when there is no such table.
pub(super) fn widen<T>(connection: &Connection, table: &Table<'_, T>) -> Result<()> {
    let mut select = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let held: Vec<String> =
        select.query_map([table.name], |row| row.get(0))?.collect::<Result<_>>()?;
    if held.is_empty() {
        return Ok(());
    }
    for column in table.columns.iter().filter(|it| !held.iter().any(|held| *held == it.name)) {
        let (name, kind) = (quoted(&column.name), type_of(column.kind));
        connection.execute_batch(&format!(
            "ALTER TABLE {} ADD COLUMN {name} {kind}",
            quoted(table.name)
        ))?;
        explain(connection, table.name, &column.name, &column.words)?;
    }
    Ok(())
}

/// The name of a type in GeoPackages.
const fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "TEXT",
        Kind::Integer => "INTEGER",
        Kind::Real(_) => "REAL",
        Kind::Instant => "DATETIME",
    }
}

/// Says in the catalogue what a column means.
fn explain(connection: &Connection, table: &str, column: &str, words: &str) -> Result<()> {
    connection.execute(
        "INSERT INTO gpkg_data_columns (table_name, column_name, description) VALUES (?1, ?2, ?3)",
        params![table, column, words],
    )?;
    Ok(())
}

/// Registers a style that QGIS applies on opening.
pub(super) fn style(connection: &Connection, table: &str, qml: &str) -> Result<()> {
    connection.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, \
         f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, \
         update_time) VALUES ('', '', ?1, 'geom', ?1, ?2, '', 1, '', '', NULL, ?3)",
        params![table, qml, LAST_CHANGE],
    )?;
    Ok(())
}

fn creation<T>(table: &Table<'_, T>, geometry: Option<&str>) -> String {
    let mut columns = vec!["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_owned()];
    columns.extend(geometry.map(|it| format!("geom {it}")));
    let column = |it: &Column<'_, T>| format!("{} {}", quoted(&it.name), type_of(it.kind));
    columns.extend(table.columns.iter().map(column));
    format!("CREATE TABLE {} ({});", quoted(table.name), columns.join(", "))
}

fn insert<'r, T: 'r>(
    connection: &Connection,
    table: &Table<'_, T>,
    rows: impl IntoIterator<Item = &'r T>,
    drawn: Option<&Drawn<'_, T>>,
) -> Result<Option<Envelope>> {
    let n_values = 1 + usize::from(drawn.is_some()) + table.columns.len();
    let marks = vec!["?"; n_values].join(", ");
    let name = quoted(table.name);
    let mut into_table = connection.prepare(&format!("INSERT INTO {name} VALUES ({marks})"))?;
    let mut into_index = match drawn {
        None => None,
        Some(_) => Some(connection.prepare(&format!(
            "INSERT INTO \"rtree_{}_geom\" VALUES (?1, ?2, ?3, ?4, ?5)",
            table.name
        ))?),
    };
    let mut whole: Option<Envelope> = None;
    for (fid, row) in (1_i64..).zip(rows) {
        let geometry = drawn.map(|it| (it.of)(row));
        let srs = drawn.map_or(0, |it| it.srs);
        let blob = |it: &Geometry| Sql::Blob(it.to_bytes(srs));
        let bytes = geometry.as_ref().map(|it| it.as_ref().map_or(Sql::Null, blob));
        let values = [Sql::Integer(fid)].into_iter().chain(bytes).chain(table.values(row).map(sql));
        into_table.execute(params_from_iter(values))?;
        if let (Some(index), Some(Some(geometry))) = (&mut into_index, &geometry) {
            let envelope = geometry.envelope();
            let [min_x, max_x, min_y, max_y] = envelope.0;
            index.execute(params![fid, min_x, max_x, min_y, max_y])?;
            whole = Some(whole.map_or(envelope, |it| it.joined(envelope)));
        }
    }
    Ok(whole)
}

fn sql(value: Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Text(text) => Sql::Text(text),
        Value::Integer(number) => Sql::Integer(number),
        Value::Real(number) => Sql::Real(number),
    }
}

fn catalogue<T>(
    connection: &Connection,
    table: &Table<'_, T>,
    geometry: Option<(&str, i32)>,
    envelope: Option<Envelope>,
) -> Result<()> {
    let [min_x, max_x, min_y, max_y] = envelope.map_or([None; 4], |it| it.0.map(Some));
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            table.name,
            if geometry.is_some() { "features" } else { "attributes" },
            table.words,
            LAST_CHANGE,
            min_x,
            min_y,
            max_x,
            max_y,
            geometry.map(|it| it.1)
        ],
    )?;
    for column in &table.columns {
        explain(connection, table.name, &column.name, &column.words)?;
    }
    if let Some((geometry, srs)) = geometry {
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)",
            params![table.name, geometry, srs],
        )?;
        connection.execute(
            "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', \
             'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
            [table.name],
        )?;
    }
    Ok(())
}

/// Source: OGC 12-128r18, annex F.3, as the triggers below.
const INDEX: &str = r#"
CREATE VIRTUAL TABLE "rtree_{t}_geom" USING rtree(id, minx, maxx, miny, maxy);
"#;

const TRIGGERS: &str = r#"
CREATE TRIGGER "rtree_{t}_geom_insert" AFTER INSERT ON "{t}"
WHEN (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (NEW."fid", ST_MinX(NEW."geom"),
    ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END;
CREATE TRIGGER "rtree_{t}_geom_update1" AFTER UPDATE OF "geom" ON "{t}"
WHEN OLD."fid" = NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (NEW."fid", ST_MinX(NEW."geom"),
    ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END;
CREATE TRIGGER "rtree_{t}_geom_update2" AFTER UPDATE OF "geom" ON "{t}"
WHEN OLD."fid" = NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD."fid";
END;
CREATE TRIGGER "rtree_{t}_geom_update3" AFTER UPDATE ON "{t}"
WHEN OLD."fid" != NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD."fid";
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (NEW."fid", ST_MinX(NEW."geom"),
    ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END;
CREATE TRIGGER "rtree_{t}_geom_update4" AFTER UPDATE ON "{t}"
WHEN OLD."fid" != NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id IN (OLD."fid", NEW."fid");
END;
CREATE TRIGGER "rtree_{t}_geom_delete" AFTER DELETE ON "{t}"
WHEN OLD."geom" NOT NULL
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD."fid";
END;
"#;
