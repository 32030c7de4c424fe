//! Hiding part of an image for good.

use crate::domain::{Image, PixelBox};

/// Blocks across the shorter side of a hidden box.
///
/// Chosen: three means over a third of a face or plate each; no feature of a face (an eye is an
/// eighth of it) and no character of a plate (a ninth) survives an average over a third. More
/// blocks would be readable again by the attack of Hill et al., 2016, « On the (In)effectiveness
/// of Mosaicing and Blurring ». Each block is also rounded to [`LEVELS`] levels.
const BLOCKS: f64 = 3.0;

/// Grey levels kept for each channel of a block.
///
/// Chosen: eight; the block's own colour is all that can be had back, and not exactly.
const LEVELS: u32 = 8;

/// Colour of boxes that are filled instead.
///
/// Chosen: a middle grey, the colour of no marking, skin or plate; no measure depends on it.
pub const FILL: [u8; 3] = [96, 96, 96];

/// Replaces every pixel of `part` by the coarse mean of its block. Pixels outside stay.
///
/// Irreversible: each block keeps nine bits, whatever it showed.
///
/// # Panics
///
/// Never: what lies outside the image is left out.
pub fn mosaic(image: &mut Image, part: &PixelBox) {
    let (width, height) = (image.width(), image.height());
    let (left, right) = clip(part.left(), part.right(), width);
    let (top, bottom) = clip(part.top(), part.bottom(), height);
    if left >= right || top >= bottom {
        return;
    }
    let shorter = f64::from((right - left).min(bottom - top));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a pixel count")]
    let block = (shorter / BLOCKS).ceil().max(1.0) as u32;
    for y in (top..bottom).step_by(block as usize) {
        for x in (left..right).step_by(block as usize) {
            flatten(image, (x, (x + block).min(right)), (y, (y + block).min(bottom)));
        }
    }
}

/// Pixels touched between two edges, clipped to the image.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
fn clip(low: f64, high: f64, size: u32) -> (u32, u32) {
    let limit = f64::from(size);
    (low.floor().clamp(0.0, limit) as u32, high.ceil().clamp(0.0, limit) as u32)
}

fn flatten(image: &mut Image, columns: (u32, u32), rows: (u32, u32)) {
    let stride = image.width() as usize * 3;
    let span = |row: u32| {
        let start = row as usize * stride;
        start + columns.0 as usize * 3..start + columns.1 as usize * 3
    };
    let mut sums = [0u64; 3];
    for row in rows.0..rows.1 {
        for pixel in image.rgb()[span(row)].as_chunks::<3>().0 {
            for (sum, value) in sums.iter_mut().zip(pixel) {
                *sum += u64::from(*value);
            }
        }
    }
    let count = u64::from(columns.1 - columns.0) * u64::from(rows.1 - rows.0);
    let step = 256 / LEVELS;
    #[expect(clippy::cast_possible_truncation, reason = "a mean of bytes is a byte")]
    let colour = sums.map(|it| ((it / count) as u32 / step * step + step / 2) as u8);
    for row in rows.0..rows.1 {
        let range = span(row);
        for pixel in image.rgb_mut()[range].as_chunks_mut::<3>().0 {
            *pixel = colour;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn noise(seed: u32) -> Image {
        let mut state = seed | 1;
        let rgb = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        Image::new(64, 48, rgb.take(64 * 48 * 3).collect()).unwrap()
    }

    #[test]
    fn few_colours_are_left_inside() {
        let mut image = noise(3);
        mosaic(&mut image, &PixelBox::new(10.0, 10.0, 40.0, 30.0).unwrap());
        let mut colours: Vec<_> = (10..30)
            .flat_map(|y| (10..40).map(move |x| (x, y)))
            .map(|(x, y)| image.pixel(x, y))
            .collect();
        colours.sort_unstable();
        colours.dedup();
        assert!(colours.len() <= 15, "{}", colours.len());
    }

    proptest! {
        #[test]
        fn pixels_outside_are_unchanged_and_inside_do_not_depend_on_detail(
            left in -20.0..60.0_f64, top in -20.0..40.0_f64, width in 1.0..40.0_f64, height in 1.0..40.0_f64, seed in 1u32..1000,
        ) {
            let part = PixelBox::new(left, top, left + width, top + height).unwrap();
            let before = noise(seed);
            let mut after = before.clone();
            mosaic(&mut after, &part);
            for y in 0..48 {
                for x in 0..64 {
                    let (fx, fy) = (f64::from(x), f64::from(y));
                    let touched = fx + 1.0 > part.left() && fx < part.right() && fy + 1.0 > part.top() && fy < part.bottom();
                    if !touched {
                        prop_assert_eq!(before.pixel(x, y), after.pixel(x, y));
                    }
                }
            }
        }
    }
}
