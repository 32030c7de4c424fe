//! References of one version of the referential, brought to another by where the roads lie.

use super::alignment::{Alignment, JOINT_M, Link, On, align};
use super::lines::{Lines, flipped};
use super::locate::RoadIndex;
use crate::domain::{
    Brought, Carriageway, Change, Direction, Lost, Metres, Network, NewStretch, OldStretch, Plane,
    Road, RoadId,
};
use std::collections::BTreeMap;

/// Farthest from its old line that a road is still the same one, when nothing is said.
///
/// Chosen: half of a wide divided road and what two measurements differ by. Where a bend was
/// straightened by more, its references have no place; twice as much would take roads that run beside.
pub const CONVERSION_REACH_M: f64 = 25.0;

/// A part of a stretch shorter than this is none.
///
/// Chosen: the millimetre to which references are kept.
const SHORTEST_PART_M: f64 = 1e-3;

/// Two networks that cannot be laid on one another.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("the old network is drawn in EPSG:{}, the new one in EPSG:{}; expected one plane", old.code(), new.code())]
pub struct PlanesDiffer {
    old: Plane,
    new: Plane,
}

/// An old and a new version of one network, and what was laid of one on the other so far.
#[derive(Debug)]
pub struct Conversion<'a> {
    old: &'a Network,
    new: &'a Network,
    old_index: RoadIndex,
    new_index: RoadIndex,
    reach: Metres,
    /// For each new road, the number of its line (name and carriageway), and that of its name.
    numbers: Vec<(usize, usize)>,
    names: Vec<RoadId>,
    laid: BTreeMap<(RoadId, Carriageway, Direction), Alignment>,
}

impl<'a> Conversion<'a> {
    /// Readies two networks. `reach` is how far from its old line a road may lie.
    ///
    /// # Errors
    ///
    /// When they are drawn in two planes.
    pub fn new(old: &'a Network, new: &'a Network, reach: Metres) -> Result<Self, PlanesDiffer> {
        if old.plane() != new.plane() {
            return Err(PlanesDiffer { old: old.plane(), new: new.plane() });
        }
        let (mut lines, mut names) = (BTreeMap::new(), BTreeMap::new());
        let mut numbers = Vec::with_capacity(new.roads().len());
        for road in new.roads() {
            let (line, name) = (lines.len(), names.len());
            let line = *lines.entry((&road.id, road.carriageway)).or_insert(line);
            numbers.push((line, *names.entry(&road.id).or_insert(name)));
        }
        let mut ordered: Vec<_> = names.into_iter().map(|(name, rank)| (rank, name)).collect();
        ordered.sort_unstable_by_key(|it| it.0);
        let names = ordered.into_iter().map(|it| it.1.clone()).collect();
        let (old_index, new_index) = (RoadIndex::new(old), RoadIndex::new(new));
        let laid = BTreeMap::new();
        Ok(Self { old, new, old_index, new_index, reach, numbers, names, laid })
    }

    /// The network that references are brought to.
    pub(super) const fn new_network(&self) -> &'a Network {
        self.new
    }

    /// Brings a stretch, or a place, of the old network to the new one.
    ///
    /// The whole carriageway is laid on the new network first; so the order of places along a road is
    /// kept, and a hairpin or a crossing is never jumped. A stretch has a part for each new road that
    /// it lies on, and for each carriageway of a road that has become divided, unless the direction of
    /// traffic says which. What has no place is told.
    #[must_use]
    pub fn bring(&mut self, stretch: &OldStretch) -> Brought {
        let directions = match (self.old.roads()[stretch.road].carriageway, stretch.direction) {
            (Carriageway::Right, _) => vec![Direction::Increasing],
            (Carriageway::Left, _) => vec![Direction::Decreasing],
            (Carriageway::Single, Some(direction)) => vec![direction],
            (Carriageway::Single, None) => vec![Direction::Increasing, Direction::Decreasing],
        };
        for direction in &directions {
            self.lay(stretch.road, *direction);
        }
        let road = &self.old.roads()[stretch.road];
        let key = |it: &Direction| (road.id.clone(), road.carriageway, *it);
        let laid: Vec<&Alignment> = directions.iter().map(|it| &self.laid[&key(it)]).collect();
        let mut runs = Runs { conversion: self, stretch, of: Vec::new(), lost: Vec::new() };
        for bit in bits(laid[0], stretch) {
            let links: Vec<Link> = laid.iter().map(|it| bit.cut(it.links[bit.link])).collect();
            if links.iter().all(|it| *it == links[0]) {
                let both = (directions.len() == 1).then_some(directions[0]);
                runs.add(both, &bit, links[0]);
            } else {
                for (direction, link) in directions.iter().zip(links) {
                    runs.add(Some(*direction), &bit, link);
                }
            }
        }
        runs.finish()
    }

    /// Lays the carriageway of an old road, unless it already is.
    fn lay(&mut self, road: usize, direction: Direction) {
        let it = &self.old.roads()[road];
        let key = (it.id.clone(), it.carriageway, direction);
        if self.laid.contains_key(&key) {
            return;
        }
        let roads = self.old.roads();
        let same = |at: &usize| roads[*at].id == it.id && roads[*at].carriageway == it.carriageway;
        let mut pieces: Vec<usize> = (0..roads.len()).filter(same).collect();
        pieces.sort_by(|a, b| {
            roads[*a].cumul_start().get().total_cmp(&roads[*b].cumul_start().get())
        });
        let lines = Lines {
            new: self.new,
            index: &self.new_index,
            numbers: &self.numbers,
            own: self.names.iter().position(|name| *name == it.id),
            reach: self.reach.get(),
        };
        let laid = align((self.old, &self.old_index), &lines, &pieces, direction);
        self.laid.insert(key, laid);
    }

    /// Why a place is laid nowhere.
    fn why(&self, road: &Road, cumul: Metres) -> Lost {
        let (name, point) = (road.id.to_string(), road.point_at(cumul).0);
        let mine = self.new.roads().iter().filter(|it| it.id == road.id);
        let to = |it: &Road| {
            let pairs = it.line().windows(2);
            pairs.map(|pair| distance(point, pair[0], pair[1])).fold(f64::INFINITY, f64::min)
        };
        let nearest = mine.map(to).fold(f64::INFINITY, f64::min);
        match Metres::new(nearest) {
            Err(_) => Lost::RoadGone { road: name, reach: self.reach },
            Ok(nearest) if nearest <= self.reach => Lost::Unlike { road: name, nearest },
            Ok(nearest) => Lost::TooFar { road: name, nearest, reach: self.reach },
        }
    }
}

