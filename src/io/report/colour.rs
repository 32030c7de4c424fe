//! Colours of classes and scenarios, and text that can be read on them.

use crate::domain::{NoteClasses, Score};

/// Colours of scenarios: told apart by the colour-blind.
///
/// Source: Okabe and Ito, « Color Universal Design », 2008, without its yellow, which white paper
/// swallows; violet and grey in its place.
const SCENARIOS: [&str; 8] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7a5195", "#6b7280"];

/// Dashes that tell apart scenarios of one colour.
const DASHES: [&str; 4] = ["none", "7 4", "2 4", "10 3 2 3"];

/// Colour and dashes of the scenario of a rank.
pub(in crate::io) fn of_scenario(rank: usize) -> (&'static str, &'static str) {
    let round = rank / SCENARIOS.len();
    (SCENARIOS[rank % SCENARIOS.len()], DASHES[round % DASHES.len()])
}

/// A configured colour, or grey when it is not `#rrggbb`: nothing else reaches the style sheet.
pub(in crate::io) fn checked(colour: &str) -> &str {
    match rgb(colour) {
        Some(_) => colour,
        None => "#8c8c8c",
    }
}

/// Black or white, whichever stands out more on a colour.
///
/// Source: WCAG 2.1, definitions of relative luminance and contrast ratio.
pub(super) fn text_on(colour: &str) -> &'static str {
    let luminance = luminance(rgb(colour).unwrap_or([0x8c; 3]));
    let (on_black, on_white) = ((luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05));
    if on_black >= on_white { "#111" } else { "#fff" }
}

fn rgb(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.strip_prefix('#').filter(|it| it.len() == 6)?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

fn luminance(rgb: [u8; 3]) -> f64 {
    let linear = rgb.map(|it| {
        let part = f64::from(it) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// Rank of the class of a note.
pub(super) fn rank(classes: &NoteClasses, note: Score) -> usize {
    let last = classes.0.len().saturating_sub(1);
    classes.0.iter().position(|it| note >= it.from).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::rows::example;

    #[test]
    fn text_stands_out_on_every_class() {
        for (colour, want) in [("#1a9850", "#111"), ("#d73027", "#fff"), ("#fee08b", "#111")] {
            assert_eq!(text_on(colour), want, "{colour}");
        }
    }

    #[test]
    fn nothing_but_a_colour_passes() {
        assert_eq!(checked("#1a9850"), "#1a9850");
        assert_eq!(checked("red;}</style>"), "#8c8c8c");
    }

    #[test]
    fn ranks_follow_the_classes() {
        let classes = example::classes();
        for (points, want) in [(20.0, 0), (18.0, 0), (17.99, 1), (3.0, 4)] {
            assert_eq!(rank(&classes, Score::clamped(points)), want);
        }
    }
}
