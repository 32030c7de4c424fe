//! From the cheapest states of a drive to places, legs of road, and how sure each place is.

use super::candidates::{Candidate, MatchModel};
use super::locate::RoadIndex;
use super::matching::{Matched, Settled, Step};
use super::moves::spot;
use super::route::{Search, push};
use super::track::Pose;
use crate::domain::{Direction, Metres, Ratio, RoadPlace, RouteLeg};

/// Metres that a place may lie past the ends of a leg and still be on it.
///
/// Chosen: a centimetre, for rounding.
const LEG_SLACK_M: f64 = 0.01;

/// Gives out the places of the first steps of a run, one state chosen for each, and the way by road
/// from each to the next.
pub(super) fn settle(
    run: &[Step],
    states: &[usize],
    index: &RoadIndex,
    model: &MatchModel,
    search: &mut Search,
    settled: &mut Settled,
) {
    let sure = confidences(run, states, model);
    let mut legs = Vec::new();
    for (rank, state) in states.iter().enumerate() {
        let step = &run[rank];
        let here = step.candidates.get(*state);
        if let Some(before) = rank.checked_sub(1) {
            let from = run[before].candidates.get(states[before]);
            let seconds = (step.pose.time - run[before].pose.time).get();
            legs = if let Some((from, to)) = from.zip(here) {
                Drive { index, model, seconds }.way(from, to, settled, search)
            } else {
                settled.front = None;
                Vec::new()
            };
        }
        if step.told {
            continue;
        }
        let confidence = Ratio::clamped(sure[rank]);
        for pose in &step.between {
            let place = place_on(pose, &legs, index, model);
            settled.places.push(Matched { place, confidence });
        }
        settled.places.push(Matched { place: here.map(|it| it.place), confidence });
    }
}

/// The move from one step to the next.
struct Drive<'a> {
    index: &'a RoadIndex,
    model: &'a MatchModel,
    seconds: f64,
}

impl Drive<'_> {
    /// The way by road from one place to the next, which is added to the way driven; nothing when there
    /// is none, or when the second lies behind the first.
    fn way(
        &self,
        from: &Candidate,
        to: &Candidate,
        settled: &mut Settled,
        search: &mut Search,
    ) -> Vec<RouteLeg> {
        let front = settled.front.unwrap_or(*from);
        let forward = self.forward(from, to, search);
        let back = self.behind(from, to, search);
        let metres = |legs: &Vec<RouteLeg>| legs.iter().map(|it| it.length().get()).sum::<f64>();
        // Short of the farthest place reached, the vehicle is taken to have stayed there.
        if back.is_some_and(|back| forward.as_ref().is_none_or(|it| metres(it) > back)) {
            settled.front = Some(front);
            return Vec::new();
        }
        let Some(legs) = forward else {
            settled.front = None;
            return Vec::new();
        };
        // From that place on, unless it lay past where the vehicle turned.
        let onward = if settled.front.is_some() { self.forward(&front, to, search) } else { None };
        let driven =
            onward.filter(|it| metres(it) <= metres(&legs)).unwrap_or_else(|| legs.clone());
        if settled.front.is_some() && self.behind(&front, to, search).is_some() {
            // Still short of it.
            return legs;
        }
        for leg in driven {
            push(&mut settled.legs, leg);
        }
        settled.front = None;
        legs
    }

    fn forward(
        &self,
        from: &Candidate,
        to: &Candidate,
        search: &mut Search,
    ) -> Option<Vec<RouteLeg>> {
        let (a, b) = (from.place, to.place);
        let along = match a.direction {
            Direction::Increasing => b.cumul - a.cumul,
            Direction::Decreasing => a.cumul - b.cumul,
        };
        if (a.road, a.direction) == (b.road, b.direction) && along >= Metres::ZERO {
            let leg = RouteLeg { road: a.road, direction: a.direction, from: a.cumul, to: b.cumul };
            return Some(if along > Metres::ZERO { vec![leg] } else { Vec::new() });
        }
        let topology = self.index.topology();
        search.from(topology, spot(from), super::moves::farthest(self.seconds, self.model));
        search.legs(topology, spot(from), spot(to))
    }

    /// Metres by which the second place lies behind the first, when noise explains them.
    fn behind(&self, from: &Candidate, to: &Candidate, search: &mut Search) -> Option<f64> {
        let (a, b) = (from.place, to.place);
        let slip = self.model.slip_m;
        if (a.road, a.direction) == (b.road, b.direction) {
            let back = match a.direction {
                Direction::Increasing => a.cumul - b.cumul,
                Direction::Decreasing => b.cumul - a.cumul,
            };
            if back > Metres::ZERO && back.get() <= slip {
                return Some(back.get());
            }
        }
        let topology = self.index.topology();
        search.back_from(topology, spot(to), slip);
        search.metres_to(topology, spot(from)).filter(|it| *it > 0.0 && *it <= slip)
    }
}

