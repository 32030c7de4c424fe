//! Whether the road can be seen at all: snow on it, water that shines.

use crate::domain::{CellGrid, Image, SurfaceRules, Validity};

/// Luma and saturation of what is as pale as snow.
///
/// Source: over 235 real frames of two countries, at most 0.25 of a dry lane was grey and above 185.
const SNOW: (f64, f64) = (200.0, 0.15);

/// Luma of a reflection of the sky.
///
/// Source: as above, at most 0.004 of a lane in colour was above it; of a grey one in full sun, 0.13.
const SHINE: f64 = 235.0;

/// Looks at the pixels of the lane in the road region that the model saw; nothing when they are of a
/// dry road, or when there is no lane.
///
/// Snow is pale and grey over most of the lane; water shines in part of it while the rest is dark.
/// No wet or snowy frames were at hand: the rules were held to real dry ones, and to drawn snow and
/// water.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "an image has some million pixels")]
pub fn covered(
    road: &Image,
    grid: &CellGrid,
    lane_from: f32,
    rules: &SurfaceRules,
) -> Option<Validity> {
    let (columns, rows) = (grid.columns(), grid.rows());
    let (width, height) = (road.width() as usize, road.height() as usize);
    let mut lumas = [0_u64; 256];
    let (mut n, mut snowy, mut shining) = (0_u64, 0_u64, 0_u64);
    for (at, [r, g, b]) in road.rgb().as_chunks::<3>().0.iter().enumerate() {
        let (x, y) = (at % width, at / width);
        if grid.lane()[y * rows / height * columns + x * columns / width] <= lane_from {
            continue;
        }
        let (low, high) = (f64::from(*r.min(g).min(b)), f64::from(*r.max(g).max(b)));
        let luma = (299 * u32::from(*r) + 587 * u32::from(*g) + 114 * u32::from(*b)) / 1000;
        let saturation = if high > 0.0 { (high - low) / high } else { 0.0 };
        n += 1;
        lumas[luma as usize] += 1;
        snowy += u64::from(f64::from(luma) > SNOW.0 && saturation < SNOW.1);
        shining += u64::from(f64::from(luma) > SHINE);
    }
    if n == 0 {
        return None;
    }
    let share = |count: u64| count as f64 / n as f64;
    let mut below = 0;
    let median = lumas.iter().position(|it| {
        below += it;
        2 * below >= n
    });
    if share(snowy) >= rules.snow {
        Some(Validity::SnowCovered)
    } else if share(shining) >= rules.shine
        && median.is_some_and(|it| (it as f64) < rules.wet_darkest)
    {
        Some(Validity::Wet)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PixelBox;

    const RULES: SurfaceRules = SurfaceRules { snow: 0.6, shine: 0.08, wet_darkest: 130.0 };

    /// A lane over the lower half of 64 x 64 pixels, painted by `of`.
    fn judged(of: impl Fn(usize, usize) -> [u8; 3]) -> Option<Validity> {
        let rgb = (0..64).flat_map(|y| (0..64).flat_map(move |x| [x, y])).collect::<Vec<usize>>();
        let rgb = rgb.chunks_exact(2).flat_map(|it| of(it[0], it[1])).collect();
        let image = Image::new(64, 64, rgb).unwrap();
        let region = PixelBox::new(0.0, 0.0, 64.0, 64.0).unwrap();
        let lane = (0..16).map(|it| if it >= 8 { 0.9 } else { 0.1 }).collect::<Vec<f32>>();
        let planes = std::array::from_fn(|it| if it == 0 { lane.clone() } else { vec![0.0; 16] });
        covered(&image, &CellGrid::new(4, 4, region, planes).unwrap(), 0.5, &RULES)
    }

    #[test]
    fn a_dry_road_is_seen_whatever_the_sky() {
        assert_eq!(judged(|_, y| if y < 32 { [250; 3] } else { [120, 118, 115] }), None);
        // Pale concrete, a marking on it.
        assert_eq!(judged(|x, _| if x < 4 { [240; 3] } else { [185; 3] }), None);
    }

    #[test]
    fn snow_and_water_are_told() {
        let snow = |x: usize, _| if x.is_multiple_of(5) { [90, 85, 80] } else { [225, 226, 230] };
        assert_eq!(judged(snow), Some(Validity::SnowCovered));
        let water =
            |x: usize, y: usize| if (x + y).is_multiple_of(8) { [245; 3] } else { [60, 60, 62] };
        assert_eq!(judged(water), Some(Validity::Wet));
    }
}
