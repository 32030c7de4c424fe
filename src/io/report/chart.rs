//! The chart: the network's note at the end of each year, one line a scenario.

use super::colour;
use crate::domain::Programme;
use crate::io::report::Report;
use serde::Serialize;
use std::fmt::Write;

/// Size of the drawing, in its own units, and the room for its labels.
///
/// Chosen: twice as wide as tall reads slopes well and fits a printed page.
const SIZE: (f64, f64) = (920.0, 420.0);
const LEFT: f64 = 46.0;
const RIGHT: f64 = 110.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 34.0;

/// Least distance between two names at the end of the lines.
const NAME_STEP: f64 = 15.0;

/// Everything the template draws.
#[derive(Serialize)]
pub(super) struct Chart {
    size: [f64; 2],
    /// Left, top, right, bottom of the drawing area.
    area: [f64; 4],
    /// Height and text.
    notes: Vec<(String, String)>,
    /// Abscissa and text.
    years: Vec<(String, String)>,
    lines: Vec<Line>,
    /// First year, and the abscissa of each, for the script.
    first: i32,
    stops: Vec<f64>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    colour: &'static str,
    dash: &'static str,
    points: String,
    /// Where the line ends and where its name stands.
    end: [String; 2],
    name_y: String,
    /// Note at each stop, ready to read; none where the programme has no such year.
    values: Vec<Option<String>>,
}

/// Draws the chart; nothing without a programme.
pub(super) fn draw(report: &Report<'_>) -> Option<Chart> {
    let paths: Vec<_> = report.programmes.iter().map(path).collect();
    let every = || paths.iter().flatten();
    let first = every().map(|it| it.0).min()?;
    let last = every().map(|it| it.0).max()?;
    let low = every().map(|it| it.1).min_by(f64::total_cmp)?;
    let high = every().map(|it| it.1).max_by(f64::total_cmp)?;
    let (low, high, step) = scale(low, high);
    let x = |year: i32| {
        let part = f64::from(year - first) / f64::from((last - first).max(1));
        LEFT + part * (SIZE.0 - LEFT - RIGHT)
    };
    let y = |note: f64| TOP + (high - note) / (high - low) * (SIZE.1 - TOP - BOTTOM);
    let language = report.language;
    let decimals = if step < 0.1 { 2 } else { 1 };
    let n_steps = ((high - low) / step).round();
    let notes = std::iter::successors(Some(0.0), |it| Some(it + 1.0))
        .take_while(|it| *it <= n_steps)
        .map(|it| low + it * step)
        .map(|note| (format!("{:.1}", y(note)), language.number(note, decimals)))
        .collect();
    // One year in two or more when the labels would touch.
    let every_years = ((last - first) / 16 + 1).max(1);
    let years = (first..=last)
        .filter(|it| (it - first) % every_years == 0)
        .map(|it| (format!("{:.1}", x(it)), it.to_string()))
        .collect();
    let mut lines: Vec<_> = report
        .programmes
        .iter()
        .zip(&paths)
        .enumerate()
        .filter_map(|(rank, (programme, path))| {
            let (colour, dash) = colour::of_scenario(rank);
            let mut points = String::new();
            for (year, note) in path {
                write!(points, "{:.1},{:.1} ", x(*year), y(*note))
                    .expect("a string takes anything");
            }
            let (end_year, end_note) = path.last()?;
            let at = |year| path.iter().find(|it| it.0 == year);
            Some(Line {
                name: programme.scenario.name.clone(),
                colour,
                dash,
                points: points.trim_end().to_owned(),
                end: [format!("{:.1}", x(*end_year)), format!("{:.1}", y(*end_note))],
                name_y: String::new(),
                values: (first..=last)
                    .map(|it| at(it).map(|it| language.number(it.1, 2)))
                    .collect(),
            })
        })
        .collect();
    spread(&mut lines);
    Some(Chart {
        size: [SIZE.0, SIZE.1],
        area: [LEFT, TOP, SIZE.0 - RIGHT, SIZE.1 - BOTTOM],
        notes,
        years,
        lines,
        first,
        stops: (first..=last).map(x).collect(),
    })
}

/// The path of one programme: the note before the first year, then at the end of each.
fn path(programme: &Programme) -> Vec<(i32, f64)> {
    let start = programme.yearly.first().map(|it| (it.year - 1, programme.ng_start.points()));
    let years = programme.yearly.iter().map(|it| (it.year, it.ng.points()));
    start.into_iter().chain(years).collect()
}

/// Round bounds and a round step, four to nine steps from one bound to the other.
fn scale(low: f64, high: f64) -> (f64, f64, f64) {
    // Chosen: below a twentieth of a point, lines that differ say nothing.
    let span = (high - low).max(0.2);
    let step =
        [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0].into_iter().find(|it| span / it <= 7.0).unwrap_or(5.0);
    let bottom = ((low - step * 0.25) / step).floor() * step;
    let top = ((high + step * 0.25) / step).ceil() * step;
    (bottom.max(0.0), top.min(20.0).max(bottom.max(0.0) + step), step)
}

/// Moves the names at the ends of the lines apart, in the order of the ends.
fn spread(lines: &mut [Line]) {
    let mut order: Vec<_> = lines
        .iter()
        .enumerate()
        .map(|(rank, it)| (it.end[1].parse::<f64>().expect("printed just above"), rank))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut heights: Vec<f64> = order.iter().map(|it| it.0).collect();
    for at in 1..heights.len() {
        heights[at] = heights[at].max(heights[at - 1] + NAME_STEP);
    }
    // If the last name left the drawing, all are pushed back up.
    let mut limit = SIZE.1 - BOTTOM;
    for height in heights.iter_mut().rev() {
        *height = height.min(limit);
        limit = *height - NAME_STEP;
    }
    for ((_, rank), height) in order.into_iter().zip(heights) {
        lines[rank].name_y = format!("{height:.1}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::report::page::tests::with_report;
    use crate::io::wording::Language;
    use proptest::prelude::*;

    #[test]
    fn lines_start_the_year_before_the_first() {
        with_report(Language::French, |report| {
            let chart = draw(report).unwrap();
            assert_eq!(
                chart.years.iter().map(|it| it.1.as_str()).collect::<Vec<_>>(),
                ["2025", "2026", "2027"]
            );
            let line = &chart.lines[0];
            assert_eq!(line.values[0].as_deref(), Some("15,45"));
            assert_eq!(line.values[2].as_deref(), Some("19,60"));
            assert!(line.points.starts_with("46.0,"), "{}", line.points);
        });
    }

    #[test]
    fn without_a_programme_there_is_no_chart() {
        with_report(Language::French, |report| {
            assert!(draw(&Report { programmes: &[], ..*report }).is_none());
        });
    }

    proptest! {
        #[test]
        fn the_scale_holds_every_note(low in 0.0..20.0_f64, span in 0.0..20.0_f64) {
            let high = (low + span).min(20.0);
            let (bottom, top, step) = scale(low, high);
            prop_assert!(bottom <= low && high <= top && step > 0.0, "{bottom} {top} {step}");
            prop_assert!((top - bottom) / step < 12.0);
        }
    }
}
