//! A department of 1.2 million cells: its base, then that table in every exchange format; time, size,
//! peak memory of the process so far.
//!
//! `cargo bench --bench exchange`, a minute and half a gigabyte of temporary files. Not a criterion bench:
//! what is asked is the peak of one process.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "what a bench measures")]

#[path = "../tests/outsiders/small_base.rs"]
mod small_base;

use std::fs;
use std::path::Path;
use std::time::Instant;
use voirie::io::exchange::{Format, Source};
use voirie::io::geopackage::Base;

/// Chosen: what Haute-Garonne has of 5 m cells.
const N_CELLS: usize = 1_200_000;

/// Most memory that this process has held, MB; nothing outside Linux.
fn peak_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|it| it.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|it| it / 1024.0)
}

fn say(what: &str, began: Instant, path: &Path) {
    let (took, size) = (began.elapsed().as_secs_f64(), fs::metadata(path).unwrap().len() >> 20);
    let peak = peak_mb().map_or("?".to_owned(), |it| format!("{it:.0}"));
    println!("{what}: {took:.1} s, {size} MB, peak {peak} MB");
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("base.gpkg");
    let began = Instant::now();
    small_base::write_department(&path, N_CELLS);
    say("base", began, &path);
    let base = Base::open(&path).unwrap();
    let tables = base.tables().unwrap();
    let cells = tables.iter().find(|it| it.name == "cells").unwrap();
    assert_eq!(cells.n_drawn, N_CELLS as u64);
    for format in Format::ALL {
        let began = Instant::now();
        let source = Source::new(&base, cells).unwrap();
        let Some(written) = format.write(folder.path(), &source).unwrap() else { continue };
        say(format.word(), began, &written);
    }
}
