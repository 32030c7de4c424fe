//! A reference as a row gives it, found on the network of its version.

use crate::domain::{
    Carriageway, Direction, Lost, Metres, Network, OldStretch, Road, RoadId, WrittenReference,
};
use std::collections::BTreeMap;

/// A place this far past an end of the road lies at that end.
///
/// Chosen: abscisses and cumuls are often written in whole metres.
const END_ROUNDING_M: f64 = 1.0;

/// PR and cumul of one row are one place within this.
///
/// Chosen: both may be rounded to whole metres, one up, one down.
const SAME_PLACE_M: f64 = 1.5;

/// The roads of a network by their names, to find references on.
#[derive(Debug)]
pub struct Finder<'a> {
    network: &'a Network,
    by_name: BTreeMap<(&'a RoadId, Carriageway), Vec<usize>>,
}

impl<'a> Finder<'a> {
    /// Of a network.
    #[must_use]
    pub fn new(network: &'a Network) -> Self {
        let mut by_name = BTreeMap::<_, Vec<usize>>::new();
        for (rank, road) in network.roads().iter().enumerate() {
            by_name.entry((&road.id, road.carriageway)).or_default().push(rank);
        }
        Self { network, by_name }
    }

    /// Finds a reference on the network of its version. Where a row has both, its cumul is the truth,
    /// and its PR must agree.
    ///
    /// # Errors
    ///
    /// Why it is no place of that network.
    pub fn find(&self, written: &WrittenReference) -> Result<OldStretch, Lost> {
        let (side, pieces) = self.pieces(written)?;
        on_pieces(side, &pieces, written)
    }

    /// The carriageway meant, and its roads.
    fn pieces(&self, written: &WrittenReference) -> Result<(Carriageway, Pieces<'a>), Lost> {
        let of = |side: Carriageway| -> Pieces<'a> {
            let ranks = self.by_name.get(&(&written.road, side)).into_iter().flatten();
            ranks.map(|it| (*it, &self.network.roads()[*it])).collect()
        };
        let meant = match (written.carriageway, written.direction) {
            (Some(side), _) => vec![side],
            // One carriageway needs no name; of two, traffic says which.
            (None, Some(Direction::Increasing)) => vec![Carriageway::Single, Carriageway::Right],
            (None, Some(Direction::Decreasing)) => vec![Carriageway::Single, Carriageway::Left],
            (None, None) => vec![Carriageway::Single, Carriageway::Right, Carriageway::Left],
        };
        let mut found = meant.iter().map(|it| (*it, of(*it))).filter(|it| !it.1.is_empty());
        let road = match written.carriageway {
            Some(side) => format!("{} {}", written.road, side.letter()),
            None => written.road.to_string(),
        };
        match (found.next(), found.next()) {
            (None, _) => Err(Lost::RoadUnknown { road }),
            (Some(one), None) => Ok(one),
            (Some(_), Some(_)) => Err(Lost::CarriagewayUntold { road }),
        }
    }
}

fn on_pieces(
    side: Carriageway,
    pieces: &Pieces<'_>,
    written: &WrittenReference,
) -> Result<OldStretch, Lost> {
    let name = format!("{} {}", written.road, side.letter());
    let from_pr = |at: crate::domain::PrAbscisse| {
        let cumul = pieces.iter().find_map(|it| it.1.cumul_of(at));
        cumul.ok_or_else(|| Lost::PrUnknown { road: name.clone(), pr: at.pr })
    };
    let by_pr = match written.by_pr {
        Some((start, end)) => Some((from_pr(start)?, end.map(from_pr).transpose()?)),
        None => None,
    };
    if let (Some(pr), Some(cumul)) = (by_pr, written.by_cumul) {
        for (by_pr, by_cumul) in [(Some(pr.0), Some(cumul.0)), (pr.1, cumul.1)] {
            let (Some(by_pr), Some(by_cumul)) = (by_pr, by_cumul) else { continue };
            if (by_pr - by_cumul).get().abs() > SAME_PLACE_M {
                return Err(Lost::Contradiction { road: name, by_pr, by_cumul });
            }
        }
    }
    let Some((from, to)) = written.by_cumul.or(by_pr) else {
        let why = "found neither PR nor cumul, expected one of them".to_owned();
        return Err(Lost::Unreadable { why });
    };
    let (road, from) = placed(pieces, from, &name)?;
    let to = match to {
        None => from,
        Some(to) => placed(pieces, to, &name)?.1,
    };
    if to < from {
        return Err(Lost::Backwards { from, to });
    }
    Ok(OldStretch { road, from, to, direction: written.direction })
}

type Pieces<'a> = Vec<(usize, &'a Road)>;

/// The piece that holds a cumul.
fn placed(pieces: &Pieces<'_>, cumul: Metres, name: &str) -> Result<(usize, Metres), Lost> {
    let past = |it: &Road| {
        let (start, end) = (it.cumul_start().get(), it.cumul_end().get());
        (start - cumul.get()).max(cumul.get() - end).max(0.0)
    };
    let nearest = pieces.iter().min_by(|a, b| past(a.1).total_cmp(&past(b.1)));
    let (road, piece) = nearest.expect("a carriageway has a piece");
    if past(piece) <= END_ROUNDING_M {
        let held = cumul.get().clamp(piece.cumul_start().get(), piece.cumul_end().get());
        return Ok((*road, Metres::of(held)));
    }
    let ends = |of: fn(&Road) -> Metres| pieces.iter().map(move |it| of(it.1).get());
    Err(Lost::OffRoad {
        road: name.to_owned(),
        cumul,
        from: Metres::of(ends(Road::cumul_start).fold(f64::INFINITY, f64::min)),
        to: Metres::of(ends(Road::cumul_end).fold(f64::NEG_INFINITY, f64::max)),
    })
}
