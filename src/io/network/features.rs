//! One feature of the file: what it says of a road, before it is believed.

use crate::domain::{Carriageway, RoadId};
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// The parts of a `FeatureCollection` that are read.
#[derive(serde::Deserialize)]
pub(super) struct Collection {
    #[serde(default)]
    pub crs: Option<Value>,
    pub features: Features,
}

/// Every feature, in file order; those that cannot be roads with the reason.
pub(super) struct Features(pub Vec<Result<Feature, Refused>>);

/// A feature that cannot be a road.
#[derive(Debug, PartialEq)]
pub(super) struct Refused {
    /// Name of the road, when it has one.
    pub route: Option<String>,
    pub why: String,
}

/// A road as the file draws it, in degrees.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Feature {
    pub route: RoadId,
    pub carriageway: Carriageway,
    pub category: Column,
    pub sector: Option<String>,
    pub width: Column,
    pub lanes: Column,
    pub cumul_start: Column,
    /// Longitude and latitude of each point of each part.
    pub parts: Vec<Vec<[f64; 2]>>,
}

/// A number that a feature may hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
    Absent,
    Number(f64),
    /// What stands there instead.
    Unreadable(String),
}

/// Reads the features one by one, so that one of them at a time is held as loose values.
impl<'de> Deserialize<'de> for Features {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneByOne;

        impl<'de> Visitor<'de> for OneByOne {
            type Value = Features;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of features")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Features, A::Error> {
                let mut features = Vec::new();
                while let Some(value) = list.next_element::<Value>()? {
                    features.push(feature(&value));
                }
                Ok(Features(features))
            }
        }

        deserializer.deserialize_seq(OneByOne)
    }
}

fn feature(value: &Value) -> Result<Feature, Refused> {
    let nothing = Map::new();
    let properties = value.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
    let route = property(properties, &["route", "road"]).and_then(text);
    let refused = |why: String| Refused { route: route.clone(), why };
    let name = route.as_deref().unwrap_or_default();
    let id = RoadId::new(name).map_err(|it| refused(format!("property route: {it}")))?;
    let side = property(properties, &["cote", "carriageway"]).and_then(text).unwrap_or_default();
    let carriageway = side.parse().map_err(|it| refused(format!("property cote: {it}")))?;
    let parts = parts(value.get("geometry").unwrap_or(&Value::Null)).map_err(refused)?;
    let number = |names: &[&str]| column(property(properties, names));
    Ok(Feature {
        category: number(&["categorie", "category"]),
        sector: property(properties, &["secteur", "sector"]).and_then(text),
        width: number(&["largeur_m", "width_m"]),
        lanes: number(&["voies", "lanes"]),
        cumul_start: number(&["cumul_debut_m", "cumul_start_m"]),
        route: id,
        carriageway,
        parts,
    })
}

/// The first of these properties, whatever its case: exports from shapefiles write capitals.
fn property<'a>(properties: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    let held = |name: &&str| {
        let key = properties.keys().find(|key| key.trim().eq_ignore_ascii_case(name))?;
        properties.get(key)
    };
    names.iter().find_map(held).filter(|it| !it.is_null())
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn column(value: Option<&Value>) -> Column {
    let Some(value) = value else { return Column::Absent };
    if let Some(number) = value.as_f64() {
        return Column::Number(number);
    }
    match text(value) {
        None if value.is_string() => Column::Absent,
        None => Column::Unreadable(value.to_string().chars().take(40).collect()),
        Some(text) => match text.replace(',', ".").parse::<f64>() {
            Ok(number) if number.is_finite() => Column::Number(number),
            _ => Column::Unreadable(text.chars().take(40).collect()),
        },
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(properties: &Value, geometry: &Value) -> Result<Feature, Refused> {
        feature(&json!({"type": "Feature", "properties": properties, "geometry": geometry}))
    }

    fn a_line() -> Value {
        json!({"type": "LineString", "coordinates": [[1.4, 43.6], [1.5, 43.6, 150.0]]})
    }

    #[test]
    fn french_and_english_properties_say_the_same() {
        let french = json!({"ROUTE": "D817", "cote": "d", "categorie": 1, "secteur": "REVEL",
            "largeur_m": "6,5", "voies": 2, "cumul_debut_m": 120});
        let english = json!({"road": "D817", "carriageway": "D", "category": 1, "sector": "REVEL",
            "width_m": 6.5, "lanes": "2", "cumul_start_m": 120.0});
        let got = read(&french, &a_line()).unwrap();
        assert_eq!(got, read(&english, &a_line()).unwrap());
        assert_eq!((got.carriageway, got.width), (Carriageway::Right, Column::Number(6.5)));
        assert_eq!(got.parts, [[[1.4, 43.6], [1.5, 43.6]]]);
    }

    #[test]
    fn what_is_missing_or_unreadable_is_said() {
        let got = read(&json!({"route": 817, "largeur_m": "wide", "voies": null}), &a_line());
        let got = got.unwrap();
        assert_eq!(got.route.as_str(), "817");
        assert_eq!(got.width, Column::Unreadable("wide".into()));
        assert_eq!((got.lanes, got.sector), (Column::Absent, None));
    }

    #[test]
    fn features_that_cannot_be_roads_say_why() {
        let route = || json!({"route": "D1"});
        let point = json!({"type": "Point", "coordinates": [1.0, 2.0]});
        let cases = [
            (json!({"nom": "D1"}), a_line(), "property route: a road needs a name"),
            (json!({"route": "D1", "cote": "X"}), a_line(), "property cote: \"X\" is not"),
            (route(), point, "the geometry is Point, expected"),
            (route(), Value::Null, "the geometry is nothing, expected"),
            (
                route(),
                json!({"type": "LineString", "coordinates": [[1.0, 2.0], [1.0]]}),
                "point 2 is not",
            ),
            (route(), json!({"type": "LineString"}), "the coordinates are not a list of points"),
        ];
        for (properties, geometry, want) in cases {
            let why = read(&properties, &geometry).unwrap_err().why;
            assert!(why.starts_with(want), "{why}");
        }
    }
}
