//! Years that may not have more than so many sites, nor emit more than so much.

use super::Planned;

const SCENARIOS: &str = r#"
first_year = 2026
horizon = 6

[[scenario]]
name = "libre"
budget = "90 k€ + 20 k€"

[[scenario]]
name = "deux"
budget = "90 k€ + 20 k€"
most_sites_a_year = 2

[[scenario]]
name = "optimisé"
budget = "90 k€ + 20 k€"
selection = "optimised"
most_sites_a_year = { MURET = 1, NAILLOUX = 4 }
most_co2_t_a_year = 15
"#;

const IMPOSED: &str = r#"
[[imposed]]
section = "D10-U-000000"
year = 2027
treatment = "BBTM"

[[imposed]]
section = "D10-U-000400"
year = 2027
treatment = "BBTM"

[[imposed]]
section = "D10-U-000800"
year = 2027
treatment = "BBTM"
"#;

fn planned(scenarios: &str) -> Planned {
    let it = Planned::new();
    std::fs::write(it.at("scenarios.toml"), scenarios).unwrap();
    it
}

/// What was printed, with plain spaces.
fn plain(told: &[u8]) -> String {
    String::from_utf8_lossy(told).replace(['\u{a0}', '\u{202f}'], " ")
}

/// One year of a scenario, as the base has it.
#[derive(Debug)]
struct Row {
    scenario: String,
    in_year: i64,
    sites: i64,
    most_sites: Option<i64>,
    kg: f64,
    most_kg: Option<f64>,
}

fn years(it: &Planned) -> Vec<Row> {
    let base = rusqlite::Connection::open(it.at("base.gpkg")).unwrap();
    let asked = "SELECT scenario, annee, chantiers, chantiers_au_plus, co2_kg, co2_au_plus_kg
        FROM scenario_years ORDER BY scenario, annee";
    let mut rows = base.prepare(asked).unwrap();
    let row = |it: &rusqlite::Row<'_>| {
        Ok(Row {
            scenario: it.get(0)?,
            in_year: it.get(1)?,
            sites: it.get(2)?,
            most_sites: it.get(3)?,
            kg: it.get(4)?,
            most_kg: it.get(5)?,
        })
    };
    rows.query_map([], row).unwrap().map(Result::unwrap).collect()
}

#[test]
fn no_year_has_more_and_every_output_says_so() {
    let it = planned(SCENARIOS);
    let told = it.plan(&["--workbook", "out.xlsx", "--page", "out.html"]).assert().code(1);
    let told = plain(&told.get_output().stderr);
    assert!(told.contains("« NAILLOUX » ne limite rien"), "{told}");
    assert!(told.contains("le catalogue ne dit pas"), "{told}");
    let all = years(&it);
    let of = |name: &str| all.iter().filter(move |it| it.scenario == name).collect::<Vec<_>>();
    let most = |name: &str| of(name).iter().map(|it| it.sites).max().unwrap();
    assert!(most("libre") > 2 && most("deux") == 2, "{all:?}");
    assert!(of("deux").iter().all(|it| it.most_sites == Some(2) && it.most_kg.is_none()));
    // One sector has no limit of its own, so that there is none of all.
    assert!(
        of("optimisé").iter().all(|it| it.most_sites.is_none() && it.most_kg == Some(15_000.0))
    );
    assert!(of("optimisé").iter().all(|it| it.kg <= 15_000.5), "{all:?}");
    let book = crate::Book::read(&it.at("out.xlsx"));
    assert!(crate::computed(&book) > 200);
    assert_eq!(crate::book::cents(book.number("deux", "S6")), 100 * of("deux")[0].sites);
    let page = plain(&std::fs::read(it.at("out.html")).unwrap()).replace("&#x2f;", "/");
    assert!(page.contains("2 / 2") && page.contains("au plus 2 chantiers par an"));
}

#[test]
fn imposed_works_may_pass_a_limit_and_a_question_names_it() {
    let one = SCENARIOS.replace("year = 2\n", "year = 1\n").replace(", NAILLOUX = 4", "");
    let it = planned(&format!("{one}{IMPOSED}"));
    let told = plain(&it.plan(&[]).assert().code(1).get_output().stderr);
    assert!(told.contains("en 2027, pour 1 au plus : aucun autre"), "{told}");
    let all = years(&it);
    let passed = all.iter().find(|it| it.scenario == "deux" && it.in_year == 2027).unwrap();
    assert!(passed.sites == 3, "{all:?}");
    let mut asked = assert_cmd::Command::new(env!("CARGO_BIN_EXE_voirie"));
    asked.current_dir(it.at("base.gpkg").parent().unwrap());
    asked.args(["ask", "base.gpkg", "scenarios.toml", "--scenario", "deux"]);
    asked.args(["--section", "D11-U-000000", "--year", "2027"]);
    let said = plain(&asked.assert().success().get_output().stdout);
    assert!(said.contains("Sans les limites de l’année"), "{said}");
    assert!(said.contains("sans limite du nombre de chantiers, elle"), "{said}");
}
