//! What a scenario is to hold, by the least budget.

use super::excerpt::Fault;
use super::table::{Place, PlacedTable};
use crate::domain::{Ratio, Score, Target};
use toml::de::DeValue;

const NOTE: &str = "a note from 0 to 20";
const PERCENT: &str = "a number from 0 to 100";

/// The target of a scenario, if it has one.
pub(super) fn target(table: &PlacedTable<'_, '_>, faults: &mut Vec<Fault>) -> Option<Target> {
    let (note, share) = (table.get("hold_note"), table.get("hold_worst_class_percent"));
    match (note, share) {
        (None, None) => None,
        (Some(_), Some(both)) => {
            let what = "either hold_note or hold_worst_class_percent, not both";
            faults.push(table.wrong(both, what));
            None
        }
        (Some(place), None) => {
            let note = number(table, place, 20.0, NOTE, faults)?;
            Some(Target::Note(Score::clamped(note)))
        }
        (None, Some(place)) => {
            let percent = number(table, place, 100.0, PERCENT, faults)?;
            Some(Target::WorstClass(Ratio::clamped(percent / 100.0)))
        }
    }
}

/// A number from nothing to `most`, as a number or in words with a comma.
pub(super) fn number(
    table: &PlacedTable<'_, '_>,
    place: Place<'_, '_>,
    most: f64,
    expected: &str,
    faults: &mut Vec<Fault>,
) -> Option<f64> {
    let written = match place.get_ref() {
        DeValue::Integer(_) | DeValue::Float(_) => table.source.get(place.span()),
        DeValue::String(text) => Some(text.as_ref()),
        _ => None,
    };
    let number = written
        .and_then(|it| it.trim().replace(',', ".").parse::<f64>().ok())
        .filter(|it| (0.0..=most).contains(it));
    if number.is_none() {
        faults.push(table.wrong(place, expected));
    }
    number
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::domain::{PlanYears, Ratio, Score, SelectionRule, Target};

    fn read(text: &str) -> Result<Option<Target>, String> {
        let years = PlanYears { first_year: 2026, horizon: 3 };
        let whole = format!("[[scenario]]\nname = \"a\"\nbudget = \"1\"\n{text}\n");
        parse(&whole, years, SelectionRule::WorstFirst)
            .map(|it| it.scenarios[0].target)
            .map_err(|it| it.to_string())
    }

    #[test]
    fn a_note_or_a_share_is_held() {
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("hold_note = 15"), Ok(Some(Target::Note(Score::clamped(15.0)))));
        assert_eq!(read("hold_note = \"15,5\""), Ok(Some(Target::Note(Score::clamped(15.5)))));
        let share = Target::WorstClass(Ratio::clamped(0.05));
        assert_eq!(read("hold_worst_class_percent = 5"), Ok(Some(share)));
    }

    #[test]
    fn anything_else_is_told() {
        for (text, want) in [
            ("hold_note = 21", "line 4, character 13: found 21, expected a note from 0 to 20"),
            ("hold_note = \"good\"", "found \"good\", expected a note from 0 to 20"),
            ("hold_note = true", "found true, expected a note from 0 to 20"),
            ("hold_worst_class_percent = -1", "found -1, expected a number from 0 to 100"),
            ("hold_note = 3\nhold_worst_class_percent = 1", "not both"),
        ] {
            let told = read(text).unwrap_err();
            assert!(told.contains(want), "{text}: {told}");
        }
    }
}
