//! How far a picture of lines moved between two instants: normalised cross-correlation.

use std::ops::RangeInclusive;

/// Least share of the lines that both pictures must show at a shift.
///
/// Chosen: under a third, chance likenesses win.
const LEAST_OVERLAP: f64 = 0.34;

/// A move between two pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// Lines by which what the first shows lies farther on in the second; to a tenth or so.
    pub lines: f64,
    /// Correlation there, -1 to 1.
    pub peak: f64,
    /// Highest correlation elsewhere, two lines away or more.
    pub elsewhere: f64,
}

/// The shift of lines, each of `width` values, at which `after` is most like `before`.
///
/// Values should vary about zero along the lines: a slope common to both pictures is a likeness at
/// any shift. Nothing when no shift of the range leaves enough to compare, when a picture is flat,
/// or when the best shift is at an end of the range, beyond which the true one may lie.
///
/// # Source
///
/// Lewis, « Fast Normalized Cross-Correlation », Vision Interface 1995; the place between lines is
/// that of the parabola through the three highest.
///
/// # Panics
///
/// When the pictures differ in size or do not hold whole lines.
#[must_use]
pub fn shift(
    before: &[f32],
    after: &[f32],
    width: usize,
    range: RangeInclusive<isize>,
) -> Option<Shift> {
    assert!(before.len() == after.len() && width > 0 && before.len().is_multiple_of(width));
    let scores: Vec<(isize, f64)> =
        range.filter_map(|by| Some((by, likeness(before, after, width, by)?))).collect();
    let best = (0..scores.len()).max_by(|a, b| scores[*a].1.total_cmp(&scores[*b].1))?;
    let (low, high) = (scores.get(best.checked_sub(1)?)?, scores.get(best + 1)?);
    let (at, peak) = scores[best];
    let far = scores.iter().filter(|it| it.0.abs_diff(at) >= 2).map(|it| it.1);
    let bend = low.1 - 2.0 * peak + high.1;
    let part = if bend < 0.0 { 0.5 * (low.1 - high.1) / bend } else { 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "some hundred lines")]
    let lines = at as f64 + part.clamp(-0.5, 0.5);
    Some(Shift { lines, peak, elsewhere: far.fold(-1.0, f64::max) })
}

/// Correlation of the lines that both show, the second's `by` lines farther on.
fn likeness(before: &[f32], after: &[f32], width: usize, by: isize) -> Option<f64> {
    let skip = by.unsigned_abs() * width;
    let n_values = before.len().checked_sub(skip)?;
    #[expect(clippy::cast_precision_loss, reason = "some thousand values")]
    if (n_values as f64) < LEAST_OVERLAP * before.len() as f64 {
        return None;
    }
    let (a, b) = if by >= 0 {
        (&before[..n_values], &after[skip..])
    } else {
        (&before[skip..], &after[..n_values])
    };
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (f64::from(*a), f64::from(*b));
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa * bb).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A texture that never repeats, at a place between lines.
    fn texture(place: f64, column: usize) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a few columns")]
        let c = column as f64;
        #[expect(clippy::cast_possible_truncation, reason = "a texture")]
        return ((place * 0.9 + c).sin() + (place * 0.37 + c * 2.3).sin() + (place * 1.7 - c).cos())
            as f32;
    }

    fn picture(moved: f64, n_lines: i32, width: usize) -> Vec<f32> {
        let line = |line| (0..width).map(move |it| texture(f64::from(line) - moved, it));
        (0..n_lines).flat_map(line).collect()
    }

    #[test]
    fn a_move_is_found_between_lines() {
        for moved in [0.0, 1.0, 7.3, 19.6, -4.2] {
            let got = shift(&picture(0.0, 60, 5), &picture(moved, 60, 5), 5, -10..=30).unwrap();
            assert!((got.lines - moved).abs() < 0.1, "{moved}: {got:?}");
            assert!(got.peak > 0.9 && got.elsewhere < got.peak, "{got:?}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_not() {
        let flat = vec![0.0; 60];
        assert_eq!(shift(&flat, &flat, 3, -5..=5), None);
        // Beyond the range.
        assert_eq!(shift(&picture(0.0, 60, 5), &picture(9.0, 60, 5), 5, -5..=5), None);
        assert_eq!(shift(&flat, &flat, 3, 50..=60), None);
    }
}
