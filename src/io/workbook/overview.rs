//! The first sheet: one row a scenario, under the engineers' own headings (DOMAIN.md section 9.1).
//!
//! Whatever the sheets of the scenarios tell is a reference to them.

use super::book::ScenarioBook;
use super::charts;
use super::scenario::{self, Layout};
use super::sheet::{Formats, Rows, Sheet, cell};
use crate::domain::{Indicators, Objective, Outlook};
use crate::io::wording;
use rust_xlsxwriter::{ColNum, RowNum, Url, Worksheet, XlsxError};

/// French, English, width; in the order of the columns.
const HEADINGS: [(&str, &str, f64); 28] = [
    ("Scénario", "Scenario", 14.0),
    ("Budget", "Budget", 40.0),
    ("Choix des travaux", "Works chosen", 18.0),
    ("NG début", "NG start", 9.0),
    ("NG fin", "NG end", 9.0),
    ("NG + haute", "Highest NG", 9.0),
    ("Année", "Year", 8.0),
    ("NG + basse", "Lowest NG", 9.0),
    ("Année", "Year", 8.0),
    ("NG moyenne", "Mean NG", 10.0),
    ("Budget global : dépensé (€)", "Total budget: spent (€)", 18.0),
    ("Offert (€)", "Offered (€)", 18.0),
    ("Part dépensée", "Share spent", 10.0),
    ("Années sans budget", "Years without budget", 9.0),
    ("Traité (km)", "Treated (km)", 11.0),
    ("Gain", "Gain", 18.0),
    ("Borne du gain", "Bound of the gain", 18.0),
    ("Écart à la borne", "Gap to the bound", 9.0),
    ("Gain d’état (points) par M€", "Gain by condition (points) per M€", 12.0),
    ("Travaux", "Works", 10.0),
    ("Arriéré au début (€)", "Backlog at the start (€)", 18.0),
    ("Arriéré à la fin (€)", "Backlog at the end (€)", 18.0),
    ("Valeur restante à la fin (€)", "Remaining value at the end (€)", 18.0),
    (
        "Écart entre secteurs à la fin (points)",
        "Spread between works units at the end (points)",
        12.0,
    ),
    ("CO₂ connu des travaux (t)", "Known CO₂ of works (t)", 11.0),
    ("Surface sans CO₂ connu (m²)", "Area without known CO₂ (m²)", 12.0),
    ("Gain d’état (points)", "Gain by condition (points)", 11.0),
    ("Observations", "Remarks", 40.0),
];

/// The column of what a programme gains by condition, whatever it serves.
const CONDITION: ColNum = 26;

/// The column of the remarks, the last.
const REMARKS: ColNum = 27;

/// The row of the headings.
const HEAD: RowNum = 2;

/// Writes the sheet.
pub(super) fn put_overview(
    sheet: &mut Worksheet,
    book: &ScenarioBook<'_>,
    names: &[String],
    layouts: &[Layout],
    formats: &Formats,
) -> Result<(), XlsxError> {
    let mut sheet = Sheet { inner: sheet };
    sheet.text(0, 0, book.title, &formats.title)?;
    sheet.text(1, 0, &surveyed(book), &formats.soft)?;
    sheet.headings(HEAD, HEADINGS.iter().map(|it| book.say(it.0, it.1)), &formats.header)?;
    for (column, (.., width)) in (0..).zip(HEADINGS) {
        sheet.inner.set_column_width(column, width)?;
    }
    let mut row = HEAD;
    for (rank, (indicators, layout)) in book.indicators.iter().zip(layouts).enumerate() {
        row += 1;
        let treated = book.treated(rank);
        let place = Place { row, sheet: &names[rank], layout };
        put_scenario(&mut sheet, book, indicators, treated, &place, formats)?;
        if let Some(outlook) = book.outlooks.get(rank) {
            put_outlook(&mut sheet, outlook, &place, formats)?;
        }
    }
    sheet.inner.set_freeze_panes(HEAD + 1, 1)?;
    row += 2;
    for (rank, chart) in (0..).zip(charts::comparison(book, names, layouts)) {
        sheet.inner.insert_chart(row, 1 + 8 * rank, &chart)?;
    }
    row += charts::HEIGHT_ROWS + 1;
    put_reading(&mut sheet, book, row, formats)
}

