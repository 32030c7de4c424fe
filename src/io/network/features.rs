//! One feature of the file: what it says of a road, before it is believed.

use super::columns::Referential;
use super::crs::Crs;
use crate::domain::{Carriageway, RoadId};
use serde_json::{Map, Value};

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
    /// Not a thing that this kind of file says.
    Untold,
    /// What stands there instead.
    Unreadable(String),
}

/// One feature of a file of any kind: what it says, and its lines or rings, or why it has none.
///
/// Rings of all the polygons of a feature follow one another: what lies within an odd number of them is
/// inside.
pub(super) struct Record {
    pub properties: Map<String, Value>,
    pub parts: Result<Vec<Vec<[f64; 2]>>, String>,
}

impl Record {
    /// Turns its coordinates into degrees.
    pub(super) fn turn(&mut self, crs: &Crs) {
        if let Ok(parts) = &mut self.parts {
            for point in parts.iter_mut().flatten() {
                *point = crs.to_degrees(*point);
            }
        }
    }
}

/// The road that a feature draws, or why it draws none.
pub(super) fn feature(record: Record, wanted: &Referential) -> Result<Feature, Refused> {
    let properties = &record.properties;
    let held = |key: &str| property(properties, &wanted.names(key));
    let route = held("route").and_then(text);
    let refused = |why: String| Refused { route: route.clone(), why };
    let name = route.as_deref().unwrap_or_default();
    let id = RoadId::new(name).map_err(|it| refused(format!("property route: {it}")))?;
    let side = held("cote").and_then(text).unwrap_or_default();
    let carriageway = side.parse().map_err(|it| refused(format!("property cote: {it}")))?;
    let parts = record.parts.map_err(&refused)?;
    Ok(Feature {
        category: column(held("categorie")),
        sector: held("secteur").and_then(text),
        width: column(held("largeur_m")),
        lanes: column(held("voies")),
        cumul_start: column(held("cumul_debut_m")),
        route: id,
        carriageway,
        parts,
    })
}

/// The first of these properties, whatever its case: exports from shapefiles write capitals.
pub(super) fn property<'a>(
    properties: &'a Map<String, Value>,
    names: &[&str],
) -> Option<&'a Value> {
    let held = |name: &&str| {
        let key = properties.keys().find(|key| key.trim().eq_ignore_ascii_case(name))?;
        properties.get(key)
    };
    names.iter().find_map(held).filter(|it| !it.is_null())
}

pub(super) fn text(value: &Value) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::network::columns::Shape;
    use serde_json::json;

    fn read(properties: &Value, geometry: &Value) -> Result<Feature, Refused> {
        let value = json!({"type": "Feature", "properties": properties, "geometry": geometry});
        feature(crate::io::network::sources::record(value, Shape::Lines), &Referential::default())
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