/// Metres from a point to a straight stretch.
fn distance(
    point: crate::domain::PlanePoint,
    a: crate::domain::PlanePoint,
    b: crate::domain::PlanePoint,
) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let along = ((point.x - a.x) * dx + (point.y - a.y) * dy) / (dx * dx + dy * dy);
    let along = along.clamp(0.0, 1.0);
    (point.x - a.x - dx * along).hypot(point.y - a.y - dy * along)
}

/// What a stretch takes of one link of its carriageway.
#[derive(Clone, Copy, Debug)]
struct Bit {
    link: usize,
    /// Index of the old piece, and cumuls on it.
    road: usize,
    from: f64,
    to: f64,
    /// Cumuls of the whole link.
    ends: (f64, f64),
    /// It leads from one piece to the next: no metre of road lies on it.
    hole: bool,
}

impl Bit {
    /// The part of a link that it takes.
    fn cut(&self, link: Link) -> Link {
        let Link::On(on) = link else { return link };
        let (start, end) = self.ends;
        let at = |cumul: f64| {
            let share = if end > start { (cumul - start) / (end - start) } else { 0.0 };
            on.from + (on.to - on.from) * share
        };
        if self.hole { link } else { Link::On(On { from: at(self.from), to: at(self.to), ..on }) }
    }
}

/// The bits of a stretch, in the order of the road.
fn bits(laid: &Alignment, stretch: &OldStretch) -> Vec<Bit> {
    let (from, to) = (stretch.from.get(), stretch.to.get());
    let mut bits: Vec<Bit> = Vec::new();
    let mut covered = from;
    // Pieces may overlap by some metres: their cumuls are not always in order.
    let start = laid.samples.iter().position(|it| it.cumul >= from).unwrap_or(0).saturating_sub(1);
    for (link, pair) in laid.samples.windows(2).enumerate().skip(start) {
        let ends = (pair[0].cumul, pair[1].cumul);
        let hole = pair[0].road != pair[1].road;
        let (road, start) = (pair[0].road, ends.0.max(covered));
        let bit = Bit { link, road, from: start, to: ends.1.min(to), ends, hole };
        if ends.0 > to {
            break;
        }
        if hole {
            bits.push(bit);
        } else if to > from && bit.to > start {
            covered = bit.to;
            bits.push(bit);
        } else if to <= from && (ends.0..=ends.1).contains(&from) {
            bits.push(Bit { from, to: from, ..bit });
        }
    }
    while bits.last().is_some_and(|it| it.hole) {
        bits.pop();
    }
    let leading = bits.iter().take_while(|it| it.hole).count();
    bits.drain(..leading);
    if to <= from {
        bits.retain(|it| !it.hole);
        // At a sample the road after it is meant, unless it is laid nowhere.
        let placed = bits.iter().rposition(|it| matches!(laid.links[it.link], Link::On(_)));
        let kept = placed.or(bits.len().checked_sub(1));
        return kept.map(|it| bits[it]).into_iter().collect();
    }
    bits
}

/// Bits put together again: a run goes on while the new road does.
struct Runs<'r, 'a> {
    conversion: &'r Conversion<'a>,
    stretch: &'r OldStretch,
    of: Vec<Run>,
    lost: Vec<(f64, f64, Lost)>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    direction: Option<Direction>,
    on: On,
    last_road: usize,
    last_link: usize,
    old: (f64, f64),
    distance: f64,
}

