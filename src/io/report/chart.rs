//! Line charts over the years, one line a scenario: notes, spending, backlog.

use super::colour;
use crate::domain::Programme;
use crate::io::wording::Language;
use serde::Serialize;
use std::fmt::Write;

/// Size of a drawing, in its own units.
#[derive(Clone, Copy)]
pub(super) struct Size(f64, f64);

impl Size {
    /// Chosen: twice as wide as tall reads slopes well and fits a printed page.
    pub(super) const WHOLE: Self = Self(920.0, 420.0);
    /// Chosen: two of them side by side, with words of the same height.
    pub(super) const HALF: Self = Self(560.0, 360.0);
}

/// Room for the labels of a drawing. Chosen: those of notes.
const LEFT: f64 = 46.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 34.0;

/// Least distance between two names at the end of the lines.
const NAME_STEP: f64 = 15.0;

/// Longest name beside a line, in letters; more are cut. Chosen: a seventh of the drawing.
const LONGEST_NAME: usize = 14;

/// Room for the mark before a name, and for each letter of it. Chosen: bold letters of 13 units.
const NAME_ROOM: (f64, f64) = (22.0, 8.0);

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
    /// The same, as short as its place.
    short: String,
    colour: &'static str,
    dash: &'static str,
    points: String,
    /// Where the line ends and where its name stands.
    end: [String; 2],
    name_y: String,
    /// What stands at each stop, ready to read; none where the programme has no such year.
    values: Vec<Option<String>>,
    /// Place and reading of each point.
    dots: Vec<[String; 3]>,
}

/// One line: what it is called, and what stands in each year.
pub(super) struct Path<'a> {
    /// Name of the scenario.
    pub name: &'a str,
    /// Year and value.
    pub points: Vec<(i32, f64)>,
}

/// How values are drawn and read.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    /// Bottom, top and step of values that lie between these two.
    pub scale: fn(f64, f64) -> (f64, f64, f64),
    /// Decimals of a reading.
    pub decimals: usize,
}

impl Axis {
    /// Notes out of 20; the axis does not start at zero.
    pub(super) const NOTES: Self = Self { scale, decimals: 2 };
    /// Amounts; the axis starts at zero.
    pub(super) const AMOUNTS: Self = Self { scale: from_zero, decimals: 2 };
}

/// The network's note at the end of each year; nothing without a programme.
pub(super) fn notes(programmes: &[Programme], language: Language) -> Option<Chart> {
    let of = |it| Path { name: name(it), points: path(it) };
    let paths: Vec<_> = programmes.iter().map(of).collect();
    draw(&paths, Axis::NOTES, Size::WHOLE, language)
}

fn name(programme: &Programme) -> &str {
    &programme.scenario.name
}

