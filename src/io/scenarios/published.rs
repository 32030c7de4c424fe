//! A published table of scenarios, to calibrate on: what somebody's tool gave for budgets in words.
//!
//! ```toml
//! horizon = 15
//! first_year = 2022                # needed where a budget names a year
//! ng_start = 18.15                 # mean note before the first year
//! surface_m2 = 33_759_000          # of the network
//! note_within = 0.03               # how far off a note may be before it weighs one; 0.03 left out
//! spent_within_meur = 4            # the same of money spent; 4 left out
//!
//! [[scenario]]
//! name = "s02"
//! budget = "0 (5 ans), puis 13,5+2" # or budgets = [...], one for each year
//! ng_end = 18.53                   # after the last year
//! ng_high = 18.53                  # highest and mean of the years, the start included
//! ng_mean = 18.18
//! ng_low = 17.85                   # left out where the note never falls below ng_start
//! spent_meur = 154.989
//! observations = "cinq ans sans travaux"
//! ```

use super::excerpt::Fault;
use super::table::PlacedTable;
use super::{FIRST_YEARS, Faults, HORIZONS, ScenarioError, in_words, year_by_year};
use crate::domain::{PublishedScenario, PublishedTable, SquareMetres};
use std::collections::BTreeSet;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Fewest scenarios of a table. Chosen: three have twelve numbers, and eight are fitted.
const FEWEST: usize = 3;

/// Surfaces that are taken, m². Chosen: a village to all roads of France.
const SURFACES: (f64, f64) = (1.0e3, 1.0e10);

/// How far off a note may be, points, and money spent, millions of euros, when the file does not say.
/// Source: the loss of the reference that DOMAIN.md section 9.3 names.
const WITHIN: (f64, f64) = (0.03, 4.0);

/// Most money that is taken, millions of euros. Chosen: ten times what all departments spend on roads.
const MOST_SPENT: f64 = 1.0e5;

/// How far rounding may set apart numbers that must be in order, points. Chosen: tables have two decimals.
const ROUNDED: f64 = 0.011;

/// Reads a published table.
///
/// # Errors
///
/// When the file cannot be read, or with every fault in it.
pub fn read_published(path: &Path) -> Result<PublishedTable, ScenarioError> {
    let refused = |kind| ScenarioError { path: path.to_owned(), kind };
    let text = std::fs::read_to_string(path).map_err(|it| refused(it.into()))?;
    parse_published(&text).map_err(|it| refused(it.into()))
}

/// Parses the text of a published table, as [`read_published`].
///
/// # Errors
///
/// Every fault found.
pub fn parse_published(source: &str) -> Result<PublishedTable, Faults> {
    let (root, errors) = DeTable::parse_recoverable(source);
    let mut faults: Vec<_> = errors
        .iter()
        .map(|it| Fault::at(source, it.span().unwrap_or(0..0), it.message()))
        .collect();
    let table = if faults.is_empty() { whole_table(source, &root, &mut faults) } else { None };
    faults.sort_by_key(|it| (it.line, it.column));
    table.filter(|_| faults.is_empty()).ok_or(Faults(faults))
}

