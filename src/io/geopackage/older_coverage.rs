//! Metres refused by reason, for bases of formats 2 and 3, which count cells only: from the cells.

use super::error::BaseErrorKind;
use super::read_survey;
use super::record::exists;
use crate::domain::{Metres, Network, Refusal, RoadCell, SectionRating, Sight};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Fills in the lengths of the refusals of each section; they stay nought without a survey.
pub(super) fn fill(
    connection: &Connection,
    network: &Network,
    ratings: &mut [SectionRating],
) -> Result<(), BaseErrorKind> {
    if !exists(connection, "cells")? {
        return Ok(());
    }
    let cells = read_survey::read_cells(connection, network)?;
    let of_road = |road: usize| {
        let start = cells.partition_point(|it| it.road < road);
        &cells[start..cells.partition_point(|it| it.road <= road)]
    };
    for rating in ratings {
        let section = &rating.distress.section;
        let mut sight = Sight::over(section.from, section.to);
        let mine: &[RoadCell] = of_road(section.road);
        // One run for each direction, each sorted by cumul.
        for run in mine.chunk_by(|a, b| a.direction == b.direction) {
            let start = run.partition_point(|it| it.to <= section.from);
            let met = run[start..].iter().take_while(|it| it.from < section.to);
            met.for_each(|it| sight.take(it));
        }
        let mut refused: BTreeMap<_, _> =
            rating.distress.refused.iter().map(|it| (it.reason, *it)).collect();
        for (reason, length) in sight.refused() {
            let none = Refusal { reason, n_cells: 0, length: Metres::ZERO };
            refused.entry(reason).or_insert(none).length = length;
        }
        rating.distress.refused = refused.into_values().collect();
    }
    Ok(())
}
