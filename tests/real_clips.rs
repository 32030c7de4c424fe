//! A real dashcam clip, in four codecs, with a synthetic track.

#![expect(
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::print_stdout,
    reason = "a test may fail, and tells what it measured"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn clip() -> Option<PathBuf> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/field/solidWhiteRight.mp4");
    path.exists().then(|| path.canonicalize().expect("it exists"))
}

fn has_ffmpeg() -> bool {
    Command::new("ffmpeg").arg("-version").output().is_ok()
}

/// A straight road east of Toulouse, driven at 25 m/s for ten seconds.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let lon = |metres: f64| 1.6 + metres / 80_600.0;
    put(
        "network.geojson",
        &format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":\
             {{\"route\":\"D1\",\"cote\":\"U\",\"largeur_m\":7,\"voies\":2,\"categorie\":1,\
             \"secteur\":\"A\"}},\"geometry\":{{\"type\":\"LineString\",\"coordinates\":\
             [[{},43.6],[{},43.6]]}}}}]}}",
            lon(-100.0),
            lon(400.0)
        ),
    );
    put("pr.csv", "route,cote,pr,cumul_m\nD1,U,0,0\n");
    let rows: String = (0..12)
        .map(|it| format!("2024-05-14T08:00:{it:02}Z,{:.8},43.6\n", lon(f64::from(it) * 25.0)))
        .collect();
    put("track.csv", &format!("time,lon,lat\n{rows}"));
    folder
}

/// Runs one clip of the folder, with or without an ffmpeg on the search path.
fn film(folder: &Path, clip: &str, decoder: &str, path: Option<&str>) -> Output {
    let survey = format!(
        "network = \"network.geojson\"\nprs = \"pr.csv\"\n[camera]\nheight_m = 1.3\n\
         hfov_deg = 60\n[frames]\nevery_m = 30\ndecoder = \"{decoder}\"\n[privacy]\n\
         face_scale = 0.6\nplate_scale = 0.9\n[[clip]]\nvideo = \"{clip}\"\n\
         track = \"track.csv\"\nstart = \"2024-05-14T08:00:00Z\"\n"
    );
    fs::write(folder.join("survey.toml"), survey).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_voirie"));
    command.args(["--lang", "en", "run", "--quiet", "survey.toml", "--output", "out"]);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    command.current_dir(folder).output().unwrap()
}

/// Ranks of the frames that were kept.
fn kept(folder: &Path) -> usize {
    let rows = fs::read_to_string(folder.join("out/frames.csv")).unwrap();
    rows.lines().count() - 1
}

#[test]
fn a_real_clip_runs_in_h264_hevc_and_mjpeg_without_ffmpeg_and_in_vp9_with_it() {
    let Some(clip) = clip() else {
        println!("skipped: ../shared/data is absent");
        return;
    };
    if !has_ffmpeg() {
        println!("skipped: ffmpeg is absent, the other codecs cannot be made");
        return;
    }
    let folder = folder();
    let made = |name: &str, codec: &[&str]| {
        let done = Command::new("ffmpeg")
            .args(["-v", "error", "-i"])
            .arg(&clip)
            .args(codec)
            .arg(folder.path().join(name))
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    fs::copy(&clip, folder.path().join("h264.mp4")).unwrap();
    made(
        "hevc.mp4",
        &["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error"],
    );
    made("mjpeg.mov", &["-c:v", "mjpeg", "-q:v", "3"]);
    made("vp9.mkv", &["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]);

    for name in ["h264.mp4", "hevc.mp4", "mjpeg.mov"] {
        let done = film(folder.path(), name, "auto", Some("/nonexistent"));
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code().is_some_and(|it| it <= 1), "{name}: {said}");
        assert!(kept(folder.path()) >= 7, "{name}: {} frames\n{said}", kept(folder.path()));
        fs::remove_dir_all(folder.path().join("out")).unwrap();
    }
    let done = film(folder.path(), "vp9.mkv", "auto", None);
    assert!(done.status.code().is_some_and(|it| it <= 1));
    assert!(kept(folder.path()) >= 7);
    fs::remove_dir_all(folder.path().join("out")).unwrap();

    let done = film(folder.path(), "vp9.mkv", "auto", Some("/nonexistent"));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{said}");
    for part in ["vp9.mkv", "ffmpeg", "apt install ffmpeg"] {
        assert!(said.contains(part), "{part} not in {said}");
    }
}
