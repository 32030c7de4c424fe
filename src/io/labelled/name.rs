//! What the name of a labelled frame says.

use crate::domain::Stretch;
use std::collections::BTreeMap;

/// Metres, or frames, of one stretch of a section.
///
/// Source: the measure of the feasibility run: 100 m, and 20 frames where chainage is an ordinal.
const STRETCH: (u32, u32) = (100, 20);

/// Least step of chainages that are metres.
///
/// Source: the survey vehicle takes a frame each 5 m; ordinals follow one another.
const METRES_STEP: u32 = 5;

/// `<frame>_<state>_<road>_<section>_<chainage>`: section and chainage.
pub(super) fn survey_name(stem: &str) -> Option<(&str, u32)> {
    let parts: Vec<&str> = stem.split('_').collect();
    let [frame, _state, _road, section, chainage] = parts[..] else { return None };
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    (digits(frame) && digits(chainage) && !section.is_empty())
        .then(|| Some((section, chainage.parse().ok()?)))
        .flatten()
}

/// The stretch of each name, in their order; nothing for a name that is not a survey frame's.
///
/// Whether chainages of a section are metres or ordinals is told from all of them.
pub(super) fn stretches(stems: &[&str]) -> Vec<Option<Stretch>> {
    let mut sections: BTreeMap<&str, Steps> = BTreeMap::new();
    for (section, chainage) in stems.iter().filter_map(|it| survey_name(it)) {
        let first = Steps { first: chainage, divisor: 0 };
        let it = sections.entry(section).or_insert(first);
        it.divisor = common(it.divisor, chainage.abs_diff(it.first));
    }
    stems
        .iter()
        .map(|stem| {
            let (section, chainage) = survey_name(stem)?;
            let metres = sections.get(section)?.divisor >= METRES_STEP;
            let rank = chainage / if metres { STRETCH.0 } else { STRETCH.1 };
            Some(Stretch { section: section.to_owned(), rank })
        })
        .collect()
}

/// The greatest step of which every chainage of a section is a multiple, from its first.
struct Steps {
    first: u32,
    divisor: u32,
}

/// Greatest common divisor; of zero and a number, that number.
const fn common(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_survey_frames_and_others() {
        assert_eq!(survey_name("1007599_RS_386_386RS289112_28920"), Some(("386RS289112", 28920)));
        for other in ["000084", "a_RS_386_386RS289112_1", "1_RS_386_386RS289112_x", "1_2_3_4", ""] {
            assert_eq!(survey_name(other), None, "{other}");
        }
    }

    #[test]
    fn metres_are_told_from_ordinals_by_their_steps() {
        let names = [
            "1_RS_386_M_28920",
            "2_RS_386_M_28995",
            "3_RS_386_M_29000",
            "4_DF_060_O_00119",
            "5_DF_060_O_00120",
            "000084",
        ];
        let ranks: Vec<_> = stretches(&names).into_iter().map(|it| it.map(|it| it.rank)).collect();
        assert_eq!(ranks, [Some(289), Some(289), Some(290), Some(5), Some(6), None]);
    }
}
