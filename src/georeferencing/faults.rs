//! What is wrong with a network that is otherwise readable. It is told, never mended.

use super::locate::RoadIndex;
use super::topology::JOINT_M;
use crate::domain::{Finding, FindingKind, Metres, Network, PlanePoint, Road};
use std::collections::BTreeMap;

/// An end this near to another road that it does not join is a fault of drawing.
///
/// Chosen: wider than any carriageway; ends that stop farther from a road stop there.
const LOOSE_M: f64 = 15.0;

/// Two roads that start, end and measure the same within this are one drawn twice.
///
/// Chosen: a decimetre; copies keep their coordinates.
const ALIKE_M: f64 = 0.1;

/// Of each fault, the first so many are told one by one, then how many more.
///
/// Chosen: more than anyone reads.
const MOST_TOLD: usize = 50;

/// Ends that miss another road, pieces drawn backwards, roads drawn twice, PR that are missing.
/// `file` names the network in findings.
#[must_use]
pub fn faults(network: &Network, index: &RoadIndex, file: &str) -> Vec<Finding> {
    let all =
        [loose_ends(network, index), backwards(network), twice(network), missing_prs(network)];
    let mut findings = Vec::new();
    for mut kinds in all {
        let more = kinds.len().saturating_sub(MOST_TOLD);
        kinds.truncate(MOST_TOLD);
        findings.extend(kinds.into_iter().map(|it| Finding::note(file, it)));
        if more > 0 {
            findings.push(Finding::note(file, FindingKind::MoreNetworkFaults { n_more: more }));
        }
    }
    findings
}

fn loose_ends(network: &Network, index: &RoadIndex) -> Vec<FindingKind> {
    let mut kinds = Vec::new();
    for (rank, road) in network.roads().iter().enumerate() {
        for (start, point) in [(true, first(road)), (false, last(road))] {
            let end = if start { road.cumul_start() } else { road.cumul_end() };
            let near = index.hits(point, LOOSE_M);
            let other = |it: &&super::locate::Hit<'_>| it.stretch.road != rank;
            let Some(nearest) = near.iter().find(other) else { continue };
            if nearest.distance > JOINT_M {
                let (a, b) = (road, &network.roads()[nearest.stretch.road]);
                let distance = Metres::of(nearest.distance);
                kinds.push(FindingKind::RoadEndLoose {
                    road: a.id.to_string(),
                    cumul: end,
                    other: b.id.to_string(),
                    distance,
                });
            }
        }
    }
    kinds
}

/// Pieces of one road whose end, and not their start, lies where the piece before them ends.
fn backwards(network: &Network) -> Vec<FindingKind> {
    let mut pieces: BTreeMap<_, Vec<&Road>> = BTreeMap::new();
    for road in network.roads() {
        pieces.entry((&road.id, road.carriageway)).or_default().push(road);
    }
    let mut kinds = Vec::new();
    for mut pieces in pieces.into_values() {
        pieces.sort_by(|a, b| a.cumul_start().get().total_cmp(&b.cumul_start().get()));
        for pair in pieces.windows(2) {
            let end = last(pair[0]);
            let (to_start, to_end) =
                (end.distance(first(pair[1])).get(), end.distance(last(pair[1])).get());
            if to_end <= JOINT_M && to_start > JOINT_M {
                let (road, cumul) = (pair[1].id.to_string(), pair[1].cumul_start());
                kinds.push(FindingKind::RoadBackwards { road, cumul });
            }
        }
    }
    kinds
}

fn twice(network: &Network) -> Vec<FindingKind> {
    #[expect(clippy::cast_possible_truncation, reason = "decimetres of a plane")]
    let key = |it: f64| (it / ALIKE_M).round() as i64;
    let mut alike: BTreeMap<[i64; 5], &Road> = BTreeMap::new();
    let mut kinds = Vec::new();
    for road in network.roads() {
        let (a, b) = (first(road), last(road));
        let (a, b) = if (a.x, a.y) <= (b.x, b.y) { (a, b) } else { (b, a) };
        let mark = [a.x, a.y, b.x, b.y, road.length().get()].map(key);
        match alike.get(&mark) {
            Some(other) => kinds.push(FindingKind::RoadsAlike {
                road: road.id.to_string(),
                other: other.id.to_string(),
                length: road.length(),
            }),
            None => {
                alike.insert(mark, road);
            }
        }
    }
    kinds
}

