//! A run that was stopped goes on: what it had filmed is neither lost nor filmed again.

use super::support::Patrol;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// Runs the survey until the second of its two clips is being filmed, then stops it as a power cut does.
fn stopped(patrol: &Patrol) {
    let mut run = Command::new(env!("CARGO_BIN_EXE_voirie"))
        .args(["run", "survey.toml", "--output", "out", "--quiet", "--threads", "1"])
        .current_dir(patrol.at("."))
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let second = patrol.at("out/frames/good.mp4");
    let began = Instant::now();
    while !second.is_dir() {
        assert!(began.elapsed() < Duration::from_mins(10), "the second clip never came");
        assert!(run.try_wait().unwrap().is_none(), "the run ended before it was stopped");
        std::thread::sleep(Duration::from_millis(5));
    }
    run.kill().unwrap();
    run.wait().unwrap();
}

fn written(patrol: &Patrol, name: &str) -> SystemTime {
    fs::metadata(patrol.at(name)).unwrap().modified().unwrap()
}

#[test]
fn a_stopped_run_goes_on_and_gives_the_same_bytes() {
    let patrol = Patrol::new();
    for (from, to) in [("good.mp4", "first.mp4"), ("good.gpx", "first.gpx")] {
        fs::copy(patrol.at(from), patrol.at(to)).unwrap();
    }
    patrol.survey(&[("first.mp4", "first.gpx")]);
    let whole = patrol.voirie("run survey.toml --output whole --quiet --lang en");
    assert!(!whole.err.contains("stopped"), "{}", whole.err);

    stopped(&patrol);
    assert!(patrol.at("out/journal.sqlite").is_file());
    // Nothing half-written bears a name.
    assert!(!patrol.at("out/voirie.gpkg").exists() && !patrol.at("out/report.html").exists());
    let first = "out/frames/first.mp4/000000.jpg";
    let kept = written(&patrol, first);
    let resumed = patrol.run();
    assert!(resumed.err.contains("1 clip already filmed"), "{}", resumed.err);
    assert_eq!(written(&patrol, first), kept, "the first clip was filmed again");
    assert_eq!(resumed.code, whole.code);
    let files = patrol.files("whole");
    assert_eq!(files, patrol.files("out"));
    for file in files {
        assert!(
            patrol.bytes(&format!("whole/{file}")) == patrol.bytes(&format!("out/{file}")),
            "{file} differs"
        );
    }

    // A clip one of whose pictures is gone is filmed again; so is every clip when settings change.
    stopped(&patrol);
    fs::remove_file(patrol.at(first)).unwrap();
    let again = patrol.run();
    assert_eq!((again.code, patrol.at(first).is_file()), (whole.code, true));
}

#[test]
fn two_runs_do_not_write_to_one_folder() {
    let patrol = Patrol::new();
    patrol.survey(&[]);
    fs::create_dir(patrol.at("out")).unwrap();
    let holder = rusqlite::Connection::open(patrol.at("out/journal.sqlite")).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let refused = patrol.run();
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("another run writes to this folder"), "{}", refused.err);
    drop(holder);
    // Somebody's own file of that name is not touched.
    let foreign = "not a database at all, by any means; longer than the header of one, which is a hundred bytes";
    patrol.put("out/journal.sqlite", foreign);
    let refused = patrol.run();
    assert!(refused.err.contains("no journal of this program"), "{}", refused.err);
    assert_eq!(patrol.text("out/journal.sqlite"), foreign);
}
