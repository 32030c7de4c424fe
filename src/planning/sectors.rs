//! Programmes whose money is divided between sectors.

use super::agenda::{Agenda, passed_limits};
use super::simulate::simulate_from;
use super::start::Start;
use super::worth::Weights;
use crate::domain::{
    Commitments, Envelopes, Euros, ImposedWorks, NetworkState, Objective, PassedLimit, Programme,
    Ratio, Refused, RefusedBecause, Scenario, Score, SectorEnvelopes, SectorShares, SelectionRule,
    Spending, Why, WorksItem, World, Worth, YearState,
};
use std::collections::BTreeMap;

/// A sector with its money.
struct Part {
    network: NetworkState,
    /// Its sections in the whole network.
    ranks: Vec<usize>,
    scenario: Scenario,
}

impl Part {
    fn start<'a>(&'a self, whole: &Start<'a>, world: &World<'_>) -> Start<'a> {
        let standings = self.ranks.iter().map(|it| whole.standings()[*it]).collect();
        let Scenario { budgets, objective, .. } = &self.scenario;
        Start::of(&self.network, standings, world, budgets.len(), *objective)
    }
}

/// Every sector, with its part of the money that is divided.
fn parts(network: &NetworkState, scenario: &Scenario, envelopes: &SectorEnvelopes) -> Vec<Part> {
    let mut areas = vec![0.0; network.sectors().len()];
    for (section, sector) in network.sections().iter().zip(network.sector_of()) {
        areas[*sector] += section.area.get();
    }
    let share = |rank: usize, name: &String| match &envelopes.shares {
        SectorShares::ByArea => areas[rank] / network.area().get(),
        SectorShares::Named(all) => all.get(name).copied().map_or(0.0, Ratio::get),
    };
    let mut before = 0.0;
    let part = |(rank, name): (usize, &String)| {
        let after = before + share(rank, name);
        // From one running sum to the next: cents add up to the whole.
        let of = |it: Euros| {
            let until = |sum: f64| Euros::rounded(it.get() * sum * envelopes.guaranteed.get());
            until(after) - until(before)
        };
        let budgets = scenario
            .budgets
            .iter()
            .map(|it| Envelopes { investment: of(it.investment), maintenance: of(it.maintenance) });
        let scenario = Scenario {
            budgets: budgets.collect(),
            spending: Spending { sectors: None, ..scenario.spending.clone() },
            ..scenario.clone()
        };
        before = after;
        let here = |it: usize| network.sector_of()[it] == rank;
        Part {
            network: network.only(here).expect("a sector has sections"),
            ranks: (0..network.sections().len()).filter(|it| here(*it)).collect(),
            scenario,
        }
    };
    network.sectors().iter().enumerate().map(part).collect()
}

/// Each sector by itself with what it is sure of; then all of them together with the rest.
///
/// What sectors are sure of is spent as if there were nothing else. The bound is that of the sectors where all
/// money is divided; where some is not, that of the same money spent freely.
pub(super) fn by_sector(
    start: &Start<'_>,
    scenario: &Scenario,
    envelopes: &SectorEnvelopes,
    world: &World<'_>,
) -> Programme {
    let parts = parts(start.network(), scenario, envelopes);
    let of = |it: &Part| simulate_from(&it.start(start, world), &it.scenario, world);
    let programmes: Vec<Programme> = parts.iter().map(of).collect();
    if envelopes.guaranteed >= Ratio::ONE {
        return together(start, scenario, world, &parts, programmes);
    }
    let sure: Vec<WorksItem> = programmes.into_iter().flat_map(|it| it.works).collect();
    let free = Scenario {
        spending: Spending { sectors: None, ..scenario.spending.clone() },
        ..scenario.clone()
    };
    let network = start.network().clone();
    let network = network.committed(with(start.network().commitments(), &sure, world));
    let (standings, horizon) = (start.standings().to_vec(), scenario.budgets.len());
    let on = Start::of(&network, standings, world, horizon, scenario.objective);
    let mut whole = simulate_from(&on, &free, world);
    let sure: BTreeMap<_, _> = sure.iter().map(|it| ((&it.section, it.year), it)).collect();
    for item in whole.works.iter_mut().filter(|it| it.reason.why == Why::Imposed) {
        if let Some(of_sector) = sure.get(&(&item.section, item.year)) {
            (item.reason, item.area) = (of_sector.reason.clone(), of_sector.area);
        }
    }
    whole.worth.bound = (scenario.selection == SelectionRule::Optimised)
        .then(|| simulate_from(start, &free, world).worth.bound)
        .flatten()
        // What it was not asked about, it cannot deny: works beside those decided may count as one site here.
        .filter(|it| whole.worth.gain <= it + 1.0e-9 * (1.0 + it.abs()));
    Programme { scenario: scenario.clone(), ..whole }
}

