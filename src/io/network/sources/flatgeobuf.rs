//! Networks in `FlatGeobuf`.

use super::open::Loaded;
use crate::io::network::columns::Referential;
use crate::io::network::crs::Crs;
use crate::io::network::features::{Record, Refused, feature};
use crate::io::network::read::NetworkErrorKind;
use flatgeobuf::{
    FallibleStreamingIterator, FeatureProperties, FgbFeature, FgbReader, Geometry, GeometryType,
};
use serde_json::{Map, Value};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub(super) fn read(path: &Path, wanted: &Referential) -> Result<Loaded, NetworkErrorKind> {
    let broken = |why: flatgeobuf::Error| NetworkErrorKind::Foreign {
        found: why.to_string(),
        expected: "a whole FlatGeobuf".to_owned(),
    };
    let reader = FgbReader::open(BufReader::new(File::open(path)?)).map_err(broken)?;
    let header = reader.header();
    let layer_type = header.geometry_type();
    let code = header.crs().map(|it| it.code());
    let crs = match (&wanted.crs, code) {
        (Some(name), _) => Crs::of_name(name).map_err(NetworkErrorKind::Crs)?,
        (None, Some(code)) if code > 0 => {
            Crs::of_code(code.unsigned_abs()).map_err(NetworkErrorKind::Crs)?
        }
        _ => Crs::degrees(),
    };
    let mut features = reader.select_all_seq().map_err(broken)?;
    let mut loaded = Loaded::default();
    loop {
        match features.next() {
            Ok(Some(one)) => {
                let mut record = record(one, layer_type);
                record.turn(&crs);
                loaded.features.push(feature(record, wanted));
            }
            Ok(None) => break,
            Err(why) => {
                let why = format!("{why}; nothing after it can be read");
                loaded.features.push(Err(Refused { route: None, why }));
                break;
            }
        }
    }
    Ok(loaded)
}

fn record(one: &FgbFeature, layer_type: GeometryType) -> Record {
    // Every value comes as text: columns are read as numbers where numbers are meant.
    let properties: Map<String, Value> = match one.properties() {
        Ok(properties) => properties.into_iter().map(|(key, it)| (key, it.into())).collect(),
        Err(why) => {
            let parts = Err(format!("its columns cannot be read: {why}"));
            return Record { properties: Map::new(), parts };
        }
    };
    let parts = match one.geometry() {
        None => Err("the geometry is nothing, expected LineString".to_owned()),
        Some(geometry) => {
            let own = geometry.type_();
            let kind = if own == GeometryType::Unknown { layer_type } else { own };
            parts(&geometry, kind)
        }
    };
    Record { properties, parts }
}

fn parts(geometry: &Geometry<'_>, kind: GeometryType) -> Result<Vec<Vec<[f64; 2]>>, String> {
    if kind != GeometryType::LineString && kind != GeometryType::MultiLineString {
        let name = kind.variant_name().unwrap_or("of another kind");
        return Err(format!("the geometry is {name}, expected LineString or MultiLineString"));
    }
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
