//! Where on the network a vehicle may be, from one position, and how likely each place is.

use super::locate::{Hit, RoadIndex, Stretch};
use super::topology::is_open;
use super::track::Pose;
use crate::domain::{Direction, LocateLimits, Metres, RoadPlace};

/// How far past the end of a road a vehicle is still on it.
///
/// Chosen: the accuracy of a receiver; beyond, the frame shows another road.
const END_SLACK_M: f64 = 5.0;

/// Two places of one road closer than this along it are one candidate.
///
/// Chosen: longer than the kinks of a drawn line, each of which is nearer than what lies beside it;
/// shorter than the arc of the tightest bend, whose two legs are two candidates.
const SAME_PLACE_M: f64 = 20.0;

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
/// accuracy, every street of a town centre within reach, both ways. A drive costs the square of it.
const MOST_CANDIDATES: (usize, usize) = (6, 32);

/// What is believed of a receiver when a drive is matched to the roads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MatchModel {
    /// No road farther than this is thought of.
    pub reach_m: f64,
    /// Standard deviation of the distance from the road driven.
    pub sigma_m: f64,
    /// Mean difference between the way by road and the straight distance from step to step.
    pub beta_m: f64,
    /// Widest angle between the vehicle and its road in degrees, when its bearing can be believed.
    pub max_heading_deg: Option<f64>,
    /// Fixes nearer than this to the step before them are no step of their own.
    pub spacing_m: f64,
    /// How far past the end of a road a vehicle is still on it.
    pub end_slack_m: f64,
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
            end_slack_m: END_SLACK_M,
            most: MOST_CANDIDATES.0,
        }
    }

    /// That of bare fixes with this standard deviation across the road, and this mean excess of the
    /// way by road.
    ///
    /// # Source
    ///
    /// Newson and Krumm (2009), section 4.1: fixes within two standard deviations of the one before
    /// are left out, since their moves are mostly noise.
    #[must_use]
    pub fn bare(sigma_m: f64, beta_m: f64) -> Self {
        Self {
            // Beyond four standard deviations lies one fix of fifteen thousand.
            reach_m: (4.0 * sigma_m).clamp(25.0, 250.0),
            sigma_m,
            beta_m,
            max_heading_deg: None,
            spacing_m: 2.0 * sigma_m,
            end_slack_m: (2.0 * sigma_m).max(END_SLACK_M),
            most: MOST_CANDIDATES.1,
        }
    }
}

/// A place where the vehicle may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub place: RoadPlace,
    pub name: usize,
    /// How unlikely its distance and heading are: half of a sum of squares of standard deviations.
    pub cost: f64,
}

impl RoadIndex {
    /// Where the vehicle may be: the nearest first.
    pub(super) fn candidates(&self, pose: &Pose, model: &MatchModel) -> Vec<Candidate> {
        let hits = self.hits(pose.projected, model.reach_m);
        let past = ends_passed(&hits, model.end_slack_m);
        let mut candidates: Vec<Candidate> = Vec::new();
        for hit in &hits {
            if candidates.len() >= model.most {
                break;
            }
            let at = |road: usize, cumul: f64| hit.stretch.road == road && near(hit.cumul, cumul);
            if past.iter().any(|it| at(it.0, it.1)) {
                continue;
            }
            let far = hit.distance / model.sigma_m;
            for (direction, across) in ways(hit.stretch, pose, model) {
                let repeats = candidates.iter().any(|it| {
                    it.place.direction == direction && at(it.place.road, it.place.cumul.get())
                });
                if repeats {
                    continue;
                }
                candidates.push(Candidate {
                    place: RoadPlace {
                        road: hit.stretch.road,
                        direction,
                        cumul: Metres::of(hit.cumul),
                        offset: Metres::of(hit.offset),
                    },
                    name: hit.stretch.name,
                    cost: 0.5 * (far * far + across * across),
                });
            }
        }
        candidates
    }
}

/// The ways in which a vehicle may drive a stretch, each with how far its heading is from it, in
/// standard deviations.
fn ways(stretch: &Stretch, pose: &Pose, model: &MatchModel) -> Vec<(Direction, f64)> {
    let open = |it: &(Direction, f64)| is_open(stretch.carriageway, it.0);
    let Some(widest) = model.max_heading_deg else {
        let both = [(Direction::Increasing, 0.0), (Direction::Decreasing, 0.0)];
        return both.into_iter().filter(open).collect();
    };
    let turn = (pose.bearing_deg - stretch.bearing_deg + 180.0).rem_euclid(360.0) - 180.0;
    let (direction, angle) = if turn.abs() <= 90.0 {
        (Direction::Increasing, turn.abs())
    } else {
        (Direction::Decreasing, 180.0 - turn.abs())
    };
    let facing = (direction, angle / HEADING_SIGMA_DEG);
    (angle <= widest).then_some(facing).filter(open).into_iter().collect()
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
