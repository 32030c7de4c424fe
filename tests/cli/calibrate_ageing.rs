//! `voirie calibrate-ageing`: two campaigns, published tables, and what they do not tell.

use super::support::Patrol;
use std::fmt::Write;
use std::path::Path;
use voirie::domain::{
    Carriageway, Defect, DefectKind, Direction, Extent, Metres, Network, PlanePoint, Provenance,
    Road, RoadCell, RoadId, Seconds, Severity, Survey, Validity,
};
use voirie::io::geopackage::Base;

/// Metres of cracks in each cell of 5 m of a section of 200 m, by its rank.
fn write_base(path: &Path, metres: impl Fn(u32) -> f64) {
    let road = |rank: u32| {
        let y = 6_279_000.0 + 500.0 * f64::from(rank);
        Road::new(
            RoadId::new(&format!("D{}", 10 + rank)).unwrap(),
            Carriageway::Single,
            if rank == 0 { 1 } else { 2 },
            "S".into(),
            Metres::of(6.0),
            2,
            vec![PlanePoint { x: 574_000.0, y }, PlanePoint { x: 575_000.0, y }],
            Metres::ZERO,
            vec![],
        )
    };
    let network = Network::new((0..12).map(|it| road(it).unwrap()).collect());
    let cell = |rank: u32| {
        let from = f64::from(rank % 200) * 5.0;
        let crack = Defect {
            kind: DefectKind::LongitudinalCracking,
            severity: Severity::Medium,
            extent: Extent::Length(Metres::of(metres(rank / 40))),
        };
        RoadCell {
            road: (rank / 200) as usize,
            direction: Direction::Increasing,
            from: Metres::of(from),
            to: Metres::of(from + 5.0),
            validity: Validity::Valid,
            n_frames: 1,
            n_drives: Some(1),
            newest: Some(Seconds::of(1_749_715_200.0)),
            geometry: 0.0,
            defects: vec![crack],
        }
    };
    let survey = Survey { cells: (0..12 * 200).map(cell).collect(), ..Survey::default() };
    let provenance =
        Provenance { version: "0.1.0".into(), configuration: "cafe".into(), models: vec![] };
    let mut base = Base::create(path, &provenance).unwrap();
    base.write_network(&network).unwrap();
    base.write_survey(&network, &survey).unwrap();
    base.finish().unwrap();
}

/// Sixty sections that crack, of which one in ten was repaired and nobody says so.
fn campaigns() -> Patrol {
    let patrol = Patrol::new();
    let first = |rank: u32| 0.1 + 0.1 * f64::from(rank % 17);
    write_base(&patrol.at("2021.gpkg"), first);
    write_base(&patrol.at("2024.gpkg"), |rank| match rank % 10 {
        3 => 0.0,
        it => first(rank) * (1.5 + 0.02 * f64::from(it)) + 0.05,
    });
    patrol
}

#[test]
fn two_campaigns_give_settings_and_say_what_they_do_not_tell() {
    let patrol = campaigns();
    let line = "calibrate-ageing 2021.gpkg 2024.gpkg --years 3 --lang en";
    let done = patrol.voirie(line);
    // Nothing was said to be renewed: that rate is the default, so the law is not whole.
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    for part in [
        "Sections measured by both campaigns: 60 (roads: 12); years between them: 3.0",
        "(presumed works): 6",
        "λ, renewed surface: 0.1729; too few sections: 0 / 30",
        "category 2: factor 1, the most common",
        "category 1: too few sections for a factor, that of the settings stands: 4 / 30",
        "bootstrap over roads",
    ] {
        assert!(done.out.contains(part), "{part} not in\n{}", done.out);
    }
    let written = patrol.text("ageing.toml");
    assert!(written.contains("\n[ageing]\nlambda_old = "), "{written}");
    assert!(written.contains("lambda_renewed = 0.17290\n"), "{written}");
    // It is what `--settings` takes.
    let again = patrol.voirie(&format!("{line} --settings ageing.toml -o again.toml"));
    assert_eq!(again.code, Some(1), "{}", again.err);

    for threads in [1, 2] {
        let seeded =
            patrol.voirie(&format!("{line} --seed 7 --threads {threads} -o {threads}.toml"));
        assert_eq!(seeded.code, Some(1));
    }
    assert_eq!(patrol.bytes("1.toml"), patrol.bytes("2.toml"));
}

#[test]
fn renewals_are_read_and_those_of_no_section_are_told() {
    let patrol = campaigns();
    let mut table = String::from("id,age_ans\nD99-U-000000,1\n");
    for rank in (0..60).filter(|it| it % 10 == 3) {
        let (road, from) = (10 + rank / 5, 200 * (rank % 5));
        writeln!(table, "D{road}-U-{from:06},1.5").unwrap();
    }
    patrol.put("renewed.csv", &table);
    let line = "calibrate-ageing 2021.gpkg 2024.gpkg --years 3 --lang en --renewed";
    let done = patrol.voirie(&format!("{line} renewed.csv"));
    for part in [
        "(presumed works): 0",
        "said to be renewed: 6",
        "renewals of sections that were not measured twice: 1",
    ] {
        assert!(done.out.contains(part), "{part} not in\n{}", done.out);
    }
    patrol.put("renewed.csv", table.replace("1.5", "soon"));
    let done = patrol.voirie(&format!("{line} renewed.csv"));
    done.assert_says(4, &["renewed.csv", "row 3, age_ans: found \"soon\", expected years from 0"]);
    patrol.voirie(&format!("{line} no.csv")).assert_says(3, &["no.csv"]);
}

#[test]
fn too_few_sections_and_bad_arguments_are_refused() {
    let patrol = campaigns();
    let small = patrol.at("small.toml");
    std::fs::write(&small, "[scoring]\nsection_pitch_m = 1000\n").unwrap();
    let line = "calibrate-ageing 2021.gpkg 2024.gpkg --lang en";
    patrol
        .voirie(&format!("{line} --years 3 --settings small.toml"))
        .assert_says(4, &["12 sections are measured by both campaigns", "expected at least 30"]);
    assert!(!patrol.at("ageing.toml").exists());
    for (line, part) in [
        ("calibrate-ageing", "<FIRST>"),
        ("calibrate-ageing 2021.gpkg", "<SECOND>"),
        ("calibrate-ageing 2021.gpkg 2024.gpkg", "--years <YEARS>"),
        ("calibrate-ageing 2021.gpkg 2024.gpkg --years 0", "0, expected 0.5 to 30 years"),
        ("calibrate-ageing 2021.gpkg 2024.gpkg --years 3 --table a.toml", "cannot be used with"),
    ] {
        patrol.voirie(line).assert_says(2, &[part]);
    }
    patrol.voirie("calibrate-ageing 2021.gpkg no.gpkg --years 3").assert_says(3, &["no.gpkg"]);
}

#[test]
fn a_table_with_faults_is_refused_with_each_of_them() {
    let patrol = Patrol::new();
    patrol.put("table.toml", "ng_start = 18\nsurface_m2 = 1e6\n[[scenario]]\nname = \"s01\"\n");
    let done = patrol.voirie("calibrate-ageing --table table.toml");
    done.assert_says(4, &["line 3, character", "found 1 scenarios, expected at least 3"]);
    done.assert_says(4, &["found no ng_end, expected a number from 0 to 20"]);
    patrol.voirie("calibrate-ageing --table no.toml").assert_says(3, &["no.toml"]);
}
