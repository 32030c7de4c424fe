//! The scenario file: budgets to try, in the engineers' words.
//!
//! ```toml
//! first_year = 2026
//! horizon = 15
//!
//! [[scenario]]
//! name = "s02"
//! budget = "0 (5 ans), puis 13,5+2 (+2 %/an), plus 4 en 2031" # grows; once more in 2031
//! selection = "optimised" # or worst_first, threshold, benefit_cost
//! objective = "users"     # or condition (the default), backlog: what the programme is to serve
//! observations = "cinq ans sans travaux"
//!
//! [[scenario]]
//! name = "s05"
//! budgets = ["13,5+2", "9+4", "0"] # one for each year
//!
//! [[scenario]]
//! name = "s12"
//! budget = "13,5+2" # a shape, of which the least multiple is looked for
//! hold_note = 15    # at the end; or hold_worst_class_percent = 5
//!
//! [[scenario]]
//! name = "s13"
//! budget = "13,5+2"
//! carry_over = true      # what a year leaves goes over to the next
//! sectors = "by_area"    # or { Muret = 60, Revel = 40 }, in per cent
//! guaranteed_percent = 70 # of the money, to them; the rest wherever it serves best
//!
//! [[scenario]]
//! name = "s14"
//! budget = "13,5+2"
//! most_sites_a_year = 12   # or by sector, { Muret = 4, Revel = 3 }
//! most_co2_t_a_year = 400  # of all works of a year, in tonnes of CO2 equivalent
//!
//! [[imposed]] # contracted already, whatever the budget
//! section = "D12-U-003200"
//! year = 2027
//! treatment = "mill_and_inlay"
//! cost = "85 k€" # else the price of the catalogue and its site
//!
//! [[imposed]] # or on all sections of which half lies on a stretch, for all of the cost
//! stretch = "D817 12+300 à 13+100" # "D817 D 12+300 à 13+100" where there are two carriageways
//! year = 2028
//! treatment = "mill_and_inlay"
//! cost = "250 k€"
//!
//! [[frozen]] # left alone, save for works imposed on it
//! section = "D12-U-003400"
//! from = 2026
//! to = 2028
//! ```

mod budgets;
mod commitments;
mod excerpt;
mod limits;
mod published;
mod spending;
mod table;
mod target;

pub use excerpt::Fault;
pub use published::{parse_published, read_published};

use crate::domain::{Commitments, Objective, PlanYears, Scenario, SelectionRule};
use budgets::{in_words, year_by_year};
use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use table::{Place, PlacedTable};
use toml::Spanned;
use toml::de::DeTable;

/// First years that are taken. Chosen: anything else is a typing error.
const FIRST_YEARS: (i64, i64) = (1950, 2200);

/// Lengths of a programme that are taken, in years. Chosen: past the life of any works on offer.
const HORIZONS: (i64, i64) = (1, 60);

/// A scenario file, read.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioFile {
    /// The years that every scenario covers.
    pub years: PlanYears,
    /// The scenarios, in file order, at least one.
    pub scenarios: Vec<Scenario>,
    /// What is decided already.
    pub commitments: Commitments,
}

/// Why a scenario file could not be used.
#[derive(Debug, thiserror::Error)]
#[error("could not use the scenarios {}", path.display())]
pub struct ScenarioError {
    /// The file.
    pub path: PathBuf,
    /// What was wrong.
    #[source]
    pub kind: ScenarioErrorKind,
}

