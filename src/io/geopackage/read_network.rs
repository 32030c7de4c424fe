//! The network, read back.

use super::error::BaseErrorKind;
use super::geometry::Geometry;
use super::record::{each, exists};
use crate::domain::{AreaName, AreaSpan, Carriageway, Division, Network, PrMark, Road, RoadId};
use crate::io::rows::{MUNICIPALITY, SECTOR};
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
    let plane = super::schema::plane(connection)?;
    let network = Network::on(plane, roads).of_version(version.transpose()?);
    // Bases without boundaries, and those of formats 2 and 3, have no such table.
    if !exists(connection, "territoires")? {
        return Ok(network);
    }
    let [municipalities, sectors] = divisions(connection, &network)?;
    Ok(network.among_municipalities(municipalities).among_sectors(sectors))
}

/// What the base says of municipalities, and of sectors.
fn divisions(connection: &Connection, network: &Network) -> Result<[Division; 2], BaseErrorKind> {
    let mut names = [const { Vec::new() }; 2];
    let mut roads = [(); 2].map(|()| vec![Vec::<AreaSpan>::new(); network.roads().len()]);
    each(connection, "territoires", |row| {
        let level = match row.text("niveau")? {
            MUNICIPALITY => 0,
            SECTOR => 1,
            _ => return Err(row.wrong("niveau", "commune or secteur")),
        };
        let piece = row.whole::<usize>("troncon")?.checked_sub(1);
        let spans = piece.and_then(|it| roads[level].get_mut(it));
        let spans = spans.ok_or_else(|| row.wrong("troncon", "the fid of a row of network"))?;
        let (from, to) = (row.metres("cumul_d")?, row.metres("cumul_f")?);
        if to <= from || spans.last().is_some_and(|it| from < it.to) {
            return Err(row.wrong("cumul_f", "a cumul past cumul_d, stretches in order"));
        }
        let code = row.text_or_none("code")?.unwrap_or_default().to_owned();
        let name = AreaName { code, name: row.text("nom")?.to_owned() };
        spans.push(AreaSpan { from, to, area: Some(names[level].len()) });
        names[level].push(name);
        Ok(())
    })?;
    let mut divisions = [Division::NONE, Division::NONE];
    for (level, (names, roads)) in names.into_iter().zip(roads).enumerate() {
        let roads = network.roads().iter().zip(roads).map(|(road, spans)| tiled(road, spans));
        divisions[level] = Division::new(&names, roads.collect());
    }
    Ok(divisions)
}

/// The spans of a road with, between them, those that lie in no area.
fn tiled(road: &Road, spans: Vec<AreaSpan>) -> Vec<AreaSpan> {
    let (mut tiled, mut from) = (Vec::new(), road.cumul_start());
    for span in spans {
        if span.from > from {
            tiled.push(AreaSpan { from, to: span.from, area: None });
        }
        from = span.to;
        tiled.push(span);
    }
    if road.cumul_end() > from {
        tiled.push(AreaSpan { from, to: road.cumul_end(), area: None });
    }
    tiled
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
