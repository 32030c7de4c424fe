//! One possible world.

use crate::domain::{PlanDoubt, Score};
use fastrand::Rng;

/// A world that may be: what is the same for all sections, and what differs from one to the next.
#[derive(Clone, Debug)]
pub(super) struct Draw {
    rng: Rng,
    doubt: PlanDoubt,
    /// λ of all sections is multiplied by this.
    ageing: f64,
    /// Added to all notes.
    notes: f64,
    /// All prices are multiplied by this.
    pub(super) prices: f64,
}

impl Draw {
    /// The draw of a number, whatever was drawn before it.
    pub(super) fn new(doubt: PlanDoubt, seed: u64, number: u64) -> Self {
        // A bijection of the number keeps neighbouring draws apart. Source: the finaliser of SplitMix64.
        let mut mixed = seed ^ number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let mut rng = Rng::with_seed(mixed ^ (mixed >> 31));
        let (ageing, notes) = normals(&mut rng);
        let (prices, _) = normals(&mut rng);
        Self {
            rng,
            doubt,
            ageing: (doubt.ageing_network * ageing).exp(),
            notes: doubt.notes_network * notes,
            prices: (doubt.prices * prices).exp(),
        }
    }

    /// The true note of the next section, and what its λ is multiplied by.
    pub(super) fn next_section(&mut self, believed: Score) -> (Score, f64) {
        let (note, ageing) = normals(&mut self.rng);
        let note = believed.points() + self.notes + self.doubt.notes_section * note;
        // Sections age as the network does on average: the mean of what λ is multiplied by is 1.
        let spread = self.doubt.ageing_section;
        let own = (spread * ageing - spread * spread / 2.0).exp();
        (Score::clamped(note), self.ageing * own)
    }
}

/// Two independent standard normal numbers.
///
/// # Source
///
/// Box and Muller (1958), Annals of Mathematical Statistics 29(2).
fn normals(rng: &mut Rng) -> (f64, f64) {
    let radius = (-2.0 * (1.0 - rng.f64()).ln()).sqrt();
    let (sin, cos) = (std::f64::consts::TAU * rng.f64()).sin_cos();
    (radius * cos, radius * sin)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOUBT: PlanDoubt = PlanDoubt {
        ageing_network: 0.2,
        ageing_section: 0.3,
        prices: 0.1,
        notes_network: 0.4,
        notes_section: 1.5,
    };

    fn mean_and_sd(values: &[f64]) -> (f64, f64) {
        let n = f64::from(u32::try_from(values.len()).unwrap());
        let mean = values.iter().sum::<f64>() / n;
        (mean, (values.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / n).sqrt())
    }

    #[test]
    fn draws_have_the_spreads_that_were_asked() {
        let (mut prices, mut ageing, mut notes) = (vec![], vec![], vec![]);
        for number in 0..20_000 {
            let mut draw = Draw::new(DOUBT, 7, number);
            let (note, factor) = draw.next_section(Score::clamped(10.0));
            prices.push(draw.prices.ln());
            ageing.push(factor.ln() + 0.3 * 0.3 / 2.0);
            notes.push(note.points() - 10.0);
        }
        for (values, sd) in
            [(prices, 0.1), (ageing, 0.2_f64.hypot(0.3)), (notes, 0.4_f64.hypot(1.5))]
        {
            let (mean, got) = mean_and_sd(&values);
            assert!(mean.abs() < 0.03 * sd && (got / sd - 1.0).abs() < 0.03, "{mean} {got} {sd}");
        }
    }

    #[test]
    fn a_draw_is_what_its_number_makes_it() {
        let drawn = |seed, number| Draw::new(DOUBT, seed, number).next_section(Score::BEST);
        assert_eq!(drawn(1, 5), drawn(1, 5));
        assert_ne!(drawn(1, 5), drawn(1, 6));
        assert_ne!(drawn(1, 5), drawn(2, 5));
    }
}
