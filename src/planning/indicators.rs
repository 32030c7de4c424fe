//! A programme in one row of the engineers' table.

use crate::domain::{Euros, Indicators, Programme, Score};

/// Sums a programme up.
///
/// The path starts with the note before the first year, which counts as the year before it, and
/// has one note at the end of each year. Of equal notes, the first year is told.
///
/// # Source
///
/// Columns of the Haute-Garonne scenario table, as read in DOMAIN.md section 9.1: *NG + haute*,
/// *NG + basse*, *NG moyenne* over the path with its start, *budget global* as money spent.
#[must_use]
pub fn indicators(programme: &Programme) -> Indicators {
    let start = (programme.ng_start, programme.scenario.first_year.saturating_sub(1));
    let years = programme.yearly.iter().map(|it| (it.ng, it.year));
    let path: Vec<_> = std::iter::once(start).chain(years).collect();
    let (mut highest, mut lowest, mut sum) = (start, start, 0.0);
    for point in &path {
        if point.0 > highest.0 {
            highest = *point;
        }
        if point.0 < lowest.0 {
            lowest = *point;
        }
        sum += point.0.points();
    }
    let without = programme.yearly.iter().filter(|it| it.offered.total() <= Euros::ZERO).count();
    Indicators {
        name: programme.scenario.name.clone(),
        words: programme.scenario.words.clone(),
        selection: programme.scenario.selection,
        worth: programme.worth,
        ng_start: start.0,
        ng_end: path[path.len() - 1].0,
        highest,
        lowest: (lowest.0 < start.0).then_some(lowest),
        mean: Score::clamped(sum / f64::from(u32::try_from(path.len()).unwrap_or(u32::MAX))),
        spent: programme.yearly.iter().map(|it| it.spent.total()).sum(),
        offered: programme.yearly.iter().map(|it| it.offered.total()).sum(),
        years_without: u32::try_from(without).unwrap_or(u32::MAX),
        observations: programme.scenario.observations.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Envelopes, Metres, Objective, Scenario, SelectionRule, SquareMetres, Worth, YearState,
    };

    fn programme(start: f64, years: &[(f64, f64)]) -> Programme {
        let offered = |millions| Envelopes {
            investment: Euros::from_millions(millions),
            maintenance: Euros::ZERO,
        };
        let yearly = (2025..).zip(years).map(|(year, (ng, millions))| YearState {
            year,
            ng: Score::clamped(*ng),
            spent: offered(millions / 2.0),
            offered: offered(*millions),
            carried: Envelopes::default(),
            classes: vec![],
            sites: 0,
            treated: Metres::ZERO,
        });
        let scenario = Scenario {
            name: "s02".into(),
            words: "0 (2 ans), puis 10".into(),
            first_year: 2025,
            budgets: vec![],
            selection: SelectionRule::WorstFirst,
            objective: Objective::Condition,
            target: None,
            spending: crate::domain::Spending::default(),
            observations: "reports".into(),
        };
        Programme {
            scenario,
            ng_start: Score::clamped(start),
            worth: Worth {
                objective: Objective::Condition,
                gain: 0.0,
                bound: None,
                condition: 0.0,
            },
            area: SquareMetres::of(1.0),
            works: vec![],
            yearly: yearly.collect(),
            final_notes: vec![],
        }
    }

    #[test]
    fn a_dip_and_a_recovery_are_told_with_their_years() {
        let it =
            indicators(&programme(18.0, &[(17.5, 0.0), (17.0, 0.0), (18.5, 10.0), (18.5, 10.0)]));
        assert_eq!(it.highest, (Score::clamped(18.5), 2027));
        assert_eq!(it.lowest, Some((Score::clamped(17.0), 2026)));
        assert!((it.mean.points() - 89.5 / 5.0).abs() < 1e-9);
        assert_eq!(
            (it.spent, it.offered),
            (Euros::from_millions(10.0), Euros::from_millions(20.0))
        );
        assert_eq!((it.years_without, it.ng_end), (2, Score::clamped(18.5)));
        assert_eq!(it.observations, "reports");
    }

    #[test]
    fn a_path_that_never_dips_has_no_low_point() {
        let it = indicators(&programme(18.0, &[(18.1, 1.0)]));
        assert_eq!(it.lowest, None);
        let down = indicators(&programme(18.0, &[(17.9, 1.0)]));
        assert_eq!(down.highest, (Score::clamped(18.0), 2024));
    }

    #[test]
    fn no_year_leaves_the_start() {
        let it = indicators(&programme(18.0, &[]));
        assert_eq!((it.ng_end, it.mean, it.spent), (it.ng_start, it.ng_start, Euros::ZERO));
    }
}
