//! Least squares that a few wrong values do not lead astray, for the law between two notes.

use super::pairs::{Passage, SectionPair, deviation};
use super::search::cholesky;

/// Residuals of more than so many standard deviations count for nothing.
/// Source: Beaton and Tukey, *Technometrics* 16 (1974): 95 % efficient on normal errors.
const BIWEIGHT: f64 = 4.685;

/// The bound of Huber, for the first rounds, which must come from any start.
/// Source: Huber and Ronchetti, *Robust Statistics*, 2009: 95 % efficient on normal errors.
const HUBER: f64 = 1.345;

/// Rounds with the first, then with the second, which end sooner when nothing moves any more.
/// Chosen: the scale is settled after a few.
const ROUNDS: (usize, usize) = (12, 25);

/// A law that moves by less, in logarithms or per point, has settled: the first time, and when it starts from
/// a law that has. Chosen: far below the width of any interval.
const SETTLED: (f64, f64) = (1.0e-5, 1.0e-3);

/// Least standard deviation of residuals, points. Chosen: notes are written to a tenth.
const LEAST_SCALE: f64 = 0.01;

/// Step of the slopes, in logarithms or per point. Chosen: half the digits of a double.
const SLOPE_STEP: f64 = 1.0e-6;

/// Least λ or factor, whose logarithm must be taken. Chosen: nothing ages as slowly.
const LEAST: f64 = 1.0e-4;

/// Bounds of logarithms. Chosen: from the least to twice what the settings take, 5 points a year.
const LOGARITHMS: (f64, f64) = (-9.2, 2.3);
/// Bounds of β. Source: the settings take up to 5.
pub(super) const BETAS: (f64, f64) = (0.0, 5.0);

/// The law, in what is fitted.
///
/// A free λ is held by the loss of a year at a usual state, λ (1 + β D), which pairs tell whatever β is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Law {
    /// Of an old surface, β, of a renewed one, then each factor: logarithms, but for β.
    values: Vec<f64>,
    /// Which of them may move.
    pub free: Vec<bool>,
    /// D of a usual state, of old and of renewed surfaces.
    usual: [f64; 2],
}

/// Ranks of the values of a [`Law`]. Source: its own order.
pub(super) const OLD: usize = 0;
/// β. Source: as above.
pub(super) const BETA: usize = 1;
/// λ of a renewed surface. Source: as above.
pub(super) const RENEWED: usize = 2;
/// The first factor. Source: as above.
pub(super) const FACTORS: usize = 3;

impl Law {
    /// From λ, β, λ and factors as they are; `usual` states of old and renewed surfaces, lost points.
    pub(super) fn new(natural: &[f64], free: Vec<bool>, usual: [f64; 2]) -> Self {
        let mut values: Vec<f64> = natural.iter().map(|it| it.max(LEAST).ln()).collect();
        values[BETA] = natural[BETA];
        for (rank, usual) in [(OLD, usual[0]), (RENEWED, usual[1])] {
            if free[rank] {
                values[rank] += (values[BETA] * usual).ln_1p();
            }
        }
        Self { values, free, usual }
    }

    /// A value as it is: points a year, per point, or a factor.
    pub(super) fn natural(&self, rank: usize) -> f64 {
        let usual = match rank {
            BETA => return self.values[BETA],
            OLD if self.free[OLD] => self.usual[0],
            RENEWED if self.free[RENEWED] => self.usual[1],
            _ => 0.0,
        };
        self.values[rank].exp() / (1.0 + self.values[BETA] * usual)
    }

    /// D after a passage is `a D + b`: a and b.
    ///
    /// # Source
    ///
    /// DOMAIN.md section 5, n years of `D += λ (1 + β D)`: 1 + β D grows by 1 + β λ each year. Parts of
    /// years by the same power.
    pub(super) fn line(&self, passage: Passage) -> (f64, f64) {
        let rank = if passage.renewed { RENEWED } else { OLD };
        let factor = passage.factor.map_or(1.0, |it| self.natural(FACTORS + it));
        let (lambda, beta) = (self.natural(rank) * factor, self.values[BETA]);
        let growth = passage.years * (beta * lambda).ln_1p();
        let b = if beta > 1.0e-9 { growth.exp_m1() / beta } else { passage.years * lambda };
        if passage.anew { (0.0, b) } else { (growth.exp(), b) }
    }

