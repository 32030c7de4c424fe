//! An optimised programme: the network as a pool, and the selection as works with their reasons.

use super::alternatives::{Held, alternatives, purse, year_of};
use super::counted::{Counted, SITE};
use super::pool::{Draw, Pool, Purse, Section};
use super::solve::{Solved, solve};
use crate::domain::{
    Envelope, Envelopes, NetworkState, NextBest, Programme, Scenario, SelectionRule, Why, World,
};
use crate::planning::agenda::Agenda;
use crate::planning::candidates::Candidate;
use crate::planning::play::play;
use crate::planning::select::Choice;
use crate::planning::simulate::simulate_from;
use crate::planning::standing::Standing;
use crate::planning::start::Start;
use crate::planning::year::Year;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Alternatives of one section at most; past them, fewer works are tried.
/// Chosen: a hundred times what a section has with the default catalogue.
const MOST_ALTERNATIVES: usize = 20_000;

/// Alternatives of all sections at most. Chosen: 1.3 GiB.
const MOST_OF_ALL: usize = 30_000_000;

/// The bound is lowered until it promises less than this share.
/// Chosen: far below the gap asked, for the mix is then near to what the purses hold.
const TOLERANCE: f64 = 4.0e-6;

/// A gain that is the bound itself may pass it by the last digits of a sum. Chosen: a thousand millionth.
const ROUNDING: f64 = 1.0e-9;

/// The programme that gains most over all years, with a bound on what any could gain.
///
/// The bound holds for programmes with at most [`crate::domain::PlanRules::most_works`] works on a section; there
/// is none when a section has too many ways for all to be tried, or another rule passes it by more works.
/// Never worth less than what the other rules find: of all, the best is given.
#[must_use]
pub fn optimise(start: &Start<'_>, scenario: &Scenario, world: &World<'_>) -> Programme {
    let network = start.network();
    let (pool, whole) = pool(start, scenario, world);
    let solved = solve(&pool, TOLERANCE);
    let mut best = play(start, scenario, world, |now, standings, _| {
        choices(network, &pool, &solved, world, scenario, now, standings)
    });
    for selection in
        [SelectionRule::WorstFirst, SelectionRule::Threshold, SelectionRule::BenefitCost]
    {
        let other = simulate_from(start, &Scenario { selection, ..scenario.clone() }, world);
        if other.worth.gain > best.worth.gain {
            best = Programme { scenario: scenario.clone(), ..other };
        }
    }
    // What the bound was not asked about, it cannot deny: more works than the most, or ways left out.
    let imposed = Agenda::new(start, scenario, world).worth(start, world);
    let bound = start.weights().as_mean(solved.bound + imposed);
    best.worth.bound =
        (whole && best.worth.gain <= bound + ROUNDING * (1.0 + bound.abs())).then_some(bound);
    best
}

/// The alternatives of every section, in the order of [`NetworkState::along`].
///
/// The second says whether all ways were tried. Purses are the envelopes of each year: investment, then maintenance,
/// of the first year, and so on; then those of the other limits. Where sites are limited by sector, neighbours must be of
/// one sector ([`NetworkState::apart_by_sector`]).
///
/// # Panics
///
/// With 65,536 sectors or more.
#[must_use]
pub fn pool(start: &Start<'_>, scenario: &Scenario, world: &World<'_>) -> (Pool, bool) {
    let network = start.network();
    let agenda = Agenda::new(start, scenario, world);
    let mut standings = start.standings().to_vec();
    agenda.book(&mut standings, world);
    let years = (0..).zip(agenda.left());
    let mut purses: Vec<Purse> = years
        .flat_map(|(year, offered): (u32, &Envelopes)| {
            [Envelope::Investment, Envelope::Maintenance].map(|it| {
                debug_assert_eq!(year_of(purse(year, it)), (year, it));
                let site = world.rules.site.of(it).cents();
                let next = scenario.spending.carry_over.then(|| purse(year + 1, it).into());
                Purse { holds: offered.of(it).cents(), site, next }
            })
        })
        .collect();
    let n_purses = purses.len();
    for it in &mut purses {
        it.next = it.next.filter(|next| *next < n_purses);
    }
    let counted = counted(&agenda, &mut purses);
    let room = agenda.room(0);
    // What is kept of a section is a small part of its ways: they are counted as they come.
    let n_kept = AtomicUsize::new(0);
    let all_ways = |most: usize, most_kept: usize| -> (Vec<Section>, Vec<bool>) {
        let sections = network.along().par_iter().with_min_len(16).map(|(index, joins)| {
            if n_kept.load(Ordering::Relaxed) > most_kept {
                return (Section::new(*joins, (0, &counted), &purses, Vec::new()), false);
            }
            let (standing, imposed) = (standings[*index], agenda.of(*index));
            let group = room.group(network, *index);
            let group = u16::try_from(group).expect("fewer than 65,000 sectors");
            let held = Held { purses: &purses, counted: &counted, group };
            let (all, works) =
                alternatives(standing, imposed, scenario, world, start.weights(), held, most);
            let section = Section::new(*joins, (group, &counted), &purses, all);
            n_kept.fetch_add(section.n_alternatives() as usize, Ordering::Relaxed);
            (section, works == world.rules.most_works as usize)
        });
        sections.unzip()
    };
    let (mut sections, mut whole) = all_ways(MOST_ALTERNATIVES, MOST_OF_ALL);
    if n_kept.load(Ordering::Relaxed) > MOST_OF_ALL {
        let most = MOST_OF_ALL / network.sections().len();
        (sections, whole) = all_ways(most.min(MOST_ALTERNATIVES), usize::MAX);
    }
    (Pool::new(purses, counted, sections), whole.into_iter().all(|it| it))
}

