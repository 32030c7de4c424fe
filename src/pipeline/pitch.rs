//! The pitch of a camera that the survey file does not know.

use super::frame::grid;
use super::models::Models;
use crate::detection::estimate_pitch;
use crate::domain::{Camera, CameraSettings, Finding, FindingKind};
use crate::ports::FrameSource;

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
    let step = chosen.len().div_ceil(FRAMES).max(1);
    let mut ranks: Vec<u64> = chosen.iter().step_by(step).copied().take(FRAMES).collect();
    ranks.dedup();
    let mut frames = Vec::new();
    // What cannot be decoded here is reported when the whole clip is.
    let _ = source.decode(&ranks, &mut |frame| {
        frames.extend(frame.ok());
        true
    });
    let mut camera: Option<Camera> = None;
    let mut told = None;
    for _ in 0..ROUNDS {
        let grids: Vec<_> = frames
            .iter()
            .filter_map(|it| grid(it, camera.as_ref(), models).ok().map(|it| it.1))
            .collect();
        let size = frames
            .first()
            .map(|it| (f64::from(it.image().width()), f64::from(it.image().height())))?;
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
