//! What it costs to go from each place where a vehicle may be to each where it may be next.

use super::candidates::{Candidate, MatchModel};
use super::locate::RoadIndex;
use super::matching::Step;
use super::route::{Search, Spot};
use super::topology::{Topology, Way};
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
/// Chosen: on simulated drives, prices from 10 to 25 give the same shares of right road within a tenth
/// of a per cent up to 10 m of noise; 25 and more lose half a per cent at 30 m.
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

/// Positions between two steps count for as many at most.
///
/// Chosen: errors of a receiver last for many seconds; a minute of standing at one place is no sixty
/// independent looks.
const MOST_PASSED: f64 = 6.0;

/// Fastest that a vehicle drives, metres per second.
///
/// Chosen: 144 km/h; a longer way by road is not searched.
const FASTEST_M_S: f64 = 40.0;

/// Moves shorter than this follow their road closely.
///
/// Chosen: 130 m at the pace of a patrol; hairpins are longer.
const SHORT_S: f64 = 10.0;

/// States this much dearer than the cheapest are not followed by road.
///
/// Chosen: nothing that a drive makes good afterwards.
const BEAM: f64 = 40.0;

/// Costs of moves, one row for each state of the step before.
#[derive(Debug, Default)]
pub(super) struct Moves {
    n_states: usize,
    costs: Vec<f64>,
    /// Whether some way by road explains the move.
    pub explained: bool,
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

    /// From a step to the next position, with those between them.
    pub(super) fn between(
        before: &Step,
        pose: &Pose,
        between: &[Pose],
        candidates: &[Candidate],
        index: &RoadIndex,
        model: &MatchModel,
        search: &mut Search,
    ) -> Self {
        let leg = Leg::new(&before.pose, pose, model);
        let passed = Passed::new(between, index, model);
        let topology = index.topology();
        // For each pair, how much the way by road differs from what was driven, and the price of what
        // was passed on it.
        let mut by_road: Vec<Option<(f64, f64)>> = Vec::new();
        for (from, cost) in before.candidates.iter().zip(&before.costs) {
            let mut searched = false;
            for to in candidates {
                by_road.push(if *cost > BEAM {
                    None
                } else if let Some(metres) = leg.along_one_road(from, to) {
                    Some((leg.excess(metres), passed.cost(&ways_between(from.way, to.way))))
                } else {
                    if !searched {
                        search.from(topology, spot(from), leg.bound);
                        searched = true;
                    }
                    search.metres_to(topology, spot(to)).map(|metres| {
                        let ways = if passed.is_empty() {
                            None
                        } else {
                            search.ways(spot(from), spot(to))
                        };
                        (leg.excess(metres), passed.cost(&ways.unwrap_or_default()))
                    })
                });
            }
        }
        if !leg.framed {
            leg.slips(before, candidates, topology, search, &passed, &mut by_road);
        }
        let explained = leg.explains(&by_road);
        let least = leg.least(&by_road);
        let n_states = candidates.len() + 1;
        let mut costs = Vec::with_capacity(before.n_states() * n_states);
        let mut pairs = by_road.into_iter();
        for from in &before.candidates {
            for to in candidates {
                let without = leg.turned(from, to) + passed.off();
                let by_road = pairs.next().flatten();
                let by_road = by_road.map(|(excess, passed)| excess - least + passed);
                costs.push(by_road.map_or(without, |it| it.min(without)));
            }
            costs.push(OFF_MOVE_COST + passed.off());
        }
        costs.extend(std::iter::repeat_n(OFF_MOVE_COST + passed.off(), candidates.len()));
        costs.push(passed.off());
        Self { n_states, costs, explained }
    }
}

/// The pieces of one road from one to another, driven one way.
fn ways_between(from: Way, to: Way) -> Vec<Way> {
    let (low, high) = (from.min(to), from.max(to));
    (low..=high).step_by(2).collect()
}

/// Positions between two steps: what each costs on each piece of road.
struct Passed {
    /// For each position, pieces in the order of their rank.
    costs: Vec<Vec<(Way, f64)>>,
    /// What each costs elsewhere.
    off: f64,
    /// What they count for together, however many they are.
    weight: f64,
}

impl Passed {
    #[expect(clippy::cast_precision_loss, reason = "some hundred positions at most")]
    fn new(between: &[Pose], index: &RoadIndex, model: &MatchModel) -> Self {
        let costs = |pose: &Pose| {
            let candidates = index.candidates(pose, model);
            let mut costs: Vec<_> = candidates.iter().map(|it| (it.way, it.cost)).collect();
            costs.sort_unstable_by_key(|it| it.0);
            costs
        };
        let weight = (MOST_PASSED / between.len().max(1) as f64).min(1.0);
        Self { costs: between.iter().map(costs).collect(), off: off_cost(model), weight }
    }

    fn is_empty(&self) -> bool {
        self.costs.is_empty()
    }

    /// What they cost on a way.
    fn cost(&self, ways: &[Way]) -> f64 {
        let on = |costs: &Vec<(Way, f64)>| {
            let held = ways.iter().filter_map(|way| {
                costs.binary_search_by_key(way, |it| it.0).ok().map(|rank| costs[rank].1)
            });
            held.fold(self.off, f64::min)
        };
        self.weight * self.costs.iter().map(on).sum::<f64>()
    }

    /// What they cost on no road.
    #[expect(clippy::cast_precision_loss, reason = "some hundred positions at most")]
    fn off(&self) -> f64 {
        self.weight * self.off * self.costs.len() as f64
    }
}