/// Draws lines; nothing without a point.
pub(super) fn draw(
    paths: &[Path<'_>],
    axis: Axis,
    Size(width, height): Size,
    language: Language,
) -> Option<Chart> {
    let every = || paths.iter().flat_map(|it| &it.points);
    let first = every().map(|it| it.0).min()?;
    let last = every().map(|it| it.0).max()?;
    let low = every().map(|it| it.1).min_by(f64::total_cmp)?;
    let high = every().map(|it| it.1).max_by(f64::total_cmp)?;
    let longest = paths.iter().map(|it| short(it.name).chars().count()).max().unwrap_or(0);
    let longest = u32::try_from(longest).map_or(0.0, f64::from);
    let room = NAME_ROOM.0 + NAME_ROOM.1 * longest;
    let frame = Frame::new((first, last), (low, high), axis, Size(width, height), room, language);
    let (x, y) = (|year| frame.x(year), |note| frame.y(note));
    let mut lines: Vec<_> = paths
        .iter()
        .enumerate()
        .filter_map(|(rank, Path { name, points: path })| {
            let (colour, dash) = colour::of_scenario(rank);
            let mut points = String::new();
            let mut dots = Vec::new();
            for (year, value) in path {
                let (x, y) = (format!("{:.1}", x(*year)), format!("{:.1}", y(*value)));
                write!(points, "{x},{y} ").expect("a string takes anything");
                let reading = language.number(*value, axis.decimals);
                dots.push([x, y, format!("{name} · {year} · {reading}")]);
            }
            let end = dots.last()?;
            let at = |year| path.iter().find(|it| it.0 == year);
            Some(Line {
                name: (*name).to_owned(),
                short: short(name),
                colour,
                dash,
                points: points.trim_end().to_owned(),
                end: [end[0].clone(), end[1].clone()],
                name_y: String::new(),
                values: (first..=last)
                    .map(|it| at(it).map(|it| language.number(it.1, axis.decimals)))
                    .collect(),
                dots,
            })
        })
        .collect();
    spread(&mut lines, height - BOTTOM);
    Some(Chart {
        stops: (first..=last).map(x).collect(),
        size: frame.size,
        area: frame.area,
        notes: frame.marks,
        years: frame.years,
        lines,
        first,
    })
}

/// The axes of a drawing over the years.
pub(super) struct Frame {
    pub(super) size: [f64; 2],
    /// Left, top, right, bottom of the drawing area.
    pub(super) area: [f64; 4],
    /// Height and text.
    pub(super) marks: Vec<(String, String)>,
    /// Abscissa and text.
    pub(super) years: Vec<(String, String)>,
    span: (i32, i32),
    /// Bottom and top.
    values: (f64, f64),
}

impl Frame {
    /// For some years and values, with `room` on the right.
    pub(super) fn new(
        (first, last): (i32, i32),
        (low, high): (f64, f64),
        axis: Axis,
        Size(width, height): Size,
        room: f64,
        language: Language,
    ) -> Self {
        let (low, high, step) = (axis.scale)(low, high);
        let mut it = Self {
            size: [width, height],
            area: [LEFT, TOP, width - room, height - BOTTOM],
            marks: Vec::new(),
            years: Vec::new(),
            span: (first, last),
            values: (low, high),
        };
        let decimals = [1.0, 0.1].iter().position(|it| step >= *it - 1e-9).unwrap_or(2);
        let n_steps = ((high - low) / step).round();
        it.marks = std::iter::successors(Some(0.0), |it| Some(it + 1.0))
            .take_while(|it| *it <= n_steps)
            .map(|it| low + it * step)
            .map(|note| (format!("{:.1}", it.y(note)), language.number(note, decimals)))
            .collect();
        // One year in two or more when the labels would touch.
        let labels = if width < Size::WHOLE.0 { 8 } else { 16 };
        let every_years = ((last - first) / labels + 1).max(1);
        it.years = (first..=last)
            .filter(|it| (it - first) % every_years == 0)
            .map(|year| (format!("{:.1}", it.x(year)), year.to_string()))
            .collect();
        it
    }

    /// Abscissa of a year.
    pub(super) fn x(&self, year: i32) -> f64 {
        let (first, last) = self.span;
        let part = f64::from(year - first) / f64::from((last - first).max(1));
        self.area[0] + part * (self.area[2] - self.area[0])
    }

    /// Height of a value.
    pub(super) fn y(&self, value: f64) -> f64 {
        let (low, high) = self.values;
        self.area[1] + (high - value) / (high - low) * (self.area[3] - self.area[1])
    }
}

/// A name as its place beside a line holds it.
fn short(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    let cut: String = name.chars().take(LONGEST_NAME - 1).collect();
    format!("{}…", cut.trim_end())
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

/// Zero, a round top and a round step of one, two or five of its size.
pub(super) fn from_zero(_: f64, high: f64) -> (f64, f64, f64) {
    let high = high.max(1e-9);
    let size = 10.0_f64.powf((high / 6.0).log10().floor());
    let step = [1.0, 2.0, 5.0].map(|it| it * size).into_iter().find(|it| high / it <= 6.0);
    let step = step.unwrap_or(10.0 * size);
    (0.0, (high / step).ceil().max(1.0) * step, step)
}

/// Moves the names at the ends of the lines apart, in the order of the ends.
fn spread(lines: &mut [Line], bottom: f64) {
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
    let mut limit = bottom;
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
            let chart = notes(report.programmes, report.language).unwrap();
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
        assert!(notes(&[], Language::French).is_none());
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(short("s01"), "s01");
        assert_eq!(short("l’entretien d’abord"), "l’entretien d…");
    }

    proptest! {
        #[test]
        fn amounts_start_at_zero(high in 0.0..1.0e6_f64) {
            let (bottom, top, step) = from_zero(0.0, high);
            prop_assert!(bottom == 0.0 && top >= high && step > 0.0, "{top} {step}");
            prop_assert!(top / step < 8.0, "{high} {top} {step}");
        }

        #[test]
        fn the_scale_holds_every_note(low in 0.0..20.0_f64, span in 0.0..20.0_f64) {
            let high = (low + span).min(20.0);
            let (bottom, top, step) = scale(low, high);
            prop_assert!(bottom <= low && high <= top && step > 0.0, "{bottom} {top} {step}");
            prop_assert!((top - bottom) / step < 12.0);
        }
    }
}
