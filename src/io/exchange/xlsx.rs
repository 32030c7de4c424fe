//! Tables as a workbook: one sheet each, its header frozen, with filters, colours on the notes, and
//! totals that stay formulas and follow the filters.

use super::source::Source;
use crate::io::atomic::{Draft, WriteError};
use crate::io::geopackage::{Field, Holds};
use crate::io::rows::Value;
use rust_xlsxwriter::{
    ColNum, ConditionalFormat3ColorScale, ConditionalFormatType, DocProperties, ExcelDateTime,
    Format, Formula, Note, RowNum, Workbook, Worksheet, XlsxError,
};
use std::io;
use std::path::Path;

/// Most rows of a sheet below its header and above its totals. Source: Excel's 1,048,576 rows.
const MOST_ROWS: u64 = 1_048_576 - 3;

/// Most characters of a sheet's name. Source: Excel.
const SHEET_NAME: usize = 31;

/// Width of columns, characters. Chosen: names of columns and most values fit.
const WIDTH: (f64, f64) = (9.0, 40.0);

/// Colours of the least, middle and greatest note. Source: `RdYlGn` of `ColorBrewer`, as the classes
/// of the base.
const SCALE: [u32; 3] = [0x00d7_3027, 0x00fe_e08b, 0x001a_9850];

/// Least, middle and greatest note, out of 20. Source: DOMAIN.md section 4.
const NOTES: [f64; 3] = [0.0, 10.0, 20.0];

/// Writes a workbook of these tables.
///
/// # Errors
///
/// When it cannot be written whole, or a table has more rows than a sheet.
pub fn write(path: &Path, title: &str, sources: &[Source<'_>]) -> Result<(), WriteError> {
    let mut draft = Draft::beside(path)?;
    let mut fill = || -> io::Result<()> {
        let mut book = Workbook::new();
        // A clock would make two runs on one base differ.
        let epoch = ExcelDateTime::from_ymd(1970, 1, 1).map_err(io::Error::other)?;
        let properties = DocProperties::new()
            .set_title(title)
            .set_author(format!("voirie {}", env!("CARGO_PKG_VERSION")))
            .set_creation_datetime(&epoch);
        book.set_properties(&properties);
        for source in sources {
            put_table(book.add_worksheet(), source)?;
        }
        book.save_to_writer(draft.file()).map_err(io::Error::other)
    };
    fill().map_err(|why| WriteError::of(path, why))?;
    draft.keep()
}

/// What the last row says of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Total {
    Sum,
    /// Weighted by the area of the section, as the base's own means.
    Mean,
}

/// Tables whose rows overlap: a road and its network, one scenario and another.
const NO_TOTAL: [&str; 3] = ["means", "scenarios", "scenario_years"];

/// The column of areas, which weigh the notes.
const AREA: &str = "surface_m2";

/// Lengths, areas, numbers and money add up over a table, and the notes of sections have a mean;
/// widths, places and shares have neither.
fn total(table: &str, field: &Field) -> Option<Total> {
    let name = field.name.as_str();
    if NO_TOTAL.contains(&table) || !matches!(field.holds, Holds::Real | Holds::Integer) {
        return None;
    }
    if table == "sections" && ["ng", "np", "nu"].contains(&name) {
        return Some(Total::Mean);
    }
    let adds = ["_m", "_m2", "_km", "_eur", "_nb"].iter().any(|it| name.ends_with(it))
        || ["nb", "images", "images_placees", "masques"].contains(&name);
    let across = ["largeur_m", "lateral_m", "ecart_m"].contains(&name);
    (adds && !across).then_some(Total::Sum)
}

/// Whether a column holds notes out of 20.
fn is_note(name: &str) -> bool {
    let of = |note: &str| name == note || name.starts_with(&format!("{note}_"));
    of("ng") || of("np") || of("nu") || name.starts_with("note")
}

struct Formats {
    header: Format,
    number: Format,
    total: Format,
}

fn put_table(sheet: &mut Worksheet, source: &Source<'_>) -> io::Result<()> {
    let table = source.table;
    if table.n_rows > MOST_ROWS {
        let (name, found) = (&table.name, table.n_rows);
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("table {name}: found {found} rows, expected at most {MOST_ROWS} for a sheet"),
        ));
    }
    let formats = Formats {
        header: Format::new().set_bold().set_text_wrap().set_background_color(0x00d9_e2ec),
        number: Format::new().set_num_format("0.00"),
        total: Format::new()
            .set_bold()
            .set_num_format("# ##0.00")
            .set_border_top(rust_xlsxwriter::FormatBorder::Thin),
    };
    put_header(sheet, source, &formats).map_err(io::Error::other)?;
    let area = table.fields.iter().position(|it| it.name == AREA);
    let mut sums = vec![Sum::default(); table.fields.len()];
    let mut at: RowNum = 0;
    source.each(|row| {
        at += 1;
        put_row(sheet, at, row.fid, &row.values, &formats).map_err(io::Error::other)?;
        let weight = area.and_then(|it| number(&row.values[it])).unwrap_or(0.0);
        for (sum, value) in sums.iter_mut().zip(&row.values) {
            if let Some(number) = number(value) {
                sum.plain += number;
                sum.weighted += number * weight;
                sum.weights += weight;
                sum.any = true;
            }
        }
        Ok(())
    })?;
    put_foot(sheet, source, at, &sums, &formats).map_err(io::Error::other)
}

