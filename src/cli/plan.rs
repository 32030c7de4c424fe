//! `voirie plan`: programmes from a base.

use super::Setting;
use super::bars::Bars;
use super::job::tell;
use super::noted::Noted;
use super::outputs::Told;
use crate::io::atomic;
use crate::io::geopackage::{Base, Step};
use crate::io::report::scenarios;
use crate::io::rows;
use crate::io::workbook;
use crate::pipeline;
use anyhow::Context;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Plays budget scenarios over the notes of a base.
#[derive(Debug, clap::Args)]
pub struct PlanArgs {
    /// What `score` wrote.
    base: PathBuf,

    /// Budgets to try (TOML).
    scenarios: PathBuf,

    /// A survey file or any TOML that overrides the defaults.
    #[arg(long)]
    settings: Option<PathBuf>,

    /// The engineers' table, as CSV.
    #[arg(long, short, default_value = "scenarios.csv")]
    output: PathBuf,

    /// A workbook too: the comparison, then the years and the works of each scenario, with live totals.
    #[arg(long, value_name = "FILE.xlsx")]
    workbook: Option<PathBuf>,

    /// A page that compares the scenarios, whole in one file.
    #[arg(long, value_name = "FILE.html")]
    page: Option<PathBuf>,

    /// Folder for its charts as SVG.
    #[arg(long, value_name = "FOLDER")]
    charts: Option<PathBuf>,
}

impl PlanArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let noted = Noted::read(&self.base, &self.scenarios, self.settings.as_deref())?;
        let Noted { file, scenarios, commitments, network, ratings, provenance } = noted;
        let classes = &file.grid.classes;
        let mut findings = Vec::new();
        let (bars, world) = (Bars::new(setting.quiet), file.world());
        let made =
            pipeline::plan(&network, &ratings, &scenarios, commitments, file.doubt, &world, &bars);
        bars.finish();
        let made = made?.drain_into(&mut findings);
        let mut base = Base::update(&self.base, &provenance)?;
        let told = (&*made.indicators, &*made.outlooks);
        base.write_programmes(&network, &ratings, &made.programmes, told, classes)?;
        base.write_findings(Step::Plan, &findings)?;
        base.finish()?;
        rows::write_scenarios(&self.output, &made.indicators, &provenance)?;
        writeln!(out, "{}", self.output.display())?;
        let title = setting.language.pick("Scénarios de travaux", "Works scenarios");
        let told = Told {
            title,
            network: &network,
            ratings: &ratings,
            classes,
            plan: &made,
            provenance: &provenance,
        };
        for path in self.write(&told, setting)? {
            writeln!(out, "{}", path.display())?;
        }
        Ok(tell(&findings, setting))
    }

    /// The outputs that were asked for, beside the table.
    fn write(&self, told: &Told<'_>, setting: Setting) -> anyhow::Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        if let Some(path) = &self.workbook {
            workbook::write(path, &told.book(setting))?;
            written.push(path.clone());
        }
        let page = told.page(setting);
        if let Some(path) = &self.page {
            scenarios::write(path, &page)?;
            written.push(path.clone());
        }
        if let Some(folder) = &self.charts {
            let made = std::fs::create_dir_all(folder);
            made.with_context(|| format!("the folder {}", folder.display()))?;
            for (name, drawing) in scenarios::drawings(&page)? {
                let path = folder.join(name);
                atomic::write(&path, drawing.as_bytes())?;
                written.push(path);
            }
        }
        Ok(written)
    }
}
