//! Looking closely: a frame is cut into overlapping tiles at the scale that a detector needs.

use crate::domain::{Detection, Image, PixelBox, Tensor};
use crate::imaging::{ResampleError, crop_resize};

/// What a detector takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetectorInput {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Subtracted from each channel, 0 to 255, in the order of the tensor.
    pub mean: [f32; 3],
    /// Whether the tensor's channels are blue, green, red.
    pub bgr: bool,
}

/// Why a tile could not be prepared.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct TileError(#[from] ResampleError);

/// Share of a tile that its neighbours see too, so that nothing is cut in all of them.
///
/// Chosen: a fifth; at 960 px it holds a plate 190 px wide, larger ones are found on the coarser
/// grid too since tiles never shrink below the whole frame.
const SHARED: f64 = 0.2;

/// Boxes of the frame, each to be resized to `input`, so that one pixel of the frame between the
/// rows of `band` spans `scale` pixels of the detector. At least one tile; the first is always the
/// whole frame, for what is large.
///
/// # Panics
///
/// When `scale` is not positive.
#[must_use]
pub fn tiles(
    frame: (u32, u32),
    band: (f64, f64),
    input: &DetectorInput,
    scale: f64,
) -> Vec<PixelBox> {
    assert!(scale > 0.0, "a scale is positive");
    let (width, height) = (f64::from(frame.0), f64::from(frame.1));
    let tile = (f64::from(input.width) / scale, f64::from(input.height) / scale);
    // The whole frame, its shape kept.
    let fit = (width / f64::from(input.width)).max(height / f64::from(input.height));
    let whole = (f64::from(input.width) * fit, f64::from(input.height) * fit);
    let mut all: Vec<PixelBox> = PixelBox::new(0.0, 0.0, whole.0, whole.1).into_iter().collect();
    if tile.0 >= whole.0 {
        return all;
    }
    let (top, bottom) = (band.0.clamp(0.0, height - 1.0), band.1.clamp(1.0, height));
    // A band shorter than a tile is seen with what lies below it.
    let top = top.min((height - tile.1).max(0.0));
    for y in starts(top, bottom, tile.1) {
        for x in starts(0.0, width, tile.0) {
            all.extend(PixelBox::new(x, y, x + tile.0, y + tile.1));
        }
    }
    all
}

/// First pixels of tiles of one size that cover `from` to `to` with a shared part.
fn starts(from: f64, to: f64, size: f64) -> Vec<f64> {
    let span = to - from;
    if span <= size {
        return vec![from];
    }
    let count = ((span - size) / (size * (1.0 - SHARED))).ceil();
    let step = (span - size) / count;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
    let count = count as u32;
    (0..=count).map(|it| from + step * f64::from(it)).collect()
}

/// Cuts a tile and lays it out as the detector wants.
///
/// # Shape
///
/// `[1, 3, height, width]`, f32, 0..=255 less the mean.
///
/// # Errors
///
/// When the tile lies outside the image.
#[expect(clippy::missing_panics_doc, reason = "three planes of the input's own size")]
pub fn prepare_tile(
    image: &Image,
    tile: &PixelBox,
    input: &DetectorInput,
) -> Result<Tensor, TileError> {
    let cut = crop_resize(image, tile, input.width, input.height)?;
    let plane = input.width as usize * input.height as usize;
    let mut values = vec![0.0f32; plane * 3];
    for (at, pixel) in cut.rgb().as_chunks::<3>().0.iter().enumerate() {
        for channel in 0..3 {
            let from = if input.bgr { 2 - channel } else { channel };
            values[channel * plane + at] = f32::from(pixel[from]) - input.mean[channel];
        }
    }
    let shape = vec![1, 3, input.height as usize, input.width as usize];
    Ok(Tensor::new(shape, values).expect("three planes of the input's size"))
}

/// Drops boxes that overlap a surer one. A subset of the input, surest first; twice is once.
#[must_use]
pub fn suppress(mut found: Vec<Detection>, max_overlap: f64) -> Vec<Detection> {
    found.sort_by(|a, b| {
        b.confidence
            .get()
            .total_cmp(&a.confidence.get())
            .then(a.bounds.left().total_cmp(&b.bounds.left()))
            .then(a.bounds.top().total_cmp(&b.bounds.top()))
    });
    let mut kept: Vec<Detection> = Vec::new();
    for one in found {
        let hidden = kept
            .iter()
            .any(|it| it.kind == one.kind && it.bounds.overlap(&one.bounds) > max_overlap);
        if !hidden {
            kept.push(one);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{PrivateKind, Ratio};
    use proptest::prelude::*;

    const INPUT: DetectorInput =
        DetectorInput { width: 640, height: 384, mean: [0.0; 3], bgr: false };

    fn any_detection() -> impl Strategy<Value = Detection> {
        (0.0..50.0, 0.0..50.0, 1.0..20.0, 1.0..20.0, 0.0..1.0).prop_map(
            |(x, y, w, h, sure): (f64, f64, f64, f64, f64)| Detection {
                bounds: PixelBox::new(x, y, x + w, y + h).unwrap(),
                kind: PrivateKind::Plate,
                confidence: Ratio::clamped(sure),
            },
        )
    }

    #[test]
    fn a_small_frame_is_one_tile() {
        assert_eq!(tiles((320, 192), (0.0, 192.0), &INPUT, 1.0).len(), 1);
    }

    proptest! {
        #[test]
        fn tiles_cover_the_frame_and_keep_their_shape(width in 700u32..4000, height in 400u32..3000, scale in 0.4..3.0_f64) {
            let all = tiles((width, height), (0.0, f64::from(height)), &INPUT, scale);
            for part in &all {
                prop_assert!((part.width() / part.height() - 640.0 / 384.0).abs() < 1e-9);
            }
            for (x, y) in [(0.0, 0.0), (1.0, 0.5), (0.5, 1.0), (0.33, 0.77), (1.0, 1.0)] {
                let (x, y) = (x * (f64::from(width) - 1.0), y * (f64::from(height) - 1.0));
                let seen = all.iter().any(|it| it.left() <= x && x <= it.right() && it.top() <= y && y <= it.bottom());
                prop_assert!(seen);
            }
        }

        #[test]
        fn suppression_keeps_a_subset_and_twice_is_once(found in prop::collection::vec(any_detection(), 0..30)) {
            let once = suppress(found.clone(), 0.4);
            prop_assert!(once.iter().all(|it| found.contains(it)));
            prop_assert_eq!(suppress(once.clone(), 0.4), once.clone());
            // The plain definition: a box goes when a surer kept one overlaps it.
            for (i, a) in once.iter().enumerate() {
                for b in &once[i + 1..] {
                    prop_assert!(a.bounds.overlap(&b.bounds) <= 0.4);
                }
            }
        }
    }
}
