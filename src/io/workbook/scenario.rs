//! The sheet of a scenario: its years, its treatments by year, its works.

use super::book::ScenarioBook;
use super::charts;
use super::sheet::{Formats, Rows, Sheet, cell};
use super::works::{self, put_works};
use crate::domain::{
    Envelope, Euros, Outlook, Programme, Score, Section, SectionId, WorksItem, YearState,
};
use crate::io::wording;
use rust_xlsxwriter::{ColNum, Format, RowNum, Worksheet, XlsxError};
use std::collections::{BTreeMap, BTreeSet};

/// Columns of the years that formulas ask for.
pub(super) const YEAR: ColNum = 0;
pub(super) const NG: ColNum = 1;
pub(super) const SPENT: ColNum = 8;
pub(super) const OFFERED: ColNum = 9;
pub(super) const TREATED_KM: ColNum = 11;
pub(super) const CUMULATED: ColNum = 12;
pub(super) const BACKLOG: ColNum = 13;
pub(super) const VALUE: ColNum = 14;
pub(super) const SPREAD: ColNum = 15;
pub(super) const CO2_T: ColNum = 16;
pub(super) const CO2_UNKNOWN: ColNum = 17;
pub(super) const SITES: ColNum = 18;
pub(super) const CLASSES: ColNum = 19;

/// The row of the headings of the years; below it the start, then the years.
pub(super) const HEADINGS: RowNum = 3;

/// Where each part of a scenario's sheet lies.
pub(super) struct Layout {
    /// The start, then each year.
    pub path: Rows,
    /// Each year.
    pub years: Rows,
    /// Their totals.
    pub total: RowNum,
    /// Treatments of the programme, by name.
    pub treatments: Vec<String>,
    /// One row for each, kilometres then euros; totals follow.
    pub kilometres: Rows,
    pub euros: Rows,
    /// The works; one empty row where there are none.
    pub works: Rows,
}

impl Layout {
    /// Of a programme.
    pub(super) fn of(programme: &Programme) -> Self {
        let count = |n: usize| RowNum::try_from(n).unwrap_or(RowNum::MAX / 2);
        let rows = |first: RowNum, n: usize| Rows { first, last: first + count(n.max(1)) - 1 };
        let treatments: BTreeSet<_> = programme.works.iter().map(|it| &it.treatment).collect();
        let path = rows(HEADINGS + 1, programme.yearly.len() + 1);
        let years = Rows { first: path.first + 1, last: path.last };
        let total = path.last + 1;
        // Headings stand two rows below what is above, and totals one row below their rows.
        let kilometres = rows(total + 3, treatments.len());
        let euros = rows(kilometres.last + 4, treatments.len());
        let works = rows(euros.last + 4, programme.works.len());
        let treatments = treatments.into_iter().cloned().collect();
        Self { path, years, total, treatments, kilometres, euros, works }
    }
}

/// Writes the sheet.
pub(super) fn put_scenario(
    sheet: &mut Worksheet,
    book: &ScenarioBook<'_>,
    rank: usize,
    layout: &Layout,
    sections: &BTreeMap<&SectionId, &Section>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let name = sheet.name();
    let programme = &book.programmes[rank];
    let mut sheet = Sheet { inner: sheet };
    let scenario = &programme.scenario;
    let title = format!("{} – {}", scenario.name, scenario.words);
    sheet.text(0, 0, &title, &formats.title)?;
    let rule = wording::chosen(scenario.selection, scenario.objective, book.language);
    let notes = [rule.as_str(), &scenario.observations].into_iter().filter(|it| !it.is_empty());
    sheet.text(1, 0, &notes.collect::<Vec<_>>().join(" · "), &formats.soft)?;
    put_years(&mut sheet, book, programme, layout, sections, formats)?;
    if let Some(outlook) = book.outlooks.get(rank) {
        put_outlook(&mut sheet, outlook, layout, formats)?;
    }
    put_treatments(&mut sheet, book, programme, layout, sections, formats)?;
    put_works(&mut sheet, book, programme, layout.works, sections, formats)?;
    sheet.inner.set_column_width(0, 30)?.set_column_range_width(1, 16, 13)?;
    sheet.inner.set_column_width(works::TREATMENT, 24)?;
    // Wide enough for a class too.
    sheet.inner.set_column_range_width(17, 18, 17)?;
    sheet.inner.set_freeze_panes(0, 1)?;
    let column = CLASSES + ColNum::try_from(book.classes.0.len()).unwrap_or(0) + 1;
    let chart = charts::classes(book, &name, layout);
    sheet.inner.insert_chart(HEADINGS, column, &chart)?;
    Ok(())
}

