//! From a pool to a selection within its purses, and a bound.

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

/// Chooses one alternative for each section.
///
/// The bound is lowered until it promises to move by less than `tolerance` of itself.
#[must_use]
pub fn solve(pool: &Pool, tolerance: f64) -> Solved {
    let mut start = vec![0.0; pool.purses().len()];
    let mut step = pool.sections().len() / SAMPLE;
    while step > 1 {
        let t = std::time::Instant::now();
        start = lower_bound(&pool.sample(step), &start, 5.0 * tolerance, MOST_EVALUATIONS).prices;
        step /= GROWTH;
        eprintln!("sample {:?}", t.elapsed());
    }
    let t = std::time::Instant::now();
    let priced = lower_bound(pool, &start, tolerance, MOST_EVALUATIONS);
    eprintln!("n {} alternatives {} evals {} {:?}", pool.sections().len(), pool.n_alternatives(), priced.n_evaluations, t.elapsed());
    let mut selection = pool.idle();
    let mixed = round(pool, &priced.prices, &priced.mix);
    eprintln!("mix {:?} rounded {} over {:?}", priced.mix.iter().map(|it| it.0).collect::<Vec<_>>(), mixed.value, mixed.spent.iter().zip(pool.purses()).map(|(s, p)| format!("{:.2}", 100.0 * (*s as f64 / p.holds as f64 - 1.0))).collect::<Vec<_>>().join(" "));
    for met in std::iter::once(mixed) {
        let t = std::time::Instant::now();
        let from = met.value;
        let it = within(pool, &priced.prices, met);
        eprintln!("from {from} repaired {} gap {:.4}% {:?}", it.value, 100.0 * (priced.bound - it.value) / priced.bound, t.elapsed());
        if it.value > selection.value {
            selection = it;
        }
    }
    Solved { selection, bound: priced.bound, prices: priced.prices }
}
