//! The works of a scenario, one row each: what all its totals are made of.

use super::book::ScenarioBook;
use super::sheet::{Formats, Rows, Sheet, cell};
use crate::domain::{Programme, Section, SectionId, WorksItem};
use crate::io::wording;
use rust_xlsxwriter::{ColNum, RowNum, XlsxError};
use std::collections::BTreeMap;

/// Columns that formulas ask for.
pub(super) const SECTION: ColNum = 0;
pub(super) const YEAR: ColNum = 1;
pub(super) const LENGTH: ColNum = 6;
pub(super) const TREATMENT: ColNum = 9;
pub(super) const ENVELOPE: ColNum = 11;
pub(super) const AREA: ColNum = 12;
pub(super) const COST: ColNum = 14;
const LAST: ColNum = 17;

/// French and English, by column.
const HEADINGS: [(&str, &str); LAST as usize + 1] = [
    ("Section", "Section"),
    ("Année", "Year"),
    ("Route", "Road"),
    ("Chaussée", "Carriageway"),
    ("PR début", "From PR"),
    ("PR fin", "To PR"),
    ("Longueur (m)", "Length (m)"),
    ("Catégorie", "Category"),
    ("Secteur", "Works unit"),
    ("Traitement", "Treatment"),
    ("Nature", "Trade"),
    ("Enveloppe", "Envelope"),
    ("Surface (m²)", "Area (m²)"),
    ("Prix de revient (€/m²)", "Unit cost (€/m²)"),
    ("Coût (€)", "Cost (€)"),
    ("NG avant", "NG before"),
    ("NG après", "NG after"),
    ("Raison", "Reason"),
];

/// Writes headings, rows and, below an empty row that keeps it out of the filter, totals that follow the
/// filter.
pub(super) fn put_works(
    sheet: &mut Sheet<'_>,
    book: &ScenarioBook<'_>,
    programme: &Programme,
    rows: Rows,
    sections: &BTreeMap<&SectionId, &Section>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let headings = HEADINGS.iter().map(|it| book.say(it.0, it.1));
    sheet.headings(rows.first - 1, headings, &formats.header)?;
    for (row, item) in (rows.first..).zip(&programme.works) {
        let section = sections.get(&item.section).copied();
        put_item(sheet, book, item, section, row, formats)?;
    }
    sheet.inner.autofilter(rows.first - 1, 0, rows.last, LAST)?;
    let below = rows.last + 2;
    let label = book.say("Total des lignes visibles", "Total of rows shown");
    sheet.text(below, SECTION, label, &Formats::total(&formats.text))?;
    let length = |it: &WorksItem| sections.get(&it.section).map_or(0.0, |it| it.length().get());
    let all = &programme.works;
    let totals = [
        (LENGTH, all.iter().map(length).sum(), &formats.whole),
        (AREA, all.iter().map(|it| it.area.get()).sum(), &formats.whole),
        (COST, all.iter().map(|it| it.cost).sum::<crate::domain::Euros>().get(), &formats.euros),
    ];
    for (column, value, format) in totals {
        // 109 leaves out the rows that a filter hides.
        let formula = format!("ROUND(SUBTOTAL(109,{}),2)", rows.of(column));
        sheet.formula((below, column), formula, value, &Formats::total(format))?;
    }
    Ok(())
}

fn put_item(
    sheet: &mut Sheet<'_>,
    book: &ScenarioBook<'_>,
    item: &WorksItem,
    section: Option<&Section>,
    row: RowNum,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let language = book.language;
    sheet.text(row, SECTION, item.section.as_str(), &formats.text)?;
    sheet.number(row, YEAR, item.year.into(), &formats.year)?;
    if let Some(section) = section {
        let road = &book.network.roads()[section.road];
        sheet.text(row, 2, road.id.as_str(), &formats.text)?;
        sheet.text(row, 3, road.carriageway.letter(), &formats.text)?;
        for (column, at) in [(4, section.from), (5, section.to)] {
            let reference = road.reference_at(at).map(|it| it.to_string());
            sheet.text(row, column, &reference.unwrap_or_default(), &formats.text)?;
        }
        sheet.number(row, LENGTH, section.length().get(), &formats.whole)?;
        sheet.number(row, 7, road.category.into(), &formats.year)?;
        sheet.text(row, 8, book.network.sector_of(section), &formats.text)?;
    }
    sheet.text(row, TREATMENT, &item.treatment, &formats.text)?;
    sheet.text(row, 10, wording::treatment(item.kind, language), &formats.text)?;
    sheet.text(row, ENVELOPE, wording::envelope(item.envelope, language), &formats.text)?;
    sheet.number(row, AREA, item.area.get(), &formats.whole)?;
    let unit = if item.area.get() > 0.0 { item.cost.get() / item.area.get() } else { 0.0 };
    let (cost, area) = (cell(row, COST), cell(row, AREA));
    sheet.formula((row, 13), format!("IF({area}>0,{cost}/{area},0)"), unit, &formats.price)?;
    sheet.number(row, COST, item.cost.get(), &formats.euros)?;
    sheet.number(row, 15, item.before.points(), &formats.note)?;
    sheet.number(row, 16, item.after.points(), &formats.note)?;
    sheet.text(row, LAST, &wording::reason(&item.reason, language), &formats.text)
}
