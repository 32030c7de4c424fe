//! Filling the page of the cameras.

use super::super::page::{ReportError, STYLE};
use super::super::template::fill;
use super::grid::{Label, Line, draw};
use crate::domain::{ClipCalibration, Degrees, Finding, Horizon, Metres, Provenance, Spread};
use crate::io::atomic;
use crate::io::wording::{self, Language};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

const TEMPLATE: &str = include_str!("page.html");

/// Key, French, English. The template fails on a key that is not here.
const TEXTS: &[(&str, &str, &str)] = &[
    ("title", "Caméras du relevé", "Cameras of the survey"),
    ("skip", "Aller au contenu", "Skip to the content"),
    (
        "lead",
        "Le quadrillage est celui que le calcul suppose : un mètre entre deux traits, un trait fort tous les cinq mètres devant le véhicule. S’il ne suit pas les bords de la voie, la caméra est mal décrite.",
        "The grid is what the calculation assumes: a metre between lines, a strong line each five metres ahead of the vehicle. Where it does not follow the edges of the lane, the camera is badly described.",
    ),
    ("pitch_used", "Inclinaison utilisée", "Pitch used"),
    ("pitch_seen", "Inclinaison vue", "Pitch seen"),
    ("width_seen", "Largeur de voie vue", "Lane width seen"),
    ("height", "Hauteur", "Height"),
    ("hfov", "Champ horizontal", "Horizontal field of view"),
    ("drift", "Inclinaison vue, image par image", "Pitch seen, frame by frame"),
    ("picture", "Image anonymisée, quadrillage en mètres", "Anonymised frame, grid in metres"),
    ("findings", "Constats", "Findings"),
    ("nothing", "Rien à signaler.", "Nothing to report."),
    (
        "unknown",
        "inconnue : rien ne serait mesuré au sol",
        "unknown: nothing would be measured on the ground",
    ),
];

/// Everything the page tells.
#[derive(Clone, Copy, Debug)]
pub struct CalibrationReport<'a> {
    /// Title of the survey.
    pub title: &'a str,
    /// Language of the page.
    pub language: Language,
    /// The clips.
    pub clips: &'a [ClipCalibration],
    /// Known width of the lane.
    pub lane_width: Option<Metres>,
    /// What went wrong on the way.
    pub findings: &'a [Finding],
    /// Who made it.
    pub provenance: &'a Provenance,
}

#[derive(Serialize)]
struct Page<'a> {
    lang: &'static str,
    t: BTreeMap<&'static str, &'static str>,
    title: &'a str,
    clips: Vec<Clip<'a>>,
    findings: Vec<String>,
    version: &'a str,
    style: &'static str,
}

#[derive(Serialize)]
struct Clip<'a> {
    name: &'a str,
    figures: Vec<(&'static str, String, String)>,
    picture: Option<(&'a str, u32, u32)>,
    lines: Vec<Line>,
    labels: Vec<Label>,
    drift: Vec<(String, String, String)>,
}

/// The page, whole.
///
/// # Errors
///
/// [`ReportError::Page`], which is a bug.
pub fn render(report: &CalibrationReport<'_>) -> Result<String, ReportError> {
    let language = report.language;
    let t: BTreeMap<_, _> =
        TEXTS.iter().map(|(key, fr, en)| (*key, language.pick(fr, en))).collect();
    let page = Page {
        lang: language.code(),
        title: report.title,
        clips: report.clips.iter().map(|it| clip(it, report, &t)).collect(),
        findings: report.findings.iter().map(|it| wording::finding(it, language)).collect(),
        version: &report.provenance.version,
        style: STYLE,
        t,
    };
    fill(TEMPLATE, page)
}

fn clip<'a>(
    it: &'a ClipCalibration,
    report: &CalibrationReport<'_>,
    t: &BTreeMap<&'static str, &'static str>,
) -> Clip<'a> {
    let language = report.language;
    let number = |value: f64, decimals| language.number(value, decimals);
    let say = |fr: &'static str, en: &'static str| language.pick(fr, en);
    let spread = |it: Option<Spread>, unit: &str| match it {
        None => ("–".to_owned(), String::new()),
        Some(it) => (
            format!("{}\u{a0}{unit}", number(it.median, 2)),
            format!("± {} ({} {})", number(it.half_range, 2), it.n, say("images", "frames")),
        ),
    };
    let mut figures = Vec::new();
    let mut add = |key, (value, more): (String, String)| figures.push((t[key], value, more));
    match &it.camera {
        None => add("pitch_used", ("–".to_owned(), t["unknown"].to_owned())),
        Some(camera) => {
            let from = match camera.horizon() {
                Horizon::Configured => say("donnée par le fichier", "given by the file"),
                Horizon::FromLane => say("estimée d’après la voie", "estimated from the lane"),
            };
            let degrees = format!("{}\u{a0}°", number(camera.pitch().get(), 2));
            add("pitch_used", (degrees, from.to_owned()));
            let metres = format!("{}\u{a0}m", number(camera.height().get(), 2));
            let better = report.lane_width.and_then(|width| Some((width, it.height_for(width)?)));
            let more = better.map_or(String::new(), |(width, height)| {
                format!(
                    "{}\u{a0}m {} {}\u{a0}m",
                    number(height.get(), 2),
                    say("pour une voie de", "for a lane of"),
                    number(width.get(), 2)
                )
            });
            add("height", (metres, more));
            add("hfov", (format!("{}\u{a0}°", number(camera.hfov().get(), 1)), String::new()));
        }
    }
    add("pitch_seen", spread(it.pitch(), "°"));
    add("width_seen", spread(it.lane_width(), "m"));
    let (lines, labels) = match (&it.camera, &it.picture) {
        (Some(camera), Some((_, size))) => draw(camera, *size),
        _ => (Vec::new(), Vec::new()),
    };
    let picture = it.picture.as_ref().map(|(path, size)| (path.as_str(), size.0, size.1));
    Clip { name: &it.clip, figures, picture, lines, labels, drift: drift(it, language) }
}

