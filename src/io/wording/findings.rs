//! Findings in whole sentences.

use super::english::english;
use super::french::french;
use super::language::{Language, utc};
use crate::domain::{Finding, Seconds, Weight};

/// Says one finding, with its place, in a language.
#[must_use]
pub fn finding(finding: &Finding, language: Language) -> String {
    let said = sentence(finding, language);
    match (finding.place.is_empty(), language) {
        (true, _) => said,
        (false, Language::French) => format!("{}\u{a0}: {said}", finding.place),
        (false, Language::English) => format!("{}: {said}", finding.place),
    }
}

/// Says one finding without its place.
#[must_use]
pub fn sentence(finding: &Finding, language: Language) -> String {
    let note = finding.weight == Weight::Note;
    match language {
        Language::French => french(&finding.kind, note),
        Language::English => english(&finding.kind, note),
    }
}

/// A duration or an offset from the start of a clip, in seconds.
pub(super) fn seconds(at: Seconds, language: Language) -> String {
    format!("{}\u{a0}s", language.number(at.get(), 1))
}

/// An instant to the second, such as `2025-06-12 08:00:00 UTC`; bare seconds when it lies outside
/// the calendar.
pub(super) fn instant(at: Seconds, language: Language) -> String {
    let readable = |text: String| {
        let (day, time) = text.split_once('T')?;
        Some(format!("{day} {} UTC", time.get(..8)?))
    };
    utc(at).and_then(readable).unwrap_or_else(|| seconds(at, language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FindingKind, Metres};

    #[test]
    fn findings_are_said_in_both_languages() {
        let gap = FindingKind::TrackGap {
            at: Seconds::of(1_749_715_200.0),
            seconds: Seconds::of(12.5),
            distance: Metres::of(180.0),
            n_frames: 17,
        };
        let cases = [
            (
                Finding::loss("a.mp4", gap),
                "a.mp4\u{a0}: le récepteur s’est tu 12,5\u{a0}s à 2025-06-12 08:00:00 UTC, \
                 sur 180\u{a0}m\u{a0}: 17\u{a0}images sans position",
                "a.mp4: the receiver was silent for 12.5\u{a0}s at 2025-06-12 08:00:00 UTC, \
                 over 180\u{a0}m: 17\u{a0}frames without a place",
            ),
            (
                Finding::note("", FindingKind::FramesRefused { reason: "blurred", n_frames: 3 }),
                "3\u{a0}images écartées\u{a0}: floue",
                "3\u{a0}frames refused: blurred",
            ),
            (
                Finding::loss("b.mp4", FindingKind::ClipUnreadable { why: "no moov box".into() }),
                "b.mp4\u{a0}: la vidéo ne peut pas être lue «\u{a0}no moov box\u{a0}»",
                "b.mp4: the clip cannot be read: no moov box",
            ),
            (
                Finding::note("c.mp4", FindingKind::FixesRefused { without_lock: 3, imprecise: 1 }),
                "c.mp4\u{a0}: 4\u{a0}positions laissées\u{a0}: 3 sans réception suffisante, \
                 1 trop imprécises",
                "c.mp4: 4\u{a0}positions left out: 3 without lock, 1 too imprecise",
            ),
            (
                Finding::note("c.mp4", FindingKind::TrackTaken { source: "c.gpx".into() }),
                "c.mp4\u{a0}: aucune trace n’est nommée\u{a0}: celle de c.gpx est prise",
                "c.mp4: no track is named: that of c.gpx was taken",
            ),
            (
                Finding::note("", FindingKind::OffNetwork { n_frames: 4, nearest: None }),
                "4\u{a0}images trop loin de toute route du réseau",
                "4\u{a0}frames too far from any road of the network",
            ),
        ];
        for (found, french, english) in cases {
            assert_eq!(finding(&found, Language::French), french);
            assert_eq!(finding(&found, Language::English), english);
        }
    }
}
