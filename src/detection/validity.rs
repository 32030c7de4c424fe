//! Whether a frame can be believed at all.

use super::surface::covered;
use crate::domain::{CellGrid, Image, Validity, ValiditySettings};
use crate::imaging::sharpness_and_light;

/// Least share of what lies between the lane's edges, row by row, that is lane.
///
/// Chosen: on 47 real frames and 20 rendered ones, upright frames gave 0.977 and more, the same upside
/// down 0.79 and less. The shape alone does not tell: the model expects a lane that widens, and finds
/// one in anything.
const LEAST_SOLID: f64 = 0.88;

/// Judges a frame of `width` pixels from the road region that the model saw and the grid it gave.
///
/// `lane_from` is the probability above which a cell is own lane.
#[must_use]
pub fn validity(
    width: u32,
    road: &Image,
    grid: &CellGrid,
    lane_from: f32,
    limits: &ValiditySettings,
) -> Validity {
    let (sharpness, light) = sharpness_and_light(road);
    let rows = lane_rows(grid, lane_from);
    if width < limits.widths.0 {
        Validity::TooSmall
    } else if width > limits.widths.1 {
        Validity::TooLarge
    } else if light < limits.darkest {
        Validity::TooDark
    } else if light > limits.brightest {
        Validity::OverExposed
    } else if sharpness < limits.least_sharpness {
        Validity::Blurred
    } else if sharpness > limits.most_sharpness {
        Validity::Noisy
    } else if share(&rows, grid.columns()) < limits.least_lane {
        Validity::LaneNotSeen
    } else if !widens(&rows) || solidity(&rows) < LEAST_SOLID {
        Validity::LaneMisshapen
    } else {
        covered(road, grid, lane_from, &limits.surface).unwrap_or(Validity::Valid)
    }
}

/// Own lane in one row of the grid: its cells, and those from the first to the last of them.
#[derive(Clone, Copy)]
struct LaneRow {
    cells: usize,
    span: usize,
}

/// Rows from the top.
fn lane_rows(grid: &CellGrid, lane_from: f32) -> Vec<LaneRow> {
    let row = |row: &[f32]| {
        let is = |it: &f32| *it > lane_from;
        let cells = row.iter().filter(|it| is(it)).count();
        let (first, last) = (row.iter().position(is), row.iter().rposition(is));
        LaneRow { cells, span: first.zip(last).map_or(0, |(first, last)| last + 1 - first) }
    };
    grid.lane().chunks_exact(grid.columns()).map(row).collect()
}

/// Share of all cells.
#[expect(clippy::cast_precision_loss, reason = "grids have some thousand cells")]
fn share(rows: &[LaneRow], columns: usize) -> f64 {
    rows.iter().map(|it| it.cells).sum::<usize>() as f64 / (rows.len() * columns) as f64
}

/// Mean over the rows that show lane of the share of its span that is lane.
#[expect(clippy::cast_precision_loss, reason = "grids have some thousand cells")]
fn solidity(rows: &[LaneRow]) -> f64 {
    let shares: Vec<f64> =
        rows.iter().filter(|it| it.cells > 0).map(|it| it.cells as f64 / it.span as f64).collect();
    shares.iter().sum::<f64>() / shares.len().max(1) as f64
}

/// Whether the lane is wider in the nearer half of its rows than in the farther.
fn widens(rows: &[LaneRow]) -> bool {
    let first = rows.iter().position(|it| it.cells > 0).unwrap_or(0);
    let last = rows.iter().rposition(|it| it.cells > 0).unwrap_or(0);
    let (far, near) = rows[first..=last].split_at((last - first).div_ceil(2));
    let sum = |rows: &[LaneRow]| rows.iter().map(|it| it.cells).sum::<usize>();
    // Means compared without dividing.
    sum(near) * far.len() > sum(far) * near.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{PixelBox, SurfaceRules};

    const LIMITS: ValiditySettings = ValiditySettings {
        widths: (16, 64),
        darkest: 20.0,
        brightest: 235.0,
        least_sharpness: 1.0,
        most_sharpness: 60.0,
        least_lane: 0.1,
        surface: SurfaceRules { snow: 0.6, shine: 0.08, wet_darkest: 130.0 },
        stained: 0.1,
    };

    /// A grid whose rows hold so many cells of lane, in their middle.
    fn lane(widths: [usize; 8]) -> CellGrid {
        let plane = widths.iter().flat_map(|it| {
            let start = (16 - it) / 2;
            (0..16).map(move |at| if (start..start + it).contains(&at) { 0.9 } else { 0.1 })
        });
        let plane: Vec<f32> = plane.collect();
        let region = PixelBox::new(0.0, 0.0, 32.0, 32.0).unwrap();
        CellGrid::new(16, 8, region, std::array::from_fn(|_| plane.clone())).unwrap()
    }

    #[test]
    fn each_reason_is_told() {
        let grain = |base: u8, depth: u8| {
            let rgb = (0..32 * 32 * 3)
                .map(|it| base.saturating_add(u8::from(it / 3 % 2 == 1) * depth))
                .collect();
            Image::new(32, 32, rgb).unwrap()
        };
        let flat = |grey: u8| Image::filled(32, 32, [grey; 3]);
        let road = [0, 2, 4, 6, 8, 10, 12, 14];
        let cases = [
            (32, flat(3), road, Validity::TooDark),
            (32, flat(250), road, Validity::OverExposed),
            (32, flat(120), road, Validity::Blurred),
            (32, grain(60, 130), road, Validity::Noisy),
            (32, grain(120, 8), [0; 8], Validity::LaneNotSeen),
            (32, grain(120, 8), [14, 12, 10, 8, 6, 4, 2, 0], Validity::LaneMisshapen),
            (32, grain(120, 8), [8; 8], Validity::LaneMisshapen),
            (32, grain(120, 8), road, Validity::Valid),
            // A bend, or a bonnet that hides the nearest rows.
            (32, grain(120, 8), [0, 3, 4, 6, 9, 12, 16, 0], Validity::Valid),
            (15, grain(120, 8), road, Validity::TooSmall),
            (65, grain(120, 8), road, Validity::TooLarge),
        ];
        for (width, image, widths, want) in cases {
            assert_eq!(validity(width, &image, &lane(widths), 0.5, &LIMITS), want, "{widths:?}");
        }
    }

    #[test]
    fn a_lane_in_tatters_is_none() {
        let whole = lane([0, 2, 4, 6, 8, 10, 12, 14]);
        let tatters = |it: usize, value: f32| if it % 3 == 1 { 0.1 } else { value };
        let plane: Vec<f32> =
            whole.lane().iter().enumerate().map(|(at, it)| tatters(at, *it)).collect();
        let torn =
            CellGrid::new(16, 8, whole.region(), std::array::from_fn(|_| plane.clone())).unwrap();
        assert!(solidity(&lane_rows(&whole, 0.5)) > 0.99);
        assert!(solidity(&lane_rows(&torn, 0.5)) < LEAST_SOLID);
    }
}
