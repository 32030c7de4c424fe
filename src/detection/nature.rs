//! What a crack is, told by its shape and its place on the ground; and how grave.

use crate::domain::{DefectKind, Severity, ShapeRules, WidthRules};

/// A group of crack cells, summed up on the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrackShape {
    /// Extent along the road, metres.
    pub along: f64,
    /// Extent across the road, metres.
    pub across: f64,
    /// Ground filled between the outermost cells of each row, square metres.
    pub filled: f64,
    /// Ground of its cells alone, square metres.
    pub marked: f64,
    /// Typical length along the road of one of its cells, metres: what cannot be told apart.
    pub grain: f64,
}

/// Where a crack along the road lies in its lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InLane {
    /// Metres from the middle of the lane, or of the vehicle where the lane's edges are not seen.
    pub off_centre: f64,
    /// Metres to the outer edge of the lane, when it is seen.
    pub to_edge: Option<f64>,
}

/// Names a group of crack cells.
///
/// A thin group is longitudinal when it runs along the road, transverse when it runs across. One
/// that is wide in both directions and filled is a mesh (alligator cracking); wide and hollow, blocks.
/// The camera sees little of what lies along its axis, so the first and the last of its cells are
/// taken off before a group is said to go along. What runs along the road is at the edge, in a wheel
/// path or out of both.
#[must_use]
pub fn classify(shape: &CrackShape, place: &InLane, rules: &ShapeRules) -> DefectKind {
    let along = (shape.along - 2.0 * shape.grain).max(0.0);
    let lying = shape.across > along;
    let main = shape.along.max(shape.across).max(1e-6);
    let width = shape.filled / main - if lying { shape.grain } else { 0.0 };
    let wide_both = |least: f64| along >= least && shape.across >= least;
    if wide_both(rules.mesh_least) && width >= rules.mesh_width {
        let hollow = shape.marked < rules.block_fill * shape.filled;
        if hollow && wide_both(rules.block_least) {
            DefectKind::BlockCracking
        } else {
            DefectKind::AlligatorCracking
        }
    } else if lying {
        DefectKind::TransverseCracking
    } else {
        longitudinal(place, rules)
    }
}

fn longitudinal(place: &InLane, rules: &ShapeRules) -> DefectKind {
    let (middle, half) = rules.wheel_path;
    if place.to_edge.is_some_and(|it| it <= rules.edge_within) {
        DefectKind::EdgeCracking
    } else if (place.off_centre.abs() - middle).abs() <= half {
        DefectKind::LongitudinalCracking
    } else {
        DefectKind::NonWheelPathCracking
    }
}

/// How grave a crack is, from its width and whether it branches.
///
/// A line of more than the second width, or branched, is grave. A mesh is light while fine, grave with
/// loss of material, which shows as wide openings.
///
/// # Units
///
/// Millimetres.
///
/// # Source
///
/// DOMAIN.md section 2: < 2 mm, 2 to 5 mm, > 5 mm or branched; fine mesh, open, with loss.
#[must_use]
pub fn severity(kind: DefectKind, width: f64, branched: bool, rules: &WidthRules) -> Severity {
    let mesh = matches!(kind, DefectKind::AlligatorCracking | DefectKind::BlockCracking);
    let [low, medium] = if mesh { rules.mesh } else { rules.line };
    if width > medium || (branched && !mesh) {
        Severity::High
    } else if width >= low {
        Severity::Medium
    } else {
        Severity::Low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub const RULES: ShapeRules = ShapeRules {
        mesh_width: 0.45,
        mesh_least: 0.6,
        block_fill: 0.5,
        block_least: 1.2,
        wheel_path: (0.9, 0.4),
        edge_within: 0.3,
    };
    const IN_PATH: InLane = InLane { off_centre: 0.8, to_edge: Some(0.95) };

    fn shape(drawn: (f64, f64, f64, f64), marked: f64) -> CrackShape {
        let (along, across, filled, grain) = drawn;
        CrackShape { along, across, filled, marked, grain }
    }

    #[test]
    fn shapes_are_named_by_how_they_lie() {
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
        for (drawn, want) in cases {
            let shape = shape(drawn, drawn.2 * 0.9);
            assert_eq!(classify(&shape, &IN_PATH, &RULES), want, "{shape:?}");
        }
    }

    #[test]
    fn a_hollow_mesh_is_blocks_and_a_small_one_is_not() {
        let wide = (4.0, 2.5, 9.0, 0.4);
        assert_eq!(classify(&shape(wide, 3.5), &IN_PATH, &RULES), DefectKind::BlockCracking);
        assert_eq!(classify(&shape(wide, 6.0), &IN_PATH, &RULES), DefectKind::AlligatorCracking);
        assert_eq!(
            classify(&shape((4.0, 1.0, 3.6, 0.4), 1.0), &IN_PATH, &RULES),
            DefectKind::AlligatorCracking
        );
    }

    #[test]
    fn a_longitudinal_crack_is_named_by_its_place_in_the_lane() {
        let line = shape((8.0, 0.3, 1.3, 0.4), 1.2);
        let at = |off_centre, to_edge| classify(&line, &InLane { off_centre, to_edge }, &RULES);
        assert_eq!(at(-0.7, Some(2.45)), DefectKind::LongitudinalCracking);
        assert_eq!(at(0.9, None), DefectKind::LongitudinalCracking);
        assert_eq!(at(0.1, Some(1.65)), DefectKind::NonWheelPathCracking);
        assert_eq!(at(-1.7, Some(3.4)), DefectKind::NonWheelPathCracking);
        assert_eq!(at(1.25, Some(0.25)), DefectKind::EdgeCracking);
    }

    #[test]
    fn severity_follows_width_and_branches() {
        use DefectKind::{AlligatorCracking, TransverseCracking};
        const WIDTHS: WidthRules =
            WidthRules { line: [2.0, 5.0], mesh: [2.0, 8.0], within: 8.0, spread: 1.5 };
        let of = |kind, width, branched| severity(kind, width, branched, &WIDTHS);
        assert_eq!(of(TransverseCracking, 1.0, false), Severity::Low);
        assert_eq!(of(TransverseCracking, 3.0, false), Severity::Medium);
        assert_eq!(of(TransverseCracking, 6.0, false), Severity::High);
        assert_eq!(of(TransverseCracking, 1.0, true), Severity::High);
        assert_eq!(of(AlligatorCracking, 1.0, true), Severity::Low);
        assert_eq!(of(AlligatorCracking, 6.0, true), Severity::Medium);
        assert_eq!(of(AlligatorCracking, 9.0, true), Severity::High);
    }
}
