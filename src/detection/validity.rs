//! Whether a frame can be believed at all.

use crate::domain::{Image, Validity, ValiditySettings};
use crate::imaging::sharpness_and_light;

/// Judges the road region of one frame, given the share of its cells that are own lane.
#[must_use]
pub fn validity(road: &Image, lane_share: f64, limits: &ValiditySettings) -> Validity {
    let (sharpness, light) = sharpness_and_light(road);
    if light < limits.darkest {
        Validity::TooDark
    } else if light > limits.brightest {
        Validity::OverExposed
    } else if sharpness < limits.least_sharpness {
        Validity::Blurred
    } else if lane_share < limits.least_lane {
        Validity::LaneNotSeen
    } else {
        Validity::Valid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: ValiditySettings =
        ValiditySettings { darkest: 20.0, brightest: 235.0, least_sharpness: 1.0, least_lane: 0.1 };

    #[test]
    fn each_reason_is_told() {
        let grain = |base: u8| {
            let rgb = (0..32 * 32 * 3)
                .map(|it| base.saturating_add(u8::from(it / 3 % 2 == 1) * 8))
                .collect();
            Image::new(32, 32, rgb).unwrap()
        };
        let cases = [
            (Image::filled(32, 32, [3; 3]), 0.5, Validity::TooDark),
            (Image::filled(32, 32, [250; 3]), 0.5, Validity::OverExposed),
            (Image::filled(32, 32, [120; 3]), 0.5, Validity::Blurred),
            (grain(120), 0.0, Validity::LaneNotSeen),
            (grain(120), 0.5, Validity::Valid),
        ];
        for (image, lane, want) in cases {
            assert_eq!(validity(&image, lane, &LIMITS), want);
        }
    }
}
