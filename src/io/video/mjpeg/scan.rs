//! The one scan of a picture, block by block, into planes.

use super::bits::{Bits, Damage};
use super::headers::{Component, Headers, Parsed, parse};
use super::huffman::Huffman;
use super::transform::inverse;
use crate::io::video::picture::Planes;

/// Where each coefficient of a block stands, in the order in which they are coded.
///
/// Source: ITU-T T.81, figure A.6.
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// First coefficient of a block of middle grey: the level shift of 128, eight times.
///
/// Source: ITU-T T.81, A.3.1.
const LEVEL: i32 = 1024;

/// Decodes a picture of Motion JPEG; nothing when it is a JPEG of a kind left to others.
///
/// # Errors
///
/// What is wrong with it: a picture cut short is refused, not completed with grey.
pub fn decode(bytes: &[u8]) -> Result<Option<Planes>, String> {
    let Parsed::Ours(headers) = parse(bytes)? else { return Ok(None) };
    let (width, height) = (u32::from(headers.size.0), u32::from(headers.size.1));
    let Some(chroma) = headers.chroma() else { return Ok(None) };
    if Planes::lengths(width, height, chroma, 8).is_none() {
        return Err(format!("{width} x {height} pixels are more than are taken"));
    }
    let mut planes: Vec<Plane<'_>> = Vec::new();
    // A single component is coded block by block, whatever it says of its sampling.
    let single = headers.components.len() == 1;
    for component in &headers.components {
        let plane = Plane::new(&headers, component, single);
        planes.push(plane.ok_or("the JPEG uses a table that it does not bring")?);
    }
    fill(&headers, &mut planes)
        .map_err(|unit| format!("the JPEG is damaged or cut at unit {unit}"))?;
    let (across, down) = chroma.size(width, height);
    let sizes = [(width, height), (across, down), (across, down)];
    let mut cropped = sizes.iter().zip(&planes).map(|(size, plane)| plane.cropped(*size));
    let planes = [0, 1, 2].map(|_| cropped.next().unwrap_or_default());
    Ok(Some(Planes { width, height, chroma, depth: 8, planes }))
}

/// A component in the making: whole units, so possibly wider and taller than the picture.
struct Plane<'h> {
    steps: &'h [u16; 64],
    codes: (&'h Huffman, &'h Huffman),
    /// Blocks of a unit across and down.
    sampling: (usize, usize),
    stride: usize,
    samples: Vec<u8>,
    last: i32,
}

impl<'h> Plane<'h> {
    fn new(headers: &'h Headers<'_>, of: &Component, single: bool) -> Option<Self> {
        let sampling = if single { (1, 1) } else { of.sampling };
        let (columns, rows) = units(headers);
        let stride = columns * sampling.0 * 8;
        Some(Self {
            steps: headers.steps(of)?,
            codes: headers.codes(of)?,
            sampling,
            stride,
            samples: vec![0; stride * rows * sampling.1 * 8],
            last: LEVEL,
        })
    }

    /// Decodes the next block of the component.
    ///
    /// # Source
    ///
    /// ITU-T T.81, F.2.2.1 and F.2.2.2.
    fn block(&mut self, bits: &mut Bits<'_>) -> Result<[u8; 64], Damage> {
        let mut block = [0_i16; 64];
        let size = u32::from(self.codes.0.symbol(bits)?);
        if size > 11 {
            return Err(Damage);
        }
        // A damaged stream may add up beyond any sample: it wraps, and is clipped like the rest.
        let step = bits.value(size)?.wrapping_mul(i32::from(self.steps[0]));
        self.last = self.last.wrapping_add(step);
        let level = self.last.clamp(i16::MIN.into(), i16::MAX.into());
        block[0] = i16::try_from(level).expect("clamped");
        let mut k = 1;
        while k < 64 {
            let symbol = self.codes.1.symbol(bits)?;
            let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if zeros < 15 {
                    break;
                }
                k += 16;
                continue;
            }
            k += zeros;
            let place = *ZIGZAG.get(k).ok_or(Damage)?;
            let value = bits.value(size)?.wrapping_mul(i32::from(self.steps[k]));
            block[place] = i16::try_from(value).ok().ok_or(Damage)?;
            k += 1;
        }
        Ok(inverse(&mut block))
    }

    /// Decodes the blocks of one unit and puts them in their place.
    fn unit(&mut self, bits: &mut Bits<'_>, (column, row): (usize, usize)) -> Result<(), Damage> {
        for down in 0..self.sampling.1 {
            for across in 0..self.sampling.0 {
                let samples = self.block(bits)?;
                let x = (column * self.sampling.0 + across) * 8;
                let y = (row * self.sampling.1 + down) * 8;
                for (line, from) in samples.as_chunks::<8>().0.iter().enumerate() {
                    let at = (y + line) * self.stride + x;
                    self.samples[at..at + 8].copy_from_slice(from);
                }
            }
        }
        Ok(())
    }

    fn cropped(&self, (width, height): (u32, u32)) -> Vec<u8> {
        let lines = self.samples.chunks_exact(self.stride).take(height as usize);
        lines.flat_map(|it| &it[..width as usize]).copied().collect()
    }
}

