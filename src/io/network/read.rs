//! Reading a network: whole files that mean something, rows that may not.

use super::assemble::Assembly;
use super::columns::Referential;
use super::features::{Feature, Refused};
use super::prs::{self, Marks};
use super::sources::open;
use crate::domain::{FindingKind, Network, Plane, Reported, Wgs84};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Why a reference network, or boundaries, could not be read.
#[derive(Debug, thiserror::Error)]
#[error("could not read {what} {}", path.display())]
pub struct NetworkError {
    /// What was being read, in words.
    what: &'static str,
    path: PathBuf,
    source: NetworkErrorKind,
}

impl NetworkError {
    /// That of a file, which was to be `what`.
    pub(super) fn of(what: &'static str, path: &Path, source: NetworkErrorKind) -> Self {
        Self { what, path: path.to_owned(), source }
    }

    /// The file at fault.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was wrong with it.
    #[must_use]
    pub const fn kind(&self) -> &NetworkErrorKind {
        &self.source
    }
}

/// What was wrong with the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkErrorKind {
    /// The file is missing or unreadable.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Not JSON, or not a collection of features; the message gives line and column.
    #[error("not a GeoJSON FeatureCollection: {0}")]
    Json(#[from] serde_json::Error),
    /// Coordinates in a system that is not known.
    #[error("its coordinates are in {0}")]
    Crs(String),
    /// Not what it seems, or damaged.
    #[error("{found}; expected {expected}")]
    #[expect(missing_docs, reason = "the message names every field")]
    Foreign { found: String, expected: String },
    /// The table of PRs has no usable header.
    #[error("not a table of PR: {0}")]
    Prs(String),
    /// Not one road.
    #[error("no road among {n_features} feature(s); the first refusal: {first}")]
    #[expect(missing_docs, reason = "the message names every field")]
    NoRoad { n_features: usize, first: String },
    /// Not one municipality or sector.
    #[error("no area among {n_features} feature(s); the first refusal: {first}")]
    #[expect(missing_docs, reason = "the message names every field")]
    NoArea { n_features: usize, first: String },
}

/// Reads a network of any kind, and its table of PR.
///
/// GeoJSON, `GeoPackage`, Shapefile, `FlatGeobuf` or an `OpenStreetMap` extract; in any projection of the
/// EPSG registry. `wanted` says which layer and columns when they do not bear the usual names. A row
/// that cannot be used is a finding, and the rest is read.
///
/// # Errors
///
/// When a file is missing, is not what it seems, or holds no road at all.
pub fn read(
    network: &Path,
    prs: Option<&Path>,
    wanted: &Referential,
) -> Result<Reported<Network>, NetworkError> {
    let mut findings = Vec::new();
    let marks = match prs {
        Some(path) => at(path, read_prs(path, &mut findings))?,
        None => Marks::new(),
    };
    let loaded = at(network, open(network, wanted))?;
    let place = network.display().to_string();
    let mut assembly = Assembly::new(&place, plane_of(&loaded.features), marks);
    let n_features = loaded.features.len();
    for note in loaded.notes {
        assembly.refuse("*".to_owned(), note);
    }
    for (number, feature) in (1..).zip(loaded.features) {
        match feature {
            Ok(feature) => assembly.add(&format!("feature {number} ({})", feature.route), &feature),
            Err(refused) => {
                let name = refused.route.map(|it| format!(" ({it})")).unwrap_or_default();
                assembly.refuse(format!("feature {number}{name}"), refused.why);
            }
        }
    }
    let table = prs.map(|it| it.display().to_string());
    let mut told = Vec::new();
    let value = assembly.finish(table.as_deref(), &mut told);
    if value.roads().is_empty() {
        let first = told.iter().find_map(|it| match &it.kind {
            FindingKind::NetworkRow { row, why } => Some(format!("{row}: {why}")),
            _ => None,
        });
        let first = first.unwrap_or_else(|| "none".to_owned());
        return at(network, Err(NetworkErrorKind::NoRoad { n_features, first }));
    }
    told.append(&mut findings);
    Ok(Reported { value: value.of_version(wanted.version.clone()), findings: told })
}

/// The plane of a network: the legal one of the first point that lies in one, read either way round
/// so that swapped coordinates are told; else that of its first point.
fn plane_of(features: &[Result<Feature, Refused>]) -> Plane {
    let readable = features.iter().filter_map(|it| it.as_ref().ok());
    let points = || readable.clone().flat_map(|it| it.parts.iter().flatten());
    let legal = points().find_map(|[x, y]| {
        let either = [(*x, *y), (*y, *x)].map(|(x, y)| Wgs84::new(x, y).ok());
        either.into_iter().flatten().find_map(Plane::legal)
    });
    let first = || points().find_map(|[x, y]| Wgs84::new(*x, *y).ok()).map(Plane::at);
    legal.or_else(first).unwrap_or_default()
}

fn at<T>(path: &Path, result: Result<T, NetworkErrorKind>) -> Result<T, NetworkError> {
    result.map_err(|why| NetworkError::of("the road network", path, why))
}

