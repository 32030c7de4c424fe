//! The camera: where a pixel lies on the road.

use super::units::{Degrees, Metres};

/// Why a camera makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("camera {field}: found {found}, expected {expected}")]
pub struct CameraError {
    field: &'static str,
    found: f64,
    expected: &'static str,
}

/// How the pitch is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Horizon {
    /// Given in the survey file.
    Configured,
    /// Estimated from the lane's edges, clip by clip.
    FromLane,
}

/// A point of the road plane, in metres from the foot of the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroundPoint {
    /// Ahead, along the vehicle's axis.
    pub ahead: f64,
    /// To the right of the vehicle's axis.
    pub right: f64,
}

/// A pinhole above a plane road: height, pitch and field of view, no roll, no yaw.
///
/// # Source
///
/// Ground-plane homography: Hartley and Zisserman, « Multiple View Geometry », 2nd ed., 8.1.1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    height: Metres,
    pitch: Degrees,
    hfov: Degrees,
    horizon: Horizon,
    pitch_sd: Degrees,
    height_sd: Metres,
}

/// How far lengths on the ground may be wrong, because of the camera.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LengthDoubt {
    per_metre: f64,
    everywhere: f64,
}

impl LengthDoubt {
    /// Relative standard deviation for each metre ahead, and everywhere.
    #[must_use]
    pub const fn of(per_metre: f64, everywhere: f64) -> Self {
        Self { per_metre, everywhere }
    }

    /// Relative standard deviation for each metre ahead, and everywhere.
    #[must_use]
    pub const fn parts(&self) -> (f64, f64) {
        (self.per_metre, self.everywhere)
    }

    /// Relative standard deviation of lengths along the road, so many metres ahead.
    #[must_use]
    pub fn at(&self, ahead: f64) -> f64 {
        (self.per_metre * ahead).hypot(self.everywhere)
    }
}

impl Camera {
    /// A camera `height` above the road, looking down by `pitch`, with a horizontal field of view.
    ///
    /// # Errors
    ///
    /// When the height is not 0.3 to 5 m, the pitch not -10 to 60 degrees or the field of view not
    /// 20 to 150 degrees.
    pub fn new(
        height: Metres,
        pitch: Degrees,
        hfov: Degrees,
        horizon: Horizon,
    ) -> Result<Self, CameraError> {
        let check = |field, found: f64, low: f64, high: f64, expected| {
            if (low..=high).contains(&found) {
                Ok(())
            } else {
                Err(CameraError { field, found, expected })
            }
        };
        check("height_m", height.get(), 0.3, 5.0, "0.3 to 5 m above the road")?;
        check("pitch_deg", pitch.get(), -10.0, 60.0, "-10 to 60 degrees, positive downwards")?;
        check("hfov_deg", hfov.get(), 20.0, 150.0, "20 to 150 degrees across the frame")?;
        let (pitch_sd, height_sd) = (Degrees::of(0.0), Metres::ZERO);
        Ok(Self { height, pitch, hfov, horizon, pitch_sd, height_sd })
    }

    /// The same camera, its pitch and height known to these standard deviations.
    #[must_use]
    pub const fn known_to(self, pitch_sd: Degrees, height_sd: Metres) -> Self {
        Self { pitch_sd, height_sd, ..self }
    }

    /// Standard deviation of the pitch.
    #[must_use]
    pub const fn pitch_sd(&self) -> Degrees {
        self.pitch_sd
    }

    /// Standard deviation of the height.
    #[must_use]
    pub const fn height_sd(&self) -> Metres {
        self.height_sd
    }

    /// What the doubt about pitch and height does to lengths.
    ///
    /// A length along the road, small before its distance, is as h / sin² of the angle it is seen under:
    /// its relative error is twice that of the pitch over the tangent of that angle, which is the
    /// distance over the height; and that of the height.
    #[must_use]
    pub fn length_doubt(&self) -> LengthDoubt {
        let height = self.height.get();
        LengthDoubt {
            per_metre: 2.0 * self.pitch_sd.get().to_radians() / height,
            everywhere: self.height_sd.get() / height,
        }
    }

    /// Height of the lens above the road.
    #[must_use]
    pub const fn height(&self) -> Metres {
        self.height
    }
    /// Angle below the horizontal.
    #[must_use]
    pub const fn pitch(&self) -> Degrees {
        self.pitch
    }
    /// Field of view across the frame.
    #[must_use]
    pub const fn hfov(&self) -> Degrees {
        self.hfov
    }
    /// How the pitch is known.
    #[must_use]
    pub const fn horizon(&self) -> Horizon {
        self.horizon
    }

    /// The same camera with a pitch estimated from the lane.
    ///
    /// # Errors
    ///
    /// As [`Camera::new`].
    pub fn with_pitch(&self, pitch: Degrees) -> Result<Self, CameraError> {
        let camera = Self::new(self.height, pitch, self.hfov, Horizon::FromLane)?;
        Ok(camera.known_to(self.pitch_sd, self.height_sd))
    }

    /// Focal length for a frame `width_px` across, in pixels.
    #[must_use]
    pub fn focal_px(&self, width_px: f64) -> f64 {
        width_px / 2.0 / (self.hfov.get().to_radians() / 2.0).tan()
    }

