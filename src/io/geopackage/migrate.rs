//! Bases of older formats, brought to the present one step by step.
//!
//! Readers take every format back to the oldest, since none has lost a column, and give nothing for
//! what it does not say; a base that is about to change is brought up to date first, in the draft.

use super::error::BaseErrorKind;
use super::open::FORMAT;
use super::record::exists;
use super::{lanes, layer, read_network, read_sections, read_survey, schema};
use crate::domain::NoteClasses;
use crate::io::rows;
use rusqlite::Connection;

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
    let found = format(connection)?;
    if found == 2 {
        draw_cells(connection, name)?;
    }
    if found < 4 {
        tell_coverage(connection)?;
    }
    connection
        .execute("UPDATE provenance SET valeur = ?1 WHERE cle = 'format'", [FORMAT.to_string()])?;
    Ok(())
}

/// From 2 to 3: cells are drawn and say what state they are in; the campaign has a table.
fn draw_cells(connection: &Connection, name: &str) -> Result<(), BaseErrorKind> {
    if !exists(connection, "cells")? {
        return Ok(());
    }
    let network = read_network::read(connection)?;
    let survey = read_survey::read(connection, &network)?;
    lanes::write_cells(connection, schema::plane(connection)?, &network, &survey.cells)?;
    lanes::write_campaign(connection, name, &survey)
}

/// From 3 to 4: sections have metres refused by reason; drives, dates and territories are not known of
/// what is there, and have their columns.
fn tell_coverage(connection: &Connection) -> Result<(), BaseErrorKind> {
    if !exists(connection, "network")? {
        return Ok(());
    }
    let network = read_network::read(connection)?;
    layer::widen(connection, &rows::cells(&network))?;
    if !exists(connection, "sections")? {
        return Ok(());
    }
    let ratings = read_sections::read(connection, &network)?;
    layer::widen(connection, &rows::sections(&network, &NoteClasses(Vec::new()), &[]))?;
    let states = rows::coverage_of(&ratings);
    Ok(layer::write(connection, &rows::section_coverage(&network), &states, None)?)
}
