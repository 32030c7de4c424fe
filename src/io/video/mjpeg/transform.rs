//! The inverse cosine transform, with FFmpeg's rounding.
//!
//! # Source
//!
//! FFmpeg, `libavcodec/simple_idct_template.c` at 8 bits: the transform that its decoders of MPEG
//! and JPEG take by default, the same to the bit on every processor. JPEG itself (ITU-T T.81, A.3.3)
//! gives the cosines and leaves their rounding open.

/// cos(k π / 16) √2 2¹⁴, rounded; the fourth is one less than that, as there.
///
/// Source: the same file, `W1` to `W7`.
const W: [i32; 8] = [0, 22725, 21407, 19266, 16383, 12873, 8867, 4520];

/// Bits dropped after the rows and after the columns.
///
/// Source: the same file, `ROW_SHIFT` and `COL_SHIFT`.
const SHIFT: (u32, u32) = (11, 20);

/// Turns 64 coefficients, row by row, into samples of 8 bits.
///
/// The first coefficient carries the level shift: 128 x 8.
pub fn inverse(block: &mut [i16; 64]) -> [u8; 64] {
    for row in block.as_chunks_mut::<8>().0 {
        if row[1..].iter().all(|it| *it == 0) {
            let level = row[0].wrapping_shl(3);
            row.fill(level);
        } else {
            let terms = row.map(i32::from);
            let (sums, differences) = halves(&terms, (1 << SHIFT.0) / 2);
            for k in 0..4 {
                row[k] = low(sums[k].wrapping_add(differences[k]) >> SHIFT.0);
                row[7 - k] = low(sums[k].wrapping_sub(differences[k]) >> SHIFT.0);
            }
        }
    }
    let mut samples = [0; 64];
    for column in 0..8 {
        let mut terms = [0; 8];
        for (row, term) in terms.iter_mut().enumerate() {
            *term = i32::from(block[row * 8 + column]);
        }
        // Rounding is added to the first term, before it is multiplied.
        terms[0] += ((1 << SHIFT.1) / 2) / W[4];
        let (sums, differences) = halves(&terms, 0);
        for k in 0..4 {
            samples[k * 8 + column] = clipped(sums[k].wrapping_add(differences[k]) >> SHIFT.1);
            samples[(7 - k) * 8 + column] =
                clipped(sums[k].wrapping_sub(differences[k]) >> SHIFT.1);
        }
    }
    samples
}

/// The even and the odd part of eight terms, in the order of the first four results.
fn halves(x: &[i32; 8], rounding: i32) -> ([i32; 4], [i32; 4]) {
    let mul = |weight: usize, term: usize| W[weight].wrapping_mul(x[term]);
    let minus = |weight: usize, term: usize| mul(weight, term).wrapping_neg();
    let dc = mul(4, 0).wrapping_add(rounding);
    let even = |second: i32, fourth: i32, sixth: i32| {
        dc.wrapping_add(second).wrapping_add(fourth).wrapping_add(sixth)
    };
    let a = [
        even(mul(2, 2), mul(4, 4), mul(6, 6)),
        even(mul(6, 2), minus(4, 4), minus(2, 6)),
        even(minus(6, 2), minus(4, 4), mul(2, 6)),
        even(minus(2, 2), mul(4, 4), minus(6, 6)),
    ];
    let odd = |a: i32, b: i32, c: i32, d: i32| a.wrapping_add(b).wrapping_add(c).wrapping_add(d);
    let b = [
        odd(mul(1, 1), mul(3, 3), mul(5, 5), mul(7, 7)),
        odd(mul(3, 1), minus(7, 3), minus(1, 5), minus(5, 7)),
        odd(mul(5, 1), minus(1, 3), mul(7, 5), mul(3, 7)),
        odd(mul(7, 1), minus(5, 3), mul(3, 5), minus(1, 7)),
    ];
    (a, b)
}

/// The low 16 bits, as a sample of the row pass is kept.
#[expect(clippy::cast_possible_truncation, reason = "what the source does")]
const fn low(value: i32) -> i16 {
    value as i16
}

fn clipped(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 255)).expect("clamped")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// ITU-T T.81, A.3.3, in floating point.
    fn exact(block: &[i16; 64]) -> Vec<f64> {
        let basis = |k: usize, at: usize| {
            let scale = if k == 0 { (0.125_f64).sqrt() } else { 0.5 };
            let angle = (2 * at + 1) * k;
            scale * (f64::from(u32::try_from(angle).unwrap()) * std::f64::consts::PI / 16.0).cos()
        };
        let sample = |at: usize| {
            let (y, x) = (at / 8, at % 8);
            (0..64).map(|k| f64::from(block[k]) * basis(k / 8, y) * basis(k % 8, x)).sum::<f64>()
        };
        (0..64).map(sample).collect()
    }

    proptest! {
        #[test]
        fn it_is_the_cosine_transform_within_one_level(
            coefficients in prop::collection::vec((0_usize..64, -300_i16..300), 0..12),
            level in 0_i16..2040,
        ) {
            let mut block = [0_i16; 64];
            for (at, value) in coefficients {
                block[at] = value;
            }
            block[0] = level;
            let want = exact(&block);
            let got = inverse(&mut block);
            for (got, want) in got.iter().zip(want) {
                prop_assert!((f64::from(*got) - want.clamp(0.0, 255.0)).abs() <= 1.0);
            }
        }
    }

    #[test]
    fn the_largest_coefficients_do_not_overflow() {
        for level in [i16::MIN, i16::MAX] {
            let _clipped = inverse(&mut [level; 64]);
        }
    }

    #[test]
    fn a_flat_block_is_flat() {
        let mut block = [0; 64];
        block[0] = 1024;
        assert_eq!(inverse(&mut block), [128; 64]);
    }
}
