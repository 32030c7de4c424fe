//! What keeps a run from meaning anything: refused before the first frame, with an exit code that
//! says whose fault it is, and nothing on the disk.

use super::support::{Patrol, has_extension};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The sample's files and one more key.
fn files_and(more: &str) -> String {
    format!("network = \"network.geojson\"\nprs = \"pr.csv\"\n{more}\n")
}

#[test]
fn a_typing_error_in_a_scenario_is_shown_with_its_line_and_a_caret() {
    let patrol = Patrol::new();
    let scenarios = patrol.text("scenarios.toml");
    let misspelt = scenarios.replace("puis 40 k€", "pus 40 k€");
    assert_ne!(misspelt, scenarios);
    patrol.put("scenarios.toml", misspelt);
    patrol.survey(&[]);
    let done = patrol.run();
    done.assert_says(4, &["scenarios.toml: line 18, character 22", "found \"pus\", expected"]);
    let lines: Vec<&str> = done.err.lines().collect();
    let shown = lines.iter().position(|it| it.contains("18 | budget = ")).expect("the line");
    let under = lines[shown + 1].find('^').expect("a caret");
    assert!(lines[shown][under..].starts_with("pus"), "{}", done.err);
    assert!(!patrol.at("out").exists(), "refused before anything is written");
}

#[test]
fn users_of_roads_whose_traffic_is_not_known_are_refused_before_the_first_frame() {
    let patrol = Patrol::new();
    let network = patrol.text("network.geojson");
    patrol.put("network.geojson", network.replace("\"categorie\": 2", "\"categorie\": 7"));
    let scenarios = patrol.text("scenarios.toml");
    patrol.put(
        "scenarios.toml",
        scenarios.replacen("name = \"s01\"", "name = \"s01\"\nobjective = \"users\"", 1),
    );
    patrol.survey(&[]);
    let parts = ["scenario s01", "vehicles_a_day does not name category 7 (", " section"];
    patrol.run().assert_says(2, &parts);
    assert!(!patrol.at("out").exists(), "refused before anything is written");
}

#[test]
fn unknown_keys_of_a_survey_file_are_all_told() {
    let patrol = Patrol::new();
    patrol.survey_with(
        &files_and("colour = 1"),
        |it| it.replace("every_m", "evry_m").replace("face_scale = 0.4", "face_scale = 40"),
        &[],
    );
    let done = patrol.run();
    assert_eq!(done.code, Some(2), "{}", done.err);
    for part in ["survey.toml: ", "colour: unknown", "evry_m", "face_scale: found 40, expected"] {
        assert!(done.err.contains(part), "{part} not in\n{}", done.err);
    }
    assert!(!patrol.at("out").exists());
}

#[test]
fn a_survey_file_that_is_no_toml_is_shown_with_its_line() {
    let patrol = Patrol::new();
    patrol.put("survey.toml", "title = \"a\"\nnetwork = network.geojson\n");
    let done = patrol.run();
    assert_eq!(done.code, Some(2), "{}", done.err);
    assert!(done.err.contains("line 2") && done.err.contains('^'), "{}", done.err);
}

#[test]
fn unreadable_and_invalid_files_have_their_own_codes() {
    let patrol = Patrol::new();
    patrol.put("broken.geojson", "{\"type\": \"FeatureCollection\",\n \"features\": [,]}");
    patrol.put("table.csv", "name,km\nD1,3\n");
    patrol.put("empty.mp4", "");
    patrol.put("text.gpkg", "not a base");
    let network = |name: &str, prs: &str| {
        let files = format!("network = \"{name}\"\nprs = \"{prs}\"\n");
        patrol.survey_with(&files, |it| it, &[]);
        patrol.run()
    };
    network("absent.geojson", "pr.csv").assert_says(3, &["absent.geojson", "No such file"]);
    network("broken.geojson", "pr.csv").assert_says(4, &["broken.geojson", "line 2 column"]);
    network("network.geojson", "absent.csv").assert_says(3, &["absent.csv", "No such file"]);
    network("network.geojson", "table.csv").assert_says(4, &["table.csv", "no column route"]);
    let cases: [(&str, i32, &[&str]); 10] = [
        ("run absent.toml", 2, &["absent.toml", "No such file"]),
        ("inspect absent.mp4", 3, &["absent.mp4", "No such file"]),
        ("inspect empty.mp4", 4, &["empty.mp4", "0 bytes", "expected a video"]),
        ("inspect absent.gpx", 3, &["absent.gpx", "No such file"]),
        ("inspect table.csv", 4, &["table.csv", "no column time", "name, km"]),
        ("inspect absent.geojson", 3, &["absent.geojson", "No such file"]),
        ("inspect absent.gpkg", 3, &["absent.gpkg", "No such file"]),
        ("inspect text.gpkg", 4, &["text.gpkg", "not a base of this program"]),
        ("score absent.gpkg", 3, &["absent.gpkg", "No such file"]),
        ("plan text.gpkg scenarios.toml", 4, &["text.gpkg", "not a base of this program"]),
    ];
    for (line, code, parts) in cases {
        let done = patrol.voirie(line);
        assert_eq!(done.code, Some(code), "{line}: {}", done.err);
        done.assert_says(code, parts);
    }
    assert!(!patrol.at("out").exists());
}

