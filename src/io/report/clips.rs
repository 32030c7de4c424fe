//! Each clip: when it starts and how that is known, how much of it served.

use super::page::Report;
use crate::domain::ClipOutcome;
use crate::io::wording::{self, Language, utc};
use serde::Serialize;

/// One clip.
#[derive(Serialize)]
pub(super) struct ClipRow {
    name: String,
    starts: String,
    clock: String,
    travelled: String,
    frames: String,
}

/// Every clip, in the order of the survey file.
pub(super) fn rows(report: &Report<'_>) -> Vec<ClipRow> {
    report.survey.clips.iter().map(|it| row(it, report.language)).collect()
}

fn row(clip: &ClipOutcome, language: Language) -> ClipRow {
    let starts = clip.clock.and_then(|it| utc(it.starts)).map(|it| {
        // To the tenth of a second, as people read it.
        it.get(..21).unwrap_or(&it).replace('T', " ")
    });
    let clock = clip.clock.map(|it| {
        let words = wording::clock_source(it.source, language);
        match it.sd {
            Some(sd) => format!("{words} (± {}\u{a0}s)", language.number(sd.get(), 1)),
            None => words.to_owned(),
        }
    });
    ClipRow {
        name: clip.clip.to_string(),
        starts: starts.unwrap_or_default(),
        clock: clock.unwrap_or_default(),
        travelled: language.distance(clip.travelled.get()),
        frames: format!("{} / {}", language.count(clip.n_located), language.count(clip.n_frames)),
    }
}
