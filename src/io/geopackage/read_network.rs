//! The network, read back.

use super::error::BaseErrorKind;
use super::geometry::Geometry;
use super::record::each;
use crate::domain::{Carriageway, Network, PrMark, Road, RoadId};
use rusqlite::Connection;
use std::collections::BTreeMap;

pub(super) fn read(connection: &Connection) -> Result<Network, BaseErrorKind> {
    let mut marks = BTreeMap::<i64, Vec<PrMark>>::new();
    each(connection, "pr", |row| {
        let mark = PrMark { pr: row.whole("pr")?, cumul: row.metres("cumul")? };
        marks.entry(row.whole("troncon")?).or_default().push(mark);
        Ok(())
    })?;
    let roads = each(connection, "network", |row| {
        let id = RoadId::new(row.text("route")?).ok();
        let Geometry::Line(line) = row.geometry()? else {
            return Err(row.wrong("geom", "a line"));
        };
        Road::new(
            id.ok_or_else(|| row.wrong("route", "the name of a road"))?,
            row.parsed::<Carriageway>("cote", "U, D or G")?,
            row.whole("categorie")?,
            row.text("secteur")?.to_owned(),
            row.metres("largeur_m")?,
            row.whole("voies")?,
            line,
            row.metres("cumul_debut")?,
            marks.remove(&row.number).unwrap_or_default(),
        )
        .map_err(|it| row.wrong("route", it.to_string()))
    })?;
    let version = super::trail::read_version(connection)?;
    let version = version.map(|found| {
        let parsed = found.parse().ok();
        parsed.ok_or_else(|| version_wrong(found))
    });
    Ok(Network::on(super::schema::plane(connection)?, roads).of_version(version.transpose()?))
}

fn version_wrong(found: String) -> BaseErrorKind {
    BaseErrorKind::Value {
        table: "provenance".to_owned(),
        row: 0,
        column: "referentiel".to_owned(),
        found,
        expected: "a date, then a name or nothing".to_owned(),
    }
}