/// What is decided, and works of the sectors beside it.
fn with(decided: &Commitments, sure: &[WorksItem], world: &World<'_>) -> Commitments {
    let imposed = |it: &WorksItem| ImposedWorks {
        section: it.section.clone(),
        year: it.year,
        treatment: it.treatment.clone(),
        cost: Some(Euros::rounded(it.cost.get() / world.rules.price_level)),
    };
    let mut all: Vec<_> = sure.iter().map(imposed).collect();
    let done = |it: &ImposedWorks| {
        sure.iter().any(|done| (&done.section, done.year) == (&it.section, it.year))
    };
    all.extend(decided.imposed.iter().filter(|it| !done(it)).cloned());
    Commitments { imposed: all, ..decided.clone() }
}

/// The programmes of all sectors as one.
fn together(
    start: &Start<'_>,
    scenario: &Scenario,
    world: &World<'_>,
    parts: &[Part],
    programmes: Vec<Programme>,
) -> Programme {
    let area = start.network().area();
    let shares: Vec<f64> = programmes.iter().map(|it| it.area.get() / area.get()).collect();
    let mut carried = Envelopes::default();
    let mut yearly = Vec::with_capacity(scenario.budgets.len());
    for (rank, (year, offered)) in (scenario.first_year..).zip(&scenario.budgets).enumerate() {
        let of = || programmes.iter().map(|it| &it.yearly[rank]);
        let points = of().zip(&shares).map(|(it, share)| share * it.ng.points());
        let class = |class: usize| {
            of().zip(&shares).map(|(it, share)| share * it.classes[class].get()).sum()
        };
        let spent = of().fold(Envelopes::default(), |all, it| all + it.spent);
        let state = YearState {
            year,
            ng: Score::clamped(points.sum()),
            spent,
            offered: *offered,
            carried,
            classes: (0..world.classes.0.len()).map(|it| Ratio::clamped(class(it))).collect(),
            treated: of().map(|it| it.treated).sum(),
            sites: of().map(|it| it.sites).sum(),
        };
        if scenario.spending.carry_over {
            carried = state.unspent();
        }
        yearly.push(state);
    }
    let worths: Vec<Worth> = programmes.iter().map(|it| it.worth).collect();
    let worth = joint(scenario.objective, parts, &worths, world);
    let (mut works, mut final_notes) = (Vec::new(), Vec::new());
    for it in programmes {
        works.extend(it.works);
        final_notes.extend(it.final_notes);
    }
    works.sort_by(|a, b| (a.year, &a.section).cmp(&(b.year, &b.section)));
    final_notes.sort_by(|a, b| a.0.cmp(&b.0));
    let scenario = scenario.clone();
    Programme { scenario, ng_start: start.ng(), worth, area, works, yearly, final_notes }
}