/// The place of a position between two steps, on the way that was driven between them.
fn place_on(
    pose: &Pose,
    legs: &[RouteLeg],
    index: &RoadIndex,
    model: &MatchModel,
) -> Option<RoadPlace> {
    let on = |place: &RoadPlace| {
        legs.iter().any(|leg| {
            let (low, high) =
                if leg.from <= leg.to { (leg.from, leg.to) } else { (leg.to, leg.from) };
            (leg.road, leg.direction) == (place.road, place.direction)
                && place.cumul.get() >= low.get() - LEG_SLACK_M
                && place.cumul.get() <= high.get() + LEG_SLACK_M
        })
    };
    let near = index.candidates(pose, model);
    let nearest = near.iter().map(|it| it.place).find(on);
    // Before the start of the way or past its end: at that end.
    nearest.or_else(|| {
        let (first, last) = (legs.first()?, legs.last()?);
        let roads = [(first.road, first.direction), (last.road, last.direction)];
        near.iter().map(|it| it.place).find(|it| roads.contains(&(it.road, it.direction)))
    })
}

/// How likely the road of each chosen state is, by the forward-backward algorithm over the whole run.
///
/// # Source
///
/// Rabiner, A tutorial on hidden Markov models, Proceedings of the IEEE 77, 1989, section III.
fn confidences(run: &[Step], states: &[usize], model: &MatchModel) -> Vec<f64> {
    let likelihood = |step: &Step, state: usize| (-step.own_cost(state, model)).exp();
    let mut forward: Vec<Vec<f64>> = Vec::with_capacity(run.len());
    for (rank, step) in run.iter().enumerate() {
        let mut here: Vec<f64> = match forward.last() {
            // The first step stands for all that came before: its costs hold them.
            None => step.costs.iter().map(|it| (-it).exp()).collect(),
            Some(before) => (0..step.n_states())
                .map(|to| {
                    let into = before.iter().enumerate();
                    let into = into.map(|(from, it)| it * (-step.moves.cost(from, to)).exp());
                    into.sum::<f64>() * likelihood(step, to)
                })
                .collect(),
        };
        normalise(&mut here);
        debug_assert_eq!(here.len(), run[rank].n_states());
        forward.push(here);
    }
    let mut backward = vec![1.0; run.last().map_or(0, Step::n_states)];
    let mut sure = vec![0.0; states.len()];
    for rank in (0..run.len()).rev() {
        if let Some(state) = states.get(rank) {
            let mut here: Vec<f64> =
                forward[rank].iter().zip(&backward).map(|(a, b)| a * b).collect();
            normalise(&mut here);
            let road = |state: usize| run[rank].candidates.get(state).map(|it| it.place.road);
            let same = here.iter().enumerate().filter(|it| road(it.0) == road(*state));
            sure[rank] = same.map(|it| it.1).sum();
        }
        if rank > 0 {
            let step = &run[rank];
            let onward: Vec<f64> =
                backward.iter().enumerate().map(|(to, it)| it * likelihood(step, to)).collect();
            backward = (0..run[rank - 1].n_states())
                .map(|from| {
                    let to = onward.iter().enumerate();
                    to.map(|(to, it)| it * (-step.moves.cost(from, to)).exp()).sum()
                })
                .collect();
            normalise(&mut backward);
        }
    }
    sure
}

/// Brings their sum to 1; when all have underflowed, nothing is known of them.
fn normalise(all: &mut [f64]) {
    let sum: f64 = all.iter().sum();
    if sum > 0.0 {
        for it in all {
            *it /= sum;
        }
    } else {
        all.fill(1.0);
    }
}
