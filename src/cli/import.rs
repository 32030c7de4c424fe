//! `voirie import`: what other surveys saw, into a base.

use super::Setting;
use super::job::tell;
use crate::domain::{Finding, FindingKind, Metres};
use crate::georeferencing::spread;
use crate::io::geopackage::{Base, Step};
use crate::io::other_survey;
use crate::io::releve::Columns;
use anyhow::Context;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Adds defects that other surveys saw, by eye or by laser, to the filmed cells of a base.
///
/// Ravelling, bleeding, rutting, depressions, polishing and repairs are not seen by the model: this is
/// where they come in. The table has the columns of releve.csv. Notes are to be computed again: voirie
/// score.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// What `survey` wrote.
    base: PathBuf,

    /// Tables (CSV): `route`, `cote`, `sens`, `cumul_d`, `cumul_f` (or `prd`, `pad`, `prf`, `paf`),
    /// `code`, `gravite`, and `longueur_m`, `surface_m2` or `nb`.
    #[arg(required = true)]
    tables: Vec<PathBuf>,

    /// The customer's own columns, separator and codes (TOML, as samples/releve-m3.toml), where the
    /// tables do not have those of releve.csv.
    #[arg(long)]
    columns: Option<PathBuf>,
}

impl ImportArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let base = Base::open(&self.base)?;
        let network = base.read_network()?;
        let mut survey = base.read_survey(&network)?;
        let provenance = base.read_provenance(Step::Survey)?.with_context(|| {
            format!("{}: no survey, run voirie survey first", self.base.display())
        })?;
        drop(base);
        let columns = self.columns.as_deref().map(Columns::read).transpose()?;
        let mut findings = Vec::new();
        let mut n_rows = 0;
        for path in &self.tables {
            let rows =
                other_survey::read(path, &network, columns.as_ref())?.drain_into(&mut findings);
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            let mut unfilmed = Metres::ZERO;
            for one in &rows {
                unfilmed += (one.to - one.from) * spread(&mut survey.cells, one);
            }
            n_rows += rows.len();
            findings.push(Finding::note(
                &*name,
                FindingKind::OtherSurvey { n_rows: rows.len(), unfilmed },
            ));
        }
        let mut base = Base::update(&self.base, &provenance)?;
        base.add_to_cells(&network, &survey, &findings)?;
        base.finish()?;
        let said = setting.language.pick("lignes reprises", "rows taken");
        writeln!(out, "{n_rows} {said}")?;
        Ok(tell(&findings, setting))
    }
}
