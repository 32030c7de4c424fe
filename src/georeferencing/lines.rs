//! Where a place of an old road may lie on a new network, and at what price.

use super::alignment::JOINT_M;
use super::locate::RoadIndex;
use super::passes::{Pass, turn};
use super::topology::is_open;
use crate::domain::{Carriageway, Direction, Metres, Network, PlanePoint, Road};
use std::collections::BTreeSet;

/// A road of another name is on the same spot when it lies within this.
///
/// Chosen: a road that became divided, its carriageways 6 to 8 m from the old line, and what two
/// drawings of one road differ by. Wider takes roads beside for the road.
const SAME_SPOT_M: f64 = 12.0;

/// Half of the stretch of old road whose bearing counts.
///
/// Chosen: as that of new roads: lines have bends of a metre where segments join.
const HALF_BASELINE_M: f64 = 5.0;

/// An angle between the two lines that costs as much as a road of another name.
///
/// Chosen: half of a square angle; two drawings of one road differ by less, but in hairpins.
const ANGLE_DEG: f64 = 45.0;

/// No angle costs more than this, and wider ones than that are the other way.
///
/// Chosen: the price of 90 degrees, more than that of nowhere: only the tips of hairpins, where bearings
/// say little, are laid so for some metres.
const WORST_ANGLE: (f64, f64) = (4.0, 135.0);

/// Price of the other carriageway of the same road, and of a road of another name.
///
/// Chosen: another name costs what the farthest distance does, so that a road keeps its name within
/// reach; a carriageway much less, since only those that traffic may take are thought of.
const OTHER: [f64; 2] = [0.3, 1.0];

/// Price of what lies past the end of a road, far past it; at so many metres past it, half of it.
///
/// Chosen: more than that of the next road of another name, less for what two drawings differ by.
const PAST_END: (f64, f64) = (2.0, 5.0);

/// Price of a place around the nearest one of a road.
///
/// Chosen: such places serve for some metres, where a hairpin was moved, and nowhere else.
const AROUND: f64 = 1.0;

/// An angle costs half at this distance, and nothing where the lines are the same: a line that has not
/// changed must cost nothing, or it is not laid on itself.
///
/// Chosen: a metre, what two drawings of one road differ by.
const SAME_LINE_M: f64 = 1.0;

/// A third road lies as near as the one chosen within this, and turns from it by less than this.
///
/// Chosen: what two drawings of one road differ by.
const ALIKE: (f64, f64) = (3.0, 30.0);

/// The new network as an old road sees it.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a> {
    pub new: &'a Network,
    pub index: &'a RoadIndex,
    /// For each new road, the number of its line: name and carriageway; and that of its name.
    pub numbers: &'a [(usize, usize)],
    /// The number of the old road's name among the new ones.
    pub own: Option<usize>,
    pub reach: f64,
}

/// A place on a new road.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub road: usize,
    pub line: usize,
    /// It has the old road's name.
    pub own: bool,
    /// The new road is drawn the other way.
    pub against: bool,
    pub cumul: f64,
    /// Of each metre of the old road that is laid there.
    pub price: f64,
    distance: f64,
    angle_deg: f64,
}

