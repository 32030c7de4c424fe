//! Marker segments of a JPEG, up to the scan.
//!
//! # Source
//!
//! ITU-T T.81, annex B; the Adobe segment: Adobe TN 5116.

use super::huffman::Huffman;
use crate::io::video::picture::Chroma;

/// One component: its sampling and the tables it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    id: u8,
    /// Blocks of a minimum coded unit across and down.
    pub sampling: (usize, usize),
    quantisation: usize,
    tables: (usize, usize),
}

/// What a scan is read with.
pub struct Headers<'a> {
    /// Samples across and down.
    pub size: (u16, u16),
    /// Y, or Y, U, V.
    pub components: Vec<Component>,
    /// Units between restart markers; 0 for none.
    pub restart: usize,
    /// The entropy-coded segment, to the end of the bytes.
    pub scan: &'a [u8],
    quantisation: [Option<[u16; 64]>; 4],
    huffman: [[Option<Huffman>; 4]; 2],
}

impl Headers<'_> {
    /// How chroma is sampled, when in a way that this module decodes.
    pub fn chroma(&self) -> Option<Chroma> {
        let sampling: Vec<_> = self.components.iter().map(|it| it.sampling).collect();
        let small = |it: &(usize, usize)| (1..=2).contains(&it.0) && (1..=2).contains(&it.1);
        match sampling.as_slice() {
            [_] => Some(Chroma::Grey),
            // Of luma over chroma: some cameras write 4:2:2 as 2 x 2 over 1 x 2.
            [y, u, v] if u == v && small(y) && small(u) => match (y.0 / u.0, y.1 / u.1) {
                (2, 2) => Some(Chroma::C420),
                (2, 1) => Some(Chroma::C422),
                (1, 1) => Some(Chroma::C444),
                _ => None,
            },
            _ => None,
        }
    }

    /// Steps of a component, in zigzag order.
    pub fn steps(&self, of: &Component) -> Option<&[u16; 64]> {
        self.quantisation.get(of.quantisation)?.as_ref()
    }

    /// Codes of a component: of its first coefficients, and of the others.
    pub fn codes(&self, of: &Component) -> Option<(&Huffman, &Huffman)> {
        let table = |class: usize, of: usize| self.huffman[class].get(of)?.as_ref();
        Some((table(0, of.tables.0)?, table(1, of.tables.1)?))
    }
}

/// What the segments say.
pub enum Parsed<'a> {
    /// A picture that this module decodes.
    Ours(Box<Headers<'a>>),
    /// A JPEG of another kind.
    Other,
}

/// Reads the segments of a JPEG.
///
/// # Errors
///
/// What is wrong with them.
pub fn parse(bytes: &[u8]) -> Result<Parsed<'_>, String> {
    let cut = || "the JPEG ends within its headers".to_owned();
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err("not a JPEG: it does not start with one".to_owned());
    }
    let mut headers = Headers {
        size: (0, 0),
        components: Vec::new(),
        restart: 0,
        scan: &[],
        quantisation: [None; 4],
        huffman: standard_tables(),
    };
    let mut at = 2;
    loop {
        while bytes.get(at + 1) == Some(&0xFF) {
            at += 1;
        }
        let [0xFF, marker, high, low] = *bytes.get(at..at + 4).ok_or_else(cut)? else {
            return Err(format!("byte {at}: no marker where one is expected"));
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let body = bytes.get(at + 4..at + 2 + length).ok_or_else(cut)?;
        at += 2 + length;
        let read = match marker {
            0xDB => quantisation(body, &mut headers),
            0xC4 => huffman(body, &mut headers),
            // Baseline, and extended with 8 bits: the same codes.
            0xC0 | 0xC1 => match frame(body, &mut headers) {
                Some(true) => Some(()),
                Some(false) => return Ok(Parsed::Other),
                None => None,
            },
            0xC2..=0xCF => return Ok(Parsed::Other),
            0xDD => restart(body, &mut headers),
            // Adobe: 0 means red, green and blue. AVI1: fields of a picture apart.
            0xEE if body.starts_with(b"Adobe") && body.get(11) == Some(&0) => {
                return Ok(Parsed::Other);
            }
            0xE0 if body.starts_with(b"AVI1") && body.get(4).is_some_and(|it| *it > 0) => {
                return Ok(Parsed::Other);
            }
            0xDA => {
                headers.scan = &bytes[at..];
                return match scan(body, &mut headers) {
                    Some(true) => Ok(Parsed::Ours(Box::new(headers))),
                    Some(false) => Ok(Parsed::Other),
                    None => Err("the JPEG's scan has no frame or no such component".to_owned()),
                };
            }
            _ => Some(()),
        };
        read.ok_or_else(|| format!("the JPEG's segment {marker:02X} is damaged"))?;
    }
}

