//! A decoded picture: luma and chroma planes, and the RGB made of them.

use super::colour::{Colour, Matrix};
use crate::domain::Image;
use yuv::{YuvPlanarImage, YuvRange, YuvStandardMatrix};

/// Most pixels of a frame that we take.
///
/// Chosen: 16K by 8K, above any camera; it bounds memory whatever the stream says.
pub(super) const MAX_PIXELS: u64 = 16_384 * 8_192;

/// How chroma is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chroma {
    /// Half the width and half the height of luma.
    C420,
    /// Half the width.
    C422,
    /// As luma.
    C444,
    /// No chroma.
    Grey,
}

impl Chroma {
    /// Samples across and down of one chroma plane.
    #[must_use]
    pub const fn size(self, width: u32, height: u32) -> (u32, u32) {
        match self {
            Self::C420 => (width.div_ceil(2), height.div_ceil(2)),
            Self::C422 => (width.div_ceil(2), height),
            Self::C444 => (width, height),
            Self::Grey => (0, 0),
        }
    }
}

/// The samples of a picture as coded, before any conversion.
///
/// # Shape
///
/// Planes Y, U, V without padding; one byte a sample at 8 bits, else two, low byte first.
#[derive(Clone, PartialEq, Eq)]
pub struct Planes {
    /// Luma samples across.
    pub width: u32,
    /// Luma samples down.
    pub height: u32,
    /// How chroma is sampled.
    pub chroma: Chroma,
    /// Bits of a sample.
    pub depth: u8,
    /// Y, U, V.
    pub planes: [Vec<u8>; 3],
}

impl std::fmt::Debug for Planes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { width, height, chroma, depth, .. } = self;
        write!(f, "Planes({width} x {height}, {chroma:?}, {depth} bits)")
    }
}

impl Planes {
    /// Bytes of the Y and of each chroma plane; `None` when the picture is larger than we take.
    pub(super) fn lengths(
        width: u32,
        height: u32,
        chroma: Chroma,
        depth: u8,
    ) -> Option<[usize; 3]> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 || pixels > MAX_PIXELS {
            return None;
        }
        let bytes = if depth > 8 { 2 } else { 1 };
        let (across, down) = chroma.size(width, height);
        let luma = width as usize * height as usize * bytes;
        let each = across as usize * down as usize * bytes;
        Some([luma, each, each])
    }

    /// The planes one after another, as `ffmpeg -f rawvideo` writes them.
    #[must_use]
    pub fn to_raw_video(&self) -> Vec<u8> {
        self.planes.concat()
    }

    /// Whether the planes have the bytes that size, chroma and depth ask for.
    fn is_whole(&self) -> bool {
        Self::lengths(self.width, self.height, self.chroma, self.depth)
            .is_some_and(|want| want == self.planes.each_ref().map(Vec::len))
    }

    /// Samples reduced to 8 bits, rounded.
    fn to_eight_bits(&self) -> Self {
        let shift = self.depth.clamp(9, 16) - 8;
        let reduce = |plane: &Vec<u8>| {
            let samples = plane.chunks_exact(2).map(|it| u32::from(it[0]) | u32::from(it[1]) << 8);
            let half = 1_u32 << (shift - 1);
            samples.map(|it| u8::try_from((it + half) >> shift).unwrap_or(u8::MAX)).collect()
        };
        Self { depth: 8, planes: self.planes.each_ref().map(reduce), ..*self }
    }

    /// Red, green and blue. What `colour` leaves open is taken as players do: limited range, and
    /// the matrix by the number of lines.
    ///
    /// # Errors
    ///
    /// When planes and size do not agree.
    pub fn to_rgb(&self, colour: Colour) -> Result<Image, String> {
        if !self.is_whole() {
            return Err(format!("{self:?} does not have the bytes it should"));
        }
        if self.depth > 8 {
            return self.to_eight_bits().to_rgb(colour);
        }
        let (width, height) = (self.width, self.height);
        let range = match colour.full_range {
            Some(true) => YuvRange::Full,
            _ => YuvRange::Limited,
        };
        let matrix = match colour.matrix.unwrap_or_else(|| Matrix::usual(height)) {
            Matrix::Bt601 => YuvStandardMatrix::Bt601,
            Matrix::Bt709 => YuvStandardMatrix::Bt709,
            Matrix::Bt2020 => YuvStandardMatrix::Bt2020,
            Matrix::Smpte240 => YuvStandardMatrix::Smpte240,
            Matrix::Fcc => YuvStandardMatrix::Fcc,
        };
        let [y, u, v] = &self.planes;
        // Grey is converted as 4:2:0 with neutral chroma: one path, the same levels.
        let neutral;
        let (chroma, u, v) = if self.chroma == Chroma::Grey {
            let (across, down) = Chroma::C420.size(width, height);
            neutral = vec![128; across as usize * down as usize];
            (Chroma::C420, &neutral, &neutral)
        } else {
            (self.chroma, u, v)
        };
        let (across, _) = chroma.size(width, height);
        let planar = YuvPlanarImage {
            y_plane: y.as_slice(),
            y_stride: width,
            u_plane: u.as_slice(),
            u_stride: across,
            v_plane: v.as_slice(),
            v_stride: across,
            width,
            height,
        };
        let mut rgb = vec![0; width as usize * height as usize * 3];
        let convert = match chroma {
            Chroma::C420 | Chroma::Grey => yuv::yuv420_to_rgb,
            Chroma::C422 => yuv::yuv422_to_rgb,
            Chroma::C444 => yuv::yuv444_to_rgb,
        };
        convert(&planar, &mut rgb, width * 3, range, matrix).map_err(|it| it.to_string())?;
        Image::new(width, height, rgb).map_err(|it| it.to_string())
    }
}

