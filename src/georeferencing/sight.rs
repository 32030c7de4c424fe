//! Roads as a camera sees them: pieces of one carriageway that go on from one another are one
//! chain, whatever the file cuts.
//!
//! Reference networks cut a road at every change of an attribute. Along a chain runs one measure,
//! `along`: the cumul of its first piece, then the lengths of the pieces as they are drawn, so that
//! a cumul that jumps at a joint moves nothing that was filmed.

use crate::domain::{Carriageway, Network, Road, RoadId};
use std::collections::BTreeMap;

/// The end of a piece and the start of the next lie within this.
///
/// Chosen: several times the error of digitising, far below the width of a junction.
const APART_M: f64 = 5.0;

/// And their cumuls within this.
///
/// Source: what the reader of networks lets pieces of one road overlap (`io::network`): a measured
/// cumul and a drawn length differ by some per cent at most.
const CUMUL_APART_M: f64 = 20.0;

/// Where a piece stands in its chain.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Link {
    /// Rank of the chain.
    pub chain: usize,
    /// Added to a cumul of the piece to have metres along the chain.
    pub shift: f64,
}

/// Which piece of road goes on from which.
#[derive(Debug)]
pub struct Chains {
    links: Vec<Link>,
    /// Pieces of each chain, in order.
    pieces: Vec<Vec<usize>>,
}

/// The part of a piece that a stretch of its chain covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Rank of the piece in the network.
    pub road: usize,
    /// Cumuls of the piece.
    pub seen: (f64, f64),
    /// Added to a cumul of the piece to have metres along the chain.
    pub shift: f64,
}

impl Chains {
    /// Finds where the pieces of each carriageway meet.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let mut sides: BTreeMap<(&RoadId, Carriageway), Vec<usize>> = BTreeMap::new();
        for (rank, road) in network.roads().iter().enumerate() {
            sides.entry((&road.id, road.carriageway)).or_default().push(rank);
        }
        let mut chains =
            Self { links: vec![Link::default(); network.roads().len()], pieces: vec![] };
        for mut ranks in sides.into_values() {
            let start = |rank: &usize| network.roads()[*rank].cumul_start().get();
            ranks.sort_by(|a, b| start(a).total_cmp(&start(b)));
            chains.link(network, &ranks);
        }
        chains
    }

    /// Links the pieces of one carriageway, given by increasing cumul.
    fn link(&mut self, network: &Network, ranks: &[usize]) {
        let mut left: Vec<usize> = ranks.to_vec();
        while !left.is_empty() {
            let mut last = left.remove(0);
            let mut link = Link { chain: self.pieces.len(), shift: 0.0 };
            let mut chain = vec![last];
            self.links[last] = link;
            loop {
                let before = &network.roads()[last];
                let gap = |rank: &usize| meet(before, &network.roads()[*rank]);
                let nearest = (0..left.len())
                    .filter_map(|at| Some((gap(&left[at])?, at)))
                    .min_by(|a, b| a.0.total_cmp(&b.0));
                let Some((_, at)) = nearest else { break };
                let next = left.remove(at);
                link.shift += (before.cumul_end() - network.roads()[next].cumul_start()).get();
                self.links[next] = link;
                chain.push(next);
                last = next;
            }
            self.pieces.push(chain);
        }
    }

    /// The chain of a piece.
    #[must_use]
    pub fn of(&self, road: usize) -> Link {
        self.links[road]
    }

    /// The parts of pieces between two measures of a chain, in the order of the chain.
    pub fn stretches(
        &self,
        network: &Network,
        chain: usize,
        (low, high): (f64, f64),
    ) -> impl Iterator<Item = Stretch> {
        self.pieces[chain].iter().filter_map(move |&road| {
            let shift = self.links[road].shift;
            let piece = &network.roads()[road];
            let seen = (
                (low - shift).max(piece.cumul_start().get()),
                (high - shift).min(piece.cumul_end().get()),
            );
            (seen.0 < seen.1).then_some(Stretch { road, seen, shift })
        })
    }

    /// The piece that holds a measure of a chain; the nearest end for one beyond the chain.
    #[must_use]
    pub fn piece_at(&self, network: &Network, chain: usize, along: f64) -> usize {
        let pieces = &self.pieces[chain];
        let end = |road: usize| network.roads()[road].cumul_end().get() + self.links[road].shift;
        let at = pieces.partition_point(|road| end(*road) <= along);
        pieces[at.min(pieces.len() - 1)]
    }
}

