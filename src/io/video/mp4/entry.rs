//! The sample entry (`stsd`): which codec, its parameter sets, size and colour.

use super::super::colour::{Colour, Matrix};
use super::boxes::{Boxes, Fields, Kind, find, letters};

/// How pictures are coded.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::io::video) enum Codec {
    /// H.264, parameter sets out of band.
    H264(NalConfig),
    /// HEVC, likewise.
    Hevc(NalConfig),
    /// Motion JPEG.
    Jpeg,
    /// VP9.
    Vp9,
    /// AV1.
    Av1,
    /// Anything else.
    Other(Kind),
}

/// What `avcC` and `hvcC` say.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::io::video) struct NalConfig {
    /// Bytes of the length before each NAL unit: 1, 2 or 4.
    pub(in crate::io::video) length_size: usize,
    /// Parameter sets, header included.
    pub(in crate::io::video) sets: Vec<Vec<u8>>,
    /// Temporal layers of the stream; 0 when unknown.
    pub(in crate::io::video) temporal_layers: u8,
}

impl Codec {
    /// Name for people.
    pub(in crate::io::video) fn name(&self) -> String {
        match self {
            Self::H264(_) => "h264".to_owned(),
            Self::Hevc(_) => "hevc".to_owned(),
            Self::Jpeg => "mjpeg".to_owned(),
            Self::Vp9 => "vp9".to_owned(),
            Self::Av1 => "av1".to_owned(),
            Self::Other(kind) => letters(*kind),
        }
    }
}

/// The first sample entry of a video track.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::io::video) struct Entry {
    pub(in crate::io::video) codec: Codec,
    /// Body of the configuration box, for a decoder that wants it whole.
    pub(in crate::io::video) config: Vec<u8>,
    pub(in crate::io::video) width: u16,
    pub(in crate::io::video) height: u16,
    /// What the `colr` box says, when there is one.
    pub(in crate::io::video) colour: Option<Colour>,
}

/// Bytes of a visual sample entry before its boxes.
///
/// Source: ISO/IEC 14496-12:2015, 12.1.3 (`VisualSampleEntry`): 8 of the entry, 70 of its own.
const VISUAL_ENTRY_BYTES: usize = 78;

/// Reads the first entry of a `stsd` body; `None` when it is cut short.
pub(super) fn parse(stsd: &[u8]) -> Option<Entry> {
    let mut fields = Fields(stsd);
    fields.take(4)?;
    let _count = fields.u32()?;
    let (kind, body) = Boxes::new(fields.0).next()?;
    let mut fields = Fields(body);
    fields.take(24)?;
    let width = fields.u16()?;
    let height = fields.u16()?;
    let boxes = body.get(VISUAL_ENTRY_BYTES..).unwrap_or_default();
    let config_of = |kind: &Kind| find(boxes, *kind).map(<[u8]>::to_vec);
    let (codec, config) = match &kind {
        b"avc1" | b"avc3" => {
            let config = config_of(b"avcC").unwrap_or_default();
            let read = avc_config(&config);
            (read.map_or(Codec::Other(kind), Codec::H264), config)
        }
        b"hvc1" | b"hev1" => {
            let config = config_of(b"hvcC").unwrap_or_default();
            let read = hevc_config(&config);
            (read.map_or(Codec::Other(kind), Codec::Hevc), config)
        }
        b"jpeg" | b"mjpa" => (Codec::Jpeg, Vec::new()),
        b"mp4v" if find(boxes, *b"esds").and_then(object_type) == Some(OBJECT_TYPE_JPEG) => {
            (Codec::Jpeg, Vec::new())
        }
        b"vp09" => (Codec::Vp9, Vec::new()),
        b"av01" => (Codec::Av1, config_of(b"av1C").unwrap_or_default()),
        _ => (Codec::Other(kind), Vec::new()),
    };
    let colour = find(boxes, *b"colr").and_then(colour);
    Some(Entry { codec, config, width, height, colour })
}

