//! The sections and their notes, read back.

use super::error::BaseErrorKind;
use super::read_survey::{defect, validity_of};
use super::record::{Record, Roads, each};
use crate::domain::{
    Coverage, Network, NoteInterval, Notes, Rating, Score, Section, SectionDistress, SectionId,
    SectionRating, Unrated, Validity,
};
use crate::io::rows::unrated_word;
use rusqlite::Connection;
use std::collections::BTreeMap;

type Found<T> = Result<T, BaseErrorKind>;

pub(super) fn read(connection: &Connection, network: &Network) -> Found<Vec<SectionRating>> {
    let roads = Roads::new(network);
    let mut ratings = each(connection, "sections", |row| rating(row, &roads))?;
    let ranks: BTreeMap<_, _> =
        ratings.iter().map(|it| it.distress.section.id.clone()).zip(0_usize..).collect();
    each(connection, "section_defects", |row| {
        let rank = ranks.get(&SectionId::from_text(row.text("section")?));
        let rank = rank.ok_or_else(|| row.wrong("section", "the id of a row of sections"))?;
        ratings[*rank].distress.defects.push(defect(row)?);
        Ok(())
    })?;
    Ok(ratings)
}

fn rating(row: &Record<'_, '_>, roads: &Roads<'_>) -> Found<SectionRating> {
    let from = row.metres("cumul_d")?;
    let section = Section {
        id: SectionId::from_text(row.text("id")?),
        road: roads.of(row, from)?,
        from,
        to: row.metres("cumul_f")?,
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

/// Reads `blurred:2 too_dark:1`.
fn refused(row: &Record<'_, '_>) -> Found<Vec<(Validity, u32)>> {
    let words = row.text_or_none("refus")?.unwrap_or_default();
    words
        .split_whitespace()
        .map(|it| {
            let (word, number) = it.split_once(':')?;
            Some((validity_of(word)?, number.parse().ok()?))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| row.wrong("refus", "reasons with numbers, such as blurred:2"))
}