impl Lines<'_> {
    /// New roads beside a point.
    pub(super) fn roads_near(&self, point: PlanePoint) -> impl Iterator<Item = usize> {
        self.index.passes(point, self.reach).into_iter().map(|it| it.road)
    }

    /// Both ends of a new road.
    pub(super) fn ends(&self, road: usize) -> [PlanePoint; 2] {
        let line = self.new.roads()[road].line();
        [line[0], line[line.len() - 1]]
    }

    /// The number of a new road's name.
    pub(super) fn name(&self, road: usize) -> usize {
        self.numbers[road].1
    }

    /// Whether a new road has the old one's name.
    pub(super) fn is_own(&self, road: usize) -> bool {
        Some(self.name(road)) == self.own
    }

    /// Where traffic of one direction at a place of an old road may be on the new network.
    pub(super) fn candidates(
        &self,
        old: &Road,
        cumul: f64,
        direction: Direction,
    ) -> Vec<Candidate> {
        let (point, _) = old.point_at(Metres::of(cumul));
        let bearings = bearings(old, cumul, point);
        let mut all = Vec::new();
        for pass in self.index.passes(point, self.reach) {
            for against in [false, true] {
                all.extend(self.candidate(&pass, against, old.carriageway, &bearings, direction));
            }
        }
        all
    }

    fn candidate(
        &self,
        pass: &Pass,
        against: bool,
        old: Carriageway,
        bearings: &[f64],
        direction: Direction,
    ) -> Option<Candidate> {
        let road = &self.new.roads()[pass.road];
        let own = self.is_own(pass.road);
        if !own && (pass.distance > SAME_SPOT_M || pass.past_end > JOINT_M) {
            return None;
        }
        if !is_open(road.carriageway, flipped(direction, against)) {
            return None;
        }
        let drawn = if against { pass.bearing_deg + 180.0 } else { pass.bearing_deg };
        let angle_deg = bearings.iter().map(|it| turn(*it, drawn)).fold(f64::INFINITY, f64::min);
        if angle_deg > WORST_ANGLE.1 {
            return None;
        }
        let apart = pass.distance / (pass.distance + SAME_LINE_M);
        let oblique = (angle_deg / ANGLE_DEG).powi(2).min(WORST_ANGLE.0) * apart;
        let far = pass.distance / self.reach;
        let kept =
            if against { is_mirrored(old, road.carriageway) } else { old == road.carriageway };
        let other = if own { OTHER[0] * f64::from(u8::from(!kept)) } else { OTHER[1] };
        let beyond = PAST_END.0 * pass.past_end / (pass.past_end + PAST_END.1);
        let around = if pass.nearest { 0.0 } else { AROUND };
        Some(Candidate {
            road: pass.road,
            line: self.numbers[pass.road].0,
            own,
            against,
            cumul: pass.cumul,
            price: other + far * far + oblique + beyond + around,
            distance: pass.distance,
            angle_deg,
        })
    }

    /// Whether a place at the end of one piece of a line is that of a candidate on the next piece.
    pub(super) fn joins(&self, (a, at): (&Candidate, f64), b: &Candidate) -> bool {
        if (a.line, a.against) != (b.line, b.against) || a.road == b.road {
            return false;
        }
        let place = |road: usize, cumul: f64| self.new.roads()[road].point_at(Metres::of(cumul)).0;
        (at - b.cumul).abs() <= JOINT_M
            && place(a.road, at).distance(place(b.road, b.cumul)).get() <= JOINT_M
    }

    /// Names of third roads that lie as near to a sample as the road that it is laid on.
    pub(super) fn rivals(&self, road: usize, here: &[Candidate]) -> BTreeSet<usize> {
        let mine = here.iter().filter(|it| it.road == road).map(|it| it.distance);
        let mine = mine.fold(f64::INFINITY, f64::min);
        let third = |it: &&Candidate| !it.own && self.name(it.road) != self.name(road);
        let alike = |it: &&Candidate| it.distance <= mine + ALIKE.0 && it.angle_deg < ALIKE.1;
        here.iter().filter(third).filter(alike).map(|it| self.name(it.road)).collect()
    }
}

/// Bearings of the old line before a place, after it and across it: at the tip of a hairpin all differ.
fn bearings(old: &Road, cumul: f64, here: PlanePoint) -> Vec<f64> {
    let at = |cumul: f64| old.point_at(Metres::of(cumul)).0;
    let (before, after) = (at(cumul - HALF_BASELINE_M), at(cumul + HALF_BASELINE_M));
    let ways = [(before, after), (before, here), (here, after)];
    let ways = ways.into_iter().filter(|(a, b)| a.distance(*b).get() > 1e-3);
    ways.map(|(a, b)| (b.x - a.x).atan2(b.y - a.y).to_degrees()).collect()
}

/// A direction against a road that may be drawn the other way.
pub(super) const fn flipped(direction: Direction, against: bool) -> Direction {
    match (direction, against) {
        (Direction::Increasing, true) => Direction::Decreasing,
        (Direction::Decreasing, true) => Direction::Increasing,
        (as_it_was, false) => as_it_was,
    }
}

/// The same carriageway of a road that is drawn the other way.
const fn is_mirrored(old: Carriageway, new: Carriageway) -> bool {
    matches!(
        (old, new),
        (Carriageway::Single, Carriageway::Single)
            | (Carriageway::Left, Carriageway::Right)
            | (Carriageway::Right, Carriageway::Left)
    )
}