/// Units of a picture, across and down.
fn units(headers: &Headers<'_>) -> (usize, usize) {
    let unit = match headers.components.as_slice() {
        [y, _, _] => (y.sampling.0 * 8, y.sampling.1 * 8),
        _ => (8, 8),
    };
    (usize::from(headers.size.0).div_ceil(unit.0), usize::from(headers.size.1).div_ceil(unit.1))
}

/// Decodes every unit; the rank of the first that cannot be.
fn fill(headers: &Headers<'_>, planes: &mut [Plane<'_>]) -> Result<(), usize> {
    let mut bits = Bits::new(headers.scan);
    let (columns, rows) = units(headers);
    for unit in 0..columns * rows {
        if headers.restart > 0 && unit > 0 && unit % headers.restart == 0 {
            bits.restart().map_err(|Damage| unit)?;
            for plane in planes.iter_mut() {
                plane.last = LEVEL;
            }
        }
        for plane in planes.iter_mut() {
            plane.unit(&mut bits, (unit % columns, unit / columns)).map_err(|Damage| unit)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
    use proptest::prelude::*;

    fn jpeg(size: (u16, u16), sampling: SamplingFactor, restart: u16) -> Vec<u8> {
        let (width, height) = (usize::from(size.0), usize::from(size.1));
        let rgb: Vec<u8> = (0..width * height)
            .flat_map(|it| [(it % width) * 5, it / width * 7, 90])
            .map(|it| u8::try_from(it % 256).unwrap())
            .collect();
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 95);
        encoder.set_sampling_factor(sampling);
        if restart > 0 {
            encoder.set_restart_interval(restart);
        }
        encoder.encode(&rgb, size.0, size.1, ColorType::Rgb).unwrap();
        bytes
    }

    #[test]
    fn every_sampling_and_odd_size_is_what_the_general_decoder_sees() {
        let samplings = [SamplingFactor::F_2_2, SamplingFactor::F_2_1, SamplingFactor::F_1_1];
        for sampling in samplings {
            for (size, restart) in [((40, 24), 0), ((33, 17), 2), ((8, 8), 0), ((47, 31), 1)] {
                let bytes = jpeg(size, sampling, restart);
                let planes = decode(&bytes).unwrap().unwrap();
                let general = crate::io::video::decode_jpeg(&bytes).unwrap();
                for (luma, rgb) in planes.planes[0].iter().zip(general.rgb().as_chunks::<3>().0) {
                    let [r, g, b] = rgb.map(f64::from);
                    let want = 0.299 * r + 0.587 * g + 0.114 * b;
                    assert!((f64::from(*luma) - want).abs() < 6.0, "{size:?}: {luma} {want}");
                }
            }
        }
    }

    #[test]
    fn a_picture_cut_short_is_an_error_and_other_kinds_are_left() {
        let bytes = jpeg((64, 64), SamplingFactor::F_2_2, 0);
        let said = decode(&bytes[..bytes.len() * 2 / 3]).unwrap_err();
        assert!(said.contains("damaged or cut at unit"), "{said}");
        assert!(decode(&bytes[..30]).unwrap_err().contains("ends within its headers"));
        assert!(decode(b"GIF89a").is_err());
        let mut progressive = Vec::new();
        let mut encoder = Encoder::new(&mut progressive, 90);
        encoder.set_progressive(true);
        encoder.encode(&[90; 16 * 16 * 3], 16, 16, ColorType::Rgb).unwrap();
        assert_eq!(decode(&progressive), Ok(None));
        assert_eq!(decode(&jpeg((16, 16), SamplingFactor::F_1_2, 0)), Ok(None));
    }

    #[test]
    fn a_picture_without_tables_is_read_with_the_standard_ones() {
        let mut bytes = jpeg((32, 32), SamplingFactor::F_2_2, 0);
        let whole = decode(&bytes).unwrap();
        // The encoder writes the standard tables: the picture is the same without them.
        while let Some(at) = bytes.windows(2).position(|it| it == [0xFF, 0xC4]) {
            let length = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
            bytes.drain(at..at + 2 + length);
        }
        assert_eq!(decode(&bytes).unwrap(), whole);
    }

    #[test]
    fn the_largest_steps_do_not_overflow() {
        let mut bytes = jpeg((64, 64), SamplingFactor::F_2_2, 0);
        // Every quantisation table of 16 bits and of the largest steps.
        while let Some(at) = bytes.windows(2).position(|it| it == [0xFF, 0xDB]) {
            let length = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
            bytes.drain(at..at + 2 + length);
        }
        let mut tables = vec![0xFF, 0xDB, 0x01, 0x04];
        for number in [0x10, 0x11] {
            tables.push(number);
            tables.extend([0xFF; 128]);
        }
        bytes.splice(2..2, tables);
        // Refused or full of clipped samples: never a panic.
        let _whatever = decode(&bytes);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(flips in prop::collection::vec((0_usize..2000, any::<u8>()), 1..8)) {
            let mut bytes = jpeg((24, 24), SamplingFactor::F_2_2, 1);
            for (at, value) in flips {
                let at = at % bytes.len();
                bytes[at] = value;
            }
            let _ = decode(&bytes);
        }
    }
}
