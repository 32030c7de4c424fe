//! A reader that no malformed file makes hungry.

use std::io::{self, BufRead, BufReader, Read};

/// Longest tag, text or row.
///
/// Chosen: a thousand times the longest that loggers write; a picture pasted into an extension
/// still passes.
const MOST_BYTES: usize = 1 << 20;

/// Gives the bytes of a file without its byte order mark, with one kind of line end, and letters
/// other than ASCII replaced by `?` (old loggers write Latin-1 names; times and places are ASCII).
/// Stops when one item goes on for too long.
pub(super) struct Bounded<R> {
    inner: BufReader<R>,
    buffer: Vec<u8>,
    used: usize,
    budget: usize,
    started: bool,
    /// The last byte was a carriage return, given as a line end.
    returned: bool,
}

impl<R: Read> Bounded<R> {
    pub(super) fn new(inner: R) -> Self {
        let inner = BufReader::new(inner);
        let (buffer, budget) = (Vec::new(), MOST_BYTES);
        Self { inner, buffer, used: 0, budget, started: false, returned: false }
    }

    /// Starts a new item.
    pub(super) const fn refill(&mut self) {
        self.budget = MOST_BYTES;
    }

    /// The first bytes, without taking them.
    pub(super) fn peek(&mut self) -> io::Result<&[u8]> {
        self.fill_buf()
    }
}

impl<R: Read> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.used == self.buffer.len() {
            let bytes = self.inner.fill_buf()?;
            let taken = bytes.len();
            if taken == 0 {
                break;
            }
            let mark = !self.started && bytes.starts_with(b"\xef\xbb\xbf");
            self.buffer.clear();
            for byte in &bytes[if mark { 3 } else { 0 }..] {
                match byte {
                    b'\n' if self.returned => {}
                    b'\r' => self.buffer.push(b'\n'),
                    byte if byte.is_ascii() => self.buffer.push(*byte),
                    _ => self.buffer.push(b'?'),
                }
                self.returned = *byte == b'\r';
            }
            self.inner.consume(taken);
            (self.used, self.started) = (0, true);
            let left = self.budget.checked_sub(self.buffer.len());
            self.budget = left.ok_or_else(|| {
                let what = format!("an item of more than {MOST_BYTES} bytes");
                io::Error::new(io::ErrorKind::InvalidData, what)
            })?;
        }
        Ok(&self.buffer[self.used..])
    }

    fn consume(&mut self, amount: usize) {
        self.used = (self.used + amount).min(self.buffer.len());
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let count = bytes.len().min(into.len());
        into[..count].copy_from_slice(&bytes[..count]);
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_accents_do_no_harm() {
        let mut text = String::new();
        let bytes: &[u8] = b"\xef\xbb\xbfRivi\xe8re\r\n\rand\n\r\n";
        Bounded::new(bytes).read_to_string(&mut text).unwrap();
        assert_eq!(text, "Rivi?re\n\nand\n\n");
    }

    #[test]
    fn an_endless_item_is_stopped_and_refilling_goes_on() {
        let endless = || Bounded::new(io::repeat(b'a'));
        assert!(io::copy(&mut endless(), &mut io::sink()).is_err());
        let mut patient = endless();
        for _ in 0..40 {
            patient.refill();
            let mut item = vec![0; 100_000];
            patient.read_exact(&mut item).unwrap();
        }
    }
}