    fn moved(&self, step: &[f64], share: f64) -> Self {
        let mut next = self.clone();
        let free = (0..self.values.len()).filter(|it| self.free[*it]);
        for (rank, by) in free.zip(step) {
            let (low, high) = if rank == BETA { BETAS } else { LOGARITHMS };
            next.values[rank] = (self.values[rank] + share * by).clamp(low, high);
        }
        next
    }
}

/// Distance of each pair from the law, points of one campaign: both notes err, so it is measured across
/// the line (Deming's regression, both campaigns as good as each other).
///
/// # Source
///
/// Deming, *Statistical Adjustment of Data*, 1943. Measured along the second note alone, noise of the
/// first makes β too small.
pub(super) fn residuals(
    pairs: &[(SectionPair, usize)],
    passages: &[Passage],
    law: &Law,
) -> Vec<f64> {
    let lines: Vec<_> = passages.iter().map(|it| law.line(*it)).collect();
    let residual = |(pair, rank): &(SectionPair, usize)| {
        let ((first, second), (a, b)) = (pair.lost(), lines[*rank]);
        (second - a * first - b) / a.hypot(1.0)
    };
    pairs.iter().map(residual).collect()
}

/// Fits the free values of a law; each pair counts `times`. Returns the standard deviation of the
/// residuals, points, which is estimated when none is given.
pub(super) fn fit(
    pairs: &[(SectionPair, usize)],
    passages: &[Passage],
    times: &[f64],
    law: &mut Law,
    scale: Option<f64>,
) -> f64 {
    let known = scale;
    let spread = |law: &Law| deviation(&residuals(pairs, passages, law)).max(LEAST_SCALE);
    let mut scale = known.unwrap_or_else(|| spread(law));
    // From a known scale, the law is near already.
    let first = if known.is_some() { 0 } else { ROUNDS.0 };
    for round in 0..first + ROUNDS.1 {
        let tukey = round >= first;
        if known.is_none() && round < first + 5 {
            scale = spread(law);
        }
        let penalty = |law: &Law| -> f64 {
            let all = residuals(pairs, passages, law);
            all.iter().zip(times).map(|(it, times)| times * cost(it / scale, tukey)).sum()
        };
        let Some(step) = step(pairs, passages, times, law, (scale, tukey)) else { break };
        let now = penalty(law);
        let shares = [1.0, 0.5, 0.25, 0.1, 0.02];
        let better = shares.iter().map(|it| law.moved(&step, *it)).find(|it| penalty(it) < now);
        match better {
            Some(next) => {
                let far = next.values.iter().zip(&law.values).map(|(a, b)| (a - b).abs());
                let far = far.fold(0.0, f64::max);
                *law = next;
                if tukey && far < if known.is_some() { SETTLED.1 } else { SETTLED.0 } {
                    break;
                }
            }
            None if tukey => break,
            None => {}
        }
    }
    scale
}

/// What a residual costs, in standard deviations.
fn cost(it: f64, tukey: bool) -> f64 {
    if tukey {
        1.0 - (1.0 - (it / BIWEIGHT).powi(2)).max(0.0).powi(3)
    } else if it.abs() <= HUBER {
        it * it / 2.0
    } else {
        HUBER * (it.abs() - HUBER / 2.0)
    }
}

/// The weight that makes least squares cost the same.
fn weight(it: f64, tukey: bool) -> f64 {
    if tukey {
        (1.0 - (it / BIWEIGHT).powi(2)).max(0.0).powi(2)
    } else {
        HUBER / it.abs().max(HUBER)
    }
}