fn read_prs(
    path: &Path,
    findings: &mut Vec<crate::domain::Finding>,
) -> Result<Marks, NetworkErrorKind> {
    let bytes = fs::read(path)?;
    prs::parse(&bytes, &path.display().to_string(), findings).map_err(NetworkErrorKind::Prs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Carriageway, Finding, Metres, Weight};
    use proptest::prelude::*;
    use std::error::Error;

    /// Some 810 m of road eastwards, near Toulouse.
    const LINE: &str = r#"{"type":"LineString","coordinates":[[1.40,43.6],[1.41,43.6]]}"#;

    fn feature(properties: &str, geometry: &str) -> String {
        format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
    }

    fn collection(features: &[String]) -> String {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
    }

    fn read_text(json: &[u8], table: Option<&str>) -> Result<Reported<Network>, NetworkError> {
        let folder = tempfile::tempdir().unwrap();
        let (network, prs) = (folder.path().join("n.geojson"), folder.path().join("prs.csv"));
        fs::write(&network, json).unwrap();
        if let Some(table) = table {
            fs::write(&prs, table).unwrap();
        }
        read(&network, table.map(|_| prs.as_path()), &Referential::default())
    }

    fn told(findings: &[Finding]) -> Vec<String> {
        let line = |it: &Finding| match &it.kind {
            FindingKind::NetworkRow { row, why } => format!("{:?} {row}: {why}", it.weight),
            FindingKind::RoadWithoutPr { road } => format!("{:?} {road} without PR", it.weight),
            other => format!("{other:?}"),
        };
        findings.iter().map(line).collect()
    }

    const WHOLE: &str = r#""categorie":1,"secteur":"REVEL","largeur_m":6.2,"voies":2"#;

    #[test]
    fn a_whole_network_has_nothing_to_say() {
        let features = ["D", "G"].map(|side| {
            feature(&format!(r#""route":"D817","cote":"{side}","cumul_debut_m":500,{WHOLE}"#), LINE)
        });
        let table = "route;cote;pr;cumul_m\nD817;D;0;0\nD817;D;1;990,5\nD817;G;1;995\n";
        let got = read_text(collection(&features).as_bytes(), Some(table)).unwrap();
        assert_eq!(told(&got.findings), [] as [String; 0]);
        let [right, left] = got.value.roads() else { panic!("two roads") };
        assert_eq!((right.carriageway, right.category), (Carriageway::Right, 1));
        assert_eq!((right.sector.as_str(), right.width), ("REVEL", Metres::of(6.2)));
        assert!((right.length().get() - 807.0).abs() < 1.0, "{}", right.length());
        assert_eq!(right.reference_at(Metres::of(1000.5)).unwrap().to_string(), "1+010");
        assert_eq!(left.reference_at(Metres::of(1000.0)).unwrap().to_string(), "1+005");
        assert_eq!(left.reference_at(Metres::of(900.0)), None);
    }

    #[test]
    fn defaults_are_told_once_each_and_roads_keep_their_cumul() {
        let features = ["D1", "D2"].map(|it| feature(&format!(r#""route":"{it}""#), LINE));
        let got = read_text(collection(&features).as_bytes(), None).unwrap();
        let want = [
            "Note feature 1 (D1): categorie missing in 2 feature(s), 3 taken",
            "Note feature 1 (D1): largeur_m missing in 2 feature(s), 5.5 m taken",
            "Note feature 1 (D1): secteur missing in 2 feature(s), no works unit taken",
            "Note feature 1 (D1): voies missing in 2 feature(s), 2 taken",
            "Note D1 without PR",
            "Note D2 without PR",
        ];
        assert_eq!(told(&got.findings), want);
        let road = &got.value.roads()[0];
        assert_eq!((road.width, road.lanes, road.category), (Metres::of(5.5), 2, 3));
        assert_eq!(road.reference_at(Metres::of(100.0)), None);
        assert!(road.cumul_end() > Metres::of(800.0));
    }

    #[test]
    fn bad_features_are_told_and_the_rest_survives() {
        let swapped = r#"{"type":"LineString","coordinates":[[43.6,1.40],[43.6,1.41]]}"#;
        let metres = r#"{"type":"LineString","coordinates":[[574000,6279000],[574900,6279000]]}"#;
        let point = r#"{"type":"LineString","coordinates":[[1.4,43.6],[1.4,43.6]]}"#;
        let whole = |route: &str, more: &str| format!(r#""route":"{route}",{WHOLE}{more}"#);
        let features = [
            feature(&whole("D1", ""), LINE),
            feature(&whole("D2", ""), swapped),
            feature(&whole("D3", ""), metres),
            feature(&whole("D4", ""), point),
            feature(WHOLE, LINE),
            feature(r#""route":"D5","largeur_m":0,"voies":"x","categorie":1,"secteur":"A""#, LINE),
            feature(&whole("D1", ""), LINE),
            feature(&whole("D1", r#","cumul_debut_m":300"#), LINE),
            "17".to_owned(),
        ];
        let table =
            "route,cote,pr,cumul_m\nD1,U,0,0\nD5,U,0,0\nD5,U,7,7000\nD9,U,1,0\nD9,U,2,900\n";
        let got = read_text(collection(&features).as_bytes(), Some(table)).unwrap();
        let want = [
            "Loss feature 2 (D2): point 1: longitude 43.60, latitude 1.40, expected mainland \
             France, longitude before latitude; they look swapped",
            "Loss feature 3 (D3): point 1: longitude 574000.00, latitude 6279000.00, expected \
             mainland France, longitude before latitude; they look like metres, expected degrees \
             (EPSG:4326)",
            "Loss feature 4 (D4): road D4: 1 point(s), expected at least 2 distinct ones",
            "Loss feature 5: property route: a road needs a name",
            "Note feature 6 (D5): largeur_m 0, expected 2 to 40; 5.5 taken",
            "Note feature 6 (D5): voies \"x\", expected 1 to 8; 2 taken",
            "Note feature 7 (D1): cumul_debut_m missing; 807.7 m taken, where the piece before it \
             ends",
            "Loss feature 8 (D1): cumul 300.0 to 1107.7 m of D1 U: another feature has 0.0 to \
             807.7 m; expected a cumul_debut_m past it",
            "Loss feature 9: property route: a road needs a name",
            "Loss row 4: PR 7 of D5 at 7000.0 m, past the end of the road at 807.7 m",
            "Note row 5: 2 PR of D9 U: no such road in the network",
        ];
        assert_eq!(told(&got.findings), want);
        assert_eq!(got.findings.iter().filter(|it| it.weight == Weight::Loss).count(), 7);
        let kept: Vec<_> = got.value.roads().iter().map(|it| it.id.as_str()).collect();
        assert_eq!(kept, ["D1", "D5", "D1"]);
        assert_eq!(got.value.roads()[1].marks().len(), 1);
    }

    #[test]
    fn parts_join_and_holes_are_told() {
        let parts = r#"{"type":"MultiLineString","coordinates":[
            [[1.40,43.6],[1.41,43.6]],[[1.41,43.6],[1.42,43.6]],[[1.43,43.6],[1.44,43.6]]]}"#;
        let text = collection(&[feature(&format!(r#""route":"D1",{WHOLE}"#), parts)]);
        let got = read_text(text.as_bytes(), None).unwrap();
        let [first, second] = got.value.roads() else { panic!("two pieces") };
        assert_eq!(first.line().len(), 3);
        assert!((second.cumul_start().get() - 3.0 * 807.69).abs() < 0.5, "{second:?}");
        assert!(told(&got.findings)[0].contains("a hole of 807.7 m"));
    }

    #[test]
    fn files_that_mean_nothing_are_errors() {
        let why = |text: &[u8], table| {
            let error = read_text(text, table).unwrap_err();
            assert!(error.to_string().starts_with("could not read the road network "));
            error.source().unwrap().to_string()
        };
        let line = collection(&[feature(r#""route":"D1""#, LINE)]);
        let unknown = line.replacen(
            '{',
            r#"{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::999999"}},"#,
            1,
        );
        let crs = line.replacen(
            '{',
            r#"{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}},"#,
            1,
        );
        assert!(why(b"{\"features\": [1,\n 2,,]}", None).contains("line 2 column 4"));
        assert!(why(b"{\"type\": \"Feature\"}", None).contains("missing field `features`"));
        assert!(why(b"", None).contains("line 1 column 0"));
        assert!(why(unknown.as_bytes(), None).contains("EPSG:999999, which is not known"));
        // Degrees announced as metres lie in the sea off Africa: no plane of France holds them.
        let lost = read_text(crs.as_bytes(), None).unwrap().value;
        assert_ne!(lost.plane(), Plane::LAMBERT_93);
        assert!(why(line.as_bytes(), Some("a,b\n")).contains("no column route"));
        let none = why(collection(&["{}".to_owned()]).as_bytes(), None);
        assert!(none.starts_with("no road among 1 feature(s); the first refusal: feature 1: "));
        let missing =
            read(Path::new("nowhere.geojson"), None, &Referential::default()).unwrap_err();
        assert!(matches!(missing.kind(), NetworkErrorKind::Io(_)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_text(&bytes, None);
        }

        #[test]
        fn no_numbers_make_it_panic(
            points in prop::collection::vec(prop::array::uniform2(-200.0..200.0_f64), 0..6),
            width in any::<f64>(),
            cumul in any::<f64>(),
        ) {
            let line = serde_json::json!({"type": "LineString", "coordinates": points});
            let properties = serde_json::json!({"route": "D1", "width_m": width, "cumul_start_m": cumul});
            let feature = serde_json::json!({"properties": properties, "geometry": line});
            let text = serde_json::json!({"features": [feature]}).to_string();
            let _ = read_text(text.as_bytes(), Some("route,pr,cumul_m\nD1,1,0\n"));
        }
    }
}
