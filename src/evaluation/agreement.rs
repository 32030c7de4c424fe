//! Agreement of two measures of one extent.

#![expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]

use crate::domain::Agreement;

/// Half-width of the limits, in standard deviations.
///
/// Source: Bland and Altman, 1986: 95 % of a normal law.
const NORMAL_95: f64 = 1.96;

/// Compares pairs (measured, true); nothing for no pair.
#[must_use]
pub fn agreement(pairs: &[(f64, f64)]) -> Option<Agreement> {
    if pairs.is_empty() {
        return None;
    }
    let count = pairs.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (measured, truth) = (mean(&|it| it.0), mean(&|it| it.1));
    let covariance = mean(&|it| (it.0 - measured) * (it.1 - truth));
    let spreads = (mean(&|it| (it.0 - measured).powi(2)), mean(&|it| (it.1 - truth).powi(2)));
    let mean_difference = measured - truth;
    let differences = mean(&|it| (it.0 - it.1 - mean_difference).powi(2));
    // One pair has no spread to speak of.
    let deviation = (differences * count / (count - 1.0).max(1.0)).sqrt();
    Some(Agreement {
        n: pairs.len(),
        pearson: (spreads.0 > 0.0 && spreads.1 > 0.0)
            .then(|| covariance / (spreads.0 * spreads.1).sqrt()),
        relative_bias: (truth > 0.0).then(|| measured / truth - 1.0),
        mean_difference,
        limits: (mean_difference - NORMAL_95 * deviation, mean_difference + NORMAL_95 * deviation),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_pairs_by_hand() {
        // Differences 0.1, 0.0, 0.2: mean 0.1, deviation 0.1.
        let it = agreement(&[(0.3, 0.2), (0.4, 0.4), (0.8, 0.6)]).unwrap();
        assert!((it.mean_difference - 0.1).abs() < 1e-12);
        assert!((it.limits.0 + 0.096).abs() < 1e-9 && (it.limits.1 - 0.296).abs() < 1e-9);
        assert!((it.relative_bias.unwrap() - 0.25).abs() < 1e-12);
        assert!((it.pearson.unwrap() - 0.944_911_182_523_068).abs() < 1e-12);
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        let it = agreement(&[(0.3, 0.0), (0.3, 0.0)]).unwrap();
        assert_eq!((it.pearson, it.relative_bias), (None, None));
        assert_eq!(agreement(&[]), None);
        assert!(agreement(&[(1.0, 2.0)]).unwrap().limits.0.is_finite());
    }
}
