//! What a clip says of its own camera.

use super::camera::Camera;
use super::units::{Degrees, Metres, Seconds};
use std::sync::Arc;

/// What one frame says of the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameCalibration {
    /// Rank in the clip.
    pub number: u64,
    /// Position in the clip.
    pub at: Seconds,
    /// Pitch from where the lane's edges meet; nothing when both are not seen.
    pub pitch: Option<Degrees>,
    /// Width of the lane on the ground, by the camera in use.
    pub lane_width: Option<Metres>,
}

/// A clip's camera, as configured and as its frames show it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipCalibration {
    /// Name of the clip.
    pub clip: Arc<str>,
    /// The camera that a survey would use; nothing when its pitch is neither given nor to be seen.
    pub camera: Option<Camera>,
    /// Frames looked at, in order.
    pub frames: Vec<FrameCalibration>,
    /// Path of an anonymised frame from the output folder, its pixels across and down.
    pub picture: Option<(String, (u32, u32))>,
}

/// Median of some values, and half the distance between their quartiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The middle one.
    pub median: f64,
    /// Half of what lies between the quartiles.
    pub half_range: f64,
    /// How many there are.
    pub n: usize,
}

impl Spread {
    /// Of at least three values; nothing of fewer.
    #[must_use]
    pub fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let n = values.len();
        (n >= 3).then(|| Self {
            median: values[n / 2],
            half_range: (values[n * 3 / 4] - values[n / 4]) / 2.0,
            n,
        })
    }
}

impl ClipCalibration {
    /// Pitches of the frames that show both edges, degrees.
    #[must_use]
    pub fn pitch(&self) -> Option<Spread> {
        Spread::of(self.frames.iter().filter_map(|it| it.pitch.map(Degrees::get)))
    }

    /// Widths of the lane on the ground, metres.
    #[must_use]
    pub fn lane_width(&self) -> Option<Spread> {
        Spread::of(self.frames.iter().filter_map(|it| it.lane_width.map(Metres::get)))
    }

    /// The height that would make the lane as wide as it is known to be: lengths on the ground are
    /// in proportion to the camera's height.
    #[must_use]
    pub fn height_for(&self, lane_width: Metres) -> Option<Metres> {
        let measured = self.lane_width()?.median;
        let height = self.camera?.height().get();
        (measured > 0.0).then(|| Metres::of(height * lane_width.get() / measured))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Horizon;

    #[test]
    fn the_height_is_in_proportion_to_the_lane() {
        let camera =
            Camera::new(Metres::of(1.5), Degrees::of(10.0), Degrees::of(62.0), Horizon::Configured);
        let frame = |pitch: f64, width: f64| FrameCalibration {
            number: 0,
            at: Seconds::of(0.0),
            pitch: Some(Degrees::of(pitch)),
            lane_width: Some(Metres::of(width)),
        };
        let it = ClipCalibration {
            clip: "a.mp4".into(),
            camera: camera.ok(),
            frames: vec![frame(10.0, 3.0), frame(10.4, 3.1), frame(9.9, 2.9), frame(11.0, 3.0)],
            picture: None,
        };
        assert!((it.height_for(Metres::of(3.5)).unwrap().get() - 1.75).abs() < 1e-9);
        let pitch = it.pitch().unwrap();
        assert!((pitch.median - 10.4).abs() < 1e-9 && pitch.n == 4);
        assert_eq!(Spread::of([1.0, 2.0].into_iter()), None);
    }
}
