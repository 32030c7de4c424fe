//! The head of the report: what was filmed, the key numbers, the classes, privacy.

use super::colour;
use super::texts::{day, spaced};
use crate::domain::{DefectKind, Extent, FindingKind, Mean, Metres, Seconds, Validity, Weight};
use crate::io::report::Report;
use crate::io::wording::{self, Language};
use serde::Serialize;

/// One key number: what, how much, what it means.
#[derive(Serialize)]
pub(super) struct Figure {
    name: String,
    value: String,
    more: Vec<String>,
    /// Rank of the class that colours it.
    class: Option<usize>,
}

/// One class of notes.
#[derive(Serialize)]
pub(super) struct ClassBar {
    name: String,
    colour: String,
    ink: &'static str,
    /// `≥ 18`, or `< 12` for the last.
    bounds: String,
    share: Option<String>,
    /// Percent, for the bar's width.
    width: String,
}

/// The sentence under the title.
pub(super) fn lead(report: &Report<'_>) -> String {
    let language = report.language;
    let frames = &report.survey.frames;
    let times = || frames.iter().map(|it| it.time);
    let first = times().reduce(Seconds::min).and_then(|it| day(it, language));
    let last = times().reduce(Seconds::max).and_then(|it| day(it, language));
    let travelled: Metres = report.survey.clips.iter().map(|it| it.travelled).sum();
    let clips = language.counted(
        report.survey.clips.len(),
        language.pick("vidéo", "clip"),
        language.pick("vidéos", "clips"),
    );
    let frames = language.counted(
        frames.len(),
        language.pick("image retenue", "frame kept"),
        language.pick("images retenues", "frames kept"),
    );
    let distance = language.distance(travelled.get());
    let (Some(first), Some(last)) = (first, last) else {
        return language.pick("Aucune image retenue.", "No frame was kept.").to_owned();
    };
    let when = match (language, first == last) {
        (Language::French, true) => format!("parcourus le {first}"),
        (Language::French, false) => format!("parcourus du {first} au {last}"),
        (Language::English, true) => format!("driven on {first}"),
        (Language::English, false) => format!("driven from {first} to {last}"),
    };
    format!("{distance} {when}, {clips}, {frames}.")
}

/// The key numbers.
pub(super) fn figures(report: &Report<'_>) -> Vec<Figure> {
    vec![filmed(report), rated(report), mean(report), found(report), missed(report)]
}

fn plain(name: String, value: String, more: Vec<String>) -> Figure {
    Figure { name, value, more, class: None }
}

fn filmed(report: &Report<'_>) -> Figure {
    let language = report.language;
    let frames = &report.survey.frames;
    let valid = frames.iter().filter(|it| it.validity == Validity::Valid).count();
    let placed = frames.iter().filter(|it| it.place.is_some()).count();
    let travelled: Metres = report.survey.clips.iter().map(|it| it.travelled).sum();
    let of = |n: usize| format!("{} / {}", language.count(n), language.count(frames.len()));
    plain(
        report.text("filmed"),
        language.distance(travelled.get()),
        vec![
            format!("{} {}", of(valid), language.pick("images utilisables", "usable frames")),
            format!("{} {}", of(placed), language.pick("sur le réseau", "on the network")),
        ],
    )
}

fn rated(report: &Report<'_>) -> Figure {
    let language = report.language;
    let Mean { length, rated_length, .. } = report.aggregates.network;
    let share = if length.get() > 0.0 { rated_length.get() / length.get() } else { 0.0 };
    let whole = language.distance(length.get());
    let unrated = report.ratings.iter().filter(|it| it.rating.notes().is_none()).count();
    let (n_unrated, n_all) = (language.count(unrated), language.count(report.ratings.len()));
    plain(
        report.text("rated"),
        language.distance(rated_length.get()),
        vec![
            match language {
                Language::French => {
                    format!("{} des {whole} du réseau", language.percent(share, 1))
                }
                Language::English => {
                    format!("{} of the network’s {whole}", language.percent(share, 1))
                }
            },
            match language {
                Language::French => format!("{n_unrated} sections sur {n_all} sans note"),
                Language::English => format!("{n_unrated} of {n_all} sections without a note"),
            },
        ],
    )
}

fn mean(report: &Report<'_>) -> Figure {
    let language = report.language;
    let mean = &report.aggregates.network;
    let Some(ng) = mean.ng else {
        return plain(report.text("mean_ng"), "–".to_owned(), vec![report.text("no_note")]);
    };
    let halves = [("NP", mean.np), ("NU", mean.nu)];
    let halves: Vec<_> = halves
        .iter()
        .filter_map(|(name, note)| {
            Some(format!("{name} {}", language.number(note.as_ref()?.points(), 1)))
        })
        .collect();
    Figure {
        name: report.text("mean_ng"),
        value: language.number(ng.points(), 1),
        more: vec![halves.join(" · "), report.text("weighted")],
        class: Some(colour::rank(report.classes, ng)),
    }
}

