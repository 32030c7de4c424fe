//! The base against an outsider: GDAL opens it, and reads what was written.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::path::Path;
use std::process::Command;
use voirie::domain::{
    Aggregates, Carriageway, Coverage, Defect, DefectKind, Extent, Mean, Metres, Network,
    NoteClass, NoteClasses, NoteInterval, Notes, PlanePoint, PrMark, Provenance, Rating, Ratio,
    Road, RoadId, Score, Section, SectionDistress, SectionId, SectionRating, Severity,
    SquareMetres, Unrated,
};
use voirie::io::geopackage::Base;

/// A road near Toulouse with a noted section, then one that nobody filmed.
fn network() -> Network {
    let line = [(574_000.0, 6_279_000.0), (574_400.0, 6_279_000.0)];
    let road = Road::new(
        RoadId::new("D817").unwrap(),
        Carriageway::Single,
        1,
        "VILLEFRANCHE".into(),
        Metres::of(7.0),
        2,
        line.map(|(x, y)| PlanePoint { x, y }).to_vec(),
        Metres::ZERO,
        vec![PrMark { pr: 12, cumul: Metres::ZERO }],
    );
    Network::new(vec![road.unwrap()])
}

fn ratings(network: &Network) -> Vec<SectionRating> {
    let road = &network.roads()[0];
    let note = |points| Score::new(points).unwrap();
    let distress = |from: f64, coverage: Coverage, defects| SectionDistress {
        section: Section {
            id: SectionId::of(road, Metres::of(from)),
            road: 0,
            from: Metres::of(from),
            to: Metres::of(from + 200.0),
            width: road.width,
        },
        defects,
        observed: SquareMetres::of(1400.0 * coverage.valid.get()),
        coverage,
        geometry: 0.0,
        refused: vec![],
    };
    let (seen, unseen) =
        (Coverage { valid: Ratio::ONE, invalid: Ratio::ZERO }, Coverage::default());
    let holes = Defect {
        kind: DefectKind::Pothole,
        severity: Severity::High,
        extent: Extent::Count(2.0, SquareMetres::of(0.8)),
    };
    let notes = Notes { ng: note(13.5), np: note(14.0), nu: note(19.0) };
    vec![
        SectionRating {
            distress: distress(0.0, seen, vec![holes]),
            rating: Rating::Rated {
                notes,
                interval: NoteInterval { low: notes.ng, high: notes.ng },
                coverage: seen,
            },
        },
        SectionRating {
            distress: distress(200.0, unseen, vec![]),
            rating: Rating::Unrated { reason: Unrated::NotFilmed, coverage: unseen },
        },
    ]
}

fn write_base(path: &Path) {
    let network = network();
    let class = |name: &str, from, colour: &str| NoteClass {
        name: name.into(),
        from: Score::new(from).unwrap(),
        colour: colour.into(),
    };
    let classes = NoteClasses(vec![class("A", 12.0, "#1a9850"), class("B", 0.0, "#d73027")]);
    let mean = Mean {
        name: "reseau".into(),
        length: Metres::of(400.0),
        rated_length: Metres::of(200.0),
        area: SquareMetres::of(2800.0),
        rated_area: SquareMetres::of(1400.0),
        ng: Some(Score::new(13.5).unwrap()),
        np: Some(Score::new(14.0).unwrap()),
        nu: Some(Score::new(19.0).unwrap()),
        classes: vec![Ratio::ONE, Ratio::ZERO],
    };
    let means = Aggregates { network: mean, roads: vec![], categories: vec![], sectors: vec![] };
    let provenance =
        Provenance { version: "0.1.0".into(), configuration: "cafe".into(), models: vec![] };
    let mut base = Base::create(path, &provenance).unwrap();
    base.write_network(&network).unwrap();
    let seen = [DefectKind::Pothole];
    base.write_ratings(&network, &ratings(&network), &means, &classes, &seen).unwrap();
    base.finish().unwrap();
}

/// What a GDAL program prints; nothing, with a word on it, where GDAL is not installed.
fn gdal(program: &str, arguments: &[&str]) -> Option<(String, String)> {
    match Command::new(program).args(arguments).output() {
        Err(_) => {
            eprintln!("{program} is not installed: skipped");
            None
        }
        Ok(output) => {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let (out, err) = (text(&output.stdout), text(&output.stderr));
            assert!(output.status.success(), "{program} {arguments:?}: {err}");
            Some((out, err))
        }
    }
}

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
