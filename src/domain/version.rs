//! Which state of the referential a network is: a date, and a name where it has one.

use std::fmt;
use std::str::FromStr;

/// Text that is not a version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "found {0:?}, expected a date, then a name or nothing: 2024-01-01, 2024-01-01 after survey"
)]
pub struct VersionError(String);

/// A version of the referential: the day from which it stands, and what it is called.
///
/// Roads are measured again, markers are moved, roads change name: a PR and an abscisse mean a
/// place only together with the version that they were read in.
///
/// # Example
///
/// ```
/// # use voirie::domain::ReferentialVersion;
/// let version: ReferentialVersion = "2024-01-01 PR reset".parse()?;
/// assert_eq!((version.date().as_str(), version.name()), ("2024-01-01", Some("PR reset")));
/// assert!("2024-02-30".parse::<ReferentialVersion>().is_err());
/// # Ok::<(), voirie::domain::VersionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReferentialVersion {
    date: jiff::civil::Date,
    name: Option<String>,
}

impl ReferentialVersion {
    /// The day from which it stands, as `2024-01-01`.
    #[must_use]
    pub fn date(&self) -> String {
        self.date.to_string()
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl fmt::Display for ReferentialVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        self.name.as_ref().map_or(Ok(()), |it| write!(f, " {it}"))
    }
}

impl FromStr for ReferentialVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (day, name) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        // Ten characters: short forms and instants are dates to others, and ambiguous here.
        let date = day.parse().ok().filter(|_| day.len() == "2024-01-01".len());
        let date = date.ok_or_else(|| VersionError(text.to_owned()))?;
        let name = Some(name.trim().to_owned()).filter(|it| !it.is_empty());
        Ok(Self { date, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_days_of_the_calendar() {
        for text in ["2024-01-01", "2024-02-29 après recalage", "1999-12-31 v2"] {
            assert_eq!(text.parse::<ReferentialVersion>().unwrap().to_string(), text);
        }
        for text in
            ["", "2024", "2023-02-29", "20240101", "01/01/2024", "2024-1-1", "2024-01-01T10"]
        {
            let refused = text.parse::<ReferentialVersion>().unwrap_err().to_string();
            assert!(refused.contains(&format!("found {text:?}, expected a date")), "{refused}");
        }
    }

    #[test]
    fn the_later_day_is_the_later_version() {
        let version = |text: &str| text.parse::<ReferentialVersion>().unwrap();
        assert!(version("2023-12-31 z") < version("2024-01-01 a"));
        assert_eq!(version(" 2024-01-01  "), version("2024-01-01"));
    }
}