fn put_years(
    sheet: &mut Sheet<'_>,
    book: &ScenarioBook<'_>,
    programme: &Programme,
    layout: &Layout,
    sections: &BTreeMap<&SectionId, &Section>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let headings = [
        ("Année", "Year"),
        ("NG fin d’année", "NG at year end"),
        ("Dépensé investissement (€)", "Spent, investment (€)"),
        ("Offert investissement (€)", "Offered, investment (€)"),
        ("Reste investissement (€)", "Left, investment (€)"),
        ("Dépensé fonctionnement (€)", "Spent, maintenance (€)"),
        ("Offert fonctionnement (€)", "Offered, maintenance (€)"),
        ("Reste fonctionnement (€)", "Left, maintenance (€)"),
        ("Dépensé (€)", "Spent (€)"),
        ("Offert (€)", "Offered (€)"),
        ("Part dépensée", "Share spent"),
        ("Traité (km)", "Treated (km)"),
        ("Dépensé, cumulé (€)", "Spent, cumulated (€)"),
        ("Arriéré en fin d’année (€)", "Backlog at year end (€)"),
        ("Valeur restante (€)", "Remaining value (€)"),
        ("Écart entre secteurs (points)", "Spread between works units (points)"),
        ("CO₂ connu des travaux (t)", "Known CO₂ of works (t)"),
        ("Surface sans CO₂ connu (m²)", "Area without known CO₂ (m²)"),
        ("Chantiers", "Sites"),
    ];
    let class = |name: &str| format!("{} {name}", book.say("Classe", "Class"));
    let classes = book.classes.0.iter().map(|it| class(&it.name));
    let headings = headings.iter().map(|it| book.say(it.0, it.1).to_owned()).chain(classes);
    sheet.headings(HEADINGS, headings, &formats.header)?;
    let start = programme.yearly.first().map_or(programme.scenario.first_year, |it| it.year);
    sheet.number(layout.path.first, YEAR, f64::from(start) - 1.0, &formats.year)?;
    sheet.number(layout.path.first, NG, programme.ng_start.points(), &formats.note)?;
    let mut kilometres = Vec::new();
    let mut cumulated = 0.0;
    for (row, year) in (layout.years.first..).zip(&programme.yearly) {
        let of_year = programme.works.iter().filter(|it| it.year == year.year);
        let treated = of_year.map(|it| length_km(it, sections)).sum();
        kilometres.push(treated);
        cumulated += year.spent.total().get();
        // What the row above leaves is carried over.
        let carries = programme.scenario.spending.carry_over && row > layout.years.first;
        put_year(sheet, book, year, (row, layout, carries), (treated, cumulated), formats)?;
    }
    put_total(sheet, book, programme, layout, kilometres.iter().sum(), formats)
}

/// Backlog, value, spread and emissions, from the start on.
fn put_outlook(
    sheet: &mut Sheet<'_>,
    outlook: &Outlook,
    layout: &Layout,
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (row, it) in (layout.path.first..=layout.path.last).zip(&outlook.years) {
        sheet.number(row, BACKLOG, it.backlog.total().get(), &formats.euros)?;
        sheet.number(row, VALUE, it.value.get(), &formats.euros)?;
        if let Some(spread) = it.spread() {
            sheet.number(row, SPREAD, spread, &formats.note)?;
        }
        if row > layout.path.first {
            sheet.number(row, CO2_T, it.emissions.known_kg / 1000.0, &formats.price)?;
            sheet.number(row, CO2_UNKNOWN, it.emissions.unknown.get(), &formats.whole)?;
        }
    }
    let all = outlook.emissions();
    for (column, value, format) in [
        (CO2_T, all.known_kg / 1000.0, &formats.price),
        (CO2_UNKNOWN, all.unknown.get(), &formats.whole),
    ] {
        let formula = format!("SUM({})", layout.years.of(column));
        sheet.formula((layout.total, column), formula, value, &Formats::total(format))?;
    }
    Ok(())
}

/// Length of the section of some works, in kilometres; nothing for a section that is not known.
fn length_km(item: &WorksItem, sections: &BTreeMap<&SectionId, &Section>) -> f64 {
    sections.get(&item.section).map_or(0.0, |it| it.length().get() / 1000.0)
}

