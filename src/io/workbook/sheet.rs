//! A sheet in the making: cells, formulas with the value that goes with them, formats.

use rust_xlsxwriter::utility::{column_number_to_name, row_col_to_cell};
use rust_xlsxwriter::{
    ColNum, Format, FormatAlign, FormatBorder, Formula, RowNum, Worksheet, XlsxError,
};

/// Most characters of a cell. Source: Excel.
const LONGEST_TEXT: usize = 32_767;

/// Rows from one to another, in the columns that a table gives; both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rows {
    pub first: RowNum,
    pub last: RowNum,
}

impl Rows {
    /// These rows of a column, for formulas that are copied: `$C$6:$C$20`.
    pub(super) fn of(self, column: ColNum) -> String {
        let name = column_number_to_name(column);
        format!("${name}${}:${name}${}", self.first + 1, self.last + 1)
    }
}

/// A cell of a formula: `C6`.
pub(super) fn cell(row: RowNum, column: ColNum) -> String {
    row_col_to_cell(row, column)
}

/// What numbers look like. Excel shows them by the reader's own locale.
pub(super) struct Formats {
    pub title: Format,
    pub soft: Format,
    pub header: Format,
    pub text: Format,
    pub wrapped: Format,
    pub whole: Format,
    pub note: Format,
    pub small: Format,
    pub euros: Format,
    pub price: Format,
    pub share: Format,
    pub gap: Format,
    pub length: Format,
    pub year: Format,
    pub link: Format,
}

impl Formats {
    /// All of them.
    pub(super) fn new() -> Self {
        let number = |it: &str| Format::new().set_num_format(it).set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            soft: Format::new().set_font_color(0x0056_6070),
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_background_color(0x00d9_e2ec),
            text: Format::new().set_align(FormatAlign::Top),
            wrapped: Format::new().set_align(FormatAlign::Top).set_text_wrap(),
            whole: number("#,##0"),
            note: number("0.00"),
            small: number("0.0000"),
            euros: number("#,##0.00\\ \"€\""),
            price: number("#,##0.00"),
            share: number("0.0%"),
            gap: number("0.00%"),
            length: number("#,##0.000"),
            year: number("0").set_align(FormatAlign::Left),
            link: Format::new()
                .set_align(FormatAlign::Top)
                .set_font_color(0x000a_5a78)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
        }
    }

    /// A number followed by its unit, as an amount or with four decimals.
    pub(super) fn in_unit(unit: &str, amount: bool) -> Format {
        let number = if amount { "#,##0" } else { "0.0000" };
        Format::new().set_num_format(format!("{number}\\ \"{unit}\"")).set_align(FormatAlign::Top)
    }

    /// The same, as a total below a line.
    pub(super) fn total(of: &Format) -> Format {
        of.clone().set_bold().set_border_top(FormatBorder::Thin)
    }
}

/// Cells of one sheet.
pub(super) struct Sheet<'s> {
    pub inner: &'s mut Worksheet,
}

impl Sheet<'_> {
    /// Words; what a cell cannot hold is cut.
    pub(super) fn text(
        &mut self,
        row: RowNum,
        column: ColNum,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let text: String = text.chars().take(LONGEST_TEXT).collect();
        self.inner.write_string_with_format(row, column, text, format).map(|_| ())
    }

    /// A number.
    pub(super) fn number(
        &mut self,
        row: RowNum,
        column: ColNum,
        number: f64,
        format: &Format,
    ) -> Result<(), XlsxError> {
        self.inner.write_number_with_format(row, column, number, format).map(|_| ())
    }

    /// A formula and the number that it gives.
    pub(super) fn formula(
        &mut self,
        (row, column): (RowNum, ColNum),
        formula: impl AsRef<str>,
        gives: f64,
        format: &Format,
    ) -> Result<(), XlsxError> {
        self.formula_of((row, column), formula, Some(gives), format)
    }

    /// A formula and the number that it gives, or an empty text.
    pub(super) fn formula_of(
        &mut self,
        (row, column): (RowNum, ColNum),
        formula: impl AsRef<str>,
        gives: Option<f64>,
        format: &Format,
    ) -> Result<(), XlsxError> {
        // A minus zero is a zero that a formula never gives.
        let gives = gives.map(|it| (it + 0.0).to_string()).unwrap_or_default();
        let formula = Formula::new(formula).set_result(gives);
        self.inner.write_formula_with_format(row, column, formula, format).map(|_| ())
    }

    /// Headings, each with the width of its column.
    pub(super) fn headings(
        &mut self,
        row: RowNum,
        headings: impl IntoIterator<Item = impl AsRef<str>>,
        format: &Format,
    ) -> Result<(), XlsxError> {
        for (column, heading) in (0..).zip(headings) {
            self.text(row, column, heading.as_ref(), format)?;
        }
        Ok(())
    }
}
