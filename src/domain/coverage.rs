//! How much of a stretch of road was seen, by how many drives, and why the rest was not.

use super::survey::{RoadCell, Validity};
use super::units::{Metres, Ratio, Seconds};
use std::collections::BTreeMap;

/// Stretches nearer than this are one. Chosen: far below a cell; it only absorbs rounding.
const TOUCHING_M: f64 = 1e-3;

/// How much of a section was filmed, and usable.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Share of its metres seen by a valid frame in at least one direction.
    pub valid: Ratio,
    /// Share of its metres seen only by frames that were refused.
    pub invalid: Ratio,
}

/// What was seen of a stretch only by frames that were refused for one reason.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refusal {
    /// Why.
    pub reason: Validity,
    /// Cells of lane that no valid frame saw; each lane counts.
    pub n_cells: u32,
    /// Metres of road that no valid frame saw in either direction. A metre refused for several reasons
    /// counts for the first of them, in the order of [`Validity`]: over all reasons, these metres
    /// are those of [`Coverage::invalid`].
    pub length: Metres,
}

/// How often a stretch was driven over, frames that were refused aside.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Drives {
    /// Drives over the cell that has most.
    pub most: u32,
    /// Share of the metres that two drives or more saw in one lane.
    pub again: Ratio,
    /// Newest look, seconds since 1970-01-01 UTC; none when nothing was seen.
    pub newest: Option<Seconds>,
}

/// What the cells of a stretch say of how it was seen, taken in one by one.
///
/// # Example
///
/// ```
/// # use voirie::domain::{Direction, Metres, RoadCell, Sight, Validity};
/// let cell = |from: f64, validity| RoadCell {
///     road: 0,
///     direction: Direction::Increasing,
///     from: Metres::of(from),
///     to: Metres::of(from + 5.0),
///     validity,
///     n_frames: 1,
///     n_drives: Some(1),
///     newest: None,
///     geometry: 0.0,
///     defects: vec![],
/// };
/// let mut sight = Sight::over(Metres::of(2.0), Metres::of(22.0));
/// sight.take(&cell(0.0, Validity::Valid));
/// sight.take(&cell(5.0, Validity::TooDark));
/// assert_eq!(sight.coverage().valid.get(), 0.15);
/// assert_eq!(sight.refused(), [(Validity::TooDark, Metres::of(5.0))]);
/// ```
#[derive(Clone, Debug)]
pub struct Sight {
    from: Metres,
    to: Metres,
    valid: Stretches,
    again: Stretches,
    refused: BTreeMap<Validity, Stretches>,
    /// None once a cell does not say.
    most: Option<u32>,
    newest: Option<Seconds>,
}

impl Sight {
    /// Nothing seen yet of a stretch between two cumuls.
    #[must_use]
    pub const fn over(from: Metres, to: Metres) -> Self {
        Self {
            from,
            to,
            valid: Stretches(Vec::new()),
            again: Stretches(Vec::new()),
            refused: BTreeMap::new(),
            most: Some(0),
            newest: None,
        }
    }

    /// Takes in a cell of the same road, of which a part may lie outside.
    pub fn take(&mut self, cell: &RoadCell) {
        let (from, to) = (cell.from.max(self.from), cell.to.min(self.to));
        if to <= from {
            return;
        }
        if cell.validity != Validity::Valid {
            self.refused.entry(cell.validity).or_default().add(from, to);
            return;
        }
        self.valid.add(from, to);
        if cell.n_drives.is_some_and(|it| it > 1) {
            self.again.add(from, to);
        }
        self.most = self.most.zip(cell.n_drives).map(|(a, b)| a.max(b));
        let newer = |it: &Seconds| self.newest.is_none_or(|old| old.get() < it.get());
        self.newest = cell.newest.filter(newer).or(self.newest);
    }

    /// Shares seen.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let invalid = self.refused().iter().map(|it| it.1.get()).sum();
        Coverage { valid: self.share(self.valid.total()), invalid: self.share(invalid) }
    }

    /// Metres seen by refused frames only, by reason: none twice, as [`Refusal::length`] says.
    #[must_use]
    pub fn refused(&self) -> Vec<(Validity, Metres)> {
        let mut seen = self.valid.clone();
        let mut before = seen.total();
        let mut all = Vec::new();
        for (reason, stretches) in &self.refused {
            seen.0.extend(&stretches.0);
            let after = seen.total();
            all.push((*reason, Metres::of(after - before)));
            before = after;
        }
        all.retain(|it| it.1.get() > TOUCHING_M);
        all
    }

    /// How often it was driven over; nothing when a cell does not say.
    #[must_use]
    pub fn drives(&self) -> Option<Drives> {
        let again = self.share(self.again.total());
        self.most.map(|most| Drives { most, again, newest: self.newest })
    }

    fn share(&self, metres: f64) -> Ratio {
        let length = (self.to - self.from).get();
        Ratio::clamped(if length > 0.0 { metres / length } else { 0.0 })
    }
}

