//! Programmes on random networks with the default catalogue: what must hold whatever the network.

use voirie::domain::{
    Commitments, DefectKind, DistressShare, Envelope, Envelopes, Euros, Frozen, ImposedWorks,
    Metres, NetworkState, Objective, Outlook, PlanRules, Programme, Ratio, RefusedBecause,
    Scenario, Score, ScoringGrid, SectionId, SectionState, SelectionRule, Severity, SquareMetres,
    Why, World,
};
use voirie::io::config::parameters::{parse_ageing, parse_catalogue, parse_plan};
use voirie::planning::{outlook, programmes, refused, simulate};

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
            lies_in: vec![],
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
        objective: Objective::Condition,
        target: None,
        spending: voirie::domain::Spending::default(),
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
                    assert!(best.worth.gain <= bound + 1e-8 * (1.0 + bound), "network {seed}");
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

/// Chosen: by each objective but the usual one, a quarter of [`NETWORKS`] together.
const BY_OBJECTIVE: u64 = 25;

#[test]
fn so_it_is_by_every_objective_and_what_is_told_is_what_the_outlook_tells() {
    with_defaults(
        |_| {},
        |world| {
            let (mut n_bounds, mut n_gained) = (0, 0);
            for (seed, objective) in (0..BY_OBJECTIVE)
                .flat_map(|seed| [Objective::Users, Objective::Backlog].map(|it| (seed, it)))
            {
                let mut rng = fastrand::Rng::with_seed(5000 + seed);
                let network = network(&mut rng);
                let budgets = budgets(&mut rng, network.sections().len());
                let asked = commitments(&mut rng, &network, world);
                let network = if seed % 3 == 0 { network.committed(asked) } else { network };
                let by = |it, budgets| Scenario { objective, ..scenario(it, budgets) };
                let all = SelectionRule::ALL.map(|it| by(it, budgets.clone()));
                let all = programmes(&network, &all, world);
                let best = all.last().expect("four");
                if let Some(bound) = best.worth.bound {
                    n_bounds += 1;
                    let rounding = 1e-8 * (1.0 + bound.abs());
                    assert!(best.worth.gain <= bound + rounding, "network {seed} {objective:?}");
                }
                let none = vec![Envelopes::default(); budgets.len()];
                let idle = simulate(&network, &by(SelectionRule::WorstFirst, none), world);
                let left = outlook(&network, &idle, world);
                for it in &all {
                    accounts_hold(it);
                    let gain = it.worth.gain;
                    assert!(best.worth.gain >= gain, "network {seed}: {}", it.scenario.name);
                    n_gained += usize::from(gain > 0.0);
                    if objective == Objective::Backlog {
                        let told = avoided(&left, &outlook(&network, it, world), world);
                        assert!((gain - told).abs() <= 1e-6 * (1.0 + told.abs()), "{gain} {told}");
                    }
                }
            }
            assert!(
                n_bounds >= 2 * BY_OBJECTIVE * 9 / 10 && n_gained > 125,
                "{n_bounds} {n_gained}"
            );
        },
    );
}

/// Mean backlog that is avoided over the years, each by its weight, in euros.
fn avoided(idle: &Outlook, it: &Outlook, world: &World<'_>) -> f64 {
    let weights = world.rules.year_weights(it.years.len() - 1);
    let path = |it: &Outlook| -> f64 {
        let years = it.years[1..].iter().map(|it| it.backlog.total().get());
        years.zip(&weights).map(|(euros, weight)| euros * weight).sum()
    };
    (path(idle) - path(it)) / weights.iter().sum::<f64>()
}

