//! Even light: contrast-limited adaptive histogram equalisation of the luma.

use crate::domain::Image;

/// Pixels of a tile, across and down.
///
/// Source: `models/pavement/train/data.py`: an eighth of the network's input each way. It must be
/// what the network was trained with.
const TILE: (usize, usize) = (128, 80);

/// Most pixels of one level in a tile, in multiples of an even spread over the levels.
///
/// Source: `models/pavement/train/data.py`, as above. Chosen there: 2; on frames of another country
/// 4 gave no better.
const CLIP: f32 = 2.0;

/// Levels of grey.
///
/// Source: 8 bits a channel.
const LEVELS: usize = 256;

/// Evens out the light of an image whose sides are multiples of a tile's, the same change to each
/// colour.
///
/// It is written here, and not taken from a library, because it must give to the level what the
/// network was trained with.
///
/// # Panics
///
/// When the sides are not multiples of 128 and 80.
///
/// # Source
///
/// Zuiderveld, « Contrast limited adaptive histogram equalization », Graphics Gems IV, 1994, with the
/// roundings of `OpenCV` 4 (`createCLAHE`).
pub fn even_light(image: &mut Image) {
    let (width, height) = (image.width() as usize, image.height() as usize);
    assert!(
        width % TILE.0 == 0 && height % TILE.1 == 0,
        "{width} x {height} is not in whole tiles"
    );
    let luma: Vec<u8> = image.rgb().as_chunks::<3>().0.iter().map(|it| luma(*it)).collect();
    let (across, down) = (width / TILE.0, height / TILE.1);
    let tables: Vec<[u8; LEVELS]> = (0..across * down)
        .map(|it| table(&luma, width, (it % across * TILE.0, it / across * TILE.1)))
        .collect();
    let columns: Vec<Between> = (0..width).map(|it| Between::of(it, TILE.0, across)).collect();
    let pixels = image.rgb_mut().as_chunks_mut::<3>().0;
    for (y, (row, levels)) in
        pixels.chunks_exact_mut(width).zip(luma.chunks_exact(width)).enumerate()
    {
        let vertical = Between::of(y, TILE.1, down);
        let above = &tables[vertical.first * across..][..across];
        let below = &tables[vertical.second * across..][..across];
        for ((pixel, level), horizontal) in row.iter_mut().zip(levels).zip(&columns) {
            let mix = |tables: &[[u8; LEVELS]]| {
                f32::from(tables[horizontal.first][usize::from(*level)]) * (1.0 - horizontal.part)
                    + f32::from(tables[horizontal.second][usize::from(*level)]) * horizontal.part
            };
            let even = mix(above) * (1.0 - vertical.part) + mix(below) * vertical.part;
            let change = i16::from(rounded(even)) - i16::from(*level);
            for value in pixel {
                *value = level_of(i16::from(*value) + change);
            }
        }
    }
}

/// ITU-R BT.601 luma, in fixed point.
#[expect(clippy::cast_possible_truncation, reason = "the weights add up to one")]
const fn luma(pixel: [u8; 3]) -> u8 {
    let [r, g, b] = [pixel[0] as u32, pixel[1] as u32, pixel[2] as u32];
    ((r * 9798 + g * 19235 + b * 3735 + (1 << 14)) >> 15) as u8
}

/// The two tiles between whose centres a pixel lies, and how near it is to the second.
struct Between {
    first: usize,
    second: usize,
    part: f32,
}

impl Between {
    #[expect(clippy::cast_precision_loss, reason = "frames have some thousand pixels a side")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    fn of(pixel: usize, tile: usize, n_tiles: usize) -> Self {
        let at = pixel as f32 * (1.0 / tile as f32) - 0.5;
        let whole = at.floor();
        let first = whole.max(0.0) as usize;
        let second = ((whole + 1.0) as usize).min(n_tiles - 1);
        Self { first, second, part: at - whole }
    }
}

