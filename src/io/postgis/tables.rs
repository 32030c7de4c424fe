//! The tables of the schema: made when they are missing, widened when a base has more columns.

use super::error::PublishErrorKind;
use crate::domain::Plane;
use crate::io::geopackage::{Field, Holds, TableInfo};
use postgres::Transaction;
use std::collections::BTreeMap;

type Outcome<T = ()> = Result<T, PublishErrorKind>;

/// The table that says which base each campaign was published from.
pub(super) const PUBLICATIONS: &str = "publications";

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in SQL.
fn text(text: &str) -> String {
    // A doubled backslash would be told apart by E'' only, and standard strings have none.
    format!("'{}'", text.replace('\'', "''"))
}

/// A schema of a database.
pub(super) struct Schema<'a> {
    /// Its name, quoted.
    name: String,
    plain: &'a str,
}

impl<'a> Schema<'a> {
    /// Makes the schema, PostGIS and the table of publications where they are missing.
    pub(super) fn ready(client: &mut Transaction<'_>, name: &'a str) -> Outcome<Self> {
        let it = Self { name: quoted(name), plain: name };
        let extension = "SELECT 1 FROM pg_extension WHERE extname = 'postgis'";
        if client.query_opt(extension, &[])?.is_none() {
            client.batch_execute("CREATE EXTENSION postgis").map_err(|why| {
                PublishErrorKind::NoPostgis { what: PublishErrorKind::from(why).to_string() }
            })?;
        }
        // Asked first: a user who may write in the schema may be forbidden to make one.
        let there = client.query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&name])?;
        if there.is_none() {
            client.batch_execute(&format!("CREATE SCHEMA {}", it.name))?;
        }
        if it.columns(client, PUBLICATIONS)?.is_empty() {
            client.batch_execute(&format!(
                "CREATE TABLE {} (campagne text PRIMARY KEY, sha256 text NOT NULL, version text \
                 NOT NULL)",
                it.table(PUBLICATIONS)
            ))?;
        }
        Ok(it)
    }

    /// A table by its whole name.
    pub(super) fn table(&self, name: &str) -> String {
        format!("{}.{}", self.name, quoted(name))
    }

    /// Type of each column of a table; nothing when there is no such table.
    fn columns(
        &self,
        client: &mut Transaction<'_>,
        table: &str,
    ) -> Outcome<BTreeMap<String, String>> {
        let rows = client.query(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a \
             JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped",
            &[&self.plain, &table],
        )?;
        rows.iter().map(|it| Ok((it.try_get(0)?, it.try_get(1)?))).collect()
    }

    /// Makes a table, or checks that it takes the rows of this one and adds what it lacks.
    pub(super) fn prepare(
        &self,
        client: &mut Transaction<'_>,
        table: &TableInfo,
        plane: Plane,
    ) -> Outcome {
        let name = self.table(&table.name);
        let there = self.columns(client, &table.name)?;
        let wanted = wanted(table, plane);
        if there.is_empty() {
            let columns: Vec<_> =
                wanted.iter().map(|(name, kind)| format!("{} {kind}", quoted(name))).collect();
            client.batch_execute(&format!(
                "CREATE TABLE {name} ({}, PRIMARY KEY (campagne, fid))",
                columns.join(", ")
            ))?;
            if table.drawing.is_some() {
                let index = quoted(&format!("{}_geom_gist", table.name));
                client
                    .batch_execute(&format!("CREATE INDEX {index} ON {name} USING gist (geom)"))?;
            }
        } else {
            for (column, kind) in &wanted {
                // NOT NULL is of the column, not of its type.
                let kind = kind.trim_end_matches(" NOT NULL");
                match there.get(column) {
                    None => client.batch_execute(&format!(
                        "ALTER TABLE {name} ADD COLUMN {} {kind}",
                        quoted(column)
                    ))?,
                    Some(found) if found == kind => {}
                    Some(found) => {
                        return Err(PublishErrorKind::Column {
                            table: table.name.clone(),
                            column: column.clone(),
                            found: found.clone(),
                            expected: kind.to_owned(),
                        });
                    }
                }
            }
        }
        self.explain(client, table)
    }

    /// Says what the table and its columns mean.
    fn explain(&self, client: &mut Transaction<'_>, table: &TableInfo) -> Outcome {
        let name = self.table(&table.name);
        let mut sql = vec![format!("COMMENT ON TABLE {name} IS {}", text(&table.words))];
        let campaign = Field {
            name: "campagne".to_owned(),
            holds: Holds::Text,
            words: "campagne de relevé".to_owned(),
        };
        for field in table.fields.iter().chain([&campaign]).filter(|it| !it.words.is_empty()) {
            let (column, words) = (quoted(&field.name), text(&field.words));
            sql.push(format!("COMMENT ON COLUMN {name}.{column} IS {words}"));
        }
        Ok(client.batch_execute(&sql.join("; "))?)
    }

    /// Tables that hold campaigns, besides that of publications.
    pub(super) fn published(&self, client: &mut Transaction<'_>) -> Outcome<Vec<String>> {
        let rows = client.query(
            "SELECT table_name::text FROM information_schema.columns WHERE table_schema = $1 AND \
             column_name = 'campagne' AND table_name <> $2 ORDER BY table_name",
            &[&self.plain, &PUBLICATIONS],
        )?;
        rows.iter().map(|it| Ok(it.try_get(0)?)).collect()
    }
}

/// The columns of a table with their types, as `format_type` tells them.
fn wanted(table: &TableInfo, plane: Plane) -> Vec<(String, String)> {
    let mut columns = vec![
        ("campagne".to_owned(), "text NOT NULL".to_owned()),
        ("fid".to_owned(), "bigint NOT NULL".to_owned()),
    ];
    columns.extend(
        table.drawing.map(|it| {
            ("geom".to_owned(), format!("geometry({},{})", it.type_name(), plane.code()))
        }),
    );
    columns.extend(table.fields.iter().map(|it| {
        let kind = match it.holds {
            Holds::Text => "text",
            Holds::Integer => "bigint",
            Holds::Real => "double precision",
            Holds::Instant => "timestamp with time zone",
        };
        (it.name.clone(), kind.to_owned())
    }));
    columns
}
