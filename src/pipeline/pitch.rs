//! The pitch of a camera that the survey file does not know.

use super::frame::grid;
use super::models::Models;
use crate::detection::estimate_pitch;
use crate::domain::{Camera, CameraSettings, Finding, FindingKind, RawFrame};
use crate::ports::{FrameError, FrameSource};

/// Frames looked at, spread over the clip.
///
/// Chosen: a dozen gave a spread of 0.3 degree on a real section; each costs one inference. How
/// much fewer or more would change was not measured.
const FRAMES: usize = 12;

/// Rounds of estimation: the region given to the model depends on the pitch.
///
/// Chosen: two, so that the last looks at the region that the pitch calls for; more was not tried.
const ROUNDS: usize = 2;

/// The camera of a clip, its pitch estimated from the lane's edges when unknown; nothing when it
/// cannot be told.
pub fn camera_of(
    source: &mut dyn FrameSource,
    chosen: &[u64],
    given: &CameraSettings,
    models: &Models<'_>,
    clip: &str,
    findings: &mut Vec<Finding>,
) -> Option<Camera> {
    if !given.pitch_unknown {
        return Some(given.camera);
    }
    let ranks = spread(chosen, &source.timeline().keyframes);
    let mut camera: Option<Camera> = None;
    let mut told = None;
    for _ in 0..ROUNDS {
        // Decoded anew each round: one frame in memory at a time, whatever its size; and keyframes
        // only, which cost the decoding of nothing else.
        let (mut grids, mut size) = (Vec::new(), None);
        let mut look = |frame: Result<RawFrame, FrameError>| {
            // What cannot be decoded here is reported when the whole clip is.
            if let Ok(frame) = frame {
                let image = frame.image();
                size = Some((f64::from(image.width()), f64::from(image.height())));
                grids.extend(grid(&frame, camera.as_ref(), models).ok().map(|it| it.1));
            }
            true
        };
        // As above: what ends the clip early is told when the whole of it is decoded.
        let _told_later = source.decode(&ranks, &mut look);
        let Some(size) = size else { break };
        let found = estimate_pitch(&grids, models.pavement.thresholds.lane, &given.camera, size);
        let better =
            found.and_then(|it| given.camera.with_pitch(it.pitch).ok().map(|camera| (it, camera)));
        let Some((estimate, better)) = better else { break };
        camera = Some(better);
        told = Some(estimate);
    }
    findings.push(match told {
        Some(it) => Finding::note(
            clip,
            FindingKind::PitchEstimated {
                degrees: it.pitch.get(),
                n_frames: it.n_frames,
                spread: it.spread,
            },
        ),
        None => Finding::loss(clip, FindingKind::PitchUnknown { n_frames: chosen.len() }),
    });
    camera
}

/// A dozen keyframes spread over the frames chosen: each the last before one of them. Where
/// keyframes are too rare for that, the chosen frames themselves.
pub fn spread(chosen: &[u64], keyframes: &[bool]) -> Vec<u64> {
    let step = chosen.len().div_ceil(FRAMES).max(1);
    let looked_at = chosen.iter().step_by(step);
    let mut ranks: Vec<u64> = Vec::new();
    for rank in looked_at.clone() {
        let before = usize::try_from(*rank).map_or(0, |it| it + 1).min(keyframes.len());
        let alone = keyframes[..before].iter().rposition(|it| *it).map_or(*rank, |it| it as u64);
        if ranks.last() != Some(&alone) {
            ranks.push(alone);
        }
    }
    if 2 * ranks.len() < looked_at.len() { looked_at.copied().collect() } else { ranks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyframes_before_the_chosen_frames_are_looked_at_once() {
        let keyframes: Vec<bool> = (0..1000).map(|it| it % 50 == 0).collect();
        let chosen: Vec<u64> = (3..=980).step_by(10).collect();
        let got = spread(&chosen, &keyframes);
        assert_eq!(got, [0, 50, 150, 250, 350, 450, 500, 600, 700, 800, 900]);
        // One keyframe for the whole clip tells too little.
        let single: Vec<bool> = (0..1000).map(|it| it == 0).collect();
        assert_eq!(spread(&chosen, &single), [3, 93, 183, 273, 363, 453, 543, 633, 723, 813, 903]);
        // A clip without a mark of any keyframe: the frames themselves.
        assert_eq!(spread(&[4, 9], &[false; 10]), [4, 9]);
        assert!(spread(&[], &keyframes).is_empty());
    }
}
