//! How wide a crack is, from the frame's own pixels near the vehicle.

use super::ground::Patch;
use crate::domain::{CellGrid, DefectKind, Image, PixelBox, WidthRules};
use std::collections::BTreeMap;

/// Least contrast of a crack's inside with its road, as a share of the road's light.
///
/// Chosen: seven tenths; the inside of a crack gets little light, but one thinner than a pixel never shows it.
const LEAST_CONTRAST: f64 = 0.7;

/// Fewest cells from which a width is told.
///
/// Chosen: three; the median of two is their mean, and one stain would make it.
const LEAST_CELLS: usize = 3;

/// Light and darkness of one cell, from its pixels.
struct Tone {
    /// Median luma.
    road: f64,
    /// Mean of how much darker than that pixels are.
    darkness: f64,
    /// Luma that one pixel in fifty does not reach.
    darkest: f64,
}

/// The frame and its grid, to measure widths in.
pub struct WidthGauge<'a> {
    image: &'a Image,
    grid: &'a CellGrid,
    patches: &'a [Option<Patch>],
    /// Darkness of the sound lane, row by row: the grain of the surface.
    grain: Vec<Option<f64>>,
    rules: WidthRules,
}

impl<'a> WidthGauge<'a> {
    /// Looks at the sound cells of the lane, whose grain is not a crack.
    pub fn new(
        image: &'a Image,
        grid: &'a CellGrid,
        patches: &'a [Option<Patch>],
        is_sound: impl Fn(usize) -> bool,
        rules: WidthRules,
    ) -> Self {
        let columns = grid.columns();
        let grain = (0..grid.rows())
            .map(|row| {
                let cells = row * columns..(row + 1) * columns;
                let near = |it: &usize| patches[*it].is_some_and(|it| it.middle() <= rules.within);
                let mut found: Vec<f64> = cells
                    .filter(near)
                    .filter(|it| is_sound(*it))
                    .map(|it| tone(image, &grid.bounds(it % columns, row)).darkness)
                    .collect();
                median(&mut found)
            })
            .collect();
        Self { image, grid, patches, grain, rules }
    }

