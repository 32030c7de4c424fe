//! Roads cut into sections of a round length.

use crate::domain::{Metres, Network, Road, Section, SectionId};

/// A remainder below this share of the pitch joins its neighbour.
///
/// Chosen: sections stay between half of the pitch and one and a half.
const LEAST_SHARE: f64 = 0.5;

/// Cuts every road at the multiples of `pitch` along its cumul, in the network's order.
///
/// Sections tile each road with no gap and no overlap. A remainder shorter than half of `pitch`,
/// at either end of a road, joins its neighbour; a road shorter than that is one section.
///
/// # Panics
///
/// When `pitch` is not positive.
///
/// # Example
///
/// ```
/// # use voirie::domain::{Carriageway, PlanePoint, Metres, Network, Road, RoadId};
/// # use voirie::georeferencing::cut;
/// # let id = RoadId::new("D1")?;
/// # let line = vec![PlanePoint { x: 0.0, y: 0.0 }, PlanePoint { x: 690.0, y: 0.0 }];
/// # let (width, start) = (Metres::of(6.0), Metres::ZERO);
/// let road = Road::new(id, Carriageway::Single, 2, "".into(), width, 2, line, start, vec![])?;
/// let sections = cut(&Network::new(vec![road]), Metres::of(200.0));
/// let ends: Vec<f64> = sections.iter().map(|it| it.to.get()).collect();
/// assert_eq!(ends, [200.0, 400.0, 690.0]);
/// assert_eq!(sections[2].id.as_str(), "D1-U-000400");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn cut(network: &Network, pitch: Metres) -> Vec<Section> {
    assert!(pitch > Metres::ZERO, "sections of {pitch}");
    let sections = network.roads().iter().enumerate().flat_map(|(rank, road)| {
        let bounds = bounds(road, pitch);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Carriageway, PlanePoint, RoadId, SquareMetres};
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
            let sections = cut(&network(start, length), Metres::of(200.0));
            let mut got = vec![sections[0].from.get()];
            got.extend(sections.iter().map(|it| it.to.get()));
            let close = got.len() == want.len()
                && got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-6);
            assert!(close, "{start} {length}: {got:?} instead of {want:?}");
        }
    }

    #[test]
    fn sections_bear_the_name_and_width_of_their_road() {
        let sections = cut(&network(1000.0, 400.0), Metres::of(200.0));
        assert_eq!(sections[1].id.as_str(), "D817-D-001200");
        assert_eq!(sections[1].area(), SquareMetres::of(1400.0));
        assert!(cut(&Network::default(), Metres::of(200.0)).is_empty());
    }

    proptest! {
        #[test]
        fn sections_tile_their_road(
            start in 0.0..5000.0_f64,
            length in 1.0..9000.0_f64,
            pitch in 5.0..500.0_f64,
        ) {
            let network = network(start, length);
            let sections = cut(&network, Metres::of(pitch));
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
    }
}