/// Adds a purse for each other limit of each year, after those of money.
fn counted(agenda: &Agenda<'_>, purses: &mut Vec<Purse>) -> Counted {
    let (n_money, years) = (purses.len(), 0..u32::try_from(agenda.left().len()).unwrap_or(0));
    let mut add = |holds: i64| {
        purses.push(Purse { holds, site: 0, next: None });
        purses.len() - 1
    };
    let both = [Envelope::Investment, Envelope::Maintenance];
    let n_groups = years.clone().next().map_or(0, |year| agenda.room(year).n_groups());
    let mut sites = vec![vec![None; n_money]; n_groups];
    for (group, of_group) in sites.iter_mut().enumerate() {
        for year in years.clone() {
            let Some(most) = agenda.room(year).sites(group) else { continue };
            let it = add(most.saturating_mul(SITE));
            for envelope in both {
                of_group[usize::from(purse(year, envelope))] = Some(it);
            }
        }
    }
    let mut grams = Vec::new();
    for year in years {
        let Some(most) = agenda.room(year).grams() else { continue };
        let it = add(most);
        grams.extend(both.map(|_| it));
    }
    Counted::new(sites, grams)
}

/// The works of one year, each with what would have been done instead.
fn choices<'c>(
    network: &NetworkState,
    pool: &Pool,
    solved: &Solved,
    world: &World<'c>,
    scenario: &Scenario,
    now: Year,
    standings: &[Standing<'_>],
) -> Vec<Choice<'c>> {
    let mut chosen: Vec<Choice<'c>> = network
        .along()
        .par_iter()
        .enumerate()
        .with_min_len(64)
        .filter_map(|(at, (index, _))| {
            let draws = pool.sections()[at].draws(solved.selection.chosen[at]);
            let draw = draws.iter().find(|it| year_of(it.purse).0 == now.rank)?;
            let treatment = &world.catalogue.treatments[usize::from(draw.label)];
            let works = Candidate::of(&standings[*index], treatment, world.rules, now.rank);
            let next = next_best(pool, solved, at, *draw).map(|(other, dearer)| NextBest {
                works: named(pool.sections()[at].draws(other), world, scenario),
                dearer,
            });
            let why = Why::Best { next };
            Some(Choice { index: *index, works, why, rank: 0, instead_of: None })
        })
        .collect();
    let sureness = |it: &Choice<'_>| match &it.why {
        Why::Best { next: Some(next) } => next.dearer,
        _ => 0.0,
    };
    chosen.sort_by(|a, b| sureness(b).total_cmp(&sureness(a)).then(a.index.cmp(&b.index)));
    for (rank, it) in (1..).zip(&mut chosen) {
        it.rank = rank;
    }
    chosen
}

fn named(draws: &[Draw], world: &World<'_>, scenario: &Scenario) -> Vec<(i32, String)> {
    let name = |it: &Draw| {
        let year = scenario.first_year.saturating_add_unsigned(year_of(it.purse).0);
        (year, world.catalogue.treatments[usize::from(it.label)].name.clone())
    };
    draws.iter().map(name).collect()
}

/// The best alternative without some works, and how much dearer those may become before it is as good;
/// none when it is better already, and only too dear for what a purse has left.
fn next_best(pool: &Pool, solved: &Solved, at: usize, without: Draw) -> Option<(u32, f64)> {
    let section = &pool.sections()[at];
    let beside = pool.beside(&solved.selection.chosen, at);
    let priced = |it| pool.priced(&solved.prices, at, it, beside);
    let net = |it: u32| section.value(it) - section.works(it).map(priced).sum::<f64>();
    let others = (0..section.n_alternatives()).filter(|it| !section.draws(*it).contains(&without));
    let (other, most) =
        others.map(|it| (it, net(it))).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    let regret = net(solved.selection.chosen[at]) - most;
    let price = f64::from(without.cents) * pool.price(&solved.prices, usize::from(without.purse));
    (regret > 0.0 && price > 0.0).then(|| (other, regret / price))
}
