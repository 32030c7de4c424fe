//! Budgets that grow or shrink by a rate a year, to the cent.

use super::decimal;
use crate::domain::units::Euros;
use std::fmt;
use std::iter;

/// Thousandths of a percent in one.
/// Chosen: nobody plans by finer rates, and a power of ten lets years of growth be counted without error.
const WHOLE: u64 = 100_000;

/// Largest rate either way, in thousandths of a percent.
/// Chosen: a budget that doubles in two years is a typing error.
const MOST: i32 = 50_000;

/// By how much a budget grows from one year to the next; below zero, it shrinks.
///
/// # Example
///
/// ```
/// # use voirie::domain::GrowthRate;
/// assert_eq!(GrowthRate::from_thousandths(-1_500).map(|it| it.to_string()), Some("-1,5 %/an".into()));
/// assert_eq!(GrowthRate::from_thousandths(60_000), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrowthRate(i32);

impl GrowthRate {
    /// Every year as the first.
    pub const NONE: Self = Self(0);

    /// A rate of so many thousandths of a percent a year, from -50 000 to 50 000.
    #[must_use]
    pub fn from_thousandths(rate: i32) -> Option<Self> {
        (-MOST..=MOST).contains(&rate).then_some(Self(rate))
    }

    /// Thousandths of a percent a year.
    #[must_use]
    pub const fn thousandths(self) -> i32 {
        self.0
    }

    /// What an amount becomes year after year, the first as it is: each is the amount times a power of one
    /// and the rate, rounded once, half a cent up, and never above `most`.
    pub(super) fn amounts(self, first: Euros, most: Euros) -> impl Iterator<Item = Euros> {
        // Digits to the base of a whole, the lowest first: one more stands behind the point each year. They
        // count half cents, so that all below the point can be left out before rounding.
        let mut digits = vec![0];
        let mut behind = 0;
        times(&mut digits, 0, 2 * first.cents().unsigned_abs());
        iter::from_fn(move || {
            let whole = digits.get(behind..).unwrap_or_default();
            let halves = whole
                .iter()
                .rev()
                .try_fold(0_u64, |sum, it| sum.checked_mul(WHOLE)?.checked_add(*it));
            behind += 1;
            times(&mut digits, WHOLE.saturating_add_signed(self.0.into()), 0);
            let cents = halves.and_then(|it| i64::try_from(it.div_ceil(2)).ok());
            Some(cents.map_or(most, |it| Euros::from_cents(it).min(most)))
        })
    }
}

/// Multiplies a number by a factor and adds to it.
fn times(digits: &mut Vec<u64>, factor: u64, more: u64) {
    let mut carry = more;
    for digit in digits.iter_mut() {
        let it = *digit * factor + carry;
        *digit = it % WHOLE;
        carry = it / WHOLE;
    }
    while carry > 0 {
        digits.push(carry % WHOLE);
        carry /= WHOLE;
    }
}

/// `+2 %/an`, `-1,5 %/an`.
impl fmt::Display for GrowthRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        write!(f, "{sign}{} %/an", decimal(i64::from(self.0.abs()), 3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MUCH: Euros = Euros::from_cents(10_000_000_000_000);

    fn cents(first: i64, rate: i32, n_years: usize) -> Vec<i64> {
        let rate = GrowthRate::from_thousandths(rate).unwrap();
        rate.amounts(Euros::from_cents(first), MUCH).take(n_years).map(Euros::cents).collect()
    }

    #[test]
    fn years_grow_from_the_first_and_are_rounded_once() {
        // 100 cents at 2 %: 102, 104.04, 106.1208, 108.243216.
        assert_eq!(cents(100, 2_000, 5), [100, 102, 104, 106, 108]);
        // Rounded each year, 10 cents at 4 % would stay 10; they are 10.4, 10.816, 11.24864.
        assert_eq!(cents(10, 4_000, 4), [10, 10, 11, 11]);
        // Halves go up, though 1.025 is no binary number: 85.40 euros at 2.5 % are 87.535.
        assert_eq!(cents(8_540, 2_500, 2), [8_540, 8_754]);
        assert_eq!(cents(3, -50_000, 4), [3, 2, 1, 0]);
        assert_eq!(cents(0, 50_000, 3), [0, 0, 0]);
        assert_eq!(cents(1_350_000_000, 0, 2), [1_350_000_000; 2]);
    }

    #[test]
    fn what_grows_past_the_most_stays_there() {
        assert_eq!(cents(9_000_000_000_000, 50_000, 300)[1..], [MUCH.cents(); 299]);
    }

    proptest! {
        #[test]
        fn years_are_those_of_floating_point(
            first in 0..5_000_000_000_i64, rate in -50_000..=20_000_i32, year in 0..20_i32,
        ) {
            let got = *cents(first, rate, 20).get(usize::try_from(year).unwrap()).unwrap();
            #[expect(clippy::cast_precision_loss, reason = "some billions")]
            let want = first as f64 * (1.0 + f64::from(rate) / 1.0e5).powi(year);
            #[expect(clippy::cast_precision_loss, reason = "some billions")]
            let off = (got as f64 - want).abs();
            prop_assert!(off <= 0.51, "{got} {want}");
        }
    }
}
