//! Optimal partitioning of a signal along a road: where its mean changes.

/// Breaks a signal where its mean changes: the partition that costs least of all, a part costing the sum
/// of the squares of its values from their mean, and each break `penalty`.
///
/// `ends` are the places of the ends of the values along the road, one more than there are values; no part
/// is shorter than `least`. Gives the ranks of the values at which parts start, without the first. A signal
/// that cannot be parted gives none.
///
/// The cost is that of n² comparisons at worst, on a noise without any change; far fewer where there are
/// changes, since a start that a later one beats at all places is never looked at again.
///
/// # Units
///
/// `penalty` is in squares of the unit of the values, `least` in that of `ends`.
///
/// # Panics
///
/// When `ends` are not one more than `values`.
///
/// # Source
///
/// R. Killick, P. Fearnhead and I. A. Eckley, « Optimal detection of changepoints with a linear
/// computational cost », Journal of the American Statistical Association 107(500), 2012, theorem 3.1; the
/// costs of normal values of one variance. The least length is ours: a start is dropped for what lies
/// that far past the place where it was beaten, for which the proof holds.
///
/// # Example
///
/// ```
/// # use voirie::scoring::partition;
/// let ends: Vec<f64> = (0..=8).map(|it| f64::from(it) * 5.0).collect();
/// let values = [0.0, 1.0, 0.0, 1.0, 9.0, 8.0, 9.0, 8.0];
/// assert_eq!(partition(&values, &ends, 10.0, 20.0), [4]);
/// assert!(partition(&values, &ends, 10.0, 200.0).is_empty());
/// ```
#[must_use]
pub fn partition(values: &[f64], ends: &[f64], least: f64, penalty: f64) -> Vec<usize> {
    assert_eq!(ends.len(), values.len() + 1, "an end for each value, and a start");
    let sums = Sums::of(values);
    let n = values.len();
    let mut best = vec![f64::INFINITY; n + 1];
    let mut start_of = vec![0_usize; n + 1];
    // The first part has no break before it.
    best[0] = -penalty;
    let mut starts: Vec<usize> = Vec::new();
    let mut next = 0;
    for end in 1..=n {
        while next < end && ends[end] - ends[next] >= least {
            if best[next].is_finite() {
                starts.push(next);
            }
            next += 1;
        }
        for start in starts.iter().copied() {
            let cost = best[start] + sums.cost(start, end) + penalty;
            if cost < best[end] {
                best[end] = cost;
                start_of[end] = start;
            }
        }
        let Some(newest) = starts.last().copied() else { continue };
        starts.retain(|it| *it == newest || best[*it] + sums.cost(*it, newest) < best[newest]);
    }
    let mut breaks = Vec::new();
    let mut end = n;
    while end > 0 && best[end].is_finite() {
        end = start_of[end];
        breaks.push(end);
    }
    breaks.reverse();
    breaks.retain(|it| *it > 0);
    breaks
}

/// Running sums of values and of their squares, from their mean so that nothing is lost to rounding.
struct Sums {
    plain: Vec<f64>,
    squares: Vec<f64>,
}

impl Sums {
    #[expect(clippy::cast_precision_loss, reason = "roads have far fewer cells than 2^53")]
    fn of(values: &[f64]) -> Self {
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let (mut plain, mut squares) = (vec![0.0], vec![0.0]);
        for value in values {
            let value = value - mean;
            plain.push(plain[plain.len() - 1] + value);
            squares.push(squares[squares.len() - 1] + value * value);
        }
        Self { plain, squares }
    }

