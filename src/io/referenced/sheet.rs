//! Writing a table again with new references: every other cell as it was, some columns more.

use super::columns::{Part, sheet_name};
use super::table::{Row, Table};
use crate::domain::{Carriageway, Change, Direction, Metres, PrAbscisse, RoadId};
use crate::io::releve::Field;
use crate::io::wording::{self, Language};
use std::io::{self, Write};

/// The reference that a row has now.
#[derive(Clone, Debug, PartialEq)]
pub struct NewReference {
    /// Which road.
    pub road: RoadId,
    /// Which carriageway.
    pub carriageway: Carriageway,
    /// Which way traffic goes there, when it is said.
    pub direction: Option<Direction>,
    /// PR and abscisse of start and end; nothing on a road without PR.
    pub by_pr: Option<(PrAbscisse, PrAbscisse)>,
    /// Cumul of start and end.
    pub by_cumul: (Metres, Metres),
    /// What became of the reference.
    pub change: Change,
    /// Farthest that the two lines are apart.
    pub distance: Metres,
    /// Share of the old stretch that this row has, 0 to 1.
    pub share: f64,
}

/// A table while it is written again.
pub struct Rewritten<'t, W: Write> {
    out: csv::Writer<W>,
    table: &'t Table,
    language: Language,
    /// Columns of the reference that the table lacks.
    added: Vec<Part>,
}

impl<'t, W: Write> Rewritten<'t, W> {
    /// Starts one, with the separator, line ends and mark of the table.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn new(mut out: W, table: &'t Table, language: Language) -> io::Result<Self> {
        if table.bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let end = if table.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut out = csv::WriterBuilder::new()
            .delimiter(table.delimiter)
            .terminator(end)
            .flexible(true)
            .from_writer(out);
        let lacks = |it: &Part| table.places.of(*it).is_none();
        let added: Vec<Part> = [Part::Side, Part::Direction].into_iter().filter(lacks).collect();
        let mut header = table.header.clone();
        let more = added.iter().map(|it| sheet_name(*it));
        for name in more.chain(wording::converted_columns(language)) {
            let taken = |it: &str| header.iter().any(|has| has.eq_ignore_ascii_case(it));
            let numbered = (2..).map(|rank| format!("{name}_{rank}"));
            let free = std::iter::once(name.to_owned()).chain(numbered).find(|it| !taken(it));
            header.extend(free);
        }
        out.write_record(&header)?;
        Ok(Self { out, table, language, added })
    }

    /// Adds a row with its new reference. One that reads the same keeps its cells.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn put(&mut self, row: &Row, old: &str, new: &NewReference) -> io::Result<()> {
        let table = self.table;
        let mut cells = row.cells.clone();
        // A row may be shorter than the header; cells past it would be taken for those added.
        if cells.len() < table.header.len() {
            cells.resize(table.header.len(), String::new());
        }
        let surplus = cells.split_off(table.header.len());
        let letter = new.carriageway.letter();
        let sign = new.direction.map_or("", Direction::sign);
        if new.change != Change::Same {
            self.replace(&mut cells, new);
        }
        for part in &self.added {
            let lettered = lettered(table, &row.cells);
            cells.push(match part {
                Part::Side => letter.to_owned(),
                _ if lettered => String::new(),
                _ => sign.to_owned(),
            });
        }
        let point = |it: f64, decimals: usize| {
            let text = format!("{it:.decimals$}");
            if self.commas() { text.replace('.', ",") } else { text }
        };
        cells.extend([
            old.to_owned(),
            point(new.distance.get(), 2),
            point(new.share, 4),
            wording::change(new.change, self.language).to_owned(),
        ]);
        cells.extend(surplus);
        Ok(self.out.write_record(&cells)?)
    }

    /// Ends it.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn commas(&self) -> bool {
        let table = self.table;
        table.columns.as_ref().map_or(table.delimiter != b',', |it| it.decimal == ',')
    }

    fn replace(&self, cells: &mut [String], new: &NewReference) {
        let table = self.table;
        let theirs = |held: &str, ours: &str| {
            table.columns.as_ref().map_or(ours, |it| it.theirs(held, ours)).to_owned()
        };
        let lettered = lettered(table, cells);
        let has = |cells: &[String], part| table.cell(cells, part).is_some();
        // By PR, by cumul, or both, as the row was; by cumul alone where the new road has no PR.
        let (by_pr, by_cumul) = (has(cells, Part::StartPr), has(cells, Part::StartCumul));
        let (pr_ends, cumul_ends) = (has(cells, Part::EndPr), has(cells, Part::EndCumul));
        let cumul_instead = new.by_pr.is_none() && !by_cumul;
        let combined =
            |cells: &[String], part| table.cell(cells, part).is_some_and(|it| it.contains('+'));
        let pr = |it: Option<PrAbscisse>, combined: bool| match it {
            None => String::new(),
            Some(it) if combined => format!("{}+{}", it.pr, short(it.abscisse, 3)),
            Some(it) => it.pr.to_string(),
        };
        let letter = theirs("cote", new.carriageway.letter());
        let sign = new.direction.map_or(String::new(), |it| theirs("sens", it.sign()));
        let mut set = |part: Part, text: String| {
            if let Some(rank) = table.places.of(part) {
                cells[rank] = text;
            }
        };
        set(Part::Route, new.road.to_string());
        set(Part::Side, letter.clone());
        set(Part::Direction, if lettered { letter } else { sign });
        let (start, end) = new.by_pr.unzip();
        for (pr_part, abscisse_part, at, there) in [
            (Part::StartPr, Part::StartAbscisse, start, by_pr),
            (Part::EndPr, Part::EndAbscisse, end, pr_ends),
        ] {
            let Some(rank) = table.places.of(pr_part).filter(|_| there) else { continue };
            let one_cell = combined(cells, pr_part) || table.places.of(abscisse_part).is_none();
            cells[rank] = pr(at, one_cell);
            if let Some(rank) = table.places.of(abscisse_part) {
                let text =
                    at.filter(|_| !one_cell).map(|it| self.metres(it.abscisse, abscisse_part));
                cells[rank] = text.unwrap_or_default();
            }
        }
        for (part, at, there) in [
            (Part::StartCumul, new.by_cumul.0, by_cumul || cumul_instead),
            (Part::EndCumul, new.by_cumul.1, cumul_ends || cumul_instead && pr_ends),
        ] {
            if let Some(rank) = table.places.of(part).filter(|_| there) {
                cells[rank] = self.metres(at, part);
            }
        }
    }

    /// Metres as the customer's file rounds them, else to the millimetre without noughts at the end.
    fn metres(&self, metres: Metres, part: Part) -> String {
        let rounded = self.table.columns.as_ref().and_then(|columns| {
            columns.each.iter().find_map(|(_, field)| match field {
                Field::Held(held, Some(decimals)) if *held == sheet_name(part) => Some(*decimals),
                _ => None,
            })
        });
        let text = match rounded {
            Some(decimals) => format!("{:.decimals$}", metres.get()),
            None => short(metres, 3),
        };
        if self.commas() { text.replace('.', ",") } else { text }
    }
}