impl Runs<'_, '_> {
    fn add(&mut self, direction: Option<Direction>, bit: &Bit, link: Link) {
        let conversion = self.conversion;
        let old = &conversion.old.roads()[bit.road];
        let why = match link {
            Link::On(on) => return self.extend(direction, bit, on),
            Link::Nowhere => conversion.why(old, Metres::of(f64::midpoint(bit.from, bit.to))),
            Link::Either(first, second) => {
                let name = |it: usize| conversion.names[it].to_string();
                Lost::Ambiguous { first: name(first), second: name(second) }
            }
        };
        if bit.hole {
            return;
        }
        match self.lost.last_mut() {
            // The nearest of what is told of a stretch is that of its first metres.
            Some((_, to, last))
                if std::mem::discriminant(last) == std::mem::discriminant(&why)
                    && bit.from <= *to + SHORTEST_PART_M =>
            {
                *to = to.max(bit.to);
            }
            _ => self.lost.push((bit.from, bit.to, why)),
        }
    }

    fn extend(&mut self, direction: Option<Direction>, bit: &Bit, on: On) {
        let Conversion { old, new, numbers, .. } = self.conversion;
        let apart = |before: f64, after: f64| {
            let a = old.roads()[bit.road].point_at(Metres::of(before)).0;
            a.distance(new.roads()[on.road].point_at(Metres::of(after)).0).get()
        };
        let distance =
            if bit.hole { 0.0 } else { apart(bit.from, on.from).max(apart(bit.to, on.to)) };
        let goes_on = |it: &&mut Run| {
            it.direction == direction
                && it.last_link + 1 == bit.link
                && numbers[it.last_road].0 == numbers[on.road].0
                && it.on.against == on.against
                && (it.on.to - on.from).abs()
                    <= if it.last_road == on.road { SHORTEST_PART_M } else { JOINT_M }
        };
        match self.of.iter_mut().rev().find(goes_on) {
            Some(run) => {
                run.on.to = on.to;
                (run.last_road, run.last_link) = (on.road, bit.link);
                run.distance = run.distance.max(distance);
                if !bit.hole {
                    run.old.1 = bit.to;
                }
            }
            None if bit.hole => {}
            None => self.of.push(Run {
                direction,
                on,
                last_road: on.road,
                last_link: bit.link,
                old: (bit.from, bit.to),
                distance,
            }),
        }
    }

    fn finish(self) -> Brought {
        let whole = (self.stretch.to - self.stretch.from).get();
        let least = SHORTEST_PART_M.min(whole);
        let mut parts: Vec<_> = self
            .of
            .iter()
            .filter(|it| it.old.1 - it.old.0 >= least)
            .map(|it| self.part(it))
            .collect();
        parts.sort_by(|a, b| a.old.0.get().total_cmp(&b.old.0.get()));
        let lost = self.lost.into_iter().filter(|it| it.1 - it.0 >= least);
        let lost = lost.map(|(from, to, why)| (Metres::of(from), Metres::of(to), why)).collect();
        Brought { parts, lost }
    }

    fn part(&self, run: &Run) -> NewStretch {
        let Conversion { old, new, .. } = self.conversion;
        let On { road, against, from, to } = run.on;
        let mut roads = ((road, from), (run.last_road, to));
        if against {
            roads = (roads.1, roads.0);
        }
        let ((first, from), (last, to)) = roads;
        let before = &old.roads()[self.stretch.road];
        let after = &new.roads()[first];
        let direction = match after.carriageway {
            Carriageway::Single => run.direction,
            Carriageway::Right | Carriageway::Left => self.stretch.direction,
        };
        let whole = (self.stretch.to - self.stretch.from).get();
        let along = if whole > 0.0 { (run.old.1 - run.old.0) / whole } else { 1.0 };
        let both = before.carriageway == Carriageway::Single && self.stretch.direction.is_none();
        let half = both && run.direction.is_some();
        let mut part = NewStretch {
            share: if half { 0.5 * along } else { along },
            roads: (first, last),
            from: Metres::of(from),
            to: Metres::of(to.max(from)),
            direction: direction.map(|it| flipped(it, against)),
            reversed: against,
            distance: Metres::of(run.distance),
            old: (Metres::of(run.old.0), Metres::of(run.old.1)),
            change: Change::Same,
        };
        part.change = change(before, after, &part);
        part
    }
}

/// What became of a part: its reference reads the same only when all of it does.
fn change(before: &Road, after: &Road, part: &NewStretch) -> Change {
    let same = |old: Metres, new: Metres| {
        let references = (before.millimetre_reference_at(old), after.millimetre_reference_at(new));
        let near = |a: Metres, b: Metres| (a - b).get().abs() < SHORTEST_PART_M;
        match references {
            (Some(a), Some(b)) => a.pr == b.pr && near(a.abscisse, b.abscisse) && near(old, new),
            (None, None) => near(old, new),
            _ => false,
        }
    };
    let single = |it: &Road| it.carriageway == Carriageway::Single;
    if before.id != after.id {
        Change::Renamed
    } else if single(before) != single(after) {
        Change::Carriageway
    } else if part.reversed {
        Change::Reversed
    } else if same(part.old.0, part.from) && same(part.old.1, part.to) {
        Change::Same
    } else {
        Change::Moved
    }
}

#[cfg(test)]
mod tests;
