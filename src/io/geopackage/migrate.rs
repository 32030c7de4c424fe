//! Bases of older formats, brought to the present one step by step.
//!
//! Readers take every format back to the oldest, since none has lost a column; a base that is
//! about to change is brought up to date first, in the draft.

use super::error::BaseErrorKind;
use super::open::FORMAT;
use super::{lanes, read_network, read_survey, schema};
use rusqlite::{Connection, OptionalExtension};

/// The oldest format that is still read.
pub(super) const OLDEST: u32 = 2;

/// The format of a base: the oldest that any of its steps bears, or the present one without any.
pub(super) fn format(connection: &Connection) -> Result<u32, BaseErrorKind> {
    let mut select = connection
        .prepare("SELECT DISTINCT valeur FROM provenance WHERE cle = 'format' ORDER BY valeur")?;
    let mut oldest = FORMAT;
    for found in select.query_map([], |row| row.get::<_, String>(0))? {
        let found = found?;
        match found.parse() {
            Ok(it) if (OLDEST..=FORMAT).contains(&it) => oldest = oldest.min(it),
            _ => return Err(BaseErrorKind::Format { found, oldest: OLDEST, newest: FORMAT }),
        }
    }
    Ok(oldest)
}

/// Brings a base that is about to change to the present format. `name` is what its campaign is
/// called, since bases of format 2 do not say.
pub(super) fn to_present(connection: &Connection, name: &str) -> Result<(), BaseErrorKind> {
    if format(connection)? == 2 {
        draw_cells(connection, name)?;
    }
    connection
        .execute("UPDATE provenance SET valeur = ?1 WHERE cle = 'format'", [FORMAT.to_string()])?;
    Ok(())
}

/// From 2 to 3: cells are drawn and say what state they are in; the campaign has a table.
fn draw_cells(connection: &Connection, name: &str) -> Result<(), BaseErrorKind> {
    let surveyed = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'cells'", [], |_| Ok(()))
        .optional()?;
    if surveyed.is_none() {
        return Ok(());
    }
    let network = read_network::read(connection)?;
    let survey = read_survey::read(connection, &network)?;
    lanes::write_cells(connection, schema::plane(connection)?, &network, &survey.cells)?;
    lanes::write_campaign(connection, name, &survey)
}
