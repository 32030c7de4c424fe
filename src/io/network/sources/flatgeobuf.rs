//! Networks and territories in `FlatGeobuf`.

use super::open::{Notes, Take};
use crate::io::network::columns::{Asked, Shape};
use crate::io::network::crs::Crs;
use crate::io::network::features::{Record, Refused};
use crate::io::network::read::NetworkErrorKind;
use flatgeobuf::{
    FallibleStreamingIterator, FeatureProperties, FgbFeature, FgbReader, Geometry, GeometryType,
};
use serde_json::{Map, Value};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub(super) fn read(path: &Path, asked: &Asked<'_>, take: Take<'_>) -> Notes {
    let broken = |why: flatgeobuf::Error| NetworkErrorKind::Foreign {
        found: why.to_string(),
        expected: "a whole FlatGeobuf".to_owned(),
    };
    let reader = FgbReader::open(BufReader::new(File::open(path)?)).map_err(broken)?;
    let header = reader.header();
    let layer_type = header.geometry_type();
    let code = header.crs().map(|it| it.code());
    let crs = match (asked.crs, code) {
        (Some(name), _) => Crs::of_name(name).map_err(NetworkErrorKind::Crs)?,
        (None, Some(code)) if code > 0 => {
            Crs::of_code(code.unsigned_abs()).map_err(NetworkErrorKind::Crs)?
        }
        _ => Crs::degrees(),
    };
    let mut features = reader.select_all_seq().map_err(broken)?;
    loop {
        match features.next() {
            Ok(Some(one)) => {
                let mut record = record(one, layer_type, asked.shape);
                record.turn(&crs);
                take(Ok(record));
            }
            Ok(None) => break,
            Err(why) => {
                let why = format!("{why}; nothing after it can be read");
                take(Err(Refused { route: None, why }));
                break;
            }
        }
    }
    Ok(Vec::new())
}

fn record(one: &FgbFeature, layer_type: GeometryType, wanted: Shape) -> Record {
    // Every value comes as text: columns are read as numbers where numbers are meant.
    let properties: Map<String, Value> = match one.properties() {
        Ok(properties) => properties.into_iter().map(|(key, it)| (key, it.into())).collect(),
        Err(why) => {
            let parts = Err(format!("its columns cannot be read: {why}"));
            return Record { properties: Map::new(), parts };
        }
    };
    let parts = match one.geometry() {
        None => Err(wanted.refuses("nothing")),
        Some(geometry) => {
            let own = geometry.type_();
            let kind = if own == GeometryType::Unknown { layer_type } else { own };
            parts(&geometry, kind, wanted)
        }
    };
    Record { properties, parts }
}

fn parts(
    geometry: &Geometry<'_>,
    kind: GeometryType,
    wanted: Shape,
) -> Result<Vec<Vec<[f64; 2]>>, String> {
    match (kind, wanted) {
        (GeometryType::LineString | GeometryType::MultiLineString, Shape::Lines)
        | (GeometryType::Polygon, Shape::Areas) => lists(geometry),
        (GeometryType::MultiPolygon, Shape::Areas) => {
            let polygons = geometry.parts().ok_or("the geometry has no polygons")?;
            let rings: Result<Vec<_>, String> = polygons.iter().map(|it| lists(&it)).collect();
            rings.map(|it| it.concat())
        }
        _ => Err(wanted.refuses(kind.variant_name().unwrap_or("of another kind"))),
    }
}

/// The lists of points of a geometry: its lines, or its rings.
fn lists(geometry: &Geometry<'_>) -> Result<Vec<Vec<[f64; 2]>>, String> {
    let flat = geometry.xy().ok_or("the geometry has no coordinates")?;
    let points: Vec<[f64; 2]> =
        (0..flat.len() / 2).map(|at| [flat.get(2 * at), flat.get(2 * at + 1)]).collect();
    let Some(ends) = geometry.ends().filter(|it| !it.is_empty()) else { return Ok(vec![points]) };
    let mut from = 0;
    let mut lines = Vec::new();
    for end in &ends {
        let to = end as usize;
        let part = points.get(from..to).ok_or("the geometry is damaged")?;
        lines.push(part.to_vec());
        from = to;
    }
    Ok(lines)
}
