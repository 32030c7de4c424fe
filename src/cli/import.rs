//! `voirie import`: what other surveys saw, into a base.

use super::job::tell;
use super::{Setting, referential};
use crate::domain::{
    Finding, FindingKind, ImportedDefect, Metres, Network, ReferentialVersion, Reported,
};
use crate::georeferencing::{CONVERSION_REACH_M, Conversion, carry, spread};
use crate::io::geopackage::{Base, Step};
use crate::io::network::Referential;
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

    /// The network that the references of the tables are of, when it is an older version than that of
    /// the base: any network file, or a base. Defects are carried to where they lie now.
    #[arg(long)]
    from: Option<PathBuf>,

    /// PR of that network, as CSV: route, cote, pr, `cumul_m`.
    #[arg(long, requires = "from")]
    from_prs: Option<PathBuf>,

    /// Version of the referential that the tables are of, as 2019-01-01: told when that of the base is
    /// another.
    #[arg(long)]
    tables_version: Option<ReferentialVersion>,

    /// Farthest that a road may lie from its old line, in metres.
    #[arg(long, default_value_t = CONVERSION_REACH_M, requires = "from")]
    reach_m: f64,
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
        let old = self.old(&network)?.map(|it| it.drain_into(&mut findings));
        let mut conversion = match &old {
            Some(old) => Some(Conversion::new(old, &network, Metres::of(self.reach_m))?),
            None => None,
        };
        let mut n_rows = 0;
        for path in &self.tables {
            let written = old.as_ref().unwrap_or(&network);
            let rows =
                other_survey::read(path, written, columns.as_ref())?.drain_into(&mut findings);
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            let version = self.tables_version.as_ref();
            if let (None, Some(_)) = (&old, version) {
                findings.extend(referential::differ(&name, version, network.version()));
            }
            let rows = match &mut conversion {
                Some(conversion) => carried(conversion, written, &rows, &name, &mut findings),
                None => rows,
            };
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

impl ImportArgs {
    /// The network of the tables, when it is not that of the base.
    fn old(&self, new: &Network) -> anyhow::Result<Option<Reported<Network>>> {
        anyhow::ensure!(
            (1.0..=200.0).contains(&self.reach_m),
            "--reach-m {}: expected 1 to 200 metres",
            self.reach_m
        );
        let Some(path) = &self.from else { return Ok(None) };
        let wanted = Referential { version: self.tables_version.clone(), ..Referential::default() };
        let old = referential::read(path, self.from_prs.as_deref(), &wanted)?;
        anyhow::ensure!(
            old.value.version().is_none() || old.value.version() != new.version(),
            "{}: found the version of the base itself, expected an older one",
            path.display()
        );
        Ok(Some(old))
    }
}

/// The rows of an old version on the network of the base, and what has no place there.
fn carried(
    conversion: &mut Conversion<'_>,
    old: &Network,
    rows: &[ImportedDefect],
    name: &str,
    findings: &mut Vec<Finding>,
) -> Vec<ImportedDefect> {
    let mut all = Vec::new();
    for one in rows {
        let (defects, brought) = carry(conversion, one);
        let found = referential::in_words(&old.roads()[one.road], one.from, one.to);
        for (from, to, why) in brought.lost {
            let metres = (!brought.parts.is_empty() && to > from).then(|| to - from);
            let why = Box::new(why);
            let kind =
                FindingKind::ReferenceLost { row: one.row, found: found.clone(), metres, why };
            findings.push(Finding::loss(name, kind));
        }
        all.extend(defects);
    }
    all
}