/// Copies cards and ONNX files of the three models.
fn copy_models(to: &Path) {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for name in ["pavement", "face", "plate"] {
        fs::create_dir_all(to.join(name)).unwrap();
        for file in ["card.toml", "model.onnx"] {
            fs::copy(models.join(name).join(file), to.join(name).join(file)).unwrap();
        }
    }
}

#[test]
fn a_model_with_one_changed_byte_is_refused() {
    let patrol = Patrol::new();
    copy_models(&patrol.at("models"));
    let mut bytes = patrol.bytes("models/plate/model.onnx");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    patrol.put("models/plate/model.onnx", bytes);
    patrol.survey_with(&files_and("models = \"models\""), |it| it, &[]);
    let done = patrol.run();
    done.assert_says(5, &["model plate", "models/plate/model.onnx has SHA-256", "its card says"]);
    assert!(!patrol.at("out").exists());

    fs::remove_file(patrol.at("models/face/model.onnx")).unwrap();
    patrol.run().assert_says(5, &["model face", "models/face/model.onnx", "No such file"]);
}

/// A small file system of its own, until dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Nothing when this user may not mount.
    fn mounted(at: PathBuf, size: &str) -> Option<Self> {
        fs::create_dir_all(&at).unwrap();
        let options = format!("size={size}");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&at).output();
        if mount.is_ok_and(|it| it.status.success()) {
            return Some(Self(at));
        }
        eprintln!("skipped: a small disk cannot be mounted here");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What stays mounted is told by the temporary folder, which then cannot be removed.
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing_half_written() {
    let patrol = Patrol::new();
    let Some(_disk) = SmallDisk::mounted(patrol.at("out"), "300k") else { return };
    patrol.survey(&[]);
    let done = patrol.run();
    // Three pictures fit; those that do not are told, and then the base.
    done.assert_says(3, &["good.mp4: ", "pictures not written", "frames/good.mp4/0000"]);
    done.assert_says(3, &["out/voirie.gpkg", "no storage space"]);
    let files = patrol.files("out");
    // A small table may still fit: what is there is whole.
    patrol.assert_nothing_half_written("out");
    let pictures: Vec<_> = files.iter().filter(|it| has_extension(it, "jpg")).collect();
    assert!(!pictures.is_empty(), "{files:?}");
    for file in pictures {
        let bytes = patrol.bytes(&format!("out/{file}"));
        assert!(bytes.starts_with(&[0xff, 0xd8]) && bytes.ends_with(&[0xff, 0xd9]), "{file}");
    }
}

#[test]
fn a_full_disk_leaves_the_base_of_before() {
    let patrol = Patrol::new();
    let Some(_disk) = SmallDisk::mounted(patrol.at("out"), "600k") else { return };
    // Room for one base and not for the next beside it.
    patrol.survey_with(&files_and(""), |it| it.replace("every_m = 40", "every_m = 100"), &[]);
    assert_eq!(patrol.voirie("survey survey.toml --output film --quiet").code, Some(0));
    fs::copy(patrol.at("film/voirie.gpkg"), patrol.at("out/voirie.gpkg")).unwrap();
    let before = patrol.bytes("out/voirie.gpkg");
    patrol.put("out/ballast", vec![0; 200_000]);
    // SQLite and the system have each their words for it.
    patrol.voirie("score out/voirie.gpkg").assert_says(3, &["out/voirie.gpkg", "space"]);
    assert!(patrol.bytes("out/voirie.gpkg") == before);
    assert_eq!(patrol.files("out"), ["ballast", "voirie.gpkg"]);
}

#[test]
fn an_output_that_cannot_be_written_does_not_take_the_others_with_it() {
    let patrol = Patrol::new();
    patrol.survey(&[]);
    // Something that is no file stands in the way of two outputs; a picture is left of another run.
    for folder in ["out/voirie.gpkg/kept", "out/defects.csv/kept", "out/frames/old.mp4"] {
        fs::create_dir_all(patrol.at(folder)).unwrap();
    }
    patrol.put("out/frames/old.mp4/000001.jpg", "old");
    patrol.put("out/frames/pictures.txt", "frames/old.mp4/000001.jpg\n");
    let done = patrol.run();
    assert_eq!(done.code, Some(3), "{}", done.err);
    for part in ["voirie.gpkg", "defects.csv"] {
        assert!(done.err.contains(part), "{part} not in {}", done.err);
    }
    for name in ["sections.geojson", "sections.csv", "frames.csv", "scenarios.csv", "report.html"] {
        assert!(patrol.at("out").join(name).is_file(), "{name}: {}", done.err);
    }
    assert!(patrol.at("out/frames/old.mp4/000001.jpg").exists(), "kept until a run is whole");
    for folder in ["out/voirie.gpkg", "out/defects.csv"] {
        fs::remove_dir_all(patrol.at(folder)).unwrap();
    }
    assert_eq!(patrol.run().code, Some(0));
    assert!(!patrol.at("out/frames/old.mp4").exists(), "no row names that picture");
    patrol.assert_the_rest_is_whole();
}

#[test]
fn pictures_never_take_the_place_of_a_clip() {
    let patrol = Patrol::new();
    fs::create_dir_all(patrol.at("out/frames")).unwrap();
    fs::copy(patrol.at("good.mp4"), patrol.at("out/frames/day.mp4")).unwrap();
    patrol.survey(&[("out/frames/day.mp4", "good.gpx")]);
    patrol.run().assert_says(2, &["out/frames/day.mp4", "where pictures are written", "--output"]);
    assert_eq!(patrol.files("out"), ["frames/day.mp4"]);
}