    /// Sum of the squares of the values of a part from their mean.
    #[expect(clippy::cast_precision_loss, reason = "roads have far fewer cells than 2^53")]
    fn cost(&self, start: usize, end: usize) -> f64 {
        let sum = self.plain[end] - self.plain[start];
        let squares = self.squares[end] - self.squares[start];
        (squares - sum * sum / (end - start) as f64).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ends(n: usize) -> Vec<f64> {
        (0..=u32::try_from(n).unwrap()).map(|it| f64::from(it) * 5.0).collect()
    }

    /// What a partition costs, its parts one by one.
    fn cost(values: &[f64], breaks: &[usize], penalty: f64) -> f64 {
        let sums = Sums::of(values);
        let stops: Vec<usize> =
            [0].into_iter().chain(breaks.iter().copied()).chain([values.len()]).collect();
        let parts: f64 = stops.windows(2).map(|it| sums.cost(it[0], it[1])).sum();
        parts + penalty * f64::from(u32::try_from(breaks.len()).unwrap())
    }

    /// Normal draws, the same for the same seed.
    fn noise(n: usize, seed: u64) -> Vec<f64> {
        let mut state = seed.wrapping_mul(2).wrapping_add(1);
        let mut uniform = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX)
        };
        // The sum of twelve uniform draws, less six, is near enough to normal.
        (0..n).map(|_| (0..12).map(|_| uniform()).sum::<f64>() - 6.0).collect()
    }

    #[test]
    fn planted_changes_are_found_within_two_cells() {
        // Points lost by cells of 5 m with noise of 3 points: 500 m good, 300 m bad, 200 m fair, 400 m bad.
        let levels = [(100, 2.0), (60, 10.0), (40, 5.0), (80, 11.0)];
        let (mut close, mut found, mut n_breaks) = (0, 0, 0);
        for seed in 0..50 {
            let mut values = Vec::new();
            for (n, level) in levels {
                values.extend(vec![level; n]);
            }
            let noise = noise(values.len(), seed);
            values.iter_mut().zip(&noise).for_each(|(value, noise)| *value += 3.0 * noise);
            let penalty = 3.0 * 9.0 * 280.0_f64.ln();
            let breaks = partition(&values, &ends(values.len()), 50.0, penalty);
            let near = |within: usize| {
                let met = |it: &&usize| breaks.iter().any(|at| at.abs_diff(**it) <= within);
                [100, 160, 200].iter().filter(met).count()
            };
            close += near(2);
            found += near(6);
            n_breaks += breaks.len();
        }
        // Of 150: a change of less than two standard deviations cannot be placed better.
        assert!(close >= 135, "{close} within two cells");
        assert!(found >= 148, "{found} within six");
        assert!((148..=152).contains(&n_breaks), "{n_breaks} breaks");
    }

    #[test]
    fn what_does_not_change_is_one_part() {
        for n in [0, 1, 7, 500] {
            assert_eq!(partition(&vec![4.2; n], &ends(n), 50.0, 1.0), [] as [usize; 0]);
        }
        let breaks = partition(&noise(2000, 7), &ends(2000), 50.0, 3.0 * 2000.0_f64.ln());
        assert_eq!(breaks, [] as [usize; 0]);
    }

    proptest! {
        #[test]
        fn no_other_partition_costs_less(
            values in prop::collection::vec(0.0..20.0_f64, 1..13),
            gaps in prop::collection::vec(0.5..8.0_f64, 13),
            least in 0.0..15.0_f64,
            penalty in 0.0..150.0_f64,
        ) {
            let n = values.len();
            let mut ends = vec![0.0];
            gaps[..n].iter().for_each(|it| ends.push(ends[ends.len() - 1] + it));
            let breaks = partition(&values, &ends, least, penalty);
            let allowed = |breaks: &[usize]| {
                let stops: Vec<usize> =
                    [0].into_iter().chain(breaks.iter().copied()).chain([n]).collect();
                stops.windows(2).all(|it| ends[it[1]] - ends[it[0]] >= least)
            };
            if ends[n] >= least {
                prop_assert!(allowed(&breaks), "{breaks:?}");
            } else {
                prop_assert!(breaks.is_empty());
            }
            let got = cost(&values, &breaks, penalty);
            for subset in 0..1_u32 << (n - 1) {
                let other: Vec<usize> = (1..n).filter(|it| subset >> (it - 1) & 1 == 1).collect();
                if allowed(&other) {
                    let cost = cost(&values, &other, penalty);
                    prop_assert!(got <= cost + 1e-9, "{breaks:?} {got}, {other:?} {cost}");
                }
            }
        }

        #[test]
        fn a_constant_more_changes_nothing(
            values in prop::collection::vec(0.0..20.0_f64, 1..200),
            more in -50.0..50.0_f64,
        ) {
            let raised: Vec<f64> = values.iter().map(|it| it + more).collect();
            let (ends, penalty) = (ends(values.len()), 90.0);
            let breaks = partition(&values, &ends, 50.0, penalty);
            let other = partition(&raised, &ends, 50.0, penalty);
            // Two partitions may cost the same to the last digit.
            let (a, b) = (cost(&values, &breaks, penalty), cost(&values, &other, penalty));
            prop_assert!((a - b).abs() < 1e-6, "{breaks:?} {other:?}");
        }
    }
}
