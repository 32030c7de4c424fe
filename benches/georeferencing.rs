//! Georeferencing at the size of a département: 300,000 stretches of road, an hour of drive.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use voirie::domain::{
    Carriageway, Fix, LocateLimits, Metres, Network, Plane, PlanePoint, Projector, Road, RoadId,
    Seconds, SectionCuts, SectionOrigin, Snap, Track, TrackLimits, Wgs84,
};
use voirie::georeferencing::{CleanTrack, CutRules, Pose, RoadIndex, choose, clean, cut};

/// Where everything starts: near Toulouse.
const START: (f64, f64) = (540_000.0, 6_250_000.0);

/// 600 winding roads of 10 km, 150 m apart, a point every 20 m.
fn network() -> Network {
    let road = |rank: u32| {
        let point = |step: u32| {
            let x = f64::from(step) * 20.0;
            let y = f64::from(rank) * 150.0 + (x / 300.0).sin() * 40.0;
            PlanePoint { x: START.0 + x, y: START.1 + y }
        };
        let (width, start) = (Metres::of(5.5), Metres::ZERO);
        let id = RoadId::new(&format!("D{rank}")).expect("a name");
        let line = (0..=500).map(point).collect();
        Road::new(id, Carriageway::Single, 3, String::new(), width, 2, line, start, Vec::new())
            .expect("a road")
    };
    Network::new((0..600).map(road).collect())
}

/// An hour at one fix a second and 13 m/s along the roads, one after the other, a few metres off.
fn track() -> Track {
    let projector = Projector::new(Plane::LAMBERT_93);
    let fix = |second: u32| {
        let metres = f64::from(second) * 13.0;
        let (road, x) = ((metres / 9900.0).floor(), metres % 9900.0);
        let y = road * 150.0 + (x / 300.0).sin() * 40.0 + (metres / 7.0).sin() * 2.0;
        let position = projector.unproject(PlanePoint { x: START.0 + x, y: START.1 + y });
        Fix { time: Seconds::of(f64::from(second)), position }
    };
    Track::new((0..3600).map(fix).collect())
}

fn limits() -> TrackLimits {
    let (max_gap_s, max_gap_m) = (Seconds::of(3.0), Metres::of(50.0));
    TrackLimits { max_speed_m_s: 70.0, max_gap_s, max_gap_m }
}

fn clip() -> (Vec<Seconds>, Vec<bool>) {
    let ranks = 0..3600 * 30_u32;
    let times = ranks.clone().map(|it| Seconds::of(f64::from(it) / 30.0)).collect();
    (times, ranks.map(|it| it % 30 == 0).collect())
}

fn picks(track: &CleanTrack, clip: &(Vec<Seconds>, Vec<bool>)) -> Vec<(u64, Pose)> {
    choose(&clip.0, &clip.1, Seconds::ZERO, track, Metres::of(5.0), Snap::Exact).picks
}

fn project_positions(c: &mut Criterion) {
    let projector = Projector::new(Plane::LAMBERT_93);
    let positions: Vec<Wgs84> = (0..10_000_u32)
        .map(|it| Wgs84::new(1.0 + f64::from(it) * 1e-5, 43.5).expect("degrees"))
        .collect();
    let mut group = c.benchmark_group("georeferencing");
    group.throughput(Throughput::Elements(10_000));
    group.bench_function("project 10k positions", |bencher| {
        bencher.iter(|| {
            let projected = positions.iter().filter_map(|it| projector.project(*black_box(it)));
            projected.map(|it| it.x).sum::<f64>()
        });
    });
    group.finish();
}

fn place_an_hour(c: &mut Criterion) {
    let (network, fixes, clip) = (network(), track(), clip());
    let cleaned = clean(&fixes, Plane::LAMBERT_93, &limits(), "track").value;
    let poses: Vec<Pose> = picks(&cleaned, &clip).into_iter().map(|it| it.1).collect();
    let reach = LocateLimits { reach: Metres::of(25.0), max_heading_deg: 45.0 };
    let index = RoadIndex::new(&network);
    let mut group = c.benchmark_group("georeferencing");
    group.sample_size(10);
    group.throughput(Throughput::Elements(3600));
    group.bench_function("clean an hour of fixes", |bencher| {
        bencher.iter(|| clean(black_box(&fixes), Plane::LAMBERT_93, &limits(), "track"));
    });
    group.throughput(Throughput::Elements(clip.0.len() as u64));
    group.bench_function("choose among an hour of frames", |bencher| {
        bencher.iter(|| picks(black_box(&cleaned), &clip));
    });
    group.throughput(Throughput::Elements(poses.len() as u64));
    group.bench_function("follow an hour of frames", |bencher| {
        bencher.iter(|| index.follow(black_box(&poses), &reach));
    });
    group.finish();
}

fn index_a_departement(c: &mut Criterion) {
    let network = network();
    let mut group = c.benchmark_group("georeferencing");
    group.sample_size(10);
    group.throughput(Throughput::Elements(300_000));
    group.bench_function("index 300k stretches", |bencher| {
        bencher.iter(|| RoadIndex::new(black_box(&network)));
    });
    group.throughput(Throughput::Elements(600 * 50));
    let (origin, cuts) = (SectionOrigin::Cumul, SectionCuts::default());
    let rules = CutRules { pitch: Metres::of(200.0), origin, cuts };
    group.bench_function("cut 30k sections", |bencher| {
        bencher.iter(|| cut(black_box(&network), &rules));
    });
    group.finish();
}

criterion_group!(benches, project_positions, place_an_hour, index_a_departement);
criterion_main!(benches);
