//! Bits of an entropy-coded segment.
//!
//! # Source
//!
//! ITU-T T.81, annex B.1.1.5 (a zero byte follows each 255 of the data) and F.2.2.

/// The segment ended, or what is in it is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage;

/// Reads bits, the highest first, up to the next marker.
pub struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u64,
    n_held: u32,
}

impl<'a> Bits<'a> {
    /// From the first byte of a segment.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, held: 0, n_held: 0 }
    }

    fn fill(&mut self) {
        while self.n_held <= 56 {
            let (byte, length) = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xFF), Some(0)) => (0xFF, 2),
                // A marker, or nothing more.
                (Some(0xFF) | None, _) => return,
                (Some(byte), _) => (*byte, 1),
            };
            self.at += length;
            self.held |= u64::from(byte) << (56 - self.n_held);
            self.n_held += 8;
        }
    }

    /// The next bits, at most 16, without taking them; zeros stand for what is missing.
    pub fn peek(&mut self, count: u32) -> usize {
        if self.n_held < count {
            self.fill();
        }
        usize::try_from(self.held >> (64 - count)).expect("sixteen bits")
    }

    /// Takes bits that were peeked at.
    ///
    /// # Errors
    ///
    /// When the segment has fewer.
    pub const fn skip(&mut self, count: u32) -> Result<(), Damage> {
        if count > self.n_held {
            return Err(Damage);
        }
        self.held <<= count;
        self.n_held -= count;
        Ok(())
    }

    /// The value of a coefficient of `size` bits, at most 15.
    ///
    /// # Errors
    ///
    /// When the segment has fewer bits.
    ///
    /// # Source
    ///
    /// ITU-T T.81, F.2.2.1, RECEIVE and EXTEND.
    pub fn value(&mut self, size: u32) -> Result<i32, Damage> {
        if size == 0 {
            return Ok(0);
        }
        let bits = i32::try_from(self.peek(size)).expect("fifteen bits");
        self.skip(size)?;
        let negative = bits < 1 << (size - 1);
        Ok(if negative { bits - (1 << size) + 1 } else { bits })
    }

    /// Passes a restart marker; what is left of the byte before it is padding.
    ///
    /// # Errors
    ///
    /// When something else stands there.
    pub fn restart(&mut self) -> Result<(), Damage> {
        self.fill();
        if self.n_held >= 8 {
            return Err(Damage);
        }
        (self.held, self.n_held) = (0, 0);
        while self.bytes.get(self.at + 1) == Some(&0xFF) {
            self.at += 1;
        }
        match self.bytes.get(self.at..self.at + 2) {
            Some([0xFF, 0xD0..=0xD7]) => {
                self.at += 2;
                Ok(())
            }
            _ => Err(Damage),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_in_order_without_stuffing_and_stop_at_a_marker() {
        let mut bits = Bits::new(&[0xA5, 0xFF, 0x00, 0x0F, 0xFF, 0xD3, 0x80]);
        assert_eq!(bits.peek(4), 0xA);
        bits.skip(4).unwrap();
        assert_eq!(bits.peek(16), 0x5FF0);
        bits.skip(16).unwrap();
        assert_eq!(bits.value(3), Ok(7));
        assert_eq!(bits.peek(8), 0x80, "one bit is left");
        assert_eq!(bits.skip(2), Err(Damage));
        bits.restart().unwrap();
        assert_eq!(bits.peek(8), 0x80);
        assert_eq!(bits.restart(), Err(Damage), "a whole byte was not read");
    }

    #[test]
    fn values_are_signed_by_their_first_bit() {
        // Size 3: 000 is -7, 011 is -4, 100 is 4, 111 is 7.
        for (byte, want) in
            [(0b0000_0000, -7), (0b0110_0000, -4), (0b1000_0000, 4), (0b1110_0000, 7)]
        {
            assert_eq!(Bits::new(&[byte]).value(3), Ok(want));
        }
        assert_eq!(Bits::new(&[]).value(0), Ok(0));
    }
}
