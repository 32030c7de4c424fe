//! The smallest base that has one of everything, for the tests that outsiders judge.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test takes what it needs, and fails on a step that does"
)]

use std::path::Path;
use std::process::Command;
use voirie::domain::{
    Aggregates, Carriageway, ClipOutcome, Coverage, Defect, DefectKind, Direction, Drives,
    Evidence, Extent, FrameStamp, LocatedDefect, LocatedFrame, Mean, Metres, Network, NoteClass,
    NoteClasses, NoteInterval, Notes, PixelBox, PlanePoint, PrMark, Projector, Provenance, Rating,
    Ratio, Road, RoadCell, RoadId, RoadPlace, Score, Seconds, Section, SectionDistress, SectionId,
    SectionRating, Severity, SquareMetres, Survey, Unrated, Validity,
};
use voirie::io::geopackage::Base;

/// A road near Toulouse with a noted section, then one that nobody filmed.
pub fn network() -> Network {
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

/// One clip, two frames, two cells of which one has a pothole, and that pothole.
fn survey(network: &Network) -> Survey {
    let projector = Projector::new(network.plane());
    let hole = Defect {
        kind: DefectKind::Pothole,
        severity: Severity::High,
        extent: Extent::Count(1.0, SquareMetres::of(0.4)),
    };
    let frame = |number: u64, cumul: f64| {
        let (projected, bearing_deg) = network.roads()[0].point_at(Metres::of(cumul));
        LocatedFrame {
            stamp: FrameStamp { clip: "a.mp4".into(), number, at: Seconds::of(0.1) },
            time: Seconds::of(1_749_715_200.5 + cumul),
            position: projector.unproject(projected),
            projected,
            bearing_deg,
            speed_m_s: 13.9,
            place: Some(RoadPlace {
                road: 0,
                direction: Direction::Increasing,
                cumul: Metres::of(cumul),
                offset: Metres::of(1.5),
            }),
            validity: Validity::Valid,
            cracked_share: None,
            pothole_share: None,
            redacted: 0,
            picture: None,
        }
    };
    let cell = |from: f64, defects| RoadCell {
        road: 0,
        direction: Direction::Increasing,
        from: Metres::of(from),
        to: Metres::of(from + 5.0),
        validity: Validity::Valid,
        n_frames: 1,
        n_drives: Some(1),
        newest: Some(Seconds::of(1_749_715_200.5)),
        geometry: 0.0,
        defects,
    };
    Survey {
        clips: vec![ClipOutcome {
            clip: "a.mp4".into(),
            clock: None,
            decoder: "h264, \"embarqué\"".into(),
            n_frames: 2,
            n_located: 2,
            travelled: Metres::of(400.0),
            lost: Metres::ZERO,
        }],
        frames: vec![frame(0, 5.0), frame(9, 15.0)],
        cells: vec![cell(10.0, vec![hole]), cell(15.0, vec![])],
        defects: vec![LocatedDefect {
            defect: hole,
            road: 0,
            direction: Direction::Increasing,
            from: Metres::of(12.0),
            to: Metres::of(12.4),
            lateral: Metres::of(0.5),
            confidence: Ratio::ONE,
            width_mm: None,
            evidence: Evidence { frame: 0, bounds: PixelBox::new(1.0, 2.0, 3.0, 4.0).unwrap() },
        }],
    }
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
        drives: Some(Drives::default()),
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

pub fn write_base(path: &Path) {
    write_titled(path, "Tournée d’essai", 2);
}

/// The same base under a title, with its first sections only.
pub fn write_titled(path: &Path, title: &str, n_sections: usize) {
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
    let means = Aggregates {
        network: mean,
        roads: vec![],
        categories: vec![],
        sectors: vec![],
        municipalities: vec![],
    };
    let provenance =
        Provenance { version: "0.1.0".into(), configuration: "cafe".into(), models: vec![] };
    let mut base = Base::create(path, &provenance).unwrap().titled(title);
    base.write_network(&network).unwrap();
    base.write_survey(&network, &survey(&network)).unwrap();
    let seen = [DefectKind::Pothole];
    let ratings = &ratings(&network)[..n_sections];
    base.write_ratings(&network, ratings, &means, &classes, &seen).unwrap();
    base.finish().unwrap();
}

/// What a GDAL program prints; nothing, with a word on it, where GDAL is not installed.
pub fn gdal(program: &str, arguments: &[&str]) -> Option<(String, String)> {
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

/// A base of so many cells over roads of 50 km that turn every 50 m.
pub fn write_department(path: &Path, n_cells: usize) {
    let n_roads = n_cells.div_ceil(10_000);
    let road = |rank: usize| {
        let y = 6_200_000.0 + 100.0 * f64::from(u32::try_from(rank).unwrap());
        let point = |it: u32| {
            let x = 550_000.0 + 49.0 * f64::from(it);
            PlanePoint { x, y: y + f64::from(it % 2) * 10.0 }
        };
        Road::new(
            RoadId::new(&format!("D{rank}")).unwrap(),
            Carriageway::Single,
            1,
            "VILLEFRANCHE".into(),
            Metres::of(7.0),
            2,
            (0..=1001).map(point).collect(),
            Metres::ZERO,
            vec![],
        )
        .unwrap()
    };
    let network = Network::new((0..n_roads).map(road).collect());
    let cell = |rank: usize| RoadCell {
        road: rank / 10_000,
        direction: Direction::Increasing,
        from: Metres::of(5.0 * f64::from(u32::try_from(rank % 10_000).unwrap())),
        to: Metres::of(5.0 * f64::from(u32::try_from(rank % 10_000 + 1).unwrap())),
        validity: Validity::Valid,
        n_frames: 2,
        n_drives: Some(1),
        newest: None,
        geometry: 0.08,
        defects: vec![],
    };
    let survey = Survey {
        clips: vec![],
        frames: vec![],
        cells: (0..n_cells).map(cell).collect(),
        defects: vec![],
    };
    let provenance =
        Provenance { version: "0.1.0".into(), configuration: "cafe".into(), models: vec![] };
    let mut base = Base::create(path, &provenance).unwrap();
    base.write_network(&network).unwrap();
    base.write_survey(&network, &survey).unwrap();
    base.finish().unwrap();
}
