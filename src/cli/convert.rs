//! `voirie convert`: a table whose references are of an old version of the referential.

use super::job::tell_all;
use super::{Setting, referential};
use crate::domain::{
    Brought, Change, Finding, FindingKind, Lost, Metres, Network, NewStretch, ReferentialVersion,
    Reported, Road,
};
use crate::georeferencing::{CONVERSION_REACH_M, Conversion, Finder};
use crate::io::atomic;
use crate::io::network::Referential;
use crate::io::referenced::{NewReference, Rewritten, Row, Table};
use crate::io::releve::Columns;
use crate::io::wording;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Brings the references of a table (a survey, a list of works) from an old version of the road network
/// to a new one, by where the roads lie.
///
/// Every row is written again with its new reference; all other columns stay. Columns are added: the old
/// reference, the distance between the two lines, the share of the old stretch, a verdict. A stretch
/// that lies on several new roads has a row for each. What has no place in the new network is told, row
/// by row, and left out.
#[derive(Debug, clap::Args)]
pub struct ConvertArgs {
    /// The table (CSV): route, cote, sens, then pr and abs, prd, pad, prf and paf, or `cumul_d` and
    /// `cumul_f`.
    table: PathBuf,

    /// The network that its references are of: any network file, or a base.
    #[arg(long)]
    from: PathBuf,

    /// PR of the old network, as CSV: route, cote, pr, `cumul_m`.
    #[arg(long)]
    from_prs: Option<PathBuf>,

    /// Layer of the old network, in a file that holds several.
    #[arg(long)]
    from_layer: Option<String>,

    /// Reference system of coordinates of the old network, when its file does not give it.
    #[arg(long)]
    from_crs: Option<String>,

    /// Version of the old network, as 2019-01-01.
    #[arg(long)]
    from_version: Option<ReferentialVersion>,

    /// The network to bring them to: any network file, or a base.
    #[arg(long)]
    to: PathBuf,

    /// PR of the new network.
    #[arg(long)]
    to_prs: Option<PathBuf>,

    /// Layer of the new network.
    #[arg(long)]
    to_layer: Option<String>,

    /// Reference system of coordinates of the new network.
    #[arg(long)]
    to_crs: Option<String>,

    /// Version of the new network, as 2024-01-01.
    #[arg(long)]
    to_version: Option<ReferentialVersion>,

    /// The customer's own columns, separator and codes (TOML, as samples/releve-m3.toml).
    #[arg(long)]
    columns: Option<PathBuf>,

    /// Farthest that a road may lie from its old line, in metres.
    #[arg(long, default_value_t = CONVERSION_REACH_M)]
    reach_m: f64,

    /// The table with its new references.
    #[arg(long, short, default_value = "converted.csv")]
    output: PathBuf,
}

impl ConvertArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        anyhow::ensure!(
            (1.0..=200.0).contains(&self.reach_m),
            "--reach-m {}: expected 1 to 200 metres",
            self.reach_m
        );
        let columns = self.columns.as_deref().map(Columns::read).transpose()?;
        let table = Table::read(&self.table, columns)?;
        let mut findings = Vec::new();
        let (old, new) = (self.old()?, self.new_network()?);
        let old = old.drain_into(&mut findings);
        let new = new.drain_into(&mut findings);
        let finder = Finder::new(&old);
        let mut conversion = Conversion::new(&old, &new, Metres::of(self.reach_m))?;
        let place = self.table.file_name().unwrap_or(self.table.as_os_str()).to_string_lossy();
        let mut counts: BTreeMap<Change, usize> = BTreeMap::new();
        let mut n_lost = 0;
        atomic::write_with(&self.output, |file| {
            let mut rewritten = Rewritten::new(file, &table, setting.language)?;
            for row in &table.rows {
                let converted = convert(
                    &mut conversion,
                    &finder,
                    (&old, &new),
                    row,
                    (&place, table.has_cumul()),
                );
                findings.extend(converted.findings);
                let Some((change, old, references)) = converted.value else {
                    n_lost += 1;
                    continue;
                };
                *counts.entry(change).or_default() += 1;
                for reference in references {
                    rewritten.put(row, &old, &reference)?;
                }
            }
            rewritten.finish()
        })?;
        let language = setting.language;
        writeln!(out, "{}", versions(&old, &new, setting))?;
        for (change, n_rows) in counts {
            writeln!(out, "  {}: {n_rows}", wording::change(change, language))?;
        }
        if n_lost > 0 {
            writeln!(out, "  {}: {n_lost}", language.pick("sans lieu", "without a place"))?;
        }
        writeln!(out, "  {}", self.output.display())?;
        Ok(tell_all(&findings, setting))
    }

    fn old(&self) -> anyhow::Result<Reported<Network>> {
        let wanted =
            wanted(self.from_layer.as_ref(), self.from_crs.as_ref(), self.from_version.as_ref());
        referential::read(&self.from, self.from_prs.as_deref(), &wanted)
    }

    fn new_network(&self) -> anyhow::Result<Reported<Network>> {
        let wanted = wanted(self.to_layer.as_ref(), self.to_crs.as_ref(), self.to_version.as_ref());
        referential::read(&self.to, self.to_prs.as_deref(), &wanted)
    }
}

