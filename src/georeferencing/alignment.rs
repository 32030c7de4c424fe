//! One carriageway of an old network laid along the roads of a new one, as a whole.
//!
//! Nearest points alone jump at hairpins, at crossings, between the two legs of a loop. Here the whole
//! carriageway is laid at the least total price (dynamic programming over samples every few metres):
//! distance, angle, difference of lengths, name, change of road. Along one road the order of places is
//! kept: a place never lies before the one that precedes it. Between samples places are in proportion,
//! so that a line that has not changed is laid on itself exactly.

use super::lines::{Candidate, Lines};
use super::locate::RoadIndex;
use crate::domain::{Direction, Metres, Network};
use std::collections::BTreeMap;

/// Metres of old road between two samples, at most.
///
/// Chosen: a few times less than any bend of a road; between samples places are in proportion, which
/// moves those of a line drawn anew by centimetres.
const STEP_M: f64 = 5.0;

/// Price of a metre of old road that is laid nowhere. A metre laid on a road of another name costs 1, at
/// the farthest distance 1, at an angle of 45 degrees 1.
///
/// Chosen: what is far, oblique and of another name at once is nowhere.
const NOWHERE: f64 = 3.0;

/// Prices, in metres, of changing line: within the road of the name, to or from another name, to or
/// from nowhere.
///
/// Chosen: a junction of two roads at a narrow angle, some 30 m during which each lies on the other,
/// must not pay for a change of name; a road that becomes divided must. Twice or half moves changes
/// of road by metres, and only where lines part slowly.
const CHANGE: [f64; 3] = [10.0, 50.0, 25.0];

/// A new line may go back by this, at most, and is then taken to stand still; and go ahead by this, more
/// than [`STRETCH`] times the old metres.
///
/// Chosen: twice the widest half of a road, at the inside of a sharp bend.
const SLACK_M: f64 = 50.0;

/// A new line may be so many times as long as the old one between two samples.
///
/// Chosen: the outside of a bend drawn at twice its radius, and half as much again.
const STRETCH: f64 = 3.0;

/// Ends of two pieces of a road that are this near join.
///
/// Chosen: as readers of networks join the parts of a line.
pub(super) const JOINT_M: f64 = 1.0;

/// What is laid on a road of another name for less than this, and for less than half of the old
/// carriageway, is laid nowhere.
///
/// Chosen: the length over which two roads lie on one another at a junction.
const SHORTEST_M: f64 = 50.0;

/// A sample of the old carriageway.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// Index of the piece in the old network.
    pub road: usize,
    pub cumul: f64,
}

/// Where the old metres between two samples lie on the new network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Link {
    On(On),
    Nowhere,
    /// On either of two roads, by the numbers of their names.
    Either(usize, usize),
}

/// A stretch of a new road. `to` lies before `from` when the road is drawn the other way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct On {
    pub road: usize,
    pub against: bool,
    pub from: f64,
    pub to: f64,
}

/// An old carriageway, for traffic of one direction: link `i` joins samples `i` and `i + 1`.
#[derive(Clone, Debug, Default)]
pub(super) struct Alignment {
    pub samples: Vec<Sample>,
    pub links: Vec<Link>,
}

/// A place on the new network, or nowhere, and how it was come to.
#[derive(Clone, Copy)]
struct State {
    cost: f64,
    /// Cumul on the new road; unused nowhere.
    at: f64,
    /// The state that it came from: one that left the sample before, or, for one that leaves its
    /// sample, one that arrived there.
    from: usize,
    /// The last place on a line of the road's own name: line, sense, cumul.
    last: Option<(usize, bool, f64)>,
}

/// The states of one sample, nowhere last: as they arrive from the sample before, and as they leave, once
/// they may have changed line.
struct Layer {
    arrived: Vec<State>,
    leaving: Vec<State>,
}

impl State {
    /// A state that nothing leads to yet.
    const fn unreached() -> Self {
        Self { cost: f64::INFINITY, at: 0.0, from: usize::MAX, last: None }
    }
}

