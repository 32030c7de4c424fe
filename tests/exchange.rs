//! Exchange formats against outsiders: GDAL, geopandas and openpyxl read what was written.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[path = "outsiders/small_base.rs"]
mod small_base;

use assert_cmd::Command;
use predicates::str::contains;
use small_base::{gdal, write_base};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Names the Python that has the packages of `tests/outsiders/requirements-exchange.txt`.
const PYTHON: &str = "VOIRIE_PYTHON";

struct Exported {
    folder: TempDir,
}

impl Exported {
    fn new(formats: &str) -> Self {
        let it = Self { folder: tempfile::tempdir().unwrap() };
        write_base(&it.at("base.gpkg"));
        it.voirie(&["--format", formats]).assert().success();
        it
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn voirie(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_voirie"));
        let (base, out) = (self.at("base.gpkg"), self.at("out"));
        command.arg("export").arg(base).arg("-o").arg(out).args(arguments);
        command
    }

    fn text(&self, name: &str) -> String {
        self.at(&format!("out/{name}")).to_str().unwrap().to_owned()
    }
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let name = |it: &Path| it.file_name().unwrap().to_string_lossy().into_owned();
    let mut all: Vec<_> = entries.map(|it| (name(&it), fs::read(&it).unwrap())).collect();
    all.sort();
    all
}

#[test]
fn gdal_reads_geojson_flatgeobuf_and_shapefile_alike() {
    let exported = Exported::new("geojson,flatgeobuf,shapefile");
    let layers = [
        ("sections.geojson", "ID[\"EPSG\",4326]", "ng (Real) = 13.5"),
        ("sections.fgb", "ID[\"EPSG\",2154]", "ng (Real) = 13.5"),
        ("sections.shp", "ID[\"EPSG\",2154]", "ng (Real) = 13.5"),
    ];
    for (name, plane, note) in layers {
        let path = exported.text(name);
        let Some((out, err)) = gdal("ogrinfo", &["-ro", "-al", &path]) else { return };
        assert_eq!(err, "", "{name}");
        let geometry = if name.ends_with("geojson") {
            // gdaltransform -s_srs EPSG:2154 -t_srs OGC:CRS84, to seven decimals.
            "LINESTRING (1.4399276 43.5988524,"
        } else {
            "LINESTRING (574000 6279000,574200 6279000)"
        };
        for expected in ["Feature Count: 2", plane, note, "non filmée", geometry] {
            assert!(out.contains(expected), "{name}: {expected} is not in:\n{out}");
        }
        // What is unknown is nothing, and never nought.
        assert!(!out.contains("ng (Real) = 0\n"), "{name}:\n{out}");
    }
    // The index of the FlatGeobuf finds the one section of a rectangle.
    let within = ["-spat", "574210", "6278990", "574390", "6279010"];
    let fgb = exported.text("sections.fgb");
    let (out, _) =
        gdal("ogrinfo", &[&["-ro", "-q", &fgb, "sections"], &within[..]].concat()).unwrap();
    assert!(out.contains("D817-U-000200") && !out.contains("D817-U-000000"), "{out}");
    let (points, _) = gdal("ogrinfo", &["-ro", "-al", &exported.text("frames.shp")]).unwrap();
    assert!(points.contains("POINT (574005 6279000)"), "{points}");
    let (cells, _) = gdal("ogrinfo", &["-ro", "-al", &exported.text("cells.fgb")]).unwrap();
    assert!(cells.contains("etat (String) = grave"), "{cells}");
}

#[test]
fn short_names_of_a_shapefile_are_explained() {
    let exported = Exported::new("shapefile");
    let fields = fs::read_to_string(exported.text("sections.fields.csv")).unwrap();
    assert!(fields.contains("part_valid,part_valide,\"part vue par"), "{fields}");
    assert!(fields.contains("motif_libe,motif_libelle,"), "{fields}");
    assert_eq!(fs::read_to_string(exported.text("sections.cpg")).unwrap(), "UTF-8");
    // A table that draws nothing is no Shapefile; asked for by name, that is told.
    assert!(!exported.at("out/means.shp").exists());
    let told = exported.voirie(&["--format", "shapefile", "--layer", "means", "--lang", "en"]);
    { told }.assert().code(1).stderr(contains("means: draws nothing, not written as shapefile"));
}

#[test]
fn another_reader_of_shapefiles_finds_shapes_and_rows() {
    let exported = Exported::new("shapefile");
    let mut reader = shapefile::Reader::from_path(exported.text("sections.shp")).unwrap();
    let rows: Vec<_> = reader.iter_shapes_and_records().map(|it| it.unwrap()).collect();
    assert_eq!(rows.len(), 2);
    let shapefile::Shape::Polyline(line) = &rows[0].0 else { panic!("a section is a line") };
    let points: Vec<_> = line.parts()[0].iter().map(|it| (it.x, it.y)).collect();
    assert_eq!(points, [(574_000.0, 6_279_000.0), (574_200.0, 6_279_000.0)]);
    let number = shapefile::dbase::FieldValue::Numeric;
    assert_eq!(rows[0].1.get("ng"), Some(&number(Some(13.5))));
    assert_eq!(rows[1].1.get("ng"), Some(&number(None)));
}

#[test]
fn the_same_base_gives_the_same_bytes() {
    let exported = Exported::new("geojson,flatgeobuf,shapefile,geoparquet,csv,xlsx");
    let first = files(&exported.at("out"));
    assert!(first.len() > 50, "{} files", first.len());
    fs::remove_dir_all(exported.at("out")).unwrap();
    // Names of files in a ZIP have a time of two seconds' grain.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    let all = ["--format", "geojson,flatgeobuf,shapefile,geoparquet,csv,xlsx", "--threads", "1"];
    exported.voirie(&all).assert().success();
    for (one, two) in first.iter().zip(files(&exported.at("out"))) {
        assert!(*one == two, "{} differs from {}", one.0, two.0);
    }
}

#[test]
fn what_cannot_be_exported_is_told_with_what_can() {
    let exported = Exported::new("csv");
    exported
        .voirie(&["--layer", "sections,roads"])
        .assert()
        .code(2)
        .stderr(contains("found \"roads\", expected some of network, pr, campagnes"));
    exported.voirie(&["--format", "dxf"]).assert().code(2).stderr(contains("expected one of"));
    exported.voirie(&["--format", "releve"]).assert().code(2).stderr(contains("--columns"));
    let csv = fs::read_to_string(exported.text("sections.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    let of = |name: &str| &row[names.iter().position(|it| it == name).unwrap()];
    assert_eq!(of("wkt"), "LINESTRING (574000 6279000, 574200 6279000)");
    assert_eq!((of("ng"), of("version"), of("configuration")), ("13.5", "0.1.0", "cafe"));
}

#[test]
fn the_releve_by_the_columns_of_a_customer_goes_out_and_comes_back() {
    let exported = Exported::new("csv");
    let columns = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/releve-m3.toml");
    exported.voirie(&["--format", "releve", "--columns", columns]).assert().success();
    let text = fs::read_to_string(exported.text("releve.csv")).unwrap();
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}Campagne;Route;Chaussée;PR début;"), "{}", lines[0]);
    assert_eq!(lines[1], "2025;D817;U;12;0,0;12;200,0;NDP;3;;0,80;2,00;;0,06");
    let mut import = Command::new(env!("CARGO_BIN_EXE_voirie"));
    import.arg("import").arg(exported.at("base.gpkg")).arg(exported.text("releve.csv"));
    import.args(["--columns", columns, "--lang", "en"]);
    // 10 m of the 200 were filmed.
    import.assert().stdout(contains("1 rows taken")).stderr(contains("not filmed and were left"));
}

/// What Python's outsiders say; nothing where there is no Python.
fn python(folder: &Path) -> Option<serde_json::Value> {
    let python = std::env::var(PYTHON).unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/outsiders/exchange.py");
    let Ok(output) = std::process::Command::new(&python).arg(script).arg(folder).output() else {
        eprintln!("skipped: {python} is not installed");
        return None;
    };
    let err = String::from_utf8_lossy(&output.stderr);
    eprint!("{err}");
    assert!(output.status.success(), "{err}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn geopandas_and_openpyxl_read_what_was_written() {
    let exported = Exported::new("geoparquet,xlsx");
    let Some(told) = python(&exported.at("out")) else { return };
    let parquet = &told["geoparquet"];
    if !parquet.is_null() {
        assert_eq!(parquet["rows"], 2);
        assert_eq!((&parquet["epsg"], &parquet["same_crs"]), (&2154.into(), &true.into()));
        assert_eq!(parquet["first"], "LINESTRING (574000 6279000, 574200 6279000)");
        assert_eq!(
            parquet["bounds"],
            serde_json::json!([574_000.0, 6_279_000.0, 574_400.0, 6_279_000.0])
        );
        assert_eq!(parquet["ng"], serde_json::json!([13.5, null]));
        assert_eq!(parquet["motif"], serde_json::json!([null, "not_filmed"]));
        assert_eq!(parquet["instant"], "timestamp[ms, tz=UTC]");
        assert_eq!(parquet["clips"][0]["decodeur"], "h264, \"embarqué\"");
        assert!(parquet["created_by"].as_str().unwrap().starts_with("voirie "));
    }
    let xlsx = &told["xlsx"];
    if !xlsx.is_null() {
        let sheets = xlsx["sheets"].as_array().unwrap();
        assert!(sheets.contains(&"sections".into()) && !sheets.contains(&"cells".into()));
        assert_eq!(
            (&xlsx["frozen"], &xlsx["created"]),
            (&"B2".into(), &"1970-01-01 00:00:00".into())
        );
        assert!(xlsx["filter"].as_str().unwrap().starts_with("A1:"));
        assert!(xlsx["colours"].as_u64().unwrap() >= 3);
        let formulas = xlsx["formulas"].to_string();
        assert!(formulas.contains("=SUBTOTAL(109,"), "{formulas}");
        assert!(formulas.contains("=SUMPRODUCT("), "{formulas}");
        // The mean of the network, weighted by the area of what is noted.
        assert_eq!(xlsx["totals"], serde_json::json!([400, 13.5]));
        assert!(xlsx["note"].as_str().unwrap().contains("note globale"));
    }
}