#[test]
fn more_money_never_loses_and_none_does_nothing() {
    with_defaults(
        |_| {},
        |world| {
            for seed in 0..10 {
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

/// Works imposed on some sections, some of them dear, in some years that the programme does not cover.
fn commitments(rng: &mut fastrand::Rng, network: &NetworkState, world: &World<'_>) -> Commitments {
    let mut all = Commitments::default();
    for section in network.sections() {
        let treatments = &world.catalogue.treatments;
        for _ in 0..rng.usize(0..3) {
            all.imposed.push(ImposedWorks {
                section: section.id.clone(),
                year: rng.i32(2024..2040),
                treatment: treatments[rng.usize(0..treatments.len())].name.clone(),
                cost: rng.bool().then(|| Euros::rounded(30_000.0 * rng.f64())),
            });
        }
        if rng.u8(0..5) == 0 {
            let from = rng.i32(2024..2034);
            let years = (from, from + rng.i32(0..5));
            all.frozen.push(Frozen { section: section.id.clone(), years });
        }
    }
    all
}

#[test]
fn imposed_works_are_done_or_refused_with_the_reason() {
    with_defaults(
        |_| {},
        |world| {
            let (mut n_done, mut n_dear, mut n_bounds) = (0, 0, 0);
            for seed in 0..40 {
                let mut rng = fastrand::Rng::with_seed(3000 + seed);
                let network = network(&mut rng);
                let budgets = budgets(&mut rng, network.sections().len());
                let asked = commitments(&mut rng, &network, world);
                let network = network.committed(asked.clone());
                let all = SelectionRule::ALL.map(|it| scenario(it, budgets.clone()));
                let all = programmes(&network, &all, world);
                let best = &all[3];
                if let Some(bound) = best.worth.bound {
                    n_bounds += 1;
                    assert!(
                        best.worth.gain <= bound + 1e-8 * (1.0 + bound.abs()),
                        "network {seed}"
                    );
                }
                for it in &all {
                    accounts_hold(it);
                    assert!(best.worth.gain >= it.worth.gain, "network {seed}");
                    let refused = refused(&network, &it.scenario, world);
                    n_dear += refused
                        .iter()
                        .filter(|it| matches!(it.because, RefusedBecause::TooDear { .. }))
                        .count();
                    let done: Vec<_> =
                        it.works.iter().filter(|it| it.reason.why == Why::Imposed).collect();
                    n_done += done.len();
                    assert_eq!(done.len() + refused.len(), asked.imposed.len(), "network {seed}");
                    for works in &done {
                        let mine = asked.imposed.iter().any(|asked| {
                            asked.section == works.section
                                && asked.year == works.year
                                && asked.treatment == works.treatment
                                && asked.cost.is_none_or(|it| it == works.cost)
                        });
                        assert!(mine, "network {seed}: {works:?}");
                    }
                    for frozen in &asked.frozen {
                        let disturbed = it.works.iter().any(|works| {
                            works.section == frozen.section
                                && works.reason.why != Why::Imposed
                                && (frozen.years.0..=frozen.years.1).contains(&works.year)
                        });
                        assert!(!disturbed, "network {seed}: {frozen:?}");
                    }
                }
            }
            assert!(n_done > 100 && n_dear > 100 && n_bounds > 25, "{n_done} {n_dear} {n_bounds}");
        },
    );
}

#[test]
fn nothing_is_chosen_that_imposed_works_would_undo() {
    with_defaults(
        |_| {},
        |world| {
            let mut rng = fastrand::Rng::with_seed(4000);
            let network = network(&mut rng);
            let renewal = &world.catalogue.treatments[0].name;
            let all = network.sections().iter().map(|it| ImposedWorks {
                section: it.id.clone(),
                year: 2030,
                treatment: renewal.clone(),
                cost: Some(Euros::ZERO),
            });
            let imposed = all.collect();
            let network = network.committed(Commitments { imposed, ..Commitments::default() });
            let plenty = Envelopes {
                investment: Euros::from_millions(10.0),
                maintenance: Euros::from_millions(10.0),
            };
            for rule in SelectionRule::ALL {
                let it = simulate(&network, &scenario(rule, vec![plenty; 6]), world);
                for works in it.works.iter().filter(|it| it.reason.why != Why::Imposed) {
                    let treatments = &world.catalogue.treatments;
                    let treatment = treatments.iter().find(|it| it.name == works.treatment);
                    let rest = treatment.expect("of the catalogue").rest_years;
                    let upkeep = works.year < 2030 && works.envelope == Envelope::Maintenance;
                    assert!(
                        upkeep
                            || works.year + i32::try_from(rest).expect("few") <= 2030
                            || works.year > 2030,
                        "{works:?}"
                    );
                }
            }
        },
    );
}