fn put_year(
    sheet: &mut Sheet<'_>,
    book: &ScenarioBook<'_>,
    year: &YearState,
    (row, layout, carries): (RowNum, &Layout, bool),
    (treated, cumulated): (f64, f64),
    formats: &Formats,
) -> Result<(), XlsxError> {
    let works = layout.works;
    sheet.number(row, YEAR, year.year.into(), &formats.year)?;
    sheet.number(row, NG, year.ng.points(), &formats.note)?;
    let (euros, left) = (&formats.euros, year.unspent());
    let this_year = format!("{},${}", works.of(works::YEAR), cell(row, YEAR));
    for (column, which) in [(2, Envelope::Investment), (5, Envelope::Maintenance)] {
        let (envelope, cost) = (works.of(works::ENVELOPE), works.of(works::COST));
        let word = wording::envelope(which, book.language);
        let spent = format!("ROUND(SUMIFS({cost},{this_year},{envelope},\"{word}\"),2)");
        sheet.formula((row, column), spent, year.spent.of(which).get(), euros)?;
        sheet.number(row, column + 1, year.offered.of(which).get(), euros)?;
        let before =
            if carries { format!("{}+", cell(row - 1, column + 2)) } else { String::new() };
        let rest = format!("ROUND({before}{}-{},2)", cell(row, column + 1), cell(row, column));
        sheet.formula((row, column + 2), rest, left.of(which).get(), euros)?;
    }
    let sum = |columns: [ColNum; 2]| format!("{}+{}", cell(row, columns[0]), cell(row, columns[1]));
    let (spent, offered) = (year.spent.total().get(), year.offered.total().get());
    sheet.formula((row, SPENT), sum([2, 5]), spent, euros)?;
    sheet.formula((row, OFFERED), sum([3, 6]), offered, euros)?;
    put_share(sheet, row, (spent, offered), &formats.share)?;
    let lengths = works.of(works::LENGTH);
    let formula = format!("SUMIFS({lengths},{this_year})/1000");
    sheet.formula((row, TREATED_KM), formula, treated, &formats.length)?;
    let so_far = Rows { first: layout.years.first, last: row };
    let so_far = format!("ROUND(SUM({}),2)", so_far.of(SPENT));
    sheet.formula((row, CUMULATED), so_far, cumulated, euros)?;
    sheet.number(row, SITES, count(year.sites), &formats.whole)?;
    for (column, share) in (CLASSES..).zip(&year.classes) {
        sheet.number(row, column, share.get(), &formats.share)?;
    }
    Ok(())
}

fn put_share(
    sheet: &mut Sheet<'_>,
    row: RowNum,
    (spent, offered): (f64, f64),
    format: &Format,
) -> Result<(), XlsxError> {
    let (s, o) = (cell(row, SPENT), cell(row, OFFERED));
    let share = (offered > 0.0).then(|| spent / offered);
    sheet.formula_of((row, 10), format!("IF({o}>0,{s}/{o},\"\")"), share, format)
}

fn put_total(
    sheet: &mut Sheet<'_>,
    book: &ScenarioBook<'_>,
    programme: &Programme,
    layout: &Layout,
    treated: f64,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let row = layout.total;
    let label = book.say("Total (NG : moyenne)", "Total (NG: mean)");
    sheet.text(row, YEAR, label, &Formats::total(&formats.text))?;
    let notes = programme.yearly.iter().map(|it| it.ng).chain([programme.ng_start]);
    let notes: Vec<_> = notes.map(Score::points).collect();
    #[expect(clippy::cast_precision_loss, reason = "a horizon is some years")]
    let mean = notes.iter().sum::<f64>() / notes.len() as f64;
    let average = format!("AVERAGE({})", layout.path.of(NG));
    sheet.formula((row, NG), average, mean, &Formats::total(&formats.note))?;
    let sum =
        |of: &dyn Fn(&YearState) -> Euros| programme.yearly.iter().map(of).sum::<Euros>().get();
    let totals = [
        sum(&|it| it.spent.investment),
        sum(&|it| it.offered.investment),
        sum(&|it| it.offered.investment - it.spent.investment),
        sum(&|it| it.spent.maintenance),
        sum(&|it| it.offered.maintenance),
        sum(&|it| it.offered.maintenance - it.spent.maintenance),
        sum(&|it| it.spent.total()),
        sum(&|it| it.offered.total()),
    ];
    for (column, value) in (2..).zip(totals) {
        // What years leave may be carried over, and is not to be counted twice.
        let formula = match column {
            4 | 7 => format!("ROUND({}-{},2)", cell(row, column - 1), cell(row, column - 2)),
            _ => format!("ROUND(SUM({}),2)", layout.years.of(column)),
        };
        sheet.formula((row, column), formula, value, &Formats::total(&formats.euros))?;
    }
    put_share(sheet, row, (totals[6], totals[7]), &Formats::total(&formats.share))?;
    let formula = format!("SUM({})", layout.years.of(SITES));
    let sites = count(programme.yearly.iter().map(|it| it.sites).sum());
    sheet.formula((row, SITES), formula, sites, &Formats::total(&formats.whole))?;
    let formula = format!("SUM({})", layout.years.of(TREATED_KM));
    sheet.formula((row, TREATED_KM), formula, treated, &Formats::total(&formats.length))
}

