//! Hiding part of an image for good.

use crate::domain::{Image, PixelBox};

/// Colour of what is hidden.
///
/// Chosen: a grey near that of roads, so that what is hidden draws no eye. One colour for all:
/// nothing of what was there is left, not even its mean. A coarse mosaic was tried first: blocks of
/// a face in its own colours were found again by the face detector at a low score.
pub const FILL: [u8; 3] = [112, 112, 112];

/// Gives every pixel that `part` touches one colour. Pixels outside stay.
pub fn fill(image: &mut Image, part: &PixelBox) {
    let (width, height) = (image.width(), image.height());
    let (left, right) = clip(part.left(), part.right(), width);
    let (top, bottom) = clip(part.top(), part.bottom(), height);
    let stride = width as usize * 3;
    for row in top..bottom {
        let start = row * stride;
        let line = &mut image.rgb_mut()[start + left * 3..start + right.max(left) * 3];
        for pixel in line.as_chunks_mut::<3>().0 {
            *pixel = FILL;
        }
    }
}

/// Pixels touched between two edges, clipped to the image.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
fn clip(low: f64, high: f64, size: u32) -> (usize, usize) {
    let limit = f64::from(size);
    (low.floor().clamp(0.0, limit) as usize, high.ceil().clamp(0.0, limit) as usize)
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
    fn one_colour_is_left_inside() {
        let mut image = noise(3);
        fill(&mut image, &PixelBox::new(10.2, 10.0, 39.5, 30.0).unwrap());
        let inside = (10..30).flat_map(|y| (10..40).map(move |x| (x, y)));
        assert!(inside.clone().all(|(x, y)| image.pixel(x, y) == FILL));
    }

    proptest! {
        #[test]
        fn exactly_the_touched_pixels_change(
            left in -20.0..60.0_f64,
            top in -20.0..40.0_f64,
            width in 1.0..40.0_f64,
            height in 1.0..40.0_f64,
            seed in 1u32..1000,
        ) {
            let part = PixelBox::new(left, top, left + width, top + height).unwrap();
            let before = noise(seed);
            let mut after = before.clone();
            fill(&mut after, &part);
            for y in 0..48 {
                for x in 0..64 {
                    let (fx, fy) = (f64::from(x), f64::from(y));
                    let across = fx + 1.0 > part.left() && fx < part.right();
                    let down = fy + 1.0 > part.top() && fy < part.bottom();
                    let want = if across && down { FILL } else { before.pixel(x, y) };
                    prop_assert_eq!(after.pixel(x, y), want);
                }
            }
        }
    }
}
