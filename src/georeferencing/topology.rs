//! How the roads of a network join: the pieces between junctions, and where each leads.
//!
//! Roads join where they share a point, and where an end lies on another road. Lines that cross
//! without a common point do not: one may pass over the other.

use super::locate::{Stretch, hit};
use crate::domain::{Carriageway, Direction, Metres, Network, Road};
use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};

/// An end that lies this near to another road joins it.
///
/// Chosen: two metres; digitised junctions miss by less, and a road's own half is wider.
pub(super) const JOINT_M: f64 = 2.0;

/// Points of lines are the same when they are equal to this.
///
/// Chosen: a centimetre; files keep seven decimals of a degree or whole centimetres.
const SAME_POINT_M: f64 = 0.01;

/// Metres from a junction over which a road's bearing there is read.
///
/// Chosen: past the rounding of corners, short of most bends.
const BEARING_M: f64 = 15.0;

/// An end does not join its own road nearer than this along it.
///
/// Chosen: shorter than any loop that a vehicle drives.
const OWN_LOOP_M: f64 = 15.0;

/// A piece of road between two junctions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub road: u32,
    /// Cumuls of its two ends.
    pub from: f64,
    pub to: f64,
    /// Junction at `from`, junction at `to`.
    ends: [u32; 2],
    /// Whether it joins others there by lying near them alone, without a common point.
    loose: [bool; 2],
}

/// An edge driven one way: twice the rank of the edge, and one more against the cumul.
pub(super) type Way = u32;

/// Every edge, and what leaves each junction.
#[derive(Debug, Default)]
pub(super) struct Topology {
    edges: Vec<Edge>,
    /// Rank of the first edge of each road, and the number of all.
    first: Vec<u32>,
    /// Ways that leave each junction: where its list starts in `leaving`.
    starts: Vec<u32>,
    leaving: Vec<Way>,
    /// Bearings of each edge at its two ends, degrees, by increasing cumul.
    bearings: Vec<[f32; 2]>,
}

impl Topology {
    /// Joins the roads of a network. `tree` holds every stretch of them.
    pub(super) fn new(
        network: &Network,
        tree: &RTree<GeomWithData<Line<[f64; 2]>, Stretch>>,
    ) -> Self {
        let mut junctions = Junctions::of(network);
        let shared = junctions.share_points(network);
        let loose = junctions.join_ends(network, tree, &shared);
        junctions.into_topology(network, &loose)
    }

    pub(super) fn edge(&self, way: Way) -> &Edge {
        &self.edges[way as usize / 2]
    }

    /// Number of ways, allowed or not.
    pub(super) fn n_ways(&self) -> usize {
        self.edges.len() * 2
    }

    /// Metres from one end of a way to the other.
    pub(super) fn length(&self, way: Way) -> f64 {
        let edge = self.edge(way);
        edge.to - edge.from
    }

    pub(super) const fn direction(way: Way) -> Direction {
        if way.is_multiple_of(2) { Direction::Increasing } else { Direction::Decreasing }
    }

    /// The way on which a road is driven at a cumul.
    pub(super) fn way_at(&self, road: usize, direction: Direction, cumul: f64) -> Way {
        let (first, end) = (self.first[road] as usize, self.first[road + 1] as usize);
        let past = self.edges[first..end].partition_point(|it| it.from <= cumul);
        let edge = first + past.saturating_sub(1);
        let backwards = Way::from(direction == Direction::Decreasing);
        2 * Way::try_from(edge).expect("fewer than 2^31 edges") + backwards
    }

    /// How much a vehicle turns from a way to one that follows it: 0 straight on, 1 right back.
    ///
    /// Chosen: the cube of the sine of half the angle: a bend at a junction is nearly free, so that of two
    /// ways the one with more junctions does not lose by them. On 80 simulated drives (30 m of noise, a
    /// fix in 5 s) squares missed or added 1.69 % of the way driven, cubes 1.50, fourth powers 1.58.
    pub(super) fn turn(&self, from: Way, to: Way) -> f64 {
        let at = |way: Way, end: usize| {
            let backwards = way as usize % 2;
            let bearing = self.bearings[way as usize / 2][end ^ backwards];
            f64::from(bearing) + if backwards == 1 { 180.0 } else { 0.0 }
        };
        ((at(to, 0) - at(from, 1)).to_radians() / 2.0).sin().abs().powi(3)
    }

