//! By hand on two sections, and against the outlook on a road.

use crate::domain::{
    AgeingLaw, Catalogue, Effect, Envelope, Envelopes, Euros, Metres, NetworkState, NoteClass,
    NoteClasses, Objective, Outlook, Places, PlanRules, PricedOn, Programme, Ratio, Scenario,
    Score, SectionId, SectionState, SectorEnvelopes, SectorShares, SelectionRule, Spending,
    SquareMetres, Treatment, TreatmentKind, Trigger, Why, World,
};
use crate::planning::example::{in_world, scenario};
use crate::planning::{outlook, programmes, simulate};

/// One point a year, whatever the surface.
fn law() -> AgeingLaw {
    AgeingLaw { lambda_old: 1.0, lambda_renewed: 1.0, beta: 0.0, category_factors: [].into() }
}

fn line(name: &str, envelope: Envelope, price: f64, to: f64, effect: Effect) -> Treatment {
    Treatment {
        name: name.into(),
        kind: TreatmentKind::ThinOverlay,
        envelope,
        price_per_m2: Euros::rounded(price),
        priced_on: PricedOn::Section,
        co2_kg_per_m2: None,
        trigger: Trigger {
            note_from: Score::WORST,
            note_to: Score::clamped(to),
            categories: vec![],
            places: Places::default(),
            defects: vec![],
        },
        effect,
        slows: 1.0,
        rest_years: 7,
    }
}

/// Two sections at 10 points: `a`, wide and quiet, and `b`, narrow and busy.
fn two() -> NetworkState {
    let section = |id: &str, category, area| SectionState {
        id: SectionId::from_text(id),
        road: 0,
        from: Metres::ZERO,
        length: Metres::of(200.0),
        area: SquareMetres::of(area),
        category,
        lies_in: vec![],
        ng: Score::clamped(10.0),
        renewed: false,
        distress: None,
    };
    NetworkState::new(vec![section("a", 2, 300.0), section("b", 1, 100.0)]).unwrap()
}

