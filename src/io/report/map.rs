//! The map: sections as SVG paths, straight from the plane.

use super::colour;
use crate::domain::{Carriageway, Metres, PlanePoint, Rating, Road, SectionRating, Unrated};
use crate::io::report::Report;
use serde::Serialize;
use std::fmt::Write;

/// Points nearer than this to the one before are left out of the drawing.
///
/// Chosen: two metres, the width of a stroke at the closest useful zoom; halves the page.
const LEAST_STEP_M: f64 = 2.0;

/// Share of the drawing left free on each side of it.
const MARGIN: f64 = 0.06;

/// Smallest window of the map, in metres. Chosen: one section with its neighbours.
const LEAST_VIEW_M: f64 = 600.0;

/// Everything the template draws.
#[derive(Serialize)]
pub(super) struct Map {
    /// Window on what was filmed: x, y, width, height, in metres.
    home: String,
    /// Window on the whole network.
    whole: String,
    /// Metres a pixel when the window is 900 pixels wide, before the script measures it.
    unit: String,
    /// Stretches without a note, drawn first.
    unrated: Vec<Path>,
    /// Sections with a note.
    rated: Vec<Path>,
    names: Vec<Label>,
    marks: Vec<Label>,
}

#[derive(Serialize)]
struct Path {
    /// Rank in the details.
    rank: usize,
    /// Rank of the class, when there is a note.
    class: Option<usize>,
    d: String,
}

#[derive(Serialize)]
struct Label {
    x: String,
    y: String,
    text: String,
}

/// A stretch of the map that shares its details: one section with a note, or neighbours of one
/// road that lack it for one reason.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stretch {
    /// Ranks of its sections, first and past the last.
    pub(super) sections: (usize, usize),
    /// Index of the road.
    pub(super) road: usize,
    pub(super) from: Metres,
    pub(super) to: Metres,
    /// Why there is no note, when there is none.
    pub(super) reason: Option<Unrated>,
}

/// Cuts the sections into stretches, in order.
pub(super) fn stretches(ratings: &[SectionRating]) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    for (rank, rating) in ratings.iter().enumerate() {
        let section = &rating.distress.section;
        let reason = match rating.rating {
            Rating::Rated { .. } => None,
            Rating::Unrated { reason, .. } => Some(reason),
        };
        match all.last_mut() {
            Some(last)
                if reason.is_some()
                    && last.reason == reason
                    && last.road == section.road
                    && (last.to - section.from).abs().get() < 1.0 =>
            {
                last.to = section.to;
                last.sections.1 = rank + 1;
            }
            _ => all.push(Stretch {
                sections: (rank, rank + 1),
                road: section.road,
                from: section.from,
                to: section.to,
                reason,
            }),
        }
    }
    all
}

/// A rectangle that grows.
#[derive(Clone, Copy)]
struct Window {
    low: (f64, f64),
    high: (f64, f64),
}

impl Window {
    const EMPTY: Self =
        Self { low: (f64::INFINITY, f64::INFINITY), high: (f64::NEG_INFINITY, f64::NEG_INFINITY) };

    fn grow(&mut self, point: PlanePoint) {
        self.low = (self.low.0.min(point.x), self.low.1.min(point.y));
        self.high = (self.high.0.max(point.x), self.high.1.max(point.y));
    }

    fn or(self, other: Self) -> Self {
        if self.low.0.is_finite() { self } else { other }
    }

    /// As an SVG view box from an origin, y downwards, with margins; never too small.
    fn view(self, origin: PlanePoint) -> [f64; 4] {
        let (width, height) = (self.high.0 - self.low.0, self.high.1 - self.low.1);
        let margin = MARGIN * width.max(height);
        let (wide, tall) =
            ((width + 2.0 * margin).max(LEAST_VIEW_M), (height + 2.0 * margin).max(LEAST_VIEW_M));
        let (x, y) = (
            f64::midpoint(self.low.0, self.high.0) - origin.x,
            origin.y - f64::midpoint(self.low.1, self.high.1),
        );
        [x - wide / 2.0, y - tall / 2.0, wide, tall]
    }
}

fn text_of(view: [f64; 4]) -> String {
    view.map(|it| format!("{it:.0}")).join(" ")
}

/// Draws the map.
pub(super) fn draw(report: &Report<'_>, stretches: &[Stretch]) -> Map {
    let roads = report.network.roads();
    let (mut whole, mut filmed) = (Window::EMPTY, Window::EMPTY);
    roads.iter().flat_map(Road::line).for_each(|it| whole.grow(*it));
    for it in stretches.iter().filter(|it| it.reason != Some(Unrated::NotFilmed)) {
        for point in roads[it.road].piece(it.from, it.to) {
            filmed.grow(point);
        }
    }
    if !whole.low.0.is_finite() {
        whole.grow(PlanePoint::default());
    }
    // Coordinates count from the corner of the network, so that they are short.
    let origin = PlanePoint { x: whole.low.0.floor(), y: whole.high.1.ceil() };
    let home = filmed.or(whole).view(origin);
    let (mut rated, mut unrated) = (Vec::new(), Vec::new());
    for (rank, it) in stretches.iter().enumerate() {
        let d = path(&roads[it.road].piece(it.from, it.to), origin);
        let notes = report.ratings[it.sections.0].rating.notes();
        let class = notes.map(|it| colour::rank(report.classes, it.ng));
        let path = Path { rank, class, d };
        if class.is_some() { rated.push(path) } else { unrated.push(path) }
    }
    Map {
        home: text_of(home),
        whole: text_of(whole.view(origin)),
        unit: format!("{:.2}", home[2] / 900.0),
        unrated,
        rated,
        names: names(report, stretches, origin),
        marks: marks(report, stretches, origin),
    }
}

