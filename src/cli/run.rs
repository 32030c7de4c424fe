//! `voirie run`: a whole survey file.

use super::Setting;
use super::bars::Bars;
use super::boundaries::divided;
use super::job::{load, make_output, provenance, read_network, tell};
use super::outputs::{Made, write_all};
use super::resume::{RunKey, journal};
use crate::domain::{Commitments, Finding, FindingKind, Reported, Scenario};
use crate::io::config::{self, SurveyFile};
use crate::io::pictures::JpegFolder;
use crate::io::scenarios;
use crate::io::wording;
use crate::pipeline::{self, Plan};
use anyhow::Context;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Films, notes and programmes everything that a survey file names.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// The survey file (TOML): clips, tracks, network, camera, scenarios.
    file: PathBuf,

    /// Folder for the results.
    #[arg(long, short, default_value = "out")]
    output: PathBuf,
}

impl RunArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let file = config::read(&self.file)?;
        whole(&file, &self.output, setting, out)
    }
}

/// The scenarios of a survey file, or none.
pub fn read_scenarios(
    path: Option<&Path>,
    file: &SurveyFile,
) -> anyhow::Result<(Vec<Scenario>, Commitments)> {
    let Some(path) = path.or(file.scenarios.as_deref()) else { return Ok(Default::default()) };
    let read = scenarios::read(path, file.years, file.rules.selection).context("the scenarios")?;
    Ok((read.scenarios, read.commitments))
}

/// Everything, from clips to report.
pub fn whole(
    file: &SurveyFile,
    output: &Path,
    setting: Setting,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    // Every input that can be refused is read before the first frame is decoded.
    let Reported { value, findings: mut filming } = read_network(file)?;
    let network = divided(value, file)?.drain_into(&mut filming);
    let (scenarios, commitments) = read_scenarios(None, file)?;
    pipeline::settings_fit(&network, &scenarios, &file.grid, &file.world())?;
    let loaded = load(file.models.as_deref())?;
    make_output(output, file)?;
    let provenance = provenance(file, Some(&loaded));
    let bars = Bars::new(setting.quiet);
    let sink = JpegFolder::new(output, file.survey.privacy.jpeg_quality);
    let journal = journal(output, setting)?;
    let key = RunKey::of(&provenance, &loaded, &network, file)?;
    let clips = file.clips.iter().map(|it| key.open(it, file));
    let models = loaded.models();
    let survey = pipeline::survey(clips, &models, &network, &file.survey, &sink, &journal, &bars);
    bars.finish();
    let survey = survey.drain_into(&mut filming);
    let mut noting = Vec::new();
    let scored = pipeline::score(&network, &survey, &file.grid).drain_into(&mut noting);
    let mut programming = Vec::new();
    let classes = &file.grid.classes;
    let plan = pipeline::plan(
        &network,
        &scored.ratings,
        &scenarios,
        commitments,
        file.doubt,
        &file.world(),
        &bars,
    );
    bars.finish();
    let plan = if let Ok(plan) = plan {
        plan.drain_into(&mut programming)
    } else {
        // Nothing was rated: the findings of the survey say why, and must reach the user.
        let n_sections = scored.ratings.len();
        let kind = FindingKind::SectionWithoutNote { n_sections };
        programming.push(Finding::note("", kind));
        Plan::default()
    };
    let made = Made {
        title: &file.title,
        network: &network,
        survey: &survey,
        scored: &scored,
        plan: &plan,
        classes,
        provenance: &provenance,
        findings: [&filming, &noting, &programming],
    };
    let findings = made.findings.concat();
    let mut written = write_all(output, &made, setting);
    if written.failures.is_empty() {
        written.failures.extend(sink.finish().err().map(Into::into));
    }
    if written.failures.is_empty() {
        written.failures.extend(journal.finish().err().map(Into::into));
    }
    // Standard output may be closed: what was found, and what could not be written, is told first.
    let said = summary(&made, &written.paths, setting, out);
    let code = tell(&findings, setting);
    all_written(written.failures)?;
    said.map(|()| code)
}

/// The first reason why an output is missing; the others are told at once.
#[expect(clippy::print_stderr, reason = "messages go to standard error")]
fn all_written(failures: Vec<anyhow::Error>) -> anyhow::Result<()> {
    let mut failures = failures.into_iter();
    let Some(first) = failures.next() else { return Ok(()) };
    for other in failures {
        eprintln!("{other:#}");
    }
    Err(first)
}

/// A few lines that say what was done and where to look.
fn summary(
    made: &Made<'_>,
    written: &[PathBuf],
    setting: Setting,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let say = |fr, en| setting.language.pick(fr, en);
    let travelled: f64 = made.survey.clips.iter().map(|it| it.travelled.get()).sum();
    let rated = made.scored.ratings.iter().filter(|it| it.rating.notes().is_some()).count();
    let hidden: u32 = made.survey.frames.iter().map(|it| it.redacted).sum();
    writeln!(
        out,
        "{}: {}, {} {}, {} {}",
        say("Filmé", "Filmed"),
        setting.language.distance(travelled),
        made.survey.frames.len(),
        say("images", "frames"),
        made.survey.defects.len(),
        say("défauts", "defects"),
    )?;
    writeln!(out, "{}: {hidden}", say("Visages et plaques masqués", "Faces and plates hidden"))?;
    writeln!(
        out,
        "{}: {rated} / {}{}",
        say("Sections notées", "Sections rated"),
        made.scored.ratings.len(),
        made.scored.aggregates.network.ng.map_or(String::new(), |it| {
            format!(", NG {}", setting.language.number(it.points(), 2))
        }),
    )?;
    for row in &made.plan.indicators {
        writeln!(
            out,
            "  {:<6} {:<44} NG {} -> {}  {} {} M€, {}",
            row.name,
            row.words,
            setting.language.number(row.ng_start.points(), 2),
            setting.language.number(row.ng_end.points(), 2),
            say("dépensé", "spent"),
            setting.language.number(row.spent.get() / 1.0e6, 3),
            wording::chosen(row.selection, row.worth.objective, setting.language),
        )?;
    }
    writeln!(out, "{}:", say("À regarder", "Where to look"))?;
    for path in written.iter().rev() {
        writeln!(out, "  {}", path.display())?;
    }
    Ok(())
}
