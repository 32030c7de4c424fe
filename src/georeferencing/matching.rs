//! The roads of a whole drive: each position helps to tell where the others were.
//!
//! # Source
//!
//! Newson and Krumm, Hidden Markov map matching through noise and sparseness, ACM SIGSPATIAL 2009:
//! candidates for each step, a cost for being far from the road, a cost for the difference between
//! the straight distance and the way by road, and the cheapest sequence. Added here: a state for
//! being on no road of the network, a price for what a faulty network or a turn in the road calls
//! for, and settling as the drive goes, so that memory does not grow with its length.

use super::candidates::{Candidate, MatchModel};
use super::locate::RoadIndex;
use super::moves::{Moves, off_cost};
use super::route::Search;
use super::settle::settle;
use super::track::Pose;
use crate::domain::{Ratio, RoadPlace, RouteLeg};

/// Steps kept before the sequence is settled as far as all ways agree.
///
/// Chosen: minutes of driving, beyond which nothing that comes later changes where the vehicle was;
/// some megabytes at most.
const WINDOW: usize = 256;

/// Positions in a row that no way by road explains before they are believed.
///
/// Source: Newson and Krumm (2009), section 4.2: positions that break the sequence are left out, as long
/// as they are few.
const MOST_ODD: usize = 3;

/// Seconds without a fix after which nothing of what was before is known.
///
/// Source: Newson and Krumm (2009), section 4.2: gaps of more than 180 s split the drive.
const LONGEST_GAP_S: f64 = 180.0;

/// Where one position was found to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matched {
    /// Its place; none where the vehicle was on no road of the network.
    pub place: Option<RoadPlace>,
    /// How likely that road is, given the whole drive around it.
    pub confidence: Ratio,
}

/// Matches a drive, position by position. Memory is that of some hundred steps.
#[derive(Debug)]
pub struct Matcher<'a> {
    index: &'a RoadIndex,
    model: MatchModel,
    search: Search,
    run: Vec<Step>,
    /// Positions since the last step, too near to it to be steps.
    waiting: Vec<Pose>,
    /// How many of the last were left waiting because no way by road explains them.
    n_odd: usize,
    settled: Settled,
}

/// What is known for good.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub places: Vec<Matched>,
    pub legs: Vec<RouteLeg>,
    /// The farthest place reached on the way, when positions since lie behind it.
    pub front: Option<Candidate>,
}

/// One step: where the vehicle may be, the cheapest way to each place, and where that comes from.
/// The state after the last candidate is that of no road.
#[derive(Debug)]
pub(super) struct Step {
    pub pose: Pose,
    /// Positions between the step before and this one.
    pub between: Vec<Pose>,
    pub candidates: Vec<Candidate>,
    /// Costs of the cheapest ways, counted from the least.
    pub costs: Vec<f64>,
    pub from: Vec<usize>,
    /// What each move from each state of the step before costs; empty for the first.
    pub moves: Moves,
    /// Already given out: kept for what follows from it.
    pub told: bool,
}

impl Step {
    /// The price of being somewhere, moves aside.
    pub fn own_cost(&self, state: usize, model: &MatchModel) -> f64 {
        self.candidates.get(state).map_or(off_cost(model), |it| it.cost)
    }

    pub fn n_states(&self) -> usize {
        self.candidates.len() + 1
    }
}

impl<'a> Matcher<'a> {
    /// A matcher over a network.
    #[must_use]
    pub fn new(index: &'a RoadIndex, model: MatchModel) -> Self {
        let (search, settled) = (Search::pricing(model.turn_m, model.loose_m), Settled::default());
        Self { index, model, search, run: Vec::new(), waiting: Vec::new(), n_odd: 0, settled }
    }

    /// The next position of the drive, later than those before.
    pub fn push(&mut self, pose: &Pose) {
        if let Some(last) = self.run.last() {
            if (pose.time - last.pose.time).get() > LONGEST_GAP_S {
                self.cut();
            } else if last.pose.projected.distance(pose.projected).get() < self.model.spacing_m
                && self.waiting.len() < WINDOW
            {
                self.waiting.push(*pose);
                return;
            }
        }
        self.step(pose, MOST_ODD);
        if self.run.len() >= WINDOW {
            self.settle_agreed();
        }
    }

    /// Makes a step of a position, unless it is odd and few before it were.
    fn step(&mut self, pose: &Pose, most_odd: usize) {
        let candidates = self.index.candidates(pose, &self.model);
        let Some(last) = self.run.last() else {
            let first = self.first(*pose, candidates);
            return self.run.push(first);
        };
        let on_road = cheapest(last.costs.iter().copied()).0 < last.candidates.len();
        let between = std::mem::take(&mut self.waiting);
        let step = self.after(*pose, between, candidates);
        if on_road && !step.moves.explained && self.n_odd < most_odd {
            self.n_odd += 1;
            self.waiting = step.between;
            self.waiting.push(*pose);
            return;
        }
        self.n_odd = 0;
        self.run.push(step);
    }

    /// Nothing joins what comes next to what came before.
    pub fn cut(&mut self) {
        // The drive goes as far as its last position.
        if let Some(last) = self.waiting.pop() {
            self.step(&last, MOST_ODD);
        }
        self.n_odd = 0;
        if let Some(last) = self.run.last() {
            let best = cheapest(last.costs.iter().copied()).0;
            self.give_out(self.run.len() - 1, best);
            let last = self.run.pop();
            self.run.clear();
            self.settled.front = None;
            let waiting = std::mem::take(&mut self.waiting);
            if let Some(last) = last {
                self.place_waiting(&last, best, &waiting);
            }
        }
    }

