//! A programme by its own rule.

use super::benefit_cost::select_by_return;
use super::optimise::optimise;
use super::play::play;
use super::sectors::by_sector;
use super::select::{Queue, select};
use super::start::Start;
use crate::domain::{NetworkState, Programme, Scenario, SelectionRule, World};

/// Plays a scenario by its own rule: each year works, then a year of ageing.
///
/// One treatment a section and a year. No envelope is overspent; what is not spent is lost, unless the scenario
/// carries it over. Without any budget the network only ages. The order of the sections and the number of
/// threads do not matter.
#[must_use]
pub fn simulate(network: &NetworkState, scenario: &Scenario, world: &World<'_>) -> Programme {
    let start = Start::new(network, world, scenario.budgets.len(), scenario.objective);
    simulate_from(&start, scenario, world)
}

/// The same from a start that several scenarios of one horizon and objective share.
pub(super) fn simulate_from(
    start: &Start<'_>,
    scenario: &Scenario,
    world: &World<'_>,
) -> Programme {
    if let Some(envelopes) = &scenario.spending.sectors {
        return by_sector(start, scenario, envelopes, world);
    }
    if let Some(network) = apart(start, scenario) {
        return simulate_from(&start.on(&network), scenario, world);
    }
    let network = start.network();
    let by_queue = |queue| {
        play(start, scenario, world, |now, standings, means| {
            select(network, standings, world, now, means, queue)
        })
    };
    match scenario.selection {
        SelectionRule::WorstFirst => by_queue(Queue::WorstFirst),
        SelectionRule::Threshold => by_queue(Queue::CategoryFirst),
        SelectionRule::BenefitCost => play(start, scenario, world, |now, standings, means| {
            select_by_return(network, standings, world, now, means, start.weights())
        }),
        SelectionRule::Optimised => optimise(start, scenario, world),
    }
}

