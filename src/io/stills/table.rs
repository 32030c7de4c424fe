//! The table beside the pictures: `file,time,lon,lat`, or `fichier;heure;lon;lat`.

use super::folder::Taken;
use crate::domain::{Seconds, Wgs84};
use std::collections::BTreeMap;

/// Why there is no table.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TableFault {
    /// The header found.
    Header(String),
    /// Not a CSV.
    Broken(String),
}

/// A row that cannot be used, or only in part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RowFault {
    /// Line of the file, from 1.
    pub(super) row: usize,
    pub(super) found: String,
    pub(super) expected: &'static str,
}

/// Pictures by name, and the rows that could not be used.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) rows: BTreeMap<String, Taken>,
    pub(super) faults: Vec<RowFault>,
}

/// Names of columns, in lower case.
///
/// Chosen: English and French, with the abbreviations met in exports of loggers.
const FILE: [&str; 6] = ["file", "fichier", "filename", "image", "photo", "nom_fichier"];
const TIME: [&str; 7] =
    ["time", "heure", "date", "datetime", "timestamp", "horodatage", "date_heure"];
const LONGITUDE: [&str; 4] = ["lon", "longitude", "lng", "long"];
const LATITUDE: [&str; 2] = ["lat", "latitude"];

/// Parses a table. The separator is the one that the header has most of.
pub(super) fn parse(text: &str) -> Result<Table, TableFault> {
    let text = text.trim_start_matches('\u{FEFF}');
    let header = text.lines().next().unwrap_or_default();
    let count = |it: &u8| header.bytes().filter(|byte| byte == it).count();
    let separator = [b',', b';', b'\t'].into_iter().max_by_key(count).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names = reader.headers().map_err(|it| TableFault::Broken(it.to_string()))?.clone();
    let column =
        |wanted: &[&str]| names.iter().position(|it| wanted.contains(&it.to_lowercase().as_str()));
    let (Some(file), Some(time), Some(lon), Some(lat)) =
        (column(&FILE), column(&TIME), column(&LONGITUDE), column(&LATITUDE))
    else {
        return Err(TableFault::Header(header.trim().to_owned()));
    };
    let mut table = Table { rows: BTreeMap::new(), faults: Vec::new() };
    for (number, record) in reader.records().enumerate() {
        let fallback = number + 2;
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let found = error.to_string();
                table.faults.push(RowFault {
                    row: fallback,
                    found,
                    expected: "a row of the table",
                });
                continue;
            }
        };
        let line = record.position().map(csv::Position::line);
        let row = line.and_then(|it| usize::try_from(it).ok()).unwrap_or(fallback);
        let get = |column: usize| record.get(column).unwrap_or_default();
        let mut taken = Taken::default();
        match time_of(get(time)) {
            Some(time) => taken.time = Some(time),
            None => table.faults.push(RowFault {
                row,
                found: get(time).to_owned(),
                expected: "a time such as 2024-05-13T08:30:00Z or seconds since 1970",
            }),
        }
        let degrees = |text: &str| text.replace(',', ".").parse::<f64>().ok();
        let position = degrees(get(lon)).zip(degrees(get(lat)));
        match position.and_then(|(lon, lat)| Wgs84::new(lon, lat).ok()) {
            Some(position) => taken.position = Some(position),
            None => table.faults.push(RowFault {
                row,
                found: format!("lon {:?}, lat {:?}", get(lon), get(lat)),
                expected: "degrees, -180 to 180 and -90 to 90",
            }),
        }
        // Some exports give a path: its last part is the name.
        let name = get(file).rsplit(['/', '\\']).next().unwrap_or_default();
        if name.is_empty() || table.rows.insert(name.to_owned(), taken).is_some() {
            let found = get(file).to_owned();
            table.faults.push(RowFault { row, found, expected: "a file name, once" });
        }
    }
    Ok(table)
}

/// A time: with a zone, without one (UTC), or in seconds since 1970.
fn time_of(text: &str) -> Option<Seconds> {
    if let Ok(seconds) = text.replace(',', ".").parse::<f64>() {
        return Seconds::new(seconds).ok();
    }
    let stamp = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        jiff::tz::Offset::UTC.to_timestamp(civil).ok()
    })?;
    Some(Seconds::of(stamp.as_duration().as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_read_with_and_without_a_zone() {
        let cases = [
            ("2024-05-13T08:30:00Z", Some(1_715_589_000.0)),
            ("2024-05-13T10:30:00+02:00", Some(1_715_589_000.0)),
            ("2024-05-13 08:30:00.25", Some(1_715_589_000.25)),
            ("1715589000.5", Some(1_715_589_000.5)),
            ("13/05/2024", None),
            ("", None),
            ("NaN", None),
        ];
        for (text, want) in cases {
            assert_eq!(time_of(text).map(Seconds::get), want, "{text:?}");
        }
    }

    #[test]
    fn bad_rows_are_told_with_their_line() {
        let text = "\u{FEFF}file,time,lon,lat\na.jpg,12,1.4,43.6\nb.jpg,noon,1.4,43.6\n\
                    dir/c.jpg,14,east,43.6\na.jpg,15,1.4,43.6\n";
        let table = parse(text).unwrap();
        let rows: Vec<_> = table.faults.iter().map(|it| it.row).collect();
        assert_eq!(rows, [3, 4, 5]);
        assert!(table.rows["c.jpg"].position.is_none());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            let _ = parse(&text);
            let _ = parse(&format!("file,time,lon,lat\n{text}"));
        }
    }
}
