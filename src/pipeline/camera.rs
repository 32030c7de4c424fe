//! The camera of a clip: what the survey file says, held against what the lane shows.

use super::frame::grid;
use super::models::Models;
use crate::detection::{drift, lane_width, median, quartile_spread, vanishing_point};
use crate::domain::{
    Camera, CameraSettings, CellGrid, Degrees, Finding, FindingKind, Metres, RawFrame,
};
use crate::ports::{FrameError, FrameSource};

/// Frames looked at, spread over the clip.
///
/// Chosen: a dozen gave a spread of 0.3 degree on a real section; each costs one inference. How
/// much fewer or more would change was not measured.
const FRAMES: usize = 12;

/// Fewest frames from which a pitch is told.
///
/// Chosen: three; a median of two is their mean.
const LEAST: usize = 3;

/// Rounds of estimation: the region given to the model depends on the pitch.
///
/// Chosen: two, so that the last looks at the region that the pitch calls for; more was not tried.
const ROUNDS: usize = 2;

/// A pitch that turned by more than this over a clip, and by more than its spread, is followed.
///
/// Chosen: half a degree, which moves what is seen at 10 m by a metre.
const LEAST_DRIFT_DEG: f64 = 0.5;

/// A configured pitch farther than this from the lane's, and than three spreads, is told.
///
/// Chosen: one degree; the lane's own estimate is within a third of that.
const LEAST_GAP_DEG: f64 = 1.0;

/// The camera of a clip, and how its pitch turns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClipCamera {
    /// At the middle of the clip.
    pub camera: Camera,
    /// Degrees a frame.
    slope: f64,
    /// The frame at which the pitch is that of the camera.
    middle: f64,
}

impl ClipCamera {
    const fn still(camera: Camera) -> Self {
        Self { camera, slope: 0.0, middle: 0.0 }
    }

    /// The camera at a frame of the clip.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "ranks stay far below 2^53")]
    pub fn at(&self, rank: u64) -> Camera {
        let turned = self.slope * (rank as f64 - self.middle);
        if turned == 0.0 {
            return self.camera;
        }
        let pitch = Degrees::of(self.camera.pitch().get() + turned);
        self.camera.with_pitch(pitch).unwrap_or(self.camera)
    }
}

/// What a few frames of a clip show.
struct Looked {
    size: (f64, f64),
    /// Rank and grid of each.
    grids: Vec<(f64, CellGrid)>,
}

/// The camera of a clip: its pitch that of the file, or of the lane's edges when the file gives none;
/// its height that of the file, or of the lane's known width. Nothing when the pitch cannot be told.
///
/// A file whose pitch is not the lane's is told, and kept. A pitch that turns over the clip, as that of a
/// slipping mount does, is followed when it is the lane's, told when it is the file's.
pub fn camera_of(
    source: &mut dyn FrameSource,
    chosen: &[u64],
    given: &CameraSettings,
    models: &Models<'_>,
    clip: &str,
    findings: &mut Vec<Finding>,
) -> Option<ClipCamera> {
    let ranks = spread(chosen, &source.timeline().keyframes);
    let lane_from = models.pavement.thresholds.lane;
    let mut camera = (!given.pitch_unknown).then(|| ClipCamera::still(given.camera));
    let rounds = if given.pitch_unknown { ROUNDS } else { 1 };
    let mut told = None;
    let mut looked = None;
    for _ in 0..rounds {
        let Some(seen) = look(source, &ranks, camera.as_ref(), models) else { break };
        let Some(estimate) = estimate(&seen, lane_from, &given.camera) else { break };
        if given.pitch_unknown {
            let Ok(better) = given.camera.with_pitch(Degrees::of(estimate.pitch)) else { break };
            let sd = Degrees::of(estimate.sd());
            let better = better.known_to(sd, given.camera.height_sd());
            let slope = if estimate.drifts() { estimate.slope } else { 0.0 };
            camera = Some(ClipCamera { camera: better, slope, middle: estimate.middle });
        }
        told = Some(estimate);
        looked = Some(seen);
    }
    tell(given, told.as_ref(), chosen.len(), clip, findings);
    let mut camera = camera?;
    if let (Some(lane), Some(seen)) = (given.lane_width, looked) {
        match height_of(&seen, &camera, lane, lane_from) {
            Some(better) => camera.camera = better,
            None => findings.push(Finding::loss(
                clip,
                FindingKind::HeightUnknown { assumed: given.camera.height() },
            )),
        }
    }
    Some(camera)
}

/// The pitch over a clip.
struct Estimate {
    pitch: f64,
    /// Half the distance of the quartiles.
    spread: f64,
    /// Degrees a frame.
    slope: f64,
    /// Degrees from the first frame looked at to the last.
    turned: f64,
    middle: f64,
    n_frames: usize,
}

impl Estimate {
    /// # Source
    ///
    /// Quartiles of a normal law lie 0.6745 standard deviations from its mean.
    fn sd(&self) -> f64 {
        self.spread / 0.6745
    }

    fn drifts(&self) -> bool {
        // Four deviations about the line: what twelve frames of a still camera do once in thousands.
        self.n_frames >= FRAMES / 2 && self.turned.abs() > LEAST_DRIFT_DEG.max(4.0 * self.sd())
    }
}

