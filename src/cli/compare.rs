//! `voirie compare`: two bases of one network.

use super::Setting;
use crate::domain::{Comparison, Network, Provenance, SectionRating};
use crate::io::geopackage::{Base, Step};
use crate::io::rows;
use crate::scoring::compare;
use anyhow::Context;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compares the notes of two surveys: repeatability of two passes, change between two campaigns.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// The first base (voirie.gpkg), noted.
    first: PathBuf,

    /// The second.
    second: PathBuf,

    /// The sections, as CSV.
    #[arg(long, short, default_value = "comparison.csv")]
    output: PathBuf,
}

/// Network, notes and provenance of a base.
fn read(path: &Path) -> anyhow::Result<(Network, Vec<SectionRating>, Provenance)> {
    let base = Base::open(path)?;
    let network = base.read_network()?;
    let ratings = base.read_sections(&network)?;
    let provenance = base
        .read_provenance(Step::Score)?
        .with_context(|| format!("{}: no notes, run voirie score on it first", path.display()))?;
    Ok((network, ratings, provenance))
}

impl CompareArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let (network, before, _) = read(&self.first)?;
        let (_, after, provenance) = read(&self.second)?;
        let comparison = compare(&before, &after);
        let table = rows::changes(&network);
        rows::write(&self.output, &table, &comparison.sections, &provenance)?;
        tell(&comparison, setting, out)?;
        writeln!(out, "  {}", self.output.display())?;
        let partial = comparison.rated_once != (0, 0) || comparison.unknown != (0, 0);
        Ok(ExitCode::from(u8::from(partial)))
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