/// The line as an SVG path, relative moves in tenths of a metre.
fn path(line: &[PlanePoint], origin: PlanePoint) -> String {
    let place = |it: &PlanePoint| (tenths(it.x - origin.x), tenths(origin.y - it.y));
    let mut d = String::new();
    let mut last = (0, 0);
    let mut kept = line[0];
    for (rank, point) in line.iter().enumerate() {
        let end = rank == 0 || rank + 1 == line.len();
        if !end && point.distance(kept).get() < LEAST_STEP_M {
            continue;
        }
        let (x, y) = place(point);
        let (dx, dy) = (x - last.0, y - last.1);
        let verb = match rank {
            0 => "M",
            1 => "l",
            _ => " ",
        };
        // The first move names the place itself: it starts from nothing.
        let verb = if rank > 1 && !d.contains('l') { "l" } else { verb };
        write!(d, "{verb}{} {}", decimal(dx), decimal(dy)).expect("a string takes anything");
        last = (x, y);
        kept = *point;
    }
    d
}

#[expect(clippy::cast_possible_truncation, reason = "France is some 10^7 tenths of a metre wide")]
fn tenths(metres: f64) -> i64 {
    (metres * 10.0).round() as i64
}

/// Tenths as a decimal number, without a needless zero.
fn decimal(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, rest) = (tenths.abs() / 10, tenths.abs() % 10);
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// Roads that were filmed, in part or whole: their index and the middle of what was seen.
fn seen(stretches: &[Stretch]) -> Vec<(usize, Metres, Metres)> {
    let mut all: Vec<(usize, Metres, Metres)> = Vec::new();
    for it in stretches.iter().filter(|it| it.reason != Some(Unrated::NotFilmed)) {
        match all.last_mut() {
            Some(last) if last.0 == it.road => last.2 = it.to,
            _ => all.push((it.road, it.from, it.to)),
        }
    }
    all
}

fn label(point: PlanePoint, origin: PlanePoint, text: String) -> Label {
    let place = |value: f64| decimal(tenths(value));
    Label { x: place(point.x - origin.x), y: place(origin.y - point.y), text }
}

fn names(report: &Report<'_>, stretches: &[Stretch], origin: PlanePoint) -> Vec<Label> {
    // The longest first: where names would touch, the script keeps the earlier.
    let mut roads = seen(stretches);
    roads.sort_by(|a, b| (b.2 - b.1).get().total_cmp(&(a.2 - a.1).get()).then(a.0.cmp(&b.0)));
    let each = roads.into_iter().map(|(rank, from, to)| {
        let road = &report.network.roads()[rank];
        let side = match road.carriageway {
            Carriageway::Single => String::new(),
            Carriageway::Right | Carriageway::Left => format!(" {}", road.carriageway.letter()),
        };
        label(road.point_at((from + to) * 0.5).0, origin, format!("{}{side}", road.id))
    });
    each.collect()
}

fn marks(report: &Report<'_>, stretches: &[Stretch], origin: PlanePoint) -> Vec<Label> {
    let roads = seen(stretches).into_iter().map(|it| &report.network.roads()[it.0]);
    roads
        .flat_map(|road| {
            road.marks().iter().map(move |mark| {
                label(road.point_at(mark.cumul).0, origin, format!("PR {}", mark.pr))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::report::page::tests::with_report;
    use crate::io::rows::example;
    use crate::io::wording::Language;

    #[test]
    fn neighbours_without_a_note_are_one_stretch() {
        let mut ratings = example::ratings();
        let mut next = ratings[2].clone();
        next.distress.section.from = Metres::of(600.0);
        next.distress.section.to = Metres::of(800.0);
        ratings.push(next);
        let got: Vec<_> = stretches(&ratings).iter().map(|it| it.sections).collect();
        assert_eq!(got, [(0, 1), (1, 2), (2, 4)]);
    }

    #[test]
    fn paths_are_short_and_end_where_the_road_ends() {
        let at = |x: f64, y: f64| PlanePoint { x, y };
        let line = [at(1.0, 9.0), at(1.5, 9.0), at(11.26, 9.0), at(11.26, 4.0)];
        assert_eq!(path(&line, at(0.0, 10.0)), "M1 1l10.3 0 0 5");
        assert_eq!(path(&line[..2], at(0.0, 10.0)), "M1 1l0.5 0");
    }

    #[test]
    fn the_map_opens_on_what_was_filmed() {
        with_report(Language::French, |report| {
            let map = draw(report, &stretches(report.ratings));
            assert_eq!((map.rated.len(), map.unrated.len()), (2, 1));
            assert_eq!((map.rated[0].class, map.rated[1].class), (Some(4), Some(0)));
            assert!(map.home != map.whole, "{} is all of the network", map.home);
            assert_eq!(map.names[0].text, "D1");
        });
    }
}
