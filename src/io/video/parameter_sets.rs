//! Sequence parameter sets of H.264 and HEVC, as far as size and colour.

use super::bits::{Bits, payload};
use super::colour::{Colour, Matrix};

/// What a sequence parameter set says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sequence {
    /// Coded luma samples across, cropping included.
    pub(super) coded_width: u32,
    /// Coded luma samples down.
    pub(super) coded_height: u32,
    /// Colour of the `vui`, when there is one.
    pub(super) colour: Colour,
}

impl Sequence {
    /// Coded luma samples.
    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.coded_width) * u64::from(self.coded_height)
    }
}

/// Profiles of H.264 whose sets carry chroma format and scaling lists.
///
/// Source: ITU-T H.264 (08/2021), 7.3.2.1.1.
const HIGH_PROFILES: [u32; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// Reads an H.264 sequence parameter set, header included.
///
/// # Source
///
/// ITU-T H.264 (08/2021), 7.3.2.1.1 and E.1.1.
pub(super) fn h264(nal: &[u8]) -> Option<Sequence> {
    (nal.first()? & 0x1F == 7).then_some(())?;
    let bytes = payload(nal.get(1..)?);
    let bits = &mut Bits::new(&bytes);
    let profile = bits.number(8)?;
    bits.skip(16)?;
    bits.unsigned()?;
    if HIGH_PROFILES.contains(&profile) {
        let chroma = bits.unsigned()?;
        if chroma == 3 {
            bits.bit()?;
        }
        bits.unsigned()?;
        bits.unsigned()?;
        bits.bit()?;
        if bits.bit()? {
            for list in 0..if chroma == 3 { 12 } else { 8 } {
                if bits.bit()? {
                    scaling_list(bits, if list < 6 { 16 } else { 64 })?;
                }
            }
        }
    }
    bits.unsigned()?;
    match bits.unsigned()? {
        0 => {
            bits.unsigned()?;
        }
        1 => {
            bits.bit()?;
            bits.signed()?;
            bits.signed()?;
            for _ in 0..bits.unsigned()?.min(255) {
                bits.signed()?;
            }
        }
        _ => {}
    }
    bits.unsigned()?;
    bits.bit()?;
    let coded_width = bits.unsigned()?.checked_add(1)?.checked_mul(16)?;
    let map_units = bits.unsigned()?.checked_add(1)?;
    let frames_only = bits.bit()?;
    let coded_height = map_units.checked_mul(if frames_only { 16 } else { 32 })?;
    if !frames_only {
        bits.bit()?;
    }
    bits.bit()?;
    if bits.bit()? {
        for _ in 0..4 {
            bits.unsigned()?;
        }
    }
    let colour = if bits.bit()? { vui(bits)? } else { Colour::default() };
    Some(Sequence { coded_width, coded_height, colour })
}

fn scaling_list(bits: &mut Bits<'_>, size: usize) -> Option<()> {
    let (mut last, mut next) = (8_i64, 8_i64);
    for _ in 0..size {
        if next != 0 {
            next = (last + bits.signed()? + 256).rem_euclid(256);
        }
        if next != 0 {
            last = next;
        }
    }
    Some(())
}

/// Start of the usability information, the same in both standards, up to the colour.
fn vui(bits: &mut Bits<'_>) -> Option<Colour> {
    const EXTENDED_ASPECT: u32 = 255;
    if bits.bit()? && bits.number(8)? == EXTENDED_ASPECT {
        bits.skip(32)?;
    }
    if bits.bit()? {
        bits.bit()?;
    }
    if !bits.bit()? {
        return Some(Colour::default());
    }
    bits.skip(3)?;
    let full_range = Some(bits.bit()?);
    let mut matrix = None;
    if bits.bit()? {
        bits.skip(16)?;
        matrix = Matrix::from_code(u16::try_from(bits.number(8)?).ok()?);
    }
    Some(Colour { matrix, full_range })
}

/// Reads an HEVC sequence parameter set, header included.
///
/// # Source
///
/// ITU-T H.265 (08/2021), 7.3.2.2, 7.3.3, 7.3.4, 7.3.7 and E.2.1.
pub(super) fn hevc(nal: &[u8]) -> Option<Sequence> {
    (nal.first()? >> 1 & 0x3F == 33).then_some(())?;
    let bytes = payload(nal.get(2..)?);
    let bits = &mut Bits::new(&bytes);
    bits.skip(4)?;
    let sub_layers = bits.number(3)?;
    bits.bit()?;
    profile_tier_level(bits, sub_layers)?;
    bits.unsigned()?;
    if bits.unsigned()? == 3 {
        bits.bit()?;
    }
    let (coded_width, coded_height) = (bits.unsigned()?, bits.unsigned()?);
    let sized = Sequence { coded_width, coded_height, colour: Colour::default() };
    Some(Sequence { colour: hevc_colour(bits, sub_layers).unwrap_or_default(), ..sized })
}

fn hevc_colour(bits: &mut Bits<'_>, sub_layers: u32) -> Option<Colour> {
    if bits.bit()? {
        for _ in 0..4 {
            bits.unsigned()?;
        }
    }
    bits.unsigned()?;
    bits.unsigned()?;
    let order_bits = bits.unsigned()?.checked_add(4)?;
    let n_orders = if bits.bit()? { sub_layers + 1 } else { 1 };
    for _ in 0..n_orders * 3 {
        bits.unsigned()?;
    }
    for _ in 0..6 {
        bits.unsigned()?;
    }
    if bits.bit()? && bits.bit()? {
        hevc_scaling_lists(bits)?;
    }
    bits.skip(2)?;
    if bits.bit()? {
        bits.skip(8)?;
        bits.unsigned()?;
        bits.unsigned()?;
        bits.bit()?;
    }
    reference_sets(bits)?;
    if bits.bit()? {
        for _ in 0..bits.unsigned()?.min(33) {
            bits.skip(order_bits as usize + 1)?;
        }
    }
    bits.skip(2)?;
    if bits.bit()? { vui(bits) } else { Some(Colour::default()) }
}

fn profile_tier_level(bits: &mut Bits<'_>, sub_layers: u32) -> Option<()> {
    bits.skip(88 + 8)?;
    let mut present = Vec::new();
    for _ in 0..sub_layers {
        present.push((bits.bit()?, bits.bit()?));
    }
    if sub_layers > 0 {
        bits.skip(2 * (8 - sub_layers as usize))?;
    }
    for (profile, level) in present {
        bits.skip(if profile { 88 } else { 0 } + if level { 8 } else { 0 })?;
    }
    Some(())
}

fn hevc_scaling_lists(bits: &mut Bits<'_>) -> Option<()> {
    for size in 0..4_u32 {
        for _ in 0..if size == 3 { 2 } else { 6 } {
            if !bits.bit()? {
                bits.unsigned()?;
                continue;
            }
            if size > 1 {
                bits.signed()?;
            }
            for _ in 0..(1_u32 << (4 + (size << 1))).min(64) {
                bits.signed()?;
            }
        }
    }
    Some(())
}

/// Short-term reference picture sets: only their lengths matter here.
fn reference_sets(bits: &mut Bits<'_>) -> Option<()> {
    let n_sets = bits.unsigned()?.min(64);
    let mut n_before = 0_u32;
    for set in 0..n_sets {
        if set > 0 && bits.bit()? {
            bits.bit()?;
            bits.unsigned()?;
            let mut kept = 0;
            for _ in 0..=n_before {
                let used = bits.bit()?;
                if used || bits.bit()? {
                    kept += 1;
                }
            }
            n_before = kept;
        } else {
            n_before = bits.unsigned()?.checked_add(bits.unsigned()?)?.min(32);
            for _ in 0..n_before {
                bits.unsigned()?;
                bits.bit()?;
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sets_of_x264_and_x265_give_size_and_colour() {
        // 960 x 540, BT.601 primaries and matrix, limited range; from a public clip.
        let avc = [
            0x67, 0x64, 0x00, 0x1F, 0xAC, 0xD9, 0x40, 0xF0, 0x11, 0x7E, 0xF0, 0x11, 0x00, 0x00,
            0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x32, 0x0F, 0x18, 0x31, 0x96,
        ];
        let got = h264(&avc).unwrap();
        assert_eq!((got.coded_width, got.coded_height), (960, 544));
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_set_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = h264(&[&[0x67][..], &bytes].concat());
            let _ = hevc(&[&[0x42, 1][..], &bytes].concat());
        }
    }
}
