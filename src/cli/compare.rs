//! `voirie compare`: two bases of one network.

use super::job::{self, provenance};
use super::{Setting, referential};
use crate::domain::{Comparison, Finding, ModelMark, Network, Provenance, ScoringGrid, Survey};
use crate::io::config;
use crate::io::geopackage::{Base, Step};
use crate::io::rows;
use crate::pipeline;
use crate::scoring::compare;
use anyhow::Context;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compares two surveys: repeatability of two passes, change between two campaigns.
///
/// Both are noted again over the ground that both saw, by the same rules.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// The first base (voirie.gpkg), noted.
    first: PathBuf,

    /// The second.
    second: PathBuf,

    /// A survey file or any TOML that overrides the defaults, for the notes.
    #[arg(long)]
    settings: Option<PathBuf>,

    /// The sections, as CSV.
    #[arg(long, short, default_value = "comparison.csv")]
    output: PathBuf,
}

/// Network and survey of a base, and the models it was made with.
fn read(path: &Path) -> anyhow::Result<(Network, Survey, Vec<ModelMark>)> {
    let base = Base::open(path)?;
    let network = base.read_network()?;
    let survey = base.read_survey(&network)?;
    let provenance = base
        .read_provenance(Step::Survey)?
        .with_context(|| format!("{}: no survey, run voirie survey first", path.display()))?;
    Ok((network, survey, provenance.models))
}

/// Two surveys of one network, noted again over the ground that both saw.
pub struct Twice {
    /// The network of the first.
    pub network: Network,
    /// Section by section.
    pub comparison: Comparison,
    /// Models of the second.
    pub models: Vec<ModelMark>,
    /// Whether the networks are of two versions.
    pub told: Option<Finding>,
}

impl Twice {
    /// Reads two bases, and compares them by the notes of the settings.
    pub fn read(first: &Path, second: &Path, grid: &ScoringGrid) -> anyhow::Result<Self> {
        let (network, before, _) = read(first)?;
        let (later, after, models) = read(second)?;
        let place = second.display().to_string();
        let told = referential::differ(&place, network.version(), later.version());
        let (before, after) = pipeline::common((&network, &before), (&later, &after));
        let rated = |network, survey| pipeline::score(network, survey, grid).value.ratings;
        let comparison = compare(&rated(&network, &before), &rated(&later, &after));
        Ok(Self { network, comparison, models, told })
    }
}

impl CompareArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let file = config::with_defaults(self.settings.as_deref())?;
        let Twice { network, comparison, models, told } =
            Twice::read(&self.first, &self.second, &file.grid)?;
        let provenance = Provenance { models, ..provenance(&file, None) };
        let table = rows::changes(&network);
        rows::write(&self.output, &table, &comparison.sections, &provenance)?;
        tell(&comparison, setting, out)?;
        writeln!(out, "  {}", self.output.display())?;
        let partial = comparison.rated_once != (0, 0) || comparison.unknown != (0, 0);
        let code = job::tell(told.as_slice(), setting);
        Ok(if partial { ExitCode::from(1) } else { code })
    }
}

fn tell(it: &Comparison, setting: Setting, out: &mut dyn Write) -> anyhow::Result<()> {
    let language = setting.language;
    let say = |fr, en| language.pick(fr, en);
    let number = |it: Option<f64>| it.map_or("–".to_owned(), |it| language.number(it, 2));
    writeln!(
        out,
        "{}: {}",
        say("Sections notées par les deux relevés", "Sections rated by both surveys"),
        it.sections.len()
    )?;
    writeln!(
        out,
        "{}: {}  {}: {}",
        say("NG, écart moyen", "NG, mean difference"),
        number(it.mean),
        say("écart-type", "standard deviation"),
        number(it.deviation)
    )?;
    for (counts, words) in [
        (it.rated_once, say("notées par un seul", "rated by one only")),
        (it.unknown, say("absentes de l’autre", "absent from the other")),
    ] {
        if counts != (0, 0) {
            writeln!(out, "  {words}: {} / {}", counts.0, counts.1)?;
        }
    }
    Ok(())
}