/// Dots of the pitch along the clip: across and up in a box of 600 by 120, and what each says.
fn drift(it: &ClipCalibration, language: Language) -> Vec<(String, String, String)> {
    let seen =
        |it: &crate::domain::FrameCalibration| Some((it.at.get(), it.pitch.map(Degrees::get)?));
    let dots: Vec<(f64, f64)> = it.frames.iter().filter_map(seen).collect();
    let Some(middle) = it.pitch().map(|it| it.median) else { return Vec::new() };
    let last = dots.iter().map(|it| it.0).fold(1e-9, f64::max);
    dots.into_iter()
        .map(|(at, pitch)| {
            // Two degrees either way fill the box.
            let up = 60.0 - (pitch - middle).clamp(-2.0, 2.0) * 28.0;
            let words = format!("{} s : {}°", language.number(at, 1), language.number(pitch, 2));
            (format!("{:.1}", 10.0 + at / last * 580.0), format!("{up:.1}"), words)
        })
        .collect()
}

/// Writes the page.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write(path: &Path, report: &CalibrationReport<'_>) -> Result<(), ReportError> {
    Ok(atomic::write(path, render(report)?.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Camera, FrameCalibration, Seconds};
    use crate::io::rows::example;

    fn clip(camera: Option<Camera>) -> ClipCalibration {
        let frame = |at: f64| FrameCalibration {
            number: 0,
            at: Seconds::of(at),
            pitch: Some(Degrees::of(11.0 + at / 10.0)),
            lane_width: Some(Metres::of(2.8)),
        };
        ClipCalibration {
            clip: "<a>.mp4".into(),
            camera,
            frames: vec![frame(0.0), frame(1.0), frame(2.0)],
            picture: Some(("frames/a/000001.jpg".to_owned(), (1280, 720))),
        }
    }

    #[test]
    fn the_page_shows_the_grid_of_a_known_camera_and_says_when_none_is() {
        let camera =
            Camera::new(Metres::of(1.6), Degrees::of(11.0), Degrees::of(62.0), Horizon::Configured);
        let clips = [clip(camera.ok()), clip(None)];
        for language in [Language::French, Language::English] {
            let page = render(&CalibrationReport {
                title: "Relevé",
                language,
                clips: &clips,
                lane_width: Some(Metres::of(3.5)),
                findings: &[],
                provenance: &example::provenance(),
            })
            .unwrap();
            assert_eq!(page.matches("class=\"strong\"").count(), 5, "one grid of two");
            assert!(page.contains(&language.number(2.0, 2)), "1.6 m times 3.5 over 2.8");
            assert!(page.contains("&lt;a&gt;.mp4") && !page.contains("http://"));
            assert!(
                page.contains(language.pick("rien ne serait mesuré", "nothing would be measured"))
            );
        }
    }
}