/// Numbers that a road passes over; each road and carriageway once, since its pieces share its PR.
fn missing_prs(network: &Network) -> Vec<FindingKind> {
    let mut told = BTreeMap::new();
    for road in network.roads() {
        let gaps = road.marks().windows(2).filter(|it| it[1].pr > it[0].pr + 1);
        let missing: Vec<u16> = gaps.flat_map(|it| it[0].pr + 1..it[1].pr).collect();
        if let Some(first) = missing.first() {
            told.entry((&road.id, road.carriageway)).or_insert(FindingKind::PrMissing {
                road: road.id.to_string(),
                first: *first,
                n_missing: missing.len(),
            });
        }
    }
    told.into_values().collect()
}

fn first(road: &Road) -> PlanePoint {
    road.line()[0]
}

fn last(road: &Road) -> PlanePoint {
    road.line()[road.line().len() - 1]
}

#[cfg(test)]
mod tests {
    use super::super::locate::tests::road;
    use super::*;
    use crate::domain::{Carriageway, PrMark};

    fn told(roads: Vec<Road>) -> Vec<FindingKind> {
        let network = Network::new(roads);
        let index = RoadIndex::new(&network);
        faults(&network, &index, "network").into_iter().map(|it| it.kind).collect()
    }

    fn single(name: &str, line: &[(f64, f64)]) -> Road {
        road(name, Carriageway::Single, line)
    }

    fn with(road: &Road, start: f64, prs: &[(u16, f64)]) -> Road {
        let marks = prs.iter().map(|(pr, at)| PrMark { pr: *pr, cumul: Metres::of(*at) }).collect();
        let (line, start) = (road.line().to_vec(), Metres::of(start));
        Road::new(
            road.id.clone(),
            road.carriageway,
            2,
            String::new(),
            road.width,
            2,
            line,
            start,
            marks,
        )
        .unwrap()
    }

    #[test]
    fn a_sound_network_has_nothing_to_say() {
        let roads = vec![
            single("D1", &[(0.0, 0.0), (500.0, 0.0)]),
            single("D2", &[(250.0, 1.0), (250.0, 400.0)]),
            single("D3", &[(100.0, 40.0), (200.0, 40.0)]),
        ];
        assert_eq!(told(roads), []);
    }

    #[test]
    fn each_fault_is_told_with_its_place() {
        let d1 = single("D1", &[(0.0, 0.0), (500.0, 0.0)]);
        let roads = vec![
            with(&d1, 0.0, &[(1, 0.0), (2, 200.0), (5, 400.0)]),
            // Misses D1 by 6 m.
            single("D2", &[(250.0, 6.0), (250.0, 400.0)]),
            // The second piece of D1, drawn towards the first.
            with(&single("D1", &[(900.0, 0.0), (500.0, 0.0)]), 500.0, &[]),
            // One line twice, once each way.
            single("D8", &[(800.0, 100.0), (800.0, 300.0)]),
            single("D9", &[(800.0, 300.0), (800.0, 100.0)]),
        ];
        let got = told(roads);
        let text = format!("{got:?}");
        assert_eq!(got.len(), 4, "{text}");
        assert!(text.contains("RoadEndLoose { road: \"D2\""), "{text}");
        assert!(text.contains("RoadBackwards { road: \"D1\", cumul: Metres(500.0)"), "{text}");
        assert!(text.contains("RoadsAlike { road: \"D9\", other: \"D8\""), "{text}");
        assert!(text.contains("PrMissing { road: \"D1\", first: 3, n_missing: 2 }"), "{text}");
    }
}
