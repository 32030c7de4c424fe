//! `voirie score`: notes from a base.

use super::Setting;
use super::boundaries::divided;
use super::job::{provenance, tell};
use super::outputs::kinds_seen;
use crate::domain::Provenance;
use crate::io::config::{self, SurveyFile};
use crate::io::geojson;
use crate::io::geopackage::{Base, OpenBase, Step};
use crate::pipeline;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Cuts the network of a base into sections and notes each, from 0 to 20.
#[derive(Debug, clap::Args)]
pub struct ScoreArgs {
    /// What `survey` wrote.
    base: PathBuf,

    /// A survey file or any TOML that overrides the defaults.
    #[arg(long)]
    settings: Option<PathBuf>,
}

/// Version and configuration of this step, with the models of the survey.
pub fn keep_models(file: &SurveyFile, base: &OpenBase) -> anyhow::Result<Provenance> {
    let earlier = base.read_provenance(Step::Survey)?;
    let models = earlier.map(|it| it.models).unwrap_or_default();
    Ok(Provenance { models, ..provenance(file, None) })
}

impl ScoreArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let file = config::with_defaults(self.settings.as_deref())?;
        let base = Base::open(&self.base)?;
        let network = base.read_network()?;
        let survey = base.read_survey(&network)?;
        let provenance = keep_models(&file, &base)?;
        drop(base);
        let mut findings = Vec::new();
        let network = divided(network, &file)?.drain_into(&mut findings);
        let scored = pipeline::score(&network, &survey, &file.grid).drain_into(&mut findings);
        let classes = &file.grid.classes;
        let seen = kinds_seen(&survey);
        let mut base = Base::update(&self.base, &provenance)?;
        base.write_areas(&network)?;
        base.write_ratings(&network, &scored.ratings, &scored.aggregates, classes, &seen)?;
        base.write_homogeneous(&network, &scored.homogeneous, classes, &seen)?;
        base.write_findings(Step::Score, &findings)?;
        base.finish()?;
        geojson::put_sections(out, &network, &scored.ratings, classes, &seen, &provenance)?;
        Ok(tell(&findings, setting))
    }
}
