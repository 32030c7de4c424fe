//! Programmes on random networks with the default catalogue: what must hold whatever the network.

use voirie::domain::{
    DefectKind, DistressShare, Envelope, Envelopes, Euros, Metres, NetworkState, PlanRules,
    Programme, Ratio, Scenario, Score, ScoringGrid, SectionId, SectionState, SelectionRule,
    Severity, SquareMetres, World,
};
use voirie::io::config::parameters::{parse_ageing, parse_catalogue, parse_plan};
use voirie::planning::{programmes, simulate};

/// Source: the count asked of this property when it was set.
const NETWORKS: u64 = 200;

fn network(rng: &mut fastrand::Rng) -> NetworkState {
    let n_sections = rng.usize(1..40);
    let section = |rank: usize| {
        let share =
            |kind, severity, share| DistressShare { kind, severity, share: Ratio::clamped(share) };
        let severity = Severity::ALL[rank % 3];
        SectionState {
            id: SectionId::from_text(&format!("D{}-U-{:06}", rank / 8, rank % 8 * 200)),
            road: rank / 8,
            from: Metres::of(200.0 * f64::from(u8::try_from(rank % 8).expect("below 8"))),
            length: Metres::of(200.0),
            area: SquareMetres::of(600.0 + 1000.0 * rng.f64()),
            category: rng.u8(1..4),
            ng: Score::clamped(20.0 - 14.0 * rng.f64() * rng.f64()),
            renewed: rng.bool(),
            distress: rng.bool().then(|| {
                vec![
                    share(DefectKind::AlligatorCracking, severity, 0.3 * rng.f64() * rng.f64()),
                    share(DefectKind::TransverseCracking, severity, 0.02 * rng.f64()),
                    share(DefectKind::Pothole, severity, 0.03 * rng.f64()),
                ]
            }),
        }
    };
    NetworkState::new((0..n_sections).map(section).collect()).expect("sections of their own")
}

fn scenario(selection: SelectionRule, budgets: Vec<Envelopes>) -> Scenario {
    Scenario {
        name: selection.word().into(),
        words: String::new(),
        first_year: 2026,
        budgets,
        selection,
        observations: String::new(),
    }
}

fn budgets(rng: &mut fastrand::Rng, n_sections: usize) -> Vec<Envelopes> {
    let each = 100.0 * f64::from(u32::try_from(n_sections).expect("few"));
    (0..rng.usize(1..11))
        .map(|_| Envelopes {
            investment: Euros::rounded(each * 20.0 * rng.f64()),
            maintenance: Euros::rounded(each * 3.0 * rng.f64()),
        })
        .collect()
}

fn with_defaults(rules: impl FnOnce(&mut PlanRules), check: impl FnOnce(&World<'_>)) {
    let defaults = include_str!("../src/io/defaults.toml").parse().expect("TOML");
    let catalogue = parse_catalogue(&defaults).expect("a catalogue");
    let law = parse_ageing(&defaults).expect("a law");
    let (_, mut own) = parse_plan(&defaults).expect("rules");
    rules(&mut own);
    let classes = ScoringGrid::example().classes;
    check(&World { catalogue: &catalogue, law: &law, rules: &own, classes: &classes });
}

fn accounts_hold(it: &Programme) {
    for year in &it.yearly {
        let spent = |envelope| -> Euros {
            let mine = it.works.iter().filter(|it| it.year == year.year && it.envelope == envelope);
            mine.map(|it| it.cost).sum()
        };
        for envelope in [Envelope::Investment, Envelope::Maintenance] {
            assert_eq!(
                spent(envelope),
                year.spent.of(envelope),
                "{} {}",
                it.scenario.name,
                year.year
            );
            assert!(year.spent.of(envelope) <= year.offered.of(envelope));
        }
    }
}

#[test]
fn the_optimised_programme_is_never_below_the_others_and_never_above_its_bound() {
    with_defaults(
        |_| {},
        |world| {
            let mut n_bounds = 0;
            for seed in 0..NETWORKS {
                let mut rng = fastrand::Rng::with_seed(seed);
                let network = network(&mut rng);
                let budgets = budgets(&mut rng, network.sections().len());
                let all = SelectionRule::ALL.map(|it| scenario(it, budgets.clone()));
                let all = programmes(&network, &all, world);
                let best = all.last().expect("four");
                if let Some(bound) = best.worth.bound {
                    n_bounds += 1;
                    assert!(best.worth.gain <= bound * (1.0 + 1e-9), "network {seed}");
                }
                for it in &all {
                    accounts_hold(it);
                    assert!(
                        best.worth.gain >= it.worth.gain,
                        "network {seed}: {}",
                        it.scenario.name
                    );
                }
            }
            assert!(n_bounds >= NETWORKS * 9 / 10, "{n_bounds} bounds");
        },
    );
}

#[test]
fn more_money_never_loses_and_none_does_nothing() {
    with_defaults(
        |_| {},
        |world| {
            for seed in 0..20 {
                let mut rng = fastrand::Rng::with_seed(1000 + seed);
                let network = network(&mut rng);
                let some = budgets(&mut rng, network.sections().len());
                let scaled = |percent: i64| {
                    let part = |it: Euros| Euros::from_cents(it.cents() * percent / 100);
                    let budgets = some.iter().map(|it| Envelopes {
                        investment: part(it.investment),
                        maintenance: part(it.maintenance),
                    });
                    scenario(SelectionRule::Optimised, budgets.collect())
                };
                let all = programmes(&network, &[0, 40, 80, 90, 100, 150].map(scaled), world);
                assert!(all[0].works.is_empty() && all[0].worth.gain.abs() < 1e-12);
                let gains: Vec<_> = all.iter().map(|it| it.worth.gain).collect();
                assert!(gains.is_sorted(), "network {seed}: {gains:?}");
            }
        },
    );
}

#[test]
fn works_keep_their_distance_and_their_number() {
    with_defaults(
        |it| (it.least_gap_years, it.most_works) = (5, 2),
        |world| {
            for seed in 0..20 {
                let mut rng = fastrand::Rng::with_seed(2000 + seed);
                let network = network(&mut rng);
                let budgets = budgets(&mut rng, network.sections().len());
                for rule in SelectionRule::ALL {
                    let it = simulate(&network, &scenario(rule, budgets.clone()), world);
                    for section in network.sections() {
                        let years: Vec<_> = it
                            .works
                            .iter()
                            .filter(|it| it.section == section.id)
                            .map(|it| it.year)
                            .collect();
                        assert!(years.windows(2).all(|it| it[1] - it[0] >= 5), "{years:?}");
                    }
                }
            }
        },
    );
}