/// What goes with the formulas of a column, for programs that do not compute.
#[derive(Clone, Copy, Default)]
struct Sum {
    plain: f64,
    weighted: f64,
    weights: f64,
    any: bool,
}

const fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Real(it) => Some(*it),
        #[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        Value::Integer(it) => Some(*it as f64),
        Value::Null | Value::Text(_) => None,
    }
}

fn put_header(
    sheet: &mut Worksheet,
    source: &Source<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let table = source.table;
    let name: String = table.name.chars().take(SHEET_NAME).collect();
    sheet.set_name(name)?;
    sheet.write_string_with_format(0, 0, "fid", &formats.header)?;
    for (column, field) in (1..).zip(&table.fields) {
        sheet.write_string_with_format(0, column, &field.name, &formats.header)?;
        if !field.words.is_empty() {
            sheet.insert_note(0, column, &Note::new(&field.words).add_author_prefix(false))?;
        }
        let width = if field.holds == Holds::Text { 16.0 } else { 11.0 };
        sheet.set_column_width(column, f64::clamp(width, WIDTH.0, WIDTH.1))?;
    }
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

fn put_row(
    sheet: &mut Worksheet,
    at: RowNum,
    fid: i64,
    values: &[Value],
    formats: &Formats,
) -> Result<(), XlsxError> {
    #[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let whole = |it: i64| it as f64;
    sheet.write_number(at, 0, whole(fid))?;
    for (column, value) in (1..).zip(values) {
        match value {
            Value::Null => {}
            Value::Text(it) => {
                sheet.write_string(at, column, it)?;
            }
            Value::Integer(it) => {
                sheet.write_number(at, column, whole(*it))?;
            }
            Value::Real(it) => {
                sheet.write_number_with_format(at, column, *it, &formats.number)?;
            }
        }
    }
    Ok(())
}

/// Filters, colours, and one row of totals below an empty one, which keeps them out of the filter.
fn put_foot(
    sheet: &mut Worksheet,
    source: &Source<'_>,
    last: RowNum,
    sums: &[Sum],
    formats: &Formats,
) -> Result<(), XlsxError> {
    let fields = &source.table.fields;
    let last_column = ColNum::try_from(fields.len()).unwrap_or(ColNum::MAX);
    sheet.autofilter(0, 0, last.max(1), last_column)?;
    if last == 0 {
        return Ok(());
    }
    let below = last + 2;
    let mut any = false;
    for ((column, field), sum) in (1..).zip(fields).zip(sums) {
        if is_note(&field.name) && field.holds == Holds::Real {
            let number = ConditionalFormatType::Number;
            let scale = ConditionalFormat3ColorScale::new()
                .set_minimum(number, NOTES[0])
                .set_midpoint(number, NOTES[1])
                .set_maximum(number, NOTES[2])
                .set_minimum_color(SCALE[0])
                .set_midpoint_color(SCALE[1])
                .set_maximum_color(SCALE[2]);
            sheet.add_conditional_format(1, column, last, column, &scale)?;
        }
        let Some(total) = total(&source.table.name, field).filter(|_| sum.any) else { continue };
        let range = |column: ColNum| {
            let letters = rust_xlsxwriter::utility::column_number_to_name(column);
            format!("{letters}2:{letters}{}", last + 1)
        };
        let area = (1..).zip(fields).find(|it| it.1.name == AREA).map(|it| range(it.0));
        let (formula, value) = match (total, area) {
            // 109 leaves out the rows that a filter hides.
            (Total::Sum, _) => (format!("SUBTOTAL(109,{})", range(column)), sum.plain),
            (Total::Mean, Some(area)) if sum.weights > 0.0 => {
                let notes = range(column);
                let (above, below) = (
                    format!("SUMPRODUCT({notes},{area})"),
                    format!("SUMIF({notes},\">=0\",{area})"),
                );
                (format!("{above}/{below}"), sum.weighted / sum.weights)
            }
            (Total::Mean, _) => continue,
        };
        let formula = Formula::new(formula).set_result(value.to_string());
        sheet.write_formula_with_format(below, column, formula, &formats.total)?;
        any = true;
    }
    if any {
        sheet.write_string_with_format(below, 0, "total", &formats.total)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_add_up_notes_have_a_mean_and_places_have_neither() {
        let field = |name: &str, holds| Field { name: name.into(), holds, words: String::new() };
        let of = |name| total("sections", &field(name, Holds::Real));
        for name in ["longueur_m", "surface_m2", "def_np_nb", "nb", "cout_eur"] {
            assert_eq!(of(name), Some(Total::Sum), "{name}");
        }
        for name in ["ng", "np", "nu"] {
            assert_eq!(of(name), Some(Total::Mean), "{name}");
        }
        for name in ["cumul_d", "pad", "largeur_m", "lon", "part_valide", "nuance", "ng_min"] {
            assert_eq!(of(name), None, "{name}");
        }
        assert_eq!(total("means", &field("longueur_m", Holds::Real)), None);
        assert_eq!(total("sections", &field("classe_m", Holds::Text)), None);
    }
}