/// Lays a carriageway. `pieces` are its roads in the old network, in the order of cumuls.
pub(super) fn align(
    (old, old_index): (&Network, &RoadIndex),
    lines: &Lines<'_>,
    pieces: &[usize],
    direction: Direction,
) -> Alignment {
    let samples = samples(old, old_index, lines, pieces);
    let candidates: Vec<Vec<Candidate>> = samples
        .iter()
        .map(|it| lines.candidates(&old.roads()[it.road], it.cumul, direction))
        .collect();
    let layers = layers(&samples, &candidates, lines);
    let mut laid = trace(&layers, &candidates);
    doubt(&samples, &candidates, lines, &mut laid);
    Alignment { samples, links: laid }
}

/// Every few metres, and where new roads end beside the old one: they are left there, not before.
fn samples(old: &Network, index: &RoadIndex, lines: &Lines<'_>, pieces: &[usize]) -> Vec<Sample> {
    let mut all: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let mut near = std::collections::BTreeSet::new();
    for rank in pieces {
        let road = &old.roads()[*rank];
        let length = road.length().get();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let n_steps = (length / STEP_M).ceil().max(1.0) as u32;
        let start = road.cumul_start().get();
        let places = (0..=n_steps).map(|it| start + length * f64::from(it) / f64::from(n_steps));
        let places: Vec<f64> = places.collect();
        for at in &places {
            near.extend(lines.roads_near(road.point_at(Metres::of(*at)).0));
        }
        all.insert(*rank, places);
    }
    for end in near.into_iter().flat_map(|it| lines.ends(it)) {
        for pass in index.passes(end, lines.reach).into_iter().filter(|it| it.nearest) {
            if let Some(places) = all.get_mut(&pass.road) {
                places.push(pass.cumul);
            }
        }
    }
    let ordered = |rank: &usize| {
        let rank = *rank;
        let mut places = all.remove(&rank).unwrap_or_default();
        places.sort_by(f64::total_cmp);
        places.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
        places.into_iter().map(move |cumul| Sample { road: rank, cumul })
    };
    pieces.iter().flat_map(ordered).collect()
}

/// The cheapest way to each state of each sample.
fn layers(samples: &[Sample], candidates: &[Vec<Candidate>], lines: &Lines<'_>) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::with_capacity(samples.len());
    for (rank, here) in candidates.iter().enumerate() {
        let arrived: Vec<State> = match layers.last() {
            None => {
                let first = |it: &Candidate| State {
                    cost: 0.0,
                    at: it.cumul,
                    last: it.own.then_some((it.line, it.against, it.cumul)),
                    ..State::unreached()
                };
                here.iter().map(first).chain([State { cost: 0.0, ..State::unreached() }]).collect()
            }
            Some(Layer { leaving, .. }) => {
                let metres = (samples[rank].cumul - samples[rank - 1].cumul).max(0.0);
                let before = &candidates[rank - 1];
                let moved = here.iter().map(|it| moved((before, leaving), it, metres));
                let none = leaving[leaving.len() - 1];
                let cost = none.cost + metres * NOWHERE;
                moved.chain([State { cost, from: leaving.len() - 1, ..none }]).collect()
            }
        };
        let leaving = change(here, &arrived, lines);
        layers.push(Layer { arrived, leaving });
    }
    layers
}

/// The cheapest move along one road to a candidate.
fn moved((before, states): (&[Candidate], &[State]), to: &Candidate, metres: f64) -> State {
    let mut best = State::unreached();
    for (rank, (from, state)) in before.iter().zip(states).enumerate() {
        if (from.road, from.against) != (to.road, to.against) {
            continue;
        }
        let ahead = if to.against { state.at - to.cumul } else { to.cumul - state.at };
        if ahead < -SLACK_M || ahead > STRETCH * metres + SLACK_M {
            continue;
        }
        let at = if ahead < 0.0 { state.at } else { to.cumul };
        let laid = metres * 0.5 * (from.price + to.price);
        let cost = state.cost + laid + (ahead.max(0.0) - metres).abs();
        if cost < best.cost {
            let last = if to.own { Some((to.line, to.against, at)) } else { state.last };
            best = State { cost, at, from: rank, last };
        }
    }
    best
}

