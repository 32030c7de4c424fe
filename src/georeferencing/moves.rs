//! What it costs to go from each place where a vehicle may be to each where it may be next.

use super::candidates::{Candidate, MatchModel};
use super::locate::RoadIndex;
use super::matching::Step;
use super::route::{Search, Spot};
use super::track::Pose;
use crate::domain::Direction;

/// Price of a move that the network does not allow, or of a way by road that does not agree with what
/// was driven.
///
/// Chosen: three or four frames 12 m from the road followed and on another pay for the change; a
/// parallel road 12 m away does not catch a drive for two bad ones.
const CHANGE_COST: f64 = 6.0;

/// The same for bare fixes, whose steps are farther apart, on a network whose junctions are drawn.
///
/// Chosen: on simulated drives in a town, the prices from 8 to 25 give the same share of right roads
/// within a tenth of a per cent.
const BARE_CHANGE_COST: f64 = 15.0;

/// Price of turning round on one road.
///
/// Chosen: higher than any run of bad poses pays, so that a hairpin's other leg is no way back. A
/// vehicle that does turn round faces the other way, which leaves no cheaper candidate.
const TURN_COST: f64 = 30.0;

/// Price of leaving the network, and of coming back.
///
/// Chosen: half of a turn, so that leaving is no cheap way to turn round. Where no road is near, a drive
/// has no other state; its price decides nothing then.
const OFF_MOVE_COST: f64 = 15.0;

/// Fastest that a vehicle drives, metres per second.
///
/// Chosen: 144 km/h; a longer way by road is not searched.
const FASTEST_M_S: f64 = 40.0;

/// States this much dearer than the cheapest are not followed by road.
///
/// Chosen: nothing that a drive makes good afterwards.
const BEAM: f64 = 40.0;

/// Costs of moves, one row for each state of the step before.
#[derive(Debug, Default)]
pub(super) struct Moves {
    n_states: usize,
    costs: Vec<f64>,
}

/// What each fix costs on no road of the network: what the farthest candidate costs.
pub(super) fn off_cost(model: &MatchModel) -> f64 {
    0.5 * (model.reach_m / model.sigma_m).powi(2)
}

impl Moves {
    pub(super) fn cost(&self, from: usize, to: usize) -> f64 {
        self.costs[from * self.n_states + to]
    }

    /// Leaves the row of one state of the step before; of no other state when it was that of no road.
    pub(super) fn keep_only(&mut self, state: usize) {
        let row = self.costs[state * self.n_states..(state + 1) * self.n_states].to_vec();
        // A step that keeps a candidate has the state of no road after it.
        self.costs = [row.clone(), row].concat();
    }

    /// From a step to the next position.
    pub(super) fn between(
        before: &Step,
        pose: &Pose,
        candidates: &[Candidate],
        index: &RoadIndex,
        model: &MatchModel,
        search: &mut Search,
    ) -> Self {
        let n_states = candidates.len() + 1;
        let mut costs = Vec::with_capacity(before.n_states() * n_states);
        let leg = Leg::new(&before.pose, pose, model);
        for (from, cost) in before.candidates.iter().zip(&before.costs) {
            let mut row = vec![None; candidates.len()];
            for (to, place) in row.iter_mut().zip(candidates) {
                *to = leg.along_one_road(from, place);
            }
            if row.iter().any(Option::is_none) && *cost <= BEAM {
                search.from(index.topology(), spot(from), leg.bound);
                for (to, place) in row.iter_mut().zip(candidates) {
                    let by_road = search.metres_to(index.topology(), spot(place));
                    let by_road = by_road.map_or(f64::INFINITY, |it| leg.excess(it));
                    *to = Some(to.unwrap_or_else(|| leg.turned(from, place)).min(by_road));
                }
            }
            costs.extend(row.into_iter().map(|it| it.unwrap_or(leg.change)));
            costs.push(OFF_MOVE_COST);
        }
        costs.extend(std::iter::repeat_n(OFF_MOVE_COST, candidates.len()));
        costs.push(0.0);
        Self { n_states, costs }
    }
}

/// Longest way by road that is searched, in metres, for a move that takes some seconds.
pub(super) fn farthest(seconds: f64, model: &MatchModel) -> f64 {
    FASTEST_M_S * seconds.max(0.0) + 2.0 * model.reach_m
}

/// The move from one step to the next.
struct Leg {
    driven: f64,
    beta: f64,
    /// Longest way by road that is searched.
    bound: f64,
    change: f64,
    /// How far back along a road noise may bring a vehicle.
    slip: f64,
}

impl Leg {
    fn new(before: &Pose, after: &Pose, model: &MatchModel) -> Self {
        let straight = before.projected.distance(after.projected).get();
        // Bearings that can be believed go with frames near to one another, whose way is known.
        let framed = model.max_heading_deg.is_some();
        let driven = if framed { (after.travelled - before.travelled).get() } else { straight };
        let seconds = (after.time - before.time).get();
        Self {
            driven,
            beta: model.beta_m,
            bound: farthest(seconds, model),
            change: if framed { CHANGE_COST } else { BARE_CHANGE_COST },
            slip: if framed { f64::INFINITY } else { model.spacing_m },
        }
    }

    /// The price of a way by road of so many metres.
    fn excess(&self, metres: f64) -> f64 {
        (metres - self.driven).abs() / self.beta
    }

    /// The price of going on along one road; nothing when it leads elsewhere.
    fn along_one_road(&self, from: &Candidate, to: &Candidate) -> Option<f64> {
        let same = (from.place.road, from.place.direction) == (to.place.road, to.place.direction);
        let along = (to.place.cumul - from.place.cumul).get();
        let forward = if to.place.direction == Direction::Increasing { along } else { -along };
        (same && forward >= -self.slip).then(|| self.excess(forward).min(self.change))
    }

    /// The price of a move that no way by road explains.
    fn turned(&self, from: &Candidate, to: &Candidate) -> f64 {
        let turned = from.name == to.name && from.place.direction != to.place.direction;
        if turned && from.place.road == to.place.road { TURN_COST } else { self.change }
    }
}

pub(super) fn spot(candidate: &Candidate) -> Spot {
    Spot {
        road: candidate.place.road,
        direction: candidate.place.direction,
        cumul: candidate.place.cumul.get(),
    }
}
