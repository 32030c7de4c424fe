//! How wide the own lane is on the ground.

use crate::domain::{Camera, CellGrid, Metres};

/// Where the lane's width is measured, metres ahead.
///
/// Chosen: nearer, its edges leave the frame of a low camera; farther, a cell is over a third of a
/// metre wide.
const AHEAD_M: (f64, f64) = (5.0, 12.0);

/// Rows that must show both edges.
///
/// Chosen: a cell's width is a tenth of the lane's; the median of four is within a twentieth.
const LEAST_ROWS: usize = 4;

/// The median width of the own lane between 5 and 12 m ahead, by the rows that show both its edges
/// inside the grid; nothing when fewer than four do.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "grids have some thousand cells")]
pub fn lane_width(
    grid: &CellGrid,
    lane_from: f32,
    camera: &Camera,
    size: (f64, f64),
) -> Option<Metres> {
    let columns = grid.columns();
    let mut widths = Vec::new();
    for row in 0..grid.rows() {
        let line = &grid.lane()[row * columns..][..columns];
        let share = &grid.lane_share()[row * columns..][..columns];
        let first = line.iter().position(|it| *it > lane_from);
        let last = line.iter().rposition(|it| *it > lane_from);
        let (Some(first), Some(last)) = (first, last) else { continue };
        if first < 2 || last + 2 >= columns {
            continue;
        }
        // Cells of the edges count for their share.
        let left = first as f64 + 1.0 - f64::from(share[first]) - f64::from(share[first - 1]);
        let right = last as f64 + f64::from(share[last]) + f64::from(share[last + 1]);
        let region = grid.region();
        let column = region.width() / columns as f64;
        let y = region.top() + (row as f64 + 0.5) * region.height() / grid.rows() as f64;
        let at = |x: f64| camera.to_ground(size, region.left() + x * column, y);
        let (Some(left), Some(right)) = (at(left), at(right)) else { continue };
        if (AHEAD_M.0..=AHEAD_M.1).contains(&left.ahead) {
            widths.push(right.right - left.right);
        }
    }
    widths.sort_by(f64::total_cmp);
    (widths.len() >= LEAST_ROWS).then(|| Metres::of(widths[widths.len() / 2]))
}

/// How far the lane is seen ahead, metres: the far edge of the last row that shows it without a break
/// from the nearest one; infinite when that is the last row within `far`.
///
/// A vehicle ahead, or a crest, ends it: what lies past is not seen, and says nothing.
#[must_use]
pub fn reach(
    grid: &CellGrid,
    lane_from: f32,
    camera: &Camera,
    size: (f64, f64),
    far: f64,
) -> Option<f64> {
    /// Chosen: two rows, so that a shade across the lane does not end it.
    const BREAK: usize = 2;
    let columns = grid.columns();
    let (mut reached, mut missing) = (None, 0);
    for row in (0..grid.rows()).rev() {
        let cell = grid.bounds(columns / 2, row);
        let x = f64::midpoint(cell.left(), cell.right());
        let Some(end) = camera.to_ground(size, x, cell.top()) else { break };
        let seen = grid.lane()[row * columns..][..columns].iter().filter(|it| **it > lane_from);
        if seen.count() >= 2 {
            (reached, missing) = (Some(end.ahead), 0);
        } else if reached.is_some() {
            missing += 1;
            if missing > BREAK {
                return reached;
            }
        }
        if end.ahead >= far {
            break;
        }
    }
    reached.map(|_| f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Degrees, Horizon, PixelBox};

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "some thousand cells")]
    fn a_drawn_lane_has_its_width() {
        let size = (1280.0, 720.0);
        let camera =
            Camera::new(Metres::of(1.6), Degrees::of(11.0), Degrees::of(62.0), Horizon::Configured)
                .unwrap();
        let region = PixelBox::new(0.0, 100.0, 992.0, 720.0).unwrap();
        let (columns, rows) = (64, 40);
        let mut lane = vec![0.0f32; columns * rows];
        for (cell, value) in lane.iter_mut().enumerate() {
            let (column, row) = (cell % columns, cell / columns);
            let inside = (0..64).filter(|it| {
                let part = |at: usize, of: u32, span: f64, n: f64| {
                    (at as f64 + (f64::from(of) + 0.5) / 8.0) * span / n
                };
                let x = region.left() + part(column, it % 8, region.width(), 64.0);
                let y = region.top() + part(row, it / 8, region.height(), 40.0);
                let ground = camera.to_ground(size, x, y);
                ground.is_some_and(|it| (-2.0..1.2).contains(&it.right))
            });
            *value = inside.count() as f32 / 64.0;
        }
        let none = vec![0.0; columns * rows];
        let planes = [lane.clone(), none.clone(), none.clone(), lane, none.clone(), none];
        let grid = CellGrid::new(columns, rows, region, planes).unwrap();
        let width = lane_width(&grid, 0.5, &camera, size).unwrap().get();
        assert!((width - 3.2).abs() < 0.08, "{width}");
        let empty = vec![0.0; columns * rows];
        let nothing =
            CellGrid::new(columns, rows, region, std::array::from_fn(|_| empty.clone())).unwrap();
        assert_eq!(lane_width(&nothing, 0.5, &camera, size), None);
    }
}
