//! JPEG pictures, of a Motion JPEG clip or of a folder.

use crate::domain::Image;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Most pixels of a still that we take.
///
/// Chosen: twice the largest sensor in use; it bounds memory whatever the header says.
pub(crate) const MAX_STILL_PIXELS: u64 = 200_000_000;

/// Decodes a JPEG to RGB; the size is checked before anything is allocated.
///
/// # Errors
///
/// What is wrong with it: a JPEG cut short is refused, not completed with grey.
pub(crate) fn decode(bytes: &[u8]) -> Result<Image, String> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::RGB)
        .set_strict_mode(true)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|it| format!("not a JPEG that can be read: {it}"))?;
    let info = decoder.info().ok_or_else(|| "the JPEG has no header".to_owned())?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_STILL_PIXELS {
        return Err(format!(
            "{width} x {height} is {pixels} pixels, expected at most {MAX_STILL_PIXELS}"
        ));
    }
    let rgb = decoder.decode().map_err(|it| format!("the JPEG is damaged: {it}"))?;
    Image::new(width, height, rgb).map_err(|it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let rgb = [200, 30, 30].repeat(usize::from(width) * usize::from(height));
        let mut bytes = Vec::new();
        jpeg_encoder::Encoder::new(&mut bytes, 95)
            .encode(&rgb, width, height, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        bytes
    }

    #[test]
    fn a_jpeg_gives_its_pixels_and_a_cut_one_an_error() {
        let bytes = jpeg(33, 17);
        let image = decode(&bytes).unwrap();
        assert_eq!((image.width(), image.height()), (33, 17));
        assert!(image.pixel(5, 5)[0] > 190);
        assert!(decode(&bytes[..bytes.len() / 2]).is_err());
        assert!(decode(b"").is_err());
    }

    #[test]
    fn huge_sizes_are_refused_before_allocation() {
        let mut bytes = jpeg(16, 16);
        let frame = bytes.windows(2).position(|it| it == [0xFF, 0xC0]).unwrap();
        bytes[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        assert!(decode(&bytes).unwrap_err().contains("expected at most 200000000"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(flips in prop::collection::vec((0_usize..600, any::<u8>()), 1..6)) {
            let mut bytes = jpeg(16, 16);
            for (at, value) in flips {
                let at = at % bytes.len();
                bytes[at] = value;
            }
            let _ = decode(&bytes);
        }
    }
}
