//! Metres of the road plane as lines over a picture.

use crate::domain::{Camera, GroundPoint};
use serde::Serialize;

/// Lines across, metres ahead; and along, metres from the vehicle's axis.
///
/// Chosen: what is measured by default, and a lane with a metre on each side.
const AHEAD_M: std::ops::RangeInclusive<u8> = 4..=20;
const SIDE_M: i8 = 3;

/// A line, and whether it is one to be read first.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub path: String,
    pub strong: bool,
}

/// A number beside a line.
#[derive(Debug, Serialize)]
pub(super) struct Label {
    pub x: String,
    pub y: String,
    pub text: String,
}

/// A grid over a frame of `size` pixels.
pub(super) fn draw(camera: &Camera, size: (u32, u32)) -> (Vec<Line>, Vec<Label>) {
    let size = (f64::from(size.0), f64::from(size.1));
    let at = |ahead: f64, right: f64| camera.to_pixel(size, GroundPoint { ahead, right });
    let edge = f64::from(SIDE_M);
    let (mut lines, mut labels) = (Vec::new(), Vec::new());
    let mut draw = |from: Option<(f64, f64)>, to: Option<(f64, f64)>, strong: bool| {
        if let (Some(from), Some(to)) = (from, to) {
            let path = format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1);
            lines.push(Line { path, strong });
        }
    };
    for ahead in AHEAD_M {
        let strong = ahead % 5 == 0;
        let metres = f64::from(ahead);
        draw(at(metres, -edge), at(metres, edge), strong);
        let readable = |it: &(f64, f64)| (0.0..size.1).contains(&it.1);
        if let Some((x, y)) = at(metres, edge).filter(|it| strong && readable(it)) {
            let (x, y) = (format!("{:.1}", x.min(size.0 * 0.94) + 6.0), format!("{y:.1}"));
            labels.push(Label { x, y, text: format!("{ahead} m") });
        }
    }
    let (near, far) = (f64::from(*AHEAD_M.start()), f64::from(*AHEAD_M.end()));
    for right in -SIDE_M..=SIDE_M {
        let right_m = f64::from(right);
        draw(at(near, right_m), at(far, right_m), right == 0);
    }
    (lines, labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Degrees, Horizon, Metres};

    #[test]
    fn every_fifth_metre_is_named_and_lies_where_the_camera_sees_it() {
        let camera =
            Camera::new(Metres::of(1.6), Degrees::of(11.0), Degrees::of(62.0), Horizon::Configured)
                .unwrap();
        let (lines, labels) = draw(&camera, (1280, 720));
        assert_eq!(lines.len(), 17 + 7);
        let names: Vec<_> = labels.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(names, ["5 m", "10 m", "15 m", "20 m"]);
        let point = GroundPoint { ahead: 10.0, right: -3.0 };
        let (x, y) = camera.to_pixel((1280.0, 720.0), point).unwrap();
        let start = format!("M{x:.1} {y:.1}L");
        assert!(lines.iter().any(|it| it.strong && it.path.starts_with(&start)));
    }
}
