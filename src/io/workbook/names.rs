//! Names that sheets may bear.

use std::collections::BTreeSet;

/// Most characters of a sheet's name. Source: Excel.
const LONGEST: usize = 31;

/// Characters that no sheet's name may hold. Source: Excel. The apostrophe is allowed but at the ends; it
/// is replaced everywhere, since formulas quote names with it.
const FORBIDDEN: [char; 8] = ['[', ']', ':', '*', '?', '/', '\\', '\''];

/// A valid name for each text, each its own; Excel takes names that differ by case alone for one.
pub(super) fn sheet_names<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    // Source: Excel keeps this one for itself.
    let mut taken = BTreeSet::from(["history".to_owned()]);
    let name = |wanted: &str| {
        let plain = valid(wanted);
        let numbered = |rank: usize| {
            let mark = if rank == 1 { String::new() } else { format!(" ({rank})") };
            let room = LONGEST - mark.chars().count();
            plain.chars().take(room).collect::<String>() + &mark
        };
        // Of one number more than there are names, one is free.
        let last = taken.len() + 1;
        let free = |it: &String| taken.insert(it.to_lowercase());
        (1..=last).map(numbered).find(free).unwrap_or_default()
    };
    wanted.into_iter().map(name).collect()
}

fn valid(text: &str) -> String {
    let allowed = |it: char| if FORBIDDEN.contains(&it) || it.is_control() { '-' } else { it };
    let text: String = text.trim().chars().map(allowed).collect();
    if text.is_empty() { "-".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_and_each_its_own() {
        let long = "budget de référence, dégressif de 15,5 à 7,5";
        let wanted = ["s01", "S01", "a/b:c", "", "History", long, long, "l'an 2030"];
        assert_eq!(
            sheet_names(wanted),
            [
                "s01",
                "S01 (2)",
                "a-b-c",
                "-",
                "History (2)",
                "budget de référence, dégressif ",
                "budget de référence, dégres (2)",
                "l-an 2030",
            ]
        );
    }
}
