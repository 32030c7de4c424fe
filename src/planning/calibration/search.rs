//! A seeded search for the least of a function that is neither smooth nor convex.

use fastrand::Rng;
use std::f64::consts::TAU;

/// A search ends when its steps are this small, as a share of the first. Chosen: far below what any
/// parameter is reported to.
const SMALLEST_STEP: f64 = 1.0e-4;

/// How long a search may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Tries of a generation: the more, the less a rough loss misleads.
    pub tries: usize,
    /// Calls of the loss, over all generations.
    pub calls: usize,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where.
    pub at: Vec<f64>,
    /// How little is lost there.
    pub loss: f64,
}

/// Looks for the least `loss` from a start, with steps of about `spread` at first. An infinite loss is a
/// place that cannot be.
///
/// Evolution strategy with covariance matrix adaptation, the matrix taken by its Cholesky factor. The
/// same seed gives the same result.
///
/// # Source
///
/// Hansen, *The CMA Evolution Strategy: A Tutorial*, 2016, arXiv:1604.00772, with its constants; Cholesky
/// factors as in Krause, Arbonès and Igel, NIPS 2016.
#[must_use]
pub fn search(
    start: &[f64],
    spread: f64,
    effort: Effort,
    seed: u64,
    mut loss: impl FnMut(&[f64]) -> f64,
) -> Found {
    let mut best = Found { at: start.to_vec(), loss: loss(start) };
    let mut walk = Walk::new(start, spread, effort.tries);
    let mut random = Rng::with_seed(seed);
    let mut calls = 1;
    while calls < effort.calls && walk.step > spread * SMALLEST_STEP {
        let Some(factor) = cholesky(&walk.covariance) else { break };
        let mut tries: Vec<(f64, Vec<f64>)> = (0..effort.tries)
            .map(|_| {
                let draw: Vec<f64> = start.iter().map(|_| normal(&mut random)).collect();
                (loss(&walk.at(&factor, &draw)), draw)
            })
            .collect();
        calls += effort.tries;
        tries.sort_by(|a, b| a.0.total_cmp(&b.0));
        if tries[0].0 < best.loss {
            best = Found { at: walk.at(&factor, &tries[0].1), loss: tries[0].0 };
        }
        walk.learn(&factor, &tries);
    }
    best
}

/// The state of a search, in the letters of the tutorial: m, σ, C, `p_σ`, `p_c`.
struct Walk {
    mean: Vec<f64>,
    step: f64,
    /// Its lower triangle.
    covariance: Vec<Vec<f64>>,
    path: Vec<f64>,
    drift: Vec<f64>,
    weights: Vec<f64>,
    generations: i32,
}

impl Walk {
    fn new(start: &[f64], spread: f64, tries: usize) -> Self {
        let n = start.len();
        let half = count(tries / 2);
        let raw: Vec<f64> =
            (1..=tries / 2).map(|rank| (half + 0.5).ln() - count(rank).ln()).collect();
        let whole: f64 = raw.iter().sum();
        let unit = |row: usize| (0..n).map(|at| f64::from(u8::from(at == row))).collect();
        Self {
            mean: start.to_vec(),
            step: spread,
            covariance: (0..n).map(unit).collect(),
            path: vec![0.0; n],
            drift: vec![0.0; n],
            weights: raw.into_iter().map(|it| it / whole).collect(),
            generations: 0,
        }
    }

    /// The point of a draw: m + σ A z.
    fn at(&self, factor: &[Vec<f64>], draw: &[f64]) -> Vec<f64> {
        let moved = times(factor, draw);
        self.mean.iter().zip(moved).map(|(mean, by)| mean + self.step * by).collect()
    }

