//! The shortest way from one place of the network to others, within a bound.

use super::topology::{Topology, Way};
use crate::domain::{Direction, Metres, RouteLeg};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// A place that a vehicle passes, and which way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub way: Way,
    pub cumul: f64,
}

/// Metres to the start of a way. Ordered by them, then by the way, so that ties are always the same.
#[derive(Clone, Copy, PartialEq)]
struct Reached(f64, Way);

impl Eq for Reached {}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Reached {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

/// Dijkstra's search over ways, whose memory serves again.
///
/// # Source
///
/// Dijkstra, A note on two problems in connexion with graphs, Numerische Mathematik 1, 1959. Ways
/// stand for nodes, so that going back at a junction can be refused.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// For each way: the search that reached it, the metres to its start, the way before it.
    reached: Vec<(u32, f64, Way)>,
    rank: u32,
    heap: BinaryHeap<Reverse<Reached>>,
    /// Metres that turning right back would count for; turns by less, for less.
    turn_m: f64,
    /// Metres that going over an end which shares no point with the next road counts for.
    loose_m: f64,
}

impl std::fmt::Debug for Reached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} m to {}", self.0, self.1)
    }
}

impl Search {
    /// A search for which turning right back, and going over an end which shares no point with the next road, count for
    /// so many metres.
    pub(super) fn pricing(turn_m: f64, loose_m: f64) -> Self {
        Self { turn_m, loose_m, ..Self::default() }
    }

    /// Reaches every way whose start lies within `bound` metres of a place.
    pub(super) fn from(&mut self, topology: &Topology, from: Spot, bound: f64) {
        self.search(topology, from, bound, self.loose_m);
    }

    /// The same, to places that may lie behind: how ends join counts for nothing there.
    pub(super) fn back_from(&mut self, topology: &Topology, from: Spot, bound: f64) {
        self.search(topology, from, bound, 0.0);
    }

    fn search(&mut self, topology: &Topology, from: Spot, bound: f64, loose_m: f64) {
        if self.reached.len() != topology.n_ways() || self.rank == u32::MAX {
            self.reached = vec![(0, 0.0, 0); topology.n_ways()];
            self.rank = 0;
        }
        self.rank += 1;
        self.heap.clear();
        let start = from.way;
        let rest = topology.length(start) - into(topology, start, from.cumul);
        self.leave(topology, start, rest, (bound, loose_m));
        while let Some(Reverse(Reached(metres, way))) = self.heap.pop() {
            // A shorter way to it was found meanwhile.
            if metres > self.reached[way as usize].1 {
                continue;
            }
            self.leave(topology, way, metres + topology.length(way), (bound, loose_m));
        }
    }

    fn leave(&mut self, topology: &Topology, way: Way, metres: f64, (bound, loose_m): (f64, f64)) {
        if metres > bound {
            return;
        }
        for next in topology.after(way) {
            let mut metres = metres;
            if self.turn_m > 0.0 {
                metres += self.turn_m * topology.turn(way, next);
            }
            if loose_m > 0.0 && topology.is_loose(way, next) {
                metres += loose_m;
            }
            let known = &mut self.reached[next as usize];
            if known.0 != self.rank || metres < known.1 {
                *known = (self.rank, metres, way);
                self.heap.push(Reverse(Reached(metres, next)));
            }
        }
    }

    /// Metres to a place, by the last search; nothing when it was not reached.
    pub(super) fn metres_to(&self, topology: &Topology, to: Spot) -> Option<f64> {
        let way = to.way;
        let (search, metres, _) = self.reached[way as usize];
        (search == self.rank).then(|| metres + into(topology, way, to.cumul))
    }

    /// The ways from a place to another, theirs included, by the last search, which started from it.
    pub(super) fn ways(&self, from: Spot, to: Spot) -> Option<Vec<Way>> {
        let mut ways = vec![to.way];
        loop {
            let (search, _, before) = self.reached[ways[ways.len() - 1] as usize];
            if search != self.rank || ways.len() > self.reached.len() {
                return None;
            }
            ways.push(before);
            // The start may be passed again only by a way that returns to it.
            if before == from.way {
                break;
            }
        }
        ways.reverse();
        Some(ways)
    }

    /// The legs from a place to another, by the last search, which started from it.
    pub(super) fn legs(&self, topology: &Topology, from: Spot, to: Spot) -> Option<Vec<RouteLeg>> {
        let ways = self.ways(from, to)?;
        let last = ways.len() - 1;
        let mut legs: Vec<RouteLeg> = Vec::new();
        for (rank, way) in ways.into_iter().enumerate() {
            let edge = topology.edge(way);
            let direction = Topology::direction(way);
            let (mut a, mut b) = (edge.from, edge.to);
            if direction == Direction::Decreasing {
                (a, b) = (b, a);
            }
            let a = if rank == 0 { from.cumul } else { a };
            let b = if rank == last { to.cumul } else { b };
            let (from, to) = (Metres::of(a), Metres::of(b));
            push(&mut legs, RouteLeg { road: edge.road as usize, direction, from, to });
        }
        Some(legs)
    }
}

