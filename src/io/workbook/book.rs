//! The whole workbook.

use super::names::sheet_names;
use super::overview::put_overview;
use super::scenario::{Layout, put_scenario};
use super::sheet::Formats;
use crate::domain::{
    Indicators, Network, NoteClasses, Outlook, Programme, Provenance, Section, SectionId,
    SectionRating,
};
use crate::io::atomic::{Draft, WriteError};
use crate::io::wording::Language;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Everything that a workbook of scenarios tells.
#[derive(Clone, Copy, Debug)]
pub struct ScenarioBook<'a> {
    /// Title of the document.
    pub title: &'a str,
    /// Language of the sheets.
    pub language: Language,
    /// The roads.
    pub network: &'a Network,
    /// Says where the sections lie.
    pub ratings: &'a [SectionRating],
    /// Classes of the notes.
    pub classes: &'a NoteClasses,
    /// One programme a scenario.
    pub programmes: &'a [Programme],
    /// The engineers' table, one row for each programme.
    pub indicators: &'a [Indicators],
    /// What each programme leaves behind it, in the same order; may be empty.
    pub outlooks: &'a [Outlook],
    /// Who made it.
    pub provenance: &'a Provenance,
}

impl<'a> ScenarioBook<'a> {
    /// The first text in French, the second in English.
    pub(super) fn say(&self, french: &'a str, english: &'a str) -> &'a str {
        self.language.pick(french, english)
    }

    /// Kilometres and works of the programme of a rank.
    pub(super) fn treated(&self, rank: usize) -> (f64, usize) {
        let Some(programme) = self.programmes.get(rank) else { return (0.0, 0) };
        let sections = self.sections();
        let lengths = programme.works.iter().filter_map(|it| sections.get(&it.section));
        let km = lengths.map(|it| it.length().get() / 1000.0).sum();
        (km, programme.works.len())
    }

    /// Every section by its name.
    pub(super) fn sections(&self) -> BTreeMap<&'a SectionId, &'a Section> {
        let sections = self.ratings.iter().map(|it| &it.distress.section);
        sections.map(|it| (&it.id, it)).collect()
    }
}

/// Writes the workbook.
///
/// # Errors
///
/// When it cannot be written whole, or a programme has more works than a sheet has rows.
pub fn write(path: &Path, book: &ScenarioBook<'_>) -> Result<(), WriteError> {
    let mut draft = Draft::beside(path)?;
    let filled = fill(book).and_then(|mut it| it.save_to_writer(draft.file()));
    filled.map_err(|why| WriteError::of(path, io::Error::other(why)))?;
    draft.keep()
}

fn fill(book: &ScenarioBook<'_>) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    // A clock would make two runs on one base differ.
    let epoch = ExcelDateTime::from_ymd(1970, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(book.title)
        .set_author(format!("voirie {}", book.provenance.version))
        .set_creation_datetime(&epoch);
    workbook.set_properties(&properties);
    let first = book.say("Comparaison", "Comparison");
    let wanted = book.programmes.iter().map(|it| it.scenario.name.as_str());
    let names = sheet_names(std::iter::once(first).chain(wanted));
    let formats = Formats::new();
    let sections = book.sections();
    let layouts: Vec<_> = book.programmes.iter().map(Layout::of).collect();
    let overview = workbook.add_worksheet().set_name(&names[0])?;
    // What is kept with a formula that gives no number.
    overview.set_formula_result_default("");
    put_overview(overview, book, &names[1..], &layouts, &formats)?;
    for (rank, (layout, name)) in layouts.iter().zip(&names[1..]).enumerate() {
        let sheet = workbook.add_worksheet().set_name(name)?;
        sheet.set_formula_result_default("");
        put_scenario(sheet, book, rank, layout, &sections, &formats)?;
    }
    Ok(workbook)
}