    /// Where the pixel position (`x`, `y`) of a `size` frame meets the road, if it does.
    ///
    /// Positions are continuous: the centre of the first pixel is (0.5, 0.5).
    #[must_use]
    pub fn to_ground(&self, size: (f64, f64), x: f64, y: f64) -> Option<GroundPoint> {
        let focal = self.focal_px(size.0);
        let (sin, cos) = self.pitch.get().to_radians().sin_cos();
        let (across, below) = ((x - size.0 / 2.0) / focal, (y - size.1 / 2.0) / focal);
        let down = sin + below * cos;
        // A ray less than half a degree below the horizontal meets the road past 100 m.
        // Chosen: far past anything measured; it only keeps the division sane.
        (down > 0.01).then(|| GroundPoint {
            ahead: self.height.get() * (cos - below * sin) / down,
            right: self.height.get() * across / down,
        })
    }

    /// The pixel position that sees a point of the road, if it lies before the camera.
    #[must_use]
    pub fn to_pixel(&self, size: (f64, f64), point: GroundPoint) -> Option<(f64, f64)> {
        let focal = self.focal_px(size.0);
        let (sin, cos) = self.pitch.get().to_radians().sin_cos();
        let depth = point.ahead * cos + self.height.get() * sin;
        let below = self.height.get() * cos - point.ahead * sin;
        (depth > 1e-6).then(|| {
            (size.0 / 2.0 + focal * point.right / depth, size.1 / 2.0 + focal * below / depth)
        })
    }

    /// Row of the horizon in a frame of `size`, in pixels from the top; it may lie outside.
    #[must_use]
    pub fn horizon_row(&self, size: (f64, f64)) -> f64 {
        size.1 / 2.0 - self.focal_px(size.0) * self.pitch.get().to_radians().tan()
    }

    /// The pitch that puts the horizon on a row: the inverse of [`Camera::horizon_row`].
    #[must_use]
    pub fn pitch_of_horizon(&self, size: (f64, f64), row: f64) -> Degrees {
        Degrees::of(((size.1 / 2.0 - row) / self.focal_px(size.0)).atan().to_degrees())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIZE: (f64, f64) = (1280.0, 720.0);

    fn camera(pitch: f64) -> Camera {
        Camera::new(Metres::of(1.6), Degrees::of(pitch), Degrees::of(62.0), Horizon::Configured)
            .unwrap()
    }

    #[test]
    fn forty_five_degrees_down_sees_one_height_ahead() {
        let seen = camera(45.0).to_ground(SIZE, 640.0, 360.0).unwrap();
        assert!((seen.ahead - 1.6).abs() < 1e-9 && seen.right.abs() < 1e-9, "{seen:?}");
    }

    #[test]
    fn the_sky_is_not_on_the_road() {
        let camera = camera(11.0);
        assert!(camera.to_ground(SIZE, 640.0, camera.horizon_row(SIZE) - 1.0).is_none());
        let pitch = camera.pitch_of_horizon(SIZE, camera.horizon_row(SIZE));
        assert!((pitch.get() - 11.0).abs() < 1e-9);
    }

    #[test]
    fn a_camera_in_the_clouds_is_refused() {
        let refused = Camera::new(
            Metres::of(160.0),
            Degrees::of(5.0),
            Degrees::of(62.0),
            Horizon::Configured,
        )
        .unwrap_err();
        assert_eq!(
            refused.to_string(),
            "camera height_m: found 160, expected 0.3 to 5 m above the road"
        );
    }

    #[test]
    fn the_doubt_of_lengths_is_that_of_a_pitch_moved() {
        let sd = Degrees::of(0.2);
        let doubt = camera(11.0).known_to(sd, Metres::ZERO).length_doubt();
        let depth = |pitch: f64, ahead: f64| {
            let rows = [ahead - 0.1, ahead + 0.1].map(|at| {
                let point = GroundPoint { ahead: at, right: 0.0 };
                camera(11.0).to_pixel(SIZE, point).unwrap().1
            });
            let seen = rows.map(|row| camera(pitch).to_ground(SIZE, 640.0, row).unwrap().ahead);
            seen[1] - seen[0]
        };
        for ahead in [5.0, 10.0, 15.0] {
            let moved = (depth(11.2, ahead) / depth(10.8, ahead)).ln().abs() / 2.0;
            assert!((moved / doubt.at(ahead) - 1.0).abs() < 0.1, "{ahead}: {moved}");
        }
        let tall = camera(11.0).known_to(Degrees::of(0.0), Metres::of(0.08)).length_doubt();
        assert!((tall.at(9.0) - 0.05).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn pixel_and_ground_undo_each_other(ahead in 2.0..40.0_f64, right in -6.0..6.0_f64, pitch in 0.0..30.0_f64) {
            let camera = camera(pitch);
            let (x, y) = camera.to_pixel(SIZE, GroundPoint { ahead, right }).unwrap();
            let back = camera.to_ground(SIZE, x, y).unwrap();
            prop_assert!((back.ahead - ahead).abs() < 1e-6 && (back.right - right).abs() < 1e-6);
        }
    }
}
