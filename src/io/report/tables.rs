//! The tables of the report.

use super::colour;
use super::details::{lines, place};
use super::map::Stretch;
use crate::domain::{
    Envelopes, Indicators, Mean, Objective, Programme, Score, SectionRating, Weight, Worth,
};
use crate::io::report::Report;
use crate::io::wording::{self, Language};
use serde::Serialize;

/// Sections listed as the worst.
///
/// Chosen: two printed pages; the base and `sections.csv` hold them all.
const WORST: usize = 40;

/// Findings printed of each weight; the base holds them all.
const MOST_FINDINGS: usize = 200;

/// One of the worst sections.
#[derive(Serialize)]
pub(super) struct Row {
    /// Rank in the details, for the map.
    rank: usize,
    place: String,
    length: String,
    class: usize,
    /// Three notes: to sort by, to read.
    notes: [(String, String); 3],
    /// Where the true note is said to lie.
    interval: String,
    coverage: (String, String),
    defects: String,
}

/// « 8,2 – 13,5 »: where the true note lies, nine times in ten by default.
pub(super) fn between(rating: &SectionRating, language: Language) -> Option<String> {
    let it = rating.rating.interval()?;
    let [low, high] = [it.low, it.high].map(|it| language.number(it.points(), 1));
    Some(format!("{low}\u{a0}–\u{a0}{high}"))
}

/// The rated sections with the lowest notes, the lowest first.
pub(super) fn worst(report: &Report<'_>, stretches: &[Stretch]) -> Vec<Row> {
    let language = report.language;
    let mut rated: Vec<_> = stretches
        .iter()
        .enumerate()
        .filter_map(|(rank, stretch)| {
            let rating = &report.ratings[stretch.sections.0];
            Some((rank, stretch, rating, rating.rating.notes()?))
        })
        .collect();
    rated.sort_by(|a, b| a.3.ng.points().total_cmp(&b.3.ng.points()).then(a.0.cmp(&b.0)));
    let shown = |note: Score| (format!("{:.4}", note.points()), language.number(note.points(), 1));
    rated
        .into_iter()
        .take(WORST)
        .map(|(rank, stretch, rating, notes)| {
            let valid = rating.rating.coverage().valid.get();
            let defects = lines(rating, language).into_iter().take(3);
            let defects: Vec<_> = defects
                .map(|[name, severity, extent]| format!("{name} ({severity}) {extent}"))
                .collect();
            Row {
                rank,
                place: place(report, stretch),
                length: language.distance(rating.distress.section.length().get()),
                class: colour::rank(report.classes, notes.ng),
                notes: [shown(notes.ng), shown(notes.np), shown(notes.nu)],
                interval: between(rating, language).unwrap_or_default(),
                coverage: (format!("{valid:.4}"), language.percent(valid, 0)),
                defects: defects.join(", "),
            }
        })
        .collect()
}

/// One row of the engineers' table.
#[derive(Serialize)]
pub(super) struct ScenarioRow {
    name: String,
    colour: &'static str,
    /// Whether its line is broken, because the colours ran out.
    dashed: bool,
    budget: String,
    selection: String,
    gain: String,
    gap: String,
    start: String,
    end: String,
    highest: String,
    lowest: String,
    mean: String,
    spent: String,
    observations: String,
}

/// The engineers' table: DOMAIN.md section 9.1.
pub(super) fn scenarios(report: &Report<'_>) -> Vec<ScenarioRow> {
    let language = report.language;
    let note = |it: Score| language.number(it.points(), 2);
    let in_year = |(score, year): (Score, i32)| format!("{} ({year})", note(score));
    let row = |(rank, it): (usize, &Indicators)| {
        // Colours follow the programmes, as in the chart.
        let drawn = report.programmes.iter().position(|p| p.scenario.name == it.name);
        let (colour, dash) = colour::of_scenario(drawn.unwrap_or(rank));
        ScenarioRow {
            name: it.name.clone(),
            colour,
            dashed: dash != "none",
            budget: it.words.clone(),
            selection: wording::chosen(it.selection, it.worth.objective, language),
            gain: gain(it.worth, language),
            gap: it.worth.gap().map(|it| language.percent(it, 2)).unwrap_or_default(),
            start: note(it.ng_start),
            end: note(it.ng_end),
            highest: in_year(it.highest),
            lowest: it.lowest.map(in_year).unwrap_or_default(),
            mean: note(it.mean),
            spent: money(it.spent.get(), language),
            observations: it.observations.clone(),
        }
    };
    report.indicators.iter().enumerate().map(row).collect()
}

/// What a programme gains, in its unit; by condition too when that is not what it serves.
fn gain(it: Worth, language: Language) -> String {
    let gain = wording::gain(it.gain, it.objective, 2, language);
    if it.objective == Objective::Condition {
        return gain;
    }
    format!("{gain} ({})", wording::gain(it.condition, Objective::Condition, 2, language))
}

/// Millions from a million, whole euros below.
pub(super) fn money(euros: f64, language: Language) -> String {
    if euros.abs() >= 1.0e6 {
        format!("{}\u{a0}M€", language.number(euros / 1.0e6, 2))
    } else {
        format!("{}\u{a0}€", language.number(euros, 0))
    }
}

/// The years of one programme.
#[derive(Serialize)]
pub(super) struct Years {
    name: String,
    colour: &'static str,
    /// Whether its line is broken, because the colours ran out.
    dashed: bool,
    rows: Vec<YearRow>,
}

#[derive(Serialize)]
struct YearRow {
    year: i32,
    ng: String,
    investment: String,
    maintenance: String,
    treated: String,
    /// Rank, percent wide.
    classes: Vec<(usize, String)>,
}

