//! The two languages, and how each writes numbers.

use crate::domain::Seconds;
use std::str::FromStr;

/// A language code that is neither `fr` nor `en`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language; expected fr or en")]
pub struct UnknownLanguage(String);

/// The language of a report or a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Of France: decimal comma, spaces before double punctuation.
    #[default]
    French,
    /// Of Britain: decimal point.
    English,
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        match text {
            "fr" => Ok(Self::French),
            "en" => Ok(Self::English),
            other => Err(UnknownLanguage(other.to_owned())),
        }
    }
}

impl Language {
    /// Its code, as in the `lang` attribute of a page.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// The first text in French, the second in English.
    #[must_use]
    pub const fn pick<'a>(self, french: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }

    /// A number with its decimals, thousands parted by a narrow no-break space (French) or a
    /// comma (English).
    ///
    /// # Example
    ///
    /// ```
    /// # use voirie::io::wording::Language;
    /// assert_eq!(Language::French.number(12345.678, 1), "12\u{202f}345,7");
    /// assert_eq!(Language::English.number(12345.678, 1), "12,345.7");
    /// ```
    #[must_use]
    pub fn number(self, value: f64, decimals: usize) -> String {
        let (mark, comma) = match self {
            Self::French => ("\u{202f}", ","),
            Self::English => (",", "."),
        };
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        // A minus before nothing but zeros would say less than nothing.
        let negative = value < 0.0 && plain.bytes().any(|it| (b'1'..=b'9').contains(&it));
        let mut text = String::from(if negative { "\u{2212}" } else { "" });
        for (rank, digit) in whole.chars().enumerate() {
            if rank > 0 && (whole.len() - rank) % 3 == 0 {
                text.push_str(mark);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(comma);
            text.push_str(fraction);
        }
        text
    }

    /// A count.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nobody counts 2^53 things")]
    pub fn count(self, value: usize) -> String {
        self.number(value as f64, 0)
    }

    /// A count and the word for what is counted, such as `1 image` or `3 images`.
    ///
    /// French counts zero and one alike; English puts zero among the many.
    #[must_use]
    pub fn counted(self, value: usize, one: &str, many: &str) -> String {
        let single = match self {
            Self::French => value < 2,
            Self::English => value == 1,
        };
        format!("{}\u{a0}{}", self.count(value), if single { one } else { many })
    }

    /// A share as a percentage, with its sign.
    #[must_use]
    pub fn percent(self, share: f64, decimals: usize) -> String {
        let number = self.number(share * 100.0, decimals);
        match self {
            Self::French => format!("{number}\u{a0}%"),
            Self::English => format!("{number}%"),
        }
    }

    /// Metres below a kilometre, kilometres above, with the unit; no decimal from 100 km.
    #[must_use]
    pub fn distance(self, metres: f64) -> String {
        if metres.abs() < 1000.0 {
            format!("{}\u{a0}m", self.number(metres, 0))
        } else {
            // A tenth of a kilometre says nothing of a whole network.
            let decimals = usize::from(metres.abs() < 100_000.0);
            format!("{}\u{a0}km", self.number(metres / 1000.0, decimals))
        }
    }

    /// A quotation in the marks of the language.
    #[must_use]
    pub fn quote(self, text: &str) -> String {
        match self {
            Self::French => format!("«\u{a0}{text}\u{a0}»"),
            Self::English => format!("“{text}”"),
        }
    }
}

/// An instant (seconds since 1970-01-01 UTC) as ISO 8601 text to the millisecond, such as
/// `2025-06-12T08:00:00.000Z`; nothing outside the years -9999 to 9999.
#[must_use]
pub fn utc(instant: Seconds) -> Option<String> {
    let milliseconds = (instant.get() * 1000.0).round();
    // Chosen: far outside the calendar, and far inside an i64.
    if milliseconds.abs() > 1.0e15 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked just above")]
    let instant = jiff::Timestamp::from_millisecond(milliseconds as i64).ok()?;
    Some(format!("{instant:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        let cases = [
            (0.0, 0, "0", "0"),
            (-0.04, 1, "0,0", "0.0"),
            (-1234.5, 1, "\u{2212}1\u{202f}234,5", "\u{2212}1,234.5"),
            (999.0, 0, "999", "999"),
            (1_000_000.0, 0, "1\u{202f}000\u{202f}000", "1,000,000"),
            (18.153, 2, "18,15", "18.15"),
        ];
        for (value, decimals, french, english) in cases {
            assert_eq!(Language::French.number(value, decimals), french, "{value}");
            assert_eq!(Language::English.number(value, decimals), english, "{value}");
        }
        assert_eq!(Language::French.percent(0.125, 1), "12,5\u{a0}%");
        assert_eq!(Language::English.percent(0.125, 1), "12.5%");
        assert_eq!(Language::French.distance(1234.0), "1,2\u{a0}km");
        assert_eq!(Language::French.distance(6_138_200.0), "6\u{202f}138\u{a0}km");
    }

    #[test]
    fn what_is_counted_agrees_with_the_count() {
        let said = |language: Language, n| language.counted(n, "image", "images");
        assert_eq!(said(Language::French, 0), "0\u{a0}image");
        assert_eq!(said(Language::English, 0), "0\u{a0}images");
        assert_eq!(said(Language::English, 1), "1\u{a0}image");
        assert_eq!(said(Language::French, 1200), "1\u{202f}200\u{a0}images");
    }

    #[test]
    fn instants_are_utc_text() {
        let cases = [
            (0.0, Some("1970-01-01T00:00:00.000Z")),
            (1_749_715_200.25, Some("2025-06-12T08:00:00.250Z")),
            (1.0e18, None),
        ];
        for (seconds, want) in cases {
            assert_eq!(utc(Seconds::of(seconds)).as_deref(), want);
        }
    }

    #[test]
    fn languages_have_codes() {
        for language in [Language::French, Language::English] {
            assert_eq!(language.code().parse(), Ok(language));
        }
        let refused = "de".parse::<Language>().unwrap_err();
        assert_eq!(refused.to_string(), "\"de\" is not a language; expected fr or en");
    }
}
