//! How much of a defect there is, in the measure that its curve was drawn for.

use crate::domain::{DefectKind, Extent, Metres, SquareMetres};

/// Feet in a metre. Source: the international foot is 0.3048 m; DOMAIN.md rounds to 3.28.
const FEET_PER_METRE: f64 = 1.0 / 0.3048;

/// Area that counts as one pothole where only an area is known.
///
/// Source: ASTM D6433, potholes wider than 750 mm count as their area over 0.5 m², from memory.
const POTHOLE_M2: f64 = 0.5;

/// Width of a line crack where only an area is known. Source: HDM-4 convention (DOMAIN.md 2).
const LINE_CRACK_WIDTH_M: f64 = 0.5;

/// What a kind of defect is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Length,
    Area,
    Count,
}

const fn measure(kind: DefectKind) -> Measure {
    match kind {
        DefectKind::LongitudinalCracking
        | DefectKind::NonWheelPathCracking
        | DefectKind::EdgeCracking
        | DefectKind::TransverseCracking => Measure::Length,
        DefectKind::Pothole => Measure::Count,
        _ => Measure::Area,
    }
}

/// Density of a defect over an area, as its deduct curve wants it.
///
/// # Units
///
/// Percent. For surfaces, m² per 100 m². The curves are in foot units: for line cracks, feet per
/// 100 square feet; for potholes, holes per 100 square feet.
///
/// # Example
///
/// ```
/// # use voirie::domain::{DefectKind, Extent, Metres, SquareMetres};
/// # use voirie::scoring::density;
/// let crack = Extent::Length(Metres::of(328.0));
/// let feet = density(DefectKind::TransverseCracking, crack, SquareMetres::of(1000.0));
/// assert!((feet - 10.0).abs() < 0.01);
/// ```
#[must_use]
pub fn density(kind: DefectKind, extent: Extent, observed: SquareMetres) -> f64 {
    let percent = 100.0 / observed.get();
    match measure(kind) {
        Measure::Area => percent * extent.area().get(),
        Measure::Length => percent * metres(extent) / FEET_PER_METRE,
        Measure::Count => percent * holes(extent) / (FEET_PER_METRE * FEET_PER_METRE),
    }
}

fn metres(extent: Extent) -> f64 {
    match extent {
        Extent::Length(length) => length.get(),
        Extent::Area(area) | Extent::Count(_, area) => area.get() / LINE_CRACK_WIDTH_M,
    }
}

fn holes(extent: Extent) -> f64 {
    match extent {
        Extent::Count(n_holes, _) => n_holes,
        Extent::Area(_) | Extent::Length(_) => extent.area().get() / POTHOLE_M2,
    }
}

/// Joint extent of two defects of one kind, in the measure of the kind.
pub(super) fn join(kind: DefectKind, a: Extent, b: Extent) -> Extent {
    match measure(kind) {
        Measure::Length => Extent::Length(Metres::of(metres(a) + metres(b))),
        Measure::Area => Extent::Area(a.area() + b.area()),
        // Holes known by their area only stay an area: half a hole cannot be counted.
        Measure::Count => match (a, b) {
            (Extent::Count(n, area), Extent::Count(m, other)) => Extent::Count(n + m, area + other),
            _ => Extent::Area(SquareMetres::of((holes(a) + holes(b)) * POTHOLE_M2)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn potholes_are_counted_per_hundred_square_feet() {
        // One hole in 10.76 m², which is 115.8 square feet.
        let hole = Extent::Count(1.0, SquareMetres::of(0.05));
        let found = density(DefectKind::Pothole, hole, SquareMetres::of(10.763_91));
        assert!((found - 100.0 / 10.763_91 / 10.763_91).abs() < 1e-6, "{found}");
    }

    #[test]
    fn an_area_stands_in_for_a_missing_count_or_length() {
        let area = Extent::Area(SquareMetres::of(2.0));
        let thousand = SquareMetres::of(1000.0);
        let four = Extent::Count(4.0, SquareMetres::ZERO);
        assert!(
            (density(DefectKind::Pothole, area, thousand)
                - density(DefectKind::Pothole, four, thousand))
            .abs()
                < 1e-12
        );
        assert_eq!(
            join(DefectKind::EdgeCracking, area, Extent::Length(Metres::of(1.0))),
            Extent::Length(Metres::of(5.0))
        );
        assert_eq!(join(DefectKind::Pothole, area, four), Extent::Area(SquareMetres::of(4.0)));
    }

    proptest! {
        #[test]
        fn foot_units_and_metres_undo_each_other(per_cent in 0.0..100.0_f64, m2 in 1.0..1e5_f64) {
            let observed = SquareMetres::of(m2);
            let length = Metres::of(per_cent / 100.0 * m2 * FEET_PER_METRE);
            let back = density(DefectKind::TransverseCracking, Extent::Length(length), observed);
            prop_assert!((back - per_cent).abs() < 1e-9);
            let area = Extent::Area(SquareMetres::of(per_cent / 100.0 * m2));
            prop_assert!((density(DefectKind::Ravelling, area, observed) - per_cent).abs() < 1e-9);
        }

        #[test]
        fn joining_adds_densities(kind in prop::sample::select(DefectKind::ALL), a in 0.0..50.0_f64, b in 0.0..50.0_f64) {
            let observed = SquareMetres::of(700.0);
            let [a, b] = [a, b].map(|it| Extent::Area(SquareMetres::of(it)));
            let apart = density(kind, a, observed) + density(kind, b, observed);
            prop_assert!((density(kind, join(kind, a, b), observed) - apart).abs() < 1e-9);
        }
    }
}
