//! Yearly limits under every rule, against their definition.

use super::example::{in_world, scenario};
use super::optimise;
use super::{Start, passed_limits, programmes, simulate};
use crate::domain::{
    Catalogue, Commitments, Envelope, Envelopes, Euros, ImposedWorks, Lacked, Limits, NetworkState,
    Objective, PassedWhat, PlanRules, Programme, Ratio, Scenario, Score, SectorEnvelopes,
    SectorShares, SelectionRule, SiteLimit, Spending, Why, World,
};
use std::collections::BTreeMap;

/// The first sections of the example, their notes and areas changed at random, in three sectors, every fifth of them on
/// another road; renewals emit 9 kg a square metre and passes one.
fn in_random_world<T>(
    rng: &mut fastrand::Rng,
    n: usize,
    job: impl FnOnce(&NetworkState, &World<'_>) -> T,
) -> T {
    in_world(|network, world| {
        let mut sections = network.sections()[..n].to_vec();
        for (rank, it) in sections.iter_mut().enumerate() {
            it.ng = Score::clamped(4.0 + 14.0 * rng.f64());
            it.area = it.area * (0.2 + rng.f64());
            it.road = rank / 5;
        }
        let names: Vec<_> = (0..n).map(|it| ["Muret", "Revel", "Volvestre"][it * 3 / n]).collect();
        let network = NetworkState::new(sections).unwrap().in_sectors(&names);
        let catalogue = emitting(world.catalogue, [Some(9.0), Some(1.0)]);
        let site = Envelopes {
            investment: Euros::rounded(6000.0 * rng.f64()),
            maintenance: Euros::rounded(600.0 * rng.f64()),
        };
        let rules = PlanRules { site, ..world.rules.clone() };
        let world =
            World { catalogue: &catalogue, law: world.law, rules: &rules, classes: world.classes };
        job(&network, &world)
    })
}

fn emitting(catalogue: &Catalogue, kg: [Option<f64>; 2]) -> Catalogue {
    let mut catalogue = catalogue.clone();
    for (it, kg) in catalogue.treatments.iter_mut().zip(kg) {
        it.co2_kg_per_m2 = kg;
    }
    catalogue
}

fn limited(name: &str, selection: SelectionRule, euros: f64, limits: Limits) -> Scenario {
    let spending = Spending { limits, ..Spending::default() };
    let mut it = Scenario { spending, ..scenario(name, selection, euros) };
    it.budgets.truncate(5);
    it
}

fn sites(most: u32) -> Limits {
    Limits { sites: Some(SiteLimit::Whole(most)), co2_g: None }
}

fn by_sector(all: &[(&str, u32)]) -> Limits {
    let all = all.iter().map(|(name, most)| ((*name).to_owned(), *most)).collect();
    Limits { sites: Some(SiteLimit::Sectors(all)), co2_g: None }
}

fn random(rng: &mut fastrand::Rng, round: u32) -> Limits {
    let co2_g = (round % 2 == 1).then(|| rng.i64(0..30_000_000));
    match round % 3 {
        0 => Limits { co2_g, ..sites(rng.u32(1..4)) },
        1 => Limits { co2_g, ..by_sector(&[("Muret", rng.u32(..2)), ("Revel", rng.u32(..3))]) },
        _ => Limits { co2_g: Some(rng.i64(0..30_000_000)), sites: None },
    }
}

/// Sites of a year by sector, where each lies in one, else all under one name: runs along roads, of sections treated
/// from one envelope, imposed or chosen alike.
fn counted(it: &Programme, network: &NetworkState, year: i32) -> BTreeMap<String, u32> {
    let apart = it.scenario.spending.limits.is_by_sector();
    let mut all = BTreeMap::new();
    let mut last: Option<(usize, Envelope, bool)> = None;
    for (index, joins) in network.along() {
        let section = &network.sections()[*index].id;
        let works = it.works.iter().find(|it| it.year == year && it.section == *section);
        let sector = network.sector_of()[*index];
        let here = works
            .map(|it| (if apart { sector } else { 0 }, it.envelope, it.reason.why == Why::Imposed));
        if let Some(here) = here
            && !(*joins && last == Some(here))
        {
            let name = if apart { network.sectors()[here.0].clone() } else { String::new() };
            *all.entry(name).or_default() += 1;
        }
        last = here;
    }
    all
}

/// Grams of a year.
fn grams(it: &Programme, year: i32, world: &World<'_>) -> i64 {
    let of_year = it.works.iter().filter(|it| it.year == year);
    let line = |name: &str| world.catalogue.treatments.iter().find(|it| it.name == name).unwrap();
    of_year.map(|it| line(&it.treatment).co2_g(it.area).unwrap()).sum()
}

fn assert_within(it: &Programme, network: &NetworkState, world: &World<'_>) {
    let limits = &it.scenario.spending.limits;
    for state in &it.yearly {
        let counted = counted(it, network, state.year);
        let all: u32 = counted.values().sum();
        assert_eq!(usize::try_from(all).unwrap(), state.sites, "{:?}", it.scenario.selection);
        match &limits.sites {
            None => {}
            Some(SiteLimit::Whole(most)) => assert!(all <= *most, "{all} {most}"),
            Some(SiteLimit::Sectors(most)) => {
                let within =
                    |(name, most): (&String, &u32)| counted.get(name).is_none_or(|it| it <= most);
                assert!(most.iter().all(within), "{counted:?} {most:?}");
            }
        }
        if let Some(most) = limits.co2_g {
            assert!(grams(it, state.year, world) <= most);
        }
    }
}

#[test]
fn no_rule_passes_a_limit_and_the_bound_is_above_all() {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut n_binding = 0;
    for round in 0..12 {
        let limits = random(&mut rng, round);
        let euros = 20_000.0 + 40_000.0 * rng.f64();
        in_random_world(&mut rng, 20, |network, world| {
            let play = |selection, limits: &Limits| {
                simulate(network, &limited("s", selection, euros, limits.clone()), world)
            };
            let best = play(SelectionRule::Optimised, &limits);
            let bound = best.worth.bound.unwrap();
            assert_within(&best, network, world);
            let simple = SelectionRule::ALL.into_iter();
            for selection in simple.filter(|it| *it != SelectionRule::Optimised) {
                let it = play(selection, &limits);
                assert_within(&it, network, world);
                assert!(it.worth.gain <= best.worth.gain + 1e-9, "{selection:?}");
            }
            assert!(best.worth.gain <= bound + 1e-9);
            let free = play(SelectionRule::Optimised, &Limits::default());
            n_binding += usize::from(best.works != free.works);
            // What a limit takes away is never more than the bound without it.
            assert!(best.worth.gain <= free.worth.bound.unwrap() + 1e-9);
        });
    }
    assert!(n_binding >= 9, "{n_binding}");
}

#[test]
fn a_looser_limit_proves_no_less_and_takes_over_what_a_tighter_one_found() {
    let mut rng = fastrand::Rng::with_seed(3);
    in_random_world(&mut rng, 40, |network, world| {
        let ask =
            |most: u32| limited(&most.to_string(), SelectionRule::Optimised, 40_000.0, sites(most));
        let free = limited("free", SelectionRule::Optimised, 40_000.0, Limits::default());
        let asked = [ask(1), ask(2), ask(4), ask(8), free];
        let all = programmes(network, &asked, world);
        let alone: Vec<_> = asked.iter().map(|it| simulate(network, it, world)).collect();
        for (tight, loose) in alone.iter().zip(&alone[1..]) {
            assert!(tight.worth.gain <= loose.worth.bound.unwrap() + 1e-9);
        }
        let better = all.windows(2).filter(|it| it[0].worth.gain < it[1].worth.gain).count();
        assert!(better >= 2, "{better}");
        for (tight, loose) in all.iter().zip(&all[1..]) {
            assert!(tight.worth.gain <= loose.worth.gain + 1e-12);
            assert_within(loose, network, world);
        }
    });
}

/// The rule by definition: whoever comes first is served while the whole year stays within everything.
#[test]
fn the_queue_under_limits_is_the_one_made_by_hand() {
    let mut rng = fastrand::Rng::with_seed(11);
    for round in 0..60 {
        let limits = random(&mut rng, round);
        let euros = 60_000.0 * rng.f64();
        in_random_world(&mut rng, 40, |network, world| {
            let mut asked = limited("s", SelectionRule::WorstFirst, euros, limits);
            asked.budgets.truncate(1);
            let it = simulate(network, &asked, world);
            let mut order: Vec<usize> = (0..40).collect();
            let ng = |it: usize| network.sections()[it].ng.points();
            order.sort_by(|a, b| ng(*a).total_cmp(&ng(*b)));
            let mut done: BTreeMap<usize, usize> = BTreeMap::new();
            for index in order {
                for (line, most) in [(0, 14.0), (1, 17.0)] {
                    if ng(index) <= most && !done.contains_key(&index) {
                        done.insert(index, line);
                        if !is_within(&done, network, &asked, world) {
                            done.remove(&index);
                        }
                    }
                }
            }
            let found: BTreeMap<_, _> = it
                .works
                .iter()
                .map(|it| {
                    (network.rank_of(&it.section).unwrap(), usize::from(it.treatment == "pass"))
                })
                .collect();
            assert_eq!(found, done, "{round}");
        });
    }
}

/// Whether works of the first year, by section and line, are within its money and its limits.
fn is_within(
    works: &BTreeMap<usize, usize>,
    network: &NetworkState,
    asked: &Scenario,
    world: &World<'_>,
) -> bool {
    let limits = &asked.spending.limits;
    let lines = &world.catalogue.treatments;
    let mut left = asked.budgets[0];
    let (mut grams, mut opened) = (0, BTreeMap::<&str, u32>::new());
    let mut last = None;
    for (index, joins) in network.along() {
        let sector = network.sectors()[network.sector_of()[*index]].as_str();
        let sector = if limits.is_by_sector() { sector } else { "" };
        let here = works.get(index).map(|it| (*it, sector));
        if let Some((line, _)) = here {
            let (line, area) = (&lines[line], network.sections()[*index].area);
            *left.of_mut(line.envelope) = left.of(line.envelope) - world.rules.cost(line, area, 0);
            grams += line.co2_g(area).unwrap();
            if !(*joins && here == last) {
                let site = world.rules.site.of(line.envelope);
                *left.of_mut(line.envelope) = left.of(line.envelope) - site;
                *opened.entry(sector).or_default() += 1;
            }
        }
        last = here;
    }
    let sites = match &limits.sites {
        None => true,
        Some(SiteLimit::Whole(most)) => opened.values().sum::<u32>() <= *most,
        Some(SiteLimit::Sectors(all)) => {
            opened.iter().all(|(name, n)| all.get(*name).is_none_or(|most| n <= most))
        }
    };
    sites && left.covers(Envelopes::default()) && limits.co2_g.is_none_or(|most| grams <= most)
}

#[test]
fn few_sections_are_optimised_to_the_best_that_limits_allow() {
    let mut rng = fastrand::Rng::with_seed(5);
    let (mut found, mut there) = (0.0, 0.0);
    for round in 0..30 {
        let limits = random(&mut rng, round);
        in_random_world(&mut rng, 4, |network, world| {
            let mut asked = limited("s", SelectionRule::Optimised, 30_000.0, limits);
            asked.budgets.truncate(3);
            asked.objective = [Objective::Condition, Objective::Backlog][round as usize % 2];
            let apart = if asked.spending.limits.is_by_sector() {
                network.clone().apart_by_sector()
            } else {
                network.clone()
            };
            let start = Start::new(&apart, world, 3, asked.objective);
            let (pool, whole) = optimise::pool(&start, &asked, world);
            assert!(whole);
            let most = start.weights().as_mean(best(&pool));
            let it = simulate(network, &asked, world);
            let digits = 1e-9 * (1.0 + most);
            assert!(it.worth.gain <= most + digits && it.worth.bound.unwrap() >= most - digits);
            if most > 0.0 {
                found += it.worth.gain / most;
                there += 1.0;
            }
        });
    }
    assert!(there > 0.0 && found >= 0.995 * there, "{found} of {there}");
}

/// The most that any selection is worth of those within every purse.
fn best(pool: &optimise::Pool) -> f64 {
    let mut chosen = vec![0; pool.sections().len()];
    let mut most = 0.0_f64;
    loop {
        let it = pool.weigh(chosen.clone());
        if it.spent.iter().zip(pool.purses()).all(|(spent, purse)| *spent <= purse.holds) {
            most = most.max(it.value);
        }
        let mut at = 0;
        while at < chosen.len() && chosen[at] + 1 == pool.sections()[at].n_alternatives() {
            chosen[at] = 0;
            at += 1;
        }
        let Some(next) = chosen.get_mut(at) else { return most };
        *next += 1;
    }
}

#[test]
fn works_whose_emissions_nobody_said_are_not_chosen_where_they_count() {
    in_world(|network, world| {
        let catalogue = emitting(world.catalogue, [None, Some(1.0)]);
        let world = World { catalogue: &catalogue, ..*world };
        let counted = Limits { sites: None, co2_g: Some(2_000_000) };
        for selection in SelectionRule::ALL {
            let it = simulate(network, &limited("s", selection, 40_000.0, counted.clone()), &world);
            assert!(!it.works.is_empty(), "{selection:?}");
            assert!(it.works.iter().all(|it| it.treatment == "pass"), "{selection:?}");
            assert_within(&it, network, &world);
            let free =
                simulate(network, &limited("s", selection, 40_000.0, Limits::default()), &world);
            assert!(free.works.iter().any(|it| it.treatment == "renewal"));
        }
    });
}

#[test]
fn imposed_works_come_first_and_may_pass_the_limit() {
    in_world(|network, world| {
        let imposed = |rank: usize, cost| ImposedWorks {
            section: network.sections()[rank].id.clone(),
            year: 2026,
            treatment: "renewal".into(),
            cost,
        };
        // Neighbours make one site whatever they cost.
        let imposed =
            vec![imposed(3, None), imposed(50, None), imposed(51, Some(Euros::rounded(9.0)))];
        let commitments = Commitments { imposed, ..Commitments::default() };
        let network = network.clone().committed(commitments);
        for selection in SelectionRule::ALL {
            let asked = |most| limited("s", selection, 40_000.0, sites(most));
            let it = simulate(&network, &asked(1), world);
            assert_eq!(it.yearly[0].sites, 2, "{selection:?}");
            assert!(it.works.iter().all(|it| it.year != 2026 || it.reason.why == Why::Imposed));
            assert_eq!(it.yearly[1].sites, 1);
            let passed = passed_limits(&network, &asked(1), world);
            let what = PassedWhat::Sites { sector: None, imposed: 2, most: 1 };
            assert_eq!((passed.len(), passed[0].year, &passed[0].what), (1, 2026, &what));
            assert!(passed_limits(&network, &asked(2), world).is_empty());
            let it = simulate(&network, &asked(4), world);
            assert_eq!(it.yearly[0].sites, 4, "{selection:?}");
        }
    });
}

#[test]
fn sectors_that_divide_the_money_keep_their_own_sites() {
    let mut rng = fastrand::Rng::with_seed(2);
    in_random_world(&mut rng, 60, |network, world| {
        for (selection, guaranteed) in
            SelectionRule::ALL.into_iter().flat_map(|it| [(it, 1.0), (it, 0.5)])
        {
            let limits = by_sector(&[("Muret", 1), ("Revel", 2)]);
            let mut asked = limited("s", selection, 60_000.0, limits);
            let guaranteed = Ratio::clamped(guaranteed);
            asked.spending.sectors =
                Some(SectorEnvelopes { shares: SectorShares::ByArea, guaranteed });
            let it = simulate(network, &asked, world);
            for state in &it.yearly {
                let counted = counted(&it, network, state.year);
                assert!(
                    counted.get("Muret").is_none_or(|it| *it <= 1),
                    "{selection:?} {counted:?}"
                );
                assert!(
                    counted.get("Revel").is_none_or(|it| *it <= 2),
                    "{selection:?} {counted:?}"
                );
            }
            assert!(it.worth.bound.is_none_or(|bound| bound >= it.worth.gain - 1e-9));
            assert!(it.works.len() > 5);
        }
    });
}

#[test]
fn a_reason_says_what_the_year_lacked() {
    in_world(|network, world| {
        let catalogue = emitting(world.catalogue, [Some(9.0), Some(1.0)]);
        let world = World { catalogue: &catalogue, ..*world };
        let told = |limits: Limits| -> Vec<Lacked> {
            let asked = limited("s", SelectionRule::WorstFirst, 40_000.0, limits);
            let it = simulate(network, &asked, &world);
            let first = it.works.iter().filter(|it| it.year == 2026);
            first.filter_map(|it| Some(it.reason.instead_of.as_ref()?.1)).collect()
        };
        let money = told(Limits::default());
        assert!(!money.is_empty() && money.iter().all(|it| *it == Lacked::Money), "{money:?}");
        // Renewals emit some 9 t each, passes one.
        let grams = told(Limits { sites: None, co2_g: Some(5_000_000) });
        assert!(!grams.is_empty() && grams.iter().all(|it| *it == Lacked::Emissions), "{grams:?}");
    });
}

#[test]
fn works_too_large_to_be_counted_leave_no_bound() {
    in_world(|network, world| {
        let bound = |kg: f64| {
            let catalogue = emitting(world.catalogue, [Some(kg), Some(1.0)]);
            let world = World { catalogue: &catalogue, ..*world };
            let limits = Limits { sites: None, co2_g: Some(1_000_000_000_000_000) };
            let asked = limited("s", SelectionRule::Optimised, 40_000.0, limits);
            simulate(network, &asked, &world).worth.bound
        };
        assert!(bound(1.0).is_some() && bound(1.0e6).is_none());
    });
}

#[test]
fn what_a_sector_cannot_pay_passes_no_limit_of_its_own() {
    in_world(|network, world| {
        let names: Vec<_> = (0..120).map(|it| ["Muret", "Revel"][it / 60]).collect();
        let imposed = |rank: usize| ImposedWorks {
            section: network.sections()[rank].id.clone(),
            year: 2026,
            treatment: "renewal".into(),
            cost: Some(Euros::rounded(15_000.0)),
        };
        let commitments =
            Commitments { imposed: vec![imposed(3), imposed(9)], ..Default::default() };
        let network = network.clone().in_sectors(&names).committed(commitments);
        let mut asked =
            limited("s", SelectionRule::WorstFirst, 40_000.0, by_sector(&[("Muret", 1)]));
        assert_eq!(passed_limits(&network, &asked, world).len(), 1);
        asked.spending.sectors =
            Some(SectorEnvelopes { shares: SectorShares::ByArea, guaranteed: Ratio::ONE });
        assert!(passed_limits(&network, &asked, world).is_empty(), "the second is refused");
        let it = simulate(&network, &asked, world);
        assert_eq!(it.works.iter().filter(|it| it.reason.why == Why::Imposed).count(), 1);
        assert_eq!(counted(&it, &network, 2026)["Muret"], 1);
    });
}
