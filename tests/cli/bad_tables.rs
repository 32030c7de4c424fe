//! Networks and tables of PR with holes: references are right where they can be, absent elsewhere.

use super::support::Patrol;

const NO_SCENARIO: &str = "network = \"network.geojson\"\nprs = \"pr.csv\"\n";

#[test]
fn a_network_without_pr_is_told_road_by_road_and_noted_all_the_same() {
    let patrol = Patrol::new();
    let files = "network = \"network.geojson\"\nscenarios = \"scenarios.toml\"\n";
    patrol.survey_with(files, |it| it, &[]);
    let done = patrol.run();
    for road in ["D817", "D44", "D117"] {
        let said = format!("road {road} has no PR");
        done.assert_says(0, &["network.geojson: ", &said, "given in metres from its start"]);
    }
    for frame in patrol.frames_of("good.mp4") {
        assert_eq!((frame.get("pr"), frame.get("abscisse")), ("", ""), "{frame:?}");
        assert!((600.0..=800.0).contains(&frame.number("cumul").round()), "{frame:?}");
    }
    assert!(patrol.rows("out/defects.csv").iter().all(|it| it.is("prd", "")));
    patrol.assert_the_rest_is_whole();
}

#[test]
fn a_missing_pr_and_a_long_interval_give_the_right_references() {
    let patrol = Patrol::new();
    // The road is the end of a longer one: the clip is filmed from cumul 1800 down to 1600. PR 13
    // is missing, and the stretch that PR 12 heads is 1,130 m long.
    let network = patrol.text("network.geojson");
    let moved = network.replacen("\"cumul_debut_m\": 0.0", "\"cumul_debut_m\": 1000.0", 1);
    assert_ne!(moved, network);
    patrol.put("network.geojson", moved);
    patrol.put("pr.csv", "route,cote,pr,cumul_m\nD817,U,12,500\nD817,U,14,1630\n");
    patrol.survey_with(NO_SCENARIO, |it| it, &[]);
    patrol.run().assert_says(0, &["road D44 has no PR"]);

    let frames = patrol.frames_of("good.mp4");
    let places: Vec<_> =
        frames.iter().map(|it| (it.get("pr"), it.number("abscisse").round())).collect();
    let past_14 = [("14", 170.0), ("14", 130.0), ("14", 90.0), ("14", 50.0), ("14", 10.0)];
    assert_eq!(places, [&past_14[..], &[("12", 1100.0)]].concat());

    let defects = patrol.rows("out/defects.csv");
    assert!(!defects.is_empty());
    for defect in &defects {
        for (pr, abscisse, cumul) in [("prd", "pad", "cumul_d"), ("prf", "paf", "cumul_f")] {
            let cumul = defect.number(cumul);
            let (want, mark) = if cumul < 1630.0 { ("12", 500.0) } else { ("14", 1630.0) };
            assert_eq!(defect.get(pr), want, "{defect:?}");
            assert!((defect.number(abscisse) - (cumul - mark)).abs() < 0.06, "{defect:?}");
        }
    }
    assert!(defects.iter().any(|it| it.is("prd", "12") && it.number("pad") > 1000.0));
    let sections = patrol.rows("out/sections.csv");
    let noted = sections.iter().find(|it| it.is("id", "D817-U-001600")).unwrap();
    assert!(noted.number("ng") <= 20.0);
    patrol.assert_nothing_half_written("out");
}

#[test]
fn a_pr_row_that_cannot_be_true_is_left_out_and_told() {
    let patrol = Patrol::new();
    let table = patrol.text("pr.csv");
    patrol.put("pr.csv", table.replace("D817,U,15,1000", "D817,U,15,10000"));
    patrol.survey_with(NO_SCENARIO, |it| it, &[]);
    let done = patrol.run();
    let found = "PR 15 of D817 at 10000.0 m, past the end of the road at 1200.0 m";
    done.assert_says(1, &["pr.csv: ", "row 4", found]);
    patrol.assert_the_rest_is_whole();
}
