//! A programme: years of works and ageing, one after the other.

use super::benefit_cost::select_by_return;
use super::optimise::optimise;
use super::select::{Choice, Queue, select};
use super::standing::Standing;
use super::worth::Weights;
use super::year::Year;
use crate::domain::{
    DefectsSeen, Envelopes, Euros, Metres, NetworkState, Programme, Ratio, Reason, Scenario, Score,
    SelectionRule, WorksItem, World, Worth, YearState,
};

/// Plays a scenario by its own rule: each year works, then a year of ageing.
///
/// One treatment a section and a year. No envelope is overspent; what is not spent is lost, never
/// carried. Without any budget the network only ages. The order of the sections and the number of
/// threads do not matter.
#[must_use]
pub fn simulate(network: &NetworkState, scenario: &Scenario, world: &World<'_>) -> Programme {
    let by_queue = |queue| {
        play(network, scenario, world, |now, standings, budget| {
            select(network, standings, world, now, budget, queue)
        })
    };
    match scenario.selection {
        SelectionRule::WorstFirst => by_queue(Queue::WorstFirst),
        SelectionRule::Threshold => by_queue(Queue::CategoryFirst),
        SelectionRule::BenefitCost => {
            let weights = Weights::new(network, world.rules, scenario.budgets.len());
            play(network, scenario, world, |now, standings, budget| {
                select_by_return(network, standings, world, now, budget, &weights)
            })
        }
        SelectionRule::Optimised => optimise(network, scenario, world),
    }
}

/// Plays the works that `choose` finds for each year.
///
/// # Panics
///
/// When they overspend an envelope: a rule that does is wrong.
pub(super) fn play<'s, 'c>(
    network: &'s NetworkState,
    scenario: &Scenario,
    world: &World<'c>,
    mut choose: impl FnMut(Year, &[Standing<'s>], Envelopes) -> Vec<Choice<'c>>,
) -> Programme {
    let mut standings: Vec<_> = network.sections().iter().map(Standing::new).collect();
    for it in &mut standings {
        it.know(world.catalogue);
    }
    let weights = Weights::new(network, world.rules, scenario.budgets.len());
    let ng_start = mean(&standings);
    let (mut works, mut yearly, mut worth) = (Vec::new(), Vec::new(), 0.0);
    let years = (scenario.first_year..).zip(0..).map(|(year, rank)| Year { year, rank });
    for (now, offered) in years.zip(&scenario.budgets) {
        let mut chosen = choose(now, &standings, *offered);
        chosen.sort_by_key(|it| it.index);
        let sites = site_costs(network, world.rules.site, &chosen);
        let mut spent = Envelopes::default();
        let mut treated = Metres::ZERO;
        for (choice, site) in chosen.into_iter().zip(sites) {
            let standing = &mut standings[choice.index];
            treated += standing.section().length;
            let item = carry_out(choice, site, standing, world, now);
            *spent.of_mut(item.envelope) += item.cost;
            works.push(item);
        }
        assert!(
            spent.investment <= offered.investment && spent.maintenance <= offered.maintenance,
            "{} is overspent in {}",
            scenario.name,
            now.year
        );
        let weight = weights.years()[now.rank as usize];
        for standing in &mut standings {
            standing.grow_older(world.law, now.year);
            let section = standing.section();
            worth += weight
                * section.area.get()
                * world.rules.weight(section.category)
                * standing.ng().points();
        }
        let notes = standings.iter().map(|it| (it.ng(), it.section().area.get()));
        yearly.push(YearState {
            year: now.year,
            ng: mean(&standings),
            spent,
            offered: *offered,
            classes: world.classes.shares(notes),
            treated,
        });
    }
    let final_notes = standings.iter().map(|it| (it.section().id.clone(), it.ng())).collect();
    let gain = weights.as_points(worth - idle(network, scenario, world, &weights));
    Programme {
        scenario: scenario.clone(),
        ng_start,
        worth: Worth { gain, bound: None },
        area: network.area(),
        works,
        yearly,
        final_notes,
    }
}

/// Weighted points of the whole network when nothing is done.
fn idle(network: &NetworkState, scenario: &Scenario, world: &World<'_>, weights: &Weights) -> f64 {
    let now = Year { year: scenario.first_year, rank: 0 };
    network.sections().iter().map(|it| weights.play_on(Standing::new(it), world, now)).sum()
}

/// What each of the works chosen bears of its site: by area, to the cent.
fn site_costs(network: &NetworkState, site: Envelopes, chosen: &[Choice<'_>]) -> Vec<Euros> {
    let mut costs = vec![Euros::ZERO; chosen.len()];
    if site == Envelopes::default() {
        return costs;
    }
    let mut of = vec![None; network.sections().len()];
    for (rank, it) in chosen.iter().enumerate() {
        of[it.index] = Some(rank);
    }
    let envelope = |rank: usize| chosen[rank].works.treatment.envelope;
    let mut run: Vec<usize> = Vec::new();
    let mut close = |run: &mut Vec<usize>| {
        let Some(first) = run.first() else { return };
        let cost = site.of(envelope(*first));
        let area = |rank: &usize| chosen[*rank].works.area.get();
        let whole: f64 = run.iter().map(area).sum();
        let (mut sum, mut paid) = (0.0, Euros::ZERO);
        for rank in run.drain(..) {
            sum += area(&rank);
            let due = if sum < whole { Euros::rounded(cost.get() * sum / whole) } else { cost };
            costs[rank] = due - paid;
            paid = due;
        }
    };
    for (index, joins) in network.along() {
        let goes_on = match (of[*index], run.last()) {
            (Some(rank), Some(last)) => *joins && envelope(rank) == envelope(*last),
            _ => false,
        };
        if !goes_on {
            close(&mut run);
        }
        run.extend(of[*index]);
    }
    close(&mut run);
    costs
}

/// Area-weighted mean note.
fn mean(standings: &[Standing<'_>]) -> Score {
    let (mut points, mut area) = (0.0, 0.0);
    for it in standings {
        points += it.ng().points() * it.section().area.get();
        area += it.section().area.get();
    }
    Score::clamped(points / area)
}

fn carry_out(
    choice: Choice<'_>,
    site: Euros,
    standing: &mut Standing<'_>,
    world: &World<'_>,
    now: Year,
) -> WorksItem {
    let treatment = choice.works.treatment;
    let trigger = &treatment.trigger;
    let calls = trigger.defects.iter().filter(|it| it.at_least > Ratio::ZERO);
    let seen = calls
        .filter_map(|it| Some(DefectsSeen { kinds: it.kinds.clone(), share: standing.share(it)? }));
    let reason = Reason {
        why: choice.why,
        rank: choice.rank,
        notes: (trigger.note_from, trigger.note_to),
        seen: seen.collect(),
        instead_of: choice.instead_of.map(str::to_owned),
    };
    let before = standing.ng();
    let after = standing.treat(treatment, now.year, world.rules.least_gap_years);
    standing.know(world.catalogue);
    WorksItem {
        section: standing.section().id.clone(),
        year: now.year,
        treatment: treatment.name.clone(),
        kind: treatment.kind,
        envelope: treatment.envelope,
        area: choice.works.area,
        cost: choice.works.cost + site,
        before,
        after,
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AgeingLaw, Catalogue, Effect, Envelope, NoteClass, NoteClasses, PlanRules, PricedOn,
        SectionId, SectionState, SquareMetres, Treatment, TreatmentKind, Trigger,
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