/// The worth of all sectors: their gains are means over weights, so that each counts by its own; euros add up.
fn joint(objective: Objective, parts: &[Part], worths: &[Worth], world: &World<'_>) -> Worth {
    let mean = |by: Objective, of: &dyn Fn(&Worth) -> Option<f64>| -> Option<f64> {
        let sections = |it: &Part| Weights::new(&it.network, world.rules, 0, by).sections();
        let weights: Vec<f64> = parts.iter().map(sections).collect();
        let whole: f64 = if by == Objective::Backlog { 1.0 } else { weights.iter().sum() };
        let part = |(it, weight): (&Worth, &f64)| {
            Some(if whole > 0.0 { of(it)? * weight / whole } else { 0.0 })
        };
        worths.iter().zip(&weights).map(part).sum()
    };
    let condition = mean(Objective::Condition, &|it| Some(it.condition));
    Worth {
        objective,
        gain: mean(objective, &|it| Some(it.gain)).unwrap_or_default(),
        bound: mean(objective, &|it| it.bound),
        condition: condition.unwrap_or_default(),
    }
}

/// What cannot be imposed when all money is divided.
pub(super) fn refused_by_sector(
    start: &Start<'_>,
    scenario: &Scenario,
    envelopes: &SectorEnvelopes,
    world: &World<'_>,
) -> Vec<Refused> {
    let unknown = Agenda::new(start, scenario, world).into_refused();
    let unknown = unknown.into_iter().filter(|it| it.because == RefusedBecause::NoSection);
    let of = |it: &Part| Agenda::new(&it.start(start, world), &it.scenario, world).into_refused();
    let parts = parts(start.network(), scenario, envelopes);
    unknown.chain(parts.iter().flat_map(of)).collect()
}