    /// Whether a vehicle goes from a way to one that follows it over an end that shares no point with the other.
    pub(super) fn is_loose(&self, from: Way, to: Way) -> bool {
        let at = |way: Way, end: usize| self.edge(way).loose[end ^ (way as usize % 2)];
        at(from, 1) || at(to, 0)
    }

    /// Ways that may follow a way: all that leave its end, but the way back.
    pub(super) fn after(&self, way: Way) -> impl Iterator<Item = Way> {
        let end = self.edge(way).ends[1 - (way % 2) as usize] as usize;
        let range = self.starts[end] as usize..self.starts[end + 1] as usize;
        self.leaving[range].iter().copied().filter(move |it| *it != way ^ 1)
    }
}

/// Whether a road may be driven one way.
pub(super) const fn is_open(carriageway: Carriageway, direction: Direction) -> bool {
    match carriageway {
        Carriageway::Single => true,
        Carriageway::Right => matches!(direction, Direction::Increasing),
        Carriageway::Left => matches!(direction, Direction::Decreasing),
    }
}

/// Junctions being found: where each road is cut, and which cuts are one place.
struct Junctions {
    /// Metres along the line of each road, and the junction there.
    cuts: Vec<Vec<(f64, u32)>>,
    /// Each junction points at one that is the same place, or at itself.
    same: Vec<u32>,
}

impl Junctions {
    /// A junction at each end of each road.
    fn of(network: &Network) -> Self {
        let mut junctions =
            Self { cuts: vec![Vec::new(); network.roads().len()], same: Vec::new() };
        for (rank, road) in network.roads().iter().enumerate() {
            for at in [0.0, road.length().get()] {
                let new = junctions.new_one();
                junctions.cuts[rank].push((at, new));
            }
        }
        junctions
    }

    fn new_one(&mut self) -> u32 {
        let new = u32::try_from(self.same.len()).expect("fewer than 2^32 junctions");
        self.same.push(new);
        new
    }

    /// The junction of a road at some metres along its line, made when there is none so near.
    fn at(&mut self, road: usize, along: f64, within: f64) -> u32 {
        let near = self.cuts[road].iter().filter(|it| (it.0 - along).abs() <= within);
        let nearest = near.min_by(|a, b| (a.0 - along).abs().total_cmp(&(b.0 - along).abs()));
        if let Some((_, there)) = nearest {
            return *there;
        }
        let new = self.new_one();
        self.cuts[road].push((along, new));
        new
    }

    fn root(&mut self, of: u32) -> u32 {
        let mut at = of;
        while self.same[at as usize] != at {
            self.same[at as usize] = self.same[self.same[at as usize] as usize];
            at = self.same[at as usize];
        }
        at
    }

    fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.same[a.max(b) as usize] = a.min(b);
    }

    /// Points that two roads have in common, or that one road passes twice. Gives, for each road,
    /// whether its first and its last point are among them.
    fn share_points(&mut self, network: &Network) -> Vec<[bool; 2]> {
        #[expect(clippy::cast_possible_truncation, reason = "centimetres of a plane")]
        let key = |it: f64| (it / SAME_POINT_M).round() as i64;
        let mut points: Vec<(i64, i64, usize, usize)> = Vec::new();
        for (rank, road) in network.roads().iter().enumerate() {
            let line = road.line().iter().enumerate();
            points.extend(line.map(|(at, it)| (key(it.x), key(it.y), rank, at)));
        }
        points.sort_unstable();
        let mut shared = vec![[false; 2]; network.roads().len()];
        for same in points.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|it| it.len() > 1) {
            let mut first = None;
            for (_, _, road, at) in same {
                let measures = network.roads()[*road].measures();
                let junction = self.at(*road, measures[*at], SAME_POINT_M);
                shared[*road][0] |= *at == 0;
                shared[*road][1] |= *at + 1 == measures.len();
                match first {
                    None => first = Some(junction),
                    Some(first) => self.unite(first, junction),
                }
            }
        }
        shared
    }

    /// Ends that lie on another road, or on another part of their own. Gives, for each road, whether its first and its
    /// last point do.
    fn join_ends(
        &mut self,
        network: &Network,
        tree: &RTree<GeomWithData<Line<[f64; 2]>, Stretch>>,
        shared: &[[bool; 2]],
    ) -> Vec<[bool; 2]> {
        let mut loose = vec![[false; 2]; network.roads().len()];
        for (rank, road) in network.roads().iter().enumerate() {
            let length = road.length().get();
            let ends = [(0.0, road.line()[0]), (length, road.line()[road.line().len() - 1])];
            for (end, (along, point)) in ends.into_iter().enumerate() {
                if shared[rank][end] {
                    continue;
                }
                let own = self.at(rank, along, SAME_POINT_M);
                let near = tree.locate_within_distance([point.x, point.y], JOINT_M * JOINT_M);
                let mut hits: Vec<(usize, f64)> = near
                    .map(|it| hit(it.geom(), &it.data, point))
                    .map(|it| {
                        let start = network.roads()[it.stretch.road].cumul_start().get();
                        (it.stretch.road, it.cumul - start)
                    })
                    .filter(|it| it.0 != rank || (it.1 - along).abs() > OWN_LOOP_M)
                    .collect();
                hits.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
                loose[rank][end] = !hits.is_empty();
                for (other, at) in hits {
                    let junction = self.at(other, at, JOINT_M);
                    self.unite(own, junction);
                }
            }
        }
        loose
    }

    fn into_topology(mut self, network: &Network, loose: &[[bool; 2]]) -> Topology {
        let mut topology = Topology::default();
        let mut cuts = std::mem::take(&mut self.cuts);
        for (rank, road) in network.roads().iter().enumerate() {
            topology.first.push(count(topology.edges.len()));
            let cuts = &mut cuts[rank];
            cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
            let start = road.cumul_start().get();
            for (at, pair) in cuts.windows(2).enumerate() {
                let ends = [self.root(pair[0].1), self.root(pair[1].1)];
                let (from, to) = (start + pair[0].0, start + pair[1].0);
                let [first, last] = loose[rank];
                let loose = [first && at == 0, last && at + 2 == cuts.len()];
                topology.edges.push(Edge { road: count(rank), from, to, ends, loose });
                topology.bearings.push(bearings(road, from, to));
            }
        }
        topology.first.push(count(topology.edges.len()));
        let mut leaving: Vec<(u32, Way)> = Vec::new();
        for (rank, edge) in topology.edges.iter().enumerate() {
            let road: &Road = &network.roads()[edge.road as usize];
            for (side, direction) in
                [Direction::Increasing, Direction::Decreasing].iter().enumerate()
            {
                if is_open(road.carriageway, *direction) {
                    leaving.push((edge.ends[side], 2 * count(rank) + count(side)));
                }
            }
        }
        leaving.sort_unstable();
        topology.starts = (0..=count(self.same.len()))
            .map(|junction| count(leaving.partition_point(|it| it.0 < junction)))
            .collect();
        topology.leaving = leaving.into_iter().map(|it| it.1).collect();
        topology
    }
}

/// Which way an edge leads at its start and at its end, degrees, by increasing cumul.
fn bearings(road: &Road, from: f64, to: f64) -> [f32; 2] {
    let look = BEARING_M.min(to - from);
    let between = |from: f64, to: f64| {
        let [a, b] = [from, to].map(|it| road.point_at(Metres::of(it)).0);
        #[expect(clippy::cast_possible_truncation, reason = "degrees")]
        return (b.x - a.x).atan2(b.y - a.y).to_degrees() as f32;
    };
    [between(from, from + look), between(to - look, to)]
}

fn count(of: usize) -> u32 {
    u32::try_from(of).expect("fewer than 2^32 edges")
}

#[cfg(test)]
mod tests {
    use super::super::locate::RoadIndex;
    use super::super::locate::tests::road;
    use super::*;

    fn index(roads: Vec<Road>) -> RoadIndex {
        RoadIndex::new(&Network::new(roads))
    }

