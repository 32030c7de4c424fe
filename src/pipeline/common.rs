//! The ground that two surveys both saw.

use crate::domain::{Direction, Network, RoadCell, Survey, Validity};
use std::collections::BTreeSet;

/// Road, carriageway, direction, decimetres of cumul: a cell, whatever the order of roads.
type Key<'a> = (&'a str, &'static str, Direction, i64);

#[expect(clippy::cast_possible_truncation, reason = "cumuls are far below 2^53")]
fn key<'a>(network: &'a Network, cell: &RoadCell) -> Key<'a> {
    let road = &network.roads()[cell.road];
    let start = (cell.from.get() * 10.0).round() as i64;
    (road.id.as_str(), road.carriageway.letter(), cell.direction, start)
}

fn seen<'a>(network: &'a Network, survey: &Survey) -> BTreeSet<Key<'a>> {
    let valid = survey.cells.iter().filter(|it| it.validity == Validity::Valid);
    valid.map(|it| key(network, it)).collect()
}

/// Both surveys with the cells that a valid frame of each saw, and no other: what differs then is not
/// that they looked at different places.
#[must_use]
pub fn common(first: (&Network, &Survey), second: (&Network, &Survey)) -> (Survey, Survey) {
    let both: BTreeSet<Key<'_>> =
        seen(first.0, first.1).intersection(&seen(second.0, second.1)).copied().collect();
    let kept = |(network, survey): (&Network, &Survey)| {
        let mine = survey.cells.iter().filter(|it| both.contains(&key(network, it)));
        Survey { cells: mine.cloned().collect(), ..Survey::default() }
    };
    (kept(first), kept(second))
}
