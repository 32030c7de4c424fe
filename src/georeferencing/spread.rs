//! Defects of other surveys, shared out over the cells that were filmed.

use crate::domain::{ImportedDefect, RoadCell, Validity};

/// Adds a defect to the valid cells that it overlaps, in proportion; gives the share of it that found
/// none, 0 to 1: what was not filmed has no observed surface to weigh it against.
#[must_use]
pub fn spread(cells: &mut [RoadCell], one: &ImportedDefect) -> f64 {
    let (from, to) = (one.from.get(), one.to.get());
    let start = cells.partition_point(|it| it.road < one.road);
    let end = cells.partition_point(|it| it.road <= one.road);
    let mine = &mut cells[start..end];
    let overlap = |it: &RoadCell| {
        let way = one.direction.is_none_or(|way| way == it.direction);
        let (a, b) = (it.from.get(), it.to.get());
        // A place without length lies in the cell that holds it.
        let metres = if to > from {
            (to.min(b) - from.max(a)).max(0.0)
        } else {
            f64::from(u8::from((a..b).contains(&from)))
        };
        if way && it.validity == Validity::Valid { metres } else { 0.0 }
    };
    let whole = if to > from { to - from } else { 1.0 };
    // Without a direction, it lies across the road: each lane that was filmed has its part.
    let lanes: f64 = mine.iter().map(&overlap).sum::<f64>().max(whole);
    let mut placed = 0.0;
    for cell in mine {
        let part = overlap(cell) / lanes;
        if part > 0.0 {
            placed += part;
            let extent = one.defect.extent.times(part);
            cell.defects.push(crate::domain::Defect { extent, ..one.defect });
        }
    }
    (1.0 - placed).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Defect, DefectKind, Direction, Extent, Metres, Severity, SquareMetres};

    fn cell(from: f64, direction: Direction, validity: Validity) -> RoadCell {
        RoadCell {
            road: 0,
            direction,
            from: Metres::of(from),
            to: Metres::of(from + 5.0),
            validity,
            n_frames: 1,
            n_drives: Some(1),
            newest: None,
            geometry: 0.0,
            defects: vec![],
        }
    }

    fn rut(from: f64, to: f64, direction: Option<Direction>) -> ImportedDefect {
        ImportedDefect {
            row: 2,
            road: 0,
            direction,
            from: Metres::of(from),
            to: Metres::of(to),
            defect: Defect {
                kind: DefectKind::Rutting,
                severity: Severity::High,
                extent: Extent::Area(SquareMetres::of(10.0)),
            },
        }
    }

    fn areas(cells: &[RoadCell]) -> Vec<f64> {
        let sum = |it: &RoadCell| it.defects.iter().map(|it| it.extent.area().get()).sum();
        cells.iter().map(sum).collect()
    }

    #[test]
    fn a_rut_is_shared_out_and_what_was_not_filmed_is_told() {
        use Direction::{Decreasing, Increasing};
        let mut cells = vec![
            cell(0.0, Increasing, Validity::Valid),
            cell(5.0, Increasing, Validity::Blurred),
            cell(0.0, Decreasing, Validity::Valid),
        ];
        assert!((spread(&mut cells, &rut(0.0, 10.0, Some(Increasing))) - 0.5).abs() < 1e-9);
        assert_eq!(areas(&cells), [5.0, 0.0, 0.0]);
        // Across both lanes, both filmed over its five metres: all of it, half in each.
        assert!(spread(&mut cells, &rut(0.0, 5.0, None)).abs() < 1e-9);
        assert_eq!(areas(&cells), [10.0, 0.0, 5.0]);
        assert!((spread(&mut cells, &rut(900.0, 910.0, None)) - 1.0).abs() < 1e-9);
    }
}
