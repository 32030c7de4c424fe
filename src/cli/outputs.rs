//! The files of a run, written whole one after the other.

use super::Setting;
use crate::domain::{DefectKind, Finding, Network, NoteClasses, Provenance, SectionRating, Survey};
use crate::io::geopackage::{Base, Step};
use crate::io::{geojson, report, rows};
use crate::pipeline::{Plan, Scored};
use anyhow::Context;
use std::path::{Path, PathBuf};

/// What the pavement model sees; everything else is "not observed".
pub const SEEN: [DefectKind; 4] = [
    DefectKind::LongitudinalCracking,
    DefectKind::TransverseCracking,
    DefectKind::AlligatorCracking,
    DefectKind::Pothole,
];

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

/// Writes the base and every exchange file; gives their paths.
pub fn write_all(folder: &Path, made: &Made<'_>, setting: Setting) -> anyhow::Result<Vec<PathBuf>> {
    let base = write_base(folder, made)?;
    let mut written = vec![base];
    written.extend(write_files(folder, made)?);
    let report = folder.join("report.html");
    let findings: Vec<Finding> = made.findings.concat();
    report::write(
        &report,
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
    written.push(report);
    Ok(written)
}

fn write_base(folder: &Path, made: &Made<'_>) -> anyhow::Result<PathBuf> {
    let path = folder.join(BASE);
    let mut base = Base::create(&path, made.provenance)?;
    base.write_network(made.network)?;
    base.write_survey(made.network, made.survey)?;
    write_ratings(&mut base, made)?;
    write_programmes(&mut base, made)?;
    for (step, findings) in Step::ALL.into_iter().zip(made.findings) {
        base.write_findings(step, findings)?;
    }
    base.finish().context("the base")?;
    Ok(path)
}

/// Replaces the notes of a base.
pub fn write_ratings(base: &mut Base, made: &Made<'_>) -> anyhow::Result<()> {
    let Scored { ratings, aggregates } = made.scored;
    base.write_ratings(made.network, ratings, aggregates, made.classes, &SEEN)?;
    Ok(())
}

/// Replaces the programmes of a base.
pub fn write_programmes(base: &mut Base, made: &Made<'_>) -> anyhow::Result<()> {
    let ratings: &[SectionRating] = &made.scored.ratings;
    let Plan { programmes, indicators } = made.plan;
    base.write_programmes(made.network, ratings, programmes, indicators, made.classes)?;
    Ok(())
}

/// Writes the exchange files beside the base.
pub fn write_files(folder: &Path, made: &Made<'_>) -> anyhow::Result<Vec<PathBuf>> {
    let Made { network, survey, scored, plan, classes, provenance, .. } = made;
    let ratings = &scored.ratings;
    let names = [
        "sections.geojson",
        "sections.csv",
        "releve.csv",
        "defects.csv",
        "frames.csv",
        "scenarios.csv",
    ];
    let [geo, sections, sheet, defects, frames, scenarios] = names.map(|it| folder.join(it));
    geojson::write_sections(&geo, network, ratings, classes, &SEEN, provenance)?;
    rows::write_sections(&sections, network, ratings, classes, &SEEN, provenance)?;
    rows::write_section_defects(&sheet, network, ratings, provenance)?;
    rows::write_defects(&defects, network, survey, provenance)?;
    rows::write_frames(&frames, network, survey, provenance)?;
    rows::write_scenarios(&scenarios, &plan.indicators, provenance)?;
    Ok(vec![geo, sections, sheet, defects, frames, scenarios])
}
