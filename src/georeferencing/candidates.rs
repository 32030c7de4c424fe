//! Where on the network a vehicle may be, from one position, and how likely each place is.

use super::locate::{Hit, RoadIndex, Stretch};
use super::topology::{Way, is_open};
use super::track::Pose;
use crate::domain::{Direction, LocateLimits, Metres, RoadPlace};

/// How far past the end of a road a vehicle is still on it.
///
/// Chosen: the accuracy of a receiver; beyond, the frame shows another road.
const END_SLACK_M: f64 = 5.0;

/// Two places of one road closer than this along it are one candidate of a frame.
///
/// Chosen: the two legs of a hairpin are farther apart along the road, and are told by heading.
const SAME_PLACE_M: f64 = 60.0;

/// Standard deviation of the distance from the road, of a vehicle that films it: the receiver's error
/// and half a road.
///
/// Chosen: a telephone's accuracy is 3 to 5 m, a lane's centre lies 1.5 m from the line. Matters only
/// where two roads run side by side, and then less than the price of changing road.
const DISTANCE_SIGMA_M: f64 = 6.0;

/// Standard deviation of the angle between a vehicle and its road.
///
/// Chosen: some 16 degrees of error in a bearing over 5 m, and as much in that of a drawn line, in
/// squares. It matters only between roads that part at a narrow angle: wider ones are refused.
const HEADING_SIGMA_DEG: f64 = 25.0;

/// Metres of difference between what was driven and what the road says that cost as much as one
/// standard deviation squared, for frames some metres apart.
///
/// Chosen: receivers at one fix a second are some metres off along the road too.
const ALONG_SCALE_M: f64 = 4.0;

/// Candidates kept for one pose: of a frame, of a bare fix.
///
/// Chosen: two roads that cross, each with two carriageways and a neighbour; for a bare fix of poor
/// accuracy, the streets of a town centre within reach, both ways. A drive costs the square of it.
const MOST_CANDIDATES: (usize, usize) = (6, 48);

/// Fixes nearer than this to the step before them are no steps, in standard deviations across the road.
///
/// Chosen: of 2 to 5 on simulated drives, 4 gave the least road missed and added at most noises and paces;
/// Newson and Krumm take 2.
const SPACING: f64 = 4.0;

/// No error is thought to be greater than this, across the road or along it, in standard deviations.
///
/// Chosen: beyond lies one fix of fifteen thousand.
const FARTHEST: f64 = 4.0;

/// Metres of difference along the road that cost as much as one standard deviation squared, in standard
/// deviations across it.
///
/// Chosen: of 0.7 to 2.2 on simulated drives over a mountain country, all give the same shares of right road
/// within a tenth of a per cent up to 10 m of noise; 2 gave the least road missed and added at 30 m.
const ALONG_SCALE: f64 = 2.0;

/// What turning right back at a junction costs; a right angle costs a third of it.
///
/// Chosen: drivers go straight on rather than in and out of a side street. Of 0 to 12 on simulated drives, 3
/// to 6 gave the greatest shares of right road; of 4 to 6, 4 at 30 m; without it, twice as much is missed or
/// added.
const TURN: f64 = 4.0;

/// Metres that going over an end which shares no point with the next road counts for, at most; and in standard
/// deviations across the road.
///
/// Chosen: where a road drawn twice ends beside itself, the way that the points join wins. Of 0 to 30 m on simulated
/// drives, 10 and more gave the greatest shares of right road, at every noise and pace; less is enough where
/// fixes are finer.
const LOOSE: (f64, f64) = (10.0, 2.0);

/// What is believed of a receiver when a drive is matched to the roads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MatchModel {
    /// No road farther than this is thought of.
    pub reach_m: f64,
    /// Standard deviation of the distance from the road driven.
    pub sigma_m: f64,
    /// Metres by which the way by road may differ from the straight distance at the price of 1.
    pub beta_m: f64,
    /// Widest angle between the vehicle and its road in degrees, when its bearing can be believed.
    pub max_heading_deg: Option<f64>,
    /// Fixes nearer than this to the step before them are no step of their own.
    pub spacing_m: f64,
    /// How far back along its road noise may put a vehicle.
    pub slip_m: f64,
    /// How far past the end of a road a vehicle is still on it.
    pub end_slack_m: f64,
    /// Metres that turning right back at a junction counts for; turns by less, for less.
    pub turn_m: f64,
    /// Metres that going over an end which shares no point with the next road counts for.
    pub loose_m: f64,
    /// Most candidates of one step.
    pub most: usize,
}

impl MatchModel {
    /// That of frames some metres apart, whose poses have a bearing.
    #[must_use]
    pub fn of(limits: &LocateLimits) -> Self {
        Self {
            reach_m: limits.reach.get(),
            sigma_m: DISTANCE_SIGMA_M,
            beta_m: ALONG_SCALE_M,
            max_heading_deg: Some(limits.max_heading_deg),
            spacing_m: 0.0,
            slip_m: f64::INFINITY,
            end_slack_m: END_SLACK_M,
            turn_m: 0.0,
            loose_m: 0.0,
            most: MOST_CANDIDATES.0,
        }
    }

