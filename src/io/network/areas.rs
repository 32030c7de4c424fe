//! Municipalities and sectors: polygons of any file that networks come in.

use super::assemble::projected;
use super::columns::{Asked, Shape};
use super::features::{Record, Refused, property, text};
use super::read::{NetworkError, NetworkErrorKind};
use super::sources::records;
use crate::domain::{Area, AreaName, Finding, FindingKind, Plane, PlanePoint, Projector, Reported};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Characters of the INSEE code of a municipality.
///
/// Source: INSEE, code officiel géographique: two for the department (`2A`, `01`), three within it.
const INSEE_DIGITS: usize = 5;

/// What a layer of areas is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaKind {
    /// Municipalities (*communes*).
    Municipalities,
    /// Works units (*secteurs, PRD*).
    Sectors,
}

impl AreaKind {
    /// The key of the survey file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Municipalities => "municipalities",
            Self::Sectors => "sectors",
        }
    }

    /// What a layer of it is, in messages.
    const fn what(self) -> &'static str {
        match self {
            Self::Municipalities => "the boundaries of municipalities",
            Self::Sectors => "the boundaries of sectors",
        }
    }

    /// Columns that may be named otherwise, and the names that are looked for, the surest first.
    ///
    /// Source: IGN, ADMIN EXPRESS and BD TOPO, « descriptif de contenu » (`INSEE_COM`, `NOM`, `NOM_M`;
    /// `code_insee`, `nom_officiel`); INSEE, code officiel géographique (`CODGEO`, `LIBGEO`).
    #[must_use]
    pub const fn names(self) -> [(&'static str, &'static [&'static str]); 2] {
        match self {
            Self::Municipalities => [
                ("name", &["nom", "nom_officiel", "nom_com", "nom_m", "commune", "libgeo", "name"]),
                ("code", &["insee_com", "code_insee", "insee", "codgeo", "code"]),
            ],
            Self::Sectors => [
                ("name", &["secteur", "sector", "prd", "nom", "libelle", "name"]),
                ("code", &["code", "code_secteur"]),
            ],
        }
    }
}

/// A layer of areas, as the survey file names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaSource {
    /// What it is of.
    pub kind: AreaKind,
    /// The file.
    pub path: PathBuf,
    /// The layer, in files that hold several.
    pub layer: Option<String>,
    /// The reference system, in files that do not give it.
    pub crs: Option<String>,
    /// Columns of other names than those of [`AreaKind::names`].
    pub columns: BTreeMap<String, String>,
}

impl AreaSource {
    fn names(&self, key: &str) -> Vec<&str> {
        if let Some(own) = self.columns.get(key) {
            return vec![own];
        }
        let known = self.kind.names().into_iter().find(|it| it.0 == key);
        known.map_or_else(Vec::new, |it| it.1.to_vec())
    }
}

