//! The 5 m cells of a road: their numbers and their bounds.

/// Length of a cell of road.
///
/// Source: Vaisala RoadAI, user guide, « introduction to road surface condition analysis » (5 m).
pub const CELL_M: f64 = 5.0;

/// Number of the cell that holds a cumul.
#[expect(clippy::cast_possible_truncation, reason = "cumuls are far below 2^53")]
pub fn number(cumul: f64) -> i64 {
    (cumul / CELL_M).floor() as i64
}

/// Cumuls between which a cell lies, on a road without ends.
#[expect(clippy::cast_precision_loss, reason = "cell numbers are far below 2^53")]
pub fn bounds_of(key: i64) -> (f64, f64) {
    (key as f64 * CELL_M, (key + 1) as f64 * CELL_M)
}

/// Cells that lie wholly inside a stretch; the first and the last of a road end with it.
pub fn whole_cells(
    seen: (f64, f64),
    (road_start, road_end): (f64, f64),
) -> impl Iterator<Item = i64> {
    // The ends of a road may be short cells, never empty ones.
    let first = if seen.0 <= road_start + 1e-6 {
        number(road_start + 1e-6)
    } else {
        number(seen.0 + CELL_M - 1e-6)
    };
    let last = if seen.1 >= road_end - 1e-6 {
        number(road_end + CELL_M - 1e-6) - 1
    } else {
        number(seen.1 + 1e-6) - 1
    };
    first..=last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_whole_or_end_with_the_road() {
        let road = (3.2, 21.5);
        let cases: [((f64, f64), &[i64]); 6] = [
            ((5.0, 15.0), &[1, 2]),
            ((5.1, 14.9), &[]),
            ((3.2, 10.0), &[0, 1]),
            ((3.3, 10.0), &[1]),
            ((14.0, 21.5), &[3, 4]),
            ((14.0, 21.4), &[3]),
        ];
        for (seen, want) in cases {
            assert_eq!(whole_cells(seen, road).collect::<Vec<_>>(), want, "{seen:?}");
        }
        // A road that starts or ends on a bound has no empty cell there.
        assert_eq!(whole_cells((10.0, 20.0), (10.0, 20.0)).collect::<Vec<_>>(), [2, 3]);
    }
}
