//! What one subtitle says of when and where, in the ways that drones and dashcams write it.

use super::nmea_log::is_sentence;

/// What one subtitle says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Said {
    /// The date in ISO 8601, its zone as written.
    pub date: Option<String>,
    /// Longitude and latitude, as written.
    pub position: Option<(String, String)>,
    /// Lines with NMEA sentences.
    pub has_sentences: bool,
}

/// Reads the text of one subtitle.
pub(super) fn read(text: &str) -> Said {
    let lower = text.to_ascii_lowercase();
    let position = labelled(&lower).or_else(|| gps(&lower)).or_else(|| hemispheres(text));
    Said { date: date(text), position, has_sentences: text.lines().any(is_sentence) }
}

/// `[latitude: 43.6] [longitude: 1.44]`, `lat=43.6, lon=1.44`.
///
/// # Source
///
/// Subtitles of DJI drones since 2018; some firmware writes `longtitude`.
fn labelled(lower: &str) -> Option<(String, String)> {
    let latitude = after(lower, &["latitude", "lat"])?;
    let longitude = after(lower, &["longitude", "longtitude", "long", "lon", "lng"])?;
    Some((longitude, latitude))
}

/// The number that follows one of the names and a colon or an equals sign.
fn after(lower: &str, names: &[&str]) -> Option<String> {
    let valued = |name: &&str| {
        lower.match_indices(*name).find_map(|(at, _)| {
            let alone = !lower[..at].ends_with(|it: char| it.is_alphanumeric());
            let rest = lower[at + name.len()..].trim_start();
            let rest = rest.strip_prefix([':', '=']).filter(|_| alone)?;
            number(rest.trim_start()).map(|it| it.0.to_owned())
        })
    };
    names.iter().find_map(valued)
}

/// `GPS (1.44, 43.6, 20)`: longitude, latitude, then altitude or satellites.
///
/// # Source
///
/// Subtitles of DJI drones before 2018, where longitude comes first.
fn gps(lower: &str) -> Option<(String, String)> {
    lower.match_indices("gps").find_map(|(at, name)| {
        let rest = lower[at + name.len()..].trim_start_matches([' ', ':']);
        let (longitude, rest) = number(rest.strip_prefix('(')?.trim_start())?;
        let rest = rest.trim_start().strip_prefix(',')?;
        let (latitude, _) = number(rest.trim_start())?;
        Some((longitude.to_owned(), latitude.to_owned()))
    })
}

/// `N:43.6 W:1.44`: a letter, then degrees with their decimals.
fn hemispheres(text: &str) -> Option<(String, String)> {
    let signed = |positive: char, negative: char| {
        text.match_indices([positive, negative]).find_map(|(at, letter)| {
            let alone = !text[..at].ends_with(|it: char| it.is_alphanumeric());
            let rest = text[at + 1..].trim_start_matches([' ', ':']);
            let (degrees, _) = number(rest).filter(|it| alone && it.0.contains('.'))?;
            let south = letter.starts_with(negative) && !degrees.starts_with('-');
            Some(format!("{}{degrees}", if south { "-" } else { "" }))
        })
    };
    Some((signed('E', 'W')?, signed('N', 'S')?))
}

/// The number at the start of a text, and what follows it.
fn number(text: &str) -> Option<(&str, &str)> {
    let digits = |it: char| it.is_ascii_digit() || it == '.';
    let signs = text.len() - text.trim_start_matches(['+', '-']).len();
    let length = text[signs..].find(|it| !digits(it)).unwrap_or(text.len() - signs);
    let (found, rest) = text.split_at(signs + length);
    found.parse::<f64>().is_ok().then_some((found, rest))
}

/// `2024-05-14 08:00:00,123`, with `.` or `/` between the parts of the day, the fraction in one
/// or two parts (`,123,456`), and a zone if any.
fn date(text: &str) -> Option<String> {
    text.char_indices().filter(|it| it.1.is_ascii_digit()).find_map(|(at, _)| {
        let begins = !text[..at].ends_with(|it: char| it.is_ascii_digit());
        text.get(at..).filter(|_| begins).and_then(date_at)
    })
}

