//! Filling the page of an evaluation.

use super::super::page::{ReportError, STYLE};
use super::super::template::fill;
use super::{draw, texts};
use crate::domain::{
    Agreement, ClassQuality, Evaluation, Finding, JudgedFrame, NotesQuality, Provenance,
};
use crate::io::atomic;
use crate::io::wording::{self, Language};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

const TEMPLATE: &str = include_str!("page.html");
const OWN_STYLE: &str = include_str!("page.css");

/// Everything the page tells.
#[derive(Clone, Copy, Debug)]
pub struct EvaluationReport<'a> {
    /// What was measured on, such as the archive's name.
    pub title: &'a str,
    /// Language of the page.
    pub language: Language,
    /// The figures.
    pub evaluation: &'a Evaluation,
    /// The worst frames, to look at.
    pub worst: &'a [JudgedFrame],
    /// What went wrong on the way.
    pub findings: &'a [Finding],
    /// Who made it.
    pub provenance: &'a Provenance,
}

#[derive(Serialize)]
struct Page<'a> {
    lang: &'static str,
    t: BTreeMap<&'static str, &'static str>,
    title: &'a str,
    frames: String,
    shows: String,
    classes: Vec<ClassRow>,
    extents: Vec<ExtentRow>,
    scatters: Vec<Chart>,
    reliabilities: Vec<Chart>,
    notes: Option<Notes>,
    side: f64,
    worst: Vec<Worst<'a>>,
    findings: Vec<String>,
    version: &'a str,
    models: Vec<(&'a str, &'a str)>,
    style: &'static str,
    own_style: &'static str,
}

#[derive(Serialize)]
struct ClassRow {
    name: &'static str,
    figures: Vec<String>,
}

#[derive(Serialize)]
struct ExtentRow {
    name: &'static str,
    figures: Vec<String>,
}

#[derive(Serialize)]
struct Chart {
    name: &'static str,
    across: &'static str,
    up: &'static str,
    end: String,
    dots: Vec<draw::Dot>,
}

#[derive(Serialize)]
struct Notes {
    /// Name and value of each figure.
    figures: Vec<(&'static str, String)>,
    bars: Vec<draw::NoteBar>,
}

fn notes(of: &NotesQuality, language: Language, say: &dyn Fn(&str) -> &'static str) -> Notes {
    let number = |it: Option<f64>| it.map_or("–".to_owned(), |it| language.number(it, 2));
    let mean = of.agreement.map(|it| it.mean_difference);
    let share = of.inside.map_or("–".to_owned(), |it| language.percent(it, 0));
    Notes {
        figures: vec![
            (say("pairs"), of.agreement.map_or(0, |it| it.n).to_string()),
            (say("notes_mean"), number(mean)),
            (say("notes_deviation"), number(of.deviation)),
            (say("notes_inside"), share),
            (say("notes_width"), number(of.width)),
            (say("notes_passes"), format!("{} ({})", number(of.passes.2), of.passes.0)),
            (say("notes_drawn_passes"), number(of.drawn_passes.2)),
        ],
        bars: draw::notes(of),
    }
}

#[derive(Serialize)]
struct Worst<'a> {
    name: &'a str,
    picture: &'a str,
    width: u32,
    height: u32,
    wrong: u64,
    outlines: Vec<draw::Outline>,
}

/// The page, whole.
///
/// # Errors
///
/// [`ReportError::Page`], which is a bug.
pub fn render(report: &EvaluationReport<'_>) -> Result<String, ReportError> {
    let EvaluationReport { title, language, evaluation: it, worst, findings, provenance } = *report;
    let t = texts::all(language);
    let say = |key: &str| t.get(key).copied().unwrap_or_default();
    let number = |it: Option<f64>| it.map_or("–".to_owned(), |it| language.number(it, 3));
    let lane = it.lane.as_ref().map(|it| ("lane", it));
    let classes = lane.into_iter().chain([("crack", &it.crack), ("pothole", &it.pothole)]);
    let extents = [
        ("cracked_frame", it.cracked.per_frame),
        ("cracked_stretch", it.cracked.per_stretch),
        ("pothole_frame", it.potholes.per_frame),
        ("pothole_stretch", it.potholes.per_stretch),
    ];
    let scatter = |name, (dots, end)| Chart {
        name: say(name),
        across: say("drawn"),
        up: say("measured"),
        end: language.percent(end, 0),
        dots,
    };
    let reliability = |name, quality: &ClassQuality| Chart {
        name: say(name),
        across: say("claimed"),
        up: say("observed"),
        end: language.number(1.0, 0),
        dots: draw::reliability(quality),
    };
    let scatters = if it.stretches.is_empty() {
        Vec::new()
    } else {
        vec![
            scatter("cracked_stretch", draw::stretches(&it.stretches, |it| it.cracked)),
            scatter("pothole_stretch", draw::stretches(&it.stretches, |it| it.pothole)),
        ]
    };
    let page = Page {
        lang: language.code(),
        title,
        frames: language.count(it.frames.len()),
        shows: number(it.shows_pothole),
        classes: classes.map(|(name, it)| class(say(name), it, &number)).collect(),
        extents: extents
            .into_iter()
            .filter_map(|(name, it)| Some(extent(say(name), &it?, language, &number)))
            .collect(),
        scatters,
        reliabilities: vec![reliability("crack", &it.crack), reliability("pothole", &it.pothole)],
        notes: it.notes.as_ref().map(|it| notes(it, language, &say)),
        side: draw::SIDE,
        worst: worst.iter().map(pictured).collect(),
        findings: findings.iter().map(|it| wording::finding(it, language)).collect(),
        version: &provenance.version,
        models: provenance.models.iter().map(|it| (&*it.name, &*it.sha256)).collect(),
        style: STYLE,
        own_style: OWN_STYLE,
        t,
    };
    fill(TEMPLATE, page)
}

fn class(
    name: &'static str,
    it: &ClassQuality,
    number: &dyn Fn(Option<f64>) -> String,
) -> ClassRow {
    let figures = [
        it.precision,
        it.recall,
        it.f1,
        it.iou,
        it.average_precision,
        it.best.map(|it| it.0),
        it.reliability.expected_error,
    ];
    ClassRow { name, figures: figures.into_iter().map(number).collect() }
}

fn extent(
    name: &'static str,
    it: &Agreement,
    language: Language,
    number: &dyn Fn(Option<f64>) -> String,
) -> ExtentRow {
    let bias = it.relative_bias.map_or("–".to_owned(), |it| language.percent(it, 1));
    let limits = [it.limits.0, it.limits.1].map(|it| language.percent(it, 1)).join(" … ");
    let figures = vec![language.count(it.n), number(it.pearson), bias, limits];
    ExtentRow { name, figures }
}

fn pictured(it: &JudgedFrame) -> Worst<'_> {
    Worst {
        name: &it.result.name,
        picture: &it.picture,
        width: it.size.0,
        height: it.size.1,
        wrong: it.result.wrong_cells(),
        outlines: draw::outlines(it),
    }
}

/// Writes the page.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write(path: &Path, report: &EvaluationReport<'_>) -> Result<(), ReportError> {
    Ok(atomic::write(path, render(report)?.as_bytes())?)
}
