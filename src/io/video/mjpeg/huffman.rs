//! Huffman codes of JPEG.

use super::bits::{Bits, Damage};

/// Bits looked up at once: nearly every code of a picture is that short.
///
/// Chosen: nine, 512 entries for each table; longer codes take a loop.
const FAST: u32 = 9;

/// One table of codes.
#[derive(Clone)]
pub struct Huffman {
    /// For each value of the first bits: length and symbol; length 0 for longer codes.
    fast: Vec<(u8, u8)>,
    /// For each length, the first code past the last one of that length, at 16 bits.
    past: [u32; 17],
    /// For each length, index of its first symbol less its first code.
    offset: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// From the number of codes of each length, 1 to 16, and the symbols in order of code.
    ///
    /// Nothing when the lengths are not those of a prefix code of these symbols.
    ///
    /// # Source
    ///
    /// ITU-T T.81, annex C and F.2.2.3.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let total: usize = counts.iter().map(|it| usize::from(*it)).sum();
        if total > symbols.len() || total > 256 {
            return None;
        }
        let mut table = Self {
            fast: vec![(0, 0); 1 << FAST],
            past: [0; 17],
            offset: [0; 17],
            symbols: symbols[..total].to_vec(),
        };
        let (mut code, mut index) = (0_u32, 0_usize);
        for (length, count) in (1_u32..).zip(counts) {
            table.offset[length as usize] =
                i32::try_from(index).ok()? - i32::try_from(code).ok()?;
            for symbol in &symbols[index..index + usize::from(*count)] {
                if code >= 1 << length {
                    return None;
                }
                if length <= FAST {
                    let first = (code << (FAST - length)) as usize;
                    let length_byte = u8::try_from(length).ok()?;
                    table.fast[first..first + (1 << (FAST - length))].fill((length_byte, *symbol));
                }
                code += 1;
            }
            index += usize::from(*count);
            table.past[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Some(table)
    }

    /// The next symbol.
    ///
    /// # Errors
    ///
    /// When the bits are no code, or the segment ends.
    pub fn symbol(&self, bits: &mut Bits<'_>) -> Result<u8, Damage> {
        let next = bits.peek(16);
        let (length, symbol) = self.fast[next >> (16 - FAST)];
        if length > 0 {
            bits.skip(u32::from(length))?;
            return Ok(symbol);
        }
        let next = u32::try_from(next).expect("sixteen bits");
        for length in FAST + 1..=16 {
            if next < self.past[length as usize] {
                let code = i32::try_from(next >> (16 - length)).expect("sixteen bits");
                let index = usize::try_from(code + self.offset[length as usize]);
                bits.skip(length)?;
                return index.ok().and_then(|it| self.symbols.get(it)).copied().ok_or(Damage);
            }
        }
        Err(Damage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_codes_are_read() {
        // 0 -> a; 10 -> b; then one code of each length to 12.
        let mut counts = [1_u8; 16];
        counts[12..].fill(0);
        let symbols: Vec<u8> = (10..22).collect();
        let table = Huffman::new(&counts, &symbols).unwrap();
        // 110, 0, 111111111110 (12 bits).
        let mut bits = Bits::new(&[0b1100_1111, 0b1111_1110]);
        assert_eq!(table.symbol(&mut bits), Ok(12));
        assert_eq!(table.symbol(&mut bits), Ok(10));
        assert_eq!(table.symbol(&mut bits), Ok(21));
        assert_eq!(table.symbol(&mut bits), Err(Damage));
    }

    #[test]
    fn lengths_that_are_no_code_are_refused() {
        let counts = |of: &[u8]| {
            let mut counts = [0; 16];
            counts[..of.len()].copy_from_slice(of);
            counts
        };
        assert!(Huffman::new(&counts(&[3]), &[1, 2, 3]).is_none(), "three codes of one bit");
        assert!(Huffman::new(&counts(&[0, 2]), &[1]).is_none(), "a symbol is missing");
        assert!(Huffman::new(&counts(&[]), &[]).is_some());
    }
}
