//! Linear referencing: road, carriageway, PR and abscisse.

use super::units::Metres;
use std::fmt;
use std::str::FromStr;

/// Why text is not a reference.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// Not `12+350`.
    #[error("{0:?} is not a PR and an abscisse; expected for example 12+350")]
    PrAbscisse(String),
    /// Not U, D or G.
    #[error("{0:?} is not a carriageway; expected U (single), D (right) or G (left)")]
    Carriageway(String),
    /// A road without a name.
    #[error("a road needs a name")]
    EmptyRoad,
}

/// The name of a road, such as `D817`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoadId(String);

impl RoadId {
    /// # Errors
    ///
    /// When the name is empty.
    pub fn new(name: &str) -> Result<Self, ReferenceError> {
        let name = name.trim();
        if name.is_empty() { Err(ReferenceError::EmptyRoad) } else { Ok(Self(name.to_owned())) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which carriageway of a road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carriageway {
    /// One carriageway for both directions: U.
    Single,
    /// The right one of a divided road, in the direction of increasing PR: D.
    Right,
    /// The left one: G.
    Left,
}

impl Carriageway {
    /// The letter used in files.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Single => "U",
            Self::Right => "D",
            Self::Left => "G",
        }
    }
}

impl FromStr for Carriageway {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        match text.trim().to_ascii_uppercase().as_str() {
            "U" | "I" | "N" | "" => Ok(Self::Single),
            "D" => Ok(Self::Right),
            "G" => Ok(Self::Left),
            _ => Err(ReferenceError::Carriageway(text.trim().to_owned())),
        }
    }
}

/// Direction of travel against the road's PRs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Towards higher PRs: the right side of the road (*sens +*).
    Increasing,
    /// Towards lower PRs: the left side (*sens -*).
    Decreasing,
}

impl Direction {
    /// `+` or `-`.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Increasing => "+",
            Self::Decreasing => "-",
        }
    }
}

/// A marker (*point de repère*) and the metres past it, written `12+350`.
///
/// Consecutive PRs are about, not exactly, 1,000 m apart, and some are missing.
///
/// # Example
///
/// ```
/// # use voirie::domain::PrAbscisse;
/// let at: PrAbscisse = "12+350".parse()?;
/// assert_eq!((at.pr, at.abscisse.get()), (12, 350.0));
/// # Ok::<(), voirie::domain::ReferenceError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrAbscisse {
    /// Number of the marker.
    pub pr: u16,
    /// Metres past it; never negative.
    pub abscisse: Metres,
}

impl fmt::Display for PrAbscisse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:03.0}", self.pr, self.abscisse.get())
    }
}

impl FromStr for PrAbscisse {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let refused = || ReferenceError::PrAbscisse(text.to_owned());
        let (pr, past) = text.trim().split_once('+').ok_or_else(refused)?;
        let pr = pr.parse().ok().ok_or_else(refused)?;
        let past: f64 = past.parse().ok().ok_or_else(refused)?;
        let abscisse = Metres::new(past).ok().filter(|it| it.get() >= 0.0).ok_or_else(refused)?;
        Ok(Self { pr, abscisse })
    }
}

/// A place on a road. Its distance to another depends on the network.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearRef {
    /// Which road.
    pub road: RoadId,
    /// Which carriageway.
    pub carriageway: Carriageway,
    /// Where along it.
    pub at: PrAbscisse,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pr_and_abscisse_parse_or_are_refused() {
        let cases = [
            ("12+350", Some((12, 350.0))),
            ("0+0", Some((0, 0.0))),
            // Successive PRs are not exactly 1,000 m apart.
            ("12+1043", Some((12, 1043.0))),
            ("12", None),
            ("12+NaN", None),
            ("12+-4", None),
            ("-1+4", None),
        ];
        for (text, want) in cases {
            let got = text.parse::<PrAbscisse>().ok().map(|it| (it.pr, it.abscisse.get()));
            assert_eq!(got, want, "{text:?}");
        }
    }

    #[test]
    fn carriageways_have_letters() {
        for side in [Carriageway::Single, Carriageway::Right, Carriageway::Left] {
            assert_eq!(side.letter().parse::<Carriageway>(), Ok(side));
        }
        assert_eq!(" d ".parse(), Ok(Carriageway::Right));
        assert!("x".parse::<Carriageway>().unwrap_err().to_string().starts_with("\"x\" is not"));
    }
}
