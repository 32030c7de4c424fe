//! Text tracks of a video: subtitles, read as those of a file.

use super::gathered::Gathered;
use super::payload;
use super::read::TrackErrorKind;
use super::subtitles::Subtitles;
use crate::domain::Seconds;
use crate::io::video::MediaSample;
use std::io::{Read, Seek};

pub(super) const NAME: &str = "subtitles"; // Source: what people call them.

/// Adds the positions of a track to `gathered`; gives the receiver's time of the first frame, and
/// whether positions were dated.
///
/// # Errors
///
/// When no sample says a position.
///
/// # Source
///
/// 3GPP TS 26.245, 5.17 (`tx3g`), and `QuickTime` File Format, "Text sample data": 16 bits of
/// length, the text, then boxes of style.
pub(super) fn read(
    file: &mut (impl Read + Seek),
    length: u64,
    samples: &[MediaSample],
    gathered: &mut Gathered,
) -> Result<(Option<Seconds>, bool), TrackErrorKind> {
    let mut subtitles = Subtitles::default();
    payload::each(file, length, samples, gathered, |gathered, sample, bytes| {
        let Some((head, rest)) = bytes.split_at_checked(2) else { return };
        let n = usize::from(head[0]) << 8 | usize::from(head[1]);
        let text = String::from_utf8_lossy(&rest[..n.min(rest.len())]);
        if !text.is_empty() {
            subtitles.cue(Some(Seconds::of(sample.start)), &text, gathered);
        }
    })?;
    subtitles.finish(gathered)
}

#[cfg(test)]
mod tests {
    use super::super::builders::Movie;
    use super::*;
    use proptest::prelude::*;

    fn sample(text: &str) -> Vec<u8> {
        let n = u16::try_from(text.len()).unwrap();
        [&n.to_be_bytes()[..], text.as_bytes(), b"\0\0\0\x08styl"].concat()
    }

    #[test]
    fn dated_positions_give_track_and_start() {
        let samples = [
            sample(""),
            sample("2025-06-12 12:00:01.5Z N:43.6 E:1.44 50 km/h"),
            sample("2025-06-12 12:00:02.5Z N:43.61 E:1.45 50 km/h"),
        ];
        for format in [*b"tx3g", *b"text", *b"sbtl"] {
            let found = Movie::with_track(format, &samples).look().unwrap();
            assert_eq!(found.value.track.fixes().len(), 2);
            assert_eq!(found.value.source, "subtitles");
            assert_eq!(found.value.clip_start, Some(Seconds::of(1_749_729_600.5)));
        }
        let silent = Movie::with_track(*b"tx3g", &[sample("Bonjour")]).look().unwrap_err();
        assert!(silent.to_string().contains("1 subtitle(s) and not one position"), "{silent}");
    }

    proptest! {
        #[test]
        fn no_sample_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..70)) {
            let _ = Movie::with_track(*b"tx3g", &[bytes]).look();
        }
    }
}
