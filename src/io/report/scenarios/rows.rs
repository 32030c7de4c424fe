//! The tables of the page.

use super::super::colour;
use super::super::tables::money;
use super::columns;
use super::page::ScenarioPage;
use crate::domain::{
    Emissions, Envelopes, Indicators, Objective, Outlook, Programme, Score, TreatmentKind,
    YearOutlook,
};
use crate::io::wording::{self, Language};
use serde::Serialize;
use std::collections::BTreeMap;

/// One cell of the comparison.
#[derive(Serialize)]
pub(super) struct Cell {
    text: String,
    /// Whether no scenario does better.
    best: bool,
}

/// One scenario of the comparison.
#[derive(Serialize)]
pub(super) struct Row {
    name: String,
    anchor: String,
    colour: &'static str,
    dashed: bool,
    budget: String,
    selection: String,
    /// Notes, money, gain, in the order of the headings.
    cells: Vec<Cell>,
    observations: String,
}

/// Gain by condition for a million euros, whatever the objective; nothing where nothing is spent.
pub(super) fn per_million(it: &Indicators) -> Option<f64> {
    let millions = it.spent.get() / 1.0e6;
    (millions > 0.0).then(|| it.worth.condition / millions)
}

/// Rank of the scenario for which a number is the greatest; of equals, the first.
pub(super) fn best<T>(all: &[T], number: impl Fn(&T) -> Option<f64>) -> Option<usize> {
    let numbers = all.iter().enumerate().filter_map(|(rank, it)| Some((rank, number(it)?)));
    numbers.reduce(|a, b| if b.1 > a.1 { b } else { a }).map(|it| it.0)
}

/// What works emit, in tonnes: `≥ 12,3 t` where that of some is not known, nothing where that of all is not.
pub(super) fn emissions(of: Emissions, language: Language) -> String {
    let at_least = if of.is_whole() { "" } else { "≥\u{a0}" };
    if of.known_kg <= 0.0 && !of.is_whole() {
        return "–".to_owned();
    }
    format!("{at_least}{}\u{a0}t", language.number(of.known_kg / 1000.0, 1))
}

/// Whether gains are in several units, or in another than points by condition.
pub(super) fn in_units(all: &[Indicators]) -> bool {
    all.iter().any(|it| it.worth.objective != Objective::Condition)
}

/// The comparison, one row a scenario.
///
/// Where all serve the condition, gains are points, said once; else each has its unit, and there is one column more.
pub(super) fn comparison(page: &ScenarioPage<'_>) -> Vec<Row> {
    let language = page.language;
    let note = |it: Score| language.number(it.points(), 2);
    let in_year = |(score, year): (Score, i32)| format!("{} ({year})", note(score));
    let all = page.indicators;
    let backlog = |it: &Outlook| Some(-it.last()?.backlog.total().get());
    let spread = |it: &Outlook| Some(-it.last()?.spread()?);
    let end = best(all, |it| Some(it.ng_end.points()));
    let mean = best(all, |it| Some(it.mean.points()));
    // Gains are in several units where objectives differ: those by condition are compared.
    let gain = best(all, |it| Some(it.worth.condition));
    let in_units = in_units(all);
    let worth = best(all, per_million);
    let (backlog, spread) = (best(page.outlooks, backlog), best(page.outlooks, spread));
    let row = |(rank, it): (usize, &Indicators)| {
        let (colour, dash) = colour::of_scenario(rank);
        let is = |best: Option<usize>| all.len() > 1 && best == Some(rank);
        let cell = |text: String, best| Cell { text, best };
        let plain = |text: String| Cell { text, best: false };
        let last = page.outlooks.get(rank).and_then(Outlook::last);
        let of_last = |text: &dyn Fn(&YearOutlook) -> String| last.map(text).unwrap_or_default();
        let points = |it: f64| language.number(it, 2);
        let in_unit = |gain: f64| {
            if in_units {
                wording::gain(gain, it.worth.objective, 2, language)
            } else {
                points(gain)
            }
        };
        let mut cells = vec![
            plain(note(it.ng_start)),
            cell(note(it.ng_end), is(end)),
            plain(in_year(it.highest)),
            plain(it.lowest.map(in_year).unwrap_or_default()),
            cell(note(it.mean), is(mean)),
            plain(money(it.spent.get(), language)),
            cell(in_unit(it.worth.gain), !in_units && is(gain)),
            plain(it.worth.bound.map(in_unit).unwrap_or_default()),
            plain(it.worth.gap().map(|it| language.percent(it, 2)).unwrap_or_default()),
        ];
        cells.extend(in_units.then(|| cell(points(it.worth.condition), is(gain))));
        let emitted = page.outlooks.get(rank).map(|it| emissions(it.emissions(), language));
        cells.extend([
            cell(per_million(it).map(points).unwrap_or_default(), is(worth)),
            cell(of_last(&|it| money(it.backlog.total().get(), language)), is(backlog)),
            plain(of_last(&|it| money(it.value.get(), language))),
            cell(of_last(&|it| it.spread().map(points).unwrap_or_default()), is(spread)),
            plain(emitted.unwrap_or_default()),
        ]);
        Row {
            name: it.name.clone(),
            anchor: format!("s{rank}"),
            colour,
            dashed: dash != "none",
            budget: it.words.clone(),
            selection: wording::chosen(it.selection, it.worth.objective, language),
            cells,
            observations: it.observations.clone(),
        }
    };
    all.iter().enumerate().map(row).collect()
}

