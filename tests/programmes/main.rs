//! What `voirie plan` writes beside its table: the workbook, read back and computed again; the page and
//! its charts. What `voirie ask` answers.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod ask;
mod base;
mod book;
mod limits;
mod money;
mod objectives;
mod places;

use assert_cmd::Command;
use book::{Book, cents};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tempfile::TempDir;

struct Planned {
    folder: TempDir,
}

impl Planned {
    fn new() -> Self {
        let it = Self { folder: tempfile::tempdir().unwrap() };
        base::write(&it.at("base.gpkg"), 3);
        std::fs::write(it.at("scenarios.toml"), base::SCENARIOS).unwrap();
        it
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn plan(&self, options: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_voirie"));
        command.current_dir(self.folder.path());
        command.args(["plan", "base.gpkg", "scenarios.toml"]).args(options);
        command
    }

    fn book(&self) -> Book {
        self.plan(&["--workbook", "out.xlsx"]).assert().success();
        Book::read(&self.at("out.xlsx"))
    }

    /// Cents spent by scenario, year and envelope, in the base.
    fn spent(&self) -> BTreeMap<(String, i64, String), i64> {
        let base = rusqlite::Connection::open(self.at("base.gpkg")).unwrap();
        let mut rows = base.prepare("SELECT scenario, annee, enveloppe, cout_eur FROM programme");
        let rows = rows.as_mut().unwrap();
        let row = |it: &rusqlite::Row<'_>| {
            Ok(((it.get(0)?, it.get(1)?, it.get(2)?), cents(it.get::<_, f64>(3)?)))
        };
        let mut sums = BTreeMap::new();
        for row in rows.query_map([], row).unwrap() {
            let (key, cost) = row.unwrap();
            *sums.entry(key).or_default() += cost;
        }
        sums
    }
}

#[test]
fn totals_are_formulas_and_what_they_are_kept_with_is_the_programme() {
    let planned = Planned::new();
    let book = planned.book();
    let long = "2026-2031 - l-entretien d-abord";
    assert_eq!(book.names(), ["Comparaison", "s00", long, "optimisé"]);
    let spent = planned.spent();
    assert!(spent.len() > 6, "{spent:?}");
    let names = ["s00", "2026/2031 : l'entretien d'abord, puis les renouvellements", "optimisé"];
    for (sheet, scenario) in ["s00", long, "optimisé"].into_iter().zip(names) {
        let mut whole = 0;
        for row in 6..12 {
            let year = book.number(sheet, &format!("A{row}"));
            for (column, envelope) in [("C", "investissement"), ("F", "fonctionnement")] {
                let at = format!("{column}{row}");
                let formula = book.formula(sheet, &at);
                assert!(formula.starts_with("ROUND(SUMIFS("), "{sheet} {at}: {formula}");
                #[expect(clippy::cast_possible_truncation, reason = "a year")]
                let key = (scenario.to_owned(), year as i64, envelope.to_owned());
                let want = spent.get(&key).copied().unwrap_or(0);
                assert_eq!(cents(book.number(sheet, &at)), want, "{sheet} {at}");
                whole += want;
            }
        }
        assert_eq!(book.formula(sheet, "I12"), "ROUND(SUM($I$6:$I$11),2)");
        assert_eq!(cents(book.number(sheet, "I12")), whole);
    }
    let of_last = book.formula("Comparaison", "K6");
    assert_eq!(of_last, "'optimisé'!I12");
    assert_eq!(book.value("Comparaison", "K6"), book.value("optimisé", "I12"));
}

/// Computes every formula of a book again; how many there are.
fn computed(book: &Book) -> usize {
    let mut n_formulas = 0;
    for (sheet, cell, formula, kept) in book.formulas() {
        let got = book.compute(sheet, formula);
        let same = match (&got, kept) {
            (book::Value::Number(got), book::Value::Number(kept)) => {
                (got - kept).abs() <= 1e-9 * kept.abs().max(1.0)
            }
            (got, kept) => got == kept,
        };
        assert!(same, "{sheet}!{cell} = {formula}: {got:?}, kept {kept:?}");
        n_formulas += 1;
    }
    n_formulas
}

#[test]
fn every_formula_gives_what_is_kept_with_it() {
    let n_formulas = computed(&Planned::new().book());
    assert!(n_formulas > 300, "{n_formulas}");
}

#[test]
fn words_of_a_scenario_file_are_never_formulas() {
    let book = Planned::new().book();
    assert_eq!(book.value("Comparaison", "AB5"), &book::Value::Text("=1+1 <b>".into()));
}