    /// That of bare fixes with this standard deviation across the road.
    ///
    /// # Source
    ///
    /// Newson and Krumm (2009), section 4.1: fixes near to the one before are no steps, since their
    /// moves are mostly noise. Here they still count by how far from the road they lie.
    #[must_use]
    pub fn bare(sigma_m: f64) -> Self {
        Self {
            reach_m: (FARTHEST * sigma_m).clamp(25.0, 250.0),
            sigma_m,
            beta_m: ALONG_SCALE * sigma_m,
            max_heading_deg: None,
            spacing_m: SPACING * sigma_m,
            slip_m: FARTHEST * sigma_m,
            end_slack_m: (2.0 * sigma_m).max(END_SLACK_M),
            turn_m: TURN * ALONG_SCALE * sigma_m,
            loose_m: (LOOSE.1 * sigma_m).min(LOOSE.0),
            most: MOST_CANDIDATES.1,
        }
    }
}

/// A place where the vehicle may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub place: RoadPlace,
    /// The piece between two junctions, and which way it is driven.
    pub way: Way,
    pub name: usize,
    /// How unlikely its distance and heading are: half of a sum of squares of standard deviations.
    pub cost: f64,
}

impl RoadIndex {
    /// Where the vehicle may be: the nearest first.
    pub(super) fn candidates(&self, pose: &Pose, model: &MatchModel) -> Vec<Candidate> {
        if model.max_heading_deg.is_some() {
            self.on_roads(pose, model)
        } else {
            self.on_edges(pose, model)
        }
    }

    /// One place for each pass of each road, the way that the vehicle faces.
    fn on_roads(&self, pose: &Pose, model: &MatchModel) -> Vec<Candidate> {
        let hits = self.hits(pose.projected, model.reach_m);
        let past = ends_passed(&hits, model.end_slack_m);
        let mut candidates: Vec<Candidate> = Vec::new();
        for hit in &hits {
            let at = |road: usize, cumul: f64| hit.stretch.road == road && near(hit.cumul, cumul);
            if past.iter().any(|it| at(it.0, it.1)) {
                continue;
            }
            let Some((direction, across)) = faced(hit.stretch, pose, model) else { continue };
            let repeats = candidates.iter().any(|it| {
                it.place.direction == direction && at(it.place.road, it.place.cumul.get())
            });
            if !repeats {
                candidates.push(self.candidate(hit, direction, across, model));
            }
            if candidates.len() == model.most {
                break;
            }
        }
        candidates
    }

    /// One place for each piece between junctions, each way that is open: noise along the road may put
    /// a vehicle past a junction that it has not reached, and its place is then at that junction.
    fn on_edges(&self, pose: &Pose, model: &MatchModel) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        for hit in &self.hits(pose.projected, model.reach_m) {
            for direction in [Direction::Increasing, Direction::Decreasing] {
                if !is_open(hit.stretch.carriageway, direction) {
                    continue;
                }
                let candidate = self.candidate(hit, direction, 0.0, model);
                if !candidates.iter().any(|it| it.way == candidate.way) {
                    candidates.push(candidate);
                }
            }
            if candidates.len() >= model.most {
                break;
            }
        }
        candidates
    }

    fn candidate(
        &self,
        hit: &Hit<'_>,
        direction: Direction,
        across: f64,
        model: &MatchModel,
    ) -> Candidate {
        let far = hit.distance / model.sigma_m;
        // At a junction the stretch says on which side of it the place lies.
        let inside = hit.cumul.clamp(hit.stretch.cumul, hit.stretch.end) * 0.5
            + (hit.stretch.cumul + hit.stretch.end) * 0.25;
        let at = if hit.cumul <= hit.stretch.cumul || hit.cumul >= hit.stretch.end {
            inside
        } else {
            hit.cumul
        };
        Candidate {
            place: RoadPlace {
                road: hit.stretch.road,
                direction,
                cumul: Metres::of(hit.cumul),
                offset: Metres::of(hit.offset),
            },
            way: self.topology().way_at(hit.stretch.road, direction, at),
            name: hit.stretch.name,
            cost: 0.5 * (far * far + across * across),
        }
    }
}

/// The way in which a vehicle faces a stretch, and how far its heading is from it, in standard
/// deviations; nothing when it faces across it, or when traffic goes the other way.
fn faced(stretch: &Stretch, pose: &Pose, model: &MatchModel) -> Option<(Direction, f64)> {
    let turn = (pose.bearing_deg - stretch.bearing_deg + 180.0).rem_euclid(360.0) - 180.0;
    let (direction, angle) = if turn.abs() <= 90.0 {
        (Direction::Increasing, turn.abs())
    } else {
        (Direction::Decreasing, 180.0 - turn.abs())
    };
    let along = model.max_heading_deg.is_none_or(|it| angle <= it);
    (along && is_open(stretch.carriageway, direction))
        .then_some((direction, angle / HEADING_SIGMA_DEG))
}

/// Roads whose end the point lies past, with the cumul of that end. `hits` come nearest first.
fn ends_passed(hits: &[Hit<'_>], slack_m: f64) -> Vec<(usize, f64)> {
    let passed = |(rank, hit): (usize, &Hit<'_>)| {
        let same = |it: &Hit<'_>| it.stretch.road == hit.stretch.road && near(it.cumul, hit.cumul);
        let out = hit.past_end > slack_m && !hits[..rank].iter().any(same);
        out.then_some((hit.stretch.road, hit.cumul))
    };
    hits.iter().enumerate().filter_map(passed).collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < SAME_PLACE_M
}
