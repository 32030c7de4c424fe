//! Municipalities and sectors: layers of every format, the base they are laid on, the sections they cut.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[path = "outsiders/small_base.rs"]
mod small_base;

use small_base::{gdal, write_base};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use voirie::domain::{Area, Plane};
use voirie::io::geopackage::{Base, OpenBase, TableRow};
use voirie::io::network::{AreaKind, AreaSource, read_areas};
use voirie::io::rows::Value;

/// Two municipalities on either side of x = 574,237.3 m, the west one with a hole; a third elsewhere.
const COMMUNES: &str = r#"{"type":"FeatureCollection",
"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}},"features":[
{"type":"Feature","properties":{"INSEE_COM":"31451","NOM":"Revel"},"geometry":{"type":"Polygon",
"coordinates":[[[573900,6278900],[574237.3,6278900],[574237.3,6279100],[573900,6279100],[573900,6278900]],
[[573950,6279050],[573960,6279050],[573960,6279060],[573950,6279050]]]}},
{"type":"Feature","properties":{"INSEE_COM":"81288","NOM":"Sorèze"},"geometry":{"type":"MultiPolygon",
"coordinates":[[[[574237.3,6278900],[575000,6278900],[575000,6279100],[574237.3,6279100],[574237.3,6278900]]],
[[[576000,6278900],[576100,6278900],[576100,6279000],[576000,6278900]]]]}},
{"type":"Feature","properties":{"INSEE_COM":"81999","NOM":"Ailleurs"},"geometry":{"type":"Polygon",
"coordinates":[[[590000,6278900],[590100,6278900],[590100,6279000],[590000,6278900]]]}}]}"#;

fn source(path: &Path) -> AreaSource {
    let (kind, path) = (AreaKind::Municipalities, path.to_owned());
    AreaSource { kind, path, layer: None, crs: None, columns: BTreeMap::new() }
}

fn put(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn areas(path: &Path) -> Vec<Area> {
    let read = read_areas(&source(path), Plane::default()).unwrap_or_else(|why| panic!("{why:?}"));
    assert_eq!(read.findings, [], "{}", path.display());
    read.value
}

#[test]
fn every_format_and_system_gives_the_same_areas() {
    let folder = tempfile::tempdir().unwrap();
    let geojson = put(folder.path(), "communes.geojson", COMMUNES);
    let want = areas(&geojson);
    assert_eq!(want.iter().map(|it| it.rings().len()).collect::<Vec<_>>(), [2, 2, 1]);
    for (name, driver, crs, more) in [
        ("a.gpkg", "GPKG", "EPSG:2154", "MULTIPOLYGON"),
        ("b.gpkg", "GPKG", "EPSG:4326", "GEOMETRY"),
        ("c.shp", "ESRI Shapefile", "EPSG:3943", "POLYGON"),
        ("d.shp", "ESRI Shapefile", "EPSG:4326", "POLYGON"),
        ("e.fgb", "FlatGeobuf", "EPSG:2154", "MULTIPOLYGON"),
        ("f.fgb", "FlatGeobuf", "EPSG:32631", "GEOMETRY"),
    ] {
        let path = folder.path().join(name);
        let (to, from) = (path.to_str().unwrap(), geojson.to_str().unwrap());
        let options =
            ["-f", driver, "-t_srs", crs, "-nlt", more, "-lco", "ENCODING=UTF-8", to, from];
        // GeoPackage and FlatGeobuf warn of an option that only Shapefiles have.
        if gdal("ogr2ogr", &options).is_none() {
            return;
        }
        let got = areas(&path);
        for area in &want {
            let same =
                got.iter().find(|it| it.name == area.name).unwrap_or_else(|| panic!("{name}"));
            // Writers may turn rings round, and start them elsewhere.
            let lengths = |it: &Area| {
                let ring = |it: &Vec<_>| {
                    let pairs = it.windows(2);
                    pairs.map(|it: &[voirie::domain::PlanePoint]| it[0].distance(it[1]).get()).sum()
                };
                let mut all: Vec<f64> = it.rings().iter().map(ring).collect();
                all.sort_by(f64::total_cmp);
                all
            };
            let (a, b) = (lengths(area), lengths(same));
            let close = a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-3);
            assert!(a.len() == b.len() && close, "{name}: {a:?} {b:?}");
        }
    }
}

/// Columns of each row of a table, as text.
fn rows(base: &OpenBase, table: &str, columns: &[&str]) -> Vec<Vec<String>> {
    let tables = base.tables().unwrap();
    let info = tables.iter().find(|it| it.name == table).unwrap_or_else(|| panic!("{table}"));
    let rank = |name: &&str| info.fields.iter().position(|it| it.name == **name).unwrap();
    let ranks: Vec<usize> = columns.iter().map(rank).collect();
    let mut all = Vec::new();
    let mut take = |row: TableRow| {
        let text = |rank: &usize| match &row.values[*rank] {
            Value::Null => String::new(),
            Value::Text(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => format!("{number:.2}"),
        };
        all.push(ranks.iter().map(text).collect());
        Ok(())
    };
    base.each_row(info, &mut take).unwrap();
    all
}

fn score(base: &Path, settings: &Path) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_voirie"))
        .args(["--lang", "en", "score"])
        .arg(base)
        .arg("--settings")
        .arg(settings)
        .output()
        .unwrap()
}

