//! The figures of the pavement model's card, measured again through the shipped program: each section by
//! the network that never saw it.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail, and tells why")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// How far a figure may lie from the card's: the card rounds, and processors differ a little.
const WITHIN: f64 = 0.003;

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    folder.is_dir().then_some(folder)
}

/// What `voirie evaluate --json` says of an archive.
fn evaluate(archive: &Path, options: &[&str]) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_voirie"))
        .args(["evaluate", "--json", "--quiet", "--worst", "0", "--output"])
        .arg(folder.path())
        .args(options)
        .arg(archive)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Holds each figure of a part of the card to what was found.
fn hold(part: &str, claimed: &toml::Table, found: &serde_json::Value) {
    let mut compared = 0;
    for (name, path) in [
        ("lane_iou", "/lane/iou"),
        ("crack_precision", "/crack/precision"),
        ("crack_recall", "/crack/recall"),
        ("crack_f1", "/crack/f1"),
        ("crack_best_f1", "/crack/best_f1"),
        ("crack_calibration_error", "/crack/expected_calibration_error"),
        ("pothole_precision", "/pothole/precision"),
        ("pothole_recall", "/pothole/recall"),
        ("pothole_f1", "/pothole/f1"),
        ("frame_shows_pothole_average_precision", "/image_has_pothole/average_precision"),
        ("cracked_share_per_frame_pearson", "/per_frame/pearson"),
        ("cracked_share_per_100_m_pearson", "/per_100m/pearson"),
        ("cracked_share_per_100_m_relative_bias", "/per_100m/relative_bias"),
        ("within_interval", "/notes_per_100m/within_interval"),
        ("interval_width", "/notes_per_100m/interval_width"),
        ("mean_difference", "/notes_per_100m/against_drawn/mean_difference"),
        ("standard_deviation", "/notes_per_100m/standard_deviation"),
        ("repeatability", "/notes_per_100m/odd_against_even/standard_deviation"),
        ("repeatability_as_drawn", "/notes_per_100m/odd_against_even_as_drawn/standard_deviation"),
    ] {
        let Some(claimed) = claimed.get(name).and_then(toml::Value::as_float) else { continue };
        let found = found.pointer(path).and_then(serde_json::Value::as_f64);
        let found = found.unwrap_or_else(|| panic!("{part}: no {path}"));
        // Notes are in points out of 20.
        let within = if path.starts_with("/notes") { 10.0 * WITHIN } else { WITHIN };
        assert!((found - claimed).abs() <= within, "{part}, {name}: {found}, card {claimed}");
        compared += 1;
    }
    assert!(compared > 0, "{part}: the card claims nothing");
}

#[test]
fn the_card_says_what_the_program_measures() {
    let Some(data) = shared() else {
        println!("skipped: ../shared/data is absent");
        return;
    };
    let card: toml::Table =
        std::fs::read_to_string("models/pavement/card.toml").unwrap().parse().unwrap();
    let quality = card["quality"].as_table().unwrap();
    let part = |name: &str| quality[name].as_table().unwrap();
    let (frames, grey) = (data.join("cap-train.tar"), data.join("paveseg-train.tar"));
    let all = evaluate(&frames, &["--folds", "models/folds", "--notes"]);
    hold("cross_validation", part("cross_validation"), &all);
    hold("notes", part("notes"), &all);
    hold("grey", part("grey"), &evaluate(&grey, &[]));
    let sections = part("drive")["sections"].as_str().unwrap();
    hold("drive", part("drive"), &evaluate(&frames, &["--sections", sections]));
    let sections = part("fold_b")["sections"].as_str().unwrap().replace(", ", ",");
    let options = ["--pavement", "models/folds/b", "--sections", &sections];
    hold("fold_b", part("fold_b"), &evaluate(&frames, &options));
}
