//! Groups of touching cells.

/// Groups the marked cells of a grid: two cells are of one group when their columns differ by at
/// most `reach.0` and their rows by at most `reach.1`. Cells are indices `row * columns + column`,
/// increasing; groups are in the order of their first cell.
#[must_use]
pub fn components(marked: &[bool], columns: usize, reach: (usize, usize)) -> Vec<Vec<usize>> {
    let rows = marked.len() / columns;
    let mut seen = vec![false; marked.len()];
    let mut groups = Vec::new();
    for first in 0..marked.len() {
        if !marked[first] || seen[first] {
            continue;
        }
        seen[first] = true;
        let mut group = vec![first];
        let mut next = 0;
        while let Some(&cell) = group.get(next) {
            next += 1;
            let (row, column) = (cell / columns, cell % columns);
            for y in row.saturating_sub(reach.1)..=(row + reach.1).min(rows - 1) {
                for x in column.saturating_sub(reach.0)..=(column + reach.0).min(columns - 1) {
                    let near = y * columns + x;
                    if marked[near] && !seen[near] {
                        seen[near] = true;
                        group.push(near);
                    }
                }
            }
        }
        group.sort_unstable();
        groups.push(group);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(drawing: &str) -> Vec<bool> {
        drawing.chars().filter(|it| !it.is_whitespace()).map(|it| it == '#').collect()
    }

    #[test]
    fn touching_cells_are_one_group_and_gaps_can_be_bridged() {
        let drawing = marks(
            "##..#
             .....
             ...##",
        );
        assert_eq!(components(&drawing, 5, (1, 1)), [vec![0, 1], vec![4], vec![13, 14]]);
        assert_eq!(components(&drawing, 5, (1, 2)), [vec![0, 1], vec![4, 13, 14]]);
        assert!(components(&[false; 6], 3, (1, 1)).is_empty());
    }
}
