//! NAL units of a sample: split by their lengths, and what their headers tell.

/// Which standard the headers follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standard {
    /// ITU-T H.264.
    H264,
    /// ITU-T H.265; pictures at or above this temporal layer are referred to by none when they
    /// say so. `None` when the layers are unknown.
    Hevc { top_layer: Option<u8> },
}

/// What the headers of a picture's slices say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PictureHeaders {
    /// There is a slice at all.
    pub(super) coded: bool,
    /// No other picture refers to it.
    pub(super) disposable: bool,
    /// Nothing after it refers to anything before it, and nothing shown before it follows.
    pub(super) clean_start: bool,
}

/// Splits a sample.
///
/// # Errors
///
/// When lengths and bytes do not add up: the sample is damaged.
pub(super) fn split(sample: &[u8], length_size: usize) -> Result<Vec<&[u8]>, String> {
    let mut units = Vec::new();
    let mut rest = sample;
    while !rest.is_empty() {
        let Some((length, after)) = rest.split_at_checked(length_size) else {
            if rest.iter().all(|it| *it == 0) {
                break;
            }
            return Err(format!("{} bytes left over after its last NAL unit", rest.len()));
        };
        let length = length.iter().fold(0_usize, |sum, it| sum << 8 | usize::from(*it));
        let Some((unit, after)) = after.split_at_checked(length) else {
            let there = after.len();
            return Err(format!("a NAL unit announces {length} bytes and {there} are there"));
        };
        if !unit.is_empty() {
            units.push(unit);
        }
        rest = after;
    }
    Ok(units)
}

/// Looks at the headers of a sample's units.
///
/// # Errors
///
/// When a header breaks the standard: the sample is damaged.
///
/// # Source
///
/// ITU-T H.264 (08/2021), 7.3.1 and table 7-1; ITU-T H.265 (08/2021), 7.3.1.2 and table 7-1.
pub(super) fn headers(units: &[&[u8]], standard: Standard) -> Result<PictureHeaders, String> {
    let mut found = PictureHeaders { coded: false, disposable: true, clean_start: true };
    for unit in units {
        let first = unit[0];
        if first & 0x80 != 0 {
            return Err("a NAL unit has its forbidden bit set".to_owned());
        }
        match standard {
            Standard::H264 => {
                let kind = first & 0x1F;
                if (1..=5).contains(&kind) {
                    found.coded = true;
                    found.disposable &= first & 0x60 == 0;
                    found.clean_start &= kind == 5;
                }
            }
            Standard::Hevc { top_layer } => {
                let kind = first >> 1 & 0x3F;
                if kind < 32 {
                    let layer = (unit.get(1).copied().unwrap_or(1) & 7).saturating_sub(1);
                    let no_reference = kind < 16 && kind % 2 == 0;
                    found.coded = true;
                    found.disposable &= no_reference && top_layer.is_some_and(|it| layer >= it);
                    found.clean_start &= matches!(kind, 18..=20);
                }
            }
        }
    }
    if found.coded { Ok(found) } else { Err("no slice of a picture in it".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_must_add_up() {
        let good = [0, 0, 0, 2, 0x65, 1, 0, 0, 0, 1, 0x41];
        assert_eq!(split(&good, 4).unwrap(), [&[0x65, 1][..], &[0x41]]);
        let cut = split(&good[..10], 4).unwrap_err();
        assert_eq!(cut, "a NAL unit announces 1 bytes and 0 are there");
        assert!(split(&[0, 0, 0, 1, 0x41, 9], 4).is_err());
        assert!(split(&[0, 0, 0, 1, 0x41, 0, 0], 4).is_ok(), "padding");
    }

    #[test]
    fn headers_tell_what_may_be_left_out() {
        let h264 = |units: &[&[u8]]| headers(units, Standard::H264);
        let idr = h264(&[&[0x67], &[0x65]]).unwrap();
        assert!(idr.clean_start && !idr.disposable);
        let b = h264(&[&[0x01]]).unwrap();
        assert!(b.disposable && !b.clean_start);
        assert!(h264(&[&[0x67]]).is_err(), "no slice");
        assert!(h264(&[&[0xE5]]).is_err(), "forbidden bit");
        // TRAIL_N of the only layer, then of a lower one of two.
        let hevc = |top_layer, unit: &[u8]| {
            headers(&[unit], Standard::Hevc { top_layer }).unwrap().disposable
        };
        assert!(hevc(Some(0), &[0, 1]));
        assert!(!hevc(Some(1), &[0, 1]));
        assert!(!hevc(None, &[0, 1]));
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_sample_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..60),
            size in 1_usize..5,
        ) {
            if let Ok(units) = split(&bytes, size) {
                let _ = headers(&units, Standard::H264);
                let _ = headers(&units, Standard::Hevc { top_layer: Some(0) });
            }
        }
    }
}
