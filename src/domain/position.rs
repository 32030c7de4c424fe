//! Where things are on Earth, and the vehicle's track.

use super::units::{Metres, Seconds};

/// Why coordinates are not a position.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("longitude {longitude}, latitude {latitude}: expected -180 to 180 and -90 to 90")]
pub struct BoundsError {
    longitude: f64,
    latitude: f64,
}

/// A position in degrees, EPSG:4326.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wgs84 {
    longitude: f64,
    latitude: f64,
}

impl Wgs84 {
    /// # Errors
    ///
    /// When a coordinate is not finite or outside its range.
    pub fn new(longitude: f64, latitude: f64) -> Result<Self, BoundsError> {
        if (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude) {
            Ok(Self { longitude, latitude })
        } else {
            Err(BoundsError { longitude, latitude })
        }
    }

    /// Degrees east.
    #[must_use]
    pub const fn longitude(self) -> f64 {
        self.longitude
    }
    /// Degrees north.
    #[must_use]
    pub const fn latitude(self) -> f64 {
        self.latitude
    }
}

/// A position in metres in the plane of the network: see [`Plane`](super::projection::Plane).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PlanePoint {
    /// Easting, metres.
    pub x: f64,
    /// Northing, metres.
    pub y: f64,
}

impl PlanePoint {
    /// Straight distance in the projection plane.
    #[must_use]
    pub fn distance(self, other: Self) -> Metres {
        Metres::of((self.x - other.x).hypot(self.y - other.y))
    }
}

/// One position of the receiver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fix {
    /// When, in seconds since 1970-01-01 UTC.
    pub time: Seconds,
    /// Where.
    pub position: Wgs84,
}

/// The receiver's positions, in strictly increasing time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    fixes: Vec<Fix>,
}

impl Track {
    /// Keeps fixes in time order; of several at one instant, the first.
    #[must_use]
    pub fn new(mut fixes: Vec<Fix>) -> Self {
        fixes.sort_by(|a, b| a.time.get().total_cmp(&b.time.get()));
        fixes.dedup_by(|later, earlier| later.time == earlier.time);
        Self { fixes }
    }

    /// Every fix, in time order.
    #[must_use]
    pub fn fixes(&self) -> &[Fix] {
        &self.fixes
    }
}
