//! Two surveys of one network: repeatability of two passes, or change between two campaigns.

use crate::domain::{Comparison, SectionChange, SectionRating, mean_and_deviation};
use std::collections::BTreeMap;

/// Compares the notes of the sections that both surveys have, by identifier.
///
/// # Units
///
/// Points out of 20. The deviation is that of differences, with one degree of freedom taken off:
/// each note alone varies 1.4 times less when the two passes are alike.
///
/// # Source
///
/// Repeatability as the standard deviation of differences of repeated measures: ISO 5725-2, 2019.
#[must_use]
pub fn compare(first: &[SectionRating], second: &[SectionRating]) -> Comparison {
    let others: BTreeMap<_, _> = second.iter().map(|it| (&it.distress.section.id, it)).collect();
    let (mut sections, mut rated_once, mut unknown) = (Vec::new(), (0, 0), (0, 0));
    let mut shared = 0;
    for one in first {
        let Some(other) = others.get(&one.distress.section.id) else {
            unknown.0 += 1;
            continue;
        };
        shared += 1;
        match (one.rating.notes(), other.rating.notes()) {
            (Some(before), Some(after)) => sections.push(SectionChange {
                section: one.distress.section.id.clone(),
                road: one.distress.section.road,
                span: (one.distress.section.from, one.distress.section.to),
                notes: (*before, *after),
                seen: (one.distress.coverage.valid, other.distress.coverage.valid),
            }),
            (Some(_), None) => rated_once.0 += 1,
            (None, Some(_)) => rated_once.1 += 1,
            (None, None) => {}
        }
    }
    unknown.1 = second.len() - shared;
    let gained: Vec<f64> = sections.iter().map(SectionChange::gained).collect();
    let (mean, deviation) = mean_and_deviation(&gained);
    Comparison { sections, rated_once, unknown, mean, deviation }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Coverage, Metres, NoteInterval, Notes, Rating, Ratio, Score, Section, SectionDistress,
        SectionId, SquareMetres, Unrated,
    };

    fn rated(id: &str, ng: Option<f64>) -> SectionRating {
        let coverage = Coverage { valid: Ratio::ONE, invalid: Ratio::ZERO };
        let rating = match ng {
            None => Rating::Unrated { reason: Unrated::NotFilmed, coverage },
            Some(points) => {
                let ng = Score::clamped(points);
                let interval = NoteInterval { low: ng, high: ng };
                Rating::Rated { notes: Notes { ng, np: ng, nu: ng }, interval, coverage }
            }
        };
        let section = Section {
            id: SectionId::from_text(id),
            road: 0,
            from: Metres::ZERO,
            to: Metres::of(100.0),
            width: Metres::of(6.0),
        };
        let distress = SectionDistress {
            section,
            defects: Vec::new(),
            observed: SquareMetres::of(600.0),
            coverage,
            geometry: 0.0,
            refused: Vec::new(),
            drives: None,
        };
        SectionRating { distress, rating }
    }

    #[test]
    fn sections_are_matched_by_name_and_those_rated_once_are_counted() {
        let first = [
            rated("a", Some(10.0)),
            rated("b", Some(12.0)),
            rated("c", Some(9.0)),
            rated("d", None),
        ];
        let second =
            [rated("b", Some(11.0)), rated("a", Some(12.0)), rated("c", None), rated("e", None)];
        let got = compare(&first, &second);
        let gained: Vec<_> = got.sections.iter().map(SectionChange::gained).collect();
        assert_eq!(gained, [2.0, -1.0]);
        assert_eq!((got.rated_once, got.unknown), ((1, 0), (1, 1)));
        assert!((got.mean.unwrap() - 0.5).abs() < 1e-12);
        assert!((got.deviation.unwrap() - 4.5_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn one_section_has_no_deviation_and_none_no_mean() {
        let one = [rated("a", Some(10.0))];
        assert_eq!(compare(&one, &one).mean, Some(0.0));
        assert_eq!(compare(&one, &one).deviation, None);
        assert_eq!(compare(&one, &[]).mean, None);
    }
}
