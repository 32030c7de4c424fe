//! Lines that share ends, joined into longer ones.

use std::collections::BTreeMap;

/// A line between nodes, as a map cuts it.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub nodes: Vec<i64>,
    /// Driven in the order of its nodes only.
    pub one_way: bool,
}

/// Links joined end to end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    /// Ranks of its links, in the order of the piece.
    pub links: Vec<usize>,
    pub nodes: Vec<i64>,
    pub one_way: bool,
    /// Driven against the order of its nodes, which is that of the road.
    pub against: bool,
}

/// Joins the links of one road wherever exactly two of the same kind meet, and draws all pieces the same
/// way along the road: that of the longest, taken eastwards, or northwards when it goes more north.
pub(super) fn chain(links: &[Link], place: &dyn Fn(i64) -> Option<[f64; 2]>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for one_way in [false, true] {
        let of_kind: Vec<usize> = (0..links.len())
            .filter(|it| links[*it].one_way == one_way && links[*it].nodes.len() >= 2)
            .collect();
        pieces.extend(join(links, &of_kind, one_way));
    }
    let span = |piece: &Piece| {
        let (first, last) = (piece.nodes[0], piece.nodes[piece.nodes.len() - 1]);
        match (place(first), place(last)) {
            (Some(a), Some(b)) => [b[0] - a[0], b[1] - a[1]],
            _ => [0.0, 0.0],
        }
    };
    let spans = pieces.iter().map(&span);
    let longest = spans.max_by(|a, b| a[0].hypot(a[1]).total_cmp(&b[0].hypot(b[1])));
    let mut axis = longest.unwrap_or([1.0, 0.0]);
    let main = if axis[0].abs() >= axis[1].abs() { axis[0] } else { axis[1] };
    if main < 0.0 {
        axis = [-axis[0], -axis[1]];
    }
    for piece in &mut pieces {
        let along = span(piece);
        if along[0] * axis[0] + along[1] * axis[1] < 0.0 {
            piece.nodes.reverse();
            piece.links.reverse();
            piece.against = piece.one_way;
        }
    }
    // The road starts where its axis does, so that cumuls grow along it.
    let start =
        |piece: &Piece| place(piece.nodes[0]).map_or(0.0, |it| it[0] * axis[0] + it[1] * axis[1]);
    pieces.sort_by(|a, b| start(a).total_cmp(&start(b)).then(a.links.cmp(&b.links)));
    pieces
}

/// Joins links of one kind.
fn join(links: &[Link], of_kind: &[usize], one_way: bool) -> Vec<Piece> {
    let ends = |rank: usize| {
        let nodes = &links[rank].nodes;
        (nodes[0], nodes[nodes.len() - 1])
    };
    // Links that touch each node: how many start there, how many end there.
    let mut touching: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for rank in of_kind {
        let (first, last) = ends(*rank);
        touching.entry(first).or_default().push(*rank);
        touching.entry(last).or_default().push(*rank);
    }
    let mut used = vec![false; links.len()];
    // What goes on from a node at which a piece stands, with the nodes in the order of driving.
    let next = |node: i64, used: &[bool]| -> Option<(usize, Vec<i64>)> {
        let there = &touching[&node];
        if there.len() != 2 {
            return None;
        }
        let rank = *there.iter().find(|it| !used[**it])?;
        let (first, last) = ends(rank);
        let mut nodes = links[rank].nodes.clone();
        if first != node {
            if one_way || last != node {
                return None;
            }
            nodes.reverse();
        }
        Some((rank, nodes))
    };
    let mut pieces = Vec::new();
    // First those that start where no other goes on, then what is left: rings.
    let starts = |rank: usize| {
        let (first, last) = ends(rank);
        let alone = |node: i64| touching[&node].len() != 2;
        let comes_in = |node: i64| {
            let others = touching[&node].iter().filter(|it| **it != rank);
            others.map(|it| ends(*it)).any(|it| it.1 == node)
        };
        if one_way { alone(first) || !comes_in(first) } else { alone(first) || alone(last) }
    };
    let (open, rings): (Vec<usize>, Vec<usize>) = of_kind.iter().partition(|it| starts(**it));
    for rank in open.into_iter().chain(rings) {
        if used[rank] {
            continue;
        }
        used[rank] = true;
        let mut piece =
            Piece { links: vec![rank], nodes: links[rank].nodes.clone(), one_way, against: false };
        // A link that starts a piece by its last node is taken the other way round.
        if !one_way && touching[&piece.nodes[0]].len() == 2 {
            piece.nodes.reverse();
        }
        while let Some((more, nodes)) = next(piece.nodes[piece.nodes.len() - 1], &used) {
            used[more] = true;
            piece.links.push(more);
            piece.nodes.extend(&nodes[1..]);
        }
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn link(nodes: &[i64], one_way: bool) -> Link {
        Link { nodes: nodes.to_vec(), one_way }
    }

    /// Node n lies at longitude n.
    #[expect(clippy::cast_precision_loss, clippy::unnecessary_wraps, reason = "small nodes")]
    fn east(node: i64) -> Option<[f64; 2]> {
        Some([node as f64, 0.0])
    }

    fn nodes(links: &[Link]) -> Vec<Vec<i64>> {
        chain(links, &east).into_iter().map(|it| it.nodes).collect()
    }

    #[test]
    fn links_join_whatever_their_order_and_sense() {
        let links = [link(&[3, 2], false), link(&[0, 1, 2], false), link(&[3, 4], false)];
        assert_eq!(nodes(&links), [[0, 1, 2, 3, 4]]);
        // A fork ends the pieces.
        let fork = [link(&[0, 1], false), link(&[1, 2], false), link(&[1, 5], false)];
        assert_eq!(nodes(&fork), [vec![0, 1], vec![1, 2], vec![1, 5]]);
    }

    #[test]
    fn carriageways_of_both_directions_are_drawn_along_the_road() {
        let links = [
            link(&[0, 1, 2], true),
            link(&[2, 3], true),
            link(&[13, 12], true),
            link(&[12, 10], true),
        ];
        let got = chain(&links, &east);
        let told: Vec<_> = got.iter().map(|it| (it.nodes.clone(), it.against)).collect();
        assert_eq!(told, [(vec![0, 1, 2, 3], false), (vec![10, 12, 13], true)]);
    }

    #[test]
    fn a_ring_is_one_piece() {
        let ring = [link(&[0, 1, 2], true), link(&[2, 3, 0], true)];
        assert_eq!(nodes(&ring), [[0, 1, 2, 3, 0]]);
    }

    proptest! {
        #[test]
        fn every_link_is_in_one_piece(
            links in prop::collection::vec((0..6_i64, 0..6_i64, any::<bool>()), 0..12),
        ) {
            let links: Vec<Link> = links.iter().map(|it| link(&[it.0, it.1], it.2)).collect();
            let pieces = chain(&links, &east);
            let mut ranks: Vec<usize> = pieces.iter().flat_map(|it| it.links.clone()).collect();
            ranks.sort_unstable();
            prop_assert_eq!(ranks, (0..links.len()).collect::<Vec<_>>());
            for piece in pieces {
                prop_assert_eq!(piece.nodes.len(), piece.links.len() + 1);
            }
        }
    }
}