fn whole_table<'i>(
    source: &'i str,
    root: &Spanned<DeTable<'i>>,
    faults: &mut Vec<Fault>,
) -> Option<PublishedTable> {
    let table = PlacedTable { source, table: root.get_ref(), span: 0..0 };
    let keys = [
        "horizon",
        "first_year",
        "ng_start",
        "surface_m2",
        "note_within",
        "spent_within_meur",
        "scenario",
    ];
    table.only(&keys, faults);
    let first_year = table.get("first_year").and_then(|_| {
        i32::try_from(table.whole("first_year", FIRST_YEARS, FIRST_YEARS.0, faults)).ok()
    });
    let horizon = u32::try_from(table.whole("horizon", HORIZONS, 15, faults)).ok()?;
    let ng_start = number(&table, "ng_start", (0.0, 20.0), None, faults);
    let surface = number(&table, "surface_m2", SURFACES, None, faults);
    let note_within = number(&table, "note_within", (0.001, 5.0), Some(WITHIN.0), faults);
    let spent_within = number(&table, "spent_within_meur", (1.0e-4, 1.0e4), Some(WITHIN.1), faults);
    let list = table.get("scenario");
    let items = list.and_then(|it| it.get_ref().as_array()).map_or(&[][..], |it| &it[..]);
    if items.len() < FEWEST {
        let what = format!(
            "found {} scenarios, expected at least {FEWEST} [[scenario]]: eight numbers are fitted",
            items.len()
        );
        faults.push(Fault::at(source, list.map_or(0..0, Spanned::span), what));
    }
    let mut names = BTreeSet::new();
    let mut scenarios = Vec::new();
    for item in items {
        let Some(inner) = item.get_ref().as_table() else {
            faults.push(table.wrong(item, "a table with a name, a budget and what it gave"));
            continue;
        };
        let inner = PlacedTable { source, table: inner, span: item.span() };
        let read = scenario(&inner, (first_year, horizon), ng_start, faults);
        if let (Some(name), Some(place)) = (read.as_ref().map(|it| &it.name), inner.get("name"))
            && !names.insert(name.clone())
        {
            faults.push(inner.wrong(place, "a name that no other scenario bears"));
        }
        scenarios.extend(read);
    }
    Some(PublishedTable {
        ng_start: ng_start?,
        surface: SquareMetres::of(surface?),
        note_within: note_within?,
        spent_within: spent_within?,
        scenarios,
    })
}

fn scenario(
    table: &PlacedTable<'_, '_>,
    (first_year, horizon): (Option<i32>, u32),
    ng_start: Option<f64>,
    faults: &mut Vec<Fault>,
) -> Option<PublishedScenario> {
    let keys = [
        "name",
        "budget",
        "budgets",
        "ng_end",
        "ng_high",
        "ng_mean",
        "ng_low",
        "spent_meur",
        "observations",
    ];
    table.only(&keys, faults);
    let name = table.text("name", "a name such as \"s02\"", faults);
    let budget = match (table.get("budget"), table.get("budgets")) {
        (Some(_), Some(both)) => {
            faults.push(table.wrong(both, "either budget or budgets, not both"));
            None
        }
        (None, Some(list)) => year_by_year(table, list, horizon, faults),
        _ => in_words(table, first_year, horizon, faults),
    };
    let mut note = |key| number(table, key, (0.0, 20.0), None, faults);
    let (end, high, mean) = (note("ng_end"), note("ng_high"), note("ng_mean"));
    let low = table.get("ng_low").and_then(|_| note("ng_low"));
    let spent = number(table, "spent_meur", (0.0, MOST_SPENT), None, faults);
    let mut ordered = |key: &str, least: Option<f64>, words: &str, most: Option<f64>| {
        if let (Some(place), Some(least), Some(most)) = (table.get(key), least, most)
            && least > most + ROUNDED
        {
            faults.push(table.wrong(place, words));
        }
    };
    ordered("ng_high", end, "at least ng_end", high);
    ordered("ng_high", mean, "at least ng_mean", high);
    ordered("ng_low", low, "at most ng_end", end);
    ordered("ng_low", low, "at most ng_mean", mean);
    ordered("ng_low", low, "at most ng_start: left out where the note never falls below", ng_start);
    let (words, budgets) = budget?;
    Some(PublishedScenario {
        name: name?.to_owned(),
        words,
        budgets,
        ng_end: end?,
        ng_high: high?,
        ng_low: low,
        ng_mean: mean?,
        spent: spent?,
    })
}

