//! A grid for worked examples, benches and tests.

use super::{
    Correction, Curve, Curves, Doubt, Homogeneity, MOST_CHARGED, NoteClass, NoteClasses,
    ScoringGrid, SectionCuts, SectionOrigin,
};
use crate::domain::defect::{DefectKind, Severity};
use crate::domain::score::Score;
use crate::domain::units::{Metres, Ratio};

/// a, b and c for each severity, in the order of [`DefectKind::ALL`].
///
/// Source: DOMAIN.md section 4.1, a least-squares refit of the deduct curves of ASTM D6433.
const CURVES: [[[f64; 3]; 3]; 14] = [
    [[2.2, 8.2, 6.5], [8.7, 15.3, 6.3], [18.6, 27.5, 13.5]],
    [[2.2, 8.2, 6.5], [8.7, 15.3, 6.3], [18.6, 27.5, 13.5]],
    [[3.2, 5.0, 2.4], [9.4, 9.6, 4.3], [15.7, 15.4, 7.3]],
    [[2.2, 8.2, 6.5], [8.7, 15.3, 6.3], [18.6, 27.5, 13.5]],
    [[11.8, 14.7, 5.3], [21.6, 19.9, 4.1], [32.1, 25.0, 2.6]],
    [[-0.2, 3.6, 4.9], [2.0, 7.7, 6.2], [6.1, 14.2, 9.3]],
    [[8.6, 13.7, 4.1], [19.2, 20.4, 2.8], [29.1, 27.7, 2.5]],
    [[3.6, 6.8, 8.2], [9.6, 10.4, 8.5], [18.3, 14.8, 7.8]],
    [[57.2, 39.5, 5.5], [89.6, 62.8, 9.8], [107.3, 53.6, 4.2]],
    [[1.3, 2.5, 2.3], [7.4, 7.0, 5.4], [16.3, 17.2, 7.5]],
    [[-1.2, 1.5, 4.1], [-1.2, 1.5, 4.1], [-1.2, 1.5, 4.1]],
    [[-0.9, 1.4, 4.2], [2.1, 6.0, 6.1], [3.6, 10.0, 11.7]],
    [[1.8, 7.6, 6.5], [8.9, 14.1, 8.6], [19.4, 22.0, 8.9]],
    [[1.8, 7.6, 6.5], [8.9, 14.1, 8.6], [19.4, 22.0, 8.9]],
];

/// p0, p1 and p2 for q = 1 to 7. Source: DOMAIN.md section 4.1.
const CORRECTIONS: [[f64; 3]; MOST_CHARGED] = [
    [0.0, 1.0, 0.0],
    [-4.77, 0.9204, -0.001_752],
    [-7.23, 0.8353, -0.001_349],
    [-12.07, 0.8360, -0.001_397],
    [-12.83, 0.7673, -0.001_158],
    [-15.06, 0.7419, -0.001_057],
    [-18.19, 0.8352, -0.001_634],
];

/// Lowest note of each class. Source: DOMAIN.md section 4.1; 12 is the bound of IQRN.
const CLASSES: [(&str, f64, &str); 5] = [
    ("A", 18.0, "#1a9850"),
    ("B", 16.0, "#91cf60"),
    ("C", 14.0, "#fee08b"),
    ("D", 12.0, "#fc8d59"),
    ("E", 0.0, "#d73027"),
];

/// Chosen: those of the defaults.
const DOUBT: Doubt = Doubt {
    level: 0.9,
    draws: 200,
    crack_sd: 1.0,
    pothole_sd: 1.0,
    missed_cracks: 2.0,
    missed_potholes: 0.15,
    unseen_sd: 0.7,
};

impl ScoringGrid {
    /// The published grid, for worked examples, benches and tests. Runs read theirs from the
    /// configuration; a test holds the two together.
    ///
    /// # Panics
    ///
    /// Never: its numbers are checked by every test that uses it.
    #[must_use]
    pub fn example() -> Self {
        let curve = |kind: DefectKind, severity: Severity| {
            let [a, b, c] = CURVES[kind as usize][severity as usize];
            Curve::new(a, b, c).expect("every published curve rises")
        };
        let correction = |[p0, p1, p2]: [f64; 3]| {
            Correction::new(p0, p1, p2).expect("every published correction rises")
        };
        let class = |(name, from, colour): (&str, f64, &str)| NoteClass {
            name: name.to_owned(),
            from: Score::clamped(from),
            colour: colour.to_owned(),
        };
        Self {
            curves: Curves::from_fn(curve),
            corrections: CORRECTIONS.map(correction),
            kappa: 1.0,
            least_coverage: Ratio::clamped(0.5),
            section_pitch: Metres::of(200.0),
            section_origin: SectionOrigin::Cumul,
            section_cuts: SectionCuts::default(),
            homogeneity: Homogeneity {
                least_length: Metres::of(50.0),
                penalty: 3.0,
                least_noise: 2.0,
            },
            classes: NoteClasses(CLASSES.map(class).to_vec()),
            doubt: DOUBT,
        }
    }
}
