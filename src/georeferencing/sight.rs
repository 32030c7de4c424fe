//! What a look takes in: its own piece of road, and those that go on from it.

use crate::domain::{Carriageway, Direction, Metres, Network, Road, RoadId, RoadPlace};
use std::collections::BTreeMap;

/// Two pieces of one road whose cumuls meet within this are one road to a camera.
///
/// Chosen: the error of digitising at a shared point, the same that joins the parts of a line when
/// a network is read. A hole or an overlap wider than that is a fault of the network, told there.
const JOINT_M: f64 = 1.0;

/// Two ends farther apart than this do not meet, whatever their cumuls say.
///
/// Chosen: several times the error of digitising, far below the width of a junction.
const APART_M: f64 = 5.0;

/// Which piece of road goes on from which. Cumuls go on with it, so that one cumul means one place.
#[derive(Debug)]
pub struct Joints {
    /// The piece that starts where this one ends, and the piece that ends where this one starts.
    next: Vec<[Option<usize>; 2]>,
}

impl Joints {
    /// Finds where the pieces of each carriageway meet.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let mut pieces: BTreeMap<(&RoadId, Carriageway), Vec<usize>> = BTreeMap::new();
        for (rank, road) in network.roads().iter().enumerate() {
            pieces.entry((&road.id, road.carriageway)).or_default().push(rank);
        }
        let mut next = vec![[None; 2]; network.roads().len()];
        let road = |rank: usize| &network.roads()[rank];
        for ranks in pieces.values_mut() {
            ranks.sort_by(|a, b| {
                road(*a).cumul_start().get().total_cmp(&road(*b).cumul_start().get())
            });
            for pair in ranks.windows(2) {
                if meet(road(pair[0]), road(pair[1])) {
                    next[pair[0]][0] = Some(pair[1]);
                    next[pair[1]][1] = Some(pair[0]);
                }
            }
        }
        Self { next }
    }

    /// Each piece of road that lies `near` to `far` metres ahead of a place, with the cumuls that
    /// do: the vehicle's own piece first when any of it does.
    #[must_use]
    pub fn ahead(
        &self,
        network: &Network,
        place: &RoadPlace,
        (near, far): (f64, f64),
    ) -> Vec<(usize, (f64, f64))> {
        let at = place.cumul.get();
        let (low, high, side) = match place.direction {
            Direction::Increasing => (at + near, at + far, 0),
            Direction::Decreasing => (at - far, at - near, 1),
        };
        let mut seen = Vec::new();
        let mut piece = Some(place.road);
        while let Some(rank) = piece {
            let road = &network.roads()[rank];
            let (start, end) = (road.cumul_start().get(), road.cumul_end().get());
            let inside = (low.max(start), high.min(end));
            if inside.0 < inside.1 {
                seen.push((rank, inside));
            }
            let goes_on = if side == 0 { high > end } else { low < start };
            piece = self.next[rank][side].filter(|_| goes_on);
        }
        seen
    }
}

/// Whether one piece of a road ends where another starts.
fn meet(before: &Road, after: &Road) -> bool {
    let end = before.line()[before.line().len() - 1];
    (after.cumul_start() - before.cumul_end()).get().abs() <= JOINT_M
        && end.distance(after.line()[0]) <= Metres::of(APART_M)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::Lambert93;

    /// A straight road along x, one piece for each pair of cumuls; `x` is the cumul.
    pub fn pieces(ends: &[(f64, f64)]) -> Network {
        let road = |(from, to): &(f64, f64)| {
            let line = vec![Lambert93 { x: *from, y: 0.0 }, Lambert93 { x: *to, y: 0.0 }];
            let (id, side) = (RoadId::new("D1").unwrap(), Carriageway::Single);
            let (width, start) = (Metres::of(6.0), Metres::of(*from));
            Road::new(id, side, 1, String::new(), width, 2, line, start, vec![]).unwrap()
        };
        Network::new(ends.iter().map(road).collect())
    }

    fn seen(
        network: &Network,
        road: usize,
        cumul: f64,
        way: Direction,
    ) -> Vec<(usize, (f64, f64))> {
        let (cumul, offset) = (Metres::of(cumul), Metres::ZERO);
        let place = RoadPlace { road, direction: way, cumul, offset };
        Joints::new(network).ahead(network, &place, (4.0, 14.0))
    }

    #[test]
    fn sight_goes_on_over_joints_both_ways_whatever_the_order_of_the_file() {
        let network = pieces(&[(203.0, 400.0), (0.0, 200.0), (200.0, 203.0)]);
        let up = seen(&network, 1, 195.0, Direction::Increasing);
        assert_eq!(up, [(1, (199.0, 200.0)), (2, (200.0, 203.0)), (0, (203.0, 209.0))]);
        let down = seen(&network, 0, 208.0, Direction::Decreasing);
        assert_eq!(down, [(0, (203.0, 204.0)), (2, (200.0, 203.0)), (1, (194.0, 200.0))]);
        // The vehicle is at the end of its piece, and sees nothing of it.
        assert_eq!(
            seen(&network, 1, 199.0, Direction::Increasing).first(),
            Some(&(0, (203.0, 213.0)))
        );
    }

    #[test]
    fn sight_ends_with_the_road_and_at_a_hole() {
        let network = pieces(&[(0.0, 200.0), (210.0, 400.0)]);
        assert_eq!(seen(&network, 0, 195.0, Direction::Increasing), [(0, (199.0, 200.0))]);
        assert_eq!(seen(&network, 1, 395.0, Direction::Increasing), [(1, (399.0, 400.0))]);
        assert_eq!(seen(&network, 0, 3.0, Direction::Decreasing), []);
    }
}
