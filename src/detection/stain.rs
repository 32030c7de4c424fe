//! Dirt on the windscreen: what stays blurred at the same place of the frame over a whole clip.

use crate::domain::{CellGrid, Image, PixelBox};
use crate::imaging::{crop_resize, sharpness_and_light};

/// Cells of the model along one side of a block.
///
/// Chosen: two; a block is a thirtieth of the frame, less than a fly.
const SIDE: usize = 2;

/// Grey levels of sharpness to one unit of a block.
///
/// Chosen: an eighth of a level; real roads have 5 to 33 levels.
const UNITS: f64 = 8.0;

/// A block less sharp than this share of the median of its row is blurred.
///
/// Chosen: on 158 frames of a clean windscreen no block was so in half of them.
const BLURRED: f64 = 0.4;

/// Share of the frames that show a block as lane in which it must be blurred.
///
/// Chosen: nine in ten; what moves past the vehicle is not at one place so long.
const CONSTANT: f64 = 0.9;

/// Fewest frames from which a stain is told.
///
/// Chosen: twenty; a hundred metres of road.
pub const LEAST_FRAMES: usize = 20;

/// Sharpness of the blocks of one frame, row by row; nought where a block is not wholly lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocks {
    columns: usize,
    sharpness: Vec<u8>,
}

impl Blocks {
    /// Measures the road region that the model saw.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "some thousand pixels")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    pub fn of(road: &Image, grid: &CellGrid, lane_from: f32) -> Self {
        let (columns, rows) = (grid.columns() / SIDE, grid.rows() / SIDE);
        let (width, height) = (road.width() as usize / columns, road.height() as usize / rows);
        let mut sharpness = vec![0; columns * rows];
        for (at, value) in sharpness.iter_mut().enumerate() {
            let (column, row) = (at % columns, at / columns);
            let is_lane = (0..SIDE * SIDE).all(|it| {
                let (x, y) = (column * SIDE + it % SIDE, row * SIDE + it / SIDE);
                grid.lane()[y * grid.columns() + x] > lane_from
            });
            if !is_lane {
                continue;
            }
            let (left, top) = ((column * width) as f64, (row * height) as f64);
            let part = PixelBox::new(left, top, left + width as f64, top + height as f64);
            let cut = part.and_then(|it| {
                let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
                crop_resize(road, &it, width, height).ok()
            });
            if let Some(cut) = cut {
                *value = (sharpness_and_light(&cut).0 * UNITS).round().clamp(1.0, 255.0) as u8;
            }
        }
        Self { columns, sharpness }
    }

    /// Whether each block is lane, and blurred against its row.
    fn blurred(&self) -> Vec<Option<bool>> {
        let mut found = Vec::with_capacity(self.sharpness.len());
        for row in self.sharpness.chunks_exact(self.columns) {
            let mut lane: Vec<u8> = row.iter().copied().filter(|it| *it > 0).collect();
            lane.sort_unstable();
            let median = lane.get(lane.len() / 2).copied().unwrap_or(0);
            found.extend(
                row.iter()
                    .map(|it| (*it > 0).then(|| f64::from(*it) < BLURRED * f64::from(median))),
            );
        }
        found
    }
}

/// Share of the lane, as most frames of a clip show it, that is stained; nothing when the clip is too
/// short to tell.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a clip has some thousand frames")]
pub fn stained_share(frames: &[Blocks]) -> Option<f64> {
    let n_blocks = frames.first()?.sharpness.len();
    if frames.len() < LEAST_FRAMES {
        return None;
    }
    let mut counts = vec![(0_usize, 0_usize); n_blocks];
    for frame in frames {
        for (count, blurred) in counts.iter_mut().zip(frame.blurred()) {
            count.0 += usize::from(blurred.is_some());
            count.1 += usize::from(blurred == Some(true));
        }
    }
    let lane: Vec<_> = counts.iter().filter(|it| 2 * it.0 >= frames.len()).collect();
    let stained = lane.iter().filter(|it| it.1 as f64 >= CONSTANT * it.0 as f64).count();
    Some(stained as f64 / lane.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grainy road of 128 x 64 pixels, its lane everywhere, one block smeared where `smeared` says.
    fn frame(seed: usize, smeared: Option<(usize, usize)>) -> Blocks {
        let mut image = Image::filled(128, 64, [120; 3]);
        for (at, pixel) in image.rgb_mut().as_chunks_mut::<3>().0.iter_mut().enumerate() {
            let (x, y) = (at % 128, at / 128);
            let inside = smeared.is_some_and(|it| (x / 16, y / 16) == it);
            let grain = u8::try_from((at + seed * 977) * 7919 % 31).unwrap();
            *pixel = [if inside { 120 } else { 105 + grain }; 3];
        }
        let region = PixelBox::new(0.0, 0.0, 128.0, 64.0).unwrap();
        let planes = std::array::from_fn(|_| vec![0.9_f32; 16 * 8]);
        Blocks::of(&image, &CellGrid::new(16, 8, region, planes).unwrap(), 0.5)
    }

    #[test]
    fn a_stain_that_stays_is_told_and_one_that_passes_is_not() {
        let clean: Vec<Blocks> = (0..30).map(|it| frame(it, None)).collect();
        assert_eq!(stained_share(&clean), Some(0.0));
        let dirty: Vec<Blocks> = (0..30).map(|it| frame(it, Some((3, 2)))).collect();
        assert_eq!(stained_share(&dirty), Some(1.0 / 32.0));
        let passing: Vec<Blocks> = (0..30).map(|it| frame(it, Some((it % 8, 2)))).collect();
        assert_eq!(stained_share(&passing), Some(0.0));
    }

    #[test]
    fn a_short_clip_tells_nothing() {
        assert_eq!(stained_share(&[]), None);
        assert_eq!(stained_share(&vec![frame(0, None); LEAST_FRAMES - 1]), None);
    }
}
