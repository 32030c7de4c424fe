//! Any table of a base as typed columns and geometries, one row after the other: what exchange
//! formats are written from.

use super::error::{BaseError, BaseErrorKind};
use super::geometry::Geometry;
use super::open::OpenBase;
use super::schema;
use super::step::Step;
use crate::domain::{Plane, Provenance};
use crate::io::rows::Value;
use rusqlite::Row;
use rusqlite::types::ValueRef;
use std::io;

/// What a column of a base holds. Bases keep every decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Words.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Real,
    /// UTC instants, ISO 8601.
    Instant,
}

/// What the rows of a table draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// Places.
    Points,
    /// Stretches.
    Lines,
}

impl Drawing {
    /// The name of its geometry in the standards, such as `LineString`.
    #[must_use]
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Points => "Point",
            Self::Lines => "LineString",
        }
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub holds: Holds,
    /// What it means, in French, with its unit; empty when the base does not say.
    pub words: String,
}

/// One table: what the catalogue of the base says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInfo {
    /// Its name.
    pub name: String,
    /// What it holds, in French.
    pub words: String,
    /// What it draws, if anything.
    pub drawing: Option<Drawing>,
    /// Its columns in order, besides `fid` and `geom`.
    pub fields: Vec<Field>,
    /// How many rows it has.
    pub n_rows: u64,
    /// How many of them draw something.
    pub n_drawn: u64,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// Its number, from 1.
    pub fid: i64,
    /// What it draws.
    pub geometry: Option<Geometry>,
    /// One value for each field, in order.
    pub values: Vec<Value>,
}

/// The styles of QGIS say how to draw a base, and nothing of roads.
const NOT_OURS: &str = "layer_styles";

impl OpenBase {
    /// The plane that its layers are drawn in.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn plane(&self) -> Result<Plane, BaseError> {
        schema::plane(&self.connection).map_err(|it| self.failed(it.into()))
    }

    /// Every table, in the order in which the steps wrote them; findings and provenance last.
    ///
    /// A layer of a geometry that this program does not draw is left out.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn tables(&self) -> Result<Vec<TableInfo>, BaseError> {
        self.list().map_err(|it| self.failed(it))
    }

    fn list(&self) -> Result<Vec<TableInfo>, BaseErrorKind> {
        let mut select = self.connection.prepare(
            "SELECT c.table_name, c.description, g.geometry_type_name, g.column_name \
             FROM gpkg_contents c LEFT JOIN gpkg_geometry_columns g USING (table_name) \
             WHERE c.data_type IN ('features', 'attributes') AND c.table_name <> ?1 \
             ORDER BY c.table_name IN ('findings', 'provenance'), c.rowid",
        )?;
        let named = select.query_map([NOT_OURS], |row| {
            let (name, words): (String, Option<String>) = (row.get(0)?, row.get(1)?);
            let (kind, column): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
            Ok((name, words.unwrap_or_default(), kind, column))
        })?;
        let mut all = Vec::new();
        for it in named {
            let (name, words, kind, column) = it?;
            let drawing = match kind.as_deref().map(str::to_uppercase).as_deref() {
                None => None,
                Some("POINT") => Some(Drawing::Points),
                Some("LINESTRING") => Some(Drawing::Lines),
                Some(_) => continue,
            };
            // A name of another program's making is of no layer of ours.
            if drawing.is_some() && column.as_deref() != Some("geom") {
                continue;
            }
            let geometry = if drawing.is_some() { "geom" } else { "NULL" };
            let count = format!("SELECT count(*), count({geometry}) FROM {}", quoted(&name));
            let counted = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
            let (n_rows, n_drawn) = self.connection.query_row(&count, [], counted)?;
            let (n_rows, n_drawn) = (n_rows.unsigned_abs(), n_drawn.unsigned_abs());
            let fields = self.fields(&name)?;
            all.push(TableInfo { name, words, drawing, fields, n_rows, n_drawn });
        }
        Ok(all)
    }

    fn fields(&self, table: &str) -> Result<Vec<Field>, BaseErrorKind> {
        let mut select = self.connection.prepare(
            "SELECT i.name, i.type, d.description FROM pragma_table_info(?1) i \
             LEFT JOIN gpkg_data_columns d ON d.table_name = ?1 AND d.column_name = i.name \
             WHERE i.name NOT IN ('fid', 'geom') AND upper(i.type) NOT LIKE 'BLOB%' ORDER BY i.cid",
        )?;
        let fields = select.query_map([table], |row| {
            let (declared, words): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            Ok(Field {
                name: row.get(0)?,
                holds: holds(&declared),
                words: words.unwrap_or_default(),
            })
        })?;
        Ok(fields.collect::<Result<_, _>>()?)
    }

    /// Gives each row of a table to `visit`, in order; one row is held at a time.
    ///
    /// # Errors
    ///
    /// What `visit` returned, or a value that is not what its column holds.
    pub fn each_row(
        &self,
        table: &TableInfo,
        visit: &mut dyn FnMut(TableRow) -> io::Result<()>,
    ) -> io::Result<()> {
        let refused = |why: BaseErrorKind| io::Error::other(self.failed(why));
        let sql = |why: rusqlite::Error| refused(why.into());
        let geometry = if table.drawing.is_some() { "geom" } else { "NULL" };
        let names: Vec<_> = table.fields.iter().map(|it| quoted(&it.name)).collect();
        let select = format!(
            "SELECT fid, {geometry}{}{} FROM {} ORDER BY fid",
            if names.is_empty() { "" } else { ", " },
            names.join(", "),
            quoted(&table.name)
        );
        let mut select = self.connection.prepare(&select).map_err(sql)?;
        let mut rows = select.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            visit(read(table, row).map_err(refused)?)?;
        }
        Ok(())
    }

    /// Who wrote a table.
    ///
    /// # Errors
    ///
    /// When the base cannot be read.
    pub fn provenance_of(&self, table: &TableInfo) -> Result<Provenance, BaseError> {
        Ok(self.read_provenance(Step::of_table(&table.name))?.unwrap_or_default())
    }
}

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Source: OGC 12-128r18, table 1; any other type is read as words.
fn holds(declared: &str) -> Holds {
    let declared = declared.to_uppercase();
    match declared.split('(').next().unwrap_or_default() {
        "INTEGER" | "INT" | "MEDIUMINT" | "SMALLINT" | "TINYINT" | "BOOLEAN" => Holds::Integer,
        "REAL" | "DOUBLE" | "FLOAT" => Holds::Real,
        "DATETIME" => Holds::Instant,
        _ => Holds::Text,
    }
}