#[test]
fn the_same_base_gives_the_same_workbook_in_either_language() {
    let planned = Planned::new();
    let make = |options: &[&str]| {
        planned.plan(&["--workbook", "out.xlsx"]).args(options).assert().success();
        std::fs::read(planned.at("out.xlsx")).unwrap()
    };
    let first = make(&[]);
    // Names of files in a ZIP have a time of two seconds' grain.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(first == make(&["--threads", "1"]), "two runs differ");
    make(&["--lang", "en"]);
    let book = Book::read(&planned.at("out.xlsx"));
    assert_eq!(book.names()[0], "Comparison");
    assert_eq!(book.value("s00", "C4"), &book::Value::Text("Spent, investment (€)".into()));
    assert!(book.formula("s00", "C6").ends_with("\"investment\"),2)"));
}

#[test]
fn the_page_tells_every_scenario_and_the_money_of_its_works() {
    let planned = Planned::new();
    planned.plan(&["--page", "out.html", "--charts", "charts"]).assert().success();
    let page = std::fs::read_to_string(planned.at("out.html")).unwrap();
    for text in ["id=\"s0\"", "id=\"s2\"", "l&#x27;entretien d&#x27;abord", "=1+1 &lt;b&gt;"] {
        assert!(page.contains(text), "{text}");
    }
    // Totals of the table of works are the thousands of euros of the base.
    for name in ["optimisé", "2026/2031 : l'entretien d'abord, puis les renouvellements"] {
        let spent: i64 =
            planned.spent().into_iter().filter(|it| it.0.0 == name).map(|it| it.1).sum();
        assert!(spent > 0);
        #[expect(clippy::cast_precision_loss, reason = "some euros")]
        let thousands = voirie::io::wording::Language::French.number(spent as f64 / 1.0e5, 0);
        assert!(page.contains(&format!("<small>{thousands}</small>")), "{name}: {thousands} k€");
    }
    assert!(page.contains("<mark"), "the best of each column stands out");
    for name in ["scenarios-ng.svg", "scenarios-spent.svg", "scenarios-backlog.svg"] {
        let drawing = std::fs::read_to_string(planned.at("charts").join(name)).unwrap();
        let mut reader = quick_xml::Reader::from_str(&drawing);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        assert_eq!(drawing.matches("<polyline").count(), 3, "{name}");
    }
}

#[test]
fn the_base_tells_the_backlog_of_each_year() {
    let planned = Planned::new();
    planned.plan(&[]).assert().success();
    let base = rusqlite::Connection::open(planned.at("base.gpkg")).unwrap();
    let backlog = |scenario: &str| {
        let asked =
            "SELECT arriere_inv_eur + arriere_fct_eur, valeur_eur, ecart_secteurs, co2_inconnu_m2
            FROM scenario_years WHERE scenario = ?1 AND annee = 2031";
        base.query_row(asked, [scenario], |it| {
            Ok([it.get::<_, f64>(0)?, it.get(1)?, it.get(2)?, it.get(3)?])
        })
    };
    let [idle, optimised] = ["s00", "optimisé"].map(|it| backlog(it).unwrap());
    assert!(idle[0] > optimised[0] && idle[1] < optimised[1], "{idle:?} {optimised:?}");
    assert!(idle[3].abs() < 1e-9, "no works emit nothing");
}

