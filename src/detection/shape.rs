//! Longitudinal, transverse or alligator: told by the shape on the ground.

use crate::domain::{DefectKind, ShapeRules};

/// A group of crack cells, summed up on the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrackShape {
    /// Extent along the road, metres.
    pub along: f64,
    /// Extent across the road, metres.
    pub across: f64,
    /// Ground filled between the outermost cells of each row, square metres.
    pub filled: f64,
    /// Typical length along the road of one of its cells, metres: what cannot be told apart.
    pub grain: f64,
}

/// Names the shape of a group of crack cells.
///
/// A thin group is longitudinal when it runs along the road, transverse when it runs across. One
/// that is wide in both directions and filled is a mesh. The camera sees little of what lies along
/// its axis, so the first and the last of its cells are taken off before a group is said to go along.
#[must_use]
pub fn classify(shape: &CrackShape, rules: &ShapeRules) -> DefectKind {
    let along = (shape.along - 2.0 * shape.grain).max(0.0);
    let lying = shape.across > along;
    let main = shape.along.max(shape.across).max(1e-6);
    let width = shape.filled / main - if lying { shape.grain } else { 0.0 };
    let wide_both = along >= rules.mesh_least && shape.across >= rules.mesh_least;
    if wide_both && width >= rules.mesh_width {
        DefectKind::AlligatorCracking
    } else if lying {
        DefectKind::TransverseCracking
    } else {
        DefectKind::LongitudinalCracking
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_named_by_how_they_lie() {
        const RULES: ShapeRules = ShapeRules { mesh_width: 0.45, mesh_least: 0.6 };
        let cases = [
            // A thin line of 8 m along, wandering over 0.3 m.
            ((8.0, 0.3, 1.3, 0.4), DefectKind::LongitudinalCracking),
            // A line across the lane, one row of cells deep.
            ((0.5, 2.6, 1.2, 0.5), DefectKind::TransverseCracking),
            // The same, aslant over two rows.
            ((0.9, 2.6, 1.3, 0.45), DefectKind::TransverseCracking),
            // A mesh in a wheel path.
            ((4.0, 1.1, 3.9, 0.4), DefectKind::AlligatorCracking),
            // A short mesh.
            ((1.6, 1.2, 1.6, 0.4), DefectKind::AlligatorCracking),
        ];
        for ((along, across, filled, grain), want) in cases {
            let shape = CrackShape { along, across, filled, grain };
            assert_eq!(classify(&shape, &RULES), want, "{shape:?}");
        }
    }
}
