//! `voirie ask`: what it would take for a section to have works in a year.

use super::Planned;
use assert_cmd::Command;
use serde_json::Value;

/// One road's works a year by two rules, a section that is left alone.
const SCENARIOS: &str = r#"
first_year = 2026
horizon = 6

[[scenario]]
name = "pire"
budget = "60 k€ + 10 k€"

[[scenario]]
name = "optimisé"
budget = "60 k€ + 10 k€"
selection = "optimised"

[[frozen]]
section = "D11-U-000400"
from = 2027
to = 2029
"#;

fn planned() -> Planned {
    let it = Planned::new();
    std::fs::write(it.at("scenarios.toml"), SCENARIOS).unwrap();
    it
}

impl Planned {
    fn ask(&self, scenario: &str, section: &str, year: i32, options: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_voirie"));
        command.current_dir(self.folder.path()).args(["ask", "base.gpkg", "scenarios.toml"]);
        command.args(["--scenario", scenario, "--section", section]);
        command.args(["--year", &year.to_string()]).args(options);
        command
    }

    /// What is said, with plain spaces.
    fn said(&self, scenario: &str, section: &str, year: i32, options: &[&str]) -> String {
        let done = self.ask(scenario, section, year, options).assert().success();
        let told = String::from_utf8(done.get_output().stdout.clone()).unwrap();
        told.replace(['\u{a0}', '\u{202f}'], " ")
    }

    fn object(&self, scenario: &str, section: &str, year: i32, options: &[&str]) -> Value {
        let options = [&["--json"], options].concat();
        serde_json::from_str(&self.said(scenario, section, year, &options)).unwrap()
    }

    /// The works of a scenario from a year on, as planned: section, year, treatment, euros.
    fn works(&self, scenario: &str, from: i32) -> Vec<(String, i32, String, f64)> {
        self.plan(&[]).assert().success();
        let base = rusqlite::Connection::open(self.at("base.gpkg")).unwrap();
        let asked = "SELECT section, annee, traitement, cout_eur FROM programme
            WHERE scenario = ?1 AND annee >= ?2 ORDER BY annee, section";
        let mut rows = base.prepare(asked).unwrap();
        let row = |it: &rusqlite::Row<'_>| Ok((it.get(0)?, it.get(1)?, it.get(2)?, it.get(3)?));
        rows.query_map((scenario, from), row).unwrap().map(Result::unwrap).collect()
    }
}

#[test]
fn the_answer_is_that_of_the_plan() {
    let planned = planned();
    for scenario in ["pire", "optimisé"] {
        let (section, year, treatment, cost) = planned.works(scenario, 2028).swap_remove(0);
        let it = planned.object(scenario, &section, year, &[]);
        assert_eq!(it["served"], true);
        assert!(it["imposed"].is_null());
        let works = it["works"].as_array().unwrap().iter().find(|it| it["year"] == year).unwrap();
        assert_eq!(
            (&works["treatment"], &works["cost_eur"]),
            (&treatment.as_str().into(), &cost.into())
        );
        assert_eq!(works["note_before"], it["note_in_year"]);
        let line =
            it["lines"].as_array().unwrap().iter().find(|it| it["treatment"] == treatment.as_str());
        assert_eq!(line.unwrap()["suits"], true);
        let money = &it["money_of_year"];
        assert!(
            money["found"] == true && money["needed_eur"].as_f64() < money["offered_eur"].as_f64()
        );
        // The year before, it waits.
        let it = planned.object(scenario, &section, year - 1, &[]);
        assert_eq!(it["served"], false);
        assert_eq!(it["queue"].is_object(), scenario == "pire");
        let imposed = &it["imposed"];
        assert!(imposed["cost_eur"].as_f64() > Some(0.0), "{imposed}");
        assert!(imposed["gain"][1].as_f64() < imposed["gain"][0].as_f64() || scenario == "pire");
    }
    let plan = planned.object("pire", "D11-U-000400", 2028, &[]);
    let lines = plan["lines"].as_array().unwrap();
    assert!(lines.iter().all(|it| it["suits"] == false), "it is left alone: {lines:?}");
    assert!(lines.iter().any(|it| it["why_not"]["reason"] == "frozen"), "{lines:?}");
}

#[test]
fn it_is_told_in_either_language() {
    let planned = planned();
    let (section, year, treatment, _) = planned.works("pire", 2028).swap_remove(0);
    let french = planned.said("pire", &section, year - 1, &[]);
    for part in [
        &*format!("{section} en {}, scénario pire (60 k€ + 10 k€, le pire d’abord)", year - 1),
        "Ce que le programme en fait",
        &format!("{year} : {treatment}, "),
        &format!("rien en {}", year - 1),
        "oui : ",
        "hors frais de chantier, ",
        "non : ",
        "Sa place dans la file",
        " sections que des travaux concernent ; servies : ",
        "L’argent qu’il faudrait",
        "de toutes les années : ",
        "note moyenne du réseau à la fin : ",
    ] {
        assert!(french.contains(part), "{part}\n{french}");
    }
    let english = planned.said("pire", &section, year, &["--lang", "en"]);
    for part in [
        &*format!("{section} in {year}, scenario pire"),
        &format!("it has works in {year} already"),
        "The money that takes it out",
        "it keeps its works",
    ] {
        assert!(english.contains(part), "{part}\n{english}");
    }
    assert!(!english.contains("Imposing it"), "it has works anyway\n{english}");
    let frozen = planned.said("pire", "D11-U-000400", 2028, &["--treatment", "BBTM"]);
    assert!(frozen.contains("gelée de 2027 à 2029") && frozen.contains("  BBTM : "), "{frozen}");
    assert_eq!(
        frozen,
        planned.said("pire", "D11-U-000400", 2028, &["--treatment", "BBTM", "--threads", "1"])
    );
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let planned = planned();
    let cases: [(&str, &str, i32, &[&str], &str); 4] = [
        (
            "pires",
            "D11-U-000400",
            2028,
            &[],
            "no scenario is called pires; there are pire, optimisé",
        ),
        ("pire", "D11-U-00040", 2028, &[], "the nearest names are D11-U-000400, "),
        ("pire", "D11-U-000400", 2032, &[], "which goes from 2026 to 2031"),
        (
            "pire",
            "D11-U-000400",
            2028,
            &["--treatment", "Goudron"],
            "no treatment is called Goudron; there are Purges, ",
        ),
    ];
    for (scenario, section, year, options, part) in cases {
        let done = planned.ask(scenario, section, year, options).assert().code(2);
        let told = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
        assert!(told.contains(part), "{part}\n{told}");
        assert!(done.get_output().stdout.is_empty());
    }
    let mut command = planned.ask("pire", "D11-U-000400", 2028, &[]);
    command.args(["--year", "soon"]).assert().code(2);
}
