//! Corrected deduct value: what several defects cost together.

use crate::domain::{Correction, MOST_CHARGED};

/// A deduct up to this is small: it never counts as one of the q. Source: ASTM D6433.
const SMALL: f64 = 2.0;

/// Joint cost of several defects, out of 100; the order of `deducts` does not matter.
///
/// For q = 1 to 7, the q gravest are charged in full and the rest at most 2 points each; the total
/// is corrected by the q-th parabola and the largest result stands.
///
/// # Source
///
/// ASTM D6433, section 9.5, as DOMAIN.md section 4.1 states it; without the allowed number of
/// deducts « m », under which one more defect could raise the note.
///
/// # Example
///
/// ```
/// # use voirie::domain::ScoringGrid;
/// # use voirie::scoring::combine;
/// let grid = ScoringGrid::example();
/// // RoadAI publishes 45 and 55 for its own compounding.
/// assert!((combine(&mut [30.0, 30.0], &grid.corrections) - 44.1).abs() < 0.05);
/// assert!((combine(&mut [30.0, 30.0, 30.0], &grid.corrections) - 57.0).abs() < 0.05);
/// ```
#[must_use]
pub fn combine(deducts: &mut [f64], corrections: &[Correction; MOST_CHARGED]) -> f64 {
    deducts.sort_by(|a, b| b.total_cmp(a));
    let n_charged = deducts.iter().take_while(|it| **it > SMALL).count().min(MOST_CHARGED);
    if n_charged == 0 {
        return deducts.iter().sum::<f64>().clamp(0.0, 100.0);
    }
    let mut rest: f64 = deducts.iter().map(|it| it.min(SMALL)).sum();
    let mut charged = 0.0;
    let mut most: f64 = 0.0;
    for (deduct, correction) in deducts[..n_charged].iter().zip(corrections) {
        charged += deduct;
        rest -= SMALL;
        most = most.max(correction.of(charged + rest));
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ScoringGrid;
    use proptest::prelude::*;

    fn cdv(deducts: &[f64]) -> f64 {
        combine(&mut deducts.to_vec(), &ScoringGrid::example().corrections)
    }

    #[test]
    fn joint_costs_come_out() {
        let cases: [(&[f64], f64); 7] = [
            (&[], 0.0),
            (&[45.6], 45.6),
            (&[1.5, 0.5], 2.0),
            // T = 75.9: DOMAIN.md section 4.1.
            (&[30.3, 45.6], 55.0),
            (&[30.0; 2], 44.1),
            (&[30.0; 3], 57.0),
            // One full charge and eleven small ones: q = 1, T = 30 + 11 x 1.
            (&[30.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], 41.0),
        ];
        for (deducts, want) in cases {
            let got = cdv(deducts);
            assert!((got - want).abs() < 0.05, "{deducts:?}: {got}");
        }
    }

    proptest! {
        #[test]
        fn one_more_or_a_larger_deduct_never_costs_less(
            deducts in prop::collection::vec(0.0..100.0_f64, 0..12),
            extra in 0.0..60.0_f64,
            which in 0_usize..12,
        ) {
            let before = cdv(&deducts);
            let added = cdv(&[deducts.clone(), vec![extra]].concat());
            prop_assert!(added >= before - 1e-9, "{before} then {added}");
            let mut larger = deducts;
            if let Some(one) = larger.get_mut(which) {
                *one = (*one + extra).min(100.0);
                prop_assert!(cdv(&larger) >= before - 1e-9);
            }
        }

        #[test]
        fn order_does_not_matter(deducts in prop::collection::vec(0.0..100.0_f64, 0..12)) {
            let mut reversed = deducts.clone();
            reversed.reverse();
            prop_assert!((cdv(&deducts) - cdv(&reversed)).abs() < 1e-9);
            prop_assert!((0.0..=100.0).contains(&cdv(&deducts)));
        }
    }
}
