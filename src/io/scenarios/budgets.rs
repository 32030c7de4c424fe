//! The budget of a scenario: in words, or a list of years.

use super::excerpt::Fault;
use super::table::{Place, PlacedTable, inside};
use crate::domain::{Budget, BudgetError, Envelopes, HorizonError, PlanYears};
use std::ops::Range;
use toml::de::DeValue;

/// What a budget given year by year is called, as in the engineers' table.
const IRREGULAR: &str = "Budget irrégulier";

const BUDGET: &str = "a budget such as \"0 (5 ans), puis 13,5+2\"";

/// The budget in words, and of each year; without a first year, none may be named.
pub(super) fn in_words(
    table: &PlacedTable<'_, '_>,
    first_year: Option<i32>,
    horizon: u32,
    faults: &mut Vec<Fault>,
) -> Option<(String, Vec<Envelopes>)> {
    let text = table.text("budget", BUDGET, faults)?;
    let place = table.get("budget")?;
    let fault = |one_off: Option<i32>, what: String| {
        let named = one_off.and_then(|it| Budget::place_of_one_off(text, it));
        let range = named.unwrap_or(0..text.len());
        Fault::at(table.source, inside(table.source, place, range), what)
    };
    let read = text.parse::<Budget>().map_err(|it| budget_fault(table.source, place, &it));
    let spread = read.and_then(|it| {
        if let (None, Some(first)) = (first_year, it.one_offs().first()) {
            let what =
                format!("found {}, expected a first_year in the file to count from", first.year);
            return Err(fault(Some(first.year), what));
        }
        let years = PlanYears { first_year: first_year.unwrap_or_default(), horizon };
        it.spread(years).map_err(|it| match it {
            HorizonError::Outside { year, .. } => fault(Some(year), it.to_string()),
            _ => fault(None, it.to_string()),
        })
    });
    match spread {
        Ok(budgets) => Some((text.trim().to_owned(), budgets)),
        Err(fault) => {
            faults.push(fault);
            None
        }
    }
}

pub(super) fn year_by_year<'i>(
    table: &PlacedTable<'_, 'i>,
    list: Place<'_, 'i>,
    horizon: u32,
    faults: &mut Vec<Fault>,
) -> Option<(String, Vec<Envelopes>)> {
    let expected = format!("a list of {horizon} budgets, one for each year");
    let Some(items) = list.get_ref().as_array() else {
        faults.push(table.wrong(list, &expected));
        return None;
    };
    let before = faults.len();
    let mut budgets = Vec::new();
    for item in items {
        let year = match item.get_ref() {
            DeValue::String(text) => {
                text.parse().map_err(|it| budget_fault(table.source, item, &it))
            }
            // Bare numbers are millions of euros, as in words.
            DeValue::Integer(_) | DeValue::Float(_) => {
                let written = table.source.get(item.span()).unwrap_or_default();
                written.parse().map_err(|it: BudgetError| table.wrong(item, it.expected))
            }
            _ => Err(table.wrong(item, "a budget such as \"13,5+2\"")),
        };
        match year {
            Ok(year) => budgets.push(year),
            Err(fault) => faults.push(fault),
        }
    }
    if items.len() != horizon as usize {
        let what = format!("found {} budgets, expected {expected}", items.len());
        faults.push(Fault::at(table.source, list.span(), what));
    }
    (faults.len() == before).then(|| (IRREGULAR.to_owned(), budgets))
}

pub(super) fn budget_fault(source: &str, value: Place<'_, '_>, error: &BudgetError) -> Fault {
    let range: Range<usize> = error.at..error.at + error.len;
    Fault::at(source, inside(source, value, range), error.to_string())
}
