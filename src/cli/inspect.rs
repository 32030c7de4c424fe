//! `voirie inspect`: what is in a file.

use super::Setting;
use super::job::tell;
use crate::domain::{Fix, Track};
use crate::io::geopackage::Base;
use crate::io::wording::utc;
use crate::io::{models, network, telemetry, video};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Says what is in a video, a track, a network, a base, or a compiled-in model.
#[derive(Debug, clap::Args)]
pub struct InspectArgs {
    /// Files, or names of models: pavement, face, plate.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl InspectArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let mut findings = Vec::new();
        for path in &self.files {
            let text = path.to_string_lossy();
            let kind = path.extension().map(|it| it.to_string_lossy().to_lowercase());
            match kind.as_deref() {
                None if models::names().contains(&&*text) => model(&text, out)?,
                Some("gpx" | "csv" | "nmea" | "log" | "txt" | "srt" | "ass" | "ssa") => {
                    let track = telemetry::read(path)?.drain_into(&mut findings);
                    write!(out, "{text}: ")?;
                    positions(&track, out)?;
                }
                Some("geojson" | "json" | "shp" | "fgb" | "pbf") => {
                    // GeoJSON may be either: points that bear times, or roads.
                    let track = kind.is_some_and(|it| it.ends_with("json"));
                    if let Some(Ok(track)) = track.then(|| telemetry::read(path)) {
                        write!(out, "{text}: ")?;
                        positions(&track.drain_into(&mut findings), out)?;
                        continue;
                    }
                    let network = network::read(path, None, &network::Referential::default())?
                        .drain_into(&mut findings);
                    let metres: f64 = network.roads().iter().map(|it| it.length().get()).sum();
                    let length = setting.language.distance(metres);
                    writeln!(out, "{text}: {} routes, {length}", network.roads().len())?;
                }
                Some("gpkg") => base(path, out)?,
                _ => {
                    clip(path, out)?;
                    // Most clips hold no track: that is nothing to tell here.
                    if let Ok(track) = telemetry::read(path) {
                        write!(out, "  ")?;
                        positions(&track.drain_into(&mut findings), out)?;
                    }
                }
            }
        }
        Ok(tell(&findings, setting))
    }
}

/// How many positions, from when to when.
fn positions(track: &Track, out: &mut dyn Write) -> anyhow::Result<()> {
    let fixes = track.fixes();
    let when = |it: Option<&Fix>| it.and_then(|it| utc(it.time)).unwrap_or_default();
    let seconds = fixes.first().zip(fixes.last()).map_or(0.0, |it| (it.1.time - it.0.time).get());
    writeln!(
        out,
        "{} positions, {seconds:.1} s, {} - {}",
        fixes.len(),
        when(fixes.first()),
        when(fixes.last())
    )?;
    Ok(())
}

fn model(name: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let file = models::open(name, None)?;
    let card = &file.card;
    writeln!(out, "{name}: {}", card.purpose)?;
    writeln!(out, "  origin   {}", card.origin)?;
    writeln!(out, "  licence  {}", card.licence)?;
    writeln!(out, "  sha256   {}", card.sha256)?;
    writeln!(out, "  input    {:?}", card.input)?;
    writeln!(out, "  classes  {}", card.classes.join(", "))?;
    write!(out, "{}", toml::to_string(&card.quality)?)?;
    Ok(())
}

fn base(path: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let base = Base::open(path)?;
    let network = base.read_network()?;
    let survey = base.read_survey(&network)?;
    writeln!(
        out,
        "{}: {} roads, {} clips, {} frames, {} cells, {} defects",
        path.display(),
        network.roads().len(),
        survey.clips.len(),
        survey.frames.len(),
        survey.cells.len(),
        survey.defects.len(),
    )?;
    Ok(())
}

fn clip(path: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let it = video::describe(path)?;
    writeln!(out, "{}: {}, {}, {}", path.display(), it.container, it.codec, it.decoder)?;
    writeln!(out, "  {} x {}, {}°", it.width, it.height, it.rotation_degrees)?;
    writeln!(
        out,
        "  {} frames, {} keyframes, {:.2} s, {:.3} fps",
        it.frames,
        it.keyframes,
        it.duration.get(),
        it.mean_fps,
    )?;
    let started = it.created.and_then(utc).unwrap_or_else(|| "?".to_owned());
    writeln!(out, "  {started}")?;
    Ok(())
}
