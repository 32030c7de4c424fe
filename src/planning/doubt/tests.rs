//! On a small network, against programmes whose outcome is known.

use super::{n_draws, prospects};
use crate::domain::{Draws, Objective, PlanDoubt, Programme, Prospect, Scenario, SelectionRule};
use crate::planning::example::{in_world, scenario};
use crate::planning::programmes;

/// Chosen: everything is as believed.
const NONE: PlanDoubt = PlanDoubt {
    ageing_network: 0.0,
    ageing_section: 0.0,
    prices: 0.0,
    notes_network: 0.0,
    notes_section: 0.0,
};

/// Chosen: near the defaults.
const SOME: PlanDoubt = PlanDoubt {
    ageing_network: 0.2,
    ageing_section: 0.3,
    prices: 0.1,
    notes_network: 0.3,
    notes_section: 1.5,
};

/// Chosen: a second for all tests.
const DRAWS: Draws = Draws { n_draws: 200, n_filmed_again: 40, seed: 1 };

fn in_doubt(
    doubt: PlanDoubt,
    draws: Draws,
    scenarios: &[Scenario],
) -> (Vec<Programme>, Vec<Prospect>) {
    in_world(|network, world| {
        let made = programmes(network, scenarios, world);
        let n_told = std::sync::atomic::AtomicUsize::new(0);
        let told = || {
            n_told.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        };
        let prospects = prospects(network, &made, world, doubt, draws, &told);
        assert_eq!(n_told.into_inner(), n_draws(made.len(), draws));
        (made, prospects)
    })
}

#[test]
fn without_doubt_every_draw_is_the_programme_itself() {
    let mut all = SelectionRule::ALL.map(|it| scenario(it.word(), it, 60_000.0)).to_vec();
    // What they serve is told by condition, and filming again changes nothing either.
    for selection in [SelectionRule::BenefitCost, SelectionRule::Optimised] {
        let own = scenario("backlog", selection, 60_000.0);
        all.push(Scenario { objective: Objective::Backlog, ..own });
    }
    let (programmes, prospects) = in_doubt(NONE, DRAWS, &all);
    for (programme, prospect) in programmes.iter().zip(&prospects) {
        assert!((prospect.gain.p05 - programme.worth.condition).abs() < 1e-9);
        assert!((prospect.gain.p95 - programme.worth.condition).abs() < 1e-9);
        assert!((prospect.ng[0].1.p50 - programme.ng_start.points()).abs() < 1e-9);
        for (year, told) in programme.yearly.iter().zip(&prospect.ng[1..]) {
            assert_eq!(year.year, told.0);
            assert!((told.1.p50 - year.ng.points()).abs() < 1e-9, "{}", prospect.name);
        }
        assert!(prospect.unpaid.abs() < 1e-12);
        let again = prospect.filmed_again.unwrap();
        assert!(again.gain.abs() < 1e-9 && again.error < 1e-9, "{} {again:?}", prospect.name);
    }
}

#[test]
fn doubt_widens_and_more_money_beats_less() {
    let all = [
        scenario("poor", SelectionRule::WorstFirst, 20_000.0),
        scenario("rich", SelectionRule::WorstFirst, 120_000.0),
    ];
    let (_, prospects) = in_doubt(SOME, DRAWS, &all);
    let [poor, rich] = &prospects[..] else { panic!("{prospects:?}") };
    assert!((poor.beats[0] - 0.5).abs() < 1e-12 && (rich.beats[1] - 0.5).abs() < 1e-12);
    assert!((poor.beats[1] + rich.beats[0] - 1.0).abs() < 1e-12);
    assert!(rich.beats[0] > 0.95, "{}", rich.beats[0]);
    assert!(rich.keeps > poor.keeps && poor.unpaid > 0.0 && poor.unpaid < 0.3);
    for it in &prospects {
        let width = |at: usize| it.ng[at].1.p95 - it.ng[at].1.p05;
        assert!(width(0) > 0.5 && width(8) > width(0), "{} {}", width(0), width(8));
        let end = it.ng_end().unwrap();
        assert!(end.p05 < end.p25 && end.p25 < end.p50 && end.p50 < end.p75 && end.p75 < end.p95);
    }
}

#[test]
fn filming_again_pays_where_money_is_short() {
    let all = [scenario("s", SelectionRule::BenefitCost, 40_000.0)];
    let draws = Draws { n_filmed_again: 200, ..DRAWS };
    let (_, prospects) = in_doubt(PlanDoubt { prices: 0.0, ..SOME }, draws, &all);
    let again = prospects[0].filmed_again.unwrap();
    assert_eq!(again.n_draws, 200);
    assert!(again.gain > 3.0 * again.error && again.error > 0.0, "{again:?}");
}

#[test]
fn the_same_seed_draws_the_same_worlds_on_any_number_of_threads() {
    let all = SelectionRule::ALL.map(|it| scenario(it.word(), it, 60_000.0));
    let on = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| in_doubt(SOME, Draws { seed, ..DRAWS }, &all).1)
    };
    let one = on(1, 1);
    assert_eq!(one, on(4, 1));
    assert_ne!(one, on(4, 2));
}

#[test]
fn no_draw_and_no_programme_are_nothing() {
    let all = [scenario("s", SelectionRule::WorstFirst, 40_000.0)];
    assert!(in_doubt(SOME, Draws { n_draws: 0, ..DRAWS }, &all).1.is_empty());
    assert!(in_doubt(SOME, DRAWS, &[]).1.is_empty());
    let once = Draws { n_filmed_again: 0, ..DRAWS };
    assert!(in_doubt(SOME, once, &all).1[0].filmed_again.is_none());
}
