//! The survey file: clips, tracks, network, camera, and any setting that differs.

use super::boundaries;
use super::parameters::{
    Problem, parse_ageing, parse_catalogue, parse_grid, parse_plan, parse_plan_doubt,
};
use super::raw::{
    OneOrMore, RawCamera, RawClip, RawClock, RawFrames, RawMeasure, RawNames, RawNetwork,
    RawPrivacy, RawTrack, RawValidity,
};
use super::referential;
use crate::domain::{
    AgeingLaw, CameraSettings, Catalogue, Draws, PlanDoubt, PlanRules, PlanYears, ScoringGrid,
    Seconds, SurveySettings, World,
};
use crate::io::models::hex;
use crate::io::network::{AreaSource, Referential};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The annotated defaults, which are also the manual.
pub const DEFAULTS: &str = include_str!("../defaults.toml");

/// Keys of a survey file that are not settings.
const OWN_KEYS: [&str; 8] =
    ["title", "network", "prs", "referential", "boundaries", "scenarios", "models", "clip"];

/// Why a survey file cannot be used: every problem found, not only the first.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", path.display(), problems.join("\n  "))]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// One sentence for each problem: key, found, expected.
    pub problems: Vec<String>,
}

/// One clip of a survey.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipEntry {
    /// A video, or a folder of stills.
    pub video: PathBuf,
    /// Files of its track, the best first; none when the clip carries its own, or one of the same
    /// name lies beside it.
    pub tracks: Vec<PathBuf>,
    /// Start of the recording, seconds since 1970-01-01 UTC.
    pub start: Option<Seconds>,
    /// Added to the clip's clock to have the receiver's.
    pub clock_offset: Option<Seconds>,
    /// Its camera.
    pub camera: CameraSettings,
}

/// A survey file, read and checked, its paths resolved.
#[derive(Clone, Debug)]
pub struct SurveyFile {
    /// Title of the report.
    pub title: String,
    /// The road network.
    pub network: PathBuf,
    /// Its PR table, CSV.
    pub prs: Option<PathBuf>,
    /// Which layer and columns of the network say what.
    pub referential: Referential,
    /// Layers of municipalities and of sectors.
    pub boundaries: Vec<AreaSource>,
    /// Budgets to try, TOML.
    pub scenarios: Option<PathBuf>,
    /// Other models than those compiled in.
    pub models: Option<PathBuf>,
    /// The clips, in order.
    pub clips: Vec<ClipEntry>,
    /// Settings of the survey.
    pub survey: SurveySettings,
    /// Settings of the notes.
    pub grid: ScoringGrid,
    /// How surfaces age.
    pub ageing: AgeingLaw,
    /// Treatments on offer.
    pub catalogue: Catalogue,
    /// First year and horizon when the scenarios do not say.
    pub years: PlanYears,
    /// How works are chosen when the scenarios do not say, and what a programme is worth.
    pub rules: PlanRules,
    /// How far what a programme rests on may be from the truth, and how many draws tell of it.
    pub doubt: (PlanDoubt, Draws),
    /// SHA-256 of the effective configuration, hexadecimal.
    pub digest: String,
}

impl SurveyFile {
    /// The world that programmes are played in.
    #[must_use]
    pub fn world(&self) -> World<'_> {
        World {
            catalogue: &self.catalogue,
            law: &self.ageing,
            rules: &self.rules,
            classes: &self.grid.classes,
        }
    }
}

/// Reads a survey file over the defaults.
///
/// # Errors
///
/// [`ConfigError`] with every problem.
pub fn read(path: &Path) -> Result<SurveyFile, ConfigError> {
    let refused = |problems| ConfigError { path: path.to_owned(), problems };
    let text = std::fs::read_to_string(path)
        .map_err(|why| refused(vec![format!("could not be read: {why}")]))?;
    let own: Table = text.parse().map_err(|why: toml::de::Error| refused(vec![why.to_string()]))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    build(&own, folder).map_err(refused)
}

/// The defaults alone, with an overriding file if any: what `score` and `plan` need.
///
/// # Errors
///
/// As [`read`]; `network` may then be left out.
pub fn with_defaults(path: Option<&Path>) -> Result<SurveyFile, ConfigError> {
    match path {
        Some(path) => read(path),
        None => build(&Table::new(), Path::new("."))
            .map_err(|problems| ConfigError { path: PathBuf::from("defaults.toml"), problems }),
    }
}