    /// Median width of the crack over the cells of a group that are near enough.
    ///
    /// The light that the crack takes from a cell, over what a cell as dark as its inside would lack,
    /// is the part of the cell that it covers; over its length there, its width. So a crack thinner
    /// than a pixel still has one.
    ///
    /// # Units
    ///
    /// Millimetres; nothing when too few cells are near.
    pub fn millimetres(&self, kind: DefectKind, group: &[usize]) -> Option<f64> {
        let columns = self.grid.columns();
        let near: Vec<(usize, Patch, Tone, f64)> = group
            .iter()
            .filter_map(|it| {
                let patch = self.patches[*it].filter(|it| it.middle() <= self.rules.within)?;
                let grain = self.grain[it / columns]?;
                let bounds = self.grid.bounds(it % columns, it / columns);
                Some((*it, patch, tone(self.image, &bounds), grain))
            })
            .collect();
        let darkest = near.iter().map(|it| it.2.darkest).fold(f64::INFINITY, f64::min);
        // A group is often two cells wide for one crack: what it covers is summed across it.
        let mut across: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for (cell, patch, tone, grain) in near {
            let contrast = (tone.road - darkest).max(LEAST_CONTRAST * tone.road).max(1.0);
            let covered = (tone.darkness - grain) / contrast * patch.area();
            let (key, length) = match kind {
                DefectKind::TransverseCracking => (cell % columns, patch.width()),
                // The edge of a mesh crosses each of its cells both ways.
                DefectKind::AlligatorCracking | DefectKind::BlockCracking => {
                    (cell, patch.depth() + patch.width())
                }
                _ => (cell / columns, patch.depth()),
            };
            let sum = across.entry(key).or_default();
            *sum = (sum.0 + covered, length);
        }
        let mut widths: Vec<f64> =
            across.values().map(|(covered, length)| 1000.0 * covered.max(0.0) / length).collect();
        if widths.len() < LEAST_CELLS { None } else { median(&mut widths) }
    }
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the image")]
#[expect(clippy::cast_precision_loss, reason = "a cell has some thousand pixels at most")]
fn tone(image: &Image, cell: &PixelBox) -> Tone {
    let clamp = |it: f64, most: u32| it.round().clamp(0.0, f64::from(most)) as u32;
    let (left, right) = (clamp(cell.left(), image.width()), clamp(cell.right(), image.width()));
    let (top, bottom) = (clamp(cell.top(), image.height()), clamp(cell.bottom(), image.height()));
    let mut lumas: Vec<f64> = Vec::new();
    for y in top..bottom {
        for x in left..right {
            let [r, g, b] = image.pixel(x, y).map(f64::from);
            // Source: ITU-R BT.601, luma.
            lumas.push(0.299 * r + 0.587 * g + 0.114 * b);
        }
    }
    lumas.sort_by(f64::total_cmp);
    let Some(road) = lumas.get(lumas.len() / 2).copied() else {
        return Tone { road: 0.0, darkness: 0.0, darkest: 0.0 };
    };
    let darkness = lumas.iter().map(|it| (road - it).max(0.0)).sum::<f64>() / lumas.len() as f64;
    Tone { road, darkness, darkest: lumas[lumas.len() / 50] }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: WidthRules =
        WidthRules { line: [2.0, 5.0], mesh: [2.0, 8.0], within: 8.0, spread: 1.5 };

    /// A grid of 8 x 8 cells of 16 px, each pixel 4 mm, a crack `width` pixels wide down the middle
    /// of the fourth column, over a grainy road.
    #[expect(clippy::cast_precision_loss, reason = "a drawing of some pixels")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "grey levels")]
    fn measured(width: f64, grain: u8) -> Option<f64> {
        let mut image = Image::filled(128, 128, [140; 3]);
        for y in 0..128usize {
            for x in 0..128usize {
                let part = (56.0 + width / 2.0 - x as f64).clamp(0.0, 1.0)
                    - (56.0 - width / 2.0 - x as f64).clamp(0.0, 1.0);
                let noise = ((x * 31 + y * 17) * 7919 % 101) as f64 / 100.0 - 0.5;
                let luma = (140.0 + noise * f64::from(grain)) * (1.0 - part) + 40.0 * part;
                for byte in &mut image.rgb_mut()[(y * 128 + x) * 3..][..3] {
                    *byte = luma.round() as u8;
                }
            }
        }
        let region = PixelBox::new(0.0, 0.0, 128.0, 128.0).unwrap();
        let planes = std::array::from_fn(|_| vec![0.0; 64]);
        let grid = CellGrid::new(8, 8, region, planes).unwrap();
        let patches: Vec<Option<Patch>> = (0..64)
            .map(|it| {
                let (row, column) = (f64::from(it / 8), f64::from(it % 8));
                let (near, left) = (4.0 + (7.0 - row) * 0.064, column * 0.064);
                Some(Patch { near, far: near + 0.064, left, right: left + 0.064 })
            })
            .collect();
        let gauge = WidthGauge::new(&image, &grid, &patches, |it| it % 8 != 3, RULES);
        let group: Vec<usize> = (0..8).map(|it| it * 8 + 3).collect();
        gauge.millimetres(DefectKind::LongitudinalCracking, &group)
    }

    #[test]
    fn a_drawn_width_is_measured_down_to_half_a_pixel() {
        for (pixels, grain) in [(3.0, 0), (3.0, 30), (1.0, 0), (1.0, 30), (0.5, 0)] {
            let want = pixels * 4.0;
            let got = measured(pixels, grain).unwrap();
            assert!((got / want - 1.0).abs() < 0.3, "{got:.2} mm of {want} mm, grain {grain}");
        }
        assert!(measured(0.0, 30).unwrap() < 1.0, "a sound road has no crack");
    }

    #[test]
    fn too_few_cells_have_no_width() {
        let image = Image::filled(32, 32, [140; 3]);
        let region = PixelBox::new(0.0, 0.0, 32.0, 32.0).unwrap();
        let grid = CellGrid::new(2, 2, region, std::array::from_fn(|_| vec![0.0; 4])).unwrap();
        let far = Some(Patch { near: 9.0, far: 9.1, left: 0.0, right: 0.1 });
        let patches = vec![far; 4];
        let gauge = WidthGauge::new(&image, &grid, &patches, |_| true, RULES);
        assert_eq!(gauge.millimetres(DefectKind::TransverseCracking, &[0, 1, 2, 3]), None);
    }
}
