//! Roads divided among areas: where each crosses a boundary, and what lies on either side.

use crate::domain::{
    Area, AreaName, AreaSpan, Division, Finding, FindingKind, Metres, Network, PlanePoint,
    Reported, Road,
};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rstar::primitives::{GeomWithData, Line, Rectangle};
use rstar::{AABB, PointDistance, RTree};
use std::collections::BTreeMap;

/// Nearer than this to a boundary, a road is on it, and stays where it came from.
///
/// Chosen: neighbours drawn apart leave slivers of some decimetres, and roads that are the boundary are
/// digitised on it; a real crossing moves by no more.
const ON_IT_M: f64 = 0.5;

/// Crossings nearer than this are one. Chosen: rounding at a point that two edges share.
const SAME_M: f64 = 1e-6;

/// How far past its ends a segment still meets an edge, as a share of it.
///
/// Chosen: rounding; a road never slips through the joint of two edges.
const PAST_END: f64 = 1e-9;

/// Most overlaps that are told one by one. Chosen: a screenful with the rest.
const MOST_TOLD: usize = 10;

type Edge = GeomWithData<Line<[f64; 2]>, usize>;
type Bounds = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// Divides every road among areas, cut exactly where it crosses a boundary.
///
/// Areas of one code and name are one. Where two overlap, the first of the layer holds; a road that
/// runs along a boundary stays in the area that it came from. Both that and roads outside every area
/// are told; `layer` says which layer. Overlaps where no road lies are not seen.
#[must_use = "findings must reach the user"]
pub fn divide(network: &Network, areas: &[Area], layer: &str) -> Reported<Division> {
    let (names, ranks) = names(areas);
    let map = Map::new(network, areas, &ranks);
    let found: Vec<Divided> = network.roads().par_iter().map(|it| map.divide(it)).collect();
    let (mut roads, mut findings) = (Vec::new(), Vec::new());
    let mut overlaps: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let mut outside: Option<(String, usize, f64)> = None;
    for (road, divided) in network.roads().iter().zip(found) {
        let missing: f64 = divided.spans.iter().filter(|it| it.area.is_none()).map(metres).sum();
        if missing > ON_IT_M {
            let told = outside.get_or_insert_with(|| (road.id.to_string(), 0, 0.0));
            told.1 += 1;
            told.2 += missing;
        }
        for (pair, metres) in divided.overlaps {
            *overlaps.entry(pair).or_default() += metres;
        }
        roads.push(divided.spans);
    }
    if let Some((first, n_roads, metres)) = outside {
        let kind = FindingKind::OutsideAreas { first, n_roads, length: Metres::of(metres) };
        findings.push(Finding::note(layer, kind));
    }
    let n_more = overlaps.len().saturating_sub(MOST_TOLD);
    for ((one, other), metres) in overlaps.into_iter().take(MOST_TOLD) {
        let [one, other] = [one, other].map(|it| names[it].name.clone());
        let kind = FindingKind::AreasOverlap { one, other, length: Metres::of(metres) };
        findings.push(Finding::note(layer, kind));
    }
    if n_more > 0 {
        findings.push(Finding::note(layer, FindingKind::MoreOverlaps { n_more }));
    }
    Reported { value: Division::new(&names, roads), findings }
}

fn metres(it: &AreaSpan) -> f64 {
    (it.to - it.from).get()
}

/// Every name once, in the order of the layer, and the rank of that of each area.
fn names(areas: &[Area]) -> (Vec<AreaName>, Vec<usize>) {
    let (mut names, mut known) = (Vec::new(), BTreeMap::new());
    let rank = |area: &Area| {
        *known.entry(area.name.clone()).or_insert_with(|| {
            names.push(area.name.clone());
            names.len() - 1
        })
    };
    let ranks = areas.iter().map(rank).collect();
    (names, ranks)
}

/// What becomes of one road.
struct Divided {
    spans: Vec<AreaSpan>,
    /// Metres in two areas at once, by the ranks of their names.
    overlaps: BTreeMap<(usize, usize), f64>,
}

/// The areas near the roads, ready to be asked.
struct Map<'a> {
    areas: &'a [Area],
    /// Rank of the name of each area.
    ranks: &'a [usize],
    /// Edges, with the area of each.
    edges: RTree<Edge>,
    /// Bounds of the areas.
    bounds: RTree<Bounds>,
}

