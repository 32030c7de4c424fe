//! Filming again each year before deciding.

use super::draw::Draw;
use super::replay::{Replay, outcomes};
use crate::domain::{
    Envelopes, Euros, FilmedAgain, PlanDoubt, PlanRules, Programme, Scenario, SelectionRule, World,
};
use crate::planning::simulate::simulate_from;
use crate::planning::start::Start;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// What a programme would gain by condition if each year's works were chosen by its own objective on the true notes, at
/// the true prices.
///
/// How much the notes were wrong and how much the law was both count: filming tells of both.
pub(super) fn filmed_again(
    start: &Start<'_>,
    programme: &Programme,
    world: &World<'_>,
    doubt: PlanDoubt,
    (seed, n_draws): (u64, u64),
    told: &(dyn Fn() + Sync),
) -> Option<FilmedAgain> {
    let rule = match programme.scenario.selection {
        SelectionRule::Optimised => SelectionRule::BenefitCost,
        rule => rule,
    };
    let scenario = Scenario { selection: rule, ..programme.scenario.clone() };
    let own;
    let decided = if rule == programme.scenario.selection {
        programme
    } else {
        let (standings, horizon) = (start.standings().to_vec(), scenario.budgets.len());
        let start = Start::of(start.network(), standings, world, horizon, scenario.objective);
        own = simulate_from(&start, &scenario, world);
        &own
    };
    let replay = [Replay::new(start, decided, world)];
    let gains: Vec<f64> = (0..n_draws)
        .into_par_iter()
        .map(|number| {
            let draw = Draw::new(doubt, seed, number);
            let as_decided = outcomes(start, &replay, world, draw.clone())[0].gain;
            in_truth(start, &scenario, world, draw) - as_decided
        })
        .inspect(|_| told())
        .collect();
    let n = f64::from(u32::try_from(gains.len()).ok().filter(|it| *it > 1)?);
    let gain = gains.iter().sum::<f64>() / n;
    let squares: f64 = gains.iter().map(|it| (it - gain).powi(2)).sum();
    let error = (squares / (n - 1.0) / n).sqrt();
    Some(FilmedAgain { rule, gain, error, n_draws: gains.len() })
}

/// The gain by condition of a rule that sees the world as it is.
fn in_truth(start: &Start<'_>, scenario: &Scenario, world: &World<'_>, mut draw: Draw) -> f64 {
    let dearer = |it: Euros| Euros::rounded(it.get() * draw.prices);
    let site = Envelopes {
        investment: dearer(world.rules.site.investment),
        maintenance: dearer(world.rules.site.maintenance),
    };
    let rules = PlanRules { site, price_level: draw.prices, ..world.rules.clone() };
    let standings = start.standings().iter().map(|it| {
        let (note, ageing) = draw.next_section(it.ng());
        it.instead(note, ageing)
    });
    let standings = standings.collect();
    let world = World { rules: &rules, ..*world };
    let (horizon, objective) = (scenario.budgets.len(), scenario.objective);
    let truth = Start::of(start.network(), standings, &world, horizon, objective);
    simulate_from(&truth, scenario, &world).worth.condition
}
