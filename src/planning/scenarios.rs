//! Several scenarios over one network.

use super::simulate::simulate_from;
use super::start::Start;
use super::target::least_budget;
use crate::domain::{
    Envelopes, NetworkState, Objective, Programme, Scenario, SectionId, SelectionRule, Why, World,
    Worth,
};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::BTreeMap;

/// One programme for each scenario, in their order.
///
/// More money never does worse: an optimised scenario that has at least as much of everything in every year as
/// another of the same objective takes over its programme, should that be worth more; where it serves the condition, of
/// any other objective, since all are told by condition.
#[must_use]
pub fn programmes(
    network: &NetworkState,
    scenarios: &[Scenario],
    world: &World<'_>,
) -> Vec<Programme> {
    programmes_told(network, scenarios, world, &|| {})
}

/// The same; `played` is told after each.
#[must_use]
pub fn programmes_told(
    network: &NetworkState,
    scenarios: &[Scenario],
    world: &World<'_>,
    played: &(dyn Fn() + Sync),
) -> Vec<Programme> {
    let optimised = |it: &Scenario| it.selection == SelectionRule::Optimised;
    let key = |it: &Scenario| (it.budgets.len(), it.objective);
    let mut starts: BTreeMap<_, Start<'_>> = BTreeMap::new();
    for (horizon, objective) in scenarios.iter().map(key) {
        let start = || Start::new(network, world, horizon, objective);
        starts.entry((horizon, objective)).or_insert_with(start);
    }
    let simulate = |it: &Scenario| {
        let start = &starts[&key(it)];
        let programme = match it.target {
            Some(_) => least_budget(start, it, world),
            None => simulate_from(start, it, world),
        };
        played();
        programme
    };
    let simple: Vec<Option<Programme>> =
        scenarios.par_iter().map(|it| (!optimised(it)).then(|| simulate(it))).collect();
    // One after the other: each fills the memory and every core.
    let all = scenarios.iter().zip(simple);
    let mut all: Vec<Programme> =
        all.map(|(it, done)| done.unwrap_or_else(|| simulate(it))).collect();
    for at in 0..all.len() {
        // A budget that was looked for is what its own programme needs.
        if !optimised(&scenarios[at]) || scenarios[at].target.is_some() {
            continue;
        }
        let affordable = (0..all.len()).filter(|it| {
            affords(&all[at].scenario, &all[*it].scenario)
                && imposed(&all[at]).eq(imposed(&all[*it]))
        });
        let best = affordable.max_by(|a, b| {
            let gain = |it: &usize| gain_by(&all[at], &all[*it]);
            gain(a).total_cmp(&gain(b)).then(b.cmp(a))
        });
        if let Some(best) = best.filter(|it| gain_by(&all[at], &all[*it]) > all[at].worth.gain) {
            all[at] = taken_over(&all[at], &all[best]);
        }
    }
    all
}

/// What another programme gains by the objective of one that affords it.
fn gain_by(it: &Programme, other: &Programme) -> f64 {
    match it.scenario.objective {
        Objective::Condition => other.worth.condition,
        _ => other.worth.gain,
    }
}

/// Whether a scenario has the years of another, and in each year at least its money, to spend at least as freely; and
/// its objective, or that by which every programme is told.
pub(super) fn affords(it: &Scenario, other: &Scenario) -> bool {
    let (freely, carries) = (&it.spending, other.spending.carry_over);
    it.first_year == other.first_year
        && (it.objective == other.objective || it.objective == Objective::Condition)
        && it.budgets.len() == other.budgets.len()
        && (freely.sectors.is_none() || freely.sectors == other.spending.sectors)
        && (freely.carry_over || !carries)
        && freely.limits.allow_all_of(&other.spending.limits)
        && it.budgets.iter().zip(&other.budgets).all(|(it, other)| it.covers(*other))
}

/// The works imposed on a programme: with less money, fewer may be.
fn imposed(it: &Programme) -> impl Iterator<Item = (&SectionId, i32)> {
    it.works.iter().filter(|it| it.reason.why == Why::Imposed).map(|it| (&it.section, it.year))
}

/// The works of another scenario under the money of this one.
fn taken_over(it: &Programme, other: &Programme) -> Programme {
    let mut taken = Programme { scenario: it.scenario.clone(), ..other.clone() };
    // Last digits of a sum aside, in points or in euros.
    let gain = gain_by(it, other);
    let holds = |bound: &f64| *bound + 1.0e-9 * (1.0 + bound.abs()) >= gain;
    let bound = it.worth.bound.filter(holds);
    taken.worth = Worth { objective: it.scenario.objective, gain, bound, ..other.worth };
    let mut carried = Envelopes::default();
    for (year, offered) in taken.yearly.iter_mut().zip(&it.scenario.budgets) {
        (year.offered, year.carried) = (*offered, carried);
        if it.scenario.spending.carry_over {
            carried = year.unspent();
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Euros;

    #[test]
    fn a_scenario_affords_another_when_every_year_does() {
        let scenario = |millions: &[f64]| Scenario {
            name: String::new(),
            words: String::new(),
            first_year: 2025,
            budgets: millions
                .iter()
                .map(|it| Envelopes {
                    investment: Euros::from_millions(*it),
                    maintenance: Euros::ZERO,
                })
                .collect(),
            selection: SelectionRule::Optimised,
            objective: Objective::Condition,
            target: None,
            spending: crate::domain::Spending::default(),
            observations: String::new(),
        };
        assert!(affords(&scenario(&[2.0, 1.0]), &scenario(&[1.0, 1.0])));
        assert!(!affords(&scenario(&[2.0, 1.0]), &scenario(&[0.0, 1.1])));
        assert!(!affords(&scenario(&[2.0, 1.0]), &scenario(&[1.0])));
        let other = Scenario { objective: Objective::Backlog, ..scenario(&[1.0, 1.0]) };
        assert!(affords(&scenario(&[2.0, 1.0]), &other), "it is told by condition too");
        assert!(!affords(&Scenario { objective: Objective::Users, ..other.clone() }, &other));
    }
}