/// ISO/IEC 14496-10 parameter sets in their container (`AVCDecoderConfigurationRecord`).
///
/// # Source
///
/// ISO/IEC 14496-15:2017, 5.3.3.1.
fn avc_config(body: &[u8]) -> Option<NalConfig> {
    let mut fields = Fields(body);
    fields.take(4)?;
    let length_size = usize::from(fields.u8()? & 3) + 1;
    let mut sets = Vec::new();
    for mask in [0x1F, 0xFF] {
        // A record cut after its sets is still of use.
        let n = fields.u8().unwrap_or(0) & mask;
        for _ in 0..n {
            let length = usize::from(fields.u16()?);
            sets.push(fields.take(length)?.to_vec());
        }
    }
    Some(NalConfig { length_size, sets, temporal_layers: 0 })
}

/// HEVC parameter sets in their container (`HEVCDecoderConfigurationRecord`).
///
/// # Source
///
/// ISO/IEC 14496-15:2017, 8.3.3.1.
fn hevc_config(body: &[u8]) -> Option<NalConfig> {
    let mut fields = Fields(body);
    fields.take(21)?;
    let flags = fields.u8()?;
    let length_size = usize::from(flags & 3) + 1;
    let temporal_layers = (flags >> 3) & 7;
    let mut sets = Vec::new();
    for _ in 0..fields.u8()? {
        fields.u8()?;
        for _ in 0..fields.u16()? {
            let length = usize::from(fields.u16()?);
            sets.push(fields.take(length)?.to_vec());
        }
    }
    Some(NalConfig { length_size, sets, temporal_layers })
}

/// JPEG among the object types of `esds`.
///
/// Source: MP4 registration authority, object type indications: 0x6C, "Visual ISO/IEC 10918-1".
const OBJECT_TYPE_JPEG: u8 = 0x6C;

/// Object type of an `esds` body: the byte after the header of the decoder configuration.
fn object_type(esds: &[u8]) -> Option<u8> {
    let mut fields = Fields(esds);
    fields.take(4)?;
    descriptor(&mut fields, 3)?;
    fields.take(2)?;
    let flags = fields.u8()?;
    if flags & 0x80 != 0 {
        fields.take(2)?;
    }
    if flags & 0x40 != 0 {
        let n = usize::from(fields.u8()?);
        fields.take(n)?;
    }
    if flags & 0x20 != 0 {
        fields.take(2)?;
    }
    descriptor(&mut fields, 4)?;
    fields.u8()
}

/// Passes the tag and the length of a descriptor.
fn descriptor(fields: &mut Fields<'_>, tag: u8) -> Option<()> {
    (fields.u8()? == tag).then_some(())?;
    for _ in 0..4 {
        if fields.u8()? & 0x80 == 0 {
            break;
        }
    }
    Some(())
}

/// A `colr` box of type `nclx` or `nclc`: three code points and, for `nclx`, the range.
fn colour(body: &[u8]) -> Option<Colour> {
    let mut fields = Fields(body);
    let kind = fields.kind()?;
    fields.take(4)?;
    let matrix = Matrix::from_code(fields.u16()?);
    match &kind {
        b"nclx" => Some(Colour { matrix, full_range: Some(fields.u8()? & 0x80 != 0) }),
        b"nclc" => Some(Colour { matrix, full_range: None }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_avc_record_gives_length_size_and_sets() {
        let body = [1, 100, 0, 31, 0xFF, 0xE1, 0, 2, 0x67, 9, 1, 0, 1, 0x68];
        let got = avc_config(&body).unwrap();
        assert_eq!(got.length_size, 4);
        assert_eq!(got.sets, [vec![0x67, 9], vec![0x68]]);
        assert_eq!(avc_config(&body[..9]), None, "cut inside a set");
    }

    #[test]
    fn the_object_type_is_behind_two_descriptors() {
        let esds = [0, 0, 0, 0, 3, 0x80, 0x80, 0x80, 20, 0, 1, 0, 4, 17, 0x6C];
        assert_eq!(object_type(&esds), Some(OBJECT_TYPE_JPEG));
        assert_eq!(object_type(&esds[..14]), None);
    }

    #[test]
    fn colr_gives_matrix_and_range() {
        let nclx = [b'n', b'c', b'l', b'x', 0, 1, 0, 1, 0, 1, 0x80];
        let want = Colour { matrix: Some(Matrix::Bt709), full_range: Some(true) };
        assert_eq!(colour(&nclx), Some(want));
        assert_eq!(colour(b"prof...."), None);
    }
}
