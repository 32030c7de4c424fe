//! `voirie import`: what other surveys saw.

use super::support::Patrol;
use std::fs;

#[test]
fn a_laser_survey_counts_in_the_notes_and_its_bad_rows_are_told() {
    let patrol = Patrol::new();
    patrol.survey(&[]);
    patrol.run();
    let seen = |patrol: &Patrol| -> (f64, f64) {
        let done = patrol.voirie("score out/voirie.gpkg --settings survey.toml --quiet");
        let page: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        let rated = page["features"].as_array().unwrap().iter().map(|it| &it["properties"]);
        let rated: Vec<_> = rated.filter(|it| it["ng"].is_number()).cloned().collect();
        let sum = |column: &str| rated.iter().filter_map(|it| it[column].as_f64()).sum();
        (sum("ng"), sum("def_or_m2"))
    };
    let before = seen(&patrol);
    assert!(before.1.abs() < 1e-9);
    fs::write(
        patrol.at("laser.csv"),
        "route;cote;sens;cumul_d;cumul_f;code;gravite;surface_m2\n\
         D817;U;-;620;640;OR;H;12,5\n\
         D817;U;-;0;20;OR;H;3\n\
         D999;U;-;0;20;OR;H;3\n",
    )
    .unwrap();
    let done = patrol.voirie("import out/voirie.gpkg laser.csv --lang en");
    assert_eq!(done.code, Some(1), "{}", done.err);
    assert!(done.out.contains("2 rows taken"), "{}", done.out);
    assert!(done.err.contains("row 4") && done.err.contains("no such road"), "{}", done.err);
    assert!(done.err.contains("2 rows of another survey taken"), "{}", done.err);
    let after = seen(&patrol);
    assert!((1.0..=12.5).contains(&after.1), "{after:?}");
    assert!(after.0 < before.0, "{before:?} then {after:?}");

    fs::write(patrol.at("other.csv"), "a,b\n1,2\n").unwrap();
    let refused = patrol.voirie("import out/voirie.gpkg other.csv --quiet");
    assert_eq!(refused.code, Some(4), "{}", refused.err);
    assert!(refused.err.contains("other.csv") && refused.err.contains("code"), "{}", refused.err);
    let missing = patrol.voirie("import out/voirie.gpkg absent.csv --quiet");
    assert_eq!(missing.code, Some(3), "{}", missing.err);
}
