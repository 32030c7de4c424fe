//! `voirie survey`: film only.

use super::Setting;
use super::bars::Bars;
use super::boundaries::divided;
use super::job::{load, make_output, provenance, read_network, tell};
use super::outputs::BASE;
use super::resume::{RunKey, journal};
use crate::io::config;
use crate::io::geopackage::{Base, Step};
use crate::io::journal::JournalFile;
use crate::io::pictures::JpegFolder;
use crate::pipeline;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Films every clip of a survey file into a base.
#[derive(Debug, clap::Args)]
pub struct SurveyArgs {
    /// The survey file (TOML).
    file: PathBuf,

    /// Folder for the base and the frames.
    #[arg(long, short, default_value = "out")]
    output: PathBuf,
}

impl SurveyArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let file = config::read(&self.file)?;
        let mut findings = Vec::new();
        let network = read_network(&file)?.drain_into(&mut findings);
        let network = divided(network, &file)?.drain_into(&mut findings);
        let loaded = load(file.models.as_deref())?;
        make_output(&self.output, &file)?;
        let bars = Bars::new(setting.quiet);
        let sink = JpegFolder::new(&self.output, file.survey.privacy.jpeg_quality);
        let journal = journal(&self.output, setting)?;
        let key = RunKey::of(&provenance(&file, Some(&loaded)), &loaded, &network, &file)?;
        let clips = file.clips.iter().map(|it| key.open(it, &file));
        let models = loaded.models();
        let survey =
            pipeline::survey(clips, &models, &network, &file.survey, &sink, &journal, &bars);
        bars.finish();
        let survey = survey.drain_into(&mut findings);
        let path = self.output.join(BASE);
        let write = |journal: JournalFile| -> anyhow::Result<()> {
            let base = Base::create(&path, &provenance(&file, Some(&loaded)))?;
            let mut base = base.titled(&file.title);
            base.write_network(&network)?;
            base.write_survey(&network, &survey)?;
            base.write_findings(Step::Survey, &findings)?;
            base.finish()?;
            sink.finish()?;
            Ok(journal.finish()?)
        };
        // What was found may say why nothing could be written: it is told in any case.
        let written = write(journal);
        let code = tell(&findings, setting);
        written?;
        writeln!(out, "{}", path.display())?;
        Ok(code)
    }
}
