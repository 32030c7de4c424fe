//! A stretch of road of one version of the referential, brought to another.

use super::reference::{Carriageway, Direction, PrAbscisse, RoadId};
use super::units::Metres;

/// A place or a stretch as a row of a table gives it: by PR, by cumul, or by both.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenReference {
    /// Which road.
    pub road: RoadId,
    /// Which carriageway; nothing when the row does not say.
    pub carriageway: Option<Carriageway>,
    /// Which way traffic goes there.
    pub direction: Option<Direction>,
    /// PR and abscisse of the start, and of the end of a stretch.
    pub by_pr: Option<(PrAbscisse, Option<PrAbscisse>)>,
    /// Cumul of the start, and of the end of a stretch.
    pub by_cumul: Option<(Metres, Option<Metres>)>,
}

/// A place or a stretch of an old network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OldStretch {
    /// Index in the old network of the road that holds its start.
    pub road: usize,
    /// Metres from the start of the road.
    pub from: Metres,
    /// Metres from the start of the road; as `from` for a place.
    pub to: Metres,
    /// Which way traffic goes there; both when nothing is said.
    pub direction: Option<Direction>,
}

/// The part of an old stretch that lies on one carriageway of the new network without a break.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewStretch {
    /// Indices in the new network of the roads that hold `from` and `to`: pieces of one carriageway.
    pub roads: (usize, usize),
    /// Metres from the start of the new road.
    pub from: Metres,
    /// Metres from the start of the new road, never before `from`.
    pub to: Metres,
    /// Which way traffic goes there; both when nothing is said, or when the carriageway says it.
    pub direction: Option<Direction>,
    /// The new road is drawn the other way.
    pub reversed: bool,
    /// Farthest that the two lines are apart over the stretch.
    pub distance: Metres,
    /// Share of the old stretch that it has, 0 to 1; of a carriageway that became two, each has half.
    pub share: f64,
    /// Cumuls of this part on the old road.
    pub old: (Metres, Metres),
    /// What became of it.
    pub change: Change,
}

/// What became of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It reads the same.
    Same,
    /// Same road and carriageway, another PR or abscisse.
    Moved,
    /// Same road, counted from its other end.
    Reversed,
    /// A single carriageway became two, or two became one.
    Carriageway,
    /// Another name.
    Renamed,
    /// One stretch became several.
    Split,
    /// A part of the stretch has no place any more.
    Partial,
}

impl Change {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Same,
        Self::Moved,
        Self::Reversed,
        Self::Carriageway,
        Self::Renamed,
        Self::Split,
        Self::Partial,
    ];
}

/// Why a place has no reference in the other network. Texts in both languages are in `io::wording`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the wording of io::wording names every field")]
pub enum Lost {
    /// The old network has no such road or carriageway.
    RoadUnknown { road: String },
    /// The old road has several carriageways, and the reference names none.
    CarriagewayUntold { road: String },
    /// The old road has no such PR.
    PrUnknown { road: String, pr: u16 },
    /// It lies on no metre of the old road.
    OffRoad { road: String, cumul: Metres, from: Metres, to: Metres },
    /// It ends before it starts.
    Backwards { from: Metres, to: Metres },
    /// PR and cumul of one reference are two places of the old road.
    Contradiction { road: String, by_pr: Metres, by_cumul: Metres },
    /// The new network has no road of that name, and no other on the spot.
    RoadGone { road: String, reach: Metres },
    /// The road of that name lies elsewhere, and no other is on the spot.
    TooFar { road: String, nearest: Metres, reach: Metres },
    /// The road of that name is within reach, but not as the old one lies or is driven.
    Unlike { road: String, nearest: Metres },
    /// Two other roads are on the spot.
    Ambiguous { first: String, second: String },
    /// The new road has no PR at or before it.
    NoPr { road: String, cumul: Metres },
    /// The row itself cannot be read; `why` is the reader's message.
    Unreadable { why: String },
}

/// What an old stretch became.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brought {
    /// Its parts on the new network, in the order of the old road.
    pub parts: Vec<NewStretch>,
    /// Stretches of the old road that have no place, and why.
    pub lost: Vec<(Metres, Metres, Lost)>,
}

impl Brought {
    /// What became of the whole; nothing when no part of it has a place.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        let most = self.parts.iter().map(|it| it.change).max()?;
        let across = |it: &NewStretch| it.old == self.parts[0].old;
        Some(if !self.lost.is_empty() {
            Change::Partial
        } else if self.parts.iter().all(across) {
            most
        } else {
            Change::Split
        })
    }
}
