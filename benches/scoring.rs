//! Scoring a département: 25,000 sections of 200 m, both lanes filmed.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use voirie::domain::{
    Carriageway, Defect, DefectKind, Direction, Extent, Metres, Network, PlanePoint, Road,
    RoadCell, RoadId, ScoringGrid, Section, SectionId, Severity, SquareMetres, Validity,
};
use voirie::scoring::{aggregate, rate, rate_section, tally};

const ROADS: u32 = 500;
const SECTIONS_A_ROAD: u32 = 50;
const CELLS_A_SECTION: u32 = 40;

fn defect(kind: DefectKind, m2: f64) -> Defect {
    Defect { kind, severity: Severity::Medium, extent: Extent::Area(SquareMetres::of(m2)) }
}

fn network() -> Network {
    let length = f64::from(SECTIONS_A_ROAD) * 200.0;
    let road = |rank: u32| {
        let y = f64::from(rank) * 100.0;
        Road::new(
            RoadId::new(&format!("D{rank}")).expect("a name"),
            Carriageway::Single,
            u8::try_from(rank % 3 + 1).expect("1 to 3"),
            format!("secteur {}", rank % 13),
            Metres::of(5.5),
            2,
            vec![PlanePoint { x: 0.0, y }, PlanePoint { x: length, y }],
            Metres::ZERO,
            Vec::new(),
        )
        .expect("a straight road")
    };
    Network::new((0..ROADS).map(road).collect())
}

fn sections(network: &Network) -> Vec<Section> {
    let cut = |(rank, road): (usize, &Road)| {
        let width = road.width;
        let id = |from| SectionId::of(road, from);
        (0..SECTIONS_A_ROAD)
            .map(|it| {
                let from = Metres::of(f64::from(it) * 200.0);
                Section { id: id(from), road: rank, from, to: from + Metres::of(200.0), width }
            })
            .collect::<Vec<_>>()
    };
    network.roads().iter().enumerate().flat_map(cut).collect()
}

fn cells() -> Vec<RoadCell> {
    let n_cells = SECTIONS_A_ROAD * CELLS_A_SECTION;
    let cell = |road: u32, direction, rank: u32| RoadCell {
        road: road as usize,
        direction,
        from: Metres::of(f64::from(rank) * 5.0),
        to: Metres::of(f64::from(rank) * 5.0 + 5.0),
        validity: if rank.is_multiple_of(20) { Validity::Blurred } else { Validity::Valid },
        n_frames: 2,
        n_drives: Some(1),
        newest: None,
        geometry: 0.0,
        defects: match rank % 4 {
            0 => vec![defect(DefectKind::AlligatorCracking, 0.4)],
            1 => vec![defect(DefectKind::LongitudinalCracking, 0.2)],
            _ => Vec::new(),
        },
    };
    let lanes = [Direction::Increasing, Direction::Decreasing];
    (0..ROADS)
        .flat_map(|road| lanes.map(|it| (road, it)))
        .flat_map(|(road, it)| (0..n_cells).map(move |rank| cell(road, it, rank)))
        .collect()
}

fn score_a_departement(c: &mut Criterion) {
    let (network, grid) = (network(), ScoringGrid::example());
    let sections = sections(&network);
    let cells = cells();
    let mut group = c.benchmark_group("scoring");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::from(ROADS * SECTIONS_A_ROAD)));

    let six: Vec<_> = DefectKind::ALL.iter().step_by(2).map(|it| defect(*it, 20.0)).collect();
    let distress = vec![six; sections.len()];
    group.bench_function("rate 25k sections", |bencher| {
        let observed = SquareMetres::of(1100.0);
        let note = |it| rate(black_box(it), observed, &grid).ng.points();
        bencher.iter(|| distress.iter().map(|it| note(it)).sum::<f64>());
    });
    group.bench_function("tally 2M cells into 25k sections", |bencher| {
        bencher.iter(|| tally(black_box(&sections), &network, black_box(&cells)));
    });
    let ratings: Vec<_> =
        tally(&sections, &network, &cells).into_iter().map(|it| rate_section(it, &grid)).collect();
    group.bench_function("aggregate 25k sections", |bencher| {
        bencher.iter(|| aggregate(&network, black_box(&ratings), &grid.classes));
    });
    group.finish();
}

criterion_group!(benches, score_a_departement);
criterion_main!(benches);