fn build(own: &Table, folder: &Path) -> Result<SurveyFile, Vec<String>> {
    let mut problems = Vec::new();
    let mut whole: Table = DEFAULTS.parse().expect("the defaults are TOML, by the tests");
    for (key, value) in own {
        if OWN_KEYS.contains(&key.as_str()) {
            continue;
        }
        match whole.get_mut(key) {
            Some(default) => merge(default, value),
            None => problems.push(unknown(key, &whole)),
        }
    }
    let digest = hex(&Sha256::digest(format!("{whole:?}\n{own:?}")));
    let frames = section::<RawFrames>(&whole, "frames", &mut problems)
        .and_then(|it| collect(it.checked(), &mut problems));
    let clock = section::<RawClock>(&whole, "clock", &mut problems)
        .and_then(|it| collect(it.checked(), &mut problems));
    let track = section::<RawTrack>(&whole, "track", &mut problems)
        .and_then(|it| collect(it.checked(), &mut problems));
    let locate = section::<RawNetwork>(&whole, "network_match", &mut problems)
        .and_then(|it| collect(it.checked(), &mut problems));
    let measure = section::<RawMeasure>(&whole, "measure", &mut problems)
        .and_then(|it| collect(it.checked(), &mut problems));
    let validity = section::<RawValidity>(&whole, "validity", &mut problems)
        .and_then(|it| collect(it.checked(), &mut problems));
    let privacy = section::<RawPrivacy>(&whole, "privacy", &mut problems)
        .and_then(|it| collect(it.checked(), &mut problems));
    let grid = collect(words(parse_grid(&whole)), &mut problems);
    let ageing = collect(words(parse_ageing(&whole)), &mut problems);
    let catalogue = collect(words(parse_catalogue(&whole)), &mut problems);
    let plan = collect(words(parse_plan(&whole)), &mut problems);
    let doubt = collect(words(parse_plan_doubt(&whole)), &mut problems);
    let names = collect(RawNames::parse(own), &mut problems);
    let camera = whole.get("camera").cloned().unwrap_or(Value::Table(Table::new()));
    let clips = clips(own, &camera, folder, &mut problems);
    let survey = (|| {
        Some(SurveySettings {
            frames: frames?,
            clock: clock?,
            track: track?,
            locate: locate?,
            measure: measure?,
            validity: validity?,
            privacy: privacy?,
        })
    })();
    let referential = collect(referential::parse(own), &mut problems);
    let boundaries = collect(boundaries::parse(own, folder), &mut problems);
    let (Some(survey), Some(grid), Some(ageing), Some(catalogue), Some(plan), Some(names)) =
        (survey, grid, ageing, catalogue, plan, names)
    else {
        return Err(problems);
    };
    let (Some(referential), Some(boundaries), Some(doubt)) = (referential, boundaries, doubt)
    else {
        return Err(problems);
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let at = |it: PathBuf| folder.join(it);
    Ok(SurveyFile {
        title: names.title.unwrap_or_default(),
        network: names.network.map(at).unwrap_or_default(),
        prs: names.prs.map(at),
        referential,
        boundaries,
        scenarios: names.scenarios.map(at),
        models: names.models.map(at),
        clips,
        survey,
        grid,
        ageing,
        catalogue,
        years: plan.0,
        rules: plan.1,
        doubt,
        digest,
    })
}

fn unknown(key: &str, known: &Table) -> String {
    let tables: Vec<&str> = known.keys().map(String::as_str).chain(OWN_KEYS).collect();
    format!("{key}: unknown, expected one of {}", tables.join(", "))
}

/// Lays an override over a default, table by table; lists are replaced whole.
fn merge(default: &mut Value, own: &Value) {
    match (default, own) {
        (Value::Table(default), Value::Table(own)) => {
            for (key, value) in own {
                match default.get_mut(key) {
                    Some(inner) => merge(inner, value),
                    None => {
                        default.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (default, own) => *default = own.clone(),
    }
}

fn section<T: for<'de> Deserialize<'de>>(
    whole: &Table,
    key: &str,
    problems: &mut Vec<String>,
) -> Option<T> {
    let value = whole.get(key).cloned().unwrap_or(Value::Table(Table::new()));
    collect(
        value.try_into::<T>().map_err(|why| vec![format!("[{key}] {}", why.message())]),
        problems,
    )
}

fn collect<T>(result: Result<T, Vec<String>>, problems: &mut Vec<String>) -> Option<T> {
    result.map_err(|it| problems.extend(it)).ok()
}

fn words<T>(result: Result<T, Vec<Problem>>) -> Result<T, Vec<String>> {
    result.map_err(|it| it.iter().map(ToString::to_string).collect())
}

fn clips(own: &Table, camera: &Value, folder: &Path, problems: &mut Vec<String>) -> Vec<ClipEntry> {
    let entries = match own.get("clip") {
        None => return Vec::new(),
        Some(Value::Array(entries)) => entries,
        Some(_) => {
            problems.push("clip: found one table, expected a list written [[clip]]".to_owned());
            return Vec::new();
        }
    };
    let mut clips = Vec::new();
    for (rank, entry) in (1..).zip(entries) {
        let parsed = entry.clone().try_into::<RawClip>();
        let raw = match parsed {
            Ok(raw) => raw,
            Err(why) => {
                problems.push(format!("clip {rank}: {}", why.message()));
                continue;
            }
        };
        let mut its_camera = camera.clone();
        if let Some(own) = &raw.camera {
            merge(&mut its_camera, &Value::Table(own.clone()));
        }
        let camera = its_camera
            .try_into::<RawCamera>()
            .map_err(|why| vec![format!("[camera] {}", why.message())])
            .and_then(RawCamera::checked);
        let start = raw.start.as_deref().map(start_time).transpose();
        let tracks = raw.track.map(OneOrMore::paths).unwrap_or_default();
        let place =
            |it: Vec<String>| it.into_iter().map(|it| format!("clip {rank}: {it}")).collect();
        let camera = collect(camera.map_err(place), problems);
        let start = collect(start.map_err(|it| vec![format!("clip {rank}: {it}")]), problems);
        let offset = raw
            .clock_offset_s
            .map(Seconds::new)
            .transpose()
            .map_err(|why| vec![format!("clip {rank}: clock_offset_s: {why}")]);
        let clock_offset = collect(offset, problems);
        let (Some(camera), Some(start), Some(clock_offset)) = (camera, start, clock_offset) else {
            continue;
        };
        clips.push(ClipEntry {
            video: folder.join(raw.video),
            tracks: tracks.into_iter().map(|it| folder.join(it)).collect(),
            start,
            clock_offset,
            camera,
        });
    }
    clips
}

fn start_time(text: &str) -> Result<Seconds, String> {
    let parsed: Result<jiff::Timestamp, _> = text.parse();
    let time = parsed.map_err(|_expected_says_more| {
        format!("start: found {text:?}, expected a time with its zone such as 2024-05-14T08:00:00Z")
    })?;
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of our era fit 2^53")]
    Ok(Seconds::of(time.as_millisecond() as f64 / 1000.0))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "values as written")]
mod tests {
    use super::*;

    fn built(text: &str) -> Result<SurveyFile, Vec<String>> {
        build(&text.parse().unwrap(), Path::new("folder"))
    }

    #[test]
    fn the_defaults_are_complete() {
        let file = built("").unwrap();
        assert_eq!(file.survey.frames.every.get(), 5.0);
        assert!(file.clips.is_empty());
    }

    #[test]
    fn a_survey_file_overrides_what_it_says_and_paths_are_its_own() {
        let file = built(
            r#"
            title = "T"
            network = "n.geojson"
            [frames]
            snap = "keyframe"
            [camera]
            height_m = 1.6
            [[clip]]
            video = "a.mp4"
            track = "a.gpx"
            start = "2024-05-14T08:00:00Z"
            [[clip]]
            video = "b.mp4"
            track = ["b.nmea", "b.gpx"]
            camera = { pitch_deg = 9.0 }
            [[clip]]
            video = "c.mp4"
            "#,
        )
        .unwrap();
        assert_eq!(file.network, Path::new("folder/n.geojson"));
        assert_eq!(file.clips[0].start, Some(Seconds::of(1_715_673_600.0)));
        assert!(file.clips[0].camera.pitch_unknown && !file.clips[1].camera.pitch_unknown);
        assert_eq!(file.clips[1].camera.camera.height().get(), 1.6);
        let tracks: Vec<_> = file.clips.iter().map(|it| it.tracks.as_slice()).collect();
        let at = |name: &str| Path::new("folder").join(name);
        assert_eq!(tracks, [&[at("a.gpx")][..], &[at("b.nmea"), at("b.gpx")], &[]]);
        assert_ne!(file.digest, built("").unwrap().digest);
    }

    #[test]
    fn every_problem_is_listed() {
        let problems = built(
            r#"
            colour = 1
            [frames]
            snap = "fast"
            [privacy]
            blur = true
            [measure]
            near_m = -2
            pothole_low_m2 = 0.6
            [validity]
            darkest = 240
            least_lane = 12
            [track]
            max_gap_s = 0
            [[clip]]
            track = "a.gpx"
            [[clip]]
            video = "b.mp4"
            start = "yesterday"
            "#,
        )
        .unwrap_err();
        let all = problems.join("\n");
        for part in [
            "colour: unknown",
            "snap: found \"fast\"",
            "blur",
            "near_m: found -2",
            "pothole_medium_m2: found 0.5, expected 0.6 to 10",
            "brightest: found 235, expected 241 to 255",
            "least_lane: found 12, expected 0 to 1",
            "max_gap_s: found 0",
            "clip 1",
            "clip 2: start: found \"yesterday\"",
        ] {
            assert!(all.contains(part), "{part} not in {all}");
        }
    }
}
