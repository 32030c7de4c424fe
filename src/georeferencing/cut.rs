//! Roads cut into sections of a round length.

use crate::domain::{
    Division, Metres, Network, Road, Section, SectionCuts, SectionId, SectionOrigin,
};

/// A remainder below this share of the pitch joins its neighbour.
///
/// Chosen: sections stay between half of the pitch and one and a half.
const LEAST_SHARE: f64 = 0.5;

/// How a network is cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutRules {
    /// Length of a section.
    pub pitch: Metres,
    /// Where sections are counted from.
    pub origin: SectionOrigin,
    /// Boundaries at which they end.
    pub cuts: SectionCuts,
}

/// Cuts every road at the multiples of the pitch along its cumul, or at each PR and at the multiples of
/// the pitch past it, in the network's order; and where it crosses the boundaries that the rules name.
///
/// Sections tile each road with no gap and no overlap. A remainder shorter than half of the pitch,
/// at either end of a road, before a boundary or before a PR, joins its neighbour; so does a PR as near as
/// that to another or to a boundary; a road shorter than that is one section. What lies between two
/// boundaries and is shorter than that belongs to its neighbour: no other section straddles a boundary.
///
/// # Panics
///
/// When the pitch is not positive.
///
/// # Example
///
/// ```
/// # use voirie::domain::{Carriageway, Metres, Network, PlanePoint, Road, RoadId, SectionCuts, SectionOrigin};
/// # use voirie::georeferencing::{CutRules, cut};
/// # let id = RoadId::new("D1")?;
/// # let line = vec![PlanePoint { x: 0.0, y: 0.0 }, PlanePoint { x: 690.0, y: 0.0 }];
/// # let (width, start) = (Metres::of(6.0), Metres::ZERO);
/// let road = Road::new(id, Carriageway::Single, 2, "".into(), width, 2, line, start, vec![])?;
/// let (origin, cuts) = (SectionOrigin::Cumul, SectionCuts::default());
/// let rules = CutRules { pitch: Metres::of(200.0), origin, cuts };
/// let sections = cut(&Network::new(vec![road]), &rules);
/// let ends: Vec<f64> = sections.iter().map(|it| it.to.get()).collect();
/// assert_eq!(ends, [200.0, 400.0, 690.0]);
/// assert_eq!(sections[2].id.as_str(), "D1-U-000400");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn cut(network: &Network, rules: &CutRules) -> Vec<Section> {
    let CutRules { pitch, origin, cuts } = *rules;
    assert!(pitch > Metres::ZERO, "sections of {pitch}");
    let least = pitch * LEAST_SHARE;
    let sections = network.roads().iter().enumerate().flat_map(|(rank, road)| {
        let of = |asked: bool, division: &Division| {
            if asked { division.borders(rank, least) } else { Vec::new() }
        };
        let borders = [
            of(cuts.municipalities, network.municipalities()),
            of(cuts.sectors, network.sectors()),
        ];
        let bounds = bounds(road, pitch.get(), origin, &borders.concat());
        let section = |pair: &[f64]| Section {
            id: SectionId::of(road, Metres::of(pair[0])),
            road: rank,
            from: Metres::of(pair[0]),
            to: Metres::of(pair[1]),
            width: road.width,
        };
        bounds.windows(2).map(section).collect::<Vec<_>>()
    });
    sections.collect()
}

