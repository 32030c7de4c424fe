//! Which sections were renewed, and how long ago: a table of identifiers and ages.
//!
//! ```csv
//! id,age_ans
//! D817-U-000200,1.5
//! ```
//!
//! `id` is that of `sections.csv`; `age_ans` the years from the renewal of the surface to the second
//! campaign. Commas, semicolons or tabs; other columns are left alone.

use crate::domain::SectionId;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Oldest renewal that is taken, years. Chosen: past the life of any surface.
const OLDEST: f64 = 60.0;

/// Why a table of renewals could not be used.
#[derive(Debug, thiserror::Error)]
#[error("could not use the renewals {}", path.display())]
pub struct RenewedError {
    path: PathBuf,
    #[source]
    kind: RenewedErrorKind,
}

impl RenewedError {
    /// What was wrong.
    #[must_use]
    pub const fn kind(&self) -> &RenewedErrorKind {
        &self.kind
    }
}

/// What was wrong with the table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenewedErrorKind {
    /// The file is missing or unreadable.
    #[error("the file could not be read")]
    Io(#[from] io::Error),
    /// A column is missing.
    #[error("found no column {missing} in {found}, expected id and age_ans")]
    #[expect(missing_docs, reason = "the message names every field")]
    MissingColumn { missing: &'static str, found: String },
    /// Every row that is wrong, with its line.
    #[error(transparent)]
    Rows(#[from] BadRows),
}

/// Rows that are wrong, in the order of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRows(pub Vec<String>);

impl std::error::Error for BadRows {}

impl fmt::Display for BadRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

/// Reads the age of each renewed surface at the second campaign, years.
///
/// # Errors
///
/// When the file cannot be read, lacks a column, or with every row that is wrong.
pub fn read(path: &Path) -> Result<BTreeMap<SectionId, f64>, RenewedError> {
    let refused = |kind| RenewedError { path: path.to_owned(), kind };
    let text = std::fs::read(path).map_err(|it| refused(it.into()))?;
    parse(&String::from_utf8_lossy(&text)).map_err(refused)
}

fn parse(text: &str) -> Result<BTreeMap<SectionId, f64>, RenewedErrorKind> {
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t'].into_iter().find(|it| header.as_bytes().contains(it));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let column = |name: &'static str| {
        let at = header
            .split(|it| [',', ';', '\t'].contains(&it))
            .position(|it| it.trim().trim_matches('"').eq_ignore_ascii_case(name));
        let found = if header.is_empty() { "an empty file" } else { header }.to_owned();
        at.ok_or(RenewedErrorKind::MissingColumn { missing: name, found })
    };
    let (id, age) = (column("id")?, column("age_ans")?);
    let mut ages = BTreeMap::new();
    let mut bad = Vec::new();
    for (row, record) in reader.records().enumerate() {
        // The header is line 1.
        let line = row + 2;
        let record = match record {
            Ok(record) => record,
            Err(why) => {
                bad.push(format!("row {line}: {why}"));
                continue;
            }
        };
        let [id, age] = [id, age].map(|it| record.get(it).unwrap_or_default());
        let years = age.replace(',', ".").parse().ok().filter(|it| (0.0..=OLDEST).contains(it));
        match years {
            _ if id.is_empty() => bad.push(format!(
                "row {line}, id: found nothing, expected a section as sections.csv names it"
            )),
            None => bad.push(format!(
                "row {line}, age_ans: found {age:?}, expected years from 0 to {OLDEST}"
            )),
            Some(years) => {
                if ages.insert(SectionId::from_text(id), years).is_some() {
                    bad.push(format!("row {line}, id: found {id:?} a second time, expected once"));
                }
            }
        }
    }
    if bad.is_empty() { Ok(ages) } else { Err(BadRows(bad).into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ages_are_read_whatever_the_separator() {
        for text in ["id,age_ans\na,1.5\nb,9", "\u{feff}nom;AGE_ANS;id\nx;1,5;a\ny;9;b\n"] {
            let ages = parse(text).unwrap();
            let read: Vec<_> = ages.iter().map(|(id, age)| (id.as_str(), *age)).collect();
            assert_eq!(read, [("a", 1.5), ("b", 9.0)]);
        }
        assert!(parse("id,age_ans").unwrap().is_empty());
    }

    #[test]
    fn every_bad_row_is_told() {
        let told = parse("id,age_ans\na,old\n,3\nb,2\nb,2\nc,-1").unwrap_err().to_string();
        assert_eq!(
            told,
            "row 2, age_ans: found \"old\", expected years from 0 to 60\n\
             row 3, id: found nothing, expected a section as sections.csv names it\n\
             row 5, id: found \"b\" a second time, expected once\n\
             row 6, age_ans: found \"-1\", expected years from 0 to 60"
        );
        let told = parse("section,age").unwrap_err().to_string();
        assert_eq!(told, "found no column id in section,age, expected id and age_ans");
        assert!(parse("").unwrap_err().to_string().contains("an empty file"));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "(?s).{0,60}|(id|age_ans|[,;\n0-9a\"]){0,30}") {
            let _ = parse(&text);
        }
    }
}
