//! Pixel formats of `ffmpeg`, by name.

use super::super::picture::{Chroma, Planes};
use super::process::Process;

/// How a format lays its samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    chroma: Chroma,
    depth: u8,
    /// U and V share a plane, sample by sample.
    interleaved: bool,
    /// Bits to the right of each sample.
    shift: u8,
    /// The name itself says that levels go from 0 to 255.
    pub(super) full_range: bool,
}

/// Finds a format by name.
///
/// # Source
///
/// `FFmpeg` 5.1, `libavutil/pixdesc.c`.
pub(super) fn layout(name: &str) -> Option<Layout> {
    let planar = |chroma, depth, full_range| Layout {
        chroma,
        depth,
        interleaved: false,
        shift: 0,
        full_range,
    };
    match name {
        "nv12" => return Some(Layout { interleaved: true, ..planar(Chroma::C420, 8, false) }),
        "p010le" => {
            let wide = planar(Chroma::C420, 10, false);
            return Some(Layout { interleaved: true, shift: 6, ..wide });
        }
        _ => {}
    }
    let depth = |rest: &str| match rest {
        "" => Some(8),
        "9le" => Some(9),
        "10le" => Some(10),
        "12le" => Some(12),
        "14le" => Some(14),
        "16le" => Some(16),
        _ => None,
    };
    if let Some(rest) = name.strip_prefix("gray") {
        return Some(planar(Chroma::Grey, depth(rest)?, false));
    }
    let full_range = name.starts_with("yuvj");
    let rest = name.strip_prefix("yuvj").or_else(|| name.strip_prefix("yuv"))?;
    let (sampling, rest) = rest.split_at_checked(4)?;
    let chroma = match sampling {
        "420p" => Chroma::C420,
        "422p" => Chroma::C422,
        "444p" => Chroma::C444,
        _ => return None,
    };
    Some(planar(chroma, depth(rest)?, full_range))
}

/// Reads the frame that `showinfo` announced.
///
/// # Errors
///
/// When the format is none of ours, the size is out of bounds or the pipe ends.
pub(super) fn read_frame(
    process: &mut Process,
    format: &str,
    width: u32,
    height: u32,
) -> Result<Planes, String> {
    let layout = layout(format).ok_or_else(|| {
        format!("pixel format {format}, expected planar YUV 4:2:0, 4:2:2 or 4:4:4, nv12 or gray")
    })?;
    let Layout { chroma, depth, interleaved, shift, .. } = layout;
    let lengths = Planes::lengths(width, height, chroma, depth)
        .ok_or_else(|| format!("a picture of {width} x {height}"))?;
    let mut get = |n| process.read(n).map_err(|it| format!("ffmpeg ended within a frame: {it}"));
    let luma = get(lengths[0])?;
    let mut planes = if interleaved {
        let both = get(lengths[1] + lengths[2])?;
        let sample = if depth > 8 { 2 } else { 1 };
        let every = |first: usize| {
            let pairs = both.chunks_exact(2 * sample);
            pairs.flat_map(|it| &it[first * sample..][..sample]).copied().collect()
        };
        [luma, every(0), every(1)]
    } else {
        [luma, get(lengths[1])?, get(lengths[2])?]
    };
    if shift > 0 {
        for sample in planes.iter_mut().flat_map(|it| it.chunks_exact_mut(2)) {
            let value = u16::from_le_bytes([sample[0], sample[1]]) >> shift;
            sample.copy_from_slice(&value.to_le_bytes());
        }
    }
    Ok(Planes { width, height, chroma, depth, planes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_their_names() {
        let cases = [
            ("yuv420p", Some((Chroma::C420, 8, false))),
            ("yuvj420p", Some((Chroma::C420, 8, true))),
            ("yuv422p10le", Some((Chroma::C422, 10, false))),
            ("yuv444p12le", Some((Chroma::C444, 12, false))),
            ("gray", Some((Chroma::Grey, 8, false))),
            ("gray10le", Some((Chroma::Grey, 10, false))),
            ("nv12", Some((Chroma::C420, 8, false))),
            ("yuv411p", None),
            ("yuv420p10be", None),
            ("rgb24", None),
        ];
        for (name, want) in cases {
            let got = layout(name).map(|it| (it.chroma, it.depth, it.full_range));
            assert_eq!(got, want, "{name}");
        }
    }
}
