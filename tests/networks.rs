//! Networks in every format that GIS teams keep, written by an outsider (GDAL) and read here.

use std::path::{Path, PathBuf};
use std::process::Command;
use voirie::domain::{FindingKind, Network};
use voirie::io::network::{NetworkError, Referential, read};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/patrol/network.geojson")
}

fn have_gdal() -> bool {
    let there = Command::new("ogr2ogr").arg("--version").output().is_ok();
    if !there {
        eprintln!("skipped: no ogr2ogr");
    }
    there
}

/// The network of the sample in another format and system.
fn converted(folder: &Path, name: &str, driver: &str, crs: &str, more: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let done = Command::new("ogr2ogr")
        .args(["-f", driver, "-t_srs", crs, "-nlt", "LINESTRING"])
        .args(more)
        .arg(&path)
        .arg(sample())
        .output()
        .expect("ogr2ogr runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    path
}

fn opened(path: &Path) -> Result<Network, NetworkError> {
    read(path, None, &Referential::default()).map(|it| it.value)
}

fn why(path: &Path, wanted: &Referential) -> String {
    let error = read(path, None, wanted).expect_err("refused");
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    std::error::Error::source(&error).expect("a cause").to_string()
}

#[test]
fn every_format_and_system_gives_the_same_roads() {
    if !have_gdal() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let want = opened(&sample()).expect("the sample");
    let cases = [
        ("a.gpkg", "GPKG", "EPSG:2154"),
        ("b.gpkg", "GPKG", "EPSG:4326"),
        ("c.gpkg", "GPKG", "EPSG:3943"),
        ("d.shp", "ESRI Shapefile", "EPSG:2154"),
        ("e.shp", "ESRI Shapefile", "EPSG:3944"),
        ("f.shp", "ESRI Shapefile", "EPSG:4326"),
        ("g.fgb", "FlatGeobuf", "EPSG:2154"),
        ("h.fgb", "FlatGeobuf", "EPSG:4326"),
        ("i.fgb", "FlatGeobuf", "EPSG:32631"),
        ("j.geojson", "GeoJSON", "EPSG:4326"),
    ];
    for (name, driver, crs) in cases {
        let path = converted(folder.path(), name, driver, crs, &[]);
        let got = opened(&path).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        let key = |it: &Network| {
            let mut all: Vec<_> = it
                .roads()
                .iter()
                .map(|it| (it.id.as_str().to_owned(), it.lanes, it.width.get().to_bits()))
                .collect();
            all.sort();
            all
        };
        assert_eq!(key(&got), key(&want), "{name}");
        for road in want.roads() {
            let same = got.roads().iter().find(|it| it.id == road.id).expect("the road");
            let away = |(a, b): (&voirie::domain::PlanePoint, &voirie::domain::PlanePoint)| {
                a.distance(*b).get()
            };
            // GeoJSON is written with seven decimals of a degree.
            let worst = road.line().iter().zip(same.line()).map(away).fold(0.0, f64::max);
            assert!(worst < 0.02 && road.line().len() == same.line().len(), "{name}: {worst}");
        }
    }
}

#[test]
fn columns_and_layers_of_other_names_are_mapped() {
    if !have_gdal() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let rename = ["-nln", "troncons", "-sql", "SELECT route AS num_voie, voies FROM network"];
    let path = converted(folder.path(), "a.gpkg", "GPKG", "EPSG:2154", &rename);
    assert!(why(&path, &Referential::default()).starts_with("no road among"));
    let columns = [("route".to_owned(), "NUM_VOIE".to_owned())].into();
    let wanted = Referential { columns, layer: Some("TRONCONS".into()), ..Referential::default() };
    assert_eq!(read(&path, None, &wanted).expect("read").value.roads().len(), 3);
    let other = Referential { layer: Some("routes".into()), ..Referential::default() };
    assert_eq!(why(&path, &other), "layers of lines: troncons; expected a layer named routes");
}

#[test]
fn bad_files_say_what_is_wrong_with_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let none = Referential::default();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    };
    let text = why(&put("a.gpkg", b"not a base at all"), &none);
    assert!(text.contains("expected a GeoPackage"), "{text}");
    let text = why(&put("b.gpkg", b"SQLite format 3\0 and then nothing"), &none);
    assert!(text.contains("expected a GeoPackage"), "{text}");
    let text = why(&put("c.fgb", b"fgb\x03fgb\x00 and then nothing"), &none);
    assert!(text.contains("expected a whole FlatGeobuf"), "{text}");
    let text = why(&put("d.pbf", b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x05"), &none);
    assert!(text.contains("expected a whole OpenStreetMap extract"), "{text}");
    let text = why(&put("e.shp", b"PK"), &none);
    assert!(text.contains("expected a Shapefile"), "{text}");
    if !have_gdal() {
        return;
    }
    let shp = converted(folder.path(), "f.shp", "ESRI Shapefile", "EPSG:2154", &[]);
    let dbf = std::fs::read(shp.with_extension("dbf")).expect("a table");
    std::fs::write(shp.with_extension("dbf"), &dbf[..40]).expect("written");
    let text = why(&shp, &none);
    assert!(text.contains("a .dbf that cannot be read"), "{text}");
    std::fs::write(shp.with_extension("dbf"), &dbf).expect("written");
    std::fs::remove_file(shp.with_extension("prj")).expect("removed");
    let text = why(&shp, &none);
    assert!(text.contains("no f.prj beside it") && text.contains("crs = \"EPSG:2154\""), "{text}");
    let wanted = Referential { crs: Some("EPSG:2154".into()), ..Referential::default() };
    assert_eq!(read(&shp, None, &wanted).expect("read").value.roads().len(), 3);
    // Metres taken for degrees.
    let wanted = Referential { crs: Some("EPSG:4326".into()), ..Referential::default() };
    assert!(why(&shp, &wanted).contains("they look like metres"));
    // Rows of another system in one layer, and a coordinate that is not a number.
    let gpkg = converted(folder.path(), "g.gpkg", "GPKG", "EPSG:2154", &[]);
    let base = rusqlite::Connection::open(&gpkg).expect("opened");
    let change = |fid: i64, at: usize, with: &[u8]| {
        let mut geometry: Vec<u8> = base
            .query_row("SELECT geom FROM network WHERE fid = ?1", [fid], |row| row.get(0))
            .expect("a geometry");
        geometry[at..at + with.len()].copy_from_slice(with);
        base.execute_batch("PRAGMA writable_schema = ON; DROP TRIGGER IF EXISTS x;").expect("ran");
        let triggers: Vec<String> = base
            .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            .and_then(|mut it| it.query_map([], |row| row.get(0))?.collect())
            .expect("triggers");
        for trigger in triggers {
            base.execute_batch(&format!("DROP TRIGGER \"{trigger}\"")).expect("dropped");
        }
        base.execute(
            "UPDATE network SET geom = ?2 WHERE fid = ?1",
            rusqlite::params![fid, geometry],
        )
        .expect("changed");
    };
    change(1, 4, &3943_i32.to_le_bytes());
    // After the header, its envelope, the order of bytes, the type and the count.
    change(2, 8 + 32 + 9, &f64::NAN.to_le_bytes());
    drop(base);
    let got = read(&gpkg, None, &none).expect("read");
    assert_eq!(got.value.roads().len(), 1);
    let told: Vec<String> = got
        .findings
        .iter()
        .filter_map(|it| match &it.kind {
            FindingKind::NetworkRow { row, why } => Some(format!("{row}: {why}")),
            _ => None,
        })
        .collect();
    let all = told.join("\n");
    assert!(all.contains("its coordinates are in system 3943, the layer's in 2154"), "{all}");
    assert!(all.contains("NaN"), "{all}");
}
