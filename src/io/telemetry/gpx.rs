//! GPX 1.0 and 1.1, and what loggers write under that name.
//!
//! Plain `<speed>` and `<course>`, any prefix, any extension: only `trkpt` and the `time` right
//! below it are read. What comes before a fault in the file is kept.

use super::bounded::Bounded;
use super::gathered::Gathered;
use super::instant;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::Read;

/// Bytes of a time that are looked at.
///
/// Chosen: four times the longest in ISO 8601, spaces around it included.
const LONGEST_TIME: usize = 256;

/// A point being read.
#[derive(Default)]
struct Point {
    lon: Option<String>,
    lat: Option<String>,
    time: Option<String>,
    /// Elements open below it.
    depth: usize,
    in_time: bool,
}

/// Adds every point of the file to `gathered`.
pub(super) fn read(source: Bounded<impl Read>, gathered: &mut Gathered) {
    let mut reader = Reader::from_reader(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut buffer = Vec::new();
    let mut point: Option<Point> = None;
    let mut closed = false;
    loop {
        buffer.clear();
        reader.get_mut().refill();
        if !gathered.goes_on() {
            return;
        }
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => match &mut point {
                None if tag.local_name().as_ref() == "trkpt" => point = Some(Point::new(&tag)),
                None => {}
                Some(point) => {
                    point.depth += 1;
                    point.in_time = point.depth == 1 && tag.local_name().as_ref() == "time";
                }
            },
            Ok(Event::Empty(tag)) => {
                if point.is_none() && tag.local_name().as_ref() == "trkpt" {
                    Point::new(&tag).add_to(gathered);
                }
            }
            Ok(Event::Text(text)) => {
                if let Some(point) = point.as_mut().filter(|it| it.in_time) {
                    let time = point.time.get_or_insert_default();
                    // Comments part a text as often as they like.
                    if time.len() < LONGEST_TIME {
                        time.push_str(&text);
                    }
                }
            }
            Ok(Event::End(tag)) => {
                let ends = point
                    .as_ref()
                    .is_some_and(|it| it.depth == 0 || tag.local_name().as_ref() == "trkpt");
                if ends {
                    point.take().unwrap_or_default().add_to(gathered);
                } else if let Some(point) = &mut point {
                    point.depth -= 1;
                    point.in_time = false;
                }
                closed |= tag.local_name().as_ref() == "gpx";
            }
            Ok(Event::Eof) => {
                if !closed {
                    gathered.cut_short("the file ends before </gpx>".to_owned());
                }
                return;
            }
            Ok(_) => {}
            Err(fault) => {
                let position = reader.error_position();
                return gathered.cut_short(format!("at byte {position}: {fault}"));
            }
        }
    }
}

impl Point {
    fn new(tag: &BytesStart<'_>) -> Self {
        let mut point = Self::default();
        for attribute in tag.attributes().with_checks(false).flatten() {
            let value = Some(attribute.value.trim().to_owned());
            match attribute.key.local_name().as_ref() {
                "lat" => point.lat = value,
                "lon" => point.lon = value,
                _ => {}
            }
        }
        point
    }

    fn add_to(self, gathered: &mut Gathered) {
        let time = self.time.as_deref().map(str::trim).filter(|it| !it.is_empty());
        let Some(time) = time else {
            return gathered.bad("a point without <time>".to_owned(), instant::EXPECTED);
        };
        let lon = self.lon.unwrap_or_default();
        gathered.fix(time, &lon, &self.lat.unwrap_or_default());
    }
}