/// How much of each kind was found: metres, square metres or a number.
fn found(report: &Report<'_>) -> Figure {
    let language = report.language;
    let mut kinds: Vec<(DefectKind, f64, String)> = Vec::new();
    for kind in DefectKind::ALL {
        let mine = report.survey.defects.iter().filter(|it| it.defect.kind == *kind);
        // What is expected: each as much as it is likely.
        let extents: Vec<_> = mine.map(|it| it.defect.expected(it.confidence).extent).collect();
        let Some(first) = extents.first() else { continue };
        let area: f64 = extents.iter().map(|it| it.area().get()).sum();
        let text = match first {
            Extent::Length(_) => {
                let length: f64 =
                    extents.iter().filter_map(|it| it.length()).map(Metres::get).sum();
                format!("{}\u{a0}m", language.number(length, 0))
            }
            Extent::Area(_) => format!("{}\u{a0}m²", language.number(area, 0)),
            Extent::Count(..) => {
                let number = |it: &Extent| match it {
                    Extent::Count(count, _) => *count,
                    Extent::Length(_) | Extent::Area(_) => 0.0,
                };
                language.number(extents.iter().map(number).sum(), 0)
            }
        };
        kinds.push((
            *kind,
            area,
            format!(
                "{}{}{text}",
                wording::defect(*kind, language),
                language.pick("\u{a0}: ", ": ")
            ),
        ));
    }
    kinds.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut more: Vec<_> = kinds.into_iter().take(3).map(|it| it.2).collect();
    if more.is_empty() {
        more.push(report.text("no_defects"));
    }
    plain(report.text("defects"), language.count(report.survey.defects.len()), more)
}

fn missed(report: &Report<'_>) -> Figure {
    let language = report.language;
    let losses = report.findings.iter().filter(|it| it.weight == Weight::Loss).count();
    let lost: Metres = report.survey.clips.iter().map(|it| it.lost).sum();
    let notes = language.count(report.findings.len() - losses);
    plain(
        report.text("findings"),
        language.count(losses),
        vec![
            match language {
                Language::French => {
                    format!("{}, et {notes} à savoir", if losses < 2 { "perte" } else { "pertes" })
                }
                Language::English => {
                    let word = if losses == 1 { "loss" } else { "losses" };
                    format!("{word}, and {notes} worth knowing")
                }
            },
            match language {
                Language::French => format!("{} sans position sûre", language.distance(lost.get())),
                Language::English => {
                    format!("{} without a sure place", language.distance(lost.get()))
                }
            },
        ],
    )
}

/// Each class with its share of the rated area.
pub(super) fn classes(report: &Report<'_>) -> Vec<ClassBar> {
    let language = report.language;
    let shares = &report.aggregates.network.classes;
    let n_classes = report.classes.0.len();
    let bar = |(rank, class): (usize, &crate::domain::NoteClass)| {
        let share = shares.get(rank).map(|it| it.get());
        let above = rank.checked_sub(1).map(|it| report.classes.0[it].from);
        let bounds = match above {
            Some(above) if rank + 1 == n_classes => {
                format!("< {}", language.number(above.points(), 0))
            }
            _ => format!("≥ {}", language.number(class.from.points(), 0)),
        };
        let colour = colour::checked(&class.colour);
        ClassBar {
            name: class.name.clone(),
            colour: colour.to_owned(),
            ink: colour::text_on(colour),
            bounds,
            share: share.map(|it| language.percent(it, 1)),
            width: format!("{:.2}", share.unwrap_or(0.0) * 100.0),
        }
    };
    report.classes.0.iter().enumerate().map(bar).collect()
}

/// What was hidden before anything was written.
pub(super) fn privacy(report: &Report<'_>) -> String {
    let language = report.language;
    let frames = &report.survey.frames;
    let hidden: u64 = frames.iter().map(|it| u64::from(it.redacted)).sum();
    let hidden = usize::try_from(hidden).unwrap_or(usize::MAX);
    let written = frames.iter().filter(|it| it.picture.is_some()).count();
    let failed = report.findings.iter();
    let failed = failed.filter(|it| matches!(it.kind, FindingKind::RedactionFailed { .. })).count();
    let counted = |n, one, many| language.counted(n, one, many);
    let text = match language {
        Language::French => format!(
            "Les visages et les plaques sont cherchés dans chaque image, en mémoire, et masqués \
             avant toute écriture : {}, {}, {} faute de pouvoir masquer. Aucune image brute n’est \
             conservée par le programme. La recherche est automatique : une image à diffuser reste \
             à relire.",
            counted(hidden, "masque posé", "masques posés"),
            counted(written, "image écrite", "images écrites"),
            counted(failed, "image jetée", "images jetées"),
        ),
        Language::English => format!(
            "Faces and plates are sought in every frame, in memory, and hidden before anything is \
             written: {}, {}, {} because they could not be hidden. The program keeps no raw frame. \
             The search is automatic: look over a picture before you publish it.",
            counted(hidden, "mask laid", "masks laid"),
            counted(written, "picture written", "pictures written"),
            counted(failed, "frame dropped", "frames dropped"),
        ),
    };
    spaced(&text, language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::report::page::tests::with_report;

    #[test]
    fn the_head_says_what_was_filmed_and_what_was_hidden() {
        with_report(Language::French, |report| {
            assert_eq!(
                lead(report),
                "400\u{a0}m parcourus le 12 juin 2025, 1\u{a0}vidéo, 3\u{a0}images retenues."
            );
            let said = privacy(report);
            assert!(
                said.contains("6\u{a0}masques") && said.contains("1\u{a0}image jetée"),
                "{said}"
            );
            let figures = figures(report);
            assert_eq!(figures[1].value, "400\u{a0}m");
            assert_eq!(figures[1].more[0], "66,7\u{a0}% des 600\u{a0}m du réseau");
            assert_eq!((figures[2].value.as_str(), figures[2].class), ("15,4", Some(2)));
            assert_eq!(figures[3].more[0], "faïençage\u{a0}: 49\u{a0}m²");
        });
    }

    #[test]
    fn the_last_class_is_said_by_what_it_lies_under() {
        with_report(Language::English, |report| {
            let bars = classes(report);
            assert_eq!((bars[0].bounds.as_str(), bars[4].bounds.as_str()), ("≥ 18", "< 12"));
            assert_eq!(bars[0].share.as_deref(), Some("50.0%"));
        });
    }
}