#[test]
fn sections_end_at_the_boundaries_and_know_their_municipality() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("voirie.gpkg");
    write_base(&base);
    put(folder.path(), "communes.geojson", COMMUNES);
    let sectors = COMMUNES.replace("INSEE_COM", "code").replace("Revel", "PRD Nord");
    put(folder.path(), "secteurs.geojson", &sectors.replace("573900", "574100"));
    let text = "[boundaries]\nmunicipalities = \"communes.geojson\"\n\
                sectors = { file = \"secteurs.geojson\", name = \"NOM\" }\n\
                [scoring]\nsection_cut_at = [\"municipality\"]\n";
    let settings = put(folder.path(), "survey.toml", text);
    let done = score(&base, &settings);
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{told}");
    let outside =
        "secteurs.geojson: 1\u{a0}road outside every polygon, 100\u{a0}m in all, D817 among";
    assert!(told.contains(outside), "{told}");

    let opened = Base::open(&base).unwrap();
    let columns = ["id", "insee", "commune", "secteur", "cumul_f"];
    let want = [
        ["D817-U-000000", "31451", "Revel", "PRD Nord", "237.30"],
        ["D817-U-000237", "81288", "Sorèze", "Sorèze", "400.00"],
    ];
    assert_eq!(rows(&opened, "sections", &columns), want);
    let of = ["niveau", "code", "nom", "cumul_d", "cumul_f"];
    let want = [
        ["commune", "31451", "Revel", "0.00", "237.30"],
        ["commune", "81288", "Sorèze", "237.30", "400.00"],
        ["secteur", "31451", "PRD Nord", "100.00", "237.30"],
        ["secteur", "81288", "Sorèze", "237.30", "400.00"],
    ];
    assert_eq!(rows(&opened, "territoires", &of), want);
    let means = rows(&opened, "means", &["niveau", "nom"]);
    for name in ["Revel (31451)", "Sorèze (81288)"] {
        assert!(means.contains(&vec!["commune".to_owned(), name.to_owned()]), "{means:?}");
    }
    let states = rows(&opened, "section_coverage", &["section", "etat", "longueur_m"]);
    assert_eq!(states[0], ["D817-U-000000", "valid", "10.00"]);
    assert_eq!(states[1], ["D817-U-000000", "not_filmed", "227.30"]);
    // Ten metres are too few for a stretch: the road is cut by its municipalities and sectors alone.
    let ends = rows(&opened, "homogeneous", &["id", "cumul_f"]);
    let want = [
        ["D817-U-000000-H", "100.00"],
        ["D817-U-000100-H", "237.30"],
        ["D817-U-000237-H", "400.00"],
    ];
    assert_eq!(ends, want);
    drop(opened);

    // The base knows its boundaries: without the layers, it keeps them.
    let again =
        put(folder.path(), "again.toml", "[scoring]\nsection_cut_at = [\"municipality\"]\n");
    assert!(score(&base, &again).status.success());
    let opened = Base::open(&base).unwrap();
    assert_eq!(rows(&opened, "sections", &["commune"]), [["Revel"], ["Sorèze"]]);
}

#[test]
fn boundaries_that_are_missing_or_unreadable_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("voirie.gpkg");
    write_base(&base);
    let cut = put(folder.path(), "a.toml", "[scoring]\nsection_cut_at = [\"sector\"]\n");
    let told = String::from_utf8_lossy(&score(&base, &cut).stderr).into_owned();
    assert!(
        told.contains("sections were to end at boundaries (sector), of which no layer"),
        "{told}"
    );

    let cases = [
        ("sectors = \"none.gpkg\"", 3, "could not read the boundaries of sectors"),
        ("sectors = \"a.toml\"", 4, "not a GeoJSON FeatureCollection"),
        ("quarters = \"a.toml\"", 2, "[boundaries] quarters: unknown, expected one of"),
    ];
    for (line, code, want) in cases {
        let settings = put(folder.path(), "b.toml", &format!("[boundaries]\n{line}\n"));
        let done = score(&base, &settings);
        let told = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(code), "{told}");
        assert!(told.contains(want), "{told}");
    }
    let text = "[scoring]\nsection_cut_at = [\"commune\"]\n";
    let done = score(&base, &put(folder.path(), "c.toml", text));
    let told = String::from_utf8_lossy(&done.stderr);
    let want = "scoring.section_cut_at: found [\"commune\"], expected a list of \"municipality\"";
    assert!(done.status.code() == Some(2) && told.contains(want), "{told}");
}