fn quantisation(mut body: &[u8], headers: &mut Headers<'_>) -> Option<()> {
    while let [first, rest @ ..] = body {
        let (wide, number) = (first >> 4 == 1, usize::from(first & 15));
        let length = if wide { 128 } else { 64 };
        let (steps, after) = rest.split_at_checked(length)?;
        let mut table = [0; 64];
        for (k, step) in table.iter_mut().enumerate() {
            *step = if wide {
                u16::from_be_bytes([steps[2 * k], steps[2 * k + 1]])
            } else {
                u16::from(steps[k])
            };
        }
        *headers.quantisation.get_mut(number)? = Some(table);
        body = after;
    }
    Some(())
}

fn huffman(mut body: &[u8], headers: &mut Headers<'_>) -> Option<()> {
    while let [first, rest @ ..] = body {
        let (class, number) = (usize::from(first >> 4), usize::from(first & 15));
        let counts: &[u8; 16] = rest.first_chunk()?;
        let total: usize = counts.iter().map(|it| usize::from(*it)).sum();
        let symbols = rest.get(16..16 + total)?;
        *headers.huffman.get_mut(class)?.get_mut(number)? = Some(Huffman::new(counts, symbols)?);
        body = &rest[16 + total..];
    }
    Some(())
}

/// Whether the frame is of a kind that this module decodes.
fn frame(body: &[u8], headers: &mut Headers<'_>) -> Option<bool> {
    let [depth, y1, y0, x1, x0, count, rest @ ..] = body else { return None };
    headers.size = (u16::from_be_bytes([*x1, *x0]), u16::from_be_bytes([*y1, *y0]));
    let each = rest.as_chunks::<3>().0;
    if each.len() < usize::from(*count) {
        return None;
    }
    let component = |[id, sampling, table]: &[u8; 3]| Component {
        id: *id,
        sampling: (usize::from(sampling >> 4), usize::from(sampling & 15)),
        quantisation: usize::from(*table),
        tables: (0, 0),
    };
    headers.components = each[..usize::from(*count)].iter().map(component).collect();
    let (width, height) = headers.size;
    // Components so named are red, green and blue, as FFmpeg takes them too.
    if headers.components.iter().map(|it| it.id).eq(*b"RGB") {
        return Some(false);
    }
    Some(headers.chroma().is_some() && *depth == 8 && width > 0 && height > 0)
}

fn restart(body: &[u8], headers: &mut Headers<'_>) -> Option<()> {
    headers.restart = usize::from(u16::from_be_bytes(*body.first_chunk()?));
    Some(())
}

/// Whether the scan holds the whole picture.
fn scan(body: &[u8], headers: &mut Headers<'_>) -> Option<bool> {
    let [count, rest @ ..] = body else { return None };
    let each = rest.as_chunks::<2>().0.get(..usize::from(*count))?;
    if headers.components.is_empty() {
        return None;
    }
    for [id, tables] in each {
        let component = headers.components.iter_mut().find(|it| it.id == *id)?;
        component.tables = (usize::from(tables >> 4), usize::from(tables & 15));
    }
    Some(each.len() == headers.components.len())
}

/// The tables of a picture that brings none, as those of many cameras: 0 for luma, 1 for chroma.
///
/// Source: ITU-T T.81, annex K.3, tables K.3 to K.6.
fn standard_tables() -> [[Option<Huffman>; 4]; 2] {
    let dc: Vec<u8> = (0..12).collect();
    let table = |counts, symbols: &[u8]| Huffman::new(&counts, symbols);
    [
        [
            table([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], &dc),
            table([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], &dc),
            None,
            None,
        ],
        [
            table([0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d], &AC_LUMA),
            table([0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77], &AC_CHROMA),
            None,
            None,
        ],
    ]
}

/// Source: ITU-T T.81, table K.5.
const AC_LUMA: [u8; 162] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
    0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0,
    0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28,
    0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49,
    0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
    0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
    0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
    0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5,
    0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2,
    0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
    0xf9, 0xfa,
];

/// Source: ITU-T T.81, table K.6.
const AC_CHROMA: [u8; 162] = [
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71,
    0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0,
    0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26,
    0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
    0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68,
    0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
    0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5,
    0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3,
    0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda,
    0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
    0xf9, 0xfa,
];
