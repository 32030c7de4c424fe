//! How far what a programme rests on may be from the truth.

use super::fields::{Fields, Problem};
use crate::domain::{Draws, PlanDoubt};
use toml::Table;

/// Most draws. Chosen: a percentile of a hundred thousand is known to a hundredth of its spread.
const MOST_DRAWS: i64 = 100_000;

/// Widest errors that are taken, per cent and points. Chosen: past them, nothing is known at all.
const WIDEST_PERCENT: f64 = 100.0;
const WIDEST_POINTS: f64 = 10.0;

/// Reads `[plan_doubt]`.
///
/// # Errors
///
/// Every problem found.
pub fn parse_plan_doubt(root: &Table) -> Result<(PlanDoubt, Draws), Vec<Problem>> {
    let mut problems = Vec::new();
    let read = Fields::new(root, "", &mut problems).table("plan_doubt").and_then(|mut fields| {
        let ageing_network = fields.number("ageing_network_percent", 0.0, WIDEST_PERCENT);
        let ageing_section = fields.number("ageing_section_percent", 0.0, WIDEST_PERCENT);
        let prices = fields.number("prices_percent", 0.0, WIDEST_PERCENT);
        let notes_network = fields.number("notes_network_points", 0.0, WIDEST_POINTS);
        let notes_section = fields.number("notes_section_points", 0.0, WIDEST_POINTS);
        let n_draws = fields.whole("draws", 0, MOST_DRAWS);
        let n_filmed_again = fields.whole("filmed_again_draws", 0, MOST_DRAWS);
        let seed = fields.whole("seed", 0, i64::MAX);
        fields.refuse_the_rest();
        let doubt = PlanDoubt {
            ageing_network: ageing_network? / 100.0,
            ageing_section: ageing_section? / 100.0,
            prices: prices? / 100.0,
            notes_network: notes_network?,
            notes_section: notes_section?,
        };
        let draws = Draws {
            n_draws: u64::try_from(n_draws?).ok()?,
            n_filmed_again: u64::try_from(n_filmed_again?).ok()?,
            seed: u64::try_from(seed?).ok()?,
        };
        Some((doubt, draws))
    });
    read.filter(|_| problems.is_empty()).ok_or(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_doubt_of_everything() {
        let root = include_str!("../../defaults.toml").parse().unwrap();
        let (doubt, draws) = parse_plan_doubt(&root).unwrap();
        assert!(doubt.ageing_network > 0.0 && doubt.ageing_section > 0.0 && doubt.prices > 0.0);
        assert!(doubt.notes_network > 0.0 && doubt.notes_section > 0.0);
        assert!(draws.n_draws >= 1000 && draws.n_filmed_again > 1);
    }

    #[test]
    fn every_doubt_has_bounds() {
        let root: Table = "[plan_doubt]\nageing_network_percent=-1\nageing_section_percent=200\n\
             prices_percent=10\nnotes_network_points=11\nnotes_section_points=1\ndraws=-1\n\
             filmed_again_draws=1.5\nseed=1\nluck=3"
            .parse()
            .unwrap();
        let told: Vec<_> =
            parse_plan_doubt(&root).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "plan_doubt.ageing_network_percent: found -1, expected a number from 0 to 100",
                "plan_doubt.ageing_section_percent: found 200, expected a number from 0 to 100",
                "plan_doubt.notes_network_points: found 11, expected a number from 0 to 10",
                "plan_doubt.draws: found -1, expected a whole number from 0 to 100000",
                "plan_doubt.filmed_again_draws: found 1.5, expected a whole number from 0 to 100000",
                "plan_doubt.luck: found an unknown key, expected one of ageing_network_percent, ageing_section_percent, draws, filmed_again_draws, notes_network_points, notes_section_points, prices_percent, seed",
            ]
        );
    }
}
