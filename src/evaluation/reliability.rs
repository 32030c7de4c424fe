//! Whether a probability can be taken at its word.

#![expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]

use super::curve::{over, threshold_of};
use crate::domain::{Reliability, ReliabilityBin};

/// Bins of the reliability diagram.
///
/// Source: Guo et al., « On calibration of modern neural networks », 2017, use 15; ten read as tenths.
const BINS: usize = 10;

/// From cells by step of probability.
pub(super) fn reliability(steps: &[[u64; 2]]) -> Reliability {
    let mut bins = Vec::new();
    let width = (steps.len() - 1) / BINS;
    for bin in 0..BINS {
        let last = if bin + 1 == BINS { steps.len() } else { (bin + 1) * width };
        let (mut n_cells, mut ours, mut claims) = (0, 0, 0.0);
        for (step, [others, of_class]) in steps.iter().enumerate().take(last).skip(bin * width) {
            let here = others + of_class;
            n_cells += here;
            ours += of_class;
            claims += here as f64 * middle(step, steps.len());
        }
        if let Some(observed) = over(ours, n_cells) {
            let claimed = claims / n_cells as f64;
            bins.push(ReliabilityBin { claimed, observed, n_cells });
        }
    }
    let error = |bins: &[ReliabilityBin]| {
        let cells: u64 = bins.iter().map(|it| it.n_cells).sum();
        let gaps = bins.iter().map(|it| it.n_cells as f64 * (it.claimed - it.observed).abs());
        (cells > 0).then(|| gaps.sum::<f64>() / cells as f64)
    };
    let claims = bins.iter().position(|it| it.claimed >= 0.1).unwrap_or(bins.len());
    Reliability {
        expected_error: error(&bins),
        expected_error_of_claims: error(&bins[claims..]),
        bins,
    }
}

/// The middle of a step; the last is a probability of one.
fn middle(step: usize, n_steps: usize) -> f64 {
    if step + 1 == n_steps {
        1.0
    } else {
        f64::midpoint(threshold_of(step), threshold_of(step + 1))
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluation::ClassTally;

    #[test]
    fn claims_that_come_true_as_often_as_claimed_have_no_error() {
        let mut tally = ClassTally::default();
        let truth: Vec<bool> = (0..100).map(|it| it < 70).collect();
        tally.add(&[0.6999; 100], &truth, 0.5);
        let reliability = tally.quality().reliability;
        assert!(reliability.expected_error.unwrap() < 1e-3);
        assert_eq!(reliability.bins.len(), 1);
    }

    #[test]
    fn boasting_is_measured_and_sound_cells_do_not_hide_it() {
        let mut tally = ClassTally::default();
        tally.add(&[0.9499; 10], &[false; 10], 0.5);
        tally.add(&[0.0001; 990], &[false; 990], 0.5);
        let reliability = tally.quality().reliability;
        assert!((reliability.expected_error.unwrap() - 0.0100).abs() < 2e-3);
        assert!((reliability.expected_error_of_claims.unwrap() - 0.95).abs() < 2e-3);
    }
}
