//! Tracks inside real videos, held to what an outsider reads of the same bytes.
//!
//! The clip is read from `../shared/data`; the outsider is GoPro's own parser, through Python:
//! `pip install -r tests/outsiders/requirements.txt`. The variable `VOIRIE_PYTHON` names another
//! Python than `python3`. What is absent skips its test.

#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;
use voirie::domain::{FindingKind, Seconds, Weight};
use voirie::io::telemetry;

/// A GoPro Max on foot, eleven payloads of a second; the last is half a second.
fn clip() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/field");
    let clip = folder.join("max-heromode.mp4");
    if !clip.exists() {
        eprintln!("skipped: ../shared/data is absent");
        return None;
    }
    Some(clip)
}

/// One fix as the outsider reads it.
struct Outside {
    latitude: f64,
    longitude: f64,
    /// Seconds of the clip.
    time: f64,
}

/// The fixes with a lock and a dilution of at most 10, in order; nothing without the outsider.
fn outside(clip: &Path) -> Option<Vec<Outside>> {
    let python = std::env::var_os("VOIRIE_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outsiders/gpmf.py");
    let ran = Command::new(python).arg(script).arg(clip).output();
    let output = match ran {
        Ok(output) if output.status.success() => output.stdout,
        Ok(output) => {
            let why = String::from_utf8_lossy(&output.stderr);
            assert!(why.contains("No module named"), "the outsider failed: {why}");
            eprintln!("skipped: py-gpmf-parser is absent");
            return None;
        }
        Err(_) => {
            eprintln!("skipped: python3 is absent");
            return None;
        }
    };
    let text = String::from_utf8(output).unwrap();
    let fixes = text.lines().filter_map(|line| {
        let values: Vec<f64> = line.split(',').map(|it| it.parse().unwrap()).collect();
        let [latitude, longitude, lock, dilution, time] = values[..] else { panic!("{line}") };
        (lock > 0.0 && dilution <= 1000.0).then_some(Outside { latitude, longitude, time })
    });
    Some(fixes.collect())
}

#[test]
fn the_track_of_a_gopro_is_read() {
    let Some(clip) = clip() else { return };
    let found = telemetry::embedded(&clip).unwrap();
    assert!(found.findings.iter().all(|it| it.weight == Weight::Note), "{:?}", found.findings);
    assert_eq!((found.value.source, found.value.dated), ("GPMF", true));
    let fixes = found.value.track.fixes();
    assert_eq!(fixes.len(), 191);
    // The receiver says 23:45:16.470 in the second payload, and repeats an old time in the first:
    // that one is dated by the clip, and a note says so.
    let second = 1_574_120_716.470;
    assert!((fixes[17].time.get() - second).abs() < 1e-6, "{:?}", fixes[17]);
    let steps = fixes.windows(2).map(|it| (it[1].time - it[0].time).get());
    for step in steps {
        assert!((0.01..0.12).contains(&step), "the receiver gives 18 fixes a second: {step}");
    }
    let late = FindingKind::ReceiverClockLate { n_fixes: 17, most: Seconds::ZERO };
    let [finding] = &found.findings[..] else { panic!("{:?}", found.findings) };
    assert_eq!(std::mem::discriminant(&finding.kind), std::mem::discriminant(&late));
    let start = found.value.clip_start.unwrap().get();
    assert!((start - (second - 1.001)).abs() < 0.1, "{start}");
    // A plain reading of the same file gives the same track.
    assert_eq!(telemetry::read(&clip).unwrap().value, found.value.track);
}

#[test]
fn every_fix_is_where_an_outsider_reads_it() {
    let Some(clip) = clip() else { return };
    let Some(outside) = outside(&clip) else { return };
    let found = telemetry::embedded(&clip).unwrap().value;
    let start = found.clip_start.unwrap();
    let fixes = found.track.fixes();
    assert_eq!(fixes.len(), outside.len());
    let (mut farthest, mut latest) = (0.0_f64, 0.0_f64);
    for (ours, theirs) in fixes.iter().zip(&outside) {
        let latitude = (ours.position.latitude() - theirs.latitude).abs();
        let longitude = (ours.position.longitude() - theirs.longitude).abs();
        farthest = farthest.max(latitude).max(longitude);
        latest = latest.max(((ours.time - start).get() - theirs.time).abs());
    }
    eprintln!("{} fixes, {farthest:e} degrees apart, {latest:.3} s", fixes.len());
    assert!(farthest <= 1e-7, "{farthest} degrees");
    // The outsider spreads fixes over media time, we over the receiver's clock.
    assert!(latest < 0.25, "{latest} s");
}
