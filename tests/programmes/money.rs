//! Money that is carried over, divided between sectors, or promised to a stretch of road.

use super::{Planned, computed};
use crate::book::cents;

const SCENARIOS: &str = r#"
first_year = 2026
horizon = 6

[[scenario]]
name = "perdu"
budget = "11 k€ + 3 k€"

[[scenario]]
name = "reporté"
budget = "11 k€ + 3 k€"
carry_over = true

[[scenario]]
name = "secteurs"
budget = "90 k€ + 9 k€"
selection = "optimised"
sectors = { MURET = 40, REVEL = 30, NAILLOUX = 30 }

[[scenario]]
name = "un seul"
budget = "11 k€ + 3 k€"
sectors = { MURET = 100 }
"#;

const STRETCHES: &str = r#"
[[imposed]]
stretch = "D10 0+300 à 1+100"
year = 2027
treatment = "BBTM"
cost = "40 000,01 €"

[[frozen]]
stretch = "D99 0+0 à 1+0"
from = 2026
to = 2028
"#;

fn planned(scenarios: &str) -> Planned {
    let it = Planned::new();
    std::fs::write(it.at("scenarios.toml"), scenarios).unwrap();
    it
}

fn base(it: &Planned) -> rusqlite::Connection {
    rusqlite::Connection::open(it.at("base.gpkg")).unwrap()
}

#[test]
fn what_a_year_leaves_is_in_the_next_and_in_every_output() {
    let it = planned(SCENARIOS);
    // Money for a sector that nobody filmed is a loss.
    it.plan(&["--workbook", "out.xlsx"]).assert().code(1);
    let base = base(&it);
    let asked = "SELECT scenario, offert_inv_eur, reporte_inv_eur, depense_inv_eur
        FROM scenario_years ORDER BY scenario, annee";
    let mut rows = base.prepare(asked).unwrap();
    let row = |it: &rusqlite::Row<'_>| {
        let euros = |at| Ok::<_, rusqlite::Error>(cents(it.get::<_, f64>(at)?));
        Ok((it.get::<_, String>(0)?, euros(1)?, euros(2)?, euros(3)?))
    };
    let all: Vec<_> = rows.query_map([], row).unwrap().map(Result::unwrap).collect();
    assert_eq!(all.len(), 24);
    let mut n_carried = 0;
    for pair in all.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let [(name, offered, carried, spent), next] = pair else { unreachable!() };
        let left = if name == "reporté" { offered + carried - spent } else { 0 };
        assert_eq!(next.2, left, "{name}");
        assert!(*spent <= offered + carried);
        n_carried += usize::from(left > 0);
    }
    assert!(n_carried > 2, "{n_carried}");
    let book = crate::Book::read(&it.at("out.xlsx"));
    assert!(computed(&book) > 300);
    let carried = all.iter().find(|it| it.0 == "reporté" && it.2 > 0).unwrap();
    assert!(book.formula("reporté", "E7").starts_with("ROUND(E6+"), "{carried:?}");
}

#[test]
fn sectors_spend_their_shares_and_money_for_nobody_is_told() {
    let it = planned(SCENARIOS);
    let told = it.plan(&[]).assert().code(1).get_output().stderr.clone();
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("NAILLOUX") && told.contains("MURET, REVEL"), "{told}");
    assert!(told.contains("un seul") && told.contains("« REVEL » n’a aucune part"), "{told}");
    let base = base(&it);
    let asked = "SELECT annee, enveloppe, section LIKE 'D11-%', sum(cout_eur) FROM programme
        WHERE scenario = 'secteurs' GROUP BY 1, 2, 3";
    let mut rows = base.prepare(asked).unwrap();
    let row = |it: &rusqlite::Row<'_>| {
        Ok((it.get::<_, String>(1)?, it.get::<_, bool>(2)?, it.get::<_, f64>(3)?))
    };
    let all: Vec<_> = rows.query_map([], row).unwrap().map(Result::unwrap).collect();
    for (envelope, of_muret, spent) in &all {
        let offered = if envelope == "investissement" { 90_000.0 } else { 9_000.0 };
        let share = if *of_muret { 0.4 } else { 0.3 };
        assert!(*spent <= share * offered + 0.001, "{envelope} {of_muret} {spent}");
    }
    assert!(all.iter().any(|it| it.1) && all.iter().any(|it| !it.1), "{all:?}");
    let gap: f64 = base
        .query_row("SELECT ecart_pct FROM scenarios WHERE scenario = 'secteurs'", [], |it| {
            it.get(0)
        })
        .unwrap();
    // Some works a year in each sector: the bound is far.
    assert!((0.0..25.0).contains(&gap), "{gap}");
}

#[test]
fn works_are_imposed_by_pr_and_abscisse() {
    let it = planned(&format!(
        "{}{STRETCHES}",
        SCENARIOS.replace(", NAILLOUX = 30", "").replace("30 }", "60 }")
    ));
    let told = it.plan(&[]).assert().code(1).get_output().stderr.clone();
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("le réseau n’a pas de route D99"), "{told}");
    let asked = "SELECT section, cout_eur FROM programme
        WHERE scenario = 'secteurs' AND annee = 2027 AND section LIKE 'D10-%' AND traitement = 'BBTM'";
    let base = base(&it);
    let mut rows = base.prepare(asked).unwrap();
    let row = |it: &rusqlite::Row<'_>| Ok((it.get::<_, String>(0)?, cents(it.get::<_, f64>(1)?)));
    let all: Vec<_> = rows.query_map([], row).unwrap().map(Result::unwrap).collect();
    let names: Vec<_> = all.iter().map(|it| it.0.as_str()).collect();
    let want = ["D10-U-000200", "D10-U-000400", "D10-U-000600", "D10-U-000800", "D10-U-001000"];
    assert_eq!(names, want);
    assert_eq!(all.iter().map(|it| it.1).sum::<i64>(), 4_000_001);
}
