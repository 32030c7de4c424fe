//! A program built without a runtime says so, before it decodes anything.

#![cfg(not(feature = "onnx"))]

use assert_cmd::Command;
use predicates::str::contains;

#[test]
fn a_program_without_a_runtime_names_the_feature_that_it_lacks() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let survey = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/light.toml");
    Command::new(env!("CARGO_BIN_EXE_voirie"))
        .args(["run", survey, "--output"])
        .arg(folder.path())
        .assert()
        .code(5)
        .stderr(contains("feature onnx"));
}