    /// What was settled since the last time: one place for each position, in order, and the legs of
    /// the way driven that are at their end.
    pub fn take(&mut self) -> (Vec<Matched>, Vec<RouteLeg>) {
        let Settled { places, legs, .. } = &mut self.settled;
        // The last leg may go on.
        let ended = legs.len().saturating_sub(1);
        (std::mem::take(places), legs.drain(..ended).collect())
    }

    /// Settles all that is left.
    #[must_use]
    pub fn finish(mut self) -> (Vec<Matched>, Vec<RouteLeg>) {
        self.cut();
        (self.settled.places, self.settled.legs)
    }

    fn first(&self, pose: Pose, candidates: Vec<Candidate>) -> Step {
        let mut costs: Vec<f64> = candidates.iter().map(|it| it.cost).collect();
        costs.push(off_cost(&self.model));
        let (from, moves) = (vec![0; costs.len()], Moves::default());
        Step { pose, between: Vec::new(), candidates, costs, from, moves, told: false }
    }

    fn after(&mut self, pose: Pose, between: Vec<Pose>, candidates: Vec<Candidate>) -> Step {
        let before = self.run.last().expect("a step comes after another");
        let moves = Moves::between(
            before,
            &pose,
            &between,
            &candidates,
            self.index,
            &self.model,
            &mut self.search,
        );
        let n_states = candidates.len() + 1;
        let mut step = Step {
            pose,
            between,
            candidates,
            costs: Vec::with_capacity(n_states),
            from: Vec::with_capacity(n_states),
            moves,
            told: false,
        };
        for state in 0..n_states {
            let ways =
                (0..before.n_states()).map(|it| before.costs[it] + step.moves.cost(it, state));
            let (best, cost) = cheapest(ways);
            let own = step.own_cost(state, &self.model);
            step.costs.push(cost + own);
            step.from.push(best);
        }
        // Only differences matter: keeps sums small over a long drive.
        let least = step.costs.iter().copied().fold(f64::INFINITY, f64::min);
        for cost in &mut step.costs {
            *cost -= least;
        }
        step
    }

    /// Settles up to the last step at which all cheapest ways agree; half of the window by force when
    /// they agree nowhere.
    fn settle_agreed(&mut self) {
        let last = self.run.len() - 1;
        let mut alive: Vec<usize> = (0..self.run[last].n_states()).collect();
        for rank in (1..=last).rev() {
            for state in &mut alive {
                *state = self.run[rank].from[*state];
            }
            alive.sort_unstable();
            alive.dedup();
            // Settling a few steps at a time would look over the whole window each time.
            if rank <= WINDOW / 4 {
                break;
            }
            if let [state] = alive.as_slice() {
                let state = *state;
                return self.give_out(rank - 1, state);
            }
        }
        let mut state = cheapest(self.run[last].costs.iter().copied()).0;
        let middle = last / 2;
        for rank in (middle + 1..=last).rev() {
            state = self.run[rank].from[state];
        }
        self.give_out(middle, state);
    }

    /// Gives out the cheapest way to a state of a step, which then is the only state of its step.
    fn give_out(&mut self, rank: usize, state: usize) {
        let mut states = vec![state];
        for rank in (1..=rank).rev() {
            states.push(self.run[rank].from[states[states.len() - 1]]);
        }
        states.reverse();
        settle(&self.run, &states, self.index, &self.model, &mut self.search, &mut self.settled);
        self.run.drain(..rank);
        let base = &mut self.run[0];
        base.told = true;
        base.between.clear();
        base.keep_only(state);
        if let Some(next) = self.run.get_mut(1) {
            next.moves.keep_only(state);
            next.from.iter_mut().for_each(|it| *it = 0);
        }
    }

    /// Positions after the last step: on its road, as near as they lie.
    fn place_waiting(&mut self, last: &Step, state: usize, waiting: &[Pose]) {
        let confidence = self.settled.places.last().map_or(Ratio::clamped(0.0), |it| it.confidence);
        let road = last.candidates.get(state).or(last.candidates.first());
        for pose in waiting {
            let near = self.index.candidates(pose, &self.model);
            let place = road.and_then(|road| {
                let same = |it: &Candidate| {
                    (it.place.road, it.place.direction) == (road.place.road, road.place.direction)
                };
                near.into_iter().find(same).map(|it| it.place)
            });
            self.settled.places.push(Matched { place, confidence });
        }
    }
}

impl Step {
    /// Leaves one state: that of no road when it was the last.
    fn keep_only(&mut self, state: usize) {
        let kept = self.candidates.get(state).copied();
        self.candidates = kept.into_iter().collect();
        let n_states = self.n_states();
        self.costs = vec![0.0; n_states];
        if n_states == 2 {
            // A candidate was kept: that of no road is out of the question.
            self.costs[1] = f64::INFINITY;
        }
        self.from = vec![0; n_states];
        self.moves = Moves::default();
    }
}

/// The rank and value of the least; the first of equals.
pub(super) fn cheapest(costs: impl Iterator<Item = f64>) -> (usize, f64) {
    let least = costs.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    least.expect("a step has states")
}