/// What was wrong with the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioErrorKind {
    /// The file is missing or unreadable.
    #[error("the file could not be read")]
    Io(#[from] io::Error),
    /// Every fault found, each with its line.
    #[error(transparent)]
    Faults(#[from] Faults),
}

/// Every fault of a text, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl std::error::Error for Faults {}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (rank, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if rank > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

/// Reads a scenario file; `years` stand in for a first year or a horizon that it does not say.
///
/// # Errors
///
/// When the file cannot be read, or with every fault in it.
pub fn read(
    path: &Path,
    years: PlanYears,
    selection: SelectionRule,
) -> Result<ScenarioFile, ScenarioError> {
    let refused = |kind| ScenarioError { path: path.to_owned(), kind };
    let text = std::fs::read_to_string(path).map_err(|it| refused(it.into()))?;
    parse(&text, years, selection).map_err(|it| refused(it.into()))
}

/// Parses the text of a scenario file, as [`read`].
///
/// # Errors
///
/// Every fault found.
pub fn parse(
    source: &str,
    years: PlanYears,
    selection: SelectionRule,
) -> Result<ScenarioFile, Faults> {
    let (root, errors) = DeTable::parse_recoverable(source);
    let mut faults: Vec<_> = errors
        .iter()
        .map(|it| Fault::at(source, it.span().unwrap_or(0..0), it.message()))
        .collect();
    let file = if faults.is_empty() {
        whole_file(source, &root, (years, selection), &mut faults)
    } else {
        None
    };
    faults.sort_by_key(|it| (it.line, it.column));
    file.filter(|_| faults.is_empty()).ok_or(Faults(faults))
}

fn whole_file<'i>(
    source: &'i str,
    root: &Spanned<DeTable<'i>>,
    (years, selection): (PlanYears, SelectionRule),
    faults: &mut Vec<Fault>,
) -> Option<ScenarioFile> {
    let table = PlacedTable { source, table: root.get_ref(), span: 0..0 };
    table.only(&["first_year", "horizon", "scenario", "imposed", "frozen"], faults);
    let first_year = table.whole("first_year", FIRST_YEARS, years.first_year.into(), faults);
    let horizon = table.whole("horizon", HORIZONS, years.horizon.into(), faults);
    let years = PlanYears {
        first_year: i32::try_from(first_year).ok()?,
        horizon: u32::try_from(horizon).ok()?,
    };
    let list = table.get("scenario");
    let items = list.and_then(|it| it.get_ref().as_array()).filter(|it| !it.is_empty());
    let Some(items) = items else {
        let place = list.map_or(0..0, Spanned::span);
        faults.push(Fault::at(
            source,
            place,
            "found no scenario, expected at least one [[scenario]]",
        ));
        return None;
    };
    let mut names = BTreeSet::new();
    let mut scenarios = Vec::new();
    for item in items {
        let Some(inner) = item.get_ref().as_table() else {
            faults.push(table.wrong(item, "a table with a name and a budget"));
            continue;
        };
        let inner = PlacedTable { source, table: inner, span: item.span() };
        let read = scenario(&inner, years, selection, faults);
        if let (Some(name), Some(place)) = (read.as_ref().map(|it| &it.name), inner.get("name"))
            && !names.insert(name.clone())
        {
            faults.push(inner.wrong(place, "a name that no other scenario bears"));
        }
        scenarios.extend(read);
    }
    let commitments = commitments::commitments(&table, faults);
    Some(ScenarioFile { years, scenarios, commitments })
}

fn scenario(
    table: &PlacedTable<'_, '_>,
    years: PlanYears,
    selection: SelectionRule,
    faults: &mut Vec<Fault>,
) -> Option<Scenario> {
    table.only(
        &[
            "name",
            "budget",
            "budgets",
            "selection",
            "objective",
            "hold_note",
            "hold_worst_class_percent",
            "carry_over",
            "sectors",
            "guaranteed_percent",
            "most_sites_a_year",
            "most_co2_t_a_year",
            "observations",
        ],
        faults,
    );
    let name = table.text("name", "a name such as \"s02\"", faults);
    let observations = match table.get("observations").map(|it| (it, it.get_ref().as_str())) {
        None => "",
        Some((_, Some(text))) => text,
        Some((place, None)) => {
            faults.push(table.wrong(place, "a text"));
            ""
        }
    };
    let selection = match table.get("selection") {
        None => selection,
        Some(place) => one_of(table, place, &SelectionRule::ALL.map(|it| (it.word(), it)), faults),
    };
    let objective = table.get("objective").map_or_else(Objective::default, |place| {
        one_of(table, place, &Objective::ALL.map(|it| (it.word(), it)), faults)
    });
    let budget = match (table.get("budget"), table.get("budgets")) {
        (Some(_), Some(both)) => {
            faults.push(table.wrong(both, "either budget or budgets, not both"));
            None
        }
        (None, Some(list)) => year_by_year(table, list, years.horizon, faults),
        _ => in_words(table, Some(years.first_year), years.horizon, faults),
    };
    let spending = spending::spending(table, faults);
    let (words, budgets) = budget?;
    Some(Scenario {
        name: name?.to_owned(),
        words: words + &spending::words(&spending) + &limits::words(&spending.limits),
        first_year: years.first_year,
        budgets,
        selection,
        objective,
        target: target::target(table, faults),
        spending,
        observations: observations.to_owned(),
    })
}

