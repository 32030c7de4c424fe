//! The camera's pitch, from the edges of the lane.

use crate::domain::{Camera, CellGrid, Degrees};

/// A pitch and how far the frames that gave it disagree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PitchEstimate {
    /// Median over the frames.
    pub pitch: Degrees,
    /// Half the spread between the quartiles, degrees.
    pub spread: f64,
    /// Frames used.
    pub n_frames: usize,
}

impl PitchEstimate {
    /// Standard deviation of the pitch of one frame about the estimate, from the quartiles.
    ///
    /// # Source
    ///
    /// Quartiles of a normal law lie 0.6745 standard deviations from its mean.
    #[must_use]
    pub fn sd(&self) -> Degrees {
        Degrees::of(self.spread / 0.6745)
    }
}

/// Rows of lane needed to draw its edges.
///
/// Chosen: a third of the grid's 40; fewer make the crossing of two nearly parallel lines wander.
const LEAST_ROWS: usize = 12;

/// Columns by which the middle of an edge may lie off the line through the whole of it.
///
/// Chosen: where a road bends, its edges meet off the horizon; half a column over the rows of a grid is
/// a radius of some hundred metres.
const MOST_BEND: f64 = 0.5;

/// How far the middle third of an edge lies off its line, less what both ends do, columns.
#[expect(clippy::cast_precision_loss, reason = "grids have some thousand cells")]
fn bend(points: &[(f64, f64)], (slope, start): (f64, f64)) -> f64 {
    let off = |part: &[(f64, f64)]| {
        part.iter().map(|it| it.1 - slope * it.0 - start).sum::<f64>() / part.len() as f64
    };
    let third = points.len() / 3;
    let (far, rest) = points.split_at(third);
    let (middle, near) = rest.split_at(rest.len() - third);
    (off(middle) - f64::midpoint(off(far), off(near))).abs()
}

/// Where the lane's two edges meet, in pixels of the frame.
///
/// Edges are fitted by least absolute residuals (two passes of weighted least squares) on the
/// rows where both lie inside the grid; where a share of a border cell is lane, the edge passes
/// through that share of it.
///
/// # Source
///
/// Vanishing point of parallel ground lines: Hartley and Zisserman, 2nd ed., 8.6.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "grids have some thousand cells")]
pub fn vanishing_point(grid: &CellGrid, lane_from: f32) -> Option<(f64, f64)> {
    let (columns, rows) = (grid.columns(), grid.rows());
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for row in 0..rows {
        let line = &grid.lane()[row * columns..(row + 1) * columns];
        let share = &grid.lane_share()[row * columns..(row + 1) * columns];
        let first = line.iter().position(|it| *it > lane_from);
        let last = line.iter().rposition(|it| *it > lane_from);
        let (Some(first), Some(last)) = (first, last) else { continue };
        let y = f64::from(u32::try_from(row).ok()?) + 0.5;
        // An edge on the border of the grid is the border, not the lane's.
        if first > 1 {
            let outside = f64::from(share[first - 1]);
            left.push((y, first as f64 + 1.0 - f64::from(share[first]) - outside));
        }
        if last + 2 < columns {
            let outside = f64::from(share[last + 1]);
            right.push((y, last as f64 + f64::from(share[last]) + outside));
        }
    }
    if left.len() < LEAST_ROWS || right.len() < LEAST_ROWS {
        return None;
    }
    let (a, b) = (fit(&left)?, fit(&right)?);
    if bend(&left, a).max(bend(&right, b)) > MOST_BEND {
        return None;
    }
    // x = slope * y + start on both edges.
    let closing = a.0 - b.0;
    if closing.abs() < 0.05 {
        return None;
    }
    let row = (b.1 - a.1) / closing;
    let column = a.0 * row + a.1;
    let region = grid.region();
    Some((
        region.left() + column * region.width() / columns as f64,
        region.top() + row * region.height() / rows as f64,
    ))
}

/// Slope and start of `x = slope * y + start` through points `(y, x)`, outliers weighing less.
fn fit(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let mut weights = vec![1.0; points.len()];
    let mut line = None;
    for _ in 0..4 {
        let total: f64 = weights.iter().sum();
        let mean = |pick: &dyn Fn(&(f64, f64)) -> f64| {
            points.iter().zip(&weights).map(|(it, w)| pick(it) * w).sum::<f64>() / total
        };
        let (y, x) = (mean(&|it| it.0), mean(&|it| it.1));
        let spread = mean(&|it| (it.0 - y).powi(2));
        if spread < 1e-9 {
            return None;
        }
        let slope = mean(&|it| (it.0 - y) * (it.1 - x)) / spread;
        let start = x - slope * y;
        line = Some((slope, start));
        for (weight, point) in weights.iter_mut().zip(points) {
            *weight = 1.0 / (0.25 + (point.1 - slope * point.0 - start).abs());
        }
    }
    line
}

