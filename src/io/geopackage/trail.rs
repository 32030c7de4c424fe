//! What each step leaves beside its tables: who wrote it, and what was found.

use super::layer;
use super::open::FORMAT;
use super::step::Step;
use crate::domain::{Finding, Provenance, ReferentialVersion};
use crate::io::wording::{self, Language};
use rusqlite::{Connection, OptionalExtension, Result, params};

/// Removes all that a step and those that build on it have written.
pub(super) fn clear(connection: &Connection, step: Step) -> Result<()> {
    for later in step.and_later() {
        for table in later.tables() {
            layer::remove(connection, table)?;
        }
        connection.execute("DELETE FROM findings WHERE etape = ?1", [later.word()])?;
        connection.execute("DELETE FROM provenance WHERE etape = ?1", [later.word()])?;
    }
    Ok(())
}

/// Says who writes a step.
pub(super) fn provenance(
    connection: &Connection,
    step: Step,
    Provenance { version, configuration, models }: &Provenance,
) -> Result<()> {
    let mut rows = vec![
        ("format".to_owned(), FORMAT.to_string()),
        ("version".to_owned(), version.clone()),
        ("configuration".to_owned(), configuration.clone()),
    ];
    rows.extend(models.iter().map(|it| (format!("modele {}", it.name), it.sha256.clone())));
    let mut insert =
        connection.prepare("INSERT INTO provenance (etape, cle, valeur) VALUES (?1, ?2, ?3)")?;
    for (key, value) in rows {
        insert.execute(params![step.word(), key, value])?;
    }
    Ok(())
}

/// The network's rows of the provenance: no step clears them, since each rests on the network.
const NETWORK: (&str, &str) = ("network", "referentiel");

/// Says which version of the referential the network is.
pub(super) fn write_version(
    connection: &Connection,
    version: Option<&ReferentialVersion>,
) -> Result<()> {
    connection.execute("DELETE FROM provenance WHERE etape = ?1", [NETWORK.0])?;
    if let Some(version) = version {
        connection.execute(
            "INSERT INTO provenance (etape, cle, valeur) VALUES (?1, ?2, ?3)",
            params![NETWORK.0, NETWORK.1, version.to_string()],
        )?;
    }
    Ok(())
}

/// What the base says of the version of its network.
pub(super) fn read_version(connection: &Connection) -> Result<Option<String>> {
    let mut select =
        connection.prepare("SELECT valeur FROM provenance WHERE etape = ?1 AND cle = ?2")?;
    select.query_row([NETWORK.0, NETWORK.1], |row| row.get(0)).optional()
}

/// Forgets what a step found.
pub(super) fn forget(connection: &Connection, step: Step) -> Result<()> {
    connection.execute("DELETE FROM findings WHERE etape = ?1", [step.word()])?;
    Ok(())
}

/// Writes what a step found, in both languages, after what it found before.
pub(super) fn findings(connection: &Connection, step: Step, findings: &[Finding]) -> Result<()> {
    let mut insert = connection.prepare(
        "INSERT INTO findings (etape, lieu, poids, constat, finding) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for it in findings {
        insert.execute(params![
            step.word(),
            it.place,
            wording::weight(it.weight, Language::French),
            wording::finding(it, Language::French),
            wording::finding(it, Language::English)
        ])?;
    }
    Ok(())
}
