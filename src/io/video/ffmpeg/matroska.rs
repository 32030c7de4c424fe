//! Wraps samples in Matroska for the standard input of `ffmpeg`, each with a time of our choice.
//!
//! A stream: segment of unknown length, one cluster a sample, ticks of a millisecond.

use super::super::mp4::{Codec, Entry};

/// Codec name in Matroska; `None` for codecs not fed this way.
///
/// # Source
///
/// Matroska codec mappings, RFC 9559 and its registry.
pub(super) const fn codec_id(codec: &Codec) -> Option<&'static str> {
    match codec {
        Codec::H264(_) => Some("V_MPEG4/ISO/AVC"),
        Codec::Hevc(_) => Some("V_MPEGH/ISO/HEVC"),
        Codec::Jpeg => Some("V_MJPEG"),
        Codec::Vp9 => Some("V_VP9"),
        Codec::Av1 => Some("V_AV1"),
        Codec::Other(_) => None,
    }
}

/// An element: identifier, length on eight bytes, body.
///
/// # Source
///
/// EBML, RFC 8794, sections 4 and 5.
fn element(id: &[u8], body: &[u8]) -> Vec<u8> {
    let mut bytes = id.to_vec();
    bytes.extend_from_slice(&(body.len() as u64 | 1 << 56).to_be_bytes());
    bytes.extend_from_slice(body);
    bytes
}

fn number(id: &[u8], value: u64) -> Vec<u8> {
    element(id, &value.to_be_bytes())
}

/// What opens the stream. Identifiers: RFC 9559, section 5.
pub(super) fn opening(entry: &Entry) -> Option<Vec<u8>> {
    const EBML: [u8; 4] = [0x1A, 0x45, 0xDF, 0xA3];
    const SEGMENT_OF_UNKNOWN_LENGTH: [u8; 12] =
        [0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    const INFO: [u8; 4] = [0x15, 0x49, 0xA9, 0x66];
    const TRACKS: [u8; 4] = [0x16, 0x54, 0xAE, 0x6B];

    let ebml =
        [element(&[0x42, 0x82], b"matroska"), number(&[0x42, 0x87], 4), number(&[0x42, 0x85], 2)]
            .concat();
    let info = [
        number(&[0x2A, 0xD7, 0xB1], 1_000_000),
        element(&[0x4D, 0x80], b"voirie"),
        element(&[0x57, 0x41], b"voirie"),
    ]
    .concat();
    let video = [
        number(&[0xB0], u64::from(entry.width.max(1))),
        number(&[0xBA], u64::from(entry.height.max(1))),
    ]
    .concat();
    let mut track = [
        number(&[0xD7], 1),
        number(&[0x73, 0xC5], 1),
        number(&[0x83], 1),
        element(&[0x86], codec_id(&entry.codec)?.as_bytes()),
        element(&[0xE0], &video),
    ]
    .concat();
    if !entry.config.is_empty() {
        track.extend(element(&[0x63, 0xA2], &entry.config));
    }
    Some(
        [
            element(&EBML, &ebml),
            SEGMENT_OF_UNKNOWN_LENGTH.to_vec(),
            element(&INFO, &info),
            element(&TRACKS, &element(&[0xAE], &track)),
        ]
        .concat(),
    )
}

/// What goes before a sample: a cluster of one block.
pub(super) fn before_sample(at: u64, key: bool, n_bytes: usize) -> Vec<u8> {
    const CLUSTER: [u8; 4] = [0x1F, 0x43, 0xB6, 0x75];
    let time = number(&[0xE7], at);
    let block_bytes = 4 + n_bytes as u64;
    let mut head = CLUSTER.to_vec();
    // A block has one byte of identifier and eight of length.
    head.extend_from_slice(&((time.len() as u64 + 9 + block_bytes) | 1 << 56).to_be_bytes());
    head.extend_from_slice(&time);
    head.push(0xA3);
    head.extend_from_slice(&(block_bytes | 1 << 56).to_be_bytes());
    head.extend_from_slice(&[0x81, 0, 0, if key { 0x80 } else { 0 }]);
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_cover_what_follows() {
        let head = before_sample(7, true, 10);
        let cluster = u64::from_be_bytes(head[4..12].try_into().unwrap()) & !(0xFF << 56);
        assert_eq!(cluster, head.len() as u64 - 12 + 10);
        assert_eq!(number(&[0xD7], 1), [0xD7, 1, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1]);
    }
}
