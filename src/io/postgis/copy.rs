//! Rows in the text form of COPY.
//!
//! # Source
//!
//! PostgreSQL 15 manual, COPY, « Text Format »: tabs, `\N` for nothing, backslashes before what
//! would end a field or a row.

use crate::io::geopackage::TableRow;
use crate::io::rows::Value;
use std::fmt::Write;

/// One row: campaign, `fid`, the geometry where the table draws, then the values.
pub(super) fn line(campaign: &str, row: &TableRow, plane: Option<u16>) -> String {
    let mut line = String::with_capacity(256);
    escaped(&mut line, campaign);
    write!(line, "\t{}", row.fid).expect("a string takes anything");
    if let Some(plane) = plane {
        line.push('\t');
        match &row.geometry {
            None => line.push_str("\\N"),
            Some(it) => {
                for byte in it.to_extended(plane.into()) {
                    write!(line, "{byte:02X}").expect("a string takes anything");
                }
            }
        }
    }
    for value in &row.values {
        line.push('\t');
        match value {
            Value::Null => line.push_str("\\N"),
            Value::Text(text) => escaped(&mut line, text),
            Value::Integer(number) => write!(line, "{number}").expect("a string takes anything"),
            Value::Real(number) => write!(line, "{number}").expect("a string takes anything"),
        }
    }
    line.push('\n');
    line
}

fn escaped(line: &mut String, text: &str) {
    for it in text.chars() {
        match it {
            '\\' => line.push_str("\\\\"),
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            other => line.push(other),
        }
    }
}