/// A number between two bounds, or `absent`; without one, the key must be there.
fn number(
    table: &PlacedTable<'_, '_>,
    key: &str,
    (low, high): (f64, f64),
    absent: Option<f64>,
    faults: &mut Vec<Fault>,
) -> Option<f64> {
    let expected = format!("a number from {low} to {high}");
    let Some(place) = table.get(key) else {
        if absent.is_none() {
            let what = format!("found no {key}, expected {expected}");
            faults.push(Fault::at(table.source, table.span.clone(), what));
        }
        return absent;
    };
    let number: Option<f64> = match place.get_ref() {
        DeValue::Integer(it) => it.as_str().parse().ok(),
        DeValue::Float(it) => it.as_str().parse().ok(),
        _ => None,
    };
    let number = number.filter(|it| (low..=high).contains(it));
    if number.is_none() {
        faults.push(table.wrong(place, &expected));
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROW: &str =
        "budget = \"13,5+2\"\nng_end = 18.2\nng_high = 18.6\nng_mean = 18.4\nspent_meur = 170\n";

    fn table(rows: &str) -> String {
        let whole = |name: &str| format!("[[scenario]]\nname = \"{name}\"\n{ROW}");
        format!("ng_start = 18.15\nsurface_m2 = 33_759_000\n{}{}{rows}", whole("a"), whole("b"))
    }

    fn refusals(text: &str) -> Vec<String> {
        let told = parse_published(text).unwrap_err();
        told.0.iter().map(|it| format!("{}: {}", it.line, it.what)).collect()
    }

    #[test]
    fn a_table_is_read_whole() {
        let text = table(&format!("[[scenario]]\nname = \"c\"\nng_low = 18\n{ROW}"));
        let read = parse_published(&text).unwrap();
        assert_eq!((read.scenarios.len(), read.scenarios[0].budgets.len()), (3, 15));
        assert_eq!((read.scenarios[0].ng_low, read.scenarios[2].ng_low), (None, Some(18.0)));
        assert!((read.surface.get() - 33_759_000.0).abs() < 1.0e-6);
        assert!((read.scenarios[1].spent - 170.0).abs() < 1.0e-12);
    }

    #[test]
    fn budgets_grow_and_name_years_where_the_table_has_a_first() {
        let row = ROW.replace("13,5+2", "1 (+2 %/an), plus 4 en 2024");
        let text = table(&format!("[[scenario]]\nname = \"c\"\n{row}"));
        let read = parse_published(&format!("first_year = 2023\n{text}")).unwrap();
        let years = read.scenarios[2].budgets[..3].iter().map(|it| it.total().cents());
        assert_eq!(years.collect::<Vec<_>>(), [100_000_000, 502_000_000, 104_040_000]);
        assert_eq!(
            refusals(&text),
            ["19: found 2024, expected a first_year in the file to count from"]
        );
        assert_eq!(
            refusals(&format!("first_year = 2025\n{text}")),
            ["20: found 2024, expected a year of the programme, from 2025 to 2039"]
        );
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let rows = "[[scenario]]\nname = \"a\"\nbudget = \"13;5\"\nng_end = 28.2\nng_high = 18.1\nng_mean = 18.4\n\
                    ng_low = 19\nnote = 3\n";
        assert_eq!(
            refusals(&table(rows)),
            [
                "17: found no spent_meur, expected a number from 0 to 100000",
                "19: found \";\", expected « + », a number of years such as (5 ans), a rate such as (+2 %/an), « plus » or the end",
                "20: found 28.2, expected a number from 0 to 20",
                "21: found 18.1, expected at least ng_mean",
                "23: found 19, expected at most ng_mean",
                "23: found 19, expected at most ng_start: left out where the note never falls below",
                "24: found \"note\", which is not a key here; expected one of name, budget, budgets, ng_end, ng_high, ng_mean, ng_low, spent_meur, observations",
            ]
        );
        let twice = format!("[[scenario]]\nname = \"a\"\n{ROW}");
        assert_eq!(
            refusals(&table(&twice)),
            ["18: found \"a\", expected a name that no other scenario bears"]
        );
    }

    #[test]
    fn a_table_needs_its_network_and_scenarios() {
        assert_eq!(
            refusals("horizon = 0"),
            [
                "1: found no ng_start, expected a number from 0 to 20",
                "1: found no surface_m2, expected a number from 1000 to 10000000000",
                "1: found 0 scenarios, expected at least 3 [[scenario]]: eight numbers are fitted",
                "1: found 0, expected a whole number from 1 to 60",
            ]
        );
        assert_eq!(refusals("ng_start = ").len(), 1);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(
            text in "(?s).{0,80}|(\\[\\[scenario\\]\\]|name|budgets?|ng_end|=|\"[0-9+é, (ans)]{0,9}\"|[0-9.\\[\\],\n -]){0,30}"
        ) {
            let _ = parse_published(&text);
        }
    }
}
