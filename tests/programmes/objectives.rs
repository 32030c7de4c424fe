//! What a programme is to serve: in the scenario file, and in every output with its unit.

use super::book::{Book, Value};
use super::{Planned, computed};
use assert_cmd::Command;
use std::collections::BTreeMap;

const SCENARIOS: &str = r#"
first_year = 2026
horizon = 6

[[scenario]]
name = "état"
budget = "60 k€ + 10 k€"
selection = "optimised"

[[scenario]]
name = "usagers"
budget = "60 k€ + 10 k€"
selection = "optimised"
objective = "users"

[[scenario]]
name = "arriéré"
budget = "60 k€ + 10 k€"
selection = "optimised"
objective = "backlog"

[[scenario]]
name = "par euro"
budget = "60 k€ + 10 k€"
selection = "benefit_cost"
objective = "backlog"

[[scenario]]
name = "rien"
budget = "0"
"#;

fn planned() -> Planned {
    let it = Planned::new();
    std::fs::write(it.at("scenarios.toml"), SCENARIOS).unwrap();
    it
}

#[test]
fn each_programme_serves_its_own_and_is_told_in_its_unit() {
    let it = planned();
    it.plan(&["--workbook", "out.xlsx", "--page", "out.html"]).assert().success();
    let base = rusqlite::Connection::open(it.at("base.gpkg")).unwrap();
    let asked = "SELECT scenario, objectif, unite_gain, gain, gain_borne, gain_etat FROM scenarios";
    let mut rows = base.prepare(asked).unwrap();
    let row = |it: &rusqlite::Row<'_>| {
        let words: (String, String) = (it.get(1)?, it.get(2)?);
        let numbers: (f64, Option<f64>, f64) = (it.get(3)?, it.get(4)?, it.get(5)?);
        Ok((it.get::<_, String>(0)?, (words, numbers)))
    };
    let all: BTreeMap<_, _> = rows.query_map([], row).unwrap().map(Result::unwrap).collect();
    for (name, objective, unit) in [
        ("état", "état des chaussées", "points"),
        ("usagers", "usagers", "points usagers"),
        ("arriéré", "arriéré", "€ en moyenne"),
    ] {
        let ((told, in_unit), (gain, bound, condition)) = &all[name];
        assert_eq!((told.as_str(), in_unit.as_str()), (objective, unit));
        assert!(*gain > 0.0 && bound.is_none_or(|bound| bound >= gain - 1e-4 * (1.0 + gain)));
        assert!(
            *condition <= all["état"].1.0 + 1e-4,
            "{name} gains more by condition: {condition}"
        );
    }
    let (gain, condition) = (all["état"].1.0, all["état"].1.2);
    assert!((gain - condition).abs() < 1e-12);
    assert!(all["arriéré"].1.0 >= all["par euro"].1.0);
    // The backlog of the years, each by its discount and the last with three more, is what the gain is of.
    let backlog = |scenario: &str| -> f64 {
        let asked = "SELECT arriere_inv_eur + arriere_fct_eur FROM scenario_years
            WHERE scenario = ?1 ORDER BY annee";
        let mut rows = base.prepare(asked).unwrap();
        let years = rows.query_map([scenario], |it| it.get::<_, f64>(0)).unwrap();
        let (mut sum, mut whole, mut discount) = (0.0, 0.0, 1.0);
        for (rank, euros) in years.enumerate() {
            discount /= 1.04;
            let weight = if rank == 5 { 4.0 * discount } else { discount };
            sum += weight * euros.unwrap();
            whole += weight;
        }
        sum / whole
    };
    for name in ["arriéré", "par euro"] {
        let avoided = backlog("rien") - backlog(name);
        assert!((all[name].1.0 - avoided).abs() < 0.1, "{name}: {} {avoided}", all[name].1.0);
    }
    assert!(backlog("arriéré") < backlog("état") && backlog("arriéré") < backlog("usagers"));
    let reason: String = base
        .query_row("SELECT raison FROM programme WHERE scenario = 'par euro' LIMIT 1", [], |it| {
            it.get(0)
        })
        .unwrap();
    assert!(reason.contains(" euros d’arriéré, toutes années, par euro)"), "{reason}");

    let book = Book::read(&it.at("out.xlsx"));
    let text = |cell: &str| match book.value("Comparaison", cell) {
        Value::Text(text) => text.clone(),
        other => panic!("{cell}: {other:?}"),
    };
    assert_eq!(text("C5"), "optimisé, pour les usagers");
    assert_eq!(text("C6"), "optimisé, contre l’arriéré");
    assert!(computed(&book) > 300);
    let same = |column: &str, row: u32, want: f64| {
        let got = book.number("Comparaison", &format!("{column}{row}"));
        assert!((got - want).abs() <= 1e-4 * (1.0 + want.abs()), "{column}{row} {got} {want}");
    };
    same("P", 6, all["arriéré"].1.0);
    same("AA", 6, all["arriéré"].1.2);

    let page = std::fs::read_to_string(it.at("out.html")).unwrap();
    for part in [
        "optimisé, pour les usagers",
        "\u{a0}points\u{a0}usagers<",
        "\u{a0}€\u{a0}en\u{a0}moyenne<",
        "Gain d’état",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let table = std::fs::read_to_string(it.at("scenarios.csv")).unwrap();
    assert!(
        table.contains("optimisé, contre l’arriéré") && table.contains("€ en moyenne"),
        "{table}"
    );
}

#[test]
fn a_question_is_answered_by_any_objective() {
    let it = planned();
    it.plan(&[]).assert().success();
    let base = rusqlite::Connection::open(it.at("base.gpkg")).unwrap();
    let section: String = base
        .query_row(
            "SELECT section FROM programme WHERE scenario = 'arriéré' AND annee > 2027 ORDER BY 1 LIMIT 1",
            [],
            |it| it.get(0),
        )
        .unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_voirie"));
    command.current_dir(it.folder.path()).args(["ask", "base.gpkg", "scenarios.toml"]);
    command.args(["--scenario", "arriéré", "--section", &section, "--year", "2027"]);
    let done = command.assert().success();
    let told =
        String::from_utf8_lossy(&done.get_output().stdout).replace(['\u{a0}', '\u{202f}'], " ");
    assert!(told.contains("optimisé, contre l’arriéré)"), "{told}");
    assert!(
        told.contains("€ en moyenne (") && told.contains("gain d’état sur toutes les années : "),
        "{told}"
    );
}

#[test]
fn users_are_refused_where_traffic_is_not_known() {
    let it = planned();
    let base = rusqlite::Connection::open(it.at("base.gpkg")).unwrap();
    // This SQLite knows nothing of the shapes that the triggers index.
    let asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'network'";
    let mut rows = base.prepare(asked).unwrap();
    let names: Vec<String> =
        rows.query_map([], |it| it.get(0)).unwrap().map(Result::unwrap).collect();
    drop(rows);
    for name in names {
        base.execute_batch(&format!("DROP TRIGGER \"{name}\"")).unwrap();
    }
    assert!(base.execute("UPDATE network SET categorie = 4 WHERE route = 'D11'", []).unwrap() > 0);
    drop(base);
    let done = it.plan(&[]).assert().code(2);
    let told = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    let want = "scenario usagers has objective = \"users\", and [plan] vehicles_a_day does not name category 4 (15 sections)";
    assert!(told.contains(want), "{told}");
    std::fs::write(it.at("own.toml"), "[plan]\nvehicles_a_day = { 4 = 60 }\n").unwrap();
    it.plan(&["--settings", "own.toml"]).assert().success();
}
