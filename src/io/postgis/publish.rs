//! Publishing a base: one transaction.

use super::copy::line;
use super::error::{PublishError, PublishErrorKind};
use super::tables::{PUBLICATIONS, Schema, quoted};
use crate::io::geopackage::{Base, OpenBase, TableInfo};
use crate::io::rows::Value;
use postgres::config::{Host, SslMode};
use postgres::{Config, NoTls, Transaction};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

type Outcome<T> = Result<T, PublishErrorKind>;

/// Where a base goes.
#[derive(Clone, Copy)]
pub struct Where<'a> {
    /// `postgres://user@host:port/database`.
    pub url: &'a str,
    /// The password, where the address has none.
    pub password: Option<&'a str>,
    /// Schema of the tables.
    pub schema: &'a str,
    /// Name of the campaign; that of the base without one.
    pub campaign: Option<&'a str>,
}

/// What a publication did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Name of the campaign.
    pub campaign: String,
    /// Rows of every table; nothing when this very base was there already.
    pub n_rows: Option<u64>,
}

/// Publishes a base, in place of what its campaign held before.
///
/// # Errors
///
/// When the server cannot be reached, or a table of the schema cannot take these rows; the campaign
/// is then as it was.
pub fn publish(base: &Path, to: Where<'_>) -> Result<Published, PublishError> {
    let unknown = PublishError::at("PostGIS");
    // What the parser found wrong may quote a password: it is not told.
    let parsed: Option<Config> = to.url.parse().ok();
    let mut config = parsed.ok_or_else(|| unknown(PublishErrorKind::Address))?;
    let place = place(&config);
    let failed = PublishError::at(&place);
    if matches!(config.get_ssl_mode(), SslMode::Require) {
        return Err(failed(PublishErrorKind::Encryption { found: "require" }));
    }
    if let Some(password) = to.password.filter(|_| config.get_password().is_none()) {
        config.password(password);
    }
    config.application_name("voirie");
    send(base, &config, to).map_err(failed)
}

/// Server and database, without user and password.
fn place(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().map(|it| format!(":{it}")).unwrap_or_default();
    format!("{host}{port}/{}", config.get_dbname().unwrap_or_default())
}

fn send(path: &Path, config: &Config, to: Where<'_>) -> Outcome<Published> {
    let base = Base::open(path)?;
    let tables = base.tables()?;
    let campaign = match to.campaign {
        Some(given) => given.to_owned(),
        None => title(&base, &tables, path)?,
    };
    let hash = hash(path)?;
    let mut client = config.connect(NoTls)?;
    let mut all = client.transaction()?;
    // Two publications at once would wait for one another's tables: the second waits here.
    all.execute("SELECT pg_advisory_xact_lock(hashtext('voirie ' || $1::text))", &[&to.schema])?;
    let schema = Schema::ready(&mut all, to.schema)?;
    let publications = schema.table(PUBLICATIONS);
    let before = all.query_opt(
        &format!("SELECT sha256 FROM {publications} WHERE campagne = $1"),
        &[&campaign],
    )?;
    if before.is_some_and(|it| it.get::<_, String>(0) == hash) {
        all.rollback()?;
        return Ok(Published { campaign, n_rows: None });
    }
    let plane = base.plane()?;
    for table in &tables {
        schema.prepare(&mut all, table, plane)?;
    }
    // Also of tables that the newer base has not: a survey without a programme has no works.
    for table in schema.published(&mut all)? {
        let sql = format!("DELETE FROM {} WHERE campagne = $1", schema.table(&table));
        all.execute(&sql, &[&campaign])?;
    }
    let mut n_rows = 0;
    for table in &tables {
        fill(&mut all, &schema, &base, table, plane.code(), &campaign)?;
        n_rows += table.n_rows;
    }
    all.execute(
        &format!(
            "INSERT INTO {publications} VALUES ($1, $2, $3) ON CONFLICT (campagne) DO UPDATE SET \
             sha256 = excluded.sha256, version = excluded.version"
        ),
        &[&campaign, &hash, &env!("CARGO_PKG_VERSION")],
    )?;
    all.commit()?;
    Ok(Published { campaign, n_rows: Some(n_rows) })
}

/// Copies the rows of a table, one in memory at a time.
fn fill(
    client: &mut Transaction<'_>,
    schema: &Schema<'_>,
    base: &OpenBase,
    table: &TableInfo,
    plane: u16,
    campaign: &str,
) -> Outcome<()> {
    let plane = table.drawing.map(|_| plane);
    let mut columns = vec!["campagne".to_owned(), "fid".to_owned()];
    columns.extend(plane.map(|_| "geom".to_owned()));
    columns.extend(table.fields.iter().map(|it| quoted(&it.name)));
    let sql = format!("COPY {} ({}) FROM STDIN", schema.table(&table.name), columns.join(", "));
    let mut out = client.copy_in(&sql)?;
    base.each_row(table, &mut |row| out.write_all(line(campaign, &row, plane).as_bytes()))?;
    out.finish()?;
    Ok(())
}

/// The name of the campaign in a base, or that of the file.
fn title(base: &OpenBase, tables: &[TableInfo], path: &Path) -> Outcome<String> {
    let mut found = None;
    if let Some(table) = tables.iter().find(|it| it.name == "campagnes") {
        let rank = table.fields.iter().position(|it| it.name == "nom");
        base.each_row(table, &mut |row| {
            if let Some(Value::Text(name)) = rank.and_then(|it| row.values.get(it)) {
                found = Some(name.clone());
            }
            Ok(())
        })?;
    }
    let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(found.unwrap_or_else(stem))
}

/// SHA-256 of a file: the same values give the same base, byte for byte.
fn hash(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut file = File::open(path)?;
    let mut part = vec![0; 1 << 20];
    loop {
        let n_bytes = io::Read::read(&mut file, &mut part)?;
        if n_bytes == 0 {
            break;
        }
        hasher.update(&part[..n_bytes]);
    }
    let digits: Vec<_> = hasher.finalize().iter().map(|it| format!("{it:02x}")).collect();
    Ok(digits.concat())
}