fn estimate(seen: &Looked, lane_from: f32, camera: &Camera) -> Option<Estimate> {
    let pitches: Vec<(f64, f64)> = seen
        .grids
        .iter()
        .filter_map(|(rank, grid)| {
            let (_, row) = vanishing_point(grid, lane_from)?;
            Some((*rank, camera.pitch_of_horizon(seen.size, row).get()))
        })
        .collect();
    if pitches.len() < LEAST {
        return None;
    }
    let slope = drift(&pitches);
    let (first, last) = (pitches[0].0, pitches[pitches.len() - 1].0);
    let middle = f64::midpoint(first, last);
    let turned = slope * (last - first);
    let mut values: Vec<f64> = pitches.iter().map(|it| it.1).collect();
    let whole = Estimate {
        pitch: median(&mut values),
        spread: quartile_spread(&mut values),
        slope,
        turned,
        middle,
        n_frames: values.len(),
    };
    // About its own line, a pitch that turns is less spread.
    let mut level: Vec<f64> = pitches.iter().map(|it| it.1 - slope * (it.0 - middle)).collect();
    let about =
        Estimate { pitch: median(&mut level), spread: quartile_spread(&mut level), ..whole };
    Some(if about.drifts() { about } else { whole })
}

fn tell(
    given: &CameraSettings,
    told: Option<&Estimate>,
    n_chosen: usize,
    clip: &str,
    findings: &mut Vec<Finding>,
) {
    let Some(it) = told else {
        if given.pitch_unknown {
            findings.push(Finding::loss(clip, FindingKind::PitchUnknown { n_frames: n_chosen }));
        }
        return;
    };
    let (degrees, spread, n_frames) = (it.pitch, it.spread, it.n_frames);
    if given.pitch_unknown {
        let kind = FindingKind::PitchEstimated { degrees, n_frames, spread };
        findings.push(Finding::note(clip, kind));
    } else {
        let configured = given.camera.pitch().get();
        if (degrees - configured).abs() > LEAST_GAP_DEG.max(3.0 * spread) {
            let kind = FindingKind::PitchDiffers { configured, degrees, spread };
            findings.push(Finding::loss(clip, kind));
        }
    }
    if it.drifts() {
        let kind = FindingKind::PitchDrifts { degrees: it.turned, followed: given.pitch_unknown };
        findings.push(Finding::note(clip, kind));
    }
}

/// The camera as high as the lane's known width makes it.
fn height_of(seen: &Looked, camera: &ClipCamera, lane: Metres, lane_from: f32) -> Option<Camera> {
    let mut found = camera.camera;
    // Widths are measured between given distances, which follow the height: a few rounds settle it.
    for _ in 0..3 {
        let mut widths: Vec<f64> = seen
            .grids
            .iter()
            .filter_map(|(_, grid)| lane_width(grid, lane_from, &found, seen.size))
            .map(Metres::get)
            .collect();
        if widths.len() < LEAST {
            return None;
        }
        let relative = quartile_spread(&mut widths) / 0.6745 / median(&mut widths);
        let height = found.height() * (lane.get() / median(&mut widths));
        let moved = Camera::new(height, found.pitch(), found.hfov(), found.horizon()).ok()?;
        found = moved.known_to(found.pitch_sd(), height * relative);
    }
    Some(found)
}

/// Grids of a few frames. They are decoded anew each round: one frame in memory at a time, whatever its
/// size; and keyframes only, which cost the decoding of nothing else.
#[expect(clippy::cast_precision_loss, reason = "ranks stay far below 2^53")]
fn look(
    source: &mut dyn FrameSource,
    ranks: &[u64],
    camera: Option<&ClipCamera>,
    models: &Models<'_>,
) -> Option<Looked> {
    let (mut grids, mut size) = (Vec::new(), None);
    let mut take = |frame: Result<RawFrame, FrameError>| {
        // What cannot be decoded here is reported when the whole clip is.
        if let Ok(frame) = frame {
            let image = frame.image();
            size = Some((f64::from(image.width()), f64::from(image.height())));
            let rank = frame.stamp.number;
            let camera = camera.map(|it| it.at(rank));
            let seen = grid(&frame, camera.as_ref(), models).ok();
            grids.extend(seen.map(|it| (rank as f64, it.1)));
        }
        true
    };
    // As above: what ends the clip early is told when the whole of it is decoded.
    let _told_later = source.decode(ranks, &mut take);
    Some(Looked { size: size?, grids })
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
    use crate::domain::Horizon;

    #[test]
    fn a_turning_camera_is_followed() {
        let camera =
            Camera::new(Metres::of(1.6), Degrees::of(8.0), Degrees::of(62.0), Horizon::FromLane);
        let turning = ClipCamera { camera: camera.unwrap(), slope: 0.001, middle: 500.0 };
        assert!((turning.at(500).pitch().get() - 8.0).abs() < 1e-12);
        assert!((turning.at(1500).pitch().get() - 9.0).abs() < 1e-12);
        assert_eq!(ClipCamera::still(turning.camera).at(1500), turning.camera);
    }

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
