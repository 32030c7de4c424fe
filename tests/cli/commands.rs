//! Subcommands one by one: help, words of each language, `inspect`, and steps that join up.

use super::support::{Patrol, Row};
use voirie::io::geopackage::Base;

#[test]
fn help_and_version_succeed_on_standard_output() {
    let patrol = Patrol::new();
    let help = patrol.voirie("--help");
    assert_eq!((help.code, help.err.as_str()), (Some(0), ""));
    for command in ["demo", "run", "survey", "score", "plan", "inspect"] {
        assert!(help.out.contains(&format!("\n  {command} ")), "{command}:\n{}", help.out);
        let own = patrol.voirie(&format!("{command} --help"));
        assert_eq!(own.code, Some(0));
        assert!(own.out.contains("Usage: voirie"), "{}", own.out);
    }
    let version = patrol.voirie("--version");
    assert_eq!(version.code, Some(0));
    assert_eq!(version.out.trim(), concat!("voirie ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn misuse_is_told_on_standard_error_with_code_2() {
    let patrol = Patrol::new();
    for (line, part) in [
        ("", "Usage: voirie"),
        ("film", "unrecognized subcommand 'film'"),
        ("run", "<FILE>"),
        ("run a.toml --blur", "unexpected argument '--blur'"),
        ("--threads 0 run a.toml", "0 is not in 1..=512"),
        ("--lang de run a.toml", "\"de\" is not a language; expected fr or en"),
        ("inspect", "<FILES>"),
    ] {
        let done = patrol.voirie(line);
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{line}");
        assert!(done.err.contains(part), "{line}: {}", done.err);
    }
}

#[test]
fn inspect_says_what_a_file_or_a_model_is() {
    let patrol = Patrol::new();
    let cases: [(&str, &[&str]); 4] = [
        ("good.mp4", &["good.mp4: MP4/MOV, h264", "1280 x 720", "81 frames", "2024-05-14T08:10"]),
        ("good.gpx", &["good.gpx: 17 positions", "16.0 s"]),
        ("network.geojson", &["network.geojson: 3", "2.5 km"]),
        ("pavement", &["pavement: ", "licence  MIT OR Apache-2.0", "lane, crack, pothole"]),
    ];
    for (file, parts) in cases {
        let done = patrol.voirie(&format!("inspect {file} --lang en"));
        assert_eq!(done.code, Some(0), "{file}: {}", done.err);
        let out = done.out.replace('\u{a0}', " ");
        for part in parts {
            assert!(out.contains(part), "{part} not in\n{out}");
        }
    }
    // Several at once, each model with the digest of its file.
    let done = patrol.voirie("inspect face plate");
    assert_eq!(done.code, Some(0));
    assert_eq!(done.out.matches("sha256").count(), 2, "{}", done.out);
}

/// Rows of a CSV without the columns that name the program's version and configuration.
fn essence(rows: &[Row]) -> Vec<Vec<(&str, &str)>> {
    let own = |it: &(&str, &str)| it.0 != "version" && it.0 != "configuration";
    rows.iter().map(|it| it.pairs().filter(own).collect()).collect()
}

#[test]
fn step_by_step_gives_what_a_whole_run_gives() {
    let patrol = Patrol::new();
    patrol.survey(&[]);
    let whole = patrol.run();
    assert_eq!(whole.code, Some(0), "{}", whole.err);
    assert!(whole.out.contains("Sections rated: 2 / 12"), "{}", whole.out);

    for (line, code) in [
        ("survey survey.toml --output steps --quiet", 0),
        ("inspect steps/voirie.gpkg", 0),
        ("score steps/voirie.gpkg --settings survey.toml", 0),
        ("plan steps/voirie.gpkg scenarios.toml --settings survey.toml -o steps/scenarios.csv", 0),
    ] {
        let done = patrol.voirie(line);
        assert_eq!(done.code, Some(code), "{line}: {}", done.err);
        if line.starts_with("score") {
            let parsed: serde_json::Value = serde_json::from_str(&done.out).expect("GeoJSON");
            let whole: serde_json::Value =
                serde_json::from_str(&patrol.text("out/sections.geojson")).expect("GeoJSON");
            assert_eq!(parsed["features"], whole["features"]);
        }
        if line.starts_with("inspect") {
            assert!(done.out.contains("3 roads, 1 clips, 6 frames"), "{}", done.out);
        }
    }

    let read = |folder: &str| {
        let base = Base::open(&patrol.at(folder).join("voirie.gpkg")).unwrap();
        let network = base.read_network().unwrap();
        let survey = base.read_survey(&network).unwrap();
        let ratings = base.read_sections(&network).unwrap();
        (network, survey, ratings)
    };
    assert!(read("out") == read("steps"), "network, survey and notes");
    let (one, other) = (patrol.rows("out/scenarios.csv"), patrol.rows("steps/scenarios.csv"));
    assert_eq!(one.len(), 5);
    assert_eq!(essence(&one), essence(&other));
    let tables = |folder: &str| {
        let base = rusqlite::Connection::open(patrol.at(folder).join("voirie.gpkg")).unwrap();
        ["programme", "scenarios", "scenario_years", "scenario_sections"].map(|it| dump(&base, it))
    };
    let programme = tables("out");
    assert!(programme.iter().all(|it| !it.is_empty()));
    assert!(programme == tables("steps"), "works and years");
    // The base of the steps is whole too, with the findings of each.
    patrol.assert_nothing_half_written("steps");
}

/// Every value of a table, in order of its rows.
fn dump(base: &rusqlite::Connection, table: &str) -> Vec<Vec<rusqlite::types::Value>> {
    let mut query = base.prepare(&format!("SELECT * FROM {table} ORDER BY fid")).unwrap();
    let n_columns = query.column_count();
    let rows = query.query_map([], |row| (0..n_columns).map(|it| row.get(it)).collect());
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn messages_and_reports_speak_the_language_asked_for() {
    let patrol = Patrol::new();
    let files = "network = \"network.geojson\"\nprs = \"pr.csv\"\n";
    patrol.put("bad.mp4", "");
    patrol.put("good.mp4", "");
    patrol.survey_with(files, |it| it, &[("bad.mp4", "good.gpx")]);
    for (lang, said, rated, page) in [
        ("fr", "bad.mp4 : la vidéo ne peut pas être lue", "Sections notées", "lang=\"fr\""),
        ("en", "bad.mp4: the clip cannot be read", "Sections rated", "lang=\"en\""),
    ] {
        let done = patrol.voirie(&format!("run survey.toml -o {lang} --quiet --lang {lang}"));
        done.assert_says(1, &[said]);
        assert!(done.out.contains(rated), "{}", done.out);
        assert!(patrol.text(&format!("{lang}/report.html")).contains(page));
    }
    // French by default, and the tables of results are the same in both.
    patrol.voirie("run survey.toml -o default --quiet").assert_says(1, &["la vidéo ne peut pas"]);
    for file in ["sections.csv", "sections.geojson", "voirie.gpkg"] {
        let of = |lang: &str| patrol.bytes(&format!("{lang}/{file}"));
        assert!(of("fr") == of("en") && of("fr") == of("default"), "{file}");
    }
    // Nothing was noted, so nothing can be programmed: both are told.
    let done = patrol.voirie("run survey.toml -o en --quiet --lang en");
    done.assert_says(1, &["12 sections without a note, so in no programme"]);
}

#[test]
fn a_survey_compared_with_itself_has_not_changed() {
    let patrol = Patrol::new();
    patrol.survey(&[]);
    patrol.run();
    let done = patrol.voirie("compare out/voirie.gpkg out/voirie.gpkg --settings survey.toml --lang en --output same.csv");
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(done.out.contains("NG, mean difference: 0.00"), "{}", done.out);
    let rows = patrol.rows("same.csv");
    let rated = patrol.rows("out/sections.csv").iter().filter(|it| !it.is("ng", "")).count();
    assert!(rated > 0 && rows.len() == rated, "{} of {rated}", rows.len());
    assert!(
        rows.iter().all(|it| it.is("ng_ecart", "0") && it.get("ng_avant") == it.get("ng_apres"))
    );
    let missing = patrol.voirie("compare out/voirie.gpkg missing.gpkg --quiet");
    assert_eq!(missing.code, Some(3), "{}", missing.err);
}

#[test]
fn the_camera_of_a_clip_is_seen_as_it_was_drawn() {
    let patrol = Patrol::new();
    patrol.survey(&[("absent.mp4", "good.gpx")]);
    let done = patrol.voirie("calibrate survey.toml --output out --quiet --lang en --lane-width 3");
    assert_eq!(done.code, Some(1), "{}", done.err);
    assert!(done.err.contains("absent.mp4"), "{}", done.err);
    let number = |after: &str| -> f64 {
        let rest = done.out.split_once(after).unwrap_or_else(|| panic!("{}", done.out)).1;
        rest.split(['°', ' ']).next().unwrap().parse().unwrap()
    };
    // Drawn with a pitch of 11 degrees, 1.60 m above a lane of 3 m between the markings' middles.
    assert!((number("seen: ") - 11.0).abs() < 1.0, "{}", done.out);
    assert!((number("height for a lane of 3.00 m: ") - 1.6).abs() < 0.2, "{}", done.out);
    let page = patrol.text("out/calibration.html");
    assert!(page.contains("good.mp4") && page.contains("10 m") && !page.contains("http://"));
    let pictures = patrol.files("out/frames");
    assert_eq!(pictures.iter().filter(|it| it.contains(".jpg")).count(), 1, "{pictures:?}");
}
