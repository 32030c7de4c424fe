//! Filling the page.

use super::super::chart::{self, Axis, Chart, Path, Size};
use super::super::colour;
use super::super::page::{ReportError, STYLE};
use super::super::tables::money;
use super::super::template::fill;
use super::{columns, doubt, rows, texts};
use crate::domain::{Indicators, NoteClasses, Outlook, Programme, Prospect, Provenance};
use crate::io::atomic;
use crate::io::wording::{self, Language};
use serde::Serialize;
use std::collections::BTreeMap;

const TEMPLATE: &str = include_str!("page.html");
const OWN_STYLE: &str = include_str!("page.css");

/// A chart in a file of its own.
const DRAWING: &str =
    "{% import \"chart.html\" as plot %}{{ plot.lines(chart, label, \"chart\") }}";

/// Everything the page tells.
#[derive(Clone, Copy, Debug)]
pub struct ScenarioPage<'a> {
    /// What is compared, such as the title of the survey.
    pub title: &'a str,
    /// Language of the page.
    pub language: Language,
    /// One programme a scenario.
    pub programmes: &'a [Programme],
    /// The engineers' table, one row for each programme.
    pub indicators: &'a [Indicators],
    /// What each programme leaves behind it, in the same order; may be empty.
    pub outlooks: &'a [Outlook],
    /// What may become of the network under each, in the same order; may be empty.
    pub prospects: &'a [Prospect],
    /// Classes of the notes.
    pub classes: &'a NoteClasses,
    /// Who made it.
    pub provenance: &'a Provenance,
}

#[derive(Serialize)]
struct Page<'a> {
    lang: &'static str,
    t: BTreeMap<&'static str, String>,
    title: &'a str,
    lead: String,
    cards: Vec<Card>,
    notes: Option<Chart>,
    spent: Option<Chart>,
    backlog: Option<Chart>,
    unit: &'static str,
    rows: Vec<rows::Row>,
    in_units: bool,
    classes: Vec<(&'a str, &'a str, &'static str)>,
    scenarios: Vec<Scenario>,
    doubt: Option<doubt::Doubts>,
    version: &'a str,
    configuration: &'a str,
    models: Vec<(&'a str, &'a str)>,
    style: &'static str,
    own_style: &'static str,
}

/// One answer at a glance.
#[derive(Serialize)]
struct Card {
    question: String,
    colour: &'static str,
    name: String,
    answer: String,
}

/// One scenario by itself.
#[derive(Serialize)]
struct Scenario {
    name: String,
    anchor: String,
    colour: &'static str,
    dashed: bool,
    words: String,
    rule: String,
    classes: columns::Columns,
    kilometres: Option<columns::Columns>,
    trades: Vec<(&'static str, &'static str)>,
    headings: Vec<i32>,
    treatments: Vec<rows::TreatmentRow>,
    years: Vec<(i32, Vec<String>)>,
}

/// The unit of amounts up to the greatest: its size in euros, its name.
fn unit(page: &ScenarioPage<'_>) -> (f64, &'static str) {
    let spent = page.indicators.iter().map(|it| it.spent.get());
    let years = page.outlooks.iter().flat_map(|it| &it.years);
    let greatest = spent.chain(years.map(|it| it.backlog.total().get())).fold(0.0, f64::max);
    if greatest >= 1.0e6 { (1.0e6, "M€") } else { (1.0e3, "k€") }
}

fn spending(page: &ScenarioPage<'_>) -> Option<Chart> {
    let (size, _) = unit(page);
    let path = |it: &Programme| {
        let mut sum = 0.0;
        let start = it.yearly.first().map(|it| (it.year - 1, 0.0));
        let years = it.yearly.iter().map(|it| {
            sum += it.spent.total().get() / size;
            (it.year, sum)
        });
        start.into_iter().chain(years.collect::<Vec<_>>()).collect()
    };
    let paths: Vec<_> = page
        .programmes
        .iter()
        .map(|it| Path { name: &it.scenario.name, points: path(it) })
        .collect();
    chart::draw(&paths, Axis::AMOUNTS, Size::HALF, page.language)
}

