//! GPMF's items: a key of four letters, a type, a length, a value.

/// One item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Item<'a> {
    pub key: [u8; 4],
    /// Type of the values; 0 when they are items.
    pub kind: u8,
    /// Bytes of one repetition.
    pub each: usize,
    /// The values, as far as they are there.
    pub body: &'a [u8],
    /// The value has all the bytes it announces.
    pub whole: bool,
}

/// The items of a payload, in order.
///
/// # Source
///
/// GoPro, GPMF introduction, "GPMF KLV": big-endian, values padded to four bytes,
/// <https://github.com/gopro/gpmf-parser>.
pub(super) struct Items<'a>(pub &'a [u8]);

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let (head, rest) = self.0.split_at_checked(8)?;
        let key: [u8; 4] = head[..4].try_into().ok()?;
        // Zeros pad the end.
        if key == [0; 4] {
            return None;
        }
        let each = usize::from(head[5]);
        let length = each * (usize::from(head[6]) << 8 | usize::from(head[7]));
        let body = &rest[..length.min(rest.len())];
        self.0 = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(Item { key, kind: head[4], each, body, whole: body.len() == length })
    }
}

impl<'a> Item<'a> {
    /// The numbers of the value, row after row; `None` for a type that is no number.
    pub(super) fn numbers(&self) -> Option<Vec<f64>> {
        let width = width(self.kind)?;
        self.body.chunks_exact(width).map(|it| number(self.kind, it)).collect()
    }

    /// Rows of bytes, whole ones only.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.body.chunks_exact(self.each.max(1))
    }

    /// The value as ASCII text.
    pub(super) fn text(&self) -> Option<&'a str> {
        std::str::from_utf8(self.body).ok().map(|it| it.trim_matches(['\0', ' ']))
    }
}

/// Bytes of one number of a type.
pub(super) const fn width(kind: u8) -> Option<usize> {
    Some(match kind {
        b'b' | b'B' => 1,
        b's' | b'S' => 2,
        b'l' | b'L' | b'f' => 4,
        b'd' | b'j' | b'J' => 8,
        _ => return None,
    })
}

/// One number of a type.
pub(super) fn number(kind: u8, bytes: &[u8]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of microseconds fit 2^53")]
    Some(match kind {
        b'b' => f64::from(i8::from_be_bytes(bytes.try_into().ok()?)),
        b'B' => f64::from(u8::from_be_bytes(bytes.try_into().ok()?)),
        b's' => f64::from(i16::from_be_bytes(bytes.try_into().ok()?)),
        b'S' => f64::from(u16::from_be_bytes(bytes.try_into().ok()?)),
        b'l' => f64::from(i32::from_be_bytes(bytes.try_into().ok()?)),
        b'L' => f64::from(u32::from_be_bytes(bytes.try_into().ok()?)),
        b'f' => f64::from(f32::from_be_bytes(bytes.try_into().ok()?)),
        b'd' => f64::from_be_bytes(bytes.try_into().ok()?),
        b'j' => i64::from_be_bytes(bytes.try_into().ok()?) as f64,
        b'J' => u64::from_be_bytes(bytes.try_into().ok()?) as f64,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn items_are_padded_and_a_cut_one_says_so() {
        let bytes =
            [b"ABCDs\x02\0\x01\0\x07\0\0".as_slice(), b"EFGHl\x04\0\x02\0\0\0\x09"].concat();
        let items: Vec<_> = Items(&bytes).collect();
        assert_eq!(items[0].numbers(), Some(vec![7.0]));
        assert_eq!((items[1].key, items[1].whole), (*b"EFGH", false));
        assert_eq!(items[1].numbers(), Some(vec![9.0]));
        assert_eq!(items.len(), 2);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            for item in Items(&bytes) {
                let _ = (item.numbers(), item.text(), item.rows().count());
            }
        }
    }
}
