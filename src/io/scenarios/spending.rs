//! Whether the money of a scenario is carried over, and how it is divided between sectors.

use super::excerpt::Fault;
use super::limits::limits;
use super::table::{Place, PlacedTable};
use super::target::number;
use crate::domain::{Ratio, SectorEnvelopes, SectorShares, Spending};
use std::collections::BTreeMap;
use toml::de::DeValue;

const BY_AREA: &str = "by_area";

const SECTORS: &str =
    "\"by_area\", or sectors and their per cents such as { Muret = 60, Revel = 40 }";

const PERCENT: &str = "a number of per cent from 0 to 100";

/// How far from 100 per cents may add up. Chosen: thirds are written with two decimals.
const ROUNDED: f64 = 0.05;

/// How the money of a scenario may be spent.
pub(super) fn spending(table: &PlacedTable<'_, '_>, faults: &mut Vec<Fault>) -> Spending {
    let carry_over = table.get("carry_over").is_some_and(|place| {
        place.get_ref().as_bool().unwrap_or_else(|| {
            faults.push(table.wrong(place, "true or false"));
            false
        })
    });
    let shares = table.get("sectors").and_then(|place| shares(table, place, faults));
    let guaranteed = table.get("guaranteed_percent").and_then(|place| {
        if table.get("sectors").is_none() {
            faults.push(table.wrong(place, "sectors beside it: of what is each sector sure?"));
        }
        number(table, place, 100.0, PERCENT, faults)
    });
    let guaranteed = Ratio::clamped(guaranteed.map_or(1.0, |it| it / 100.0));
    let sectors = shares.map(|shares| SectorEnvelopes { shares, guaranteed });
    Spending { carry_over, sectors, limits: limits(table, faults) }
}

fn shares(
    table: &PlacedTable<'_, '_>,
    place: Place<'_, '_>,
    faults: &mut Vec<Fault>,
) -> Option<SectorShares> {
    let named = match place.get_ref() {
        DeValue::String(word) if word.as_ref() == BY_AREA => return Some(SectorShares::ByArea),
        DeValue::Table(named) if !named.is_empty() => named,
        _ => {
            faults.push(table.wrong(place, SECTORS));
            return None;
        }
    };
    let mut all = BTreeMap::new();
    for (name, percent) in named {
        all.insert(name.get_ref().to_string(), number(table, percent, 100.0, PERCENT, faults)?);
    }
    let sum: f64 = all.values().sum();
    if (sum - 100.0).abs() > ROUNDED {
        let told = format!("{sum:.2}");
        let told = told.trim_end_matches('0').trim_end_matches('.');
        let what = format!("found sectors that add up to {told} %, expected 100 %");
        faults.push(Fault::at(table.source, place.span(), what));
        return None;
    }
    let share = |(name, percent)| (name, Ratio::clamped(percent / sum));
    Some(SectorShares::Named(all.into_iter().map(share).collect()))
}

/// What is said after the budget, in the engineers' words.
pub(super) fn words(it: &Spending) -> String {
    let carried = if it.carry_over { ", soldes reportés" } else { "" };
    let Some(SectorEnvelopes { shares, guaranteed }) = &it.sectors else {
        return carried.to_owned();
    };
    let french = |percent: f64| format!("{}", (percent * 100.0).round() / 100.0).replace('.', ",");
    let divided = match french(100.0 * guaranteed.get()).as_str() {
        "100" => ", réparti entre secteurs".to_owned(),
        part => format!(", {part} % répartis entre secteurs"),
    };
    let how = match shares {
        SectorShares::ByArea => "selon leur surface".to_owned(),
        SectorShares::Named(all) => {
            let each =
                all.iter().map(|(name, it)| format!("{name} {} %", french(100.0 * it.get())));
            format!("({})", each.collect::<Vec<_>>().join(", "))
        }
    };
    format!("{carried}{divided} {how}")
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::domain::{PlanYears, Ratio, SectorShares, SelectionRule, Spending};

    fn read(text: &str) -> Result<(Spending, String), String> {
        let years = PlanYears { first_year: 2026, horizon: 3 };
        let whole = format!("[[scenario]]\nname = \"a\"\nbudget = \"1\"\n{text}\n");
        parse(&whole, years, SelectionRule::WorstFirst)
            .map(|it| (it.scenarios[0].spending.clone(), it.scenarios[0].words.clone()))
            .map_err(|it| it.to_string())
    }

    #[test]
    fn money_is_carried_over_and_divided() {
        assert_eq!(read("").unwrap(), (Spending::default(), "1".to_owned()));
        let (it, words) = read("carry_over = true\nsectors = \"by_area\"").unwrap();
        assert!(it.carry_over);
        assert_eq!(words, "1, soldes reportés, réparti entre secteurs selon leur surface");
        let sectors = it.sectors.unwrap();
        assert_eq!((sectors.shares, sectors.guaranteed), (SectorShares::ByArea, Ratio::ONE));
        let text = "guaranteed_percent = \"62,5\"\nsectors = { Revel = 33.33, Muret = 66.67 }";
        let (it, words) = read(text).unwrap();
        assert_eq!(words, "1, 62,5 % répartis entre secteurs (Muret 66,67 %, Revel 33,33 %)");
        let sectors = it.sectors.unwrap();
        assert_eq!(sectors.guaranteed, Ratio::clamped(0.625));
        let SectorShares::Named(all) = sectors.shares else { panic!("named") };
        assert!((all["Muret"].get() - 0.6667).abs() < 1e-9);
    }

    #[test]
    fn anything_else_is_told() {
        for (text, want) in [
            ("carry_over = 1", "line 4, character 14: found 1, expected true or false"),
            ("sectors = \"by_length\"", "found \"by_length\", expected \"by_area\", or sectors"),
            ("sectors = {}", "found {}, expected \"by_area\", or sectors"),
            ("sectors = { Revel = 40, Muret = 50 }", "that add up to 90 %, expected 100 %"),
            ("sectors = { Revel = -4 }", "found -4, expected a number of per cent"),
            ("guaranteed_percent = 50", "found 50, expected sectors beside it"),
            ("sectors = \"by_area\"\nguaranteed_percent = 101", "found 101, expected a number of"),
        ] {
            let told = read(text).unwrap_err();
            assert!(told.contains(want), "{text}: {told}");
        }
    }
}
