//! The survey, read back.

use super::error::BaseErrorKind;
use super::geometry::Geometry;
use super::record::{Record, Roads, each};
use crate::domain::{
    ClipClock, ClipOutcome, ClockSource, Defect, Direction, Evidence, FrameStamp, LocatedDefect,
    LocatedFrame, Network, PixelBox, RoadCell, RoadPlace, Seconds, Survey, Validity, Wgs84,
};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::sync::Arc;

type Found<T> = Result<T, BaseErrorKind>;

pub(super) fn read(connection: &Connection, network: &Network) -> Found<Survey> {
    let roads = Roads::new(network);
    let mut clips = Clips::default();
    // Bases of formats before 4 do not say when clips start.
    let dated = connection.prepare("SELECT debut_epoque_s FROM clips").is_ok();
    let outcomes = each(connection, "clips", |row| {
        Ok(ClipOutcome {
            clip: clips.named(row.text("video")?),
            clock: if dated { clock(row)? } else { None },
            decoder: row.text("decodeur")?.to_owned(),
            n_frames: row.whole("images")?,
            n_located: row.whole("images_placees")?,
            travelled: row.metres("parcouru_m")?,
            lost: row.metres("perdu_m")?,
        })
    })?;
    let frames = each(connection, "frames", |row| frame(row, &roads, &mut clips))?;
    let mut cells = read_cells(connection, network)?;
    let n_cells = cells.len();
    each(connection, "cell_defects", |row| {
        let rank = row.whole::<usize>("maille")?;
        let cell = rank.checked_sub(1).and_then(|it| cells.get_mut(it));
        let cell =
            cell.ok_or_else(|| row.wrong("maille", format!("1 to {n_cells}, as in cells")))?;
        cell.defects.push(defect(row)?);
        Ok(())
    })?;
    let defects = each(connection, "defects", |row| located(row, &roads, frames.len()))?;
    Ok(Survey { clips: outcomes, frames, cells, defects })
}

/// When a clip starts, if that is known.
fn clock(row: &Record<'_, '_>) -> Found<Option<ClipClock>> {
    let Some(word) = row.text_or_none("horloge")? else { return Ok(None) };
    let source = ClockSource::ALL.into_iter().find(|it| it.word() == word);
    let source = source.ok_or_else(|| row.wrong("horloge", "a known source of the clock"))?;
    let seconds = |column| row.real_or_none(column).map(|it| it.map(Seconds::of));
    Ok(Some(ClipClock {
        source,
        starts: Seconds::of(row.real("debut_epoque_s")?),
        offset: seconds("decalage_s")?,
        sd: seconds("decalage_ecart_type_s")?,
    }))
}

/// The cells, without their defects.
pub(super) fn read_cells(connection: &Connection, network: &Network) -> Found<Vec<RoadCell>> {
    let roads = Roads::new(network);
    each(connection, "cells", |row| cell(row, &roads))
}

/// One name for the many frames of a clip.
#[derive(Default)]
struct Clips(BTreeSet<Arc<str>>);

impl Clips {
    fn named(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let fresh = Arc::<str>::from(name);
        self.0.insert(Arc::clone(&fresh));
        fresh
    }
}

fn frame(row: &Record<'_, '_>, roads: &Roads<'_>, clips: &mut Clips) -> Found<LocatedFrame> {
    let Geometry::Point(projected) = row.geometry()? else {
        return Err(row.wrong("geom", "a point"));
    };
    let position = Wgs84::new(row.real("lon")?, row.real("lat")?);
    let place = if row.text_or_none("route")?.is_some() {
        let cumul = row.metres("cumul")?;
        let (road, direction) = (roads.of(row, cumul)?, direction(row)?);
        Some(RoadPlace { road, direction, cumul, offset: row.metres("ecart_m")? })
    } else {
        None
    };
    Ok(LocatedFrame {
        stamp: FrameStamp {
            clip: clips.named(row.text("video")?),
            number: row.whole("numero")?,
            at: Seconds::of(row.real("position_s")?),
        },
        time: Seconds::of(row.real("epoque_s")?),
        position: position.ok().ok_or_else(|| row.wrong("lon", "-180 to 180, lat -90 to 90"))?,
        projected,
        bearing_deg: row.real("cap_deg")?,
        speed_m_s: row.real("vitesse_m_s")?,
        place,
        validity: validity(row)?,
        cracked_share: row.ratio_or_none("part_fissuree")?,
        pothole_share: row.ratio_or_none("part_nids")?,
        redacted: row.whole("masques")?,
        picture: row.text_or_none("image")?.map(str::to_owned),
    })
}

fn cell(row: &Record<'_, '_>, roads: &Roads<'_>) -> Found<RoadCell> {
    let (from, to) = (row.metres("cumul_d")?, row.metres("cumul_f")?);
    Ok(RoadCell {
        road: roads.holding(row, from, to)?,
        direction: direction(row)?,
        from,
        to,
        validity: validity(row)?,
        n_frames: row.whole("images")?,
        n_drives: row.whole_or_none("passages")?,
        newest: row.instant_or_none("vu_le")?,
        geometry: row.real("doute_camera")?,
        defects: Vec::new(),
    })
}

fn located(row: &Record<'_, '_>, roads: &Roads<'_>, n_frames: usize) -> Found<LocatedDefect> {
    let (from, to) = (row.metres("cumul_d")?, row.metres("cumul_f")?);
    let edge = |column| row.real(column);
    let bounds =
        PixelBox::new(edge("boite_g")?, edge("boite_h")?, edge("boite_d")?, edge("boite_b")?);
    let rank = row.whole::<usize>("image_fid")?.checked_sub(1).filter(|it| *it < n_frames);
    Ok(LocatedDefect {
        defect: defect(row)?,
        road: roads.holding(row, from, to)?,
        direction: direction(row)?,
        from,
        to,
        lateral: row.metres("lateral_m")?,
        confidence: row.ratio("confiance")?,
        width_mm: row.real_or_none("largeur_mm")?,
        evidence: Evidence {
            frame: rank.ok_or_else(|| row.wrong("image_fid", format!("1 to {n_frames}")))?,
            bounds: bounds.ok_or_else(|| row.wrong("boite_g", "a box that is not empty"))?,
        },
    })
}

/// A defect, from the columns that every table of defects has.
pub(super) fn defect(row: &Record<'_, '_>) -> Found<Defect> {
    Ok(Defect {
        kind: row.parsed("code", "the code of a defect, such as FA")?,
        severity: row.parsed("gravite", "L, M or H")?,
        extent: row.extent()?,
    })
}

fn direction(row: &Record<'_, '_>) -> Found<Direction> {
    match row.text("sens")? {
        "+" => Ok(Direction::Increasing),
        "-" => Ok(Direction::Decreasing),
        _ => Err(row.wrong("sens", "+ or -")),
    }
}

/// The validity that a word names.
pub(super) fn validity_of(word: &str) -> Option<Validity> {
    Validity::ALL.into_iter().find(|it| it.word() == word)
}

fn validity(row: &Record<'_, '_>) -> Found<Validity> {
    let named = validity_of(row.text("validite")?);
    named.ok_or_else(|| row.wrong("validite", Validity::ALL.map(Validity::word).join(", ")))
}