impl<'a> Map<'a> {
    fn new(network: &Network, areas: &'a [Area], ranks: &'a [usize]) -> Self {
        let points = network.roads().iter().flat_map(Road::line).map(|it| [it.x, it.y]);
        let near = AABB::from_points(&points.collect::<Vec<_>>());
        let mut bounds = Vec::new();
        let mut edges = Vec::new();
        for (rank, area) in areas.iter().enumerate() {
            let points = area.rings().iter().flatten().map(|it| [it.x, it.y]);
            let around = AABB::from_points(&points.collect::<Vec<_>>());
            // A layer of the whole country has a hundred times the edges that these roads can meet.
            if !rstar::Envelope::intersects(&near, &around) {
                continue;
            }
            bounds.push(Bounds::new(Rectangle::from_aabb(around), rank));
            let of_ring = |it: &[PlanePoint]| {
                Edge::new(Line::new([it[0].x, it[0].y], [it[1].x, it[1].y]), rank)
            };
            edges.extend(area.rings().iter().flat_map(|it| it.windows(2)).map(of_ring));
        }
        let (edges, bounds) = (RTree::bulk_load(edges), RTree::bulk_load(bounds));
        Self { areas, ranks, edges, bounds }
    }

    fn divide(&self, road: &Road) -> Divided {
        let (start, end) = (road.cumul_start().get(), road.cumul_end().get());
        let mut ends = self.crossings(road);
        ends.push(end);
        let mut spans: Vec<AreaSpan> = Vec::new();
        let mut overlaps = BTreeMap::new();
        let mut from = start;
        for to in ends {
            if to - from <= SAME_M && to < end {
                continue;
            }
            let at = |part: f64| road.point_at(Metres::of(from + part * (to - from))).0;
            let middle = at(0.5);
            let inside = self.holding(middle);
            // It may come near the boundary at one point, and leave it: three say that it is on it.
            let on_it =
                |area: usize| [0.25, 0.5, 0.75].iter().all(|it| self.touches(area, at(*it)));
            let before = spans.last().and_then(|it| it.area);
            let stays = before.filter(|it| on_it(*it));
            let area = stays.or(inside.first().copied());
            if let [one, other, ..] = inside[..]
                && !on_it(one)
                && !on_it(other)
            {
                *overlaps.entry((one, other)).or_default() += to - from;
            }
            spans.push(AreaSpan { from: Metres::of(from), to: Metres::of(to), area });
            from = to;
        }
        Divided { spans, overlaps }
    }

    /// Cumuls where a road meets an edge, in order.
    fn crossings(&self, road: &Road) -> Vec<f64> {
        let start = road.cumul_start().get();
        let mut found = Vec::new();
        for (pair, measures) in road.line().windows(2).zip(road.measures().windows(2)) {
            let (a, b) = (pair[0], pair[1]);
            let around = AABB::from_corners([a.x, a.y], [b.x, b.y]);
            for edge in self.edges.locate_in_envelope_intersecting(&around) {
                let met = meet(a, b, edge.geom().from, edge.geom().to);
                found.extend(met.map(|it| start + measures[0] + it * (measures[1] - measures[0])));
            }
        }
        found.sort_by(f64::total_cmp);
        found.dedup_by(|a, b| *a - *b <= SAME_M);
        found.retain(|it| it - start > SAME_M && road.cumul_end().get() - it > SAME_M);
        found
    }

    /// Ranks of the names of the areas that hold a point, the first of the layer first.
    fn holding(&self, point: PlanePoint) -> Vec<usize> {
        let near = self.bounds.locate_all_at_point(&[point.x, point.y]).map(|it| it.data);
        let mut areas: Vec<usize> = near.filter(|it| self.areas[*it].holds(point)).collect();
        areas.sort_unstable();
        let mut names: Vec<usize> = areas.into_iter().map(|it| self.ranks[it]).collect();
        names.dedup();
        names
    }

    /// Whether a point lies on the boundary of areas of a name.
    fn touches(&self, name: usize, point: PlanePoint) -> bool {
        let at = [point.x, point.y];
        let around = AABB::from_corners(at.map(|it| it - ON_IT_M), at.map(|it| it + ON_IT_M));
        self.edges
            .locate_in_envelope_intersecting(&around)
            .any(|it| self.ranks[it.data] == name && it.geom().distance_2(&at) <= ON_IT_M * ON_IT_M)
    }
}

