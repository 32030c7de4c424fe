//! What the name of a labelled frame says.

use crate::domain::Stretch;
use std::collections::BTreeMap;

/// Metres, or frames, of one stretch of a section.
///
/// Source: the measure of the feasibility run: 100 m, and 20 frames where chainage is an ordinal.
const STRETCH: (u32, u32) = (100, 20);

/// Chainages in metres are mostly multiples of this.
///
/// Source: the survey vehicle takes a frame each 5 m: nine in ten of its chainages are multiples of
/// five, of ordinals one in five.
const METRES_STEP: u32 = 5;

/// `<frame>_<state>_<road>_<section>_<chainage>`: section and chainage.
pub(super) fn survey_name(stem: &str) -> Option<(&str, u32)> {
    let parts: Vec<&str> = stem.split('_').collect();
    // Some sections have a second number between their name and the chainage.
    let [frame, _state, _road, section, .., chainage] = parts[..] else { return None };
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    (digits(frame) && digits(chainage) && !section.is_empty())
        .then(|| Some((section, chainage.parse().ok()?)))
        .flatten()
}

/// The stretch of each name, in their order, and its metres where chainages of its section are metres;
/// nothing for a name that is not a survey frame's.
///
/// Whether chainages of a section are metres or ordinals is told from all of them.
pub(super) fn stretches(stems: &[&str]) -> Vec<Option<(Stretch, Option<f64>)>> {
    let mut sections: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (section, chainage) in stems.iter().filter_map(|it| survey_name(it)) {
        let (n_frames, n_multiples) = sections.entry(section).or_default();
        *n_frames += 1;
        *n_multiples += usize::from(chainage % METRES_STEP == 0);
    }
    stems
        .iter()
        .map(|stem| {
            let (section, chainage) = survey_name(stem)?;
            let (n_frames, n_multiples) = sections.get(section)?;
            let in_metres = 2 * n_multiples > *n_frames;
            let length = if in_metres { STRETCH.0 } else { STRETCH.1 };
            let stretch = Stretch { section: section.to_owned(), rank: chainage / length };
            Some((stretch, in_metres.then(|| f64::from(chainage))))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_survey_frames_and_others() {
        assert_eq!(survey_name("1007599_RS_386_386RS289112_28920"), Some(("386RS289112", 28920)));
        let numbered = "1050564_DF_080_080BDF0050_1_00368";
        assert_eq!(survey_name(numbered), Some(("080BDF0050", 368)));
        for other in ["000084", "a_RS_386_386RS289112_1", "1_RS_386_386RS289112_x", "1_2_3_4", ""] {
            assert_eq!(survey_name(other), None, "{other}");
        }
    }

    #[test]
    fn metres_are_told_from_ordinals_by_their_steps() {
        let names = [
            "1_RS_386_M_28920",
            "2_RS_386_M_28994",
            "3_RS_386_M_29000",
            "4_DF_060_O_00119",
            "5_DF_060_O_00120",
            "000084",
        ];
        let ranks: Vec<_> =
            stretches(&names).into_iter().map(|it| it.map(|it| it.0.rank)).collect();
        assert_eq!(ranks, [Some(289), Some(289), Some(290), Some(5), Some(6), None]);
    }
}
