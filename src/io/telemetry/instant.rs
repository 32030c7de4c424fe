//! When a fix was taken, in the ways that loggers write it.

use crate::domain::Seconds;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// An instant, and whether its time zone had to be guessed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Instant {
    pub at: Seconds,
    pub zone_assumed: bool,
}

/// What an instant looks like.
pub(super) const EXPECTED: &str =
    "a time such as 2025-06-12T08:30:00.5Z, or seconds or milliseconds since 1970";

/// Above this, a number counts milliseconds: as seconds it would be past the year 5000.
const LEAST_MILLISECONDS: f64 = 1e11;

/// Above this, a number counts microseconds.
const LEAST_MICROSECONDS: f64 = 1e14;

/// Reads ISO 8601 with `Z`, an offset or (taken as UTC, as GPX says) nothing, or a count since
/// 1970-01-01 UTC.
pub(super) fn parse(text: &str) -> Option<Instant> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        let seconds = match number.abs() {
            it if it < LEAST_MILLISECONDS => number,
            it if it < LEAST_MICROSECONDS => number / 1e3,
            _ => number / 1e6,
        };
        let at = Seconds::new(seconds).ok().filter(|it| it.abs().get() < LEAST_MILLISECONDS)?;
        return Some(Instant { at, zone_assumed: false });
    }
    if let Ok(known) = text.parse::<Timestamp>() {
        return Some(Instant { at: seconds(known), zone_assumed: false });
    }
    let known = Offset::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok()?;
    Some(Instant { at: seconds(known), zone_assumed: true })
}

fn seconds(instant: Timestamp) -> Seconds {
    let whole = i32::try_from(instant.as_second() / 1000);
    let thousands = whole.expect("jiff knows the years -9999 to 9999");
    let rest = i32::try_from(instant.as_second() % 1000).expect("below a thousand");
    let nanoseconds = f64::from(instant.subsec_nanosecond());
    Seconds::of(f64::from(thousands) * 1e3 + f64::from(rest) + nanoseconds / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn instants_parse_or_are_refused() {
        let noon = 1_749_729_600.0;
        let cases = [
            ("2025-06-12T12:00:00Z", Some((noon, false))),
            (" 2025-06-12T12:00:00.250Z ", Some((noon + 0.25, false))),
            ("2025-06-12T14:00:00+02:00", Some((noon, false))),
            ("2025-06-12 12:00:00", Some((noon, true))),
            ("2025-06-12T12:00:00", Some((noon, true))),
            ("1749729600", Some((noon, false))),
            ("1749729600.5", Some((noon + 0.5, false))),
            ("1749729600250", Some((noon + 0.25, false))),
            ("1749729600250000", Some((noon + 0.25, false))),
            ("12.5", Some((12.5, false))),
            ("NaN", None),
            ("inf", None),
            ("1e300", None),
            ("12:00", None),
            ("12/06/2025 12:00", None),
            ("", None),
        ];
        for (text, want) in cases {
            let got = parse(text).map(|it| (it.at.get(), it.zone_assumed));
            assert_eq!(got, want, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = parse(&text);
        }
    }
}
