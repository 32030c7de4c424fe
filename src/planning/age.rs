//! Ageing: what a note becomes when nothing is done.

use crate::domain::Score;

/// The note after some years without works.
///
/// Never above the note given; no year changes nothing; 0 is the floor.
///
/// # Units
///
/// `lambda` in points a year, `beta` per point.
///
/// # Source
///
/// DOMAIN.md section 5: yearly `D += λ (1 + β D)`, capped at 20, where D = 20 - NG.
///
/// # Example
///
/// ```
/// # use voirie::domain::Score;
/// # use voirie::planning::age;
/// // D = 4: one year adds 0.1 x (1 + 0.5 x 4) = 0.3 points.
/// let older = age(Score::clamped(16.0), 0.1, 0.5, 1);
/// assert!((older.points() - 15.7).abs() < 1e-9);
/// ```
#[must_use]
pub fn age(note: Score, lambda: f64, beta: f64, years: u32) -> Score {
    let most = Score::BEST.points();
    let mut d = most - note.points();
    for _ in 0..years {
        d = (d + lambda * (1.0 + beta * d)).min(most);
    }
    if years == 0 { note } else { Score::clamped(most - d) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_renewed_surface_of_haute_garonne_reaches_its_trigger_in_thirteen_years() {
        // DOMAIN.md section 9.4, with the fitted λ2 and β: D* = 3.81, NG 16.19.
        let after = |years| age(Score::BEST, 0.1729, 0.4329, years).points();
        assert!(after(13) > 16.19 && after(14) < 16.19, "{} {}", after(13), after(14));
    }

    #[test]
    fn a_ruin_stays_a_ruin() {
        assert_eq!(age(Score::clamped(0.3), 1.0, 0.5, 3), Score::WORST);
    }

    proptest! {
        #[test]
        fn ageing_never_raises_a_note(note in 0.0..=20.0_f64, lambda in 0.0..2.0_f64, beta in 0.0..2.0_f64, years in 0_u32..40) {
            let note = Score::clamped(note);
            prop_assert!(age(note, lambda, beta, years).points() <= note.points() + 1e-12);
        }

        #[test]
        fn no_year_changes_nothing(note in 0.0..=20.0_f64, lambda in 0.0..2.0_f64) {
            let note = Score::clamped(note);
            prop_assert_eq!(age(note, lambda, 0.4, 0), note);
        }

        #[test]
        fn the_better_of_two_stays_the_better(a in 0.0..=20.0_f64, b in 0.0..=20.0_f64, years in 0_u32..20) {
            let [a, b] = [a.min(b), a.max(b)].map(|it| age(Score::clamped(it), 0.1, 0.4, years));
            prop_assert!(a <= b);
        }
    }
}
