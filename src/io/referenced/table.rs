//! Reading a table row by row, with the reference that each bears.

use super::columns::{Part, Places};
use crate::domain::{Carriageway, Direction, Lost, Metres, PrAbscisse, RoadId, WrittenReference};
use crate::io::releve::Columns;
use std::path::{Path, PathBuf};

/// Why a table cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[error("{path:?}: {kind}")]
pub struct ReferencedError {
    path: PathBuf,
    kind: ReferencedErrorKind,
}

/// What was wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReferencedErrorKind {
    /// It cannot be opened.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// It is no table, or bears no reference.
    #[error("found columns {found}; expected also {missing}")]
    #[expect(missing_docs, reason = "the message names every field")]
    Header { found: String, missing: &'static str },
    /// Written by a program that knows no UTF-8.
    #[error(
        "line {line} is not UTF-8; expected a table saved as CSV UTF-8, so that every accent stays"
    )]
    #[expect(missing_docs, reason = "the message names every field")]
    NotUtf8 { line: usize },
    /// The header cannot be read.
    #[error("its header cannot be read: {0}")]
    Csv(String),
}

impl ReferencedError {
    /// What was wrong.
    #[must_use]
    pub const fn kind(&self) -> &ReferencedErrorKind {
        &self.kind
    }
}

/// One row, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its line in the file.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// The reference that it bears, or why none can be read.
    pub reference: Result<WrittenReference, Lost>,
}

/// A whole table.
#[derive(Debug)]
pub struct Table {
    pub(super) header: Vec<String>,
    pub(super) places: Places,
    pub(super) columns: Option<Columns>,
    pub(super) delimiter: u8,
    pub(super) bom: bool,
    pub(super) crlf: bool,
    /// Its rows, in order.
    pub rows: Vec<Row>,
}

impl Table {
    /// Reads a table. `columns` is the customer's own file, where the table does not bear the usual names.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, or its header has no road or no place.
    pub fn read(path: &Path, columns: Option<Columns>) -> Result<Self, ReferencedError> {
        let refused = |kind| ReferencedError { path: path.to_owned(), kind };
        let bytes = std::fs::read(path).map_err(|why| refused(why.into()))?;
        let text = std::str::from_utf8(&bytes).map_err(|why| {
            let line = bytes[..why.valid_up_to()].split(|it| *it == b'\n').count();
            refused(ReferencedErrorKind::NotUtf8 { line })
        })?;
        Self::parse(text, columns).map_err(refused)
    }