/// Limits that works imposed pass by themselves, when all money is divided.
pub(super) fn passed_by_sector(
    network: &NetworkState,
    scenario: &Scenario,
    envelopes: &SectorEnvelopes,
    world: &World<'_>,
) -> Vec<PassedLimit> {
    let parts = parts(network, scenario, envelopes);
    parts.iter().flat_map(|it| passed_limits(&it.network, &it.scenario, world)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::example::{in_world, scenario};
    use crate::planning::simulate;

    /// The road of the example in three sectors, the last of them the largest.
    fn in_sectors(network: &NetworkState) -> NetworkState {
        let of = |rank: usize| ["Muret", "Revel", "Volvestre", "Volvestre"][rank / 30];
        let all: Vec<_> = (0..120).map(of).collect();
        network.clone().in_sectors(&all)
    }

    fn divided(shares: SectorShares, guaranteed: f64, selection: SelectionRule) -> Scenario {
        let guaranteed = Ratio::clamped(guaranteed);
        let spending = Spending {
            sectors: Some(SectorEnvelopes { shares, guaranteed }),
            ..Spending::default()
        };
        Scenario { spending, ..scenario("s", selection, 40_000.0) }
    }

    /// Spent in a sector over all years.
    fn spent(it: &Programme, network: &NetworkState, sector: &str) -> f64 {
        let of = |id| &network.sectors()[network.sector_of()[network.rank_of(id).unwrap()]];
        let works = it.works.iter().filter(|it| of(&it.section) == sector);
        works.map(|it| it.cost.get()).sum()
    }

    #[test]
    fn cents_add_up_to_the_whole() {
        in_world(|network, _| {
            let network = in_sectors(network);
            let mut asked = divided(SectorShares::ByArea, 1.0, SelectionRule::WorstFirst);
            asked.budgets[0].investment = Euros::from_cents(1_000_001);
            let parts = parts(&network, &asked, asked.spending.sectors.as_ref().unwrap());
            let all: Euros = parts.iter().map(|it| it.scenario.budgets[0].investment).sum();
            assert_eq!((parts.len(), all), (3, Euros::from_cents(1_000_001)));
        });
    }

    #[test]
    fn each_sector_spends_its_own_and_no_more() {
        in_world(|network, world| {
            let network = in_sectors(network);
            for selection in SelectionRule::ALL {
                let asked = divided(SectorShares::ByArea, 1.0, selection);
                let it = simulate(&network, &asked, world);
                let whole = 8.0 * 48_000.0;
                for (sector, share) in [("Muret", 0.25), ("Revel", 0.25), ("Volvestre", 0.5)] {
                    let got = spent(&it, &network, sector) / whole;
                    assert!(
                        (0.8 * share..1.05 * share).contains(&got),
                        "{selection:?} {sector} {got}"
                    );
                }
                // As by itself.
                let alone = network.only(|it| network.sector_of()[it] == 1).unwrap();
                let area = alone.area().get() / network.area().get();
                let mut own = scenario("s", selection, 0.0);
                own.budgets = asked
                    .budgets
                    .iter()
                    .map(|it| Envelopes {
                        investment: Euros::rounded(it.investment.get() * area),
                        maintenance: Euros::rounded(it.maintenance.get() * area),
                    })
                    .collect();
                let own = simulate(&alone, &own, world);
                assert!(
                    (spent(&it, &network, "Revel") - spent(&own, &alone, "Revel")).abs() < 2_000.0
                );
                assert!(it.worth.bound.is_none_or(|bound| bound >= it.worth.gain));
                assert_eq!(it.worth.bound.is_some(), selection == SelectionRule::Optimised);
                let free = Scenario { spending: Spending::default(), ..asked };
                let free = simulate(&network, &free, world);
                assert!((free.ng_start.points() - it.ng_start.points()).abs() < 1e-12);
                if let Some(bound) = free.worth.bound {
                    assert!(it.worth.gain <= bound && it.worth.gain > 0.8 * free.worth.gain);
                }
                let notes = it.final_notes.iter().zip(network.sections());
                let mean =
                    notes.map(|(it, section)| it.1.points() * section.area.get()).sum::<f64>();
                let last = it.yearly.last().unwrap();
                assert!((mean / network.area().get() - last.ng.points()).abs() < 1e-9);
                assert!((last.classes.iter().map(|it| it.get()).sum::<f64>() - 1.0).abs() < 1e-9);
            }
        });
    }

    #[test]
    fn who_is_not_named_gets_nothing() {
        in_world(|network, world| {
            let network = in_sectors(network);
            let shares = [("Muret".to_owned(), Ratio::ONE)].into();
            let asked = divided(SectorShares::Named(shares), 1.0, SelectionRule::WorstFirst);
            let it = simulate(&network, &asked, world);
            assert!(spent(&it, &network, "Muret") > 0.0);
            assert!(spent(&it, &network, "Revel") + spent(&it, &network, "Volvestre") <= 0.0);
        });
    }

    #[test]
    fn what_a_sector_is_sure_of_is_spent_in_it_and_the_rest_where_it_serves() {
        in_world(|network, world| {
            let network = in_sectors(network);
            for selection in SelectionRule::ALL {
                let of = |guaranteed| {
                    let asked = divided(SectorShares::ByArea, guaranteed, selection);
                    simulate(&network, &asked, world)
                };
                let it = of(0.6);
                for (state, offered) in it.yearly.iter().zip(&it.scenario.budgets) {
                    assert!(offered.covers(state.spent));
                }
                for (sector, share) in [("Muret", 0.25), ("Revel", 0.25), ("Volvestre", 0.5)] {
                    let least = 0.6 * share * 8.0 * 48_000.0;
                    let got = spent(&it, &network, sector);
                    assert!(got > 0.8 * least, "{selection:?} {sector} {got} {least}");
                }
                assert!(it.works.iter().all(|it| it.reason.why != Why::Imposed), "{selection:?}");
                assert_eq!(it.worth.bound.is_some(), selection == SelectionRule::Optimised);
                assert!(it.worth.bound.is_none_or(|bound| bound >= it.worth.gain));
            }
        });
    }
}
