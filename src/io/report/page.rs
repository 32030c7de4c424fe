//! Filling the page.

use super::template::fill;
use super::{chart, clips, details, figures, map, tables, texts};
use crate::domain::{
    Aggregates, Finding, Indicators, Network, NoteClasses, Programme, Provenance, SectionRating,
    Survey,
};
use crate::io::atomic::{self, WriteError};
use crate::io::wording::Language;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

const TEMPLATE: &str = include_str!("page.html");
pub(super) const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Name of the page of scenarios, beside the report that links to it.
pub const SCENARIOS: &str = "scenarios.html";

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The disk, or the folder.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The page and its values do not fit together: a bug.
    #[error("the report's page asks for what it is not given")]
    Page(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Everything a report tells. Programmes and indicators may be empty.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Title of the page, such as the name of the survey.
    pub title: &'a str,
    /// Language of the page.
    pub language: Language,
    /// The roads.
    pub network: &'a Network,
    /// What was seen.
    pub survey: &'a Survey,
    /// Every section, rated or not, in the network's order.
    pub ratings: &'a [SectionRating],
    /// Means of the notes.
    pub aggregates: &'a Aggregates,
    /// Classes of the notes.
    pub classes: &'a NoteClasses,
    /// One programme a scenario.
    pub programmes: &'a [Programme],
    /// The engineers' table.
    pub indicators: &'a [Indicators],
    /// What went wrong on the way.
    pub findings: &'a [Finding],
    /// Who made it.
    pub provenance: &'a Provenance,
}

impl Report<'_> {
    /// One phrase in the report's language.
    pub(super) fn text(&self, key: &str) -> String {
        texts::one(key, self.language)
    }
}

/// The values of the page, under the names its template asks for.
#[derive(Serialize)]
struct Page<'a> {
    lang: &'static str,
    t: BTreeMap<&'static str, String>,
    title: &'a str,
    lead: String,
    figures: Vec<figures::Figure>,
    classes: Vec<figures::ClassBar>,
    map: map::Map,
    details: String,
    worst: Vec<tables::Row>,
    chart: Option<chart::Chart>,
    chart_json: String,
    scenarios: Vec<tables::ScenarioRow>,
    years: Vec<tables::Years>,
    compared: &'static str,
    network_mean: tables::Means,
    by_category: tables::Means,
    by_sector: tables::Means,
    by_municipality: tables::Means,
    by_road: tables::Means,
    clips: Vec<clips::ClipRow>,
    findings: tables::Findings,
    privacy: String,
    version: &'a str,
    configuration: &'a str,
    models: Vec<(&'a str, &'a str)>,
    style: &'static str,
    script: &'static str,
}

impl<'a> Page<'a> {
    fn of(report: &Report<'a>) -> Result<Self, ReportError> {
        let stretches = map::stretches(report.ratings);
        let chart = chart::notes(report.programmes, report.language);
        let Aggregates { network, roads, categories, sectors, municipalities } = report.aggregates;
        let models = &report.provenance.models;
        Ok(Self {
            lang: report.language.code(),
            t: texts::all(report.language),
            title: report.title,
            lead: figures::lead(report),
            figures: figures::figures(report),
            classes: figures::classes(report),
            map: map::draw(report, &stretches),
            details: json(&details::details(report, &stretches))?,
            worst: tables::worst(report, &stretches),
            chart_json: json(&chart)?,
            chart,
            scenarios: tables::scenarios(report),
            years: tables::years(report),
            compared: SCENARIOS,
            network_mean: tables::means(report, std::slice::from_ref(network)),
            by_category: tables::means(report, categories),
            by_sector: tables::means(report, sectors),
            by_municipality: tables::means(report, municipalities),
            by_road: tables::means(report, roads),
            clips: clips::rows(report),
            findings: tables::findings(report),
            privacy: figures::privacy(report),
            version: &report.provenance.version,
            configuration: &report.provenance.configuration,
            models: models.iter().map(|it| (it.name.as_str(), it.sha256.as_str())).collect(),
            style: STYLE,
            script: SCRIPT,
        })
    }
}

/// The page, whole.
///
/// # Errors
///
/// [`ReportError::Page`], which is a bug.
pub fn render(report: &Report<'_>) -> Result<String, ReportError> {
    fill(TEMPLATE, Page::of(report)?)
}

/// Writes the page.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write(path: &Path, report: &Report<'_>) -> Result<(), ReportError> {
    Ok(atomic::write(path, render(report)?.as_bytes())?)
}

/// JSON that cannot end the element it stands in.
fn json<T: Serialize>(value: &T) -> Result<String, ReportError> {
    let text = serde_json::to_string(value).map_err(|it| ReportError::Page(Box::new(it)))?;
    Ok(text.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::io::rows::example;

    /// Calls with a report on the example survey.
    pub(crate) fn with_report(language: Language, check: impl FnOnce(&Report<'_>)) {
        check(&Report {
            title: "Relevé <test>",
            language,
            network: &example::network(),
            survey: &example::survey(),
            ratings: &example::ratings(),
            aggregates: &example::aggregates(),
            classes: &example::classes(),
            programmes: &example::programmes(),
            indicators: &example::indicators(),
            findings: &example::findings(),
            provenance: &example::provenance(),
        });
    }

    #[test]
    fn the_page_holds_everything_and_fetches_nothing() {
        for language in [Language::French, Language::English] {
            with_report(language, |report| {
                let page = render(report).unwrap();
                assert!(page.contains(&format!("<html lang=\"{}\"", language.code())));
                for fetched in ["http://", "https://", "src=\"//", "@import", "url("] {
                    let at = page.find(fetched).map(|it| &page[it.saturating_sub(40)..it + 40]);
                    assert_eq!(at, None, "{fetched}");
                }
                assert!(page.contains(&report.provenance.configuration));
            });
        }
    }

    #[test]
    fn words_from_outside_cannot_become_markup() {
        with_report(Language::French, |report| {
            let page = render(report).unwrap();
            assert!(page.contains("Relevé &lt;test&gt;"));
            assert!(!page.contains("<script>alert(1)"));
            let text = json(&["</script><b>"]).unwrap();
            assert_eq!(text, "[\"\\u003c/script>\\u003cb>\"]");
        });
    }

    #[test]
    fn sections_nobody_filmed_are_grey_and_said_so() {
        with_report(Language::French, |report| {
            let page = render(report).unwrap();
            assert_eq!(page.matches("class=\"un\"").count(), 1);
            assert!(page.contains("\"why\":\"non filmée\""));
        });
    }

    #[test]
    fn an_empty_survey_still_makes_a_page() {
        with_report(Language::French, |report| {
            let mut aggregates = example::aggregates();
            (aggregates.network.ng, aggregates.network.classes) = (None, Vec::new());
            let empty = Report {
                network: &Network::default(),
                survey: &Survey::default(),
                ratings: &[],
                aggregates: &aggregates,
                programmes: &[],
                indicators: &[],
                findings: &[],
                ..*report
            };
            let page = render(&empty).unwrap();
            assert!(page.contains("Aucune image retenue."));
            assert!(page.contains("Rien à signaler."));
        });
    }

    #[test]
    fn the_same_report_is_the_same_page() {
        with_report(Language::English, |report| {
            assert_eq!(render(report).unwrap(), render(report).unwrap());
        });
    }
}
