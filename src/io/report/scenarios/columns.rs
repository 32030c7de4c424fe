//! Stacked columns, one a year: shares of the area by class, kilometres by trade.

use super::super::colour;
use crate::domain::{NoteClasses, Outlook, Programme, TreatmentKind};
use crate::io::wording::{self, Language};
use serde::Serialize;

/// Size of a drawing, in its own units, and the room for its labels.
///
/// Chosen: two of them side by side.
const SIZE: (f64, f64) = (560.0, 260.0);
const LEFT: f64 = 52.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 30.0;

/// Part of a year's room that its column takes. Chosen: columns that are told apart.
const FILLED: f64 = 0.72;

/// Colours of the trades, lightest works first.
///
/// Source: `Paired` of `ColorBrewer`, seven of its twelve.
const TRADES: [&str; TreatmentKind::ALL.len()] =
    ["#a6cee3", "#1f78b4", "#b2df8a", "#33a02c", "#fdbf6f", "#ff7f00", "#6a3d9a"];

/// Everything the template draws.
#[derive(Serialize)]
pub(super) struct Columns {
    size: [f64; 2],
    /// Left, top, right, bottom of the drawing area.
    area: [f64; 4],
    /// Height and text.
    marks: Vec<(String, String)>,
    /// Abscissa and text.
    years: Vec<(String, String)>,
    /// Width of a column.
    wide: String,
    blocks: Vec<Block>,
}

#[derive(Serialize)]
struct Block {
    x: String,
    y: String,
    tall: String,
    colour: String,
    reading: String,
}

/// A part of a column: how much, its colour, what it says.
struct Part {
    amount: f64,
    colour: String,
    reading: String,
}

/// The colour of a trade.
pub(super) const fn of_trade(kind: TreatmentKind) -> &'static str {
    TRADES[kind as usize]
}

/// Shares of the area by class, the best at the bottom.
pub(super) fn classes(programme: &Programme, classes: &NoteClasses, language: Language) -> Columns {
    let column = |year: &crate::domain::YearState| {
        let part = |(share, class): (&crate::domain::Ratio, &crate::domain::NoteClass)| Part {
            amount: share.get(),
            colour: colour::checked(&class.colour).to_owned(),
            reading: format!(
                "{} · {} · {}",
                year.year,
                class.name,
                language.percent(share.get(), 1)
            ),
        };
        (year.year, year.classes.iter().zip(&classes.0).map(part).collect())
    };
    let columns: Vec<_> = programme.yearly.iter().map(column).collect();
    let mark = |it: f64| language.percent(it, 0);
    draw(&columns, (1.0, 0.25), &mark)
}

/// Kilometres treated by trade, the lightest at the bottom, on an axis that ends at `most`.
pub(super) fn kilometres(outlook: &Outlook, most: f64, language: Language) -> Columns {
    let column = |year: &crate::domain::YearOutlook| {
        let part = |kind: TreatmentKind| {
            let mine = year.treatments.iter().filter(|it| it.kind == kind);
            let amount = mine.map(|it| it.length.get()).sum::<f64>() / 1000.0;
            let name = wording::treatment(kind, language);
            let km = language.number(amount, 1);
            let reading = format!("{} · {name} · {km}\u{a0}km", year.year);
            Part { amount, colour: of_trade(kind).to_owned(), reading }
        };
        (year.year, TreatmentKind::ALL.into_iter().map(part).collect())
    };
    // The start has no works.
    let columns: Vec<_> = outlook.years.iter().skip(1).map(column).collect();
    let (_, top, step) = super::super::chart::from_zero(0.0, most);
    let decimals = usize::from(step < 1.0);
    let mark = |it: f64| language.number(it, decimals);
    draw(&columns, (top, step), &mark)
}

fn draw(
    columns: &[(i32, Vec<Part>)],
    (top, step): (f64, f64),
    mark: &dyn Fn(f64) -> String,
) -> Columns {
    let [width, height] = [SIZE.0 - LEFT - RIGHT, SIZE.1 - TOP - BOTTOM];
    let y = |amount: f64| TOP + (1.0 - amount / top) * height;
    let n_columns = u32::try_from(columns.len().max(1)).unwrap_or(u32::MAX);
    let room = width / f64::from(n_columns);
    let every = n_columns / 9 + 1;
    let (mut years, mut blocks) = (Vec::new(), Vec::new());
    for (rank, (year, parts)) in (0_u32..).zip(columns) {
        let left = LEFT + room * (f64::from(rank) + (1.0 - FILLED) / 2.0);
        if rank.is_multiple_of(every) {
            years.push((format!("{:.1}", left + room * FILLED / 2.0), year.to_string()));
        }
        let mut below = 0.0;
        for part in parts.iter().filter(|it| it.amount > 0.0) {
            let (from, to) = (y(below), y(below + part.amount));
            below += part.amount;
            blocks.push(Block {
                x: format!("{left:.1}"),
                y: format!("{to:.1}"),
                tall: format!("{:.1}", from - to),
                colour: part.colour.clone(),
                reading: part.reading.clone(),
            });
        }
    }
    let n_marks = (top / step).round();
    let marks = std::iter::successors(Some(0.0), |it| Some(it + 1.0))
        .take_while(|it| *it <= n_marks)
        .map(|it| (format!("{:.1}", y(it * step)), mark(it * step)));
    Columns {
        size: [SIZE.0, SIZE.1],
        area: [LEFT, TOP, SIZE.0 - RIGHT, SIZE.1 - BOTTOM],
        marks: marks.collect(),
        years,
        wide: format!("{:.1}", room * FILLED),
        blocks,
    }
}
