//! Deduct values: what one defect costs, out of 100.

use crate::domain::{Curve, DefectKind};

/// Least density, in percent, that the curves were drawn for. Source: DOMAIN.md section 4.1.
const LEAST: f64 = 0.1;

/// The same for potholes. Source: DOMAIN.md section 4.1.
const LEAST_POTHOLES: f64 = 0.01;

/// Logarithm of a density that no road has: curves that leave zero later cost nothing.
/// Chosen: anything past 2, which is 100 %; it keeps powers finite.
const NEVER_REACHED: f64 = 9.0;

/// Points out of 100 that a defect costs at a density, as [`super::density`] gives it.
///
/// Below e0 the curve is replaced by a straight line from nothing: the parabolas of light defects
/// would otherwise turn up again towards small densities. So the cost never falls as `e` grows.
///
/// # Source
///
/// DOMAIN.md section 4.1, after ASTM D6433: `DV = clamp(a + b x + c x², 0, 100)`, x = log10(e).
#[must_use]
pub fn deduct(kind: DefectKind, curve: Curve, e: f64) -> f64 {
    let e0 = straight_below(kind, curve);
    if e <= 0.0 {
        0.0
    } else if e < e0 {
        curve.at(e0.log10()) * e / e0
    } else {
        curve.at(e.log10())
    }
}

/// e0 = max(least density drawn, bottom of the parabola, first density that costs anything).
fn straight_below(kind: DefectKind, curve: Curve) -> f64 {
    let (a, b, c) = curve.coefficients();
    let least = if kind == DefectKind::Pothole { LEAST_POTHOLES } else { LEAST };
    let (bottom, zero) = if c > 0.0 {
        let discriminant = b * b - 4.0 * a * c;
        let zero = (discriminant >= 0.0).then(|| (discriminant.sqrt() - b) / (2.0 * c));
        (-b / (2.0 * c), zero)
    } else {
        (f64::NEG_INFINITY, Some(-a / b))
    };
    let x = zero.map_or(bottom, |it| it.max(bottom));
    least.max(10.0_f64.powf(x.min(NEVER_REACHED)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ScoringGrid, Severity};
    use proptest::prelude::*;

    fn cost(kind: DefectKind, severity: Severity, e: f64) -> f64 {
        deduct(kind, ScoringGrid::example().curves.of(kind, severity), e)
    }

    #[test]
    fn published_values_come_out() {
        let cases = [
            // DOMAIN.md section 4.1: the golden values.
            (DefectKind::AlligatorCracking, Severity::Medium, 10.0, 45.6),
            (DefectKind::LongitudinalCracking, Severity::Medium, 10.0, 30.3),
            // At 1 % the logarithm is nothing and the cost is a.
            (DefectKind::Rutting, Severity::High, 1.0, 29.1),
            (DefectKind::Patching, Severity::Low, 1.0, 1.8),
            // Light potholes cost 57.2 - 2 x 39.5 + 4 x 5.5 = 0.2 at 0.01 %, and less in proportion.
            (DefectKind::Pothole, Severity::Low, 0.01, 0.2),
            (DefectKind::Pothole, Severity::Low, 0.005, 0.1),
            (DefectKind::Pothole, Severity::Low, 1.0, 57.2),
            (DefectKind::AlligatorCracking, Severity::High, 0.0, 0.0),
            (DefectKind::Pothole, Severity::High, 50.0, 100.0),
        ];
        for (kind, severity, e, want) in cases {
            let got = cost(kind, severity, e);
            assert!((got - want).abs() < 0.05, "{kind} {severity} at {e} %: {got}");
        }
    }

    #[test]
    fn light_bleeding_costs_nothing_before_its_curve_leaves_zero() {
        // -0.9 + 1.4 x + 4.2 x² leaves zero at x = 0.3254, a density of 2.12 %.
        assert!(cost(DefectKind::Bleeding, Severity::Low, 2.0) < 1e-9);
        assert!(cost(DefectKind::Bleeding, Severity::Low, 2.2) > 0.0);
    }

    proptest! {
        #[test]
        fn more_of_a_defect_never_costs_less(
            kind in prop::sample::select(DefectKind::ALL),
            severity in prop::sample::select(Severity::ALL),
            log_e in -4.0..2.0_f64,
            factor in 1.0..3.0_f64,
        ) {
            let e = 10.0_f64.powf(log_e);
            let (less, more) = (cost(kind, severity, e), cost(kind, severity, e * factor));
            prop_assert!(less <= more + 1e-9, "{less} then {more}");
            prop_assert!((0.0..=100.0).contains(&more));
        }

        #[test]
        fn any_rising_curve_stays_monotone(a in -20.0..100.0_f64, tilt in -4.0..60.0_f64, c in 0.01..15.0_f64, log_e in -4.0..2.0_f64) {
            let curve = Curve::new(a, tilt * c, c).unwrap();
            let e = 10.0_f64.powf(log_e);
            let kind = DefectKind::Ravelling;
            prop_assert!(deduct(kind, curve, e) <= deduct(kind, curve, e * 1.1) + 1e-9);
        }
    }
}