/// The notes that every programme starts from; only NG has a law of ageing.
fn surveyed(book: &ScenarioBook<'_>) -> String {
    let (mut area, mut sums) = (0.0, [0.0; 3]);
    for rating in book.ratings {
        let Some(notes) = rating.rating.notes() else { continue };
        let mine = rating.distress.section.area().get();
        area += mine;
        for (sum, note) in sums.iter_mut().zip([notes.ng, notes.np, notes.nu]) {
            *sum += note.points() * mine;
        }
    }
    if area <= 0.0 {
        return String::new();
    }
    let [ng, np, nu] = sums.map(|it| book.language.number(it / area, 2));
    format!("{} NG {ng}, NP {np}, NU {nu}", book.say("Au relevé :", "As surveyed:"))
}

/// Where a scenario stands: its row here, its own sheet and what lies where on it.
struct Place<'a> {
    row: RowNum,
    sheet: &'a str,
    layout: &'a Layout,
}

impl Place<'_> {
    /// A cell of the scenario's sheet.
    fn cell(&self, row: RowNum, column: ColNum) -> String {
        format!("'{}'!{}", self.sheet, cell(row, column))
    }

    /// Rows of a column of the scenario's sheet.
    fn rows(&self, rows: Rows, column: ColNum) -> String {
        format!("'{}'!{}", self.sheet, rows.of(column))
    }
}

fn put_scenario(
    sheet: &mut Sheet<'_>,
    book: &ScenarioBook<'_>,
    it: &Indicators,
    treated: (f64, usize),
    place: &Place<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let (row, layout) = (place.row, place.layout);
    let link = Url::new(format!("internal:'{}'!A1", place.sheet)).set_text(&it.name);
    sheet.inner.write_url_with_format(row, 0, link, &formats.link)?;
    sheet.text(row, 1, &it.words, &formats.wrapped)?;
    let chosen = wording::chosen(it.selection, it.worth.objective, book.language);
    sheet.text(row, 2, &chosen, &formats.wrapped)?;
    let note = &formats.note;
    let start = place.cell(layout.path.first, scenario::NG);
    sheet.formula((row, 3), &start, it.ng_start.points(), note)?;
    let end = place.cell(layout.path.last, scenario::NG);
    sheet.formula((row, 4), end, it.ng_end.points(), note)?;
    let path = place.rows(layout.path, scenario::NG);
    let years = place.rows(layout.path, scenario::YEAR);
    let in_year = |column| format!("INDEX({years},MATCH({},{path},0))", cell(row, column));
    sheet.formula((row, 5), format!("MAX({path})"), it.highest.0.points(), note)?;
    sheet.formula((row, 6), in_year(5), it.highest.1.into(), &formats.year)?;
    let lowest = format!("IF(MIN({path})<{start},MIN({path}),\"\")");
    sheet.formula_of((row, 7), lowest, it.lowest.map(|it| it.0.points()), note)?;
    let when = format!("IF({}=\"\",\"\",{})", cell(row, 7), in_year(7));
    sheet.formula_of((row, 8), when, it.lowest.map(|it| it.1.into()), &formats.year)?;
    let mean = place.cell(layout.total, scenario::NG);
    sheet.formula((row, 9), mean, it.mean.points(), note)?;
    let (spent, offered) = (it.spent.get(), it.offered.get());
    let total = |column| place.cell(layout.total, column);
    sheet.formula((row, 10), total(scenario::SPENT), spent, &formats.euros)?;
    sheet.formula((row, 11), total(scenario::OFFERED), offered, &formats.euros)?;
    let share = format!("IF({0}>0,{1}/{0},\"\")", cell(row, 11), cell(row, 10));
    let value = (offered > 0.0).then(|| spent / offered);
    sheet.formula_of((row, 12), share, value, &formats.share)?;
    let without = format!("COUNTIF({},0)", place.rows(layout.years, scenario::OFFERED));
    sheet.formula((row, 13), without, it.years_without.into(), &formats.whole)?;
    sheet.formula((row, 14), total(scenario::TREATED_KM), treated.0, &formats.length)?;
    let unit = wording::gain_unit(it.worth.objective, book.language);
    let gain = Formats::in_unit(unit, it.worth.objective == Objective::Backlog);
    sheet.number(row, 15, it.worth.gain, &gain)?;
    if let Some(bound) = it.worth.bound {
        sheet.number(row, 16, bound, &gain)?;
        let gap = format!("IF({0}>0,MAX({0}-{1},0)/{0},0)", cell(row, 16), cell(row, 15));
        sheet.formula((row, 17), gap, it.worth.gap().unwrap_or(0.0), &formats.gap)?;
    }
    sheet.number(row, CONDITION, it.worth.condition, &formats.small)?;
    let condition = cell(row, CONDITION);
    let per_million = format!("IF({0}>0,{condition}/({0}/1000000),\"\")", cell(row, 10));
    let value = (spent > 0.0).then(|| it.worth.condition / (spent / 1.0e6));
    sheet.formula_of((row, 18), per_million, value, &formats.small)?;
    #[expect(clippy::cast_precision_loss, reason = "works are few")]
    let count = treated.1 as f64;
    let costs = place.rows(layout.works, super::works::COST);
    sheet.formula((row, 19), format!("COUNT({costs})"), count, &formats.whole)?;
    sheet.text(row, REMARKS, &it.observations, &formats.wrapped)
}

