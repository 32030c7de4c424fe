//! Municipalities and sectors: areas of the map, and what they make of the roads that cross them.

use super::position::PlanePoint;
use super::units::Metres;
use std::collections::{BTreeMap, BTreeSet};

/// Why rings do not make an area.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message names every field")]
pub enum AreaFault {
    #[error("no ring, expected a polygon")]
    NoRing,
    #[error("ring {ring}, point {point}: {x} {y}, expected finite numbers")]
    NotFinite { ring: usize, point: usize, x: f64, y: f64 },
    #[error("ring {ring}: {found} point(s), expected at least 3 distinct ones and the first again")]
    TooFewPoints { ring: usize, found: usize },
    #[error("ring {ring} is not closed: {gap} from its last point to its first, expected none")]
    Open { ring: usize, gap: Metres },
    #[error("ring {ring} encloses nothing")]
    Flat { ring: usize },
}

/// What a municipality or a sector is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AreaName {
    /// INSEE code of a municipality, such as `31451`; empty when the file gives none.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// One area: what lies within an odd number of its rings. Holes, islands and exclaves are rings too.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// What it is called.
    pub name: AreaName,
    rings: Vec<Vec<PlanePoint>>,
}

impl Area {
    /// Checks and builds an area of rings that end where they start, in either sense.
    ///
    /// # Errors
    ///
    /// An [`AreaFault`] that names the ring, from 1.
    pub fn new(name: AreaName, rings: Vec<Vec<PlanePoint>>) -> Result<Self, AreaFault> {
        if rings.is_empty() {
            return Err(AreaFault::NoRing);
        }
        for (ring, points) in (1..).zip(&rings) {
            let bad = points.iter().position(|it| !it.x.is_finite() || !it.y.is_finite());
            if let Some(rank) = bad {
                let PlanePoint { x, y } = points[rank];
                return Err(AreaFault::NotFinite { ring, point: rank + 1, x, y });
            }
            let mut distinct = points.clone();
            distinct.dedup();
            if distinct.len() < 4 {
                return Err(AreaFault::TooFewPoints { ring, found: points.len() });
            }
            let gap = points[0].distance(points[points.len() - 1]);
            if gap > Metres::ZERO {
                return Err(AreaFault::Open { ring, gap });
            }
            if enclosed(points) == 0.0 {
                return Err(AreaFault::Flat { ring });
            }
        }
        Ok(Self { name, rings })
    }

    /// Its rings, closed.
    #[must_use]
    pub fn rings(&self) -> &[Vec<PlanePoint>] {
        &self.rings
    }

    /// Whether a point lies within. A point of an edge that two areas share lies in one of them.
    ///
    /// # Source
    ///
    /// M. Shimrat, « Algorithm 112: position of point relative to polygon », Communications of the ACM
    /// 5(8), 1962, with edges closed at their lower end only.
    #[must_use]
    pub fn holds(&self, point: PlanePoint) -> bool {
        let crosses = |it: &[PlanePoint]| {
            let (a, b) = (it[0], it[1]);
            (a.y <= point.y) != (b.y <= point.y)
                && point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)
        };
        let n_crossed: usize =
            self.rings.iter().map(|ring| ring.windows(2).filter(|it| crosses(it)).count()).sum();
        n_crossed % 2 == 1
    }
}

/// Twice the signed area of a ring, counted from its first point so that large coordinates cost nothing.
fn enclosed(ring: &[PlanePoint]) -> f64 {
    let origin = ring[0];
    let cross = |it: &[PlanePoint]| {
        (it[0].x - origin.x) * (it[1].y - origin.y) - (it[1].x - origin.x) * (it[0].y - origin.y)
    };
    ring.windows(2).map(cross).sum()
}

/// A stretch of one road in one area, or in none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AreaSpan {
    /// Metres from the start of the road.
    pub from: Metres,
    /// Metres from the start of the road; past `from`.
    pub to: Metres,
    /// Rank of the area's name, when it lies in one.
    pub area: Option<usize>,
}

impl AreaSpan {
    fn length(&self) -> f64 {
        (self.to - self.from).get()
    }
}

/// The roads of a network divided among municipalities, or among sectors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Division {
    names: Vec<AreaName>,
    /// For each road, its spans: they tile it, and neighbours differ.
    roads: Vec<Vec<AreaSpan>>,
}

impl Division {
    /// No layer of areas was given.
    pub const NONE: Self = Self { names: Vec::new(), roads: Vec::new() };

