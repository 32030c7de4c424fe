//! Networks in GeoJSON.

use super::open::Loaded;
use crate::io::network::columns::Referential;
use crate::io::network::crs::Crs;
use crate::io::network::features::{Feature, Record, Refused, feature};
use crate::io::network::read::NetworkErrorKind;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

pub(super) fn read(path: &Path, wanted: &Referential) -> Result<Loaded, NetworkErrorKind> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let collection: Collection = serde_json::from_slice(bytes)?;
    let named = collection.crs.as_ref().and_then(|it| it.pointer("/properties/name")?.as_str());
    let crs = match wanted.crs.as_deref().or(named) {
        None => Crs::degrees(),
        Some(name) => Crs::of_name(name).map_err(NetworkErrorKind::Crs)?,
    };
    let features: Vec<Result<Feature, Refused>> = collection
        .features
        .0
        .into_iter()
        .map(|mut record| {
            record.turn(&crs);
            feature(record, wanted)
        })
        .collect();
    Ok(Loaded { features, notes: Vec::new() })
}

/// The parts of a `FeatureCollection` that are read.
#[derive(Deserialize)]
struct Collection {
    #[serde(default)]
    crs: Option<Value>,
    features: Records,
}

/// Every feature, in file order.
struct Records(Vec<Record>);

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
                    records.push(record(value));
                }
                Ok(Records(records))
            }
        }

        deserializer.deserialize_seq(OneByOne)
    }
}

/// The properties and the lines of one feature.
pub(in crate::io::network) fn record(mut value: Value) -> Record {
    let properties = match value.get_mut("properties").map(Value::take) {
        Some(Value::Object(properties)) => properties,
        _ => serde_json::Map::new(),
    };
    Record { properties, parts: parts(value.get("geometry").unwrap_or(&Value::Null)) }
}

fn parts(geometry: &Value) -> Result<Vec<Vec<[f64; 2]>>, String> {
    let kind = geometry.get("type").and_then(Value::as_str).unwrap_or("nothing");
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    match kind {
        "LineString" => Ok(vec![line(coordinates)?]),
        "MultiLineString" => {
            let parts = coordinates.as_array().ok_or("the coordinates are not a list of lines")?;
            parts.iter().map(line).collect()
        }
        other => Err(format!("the geometry is {other}, expected LineString or MultiLineString")),
    }
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
