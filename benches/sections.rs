//! A department at once: its roads divided among 600 municipalities, cut into sections and into
//! homogeneous stretches over 1.2 million cells, all noted; time and peak memory.
//!
//! `cargo bench --bench sections`. Not a criterion bench: what is asked is the peak of one process.

#![expect(clippy::print_stdout, reason = "what a bench measures")]

use std::time::Instant;
use voirie::domain::{
    Area, AreaName, Carriageway, Defect, DefectKind, Direction, Extent, Metres, Network,
    PlanePoint, Road, RoadCell, RoadId, ScoringGrid, SectionCuts, Severity, SquareMetres, Survey,
    Validity,
};
use voirie::georeferencing::divide;
use voirie::pipeline::score;
use voirie::scoring::homogeneous;

/// Roads of 40 km, so 200 sections of 200 m each: 30,700 in all, as Haute-Garonne has.
const N_ROADS: u32 = 154;

/// Municipalities in each direction, 2 km by 2.4 km; 600 in all.
const N_AREAS: (u32, u32) = (20, 30);

/// Points on each side of a municipality: some 2,000 in all, as in ADMIN EXPRESS.
const N_POINTS: u32 = 500;

fn road(rank: u32) -> Road {
    let point = |step: u32| {
        let x = f64::from(step) * 20.0;
        let y = f64::from(rank) * 460.0 + (x / 700.0).sin() * 150.0;
        PlanePoint { x: 540_000.0 + x, y: 6_250_000.0 + y }
    };
    let (id, width) = (RoadId::new(&format!("D{rank}")).expect("a name"), Metres::of(5.5));
    let (side, line) = (Carriageway::Single, (0..=1995).map(point).collect());
    Road::new(id, side, 3, String::new(), width, 2, line, Metres::ZERO, vec![]).expect("a road")
}

/// A municipality whose sides wind by some metres, as those of its neighbours do.
fn area(rank: u32) -> Area {
    let (column, row) = (rank % N_AREAS.0, rank / N_AREAS.0);
    let corner = |column: u32, row: u32| (f64::from(column) * 2000.0, f64::from(row) * 2400.0);
    let corners =
        [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)].map(|(x, y)| corner(column + x, row + y));
    let mut ring = Vec::new();
    for pair in corners.windows(2) {
        for step in 0..N_POINTS {
            let part = f64::from(step) / f64::from(N_POINTS);
            let at = |a: f64, b: f64| a + (b - a) * part;
            let (x, y) = (at(pair[0].0, pair[1].0), at(pair[0].1, pair[1].1));
            let (dx, dy) = ((y / 37.0).sin() * 9.0, (x / 41.0).sin() * 9.0);
            ring.push(PlanePoint { x: 540_000.0 + x + dx, y: 6_250_000.0 + y + dy });
        }
    }
    ring.push(ring[0]);
    let name = AreaName { code: format!("{:05}", 31_000 + rank), name: format!("Commune {rank}") };
    Area::new(name, vec![ring]).expect("an area")
}

/// Both lanes of a road, its condition changing every 100 m to 1 km, with noise that neighbours share.
fn cells(road: usize, length: f64, even: bool) -> Vec<RoadCell> {
    let mut state = u64::try_from(road).expect("small").wrapping_mul(77).wrapping_add(1);
    let mut uniform = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).expect("32 bits")) / f64::from(u32::MAX)
    };
    let mut all = Vec::new();
    for direction in [Direction::Increasing, Direction::Decreasing] {
        let (mut level, mut left, mut shared) = (0.3, 0_u32, 0.0);
        let mut from = 0.0;
        while from + 5.0 <= length {
            if left == 0 && !even {
                level = 3.0 * uniform() * uniform();
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "20 to 200"
                )]
                let n = 20 + (uniform() * 180.0) as u32;
                left = n;
            }
            left = left.saturating_sub(1);
            shared = 0.5 * shared + 0.5 * uniform();
            let mesh = (level + shared - 0.5).max(0.0);
            let defect = Defect {
                kind: DefectKind::AlligatorCracking,
                severity: Severity::Low,
                extent: Extent::Area(SquareMetres::of(mesh)),
            };
            all.push(RoadCell {
                road,
                direction,
                from: Metres::of(from),
                to: Metres::of(from + 5.0),
                validity: Validity::Valid,
                n_frames: 2,
                n_drives: Some(1),
                newest: None,
                geometry: 0.05,
                defects: if mesh > 0.0 { vec![defect] } else { vec![] },
            });
            from += 5.0;
        }
    }
    all
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
    let network = Network::new((0..N_ROADS).map(road).collect());
    let areas: Vec<Area> = (0..N_AREAS.0 * N_AREAS.1).map(area).collect();
    let began = Instant::now();
    let division = divide(&network, &areas, "communes").value;
    let n_spans: usize = (0..network.roads().len()).map(|it| division.spans(it).len()).sum();
    say(&format!("{} areas, {n_spans} stretches of road in one each", areas.len()), began);
    let mut grid = ScoringGrid::example();
    grid.section_cuts = SectionCuts { municipalities: true, sectors: false };
    for (even, what) in [(false, "changing"), (true, "without any change")] {
        let of = |(rank, road): (usize, &Road)| cells(rank, road.length().get(), even);
        let cells: Vec<RoadCell> = network.roads().iter().enumerate().flat_map(of).collect();
        let began = Instant::now();
        let stretches = homogeneous(&network, &cells, &grid);
        let (n, of) = (stretches.len(), cells.len());
        say(&format!("{n} homogeneous stretches of {of} cells, condition {what}"), began);
        if !even {
            let divided = network.clone().among_municipalities(division.clone());
            let survey = Survey { cells, ..Survey::default() };
            let began = Instant::now();
            let scored = score(&divided, &survey, &grid).value;
            let (sections, stretches) = (scored.ratings.len(), scored.homogeneous.len());
            say(&format!("{sections} sections and {stretches} stretches noted"), began);
        }
    }
}
