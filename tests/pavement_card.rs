//! The figures of the pavement model's card, measured again through the shipped program.

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
fn evaluate(archive: &Path, sections: Option<&str>) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_voirie"));
    command.args(["evaluate", "--json", "--quiet", "--worst", "0", "--output"]).arg(folder.path());
    if let Some(sections) = sections {
        command.args(["--sections", sections]);
    }
    let output = command.arg(archive).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
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
    let (frames, grey) = (data.join("cap-train.tar"), data.join("paveseg-train.tar"));
    let parts = [("test", &frames), ("drive", &frames), ("grey", &grey)];
    for (part, archive) in parts {
        let claimed = quality[part].as_table().unwrap();
        let sections = claimed.get("sections").and_then(toml::Value::as_str);
        let found = evaluate(archive, sections.map(|it| it.replace(", ", ",")).as_deref());
        println!("{part}: {found}");
        let mut compared = 0;
        for (name, path) in [
            ("lane_iou", "/lane/iou"),
            ("crack_precision", "/crack/precision"),
            ("crack_recall", "/crack/recall"),
            ("crack_f1", "/crack/f1"),
            ("crack_best_f1", "/crack/best_f1"),
            ("pothole_precision", "/pothole/precision"),
            ("pothole_recall", "/pothole/recall"),
            ("pothole_f1", "/pothole/f1"),
            ("cracked_share_per_frame_pearson", "/per_frame/pearson"),
            ("cracked_share_per_100_m_pearson", "/per_100m/pearson"),
            ("cracked_share_per_100_m_relative_bias", "/per_100m/relative_bias"),
        ] {
            let Some(claimed) = claimed.get(name).and_then(toml::Value::as_float) else { continue };
            let found = found.pointer(path).and_then(serde_json::Value::as_f64).unwrap();
            assert!((found - claimed).abs() <= WITHIN, "{part}, {name}: {found}, card {claimed}");
            compared += 1;
        }
        assert!(compared > 0, "{part}: the card claims nothing");
    }
}
