//! All figures of an evaluation, from the tallies and what each frame gave.

#![expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]

use super::agreement::agreement;
use super::curve::{ClassTally, average_precision};
use crate::domain::{Evaluation, ExtentQuality, FrameResult, Stretch, StretchResult};
use std::collections::BTreeMap;

/// Draws all figures from the tallies of lane, crack and pothole and from each frame.
#[must_use]
pub fn gather(tallies: &[ClassTally; 3], mut frames: Vec<FrameResult>) -> Evaluation {
    frames.sort_by_key(|it| it.rank);
    let [lane, crack, pothole] = tallies;
    let stretches = stretches(&frames);
    let pairs = |of: fn(&FrameResult) -> Option<(f64, f64)>| -> Vec<_> {
        frames.iter().filter_map(of).collect()
    };
    let along =
        |of: fn(&StretchResult) -> (f64, f64)| -> Vec<_> { stretches.iter().map(of).collect() };
    let shows: Vec<_> = frames.iter().map(|it| it.shows_pothole).collect();
    Evaluation {
        lane: frames.iter().any(|it| it.cracked.is_some()).then(|| lane.quality()),
        crack: crack.quality(),
        pothole: pothole.quality(),
        cracked: ExtentQuality {
            per_frame: agreement(&pairs(|it| it.cracked)),
            per_stretch: agreement(&along(|it| it.cracked)),
        },
        potholes: ExtentQuality {
            per_frame: agreement(&pairs(|it| it.pothole)),
            per_stretch: agreement(&along(|it| it.pothole)),
        },
        shows_pothole: average_precision(&shows),
        stretches,
        frames,
        notes: None,
    }
}

/// Means over the frames of each stretch.
fn stretches(frames: &[FrameResult]) -> Vec<StretchResult> {
    let mut by_stretch: BTreeMap<&Stretch, Vec<[(f64, f64); 2]>> = BTreeMap::new();
    for frame in frames {
        if let (Some(stretch), Some(cracked), Some(pothole)) =
            (&frame.stretch, frame.cracked, frame.pothole)
        {
            by_stretch.entry(stretch).or_default().push([cracked, pothole]);
        }
    }
    by_stretch
        .into_iter()
        .map(|(stretch, pairs)| {
            let mean = |extent: usize, of: fn(&(f64, f64)) -> f64| {
                pairs.iter().map(|it| of(&it[extent])).sum::<f64>() / pairs.len() as f64
            };
            StretchResult {
                stretch: stretch.clone(),
                n_frames: pairs.len(),
                cracked: (mean(0, |it| it.0), mean(0, |it| it.1)),
                pothole: (mean(1, |it| it.0), mean(1, |it| it.1)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(rank: u64, stretch: u32, cracked: (f64, f64), wrong: u64) -> FrameResult {
        FrameResult {
            name: format!("{rank}.jpg"),
            rank,
            stretch: Some(Stretch { section: "a".to_owned(), rank: stretch }),
            cells: [[9, 9, 9], [1, wrong, 0], [0, 0, 0]],
            cracked: Some(cracked),
            pothole: Some((0.0, 0.0)),
            shows_pothole: (0.1, false),
        }
    }

    #[test]
    fn stretches_are_means_of_their_frames_whatever_the_order() {
        let frames = vec![
            frame(2, 1, (0.4, 0.5), 0),
            frame(0, 0, (0.1, 0.2), 3),
            frame(1, 0, (0.3, 0.2), 7),
        ];
        let it = gather(&Default::default(), frames);
        assert_eq!(it.stretches.len(), 2);
        assert_eq!((it.stretches[0].n_frames, it.stretches[0].cracked), (2, (0.2, 0.2)));
        assert_eq!(it.cracked.per_stretch.unwrap().n, 2);
        assert_eq!(it.cracked.per_frame.unwrap().n, 3);
        assert_eq!(it.shows_pothole, None);
    }

    #[test]
    fn the_worst_frames_come_first_and_right_ones_never() {
        let frames = [0, 5, 2, 5]
            .into_iter()
            .zip(0..)
            .map(|(wrong, it)| frame(it, 0, (0.0, 0.0), wrong))
            .collect();
        let it = gather(&Default::default(), frames);
        let names: Vec<_> = it.worst(9).iter().map(|it| it.rank).collect();
        assert_eq!(names, [1, 3, 2]);
        assert_eq!(it.worst(1).len(), 1);
    }

    #[test]
    fn without_a_drawn_lane_nothing_is_said_of_it() {
        let mut one = frame(0, 0, (0.0, 0.0), 0);
        (one.cracked, one.pothole, one.stretch) = (None, None, None);
        let it = gather(&Default::default(), vec![one]);
        assert!(it.lane.is_none() && it.cracked.per_frame.is_none() && it.stretches.is_empty());
    }
}