/// A world of two years of 0.8 and 0.64, with a dressing that mends half and a patch that mends little.
fn in_two_years<T>(
    job: impl FnOnce(&World<'_>, &dyn Fn(SelectionRule, Objective) -> Scenario) -> T,
) -> T {
    let lessens = |keeps| Effect::Lessens { keeps: Ratio::clamped(keeps) };
    let catalogue = Catalogue {
        treatments: vec![
            line("dressing", Envelope::Investment, 10.0, 12.0, lessens(0.5)),
            line("patch", Envelope::Maintenance, 1.0, 16.0, lessens(0.9)),
        ],
    };
    let rules = PlanRules {
        discount: 0.25,
        vehicles_a_day: [(1, 800.0), (2, 100.0)].into(),
        ..PlanRules::plain()
    };
    let classes = NoteClasses(vec![NoteClass {
        name: "A".into(),
        from: Score::WORST,
        colour: "#000000".into(),
    }]);
    let law = law();
    let world = World { catalogue: &catalogue, law: &law, rules: &rules, classes: &classes };
    let asked = |selection, objective| {
        let each = Envelopes { investment: Euros::rounded(3000.0), maintenance: Euros::ZERO };
        let budgets = vec![each, Envelopes::default()];
        Scenario { budgets, objective, ..scenario("s", selection, 0.0) }
    };
    job(&world, &asked)
}

#[test]
fn each_objective_counts_what_it_says() {
    in_two_years(|world, asked| {
        let network = two();
        // Worst first takes both at a price of 4000 for neither: `a` for 3000, and `b` is left.
        let it =
            |objective| simulate(&network, &asked(SelectionRule::WorstFirst, objective), world);
        let condition = it(Objective::Condition);
        assert_eq!(condition.works.len(), 1);
        assert_eq!(condition.works[0].section.as_str(), "a");
        // 15 instead of 10, then a point a year for both: 5 points on 300 of 400 m2 in both years.
        assert!((condition.worth.gain - 3.75).abs() < 1e-9, "{:?}", condition.worth);
        assert!((condition.worth.condition - 3.75).abs() < 1e-9);
        // 20 of 180 vehicle-kilometres a day.
        let users = it(Objective::Users);
        assert!((users.worth.gain - 100.0 / 180.0).abs() < 1e-9, "{:?}", users.worth);
        assert!((users.worth.condition - 3.75).abs() < 1e-9);
        // Without works both wait for dressings, 4000 euros. `a` is at 14 after a year, at 13 after two: it waits for
        // a patch, 300 euros, and `b` for its dressing.
        let backlog = it(Objective::Backlog);
        assert!((backlog.worth.gain - 2700.0).abs() < 1e-6, "{:?}", backlog.worth);
        assert_eq!(backlog.worth.objective, Objective::Backlog);
    });
}

#[test]
fn the_best_by_each_objective_is_another() {
    in_two_years(|world, asked| {
        let network = two();
        for rule in [SelectionRule::BenefitCost, SelectionRule::Optimised] {
            let served = |objective| -> Vec<_> {
                let mut asked = asked(rule, objective);
                // Enough for one of the two: the wide one is dearer.
                asked.budgets[0].investment = Euros::rounded(3000.0);
                let it = simulate(&network, &asked, world);
                it.works.iter().map(|it| it.section.to_string()).collect()
            };
            assert_eq!(served(Objective::Users), ["b"], "{rule:?}");
            if rule == SelectionRule::Optimised {
                assert_eq!(served(Objective::Condition), ["a"]);
                assert_eq!(served(Objective::Backlog), ["a"]);
            }
        }
    });
}

#[test]
fn the_reason_says_its_unit() {
    in_two_years(|world, asked| {
        let network = two();
        for (objective, unit) in [
            (Objective::Condition, "points x m2 a euro"),
            (Objective::Users, "points x vehicle-km a day a euro"),
            (Objective::Backlog, "euros of backlog, over the years, a euro"),
        ] {
            let mut asked = asked(SelectionRule::BenefitCost, objective);
            asked.budgets[0].investment = Euros::rounded(4000.0);
            let it = simulate(&network, &asked, world);
            let works = it.works.iter().find(|it| it.section.as_str() == "b").unwrap();
            assert!(works.reason.to_string().contains(unit), "{}", works.reason);
            // 5 points on 0.2 km and 800 vehicles in years that count 1.44, for 1000 euros; 900 euros that wait no more.
            let Why::Return { gain_per_euro, .. } = works.reason.why else { panic!("{works:?}") };
            let want = match objective {
                Objective::Condition => 5.0 * 100.0 * 1.44 / 1000.0,
                Objective::Users => 5.0 * 160.0 * 1.44 / 1000.0,
                Objective::Backlog => 900.0 * 1.44 / 1000.0,
            };
            assert!((gain_per_euro - want).abs() < 1e-9, "{objective:?} {gain_per_euro} {want}");
        }
    });
}

#[test]
fn works_that_must_rest_wait_all_the_same() {
    in_two_years(|world, asked| {
        let network = two();
        let mut asked = asked(SelectionRule::WorstFirst, Objective::Backlog);
        asked.budgets[0] =
            Envelopes { investment: Euros::ZERO, maintenance: Euros::rounded(400.0) };
        let it = simulate(&network, &asked, world);
        assert_eq!(it.works.len(), 2);
        // At 11 and then 10, both still wait for what they waited for: patches have hidden nothing.
        assert!(it.worth.gain.abs() < 1e-9, "{:?}", it.worth);
        let left = outlook(&network, &it, world);
        assert_eq!(left.years[1].backlog, left.years[0].backlog);
        assert!(it.worth.condition > 0.5);
    });
}

/// Backlog of each year after the start, in euros.
fn path(it: &Outlook) -> Vec<f64> {
    it.years[1..].iter().map(|it| it.backlog.total().get()).collect()
}

/// What a programme is worth as its outlook has it, and that of doing nothing.
fn by_outlook(network: &NetworkState, it: &Programme, world: &World<'_>) -> f64 {
    let none = vec![Envelopes::default(); it.scenario.budgets.len()];
    let idle = Scenario {
        budgets: none,
        selection: SelectionRule::WorstFirst,
        spending: Spending::default(),
        ..it.scenario.clone()
    };
    let idle = outlook(network, &simulate(network, &idle, world), world);
    let own = outlook(network, it, world);
    let years = world.rules.year_weights(it.scenario.budgets.len());
    let avoided = path(&idle).into_iter().zip(path(&own)).zip(&years);
    avoided.map(|((idle, own), weight)| (idle - own) * weight).sum::<f64>()
        / years.iter().sum::<f64>()
}

#[test]
fn the_backlog_avoided_is_that_of_the_outlook() {
    in_world(|network, world| {
        let of = |rank: usize| ["Muret", "Revel", "Volvestre"][rank / 45];
        let all: Vec<_> = (0..120).map(of).collect();
        let network = network.clone().in_sectors(&all);
        for rules in [
            PlanRules::plain(),
            PlanRules {
                discount: 0.04,
                terminal_years: 3.0,
                price_growth: 0.02,
                least_gap_years: 3,
                ..PlanRules::plain()
            },
        ] {
            let world = World { rules: &rules, ..*world };
            for (selection, guaranteed) in [
                (SelectionRule::WorstFirst, None),
                (SelectionRule::Threshold, Some(0.5)),
                (SelectionRule::BenefitCost, None),
                (SelectionRule::BenefitCost, Some(1.0)),
                (SelectionRule::BenefitCost, Some(0.5)),
                (SelectionRule::Optimised, Some(1.0)),
            ] {
                let sectors = guaranteed.map(|it| SectorEnvelopes {
                    shares: SectorShares::ByArea,
                    guaranteed: Ratio::clamped(it),
                });
                let asked = Scenario {
                    objective: Objective::Backlog,
                    spending: Spending { sectors, ..Spending::default() },
                    ..scenario("s", selection, 30_000.0)
                };
                let it = simulate(&network, &asked, &world);
                let want = by_outlook(&network, &it, &world);
                let gain = it.worth.gain;
                assert!(gain > 0.0 && (gain - want).abs() < 1e-6 * want, "{gain} {want}");
            }
        }
    });
}

#[test]
fn users_of_sectors_are_met_as_those_of_the_whole() {
    in_world(|network, world| {
        let rules = PlanRules {
            vehicles_a_day: [(1, 5000.0), (2, 700.0), (3, 200.0)].into(),
            ..PlanRules::plain()
        };
        let world = World { rules: &rules, ..*world };
        let mut sections = network.sections().to_vec();
        for (rank, it) in sections.iter_mut().enumerate() {
            it.category = u8::try_from(1 + rank / 40).unwrap();
            it.length = Metres::of(200.0 - f64::from(u8::try_from(rank % 7).unwrap()));
        }
        let of = |rank: usize| ["Muret", "Revel"][usize::from(rank > 50)];
        let sectors: Vec<_> = (0..120).map(of).collect();
        let network = NetworkState::new(sections).unwrap().in_sectors(&sectors);
        let by_users = |it: &Programme, idle: &Programme| {
            let notes = it.final_notes.iter().zip(&idle.final_notes).zip(network.sections());
            let (mut sum, mut whole) = (0.0, 0.0);
            for ((with, without), section) in notes {
                let weight = section.length.get() * rules.vehicles_a_day[&section.category];
                sum += weight * (with.1.points() - without.1.points());
                whole += weight;
            }
            sum / whole
        };
        for selection in SelectionRule::ALL {
            for sectors in [
                None,
                Some(SectorEnvelopes { shares: SectorShares::ByArea, guaranteed: Ratio::ONE }),
            ] {
                // One year: its notes are the final ones.
                let mut asked = Scenario {
                    objective: Objective::Users,
                    spending: Spending { sectors, ..Spending::default() },
                    ..scenario("s", selection, 60_000.0)
                };
                asked.budgets.truncate(1);
                let it = simulate(&network, &asked, &world);
                let none = Scenario {
                    budgets: vec![Envelopes::default()],
                    spending: Spending::default(),
                    ..asked.clone()
                };
                let want = by_users(&it, &simulate(&network, &none, &world));
                assert!(
                    it.worth.gain > 0.0 && (it.worth.gain - want).abs() < 1e-9,
                    "{selection:?}"
                );
                assert!(it.worth.bound.is_none_or(|bound| bound >= it.worth.gain - 1e-9));
            }
        }
    });
}

#[test]
fn a_programme_is_taken_over_by_its_own_objective_or_by_condition() {
    in_world(|network, world| {
        let rules = PlanRules { vehicles_a_day: [(2, 700.0)].into(), ..world.rules.clone() };
        let world = World { rules: &rules, ..*world };
        let by = |objective, euros| Scenario {
            objective,
            ..scenario(objective.word(), SelectionRule::Optimised, euros)
        };
        let asked = [
            by(Objective::Backlog, 20_000.0),
            by(Objective::Condition, 40_000.0),
            by(Objective::Users, 40_000.0),
        ];
        let all = programmes(network, &asked, &world);
        for (it, asked) in all.iter().zip(&asked) {
            assert_eq!((it.worth.objective, &it.scenario), (asked.objective, asked));
            // A gain in euros is far above any points: none was taken for points.
            assert!(it.worth.condition < 10.0);
        }
        let alone = programmes(network, &asked[1..2], &world);
        assert!(all[1].worth.gain >= alone[0].worth.gain);
        assert!(all[1].worth.gain >= all[2].worth.condition);
        assert!(all[0].worth.gain > 100.0 && all[1].worth.gain < 10.0 && all[2].worth.gain < 10.0);
    });
}

#[test]
#[should_panic(expected = "traffic")]
fn users_of_roads_without_known_traffic_are_never_guessed() {
    in_world(|network, world| {
        let asked = scenario("s", SelectionRule::WorstFirst, 0.0);
        let _ = simulate(network, &Scenario { objective: Objective::Users, ..asked }, world);
    });
}
