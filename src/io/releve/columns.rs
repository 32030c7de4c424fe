//! The file that says which columns a relevé has, and how it writes numbers and codes.

use crate::domain::{Carriageway, DefectKind, Severity};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a column of a relevé can hold, by the names of the table `section_defects`.
pub const HELD: [&str; 19] = [
    "section",
    "route",
    "cote",
    "sens",
    "prd",
    "pad",
    "prf",
    "paf",
    "cumul_d",
    "cumul_f",
    "code",
    "degradation",
    "gravite",
    "longueur_m",
    "surface_m2",
    "nb",
    "pct_long",
    "pct_surf",
    "valid_pct",
];

/// A file of columns that cannot be used: every problem, one a line.
#[derive(Debug, thiserror::Error)]
#[error("{path:?}: {what}")]
pub struct ColumnsError {
    path: PathBuf,
    what: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumns {
    separator: Option<String>,
    decimal: Option<String>,
    #[serde(default)]
    bom: bool,
    #[serde(default)]
    column: Vec<RawColumn>,
    #[serde(default)]
    codes: BTreeMap<String, String>,
    #[serde(default)]
    severities: BTreeMap<String, String>,
    #[serde(default)]
    sides: BTreeMap<String, String>,
    #[serde(default)]
    directions: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    name: String,
    holds: Option<String>,
    value: Option<String>,
    decimals: Option<u8>,
}

/// What one column has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A value of the table `section_defects`, by its name there, with so many decimals.
    Held(&'static str, Option<usize>),
    /// The same words in each row.
    Constant(String),
}

/// Columns in order, and how values are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Between two values; ASCII.
    pub separator: u8,
    /// Between units and tenths.
    pub decimal: char,
    /// Whether the file starts with the mark by which spreadsheets know UTF-8.
    pub bom: bool,
    /// Name and content of each column.
    pub each: Vec<(String, Field)>,
    /// By the name of what a column holds: our word, then the customer's.
    words: BTreeMap<&'static str, Vec<(String, String)>>,
}

impl Columns {
    /// Reads a file of columns.
    ///
    /// # Errors
    ///
    /// When it cannot be read or means nothing; the message tells every problem.
    pub fn read(path: &Path) -> Result<Self, ColumnsError> {
        let refused = |what: String| ColumnsError { path: path.to_owned(), what };
        let text = std::fs::read_to_string(path).map_err(|it| refused(it.to_string()))?;
        Self::parse(&text).map_err(refused)
    }

    /// Reads the text of such a file.
    ///
    /// # Errors
    ///
    /// Every problem, one a line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let raw: RawColumns = toml::from_str(text).map_err(|it| it.to_string())?;
        let mut problems = Vec::new();
        let separator = one(raw.separator.as_deref().unwrap_or(";"), "separator", &mut problems);
        let decimal = one(raw.decimal.as_deref().unwrap_or(","), "decimal", &mut problems);
        if separator == decimal {
            problems.push(format!("separator and decimal: found {decimal:?} for both"));
        }
        if !matches!(decimal, ',' | '.') {
            problems.push(format!("decimal: found {decimal:?}, expected a comma or a point"));
        }
        if raw.column.is_empty() {
            problems.push("column: found none, expected at least one [[column]]".to_owned());
        }
        let (mut names, mut held) = (BTreeSet::new(), BTreeSet::new());
        let mut each = Vec::new();
        for (rank, column) in (1..).zip(raw.column) {
            if column.name.is_empty() || !names.insert(column.name.to_lowercase()) {
                problems.push(format!(
                    "column {rank}, name: found {:?}, expected a name that no other column has",
                    column.name
                ));
            }
            match content(&column) {
                Ok(Field::Held(name, _)) if !held.insert(name) => {
                    problems.push(format!("column {rank}, holds: found {name} a second time"));
                }
                Ok(field) => each.push((column.name, field)),
                Err(why) => problems.push(format!("column {rank}, {why}")),
            }
        }
        let codes = |all: &[DefectKind]| all.iter().map(|it| it.code()).collect::<Vec<_>>();
        let severities: Vec<_> = Severity::ALL.iter().map(|it| it.code()).collect();
        let sides = [Carriageway::Single, Carriageway::Right, Carriageway::Left];
        let words = [
            ("code", "codes", raw.codes, codes(DefectKind::ALL)),
            ("gravite", "severities", raw.severities, severities),
            ("cote", "sides", raw.sides, sides.map(Carriageway::letter).to_vec()),
            ("sens", "directions", raw.directions, vec!["+", "-"]),
        ];
        let words = words
            .into_iter()
            .map(|(of, key, given, ours)| (of, dictionary(key, &given, &ours, &mut problems)));
        let words = words.collect();
        if problems.is_empty() {
            let separator = u8::try_from(separator).unwrap_or(b';');
            Ok(Self { separator, decimal, bom: raw.bom, each, words })
        } else {
            Err(problems.join("\n"))
        }
    }

    /// What a column of this name has, capitals or not.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Field> {
        let name = name.to_lowercase();
        self.each.iter().find(|it| it.0.to_lowercase() == name).map(|it| &it.1)
    }

    /// The customer's name of what a column holds.
    #[must_use]
    pub fn name_of(&self, holds: &str) -> Option<&str> {
        let has = |it: &&(String, Field)| matches!(&it.1, Field::Held(held, _) if *held == holds);
        self.each.iter().find(has).map(|it| it.0.as_str())
    }

    /// The customer's word for ours.
    #[must_use]
    pub fn theirs<'a>(&'a self, holds: &str, ours: &'a str) -> &'a str {
        let words = self.words.get(holds).into_iter().flatten();
        words.into_iter().find(|it| it.0 == ours).map_or(ours, |it| &it.1)
    }

    /// Our word for the customer's.
    ///
    /// # Errors
    ///
    /// The customer's words, when this is none of them.
    pub fn ours<'a>(&'a self, holds: &str, theirs: &'a str) -> Result<&'a str, String> {
        let Some(words) = self.words.get(holds) else { return Ok(theirs) };
        let ours = words.iter().find(|it| it.1 == theirs).map(|it| it.0.as_str());
        ours.ok_or_else(|| words.iter().map(|it| it.1.as_str()).collect::<Vec<_>>().join(", "))
    }
}

