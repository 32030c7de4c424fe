//! Findings about clocks, in whole sentences.

use super::language::Language;
use crate::domain::{FindingKind, Seconds};

/// Seconds with a sign, to the hundredth below a minute; longer ones as hours, minutes and seconds.
fn shift(at: Seconds, language: Language) -> String {
    let (sign, size) = (if at.get() < 0.0 { "\u{2212}" } else { "+" }, at.get().abs());
    if size < 60.0 {
        return format!("{sign}{}\u{a0}s", language.number(size, 2));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds")]
    let whole = size.round() as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    format!("{sign}{hours}\u{a0}h {minutes:02}\u{a0}min {seconds:02}\u{a0}s")
}

fn give_or_take(sd: Seconds, language: Language) -> String {
    format!("± {}\u{a0}s", language.number(sd.get(), 2))
}

/// The sentence of a finding about clocks; empty for any other. `instant` says an instant.
pub(super) fn clock(
    kind: &FindingKind,
    language: Language,
    instant: impl Fn(Seconds) -> String,
) -> String {
    let shift = |it| shift(it, language);
    let around = |it| give_or_take(it, language);
    let say = |fr: String, en: String| match language {
        Language::French => fr,
        Language::English => en,
    };
    match kind {
        FindingKind::ClockSeen { offset, sd, kept: true } => say(
            format!(
                "l’heure de la vidéo est gardée ; d’après les images, son décalage est de {} ({})",
                shift(*offset),
                around(*sd)
            ),
            format!(
                "the clip's time is kept; its pictures place it at {} ({})",
                shift(*offset),
                around(*sd)
            ),
        ),
        FindingKind::ClockSeen { offset, sd, kept: false } => say(
            format!(
                "l’heure de la vidéo est décalée de {} ({}) d’après les images",
                shift(*offset),
                around(*sd)
            ),
            format!(
                "the clip's time is moved by {} ({}), as its pictures show",
                shift(*offset),
                around(*sd)
            ),
        ),
        FindingKind::ClockFound { starts, sd } => say(
            format!(
                "la vidéo ne dit pas son heure ; les images la placent à {} ({})",
                instant(*starts),
                around(*sd)
            ),
            format!(
                "the clip does not say when it starts; its pictures place it at {} ({})",
                instant(*starts),
                around(*sd)
            ),
        ),
        FindingKind::ClockOfDrive { from, offset, sd } => say(
            format!(
                "les images ne disent pas l’heure ; celle du trajet, d’après {from}, est décalée de {} ({})",
                shift(*offset),
                around(*sd)
            ),
            format!(
                "the pictures do not tell the time; that of the drive, by {from}, is out by {} ({})",
                shift(*offset),
                around(*sd)
            ),
        ),
        FindingKind::ClipsApart { before, seconds } => say(
            format!(
                "{} sans image depuis la fin de {before}, dans le même trajet",
                shift(*seconds)
            ),
            format!("{} not filmed since the end of {before}, in the same drive", shift(*seconds)),
        ),
        FindingKind::TrackElsewhere { clip, track, hours } => {
            let [from, to, track_from, track_to] = [clip.0, clip.1, track.0, track.1].map(&instant);
            let zone = hours.map_or_else(String::new, |it| {
                let (sign, size) = (if it < 0 { "\u{2212}" } else { "+" }, it.abs());
                say(
                    format!(
                        " ; elle la couvre à {sign}{size}\u{a0}h près : si c’est le fuseau de l’appareil, \
                         donner clock_offset_s = {}",
                        it * 3600
                    ),
                    format!(
                        "; it covers it at {sign}{size}\u{a0}h: if that is the camera's time zone, give \
                         clock_offset_s = {}",
                        it * 3600
                    ),
                )
            });
            say(
                format!(
                    "la trace ne dit rien pendant la vidéo : vidéo de {from} à {to}, trace de {track_from} \
                     à {track_to}{zone}"
                ),
                format!(
                    "the track says nothing during the clip: clip from {from} to {to}, track from \
                     {track_from} to {track_to}{zone}"
                ),
            )
        }
        _ => String::new(),
    }
}