/// The network where no site crosses from one sector to another, when a scenario limits sites by sector and it is
/// not so already.
pub(super) fn apart(start: &Start<'_>, scenario: &Scenario) -> Option<NetworkState> {
    let network = start.network();
    let asked = scenario.spending.limits.is_by_sector() && !network.is_apart_by_sector();
    asked.then(|| network.clone().apart_by_sector())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AgeingLaw, Catalogue, Commitments, Effect, Envelope, Envelopes, Euros, ImposedWorks,
        Metres, NoteClass, NoteClasses, Objective, Places, PlanRules, PricedOn, Ratio, Score,
        SectionId, SectionState, Spending, SquareMetres, Treatment, TreatmentKind, Trigger,
    };
    use crate::planning::age;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const LAW: AgeingLaw = AgeingLaw {
        lambda_old: 0.2,
        lambda_renewed: 0.1,
        beta: 0.1,
        category_factors: BTreeMap::new(),
    };

    fn catalogue() -> Catalogue {
        let line = |name: &str, envelope, price, effect, to| Treatment {
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
            rest_years: 5,
        };
        let pass = Effect::Lessens { keeps: Ratio::clamped(0.5) };
        Catalogue {
            treatments: vec![
                line("renewal", Envelope::Investment, 10.0, Effect::Renews { leaves: 0.0 }, 14.0),
                line("pass", Envelope::Maintenance, 2.0, pass, 18.0),
            ],
        }
    }

    fn classes() -> NoteClasses {
        let class = |name: &str, from| NoteClass {
            name: name.into(),
            from: Score::clamped(from),
            colour: "#000000".into(),
        };
        NoteClasses(vec![class("A", 15.0), class("B", 0.0)])
    }

    fn section(id: usize, ng: f64, area: f64) -> SectionState {
        SectionState {
            id: SectionId::from_text(&format!("{id:03}")),
            road: 0,
            from: Metres::ZERO,
            length: Metres::of(100.0),
            area: SquareMetres::of(area),
            category: 2,
            lies_in: vec![],
            ng: Score::clamped(ng),
            renewed: false,
            distress: None,
        }
    }

    fn scenario(budgets: &[(f64, f64)]) -> Scenario {
        let envelopes = |(investment, maintenance): &(f64, f64)| Envelopes {
            investment: Euros::rounded(*investment),
            maintenance: Euros::rounded(*maintenance),
        };
        Scenario {
            name: "s".into(),
            words: String::new(),
            first_year: 2025,
            budgets: budgets.iter().map(envelopes).collect(),
            selection: SelectionRule::WorstFirst,
            objective: Objective::Condition,
            target: None,
            spending: Spending::default(),
            observations: String::new(),
        }
    }

    fn play(sections: Vec<SectionState>, budgets: &[(f64, f64)]) -> Programme {
        let network = NetworkState::new(sections).unwrap();
        let (catalogue, classes, rules) = (catalogue(), classes(), PlanRules::plain());
        let world = World { catalogue: &catalogue, law: &LAW, rules: &rules, classes: &classes };
        simulate(&network, &scenario(budgets), &world)
    }

    #[test]
    fn two_years_by_hand() {
        let sections = vec![section(1, 10.0, 100.0), section(2, 16.0, 300.0)];
        let it = play(sections, &[(1500.0, 500.0), (0.0, 700.0)]);
        assert!((it.ng_start.points() - 14.5).abs() < 1e-9);
        // 2025: section 1 is renewed for 1000; a pass on section 2 would cost 600.
        // Then D1 = 0.1, D2 = 4 + 0.2 x 1.4 = 4.28: NG = 20 - (10 + 1284) / 400.
        assert_eq!(it.yearly[0].spent.total(), Euros::rounded(1000.0));
        assert_eq!(it.yearly[0].unspent().investment, Euros::rounded(500.0));
        assert!((it.yearly[0].ng.points() - 16.765).abs() < 1e-9, "{}", it.yearly[0].ng.points());
        // 2026: the pass halves D2 to 2.14; then D1 = 0.201, D2 = 2.14 + 0.2 x 1.214 = 2.3828.
        assert!((it.yearly[1].ng.points() - 18.162_65).abs() < 1e-6);
        assert_eq!(it.yearly[1].treated, Metres::of(100.0));
        assert_eq!(it.yearly[0].classes, [Ratio::ONE, Ratio::ZERO]);
        let told: Vec<_> = it.works.iter().map(|it| (it.year, it.treatment.as_str())).collect();
        assert_eq!(told, [(2025, "renewal"), (2026, "pass")]);
        assert_eq!(
            it.works[1].reason.to_string(),
            "number 1 of the year from the worst; for notes 0.0 to 18.0"
        );
        assert_eq!(it.works[0].after, Score::BEST);
        assert!((it.final_notes[1].1.points() - 17.6172).abs() < 1e-9);
    }

    #[test]
    fn what_a_year_leaves_goes_over_only_when_asked() {
        let sections = || NetworkState::new(vec![section(1, 10.0, 100.0)]).unwrap();
        let (catalogue, classes, rules) = (catalogue(), classes(), PlanRules::plain());
        let world = World { catalogue: &catalogue, law: &LAW, rules: &rules, classes: &classes };
        for selection in SelectionRule::ALL {
            let years = [(600.0, 0.0), (600.0, 0.0), (0.0, 0.0)];
            let lost = Scenario { selection, ..scenario(&years) };
            assert!(simulate(&sections(), &lost, &world).works.is_empty());
            let kept = Spending { carry_over: true, ..Spending::default() };
            let it = simulate(&sections(), &Scenario { spending: kept, ..lost }, &world);
            assert_eq!(it.works.len(), 1, "{selection:?}");
            assert_eq!((it.works[0].year, it.works[0].cost), (2026, Euros::rounded(1000.0)));
            let carried: Vec<_> = it.yearly.iter().map(|it| it.carried.investment).collect();
            assert_eq!(carried, [0.0, 600.0, 200.0].map(Euros::rounded));
            assert_eq!(it.yearly[2].unspent().investment, Euros::rounded(200.0));
        }
    }

    #[test]
    fn money_kept_for_works_that_are_imposed_later_is_not_spent_before() {
        let sections = vec![section(1, 10.0, 100.0), section(2, 9.0, 100.0)];
        let imposed = ImposedWorks {
            section: SectionId::from_text("001"),
            year: 2027,
            treatment: "renewal".into(),
            cost: None,
        };
        let commitments = Commitments { imposed: vec![imposed], ..Commitments::default() };
        let network = NetworkState::new(sections).unwrap().committed(commitments);
        let (catalogue, classes, rules) = (catalogue(), classes(), PlanRules::plain());
        let world = World { catalogue: &catalogue, law: &LAW, rules: &rules, classes: &classes };
        for selection in SelectionRule::ALL {
            let it = Scenario {
                selection,
                spending: Spending { carry_over: true, ..Spending::default() },
                ..scenario(&[(1000.0, 0.0), (900.0, 0.0), (0.0, 0.0)])
            };
            let it = simulate(&network, &it, &world);
            let done: Vec<_> = it.works.iter().map(|it| (it.year, it.section.as_str())).collect();
            assert_eq!(done, [(2027, "001")], "{selection:?}");
            let richer = [(1000.0, 0.0), (1000.0, 0.0), (0.0, 0.0)];
            let it = Scenario { budgets: scenario(&richer).budgets, ..it.scenario };
            let it = simulate(&network, &it, &world);
            let done: Vec<_> = it.works.iter().map(|it| (it.year, it.section.as_str())).collect();
            assert_eq!(done, [(2025, "002"), (2027, "001")], "{selection:?}");
        }
    }

    #[test]
    fn sites_that_are_split_again_never_overspend() {
        let mut rng = fastrand::Rng::with_seed(1);
        for _ in 0..300 {
            let sections = (0..40).map(|rank| SectionState {
                from: Metres::of(100.0 * f64::from(u32::try_from(rank).unwrap())),
                ..section(rank, 20.0 * rng.f64(), 5.0 + 100.0 * rng.f64())
            });
            let network = NetworkState::new(sections.collect()).unwrap();
            let site = Envelopes {
                investment: Euros::rounded(900.0 * rng.f64()),
                maintenance: Euros::rounded(200.0 * rng.f64()),
            };
            let (catalogue, classes) = (catalogue(), classes());
            let rules = PlanRules { site, ..PlanRules::plain() };
            let world =
                World { catalogue: &catalogue, law: &LAW, rules: &rules, classes: &classes };
            let year = (3000.0 * rng.f64(), 600.0 * rng.f64());
            for selection in [SelectionRule::BenefitCost, SelectionRule::WorstFirst] {
                let it = Scenario { selection, ..scenario(&[year; 3]) };
                assert_eq!(simulate(&network, &it, &world).yearly.len(), 3);
            }
        }
    }

    proptest! {
        #[test]
        fn no_year_overspends_and_every_euro_is_accounted_for(
            sections in prop::collection::vec((0.0..20.0_f64, 1.0..500.0_f64), 1..25),
            budgets in prop::collection::vec((0.0..4000.0_f64, 0.0..900.0_f64), 1..8),
        ) {
            let sections = sections.iter().enumerate().map(|(id, it)| section(id, it.0, it.1)).collect();
            let it = play(sections, &budgets);
            for state in &it.yearly {
                prop_assert!(state.spent.investment <= state.offered.investment);
                prop_assert!(state.spent.maintenance <= state.offered.maintenance);
                let paid: Euros =
                    it.works.iter().filter(|works| works.year == state.year).map(|works| works.cost).sum();
                prop_assert_eq!(paid, state.spent.total());
            }
            prop_assert!(it.works.iter().all(|works| works.after >= works.before));
            prop_assert!(it.works.is_sorted_by_key(|works| (works.year, works.section.clone())));
        }

        #[test]
        fn no_budget_is_doing_nothing(sections in prop::collection::vec((0.0..20.0_f64, 1.0..500.0_f64), 1..25)) {
            let sections: Vec<_> = sections.iter().enumerate().map(|(id, it)| section(id, it.0, it.1)).collect();
            let it = play(sections.clone(), &[(0.0, 0.0); 6]);
            prop_assert!(it.works.is_empty());
            for (section, (_, note)) in sections.iter().zip(&it.final_notes) {
                let want = age(section.ng, LAW.lambda_old, LAW.beta, 6);
                prop_assert!((note.points() - want.points()).abs() < 1e-9);
            }
        }

        #[test]
        fn the_order_of_the_sections_does_not_matter(sections in prop::collection::vec((0.0..20.0_f64, 1.0..500.0_f64), 1..25)) {
            let sections: Vec<_> = sections.iter().enumerate().map(|(id, it)| section(id, it.0, it.1)).collect();
            let mut reversed = sections.clone();
            reversed.reverse();
            let budgets = [(2000.0, 300.0); 4];
            prop_assert_eq!(play(sections, &budgets), play(reversed, &budgets));
        }
    }
}