/// One treatment over the years.
#[derive(Serialize)]
pub(super) struct TreatmentRow {
    name: String,
    colour: &'static str,
    /// Kilometres and thousands of euros of each year, then of all; empty where there are none.
    years: Vec<Option<[String; 2]>>,
}

/// The trades that a programme uses, for the legend: name and colour.
pub(super) fn trades(outlook: &Outlook, language: Language) -> Vec<(&'static str, &'static str)> {
    let used = |kind: &TreatmentKind| {
        outlook.years.iter().any(|it| it.treatments.iter().any(|it| it.kind == *kind))
    };
    let named = |kind| (wording::treatment(kind, language), columns::of_trade(kind));
    TreatmentKind::ALL.into_iter().filter(used).map(named).collect()
}

/// Works by treatment and by year; the last row adds them up.
pub(super) fn treatments(outlook: &Outlook, total: &str, language: Language) -> Vec<TreatmentRow> {
    let years = outlook.years.get(1..).unwrap_or_default();
    let read = |(metres, euros): (f64, f64)| {
        (euros > 0.0)
            .then(|| [language.number(metres / 1000.0, 1), language.number(euros / 1000.0, 0)])
    };
    let row = |name: &str, colour, of: &dyn Fn(&YearOutlook) -> (f64, f64)| {
        let each: Vec<_> = years.iter().map(of).collect();
        let all = each.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        let cells = each.into_iter().chain([all]).map(read).collect();
        TreatmentRow { name: name.to_owned(), colour, years: cells }
    };
    let mut kinds = BTreeMap::new();
    for it in years.iter().flat_map(|it| &it.treatments) {
        kinds.insert((it.kind, it.treatment.as_str()), columns::of_trade(it.kind));
    }
    let mut rows: Vec<_> = kinds
        .into_iter()
        .map(|((_, name), colour)| {
            row(name, colour, &|year| {
                let mine = year.treatments.iter().find(|it| it.treatment == name);
                mine.map_or((0.0, 0.0), |it| (it.length.get(), it.cost.get()))
            })
        })
        .collect();
    if !rows.is_empty() {
        rows.push(row(total, "transparent", &|year| {
            let sum = year.treatments.iter();
            sum.fold((0.0, 0.0), |all, it| (all.0 + it.length.get(), all.1 + it.cost.get()))
        }));
    }
    rows
}

/// One year of a programme: its cells in the order of the headings.
pub(super) fn years(
    programme: &Programme,
    outlook: Option<&Outlook>,
    language: Language,
) -> Vec<(i32, Vec<String>)> {
    let thousands = |it: f64| language.number(it / 1000.0, 0);
    let pair = |spent: f64, offered: f64| format!("{} / {}", thousands(spent), thousands(offered));
    let both = |spent: Envelopes, offered: Envelopes| {
        [
            pair(spent.investment.get(), offered.investment.get()),
            pair(spent.maintenance.get(), offered.maintenance.get()),
        ]
    };
    let limits = &programme.scenario.spending.limits;
    let most_sites = outlook.and_then(|it| limits.most_sites(&it.sectors));
    let most_co2 = limits.co2_t().map(|it| format!(" / {}\u{a0}t", language.number(it, 1)));
    let row = |it: &crate::domain::YearState| {
        let sites = language.count(it.sites);
        let told = outlook.and_then(|all| all.of(it.year));
        let of = |text: &dyn Fn(&YearOutlook) -> String| told.map(text).unwrap_or_default();
        let [investment, maintenance] = both(it.spent, it.offered + it.carried);
        let cells = vec![
            language.number(it.ng.points(), 2),
            investment,
            maintenance,
            most_sites.map_or_else(|| sites.clone(), |most| format!("{sites} / {most}")),
            of(&|it| money(it.backlog.total().get(), language)),
            of(&|it| money(it.value.get(), language)),
            of(&|it| it.spread().map(|it| language.number(it, 2)).unwrap_or_default()),
            of(&|it| emissions(it.emissions, language) + most_co2.as_deref().unwrap_or_default()),
        ];
        (it.year, cells)
    };
    programme.yearly.iter().map(row).collect()
}
