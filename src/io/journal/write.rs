//! What a clip gave, into the journal.

use crate::domain::{
    ClipSurvey, ClockDoubt, ClockEstimate, Extent, GroundMeasure, MeasuredFrame, Metres, Ratio,
    Reported, Seconds, Weight,
};
use crate::io::wording::{Language, sentence};
use rusqlite::{Connection, Result, params};

/// A count as the database takes it.
fn whole(count: u64) -> i64 {
    count.try_into().expect("no count comes near 2^63")
}

pub(super) fn clock(
    connection: &Connection,
    key: &str,
    seen: &std::result::Result<ClockEstimate, ClockDoubt>,
) -> Result<()> {
    let (doubt, starts, sd) = match seen {
        Ok(it) => (None, Some(it.starts.get()), Some(it.sd.get())),
        Err(doubt) => (Some(doubt.word()), None, None),
    };
    connection.execute(
        "INSERT OR REPLACE INTO clocks VALUES (?1, ?2, ?3, ?4)",
        params![key, doubt, starts, sd],
    )?;
    Ok(())
}

/// Writes a clip in one transaction.
pub(super) fn clip(connection: &Connection, key: &str, clip: &Reported<ClipSurvey>) -> Result<()> {
    let transaction = connection.unchecked_transaction()?;
    transaction.execute("DELETE FROM clips WHERE key = ?1", [key])?;
    let ClipSurvey { outcome, doubt, frames } = &clip.value;
    let clock = outcome.clock;
    let (per_metre, everywhere) = doubt.parts();
    transaction.execute(
        "INSERT INTO clips VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            key,
            &*outcome.clip,
            outcome.decoder,
            clock.map(|it| it.source.word()),
            clock.map(|it| it.starts.get()),
            clock.and_then(|it| it.offset).map(Seconds::get),
            clock.and_then(|it| it.sd).map(Seconds::get),
            whole(outcome.n_frames as u64),
            whole(outcome.n_located as u64),
            outcome.travelled.get(),
            outcome.lost.get(),
            per_metre,
            everywhere,
        ],
    )?;
    let id = transaction.last_insert_rowid();
    for frame in frames {
        put_frame(&transaction, id, frame)?;
    }
    for finding in &clip.findings {
        let weight = if finding.weight == Weight::Note { "note" } else { "loss" };
        let said = |language| sentence(finding, language);
        transaction
            .prepare_cached("INSERT INTO findings VALUES (NULL, ?1, ?2, ?3, ?4, ?5)")?
            .execute(params![
                id,
                finding.place,
                weight,
                said(Language::French),
                said(Language::English)
            ])?;
    }
    transaction.commit()
}

fn put_frame(connection: &Connection, clip: i64, measured: &MeasuredFrame) -> Result<()> {
    let it = &measured.frame;
    let place = it.place;
    connection
        .prepare_cached(
            "INSERT INTO frames VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, \
             ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        )?
        .execute(params![
            clip,
            whole(it.stamp.number),
            it.stamp.at.get(),
            it.time.get(),
            it.position.longitude(),
            it.position.latitude(),
            it.projected.x,
            it.projected.y,
            it.bearing_deg,
            it.speed_m_s,
            place.map(|it| whole(it.road as u64)),
            place.map(|it| it.direction.sign()),
            place.map(|it| it.cumul.get()),
            place.map(|it| it.offset.get()),
            it.validity.word(),
            it.cracked_share.map(Ratio::get),
            it.pothole_share.map(Ratio::get),
            it.redacted,
            it.picture,
            measured.measures.is_some(),
            measured.reach,
        ])?;
    let id = connection.last_insert_rowid();
    for measure in measured.measures.iter().flatten() {
        put_measure(connection, id, measure)?;
    }
    Ok(())
}

fn put_measure(connection: &Connection, frame: i64, it: &GroundMeasure) -> Result<()> {
    let (measured_in, much, area) = match it.defect.extent {
        Extent::Length(length) => ("length", Metres::get(length), None),
        Extent::Area(area) => ("area", area.get(), None),
        Extent::Count(count, area) => ("count", count, Some(area.get())),
    };
    connection
        .prepare_cached(
            "INSERT INTO measures VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, \
             ?12, ?13, ?14, ?15, ?16)",
        )?
        .execute(params![
            frame,
            it.defect.kind.word(),
            it.defect.severity.word(),
            measured_in,
            much,
            area,
            it.nearest.ahead,
            it.nearest.right,
            it.farthest.ahead,
            it.farthest.right,
            it.bounds.left(),
            it.bounds.top(),
            it.bounds.right(),
            it.bounds.bottom(),
            it.confidence.get(),
            it.width_mm,
        ])?;
    Ok(())
}