/// One ASCII character.
fn one(text: &str, key: &str, problems: &mut Vec<String>) -> char {
    let mut all = text.chars();
    match (all.next(), all.next()) {
        (Some(it), None) if it.is_ascii() && it != '"' => it,
        _ => {
            problems.push(format!("{key}: found {text:?}, expected one character"));
            // No character of a file: the other checks have nothing to say of it.
            if key == "decimal" { ',' } else { ';' }
        }
    }
}

fn content(column: &RawColumn) -> Result<Field, String> {
    match (&column.holds, &column.value) {
        (Some(holds), None) => {
            let known = HELD.into_iter().find(|it| it == holds);
            let known = known.ok_or_else(|| {
                format!("holds: found {holds:?}, expected one of {}", HELD.join(", "))
            })?;
            Ok(Field::Held(known, column.decimals.map(usize::from)))
        }
        (None, Some(value)) => Ok(Field::Constant(value.clone())),
        (Some(_), Some(_)) => Err("holds and value: found both, expected one of them".to_owned()),
        (None, None) => Err("holds, value: found neither, expected one of them".to_owned()),
    }
}

/// Our words with the customer's; a word that the file does not give is the same for both.
fn dictionary(
    key: &str,
    given: &BTreeMap<String, String>,
    ours: &[&str],
    problems: &mut Vec<String>,
) -> Vec<(String, String)> {
    for word in given.keys().filter(|it| !ours.contains(&it.as_str())) {
        problems.push(format!("{key}: found {word:?}, expected some of {}", ours.join(", ")));
    }
    let theirs = |it: &&str| given.get(*it).map_or(*it, String::as_str).to_owned();
    let words: Vec<_> = ours.iter().map(|it| ((*it).to_owned(), theirs(it))).collect();
    let mut taken = BTreeSet::new();
    for (word, theirs) in &words {
        if !taken.insert(theirs) {
            problems.push(format!("{key}: found {theirs:?} for {word} and for another"));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_told() {
        let told = Columns::parse(
            "separator = \",\"\ndecimal = \",\"\n\
             [[column]]\nname = \"Route\"\nholds = \"road\"\n\
             [[column]]\nname = \"route\"\nholds = \"route\"\n\
             [[column]]\nname = \"Autre\"\n\
             [codes]\nXX = \"1\"\nFA = \"FL\"\n",
        )
        .unwrap_err();
        for expected in [
            "separator and decimal: found ','",
            "column 1, holds: found \"road\", expected one of section, route",
            "column 2, name: found \"route\"",
            "column 3, holds, value: found neither",
            "codes: found \"XX\", expected some of FL, FLJ",
            "codes: found \"FL\" for FA and for another",
        ] {
            assert!(told.contains(expected), "{expected} is not in:\n{told}");
        }
        assert!(Columns::parse("columns = 3").unwrap_err().contains("columns"));
    }

    #[test]
    fn words_go_both_ways() {
        let columns = Columns::parse(
            "[[column]]\nname = \"Type\"\nholds = \"code\"\n[codes]\nFA = \"FAI\"\n",
        )
        .unwrap();
        assert_eq!(columns.theirs("code", "FA"), "FAI");
        assert_eq!(columns.theirs("code", "OR"), "OR");
        assert_eq!(columns.ours("code", "FAI"), Ok("FA"));
        assert!(columns.ours("code", "FA").unwrap_err().contains("FAI"));
        assert_eq!(columns.name_of("code"), Some("Type"));
        assert_eq!(columns.of("TYPE"), Some(&Field::Held("code", None)));
    }
}
