//! The years of a programme, and how its works are chosen.

use super::fields::{Fields, Problem, number};
use super::treatments::one_of;
use super::{FIRST_YEARS, LONGEST_HORIZON};
use crate::domain::{Envelopes, Euros, PlanRules, PlanYears, SelectionRule};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// Most works that the optimised selection weighs on one section. Chosen: it weighs every subset of them.
const MOST_WORKS: i64 = 4;

/// Dearest site that is taken, in euros. Chosen: dearer than whole works; the unit is surely wrong.
const DEAREST_SITE: f64 = 1.0e6;

/// Heaviest category that is taken. Chosen: as good as nothing for all others.
const HEAVIEST: f64 = 1000.0;

/// Busiest road that is taken, in vehicles a day. Chosen: more than any road of France bears.
const BUSIEST: f64 = 300_000.0;

/// Reads `[plan]`.
///
/// # Errors
///
/// Every problem found.
pub fn parse_plan(root: &Table) -> Result<(PlanYears, PlanRules), Vec<Problem>> {
    let mut problems = Vec::new();
    let read = Fields::new(root, "", &mut problems).table("plan").and_then(|mut fields| {
        let years = years(&mut fields);
        let rules = rules(&mut fields);
        fields.refuse_the_rest();
        Some((years?, rules?))
    });
    read.filter(|_| problems.is_empty()).ok_or(problems)
}

fn years(fields: &mut Fields<'_, '_>) -> Option<PlanYears> {
    let first_year = fields.whole("first_year", FIRST_YEARS.0, FIRST_YEARS.1);
    let horizon = fields.whole("horizon", 1, LONGEST_HORIZON);
    Some(PlanYears {
        first_year: i32::try_from(first_year?).ok()?,
        horizon: u32::try_from(horizon?).ok()?,
    })
}

fn rules(fields: &mut Fields<'_, '_>) -> Option<PlanRules> {
    let selection = one_of(fields, "selection", &SelectionRule::ALL.map(|it| (it.word(), it)));
    let discount = fields.number("discount_percent", 0.0, 20.0);
    let terminal_years = fields.number("terminal_years", 0.0, 60.0);
    let site = fields.table("site_eur").and_then(|mut fields| {
        let investment = fields.number("investment", 0.0, DEAREST_SITE);
        let maintenance = fields.number("maintenance", 0.0, DEAREST_SITE);
        fields.refuse_the_rest();
        Some(Envelopes {
            investment: Euros::rounded(investment?),
            maintenance: Euros::rounded(maintenance?),
        })
    });
    let least_gap_years = fields.whole("least_gap_years", 1, LONGEST_HORIZON);
    let most_works = fields.whole("most_works", 1, MOST_WORKS);
    let price_growth = fields.number("price_growth_percent", -10.0, 20.0);
    let category_weights = fields.optional(
        "category_weights",
        "weights from 0 to 1000 by road category, such as { 1 = 3, 2 = 2 }",
        BTreeMap::new(),
        |it| it.as_table()?.iter().map(|it| by_category(it, HEAVIEST)).collect(),
    );
    let vehicles_a_day = fields.optional(
        "vehicles_a_day",
        "vehicles from 0 to 300000 by road category, such as { 1 = 5000, 2 = 1100 }",
        BTreeMap::new(),
        |it| it.as_table()?.iter().map(|it| by_category(it, BUSIEST)).collect(),
    );
    Some(PlanRules {
        selection: selection?,
        discount: discount? / 100.0,
        terminal_years: terminal_years?,
        site: site?,
        least_gap_years: u32::try_from(least_gap_years?).ok()?,
        most_works: u32::try_from(most_works?).ok()?,
        price_growth: price_growth? / 100.0,
        price_level: 1.0,
        category_weights: category_weights?,
        vehicles_a_day: vehicles_a_day?,
    })
}

/// A road category and its number, from nothing to the most.
fn by_category((category, value): (&String, &Value), most: f64) -> Option<(u8, f64)> {
    let number = number(value).filter(|it| (0.0..=most).contains(it))?;
    Some((category.parse().ok()?, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_choose_worst_first() {
        let root = include_str!("../../defaults.toml").parse().unwrap();
        let (years, rules) = parse_plan(&root).unwrap();
        assert_eq!((years.horizon, rules.selection), (15, SelectionRule::WorstFirst));
        assert!((rules.discount - 0.04).abs() < 1e-12);
        assert_eq!(rules.vehicles_a_day, [(1, 5000.0), (2, 1100.0), (3, 250.0)].into());
    }

    #[test]
    fn every_rule_has_bounds() {
        let root: Table = "[plan]\nfirst_year=26\nhorizon=0\nselection='best'\ndiscount_percent=-4\nterminal_years=3\n\
             site_eur={investment=-1}\nleast_gap_years=0\nmost_works=9\nprice_growth_percent=50\ncategory_weights={a=1}\nvehicles_a_day={1=-1}"
            .parse()
            .unwrap();
        let told: Vec<_> = parse_plan(&root).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "plan.first_year: found 26, expected a whole number from 1950 to 2200",
                "plan.horizon: found 0, expected a whole number from 1 to 60",
                "plan.selection: found \"best\", expected one of worst_first, threshold, benefit_cost, optimised",
                "plan.discount_percent: found -4, expected a number from 0 to 20",
                "plan.site_eur.investment: found -1, expected a number from 0 to 1000000",
                "plan.site_eur.maintenance: found nothing, expected a number from 0 to 1000000",
                "plan.least_gap_years: found 0, expected a whole number from 1 to 60",
                "plan.most_works: found 9, expected a whole number from 1 to 4",
                "plan.price_growth_percent: found 50, expected a number from -10 to 20",
                "plan.category_weights: found a table, expected weights from 0 to 1000 by road category, such as { 1 = 3, 2 = 2 }",
                "plan.vehicles_a_day: found a table, expected vehicles from 0 to 300000 by road category, such as { 1 = 5000, 2 = 1100 }",
            ]
        );
    }
}
