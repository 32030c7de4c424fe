//! The sections and their notes, read back.

use super::error::BaseErrorKind;
use super::older_coverage;
use super::read_survey::{defect, validity_of};
use super::record::{Record, Roads, each, exists};
use crate::domain::{
    Coverage, Drives, Metres, Network, NoteInterval, Notes, Rating, Refusal, Score, Section,
    SectionDistress, SectionId, SectionRating, Unrated, Validity,
};
use crate::io::rows::{NOT_FILMED, unrated_word};
use rusqlite::Connection;
use std::collections::BTreeMap;

type Found<T> = Result<T, BaseErrorKind>;

pub(super) fn read(connection: &Connection, network: &Network) -> Found<Vec<SectionRating>> {
    let roads = Roads::new(network);
    let mut ratings = each(connection, "sections", |row| rating(row, &roads))?;
    let ranks: BTreeMap<_, _> =
        ratings.iter().map(|it| it.distress.section.id.clone()).zip(0_usize..).collect();
    let of = |row: &Record<'_, '_>| {
        let rank = ranks.get(&SectionId::from_text(row.text("section")?)).copied();
        rank.ok_or_else(|| row.wrong("section", "the id of a row of sections"))
    };
    each(connection, "section_defects", |row| {
        ratings[of(row)?].distress.defects.push(defect(row)?);
        Ok(())
    })?;
    if !exists(connection, "section_coverage")? {
        older_coverage::fill(connection, network, &mut ratings)?;
        return Ok(ratings);
    }
    each(connection, "section_coverage", |row| {
        let rank = of(row)?;
        let word = row.text("etat")?;
        if word == Validity::Valid.word() || word == NOT_FILMED {
            return Ok(());
        }
        let reason = validity_of(word)
            .ok_or_else(|| row.wrong("etat", "valid, not_filmed or why frames were refused"))?;
        let refused = &mut ratings[rank].distress.refused;
        let length = row.metres("longueur_m")?;
        match refused.binary_search_by_key(&reason, |it| it.reason) {
            Ok(found) => refused[found].length = length,
            Err(place) => refused.insert(place, Refusal { reason, n_cells: 0, length }),
        }
        Ok(())
    })?;
    Ok(ratings)
}

fn rating(row: &Record<'_, '_>, roads: &Roads<'_>) -> Found<SectionRating> {
    let (from, to) = (row.metres("cumul_d")?, row.metres("cumul_f")?);
    let section = Section {
        id: SectionId::from_text(row.text("id")?),
        road: roads.holding(row, from, to)?,
        from,
        to,
        width: row.metres("largeur_m")?,
    };
    let coverage =
        Coverage { valid: row.ratio("part_valide")?, invalid: row.ratio("part_ecartee")? };
    let rating = match row.real_or_none("ng")? {
        Some(_) => {
            let notes = Notes { ng: note(row, "ng")?, np: note(row, "np")?, nu: note(row, "nu")? };
            let interval = NoteInterval { low: note(row, "ng_min")?, high: note(row, "ng_max")? };
            Rating::Rated { notes, interval, coverage }
        }
        None => Rating::Unrated { reason: reason(row)?, coverage },
    };
    let distress = SectionDistress {
        section,
        defects: Vec::new(),
        observed: row.square_metres("observee_m2")?,
        coverage,
        geometry: row.real("doute_camera")?,
        refused: refused(row)?,
        drives: drives(row)?,
    };
    Ok(SectionRating { distress, rating })
}

fn note(row: &Record<'_, '_>, column: &'static str) -> Found<Score> {
    Score::new(row.real(column)?).ok().ok_or_else(|| row.wrong(column, "a note from 0 to 20"))
}

fn reason(row: &Record<'_, '_>) -> Found<Unrated> {
    let word = row.text("motif")?;
    let all = [Unrated::NotFilmed, Unrated::NoValidFrame, Unrated::TooLittleCoverage];
    all.into_iter()
        .find(|it| unrated_word(*it) == word)
        .ok_or_else(|| row.wrong("motif", all.map(unrated_word).join(", ")))
}

/// How often the section was driven over; formats 2 and 3 do not say.
fn drives(row: &Record<'_, '_>) -> Found<Option<Drives>> {
    let Some(most) = row.whole_or_none("passages")? else { return Ok(None) };
    let (again, newest) = (row.ratio("part_revue")?, row.instant_or_none("vu_le")?);
    Ok(Some(Drives { most, again, newest }))
}

/// Reads `blurred:2 too_dark:1`, in the order of the reasons; metres are in another table.
fn refused(row: &Record<'_, '_>) -> Found<Vec<Refusal>> {
    let words = row.text_or_none("refus")?.unwrap_or_default();
    let one = |it: &str| {
        let (word, number) = it.split_once(':')?;
        let (reason, n_cells) = (validity_of(word)?, number.parse().ok()?);
        Some((reason, Refusal { reason, n_cells, length: Metres::ZERO }))
    };
    let all: Option<BTreeMap<_, _>> = words.split_whitespace().map(one).collect();
    let all = all.ok_or_else(|| row.wrong("refus", "reasons with numbers, such as blurred:2"))?;
    Ok(all.into_values().collect())
}