/// What each level of a tile becomes.
fn table(luma: &[u8], width: usize, corner: (usize, usize)) -> [u8; LEVELS] {
    let mut counts = [0usize; LEVELS];
    for y in corner.1..corner.1 + TILE.1 {
        for level in &luma[y * width + corner.0..][..TILE.0] {
            counts[usize::from(*level)] += 1;
        }
    }
    clip(&mut counts);
    let mut sum = 0;
    counts.map(|it| {
        sum += it;
        share(sum)
    })
}

/// Levels that hold too many pixels give the excess to all.
#[expect(clippy::cast_precision_loss, reason = "a tile has some thousand pixels")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
fn clip(counts: &mut [usize; LEVELS]) {
    let most = ((CLIP * (TILE.0 * TILE.1) as f32 / LEVELS as f32) as usize).max(1);
    let mut excess = 0;
    for it in counts.iter_mut().filter(|it| **it > most) {
        excess += *it - most;
        *it = most;
    }
    let (each, rest) = (excess / LEVELS, excess % LEVELS);
    for it in counts.iter_mut() {
        *it += each;
    }
    let step = LEVELS.checked_div(rest).unwrap_or(1).max(1);
    for it in counts.iter_mut().step_by(step).take(rest) {
        *it += 1;
    }
}

#[expect(clippy::cast_precision_loss, reason = "a tile has some thousand pixels")]
fn share(sum: usize) -> u8 {
    let scale = (LEVELS - 1) as f32 / (TILE.0 * TILE.1) as f32;
    rounded(sum as f32 * scale)
}

/// The nearest level; halves go to the even one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn rounded(value: f32) -> u8 {
    value.round_ties_even().clamp(0.0, 255.0) as u8
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
const fn level_of(value: i16) -> u8 {
    if value < 0 {
        0
    } else if value > 255 {
        255
    } else {
        value as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    /// A road of sorts: a slope of light, grain, and a dark line.
    fn scene() -> Image {
        let mut state = 1u32;
        let mut rgb = Vec::new();
        for y in 0..160u32 {
            for x in 0..256u32 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let grain = (state >> 24) % 24;
                let dark = if x.abs_diff(60 + y / 2) < 2 { 30 } else { 0 };
                let grey = (60 + x / 3 + y / 4 + grain).saturating_sub(dark);
                for tint in [0u32, 3, 9] {
                    rgb.push(u8::try_from((grey + tint).min(255)).unwrap());
                }
            }
        }
        Image::new(256, 160, rgb).unwrap()
    }

    #[test]
    fn it_is_to_the_level_what_the_network_was_trained_with() {
        let mut image = scene();
        even_light(&mut image);
        let digest = Sha256::digest(image.rgb());
        let hex = digest.iter().fold(String::new(), |text, it| text + &format!("{it:02x}"));
        // Stored from OpenCV 4, by models/pavement/train/check_light.py.
        assert_eq!(hex, "698d609dc03603e66928d3ef9aa73ec210b14fee07d2d3999662f2100aaadaa6");
    }

    /// Mean levels by which the line is darker than the road beside it.
    fn depth(image: &Image) -> f64 {
        let of = |x: u32, y: u32| f64::from(image.pixel(x, y)[1]);
        let each = (20..140).map(|y| of(60 + y / 2 + 8, y) - of(60 + y / 2, y));
        each.sum::<f64>() / 120.0
    }

    #[test]
    fn a_line_in_the_shade_stands_out_more() {
        let mut image = scene();
        for it in image.rgb_mut() {
            *it /= 3;
        }
        let before = depth(&image);
        even_light(&mut image);
        assert!(depth(&image) > 1.5 * before, "{} against {before}", depth(&image));
    }

    #[test]
    fn a_flat_image_stays_flat() {
        let mut image = Image::filled(128, 80, [90, 100, 110]);
        even_light(&mut image);
        let first = image.pixel(0, 0);
        assert!(image.rgb().as_chunks::<3>().0.iter().all(|it| *it == first));
    }
}
