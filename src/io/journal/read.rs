//! What an earlier run kept of a clip, out of the journal. Anything odd is an error: the clip is then
//! filmed again.

use crate::domain::{
    ClipClock, ClipOutcome, ClipSurvey, ClockDoubt, ClockEstimate, ClockSource, Defect, Direction,
    Extent, Finding, FindingKind, FrameStamp, GroundMeasure, GroundPoint, LengthDoubt,
    LocatedFrame, MeasuredFrame, Metres, PixelBox, PlanePoint, Ratio, Reported, RoadPlace, Seconds,
    SquareMetres, Validity, Weight, Wgs84,
};
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, Error, OptionalExtension, Result, Row};
use std::sync::Arc;

/// What a cell says, when it means something.
fn known<T>(found: Option<T>, what: &'static str) -> Result<T> {
    found.ok_or_else(|| Error::InvalidColumnType(0, what.to_owned(), Type::Text))
}

fn whole<T: TryFrom<i64>>(row: &Row<'_>, column: &'static str) -> Result<T> {
    known(T::try_from(row.get(column)?).ok(), column)
}

fn seconds(row: &Row<'_>, column: &str) -> Result<Option<Seconds>> {
    Ok(row.get::<_, Option<f64>>(column)?.map(Seconds::of))
}

pub(super) fn clock(
    connection: &Connection,
    key: &str,
) -> Result<Option<std::result::Result<ClockEstimate, ClockDoubt>>> {
    connection
        .query_row("SELECT * FROM clocks WHERE key = ?1", [key], |row| {
            if let Some(word) = row.get::<_, Option<String>>("doubt")? {
                let doubt = ClockDoubt::ALL.into_iter().find(|it| it.word() == word);
                return Ok(Err(known(doubt, "doubt")?));
            }
            let starts = known(seconds(row, "starts")?, "starts")?;
            Ok(Ok(ClockEstimate { starts, sd: known(seconds(row, "sd")?, "sd")? }))
        })
        .optional()
}

pub(super) fn clip(connection: &Connection, key: &str) -> Result<Option<Reported<ClipSurvey>>> {
    let found = connection
        .query_row("SELECT * FROM clips WHERE key = ?1", [key], |row| {
            let outcome = outcome(row)?;
            let doubt = LengthDoubt::of(row.get("doubt_per_metre")?, row.get("doubt_everywhere")?);
            Ok((row.get::<_, i64>("id")?, outcome, doubt))
        })
        .optional()?;
    let Some((id, outcome, doubt)) = found else { return Ok(None) };
    let mut select =
        connection.prepare_cached("SELECT * FROM frames WHERE clip = ?1 ORDER BY id")?;
    let mut rows = select.query([id])?;
    let mut frames = Vec::with_capacity(outcome.n_frames);
    while let Some(row) = rows.next()? {
        frames.push(frame(connection, row, &outcome.clip)?);
    }
    let mut select =
        connection.prepare_cached("SELECT * FROM findings WHERE clip = ?1 ORDER BY id")?;
    let findings = select.query_map([id], |row| {
        let weight = match row.get_ref("weight")?.as_str()? {
            "note" => Weight::Note,
            _ => Weight::Loss,
        };
        let kind = FindingKind::Told { french: row.get("french")?, english: row.get("english")? };
        Ok(Finding { place: row.get("place")?, weight, kind })
    })?;
    let findings = findings.collect::<Result<_>>()?;
    Ok(Some(Reported { value: ClipSurvey { outcome, doubt, frames }, findings }))
}

