//! Tracks without a camera: fixes as receivers give them, whatever their pace and accuracy.

use super::candidates::MatchModel;
use super::locate::RoadIndex;
use super::matching::Matcher;
use super::track::Pose;
use crate::domain::{Fix, Metres, Projector};

/// What is believed of a receiver before anything is known of it: metres across.
///
/// Chosen: worse than any that is in use, so that the first look reaches the road; two looks later
/// what it started from no longer shows.
const AT_FIRST_M: f64 = 20.0;

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

/// What is believed of the receiver of a track: its accuracy across the road.
///
/// # Source
///
/// Newson and Krumm (2009), section 4.1: from the median of absolute deviations over a matched drive.
#[must_use]
pub fn calibrated(index: &RoadIndex, fixes: &[Fix]) -> MatchModel {
    let projector = Projector::new(index.plane());
    let start = fixes.iter().take(LOOKED_AT);
    let poses: Vec<Pose> = start.filter_map(|it| bare_pose(it, &projector)).collect();
    let mut model = MatchModel::bare(AT_FIRST_M);
    for _ in 0..LOOKS {
        let mut matcher = Matcher::new(index, model);
        for pose in &poses {
            matcher.push(pose);
        }
        let (places, _) = matcher.finish();
        // A normal deviation is below 0.6745 of its standard deviation half of the time.
        let offsets = places.iter().filter_map(|it| it.place).map(|it| it.offset.get().abs());
        let Some(offset) = median(offsets.collect()) else { return model };
        model = MatchModel::bare((offset / 0.6745).clamp(ACROSS_M.0, ACROSS_M.1));
    }
    model
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
