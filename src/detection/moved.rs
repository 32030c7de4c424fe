//! How the vehicle moved between two frames: metres ahead by the road, degrees of turn by the distance.

use crate::domain::{Camera, GroundPoint, Image, PixelBox, Seconds, SeenMotion};
use crate::imaging::{crop_resize, shift};
use std::ops::Range;

/// Pixels across at which the road is looked at.
///
/// Chosen: a decimetre of road at 10 m is then some three pixels wide; wider costs more and shows the
/// same move.
const ACROSS_PX: u32 = 640;

/// Nearest and farthest road looked at, metres ahead.
///
/// Chosen: past most bonnets, and near enough for a decimetre to be seen along the road. Ten metres are
/// what is left to compare between frames a fifth of a second apart at 30 m/s.
const ROAD_M: (f64, f64) = (5.0, 15.0);

/// Half of the width of road looked at, metres.
///
/// Chosen: the own lane of a narrow road.
const HALF_WIDTH_M: f64 = 1.5;

/// Length and width of what is compared at once, metres.
///
/// Chosen: about what a pixel covers at 10 m.
const STEP_M: f64 = 0.1;

/// Half of the length of road over which light is evened out, metres.
///
/// Chosen: shadows and changes of surface go, joints and aggregate stay.
const EVEN_M: f64 = 1.0;

/// Rows of the frame that show the distance, in shares of its height below its horizon.
///
/// Chosen: trees, hills and buildings rather than the sky or the road.
const DISTANCE: (f64, f64) = (-0.12, 0.02);

/// Columns of the frame that show the distance, in shares of its width.
///
/// Chosen: what stands beside the road leaves the frame at its sides.
const MIDDLE: (f64, f64) = (0.12, 0.88);

/// Columns and rows to which the distance is reduced.
///
/// Chosen: a column is then about a tenth of a degree.
const DISTANCE_PX: (u32, u32) = (512, 8);

/// Half of the columns over which light is evened out.
///
/// Chosen: some four degrees, so that the sky's slope goes and trees stay.
const EVEN_COLUMNS: usize = 40;

/// Fastest move and turn that are sought, metres and degrees per second.
///
/// Chosen: 160 km/h; a hairpin driven fast is half of that turn.
const FASTEST: (f64, f64) = (45.0, 60.0);

/// Lowest correlation that counts, and least by which it must stand out from those elsewhere.
///
/// Chosen: on frames of a real road, what passes repeats from pair to pair within a tenth.
const CLEAR: (f64, f64) = (0.3, 0.02);

/// What one frame shows of the road and of the distance, light evened out.
#[derive(Clone, Debug, PartialEq)]
pub struct MotionView {
    at: Seconds,
    /// Lines across the road, the farthest first.
    road: Vec<f32>,
    /// Columns, from the left.
    distance: Vec<f32>,
    /// Degrees that a column covers.
    column_deg: f64,
}

impl MotionView {
    /// A frame shown at an instant of its clip; nothing when its size allows no cut.
    #[must_use]
    pub fn of(image: &Image, camera: &Camera, at: Seconds) -> Option<Self> {
        let size = (f64::from(image.width()), f64::from(image.height()));
        let (distance, column_deg) = distance(image, camera, size)?;
        Some(Self { at, road: road(image, camera, size)?, distance, column_deg })
    }

    /// How the vehicle moved since `before`.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "some hundred lines and columns")]
    pub fn since(&self, before: &Self) -> SeenMotion {
        let apart = (self.at - before.at).get();
        let at = Seconds::of(f64::midpoint(self.at.get(), before.at.get()));
        if apart <= 0.0 || self.road.len() != before.road.len() {
            return SeenMotion { at, forward_m_s: None, turn_deg_s: None };
        }
        let most = (FASTEST.0 * apart / STEP_M) as isize + 1;
        let ahead = clear(&before.road, &self.road, across(), -4..most);
        let most = (FASTEST.1 * apart / self.column_deg) as isize + 2;
        let rows = DISTANCE_PX.1 as usize;
        let aside = clear(&before.distance, &self.distance, rows, -most..most);
        SeenMotion {
            at,
            forward_m_s: ahead.map(|it| it * STEP_M / apart),
            // What stands ahead goes to the left as the vehicle turns clockwise.
            turn_deg_s: aside.map(|it| -it * self.column_deg / apart),
        }
    }
}

