//! Tracks without a camera: fixes as receivers give them, whatever their pace and accuracy.

use super::candidates::MatchModel;
use super::locate::RoadIndex;
use super::matching::{Matched, Matcher};
use super::track::Pose;
use crate::domain::{Fix, Metres, Projector, RoadPlace, RouteLeg};

/// What is believed of a receiver before anything is known of it: metres across, metres along.
///
/// Chosen: worse than any that is in use, so that the first look reaches the road; two looks later
/// what it started from no longer shows.
const AT_FIRST: (f64, f64) = (20.0, 20.0);

/// Looks at the start of a track that what is believed comes from.
///
/// Chosen: after two the accuracy found moves by less than a tenth.
const LOOKS: usize = 3;

/// Fixes that a look takes.
///
/// Chosen: half an hour at one a second; enough for a median, little beside a day.
const LOOKED_AT: usize = 2000;

/// Accuracies across the road that are believed, metres.
///
/// Chosen: the lane a vehicle drives is metres off the line of its road, whatever the receiver; and a
/// receiver that is wrong by 60 m names no road.
const ACROSS_M: (f64, f64) = (4.0, 60.0);

/// Mean excesses of the way by road that are believed, metres.
///
/// Chosen: below, the rounding of drawn bends would count; above, any way would do.
const EXCESS_M: (f64, f64) = (2.0, 300.0);

/// The position of a fix, with nothing known of its bearing.
#[must_use]
pub fn bare_pose(fix: &Fix, projector: &Projector) -> Option<Pose> {
    let projected = projector.project(fix.position)?;
    Some(Pose {
        time: fix.time,
        wgs84: fix.position,
        projected,
        bearing_deg: 0.0,
        speed_m_s: 0.0,
        travelled: Metres::ZERO,
    })
}

/// What is believed of the receiver of a track: its accuracy across the road, and by how much the way
/// by road is longer than the straight one from step to step.
///
/// # Source
///
/// Newson and Krumm (2009), section 4: both from medians of absolute deviations over a matched drive.
#[must_use]
pub fn calibrated(index: &RoadIndex, fixes: &[Fix]) -> MatchModel {
    let projector = Projector::new(index.plane());
    let start = fixes.iter().take(LOOKED_AT);
    let poses: Vec<Pose> = start.filter_map(|it| bare_pose(it, &projector)).collect();
    let mut model = MatchModel::bare(AT_FIRST.0, AT_FIRST.1);
    for _ in 0..LOOKS {
        let mut matcher = Matcher::new(index, model);
        poses.iter().for_each(|it| matcher.push(it));
        let (places, legs) = matcher.finish();
        // A normal deviation is below 0.6745 of its standard deviation half of the time.
        let offsets = places.iter().filter_map(|it| it.place).map(|it| it.offset.get().abs());
        let Some(offset) = median(offsets.collect()) else { return MatchModel::bare(10.0, 10.0) };
        let sigma = (offset / 0.6745).clamp(ACROSS_M.0, ACROSS_M.1);
        let excess = excess(&poses, &places, &legs, model.spacing_m);
        let beta = (excess / std::f64::consts::LN_2).clamp(EXCESS_M.0, EXCESS_M.1);
        model = MatchModel::bare(sigma, beta);
    }
    model
}

/// Median difference between the straight distance and the way by road, from step to step.
fn excess(poses: &[Pose], places: &[Matched], legs: &[RouteLeg], spacing: f64) -> f64 {
    let mut differences = Vec::new();
    let mut before: Option<usize> = None;
    let mut leg = 0;
    for (rank, place) in places.iter().enumerate() {
        let Some(place) = place.place else {
            before = None;
            continue;
        };
        let Some(last) = before else {
            before = Some(rank);
            continue;
        };
        let straight = poses[last].projected.distance(poses[rank].projected).get();
        if straight < spacing {
            continue;
        }
        let from = places[last].place.expect("only places are kept");
        if let Some((metres, at)) = driven(legs, leg, &from, &place) {
            differences.push((metres - straight).abs());
            leg = at;
        }
        before = Some(rank);
    }
    median(differences).unwrap_or(AT_FIRST.1)
}

/// Metres by road from one place to another along the legs driven, and the rank of the leg it ends on.
fn driven(
    legs: &[RouteLeg],
    first: usize,
    from: &RoadPlace,
    to: &RoadPlace,
) -> Option<(f64, usize)> {
    let holds = |leg: &RouteLeg, place: &RoadPlace| {
        let (low, high) = if leg.from <= leg.to { (leg.from, leg.to) } else { (leg.to, leg.from) };
        (leg.road, leg.direction) == (place.road, place.direction)
            && (low.get() - 1e-6..=high.get() + 1e-6).contains(&place.cumul.get())
    };
    let start = (first..legs.len()).find(|it| holds(&legs[*it], from))?;
    let end = (start..legs.len().min(start + 50)).find(|it| holds(&legs[*it], to))?;
    if start == end {
        return Some(((to.cumul - from.cumul).abs().get(), end));
    }
    let inner: f64 = legs[start + 1..end].iter().map(|it| it.length().get()).sum();
    let head = (legs[start].to - from.cumul).abs().get();
    let tail = (to.cumul - legs[end].from).abs().get();
    Some((head + inner + tail, end))
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
