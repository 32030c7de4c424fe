//! `voirie ask`: what it would take for a section to have works in a year.

use super::Setting;
use super::bars::Bars;
use super::noted::Noted;
use crate::domain::{Question, SectionId};
use crate::io::report::question;
use crate::pipeline;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Says what it would take for a section to have works in a year: what suits it then and why the rest does not,
/// how much more money brings it in, what imposing it costs and which works make way. Writes no file.
#[derive(Debug, clap::Args)]
pub struct AskArgs {
    /// What `score` wrote.
    base: PathBuf,

    /// Budgets to try (TOML).
    scenarios: PathBuf,

    /// Name of the scenario.
    #[arg(long, value_name = "NAME")]
    scenario: String,

    /// Name of the section, such as D817-U-000400.
    #[arg(long, value_name = "ID")]
    section: String,

    /// A year of the programme.
    #[arg(long)]
    year: i32,

    /// The works that would be imposed, whether they suit or not; the most suitable by default.
    #[arg(long, value_name = "NAME")]
    treatment: Option<String>,

    /// A survey file or any TOML that overrides the defaults.
    #[arg(long)]
    settings: Option<PathBuf>,

    /// One JSON object on standard output, and no text.
    #[arg(long)]
    json: bool,
}

impl AskArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let noted = Noted::read(&self.base, &self.scenarios, self.settings.as_deref())?;
        let Noted { file, scenarios, commitments, network, ratings, provenance } = noted;
        let asked = Question {
            scenario: self.scenario.clone(),
            section: SectionId::from_text(&self.section),
            year: self.year,
            treatment: self.treatment.clone(),
        };
        let bars = Bars::new(setting.quiet);
        let given = (&*scenarios, commitments);
        let answer = pipeline::ask(&network, &ratings, given, &asked, &file.world(), &bars);
        bars.finish();
        let answer = answer?;
        if self.json {
            writeln!(out, "{}", question::object(&answer, &provenance))?;
        } else {
            for line in question::lines(&answer, setting.language) {
                writeln!(out, "{line}")?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