/// What one of some words stands for.
fn one_of<T: Copy + Default>(
    table: &PlacedTable<'_, '_>,
    place: Place<'_, '_>,
    all: &[(&str, T)],
    faults: &mut Vec<Fault>,
) -> T {
    let word = place.get_ref().as_str();
    let known = all.iter().find(|it| Some(it.0) == word).map(|it| it.1);
    known.unwrap_or_else(|| {
        let words: Vec<_> = all.iter().map(|it| it.0).collect();
        faults.push(table.wrong(place, &format!("one of {}", words.join(", "))));
        T::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Euros;
    use proptest::prelude::*;

    const YEARS: PlanYears = PlanYears { first_year: 2025, horizon: 3 };
    const RULE: SelectionRule = SelectionRule::WorstFirst;

    fn refusal(text: &str) -> String {
        parse(text, YEARS, RULE).unwrap_err().to_string()
    }

    #[test]
    fn a_file_is_read_whole() {
        let text = r#"
            first_year = 2026
            horizon = 4
            [[scenario]]
            name = "s02"
            budget = "0 (2 ans), puis 13,5+2"
            selection = "optimised"
            objective = "backlog"
            observations = "deux ans sans travaux"
            [[scenario]]
            name = "s05"
            budgets = ["8+4", "120 k€ + 20 k€", 3, 2.5]
        "#;
        let file = parse(text, YEARS, RULE).unwrap();
        assert_eq!(file.years, PlanYears { first_year: 2026, horizon: 4 });
        let [first, second] = &file.scenarios[..] else { panic!("{file:?}") };
        assert_eq!((first.words.as_str(), first.first_year), ("0 (2 ans), puis 13,5+2", 2026));
        assert_eq!(first.observations, "deux ans sans travaux");
        assert_eq!(first.budgets[2].total(), Euros::from_millions(15.5));
        assert_eq!(second.words, "Budget irrégulier");
        let rules = [first.selection, second.selection];
        assert_eq!(rules, [SelectionRule::Optimised, SelectionRule::WorstFirst]);
        let objectives = [first.objective, second.objective];
        assert_eq!(objectives, [Objective::Backlog, Objective::Condition]);
        let totals: Vec<_> = second.budgets.iter().map(|it| it.total().get()).collect();
        assert_eq!(totals, [12e6, 0.14e6, 3e6, 2.5e6]);
    }

    #[test]
    fn years_that_the_file_does_not_say_are_those_given() {
        let file = parse("[[scenario]]\nname = \"a\"\nbudget = \"0\"", YEARS, RULE).unwrap();
        assert_eq!((file.years, file.scenarios[0].budgets.len()), (YEARS, 3));
    }

    #[test]
    fn the_caret_stands_under_the_wrong_word() {
        assert_eq!(
            refusal("[[scenario]]\nname = \"s02\"\nbudget = \"0 (cinq ans), puis 13,5+2\""),
            "line 3, character 14: found \"cinq\", expected a number of years from 1 to 200 or a rate such as +2 %/an\n\
             \x20 3 | budget = \"0 (cinq ans), puis 13,5+2\"\n\
             \x20   |              ^^^^"
        );
    }

    #[test]
    fn budgets_grow_and_are_added_to_in_the_years_of_the_file() {
        let text = "first_year = 2027\n[[scenario]]\nname = \"s\"\nbudget = \"1+1 (+2 %/an), plus 0+3 en 2028\"";
        let file = parse(text, YEARS, RULE).unwrap();
        let it = &file.scenarios[0];
        assert_eq!(it.words, "1+1 (+2 %/an), plus 0+3 en 2028");
        let cents: Vec<_> = it.budgets.iter().map(|it| it.total().cents()).collect();
        assert_eq!(cents, [200_000_000, 504_000_000, 208_080_000]);
        assert_eq!(
            refusal(&text.replace("2028", "2030")),
            "line 4, character 38: found 2030, expected a year of the programme, from 2027 to 2029\n\
             \x20 4 | budget = \"1+1 (+2 %/an), plus 0+3 en 2030\"\n\
             \x20   |                                      ^^^^"
        );
        let told = refusal(&text.replace("+2 %", "−90 %"));
        assert!(told.contains("character 16: found \"−90\", expected a rate from -50"), "{told}");
    }

    #[test]
    fn every_fault_is_told_in_the_order_of_the_file() {
        let text = "horizon = 0\nannee = 2025\n[[scenario]]\nname = \"a\"\nbudjet = \"0\"\n\
                    [[scenario]]\nname = \"b\"\nbudgets = [\"1+\", \"2\"]\nbudget = \"0\"\n\
                    [[scenario]]\nname = 3\nbudgets = [\"1+\", \"2\"]\n";
        let told = parse(text, YEARS, RULE).unwrap_err();
        let said: Vec<_> = told.0.iter().map(|it| format!("{}: {}", it.line, it.what)).collect();
        assert_eq!(
            said,
            [
                "1: found 0, expected a whole number from 1 to 60",
                "2: found \"annee\", which is not a key here; expected one of first_year, horizon, scenario, imposed, frozen",
                "3: found no budget, expected a budget such as \"0 (5 ans), puis 13,5+2\"",
                "5: found \"budjet\", which is not a key here; expected one of name, budget, budgets, selection, objective, hold_note, hold_worst_class_percent, carry_over, sectors, guaranteed_percent, most_sites_a_year, most_co2_t_a_year, observations",
                "8: found [\"1+\", \"2\"], expected either budget or budgets, not both",
                "11: found 3, expected a name such as \"s02\"",
                "12: found 2 budgets, expected a list of 3 budgets, one for each year",
                "12: found the end, expected an amount such as 13,5",
            ]
        );
    }

    #[test]
    fn other_faults_are_told() {
        let cases = [
            ("", "line 1, character 1: found no scenario, expected at least one [[scenario]]"),
            ("scenario = 3", "line 1, character 12: found no scenario"),
            ("scenario = [3]", "line 1, character 13: found 3, expected a table"),
            ("[[scenario]]\nname = \"a\nbudget = 3", "line 2, character"),
            (
                "[[scenario]]\nname = \"a\"\nbudget = \"0 (2 ans)\"",
                "the phases give 2 years, expected 3",
            ),
            (
                "[[scenario]]\nname='a'\nbudget='0'\n[[scenario]]\nname='a'\nbudget='0'",
                "line 5, character 6: found 'a', expected a name that no other scenario bears",
            ),
            (
                "[[scenario]]\nname='a'\nbudget='0'\nselection='best'",
                "found 'best', expected one of worst_first, threshold, benefit_cost, optimised",
            ),
            (
                "[[scenario]]\nname='a'\nbudget='0'\nobjective='bumps'",
                "line 4, character 11: found 'bumps', expected one of condition, users, backlog\n",
            ),
            (
                "[[scenario]]\nname='a'\nbudget='0'\nobjective=1",
                "found 1, expected one of condition, users, backlog",
            ),
            ("[[scenario]]\nname='a'\nbudget='0'\nobservations=3", "found 3, expected a text"),
            ("[[scenario]]\nname='a'\nbudgets=[true, -1, '2']", "found -1, expected an amount"),
        ];
        for (text, want) in cases {
            let told = refusal(text);
            assert!(told.contains(want), "{text:?}: {told}");
        }
    }

    #[test]
    fn a_missing_file_is_told_with_its_name() {
        let error = read(Path::new("no/such/scenarios.toml"), YEARS, RULE).unwrap_err();
        assert!(error.to_string().contains("no/such/scenarios.toml"));
        let kind = std::error::Error::source(&error).unwrap();
        assert!(kind.source().is_some_and(<dyn std::error::Error>::is::<io::Error>), "{kind}");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(
            text in "(?s).{0,80}|(\\[\\[scenario\\]\\]|name|budgets?|=|\"[0-9+é, (ans)]{0,9}\"|[0-9\\[\\],\n -]){0,30}"
        ) {
            let _ = parse(&text, YEARS, RULE);
        }
    }
}