fn read(table: &TableInfo, row: &Row<'_>) -> Result<TableRow, BaseErrorKind> {
    let fid = row.get(0)?;
    let wrong = |column: &str, found: ValueRef<'_>, expected: &str| BaseErrorKind::Value {
        table: table.name.clone(),
        row: fid,
        column: column.to_owned(),
        found: shown(found),
        expected: expected.to_owned(),
    };
    let geometry = match row.get_ref(1)? {
        ValueRef::Null => None,
        found => {
            let read = found.as_blob().ok().and_then(Geometry::from_bytes);
            Some(read.ok_or_else(|| wrong("geom", found, "a point or a line in GeoPackage form"))?)
        }
    };
    let mut values = Vec::with_capacity(table.fields.len());
    for (rank, field) in table.fields.iter().enumerate() {
        let found = row.get_ref(rank + 2)?;
        let value = match (field.holds, found) {
            (_, ValueRef::Null) => Value::Null,
            (Holds::Text | Holds::Instant, ValueRef::Text(it)) => {
                Value::Text(String::from_utf8_lossy(it).into_owned())
            }
            (Holds::Integer, ValueRef::Integer(it)) => Value::Integer(it),
            (Holds::Real, ValueRef::Real(it)) if it.is_finite() => Value::Real(it),
            #[expect(clippy::cast_precision_loss, reason = "editors may drop a `.0`, no more")]
            (Holds::Real, ValueRef::Integer(it)) => Value::Real(it as f64),
            (Holds::Text, ValueRef::Integer(it)) => Value::Text(it.to_string()),
            (Holds::Text, ValueRef::Real(it)) => Value::Text(it.to_string()),
            (Holds::Integer, _) => return Err(wrong(&field.name, found, "a whole number")),
            (Holds::Real, _) => return Err(wrong(&field.name, found, "a finite number")),
            _ => return Err(wrong(&field.name, found, "words")),
        };
        values.push(value);
    }
    Ok(TableRow { fid, geometry, values })
}

/// A value, for messages.
pub(super) fn shown(found: ValueRef<'_>) -> String {
    match found {
        ValueRef::Null => "nothing".to_owned(),
        ValueRef::Integer(it) => it.to_string(),
        ValueRef::Real(it) => it.to_string(),
        ValueRef::Text(it) => format!("{:?}", String::from_utf8_lossy(it)),
        ValueRef::Blob(it) => format!("{} bytes", it.len()),
    }
}
