//! `voirie export`: a base in exchange formats.

use super::Setting;
use crate::io::exchange::{Format, Source, write_workbook};
use crate::io::geopackage::{Base, OpenBase, TableInfo};
use crate::io::releve::{self, Columns};
use anyhow::{Context, bail};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Tables that a workbook holds only when they are named: rows by the hundred thousand, for machines.
///
/// Chosen: what an engineer reads in a spreadsheet.
const NOT_FOR_SHEETS: [&str; 3] = ["frames", "cells", "cell_defects"];

/// The table of defects by section, from which the relevé is written.
const RELEVE: &str = "section_defects";

/// Writes any table of a base in exchange formats, one file for each table.
///
/// Layers in the plane of the network (GeoJSON in degrees). The same base gives the same bytes.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// The base (voirie.gpkg).
    base: PathBuf,

    /// Folder for the files.
    #[arg(long, short)]
    output: PathBuf,

    /// Formats: geojson, flatgeobuf, shapefile, geoparquet, csv, xlsx, releve.
    #[arg(long, short, value_delimiter = ',', default_value = "geojson,csv")]
    format: Vec<Format>,

    /// Tables, all by default: network, pr, clips, frames, cells, defects, sections, programme, ...
    #[arg(long, value_delimiter = ',')]
    layer: Vec<String>,

    /// The customer's own columns for the relevé (TOML, as samples/releve-m3.toml).
    #[arg(long)]
    columns: Option<PathBuf>,
}

impl ExportArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let columns = self.columns.as_deref().map(Columns::read).transpose()?;
        let base = Base::open(&self.base)?;
        let tables = base.tables()?;
        let chosen = self.chosen(&tables)?;
        std::fs::create_dir_all(&self.output)
            .with_context(|| format!("the folder {}", self.output.display()))?;
        let mut written = Vec::new();
        let mut complete = true;
        for format in &self.format {
            match format {
                Format::Xlsx => written.push(self.workbook(&base, &chosen)?),
                Format::Releve => written.push(self.releve(&base, &tables, columns.as_ref())?),
                _ => {
                    for table in &chosen {
                        complete &= self.table(*format, &base, table, setting, &mut written)?;
                    }
                }
            }
        }
        self.provenance(&base, &tables, &mut written)?;
        for path in written {
            writeln!(out, "{}", path.display())?;
        }
        Ok(ExitCode::from(u8::from(!complete)))
    }

    /// The tables that are asked for, in the order of the base.
    fn chosen<'t>(&self, tables: &'t [TableInfo]) -> anyhow::Result<Vec<&'t TableInfo>> {
        let unknown = self.layer.iter().find(|name| !tables.iter().any(|it| it.name == **name));
        if let Some(name) = unknown {
            let all: Vec<_> = tables.iter().map(|it| it.name.as_str()).collect();
            bail!("--layer: found {name:?}, expected some of {}", all.join(", "));
        }
        let asked = |it: &&TableInfo| self.layer.is_empty() || self.layer.contains(&it.name);
        Ok(tables.iter().filter(asked).collect())
    }

    /// Writes one table; whether nothing of it was left out.
    #[expect(clippy::print_stderr, reason = "messages go to standard error")]
    fn table(
        &self,
        format: Format,
        base: &OpenBase,
        table: &TableInfo,
        setting: Setting,
        written: &mut Vec<PathBuf>,
    ) -> anyhow::Result<bool> {
        let say = |fr, en| setting.language.pick(fr, en);
        let (name, word) = (&table.name, format.word());
        if table.drawing.is_none() && !format.takes_plain_tables() {
            // Only a table that was named is missed.
            if !self.layer.is_empty() {
                let why =
                    say("ne dessine rien, n’est pas écrite en", "draws nothing, not written as");
                eprintln!("{name}: {why} {word}");
            }
            return Ok(self.layer.is_empty());
        }
        written.extend(format.write(&self.output, &Source::new(base, table)?)?);
        let undrawn = table.n_rows - table.n_drawn;
        if format == Format::FlatGeobuf && undrawn > 0 {
            let why = say("lignes sans tracé laissées de côté", "rows that draw nothing left out");
            eprintln!("{name}: {undrawn} {why}");
            return Ok(false);
        }
        Ok(true)
    }

    fn workbook(&self, base: &OpenBase, chosen: &[&TableInfo]) -> anyhow::Result<PathBuf> {
        let named = |it: &TableInfo| self.layer.contains(&it.name);
        let fit = chosen.iter().filter(|it| named(it) || !NOT_FOR_SHEETS.contains(&&*it.name));
        let sources = fit.map(|it| Source::new(base, it)).collect::<Result<Vec<_>, _>>()?;
        let stem = self.base.file_stem().unwrap_or(self.base.as_os_str());
        let path = self.output.join(stem).with_extension("xlsx");
        write_workbook(&path, &stem.to_string_lossy(), &sources)?;
        Ok(path)
    }

    fn releve(
        &self,
        base: &OpenBase,
        tables: &[TableInfo],
        columns: Option<&Columns>,
    ) -> anyhow::Result<PathBuf> {
        let columns = columns.context("--format releve: expected --columns FILE.toml too")?;
        let table = tables.iter().find(|it| it.name == RELEVE);
        let table = table.with_context(|| {
            format!("{}: no notes, run voirie score first", self.base.display())
        })?;
        let path = self.output.join("releve.csv");
        releve::write(&path, &Source::new(base, table)?, columns)?;
        Ok(path)
    }

    /// Who wrote the base, beside files that cannot say it themselves.
    fn provenance(
        &self,
        base: &OpenBase,
        tables: &[TableInfo],
        written: &mut Vec<PathBuf>,
    ) -> anyhow::Result<()> {
        let path = self.output.join("provenance.csv");
        let table = tables.iter().find(|it| it.name == "provenance");
        if let Some(table) = table.filter(|_| !is_there(written, &path)) {
            written.extend(Format::Csv.write(&self.output, &Source::new(base, table)?)?);
        }
        Ok(())
    }
}

fn is_there(written: &[PathBuf], path: &Path) -> bool {
    written.iter().any(|it| it == path)
}