/// Stretches of a road, in metres; neighbours are joined as they come.
#[derive(Clone, Debug, Default)]
struct Stretches(Vec<(f64, f64)>);

impl Stretches {
    fn add(&mut self, from: Metres, to: Metres) {
        match self.0.last_mut() {
            Some(last) if last.0 <= from.get() && from.get() <= last.1 + TOUCHING_M => {
                last.1 = last.1.max(to.get());
            }
            _ => self.0.push((from.get(), to.get())),
        }
    }

    /// Metres covered at least once.
    fn total(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut total, mut reached) = (0.0, f64::NEG_INFINITY);
        for (from, to) in sorted {
            total += (to - from.max(reached)).max(0.0);
            reached = reached.max(to);
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Direction;
    use proptest::prelude::*;

    fn cell(from: f64, validity: Validity, n_drives: Option<u32>) -> RoadCell {
        RoadCell {
            road: 0,
            direction: Direction::Increasing,
            from: Metres::of(from),
            to: Metres::of(from + 5.0),
            validity,
            n_frames: 1,
            n_drives,
            newest: n_drives.map(|it| Seconds::of(f64::from(it) * 1000.0)),
            geometry: 0.0,
            defects: vec![],
        }
    }

    fn sight(cells: &[RoadCell]) -> Sight {
        let mut sight = Sight::over(Metres::ZERO, Metres::of(40.0));
        for it in cells {
            sight.take(it);
        }
        sight
    }

    #[test]
    fn a_metre_refused_for_two_reasons_counts_for_the_first() {
        let seen = sight(&[
            cell(0.0, Validity::Valid, Some(1)),
            cell(0.0, Validity::Blurred, Some(0)),
            cell(5.0, Validity::Blurred, Some(0)),
            cell(7.0, Validity::TooDark, Some(0)),
            cell(38.0, Validity::SnowCovered, Some(0)),
        ]);
        let want =
            [(Validity::TooDark, 5.0), (Validity::Blurred, 2.0), (Validity::SnowCovered, 2.0)];
        assert_eq!(seen.refused(), want.map(|(why, metres)| (why, Metres::of(metres))));
        assert_eq!(seen.coverage().invalid, Ratio::clamped(9.0 / 40.0));
    }

    #[test]
    fn drives_are_those_of_the_cells_and_unknown_when_one_does_not_say() {
        let mut cells = vec![
            cell(0.0, Validity::Valid, Some(1)),
            cell(5.0, Validity::Valid, Some(3)),
            cell(10.0, Validity::Valid, Some(2)),
            cell(15.0, Validity::Wet, Some(0)),
        ];
        let newest = Some(Seconds::of(3000.0));
        let want = Drives { most: 3, again: Ratio::clamped(0.25), newest };
        assert_eq!(sight(&cells).drives(), Some(want));
        cells.push(cell(20.0, Validity::Valid, None));
        assert_eq!(sight(&cells).drives(), None);
        assert_eq!(sight(&[]).drives(), Some(Drives::default()));
    }

    proptest! {
        #[test]
        fn the_metres_of_all_reasons_are_those_refused(
            cells in prop::collection::vec((-10.0..60.0_f64, 0_usize..13), 0..40),
        ) {
            let of = |(from, why): &(f64, usize)| cell(*from, Validity::ALL[*why], Some(1));
            let cells: Vec<_> = cells.iter().map(of).collect();
            let seen = sight(&cells);
            let sum: f64 = seen.refused().iter().map(|it| it.1.get()).sum();
            let Coverage { valid, invalid } = seen.coverage();
            prop_assert!((sum - invalid.get() * 40.0).abs() < 1e-9);
            prop_assert!(valid.get() + invalid.get() <= 1.0 + 1e-9);
            // The order of the cells changes nothing.
            let back: Vec<_> = cells.iter().rev().cloned().collect();
            prop_assert!((sight(&back).coverage().valid.get() - valid.get()).abs() < 1e-9);
        }
    }
}
