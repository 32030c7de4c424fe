//! Networks and territories in GeoJSON.

use super::open::{Notes, Take};
use crate::io::network::columns::{Asked, Shape};
use crate::io::network::crs::Crs;
use crate::io::network::features::Record;
use crate::io::network::read::NetworkErrorKind;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

pub(super) fn read(path: &Path, asked: &Asked<'_>, take: Take<'_>) -> Notes {
    let mut reader = BufReader::new(File::open(path)?);
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let collection: Collection = serde_json::from_slice(bytes)?;
    let named = collection.crs.as_ref().and_then(|it| it.pointer("/properties/name")?.as_str());
    let crs = match asked.crs.or(named) {
        None => Crs::degrees(),
        Some(name) => Crs::of_name(name).map_err(NetworkErrorKind::Crs)?,
    };
    for loose in collection.features.0 {
        let mut record = loose.record(asked.shape);
        record.turn(&crs);
        take(Ok(record));
    }
    Ok(Vec::new())
}

/// The parts of a `FeatureCollection` that are read.
#[derive(Deserialize)]
struct Collection {
    #[serde(default)]
    crs: Option<Value>,
    features: Records,
}

/// Every feature, in file order.
struct Records(Vec<Loose>);

/// One feature, before it is known what is wanted of it.
struct Loose {
    properties: Map<String, Value>,
    /// What its parts are; else the name of what it draws instead.
    drawn: Result<Shape, String>,
    parts: Result<Vec<Vec<[f64; 2]>>, String>,
}

/// Reads the features one by one, so that one of them at a time is held as loose values.
impl<'de> Deserialize<'de> for Records {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneByOne;

        impl<'de> Visitor<'de> for OneByOne {
            type Value = Records;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of features")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Records, A::Error> {
                let mut records = Vec::new();
                while let Some(value) = list.next_element::<Value>()? {
                    records.push(loose(value));
                }
                Ok(Records(records))
            }
        }

        deserializer.deserialize_seq(OneByOne)
    }
}

/// The properties of one feature, and its lines or rings.
fn loose(mut value: Value) -> Loose {
    let properties = match value.get_mut("properties").map(Value::take) {
        Some(Value::Object(properties)) => properties,
        _ => Map::new(),
    };
    let geometry = value.get("geometry").unwrap_or(&Value::Null);
    let kind = geometry.get("type").and_then(Value::as_str).unwrap_or("nothing");
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    let lines = |of: &Value, what: &str| -> Result<Vec<Vec<[f64; 2]>>, String> {
        let parts =
            of.as_array().ok_or_else(|| format!("the coordinates are not a list of {what}"))?;
        parts.iter().map(line).collect()
    };
    let (drawn, parts) = match kind {
        "LineString" => (Ok(Shape::Lines), line(coordinates).map(|it| vec![it])),
        "MultiLineString" => (Ok(Shape::Lines), lines(coordinates, "lines")),
        "Polygon" => (Ok(Shape::Areas), lines(coordinates, "rings")),
        "MultiPolygon" => {
            let polygons =
                coordinates.as_array().ok_or("the coordinates are not a list of polygons");
            let rings = polygons.map_err(str::to_owned).and_then(|it| {
                let rings: Result<Vec<_>, String> =
                    it.iter().map(|it| lines(it, "rings")).collect();
                rings.map(|it| it.concat())
            });
            (Ok(Shape::Areas), rings)
        }
        other => (Err(other.to_owned()), Ok(Vec::new())),
    };
    Loose { properties, drawn, parts }
}

impl Loose {
    fn record(self, wanted: Shape) -> Record {
        let parts = match self.drawn {
            Ok(shape) if shape == wanted => self.parts,
            Ok(Shape::Lines) => Err(wanted.refuses("LineString")),
            Ok(Shape::Areas) => Err(wanted.refuses("Polygon")),
            Err(other) => Err(wanted.refuses(&other)),
        };
        Record { properties: self.properties, parts }
    }
}

/// The properties and the lines or rings of one feature.
#[cfg(test)]
pub(in crate::io::network) fn record(value: Value, shape: Shape) -> Record {
    loose(value).record(shape)
}

fn line(coordinates: &Value) -> Result<Vec<[f64; 2]>, String> {
    let points = coordinates.as_array().ok_or("the coordinates are not a list of points")?;
    let point = |(rank, value): (usize, &Value)| {
        let number = |axis: usize| value.get(axis).and_then(Value::as_f64);
        number(0)
            .zip(number(1))
            .map(|(longitude, latitude)| [longitude, latitude])
            .ok_or_else(|| format!("point {} is not a longitude and a latitude", rank + 1))
    };
    points.iter().enumerate().map(point).collect()
}
