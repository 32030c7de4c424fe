//! Roads cut into sections of a round length.

use crate::domain::{Metres, Network, Road, Section, SectionId, SectionOrigin};

/// A remainder below this share of the pitch joins its neighbour.
///
/// Chosen: sections stay between half of the pitch and one and a half.
const LEAST_SHARE: f64 = 0.5;

/// Cuts every road at the multiples of `pitch` along its cumul, or at each PR and at the multiples of
/// `pitch` past it, in the network's order.
///
/// Sections tile each road with no gap and no overlap. A remainder shorter than half of `pitch`,
/// at either end of a road or before a PR, joins its neighbour; so does a PR as near as that to another;
/// a road shorter than that is one section.
///
/// # Panics
///
/// When `pitch` is not positive.
///
/// # Example
///
/// ```
/// # use voirie::domain::{Carriageway, Metres, Network, PlanePoint, Road, RoadId, SectionOrigin};
/// # use voirie::georeferencing::cut;
/// # let id = RoadId::new("D1")?;
/// # let line = vec![PlanePoint { x: 0.0, y: 0.0 }, PlanePoint { x: 690.0, y: 0.0 }];
/// # let (width, start) = (Metres::of(6.0), Metres::ZERO);
/// let road = Road::new(id, Carriageway::Single, 2, "".into(), width, 2, line, start, vec![])?;
/// let sections = cut(&Network::new(vec![road]), Metres::of(200.0), SectionOrigin::Cumul);
/// let ends: Vec<f64> = sections.iter().map(|it| it.to.get()).collect();
/// assert_eq!(ends, [200.0, 400.0, 690.0]);
/// assert_eq!(sections[2].id.as_str(), "D1-U-000400");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn cut(network: &Network, pitch: Metres, origin: SectionOrigin) -> Vec<Section> {
    assert!(pitch > Metres::ZERO, "sections of {pitch}");
    let sections = network.roads().iter().enumerate().flat_map(|(rank, road)| {
        let bounds = match origin {
            SectionOrigin::Cumul => bounds(road, pitch),
            SectionOrigin::Pr => bounds_by_pr(road, pitch),
        };
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
fn bounds(road: &Road, pitch: Metres) -> Vec<f64> {
    let (start, end, pitch) = (road.cumul_start().get(), road.cumul_end().get(), pitch.get());
    let least = pitch * LEAST_SHARE;
    let first = (start / pitch).floor();
    let marks = (1_u32..).map(|it| (first + f64::from(it)) * pitch).take_while(|it| *it < end);
    let inner = marks.filter(|it| it - start >= least && end - it >= least);
    [start].into_iter().chain(inner).chain([end]).collect()
}

/// Where a road is cut when sections are counted from each PR. What lies before the first PR is counted
/// back from it.
fn bounds_by_pr(road: &Road, pitch: Metres) -> Vec<f64> {
    let (start, end) = (road.cumul_start().get(), road.cumul_end().get());
    let (pitch, least) = (pitch.get(), pitch.get() * LEAST_SHARE);
    let inside = |it: &f64| it - start >= least && end - it >= least;
    let mut marks: Vec<f64> = Vec::new();
    for mark in road.marks().iter().map(|it| it.cumul.get()).filter(inside) {
        if marks.last().is_none_or(|it| mark - it >= least) {
            marks.push(mark);
        }
    }
    let mut bounds = vec![start];
    // A piece that starts between two PR goes on from the one before it.
    let before = road.marks().iter().map(|it| it.cumul.get()).rfind(|it| *it <= start);
    let stops: Vec<f64> = marks.iter().copied().chain([end]).collect();
    for (rank, stop) in stops.iter().enumerate() {
        let from = bounds[bounds.len() - 1];
        let origin = match rank.checked_sub(1) {
            Some(before) => marks[before],
            None => before.unwrap_or(if marks.is_empty() { start } else { *stop }),
        };
        let first = ((from - origin) / pitch).floor() + 1.0;
        let inner = (0_u32..).map(|it| origin + (first + f64::from(it)) * pitch);
        bounds.extend(
            inner
                .take_while(|it| *it < *stop)
                .filter(|it| it - from >= least && stop - it >= least),
        );
        bounds.push(*stop);
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Carriageway, PlanePoint, PrMark, RoadId, SquareMetres};
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
            let sections = cut(&network(start, length), Metres::of(200.0), SectionOrigin::Cumul);
            let mut got = vec![sections[0].from.get()];
            got.extend(sections.iter().map(|it| it.to.get()));
            let close = got.len() == want.len()
                && got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-6);
            assert!(close, "{start} {length}: {got:?} instead of {want:?}");
        }
    }

    #[test]
    fn sections_bear_the_name_and_width_of_their_road() {
        let sections = cut(&network(1000.0, 400.0), Metres::of(200.0), SectionOrigin::Cumul);
        assert_eq!(sections[1].id.as_str(), "D817-D-001200");
        assert_eq!(sections[1].area(), SquareMetres::of(1400.0));
        assert!(cut(&Network::default(), Metres::of(200.0), SectionOrigin::Cumul).is_empty());
    }

    proptest! {
        #[test]
        fn sections_tile_their_road(
            start in 0.0..5000.0_f64,
            length in 1.0..9000.0_f64,
            pitch in 5.0..500.0_f64,
        ) {
            let network = network(start, length);
            let sections = cut(&network, Metres::of(pitch), SectionOrigin::Cumul);
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
            let sections = cut(&network, Metres::of(pitch), SectionOrigin::Pr);
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
