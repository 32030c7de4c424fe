//! Motion JPEG to planes, with the very samples that FFmpeg gives.
//!
//! JPEG leaves the rounding of the inverse transform free, and ready-made decoders round otherwise
//! and give RGB only. Ours covers what cameras write in Motion JPEG (baseline, 8 bits, one
//! interleaved scan) with the integer transform of FFmpeg, so that a clip gives the same frames
//! whoever decodes it, and its colours go the way of every other codec. Anything else (progressive,
//! arithmetic, four components) is left to the general decoder of stills.

mod bits;
mod headers;
mod huffman;
mod scan;
mod transform;

pub(super) use scan::decode;
