//! Cutting and resizing through `fast_image_resize`.

use crate::domain::{Image, PixelBox};
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{CropBox, FilterType, ResizeAlg, ResizeOptions, Resizer};

/// Why a part of an image could not be resized.
#[derive(Debug, thiserror::Error)]
#[error("cannot resize {width} x {height} pixels: {why}")]
pub struct ResampleError {
    width: u32,
    height: u32,
    why: String,
}

/// Cuts `part` out of an image and resizes it to `width` by `height` pixels.
///
/// What lies outside the image is cut off first and comes back as grey 114.
///
/// # Errors
///
/// When `part` lies wholly outside the image or a size is zero.
pub fn crop_resize(
    image: &Image,
    part: &PixelBox,
    width: u32,
    height: u32,
) -> Result<Image, ResampleError> {
    let refused = |why: &dyn ToString| ResampleError { width, height, why: why.to_string() };
    let frame = PixelBox::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()))
        .ok_or_else(|| refused(&"empty image"))?;
    let inside = part.intersection(&frame).ok_or_else(|| refused(&"outside the image"))?;
    // Where the inside part lands in the result.
    let (kx, ky) = (f64::from(width) / part.width(), f64::from(height) / part.height());
    let left = whole(((inside.left() - part.left()) * kx).round()).min(width.saturating_sub(1));
    let top = whole(((inside.top() - part.top()) * ky).round()).min(height.saturating_sub(1));
    let across = whole((inside.width() * kx).round()).clamp(1, width - left);
    let down = whole((inside.height() * ky).round()).clamp(1, height - top);

    // A view of the pixels, never a copy: a crop of a large frame costs what the crop does.
    let source = TypedImageRef::<U8x3>::from_buffer(image.width(), image.height(), image.rgb())
        .map_err(|why| refused(&why))?;
    let mut target = TypedImage::<U8x3>::new(across, down);
    let options = ResizeOptions {
        algorithm: ResizeAlg::Convolution(FilterType::Bilinear),
        cropping: fast_image_resize::SrcCropping::Crop(CropBox {
            left: inside.left(),
            top: inside.top(),
            width: inside.width(),
            height: inside.height(),
        }),
        mul_div_alpha: false,
    };
    Resizer::new()
        .resize_typed::<U8x3>(&source, &mut target, &options)
        .map_err(|why| refused(&why))?;
    let mut result = Image::filled(width, height, [114; 3]);
    let row_bytes = across as usize * 3;
    for (row, line) in target.pixels().chunks_exact(across as usize).enumerate() {
        let start = ((top as usize + row) * width as usize + left as usize) * 3;
        let place = &mut result.rgb_mut()[start..start + row_bytes];
        for (to, from) in place.as_chunks_mut::<3>().0.iter_mut().zip(line) {
            *to = from.0;
        }
    }
    Ok(result)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes are small")]
fn whole(value: f64) -> u32 {
    value as u32
}

/// Mean absolute Laplacian (sharpness, grey levels) and mean grey (light) of a part of an image.
///
/// # Source
///
/// Laplacian focus measures: Pertuz et al., « Analysis of focus measure operators », 2013.
#[must_use]
pub fn sharpness_and_light(image: &Image) -> (f64, f64) {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let grey: Vec<i32> = image
        .rgb()
        .as_chunks::<3>()
        .0
        .iter()
        .map(|[r, g, b]| (299 * i32::from(*r) + 587 * i32::from(*g) + 114 * i32::from(*b)) / 1000)
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
    let light = grey.iter().map(|it| i64::from(*it)).sum::<i64>() as f64 / grey.len() as f64;
    if width < 3 || height < 3 {
        return (0.0, light);
    }
    let mut total: i64 = 0;
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let at = y * width + x;
            let around = grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width];
            total += i64::from((4 * grey[at] - around).abs());
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
    let sharpness = total as f64 / ((width - 2) * (height - 2)) as f64;
    (sharpness, light)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Image {
        let rgb = (0..40u8).flat_map(|y| (0..60u8).flat_map(move |x| [x * 4, y * 6, 7])).collect();
        Image::new(60, 40, rgb).unwrap()
    }

    #[test]
    fn a_cut_at_full_size_keeps_every_pixel() {
        let part = PixelBox::new(10.0, 5.0, 30.0, 25.0).unwrap();
        let cut = crop_resize(&ramp(), &part, 20, 20).unwrap();
        for (x, y) in [(0, 0), (19, 0), (7, 13), (19, 19)] {
            assert_eq!(cut.pixel(x, y), ramp().pixel(x + 10, y + 5), "{x} {y}");
        }
    }

    #[test]
    fn what_lies_outside_is_grey() {
        let part = PixelBox::new(-20.0, 0.0, 20.0, 40.0).unwrap();
        let cut = crop_resize(&ramp(), &part, 40, 40).unwrap();
        assert_eq!(cut.pixel(3, 20), [114; 3]);
        assert_eq!(cut.pixel(25, 20), ramp().pixel(5, 20));
        let outside = PixelBox::new(100.0, 100.0, 120.0, 120.0).unwrap();
        assert!(crop_resize(&ramp(), &outside, 10, 10).is_err());
    }

    #[test]
    fn a_flat_image_has_no_sharpness() {
        let (sharp, light) = sharpness_and_light(&Image::filled(20, 20, [50; 3]));
        assert!(sharp.abs() < 1e-12 && (light - 50.0).abs() < 1e-9);
        let mut dots = Image::filled(20, 20, [0; 3]);
        dots.rgb_mut()
            .iter_mut()
            .enumerate()
            .filter(|(i, _)| i / 3 % 2 == 0)
            .for_each(|(_, it)| *it = 255);
        assert!(sharpness_and_light(&dots).0 > 100.0);
    }
}
