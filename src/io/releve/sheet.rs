//! Writing a relevé, one row for each kind and severity of defect over each section.

use super::columns::{Columns, Field};
use crate::io::atomic::{WriteError, write_with};
use crate::io::exchange::Source;
use crate::io::rows::Value;
use std::io::{self, Write};
use std::path::Path;

/// Writes the relevé of a base, from its table `section_defects`.
///
/// # Errors
///
/// When the file cannot be written whole or the base cannot be read.
pub fn write(path: &Path, source: &Source<'_>, columns: &Columns) -> Result<(), WriteError> {
    let names: Vec<&str> = source.table.fields.iter().map(|it| it.name.as_str()).collect();
    write_with(path, |out| {
        let mut sheet = Sheet::new(out, columns, &names)?;
        source.each(|row| sheet.put(&row.values))?;
        sheet.finish()
    })
}

/// A relevé while it is written.
pub struct Sheet<'c, W: Write> {
    out: csv::Writer<W>,
    columns: &'c Columns,
    /// Which value of a row each column takes; nothing for constants, and for what a base has not.
    ranks: Vec<Option<usize>>,
}

impl<'c, W: Write> Sheet<'c, W> {
    /// Starts one whose rows have values of these names.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn new(mut out: W, columns: &'c Columns, names: &[&str]) -> io::Result<Self> {
        if columns.bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut out = csv::WriterBuilder::new()
            .delimiter(columns.separator)
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        out.write_record(columns.each.iter().map(|it| &it.0))?;
        let rank = |field: &Field| match field {
            Field::Held(held, _) => names.iter().position(|it| it == held),
            Field::Constant(_) => None,
        };
        let ranks = columns.each.iter().map(|it| rank(&it.1)).collect();
        Ok(Self { out, columns, ranks })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn put(&mut self, values: &[Value]) -> io::Result<()> {
        for ((_, field), rank) in self.columns.each.iter().zip(&self.ranks) {
            let text = match (field, rank.and_then(|it| values.get(it))) {
                (Field::Constant(words), _) => words.clone(),
                (Field::Held(..), None | Some(Value::Null)) => String::new(),
                (Field::Held(held, _), Some(Value::Text(it))) => {
                    self.columns.theirs(held, it).to_owned()
                }
                (Field::Held(..), Some(Value::Integer(it))) => it.to_string(),
                (Field::Held(_, decimals), Some(Value::Real(it))) => {
                    let plain = match decimals {
                        Some(decimals) => format!("{it:.decimals$}"),
                        None => it.to_string(),
                    };
                    plain.replace('.', self.columns.decimal.encode_utf8(&mut [0; 4]))
                }
            };
            self.out.write_field(text)?;
        }
        Ok(self.out.write_record(None::<&[u8]>)?)
    }

    /// Ends it.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}
