//! Masks: PNG whose values are classes.

use crate::domain::{ClassMask, PixelClass};
use png::{BitDepth, ColorType, Transformations};
use std::io::Cursor;

/// Most pixels of a mask.
///
/// Chosen: as for stills; it bounds memory whatever the header says.
const MAX_PIXELS: u64 = 200_000_000;

/// Which values mean what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Labels {
    /// 0 other, 1 own lane, 2 crack, 3 pothole.
    ///
    /// Source: biankatpas/Cracks-and-Potholes-in-Road-Images-Dataset, masks joined.
    Survey,
    /// 0 sound or background, 30 crack, 60 pothole, 90 sealed crack, 120 patch, 150 alligator crack,
    /// 180 cover, 210 joint.
    ///
    /// Source: FuturePave/PaveSeg-Dataset, README.
    PaveSeg,
}

impl Labels {
    fn class(self, value: u8) -> Option<PixelClass> {
        match (self, value) {
            (Self::Survey, 1) => Some(PixelClass::Lane),
            (Self::Survey, 2) | (Self::PaveSeg, 30 | 150) => Some(PixelClass::Crack),
            (Self::Survey, 3) | (Self::PaveSeg, 60) => Some(PixelClass::Pothole),
            (_, 0) | (Self::PaveSeg, 90 | 120 | 180 | 210) => Some(PixelClass::Other),
            _ => None,
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Survey => "0, 1, 2 or 3",
            Self::PaveSeg => "0, 30, 60, 90, 120, 150, 180 or 210",
        }
    }
}

/// Reads a mask: the palette's index or the grey level of each pixel is its class.
pub(super) fn read(bytes: &[u8], labels: Labels) -> Result<ClassMask, String> {
    let broken = |it: png::DecodingError| format!("the PNG is damaged: {it}");
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    // Indices as they are: the palette's colours mean nothing.
    decoder.set_transformations(Transformations::IDENTITY);
    let header = decoder.read_header_info().map_err(broken)?;
    let (width, height, depth) = (header.width, header.height, header.bit_depth);
    let colour = header.color_type;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS {
        return Err(format!(
            "{width} x {height} is {pixels} pixels, expected at most {MAX_PIXELS}"
        ));
    }
    let (samples, bits) = match (colour, depth) {
        (_, BitDepth::Sixteen) => return Err("16-bit samples, expected classes on 8 bits".into()),
        (ColorType::Indexed | ColorType::Grayscale, depth) => (1, depth as usize),
        (ColorType::GrayscaleAlpha, _) => (2, 8),
        (ColorType::Rgb, _) => (3, 8),
        (ColorType::Rgba, _) => (4, 8),
    };
    let mut reader = decoder.read_info().map_err(broken)?;
    let mut bytes = vec![0; reader.output_buffer_size().ok_or("the PNG is too large")?];
    let frame = reader.next_frame(&mut bytes).map_err(broken)?;
    let mut classes = Vec::with_capacity(width as usize * height as usize);
    for y in 0..height {
        let row = &bytes[y as usize * frame.line_size..][..frame.line_size];
        for x in 0..width {
            let bit = x as usize * samples * bits;
            let shift = 8 - bits - bit % 8;
            let value = row[bit / 8] >> shift & (u8::MAX >> (8 - bits));
            classes.push(labels.class(value).ok_or_else(|| {
                format!("class {value} at column {x}, row {y}, expected {}", labels.expected())
            })?);
        }
    }
    ClassMask::new(width, height, classes).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(colour: ColorType, depth: BitDepth, width: u32, samples: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, 1);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        if colour == ColorType::Indexed {
            encoder.set_palette(vec![0, 0, 0, 90, 90, 90, 180, 180, 180, 255, 255, 255]);
        }
        encoder.write_header().unwrap().write_image_data(samples).unwrap();
        bytes
    }

    #[test]
    fn indices_and_greys_of_any_depth_are_classes() {
        use PixelClass::{Crack, Lane, Other, Pothole};
        let cases = [
            (ColorType::Indexed, BitDepth::Two, vec![0b0001_1011]),
            (ColorType::Indexed, BitDepth::Eight, vec![0, 1, 2, 3]),
            (ColorType::Grayscale, BitDepth::Four, vec![0x01, 0x23]),
            (ColorType::Rgb, BitDepth::Eight, vec![0, 9, 9, 1, 9, 9, 2, 9, 9, 3, 9, 9]),
        ];
        for (colour, depth, samples) in cases {
            let mask = read(&png(colour, depth, 4, &samples), Labels::Survey).unwrap();
            assert_eq!(mask.row(0), [Other, Lane, Crack, Pothole], "{colour:?} {depth:?}");
        }
        let grey = png(ColorType::Grayscale, BitDepth::Eight, 4, &[30, 60, 150, 210]);
        let mask = read(&grey, Labels::PaveSeg).unwrap();
        assert_eq!(mask.row(0), [Crack, Pothole, Crack, Other]);
    }

    #[test]
    fn a_value_that_is_no_class_is_told_with_its_place() {
        let bytes = png(ColorType::Grayscale, BitDepth::Eight, 3, &[0, 1, 7]);
        let why = read(&bytes, Labels::Survey).err().unwrap();
        assert_eq!(why, "class 7 at column 2, row 0, expected 0, 1, 2 or 3");
        assert!(read(b"\x89PNGx", Labels::Survey).err().unwrap().contains("damaged"));
    }
}
