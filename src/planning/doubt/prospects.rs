//! All programmes in all draws, summed up.

use super::again::filmed_again;
use super::draw::Draw;
use super::replay::{Outcome, Replay, outcomes};
use crate::domain::{
    Draws, NetworkState, Objective, PlanDoubt, Programme, Prospect, Quantiles, World,
};
use crate::planning::start::Start;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// What may become of the network under each programme of one scenario file.
///
/// Whatever a programme serves, it is told and compared by condition, in points of the mean note, so that two of
/// different objectives can be.
///
/// The draws do not depend on the number of threads; `told` is called after each, of which there are
/// [`n_draws`] in all.
///
/// # Panics
///
/// When the programmes do not cover the same years.
#[must_use]
pub fn prospects(
    network: &NetworkState,
    programmes: &[Programme],
    world: &World<'_>,
    doubt: PlanDoubt,
    draws: Draws,
    told: &(dyn Fn() + Sync),
) -> Vec<Prospect> {
    let Some(first) = programmes.first() else { return Vec::new() };
    let (first_year, horizon) = (first.scenario.first_year, first.scenario.budgets.len());
    let years = |it: &Programme| (it.scenario.first_year, it.scenario.budgets.len());
    assert!(programmes.iter().all(|it| years(it) == years(first)), "scenarios of other years");
    if draws.n_draws == 0 {
        return Vec::new();
    }
    let start = Start::new(network, world, horizon, Objective::Condition);
    let replays: Vec<_> = programmes.iter().map(|it| Replay::new(&start, it, world)).collect();
    let all: Vec<Vec<Outcome>> = (0..draws.n_draws)
        .into_par_iter()
        .map(|it| outcomes(&start, &replays, world, Draw::new(doubt, draws.seed, it)))
        .inspect(|_| told())
        .collect();
    let of = |rank: usize| all.iter().map(move |it| &it[rank]);
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        let (sum, n) = values.fold((0.0, 0.0), |(sum, n), it| (sum + it, n + 1.0));
        sum / n
    };
    let one = |(rank, programme): (usize, &Programme)| Prospect {
        name: programme.scenario.name.clone(),
        n_draws: all.len(),
        ng: (first_year - 1..)
            .zip(0..=horizon)
            .map(|(year, at)| (year, Quantiles::of(of(rank).map(|it| it.ng[at]).collect())))
            .collect(),
        gain: Quantiles::of(of(rank).map(|it| it.gain).collect()),
        keeps: mean(&mut of(rank).map(|it| f64::from(it.ng[horizon] >= it.ng[0]))),
        beats: (0..programmes.len())
            .map(|other| mean(&mut of(rank).zip(of(other)).map(|(a, b)| above(a.gain, b.gain))))
            .collect(),
        unpaid: mean(&mut of(rank).map(|it| it.unpaid)),
        filmed_again: filmed_again(
            &start,
            programme,
            world,
            doubt,
            (draws.seed, draws.n_filmed_again),
            told,
        ),
    };
    programmes.iter().enumerate().map(one).collect()
}

/// How many worlds are drawn for some programmes.
#[must_use]
pub fn n_draws(n_programmes: usize, draws: Draws) -> usize {
    if n_programmes == 0 || draws.n_draws == 0 {
        return 0;
    }
    let count = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
    count(draws.n_draws).saturating_add(n_programmes.saturating_mul(count(draws.n_filmed_again)))
}

fn above(a: f64, b: f64) -> f64 {
    match a.total_cmp(&b) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    }
}