/// What a decoder gives.
#[derive(Clone, Debug)]
pub enum Picture {
    /// Planes of a video codec.
    Planes(Planes),
    /// Red, green and blue of a JPEG.
    Rgb(Image),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(width: u32, height: u32, chroma: Chroma, levels: [u8; 3]) -> Planes {
        let lengths = Planes::lengths(width, height, chroma, 8).unwrap();
        let planes = [0, 1, 2].map(|it| vec![levels[it]; lengths[it]]);
        Planes { width, height, chroma, depth: 8, planes }
    }

    /// Red in BT.709, limited range: Y = 63, Cb = 102, Cr = 240 (BT.709-6, item 3, rounded).
    const RED_709: [u8; 3] = [63, 102, 240];

    #[test]
    fn red_stays_red_at_every_sampling_and_odd_size() {
        let colour = Colour { matrix: Some(Matrix::Bt709), full_range: Some(false) };
        for chroma in [Chroma::C420, Chroma::C422, Chroma::C444] {
            for (width, height) in [(8, 8), (7, 5), (1, 1), (65, 3)] {
                let image = flat(width, height, chroma, RED_709).to_rgb(colour).unwrap();
                for pixel in image.rgb().chunks(3) {
                    let near = pixel[0] >= 252 && pixel[1] <= 3 && pixel[2] <= 3;
                    assert!(near, "{chroma:?} {width} x {height}: {pixel:?}");
                }
            }
        }
    }

    #[test]
    fn the_range_decides_what_black_is() {
        let of = |full_range| {
            let colour = Colour { matrix: None, full_range };
            flat(4, 4, Chroma::Grey, [16, 0, 0]).to_rgb(colour).unwrap().pixel(0, 0)
        };
        assert_eq!(of(None), [0; 3]);
        assert_eq!(of(Some(false)), [0; 3]);
        assert_eq!(of(Some(true)), [16; 3]);
    }

    #[test]
    fn ten_bits_are_rounded_to_eight() {
        let planes = Planes {
            width: 2,
            height: 1,
            chroma: Chroma::Grey,
            depth: 10,
            planes: [vec![0x01, 0x02, 0xFF, 0x03], Vec::new(), Vec::new()],
        };
        assert_eq!(planes.to_eight_bits().planes[0], [128, 255], "513 / 4 and 1023 / 4");
    }

    #[test]
    fn planes_of_the_wrong_size_are_refused() {
        let mut planes = flat(4, 4, Chroma::C420, RED_709);
        planes.planes[1].pop();
        assert!(planes.to_rgb(Colour::default()).is_err());
        assert_eq!(Planes::lengths(1 << 20, 1 << 20, Chroma::C420, 8), None);
    }
}