/// How far along a segment it meets an edge, 0 to 1; nothing when they are parallel.
fn meet(a: PlanePoint, b: PlanePoint, c: [f64; 2], d: [f64; 2]) -> Option<f64> {
    let (along, edge) = ((b.x - a.x, b.y - a.y), (d[0] - c[0], d[1] - c[1]));
    let between = (c[0] - a.x, c[1] - a.y);
    let cross = |a: (f64, f64), b: (f64, f64)| a.0 * b.1 - a.1 * b.0;
    let turn = cross(along, edge);
    if turn == 0.0 {
        return None;
    }
    let (here, there) = (cross(between, edge) / turn, cross(between, along) / turn);
    let within = |it: f64| (-PAST_END..=1.0 + PAST_END).contains(&it);
    (within(here) && within(there)).then(|| here.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Carriageway, RoadId};
    use proptest::prelude::*;

    fn road(id: &str, start: f64, points: &[(f64, f64)]) -> Road {
        let line = points.iter().map(|(x, y)| PlanePoint { x: *x, y: *y }).collect();
        let (id, width, start) = (RoadId::new(id).unwrap(), Metres::of(6.0), Metres::of(start));
        Road::new(id, Carriageway::Single, 2, String::new(), width, 2, line, start, vec![]).unwrap()
    }

    fn area(name: &str, rings: &[&[(f64, f64)]]) -> Area {
        let ring = |points: &&[(f64, f64)]| {
            points.iter().chain([&points[0]]).map(|(x, y)| PlanePoint { x: *x, y: *y }).collect()
        };
        let name = AreaName { code: String::new(), name: name.to_owned() };
        Area::new(name, rings.iter().map(ring).collect()).unwrap()
    }

    /// Name and end of each span of the first road.
    fn spans(road: Road, areas: &[Area]) -> (Vec<(String, f64)>, Vec<FindingKind>) {
        let network = Network::new(vec![road]);
        let Reported { value, findings } = divide(&network, areas, "communes");
        let name = |it: Option<usize>| it.map_or("", |it| &value.names()[it].name).to_owned();
        let rounded = |it: f64| (it * 1e6).round() / 1e6;
        let spans = value.spans(0).iter().map(|it| (name(it.area), rounded(it.to.get()))).collect();
        (spans, findings.into_iter().map(|it| it.kind).collect())
    }

    fn named(spans: &[(&str, f64)]) -> Vec<(String, f64)> {
        spans.iter().map(|(name, to)| ((*name).to_owned(), *to)).collect()
    }

    const WEST: &[(f64, f64)] = &[(0.0, -100.0), (437.25, -100.0), (437.25, 100.0), (0.0, 100.0)];
    const EAST: &[(f64, f64)] =
        &[(437.25, -100.0), (800.0, -100.0), (800.0, 100.0), (437.25, 100.0)];

    #[test]
    fn a_road_is_cut_where_it_crosses_a_boundary() {
        let areas = [area("Revel", &[WEST]), area("Sorèze", &[EAST])];
        let straight = road("D1", 1000.0, &[(0.0, 0.0), (300.0, 0.0), (900.0, 0.0)]);
        let (got, found) = spans(straight, &areas);
        assert_eq!(got, named(&[("Revel", 1437.25), ("Sorèze", 1800.0), ("", 1900.0)]));
        let length = Metres::of(100.0);
        let kind = FindingKind::OutsideAreas { first: "D1".into(), n_roads: 1, length };
        assert_eq!(found, [kind]);
    }

    #[test]
    fn holes_are_outside_and_exclaves_inside() {
        let hole: &[(f64, f64)] = &[(100.0, -10.0), (200.0, -10.0), (200.0, 10.0), (100.0, 10.0)];
        let exclave: &[(f64, f64)] = &[(500.0, -9.0), (600.0, -9.0), (600.0, 9.0), (500.0, 9.0)];
        let areas = [area("Revel", &[WEST, hole, exclave]), area("Vaudreuille", &[hole])];
        let (got, _) = spans(road("D1", 0.0, &[(50.0, 0.0), (700.0, 0.0)]), &areas);
        let want = [("Revel", 50.0), ("Vaudreuille", 150.0), ("Revel", 387.25), ("", 450.0)];
        assert_eq!(got[..4], named(&want));
        assert_eq!(got[4..], named(&[("Revel", 550.0), ("", 650.0)]));
    }

    #[test]
    fn a_road_along_a_boundary_stays_where_it_came_from() {
        let areas = [area("Revel", &[WEST]), area("Sorèze", &[EAST])];
        // Out of the west, along the boundary with its points on it or by it, then back to the west.
        let along = [
            (400.0, -50.0),
            (437.25, -40.0),
            (437.25, -20.0),
            (437.4, 0.0),
            (437.1, 20.0),
            (437.25, 40.0),
            (400.0, 50.0),
        ];
        let (got, found) = spans(road("D1", 0.0, &along), &areas);
        assert_eq!((got.len(), got[0].0.as_str()), (1, "Revel"), "{got:?}");
        assert_eq!(found, []);
        // It comes within a foot of the boundary at the middle of its way, and crosses it later.
        let near = [(430.0, -50.0), (437.0, -1.0), (430.0, 48.0), (445.0, 50.0)];
        let (got, _) = spans(road("D1", 0.0, &near), &areas);
        assert_eq!(got.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["Revel", "Sorèze"]);
    }

    #[test]
    fn the_first_of_two_areas_that_overlap_holds_and_it_is_told() {
        let wide: &[(f64, f64)] =
            &[(300.0, -100.0), (800.0, -100.0), (800.0, 100.0), (300.0, 100.0)];
        let areas = [area("Revel", &[WEST]), area("Sorèze", &[wide])];
        let (got, found) = spans(road("D1", 0.0, &[(0.0, 0.0), (800.0, 0.0)]), &areas);
        assert_eq!(got, named(&[("Revel", 437.25), ("Sorèze", 800.0)]));
        let (one, other) = ("Revel".to_owned(), "Sorèze".to_owned());
        let [FindingKind::AreasOverlap { one: first, other: second, length }] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!((first, second), (&one, &other));
        assert!((length.get() - 137.25).abs() < 1e-6, "{length}");
    }

    #[test]
    fn areas_of_one_name_are_one_and_no_area_is_nowhere() {
        let areas = [area("Revel", &[WEST]), area("Revel", &[EAST])];
        let (got, _) = spans(road("D1", 0.0, &[(0.0, 0.0), (800.0, 0.0)]), &areas);
        assert_eq!(got, named(&[("Revel", 800.0)]));
        let (got, found) = spans(road("D1", 0.0, &[(0.0, 0.0), (800.0, 0.0)]), &[]);
        assert_eq!((got.len(), found.len()), (0, 1));
    }

    proptest! {
        #[test]
        fn spans_tile_the_road_and_each_point_is_in_the_area_of_its_span(
            points in prop::collection::vec((0.0..900.0_f64, 0.0..900.0_f64), 2..12),
        ) {
            // A chessboard of nine areas.
            let cell = |rank: u32| {
                let (x, y) = (f64::from(rank % 3) * 300.0, f64::from(rank / 3) * 300.0);
                let corners = [(x, y), (x + 300.0, y), (x + 300.0, y + 300.0), (x, y + 300.0)];
                area(&format!("{rank}"), &[&corners])
            };
            let areas: Vec<Area> = (0..9).map(cell).collect();
            let network = Network::new(vec![road("D1", 70.0, &points)]);
            let it = divide(&network, &areas, "").value;
            let (road, spans) = (&network.roads()[0], it.spans(0));
            prop_assert_eq!(spans[0].from, road.cumul_start());
            prop_assert_eq!(spans[spans.len() - 1].to, road.cumul_end());
            for pair in spans.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
                prop_assert!(pair[0].area != pair[1].area);
            }
            for span in spans {
                let name = &it.names()[span.area.unwrap()];
                let held = areas.iter().find(|it| it.name == *name).unwrap();
                for part in [0.13, 0.37, 0.71, 0.93] {
                    let at = road.point_at(span.from + (span.to - span.from) * part).0;
                    let clear = |it: f64| (it % 300.0) > 1.0 && (it % 300.0) < 299.0;
                    if clear(at.x) && clear(at.y) {
                        prop_assert!(held.holds(at), "{span:?} {at:?}");
                    }
                }
            }
        }
    }
}
