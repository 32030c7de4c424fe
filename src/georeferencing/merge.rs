//! Many sightings, one defect.

use super::views::{LEAST_BELIEF, weight};
use crate::domain::{
    Defect, DefectKind, Direction, Evidence, Extent, LocatedDefect, MeasureSettings, Metres, Ratio,
    Seconds,
};

/// How one frame saw a defect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glimpse {
    /// Metres from the camera.
    pub distance: f64,
    /// When.
    pub time: Seconds,
    /// How likely the frame says it is.
    pub belief: f64,
}

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
    /// How likely it is real.
    pub confidence: Ratio,
    /// Width of a crack, millimetres, where known.
    pub width_mm: Option<f64>,
    /// The frame that shows it best.
    pub evidence: Evidence,
    /// Every frame that shows it: two sightings of one frame are two defects.
    pub frames: Vec<usize>,
    /// How each of them saw it.
    pub views: Vec<Glimpse>,
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
            width_mm: self.width_mm,
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
    let known = |it: &Sighting| (it.width_mm, it.defect.severity);
    let width = if kept.width_mm.is_some() { known(kept) } else { known(&other) };
    let mut frames = std::mem::take(&mut kept.frames);
    frames.extend(&other.frames);
    let mut views = std::mem::take(&mut kept.views);
    views.extend(&other.views);
    if other.distance < kept.distance {
        *kept = other;
    }
    if kept.defect.kind != DefectKind::Pothole {
        kept.defect.extent = longest.extent;
    }
    // The nearest view that has a width says how grave a crack is.
    if kept.width_mm.is_none() && width.0.is_some() {
        (kept.width_mm, kept.defect.severity) = width;
    }
    kept.frames = frames;
    kept.views = views;
}

/// Where the frames of one lane were taken.
pub struct Cameras(Vec<Stand>);

/// Cumul, instant, and how far the lane is seen from there.
pub type Stand = (f64, Seconds, f64);

impl Cameras {
    /// Cumuls and instants, in any order.
    #[must_use]
    pub fn new(mut cameras: Vec<Stand>) -> Self {
        cameras.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self(cameras)
    }

    /// The defect, as likely as the frames that could see it say together; nothing when hardly.
    #[must_use]
    pub fn weigh(
        &self,
        mut one: Sighting,
        direction: Direction,
        settings: &MeasureSettings,
    ) -> Option<Sighting> {
        /// A defect that near to the edge of what is measured may be cut.
        ///
        /// Chosen: the depth of a cell of the model there.
        const EDGE: f64 = 0.5;
        let (near, far) = (settings.near + EDGE, settings.far - EDGE);
        let at = one.middle();
        let (low, high) = match direction {
            Direction::Increasing => (at - far, at - near),
            Direction::Decreasing => (at + near, at + far),
        };
        let first = self.0.partition_point(|it| it.0 < low);
        let within = self.0[first..].iter().take_while(|it| it.0 <= high);
        let able = within.filter(|it| (it.0 - at).abs() <= it.2);
        let newest = able
            .clone()
            .map(|it| it.1)
            .chain(one.views.iter().map(|it| it.time))
            .fold(f64::NEG_INFINITY, |newest, it| newest.max(it.get()));
        let weight =
            |distance, time| weight(distance, Seconds::of(newest) - time, settings.window_days);
        let could: f64 = able.map(|it| weight((it.0 - at).abs(), it.1)).sum();
        let did: f64 = one.views.iter().map(|it| weight(it.distance, it.time)).sum();
        let said: f64 = one.views.iter().map(|it| weight(it.distance, it.time) * it.belief).sum();
        let belief = said / could.max(did);
        one.confidence = Ratio::clamped(belief);
        (belief >= LEAST_BELIEF).then_some(one)
    }
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
                extent: Extent::Count(1.0, SquareMetres::of(area)),
            },
            from: at - 0.2,
            to: at + 0.2,
            left: right - 0.2,
            right: right + 0.2,
            distance: 5.0 + at.fract(),
            confidence: Ratio::ONE,
            width_mm: None,
            evidence: Evidence { frame, bounds: PixelBox::new(0.0, 0.0, 1.0, 1.0).unwrap() },
            frames: vec![frame],
            views: vec![Glimpse { distance: 5.0, time: Seconds::of(0.0), belief: 1.0 }],
        }
    }

    #[test]
    fn one_hole_in_three_frames_is_one_hole() {
        let seen = vec![hole(0, 10.4, 0.0, 0.2), hole(1, 9.8, 0.1, 0.3), hole(2, 10.0, 0.0, 0.25)];
        let got = merge(seen, Metres::of(1.5));
        assert_eq!(got.len(), 1);
        assert_eq!(got[0].defect.extent, Extent::Count(1.0, SquareMetres::of(0.25)));
        assert!((got[0].middle() - 10.0).abs() < 1e-9, "the nearest view places and sizes it");
        let mut seen = vec![hole(0, 10.4, 0.0, 0.2), hole(1, 10.0, 0.0, 0.6)];
        seen[1].defect.severity = Severity::High;
        seen.push(hole(2, 10.2, 0.0, 0.2));
        let grave = merge(seen, Metres::of(1.5))[0].defect.severity;
        assert_eq!(grave, Severity::High, "the nearest view says how grave it is");
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
