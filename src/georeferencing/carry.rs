//! A defect that another survey saw on an old version of the network, carried to the new one.

use super::convert::Conversion;
use crate::domain::{Brought, Defect, ImportedDefect, Metres, Network, OldStretch};

/// Carries a defect. It is shared out over the parts that its stretch became, by their shares of it;
/// what has no place stays behind, and is told in what the stretch became.
#[must_use]
pub fn carry(
    conversion: &mut Conversion<'_>,
    one: &ImportedDefect,
) -> (Vec<ImportedDefect>, Brought) {
    let ImportedDefect { road, from, to, direction, .. } = *one;
    let brought = conversion.bring(&OldStretch { road, from, to, direction });
    let new = conversion.new_network();
    let mut carried = Vec::new();
    for part in &brought.parts {
        for (road, from, to) in pieces(new, part.roads.0, part.from, part.to) {
            let whole = (part.to - part.from).get();
            let share =
                if whole > 0.0 { part.share * (to - from).get() / whole } else { part.share };
            let defect = Defect { extent: one.defect.extent.times(share), ..one.defect };
            carried.push(ImportedDefect {
                road,
                from,
                to,
                direction: part.direction,
                defect,
                ..*one
            });
        }
    }
    (carried, brought)
}

/// The pieces of a carriageway that a stretch lies on: cells know one piece only.
fn pieces(
    network: &Network,
    first: usize,
    from: Metres,
    to: Metres,
) -> Vec<(usize, Metres, Metres)> {
    if to <= from {
        return vec![(first, from, to)];
    }
    let mine = &network.roads()[first];
    let roads = network.roads().iter().enumerate();
    let same = roads.filter(|it| it.1.id == mine.id && it.1.carriageway == mine.carriageway);
    let held = same.map(|(rank, it)| (rank, from.max(it.cumul_start()), to.min(it.cumul_end())));
    held.filter(|it| it.2 > it.1).collect()
}