/// Middle value; of an even number, the upper of the two.
///
/// # Panics
///
/// When there is none.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Half the distance between the quartiles.
///
/// # Panics
///
/// When there is no value.
pub fn quartile_spread(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    (values[n * 3 / 4] - values[n / 4]) / 2.0
}

/// How fast a quantity changes: the median of the slopes between pairs of points `(at, value)`; nought
/// for fewer than two.
///
/// # Source
///
/// Theil, 1950; Sen, « Estimates of the regression coefficient based on Kendall's tau », 1968.
#[must_use]
pub fn drift(points: &[(f64, f64)]) -> f64 {
    let mut slopes: Vec<f64> = Vec::new();
    for (rank, a) in points.iter().enumerate() {
        let later = points[rank + 1..].iter().filter(|it| it.0 > a.0);
        slopes.extend(later.map(|b| (b.1 - a.1) / (b.0 - a.0)));
    }
    if slopes.is_empty() { 0.0 } else { median(&mut slopes) }
}

/// The pitch that the lane's edges agree on over some frames of `size` pixels.
///
/// Nothing when fewer than three frames show both edges.
#[must_use]
pub fn estimate_pitch(
    grids: &[CellGrid],
    lane_from: f32,
    camera: &Camera,
    size: (f64, f64),
) -> Option<PitchEstimate> {
    let mut found: Vec<f64> = grids
        .iter()
        .filter_map(|it| vanishing_point(it, lane_from))
        .map(|(_, row)| camera.pitch_of_horizon(size, row).get())
        .collect();
    let n_frames = found.len();
    (n_frames >= 3).then(|| PitchEstimate {
        pitch: Degrees::of(median(&mut found)),
        spread: quartile_spread(&mut found),
        n_frames,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wild_point_does_not_turn_the_line() {
        let mut points: Vec<(f64, f64)> =
            (0..9).map(f64::from).map(|it| (it, 3.0 + 0.5 * it)).collect();
        points[4].1 = 90.0;
        assert!((drift(&points) - 0.5).abs() < 0.2, "{}", drift(&points));
        assert!(drift(&points[..1]).abs() < 1e-12);
    }
    use crate::domain::{GroundPoint, Horizon, Metres, PixelBox};

    /// A lane of 3 m seen by a camera, drawn into a grid.
    #[expect(clippy::cast_precision_loss, reason = "some thousand cells")]
    fn drawn(camera: &Camera, size: (f64, f64), region: PixelBox) -> CellGrid {
        let (columns, rows) = (64, 40);
        let mut lane = vec![0.0f32; columns * rows];
        for row in 0..rows {
            for column in 0..columns {
                let part = (0..16)
                    .filter(|it| {
                        let x = region.left()
                            + (column as f64 + (f64::from(*it % 4) + 0.5) / 4.0) * region.width()
                                / 64.0;
                        let y = region.top()
                            + (row as f64 + (f64::from(*it / 4) + 0.5) / 4.0) * region.height()
                                / 40.0;
                        camera.to_ground(size, x, y).is_some_and(|it| it.right.abs() < 1.5)
                    })
                    .count();
                lane[row * columns + column] = part as f32 / 16.0;
            }
        }
        let none = vec![0.0; columns * rows];
        CellGrid::new(
            columns,
            rows,
            region,
            [lane.clone(), none.clone(), none.clone(), lane, none.clone(), none],
        )
        .unwrap()
    }

    #[test]
    fn the_pitch_is_found_again_from_the_lane() {
        let size = (1280.0, 720.0);
        let region = PixelBox::new(0.0, 100.0, 992.0, 720.0).unwrap();
        for pitch in [7.0, 11.0, 16.0] {
            let make = |degrees| {
                Camera::new(
                    Metres::of(1.6),
                    Degrees::of(degrees),
                    Degrees::of(62.0),
                    Horizon::Configured,
                )
                .unwrap()
            };
            let grid = drawn(&make(pitch), size, region);
            let found = estimate_pitch(&vec![grid; 3], 0.5, &make(0.0), size).unwrap();
            assert!((found.pitch.get() - pitch).abs() < 0.6, "{pitch}: {found:?}");
            // A point 8 m ahead moves little.
            let seen = |camera: Camera| {
                camera.to_pixel(size, GroundPoint { ahead: 8.0, right: 0.0 }).unwrap().1
            };
            assert!((seen(make(pitch)) - seen(make(found.pitch.get()))).abs() < 14.0);
        }
    }

    #[test]
    fn no_lane_gives_no_pitch() {
        let region = PixelBox::new(0.0, 0.0, 64.0, 40.0).unwrap();
        let none = vec![0.0; 64 * 40];
        let grid = CellGrid::new(64, 40, region, std::array::from_fn(|_| none.clone())).unwrap();
        assert_eq!(vanishing_point(&grid, 0.5), None);
    }
}
