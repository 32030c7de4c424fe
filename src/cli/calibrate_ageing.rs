//! `voirie calibrate-ageing`: the ageing law of two campaigns, or of a published table of scenarios.

mod campaigns;
mod table;

use super::Setting;
use super::compare::Twice;
use super::job::{self, provenance};
use crate::domain::{AgeingLaw, Provenance};
use crate::io::{ageing, config, renewed, scenarios};
use crate::planning::calibration::{
    Searches, SectionPair, fit, fit_campaigns, held_out, judge, profile,
};
use anyhow::Context;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Years between two campaigns that are taken. Chosen: less is noise, more outlives most surfaces.
const YEARS: (f64, f64) = (0.5, 30.0);

/// Fits the ageing law to the sections that two campaigns measured, or to a table of scenarios that
/// somebody published. Says how far it is from them, and what they do not tell; writes settings to be
/// given back with --settings.
#[derive(Debug, clap::Args)]
pub struct CalibrateAgeingArgs {
    /// The base of the first campaign (voirie.gpkg), noted.
    #[arg(required_unless_present = "table", requires = "second")]
    first: Option<PathBuf>,

    /// The base of the second.
    #[arg(requires = "years")]
    second: Option<PathBuf>,

    /// Years from the first campaign to the second, such as 3,5.
    #[arg(long, value_parser = years, requires = "first")]
    years: Option<f64>,

    /// Sections that were renewed, as CSV: `id`, and `age_ans` at the second campaign.
    #[arg(long, requires = "first")]
    renewed: Option<PathBuf>,

    /// A published table of scenarios (TOML), such as samples/haute-garonne.toml.
    #[arg(long, conflicts_with = "first")]
    table: Option<PathBuf>,

    /// Predicts each scenario of the table from the others, too.
    #[arg(long, requires = "table")]
    held_out: bool,

    /// A survey file or any TOML that overrides the defaults: notes, and the law to start from.
    #[arg(long)]
    settings: Option<PathBuf>,

    /// Seed of searches and of draws; the same gives the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The settings to write.
    #[arg(long, short, default_value = "ageing.toml")]
    output: PathBuf,
}

fn years(text: &str) -> Result<f64, String> {
    let years: f64 = text.replace(',', ".").parse().map_err(|why| format!("{text:?}: {why}"))?;
    let (low, high) = YEARS;
    let good = (low..=high).contains(&years);
    good.then_some(years).ok_or_else(|| format!("{years}, expected {low} to {high} years"))
}

impl CalibrateAgeingArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let file = config::with_defaults(self.settings.as_deref())?;
        if let Some(path) = &self.table {
            let lines = self.of_table(path, &file.ageing, &provenance(&file, None), setting)?;
            return self.say(&lines, ExitCode::SUCCESS, setting, out);
        }
        // The command line does not come without all three.
        let given = self.first.as_deref().zip(self.second.as_deref()).zip(self.years);
        let ((first, second), years) = given.context("two bases and --years are expected")?;
        let twice = Twice::read(first, second, &file.grid)?;
        let ages = self.renewed.as_deref().map(renewed::read).transpose()?.unwrap_or_default();
        let pairs: Vec<SectionPair> = twice
            .comparison
            .sections
            .iter()
            .map(|it| SectionPair {
                road: it.road,
                category: twice.network.roads()[it.road].category,
                before: it.notes.0.ng,
                after: it.notes.1.ng,
                renewed: ages.get(&it.section).copied(),
            })
            .collect();
        let fitted = fit_campaigns(&pairs, years, &file.ageing, self.seed)?;
        let measured: BTreeSet<_> =
            twice.comparison.sections.iter().map(|it| &it.section).collect();
        let left_out = campaigns::LeftOut {
            rated_once: twice.comparison.rated_once,
            unknown: twice.comparison.unknown,
            renewals: ages.keys().filter(|it| !measured.contains(it)).count(),
        };
        let lines = campaigns::lines(&fitted, years, &left_out, setting.language);
        let provenance = Provenance { models: twice.models, ..provenance(&file, None) };
        ageing::write_law(&self.output, &fitted.law, &lines, &provenance)?;
        let code = job::tell(twice.told.as_slice(), setting);
        let whole = left_out.nothing() && campaigns::is_whole(&fitted);
        self.say(&lines, if whole { code } else { ExitCode::from(1) }, setting, out)
    }

    /// Fits a published table; what there is to say.
    fn of_table(
        &self,
        path: &Path,
        given: &AgeingLaw,
        provenance: &Provenance,
        setting: Setting,
    ) -> anyhow::Result<Vec<String>> {
        let published = scenarios::read_published(path)?;
        let first = fit(&published, self.seed, Searches::WHOLE, None);
        let profile = profile(&published, first, self.seed);
        let fitted = judge(&published, profile.best).context("the search left its bounds")?;
        let held_out = self.held_out.then(|| held_out(&published, self.seed));
        let lines =
            table::lines(&published, &fitted, &profile, held_out.as_deref(), setting.language);
        // The table is of a whole network: it says nothing of categories.
        let law = AgeingLaw {
            lambda_old: fitted.parameters.lambda_old,
            lambda_renewed: fitted.parameters.lambda_renewed,
            beta: fitted.parameters.beta,
            category_factors: BTreeMap::clone(&given.category_factors),
        };
        ageing::write_law(&self.output, &law, &lines, provenance)?;
        Ok(lines)
    }

    /// Says all, and where the settings are.
    fn say(
        &self,
        lines: &[String],
        code: ExitCode,
        setting: Setting,
        out: &mut dyn Write,
    ) -> anyhow::Result<ExitCode> {
        for line in lines {
            writeln!(out, "{line}")?;
        }
        let words =
            setting.language.pick("À rendre avec --settings", "To be given with --settings");
        writeln!(out, "{words}:\n  {}", self.output.display())?;
        Ok(code)
    }
}
