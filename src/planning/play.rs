//! A programme: years of works and ageing, one after the other.

use super::agenda::{Agenda, keep_free_for_next};
use super::room::{Means, Room};
use super::select::Choice;
use super::sites::{places, site_costs, sites};
use super::standing::Standing;
use super::start::{Start, Sums};
use super::worth::Weights;
use super::year::Year;
use crate::domain::{
    DefectsSeen, Envelopes, Euros, Metres, NetworkState, Objective, Programme, Ratio, Reason,
    Scenario, Score, Why, WorksItem, World, YearState,
};

/// Plays the works that `choose` finds for each year.
///
/// # Panics
///
/// When they overspend an envelope, or pass another limit of the year: a rule that does is wrong.
pub(super) fn play<'s, 'c>(
    start: &Start<'s>,
    scenario: &Scenario,
    world: &World<'c>,
    mut choose: impl FnMut(Year, &[Standing<'s>], Means) -> Vec<Choice<'c>>,
) -> Programme {
    let network = start.network();
    let agenda = Agenda::new(start, scenario, world);
    let mut standings = start.standings().to_vec();
    agenda.book(&mut standings, world);
    let (mut works, mut yearly, mut sums) = (Vec::new(), Vec::new(), Sums::default());
    let years = (scenario.first_year..).zip(0..).map(|(year, rank)| Year { year, rank });
    let carry_over = scenario.spending.carry_over;
    // What is carried over to the year, and what works that were chosen took before it.
    let (mut carried, mut taken) = (Envelopes::default(), Envelopes::default());
    for (now, offered) in years.zip(&scenario.budgets) {
        let money = agenda.left()[now.rank as usize] - taken;
        let room = agenda.room(now.rank);
        let mut chosen = choose(now, &standings, Means { money, room: room.clone() });
        chosen.sort_by_key(|it| it.index);
        let n_sites = n_sites_within(room, network, &chosen);
        assert!(n_sites.is_some(), "{} passes its limits in {}", scenario.name, now.year);
        let sites = site_costs(network, world.rules.site, &chosen);
        let imposed = agenda.choices(now, network, world);
        let mut all: Vec<_> = chosen.into_iter().zip(sites).chain(imposed).collect();
        all.sort_by_key(|it| it.0.index);
        let mut spent = Envelopes::default();
        let mut treated = Metres::ZERO;
        for (choice, site) in all {
            let (index, standing) = (choice.index, &mut standings[choice.index]);
            treated += standing.section().length;
            let item = carry_out(choice, site, standing, world, now);
            *spent.of_mut(item.envelope) += item.cost;
            if carry_over && item.reason.why != Why::Imposed {
                *taken.of_mut(item.envelope) += item.cost;
            }
            works.push(item);
            keep_free_for_next(agenda.of(index), standing, now.rank, world);
        }
        let at_hand = *offered + carried;
        assert!(at_hand.covers(spent), "{} is overspent in {}", scenario.name, now.year);
        let passed = pass(&mut standings, start.weights(), world, now);
        let weight = start.weights().years()[now.rank as usize];
        sums.objective += weight * passed.weighted.objective;
        sums.condition += weight * passed.weighted.condition;
        yearly.push(YearState {
            year: now.year,
            ng: passed.ng,
            spent,
            offered: *offered,
            carried,
            classes: passed.classes,
            treated,
            sites: n_sites.unwrap_or_default() + agenda.n_sites(now, network),
        });
        if carry_over {
            carried = at_hand - spent;
        }
    }
    let final_notes = standings.iter().map(|it| (it.section().id.clone(), it.ng())).collect();
    Programme {
        scenario: scenario.clone(),
        ng_start: start.ng(),
        worth: start.worth(sums),
        area: network.area(),
        works,
        yearly,
        final_notes,
    }
}

/// How many sites works make; nothing when they are more than there is room for, or emit more.
fn n_sites_within(mut room: Room, network: &NetworkState, chosen: &[Choice<'_>]) -> Option<usize> {
    let mut n_sites = 0;
    for index in sites(network, &places(chosen)) {
        n_sites += 1;
        room.open(room.group(network, index), 1);
    }
    for it in chosen {
        room.emit(it.works.treatment.co2_g(it.works.area));
    }
    (!room.is_overdrawn()).then_some(n_sites)
}

/// A network at the end of a year.
struct Passed {
    /// Area-weighted mean note.
    ng: Score,
    /// What all sections have, by their weights.
    weighted: Sums,
    /// Share of the area in each class.
    classes: Vec<Ratio>,
}

/// Lets a year pass over all sections, and looks at them once.
fn pass(standings: &mut [Standing<'_>], weights: &Weights, world: &World<'_>, now: Year) -> Passed {
    let by_condition = weights.objective() == Objective::Condition;
    let (mut points, mut weighted, mut whole) = (0.0, Sums::default(), 0.0);
    let mut areas = vec![0.0; world.classes.0.len()];
    for it in standings {
        it.grow_older(world.law, now.year);
        let area = it.area().get();
        points += it.ng().points() * area;
        weighted.condition += it.ng().points() * it.weight();
        if !by_condition {
            weighted.objective += weights.at_end(it, world, now.rank) * weights.of_section(it);
        }
        whole += area;
        if let Some(of_class) = areas.get_mut(world.classes.rank_of(it.ng())) {
            *of_class += area;
        }
    }
    if by_condition {
        weighted.objective = weighted.condition;
    }
    Passed {
        ng: Score::clamped(points / whole),
        weighted,
        classes: areas.iter().map(|it| Ratio::clamped(it / whole)).collect(),
    }
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
        instead_of: choice.instead_of.map(|(other, lacked)| (other.to_owned(), lacked)),
    };
    let before = standing.ng();
    let after = standing.treat(treatment, now.year, world);
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
