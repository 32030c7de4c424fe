//! EXIF tags: when and where a picture was taken, and which way up the camera was.

use super::folder::Taken;
use crate::domain::{Seconds, Wgs84};
use exif::{Exif, In, Tag, Value};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Reads the tags of a picture; `None` when it has none that can be read.
pub(super) fn read(path: &Path) -> Option<Taken> {
    let file = File::open(path).ok()?;
    let exif = exif::Reader::new().read_from_container(&mut BufReader::new(file)).ok()?;
    Some(Taken { time: time(&exif), position: position(&exif), turn_degrees: turn_degrees(&exif) })
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(parts) => {
            Some(String::from_utf8_lossy(parts.first()?).trim_matches(['\0', ' ']).to_owned())
        }
        _ => None,
    }
}

/// `DateTimeOriginal`, its fraction and its zone; without a zone, UTC.
///
/// # Source
///
/// CIPA DC-008-2023 (Exif 3.0), 4.6.6.
fn time(exif: &Exif) -> Option<Seconds> {
    let date = text(exif, Tag::DateTimeOriginal)?;
    let fraction = text(exif, Tag::SubSecTimeOriginal);
    let zone = text(exif, Tag::OffsetTimeOriginal).or_else(|| text(exif, Tag::OffsetTime));
    instant(&date, fraction.as_deref(), zone.as_deref())
}

fn instant(date: &str, fraction: Option<&str>, zone: Option<&str>) -> Option<Seconds> {
    let (day, clock) = date.split_once(' ')?;
    let civil: jiff::civil::DateTime = format!("{}T{clock}", day.replace(':', "-")).parse().ok()?;
    let seconds = jiff::tz::Offset::UTC.to_timestamp(civil).ok()?.as_duration().as_secs_f64();
    let digits = fraction.filter(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    let fraction = digits.and_then(|it| format!("0.{it}").parse::<f64>().ok()).unwrap_or(0.0);
    let east = zone.and_then(seconds_east).unwrap_or(0.0);
    Seconds::new(seconds + fraction - east).ok()
}

/// Seconds east of Greenwich of a zone such as `+02:00`.
fn seconds_east(zone: &str) -> Option<f64> {
    let sign = match zone.get(..1)? {
        "+" => 1.0,
        "-" => -1.0,
        "Z" => return Some(0.0),
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60)
        .then(|| sign * (f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0))
}

/// Latitude and longitude in degrees, minutes and seconds with their hemispheres.
fn position(exif: &Exif) -> Option<Wgs84> {
    let degrees = |tag: Tag, hemisphere: Tag, negative: &str| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let part = |it: usize| parts.get(it).map_or(0.0, exif::Rational::to_f64);
        let value = part(0) + part(1) / 60.0 + part(2) / 3600.0;
        let sign = if text(exif, hemisphere)?.eq_ignore_ascii_case(negative) { -1.0 } else { 1.0 };
        Some(sign * value)
    };
    let latitude = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, "S")?;
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, "W")?;
    Wgs84::new(longitude, latitude).ok()
}

/// Orientations 3, 6 and 8 are turns; mirrored ones come from no camera.
fn turn_degrees(exif: &Exif) -> i64 {
    let field = exif.get_field(Tag::Orientation, In::PRIMARY);
    match field.and_then(|it| it.value.get_uint(0)) {
        Some(3) => 180,
        Some(6) => 90,
        Some(8) => 270,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use exif::experimental::Writer;
    use exif::{Field, Rational};
    use std::io::Cursor;

    fn tags(fields: &[(Tag, Value)]) -> Exif {
        let fields: Vec<_> = fields
            .iter()
            .map(|(tag, value)| Field { tag: *tag, ifd_num: In::PRIMARY, value: value.clone() })
            .collect();
        let mut writer = Writer::new();
        for field in &fields {
            writer.push_field(field);
        }
        let mut bytes = Cursor::new(Vec::new());
        writer.write(&mut bytes, false).unwrap();
        exif::Reader::new().read_raw(bytes.into_inner()).unwrap()
    }

    fn ascii(text: &str) -> Value {
        Value::Ascii(vec![text.into()])
    }

    #[test]
    fn date_fraction_and_zone_make_an_instant() {
        let cases = [
            ("2024:05:13 10:30:00", Some("25"), Some("+02:00"), Some(1_715_589_000.25)),
            ("2024:05:13 08:30:00", None, None, Some(1_715_589_000.0)),
            ("2024:05:13 03:00:00", None, Some("-05:30"), Some(1_715_589_000.0)),
            ("2024:05:13 08:30:00", Some("  "), Some("   :  "), Some(1_715_589_000.0)),
            ("0000:00:00 00:00:00", None, None, None),
            ("    :  :     :  :  ", None, None, None),
        ];
        for (date, fraction, zone, want) in cases {
            assert_eq!(instant(date, fraction, zone).map(Seconds::get), want, "{date} {zone:?}");
        }
    }

    #[test]
    fn tags_give_time_place_and_turn() {
        let dms = |d, m, s| {
            Value::Rational(
                [(d, 1), (m, 1), (s, 100)].map(|(num, denom)| Rational { num, denom }).into(),
            )
        };
        let exif = tags(&[
            (Tag::Orientation, Value::Short(vec![6])),
            (Tag::DateTimeOriginal, ascii("2024:05:13 10:30:00")),
            (Tag::SubSecTimeOriginal, ascii("500")),
            (Tag::OffsetTimeOriginal, ascii("+02:00")),
            (Tag::GPSLatitudeRef, ascii("N")),
            (Tag::GPSLatitude, dms(43, 36, 1800)),
            (Tag::GPSLongitudeRef, ascii("W")),
            (Tag::GPSLongitude, dms(1, 26, 3600)),
        ]);
        assert_eq!(time(&exif), Some(Seconds::of(1_715_589_000.5)));
        let got = position(&exif).unwrap();
        assert!((got.latitude() - 43.605).abs() < 1e-9, "{got:?}");
        assert!((got.longitude() + 1.443_333_333).abs() < 1e-8, "{got:?}");
        assert_eq!(turn_degrees(&exif), 90);
    }

    #[test]
    fn a_position_over_zero_is_none() {
        let broken = Value::Rational(vec![Rational { num: 1, denom: 0 }]);
        let exif = tags(&[
            (Tag::GPSLatitudeRef, ascii("N")),
            (Tag::GPSLatitude, broken.clone()),
            (Tag::GPSLongitudeRef, ascii("E")),
            (Tag::GPSLongitude, broken),
        ]);
        assert_eq!(position(&exif), None);
    }
}
