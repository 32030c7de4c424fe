//! Quantities: a number and its unit, checked once.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// Why a number is not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// NaN or an infinity.
    #[error("{0} is not a finite number")]
    NotFinite(f64),
    /// A quantity that cannot be negative.
    #[error("{0} is negative")]
    Negative(f64),
    /// A share outside 0 to 1.
    #[error("{0} is not between 0 and 1")]
    OutsideUnit(f64),
}

macro_rules! quantity {
    ($(#[$meta:meta])* $name:ident, $unit:literal, $decimals:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0.0);

            /// Wraps a number.
            ///
            /// # Errors
            ///
            /// [`UnitError::NotFinite`] for NaN and infinities.
            pub fn new(value: f64) -> Result<Self, UnitError> {
                if value.is_finite() { Ok(Self(value)) } else { Err(UnitError::NotFinite(value)) }
            }

            /// Wraps a number known to be finite: a literal, or arithmetic on finite numbers.
            ///
            /// # Panics
            ///
            /// On NaN and infinities: a bug in the caller.
            #[must_use]
            pub fn of(value: f64) -> Self {
                assert!(value.is_finite(), "{value} is not a finite number");
                Self(value)
            }

            /// The bare number, for arithmetic inside one function.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }

            /// The larger of the two.
            #[must_use]
            pub fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }

            /// The smaller of the two.
            #[must_use]
            pub fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }

            /// Its distance from zero.
            #[must_use]
            pub fn abs(self) -> Self {
                Self(self.0.abs())
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, Add::add)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{:.", $decimals, "} ", $unit), self.0)
            }
        }
    };
}

quantity!(
    /// A length in metres, always finite. Negative before an origin.
    Metres, "m", 1
);
quantity!(
    /// An area in square metres, always finite.
    SquareMetres, "m²", 2
);
quantity!(
    /// A duration in seconds, or an instant in seconds from a stated origin.
    Seconds, "s", 3
);
quantity!(
    /// An angle in degrees.
    Degrees, "°", 2
);

/// Metres by metres make square metres; nothing else does.
impl Mul for Metres {
    type Output = SquareMetres;

    fn mul(self, other: Self) -> SquareMetres {
        SquareMetres(self.0 * other.0)
    }
}

/// A share, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Ratio(f64);

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self(0.0);
    /// The whole.
    pub const ONE: Self = Self(1.0);

    /// Wraps a share.
    ///
    /// # Errors
    ///
    /// When `value` is NaN or outside 0 to 1.
    pub fn new(value: f64) -> Result<Self, UnitError> {
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value))
        } else if value.is_finite() {
            Err(UnitError::OutsideUnit(value))
        } else {
            Err(UnitError::NotFinite(value))
        }
    }

    /// Forces into 0 to 1.
    ///
    /// # Panics
    ///
    /// On NaN.
    #[must_use]
    pub fn clamped(value: f64) -> Self {
        assert!(!value.is_nan(), "a ratio cannot be NaN");
        Self(value.clamp(0.0, 1.0))
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} %", self.0 * 100.0)
    }
}

/// Money in whole cents, so that budgets add up.
///
/// # Example
///
/// ```
/// # use voirie::domain::Euros;
/// assert_eq!(Euros::from_millions(13.5).cents(), 1_350_000_000);
/// assert_eq!(Euros::from_cents(10) + Euros::from_cents(20), Euros::from_cents(30));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Euros(i64);

impl Euros {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Whole cents.
    #[must_use]
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    /// Rounds an amount in euros to the cent.
    ///
    /// # Panics
    ///
    /// On NaN, infinities and amounts past 9e16 euros.
    #[must_use]
    pub fn rounded(euros: f64) -> Self {
        let cents = (euros * 100.0).round();
        assert!(cents.abs() < 9.0e18, "{euros} is not an amount");
        #[expect(clippy::cast_possible_truncation, reason = "checked just above")]
        Self(cents as i64)
    }

    /// Rounds an amount in millions of euros to the cent.
    #[must_use]
    pub fn from_millions(millions: f64) -> Self {
        Self::rounded(millions * 1.0e6)
    }

    /// Whole cents.
    #[must_use]
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// Euros, as a number to show or divide.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "budgets stay far below 2^53 cents")]
    pub fn get(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl Add for Euros {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl AddAssign for Euros {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}
impl Sub for Euros {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}
impl Sum for Euros {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}
impl fmt::Display for Euros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} €", self.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_refuse_what_is_not_a_number() {
        assert!(Metres::new(f64::NAN).is_err());
        assert_eq!(Ratio::new(1.2), Err(UnitError::OutsideUnit(1.2)));
        assert_eq!(Metres::of(2.0) * Metres::of(3.0), SquareMetres::of(6.0));
    }

    #[test]
    fn cents_add_up() {
        let total: Euros = (0..1000).map(|_| Euros::rounded(0.1)).sum();
        assert_eq!(total, Euros::rounded(100.0));
        assert_eq!(Euros::rounded(1234.5).to_string(), "1234.50 €");
    }
}
