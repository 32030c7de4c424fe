//! A department at once: its network read from a file, a million positions placed on it; time and
//! peak memory.
//!
//! `cargo bench --bench matching`. Not a criterion bench: what is asked is the peak of one process.

#![expect(clippy::print_stdout, reason = "what a bench measures")]

use std::io::Write;
use std::time::Instant;
use voirie::domain::{
    Fix, Metres, Plane, PlanePoint, Projector, Seconds, SectionCuts, SectionOrigin,
};
use voirie::georeferencing::{CutRules, Matcher, RoadIndex, bare_pose, calibrated, cut};
use voirie::io::network::{Referential, read};

/// Roads of 10 km, so 50 sections of 200 m each: 30,700 in all, as Haute-Garonne has.
const N_ROADS: u32 = 614;

/// Positions, one a second at 13 m/s: eleven days and a half of driving.
const N_FIXES: u32 = 1_000_000;

fn place(road: u32, x: f64) -> PlanePoint {
    let y = f64::from(road) * 150.0 + (x / 300.0).sin() * 40.0;
    PlanePoint { x: 540_000.0 + x, y: 6_250_000.0 + y }
}

/// Peak of the resident memory, in MiB; nothing where the system does not say.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|it| it.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

fn say(what: &str, began: Instant) {
    let peak = peak_mib().map_or("?".to_owned(), |it| format!("{it:.0}"));
    println!("{what}: {:.2} s, peak {peak} MiB", began.elapsed().as_secs_f64());
}

fn main() {
    let projector = Projector::new(Plane::LAMBERT_93);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("network.geojson");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[").expect("written");
    for road in 0..N_ROADS {
        let point = |step: u32| {
            let it = projector.unproject(place(road, f64::from(step) * 20.0));
            format!("[{:.7},{:.7}]", it.longitude(), it.latitude())
        };
        let line = (0..=500).map(point).collect::<Vec<_>>().join(",");
        let comma = if road == 0 { "" } else { "," };
        write!(
            out,
            "{comma}{{\"type\":\"Feature\",\"properties\":{{\"route\":\"D{road}\",\"categorie\":3,\
             \"secteur\":\"A\",\"largeur_m\":5.5,\"voies\":2}},\"geometry\":{{\"type\":\"LineString\",\
             \"coordinates\":[{line}]}}}}"
        )
        .expect("written");
    }
    out.write_all(b"]}").expect("written");
    out.flush().expect("written");
    drop(out);

    let began = Instant::now();
    let network = read(&path, None, &Referential::default()).expect("a network").value;
    let index = RoadIndex::new(&network);
    let (origin, cuts) = (SectionOrigin::Cumul, SectionCuts::default());
    let sections = cut(&network, &CutRules { pitch: Metres::of(200.0), origin, cuts }).len();
    say(&format!("{} roads, {sections} sections, read and indexed", network.roads().len()), began);

    // Normal enough: a sum of uniform draws, 5 m on each axis.
    let mut seed = 1_u64;
    let mut noise = || {
        let mut sum = -6.0;
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            sum += f64::from(u32::try_from(seed >> 33).expect("31 bits")) / f64::from(1_u32 << 31);
        }
        5.0 * sum
    };
    let mut fixes = Vec::with_capacity(N_FIXES as usize);
    for second in 0..N_FIXES {
        let metres = f64::from(second) * 13.0;
        let road = (second / 760) % N_ROADS;
        let at = place(road, metres % 9880.0);
        let at = PlanePoint { x: at.x + noise(), y: at.y + noise() };
        fixes.push((
            road,
            Fix { time: Seconds::of(f64::from(second)), position: projector.unproject(at) },
        ));
    }
    let began = Instant::now();
    let only: Vec<Fix> = fixes.iter().take(2000).map(|it| it.1).collect();
    let mut matcher = Matcher::new(&index, calibrated(&index, &only));
    let mut roads = fixes.iter().map(|it| it.0);
    let (mut right, mut placed) = (0_u32, 0_u32);
    let mut judge = |places: Vec<voirie::georeferencing::Matched>| {
        for it in places {
            let road = roads.next().expect("a place for each position");
            placed += u32::from(it.place.is_some());
            right += u32::from(it.place.is_some_and(|it| it.road == road as usize));
        }
    };
    for (_, fix) in &fixes {
        matcher.push(&bare_pose(fix, &projector).expect("in France"));
        judge(matcher.take().0);
    }
    judge(matcher.finish().0);
    say(&format!("{N_FIXES} positions, {placed} placed, {right} on the right road"), began);
}
