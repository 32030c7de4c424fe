//! The price of money in each purse: the least bound that prices can prove.

use super::chain::{Best, amount};
use super::pool::{Pool, Selection};

/// Linearisations kept of the function to lower. Chosen: three for each purse of fifteen years.
const MOST_CUTS: usize = 90;

/// Share of the decrease foreseen that a step must reach to be taken.
/// Source: Kiwiel, *Proximity control in bundle methods for convex nondifferentiable minimization*,
/// Mathematical Programming 46 (1990), 105-122.
const SERIOUS: f64 = 0.1;

/// Steps of the inner problem. Chosen: at 1,000, the outer one needs no fewer evaluations, and its mix is no
/// better.
const INNER: usize = 200;

/// What prices prove, and the selections met on the way.
#[derive(Clone, Debug)]
pub struct Priced {
    /// What a cent of each purse is worth.
    pub prices: Vec<f64>,
    /// No selection within the purses is worth more.
    pub bound: f64,
    /// Selections met, each with its share in the mix that the bound comes of: the mix spends what the
    /// purses hold, each of them may overspend.
    pub mix: Vec<(f64, Selection)>,
}

/// One linearisation: the function is at least `base + slope · x`.
struct Cut {
    base: f64,
    slope: Vec<f64>,
    selection: Selection,
}

/// Lowers the bound by a proximal bundle method until the model promises less than `tolerance` of it, or
/// `most` evaluations.
///
/// Prices are counted in what a whole purse is worth, so that purses of all sizes weigh the same.
#[must_use]
pub fn lower_bound(pool: &Pool, start: &[f64], tolerance: f64, most: usize) -> Priced {
    let holds: Vec<f64> = pool.purses().iter().map(|it| amount(it.holds.max(1))).collect();
    let mut best = Best::of(pool);
    let mut evaluate = |x: &[f64]| {
        let prices: Vec<f64> = x.iter().zip(&holds).map(|(x, holds)| x / holds).collect();
        let it = best.at(&prices);
        let slope: Vec<f64> = it
            .spent
            .iter()
            .zip(&holds)
            .map(|(spent, holds)| 1.0 - amount(*spent) / holds)
            .collect();
        let bound = it.value + x.iter().zip(&slope).map(|(x, slope)| x * slope).sum::<f64>();
        (bound, slope, it)
    };
    let mut centre: Vec<f64> =
        start.iter().zip(&holds).map(|(price, holds)| price * holds).collect();
    let (mut bound, slope, selection) = evaluate(&centre);
    let steep = slope.iter().map(|it| it * it).sum::<f64>();
    let size = centre
        .iter()
        .copied()
        .fold(0.0, f64::max)
        .max(bound.abs() / amount(i64::try_from(holds.len().max(1)).unwrap_or(1)));
    let mut reach = 0.3 * size / steep.sqrt().max(1.0e-9);
    let mut cuts = vec![Cut { base: bound - dot(&slope, &centre), slope, selection }];
    let (mut weights, mut n_evaluations, mut null_steps) = (vec![1.0], 1, 0);
    while n_evaluations < most {
        let x = next_prices(&cuts, &mut weights, &centre, reach);
        let model =
            cuts.iter().map(|it| it.base + dot(&it.slope, &x)).fold(f64::NEG_INFINITY, f64::max);
        let foreseen = bound - model;
        if foreseen <= tolerance * bound.abs() && null_steps > 2 {
            break;
        }
        let (value, slope, selection) = evaluate(&x);
        n_evaluations += 1;
        let cut = Cut { base: value - dot(&slope, &x), slope, selection };
        if value <= bound - SERIOUS * foreseen {
            // As good as foreseen: farther next time.
            if value <= bound - 0.5 * foreseen {
                reach *= 2.0;
            }
            (centre, bound, null_steps) = (x, value, 0);
        } else {
            null_steps += 1;
            // Worse than before by more than was foreseen to be gained: too far.
            if value > bound + foreseen || null_steps > 6 {
                reach *= 0.6;
                null_steps = 0;
            }
        }
        cuts.push(cut);
        weights.push(0.0);
        if cuts.len() > MOST_CUTS {
            forget(&mut cuts, &mut weights);
        }
    }
    // The weights of all cuts, the last one's too.
    let _ = next_prices(&cuts, &mut weights, &centre, reach);
    Priced {
        prices: centre.iter().zip(&holds).map(|(x, holds)| x / holds).collect(),
        bound,
        mix: weights
            .into_iter()
            .zip(cuts)
            .filter(|it| it.0 > 0.0)
            .map(|(weight, cut)| (weight, cut.selection))
            .collect(),
    }
}

/// Drops the cut that weighs least, the newest excepted.
fn forget(cuts: &mut Vec<Cut>, weights: &mut Vec<f64>) {
    let mut least = 0;
    for at in 1..cuts.len() - 1 {
        if weights[at] < weights[least] {
            least = at;
        }
    }
    let freed = weights.remove(least);
    cuts.remove(least);
    let end = weights.len() - 1;
    weights[end] += freed;
}

/// Prices that lower the model most, no farther than `reach` allows, none below nothing.
///
/// The weights of the cuts are moved in pairs, from the one that promises most to the one that binds most,
/// each time as far as the dual gains (sequential minimal optimisation).
fn next_prices(cuts: &[Cut], weights: &mut [f64], centre: &[f64], reach: f64) -> Vec<f64> {
    let mut along: Vec<f64> = vec![0.0; centre.len()];
    for (cut, weight) in cuts.iter().zip(weights.iter()) {
        for (sum, slope) in along.iter_mut().zip(&cut.slope) {
            *sum += weight * slope;
        }
    }
    let at = |along: &[f64]| -> Vec<f64> {
        centre.iter().zip(along).map(|(x, slope)| (x - reach * slope).max(0.0)).collect()
    };
    let mut x = at(&along);
    for _ in 0..INNER {
        let heights: Vec<f64> = cuts.iter().map(|it| it.base + dot(&it.slope, &x)).collect();
        let (mut high, mut low) = (0, None);
        for (rank, height) in heights.iter().enumerate() {
            if *height > heights[high] {
                high = rank;
            }
            if weights[rank] > 0.0 && low.is_none_or(|low: usize| *height < heights[low]) {
                low = Some(rank);
            }
        }
        let Some(low) = low else { break };
        let gain = heights[high] - heights[low];
        if gain <= 1.0e-12 * heights[high].abs() {
            break;
        }
        let turn: Vec<f64> =
            cuts[high].slope.iter().zip(&cuts[low].slope).map(|(a, b)| a - b).collect();
        let steep = reach
            * turn.iter().zip(&x).filter(|(_, x)| **x > 0.0).map(|(it, _)| it * it).sum::<f64>();
        let mut moved = if steep > 0.0 { (gain / steep).min(weights[low]) } else { weights[low] };
        // Where prices reach nothing on the way, the step is too long or too short: the gain must not
        // turn.
        loop {
            let tried: Vec<f64> =
                along.iter().zip(&turn).map(|(sum, turn)| sum + moved * turn).collect();
            let there = at(&tried);
            let left = cuts[high].base - cuts[low].base + dot(&turn, &there);
            if left >= -0.5 * gain || moved < 1.0e-12 {
                (along, x) = (tried, there);
                break;
            }
            moved *= 0.5;
        }
        weights[high] += moved;
        weights[low] = if moved >= weights[low] { 0.0 } else { weights[low] - moved };
    }
    x
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