    /// A division, from the spans of each road in order. Neighbours in one area are joined; names are
    /// sorted, and those that hold no road are left out.
    ///
    /// # Panics
    ///
    /// When a span names an area past the last name.
    #[must_use]
    pub fn new(names: &[AreaName], roads: Vec<Vec<AreaSpan>>) -> Self {
        let known = |it: &AreaSpan| it.area.is_none_or(|it| it < names.len());
        assert!(roads.iter().flatten().all(known), "a span lies in an area without a name");
        let held: BTreeSet<usize> = roads.iter().flatten().filter_map(|it| it.area).collect();
        let kept: BTreeSet<&AreaName> = held.iter().map(|it| &names[*it]).collect();
        let rank = |area: usize| kept.iter().position(|it| **it == names[area]);
        let ranks: BTreeMap<usize, usize> =
            held.iter().filter_map(|it| Some((*it, rank(*it)?))).collect();
        if kept.is_empty() {
            return Self::NONE;
        }
        let renamed = |it: AreaSpan| AreaSpan { area: it.area.map(|it| ranks[&it]), ..it };
        let roads = roads.into_iter().map(|it| joined(it.into_iter().map(renamed).collect()));
        let roads = roads.collect();
        Self { names: kept.into_iter().cloned().collect(), roads }
    }

    /// Whether no layer was given, or one that holds no road: nothing is then known of any.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.names.is_empty()
    }

    /// The names of the areas that hold a road, sorted.
    #[must_use]
    pub fn names(&self) -> &[AreaName] {
        &self.names
    }

    /// The spans of a road; none without a layer.
    #[must_use]
    pub fn spans(&self, road: usize) -> &[AreaSpan] {
        self.roads.get(road).map_or(&[], Vec::as_slice)
    }

    /// The area that holds most of a stretch of a road; none when it lies in none.
    #[must_use]
    pub fn of(&self, road: usize, from: Metres, to: Metres) -> Option<&AreaName> {
        let mut held: Vec<(usize, f64)> = Vec::new();
        for span in self.spans(road) {
            let Some(area) = span.area else { continue };
            let metres = (span.to.min(to) - span.from.max(from)).get();
            if metres > 0.0 {
                match held.iter_mut().find(|it| it.0 == area) {
                    Some(it) => it.1 += metres,
                    None => held.push((area, metres)),
                }
            }
        }
        // Of two that hold as much, the first along the road.
        let most = held.into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(&self.names[most.0])
    }

    /// Cumuls where a road passes from one area into another, spans shorter than `least` being left to
    /// their neighbours: the longer one, or both when they are one area.
    #[must_use]
    pub fn borders(&self, road: usize, least: Metres) -> Vec<Metres> {
        let mut spans = self.spans(road).to_vec();
        while spans.len() > 1 {
            let lengths = || spans.iter().map(AreaSpan::length).enumerate();
            let shortest = lengths().min_by(|a, b| a.1.total_cmp(&b.1));
            let Some((rank, _)) = shortest.filter(|it| it.1 < least.get()) else { break };
            let beside = |it: Option<usize>| it.and_then(|it| spans.get(it)).copied();
            let (before, after) = (beside(rank.checked_sub(1)), beside(Some(rank + 1)));
            let length = |it: Option<AreaSpan>| it.map_or(-1.0, |it| it.length());
            let taker = if length(after) > length(before) { after } else { before };
            spans[rank].area = taker.and_then(|it| it.area);
            spans = joined(spans);
        }
        spans.windows(2).map(|it| it[1].from).collect()
    }
}