    /// As [`Table::read`], from text.
    ///
    /// # Errors
    ///
    /// When its header has no road or no place.
    pub fn parse(text: &str, columns: Option<Columns>) -> Result<Self, ReferencedErrorKind> {
        let bom = text.starts_with('\u{feff}');
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        let guessed = [b';', b'\t'].into_iter().find(|it| first.as_bytes().contains(it));
        let delimiter = columns.as_ref().map_or(guessed.unwrap_or(b','), |it| it.separator);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text.as_bytes());
        let header = reader.headers().map_err(|it| ReferencedErrorKind::Csv(it.to_string()))?;
        let header: Vec<String> = header.iter().map(str::to_owned).collect();
        let places = Places::find(header.iter().map(String::as_str), columns.as_ref());
        if let Some(missing) = places.missing() {
            let found = header.iter().take(20).cloned().collect::<Vec<_>>().join(", ");
            return Err(ReferencedErrorKind::Header { found: format!("{found:?}"), missing });
        }
        let crlf = text.contains("\r\n");
        let mut table = Self { header, places, columns, delimiter, bom, crlf, rows: Vec::new() };
        let mut line = 1;
        for record in reader.records() {
            // Where lines have two ends, the reader counts each at the second, in the record that follows.
            let row = match record {
                Ok(record) => {
                    line = record.position().map_or(line + 1, |it| it.line() + u64::from(crlf));
                    let cells: Vec<String> = record.iter().map(str::to_owned).collect();
                    let reference = table.reference(&cells);
                    let reference = reference.map_err(|why| Lost::Unreadable { why });
                    Row { line, cells, reference }
                }
                Err(why) => {
                    line += 1;
                    let reference = Err(Lost::Unreadable { why: why.to_string() });
                    Row { line, cells: Vec::new(), reference }
                }
            };
            table.rows.push(row);
        }
        Ok(table)
    }

    /// Whether a place without PR can be written in its rows.
    #[must_use]
    pub fn has_cumul(&self) -> bool {
        self.places.of(Part::StartCumul).is_some()
    }

    /// A cell, unless it is blank.
    pub(super) fn cell<'a>(&self, cells: &'a [String], part: Part) -> Option<&'a str> {
        let cell = cells.get(self.places.of(part)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// The word of the survey sheet for the customer's.
    fn word<'a>(
        &'a self,
        cells: &'a [String],
        part: Part,
        held: &str,
    ) -> Result<Option<&'a str>, String> {
        let Some(found) = self.cell(cells, part) else { return Ok(None) };
        let ours = self.columns.as_ref().map_or(Ok(found), |it| it.ours(held, found));
        ours.map(Some).map_err(|words| format!("{held}: found {found:?}, expected one of {words}"))
    }

    fn reference(&self, cells: &[String]) -> Result<WrittenReference, String> {
        let name = self.cell(cells, Part::Route).unwrap_or_default();
        let road = RoadId::new(name)
            .ok()
            .ok_or_else(|| "route: found nothing, expected the name of a road".to_owned())?;
        let side = self.word(cells, Part::Side, "cote")?;
        let sense = self.word(cells, Part::Direction, "sens")?;
        let (direction, lettered) = match sense {
            Some("+") => (Some(Direction::Increasing), None),
            Some("-" | "\u{2212}") => (Some(Direction::Decreasing), None),
            other => (None, other),
        };
        if let (Some(_), Some(found)) = (side, lettered) {
            return Err(format!("sens: found {found:?}, expected + or -, or nothing"));
        }
        // Without a column for it, the letter of the carriageway may stand in that of the direction.
        let carriageway = match side.or(lettered) {
            Some(letter) => Some(letter.parse::<Carriageway>().map_err(|it| it.to_string())?),
            None => None,
        };
        let start = self.pr(cells, Part::StartPr, Part::StartAbscisse)?;
        let end = self.pr(cells, Part::EndPr, Part::EndAbscisse)?;
        let cumuls = (self.metres(cells, Part::StartCumul)?, self.metres(cells, Part::EndCumul)?);
        for (of_end, of_other, name, other) in [
            (Part::EndAbscisse, end.is_some(), "paf", "prf"),
            (Part::EndPr, start.is_some(), "prf", "prd"),
            (Part::EndCumul, cumuls.0.is_some(), "cumul_f", "cumul_d"),
        ] {
            if let (Some(found), false) = (self.cell(cells, of_end), of_other) {
                return Err(format!(
                    "{other}: found nothing, expected a value as {name} has {found:?}"
                ));
            }
        }
        let by_pr = start.map(|it| (it, end));
        let by_cumul = cumuls.0.map(|it| (it, cumuls.1));
        if by_pr.is_none() && by_cumul.is_none() {
            return Err("prd: found nothing, expected a PR, or a place in cumul_d".to_owned());
        }
        Ok(WrittenReference { road, carriageway, direction, by_pr, by_cumul })
    }

    fn pr(&self, cells: &[String], pr: Part, abscisse: Part) -> Result<Option<PrAbscisse>, String> {
        let Some(found) = self.cell(cells, pr) else { return Ok(None) };
        let wrong =
            || format!("PR: found {found:?}, expected a whole number from 0 to 65535, or 12+350");
        let digits = found.trim_start_matches(['P', 'p', 'R', 'r', ' ']);
        if digits.contains('+') {
            return digits.replace(',', ".").parse().ok().map(Some).ok_or_else(wrong);
        }
        let pr = digits.parse().ok().ok_or_else(wrong)?;
        let abscisse = self.metres(cells, abscisse)?.unwrap_or(Metres::ZERO);
        Ok(Some(PrAbscisse { pr, abscisse }))
    }

    fn metres(&self, cells: &[String], part: Part) -> Result<Option<Metres>, String> {
        let Some(found) = self.cell(cells, part) else { return Ok(None) };
        let digits: String = found.chars().filter(|it| !it.is_whitespace()).collect();
        let number = digits.replace(',', ".").parse().ok().and_then(|it| Metres::new(it).ok());
        let number = number.filter(|it| *it >= Metres::ZERO);
        let name = super::columns::sheet_name(part);
        let wrong = || format!("{name}: found {found:?}, expected metres, nought or more");
        number.map(Some).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Row> {
        Table::parse(text, None).unwrap().rows
    }

    #[test]
    fn references_by_pr_and_by_cumul_are_read() {
        let rows = read(
            "an;route;cote;sens;prd;pad;prf;paf\n\
             2021;D907;;-;12;350,5;13;0\n\
             2021;D907;D;;PR 4;;;\n",
        );
        let first = rows[0].reference.clone().unwrap();
        assert_eq!((first.carriageway, first.direction), (None, Some(Direction::Decreasing)));
        let (start, end) = first.by_pr.unwrap();
        assert_eq!((start.pr, start.abscisse, end.unwrap().pr), (12, Metres::of(350.5), 13));
        let second = rows[1].reference.clone().unwrap();
        assert_eq!(second.carriageway, Some(Carriageway::Right));
        assert_eq!(second.by_pr.unwrap().1, None);
        let rows = read("road,direction,pr,cumul\nD1,G,12+350.25,\nD1,U,,40\n");
        let first = rows[0].reference.clone().unwrap();
        assert_eq!(first.by_pr.unwrap().0.abscisse, Metres::of(350.25));
        assert_eq!(first.carriageway, Some(Carriageway::Left));
        let second = rows[1].reference.clone().unwrap();
        assert_eq!(second.by_cumul, Some((Metres::of(40.0), None)));
    }

    #[test]
    fn each_bad_cell_is_told() {
        let rows = read(
            "route;cote;sens;prd;pad\n;U;;1;0\nD1;X;;1;0\nD1;U;?;1;0\nD1;U;;x;0\nD1;U;;1;-4\nD1;U;;;\n",
        );
        let expected = [
            "route: found nothing",
            "\"X\" is not a carriageway",
            "sens: found \"?\", expected + or -",
            "PR: found \"x\"",
            "pad: found \"-4\"",
            "prd: found nothing",
        ];
        assert_eq!(rows.len(), expected.len());
        for (row, expected) in rows.iter().zip(expected) {
            let told = format!("{:?}", row.reference.clone().unwrap_err()).replace("\\\"", "\"");
            assert!(told.contains(expected), "{expected} is not in {told}");
        }
        assert_eq!(rows[5].line, 7);
        assert_eq!(read("route;prd\r\nD1;1\r\nD1;2\r\n")[1].line, 3);
        let refused = Table::parse("a;b\n1;2\n", None).unwrap_err().to_string();
        assert_eq!(refused, "found columns \"a, b\"; expected also route");
    }
}