/// Longest way by road that is searched, in metres, for a move that takes some seconds.
pub(super) fn farthest(seconds: f64, model: &MatchModel) -> f64 {
    FASTEST_M_S * seconds.max(0.0) + 2.0 * model.reach_m
}

/// The move from one step to the next.
struct Leg {
    framed: bool,
    seconds: f64,
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
            framed,
            seconds,
            driven,
            beta: model.beta_m,
            bound: farthest(seconds, model),
            change: if framed { CHANGE_COST } else { BARE_CHANGE_COST },
            slip: model.slip_m,
        }
    }

    /// Noise along the road may put a position behind the one before it: a short way back by the road
    /// that was driven is no way round the block.
    fn slips(
        &self,
        before: &Step,
        candidates: &[Candidate],
        topology: &Topology,
        search: &mut Search,
        passed: &Passed,
        by_road: &mut [Option<(f64, f64)>],
    ) {
        for (rank, to) in candidates.iter().enumerate() {
            search.back_from(topology, spot(to), self.slip);
            for (row, from) in before.candidates.iter().enumerate() {
                if before.costs[row] > BEAM {
                    continue;
                }
                let back = search.metres_to(topology, spot(from)).filter(|it| *it <= self.slip);
                let Some(back) = back else { continue };
                let ways = search.ways(spot(to), spot(from)).unwrap_or_default();
                let price = (self.excess(-back), passed.cost(&ways));
                let known = &mut by_road[row * candidates.len() + rank];
                if known.is_none_or(|it| price.0 + price.1 < it.0 + it.1) {
                    *known = Some(price);
                }
            }
        }
    }

    /// Whether a way by road is no longer than noise and bends make it. Over a long silence a road may
    /// wind as it likes.
    fn explains(&self, by_road: &[Option<(f64, f64)>]) -> bool {
        let allowed = if self.seconds > SHORT_S {
            f64::INFINITY
        } else {
            (self.slip + self.driven) / self.beta
        };
        self.framed || by_road.iter().flatten().any(|it| it.0 <= allowed)
    }

    /// What is taken from every price of a way by road.
    ///
    /// Between fixes far apart a road winds, by how much nobody knows: what counts is how much longer one
    /// way is than another. Frames are near to one another, and what was driven between them is known.
    fn least(&self, by_road: &[Option<(f64, f64)>]) -> f64 {
        let least = by_road.iter().flatten().map(|it| it.0).fold(f64::INFINITY, f64::min);
        if self.framed || least.is_infinite() { 0.0 } else { least }
    }

    /// The price of a way by road of so many metres; of fewer than none, when it goes back.
    ///
    /// Chosen: of bare fixes a shorter way is always the cheaper, by as much for each metre, so that noise
    /// along the road, which lengthens one step and shortens the next, adds up to nothing. With the size of
    /// the difference instead, as Newson and Krumm have it, 1.50 % of the way driven was missed or added
    /// where this leaves 1.40 (80 simulated drives, 30 m of noise, a fix in 5 s), 0.26 where it leaves 0.19
    /// (10 m). Going back earns nothing, or side streets would be free: with squares of turns, 1.93 % was
    /// missed or added instead of 1.65.
    fn excess(&self, metres: f64) -> f64 {
        let more = (metres - self.driven) / self.beta;
        if self.framed || metres < 0.0 { more.abs() } else { more }
    }

    /// Metres forward along one road; nothing when it leads elsewhere.
    fn along_one_road(&self, from: &Candidate, to: &Candidate) -> Option<f64> {
        let same = (from.place.road, from.place.direction) == (to.place.road, to.place.direction);
        let along = (to.place.cumul - from.place.cumul).get();
        let forward = if to.place.direction == Direction::Increasing { along } else { -along };
        (same && forward >= -self.slip).then_some(forward)
    }

    /// The price of a move that no way by road explains.
    fn turned(&self, from: &Candidate, to: &Candidate) -> f64 {
        let turned = from.name == to.name && from.place.direction != to.place.direction;
        if turned && from.place.road == to.place.road { TURN_COST } else { self.change }
    }
}

pub(super) fn spot(candidate: &Candidate) -> Spot {
    Spot { way: candidate.way, cumul: candidate.place.cumul.get() }
}

#[cfg(test)]
mod tests {
    use super::super::locate::tests::{limits, pose};
    use super::*;

    /// What moves of so many metres by road cost, between positions so far apart in a straight line.
    fn priced(model: &MatchModel, moves: &[(f64, f64)]) -> f64 {
        let leg = |straight: f64| {
            Leg::new(&pose(0.0, 0.0, 90.0, 0.0), &pose(straight, 0.0, 90.0, straight), model)
        };
        moves.iter().map(|(metres, straight)| leg(*straight).excess(*metres)).sum()
    }

    #[test]
    fn noise_along_the_road_costs_bare_fixes_nothing_and_a_longer_way_its_length() {
        let bare = MatchModel::bare(10.0);
        let noisy = [(100.0, 130.0), (100.0, 70.0)];
        assert!(priced(&bare, &noisy).abs() < 1e-9);
        let longer = noisy.map(|(metres, straight)| (metres + 15.0, straight));
        assert!((priced(&bare, &longer) - 30.0 / bare.beta_m).abs() < 1e-9);
        // Going back is never a gain.
        assert!(priced(&bare, &[(-20.0, 10.0)]) > 0.0);
        // What was driven between frames is known: either way it is an error.
        let framed = MatchModel::of(&limits());
        assert!((priced(&framed, &noisy) - 60.0 / framed.beta_m).abs() < 1e-9);
    }
}