/// Reads the areas of a layer into the plane of the network, in the order of the file.
///
/// GeoJSON, `GeoPackage`, Shapefile or `FlatGeobuf`, polygons and multipolygons with holes, in any
/// projection of the EPSG registry. A row that cannot be used is a finding, and the rest is read.
///
/// # Errors
///
/// When the file is missing, is not what it seems, or holds no area at all.
pub fn read_areas(source: &AreaSource, plane: Plane) -> Result<Reported<Vec<Area>>, NetworkError> {
    let failed = |why| NetworkError::of(source.kind.what(), &source.path, why);
    let asked = Asked {
        layer: source.layer.as_deref(),
        crs: source.crs.as_deref(),
        columns: source.names("name"),
        shape: Shape::Areas,
        table: "[boundaries]",
    };
    let (projector, file) = (Projector::new(plane), source.path.display().to_string());
    let mut all = Reported::<Vec<Area>>::default();
    let (mut n_features, mut without_code, mut first) = (0_usize, 0_usize, None);
    let mut take = |record: Result<Record, Refused>| {
        n_features += 1;
        let row = |name: &str| {
            let name = if name.is_empty() { String::new() } else { format!(" ({name})") };
            format!("feature {n_features}{name}")
        };
        match record
            .map_err(|it| (String::new(), it.why))
            .and_then(|it| area(it, source, &projector))
        {
            Ok(area) => {
                without_code += usize::from(area.name.code.is_empty());
                all.value.push(area);
            }
            Err((name, why)) => {
                let row = row(&name);
                first.get_or_insert_with(|| format!("{row}: {why}"));
                all.findings.push(Finding::loss(&file, FindingKind::AreaRow { row, why }));
            }
        }
    };
    let notes = records(&source.path, &asked, &mut take).map_err(failed)?;
    if all.value.is_empty() {
        let first = first.unwrap_or_else(|| "none".to_owned());
        return Err(failed(NetworkErrorKind::NoArea { n_features, first }));
    }
    let tell = |row: &str, why: String| {
        Finding::note(&file, FindingKind::AreaRow { row: row.to_owned(), why })
    };
    if source.kind == AreaKind::Municipalities && without_code > 0 {
        let names = source.names("code").join(", ");
        let why = format!("no INSEE code in {without_code} feature(s), expected one of {names}");
        all.findings.push(tell("*", why));
    }
    all.findings.extend(notes.into_iter().map(|it| tell("*", it)));
    Ok(all)
}

/// The area that a feature draws; else its name, and why it draws none.
fn area(
    record: Record,
    source: &AreaSource,
    projector: &Projector,
) -> Result<Area, (String, String)> {
    let held = |key: &str| property(&record.properties, &source.names(key)).and_then(text);
    let (name, code) = (held("name"), held("code").unwrap_or_default());
    let Some(name) = name else {
        let why =
            format!("no name, expected one of the columns {}", source.names("name").join(", "));
        return Err((code, why));
    };
    let code = match source.kind {
        AreaKind::Municipalities => insee(&code),
        AreaKind::Sectors => Ok(code),
    };
    let refused = |why: String| (name.clone(), why);
    let code = code.map_err(refused)?;
    let rings = record.parts.map_err(refused)?;
    let rings: Result<Vec<Vec<PlanePoint>>, String> = (1..)
        .zip(&rings)
        .map(|(rank, it)| projected(projector, it).map_err(|why| format!("ring {rank}, {why}")))
        .collect();
    let rings = rings.map_err(refused)?;
    let named = AreaName { code, name: name.clone() };
    Area::new(named, rings).map_err(|why| refused(why.to_string()))
}