/// The distance between the end of one piece and the start of another, when the one goes on as
/// the other.
fn meet(before: &Road, after: &Road) -> Option<f64> {
    let end = before.line()[before.line().len() - 1];
    let gap = end.distance(after.line()[0]).get();
    let cumuls = (after.cumul_start() - before.cumul_end()).get().abs();
    (gap <= APART_M && cumuls <= CUMUL_APART_M).then_some(gap)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{Metres, PlanePoint};

    /// A straight road along x, one piece for each pair of abscissas, its cumul `ahead` of them.
    pub fn pieces(ends: &[(f64, f64, f64)]) -> Network {
        let road = |(from, to, ahead): &(f64, f64, f64)| {
            let line = vec![PlanePoint { x: *from, y: 0.0 }, PlanePoint { x: *to, y: 0.0 }];
            let (id, side) = (RoadId::new("D1").unwrap(), Carriageway::Single);
            let (width, start) = (Metres::of(6.0), Metres::of(from + ahead));
            Road::new(id, side, 1, String::new(), width, 2, line, start, vec![]).unwrap()
        };
        Network::new(ends.iter().map(road).collect())
    }

    fn seen(network: &Network, road: usize, span: (f64, f64)) -> Vec<(usize, (f64, f64))> {
        let chains = Chains::new(network);
        let link = chains.of(road);
        let span = (span.0 + link.shift, span.1 + link.shift);
        chains.stretches(network, link.chain, span).map(|it| (it.road, it.seen)).collect()
    }

    #[test]
    fn sight_goes_on_over_joints_whatever_the_order_of_the_file() {
        let network = pieces(&[(203.0, 400.0, 0.0), (0.0, 200.0, 0.0), (200.0, 203.0, 0.0)]);
        let want = [(1, (199.0, 200.0)), (2, (200.0, 203.0)), (0, (203.0, 209.0))];
        assert_eq!(seen(&network, 1, (199.0, 209.0)), want);
        assert_eq!(seen(&network, 0, (199.0, 209.0)), want);
        let chains = Chains::new(&network);
        let at = |along| chains.piece_at(&network, chains.of(0).chain, along);
        assert_eq!([-5.0, 199.9, 200.0, 203.0, 900.0].map(at), [1, 1, 2, 0, 0]);
    }

    #[test]
    fn a_cumul_that_jumps_at_a_joint_hides_nothing_and_shows_nothing_twice() {
        for ahead in [-7.0, 7.0] {
            let network = pieces(&[(0.0, 200.0, 0.0), (200.0, 400.0, ahead)]);
            let want = [(0, (195.0, 200.0)), (1, (200.0 + ahead, 205.0 + ahead))];
            assert_eq!(seen(&network, 0, (195.0, 205.0)), want);
        }
    }

    #[test]
    fn sight_ends_with_the_road_and_at_a_hole() {
        let network = pieces(&[(0.0, 200.0, 0.0), (210.0, 400.0, 0.0)]);
        assert_eq!(seen(&network, 0, (199.0, 209.0)), [(0, (199.0, 200.0))]);
        assert_eq!(seen(&network, 1, (395.0, 409.0)), [(1, (395.0, 400.0))]);
        assert_eq!(seen(&network, 0, (-20.0, -7.0)), []);
        // Its ends meet, but its cumul starts anew: another road of the same name.
        let network = pieces(&[(0.0, 200.0, 0.0), (200.0, 400.0, -200.0)]);
        assert_eq!(seen(&network, 0, (195.0, 205.0)), [(0, (195.0, 200.0))]);
    }

    #[test]
    fn a_road_that_closes_on_itself_has_an_end() {
        let corner = |x: f64, y: f64| PlanePoint { x, y };
        let road = |line: Vec<PlanePoint>, from: f64| {
            let (id, side) = (RoadId::new("D1").unwrap(), Carriageway::Single);
            let (width, start) = (Metres::of(6.0), Metres::of(from));
            Road::new(id, side, 1, String::new(), width, 2, line, start, vec![]).unwrap()
        };
        let there = road(vec![corner(0.0, 0.0), corner(8.0, 0.0)], 0.0);
        let back = road(vec![corner(8.0, 0.0), corner(0.0, 0.0)], 8.0);
        let network = Network::new(vec![there, back]);
        assert_eq!(seen(&network, 0, (0.0, 99.0)), [(0, (0.0, 8.0)), (1, (8.0, 16.0))]);
    }
}