fn wanted(
    layer: Option<&String>,
    crs: Option<&String>,
    version: Option<&ReferentialVersion>,
) -> Referential {
    let (layer, crs, version) = (layer.cloned(), crs.cloned(), version.cloned());
    Referential { layer, crs, version, ..Referential::default() }
}

fn versions(old: &Network, new: &Network, setting: Setting) -> String {
    let said = |it: &Network| match it.version() {
        Some(version) => version.to_string(),
        None => setting.language.pick("version inconnue", "unknown version").to_owned(),
    };
    format!("{} → {}", said(old), said(new))
}

/// What a row became, its old reference in words, and its new ones; nothing when it has no place.
type Converted = Option<(Change, String, Vec<NewReference>)>;

fn convert(
    conversion: &mut Conversion<'_>,
    finder: &Finder<'_>,
    (old, new): (&Network, &Network),
    row: &Row,
    (place, has_cumul): (&str, bool),
) -> Reported<Converted> {
    let mut findings = Vec::new();
    let mut lose = |found: &str, metres, why| {
        let why = Box::new(why);
        let (row, found) = (row.line, found.to_owned());
        let kind = FindingKind::ReferenceLost { row, found, metres, why };
        findings.push(Finding::loss(place, kind));
    };
    let found = row.reference.clone().and_then(|it| finder.find(&it));
    let stretch = match found {
        Ok(stretch) => stretch,
        Err(why) => {
            lose(&row.cells.join(" "), None, why);
            return Reported { value: None, findings };
        }
    };
    let words = referential::in_words(&old.roads()[stretch.road], stretch.from, stretch.to);
    let mut brought = conversion.bring(&stretch);
    let references = references(new, &mut brought, has_cumul);
    let change = brought.change();
    for (from, to, why) in brought.lost {
        let part = (change.is_some() && to > from).then(|| to - from);
        lose(&words, part, why);
    }
    let value = change.map(|change| (change, words, references));
    Reported { value, findings }
}

/// The new reference of each part. Where a road has no PR, tables without cumul cannot hold it.
fn references(new: &Network, brought: &mut Brought, has_cumul: bool) -> Vec<NewReference> {
    let mut references = Vec::new();
    let (parts, mut kept) = (std::mem::take(&mut brought.parts), Vec::new());
    for part in parts {
        let roads = [part.roads.0, part.roads.1].map(|it| &new.roads()[it]);
        let from = roads[0].millimetre_reference_at(part.from);
        let to = roads[1].millimetre_reference_at(part.to);
        let by_pr = from.zip(to);
        if by_pr.is_none() && !has_cumul {
            let why = Lost::NoPr { road: roads[0].id.to_string(), cumul: part.from };
            brought.lost.push((part.old.0, part.old.1, why));
            continue;
        }
        kept.push(part);
        references.push((roads[0], part, by_pr));
    }
    brought.parts = kept;
    let whole_change = brought.change();
    let reference = |(road, part, by_pr): (&Road, NewStretch, _)| NewReference {
        road: road.id.clone(),
        carriageway: road.carriageway,
        direction: part.direction,
        by_pr,
        by_cumul: (part.from, part.to),
        change: whole_change.filter(|it| *it > part.change).unwrap_or(part.change),
        distance: part.distance,
        share: part.share,
    };
    references.into_iter().map(reference).collect()
}