/// Where a road is cut, its two ends included.
fn bounds(road: &Road, pitch: f64, origin: SectionOrigin, borders: &[Metres]) -> Vec<f64> {
    let (start, end) = (road.cumul_start().get(), road.cumul_end().get());
    let least = pitch * LEAST_SHARE;
    let marks: Vec<f64> = match origin {
        SectionOrigin::Cumul => Vec::new(),
        SectionOrigin::Pr => road.marks().iter().map(|it| it.cumul.get()).collect(),
    };
    // Boundaries before PR: of two that are too near to one another, the first taken stays.
    let mut borders: Vec<f64> = borders.iter().map(|it| it.get()).collect();
    borders.sort_by(f64::total_cmp);
    let mut stops = vec![start, end];
    let mut counted_from: Vec<f64> = Vec::new();
    for (at, is_mark) in
        borders.into_iter().map(|it| (it, false)).chain(marks.iter().map(|it| (*it, true)))
    {
        if at > start && at < end && stops.iter().all(|it| (it - at).abs() >= least) {
            stops.push(at);
            counted_from.extend(is_mark.then_some(at));
        }
    }
    stops.sort_by(f64::total_cmp);
    let mut bounds = vec![start];
    for pair in stops.windows(2) {
        let (from, stop) = (pair[0], pair[1]);
        let origin = match origin {
            SectionOrigin::Cumul => 0.0,
            // What lies before the first PR is counted back from it; a piece that starts between two PR
            // goes on from the one before it.
            SectionOrigin::Pr => counted_from
                .iter()
                .rfind(|it| **it <= from)
                .or_else(|| marks.iter().rfind(|it| **it <= start))
                .or_else(|| counted_from.first())
                .copied()
                .unwrap_or(start),
        };
        let first = ((from - origin) / pitch).floor() + 1.0;
        let inner = (0_u32..).map(|it| origin + (first + f64::from(it)) * pitch);
        let inner = inner.take_while(|it| *it < stop);
        bounds.extend(inner.filter(|it| it - from >= least && stop - it >= least));
        bounds.push(stop);
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AreaName, AreaSpan, Carriageway, PlanePoint, PrMark, RoadId, SquareMetres,
    };
    use proptest::prelude::*;

    fn network(start: f64, length: f64) -> Network {
        let line = vec![PlanePoint { x: 0.0, y: 0.0 }, PlanePoint { x: length, y: 0.0 }];
        let id = RoadId::new("D817").unwrap();
        let road = Road::new(
            id,
            Carriageway::Right,
            1,
            String::new(),
            Metres::of(7.0),
            2,
            line,
            Metres::of(start),
            Vec::new(),
        );
        Network::new(vec![road.unwrap()])
    }

    fn cut_at(network: &Network, pitch: f64, origin: SectionOrigin) -> Vec<Section> {
        let (pitch, cuts) = (Metres::of(pitch), SectionCuts::default());
        cut(network, &CutRules { pitch, origin, cuts })
    }

    #[test]
    fn remainders_join_their_neighbours() {
        let cases: [(f64, f64, &[f64]); 7] = [
            (0.0, 600.0, &[0.0, 200.0, 400.0, 600.0]),
            (0.0, 699.0, &[0.0, 200.0, 400.0, 699.0]),
            (0.0, 700.0, &[0.0, 200.0, 400.0, 600.0, 700.0]),
            (0.0, 40.0, &[0.0, 40.0]),
            (350.0, 400.0, &[350.0, 600.0, 750.0]),
            (390.0, 30.0, &[390.0, 420.0]),
            (1199.9999, 400.0, &[1199.9999, 1400.0, 1599.9999]),
        ];
        for (start, length, want) in cases {
            let sections = cut_at(&network(start, length), 200.0, SectionOrigin::Cumul);
            let mut got = vec![sections[0].from.get()];
            got.extend(sections.iter().map(|it| it.to.get()));
            let close = got.len() == want.len()
                && got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-6);
            assert!(close, "{start} {length}: {got:?} instead of {want:?}");
        }
    }

    #[test]
    fn sections_bear_the_name_and_width_of_their_road() {
        let sections = cut_at(&network(1000.0, 400.0), 200.0, SectionOrigin::Cumul);
        assert_eq!(sections[1].id.as_str(), "D817-D-001200");
        assert_eq!(sections[1].area(), SquareMetres::of(1400.0));
        assert!(cut_at(&Network::default(), 200.0, SectionOrigin::Cumul).is_empty());
    }

    /// The same network among municipalities A, B, A... that end where it is said.
    fn among(network: Network, ends: &[f64]) -> Network {
        let name = |it: &str| AreaName { code: String::new(), name: it.to_owned() };
        let mut from = network.roads()[0].cumul_start();
        let last = network.roads()[0].cumul_end();
        let span = |(rank, to): (usize, Metres)| {
            let span = AreaSpan { from, to, area: Some(rank % 2) };
            from = to;
            span
        };
        let ends = ends.iter().map(|it| Metres::of(*it)).chain([last]);
        let spans = ends.enumerate().map(span).collect();
        network.among_municipalities(Division::new(&[name("A"), name("B")], vec![spans]))
    }

    #[test]
    fn sections_end_at_the_boundaries_that_are_asked_for() {
        let whole: &[f64] = &[200.0, 400.0, 600.0, 800.0, 1000.0];
        let cases: [(&[f64], &[f64]); 5] = [
            // 600 is nearer than half of the pitch: the round cumul gives way.
            (&[512.5], &[200.0, 400.0, 512.5, 800.0, 1000.0]),
            // Too near to the ends: the road is cut as without them.
            (&[40.0, 950.0], whole),
            // Thirty metres of B belong to A; the last boundary stays.
            (&[300.0, 330.0, 700.0], &[200.0, 400.0, 600.0, 700.0, 800.0, 1000.0]),
            (&[300.0, 450.0], &[200.0, 300.0, 450.0, 600.0, 800.0, 1000.0]),
            (&[], whole),
        ];
        let cuts = SectionCuts { municipalities: true, sectors: true };
        for (ends, want) in cases {
            let (pitch, origin) = (Metres::of(200.0), SectionOrigin::Cumul);
            let network = among(network(0.0, 1000.0), ends);
            let got = cut(&network, &CutRules { pitch, origin, cuts });
            assert_eq!(got.iter().map(|it| it.to.get()).collect::<Vec<_>>(), want, "{ends:?}");
            // Boundaries that nobody asked for cut nothing.
            assert_eq!(cut_at(&network, 200.0, origin).len(), 5);
        }
    }

    proptest! {
        #[test]
        fn no_section_straddles_a_boundary_but_where_it_must(
            lengths in prop::collection::vec(1.0..900.0_f64, 1..9),
            pitch in 20.0..400.0_f64,
            by_pr in any::<bool>(),
        ) {
            let mut at = 0.0;
            let ends: Vec<f64> = lengths
                .iter()
                .map(|it| {
                    at += it;
                    at
                })
                .collect();
            let network = among(network(0.0, at), &ends[..ends.len() - 1]);
            let origin = if by_pr { SectionOrigin::Pr } else { SectionOrigin::Cumul };
            let cuts = SectionCuts { municipalities: true, sectors: false };
            let sections = cut(&network, &CutRules { pitch: Metres::of(pitch), origin, cuts });
            prop_assert_eq!(sections[0].from, Metres::ZERO);
            prop_assert_eq!(sections[sections.len() - 1].to, network.roads()[0].cumul_end());
            for pair in sections.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
            }
            for section in &sections {
                let share = section.length().get() / pitch;
                prop_assert!(sections.len() == 1 || share >= 0.5 - 1e-6, "{share}");
            }
            // Between long municipalities, every boundary ends a section.
            for rank in 1..ends.len() {
                let long = |it: usize| lengths[it] >= pitch * 0.5;
                if (0..lengths.len()).all(long) {
                    prop_assert!(sections.iter().any(|it| it.from == Metres::of(ends[rank - 1])));
                }
            }
        }

        #[test]
        fn sections_tile_their_road(
            start in 0.0..5000.0_f64,
            length in 1.0..9000.0_f64,
            pitch in 5.0..500.0_f64,
        ) {
            let network = network(start, length);
            let sections = cut_at(&network, pitch, SectionOrigin::Cumul);
            let road = &network.roads()[0];
            prop_assert_eq!(sections[0].from, road.cumul_start());
            prop_assert_eq!(sections[sections.len() - 1].to, road.cumul_end());
            for pair in sections.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
                prop_assert!(pair[0].id != pair[1].id);
            }
            for section in &sections {
                let share = section.length().get() / pitch;
                prop_assert!(share < 2.0 && (sections.len() == 1 || share >= 0.5 - 1e-9), "{share}");
            }
        }

        #[test]
        fn sections_by_pr_tile_their_road_and_start_at_each_pr(
            start in 0.0..5000.0_f64,
            length in 1.0..9000.0_f64,
            pitch in 5.0..500.0_f64,
            gaps in prop::collection::vec(5.0..2500.0_f64, 0..8),
        ) {
            let bare = network(start, length);
            let road = &bare.roads()[0];
            let mut at = start - 700.0;
            let marks = gaps.iter().enumerate().map(|(rank, gap)| {
                at += gap;
                PrMark { pr: u16::try_from(rank).unwrap(), cumul: Metres::of(at) }
            });
            let marks: Vec<PrMark> = marks.collect();
            let road = Road::new(
                road.id.clone(),
                road.carriageway,
                1,
                String::new(),
                road.width,
                2,
                road.line().to_vec(),
                road.cumul_start(),
                marks.clone(),
            )
            .unwrap();
            let network = Network::new(vec![road]);
            let sections = cut_at(&network, pitch, SectionOrigin::Pr);
            let road = &network.roads()[0];
            prop_assert_eq!(sections[0].from, road.cumul_start());
            prop_assert_eq!(sections[sections.len() - 1].to, road.cumul_end());
            for pair in sections.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
            }
            for section in &sections {
                let share = section.length().get() / pitch;
                prop_assert!(share < 2.0 + 1e-9, "{share}");
                prop_assert!(sections.len() == 1 || share >= 0.5 - 1e-6, "{share}");
            }
            // A PR far enough from the ends and from the PR before it starts a section.
            let least = pitch * 0.5;
            for (rank, mark) in marks.iter().enumerate() {
                let cumul = mark.cumul.get();
                let near = marks[..rank].iter().any(|it| cumul - it.cumul.get() < least);
                let (from, to) = (road.cumul_start().get(), road.cumul_end().get());
                if !near && cumul - from >= least && to - cumul >= least {
                    prop_assert!(sections.iter().any(|it| it.from == mark.cumul), "{mark:?}");
                }
            }
        }
    }
}