/// The states of a sample once they may have changed line there.
fn change(here: &[Candidate], arrived: &[State], lines: &Lines<'_>) -> Vec<State> {
    let cheapest = |to: usize| {
        let mut best = State { from: to, ..arrived[to] };
        let b = here.get(to);
        for (from, state) in arrived.iter().enumerate().filter(|it| it.0 != to) {
            let price = match (here.get(from), b) {
                (Some(a), Some(b)) if lines.joins((a, state.at), b) => 0.0,
                // A leap along one road costs more than going the same way.
                (Some(a), Some(b)) if (a.road, a.against) == (b.road, b.against) => {
                    CHANGE[0] + (b.cumul - state.at).abs().min(SLACK_M)
                }
                (Some(a), Some(b)) => CHANGE[usize::from(!(a.own && b.own))],
                _ => CHANGE[2],
            };
            if state.cost + price < best.cost && b.is_none_or(|it| keeps_order(state, it)) {
                let own = b.filter(|it| it.own).map(|it| (it.line, it.against, it.cumul));
                let (cost, at) = (state.cost + price, b.map_or(0.0, |it| it.cumul));
                best = State { cost, at, from, last: own.or(state.last) };
            }
        }
        best
    };
    (0..arrived.len()).map(cheapest).collect()
}

/// Back on a line of its own name, a road is never before where it was.
fn keeps_order(state: &State, to: &Candidate) -> bool {
    let Some((_, against, at)) = state.last.filter(|it| to.own && it.0 == to.line) else {
        return true;
    };
    let ahead = if against { at - to.cumul } else { to.cumul - at };
    against == to.against && ahead >= -JOINT_M
}

/// The links of the cheapest way, found from its end.
fn trace(layers: &[Layer], candidates: &[Vec<Candidate>]) -> Vec<Link> {
    let Some(last) = layers.last() else { return Vec::new() };
    let cost = |it: &usize| last.leaving[*it].cost;
    let cheapest = (0..last.leaving.len()).min_by(|a, b| cost(a).total_cmp(&cost(b)));
    let mut state = cheapest.expect("nowhere is always there");
    let mut links = Vec::with_capacity(layers.len() - 1);
    for rank in (1..layers.len()).rev() {
        let arrived = layers[rank].leaving[state].from;
        let State { at, from, .. } = layers[rank].arrived[arrived];
        links.push(match candidates[rank].get(arrived) {
            None => Link::Nowhere,
            Some(it) => Link::On(On {
                road: it.road,
                against: it.against,
                from: layers[rank - 1].leaving[from].at,
                to: at,
            }),
        });
        state = from;
    }
    links.reverse();
    links
}

/// What is laid on a road of another name must be laid there for long enough, and no third road may lie
/// as near.
fn doubt(samples: &[Sample], candidates: &[Vec<Candidate>], lines: &Lines<'_>, laid: &mut [Link]) {
    let metres = |range: std::ops::Range<usize>| -> f64 {
        range.map(|it| (samples[it + 1].cumul - samples[it].cumul).max(0.0)).sum()
    };
    let other = |link: &Link| match link {
        Link::On(on) if !lines.is_own(on.road) => Some(lines.name(on.road)),
        _ => None,
    };
    let whole = metres(0..laid.len());
    let mut start = 0;
    while start < laid.len() {
        let name = other(&laid[start]);
        let run = laid[start..].iter().take_while(|it| other(it) == name).count();
        let (first, end) = (start, start + run);
        start = end;
        let Some(name) = name else { continue };
        let length = metres(first..end);
        let mut rivals: BTreeMap<usize, f64> = BTreeMap::new();
        for at in first..end {
            let Link::On(on) = laid[at] else { continue };
            let after = lines.rivals(on.road, &candidates[at + 1]);
            for rival in lines.rivals(on.road, &candidates[at]).intersection(&after) {
                *rivals.entry(*rival).or_default() += metres(at..at + 1);
            }
        }
        let rival = rivals.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let instead = match rival {
            Some((rival, alike)) if alike >= 0.5 * length => Link::Either(name, rival),
            _ if length < SHORTEST_M && length < 0.5 * whole => Link::Nowhere,
            _ => continue,
        };
        laid[first..end].fill(instead);
    }
}
