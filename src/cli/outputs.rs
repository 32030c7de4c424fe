//! The files of a run, written whole one after the other.

use super::Setting;
use crate::domain::{DefectKind, Finding, Network, NoteClasses, Provenance, SectionRating, Survey};
use crate::io::atomic::WriteError;
use crate::io::geopackage::{Base, Step};
use crate::io::report::scenarios::{self, ScenarioPage};
use crate::io::workbook::{self, ScenarioBook};
use crate::io::{geojson, report, rows};
use crate::pipeline::{Plan, Scored};
use anyhow::Context;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What the pavement model sees; everything else is "not observed".
const SEEN: [DefectKind; 7] = [
    DefectKind::LongitudinalCracking,
    DefectKind::NonWheelPathCracking,
    DefectKind::EdgeCracking,
    DefectKind::TransverseCracking,
    DefectKind::AlligatorCracking,
    DefectKind::BlockCracking,
    DefectKind::Pothole,
];

/// The kinds that were looked for: by the model, and by other surveys whose rows were taken.
pub fn kinds_seen(survey: &Survey) -> Vec<DefectKind> {
    let held: BTreeSet<DefectKind> =
        survey.cells.iter().flat_map(|it| &it.defects).map(|it| it.kind).collect();
    let is_seen = |it: &DefectKind| SEEN.contains(it) || held.contains(it);
    DefectKind::ALL.iter().copied().filter(is_seen).collect()
}

/// Name of the base in an output folder.
pub const BASE: &str = "voirie.gpkg";

/// Everything a run may have made.
pub struct Made<'a> {
    pub title: &'a str,
    pub network: &'a Network,
    pub survey: &'a Survey,
    pub scored: &'a Scored,
    pub plan: &'a Plan,
    pub classes: &'a NoteClasses,
    pub provenance: &'a Provenance,
    /// Findings of the survey, the notes and the programmes.
    pub findings: [&'a [Finding]; 3],
}

/// What was written, and why the rest was not.
#[derive(Default)]
pub struct Written {
    pub paths: Vec<PathBuf>,
    pub failures: Vec<anyhow::Error>,
}

impl Written {
    fn take(&mut self, path: PathBuf, result: anyhow::Result<()>) {
        match result {
            Ok(()) => self.paths.push(path),
            Err(why) => self.failures.push(why),
        }
    }
}

/// Writes the base and every exchange file. One that fails does not take the others with it: a
/// night of filming is worth every file that can still be had.
pub fn write_all(folder: &Path, made: &Made<'_>, setting: Setting) -> Written {
    let mut written = Written::default();
    written.take(folder.join(BASE), write_base(folder, made));
    write_files(folder, made, &mut written);
    if !made.plan.programmes.is_empty() {
        let told = Told::of(made);
        let path = folder.join("scenarios.xlsx");
        let result = workbook::write(&path, &told.book(setting)).map_err(Into::into);
        written.take(path, result);
        let path = folder.join(report::SCENARIOS);
        let result = scenarios::write(&path, &told.page(setting)).map_err(Into::into);
        written.take(path, result);
    }
    let report = folder.join("report.html");
    let result = write_report(&report, made, setting);
    written.take(report, result);
    written
}

/// What the workbook and the page of scenarios tell.
pub struct Told<'a> {
    pub title: &'a str,
    pub network: &'a Network,
    pub ratings: &'a [SectionRating],
    pub classes: &'a NoteClasses,
    pub plan: &'a Plan,
    pub provenance: &'a Provenance,
}

impl<'a> Told<'a> {
    const fn of(made: &Made<'a>) -> Self {
        let Made { title, network, scored, plan, classes, provenance, .. } = *made;
        Self { title, network, ratings: scored.ratings.as_slice(), classes, plan, provenance }
    }

    /// For the workbook.
    pub fn book(&self, setting: Setting) -> ScenarioBook<'a> {
        ScenarioBook {
            title: self.title,
            language: setting.language,
            network: self.network,
            ratings: self.ratings,
            classes: self.classes,
            programmes: &self.plan.programmes,
            indicators: &self.plan.indicators,
            outlooks: &self.plan.outlooks,
            provenance: self.provenance,
        }
    }

    /// For the page.
    pub fn page(&self, setting: Setting) -> ScenarioPage<'a> {
        ScenarioPage {
            title: self.title,
            language: setting.language,
            programmes: &self.plan.programmes,
            indicators: &self.plan.indicators,
            outlooks: &self.plan.outlooks,
            prospects: &self.plan.prospects,
            classes: self.classes,
            provenance: self.provenance,
        }
    }
}