/// An INSEE code; one that lost the nought it starts with, in a column of numbers, has it again.
fn insee(code: &str) -> Result<String, String> {
    let digits = code.bytes().all(|it| it.is_ascii_digit());
    match code.len() {
        0 => Ok(String::new()),
        4 if digits => Ok(format!("0{code}")),
        INSEE_DIGITS if code.bytes().all(|it| it.is_ascii_alphanumeric()) => {
            Ok(code.to_uppercase())
        }
        _ => Err(format!("INSEE code {code:?}, expected five characters such as 31451 or 2A004")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    fn source(kind: AreaKind, path: &Path) -> AreaSource {
        let path = path.to_owned();
        AreaSource { kind, path, layer: None, crs: None, columns: BTreeMap::new() }
    }

    fn feature(properties: &str, kind: &str, coordinates: &str) -> String {
        format!(
            r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
        )
    }

    const RING: &str = "[[1.4,43.6],[1.5,43.6],[1.5,43.7],[1.4,43.6]]";

    fn read_text(features: &[String], kind: AreaKind) -> Result<Reported<Vec<Area>>, NetworkError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("communes.geojson");
        let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
        fs::write(&path, text).unwrap();
        read_areas(&source(kind, &path), Plane::default())
    }

    #[test]
    fn polygons_of_both_kinds_are_read_with_code_and_name() {
        let features = [
            feature(r#""INSEE_COM":"31451","NOM":"Revel""#, "Polygon", &format!("[{RING}]")),
            feature(
                r#""INSEE_COM":1004,"NOM":"Ambérieu""#,
                "MultiPolygon",
                &format!("[[{RING}],[{RING},{RING}]]"),
            ),
        ];
        let got = read_text(&features, AreaKind::Municipalities).unwrap();
        assert_eq!(got.findings, []);
        let names: Vec<_> =
            got.value.iter().map(|it| (it.name.code.as_str(), it.rings().len())).collect();
        assert_eq!(names, [("31451", 1), ("01004", 3)]);
        assert_eq!(got.value[0].name.name, "Revel");
    }

    #[test]
    fn rows_that_are_no_area_say_what_was_found() {
        let revel = r#""insee":"31451","nom":"Revel""#;
        let features = [
            feature(r#""insee":"31001""#, "Polygon", &format!("[{RING}]")),
            feature(r#""nom":"X","insee":"314""#, "Polygon", &format!("[{RING}]")),
            feature(revel, "LineString", RING),
            feature(revel, "Polygon", "[[[1.4,43.6],[1.5,43.6],[1.5,43.7],[1.4,43.7]]]"),
            feature(revel, "Polygon", "[[[1.4,43.6],[1.5,43.6],[1.4,43.6]]]"),
            feature(revel, "Polygon", "[[[574000,6279000],[575000,6279000],[574000,6279000]]]"),
            feature(revel, "Polygon", "[[[43.6,1.4],[43.6,1.5],[43.7,1.5],[43.6,1.4]]]"),
            feature(revel, "Polygon", "[[[1.4,43.6],[1.5,null],[1.5,43.7],[1.4,43.6]]]"),
            feature(r#""nom":"Sorèze""#, "Polygon", &format!("[{RING}]")),
        ];
        let got = read_text(&features, AreaKind::Municipalities).unwrap();
        let told: Vec<_> = got
            .findings
            .iter()
            .map(|it| match &it.kind {
                FindingKind::AreaRow { row, why } => format!("{row}: {why}"),
                other => format!("{other:?}"),
            })
            .collect();
        let wanted = [
            "feature 1 (31001): no name, expected one of the columns nom, nom_officiel",
            "feature 2 (X): INSEE code \"314\", expected five characters such as 31451 or 2A004",
            "feature 3 (Revel): the geometry is LineString, expected Polygon or MultiPolygon",
            "feature 4 (Revel): ring 1 is not closed: ",
            "feature 5 (Revel): ring 1: 3 point(s), expected at least 3 distinct ones",
            "feature 6 (Revel): ring 1, point 1: longitude 574000.00, latitude 6279000.00, expected \
             mainland France, longitude before latitude; they look like metres",
            "feature 7 (Revel): ring 1, point 1: longitude 43.60, latitude 1.40, expected mainland \
             France, longitude before latitude; they look swapped",
            "feature 8 (Revel): point 2 is not a longitude and a latitude",
            "*: no INSEE code in 1 feature(s), expected one of insee_com, code_insee",
        ];
        assert_eq!(told.len(), wanted.len(), "{told:#?}");
        for (told, wanted) in told.iter().zip(wanted) {
            assert!(told.starts_with(wanted), "{told}");
        }
        assert_eq!(got.value.len(), 1);
    }

    #[test]
    fn a_layer_without_any_area_is_refused_with_its_first_reason() {
        let why = |error: NetworkError| {
            let cause = std::error::Error::source(&error).unwrap().to_string();
            format!("{error}: {cause}")
        };
        let refused = read_text(&[feature("", "Point", "[1.4,43.6]")], AreaKind::Sectors);
        let said = why(refused.unwrap_err());
        assert!(said.starts_with("could not read the boundaries of sectors "), "{said}");
        let end = "no area among 1 feature(s); the first refusal: feature 1: no name, expected one \
                   of the columns secteur, sector, prd, nom, libelle, name";
        assert!(said.ends_with(end), "{said}");
        let none = source(AreaKind::Sectors, Path::new("/nowhere/secteurs.gpkg"));
        let error = read_areas(&none, Plane::default()).unwrap_err();
        assert!(matches!(error.kind(), NetworkErrorKind::Io(_)));
    }
}
