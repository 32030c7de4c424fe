//! From a pool to a selection within its purses, and a bound.

use super::anneal::anneal;
use super::pool::{Pool, Selection};
use super::prices::lower_bound;
use super::repair::within;
use super::round::round;

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

/// How much larger each next sample is.
const GROWTH: usize = 8;

/// Looks at all sections, at most. Chosen: past it, the bound moves by less than a millionth.
const MOST_EVALUATIONS: usize = 300;

/// Gap that is left as it is. Chosen: half of what is asked of a whole département.
const GOOD_ENOUGH: f64 = 0.000_5;

/// Changes tried on each section, and on all of them at most. Chosen: some ten seconds.
const MOVES_A_SECTION: usize = 100_000;
const MOST_MOVES: usize = 12_000_000;

/// Chooses one alternative for each section.
///
/// The bound is lowered until it promises to move by less than `tolerance` of itself.
#[must_use]
pub fn solve(pool: &Pool, tolerance: f64) -> Solved {
    let mut start = vec![0.0; pool.purses().len()];
    let mut step = pool.sections().len() / SAMPLE;
    while step > 1 {
        start = lower_bound(&pool.sample(step), &start, 5.0 * tolerance, MOST_EVALUATIONS).prices;
        step /= GROWTH;
    }
    let priced = lower_bound(pool, &start, tolerance, MOST_EVALUATIONS);
    let mixed = round(pool, &priced.prices, &priced.mix);
    let mut selection = within(pool, &priced.prices, mixed);
    if selection.value < (1.0 - GOOD_ENOUGH) * priced.bound {
        let prices = floored(&priced.prices);
        let n_moves = (MOVES_A_SECTION * pool.sections().len()).min(MOST_MOVES);
        let other = anneal(pool, &prices, selection.clone(), n_moves);
        eprintln!("bound {:.0} before {:.0} annealed {:.0} over {:?}", priced.bound, selection.value, other.value, other.spent.iter().zip(pool.purses()).map(|(s, p)| (s - p.holds).max(0) / 100).collect::<Vec<_>>());
        let other = within(pool, &priced.prices, other);eprintln!("after {:.0}", other.value);
        if other.value > selection.value {
            selection = other;
        }
    }
    Solved { selection, bound: priced.bound, prices: priced.prices }
}

/// No money is free: what is left of it may be needed by the next change.
pub(super) fn floored(prices: &[f64]) -> Vec<f64> {
    /// Chosen: a thousandth of the dearest.
    const LEAST: f64 = 1.0e-3;
    let top = prices.iter().copied().fold(0.0, f64::max).max(1.0e-12);
    prices.iter().map(|it| it.max(LEAST * top)).collect()
}
