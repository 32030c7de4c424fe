//! Numbers as points of small square charts, and judged cells as rectangles over a picture.

use crate::domain::{
    ClassQuality, JudgedFrame, NotesQuality, Score, SectionNotes, StretchResult, Verdict,
};
use serde::Serialize;
use std::fmt::Write;

/// Side of a chart, in its own units.
pub(super) const SIDE: f64 = 200.0;

/// A dot of a chart: across, down, radius, and what it says.
#[derive(Debug, Serialize)]
pub(super) struct Dot {
    pub x: String,
    pub y: String,
    pub r: String,
    pub words: String,
}

/// Measured against drawn, on one scale for both axes; gives the scale's end too.
pub(super) fn stretches(
    of: &[StretchResult],
    extent: fn(&StretchResult) -> (f64, f64),
) -> (Vec<Dot>, f64) {
    let most = of.iter().map(extent).map(|it| it.0.max(it.1)).fold(0.0, f64::max);
    // A round end, so that the axis can be read.
    let end = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].into_iter().find(|it| *it >= most).unwrap_or(1.0);
    let dots = of
        .iter()
        .map(|it| {
            let (measured, drawn) = extent(it);
            let words =
                format!("{} #{} : {measured:.3} / {drawn:.3}", it.stretch.section, it.stretch.rank);
            dot(drawn / end, measured / end, 3.5, words)
        })
        .collect();
    (dots, end)
}

/// A note and its interval against that of what people drew: a dot with a bar through it.
#[derive(Debug, Serialize)]
pub(super) struct NoteBar {
    pub x: String,
    pub y: String,
    pub low: String,
    pub high: String,
    /// Whether the interval holds the drawn note.
    pub holds: bool,
    pub words: String,
}

/// Notes of stretches, on a chart whose sides go from 0 to 20.
pub(super) fn notes(of: &NotesQuality) -> Vec<NoteBar> {
    let at = |it: Score| it.points() / Score::BEST.points() * SIDE;
    let up = |it: Score| format!("{:.1}", SIDE - at(it));
    let of_section = |section: &SectionNotes| {
        section
            .stretches
            .iter()
            .map(|it| NoteBar {
                x: format!("{:.1}", at(it.drawn)),
                y: up(it.measured),
                low: up(it.interval.low),
                high: up(it.interval.high),
                holds: it.interval.low <= it.drawn && it.drawn <= it.interval.high,
                words: format!(
                    "{} {:.0} : {} [{} – {}] / {}",
                    section.section,
                    it.from.get(),
                    it.measured,
                    it.interval.low,
                    it.interval.high,
                    it.drawn
                ),
            })
            .collect::<Vec<_>>()
    };
    of.sections.iter().flat_map(of_section).collect()
}

/// Observed against claimed; a dot's area grows with its cells.
pub(super) fn reliability(of: &ClassQuality) -> Vec<Dot> {
    let most = of.reliability.bins.iter().map(|it| it.n_cells).max().unwrap_or(1).max(2);
    of.reliability
        .bins
        .iter()
        .map(|it| {
            let size = 2.0 + 6.0 * count(it.n_cells).ln_1p() / count(most).ln_1p();
            let words = format!("{:.2} : {:.2} ({})", it.claimed, it.observed, it.n_cells);
            dot(it.claimed, it.observed, size, words)
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn count(it: u64) -> f64 {
    it as f64
}

fn dot(x: f64, y: f64, r: f64, words: String) -> Dot {
    let at = |it: f64| format!("{:.1}", it.clamp(0.0, 1.0) * SIDE);
    Dot { x: at(x), y: at(1.0 - y), r: format!("{r:.1}"), words }
}

/// Outlines over a picture, one path for each kind of claim.
#[derive(Debug, Serialize)]
pub(super) struct Outline {
    pub class: &'static str,
    pub path: String,
}

/// Cells of a frame as outlines, those of one kind together.
pub(super) fn outlines(frame: &JudgedFrame) -> Vec<Outline> {
    let kinds = [
        (false, Verdict::Found, "crack found"),
        (false, Verdict::Claimed, "crack claimed"),
        (false, Verdict::Missed, "crack missed"),
        (true, Verdict::Found, "pothole found"),
        (true, Verdict::Claimed, "pothole claimed"),
        (true, Verdict::Missed, "pothole missed"),
    ];
    let mut outlines = Vec::new();
    for (pothole, verdict, class) in kinds {
        let cells = frame.cells.iter().filter(|it| (it.pothole, it.verdict) == (pothole, verdict));
        let mut path = String::new();
        for at in cells.map(|it| it.bounds) {
            let (left, top) = (at.left() + 1.0, at.top() + 1.0);
            let (width, height) = (at.width() - 2.0, at.height() - 2.0);
            let _never_fails =
                write!(path, "M{left:.0} {top:.0}h{width:.0}v{height:.0}h-{width:.0}z");
        }
        if !path.is_empty() {
            outlines.push(Outline { class, path });
        }
    }
    outlines
}