/// As a number of a cell.
#[expect(clippy::cast_precision_loss, reason = "sites are fewer than sections")]
const fn count(n: usize) -> f64 {
    n as f64
}

/// Kilometres and euros of each treatment in each year.
fn put_treatments(
    sheet: &mut Sheet<'_>,
    book: &ScenarioBook<'_>,
    programme: &Programme,
    layout: &Layout,
    sections: &BTreeMap<&SectionId, &Section>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let kilometres = |it: &WorksItem| length_km(it, sections);
    let euros = |it: &WorksItem| it.cost.get();
    let blocks = [
        Block {
            title: book.say("Kilomètres par traitement", "Kilometres by treatment"),
            rows: layout.kilometres,
            column: works::LENGTH,
            of: &kilometres,
            format: &formats.length,
        },
        Block {
            title: book.say("Euros par traitement", "Euros by treatment"),
            rows: layout.euros,
            column: works::COST,
            of: &euros,
            format: &formats.euros,
        },
    ];
    for block in &blocks {
        put_block(sheet, book, programme, layout, block, formats)?;
    }
    Ok(())
}

/// What picks the works of the treatment that the first cell of a row names, whatever its characters: criteria
/// of a sum have wildcards and comparisons.
fn named(name: &str, row: RowNum) -> String {
    let cell = format!("$A{}", row + 1);
    let mut plain = cell.clone();
    for sign in ["~", "*", "?"] {
        plain = format!("SUBSTITUTE({plain},\"{sign}\",\"~{sign}\")");
    }
    match name {
        it if it.contains(['~', '*', '?']) || it.starts_with(['<', '>', '=']) => {
            format!("\"=\"&{plain}")
        }
        _ => cell,
    }
}

/// A table of treatments by years.
struct Block<'a> {
    title: &'a str,
    rows: Rows,
    /// What is summed of the works, and the same as a number.
    column: ColNum,
    of: &'a dyn Fn(&WorksItem) -> f64,
    format: &'a Format,
}

fn put_block(
    sheet: &mut Sheet<'_>,
    book: &ScenarioBook<'_>,
    programme: &Programme,
    layout: &Layout,
    block: &Block<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let Block { title, rows, column: what, of, format } = *block;
    let head = rows.first - 1;
    sheet.text(head, 0, title, &formats.header)?;
    let mut sums = BTreeMap::<(&str, i32), f64>::new();
    for item in &programme.works {
        *sums.entry((&item.treatment, item.year)).or_default() += of(item);
    }
    let given = |name: &str, year: i32| sums.get(&(name, year)).copied().unwrap_or(0.0);
    let (works, bold) = (layout.works, Formats::total(format));
    let scale = if what == works::LENGTH { "/1000" } else { "" };
    let last = ColNum::try_from(programme.yearly.len()).unwrap_or(ColNum::MAX - 1);
    for (column, year) in (1..).zip(&programme.yearly) {
        sheet.number(head, column, year.year.into(), &formats.header)?;
        for (row, name) in (rows.first..).zip(&layout.treatments) {
            let formula = format!(
                "SUMIFS({},{},{},{},{}${}){scale}",
                works.of(what),
                works.of(works::TREATMENT),
                named(name, row),
                works.of(works::YEAR),
                rust_xlsxwriter::utility::column_number_to_name(column),
                head + 1,
            );
            sheet.formula((row, column), formula, given(name, year.year), format)?;
        }
        let all = layout.treatments.iter().map(|it| given(it, year.year)).sum();
        let formula = format!("SUM({})", rows.of(column));
        sheet.formula((rows.last + 1, column), formula, all, &bold)?;
    }
    sheet.text(head, last + 1, book.say("Total", "Total"), &formats.header)?;
    sheet.text(rows.last + 1, 0, book.say("Total", "Total"), &Formats::total(&formats.text))?;
    let whole = |name: &str| programme.yearly.iter().map(|it| given(name, it.year)).sum::<f64>();
    let across = |row: RowNum| format!("SUM({}:{})", cell(row, 1), cell(row, last.max(1)));
    for (row, name) in (rows.first..).zip(&layout.treatments) {
        sheet.text(row, 0, name, &formats.text)?;
        sheet.formula((row, last + 1), across(row), whole(name), &bold)?;
    }
    let all = layout.treatments.iter().map(|it| whole(it)).sum();
    sheet.formula((rows.last + 1, last + 1), across(rows.last + 1), all, &bold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_read_as_criteria_are_quoted() {
        assert_eq!(named("GB + BBSG", 6), "$A7");
        let quoted = named("ESU *", 6);
        assert!(quoted.starts_with("\"=\"&SUBSTITUTE(") && quoted.contains("\"*\",\"~*\""));
        assert_eq!(named("<5 cm", 6), quoted);
    }
}
