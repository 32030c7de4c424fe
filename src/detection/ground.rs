//! The cells of a frame laid on the road, and what the lane's edges are there.

use super::nature::InLane;
use crate::domain::{Camera, CellGrid, MeasureSettings};

/// One cell on the ground: a trapezium, taken as the rectangle through its middle.
#[derive(Clone, Copy, Debug)]
pub struct Patch {
    pub near: f64,
    pub far: f64,
    pub left: f64,
    pub right: f64,
}

impl Patch {
    pub fn depth(&self) -> f64 {
        self.far - self.near
    }
    pub fn width(&self) -> f64 {
        self.right - self.left
    }
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.near, self.far)
    }
    pub fn area(&self) -> f64 {
        self.depth() * self.width()
    }
}

/// Every cell on the ground; nothing out of the limits.
pub fn lay_out(
    grid: &CellGrid,
    camera: &Camera,
    frame: (f64, f64),
    settings: &MeasureSettings,
) -> Vec<Option<Patch>> {
    let mut patches = Vec::with_capacity(grid.columns() * grid.rows());
    for row in 0..grid.rows() {
        for column in 0..grid.columns() {
            let cell = grid.bounds(column, row);
            let (x, y) = (
                f64::midpoint(cell.left(), cell.right()),
                f64::midpoint(cell.top(), cell.bottom()),
            );
            let ground = |x, y| camera.to_ground(frame, x, y);
            patches.push((|| {
                let middle = ground(x, y)?;
                if !(settings.near..=settings.far).contains(&middle.ahead) {
                    return None;
                }
                Some(Patch {
                    near: ground(x, cell.bottom())?.ahead,
                    far: ground(x, cell.top())?.ahead,
                    left: ground(cell.left(), y)?.right,
                    right: ground(cell.right(), y)?.right,
                })
            })());
        }
    }
    patches
}

/// A row of a group: its cells' depth and outer edges, weighted centre across.
pub struct Row {
    pub rank: usize,
    pub near: f64,
    pub far: f64,
    pub left: f64,
    pub right: f64,
    pub centre: f64,
    pub width: f64,
    pub marked: f64,
}

/// The rows of a group, from the top of the frame: the first is the farthest.
pub fn rows_of(
    patches: &[Option<Patch>],
    group: &[usize],
    columns: usize,
    share: &[f32],
) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for cells in group.chunk_by(|a, b| a / columns == b / columns) {
        let seen: Vec<(Patch, f64)> = cells
            .iter()
            .filter_map(|it| patches[*it].map(|patch| (patch, f64::from(share[*it]).max(1e-3))))
            .collect();
        let (Some(first), Some(last)) = (seen.first(), seen.last()) else { continue };
        let weight: f64 = seen.iter().map(|it| it.1).sum();
        let centre =
            seen.iter().map(|(it, w)| f64::midpoint(it.left, it.right) * w).sum::<f64>() / weight;
        rows.push(Row {
            rank: cells[0] / columns,
            near: first.0.near,
            far: first.0.far,
            left: first.0.left,
            right: last.0.right,
            centre,
            width: first.0.width(),
            marked: seen.iter().map(|it| it.0.area()).sum(),
        });
    }
    rows
}

/// The lane's edges on the ground, row by row, where the frame shows them.
pub struct LaneEdges(Vec<(Option<f64>, Option<f64>)>);

impl LaneEdges {
    /// Edges of the cells taken for the lane. One on the border of the grid is the border's.
    pub fn of(grid: &CellGrid, patches: &[Option<Patch>], from: f32) -> Self {
        let columns = grid.columns();
        let edges = (0..grid.rows()).map(|row| {
            let line = &grid.lane()[row * columns..][..columns];
            let patch = |column: usize| patches[row * columns + column];
            let first = line.iter().position(|it| *it > from).filter(|it| *it > 0);
            let last = line.iter().rposition(|it| *it > from).filter(|it| it + 1 < columns);
            let left = first.and_then(patch).map(|it| it.left);
            (left, last.and_then(patch).map(|it| it.right))
        });
        Self(edges.collect())
    }

    /// Where the rows of a group lie in the lane, on average.
    ///
    /// Vehicles drive on the right: the outer edge is the right one.
    #[expect(clippy::cast_precision_loss, reason = "a grid has some thousand cells")]
    pub fn place(&self, rows: &[Row]) -> InLane {
        let mean = |values: Vec<f64>| {
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
        };
        let off_centre = rows.iter().filter_map(|it| {
            let (left, right) = self.0[it.rank];
            Some(it.centre - f64::midpoint(left?, right?))
        });
        let to_edge = rows.iter().filter_map(|it| Some(self.0[it.rank].1? - it.centre));
        let to_axis = rows.iter().map(|it| it.centre);
        InLane {
            off_centre: mean(off_centre.collect())
                .or_else(|| mean(to_axis.collect()))
                .unwrap_or(0.0),
            to_edge: mean(to_edge.collect()),
        }
    }
}
