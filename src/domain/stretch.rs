//! Stretches of road as engineers write them: `D817 12+300 à 13+100`.

use super::conversion::WrittenReference;
use super::reference::{Carriageway, PrAbscisse, RoadId};
use std::fmt;
use std::str::FromStr;

/// A stretch of road, in the words of who wrote it.
///
/// A road, its carriageway where it has two (D or G), PR and abscisse of both ends.
///
/// # Example
///
/// ```
/// # use voirie::domain::WrittenStretch;
/// let it: WrittenStretch = "D817 D 12+300 à 13+100".parse()?;
/// assert_eq!(it.at().road.as_str(), "D817");
/// assert_eq!(it.to_string(), "D817 D 12+300 à 13+100");
/// # Ok::<(), voirie::domain::WrittenStretchError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenStretch {
    words: String,
    at: WrittenReference,
}

/// Text that is no stretch of road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a road and two PR with abscisses, such as \"D817 12+300 à 13+100\"")]
pub struct WrittenStretchError;

impl WrittenStretch {
    /// What is to be found on a network.
    #[must_use]
    pub const fn at(&self) -> &WrittenReference {
        &self.at
    }
}

impl FromStr for WrittenStretch {
    type Err = WrittenStretchError;

    fn from_str(text: &str) -> Result<Self, WrittenStretchError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let pr = |it: &&str| it.parse::<PrAbscisse>().ok();
        let first = words.iter().position(|it| pr(it).is_some()).ok_or(WrittenStretchError)?;
        let (road, ends) = words.split_at(first);
        let ([start, "à" | "a" | "to" | "-" | "–" | "→" | "->", end] | [start, end]) = ends
        else {
            return Err(WrittenStretchError);
        };
        let start = pr(start).ok_or(WrittenStretchError)?;
        let end = pr(end).ok_or(WrittenStretchError)?;
        let (carriageway, road) = match road {
            [road @ .., side @ ("U" | "D" | "G")] if !road.is_empty() => {
                (Some(side.parse::<Carriageway>().or(Err(WrittenStretchError))?), road)
            }
            road => (None, road),
        };
        let road = RoadId::new(&road.join(" ")).or(Err(WrittenStretchError))?;
        let at = WrittenReference {
            road,
            carriageway,
            direction: None,
            by_pr: Some((start, Some(end))),
            by_cumul: None,
        };
        Ok(Self { words: words.join(" "), at })
    }
}

impl fmt::Display for WrittenStretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_road_its_carriageway_and_two_ends() {
        for (text, road, side) in [
            ("D817 12+300 à 13+100", "D817", None),
            ("D817 G 12+300 -> 13+100", "D817", Some(Carriageway::Left)),
            (" RN 20  12+300 13+100 ", "RN 20", None),
            ("D 12+300 to 13+100", "D", None),
        ] {
            let it: WrittenStretch = text.parse().unwrap();
            assert_eq!((it.at().road.as_str(), it.at().carriageway), (road, side), "{text}");
            let (start, end) = it.at().by_pr.unwrap();
            assert_eq!((start.pr, end.unwrap().pr), (12, 13), "{text}");
        }
        for text in
            ["", "D817", "12+300 à 13+100", "D817 12+300", "D817 12+300 à", "D817 1+2 3+4 5+6"]
        {
            assert_eq!(text.parse::<WrittenStretch>(), Err(WrittenStretchError), "{text}");
        }
    }
}
