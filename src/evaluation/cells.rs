//! From a mask of pixels to the cells a model speaks of.

use crate::domain::{ClassMask, PixelBox, PixelClass};

/// Shares of a cell from which it is lane, crack or pothole.
///
/// Source: the measure of the feasibility run that trained networks are compared with: a crack is a
/// stroke two or three pixels wide, and crosses a cell of 256 pixels over at least four.
const LEAST_SHARE: [f64; 3] = [0.5, 0.015, 0.15];

/// What people drew, cell by cell of a grid: lane, crack, pothole; row-major, rows from the top.
#[derive(Clone, Debug, PartialEq)]
pub struct CellTruth {
    /// Whether the cell is of each class, in the order lane, crack, pothole.
    pub planes: [Vec<bool>; 3],
    /// Share of the cell that each covers.
    pub shares: [Vec<f32>; 3],
}

/// Counts the drawn pixels under each cell of a grid of `columns` by `rows` laid over `region`.
///
/// Pixels that a cell's edge crosses count by their part inside.
#[must_use]
pub fn cell_truth(mask: &ClassMask, region: &PixelBox, columns: usize, rows: usize) -> CellTruth {
    let across = edges(region.left(), region.right(), columns);
    let down = edges(region.top(), region.bottom(), rows);
    let mut planes = [const { Vec::new() }; 3];
    let mut covered = [const { Vec::new() }; 3];
    for vertical in down.windows(2) {
        for horizontal in across.windows(2) {
            let shares = shares(mask, (horizontal[0], horizontal[1]), (vertical[0], vertical[1]));
            for ((plane, share), least) in planes.iter_mut().zip(shares).zip(LEAST_SHARE) {
                plane.push(share > least);
            }
            #[expect(clippy::cast_possible_truncation, reason = "shares")]
            for (plane, share) in covered.iter_mut().zip(shares) {
                plane.push(share as f32);
            }
        }
    }
    CellTruth { planes, shares: covered }
}

/// The bounds of the cells along one axis.
#[expect(clippy::cast_precision_loss, reason = "grids have some thousand cells")]
fn edges(from: f64, to: f64, n: usize) -> Vec<f64> {
    (0..=n).map(|it| from + (to - from) * it as f64 / n as f64).collect()
}

/// Pixels that a span touches, each with the part of it that lies inside.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the mask")]
fn pixels(span: (f64, f64), size: u32) -> impl Iterator<Item = (u32, f64)> {
    let first = span.0.floor().clamp(0.0, f64::from(size)) as u32;
    let last = span.1.ceil().clamp(0.0, f64::from(size)) as u32;
    (first..last).map(move |it| {
        let at = f64::from(it);
        (it, (span.1.min(at + 1.0) - span.0.max(at)).max(0.0))
    })
}

/// Shares of a rectangle that are lane (faults of it included), crack, pothole.
fn shares(mask: &ClassMask, horizontal: (f64, f64), vertical: (f64, f64)) -> [f64; 3] {
    let area = (horizontal.1 - horizontal.0) * (vertical.1 - vertical.0);
    let mut sums = [0.0; 3];
    for (y, tall) in pixels(vertical, mask.height()) {
        let row = mask.row(y);
        for (x, wide) in pixels(horizontal, mask.width()) {
            let part = tall * wide;
            match row[x as usize] {
                PixelClass::Other => continue,
                PixelClass::Lane => {}
                PixelClass::Crack => sums[1] += part,
                PixelClass::Pothole => sums[2] += part,
            }
            sums[0] += part;
        }
    }
    sums.map(|it| it / area)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask(width: u32, height: u32, of: impl Fn(u32, u32) -> PixelClass) -> ClassMask {
        let classes = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        ClassMask::new(width, height, classes.map(|(x, y)| of(x, y)).collect()).unwrap()
    }

    #[test]
    fn a_cell_is_what_enough_of_it_is() {
        // Two cells of 16 px: four crack pixels of 256 are 1.56 %, three are 1.17 %.
        let drawn = mask(32, 16, |x, y| match (x, y) {
            (0..4 | 16..19, 3) => PixelClass::Crack,
            (4..10, 4..12) => PixelClass::Pothole,
            (0..16, _) => PixelClass::Lane,
            _ => PixelClass::Other,
        });
        let region = PixelBox::new(0.0, 0.0, 32.0, 16.0).unwrap();
        let truth = cell_truth(&drawn, &region, 2, 1);
        assert_eq!(truth.planes, [vec![true, false], vec![true, false], vec![true, false]]);
    }

    #[test]
    fn a_part_of_a_frame_is_measured_alone() {
        let drawn = mask(10, 10, |_, y| if y < 5 { PixelClass::Other } else { PixelClass::Lane });
        let below = PixelBox::new(0.0, 5.0, 10.0, 10.0).unwrap();
        assert!(cell_truth(&drawn, &below, 3, 2).planes[0].iter().all(|it| *it));
        let half = PixelBox::new(0.0, 2.0, 10.0, 8.0).unwrap();
        let lane = cell_truth(&drawn, &half, 1, 2).planes[0].clone();
        assert_eq!(lane, [false, true]);
    }

    proptest! {
        #[test]
        fn shares_of_all_cells_add_up_to_the_whole(
            width in 1_u32..40, height in 1_u32..40, columns in 1_usize..9, rows in 1_usize..9,
            seed in any::<u64>(),
        ) {
            let drawn = mask(width, height, |x, y| {
                let mixed = (u64::from(x) * 31 + u64::from(y) * 17 + seed % 1000) % 4;
                [PixelClass::Other, PixelClass::Lane, PixelClass::Crack, PixelClass::Pothole]
                    [usize::try_from(mixed).unwrap()]
            });
            let across = edges(0.0, f64::from(width), columns);
            let down = edges(0.0, f64::from(height), rows);
            let mut total = 0.0;
            for v in down.windows(2) {
                for h in across.windows(2) {
                    let area = (h[1] - h[0]) * (v[1] - v[0]);
                    total += shares(&drawn, (h[0], h[1]), (v[0], v[1]))[0] * area;
                }
            }
            let lane = (0..height).flat_map(|y| drawn.row(y)).filter(|it| **it != PixelClass::Other);
            prop_assert!((total - f64::from(u32::try_from(lane.count()).unwrap())).abs() < 1e-6);
        }
    }
}