fn outcome(row: &Row<'_>) -> Result<ClipOutcome> {
    let word: Option<String> = row.get("source")?;
    let clock = match word {
        None => None,
        Some(word) => {
            let source = ClockSource::ALL.into_iter().find(|it| it.word() == word);
            Some(ClipClock {
                source: known(source, "source")?,
                starts: known(seconds(row, "starts")?, "starts")?,
                offset: seconds(row, "clock_offset")?,
                sd: seconds(row, "sd")?,
            })
        }
    };
    Ok(ClipOutcome {
        clip: row.get::<_, String>("clip")?.into(),
        clock,
        decoder: row.get("decoder")?,
        n_frames: whole(row, "n_frames")?,
        n_located: whole(row, "n_located")?,
        travelled: Metres::of(row.get("travelled")?),
        lost: Metres::of(row.get("lost")?),
    })
}

fn frame(connection: &Connection, row: &Row<'_>, clip: &Arc<str>) -> Result<MeasuredFrame> {
    let direction = |sign: &str| match sign {
        "+" => Some(Direction::Increasing),
        "-" => Some(Direction::Decreasing),
        _ => None,
    };
    let place = match row.get_ref("road")? {
        ValueRef::Null => None,
        _ => Some(RoadPlace {
            road: whole(row, "road")?,
            direction: known(direction(row.get_ref("direction")?.as_str()?), "direction")?,
            cumul: Metres::of(row.get("cumul")?),
            offset: Metres::of(row.get("beside")?),
        }),
    };
    let word: String = row.get("validity")?;
    let share = |column: &str| -> Result<Option<Ratio>> {
        Ok(row.get::<_, Option<f64>>(column)?.map(Ratio::clamped))
    };
    let position = Wgs84::new(row.get("lon")?, row.get("lat")?).ok();
    let time = Seconds::of(row.get("time")?);
    let frame = LocatedFrame {
        stamp: FrameStamp {
            clip: Arc::clone(clip),
            number: whole(row, "number")?,
            at: Seconds::of(row.get("at")?),
        },
        time,
        position: known(position, "lon")?,
        projected: PlanePoint { x: row.get("x")?, y: row.get("y")? },
        bearing_deg: row.get("bearing")?,
        speed_m_s: row.get("speed")?,
        place,
        validity: known(Validity::ALL.into_iter().find(|it| it.word() == word), "validity")?,
        cracked_share: share("cracked")?,
        pothole_share: share("pothole")?,
        redacted: row.get("redacted")?,
        picture: row.get("picture")?,
    };
    let measures = if row.get("measured")? {
        let mut select =
            connection.prepare_cached("SELECT * FROM measures WHERE frame = ?1 ORDER BY id")?;
        let found = select.query_map([row.get::<_, i64>("id")?], measure)?;
        Some(found.collect::<Result<_>>()?)
    } else {
        None
    };
    Ok(MeasuredFrame { frame, measures, reach: row.get("reach")? })
}

fn measure(row: &Row<'_>) -> Result<GroundMeasure> {
    let much: f64 = row.get("much")?;
    let extent = match row.get_ref("measured_in")?.as_str()? {
        "length" => Some(Extent::Length(Metres::of(much))),
        "area" => Some(Extent::Area(SquareMetres::of(much))),
        "count" => Some(Extent::Count(much, SquareMetres::of(row.get("area")?))),
        _ => None,
    };
    let (kind, severity) = (row.get_ref("kind")?.as_str()?, row.get_ref("severity")?.as_str()?);
    let bounds = PixelBox::new(
        row.get("x_left")?,
        row.get("y_top")?,
        row.get("x_right")?,
        row.get("y_bottom")?,
    );
    Ok(GroundMeasure {
        defect: Defect {
            kind: known(kind.parse().ok(), "kind")?,
            severity: known(severity.parse().ok(), "severity")?,
            extent: known(extent, "measured_in")?,
        },
        nearest: GroundPoint { ahead: row.get("near_ahead")?, right: row.get("near_right")? },
        farthest: GroundPoint { ahead: row.get("far_ahead")?, right: row.get("far_right")? },
        bounds: known(bounds, "x_left")?,
        confidence: Ratio::clamped(row.get("confidence")?),
        width_mm: row.get("width_mm")?,
    })
}
