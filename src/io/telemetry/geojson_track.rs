//! GeoJSON: lines with a time for each of their points, or points with a time among their
//! properties.

use super::bounded::Bounded;
use super::csv_track::TIMES;
use super::gathered::Gathered;
use super::instant;
use super::read::TrackErrorKind;
use serde_json::{Map, Value};
use std::io::{BufRead, Read};

/// Largest file taken into memory: the format cannot be read in parts.
///
/// Chosen: a day at 10 Hz as one line takes some 50 MB.
const MOST_BYTES: usize = 64 << 20;

/// Names under which the times of a line stand.
///
/// Source: `togeojson` and its successors write `coordTimes`, then `coordinateProperties.times`;
/// `ogr2ogr` and trackers write `times`.
const LINE_TIMES: [&str; 3] = ["coordTimes", "times", "coordinateProperties"];

/// Adds every point of the file to `gathered`.
pub(super) fn read(
    source: Bounded<impl Read>,
    gathered: &mut Gathered,
) -> Result<(), TrackErrorKind> {
    let bytes = whole(source)?;
    let root: Value = serde_json::from_slice(&bytes)
        .map_err(|why| TrackErrorKind::Unknown(format!("broken GeoJSON, {why}")))?;
    let none = Map::new();
    let features = match (root.get("features"), root.get("geometry")) {
        (Some(Value::Array(features)), _) => features.as_slice(),
        (_, Some(_)) => std::slice::from_ref(&root),
        _ => {
            let why = "JSON without features".to_owned();
            return Err(TrackErrorKind::Unknown(why));
        }
    };
    for feature in features {
        let properties = feature.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let Some(geometry) = feature.get("geometry") else { continue };
        let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
        match geometry.get("type").and_then(Value::as_str) {
            Some("Point") => match time_of(properties) {
                Some(time) => point(time, coordinates, gathered),
                None => gathered.bad("a Point without a time".to_owned(), instant::EXPECTED),
            },
            Some("LineString") => line(line_times(properties), coordinates, gathered),
            Some("MultiLineString") => {
                for (rank, part) in items(coordinates).iter().enumerate() {
                    line(line_times(properties).and_then(|it| it.get(rank)), part, gathered);
                }
            }
            _ => {}
        }
        if !gathered.goes_on() {
            break;
        }
    }
    Ok(())
}

fn whole(mut source: Bounded<impl Read>) -> Result<Vec<u8>, TrackErrorKind> {
    let mut bytes = Vec::new();
    loop {
        source.refill();
        let chunk = source.fill_buf()?;
        let taken = chunk.len();
        if taken == 0 {
            return Ok(bytes);
        }
        bytes.extend_from_slice(chunk);
        source.consume(taken);
        if bytes.len() > MOST_BYTES {
            let why = format!("more than {MOST_BYTES} bytes of JSON");
            return Err(TrackErrorKind::Unknown(why));
        }
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn time_of(properties: &Map<String, Value>) -> Option<&Value> {
    let named = |name: &&str| properties.iter().find(|it| it.0.eq_ignore_ascii_case(name));
    TIMES.iter().find_map(named).map(|it| it.1)
}

fn line_times(properties: &Map<String, Value>) -> Option<&Value> {
    let found = LINE_TIMES.iter().find_map(|it| properties.get(*it))?;
    if found.is_object() { found.get("times") } else { Some(found) }
}

fn line(times: Option<&Value>, coordinates: &Value, gathered: &mut Gathered) {
    let (times, points) = (times.map_or(&[][..], items), items(coordinates));
    if times.len() != points.len() {
        let found = format!("a line of {} points and {} times", points.len(), times.len());
        return gathered.bad(found, "coordTimes (or times) with one time for each point");
    }
    for (time, place) in times.iter().zip(points) {
        point(time, place, gathered);
    }
}

fn point(time: &Value, place: &Value, gathered: &mut Gathered) {
    let words = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    gathered.fix(&words(Some(time)), &words(place.get(0)), &words(place.get(1)));
}

#[cfg(test)]
mod tests {
    use super::super::read::tests::{refusal, track};
    use proptest::prelude::*;

    #[test]
    fn lines_with_times_and_points_with_times_are_read() {
        let want = vec![(0.5, 1.44, 43.6), (1.0, 1.45, 43.61)];
        let times = "[\"2025-06-12T12:00:00.5Z\", \"2025-06-12T12:00:01Z\"]";
        let places = "[[1.44, 43.6, 150], [1.45, 43.61]]";
        let line = |properties: &str| {
            format!(
                "{{\"type\":\"Feature\",\"properties\":{properties},\
                 \"geometry\":{{\"type\":\"LineString\",\"coordinates\":{places}}}}}"
            )
        };
        let points = "{\"type\":\"FeatureCollection\",\"features\":[
            {\"type\":\"Feature\",\"properties\":{\"Time\":1749729600.5},
             \"geometry\":{\"type\":\"Point\",\"coordinates\":[1.44,43.6]}},
            {\"type\":\"Feature\",\"properties\":{\"name\":\"b\",\"datetime\":\"2025-06-12T12:00:01Z\"},
             \"geometry\":{\"type\":\"Point\",\"coordinates\":[1.45,43.61]}},
            {\"type\":\"Feature\",\"properties\":null,\"geometry\":null}]}";
        let multi = format!(
            "\u{feff} {{\"type\":\"Feature\",\"properties\":{{\"times\":[{times}]}},\
             \"geometry\":{{\"type\":\"MultiLineString\",\"coordinates\":[{places}]}}}}"
        );
        let texts = [
            line(&format!("{{\"coordTimes\":{times}}}")),
            line(&format!("{{\"coordinateProperties\":{{\"times\":{times}}}}}")),
            points.to_owned(),
            multi,
        ];
        for text in texts {
            assert_eq!(track(text.as_bytes()), (want.clone(), Vec::new()), "{text}");
        }
    }

    #[test]
    fn a_line_without_its_times_is_refused() {
        let text = "{\"type\":\"Feature\",\"properties\":{},\"geometry\":\
                    {\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]}}";
        assert!(refusal(text.as_bytes()).contains("a line of 2 points and 0 times"));
        assert!(refusal(b"{\"a\": 1}").contains("JSON without features"));
        assert!(refusal(b"{\"features\": [").contains("broken GeoJSON"));
    }

    proptest! {
        #[test]
        fn no_json_makes_it_panic(text in "\\{\"features\":\\[[\\[\\]{}\",:a-z0-9.]{0,80}") {
            let _ = super::super::read::tests::read_bytes(text.as_bytes());
        }
    }
}
