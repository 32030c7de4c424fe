//! From a pool to a selection within its purses, and a bound.

use super::anneal::anneal;
use super::chain::amount;
use super::pool::{Pool, Selection};
use super::prices::lower_bound;
use super::repair::within;
use super::round::round;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// What a selection reaches, and what none could pass.
#[derive(Clone, Debug)]
pub struct Solved {
    /// Within every purse.
    pub selection: Selection,
    /// No selection within the purses is worth more.
    pub bound: f64,
    /// What a cent of each purse is worth.
    pub prices: Vec<f64>,
}

/// Sections of the sample that first prices are found on. Chosen: a tenth of a second.
const SAMPLE: usize = 500;

/// How much larger each next sample is. Chosen: three steps to a whole département.
const GROWTH: usize = 8;

/// Tolerance on samples: their bound is not the one that is asked for. Chosen: finer, more time is lost than won.
const SAMPLED: f64 = 1.0e-5;

/// Looks at all sections, at most. Chosen: 30,000 sections stay under half a minute.
const MOST_EVALUATIONS: usize = 120;

/// Gap that is left as it is. Chosen: half of what is asked of a whole département.
const GOOD_ENOUGH: f64 = 0.000_5;

/// Larger networks are not annealed. Chosen: there, a gap that is worth the time is rare.
const MOST_SECTIONS: usize = 12_000;

/// Chooses one alternative for each section.
///
/// The bound is lowered until it promises to move by less than `tolerance` of itself.
#[must_use]
pub fn solve(pool: &Pool, tolerance: f64) -> Solved {
    let mut start = vec![0.0; pool.purses().len()];
    let mut step = pool.sections().len() / SAMPLE;
    while step > 1 {
        start = lower_bound(&pool.sample(step), &start, tolerance.max(SAMPLED), MOST_EVALUATIONS)
            .prices;
        step /= GROWTH;
    }
    let priced = lower_bound(pool, &start, tolerance, MOST_EVALUATIONS);
    let mixed = round(pool, &priced.prices, &priced.mix);
    let mut selection = within(pool, &priced.prices, mixed);
    if selection.value < (1.0 - GOOD_ENOUGH) * priced.bound
        && pool.sections().len() <= MOST_SECTIONS
    {
        let tries = anneal(pool, &floored(pool, &priced.prices), &selection);
        let others = tries.into_par_iter().map(|it| within(pool, &priced.prices, it));
        let others: Vec<Selection> = others.collect();
        for other in others {
            if other.value > selection.value {
                selection = other;
            }
        }
    }
    Solved { selection, bound: priced.bound, prices: priced.prices }
}

/// Nothing is free: what is left of it may be needed by the next change.
pub(super) fn floored(pool: &Pool, prices: &[f64]) -> Vec<f64> {
    /// Chosen: a thousandth of the dearest.
    const LEAST: f64 = 1.0e-3;
    let (money, counted) = prices.split_at(pool.counted().n_of_money(prices.len()));
    let least = LEAST * money.iter().copied().fold(0.0, f64::max).max(1.0e-12);
    let money = money.iter().map(|it| it.max(least)).collect::<Vec<_>>();
    if counted.is_empty() {
        return money;
    }
    // A whole purse of something else is worth as much as one of money, by this measure.
    let holds = |purse: usize| amount(pool.purses()[purse].holds.max(1));
    let most = (0..money.len()).map(holds).fold(0.0, f64::max);
    let counted = counted
        .iter()
        .zip(money.len()..)
        .map(|(it, purse)| it.max(least * most / holds(purse)))
        .collect::<Vec<_>>();
    [money, counted].concat()
}
