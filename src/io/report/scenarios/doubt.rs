//! What may become of the network: a fan for each scenario, and who gains more than whom.

use super::super::chart::{Axis, Frame, Size};
use super::super::colour;
use crate::domain::{Prospect, Quantiles};
use crate::io::wording::{self, Language};
use serde::Serialize;
use std::fmt::Write;

/// Room on the right of a fan. Chosen: half the word of a year.
const ROOM: f64 = 22.0;

/// The section of the page.
#[derive(Serialize)]
pub(super) struct Doubts {
    draws: String,
    fans: Vec<Fan>,
    rows: Vec<Row>,
    names: Vec<String>,
    duels: Vec<Duel>,
}

/// The notes of one scenario: nine draws in ten, one in two, and the median.
#[derive(Serialize)]
struct Fan {
    name: String,
    colour: &'static str,
    size: [f64; 2],
    area: [f64; 4],
    marks: Vec<(String, String)>,
    years: Vec<(String, String)>,
    wide: String,
    narrow: String,
    median: String,
    /// Place and reading of each year.
    dots: Vec<[String; 3]>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    colour: &'static str,
    dashed: bool,
    cells: Vec<String>,
}

#[derive(Serialize)]
struct Duel {
    name: String,
    /// Reading and strength from 0 to 100 of each; none against itself.
    cells: Vec<Option<(String, u32)>>,
}

/// Nothing when nothing was drawn.
pub(super) fn doubts(prospects: &[Prospect], language: Language) -> Option<Doubts> {
    let first = prospects.first()?;
    // One scale for all, so that scenarios can be compared.
    let every = || prospects.iter().flat_map(|it| &it.ng);
    let low = every().map(|it| it.1.p05).min_by(f64::total_cmp)?;
    let high = every().map(|it| it.1.p95).max_by(f64::total_cmp)?;
    Some(Doubts {
        draws: language.number(f64::from(u32::try_from(first.n_draws).unwrap_or(u32::MAX)), 0),
        fans: prospects
            .iter()
            .enumerate()
            .map(|(rank, it)| fan(rank, it, (low, high), language))
            .collect(),
        rows: prospects.iter().enumerate().map(|(rank, it)| row(rank, it, language)).collect(),
        names: prospects.iter().map(|it| it.name.clone()).collect(),
        duels: if prospects.len() < 2 {
            Vec::new()
        } else {
            (0..prospects.len()).map(|rank| duel(rank, prospects, language)).collect()
        },
    })
}

fn fan(rank: usize, it: &Prospect, (low, high): (f64, f64), language: Language) -> Fan {
    let years = it.ng.iter().map(|it| it.0);
    let span = (years.clone().min().unwrap_or(0), years.max().unwrap_or(0));
    let frame = Frame::new(span, (low, high), Axis::NOTES, Size::HALF, ROOM, language);
    let at = |year: i32, note: f64| (frame.x(year), frame.y(note));
    let band = |above: fn(&Quantiles) -> f64, below: fn(&Quantiles) -> f64| {
        let there = it.ng.iter().map(|(year, ng)| at(*year, above(ng)));
        let back = it.ng.iter().rev().map(|(year, ng)| at(*year, below(ng)));
        points(there.chain(back))
    };
    let number = |it: f64| language.number(it, 2);
    let dots = it.ng.iter().map(|(year, ng)| {
        let (x, y) = at(*year, ng.p50);
        let reading = format!(
            "{} · {year} · {} [{} – {}]",
            it.name,
            number(ng.p50),
            number(ng.p05),
            number(ng.p95)
        );
        [format!("{x:.1}"), format!("{y:.1}"), reading]
    });
    Fan {
        name: it.name.clone(),
        colour: colour::of_scenario(rank).0,
        wide: band(|it| it.p95, |it| it.p05),
        narrow: band(|it| it.p75, |it| it.p25),
        median: points(it.ng.iter().map(|(year, ng)| at(*year, ng.p50))),
        dots: dots.collect(),
        size: frame.size,
        area: frame.area,
        marks: frame.marks,
        years: frame.years,
    }
}

fn points(all: impl Iterator<Item = (f64, f64)>) -> String {
    let mut text = String::new();
    for (x, y) in all {
        write!(text, "{x:.1},{y:.1} ").expect("a string takes anything");
    }
    text.trim_end().to_owned()
}

fn row(rank: usize, it: &Prospect, language: Language) -> Row {
    let number = |it: f64| language.number(it, 2);
    let range =
        |it: Quantiles| format!("{} [{} – {}]", number(it.p50), number(it.p05), number(it.p95));
    let again = it.filmed_again.map_or_else(String::new, |again| {
        let (gain, error) = (number(again.gain), number(2.0 * again.error));
        let rule = wording::selection(again.rule, language);
        format!("{gain} ± {error} ({rule})")
    });
    let (colour, dash) = colour::of_scenario(rank);
    Row {
        name: it.name.clone(),
        colour,
        dashed: dash != "none",
        cells: vec![
            it.ng_end().map(range).unwrap_or_default(),
            range(it.gain),
            language.percent(it.keeps, 0),
            language.percent(it.unpaid, 1),
            again,
        ],
    }
}

fn duel(rank: usize, prospects: &[Prospect], language: Language) -> Duel {
    let it = &prospects[rank];
    let cell = |(other, share): (usize, &f64)| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share in per cent"
        )]
        let strength = (share * 100.0).round().clamp(0.0, 100.0) as u32;
        (other != rank).then(|| (language.percent(*share, 0), strength))
    };
    Duel { name: it.name.clone(), cells: it.beats.iter().enumerate().map(cell).collect() }
}
