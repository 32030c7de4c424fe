//! Precision, recall, F1, intersection over union, average precision.

#![expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]

use super::reliability::reliability;
use crate::domain::ClassQuality;

/// Steps of probability that scores are counted by: memory does not grow with the frames.
///
/// Chosen: a thousandth of probability changes no third decimal of any figure here.
const STEPS: usize = 1000;

/// Counts for one class over any number of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassTally {
    /// Cells by step of probability: those that are not of the class, those that are.
    steps: Vec<[u64; 2]>,
    true_positives: u64,
    false_positives: u64,
    false_negatives: u64,
}

impl Default for ClassTally {
    fn default() -> Self {
        Self {
            steps: vec![[0; 2]; STEPS + 1],
            true_positives: 0,
            false_positives: 0,
            false_negatives: 0,
        }
    }
}

impl ClassTally {
    /// Counts cells: their probabilities, whether they are of the class, and the threshold above
    /// which they are claimed to be.
    ///
    /// # Panics
    ///
    /// When the two differ in number.
    pub fn add(&mut self, probabilities: &[f32], truth: &[bool], threshold: f32) {
        assert_eq!(probabilities.len(), truth.len(), "one truth for each cell");
        for (probability, is) in probabilities.iter().zip(truth) {
            self.steps[step(*probability)][usize::from(*is)] += 1;
            match (*probability > threshold, *is) {
                (true, true) => self.true_positives += 1,
                (true, false) => self.false_positives += 1,
                (false, true) => self.false_negatives += 1,
                (false, false) => {}
            }
        }
    }

    /// Adds another's counts.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.steps.iter_mut().zip(&other.steps) {
            mine[0] += theirs[0];
            mine[1] += theirs[1];
        }
        self.true_positives += other.true_positives;
        self.false_positives += other.false_positives;
        self.false_negatives += other.false_negatives;
    }

    /// Cells found, claimed wrongly, missed.
    #[must_use]
    pub const fn confusion(&self) -> [u64; 3] {
        [self.true_positives, self.false_positives, self.false_negatives]
    }

    /// The figures.
    #[must_use]
    pub fn quality(&self) -> ClassQuality {
        let [hit, wrong, missed] = self.confusion();
        let (mut found, mut claimed) = (0, 0);
        let positives: u64 = self.steps.iter().map(|it| it[1]).sum();
        let (mut area, mut best) = (0.0, None);
        // From the surest cells down: each step is a threshold.
        for (rank, [others, ours]) in self.steps.iter().enumerate().rev() {
            found += ours;
            claimed += ours + others;
            if let (Some(precision), Some(share)) = (over(found, claimed), over(*ours, positives)) {
                area += precision * share;
            }
            let f1 = over(2 * found, claimed + positives);
            if f1 > best.map(|it: (f64, f64)| it.0) {
                best = f1.map(|it| (it, threshold_of(rank)));
            }
        }
        ClassQuality {
            precision: over(hit, hit + wrong),
            recall: over(hit, hit + missed),
            f1: over(2 * hit, 2 * hit + wrong + missed),
            iou: over(hit, hit + wrong + missed),
            average_precision: (positives > 0).then_some(area),
            best,
            reliability: reliability(&self.steps),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn step(probability: f32) -> usize {
    (f64::from(probability).clamp(0.0, 1.0) * STEPS as f64) as usize
}

/// The probability at which a step begins.
pub(super) fn threshold_of(step: usize) -> f64 {
    step as f64 / STEPS as f64
}

/// A share, or nothing of nothing.
pub(super) fn over(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Mean precision over the ranks of a few scored items, such as frames: each is sure to some degree
/// and is or is not of the class. Nothing when none is. Equal scores count together.
///
/// # Source
///
/// Everingham et al., « The PASCAL visual object classes challenge: a retrospective », 2015, without
/// interpolation.
#[must_use]
pub fn average_precision(items: &[(f64, bool)]) -> Option<f64> {
    let mut items = items.to_vec();
    items.sort_by(|a, b| b.0.total_cmp(&a.0));
    let positives = items.iter().filter(|it| it.1).count() as u64;
    let (mut found, mut claimed, mut area) = (0, 0, 0.0);
    for tied in items.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let ours = tied.iter().filter(|it| it.1).count() as u64;
        found += ours;
        claimed += tied.len() as u64;
        area += over(found, claimed)? * over(ours, positives)?;
    }
    (positives > 0).then_some(area)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_of_five_cells_by_hand() {
        let mut tally = ClassTally::default();
        tally.add(&[0.9, 0.8, 0.6, 0.4, 0.1], &[true, false, true, true, false], 0.5);
        assert_eq!(tally.confusion(), [2, 1, 1]);
        let quality = tally.quality();
        let close = |it: Option<f64>, want: f64| assert!((it.unwrap() - want).abs() < 1e-12);
        close(quality.precision, 2.0 / 3.0);
        close(quality.recall, 2.0 / 3.0);
        close(quality.f1, 2.0 / 3.0);
        close(quality.iou, 0.5);
        // Found at ranks 1, 3 and 4 of the surest: precisions 1, 2/3, 3/4.
        close(quality.average_precision, (1.0 + 2.0 / 3.0 + 0.75) / 3.0);
        let (f1, threshold) = quality.best.unwrap();
        assert!((f1 - 6.0 / 7.0).abs() < 1e-12 && (threshold - 0.4).abs() < 2e-3);
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        let quality = ClassTally::default().quality();
        assert_eq!((quality.precision, quality.recall, quality.f1), (None, None, None));
        assert_eq!((quality.average_precision, quality.iou), (None, None));
        assert_eq!(average_precision(&[(0.3, false)]), None);
        assert_eq!(average_precision(&[]), None);
    }

    #[test]
    fn frames_of_one_score_are_not_put_in_a_lucky_order() {
        let tied = [(0.5, true), (0.5, false), (0.5, false), (0.5, true)];
        assert!((average_precision(&tied).unwrap() - 0.5).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn counting_by_steps_is_ranking_by_score(
            cells in prop::collection::vec((0_u16..=200, any::<bool>()), 1..60)
        ) {
            // Scores a step apart or equal: the two ways must agree.
            let scores: Vec<f32> = cells.iter().map(|it| f32::from(it.0) / 200.0 + 1e-5).collect();
            let truth: Vec<bool> = cells.iter().map(|it| it.1).collect();
            let mut tally = ClassTally::default();
            tally.add(&scores, &truth, 0.5);
            let items: Vec<(f64, bool)> = scores.iter().map(|it| f64::from(*it)).zip(truth).collect();
            match (tally.quality().average_precision, average_precision(&items)) {
                (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-9, "{a} {b}"),
                (a, b) => prop_assert_eq!(a, b),
            }
        }

        #[test]
        fn merged_tallies_are_one_tally(
            cells in prop::collection::vec((0.0_f32..=1.0, any::<bool>()), 2..60), cut in 0_usize..60
        ) {
            let (scores, truth): (Vec<f32>, Vec<bool>) = cells.into_iter().unzip();
            let cut = cut.min(scores.len());
            let (mut whole, mut first, mut second) =
                (ClassTally::default(), ClassTally::default(), ClassTally::default());
            whole.add(&scores, &truth, 0.3);
            first.add(&scores[..cut], &truth[..cut], 0.3);
            second.add(&scores[cut..], &truth[cut..], 0.3);
            first.merge(&second);
            prop_assert_eq!(first, whole);
        }
    }
}
