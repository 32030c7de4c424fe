//! Charts that follow the cells.

use super::book::ScenarioBook;
use super::scenario::{self, Layout};
use super::sheet::Rows;
use crate::io::report::colour;
use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType, ColNum, Color,
    RowNum,
};

/// Rows that a chart covers, at 20 pixels each. Chosen: a screen holds two side by side.
pub(super) const HEIGHT_ROWS: u32 = 20;

/// Width of a chart, pixels. Chosen: as above.
const WIDTH: u32 = 680;

fn range(sheet: &str, rows: Rows, column: ColNum) -> (&str, RowNum, ColNum, RowNum, ColNum) {
    (sheet, rows.first, column, rows.last, column)
}

fn empty(kind: ChartType, title: &str) -> Chart {
    let mut chart = Chart::new(kind);
    chart.title().set_name(title);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.set_width(WIDTH).set_height(HEIGHT_ROWS * 20).set_alt_text(title);
    chart
}

/// NG and cumulated spending, one line a scenario.
pub(super) fn comparison(
    book: &ScenarioBook<'_>,
    names: &[String],
    layouts: &[Layout],
) -> Vec<Chart> {
    let titles = [
        (book.say("NG en fin d’année", "NG at year end"), scenario::NG, "0.0"),
        (book.say("Dépenses cumulées (€)", "Spending so far (€)"), scenario::CUMULATED, "#,##0"),
    ];
    let draw = |(title, column, format): (&str, ColNum, &str)| {
        let mut chart = empty(ChartType::Line, title);
        chart.y_axis().set_num_format(format);
        for (rank, (name, layout)) in names.iter().zip(layouts).enumerate() {
            let mut line = ChartLine::new();
            line.set_color(Color::from(colour::of_scenario(rank).0)).set_width(2.25);
            let series = chart.add_series();
            series
                .set_name(name)
                .set_values(range(name, layout.path, column))
                .set_categories(range(name, layout.path, scenario::YEAR))
                .set_format(ChartFormat::new().set_line(&line));
        }
        if column == scenario::NG {
            let notes = book.programmes.iter().flat_map(|it| {
                it.yearly.iter().map(|it| it.ng.points()).chain([it.ng_start.points()])
            });
            let lowest = notes.reduce(f64::min).unwrap_or(0.0);
            // An axis from nought would press all lines together.
            chart.y_axis().set_min(lowest.floor());
        }
        chart
    };
    if names.is_empty() { Vec::new() } else { titles.map(draw).into() }
}

/// Shares of the area by class, year by year.
pub(super) fn classes(book: &ScenarioBook<'_>, name: &str, layout: &Layout) -> Chart {
    let title = book.say("Surface par classe", "Area by class");
    let mut chart = empty(ChartType::ColumnPercentStacked, title);
    chart.y_axis().set_num_format("0%");
    for (column, class) in
        (scenario::CLASSES..).zip(&book.classes.0).collect::<Vec<_>>().into_iter().rev()
    {
        let mut fill = ChartSolidFill::new();
        fill.set_color(Color::from(colour::checked(&class.colour)));
        chart
            .add_series()
            .set_name((name, scenario::HEADINGS, column))
            .set_values(range(name, layout.years, column))
            .set_categories(range(name, layout.years, scenario::YEAR))
            .set_format(ChartFormat::new().set_solid_fill(&fill))
            .set_gap(40);
    }
    chart
}