#[test]
fn what_is_decided_already_is_done_or_refused_with_its_reason() {
    let planned = Planned::new();
    let scenarios = r#"
first_year = 2026
horizon = 6
[[scenario]]
name = "pire"
budget = "60 k€ + 10 k€"
[[scenario]]
name = "note"
budget = "60 k€ + 10 k€"
hold_note = 20
[[imposed]]
section = "D10-U-000000"
year = 2027
treatment = "BBTM"
cost = "15 k€"
[[imposed]]
section = "D11-U-000200"
year = 2028
treatment = "BBTM"
cost = "70 k€"
[[imposed]]
section = "D99-U-000000"
year = 2028
treatment = "BBTM"
[[imposed]]
section = "D11-U-000400"
year = 2028
treatment = "Goudron"
"#;
    std::fs::write(planned.at("scenarios.toml"), scenarios).unwrap();
    let done = planned.plan(&[]).assert().code(1);
    let told =
        String::from_utf8_lossy(&done.get_output().stderr).replace(['\u{a0}', '\u{202f}'], " ");
    for part in [
        "D11-U-000200 : scénario pire : BBTM imposé en 2028 mais refusé : il faut 70 000,00 € \
         et l’enveloppe investissement n’a plus que 60 000,00 €",
        "D99-U-000000 : scénario pire : BBTM imposé en 2028 mais refusé : aucune section notée",
        "D11-U-000400 : scénario pire : Goudron imposé en 2028 mais refusé : le catalogue ne connaît pas",
        "note : l’objectif n’est pas tenu, même avec (60 k€ + 10 k€) × 16,000",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let base = rusqlite::Connection::open(planned.at("base.gpkg")).unwrap();
    let asked = "SELECT cout_eur, raison FROM programme
        WHERE scenario = 'pire' AND section = 'D10-U-000000' AND annee = 2027";
    let works = base.query_row(asked, [], |it| Ok((it.get::<_, f64>(0)?, it.get::<_, String>(1)?)));
    let (cost, reason) = works.unwrap();
    assert!((cost - 15_000.0).abs() < 1e-9 && reason == "imposés", "{cost} {reason}");
}

#[test]
fn what_remains_uncertain_is_on_the_page() {
    let planned = Planned::new();
    std::fs::write(planned.at("few.toml"), "[plan_doubt]\ndraws = 40\nfilmed_again_draws = 4\n")
        .unwrap();
    planned.plan(&["--page", "out.html", "--settings", "few.toml"]).assert().success();
    let page = std::fs::read_to_string(planned.at("out.html")).unwrap();
    assert!(page.contains("id=\"doubt\"") && page.contains("class=\"duels\""));
    assert_eq!(page.matches("<polygon").count(), 6, "two bands a scenario");
    std::fs::write(planned.at("none.toml"), "[plan_doubt]\ndraws = 0\n").unwrap();
    planned.plan(&["--page", "none.html", "--settings", "none.toml"]).assert().success();
    let page = std::fs::read_to_string(planned.at("none.html")).unwrap();
    assert!(!page.contains("id=\"doubt\""));
}

/// A scenario of six years from 2026 on, called `s`.
fn one_scenario(budget: &str) -> String {
    format!("first_year = 2026\nhorizon = 6\n\n[[scenario]]\nname = \"s\"\nbudget = \"{budget}\"\n")
}

#[test]
fn budgets_that_grow_and_one_offs_reach_every_output() {
    let planned = Planned::new();
    let words =
        "60 k€ + 10 k€ (4 ans, +2,5 %/an), puis 40 k€ (-1,5 %/an), plus 30 k€ + 5 k€ en 2028";
    std::fs::write(planned.at("scenarios.toml"), one_scenario(words)).unwrap();
    let options = ["--workbook", "out.xlsx", "--page", "out.html", "-o", "table.csv"];
    planned.plan(&options).assert().success();
    // 60 x 1.025^k and 10 x 1.025^k; then 40 x 0.985^k.
    let investment = [6_000_000, 6_150_000, 9_303_750, 6_461_344, 4_000_000, 3_940_000];
    let maintenance = [1_000_000, 1_025_000, 1_550_625, 1_076_891, 0, 0];
    let book = Book::read(&planned.at("out.xlsx"));
    let offered = |column: &str| {
        [6, 7, 8, 9, 10, 11].map(|row| cents(book.number("s", &format!("{column}{row}"))))
    };
    assert_eq!((offered("D"), offered("G")), (investment, maintenance));
    assert_eq!(book.value("s", "A1"), &book::Value::Text(format!("s – {words}")));
    for name in ["out.html", "table.csv"] {
        let text = std::fs::read_to_string(planned.at(name)).unwrap();
        let text = text.replace("&#x2F;", "/").replace("&#x2f;", "/");
        assert!(text.contains("(4 ans, +2,5 %/an)") && text.contains("plus 30 k€"), "{name}");
    }
}

#[test]
fn a_one_off_outside_the_programme_is_shown_with_its_line_and_a_caret() {
    let planned = Planned::new();
    let scenarios = one_scenario("60 k€ + 10 k€ (+2 %/an), plus 30 k€ en 2032");
    std::fs::write(planned.at("scenarios.toml"), scenarios).unwrap();
    let done = planned.plan(&[]).assert().code(4);
    let told = String::from_utf8_lossy(&done.get_output().stderr);
    let said =
        "line 6, character 50: found 2032, expected a year of the programme, from 2026 to 2031";
    assert!(told.contains("scenarios.toml") && told.contains(said), "{told}");
    let lines: Vec<&str> = told.lines().collect();
    let shown = lines.iter().position(|it| it.contains("6 | budget = ")).unwrap();
    let under = lines[shown + 1].chars().position(|it| it == '^').unwrap();
    assert!(lines[shown].chars().skip(under).collect::<String>().starts_with("2032"), "{told}");
}
