//! Boxes: a size, four letters, a body that may hold boxes. Every length is checked.

use std::io::{self, Read, Seek, SeekFrom};

/// Four letters that name a box.
pub(super) type Kind = [u8; 4];

/// Largest index taken into memory.
///
/// Chosen: five hours at 60 frames a second need some 30 MB of tables; four times that.
const MAX_MOOV_BYTES: u64 = 128 << 20;

/// Boxes looked at on the top level before giving up.
///
/// Chosen: fragmented files of a day have some 90,000; the walk costs one small read each.
const MAX_TOP_BOXES: usize = 1_000_000;

/// Big-endian fields read one after another; nothing past the end.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next `n` bytes.
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|it| it[0])
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }

    pub(super) fn kind(&mut self) -> Option<Kind> {
        self.array()
    }
}

/// The boxes of a body, in order. A box that claims more than there is ends where the body ends.
#[derive(Clone)]
pub(super) struct Boxes<'a>(Fields<'a>);

impl<'a> Boxes<'a> {
    pub(super) const fn new(body: &'a [u8]) -> Self {
        Self(Fields(body))
    }
}

impl<'a> Iterator for Boxes<'a> {
    type Item = (Kind, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let size = u64::from(self.0.u32()?);
        let kind = self.0.kind()?;
        let body_bytes = match size {
            0 => u64::MAX,
            1 => self.0.u64()?.checked_sub(16)?,
            _ => size.checked_sub(8)?,
        };
        let there = self.0.0.len();
        let n = usize::try_from(body_bytes).unwrap_or(usize::MAX).min(there);
        Some((kind, self.0.take(n)?))
    }
}

/// The first box of a kind.
pub(super) fn find(body: &[u8], kind: Kind) -> Option<&[u8]> {
    Boxes::new(body).find(|(it, _)| *it == kind).map(|(_, body)| body)
}

/// The first box at the end of a path of kinds.
pub(super) fn descend<'a>(body: &'a [u8], path: &[&Kind]) -> Option<&'a [u8]> {
    path.iter().try_fold(body, |body, kind| find(body, **kind))
}

/// Four letters as text, with what is not printable shown as a dot.
pub(super) fn letters(kind: Kind) -> String {
    kind.iter().map(|&it| if it.is_ascii_graphic() { char::from(it) } else { '.' }).collect()
}

/// What the top level of a file holds.
#[derive(Debug, Default)]
pub(super) struct TopLevel {
    /// Body of the `moov` box, when there is one.
    pub(super) moov: Option<Vec<u8>>,
    /// Kinds in order, each once.
    pub(super) kinds: Vec<Kind>,
    /// A box announced more bytes than the file has: its kind, what was announced, what is there.
    pub(super) cut: Option<(Kind, u64, u64)>,
    /// The index is larger than we take.
    pub(super) too_large: Option<u64>,
}

/// Walks the top level of a file by seeking; only the `moov` box is taken into memory.
///
/// # Errors
///
/// When the file cannot be read.
pub(super) fn top_level(file: &mut (impl Read + Seek), length: u64) -> io::Result<TopLevel> {
    let mut found = TopLevel::default();
    let mut at = 0_u64;
    for _ in 0..MAX_TOP_BOXES {
        let Some(left) = length.checked_sub(at).filter(|it| *it >= 8) else { break };
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 16];
        let n = usize::try_from(left.min(16)).expect("at most 16");
        file.read_exact(&mut head[..n])?;
        let mut fields = Fields(&head[..n]);
        let (Some(size), Some(kind)) = (fields.u32(), fields.kind()) else { break };
        let (header, size) = match size {
            0 => (8, left),
            1 => match fields.u64() {
                Some(size) => (16, size),
                None => break,
            },
            _ => (8, u64::from(size)),
        };
        if size < header {
            break;
        }
        if !found.kinds.contains(&kind) {
            if found.kinds.len() == 64 {
                break;
            }
            found.kinds.push(kind);
        }
        if size > left {
            found.cut = Some((kind, size, left));
        }
        if &kind == b"moov" && found.moov.is_none() {
            let body = size.min(left) - header;
            if body > MAX_MOOV_BYTES {
                found.too_large = Some(body);
                break;
            }
            let mut moov = vec![0; usize::try_from(body).expect("bounded just above")];
            file.seek(SeekFrom::Start(at + header))?;
            file.read_exact(&mut moov)?;
            found.moov = Some(moov);
        }
        match at.checked_add(size) {
            Some(next) if size <= left => at = next,
            _ => break,
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn atom(kind: Kind, body: &[u8]) -> Vec<u8> {
        let mut bytes = u32::try_from(body.len() + 8).unwrap().to_be_bytes().to_vec();
        bytes.extend_from_slice(&kind);
        bytes.extend_from_slice(body);
        bytes
    }

    #[test]
    fn boxes_are_found_by_path_whatever_the_size_field() {
        let inner = atom(*b"tkhd", &[7, 8]);
        let mut large = 1_u32.to_be_bytes().to_vec();
        large.extend_from_slice(b"trak");
        large.extend_from_slice(&(16 + inner.len() as u64).to_be_bytes());
        large.extend_from_slice(&inner);
        let file = [atom(*b"free", &[0; 5]), large].concat();
        assert_eq!(descend(&file, &[b"trak", b"tkhd"]), Some(&[7, 8][..]));
        assert_eq!(descend(&file, &[b"trak", b"mdia"]), None);
    }

    #[test]
    fn media_shorter_than_announced_is_told_and_the_index_still_found() {
        let mut file = [atom(*b"moov", &[1, 2, 3]), atom(*b"mdat", &[0; 100])].concat();
        file.truncate(40);
        let found = top_level(&mut Cursor::new(&file), 40).unwrap();
        assert_eq!(found.moov.as_deref(), Some(&[1, 2, 3][..]));
        assert_eq!(found.cut, Some((*b"mdat", 108, 29)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_walk_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let length = bytes.len() as u64;
            let _ = top_level(&mut Cursor::new(&bytes), length).unwrap();
            prop_assert!(Boxes::new(&bytes).count() <= bytes.len());
        }
    }
}
