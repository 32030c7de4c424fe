//! A track as a table: time, latitude, longitude, whatever their names and order.

use super::bounded::Bounded;
use super::gathered::Gathered;
use super::read::TrackErrorKind;
use std::io::Read;

/// Names of the column of times, the surest first: an absolute time before one from the start.
///
/// Chosen: what the loggers and exports that we met write.
pub(super) const TIMES: &[&str] = &[
    "utc_ms",
    "unix_ms",
    "timestamp_ms",
    "utc",
    "unix",
    "epoch",
    "timestamp",
    "datetime",
    "date_time",
    "time",
    "temps",
    "heure",
    "utc_s",
    "t_s",
    "t",
];
/// Chosen: as above.
const LATITUDES: &[&str] = &["latitude", "lat", "y"];
/// Chosen: as above.
const LONGITUDES: &[&str] = &["longitude", "lon", "lng", "long", "x"];

fn delimiter(header: &[u8]) -> u8 {
    [b';', b'\t'].into_iter().find(|it| header.contains(it)).unwrap_or(b',')
}

/// Whether a line is the header of a table that says when and where.
pub(super) fn is_header(line: &str) -> bool {
    let delimiter = char::from(delimiter(line.as_bytes()));
    let fields = || line.split(delimiter).map(|it| it.trim().trim_matches('"'));
    let any = |names: &[&str]| fields().any(|it| names.iter().any(|n| it.eq_ignore_ascii_case(n)));
    any(TIMES) && any(LATITUDES) && any(LONGITUDES)
}

/// Adds every row of the file to `gathered`.
pub(super) fn read(
    mut source: Bounded<impl Read>,
    gathered: &mut Gathered,
) -> Result<(), TrackErrorKind> {
    let start = source.peek()?;
    let header = start.split(|it| *it == b'\n').next().unwrap_or_default();
    let delimiter = delimiter(header);
    source.refill();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        // A last line without its end would be counted as the one before.
        .from_reader(source.chain(&b"\n"[..]));
    let header = reader.headers().map_err(unreadable)?.clone();
    let column = |names: &[&str], missing: &'static str| {
        let at = names
            .iter()
            .find_map(|name| header.iter().position(|it| it.eq_ignore_ascii_case(name)));
        at.ok_or_else(|| TrackErrorKind::MissingColumn {
            missing,
            found: header.iter().take(12).collect::<Vec<_>>().join(", "),
        })
    };
    let time = column(TIMES, "time (temps, heure)")?;
    let latitude = column(LATITUDES, "lat (latitude)")?;
    let longitude = column(LONGITUDES, "lon (longitude, lng)")?;
    let mut row = csv::StringRecord::new();
    loop {
        reader.get_mut().get_mut().0.refill();
        if !gathered.goes_on() {
            return Ok(());
        }
        match reader.read_record(&mut row) {
            Ok(true) => {
                let field = |rank| row.get(rank).unwrap_or("");
                let number = |rank| {
                    let text = field(rank);
                    if delimiter == b',' { text.to_owned() } else { text.replace(',', ".") }
                };
                let line = reader.position().line() - 1;
                gathered.at_row(usize::try_from(line).unwrap_or(usize::MAX));
                gathered.fix(&number(time), &number(longitude), &number(latitude));
            }
            Ok(false) => return Ok(()),
            Err(fault) => {
                gathered.cut_short(fault.to_string());
                return Ok(());
            }
        }
    }
}

fn unreadable(fault: csv::Error) -> TrackErrorKind {
    match fault.into_kind() {
        csv::ErrorKind::Io(fault) => TrackErrorKind::Io(fault),
        other => TrackErrorKind::Unknown(format!("{other:?}")),
    }
}
