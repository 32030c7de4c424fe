//! The least budget that holds a note or a share of ruins.

use super::agenda::refused_from;
use super::simulate::simulate_from;
use super::start::Start;
use crate::domain::{Envelopes, Euros, Programme, Scenario, Target, World};

/// The least multiple of the budget that is tried, but for none at all, and the greatest.
/// Chosen: past them, the budget was written in the wrong unit.
const FACTORS: (f64, f64) = (0.05, 16.0);

/// From one multiple to the next while none is enough.
/// Chosen: final notes are not monotone in the budget (DOMAIN.md section 9.4), so that many are tried in order.
const STEP: f64 = 1.25;

/// How near the least is found. Chosen: half a per cent of a budget is less than anyone can promise.
const NEAR: f64 = 1.005;

/// Whether a programme ends as its scenario asks; of one that asks nothing, yes.
#[must_use]
pub fn meets_target(it: &Programme) -> bool {
    match it.scenario.target {
        None => true,
        Some(Target::Note(note)) => it.yearly.last().map_or(it.ng_start, |it| it.ng) >= note,
        Some(Target::WorstClass(most)) => {
            it.yearly.last().and_then(|it| it.classes.last()).is_none_or(|it| *it <= most)
        }
    }
}

/// The programme of the least multiple of the scenario's budget, of those tried, that meets its target; of the
/// greatest when none does.
pub(super) fn least_budget(start: &Start<'_>, scenario: &Scenario, world: &World<'_>) -> Programme {
    let play = |factor: f64| simulate_from(start, &times(scenario, factor), world);
    let n_refused = |it: &Scenario| refused_from(start, it, world).len();
    // Works that the greatest multiple can impose are imposed by the one that is found.
    let fewest = n_refused(&times(scenario, FACTORS.1));
    let meets = |it: &Programme| meets_target(it) && n_refused(&it.scenario) <= fewest;
    let mut best = play(0.0);
    if meets(&best) || scenario.budgets.iter().all(|it| *it == Envelopes::default()) {
        return best;
    }
    let (mut short, mut factor) = (0.0, FACTORS.0);
    best = play(factor);
    while !meets(&best) && factor < FACTORS.1 {
        short = factor;
        factor = (factor * STEP).min(FACTORS.1);
        best = play(factor);
    }
    while meets(&best) && factor > short * NEAR && factor > FACTORS.0 {
        let middle = f64::midpoint(short, factor);
        let tried = play(middle);
        if meets(&tried) {
            (factor, best) = (middle, tried);
        } else {
            short = middle;
        }
    }
    best
}

/// A multiple of a scenario's budget, and its words: every year is multiplied, whatever it has grown by and what is
/// added to it once, so that the words hold for all of them.
fn times(scenario: &Scenario, factor: f64) -> Scenario {
    let part = |it: Euros| Euros::rounded(it.get() * factor);
    let budgets = scenario
        .budgets
        .iter()
        .map(|it| Envelopes { investment: part(it.investment), maintenance: part(it.maintenance) });
    let factor = format!("{factor:.3}").replace('.', ",");
    let words = format!("({}) × {factor}", scenario.words);
    Scenario { budgets: budgets.collect(), words, ..scenario.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Budget, PlanYears, Ratio, Score, SelectionRule};
    use crate::planning::example::{in_world, scenario};
    use crate::planning::programmes;

    fn play(asked: Scenario) -> Programme {
        in_world(|network, world| programmes(network, &[asked], world).remove(0))
    }

    fn played(target: Option<Target>, selection: SelectionRule) -> Programme {
        play(Scenario { target, ..scenario("t", selection, 40_000.0) })
    }

    #[test]
    fn the_least_budget_holds_and_a_little_less_does_not() {
        let note = Score::clamped(14.0);
        for rule in [SelectionRule::WorstFirst, SelectionRule::Optimised] {
            let it = played(Some(Target::Note(note)), rule);
            assert!(meets_target(&it) && it.yearly[7].ng >= note, "{}", it.yearly[7].ng);
            let offered = it.scenario.budgets[0].investment.get() / 40_000.0;
            assert!(offered > 0.05 && it.scenario.words.contains(") × "), "{}", it.scenario.words);
            let less = scenario("t", rule, 40_000.0 * offered / NEAR / NEAR);
            let less = play(less);
            assert!(less.yearly[7].ng < note, "{rule:?} {offered}");
        }
    }

    #[test]
    fn what_grows_and_what_is_added_once_are_multiplied_alike() {
        let budget: Budget = "100 k€ (+2 %/an), plus 0 k€ + 30 k€ en 2027".parse().unwrap();
        let budgets = budget.spread(PlanYears { first_year: 2026, horizon: 3 }).unwrap();
        let asked = Scenario {
            budgets,
            words: budget.to_string(),
            ..scenario("t", SelectionRule::WorstFirst, 0.0)
        };
        let it = times(&asked, 1.25);
        assert_eq!(it.words, "(100 k€ (+2 %/an), plus 0 k€ + 30 k€ en 2027) × 1,250");
        let euros = it.budgets.iter().map(|it| (it.investment.cents(), it.maintenance.cents()));
        let want = [(12_500_000, 0), (12_750_000, 3_750_000), (13_005_000, 0)];
        assert_eq!(euros.collect::<Vec<_>>(), want);
    }

    #[test]
    fn a_share_of_the_worst_class_is_held() {
        let most = Ratio::clamped(0.02);
        let it = played(Some(Target::WorstClass(most)), SelectionRule::WorstFirst);
        assert!(*it.yearly[7].classes.last().unwrap() <= most);
        assert!(it.works.len() > 1);
    }

    #[test]
    fn what_holds_by_itself_costs_nothing_and_what_never_holds_is_said() {
        let it = played(Some(Target::Note(Score::WORST)), SelectionRule::WorstFirst);
        assert!(it.works.is_empty() && it.scenario.budgets[0] == Envelopes::default());
        let it = played(Some(Target::Note(Score::BEST)), SelectionRule::WorstFirst);
        assert!(!meets_target(&it));
        assert!(meets_target(&played(None, SelectionRule::WorstFirst)));
    }
}