/// Year by year, for each programme.
pub(super) fn years(report: &Report<'_>) -> Vec<Years> {
    let language = report.language;
    let thousands = |it: f64| language.number(it / 1000.0, 0);
    let pair = |spent: &Envelopes, offered: &Envelopes| {
        [
            format!(
                "{} / {}",
                thousands(spent.investment.get()),
                thousands(offered.investment.get())
            ),
            format!(
                "{} / {}",
                thousands(spent.maintenance.get()),
                thousands(offered.maintenance.get())
            ),
        ]
    };
    let of = |(rank, programme): (usize, &Programme)| Years {
        name: programme.scenario.name.clone(),
        colour: colour::of_scenario(rank).0,
        dashed: colour::of_scenario(rank).1 != "none",
        rows: programme
            .yearly
            .iter()
            .map(|it| {
                let [investment, maintenance] = pair(&it.spent, &(it.offered + it.carried));
                let widths = it.classes.iter().map(|it| format!("{:.1}", it.get() * 100.0));
                YearRow {
                    year: it.year,
                    ng: language.number(it.ng.points(), 2),
                    investment,
                    maintenance,
                    treated: language.distance(it.treated.get()),
                    classes: widths.enumerate().collect(),
                }
            })
            .collect(),
    };
    report.programmes.iter().enumerate().map(of).collect()
}

/// One mean.
#[derive(Serialize)]
pub(super) struct MeanRow {
    name: String,
    rated: String,
    share: String,
    class: Option<usize>,
    notes: [Option<String>; 3],
    /// Rank, percent wide.
    classes: Vec<(usize, String)>,
}

/// Some means, and how many more have no note at all.
#[derive(Serialize)]
pub(super) struct Means {
    rows: Vec<MeanRow>,
    unrated: Option<String>,
}

/// A table of means. Those without a note are counted, not listed, when they are many.
pub(super) fn means(report: &Report<'_>, means: &[Mean]) -> Means {
    let language = report.language;
    // Chosen: a short table may well show its gaps; a list of 400 unfilmed roads hides the rest.
    let few = means.len() <= 12;
    let note = |it: Option<Score>| it.map(|it| language.number(it.points(), 1));
    let rows = means
        .iter()
        .filter(|it| few || it.ng.is_some())
        .map(|it| MeanRow {
            name: it.name.clone(),
            rated: language.distance(it.rated_length.get()),
            share: language.percent(it.rated_share().get(), 0),
            class: it.ng.map(|it| colour::rank(report.classes, it)),
            notes: [note(it.ng), note(it.np), note(it.nu)],
            classes: it
                .classes
                .iter()
                .map(|it| format!("{:.1}", it.get() * 100.0))
                .enumerate()
                .collect(),
        })
        .collect();
    let unrated = if few { 0 } else { means.iter().filter(|it| it.ng.is_none()).count() };
    let count = language.count(unrated);
    Means {
        rows,
        unrated: (unrated > 0).then(|| match language {
            Language::French => format!("{count} autres n’ont aucune section notée."),
            Language::English => format!("{count} others have no rated section."),
        }),
    }
}

/// What was found, in sentences.
#[derive(Serialize)]
pub(super) struct Findings {
    losses: Vec<String>,
    notes: Vec<String>,
    /// How many more there are.
    more: Option<String>,
}

/// Findings by weight, in their order.
pub(super) fn findings(report: &Report<'_>) -> Findings {
    let language = report.language;
    let of = |weight: Weight| {
        let mine = report.findings.iter().filter(move |it| it.weight == weight);
        mine.map(|it| wording::finding(it, language)).collect::<Vec<_>>()
    };
    let (mut losses, mut notes) = (of(Weight::Loss), of(Weight::Note));
    let more =
        losses.len().saturating_sub(MOST_FINDINGS) + notes.len().saturating_sub(MOST_FINDINGS);
    losses.truncate(MOST_FINDINGS);
    notes.truncate(MOST_FINDINGS);
    let count = language.count(more);
    let more = (more > 0).then(|| match language {
        Language::French => format!("… et {count} autres, dans la table findings de la base."),
        Language::English => format!("… and {count} more, in the base’s table findings."),
    });
    Findings { losses, notes, more }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::report::map::stretches;
    use crate::io::report::page::tests::with_report;

    #[test]
    fn the_worst_come_first_and_the_unrated_never() {
        with_report(Language::French, |report| {
            let rows = worst(report, &stretches(report.ratings));
            assert_eq!(rows.iter().map(|it| it.rank).collect::<Vec<_>>(), [0, 1]);
            assert!(rows[0].defects.starts_with("faïençage (marqué) 54,0\u{a0}m²"));
        });
    }

    #[test]
    fn roads_nobody_filmed_have_no_mean() {
        with_report(Language::French, |report| {
            let table = means(report, &report.aggregates.roads);
            assert_eq!(table.rows[0].notes[0].as_deref(), Some("15,4"));
            assert_eq!(table.rows[1].notes, [None, None, None]);
            let many = vec![report.aggregates.roads[1].clone(); 13];
            let table = means(report, &many);
            assert!(table.rows.is_empty());
            assert_eq!(table.unrated.as_deref(), Some("13 autres n’ont aucune section notée."));
        });
    }

    #[test]
    fn money_is_read_in_millions_from_a_million() {
        assert_eq!(money(172_554_000.0, Language::French), "172,55\u{a0}M€");
        assert_eq!(money(15_600.0, Language::French), "15\u{202f}600\u{a0}€");
    }
}
