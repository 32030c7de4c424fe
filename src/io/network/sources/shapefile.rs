//! Networks and territories in a Shapefile: `.shp`, `.dbf`, and the `.prj` that says where its coordinates lie.

use super::open::{Notes, Take};
use crate::io::network::columns::{Asked, Shape as Wanted};
use crate::io::network::crs::Crs;
use crate::io::network::features::{Record, Refused};
use crate::io::network::read::NetworkErrorKind;
use serde_json::{Map, Value};
use shapefile::dbase::FieldValue;
use shapefile::{Reader, Shape};
use std::path::Path;

pub(super) fn read(path: &Path, asked: &Asked<'_>, take: Take<'_>) -> Notes {
    let crs = match asked.crs {
        Some(name) => Crs::of_name(name).map_err(NetworkErrorKind::Crs)?,
        None => of_prj(&path.with_extension("prj"), asked.table)?,
    };
    let broken = |why: shapefile::Error| {
        let (found, expected) = match why {
            shapefile::Error::MissingDbf => {
                ("no .dbf beside it".to_owned(), "the table that names its features")
            }
            shapefile::Error::DbaseError(why) => {
                (format!("a .dbf that cannot be read: {why}"), "a whole .shp and .dbf")
            }
            why => (format!("{why:?}"), "a whole .shp and .dbf"),
        };
        NetworkErrorKind::Foreign { found, expected: expected.to_owned() }
    };
    let mut reader = Reader::from_path(path).map_err(broken)?;
    for row in reader.iter_shapes_and_records() {
        match row {
            Ok((shape, row)) => {
                let properties: Map<String, Value> = row
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, json(value)?)))
                    .collect();
                let mut record = Record { properties, parts: parts(shape, asked.shape) };
                record.turn(&crs);
                take(Ok(record));
            }
            Err(why) => {
                // The readers of both files have lost their place: nothing after it can be trusted.
                let why = format!("{why:?}; nothing after it can be read");
                take(Err(Refused { route: None, why }));
                break;
            }
        }
    }
    Ok(Vec::new())
}

fn of_prj(path: &Path, table: &str) -> Result<Crs, NetworkErrorKind> {
    match std::fs::read(path) {
        Ok(bytes) => {
            Crs::of_well_known_text(&String::from_utf8_lossy(&bytes)).map_err(NetworkErrorKind::Crs)
        }
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Err(NetworkErrorKind::Foreign {
                found: format!("no {name} beside it"),
                expected: format!(
                    "the projection; without that file, crs = \"EPSG:2154\" in {table}"
                ),
            })
        }
        Err(why) => Err(why.into()),
    }
}

fn parts(shape: Shape, wanted: Wanted) -> Result<Vec<Vec<[f64; 2]>>, String> {
    macro_rules! of {
        ($line:expr) => {
            Ok($line.parts().iter().map(|it| it.iter().map(|it| [it.x, it.y]).collect()).collect())
        };
    }
    macro_rules! rings {
        ($polygon:expr) => {
            Ok($polygon
                .rings()
                .iter()
                .map(|it| it.points().iter().map(|it| [it.x, it.y]).collect())
                .collect())
        };
    }
    match (shape, wanted) {
        (Shape::Polyline(line), Wanted::Lines) => of!(line),
        (Shape::PolylineZ(line), Wanted::Lines) => of!(line),
        (Shape::PolylineM(line), Wanted::Lines) => of!(line),
        (Shape::Polygon(polygon), Wanted::Areas) => rings!(polygon),
        (Shape::PolygonZ(polygon), Wanted::Areas) => rings!(polygon),
        (Shape::PolygonM(polygon), Wanted::Areas) => rings!(polygon),
        (other, wanted) => {
            let expected = if wanted == Wanted::Lines { "Polyline" } else { "Polygon" };
            Err(format!("the geometry is {}, expected {expected}", other.shapetype()))
        }
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
