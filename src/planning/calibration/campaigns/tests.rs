//! Campaigns made by a known law, with noise and works that nobody recorded.

use super::*;
use crate::domain::Score;
use crate::planning::calibration::search::normal;

/// Chosen: as long as campaigns are apart.
const YEARS: u32 = 4;

fn truth() -> AgeingLaw {
    let category_factors = BTreeMap::from([(1, 1.5)]);
    AgeingLaw { lambda_old: 0.12, lambda_renewed: 0.25, beta: 0.35, category_factors }
}

fn given() -> AgeingLaw {
    let category_factors = BTreeMap::new();
    AgeingLaw { lambda_old: 0.036, lambda_renewed: 0.1729, beta: 0.4329, category_factors }
}

/// What two campaigns of a made network would note.
struct Made {
    n: usize,
    noise: f64,
    /// One section in so many is renewed and nobody says so.
    works_every: usize,
    /// One in so many is said to be renewed before the first campaign.
    renewed_every: usize,
    /// Points lost at the first campaign: from, to.
    lost: (f64, f64),
}

impl Made {
    fn pairs(&self, seed: u64) -> Vec<SectionPair> {
        let mut random = Rng::with_seed(seed);
        let law = truth();
        let mut pair = |at: usize| {
            let category = if at.is_multiple_of(4) { 1 } else { 3 };
            let renewed = self.renewed_every > 0 && at % self.renewed_every == 1;
            let mut lost = self.lost.0 + random.f64() * (self.lost.1 - self.lost.0);
            let first = lost;
            let lambda = law.lambda(category, renewed);
            for _ in 0..YEARS {
                lost += lambda * (1.0 + law.beta * lost);
            }
            if at % self.works_every == 2 {
                lost = 0.3;
            }
            let mut noted =
                |lost: f64| Score::clamped(20.0 - lost + self.noise * normal(&mut random));
            let (before, after) = (noted(first), noted(lost));
            let renewed = renewed.then_some(9.0);
            SectionPair { road: at / 20, category, before, after, renewed }
        };
        (0..self.n).map(&mut pair).collect()
    }
}

/// Chosen: a small département, noted well.
const GOOD: Made =
    Made { n: 4_000, noise: 0.4, works_every: 12, renewed_every: 5, lost: (1.5, 9.0) };

fn fitted(made: &Made) -> CampaignsFit {
    fit_campaigns(&made.pairs(7), YEARS.into(), &given(), 1).unwrap()
}

fn of(fit: &CampaignsFit, quantity: Quantity) -> Estimate {
    *fit.estimates.iter().find(|it| it.quantity == quantity).unwrap()
}

#[test]
fn a_known_law_is_found_again_through_noise_and_works_that_nobody_recorded() {
    let fit = fitted(&GOOD);
    let wanted = [
        (Quantity::LambdaOld, 0.12),
        (Quantity::Beta, 0.35),
        (Quantity::LambdaRenewed, 0.25),
        (Quantity::Factor(1), 1.5),
    ];
    for (quantity, want) in wanted {
        let found = of(&fit, quantity);
        assert_eq!(found.standing, Standing::Fitted, "{found:?}");
        assert!((found.value / want - 1.0).abs() < 0.06, "{found:?}, expected {want}");
        let (low, high) = found.interval.unwrap();
        assert!(low < found.value && found.value < high, "{found:?}");
    }
    assert!((fit.noise - 0.4).abs() < 0.05, "{}", fit.noise);
    // Of 333, a few were too good to rise by more than noise.
    assert!((280..335).contains(&fit.n_works), "{} left out", fit.n_works);
    assert!(fit.after.rms < fit.before.rms && fit.after.mean.abs() < 0.1, "{fit:?}");
    assert!((fit.law.category_factors[&1] / 1.5 - 1.0).abs() < 0.06);
}

#[test]
fn without_spread_the_data_do_not_tell_beta_and_it_is_said() {
    let fit = fitted(&Made { n: 300, noise: 0.5, lost: (3.0, 3.4), ..GOOD });
    let beta = of(&fit, Quantity::Beta);
    assert_eq!((beta.standing, beta.value), (Standing::Undetermined, given().beta), "{fit:?}");
    assert_eq!(of(&fit, Quantity::LambdaOld).standing, Standing::Fitted);
    // With another β, λ is that which gives the same loss at the same note.
    let speed = |lambda: f64, beta: f64| lambda * (1.0 + beta * 4.0);
    let found = speed(of(&fit, Quantity::LambdaOld).value, given().beta);
    assert!((found / speed(0.12, 0.35) - 1.0).abs() < 0.15, "{fit:?}");
}

#[test]
fn surfaces_that_nobody_says_were_renewed_leave_their_rate_as_it_was() {
    let fit = fitted(&Made { renewed_every: 0, ..GOOD });
    let renewed = of(&fit, Quantity::LambdaRenewed);
    assert_eq!(renewed.standing, Standing::TooFew(0));
    assert!((fit.law.lambda_renewed - given().lambda_renewed).abs() < 1.0e-9);
}

#[test]
fn notes_that_only_wobble_determine_nothing() {
    let made = Made { n: 400, noise: 1.0, ..GOOD };
    let mut pairs = made.pairs(3);
    let mut random = Rng::with_seed(5);
    for it in &mut pairs {
        it.after = Score::clamped(it.before.points() + 0.5 * normal(&mut random));
        it.renewed = None;
    }
    let fit = fit_campaigns(&pairs, YEARS.into(), &given(), 1).unwrap();
    let old = of(&fit, Quantity::LambdaOld);
    assert_eq!(old.standing, Standing::Undetermined, "{fit:?}");
    assert!((fit.law.lambda_old - 0.036).abs() < 1.0e-9, "{fit:?}");
}

#[test]
fn the_same_seed_gives_the_same_and_few_pairs_are_refused() {
    let made = Made { n: 200, ..GOOD };
    assert_eq!(fitted(&made), fitted(&made));
    let refused = fit_campaigns(&made.pairs(1)[..20], 4.0, &given(), 1).unwrap_err();
    assert!(matches!(refused, CampaignsError::TooFewPairs { found: 17..=20 }), "{refused}");
}