/// One step of Gauss and Newton over the free values.
fn step(
    pairs: &[(SectionPair, usize)],
    passages: &[Passage],
    times: &[f64],
    law: &Law,
    (scale, tukey): (f64, bool),
) -> Option<Vec<f64>> {
    let free: Vec<usize> = (0..law.values.len()).filter(|it| law.free[*it]).collect();
    let lines: Vec<_> = passages.iter().map(|it| law.line(*it)).collect();
    // How a and b of each passage move with each value.
    let slopes: Vec<Vec<(f64, f64)>> = passages
        .iter()
        .zip(&lines)
        .map(|(passage, line)| {
            let slope = |rank: &usize| {
                let mut near = law.clone();
                near.values[*rank] += SLOPE_STEP;
                let (a, b) = near.line(*passage);
                ((a - line.0) / SLOPE_STEP, (b - line.1) / SLOPE_STEP)
            };
            free.iter().map(slope).collect()
        })
        .collect();
    let n = free.len();
    // The lower triangle is enough.
    let mut normal = vec![vec![0.0; n]; n];
    let mut right = vec![0.0; n];
    let mut row = vec![0.0; n];
    for ((pair, rank), times) in pairs.iter().zip(times) {
        let ((first, second), (a, b)) = (pair.lost(), lines[*rank]);
        let across = a.hypot(1.0);
        let residual = (second - a * first - b) / across;
        let weight = times * weight(residual / scale, tukey);
        if weight <= 0.0 {
            continue;
        }
        for (it, (da, db)) in row.iter_mut().zip(&slopes[*rank]) {
            *it = -(first * da + db) / across - residual * a * da / (across * across);
        }
        for at in 0..n {
            right[at] -= weight * row[at] * residual;
            for other in 0..=at {
                normal[at][other] += weight * row[at] * row[other];
            }
        }
    }
    for (at, line) in normal.iter_mut().enumerate() {
        // A value that no pair speaks of stays where it is.
        line[at] = line[at] * (1.0 + 1.0e-9) + 1.0e-9;
    }
    Some(solve(&cholesky(&normal)?, &right))
}

/// Solves A Aᵀ x = y.
fn solve(factor: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let n = right.len();
    let mut x = right.to_vec();
    for at in 0..n {
        let known: f64 = (0..at).map(|it| factor[at][it] * x[it]).sum();
        x[at] = (x[at] - known) / factor[at][at];
    }
    for at in (0..n).rev() {
        let known: f64 = (at + 1..n).map(|it| factor[it][at] * x[it]).sum();
        x[at] = (x[at] - known) / factor[at][at];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Score;

    #[test]
    fn whole_years_are_those_of_the_law() {
        let law = Law::new(&[0.1, 0.5, 0.2, 1.5], vec![true, true, true, false], [4.0, 1.0]);
        let passage = Passage { factor: Some(0), renewed: false, years: 3.0, anew: false };
        let (a, b) = law.line(passage);
        let mut lost = 4.0;
        for _ in 0..3 {
            lost += 0.15 * (1.0 + 0.5 * lost);
        }
        assert!((a * 4.0 + b - lost).abs() < 1.0e-9);
        let (a, b) = law.line(Passage { factor: None, renewed: true, years: 1.0, anew: true });
        assert!(a.abs() < 1.0e-12 && (b - 0.2).abs() < 1.0e-12);
        let flat = Law::new(&[0.1, 0.0, 1.0], vec![false; 3], [0.0; 2]);
        assert!((flat.line(Passage { factor: None, ..passage }).1 - 0.3).abs() < 1.0e-9);
    }

    #[test]
    fn one_value_in_five_may_be_wrong() {
        let free = vec![true, true, false];
        let truth = Law::new(&[0.1, 0.3, 1.0], free.clone(), [5.0, 0.0]);
        let passage = Passage { factor: None, renewed: false, years: 4.0, anew: false };
        let (a, b) = truth.line(passage);
        let pairs: Vec<_> = (0..200)
            .map(|at| {
                let first = f64::from(at % 40) * 0.25;
                let second = if at % 5 == 0 { first * 0.5 } else { a * first + b };
                let [before, after] = [first, second].map(|it| Score::clamped(20.0 - it));
                (SectionPair { road: 0, category: 1, before, after, renewed: None }, 0)
            })
            .collect();
        let mut law = Law::new(&[0.02, 1.0, 1.0], free, [5.0, 0.0]);
        fit(&pairs, &[passage], &[1.0; 200], &mut law, None);
        for rank in [OLD, BETA] {
            assert!((law.natural(rank) - truth.natural(rank)).abs() < 0.003, "{law:?}");
        }
    }
}
