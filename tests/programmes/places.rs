//! Works that are done in some places only.

use super::Planned;

/// Two lines, the first not done in MURET.
const SETTINGS: &str = r#"
[[treatment]]
name = "Enduit"
kind = "surface_dressing"
envelope = "investment"
price_eur_per_m2 = 5
notes = [0, 18]
not_in = ["MURET"]
leaves = 1
rest_years = 3

[[treatment]]
name = "BBTM"
kind = "thin_overlay"
envelope = "investment"
price_eur_per_m2 = 10
notes = [0, 18]
leaves = 0
rest_years = 5
"#;

fn planned(settings: &str) -> Planned {
    let it = Planned::new();
    std::fs::write(it.at("own.toml"), settings).unwrap();
    it
}

#[test]
fn works_keep_out_of_the_places_where_they_are_not_done() {
    let it = planned(SETTINGS);
    it.plan(&["--settings", "own.toml"]).assert().success();
    let base = rusqlite::Connection::open(it.at("base.gpkg")).unwrap();
    let asked = "SELECT DISTINCT traitement, section LIKE 'D11-%' FROM programme";
    let mut rows = base.prepare(asked).unwrap();
    let row = |it: &rusqlite::Row<'_>| Ok((it.get::<_, String>(0)?, it.get::<_, bool>(1)?));
    let all: Vec<_> = rows.query_map([], row).unwrap().map(Result::unwrap).collect();
    let has = |treatment: &str, in_muret| all.contains(&(treatment.to_owned(), in_muret));
    assert!(has("Enduit", false) && has("BBTM", true) && !has("Enduit", true), "{all:?}");
}

#[test]
fn a_question_names_the_place() {
    let it = planned(SETTINGS);
    let asked = ["--scenario", "s00", "--section", "D11-U-000000", "--year", "2027"];
    let mut ask = assert_cmd::Command::new(env!("CARGO_BIN_EXE_voirie"));
    ask.current_dir(it.at("base.gpkg").parent().unwrap());
    ask.args(["ask", "base.gpkg", "scenarios.toml", "--settings", "own.toml"]).args(asked);
    ask.args(["--treatment", "Enduit"]);
    let told = ask.assert().success().get_output().stdout.clone();
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("ne se fait pas à MURET"), "{told}");
}

#[test]
fn a_place_that_is_none_is_refused_with_the_nearest_names() {
    let it = planned(&SETTINGS.replace("MURET", "MURETT"));
    let done = it.plan(&["--settings", "own.toml"]).assert().code(2);
    let told = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    let said = "treatment \"Enduit\" has not_in = \"MURETT\", expected a municipality or a sector of the \
        network; the nearest names are MURET, REVEL";
    assert!(told.contains(said), "{told}");
}