fn clear(before: &[f32], after: &[f32], width: usize, range: Range<isize>) -> Option<f64> {
    let found = shift(before, after, width, range.start..=range.end)?;
    let stands_out = found.peak >= CLEAR.0 && found.peak - found.elsewhere >= CLEAR.1;
    stands_out.then_some(found.lines)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a constant")]
fn steps(metres: f64) -> usize {
    (metres / STEP_M).round() as usize
}

fn across() -> usize {
    steps(2.0 * HALF_WIDTH_M)
}

/// The road from above, light evened out along it.
#[expect(clippy::cast_precision_loss, reason = "some hundred lines")]
fn road(image: &Image, camera: &Camera, size: (f64, f64)) -> Option<Vec<f32>> {
    // What lies under the frame would be as still as the frame's edge.
    let nearest = camera.to_ground(size, size.0 / 2.0, size.1 - 2.0)?.ahead.max(ROAD_M.0);
    if nearest > f64::midpoint(ROAD_M.0, ROAD_M.1) {
        return None;
    }
    let top = camera.to_pixel(size, GroundPoint { ahead: ROAD_M.1 + 1.0, right: 0.0 })?.1;
    let part = PixelBox::new(0.0, top.max(0.0), size.0, size.1)?;
    let scale = f64::from(ACROSS_PX.min(image.width())) / size.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows")]
    let down = ((part.height() * scale).round() as u32).max(2);
    let small = crop_resize(image, &part, ACROSS_PX.min(image.width()), down).ok()?;
    let grey = grey(&small);
    let (n_lines, n_across) = (steps(ROAD_M.1 - nearest), across());
    let mut lines = Vec::with_capacity(n_lines * n_across);
    let kept = (f64::from(small.width()), f64::from(down));
    let ratio = (kept.0 / part.width(), kept.1 / part.height());
    for line in 0..n_lines {
        let ahead = ROAD_M.1 - (line as f64 + 0.5) * STEP_M;
        for column in 0..n_across {
            let right = (column as f64 + 0.5) * STEP_M - HALF_WIDTH_M;
            let (x, y) = camera.to_pixel(size, GroundPoint { ahead, right })?;
            let (x, y) = ((x - part.left()) * ratio.0, (y - part.top()) * ratio.1);
            lines.push(bilinear(&grey, small.width() as usize, down as usize, x, y));
        }
    }
    even(&mut lines, n_across, steps(EVEN_M));
    Some(lines)
}

/// The distance, column by column, light evened out across it; degrees that a column covers.
fn distance(image: &Image, camera: &Camera, size: (f64, f64)) -> Option<(Vec<f32>, f64)> {
    let horizon = camera.horizon_row(size).clamp(-0.05 * size.1, 0.9 * size.1);
    let row = |share: f64| (horizon + share * size.1).clamp(0.0, size.1);
    let part =
        PixelBox::new(MIDDLE.0 * size.0, row(DISTANCE.0), MIDDLE.1 * size.0, row(DISTANCE.1))?;
    let (columns, rows) = DISTANCE_PX;
    let grey = grey(&crop_resize(image, &part, columns, rows).ok()?);
    let (columns, rows) = (columns as usize, rows as usize);
    let at = |place: usize| grey[place % rows * columns + place / rows];
    let mut turned: Vec<f32> = (0..columns * rows).map(at).collect();
    even(&mut turned, rows, EVEN_COLUMNS);
    let column_px = part.width() / f64::from(DISTANCE_PX.0);
    Some((turned, (column_px / camera.focal_px(size.0)).to_degrees()))
}

fn grey(image: &Image) -> Vec<f32> {
    let luma = |[r, g, b]: &[u8; 3]| {
        // Source: Rec. 601 luma.
        0.299 * f32::from(*r) + 0.587 * f32::from(*g) + 0.114 * f32::from(*b)
    };
    image.rgb().as_chunks::<3>().0.iter().map(luma).collect()
}

/// The grey at a place, the centre of the first pixel being (0.5, 0.5); the nearest outside.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the image")]
#[expect(clippy::cast_precision_loss, reason = "sizes are small")]
fn bilinear(grey: &[f32], width: usize, height: usize, x: f64, y: f64) -> f32 {
    let (x, y) = (x - 0.5, y - 0.5);
    let x = x.clamp(0.0, (width - 1) as f64);
    let y = y.clamp(0.0, (height - 1) as f64);
    let (left, top) = (x as usize, y as usize);
    let (right, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (u, v) = ((x - left as f64) as f32, (y - top as f64) as f32);
    let row = |y: usize| grey[y * width + left] * (1.0 - u) + grey[y * width + right] * u;
    row(top) * (1.0 - v) + row(below) * v
}

/// Takes from each value the mean of those before and after it in its column, `half` lines each way.
#[expect(clippy::cast_precision_loss, reason = "some hundred lines")]
fn even(lines: &mut [f32], width: usize, half: usize) {
    let n_lines = lines.len() / width;
    for column in 0..width {
        let mut sums = Vec::with_capacity(n_lines + 1);
        let mut sum = 0.0;
        sums.push(sum);
        for line in 0..n_lines {
            sum += lines[line * width + column];
            sums.push(sum);
        }
        for line in 0..n_lines {
            let (from, to) = (line.saturating_sub(half), (line + half + 1).min(n_lines));
            lines[line * width + column] -= (sums[to] - sums[from]) / (to - from) as f32;
        }
    }
}