/// Adds a leg, or lengthens the last one when it goes on along the same road. Noise may bring a vehicle
/// back by some metres: what was driven stays driven.
pub(super) fn push(legs: &mut Vec<RouteLeg>, leg: RouteLeg) {
    let Some(last) = legs.last_mut() else { return legs.push(leg) };
    let sign = if leg.direction == Direction::Increasing { 1.0 } else { -1.0 };
    let past = |a: Metres, b: Metres| sign * (a - b).get();
    let same = (last.road, last.direction) == (leg.road, leg.direction);
    if same && past(leg.from, last.from) >= 0.0 && past(leg.from, last.to) <= 1e-6 {
        if past(leg.to, last.to) > 0.0 {
            last.to = leg.to;
        }
    } else {
        legs.push(leg);
    }
}

/// Metres from the start of a way to a cumul on it.
fn into(topology: &Topology, way: Way, cumul: f64) -> f64 {
    let edge = topology.edge(way);
    let along = match Topology::direction(way) {
        Direction::Increasing => cumul - edge.from,
        Direction::Decreasing => edge.to - cumul,
    };
    along.clamp(0.0, edge.to - edge.from)
}

#[cfg(test)]
mod tests {
    use super::super::locate::RoadIndex;
    use super::super::locate::tests::road;
    use super::*;
    use crate::domain::{Carriageway, Network};

    /// D1 eastwards, D2 north from its middle, D3 a bypass around that middle.
    fn index() -> RoadIndex {
        RoadIndex::new(&Network::new(vec![
            road("D1", Carriageway::Single, &[(0.0, 0.0), (500.0, 0.0), (1000.0, 0.0)]),
            road("D2", Carriageway::Single, &[(500.0, 0.0), (500.0, 400.0)]),
            road("D3", Carriageway::Right, &[(0.0, 0.0), (0.0, 400.0), (500.0, 400.0)]),
        ]))
    }

    fn spot(index: &RoadIndex, road: usize, direction: Direction, cumul: f64) -> Spot {
        Spot { way: index.topology().way_at(road, direction, cumul), cumul }
    }

    #[test]
    fn a_way_by_common_points_goes_before_one_over_a_loose_end() {
        // D1 goes on as D2; its last metres are drawn twice, and the second drawing ends on D2.
        let index = RoadIndex::new(&Network::new(vec![
            road("D1", Carriageway::Single, &[(0.0, 0.0), (100.0, 0.0), (130.0, 0.0)]),
            road(
                "D2",
                Carriageway::Single,
                &[(100.0, 0.0), (115.0, 1.5), (130.0, 0.5), (300.0, 0.5)],
            ),
        ]));
        let topology = index.topology();
        let (from, to) = (
            spot(&index, 0, Direction::Increasing, 50.0),
            spot(&index, 1, Direction::Increasing, 180.0),
        );
        let passed = |mut search: Search| {
            search.from(topology, from, 5000.0);
            let legs = search.legs(topology, from, to).unwrap();
            legs.iter().map(|it| it.to.get().round()).collect::<Vec<_>>()
        };
        assert_eq!(passed(Search::default()), [130.0, 180.0]);
        assert_eq!(passed(Search::pricing(80.0, 10.0)), [100.0, 180.0]);
        // To places behind, metres are metres.
        let mut search = Search::pricing(0.0, 10.0);
        let metres = |search: &Search| search.metres_to(topology, to).unwrap();
        search.back_from(topology, from, 5000.0);
        assert!((metres(&search) - 230.0).abs() < 0.2, "{}", metres(&search));
    }

    #[test]
    fn the_shortest_way_is_found_with_its_legs() {
        use Direction::{Decreasing, Increasing};
        let index = index();
        let topology = index.topology();
        let mut search = Search::default();
        let from = spot(&index, 0, Increasing, 100.0);
        search.from(topology, from, 5000.0);
        let to = spot(&index, 1, Increasing, 50.0);
        assert_eq!(search.metres_to(topology, to), Some(450.0));
        let legs = search.legs(topology, from, to).unwrap();
        let told: Vec<_> = legs.iter().map(|it| (it.road, it.from.get(), it.to.get())).collect();
        assert_eq!(told, [(0, 100.0, 500.0), (1, 0.0, 50.0)]);
        // No way back at once: to face west, the vehicle goes nowhere, since D3 is one-way.
        assert_eq!(search.metres_to(topology, spot(&index, 0, Decreasing, 100.0)), None);
        assert_eq!(search.metres_to(topology, spot(&index, 2, Increasing, 10.0)), None);
        // Against the PRs, then round by D3 and D2 to where it came from.
        let from = spot(&index, 0, Decreasing, 100.0);
        search.from(topology, from, 5000.0);
        assert_eq!(search.metres_to(topology, spot(&index, 2, Increasing, 900.0)), Some(1000.0));
        assert_eq!(search.metres_to(topology, spot(&index, 0, Decreasing, 50.0)), Some(1850.0));
        let legs = search.legs(topology, from, spot(&index, 0, Decreasing, 50.0)).unwrap();
        assert!((legs.iter().map(|it| it.length().get()).sum::<f64>() - 1850.0).abs() < 1e-9);
        // Beyond the bound nothing is reached.
        search.from(topology, from, 50.0);
        assert_eq!(search.metres_to(topology, spot(&index, 2, Increasing, 10.0)), None);
    }
}
