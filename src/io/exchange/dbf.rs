//! The table of a Shapefile: dBASE III, words in UTF-8.
//!
//! # Source
//!
//! dBASE III Plus file format, as « dBASE .DBF File Structure » (dbase.com) gives it. Names have ten
//! characters, words 254 bytes
//! (longer ones are cut), numbers are text.

use crate::io::geopackage::{Holds, TableInfo, TableRow};
use crate::io::rows::Value;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Most characters of a name. Source: dBASE III.
const NAME: usize = 10;

/// Most bytes of words. Source: dBASE III.
const WORDS: usize = 254;

/// Width of a whole number, which GDAL then reads as 64 bits. Source: `DBFAddNativeFieldType`.
const WHOLE: u8 = 18;

/// Width and decimals of a number.
///
/// Chosen: degrees to a millimetre, instants to a microsecond, and euros of any department.
const REAL: (u8, u8) = (22, 8);

/// Day of last change: the epoch, since a clock would make two runs differ.
///
/// Chosen: as for the base.
const DAY: [u8; 3] = [70, 1, 1];

/// Names of at most ten characters, made unique by a number where two would be alike.
pub(super) fn short_names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    names
        .map(|name| {
            let plain: String = name
                .chars()
                .map(|it| if it.is_ascii_alphanumeric() { it } else { '_' })
                .take(NAME)
                .collect();
            let numbered = (1_u32..).map(|rank| {
                let suffix = format!("_{rank}");
                let kept = plain.len().min(NAME - suffix.len());
                format!("{}{suffix}", &plain[..kept])
            });
            let mut tried = std::iter::once(plain.clone()).chain(numbered);
            // Names differ for dBASE only if they do in capitals.
            tried.find(|it| taken.insert(it.to_uppercase())).expect("numbers never run out")
        })
        .collect()
}

/// A table while it is written.
pub(super) struct Table<W> {
    out: W,
    /// Width and, for numbers, decimals.
    columns: Vec<(u8, Option<u8>)>,
}

impl<W: Write> Table<W> {
    /// Starts a table. `widest` are the bytes of the longest words of each column.
    pub(super) fn new(
        mut out: W,
        table: &TableInfo,
        names: &[String],
        widest: &[usize],
    ) -> io::Result<Self> {
        let mut columns = vec![(WHOLE, Some(0))];
        columns.extend(table.fields.iter().zip(widest).map(|(field, widest)| match field.holds {
            Holds::Integer => (WHOLE, Some(0)),
            Holds::Real => (REAL.0, Some(REAL.1)),
            Holds::Text | Holds::Instant => {
                (u8::try_from((*widest).clamp(1, WORDS)).expect("at most 254"), None)
            }
        }));
        let too_many = |_| io::Error::other("found more than 4 billion rows, expected fewer");
        let n_rows = u32::try_from(table.n_rows).map_err(too_many)?;
        let header = 32 * (columns.len() + 1) + 1;
        let record = 1 + columns.iter().map(|it| usize::from(it.0)).sum::<usize>();
        let short = |it: usize| u16::try_from(it).map_err(io::Error::other);
        out.write_all(&[3])?;
        out.write_all(&DAY)?;
        out.write_all(&n_rows.to_le_bytes())?;
        out.write_all(&short(header)?.to_le_bytes())?;
        out.write_all(&short(record)?.to_le_bytes())?;
        out.write_all(&[0; 20])?;
        for (name, (width, decimals)) in names.iter().zip(&columns) {
            let mut described = [0; 32];
            described[..name.len()].copy_from_slice(name.as_bytes());
            described[11] = if decimals.is_some() { b'N' } else { b'C' };
            described[16] = *width;
            described[17] = decimals.unwrap_or(0);
            out.write_all(&described)?;
        }
        out.write_all(&[0x0d])?;
        Ok(Self { out, columns })
    }

    /// Adds a row.
    pub(super) fn put(&mut self, row: &TableRow) -> io::Result<()> {
        self.out.write_all(b" ")?;
        let fid = Value::Integer(row.fid);
        for ((width, decimals), value) in
            self.columns.iter().zip(std::iter::once(&fid).chain(&row.values))
        {
            let width = usize::from(*width);
            match value {
                // Spaces are what dBASE has for nothing.
                Value::Null => self.out.write_all(&vec![b' '; width])?,
                Value::Integer(number) => write!(self.out, "{number:>width$}")?,
                Value::Real(number) => {
                    self.out.write_all(real(*number, width, decimals.unwrap_or(0)).as_bytes())?;
                }
                Value::Text(text) => {
                    let kept = text.floor_char_boundary(width);
                    self.out.write_all(&text.as_bytes()[..kept])?;
                    self.out.write_all(&vec![b' '; width - kept])?;
                }
            }
        }
        Ok(())
    }

    /// Ends the table.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.write_all(&[0x1a])?;
        self.out.flush()
    }
}

/// A number in so many characters: fewer decimals, then an exponent, where it is too great.
fn real(number: f64, width: usize, decimals: u8) -> String {
    let shown = (0..=usize::from(decimals))
        .rev()
        .map(|decimals| format!("{number:.decimals$}"))
        .find(|it| it.len() <= width)
        .unwrap_or_else(|| format!("{number:.10e}"));
    format!("{shown:>width$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_plain_and_differ() {
        let names = ["fid", "part_ecartee", "part_ecart", "PART_ECART", "dégât", "note d’usage"];
        let want = ["fid", "part_ecart", "part_eca_1", "PART_ECA_2", "d_g_t", "note_d_usa"];
        assert_eq!(short_names(names.into_iter()), want);
        let many = short_names(std::iter::repeat_n("def_fissure_longue", 120));
        assert!(many.iter().all(|it| it.len() <= 10));
        assert_eq!(many.iter().collect::<BTreeSet<_>>().len(), 120);
    }

    #[test]
    fn numbers_fit() {
        let cases = [
            (1.5, "            1.50000000"),
            (-0.25, "           -0.25000000"),
            (1.0e15, "1000000000000000.00000"),
            (1.0e30, "      1.0000000000e30"),
        ];
        for (number, want) in cases {
            let got = real(number, 22, 8);
            assert_eq!((got.trim(), got.len()), (want.trim(), 22));
        }
    }
}