fn joined(spans: Vec<AreaSpan>) -> Vec<AreaSpan> {
    let mut kept: Vec<AreaSpan> = Vec::with_capacity(spans.len());
    for span in spans {
        match kept.last_mut() {
            Some(last) if last.area == span.area => last.to = span.to,
            _ => kept.push(span),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ring(points: &[(f64, f64)]) -> Vec<PlanePoint> {
        points.iter().map(|(x, y)| PlanePoint { x: *x, y: *y }).collect()
    }

    fn square(from: f64, to: f64) -> Vec<PlanePoint> {
        ring(&[(from, from), (to, from), (to, to), (from, to), (from, from)])
    }

    #[test]
    fn holes_and_exclaves_are_rings() {
        let rings = vec![square(0.0, 10.0), square(4.0, 6.0), square(20.0, 21.0)];
        let area = Area::new(AreaName::default(), rings).unwrap();
        for (at, inside) in [(1.0, true), (5.0, false), (6.5, true), (15.0, false), (20.5, true)] {
            assert_eq!(area.holds(PlanePoint { x: at, y: at }), inside, "{at}");
        }
    }

    #[test]
    fn a_point_of_a_shared_edge_lies_in_one_area_alone() {
        let left = ring(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]);
        let right = ring(&[(1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 0.0)]);
        let [left, right] =
            [left, right].map(|it| Area::new(AreaName::default(), vec![it]).unwrap());
        let point = PlanePoint { x: 1.0, y: 0.5 };
        assert!(left.holds(point) != right.holds(point));
    }

    #[test]
    fn rings_that_enclose_nothing_say_why() {
        let cases = [
            (vec![], "no ring, expected a polygon"),
            (
                vec![square(0.0, 9.0), ring(&[(0.0, 0.0), (1.0, 1.0), (0.0, 0.0)])],
                "ring 2: 3 point(s), expected at least 3 distinct ones and the first again",
            ),
            (
                vec![ring(&[(0.0, 0.0), (3.0, 0.0), (3.0, 4.0), (0.0, 4.0)])],
                "ring 1 is not closed: 4.0 m from its last point to its first, expected none",
            ),
            (
                vec![ring(&[(0.0, 0.0), (f64::NAN, 0.0), (1.0, 1.0), (0.0, 0.0)])],
                "ring 1, point 2: NaN 0, expected finite numbers",
            ),
            (
                vec![ring(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (0.0, 0.0)])],
                "ring 1 encloses nothing",
            ),
        ];
        for (rings, want) in cases {
            assert_eq!(Area::new(AreaName::default(), rings).unwrap_err().to_string(), want);
        }
    }

    fn division(spans: &[(f64, f64, Option<usize>)]) -> Division {
        let names = ["A", "B"].map(|it| AreaName { code: String::new(), name: it.to_owned() });
        let span = |(from, to, area): &(f64, f64, Option<usize>)| AreaSpan {
            from: Metres::of(*from),
            to: Metres::of(*to),
            area: *area,
        };
        Division::new(&names, vec![spans.iter().map(span).collect()])
    }

    #[test]
    fn a_stretch_is_of_the_area_that_holds_most_of_it() {
        let it = division(&[(0.0, 90.0, Some(0)), (90.0, 200.0, None), (200.0, 300.0, Some(1))]);
        let of = |from, to| it.of(0, Metres::of(from), Metres::of(to)).map(|it| it.name.as_str());
        assert_eq!(of(0.0, 250.0), Some("A"));
        assert_eq!(of(80.0, 250.0), Some("B"));
        assert_eq!(of(80.0, 210.0), Some("A"));
        assert_eq!(of(100.0, 150.0), None);
        assert_eq!(Division::NONE.of(0, Metres::ZERO, Metres::of(9.0)), None);
    }

    #[test]
    fn short_spans_are_left_to_their_neighbours() {
        let spans = [
            (0.0, 300.0, Some(0)),
            (300.0, 310.0, Some(1)),
            (310.0, 400.0, Some(0)),
            (400.0, 700.0, Some(1)),
            (700.0, 720.0, None),
        ];
        let it = division(&spans);
        let borders = |least| {
            let all = it.borders(0, Metres::of(least));
            all.into_iter().map(Metres::get).collect::<Vec<_>>()
        };
        assert_eq!(borders(5.0), [300.0, 310.0, 400.0, 700.0]);
        assert_eq!(borders(50.0), [400.0]);
        assert_eq!(borders(1000.0), [] as [f64; 0]);
    }

    proptest! {
        #[test]
        fn what_is_left_between_borders_is_never_short(
            lengths in prop::collection::vec((0.1..400.0_f64, prop::option::of(0_usize..2)), 1..40),
            least in 0.0..300.0_f64,
        ) {
            let mut at = 0.0;
            let spans: Vec<_> = lengths
                .iter()
                .map(|(length, area)| {
                    at += length;
                    (at - length, at, *area)
                })
                .collect();
            let borders = division(&spans).borders(0, Metres::of(least));
            let ends: Vec<f64> =
                [0.0].into_iter().chain(borders.iter().map(|it| it.get())).chain([at]).collect();
            if ends.len() > 2 {
                prop_assert!(ends.windows(2).all(|it| it[1] - it[0] >= least), "{ends:?}");
            }
        }
    }
}
