//! Many sightings, one defect.

use crate::domain::{
    Defect, DefectKind, Direction, Evidence, Extent, LocatedDefect, Metres, Ratio,
};

/// A defect of one place as one frame shows it, already on the road.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// What, how grave, how much.
    pub defect: Defect,
    /// Cumul of its lower end, metres.
    pub from: f64,
    /// Cumul of its upper end, metres.
    pub to: f64,
    /// Left edge, metres to the right of the vehicle's axis.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Metres from the camera: the nearer, the better placed.
    pub distance: f64,
    /// Mean probability of its cells.
    pub confidence: Ratio,
    /// The frame that shows it best.
    pub evidence: Evidence,
    /// Every frame that shows it: two sightings of one frame are two defects.
    pub frames: Vec<usize>,
}

impl Sighting {
    /// Cumul of its middle, metres.
    #[must_use]
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.from, self.to)
    }

    /// The same, so many metres further along.
    #[must_use]
    pub fn moved(self, metres: f64) -> Self {
        Self { from: self.from + metres, to: self.to + metres, ..self }
    }

    /// The same as a defect of a lane.
    #[must_use]
    pub fn located(self, road: usize, direction: Direction) -> LocatedDefect {
        LocatedDefect {
            defect: self.defect,
            road,
            direction,
            from: Metres::of(self.from),
            to: Metres::of(self.to),
            lateral: Metres::of(f64::midpoint(self.left, self.right)),
            confidence: self.confidence,
            evidence: self.evidence,
        }
    }

    fn is_same_as(&self, other: &Self, within: f64) -> bool {
        let apart = (self.middle() - other.middle()).abs();
        let aside =
            (f64::midpoint(self.left, self.right) - f64::midpoint(other.left, other.right)).abs();
        self.defect.kind == other.defect.kind
            && apart <= within
            // Two holes side by side are two; the parts of a crack across the lane are one.
            && (self.defect.kind != DefectKind::Pothole || aside <= within / 2.0)
    }
}

/// Joins sightings of one lane that are one defect: within `within` of each other along the road
/// and, for potholes, half of it across.
///
/// Parts in one frame add up; over frames the length of a crack is the highest seen. Position,
/// picture and the area of a pothole are those of the nearest view: far away a cell of the model is
/// a metre long, and the highest of several such areas is half too large. In order of cumul.
#[must_use]
pub fn merge(sightings: Vec<Sighting>, within: Metres) -> Vec<Sighting> {
    let mut parts = Vec::new();
    for one in sightings {
        let same = parts.iter_mut().rev().take(16).find(|it: &&mut Sighting| {
            it.evidence.frame == one.evidence.frame && it.is_same_as(&one, within.get() / 2.0)
        });
        match same {
            Some(it) if one.defect.kind == DefectKind::TransverseCracking => join_parts(it, &one),
            _ => parts.push(one),
        }
    }
    parts.sort_by(|a, b| a.middle().total_cmp(&b.middle()).then(a.left.total_cmp(&b.left)));
    let mut merged: Vec<Sighting> = Vec::new();
    for one in parts {
        let same = merged
            .iter_mut()
            .rev()
            .take_while(|it| one.middle() - it.middle() <= 2.0 * within.get())
            .find(|it| {
                it.is_same_as(&one, within.get())
                    && !one.frames.iter().any(|frame| it.frames.contains(frame))
            });
        match same {
            Some(it) => join_views(it, one),
            None => merged.push(one),
        }
    }
    merged
}

fn join_parts(whole: &mut Sighting, part: &Sighting) {
    if let (Extent::Length(a), Extent::Length(b)) = (whole.defect.extent, part.defect.extent) {
        whole.defect.extent = Extent::Length(a + b);
    }
    whole.left = whole.left.min(part.left);
    whole.right = whole.right.max(part.right);
    whole.from = whole.from.min(part.from);
    whole.to = whole.to.max(part.to);
}

fn join_views(kept: &mut Sighting, other: Sighting) {
    let highest = |a: Defect, b: Defect| if b.extent.area() > a.extent.area() { b } else { a };
    let longest = highest(kept.defect, other.defect);
    let mut frames = std::mem::take(&mut kept.frames);
    frames.extend(&other.frames);
    if other.distance < kept.distance {
        *kept = other;
    }
    if kept.defect.kind != DefectKind::Pothole {
        kept.defect = longest;
    }
    kept.frames = frames;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{PixelBox, Severity, SquareMetres};

    fn hole(frame: usize, at: f64, right: f64, area: f64) -> Sighting {
        Sighting {
            defect: Defect {
                kind: DefectKind::Pothole,
                severity: Severity::Medium,
                extent: Extent::Count(1, SquareMetres::of(area)),
            },
            from: at - 0.2,
            to: at + 0.2,
            left: right - 0.2,
            right: right + 0.2,
            distance: 5.0 + at.fract(),
            confidence: Ratio::ONE,
            evidence: Evidence { frame, bounds: PixelBox::new(0.0, 0.0, 1.0, 1.0).unwrap() },
            frames: vec![frame],
        }
    }

    #[test]
    fn one_hole_in_three_frames_is_one_hole() {
        let seen = vec![hole(0, 10.4, 0.0, 0.2), hole(1, 9.8, 0.1, 0.3), hole(2, 10.0, 0.0, 0.25)];
        let got = merge(seen, Metres::of(1.5));
        assert_eq!(got.len(), 1);
        assert_eq!(got[0].defect.extent, Extent::Count(1, SquareMetres::of(0.25)));
        assert!((got[0].middle() - 10.0).abs() < 1e-9, "the nearest view places and sizes it");
    }

    #[test]
    fn two_holes_of_one_frame_are_two() {
        let seen = vec![hole(0, 10.0, -0.8, 0.2), hole(0, 10.0, 0.8, 0.3)];
        assert_eq!(merge(seen, Metres::of(1.5)).len(), 2);
        // However near: a frame shows one defect once.
        let seen = vec![hole(0, 10.0, 0.0, 0.2), hole(0, 10.9, 0.1, 0.3), hole(1, 10.1, 0.0, 0.2)];
        assert_eq!(merge(seen, Metres::of(1.5)).len(), 2);
    }

    #[test]
    fn parts_of_a_transverse_crack_add_up_in_a_frame_and_not_over_frames() {
        let part = |frame, left: f64, right: f64| {
            let mut it = hole(frame, 20.0, f64::midpoint(left, right), 0.1);
            it.defect.kind = DefectKind::TransverseCracking;
            it.defect.extent = Extent::Length(Metres::of(right - left));
            (it.left, it.right) = (left, right);
            it
        };
        let seen = vec![part(0, -1.0, -0.1), part(0, 0.1, 1.0), part(1, -1.0, 1.0)];
        let got = merge(seen, Metres::of(1.5));
        assert_eq!(got.len(), 1);
        assert_eq!(got[0].defect.extent, Extent::Length(Metres::of(2.0)));
    }
}
