//! Bits of a parameter set, most significant first.

/// Reads bits and Exp-Golomb codes; nothing past the end.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn bit(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    /// An unsigned number of up to 32 bits.
    pub(super) fn number(&mut self, n_bits: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..n_bits {
            value = value << 1 | u32::from(self.bit()?);
        }
        Some(value)
    }

    pub(super) fn skip(&mut self, n_bits: usize) -> Option<()> {
        self.at = self.at.checked_add(n_bits)?;
        (self.at <= self.bytes.len() * 8).then_some(())
    }

    /// An unsigned Exp-Golomb code (`ue(v)`).
    ///
    /// # Source
    ///
    /// ITU-T H.264 (08/2021), 9.1.
    pub(super) fn unsigned(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.bit()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        Some((1_u32 << zeros) - 1 + self.number(zeros)?)
    }

    /// A signed Exp-Golomb code (`se(v)`).
    pub(super) fn signed(&mut self) -> Option<i64> {
        let code = i64::from(self.unsigned()?);
        Some(if code % 2 == 1 { (code + 1) / 2 } else { -code / 2 })
    }
}

/// A NAL unit's payload without its emulation prevention bytes (`00 00 03` becomes `00 00`).
pub(super) fn payload(nal: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(nal.len());
    let mut zeros = 0;
    for &byte in nal {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        out.push(byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_golomb_codes_are_those_of_the_standard() {
        // 1, 010, 011, 00100: 0, 1, 2, 3; signed: 0, 1, -1, 2.
        let bytes = [0b1010_0110, 0b0100_0000];
        let mut bits = Bits::new(&bytes);
        assert_eq!(
            [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()],
            [0, 1, 2, 3].map(Some)
        );
        let mut bits = Bits::new(&bytes);
        assert_eq!(
            [bits.signed(), bits.signed(), bits.signed(), bits.signed()],
            [0, 1, -1, 2].map(Some)
        );
        assert_eq!(Bits::new(&[0; 9]).unsigned(), None);
    }

    #[test]
    fn emulation_prevention_goes() {
        assert_eq!(payload(&[1, 0, 0, 3, 1, 0, 0, 3]), [1, 0, 0, 1, 0, 0]);
    }
}