fn backlog(page: &ScenarioPage<'_>) -> Option<Chart> {
    let (size, _) = unit(page);
    let point = |it: &crate::domain::YearOutlook| (it.year, it.backlog.total().get() / size);
    let named = page.programmes.iter().zip(page.outlooks);
    let paths: Vec<_> = named
        .map(|(it, outlook)| Path {
            name: &it.scenario.name,
            points: outlook.years.iter().map(point).collect(),
        })
        .collect();
    chart::draw(&paths, Axis::AMOUNTS, Size::HALF, page.language)
}

fn cards(page: &ScenarioPage<'_>, say: &dyn Fn(&str) -> String) -> Vec<Card> {
    let language = page.language;
    let number = |it: f64| language.number(it, 2);
    let card = |key: &str, rank: Option<usize>, answer: &dyn Fn(usize) -> Option<String>| {
        let rank = rank?;
        Some(Card {
            question: say(key),
            colour: colour::of_scenario(rank).0,
            name: page.indicators.get(rank)?.name.clone(),
            answer: answer(rank)?,
        })
    };
    let all = page.indicators;
    let last = |rank: usize| page.outlooks.get(rank).and_then(Outlook::last);
    let end = rows::best(all, |it| Some(it.ng_end.points()));
    let worth = rows::best(all, rows::per_million);
    let backlog = rows::best(page.outlooks, |it| Some(-it.last()?.backlog.total().get()));
    let fairest = rows::best(page.outlooks, |it| Some(-it.last()?.spread()?));
    let points = language.pick("points", "points");
    [
        card("best_end", end, &|rank| Some(number(all[rank].ng_end.points()))),
        card("best_worth", worth, &|rank| {
            let gain = number(rows::per_million(&all[rank])?);
            Some(format!("{gain} {points}/M€"))
        }),
        card("least_backlog", backlog, &|rank| {
            Some(money(last(rank)?.backlog.total().get(), language))
        }),
        card("fairest", fairest, &|rank| {
            Some(format!("{} {points}", number(last(rank)?.spread()?)))
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn scenario(page: &ScenarioPage<'_>, rank: usize, total: &str) -> Scenario {
    let language = page.language;
    let programme = &page.programmes[rank];
    let outlook = page.outlooks.get(rank);
    let (colour, dash) = colour::of_scenario(rank);
    let in_year = |it: &crate::domain::YearOutlook| {
        it.treatments.iter().map(|it| it.length.get()).sum::<f64>() / 1000.0
    };
    // One scale for all, so that scenarios can be compared.
    let most = page.outlooks.iter().flat_map(|it| &it.years).map(in_year).fold(0.0, f64::max);
    let works = outlook.filter(|it| it.years.iter().any(|it| !it.treatments.is_empty()));
    Scenario {
        name: programme.scenario.name.clone(),
        anchor: format!("s{rank}"),
        colour,
        dashed: dash != "none",
        words: programme.scenario.words.clone(),
        rule: wording::chosen(programme.scenario.selection, programme.scenario.objective, language),
        classes: columns::classes(programme, page.classes, language),
        kilometres: works.map(|it| columns::kilometres(it, most, language)),
        trades: works.map(|it| rows::trades(it, language)).unwrap_or_default(),
        headings: programme.yearly.iter().map(|it| it.year).collect(),
        treatments: works.map(|it| rows::treatments(it, total, language)).unwrap_or_default(),
        years: rows::years(programme, outlook, language),
    }
}

/// The page, whole.
///
/// # Errors
///
/// [`ReportError::Page`], which is a bug.
pub fn render(page: &ScenarioPage<'_>) -> Result<String, ReportError> {
    let ScenarioPage { title, language, provenance, .. } = *page;
    let t = texts::all(language);
    let say = |key: &str| t.get(key).cloned().unwrap_or_default();
    let class = |it: &'_ crate::domain::NoteClass| colour::text_on(&it.colour);
    let classes = page.classes.0.iter();
    let total = say("total");
    fill(
        TEMPLATE,
        Page {
            lang: language.code(),
            title,
            lead: lead(page),
            cards: cards(page, &say),
            notes: chart::notes(page.programmes, language),
            spent: spending(page),
            backlog: backlog(page),
            unit: unit(page).1,
            rows: rows::comparison(page),
            in_units: rows::in_units(page.indicators),
            classes: classes
                .map(|it| (it.name.as_str(), colour::checked(&it.colour), class(it)))
                .collect(),
            scenarios: (0..page.programmes.len()).map(|it| scenario(page, it, &total)).collect(),
            doubt: doubt::doubts(page.prospects, language),
            version: &provenance.version,
            configuration: &provenance.configuration,
            models: provenance.models.iter().map(|it| (&*it.name, &*it.sha256)).collect(),
            style: STYLE,
            own_style: OWN_STYLE,
            t,
        },
    )
}

fn lead(page: &ScenarioPage<'_>) -> String {
    let language = page.language;
    let (one, many) =
        (language.pick("scénario", "scenario"), language.pick("scénarios", "scenarios"));
    let scenarios = language.counted(page.programmes.len(), one, many);
    let years = page.programmes.iter().flat_map(|it| &it.yearly).map(|it| it.year);
    let (Some(first), Some(last)) = (years.clone().min(), years.max()) else { return scenarios };
    let ha = page.programmes.first().map_or(0.0, |it| it.area.get()) / 10_000.0;
    let area = language.number(ha, 1);
    match language {
        Language::French => {
            format!("{scenarios} de {first} à {last}, sur {area}\u{a0}ha de chaussées notées")
        }
        Language::English => {
            format!("{scenarios} from {first} to {last}, over {area}\u{a0}ha of rated pavement")
        }
    }
}

/// Writes the page.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write(path: &std::path::Path, page: &ScenarioPage<'_>) -> Result<(), ReportError> {
    Ok(atomic::write(path, render(page)?.as_bytes())?)
}

/// The charts as SVG, each with the name of its file.
///
/// # Errors
///
/// [`ReportError::Page`], which is a bug.
pub fn drawings(page: &ScenarioPage<'_>) -> Result<Vec<(&'static str, String)>, ReportError> {
    #[derive(Serialize)]
    struct Drawing {
        chart: Chart,
        label: String,
    }
    let t = texts::all(page.language);
    let in_unit = |key: &str| format!("{} ({})", t[key], unit(page).1);
    let all = [
        ("scenarios-ng.svg", chart::notes(page.programmes, page.language), t["ng_chart"].clone()),
        ("scenarios-spent.svg", spending(page), in_unit("spent_chart")),
        ("scenarios-backlog.svg", backlog(page), in_unit("backlog_chart")),
    ];
    let mut drawn = Vec::new();
    for (name, chart, label) in all {
        let Some(chart) = chart else { continue };
        let text = fill(DRAWING, Drawing { chart, label })?;
        let text =
            text.trim_start().replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1);
        drawn.push((name, text));
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::rows::example;

    fn with_page(language: Language, check: impl FnOnce(&ScenarioPage<'_>)) {
        let (programmes, indicators) = (example::programmes(), example::indicators());
        check(&ScenarioPage {
            title: "Relevé <test>",
            language,
            programmes: &programmes,
            indicators: &indicators,
            outlooks: &[],
            prospects: &example::prospects(),
            classes: &example::classes(),
            provenance: &example::provenance(),
        });
    }

    #[test]
    fn the_page_fetches_nothing_and_words_are_never_markup() {
        for language in [Language::French, Language::English] {
            with_page(language, |page| {
                let html = render(page).unwrap();
                assert!(html.contains(&format!("<html lang=\"{}\"", language.code())));
                for fetched in ["http://", "https://", "src=", "@import", "url("] {
                    assert!(!html.contains(fetched), "{fetched}");
                }
                assert!(html.contains("Relevé &lt;test&gt;"));
                assert!(!html.contains("<script"), "a scenario's remarks");
            });
        }
    }

    #[test]
    fn the_best_scenario_for_its_money_is_told() {
        with_page(Language::French, |page| {
            let html = render(page).unwrap();
            // 0.5 points for 15,600 euros.
            assert!(html.contains("32,05 points"));
        });
    }

    #[test]
    fn charts_stand_alone() {
        with_page(Language::English, |page| {
            let drawn = drawings(page).unwrap();
            let names: Vec<_> = drawn.iter().map(|it| it.0).collect();
            assert_eq!(names, ["scenarios-ng.svg", "scenarios-spent.svg"]);
            assert!(drawn[0].1.starts_with("<svg xmlns="), "{}", drawn[0].1);
            assert!(drawn[0].1.contains("stroke=\"#0072b2\""));
        });
    }
}