/// Backlog, value, spread and emissions, from the scenario's sheet.
fn put_outlook(
    sheet: &mut Sheet<'_>,
    outlook: &Outlook,
    place: &Place<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let (Some(first), Some(last)) = (outlook.years.first(), outlook.last()) else { return Ok(()) };
    let (start, end, total) = (place.layout.path.first, place.layout.path.last, place.layout.total);
    let emissions = outlook.emissions();
    let (euros, tonnes) = (&formats.euros, emissions.known_kg / 1000.0);
    for (column, (from, of), value, format) in [
        (20, (start, scenario::BACKLOG), Some(first.backlog.total().get()), euros),
        (21, (end, scenario::BACKLOG), Some(last.backlog.total().get()), euros),
        (22, (end, scenario::VALUE), Some(last.value.get()), euros),
        (23, (end, scenario::SPREAD), last.spread(), &formats.note),
        (24, (total, scenario::CO2_T), Some(tonnes), &formats.price),
        (25, (total, scenario::CO2_UNKNOWN), Some(emissions.unknown.get()), &formats.whole),
    ] {
        if let Some(value) = value {
            sheet.formula((place.row, column), place.cell(from, of), value, format)?;
        }
    }
    Ok(())
}

/// How to read the sheet, and who made it.
fn put_reading(
    sheet: &mut Sheet<'_>,
    book: &ScenarioBook<'_>,
    row: RowNum,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let provenance = book.provenance;
    let lines = [
        book.say(
            "Les totaux sont des formules sur les travaux de chaque feuille : déplacer ou supprimer des travaux les change. Les notes, le gain et la borne sont ceux du programme tel qu’il a été calculé.",
            "Totals are formulas over the works of each sheet: moving or striking works changes them. Notes, gain and bound are those of the programme as it was computed.",
        )
        .to_owned(),
        book.say(
            "Gain : moyenne actualisée de toutes les années, par rapport à ne rien faire, dans l’unité de ce que le scénario sert : points de NG par surface et poids de catégorie (état des chaussées) ; « points usagers » de NG par véhicule-kilomètre ; euros d’arriéré évités. Des gains d’unités différentes ne se comparent pas : le gain d’état, en points, est donné pour tous. Borne : avec au plus autant de travaux par section qu’il en est essayé (quatre, par défaut), aucun programme dans ce budget ne gagne plus ; vide là où rien n’est prouvé.",
            "Gain: discounted mean over all years, above doing nothing, in the unit of what the scenario serves: points of NG by area and weight of category (pavement condition); “user points” of NG by vehicle-kilometre; euros of backlog avoided. Gains of different units cannot be compared: the gain by condition, in points, is given for all. Bound: with at most as many works a section as are tried (four by default), no programme within the budget gains more; empty where nothing is proved.",
        )
        .to_owned(),
        book.say(
            "Arriéré : coût, aux prix de l’année et hors frais de chantier, des travaux que la note et les défauts de chaque section appellent, les plus adaptés seulement, même là où ses derniers travaux doivent encore reposer. Valeur restante : coût à neuf, au prix du renouvellement le plus lourd de la catégorie, multiplié par la note sur 20.",
            "Backlog: cost, at the year’s prices and without site costs, of the most suitable works that the note and the defects of each section call for, even where its last works must rest still. Remaining value: cost anew, at the price of the category’s heaviest renewal, times the note over 20.",
        )
        .to_owned(),
        format!("voirie {} · configuration {}", provenance.version, provenance.configuration),
    ];
    let models = provenance.models.iter().map(|it| format!("{} {}", it.name, it.sha256));
    for (row, line) in (row..).zip(lines.into_iter().chain(models)) {
        sheet.text(row, 0, &line, &formats.soft)?;
    }
    Ok(())
}
