//! What the pavement model claims about one frame: a grid of cells over the road.

use super::image::PixelBox;

/// Why a grid is malformed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a grid of {columns} x {rows} cells needs {expected} values, {found} came")]
pub struct CellGridError {
    columns: usize,
    rows: usize,
    expected: usize,
    found: usize,
}

/// Six values for each cell of a grid laid over a region of the frame.
///
/// # Units
///
/// Probabilities and shares, 0 to 1; row-major, rows from the top.
#[derive(Clone, Debug, PartialEq)]
pub struct CellGrid {
    columns: usize,
    rows: usize,
    region: PixelBox,
    planes: [Vec<f32>; 6],
}

impl CellGrid {
    /// Planes in the order lane, crack, pothole, then the shares of the same three.
    ///
    /// # Errors
    ///
    /// When a plane does not hold `columns * rows` values.
    pub fn new(
        columns: usize,
        rows: usize,
        region: PixelBox,
        planes: [Vec<f32>; 6],
    ) -> Result<Self, CellGridError> {
        let expected = columns * rows;
        match planes.iter().find(|it| it.len() != expected || expected == 0) {
            None => Ok(Self { columns, rows, region, planes }),
            Some(bad) => Err(CellGridError { columns, rows, expected, found: bad.len() }),
        }
    }

    /// Cells across.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns
    }
    /// Cells down.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }
    /// The part of the frame that the grid covers, in pixels.
    #[must_use]
    pub const fn region(&self) -> PixelBox {
        self.region
    }
    /// Probability that the cell is the vehicle's own lane.
    #[must_use]
    pub fn lane(&self) -> &[f32] {
        &self.planes[0]
    }
    /// Probability that the cell is cracked.
    #[must_use]
    pub fn crack(&self) -> &[f32] {
        &self.planes[1]
    }
    /// Probability that the cell lies in a pothole.
    #[must_use]
    pub fn pothole(&self) -> &[f32] {
        &self.planes[2]
    }
    /// Expected share of the cell that is own lane.
    #[must_use]
    pub fn lane_share(&self) -> &[f32] {
        &self.planes[3]
    }
    /// Expected share of the cell covered by crack strokes.
    #[must_use]
    pub fn crack_share(&self) -> &[f32] {
        &self.planes[4]
    }
    /// Expected share of the cell that is pothole.
    #[must_use]
    pub fn pothole_share(&self) -> &[f32] {
        &self.planes[5]
    }

    /// The cell's rectangle in the frame, in pixels.
    ///
    /// # Panics
    ///
    /// Outside the grid.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "grids have some thousand cells")]
    pub fn bounds(&self, column: usize, row: usize) -> PixelBox {
        assert!(column < self.columns && row < self.rows, "cell outside the grid");
        let width = self.region.width() / self.columns as f64;
        let height = self.region.height() / self.rows as f64;
        let left = self.region.left() + width * column as f64;
        let top = self.region.top() + height * row as f64;
        PixelBox::new(left, top, left + width, top + height).expect("a region is never empty")
    }
}