    fn onward(index: &RoadIndex, road: usize, direction: Direction, cumul: f64) -> Vec<(u32, f64)> {
        let topology = index.topology();
        let way = topology.way_at(road, direction, cumul);
        topology.after(way).map(|it| (topology.edge(it).road, topology.edge(it).from)).collect()
    }

    #[test]
    fn roads_join_at_common_points_and_where_an_end_lies_on_another() {
        use Direction::{Decreasing, Increasing};
        let index = index(vec![
            road("D1", Carriageway::Single, &[(0.0, 0.0), (100.0, 0.0), (300.0, 0.0)]),
            // Shares a point of D1, starts a metre off it, crosses it without a common point.
            road("D2", Carriageway::Single, &[(100.0, -50.0), (100.0, 0.0), (100.0, 50.0)]),
            road("D3", Carriageway::Single, &[(200.0, 1.0), (200.0, 90.0)]),
            road("D4", Carriageway::Single, &[(250.0, -90.0), (250.0, 90.0)]),
        ]);
        assert_eq!(onward(&index, 0, Increasing, 50.0), [(0, 100.0), (1, 0.0), (1, 50.0)]);
        assert_eq!(onward(&index, 0, Increasing, 150.0), [(0, 200.0), (2, 0.0)]);
        assert_eq!(onward(&index, 2, Decreasing, 10.0), [(0, 100.0), (0, 200.0)]);
        let topology = index.topology();
        let way = |road, at| topology.way_at(road, Increasing, at);
        let loose = [(0, 2), (2, 0), (0, 0), (0, 1)].map(|(from, to)| {
            let at = if from == 0 { 150.0 } else { 10.0 };
            let back = Way::from(from == 2);
            topology.is_loose(way(from, at) + back, way(to, if to == 0 { 250.0 } else { 10.0 }))
        });
        assert_eq!(loose, [true, true, false, false]);
        // Nothing joins D4; the end of D1 leads nowhere, and not back.
        assert_eq!(onward(&index, 3, Increasing, 10.0), []);
        assert_eq!(onward(&index, 0, Increasing, 299.0), []);
    }

    #[test]
    fn one_way_roads_are_left_by_their_end_only() {
        let index = index(vec![
            road("D1", Carriageway::Right, &[(0.0, 0.0), (100.0, 0.0)]),
            road("D1", Carriageway::Left, &[(0.0, 10.0), (100.0, 10.0)]),
            road("D2", Carriageway::Single, &[(100.0, 0.0), (100.0, 10.0)]),
        ]);
        assert_eq!(onward(&index, 0, Direction::Increasing, 50.0), [(2, 0.0)]);
        assert_eq!(onward(&index, 2, Direction::Increasing, 5.0), [(1, 0.0)]);
        assert_eq!(onward(&index, 2, Direction::Decreasing, 5.0), []);
    }

    #[test]
    fn a_ring_goes_round() {
        let ring = [(0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0), (0.0, 0.0)];
        let index = index(vec![road("D1", Carriageway::Right, &ring)]);
        assert_eq!(onward(&index, 0, Direction::Increasing, 150.0), [(0, 0.0)]);
    }

    #[test]
    fn bends_at_a_junction_are_nearly_free_and_turning_back_is_not() {
        let spoke = |degrees: f64| {
            let (y, x) = degrees.to_radians().sin_cos();
            road("D2", Carriageway::Single, &[(0.0, 0.0), (100.0 * x, 100.0 * y)])
        };
        let mut roads = vec![road("D1", Carriageway::Single, &[(-100.0, 0.0), (0.0, 0.0)])];
        roads.extend([0.0, 20.0, 90.0, 160.0].map(spoke));
        let index = index(roads);
        let topology = index.topology();
        let way = |road, at| topology.way_at(road, Direction::Increasing, at);
        let turns = [1, 2, 3, 4].map(|road| topology.turn(way(0, 50.0), way(road, 50.0)));
        for (turn, want) in turns.into_iter().zip([0.0, 0.0052, 0.3536, 0.9551]) {
            assert!((turn - want).abs() < 1e-3, "{turns:?}");
        }
    }
}