fn date_at(text: &str) -> Option<String> {
    let (year, rest) = text.split_at_checked(4)?;
    let (month, rest) = rest.strip_prefix(['-', '/', '.'])?.split_at_checked(2)?;
    let (day, rest) = rest.strip_prefix(['-', '/', '.'])?.split_at_checked(2)?;
    let (clock, rest) = rest.trim_start_matches([' ', 'T', '_']).split_at_checked(8)?;
    let all_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if ![year, month, day].into_iter().all(all_digits) || !clock.is_ascii() {
        return None;
    }
    let mut fraction = String::new();
    let mut rest = rest;
    for _ in 0..2 {
        let Some(more) = rest.strip_prefix([',', '.']) else { break };
        let length = more.find(|it: char| !it.is_ascii_digit()).unwrap_or(more.len());
        if length == 0 {
            break;
        }
        fraction.push_str(&more[..length]);
        rest = &more[length..];
    }
    // Below a nanosecond nothing is written, and nothing can be kept.
    fraction.truncate(9);
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{year}-{month}-{day}T{clock}{point}{fraction}{}", zone(rest)))
}

/// `Z` or `+02:00` right behind the time.
fn zone(rest: &str) -> &str {
    let offset = rest.get(..6).filter(|it| it.starts_with(['+', '-']) && it[3..].starts_with(':'));
    match (rest.starts_with('Z'), offset) {
        (true, _) => "Z",
        (_, Some(offset)) => offset,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn positions_are_found_however_they_are_written() {
        let cases = [
            (
                "[iso: 100] [latitude: 43.6] [longitude: 1.44] [rel_alt: 1.2]",
                Some(("1.44", "43.6")),
            ),
            ("[latitude : -43.6] [longtitude : -1.44]", Some(("-1.44", "-43.6"))),
            ("lat=43.6, lon=1.44", Some(("1.44", "43.6"))),
            ("F/2.8, SS 320.5, ISO 100, EV 0, GPS (1.44, 43.6, 20), D 12m", Some(("1.44", "43.6"))),
            ("HOME(2.5,48.1) GPS(1.44,43.6,20) BAROMETER:12", Some(("1.44", "43.6"))),
            ("N:43.6 W:1.44 52 km/h", Some(("-1.44", "43.6"))),
            ("S43.6 E1.44", Some(("1.44", "-43.6"))),
            ("GPS (n/a, n/a)", None),
            ("latency: 43.6 longest: 1.4", None),
            ("EXIT 12.5 NEAR 14.5", None),
            ("bonjour", None),
        ];
        for (text, want) in cases {
            let want = want.map(|(x, y)| (x.to_owned(), y.to_owned()));
            assert_eq!(read(text).position, want, "{text}");
        }
    }

    #[test]
    fn dates_are_found_however_they_are_written() {
        let cases = [
            ("DiffTime: 33ms\n2024-05-14 08:00:00,123\n", Some("2024-05-14T08:00:00.123")),
            ("2024-05-14 08:00:00,123,456", Some("2024-05-14T08:00:00.123456")),
            ("HOME(1,2) 2017.08.05 14:11:51", Some("2017-08-05T14:11:51")),
            ("2024/05/14 08:00:00.5+02:00", Some("2024-05-14T08:00:00.5+02:00")),
            ("x 2024-05-14T08:00:00Z, y", Some("2024-05-14T08:00:00Z")),
            ("1234567890 08:00:00", None),
            ("2024-05-14 08:00", None),
        ];
        for (text, want) in cases {
            assert_eq!(read(text).date.as_deref(), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(
            text in "(.|\\PC|[NSEW:() ,.0-9-]|latitude|lon|gps|2024-05-14 ){0,30}"
        ) {
            let _ = read(&text);
        }
    }
}
