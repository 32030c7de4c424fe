//! Networks in a Shapefile: `.shp`, `.dbf`, and the `.prj` that says where its coordinates lie.

use super::open::Loaded;
use crate::io::network::columns::Referential;
use crate::io::network::crs::Crs;
use crate::io::network::features::{Record, Refused, feature};
use crate::io::network::read::NetworkErrorKind;
use serde_json::{Map, Value};
use shapefile::dbase::FieldValue;
use shapefile::{Reader, Shape};
use std::path::Path;

pub(super) fn read(path: &Path, wanted: &Referential) -> Result<Loaded, NetworkErrorKind> {
    let crs = match &wanted.crs {
        Some(name) => Crs::of_name(name).map_err(NetworkErrorKind::Crs)?,
        None => of_prj(&path.with_extension("prj"))?,
    };
    let broken = |why: shapefile::Error| {
        let (found, expected) = match why {
            shapefile::Error::MissingDbf => {
                ("no .dbf beside it".to_owned(), "the table that names the roads")
            }
            shapefile::Error::DbaseError(why) => {
                (format!("a .dbf that cannot be read: {why}"), "a whole .shp and .dbf")
            }
            why => (format!("{why:?}"), "a whole .shp and .dbf"),
        };
        NetworkErrorKind::Foreign { found, expected: expected.to_owned() }
    };
    let mut reader = Reader::from_path(path).map_err(broken)?;
    let mut loaded = Loaded::default();
    for row in reader.iter_shapes_and_records() {
        match row {
            Ok((shape, row)) => {
                let properties: Map<String, Value> = row
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, json(value)?)))
                    .collect();
                let mut record = Record { properties, parts: parts(shape) };
                record.turn(&crs);
                loaded.features.push(feature(record, wanted));
            }
            Err(why) => {
                // The readers of both files have lost their place: nothing after it can be trusted.
                let why = format!("{why:?}; nothing after it can be read");
                loaded.features.push(Err(Refused { route: None, why }));
                break;
            }
        }
    }
    Ok(loaded)
}

fn of_prj(path: &Path) -> Result<Crs, NetworkErrorKind> {
    match std::fs::read(path) {
        Ok(bytes) => {
            Crs::of_well_known_text(&String::from_utf8_lossy(&bytes)).map_err(NetworkErrorKind::Crs)
        }
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Err(NetworkErrorKind::Foreign {
                found: format!("no {name} beside it"),
                expected: "the projection; without that file, crs = \"EPSG:2154\" in [referential]"
                    .to_owned(),
            })
        }
        Err(why) => Err(why.into()),
    }
}

fn parts(shape: Shape) -> Result<Vec<Vec<[f64; 2]>>, String> {
    macro_rules! of {
        ($line:expr) => {
            Ok($line.parts().iter().map(|it| it.iter().map(|it| [it.x, it.y]).collect()).collect())
        };
    }
    match shape {
        Shape::Polyline(line) => of!(line),
        Shape::PolylineZ(line) => of!(line),
        Shape::PolylineM(line) => of!(line),
        other => Err(format!("the geometry is {}, expected Polyline", other.shapetype())),
    }
}

fn json(value: FieldValue) -> Option<Value> {
    match value {
        FieldValue::Character(text) => text.map(Value::from),
        FieldValue::Numeric(number) => number.map(Value::from),
        FieldValue::Float(number) => number.map(|it| f64::from(it).into()),
        FieldValue::Integer(number) => Some(number.into()),
        FieldValue::Currency(number) | FieldValue::Double(number) => Some(number.into()),
        FieldValue::Memo(text) => Some(text.into()),
        FieldValue::Logical(flag) => flag.map(Value::from),
        FieldValue::Date(_) | FieldValue::DateTime(_) => None,
    }
}
