//! The embedded decoders: H.264 by `rust_h264`, HEVC by `rust_h265`.
//!
//! A sample goes in, its picture comes out: each decoder is made to finish the picture at the end
//! of the sample, so that no order has to be guessed. Both hide damage where they can, so a
//! sample that gives no picture, an error or a picture of another size counts as damaged.

use super::mp4::{Codec, NalConfig};
use super::nal;
use super::parameter_sets;
use super::picture::{Chroma, MAX_PIXELS, Planes};
use rust_h264::decoder::ChromaFormat;
use rust_h264::nal::parse_avcc;
use rust_h265::{Frame as HevcFrame, PixelData, parse_nal};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A decoder that starts at a sync sample.
pub(super) struct Decoder {
    inner: Inner,
    length_size: usize,
    size: Option<(u32, u32)>,
}

enum Inner {
    H264(Box<rust_h264::decoder::Decoder>),
    Hevc(Box<rust_h265::Decoder>),
}

/// An access unit delimiter of HEVC: it ends the picture before it.
///
/// Source: ITU-T H.265 (08/2021), 7.3.1.2 and 7.3.2.5: type 35, any picture type.
const HEVC_DELIMITER: [u8; 3] = [0x46, 0x01, 0x50];

impl Decoder {
    /// A decoder that knows the parameter sets of the file; `None` for other codecs.
    ///
    /// # Errors
    ///
    /// When a parameter set asks for a picture larger than we take.
    pub(super) fn new(codec: &Codec) -> Result<Option<Self>, String> {
        let (inner, config) = match codec {
            Codec::H264(config) => (Inner::H264(Box::default()), config),
            Codec::Hevc(config) => (Inner::Hevc(Box::default()), config),
            _ => return Ok(None),
        };
        let NalConfig { length_size, sets, .. } = config;
        let mut decoder = Self { inner, length_size: *length_size, size: None };
        for set in sets {
            decoder.check_size(set)?;
            // A set that is not understood shows when a picture needs it.
            let _ = decoder.guarded(|inner| inner.set(set));
        }
        Ok(Some(decoder))
    }

    /// Decodes one sample to its picture.
    ///
    /// # Errors
    ///
    /// What is wrong with the sample; the decoder goes on from the next sync sample.
    pub(super) fn picture(&mut self, sample: &[u8]) -> Result<Planes, String> {
        for unit in nal::split(sample, self.length_size)? {
            self.check_size(unit)?;
        }
        let length_size = self.length_size;
        let planes = self.guarded(|inner| inner.picture(sample, length_size))?;
        let size = (planes.width, planes.height);
        match self.size.replace(size) {
            Some(before) if before != size => Err(format!(
                "a picture of {} x {} among pictures of {} x {}",
                size.0, size.1, before.0, before.1
            )),
            _ => Ok(planes),
        }
    }

    /// Refuses a parameter set that would make a decoder allocate without bound.
    fn check_size(&self, unit: &[u8]) -> Result<(), String> {
        let found = match self.inner {
            Inner::H264(_) => parameter_sets::h264(unit),
            Inner::Hevc(_) => parameter_sets::hevc(unit),
        };
        match found {
            Some(it) if it.pixels() > MAX_PIXELS => Err(format!(
                "the stream announces {} x {}, expected at most {MAX_PIXELS} pixels",
                it.coded_width, it.coded_height
            )),
            _ => Ok(()),
        }
    }

    /// A decoder that panics on damaged bytes costs the picture, not the run.
    fn guarded<T>(
        &mut self,
        work: impl FnOnce(&mut Inner) -> Result<T, String>,
    ) -> Result<T, String> {
        let inner = &mut self.inner;
        catch_unwind(AssertUnwindSafe(|| work(inner)))
            .unwrap_or_else(|_| Err("the decoder broke down on it".to_owned()))
    }
}

impl Inner {
    fn set(&mut self, set: &[u8]) -> Result<(), String> {
        match self {
            Self::H264(decoder) => {
                let length = u32::try_from(set.len()).map_err(|it| it.to_string())?;
                let prefixed = [&length.to_be_bytes()[..], set].concat();
                for unit in parse_avcc(&prefixed, 4) {
                    decoder.decode_nal(&unit).map_err(|it| it.to_string())?;
                }
            }
            Self::Hevc(decoder) => {
                let unit = parse_nal(set).ok_or("not a NAL unit")?;
                decoder.decode_nal(&unit).map_err(|it| it.to_string())?;
            }
        }
        Ok(())
    }

    fn picture(&mut self, sample: &[u8], length_size: usize) -> Result<Planes, String> {
        let nothing = || "the decoder gave no picture for it".to_owned();
        match self {
            Self::H264(decoder) => {
                for unit in parse_avcc(sample, length_size) {
                    // Of two fields in one sample, the first comes out here only when it is lost.
                    let early = decoder.decode_nal(&unit).map_err(|it| it.to_string())?;
                    drop(early);
                }
                Ok(planes_of_h264(decoder.flush().ok_or_else(nothing)?))
            }
            Self::Hevc(decoder) => {
                let mut frame = None;
                let units = nal::split(sample, length_size)?;
                for unit in units.into_iter().chain([&HEVC_DELIMITER[..]]) {
                    let Some(unit) = parse_nal(unit) else {
                        return Err("a NAL unit has a broken header".to_owned());
                    };
                    frame = decoder.decode_nal(&unit).map_err(|it| it.to_string())?.or(frame);
                }
                planes_of_hevc(frame.ok_or_else(nothing)?)
            }
        }
    }
}

fn planes_of_h264(frame: rust_h264::decoder::Frame) -> Planes {
    let chroma = match frame.chroma_format {
        ChromaFormat::Yuv420 => Chroma::C420,
        ChromaFormat::Yuv422 => Chroma::C422,
    };
    let (width, height, depth) = (frame.width, frame.height, frame.bit_depth);
    Planes { width, height, chroma, depth, planes: [frame.y, frame.u, frame.v] }
}

fn planes_of_hevc(frame: HevcFrame) -> Result<Planes, String> {
    let chroma = match frame.chroma_format_idc {
        1 => Chroma::C420,
        2 => Chroma::C422,
        3 => Chroma::C444,
        other => return Err(format!("chroma format {other}, expected 1 to 3")),
    };
    let bytes = |plane: PixelData| match plane {
        PixelData::U8(samples) => samples,
        PixelData::U16(samples) => samples.iter().flat_map(|it| it.to_le_bytes()).collect(),
    };
    let planes = [bytes(frame.y), bytes(frame.u), bytes(frame.v)];
    let (width, height) = (frame.width, frame.height);
    Ok(Planes { width, height, chroma, depth: frame.bit_depth, planes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rubbish_is_an_error_and_never_a_picture() {
        let config = NalConfig { length_size: 4, sets: Vec::new(), temporal_layers: 1 };
        for codec in [Codec::H264(config.clone()), Codec::Hevc(config)] {
            let mut decoder = Decoder::new(&codec).unwrap().unwrap();
            for sample in [&[][..], &[0, 0, 0, 2, 0x65, 0x88], &[0, 0, 0, 3, 0x26, 1, 0xAF]] {
                assert!(decoder.picture(sample).is_err(), "{codec:?} {sample:?}");
            }
        }
        assert!(Decoder::new(&Codec::Jpeg).unwrap().is_none());
    }
}
