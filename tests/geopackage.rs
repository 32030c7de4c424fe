//! The base against an outsider: GDAL opens it, and reads what was written.

#[path = "outsiders/small_base.rs"]
mod small_base;

use small_base::{gdal, network, write_base};
use voirie::io::geopackage::Base;

#[test]
fn gdal_lists_every_layer_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("base.gpkg");
    write_base(&path);
    let Some((out, err)) = gdal("ogrinfo", &["-ro", "-so", "-al", path.to_str().unwrap()]) else {
        return;
    };
    assert_eq!(err, "");
    for expected in [
        "Layer name: network",
        "Layer name: pr",
        "Layer name: sections",
        "Layer name: section_defects",
        "Layer name: means",
        "Geometry: Line String",
        "Geometry: Point",
        "ID[\"EPSG\",2154]",
        "Extent: (574000.000000, 6279000.000000) - (574400.000000, 6279000.000000)",
        "def_np_nb: Real",
        "motif_libelle: String",
    ] {
        assert!(out.contains(expected), "{expected} is not in:\n{out}");
    }
}

#[test]
fn gdal_finds_sections_through_the_index_and_reads_their_notes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("base.gpkg");
    write_base(&path);
    let path = path.to_str().unwrap();
    let within = ["574010", "6278990", "574190", "6279010"];
    let mut arguments = vec!["-ro", "-q", path, "sections", "-spat"];
    arguments.extend(within);
    let Some((out, _)) = gdal("ogrinfo", &arguments) else { return };
    assert!(out.contains("ng (Real) = 13.5"), "{out}");
    assert!(out.contains("def_np_nb (Real) = 2"), "{out}");
    assert!(out.contains("prd (Integer64) = 12"), "{out}");
    assert!(!out.contains("D817-U-000200"), "the other section was found too: {out}");

    let unseen = ["-ro", "-q", path, "-sql", "SELECT * FROM sections WHERE ng IS NULL"];
    let (out, _) = gdal("ogrinfo", &unseen).unwrap();
    assert!(out.contains("motif_libelle (String) = non filmée"), "{out}");
    assert!(out.contains("def_np_nb (Real) = (null)"), "{out}");
}

#[test]
fn gdal_can_edit_the_base_and_keeps_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("base.gpkg"), folder.path().join("copy.gpkg"));
    write_base(&path);
    let edit = "DELETE FROM sections WHERE fid = 1";
    if gdal("ogrinfo", &["-q", path.to_str().unwrap(), "-sql", edit]).is_none() {
        return;
    }
    let network = network();
    let left = Base::open(&path).unwrap().read_network().unwrap();
    assert_eq!(left, network);
    let (path, copy) = (path.to_str().unwrap(), copy.to_str().unwrap());
    gdal("ogr2ogr", &["-f", "GPKG", copy, path, "sections"]).unwrap();
    let (out, _) = gdal("ogrinfo", &["-ro", "-so", copy, "sections"]).unwrap();
    assert!(out.contains("Feature Count: 1"), "{out}");
}