    /// Moves to the better half of a generation, and learns the directions that paid.
    fn learn(&mut self, factor: &[Vec<f64>], tries: &[(f64, Vec<f64>)]) {
        let n = count(self.mean.len());
        let mu = 1.0 / self.weights.iter().map(|it| it * it).sum::<f64>();
        let for_drift = (4.0 + mu / n) / (n + 4.0 + 2.0 * mu / n);
        let for_path = (mu + 2.0) / (n + mu + 5.0);
        let one = 2.0 / ((n + 1.3).powi(2) + mu);
        let many = (1.0 - one).min(2.0 * (mu - 2.0 + 1.0 / mu) / ((n + 2.0).powi(2) + mu));
        let damping = 1.0 + 2.0 * (((mu - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + for_path;
        let expected = n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));

        let mut draw = vec![0.0; self.mean.len()];
        for (weight, (_, tried)) in self.weights.iter().zip(tries) {
            draw.iter_mut().zip(tried).for_each(|(sum, it)| *sum += weight * it);
        }
        let moved = times(factor, &draw);
        self.generations += 1;
        let gain = (for_path * (2.0 - for_path) * mu).sqrt();
        self.path.iter_mut().zip(&draw).for_each(|(p, z)| *p = (1.0 - for_path) * *p + gain * z);
        let length = self.path.iter().map(|it| it * it).sum::<f64>().sqrt();
        let settled = (1.0 - (1.0 - for_path).powi(2 * self.generations)).sqrt();
        let slow = length / settled < (1.4 + 2.0 / (n + 1.0)) * expected;
        let gain = if slow { (for_drift * (2.0 - for_drift) * mu).sqrt() } else { 0.0 };
        self.drift.iter_mut().zip(&moved).for_each(|(p, y)| *p = (1.0 - for_drift) * *p + gain * y);
        let kept = if slow { 0.0 } else { one * for_drift * (2.0 - for_drift) };

        let best: Vec<Vec<f64>> =
            tries.iter().take(self.weights.len()).map(|it| times(factor, &it.1)).collect();
        for row in 0..self.mean.len() {
            for column in 0..=row {
                let rank_many: f64 = self
                    .weights
                    .iter()
                    .zip(&best)
                    .map(|(weight, y)| weight * y[row] * y[column])
                    .sum();
                let old = self.covariance[row][column];
                let new = (1.0 - one - many + kept) * old
                    + one * self.drift[row] * self.drift[column]
                    + many * rank_many;
                self.covariance[row][column] = new;
            }
        }
        self.mean.iter_mut().zip(&moved).for_each(|(mean, by)| *mean += self.step * by);
        self.step *= ((for_path / damping) * (length / expected - 1.0)).exp();
    }
}

/// A standard normal draw. Source: Box and Muller, 1958.
pub(super) fn normal(random: &mut Rng) -> f64 {
    let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
    radius * (TAU * random.f64()).cos()
}

/// The lower triangle A of a matrix A Aᵀ, of which the lower triangle is read; nothing when there is none.
pub(super) fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let mut factor = vec![vec![0.0; n]; n];
    for row in 0..n {
        for column in 0..=row {
            let known: f64 = (0..column).map(|at| factor[row][at] * factor[column][at]).sum();
            let rest = matrix[row][column] - known;
            if row == column {
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                factor[row][row] = rest.sqrt();
            } else {
                factor[row][column] = rest / factor[column][column];
            }
        }
    }
    Some(factor)
}

fn times(lower: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    lower
        .iter()
        .enumerate()
        .map(|(row, it)| it[..=row].iter().zip(vector).map(|(a, z)| a * z).sum())
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a handful")]
const fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's curved valley: 0 at (1, 1, 1, 1).
    fn valley(at: &[f64]) -> f64 {
        at.windows(2)
            .map(|it| 100.0 * (it[1] - it[0] * it[0]).powi(2) + (1.0 - it[0]).powi(2))
            .sum()
    }

    #[test]
    fn the_end_of_a_curved_valley_is_found() {
        let found =
            search(&[-1.0, 0.5, 2.0, -0.5], 0.5, Effort { tries: 14, calls: 20_000 }, 3, valley);
        assert!(found.loss < 1.0e-6, "{found:?}");
        assert!(found.at.iter().all(|it| (it - 1.0).abs() < 0.01), "{found:?}");
    }

    #[test]
    fn the_same_seed_finds_the_same_and_never_worse_than_the_start() {
        let start = [0.3, 0.3, 0.3];
        let found = |seed| search(&start, 0.2, Effort { tries: 10, calls: 400 }, seed, valley);
        assert_eq!(found(1), found(1));
        assert_ne!(found(1), found(2));
        assert!(found(1).loss <= valley(&start));
    }

    #[test]
    fn a_wall_is_not_passed() {
        let walled = |at: &[f64]| if at[0] < 1.0 { f64::INFINITY } else { at[0] + at[1] * at[1] };
        let found = search(&[3.0, 2.0], 0.5, Effort { tries: 10, calls: 3_000 }, 1, walled);
        assert!((found.at[0] - 1.0).abs() < 1.0e-3 && found.at[1].abs() < 0.03, "{found:?}");
    }

    #[test]
    fn a_matrix_without_a_factor_has_none() {
        assert_eq!(cholesky(&[vec![4.0]]), Some(vec![vec![2.0]]));
        assert_eq!(cholesky(&[vec![1.0, 2.0], vec![2.0, 1.0]]), None);
        assert_eq!(cholesky(&[vec![f64::NAN]]), None);
    }
}