fn write_report(path: &Path, made: &Made<'_>, setting: Setting) -> anyhow::Result<()> {
    let findings: Vec<Finding> = made.findings.concat();
    report::write(
        path,
        &report::Report {
            title: made.title,
            language: setting.language,
            network: made.network,
            survey: made.survey,
            ratings: &made.scored.ratings,
            aggregates: &made.scored.aggregates,
            classes: made.classes,
            programmes: &made.plan.programmes,
            indicators: &made.plan.indicators,
            findings: &findings,
            provenance: made.provenance,
        },
    )?;
    Ok(())
}

fn write_base(folder: &Path, made: &Made<'_>) -> anyhow::Result<()> {
    let path = folder.join(BASE);
    let mut base = Base::create(&path, made.provenance)?.titled(made.title);
    base.write_network(made.network)?;
    base.write_survey(made.network, made.survey)?;
    write_ratings(&mut base, made)?;
    write_programmes(&mut base, made)?;
    for (step, findings) in Step::ALL.into_iter().zip(made.findings) {
        base.write_findings(step, findings)?;
    }
    base.finish().context("the base")
}

/// Replaces the notes of a base.
pub fn write_ratings(base: &mut Base, made: &Made<'_>) -> anyhow::Result<()> {
    let Scored { ratings, homogeneous, aggregates } = made.scored;
    let seen = kinds_seen(made.survey);
    base.write_ratings(made.network, ratings, aggregates, made.classes, &seen)?;
    base.write_homogeneous(made.network, homogeneous, made.classes, &seen)?;
    Ok(())
}

/// Replaces the programmes of a base.
pub fn write_programmes(base: &mut Base, made: &Made<'_>) -> anyhow::Result<()> {
    let ratings: &[SectionRating] = &made.scored.ratings;
    let Plan { programmes, indicators, outlooks, .. } = made.plan;
    let told = (&**indicators, &**outlooks);
    base.write_programmes(made.network, ratings, programmes, told, made.classes)?;
    Ok(())
}

/// Writes the exchange files beside the base.
fn write_files(folder: &Path, made: &Made<'_>, written: &mut Written) {
    let Made { network, survey, scored, plan, classes, provenance, .. } = *made;
    let ratings = &scored.ratings;
    let seen = kinds_seen(survey);
    let mut put = |name: &str, write: &dyn Fn(&Path) -> Result<(), WriteError>| {
        let path = folder.join(name);
        let result = write(&path).map_err(Into::into);
        written.take(path, result);
    };
    put("sections.geojson", &|it| {
        geojson::write_sections(it, network, ratings, classes, &seen, provenance)
    });
    put("sections.csv", &|it| {
        rows::write_sections(it, network, ratings, classes, &seen, provenance)
    });
    put("homogeneous.csv", &|it| {
        rows::write_homogeneous(it, network, &scored.homogeneous, classes, &seen, provenance)
    });
    put("coverage.csv", &|it| rows::write_coverage(it, network, ratings, provenance));
    put("releve.csv", &|it| rows::write_section_defects(it, network, ratings, provenance));
    put("defects.csv", &|it| rows::write_defects(it, network, survey, provenance));
    put("frames.csv", &|it| rows::write_frames(it, network, survey, provenance));
    put("scenarios.csv", &|it| rows::write_scenarios(it, &plan.indicators, provenance));
    let Plan { programmes, outlooks, .. } = plan;
    put("scenario_years.csv", &|it| {
        rows::write_scenario_years(it, programmes, outlooks, classes, provenance)
    });
    put("scenario_doubts.csv", &|it| rows::write_scenario_doubts(it, &plan.prospects, provenance));
    put("scenario_fans.csv", &|it| rows::write_scenario_fans(it, &plan.prospects, provenance));
    put("programme.csv", &|it| rows::write_programme(it, network, ratings, programmes, provenance));
}
