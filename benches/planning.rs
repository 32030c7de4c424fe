//! Programming a département: 30,000 sections over fifteen years, with the default catalogue.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use voirie::domain::{
    Budget, DefectKind, DistressShare, Metres, NetworkState, Objective, PlanYears, Ratio, Scenario,
    Score, ScoringGrid, SectionId, SectionState, SelectionRule, Severity, SquareMetres, World,
};
use voirie::io::config::parameters::{parse_ageing, parse_catalogue, parse_plan};
use voirie::planning::{Queue, Standing, Year, outlook, select, simulate};

const SECTIONS: u32 = 30_000;
const YEARS: PlanYears = PlanYears { first_year: 2026, horizon: 15 };

/// Notes spread as Haute-Garonne's: mean 18.15, a fifth at or below 16.2.
fn network() -> NetworkState {
    let section = |rank: u32| {
        // A fixed shuffle, so that neighbours differ.
        let u = f64::from(rank.wrapping_mul(7919) % SECTIONS) / f64::from(SECTIONS);
        let mesh = DistressShare {
            kind: DefectKind::AlligatorCracking,
            severity: Severity::ALL[rank as usize % 3],
            share: Ratio::clamped(0.3 * u * u * u),
        };
        SectionState {
            id: SectionId::from_text(&format!("D{}-U-{:06}", rank / 50, rank % 50 * 200)),
            road: rank as usize / 50,
            from: Metres::of(f64::from(rank % 50 * 200)),
            length: Metres::of(200.0),
            area: SquareMetres::of(1100.0),
            category: u8::try_from(rank % 3 + 1).expect("1 to 3"),
            lies_in: vec![],
            ng: Score::clamped(20.0 - 7.0 * u.powf(2.79)),
            renewed: false,
            distress: Some(vec![mesh]),
        }
    };
    NetworkState::new((0..SECTIONS).map(section).collect()).expect("sections of their own")
}

fn programme_a_departement(c: &mut Criterion) {
    let defaults = include_str!("../src/io/defaults.toml").parse().expect("TOML");
    let catalogue = parse_catalogue(&defaults).expect("a catalogue");
    let law = parse_ageing(&defaults).expect("a law");
    let (_, rules) = parse_plan(&defaults).expect("rules");
    let classes = ScoringGrid::example().classes;
    let world = World { catalogue: &catalogue, law: &law, rules: &rules, classes: &classes };
    let network = network();
    let budget: Budget = "13,5+2".parse().expect("a budget");
    let scenario = Scenario {
        name: "s01".to_owned(),
        words: budget.to_string(),
        first_year: YEARS.first_year,
        budgets: budget.spread(YEARS).expect("fifteen years"),
        selection: SelectionRule::WorstFirst,
        objective: Objective::Condition,
        target: None,
        spending: voirie::domain::Spending::default(),
        observations: String::new(),
    };
    let mut group = c.benchmark_group("planning");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::from(SECTIONS)));
    let standings: Vec<_> = network.sections().iter().map(|it| Standing::new(it, &world)).collect();
    group.bench_function("select one year of 30k sections", |bencher| {
        let now = Year { year: scenario.first_year, rank: 0 };
        bencher.iter(|| {
            select(
                &network,
                black_box(&standings),
                &world,
                now,
                scenario.budgets[0].into(),
                Queue::WorstFirst,
            )
        });
    });
    group.bench_function("simulate 15 years of 30k sections", |bencher| {
        bencher.iter(|| simulate(black_box(&network), &scenario, &world));
    });
    let programme = simulate(&network, &scenario, &world);
    let sectors: Vec<_> = (0..SECTIONS as usize).map(|it| ["MURET", "REVEL"][it % 2]).collect();
    let network = network.clone().in_sectors(&sectors);
    group.bench_function("what 15 years of 30k sections leave", |bencher| {
        bencher.iter(|| outlook(black_box(&network), &programme, &world));
    });
    group.finish();
}

criterion_group!(benches, programme_a_departement);
criterion_main!(benches);
