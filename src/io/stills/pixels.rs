//! The pixels of one still, whichever of the two formats its bytes are in.

use crate::domain::Image;
use crate::io::video::decode_jpeg;
use png::{ColorType, Transformations};
use std::io::Cursor;

/// Most pixels of a still that we take.
///
/// Chosen: twice the largest sensor in use; it bounds memory whatever the header says. The same
/// bound holds for JPEG.
const MAX_PIXELS: u64 = 200_000_000;

/// Decodes a JPEG or a PNG; the size is checked before anything is allocated.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn decode(bytes: &[u8]) -> Result<Image, String> {
    if bytes.starts_with(&[0xFF, 0xD8]) {
        decode_jpeg(bytes)
    } else if bytes.starts_with(b"\x89PNG") {
        decode_png(bytes)
    } else if bytes.is_empty() {
        Err("the file is empty (0 bytes)".to_owned())
    } else {
        Err("neither a JPEG nor a PNG by its first bytes".to_owned())
    }
}

fn decode_png(bytes: &[u8]) -> Result<Image, String> {
    let broken = |it: png::DecodingError| format!("the PNG is damaged: {it}");
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(broken)?;
    let (width, height) = (header.width, header.height);
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS {
        return Err(format!(
            "{width} x {height} is {pixels} pixels, expected at most {MAX_PIXELS}"
        ));
    }
    let mut reader = decoder.read_info().map_err(broken)?;
    let length = reader.output_buffer_size().ok_or("the PNG is too large")?;
    let mut samples = vec![0; length];
    let frame = reader.next_frame(&mut samples).map_err(broken)?;
    samples.truncate(frame.buffer_size());
    let rgb = match frame.color_type {
        ColorType::Rgb => samples,
        ColorType::Rgba => samples.chunks_exact(4).flat_map(|it| [it[0], it[1], it[2]]).collect(),
        ColorType::Grayscale => samples.iter().flat_map(|it| [*it; 3]).collect(),
        ColorType::GrayscaleAlpha => samples.chunks_exact(2).flat_map(|it| [it[0]; 3]).collect(),
        ColorType::Indexed => return Err("the PNG keeps its palette".to_owned()),
    };
    Image::new(width, height, rgb).map_err(|it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use png::BitDepth;
    use proptest::prelude::*;

    fn png_of(colour: ColorType, depth: BitDepth, samples: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 2, 1);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        if colour == ColorType::Indexed {
            encoder.set_palette(vec![9, 8, 7, 6, 5, 4]);
        }
        encoder.write_header().unwrap().write_image_data(samples).unwrap();
        bytes
    }

    #[test]
    fn every_kind_of_png_gives_rgb() {
        let cases: [(ColorType, BitDepth, &[u8], [u8; 6]); 6] = [
            (ColorType::Rgb, BitDepth::Eight, &[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]),
            (ColorType::Rgba, BitDepth::Eight, &[1, 2, 3, 0, 4, 5, 6, 0], [1, 2, 3, 4, 5, 6]),
            (ColorType::Grayscale, BitDepth::Eight, &[7, 9], [7, 7, 7, 9, 9, 9]),
            (ColorType::Grayscale, BitDepth::One, &[0x40], [0, 0, 0, 255, 255, 255]),
            (
                ColorType::GrayscaleAlpha,
                BitDepth::Sixteen,
                &[7, 0, 1, 1, 9, 0, 1, 1],
                [7, 7, 7, 9, 9, 9],
            ),
            (ColorType::Indexed, BitDepth::Eight, &[1, 0], [6, 5, 4, 9, 8, 7]),
        ];
        for (colour, depth, samples, want) in cases {
            let image = decode(&png_of(colour, depth, samples)).unwrap();
            assert_eq!(image.rgb(), want, "{colour:?} {depth:?}");
        }
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_told() {
        assert_eq!(decode(b"").unwrap_err(), "the file is empty (0 bytes)");
        assert!(decode(b"GIF89a").unwrap_err().starts_with("neither a JPEG nor a PNG"));
        let mut bytes = Vec::new();
        let encoder = png::Encoder::new(&mut bytes, 100_000, 100_000);
        drop(encoder.write_header().unwrap());
        assert!(decode(&bytes).unwrap_err().contains("10000000000 pixels"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(flips in prop::collection::vec((8_usize..90, any::<u8>()), 1..5)) {
            let mut bytes = png_of(ColorType::Rgb, BitDepth::Eight, &[1, 2, 3, 4, 5, 6]);
            for (at, value) in flips {
                let at = at % bytes.len();
                bytes[at] = value;
            }
            let _ = decode(&bytes);
        }
    }
}
