//! `voirie calibrate`: what clips say of their own camera.

use super::Setting;
use super::bars::Bars;
use super::job::{load, make_output, open_clip, provenance, tell};
use crate::domain::{ClipCalibration, Metres};
use crate::io::config;
use crate::io::pictures::JpegFolder;
use crate::io::report::calibration::{self, CalibrationReport};
use crate::pipeline;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compares the camera of a survey file with what a dozen frames of each clip show, and draws a
/// metric grid over an anonymised one.
#[derive(Debug, clap::Args)]
pub struct CalibrateArgs {
    /// The survey file (TOML). Tracks and network are not read.
    file: PathBuf,

    /// Folder for the page and its pictures.
    #[arg(long, short, default_value = "out/calibration")]
    output: PathBuf,

    /// Width of the filmed lane between its markings, when known: gives the camera's height.
    #[arg(long, value_name = "METRES", value_parser = width)]
    lane_width: Option<f64>,
}

fn width(text: &str) -> Result<f64, String> {
    let metres: f64 = text.replace(',', ".").parse().map_err(|why| format!("{text:?}: {why}"))?;
    let lane = 2.0..=6.0;
    lane.contains(&metres).then_some(metres).ok_or_else(|| format!("{metres}, expected 2 to 6 m"))
}

impl CalibrateArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let file = config::read(&self.file)?;
        let loaded = load(file.models.as_deref())?;
        make_output(&self.output, &file)?;
        let bars = Bars::new(setting.quiet);
        let sink = JpegFolder::new(&self.output, file.survey.privacy.jpeg_quality);
        let clips = file.clips.iter().map(|it| open_clip(it, &file));
        let mut findings = Vec::new();
        let clips = pipeline::calibrate(clips, &loaded.models(), &file.survey, &sink, &bars)
            .drain_into(&mut findings);
        bars.finish();
        sink.finish()?;
        let lane_width = self.lane_width.map(Metres::of);
        let page = self.output.join("calibration.html");
        let report = CalibrationReport {
            title: &file.title,
            language: setting.language,
            clips: &clips,
            lane_width,
            findings: &findings,
            provenance: &provenance(&file, Some(&loaded)),
        };
        calibration::write(&page, &report)?;
        for clip in &clips {
            describe(clip, lane_width, setting, out)?;
        }
        let where_to = setting.language.pick("À regarder", "Where to look");
        writeln!(out, "{where_to}:\n  {}", page.display())?;
        Ok(tell(&findings, setting))
    }
}

/// One clip in a line or two.
fn describe(
    clip: &ClipCalibration,
    lane_width: Option<Metres>,
    setting: Setting,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let language = setting.language;
    let say = |fr, en| language.pick(fr, en);
    let number = |it: f64| language.number(it, 2);
    let used = clip.camera.map_or("–".to_owned(), |it| number(it.pitch().get()));
    writeln!(out, "{}", clip.clip)?;
    write!(out, "  {}: {used}°", say("inclinaison utilisée", "pitch used"))?;
    if let Some(it) = clip.pitch() {
        let (median, range) = (number(it.median), number(it.half_range));
        write!(out, "; {}: {median}° ± {range}°", say("vue", "seen"))?;
    }
    writeln!(out)?;
    if let Some(it) = clip.lane_width() {
        let (median, range) = (number(it.median), number(it.half_range));
        write!(out, "  {}: {median} m ± {range} m", say("voie", "lane"))?;
        let height = lane_width.and_then(|width| Some((width, clip.height_for(width)?)));
        if let Some((width, height)) = height {
            let (width, height) = (number(width.get()), number(height.get()));
            let words = say("hauteur pour une voie de", "height for a lane of");
            write!(out, "; {words} {width} m: {height} m")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