/// Whether the letter of the carriageway stands in the column of the direction.
fn lettered(table: &Table, cells: &[String]) -> bool {
    table.places.of(Part::Side).is_none()
        && table
            .cell(cells, Part::Direction)
            .is_some_and(|it| !matches!(it, "+" | "-" | "\u{2212}"))
}

/// Metres without noughts at the end.
fn short(metres: Metres, decimals: usize) -> String {
    let text = format!("{:.decimals$}", metres.get());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> NewReference {
        let at = |text: &str| text.parse::<PrAbscisse>().unwrap();
        NewReference {
            road: RoadId::new("D907B").unwrap(),
            carriageway: Carriageway::Right,
            direction: None,
            by_pr: Some((at("3+120.5"), at("4+80"))),
            by_cumul: (Metres::of(3120.5), Metres::of(4080.0)),
            change: Change::Renamed,
            distance: Metres::of(0.254),
            share: 1.0,
        }
    }

    fn rewritten(text: &str, new: &NewReference) -> String {
        let table = Table::parse(text, None).unwrap();
        let mut bytes = Vec::new();
        let mut out = Rewritten::new(&mut bytes, &table, Language::English).unwrap();
        for row in &table.rows {
            out.put(row, "D907 U 1+0", new).unwrap();
        }
        out.finish().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn only_the_reference_changes() {
        let text =
            "\u{feff}an;route;cote;sens;prd;pad;prf;paf;note\r\n007;D907;U;;1;0;1;900;\"a;b\"\r\n";
        assert_eq!(
            rewritten(text, &new()),
            "\u{feff}an;route;cote;sens;prd;pad;prf;paf;note;old_reference;distance_m;share;verdict\r\n\
             007;D907B;D;;3;120,5;4;80;\"a;b\";D907 U 1+0;0,25;1,0000;renamed\r\n"
        );
        let same = NewReference { change: Change::Same, ..new() };
        assert!(rewritten(text, &same).contains("007;D907;U;;1;0;1;900;"));
    }

    #[test]
    fn places_and_missing_columns_are_written() {
        assert_eq!(
            rewritten("road,pr\nD907,1+0.0\n", &new()),
            "road,pr,cote,sens,old_reference,distance_m,share,verdict\n\
             D907B,3+120.5,D,,D907 U 1+0,0.25,1.0000,renamed\n"
        );
        let lettered = rewritten("road,sens,pr,abs,cumul\nD907,U,1,0,0\n", &new());
        assert!(lettered.ends_with("D907B,D,3,120.5,3120.5,D,D907 U 1+0,0.25,1.0000,renamed\n"));
    }

    #[test]
    fn where_the_new_road_has_no_pr_the_cumul_stands_alone() {
        let bare = NewReference { by_pr: None, ..new() };
        let text = "route;cote;sens;pr;abs;cumul_d;cumul_f\nD907;U;;1;0;;\nD907;U;;;;4;9\n";
        let got = rewritten(text, &bare);
        let rows: Vec<&str> = got.lines().skip(1).collect();
        assert!(rows[0].starts_with("D907B;D;;;;3120,5;;"), "{got}");
        assert!(rows[1].starts_with("D907B;D;;;;3120,5;4080;"), "{got}");
    }
}
