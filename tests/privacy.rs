//! A face and a plate are planted in frames; the same detectors find neither in any picture written.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::format_push_string,
    clippy::print_stdout,
    reason = "a test may fail, and tells what it measured"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use voirie::anonymisation::{DetectorInput, PlatePriors};
use voirie::domain::{CellThresholds, Detection, Image, PrivateKind, RawFrame};
use voirie::io::config;
use voirie::io::models;
use voirie::io::onnx::TractModel;
use voirie::io::stills;
use voirie::pipeline::{Models, Pavement, PrivateDetector, seek};

/// A public-domain portrait (NASA, Eileen Collins), put there by `scripts/test`.
fn portrait() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-data/astronaut.png");
    path.exists().then_some(path)
}

fn plates() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/plates-dev.tar");
    path.exists().then_some(path)
}

fn run(command: &mut Command) {
    let done = command.output().expect("the tool starts");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Pictures of a folder, in order of name.
fn pictures(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "jpg"))
        .collect();
    all.sort();
    all
}

/// Every frame of a folder of stills with its table.
fn images(folder: &Path, table: &Path) -> Vec<Image> {
    let mut opened = stills::open(folder, Some(table)).unwrap().value;
    let ranks: Vec<u64> = (0..opened.source.timeline().frames.len() as u64).collect();
    let mut all = Vec::new();
    let mut keep = |frame: Result<RawFrame, _>| {
        all.push(frame.map_err(|it: voirie::ports::FrameError| it.what).unwrap().image().clone());
        true
    };
    opened.source.decode(&ranks, &mut keep).unwrap();
    all
}

struct Detectors {
    face: TractModel,
    plate: TractModel,
}

impl Detectors {
    fn load() -> Self {
        let load = |name| {
            let file = models::open(name, None).unwrap();
            TractModel::load(name, &file.onnx, &file.card.input).unwrap()
        };
        Self { face: load("face"), plate: load("plate") }
    }

    /// As the program looks, at its own thresholds.
    fn seek(&self, image: &Image) -> Vec<Detection> {
        let face = DetectorInput { width: 640, height: 384, mean: [0.0; 3], bgr: false };
        let plate =
            DetectorInput { width: 960, height: 544, mean: [104.0, 117.0, 123.0], bgr: true };
        let thresholds = CellThresholds { lane: 0.5, crack: 0.5, pothole: 0.5, pothole_gain: 1.0 };
        let models = Models {
            pavement: Pavement { model: &self.face, thresholds },
            face: PrivateDetector { model: &self.face, input: face },
            plate: PrivateDetector { model: &self.plate, input: plate },
            priors: PlatePriors::new((960, 544)),
        };
        let settings = config::with_defaults(None).unwrap().survey.privacy;
        seek(image, None, &models, &settings).unwrap()
    }
}

/// Share of a box that another covers.
fn covered(one: &Detection, by: &Detection) -> f64 {
    one.bounds.intersection(&by.bounds).map_or(0.0, |it| it.area()) / one.bounds.area()
}

#[test]
fn a_planted_face_and_plate_are_in_no_picture() {
    let (Some(portrait), Some(plates)) = (portrait(), plates()) else {
        println!("skipped: ../shared/data or the portrait that scripts/test fetches is absent");
        return;
    };
    if Command::new("ffmpeg").arg("-version").output().is_err() {
        println!("skipped: ffmpeg is absent, the frames cannot be composed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("in")).unwrap();
    run(Command::new("tar").arg("xf").arg(plates).current_dir(folder.path()));
    let photographs = pictures(&at("plates/eu"));
    let mut rows = String::from("file,time,lon,lat\n");
    for (rank, photograph) in photographs.iter().step_by(photographs.len() / 6).take(6).enumerate()
    {
        // The portrait at six sizes, beside the car.
        let (name, size) = (format!("{rank:02}.jpg"), 90 + 45 * rank);
        run(Command::new("ffmpeg")
            .args(["-v", "error", "-i"])
            .arg(photograph)
            .arg("-i")
            .arg(&portrait)
            .arg("-filter_complex")
            .arg(format!(
                "[0]scale=1280:720:force_original_aspect_ratio=increase,crop=1280:720[a];\
                 [1]scale={size}:-1[b];[a][b]overlay=20:20"
            ))
            .args(["-q:v", "2"])
            .arg(at("in").join(&name)));
        let lon = 1.6 + rank as f64 * 30.0 / 80_600.0;
        rows += &format!("{name},2024-05-14T08:00:{:02}Z,{lon:.8},43.6\n", rank * 2);
    }
    fs::write(at("in.csv"), rows).unwrap();
    let line = "[[1.598,43.6],[1.61,43.6]]";
    fs::write(
        at("network.geojson"),
        format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":\
             {{\"route\":\"D1\",\"cote\":\"U\"}},\"geometry\":{{\"type\":\"LineString\",\
             \"coordinates\":{line}}}}}]}}"
        ),
    )
    .unwrap();
    fs::write(
        at("survey.toml"),
        "network = \"network.geojson\"\n[frames]\nevery_m = 30\n[[clip]]\nvideo = \"in\"\n\
         track = \"in.csv\"\n",
    )
    .unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_voirie"))
        .args(["run", "--quiet", "survey.toml", "--output", "out"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.code().is_some_and(|it| it <= 1), "{said}");

    let detectors = Detectors::load();
    let before = images(&at("in"), &at("in.csv"));
    let written = pictures(&at("out/frames/in"));
    assert_eq!(written.len(), before.len(), "{said}");
    fs::write(
        at("out.csv"),
        written.iter().enumerate().fold(String::from("file,time,lon,lat\n"), |text, (rank, it)| {
            let name = it.file_name().unwrap().to_string_lossy();
            format!("{text}{name},2024-05-14T08:00:{rank:02}Z,1.6,43.6\n")
        }),
    )
    .unwrap();
    let after = images(&at("out/frames/in"), &at("out.csv"));
    let (mut faces, mut plates) = (0, 0);
    for (rank, (before, after)) in before.iter().zip(&after).enumerate() {
        let planted = detectors.seek(before);
        faces += u32::from(planted.iter().any(|it| it.kind == PrivateKind::Face));
        plates += u32::from(planted.iter().any(|it| it.kind == PrivateKind::Plate));
        for left in detectors.seek(after) {
            let of = planted.iter().find(|it| it.kind == left.kind && covered(&left, it) > 0.3);
            assert!(of.is_none(), "picture {rank}: {left:?} is still where {of:?} was");
        }
    }
    println!("faces seen in {faces} of 6 frames, plates in {plates}; none in the pictures written");
    assert!(faces >= 5 && plates >= 5, "the test would prove nothing: {faces} and {plates}");
}
