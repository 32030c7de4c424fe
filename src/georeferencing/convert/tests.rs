//! Roads renumbered, moved, straightened, renamed, divided, gone; hairpins, crossings, 20,000 references.

use super::*;
use crate::domain::{LinearRef, PlanePoint, PrAbscisse, PrMark, WrittenReference};
use crate::georeferencing::Finder;
use proptest::prelude::*;

type Line = Vec<(f64, f64)>;

fn road(
    name: &str,
    side: Carriageway,
    line: &[(f64, f64)],
    start: f64,
    prs: &[(u16, f64)],
) -> Road {
    let line = line.iter().map(|(x, y)| PlanePoint { x: *x, y: *y }).collect();
    let marks = prs.iter().map(|(pr, at)| PrMark { pr: *pr, cumul: Metres::of(*at) }).collect();
    let (id, width) = (RoadId::new(name).unwrap(), Metres::of(6.0));
    Road::new(id, side, 2, String::new(), width, 2, line, Metres::of(start), marks).unwrap()
}

fn single(name: &str, line: &[(f64, f64)]) -> Road {
    road(name, Carriageway::Single, line, 0.0, &[(0, 0.0)])
}

fn brought(old: Vec<Road>, new: Vec<Road>, stretches: &[(f64, f64)]) -> Vec<Brought> {
    let (old, new) = (Network::new(old), Network::new(new));
    let mut conversion = Conversion::new(&old, &new, Metres::of(CONVERSION_REACH_M)).unwrap();
    let at = |(from, to): &(f64, f64)| OldStretch {
        road: 0,
        from: Metres::of(*from),
        to: Metres::of(*to),
        direction: None,
    };
    stretches.iter().map(|it| conversion.bring(&at(it))).collect()
}

/// New road, cumuls, what became of it.
fn told(it: &Brought) -> Vec<(usize, f64, f64, Change)> {
    let millimetres = |it: Metres| (it.get() * 1e3).round() / 1e3;
    let part = |it: &NewStretch| (it.roads.0, millimetres(it.from), millimetres(it.to), it.change);
    it.parts.iter().map(part).collect()
}

/// A mountain road: bends of all sizes, hairpins whose legs lie 12 m apart, a loop that crosses itself.
fn mountain(seed: u64) -> Line {
    let mut line = vec![(540_000.1, 6_250_000.7)];
    let (mut angle, mut state) = (0.3_f64, seed);
    let mut draw = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let share = (state >> 11) as f64 / (1_u64 << 53) as f64;
        share
    };
    let go = |line: &mut Line, angle: f64, metres: f64| {
        let (x, y) = line[line.len() - 1];
        line.push((x + angle.sin() * metres, y + angle.cos() * metres));
    };
    for bend in 0..60 {
        match bend % 6 {
            // A hairpin: half a turn over some 19 m, then back along itself.
            2 => {
                for _ in 0..6 {
                    angle += std::f64::consts::PI / 6.0;
                    go(&mut line, angle, 3.1);
                }
                go(&mut line, angle, 70.0 + 20.0 * draw());
                for _ in 0..6 {
                    angle -= std::f64::consts::PI / 6.0;
                    go(&mut line, angle, 3.1);
                }
            }
            // A whole turn: the road passes over itself.
            5 if bend % 12 == 5 => {
                for _ in 0..12 {
                    angle += std::f64::consts::PI / 6.0;
                    go(&mut line, angle, 20.0);
                }
            }
            _ => {
                angle += 0.9 * (draw() - 0.5);
                let metres = 8.0 + 90.0 * draw();
                go(&mut line, angle, metres);
            }
        }
    }
    line
}

fn length(line: &[(f64, f64)]) -> f64 {
    line.windows(2).map(|it| (it[1].0 - it[0].0).hypot(it[1].1 - it[0].1)).sum()
}

/// Markers at intervals of 300 to 1,700 m, some numbers passed over (*baïonnettes*).
fn marks(draws: &[(f64, bool)], start: f64, end: f64) -> Vec<(u16, f64)> {
    let (mut pr, mut at, mut all) = (0_u16, start, Vec::new());
    for (interval, missing) in draws.iter().cycle() {
        if at >= end {
            break;
        }
        all.push((pr, at));
        at += 300.0 + 1400.0 * interval;
        pr += 1 + u16::from(*missing);
    }
    all
}

/// The old road cut in pieces at these shares of its points, or whole.
fn in_pieces(line: &Line, cuts: &[f64], start: f64, prs: &[(u16, f64)]) -> Vec<Road> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "ranks"
    )]
    let mut ends: Vec<usize> =
        cuts.iter().map(|it| 1 + (it * (line.len() - 3) as f64) as usize).collect();
    ends.extend([0, line.len() - 1]);
    ends.sort_unstable();
    ends.dedup();
    let piece = |pair: &[usize]| {
        let from = start + length(&line[..=pair[0]]);
        road("D1", Carriageway::Single, &line[pair[0]..=pair[1]], from, prs)
    };
    ends.windows(2).map(piece).collect()
}

fn there(conversion: &mut Conversion<'_>, old: &Network, at: &LinearRef) -> LinearRef {
    let written = WrittenReference {
        road: at.road.clone(),
        carriageway: Some(at.carriageway),
        direction: None,
        by_pr: Some((at.at, None)),
        by_cumul: None,
    };
    let place = Finder::new(old).find(&written).unwrap();
    let brought = conversion.bring(&place);
    assert_eq!((brought.parts.len(), brought.lost.len()), (1, 0), "{at:?} {brought:?}");
    let part = brought.parts[0];
    assert!(part.distance.get() < 1e-3, "{at:?} {part:?}");
    let road = &conversion.new_network().roads()[part.roads.0];
    let at = road.millimetre_reference_at(part.from).unwrap();
    LinearRef { road: road.id.clone(), carriageway: road.carriageway, at }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// 100 roads, 200 references each: the line stays, markers, cumuls, cuts and sense of drawing change.
    #[test]
    fn when_only_prs_move_references_come_back_to_the_millimetre(
        seed in any::<u64>(),
        (before, after) in (
            prop::collection::vec((0.0..1.0_f64, any::<bool>()), 3..9),
            prop::collection::vec((0.0..1.0_f64, any::<bool>()), 3..9),
        ),
        (old_cuts, new_cuts) in (
            prop::collection::vec(0.0..1.0_f64, 0..4),
            prop::collection::vec(0.0..1.0_f64, 0..4),
        ),
        start in 0.0..900.0_f64,
        reversed in any::<bool>(),
        shares in prop::collection::vec(0.0..1.0_f64, 200),
    ) {
        let line = mountain(seed);
        let metres = length(&line);
        let old = in_pieces(&line, &old_cuts, 0.0, &marks(&before, 0.0, metres));
        let mut turned = line;
        if reversed {
            turned.reverse();
        }
        let new = in_pieces(&turned, &new_cuts, start, &marks(&after, start, start + metres));
        let (old, new) = (Network::new(old), Network::new(new));
        let reach = Metres::of(CONVERSION_REACH_M);
        let mut go = Conversion::new(&old, &new, reach).unwrap();
        let mut back = Conversion::new(&new, &old, reach).unwrap();
        let cumul = |network: &Network, it: &LinearRef| network.roads()[0].cumul_of(it.at).unwrap().get();
        for share in shares {
            let want = Metres::of(share * (metres - 0.002) + 0.001);
            let first = old.roads()[0].reference_at(want).unwrap();
            let (id, carriageway) = (old.roads()[0].id.clone(), Carriageway::Single);
            let first = LinearRef { road: id, carriageway, at: first };
            let second = there(&mut go, &old, &first);
            let exact = if reversed { start + metres - want.get() } else { start + want.get() };
            prop_assert!((cumul(&new, &second) - exact).abs() < 1e-3, "{first:?} {second:?}");
            let third = there(&mut back, &new, &second);
            prop_assert!((cumul(&old, &third) - want.get()).abs() < 1e-3, "{first:?} {third:?}");
        }
    }

    /// A road measured again, each point some metres off, others in between: order is kept, nothing jumps.
    #[test]
    fn when_the_line_moves_the_order_is_kept(
        seed in any::<u64>(),
        (across, phase) in (-6.0..6.0_f64, 0.0..6.3_f64),
    ) {
        let line = mountain(seed);
        let metres = length(&line);
        let old = road("D1", Carriageway::Single, &line, 0.0, &[(0, 0.0)]);
        // Every 7 m of it, moved by a slow wave, metres wide at most.
        let mut moved = Vec::new();
        let mut at = 0.0;
        while at < metres {
            let (point, _) = old.point_at(Metres::of(at));
            let wave = across * (phase + at / 300.0).sin();
            moved.push((point.x + wave, point.y - 0.5 * wave));
            at += 7.0;
        }
        let new = road("D1", Carriageway::Single, &moved, 0.0, &[(0, 0.0)]);
        let whole = length(&moved);
        let (old, new) = (Network::new(vec![old]), Network::new(vec![new]));
        let mut conversion = Conversion::new(&old, &new, Metres::of(CONVERSION_REACH_M)).unwrap();
        let mut last = -1.0;
        for step in 0..1000 {
            let from = Metres::of(metres * f64::from(step) / 1000.0);
            let stretch = OldStretch { road: 0, from, to: from, direction: None };
            let brought = conversion.bring(&stretch);
            prop_assert_eq!((brought.parts.len(), brought.lost.len()), (1, 0), "{:?} {:?}", from, brought);
            let part = brought.parts[0];
            prop_assert!(part.from.get() >= last - 1e-9, "{from} {part:?} after {last}");
            // The wave and the chords of 7 m, no leg of a hairpin farther on.
            let expected = from.get() * whole / metres;
            prop_assert!((part.from.get() - expected).abs() < 150.0, "{from} {part:?} {expected}");
            prop_assert!(part.distance.get() < across.abs() * 1.2 + 6.0, "{from} {part:?}");
            last = part.from.get();
        }
        let all = OldStretch { road: 0, from: Metres::ZERO, to: Metres::of(metres), direction: None };
        let brought = conversion.bring(&all);
        prop_assert_eq!((brought.parts.len(), brought.lost.len()), (1, 0), "{:?}", brought);
    }
}

#[test]
fn a_straightened_bend_loses_its_own_references_only() {
    // A bend of 60 m to the north is cut; beyond it the road is 80 m shorter.
    let bend = [(0.0, 0.0), (400.0, 0.0), (430.0, 60.0), (470.0, 60.0), (500.0, 0.0), (900.0, 0.0)];
    let old = single("D1", &bend);
    let (end, new) = (old.length().get(), single("D1", &[(0.0, 0.0), (900.0, 0.0)]));
    let got = brought(
        vec![old],
        vec![new],
        &[(300.0, 300.0), (470.0, 470.0), (end - 100.0, end), (0.0, end)],
    );
    assert_eq!(told(&got[0]), [(0, 300.0, 300.0, Change::Same)]);
    assert_eq!(got[1].parts, []);
    let Lost::TooFar { nearest, .. } = &got[1].lost[0].2 else { panic!("{:?}", got[1]) };
    assert!((50.0..=60.0).contains(&nearest.get()), "{nearest}");
    assert_eq!(told(&got[2]), [(0, 800.0, 900.0, Change::Moved)]);
    assert_eq!(got[3].change(), Some(Change::Partial));
    assert_eq!(got[3].parts.len(), 2);
    let lost: f64 = got[3].lost.iter().map(|it| (it.1 - it.0).get()).sum();
    assert!((80.0..160.0).contains(&lost), "{lost}");
}

#[test]
fn a_road_renamed_from_a_point_on_is_split_there() {
    let old = single("D907", &[(0.0, 0.0), (1000.0, 0.0)]);
    let new = || {
        vec![
            single("D907", &[(0.0, 0.0), (437.3, 0.0)]),
            single("D907B", &[(437.3, 0.0), (1000.0, 0.0)]),
            // Beside, and across: neither is the road.
            single("D5", &[(437.3, 0.0), (437.3, 500.0)]),
            single("D6", &[(0.0, 20.0), (1000.0, 20.0)]),
        ]
    };
    let got =
        brought(vec![old], new(), &[(437.2, 437.2), (437.3, 437.3), (400.0, 500.0), (0.0, 1000.0)]);
    assert_eq!(told(&got[0]), [(0, 437.2, 437.2, Change::Same)]);
    assert_eq!(told(&got[1]), [(1, 0.0, 0.0, Change::Renamed)]);
    assert_eq!(told(&got[2]), [(0, 400.0, 437.3, Change::Same), (1, 0.0, 62.7, Change::Renamed)]);
    assert_eq!(got[2].change(), Some(Change::Split));
    assert!((got[2].parts[1].share - 0.627).abs() < 1e-6);
    assert_eq!(got[3].parts.len(), 2);
    // Back, the two names are one road again.
    let back = brought(
        vec![new().remove(1)],
        vec![single("D907", &[(0.0, 0.0), (1000.0, 0.0)])],
        &[(0.0, 62.7)],
    );
    assert_eq!(told(&back[0]), [(0, 437.3, 500.0, Change::Renamed)]);
}

#[test]
fn a_divided_road_is_chosen_by_the_direction_of_traffic() {
    let old = || single("D1", &[(0.0, 0.0), (1000.0, 0.0)]);
    let new = || {
        vec![
            road("D1", Carriageway::Right, &[(0.0, -7.0), (1000.0, -7.0)], 0.0, &[(0, 0.0)]),
            road("D1", Carriageway::Left, &[(0.0, 7.0), (1000.0, 7.0)], 0.0, &[(0, 0.0)]),
        ]
    };
    let (before, after) = (Network::new(vec![old()]), Network::new(new()));
    let mut conversion = Conversion::new(&before, &after, Metres::of(CONVERSION_REACH_M)).unwrap();
    let (from, to) = (Metres::of(100.0), Metres::of(300.0));
    let mut bring = |direction| conversion.bring(&OldStretch { road: 0, from, to, direction });
    let (right, left) = (bring(Some(Direction::Increasing)), bring(Some(Direction::Decreasing)));
    assert_eq!(told(&right), [(0, 100.0, 300.0, Change::Carriageway)]);
    assert_eq!(told(&left), [(1, 100.0, 300.0, Change::Carriageway)]);
    let both = bring(None);
    assert_eq!(both.change(), Some(Change::Carriageway));
    assert_eq!(both.parts.iter().map(|it| it.share).collect::<Vec<_>>(), [0.5, 0.5]);
    assert!((both.parts[0].distance.get() - 7.0).abs() < 1e-9);
    // And made one again: the carriageway becomes a direction.
    let back = brought(new(), vec![old()], &[(100.0, 300.0)]);
    assert_eq!(told(&back[0]), [(0, 100.0, 300.0, Change::Carriageway)]);
    assert_eq!(back[0].parts[0].direction, Some(Direction::Increasing));
}

#[test]
fn a_road_that_is_gone_far_or_doubtful_has_no_place() {
    let old = || single("D1", &[(0.0, 0.0), (1000.0, 0.0)]);
    let lost = |new: Vec<Road>| {
        let got = brought(vec![old()], new, &[(500.0, 500.0)]);
        assert_eq!(got[0].parts, [], "{:?}", got[0]);
        format!("{:?}", got[0].lost[0].2)
    };
    assert!(lost(vec![single("D2", &[(0.0, 50.0), (900.0, 50.0)])]).starts_with("RoadGone"));
    let bypass = vec![single("D1", &[(0.0, 80.0), (1000.0, 80.0)])];
    assert!(lost(bypass).starts_with("TooFar { road: \"D1\", nearest: Metres(80.0)"));
    let crossing = vec![single("D1", &[(500.0, -900.0), (500.0, 900.0)])];
    assert!(lost(crossing).starts_with("Unlike { road: \"D1\""));
    let two = vec![
        single("D8", &[(0.0, 1.0), (1000.0, 1.0)]),
        single("D9", &[(0.0, -2.0), (1000.0, -2.0)]),
    ];
    assert!(lost(two).starts_with("Ambiguous { first: \"D8\", second: \"D9\""));
    // The road's own name is surer than the nearest line.
    let shared = vec![
        single("D8", &[(0.0, 0.0), (1000.0, 0.0)]),
        single("D1", &[(0.0, 9.0), (1000.0, 9.0)]),
    ];
    let got = brought(vec![old()], shared, &[(500.0, 600.0)]);
    assert_eq!(told(&got[0]), [(1, 500.0, 600.0, Change::Same)]);
    assert_eq!(got[0].parts[0].distance, Metres::of(9.0));
}

#[test]
fn an_empty_network_and_another_plane_are_told() {
    let old = Network::new(vec![single("D1", &[(0.0, 0.0), (100.0, 0.0)])]);
    let none = Network::new(Vec::new());
    let mut conversion = Conversion::new(&old, &none, Metres::of(25.0)).unwrap();
    let stretch =
        OldStretch { road: 0, from: Metres::ZERO, to: Metres::of(100.0), direction: None };
    let got = conversion.bring(&stretch);
    assert_eq!((got.parts.len(), got.lost.len(), got.change()), (0, 1, None));
    assert_eq!((got.lost[0].0, got.lost[0].1), (Metres::ZERO, Metres::of(100.0)));
    let elsewhere = Network::on(Plane::of_code(2975).unwrap(), Vec::new());
    let refused = Conversion::new(&old, &elsewhere, Metres::of(25.0)).unwrap_err();
    assert!(refused.to_string().contains("EPSG:2154, the new one in EPSG:2975"), "{refused}");
}

#[test]
fn references_that_the_old_network_does_not_have_are_told() {
    let left = road("D1", Carriageway::Left, &[(0.0, 9.0), (500.0, 9.0)], 0.0, &[(0, 0.0)]);
    let right =
        road("D1", Carriageway::Right, &[(0.0, 0.0), (500.0, 0.0)], 0.0, &[(0, 0.0), (2, 400.0)]);
    let old = Network::new(vec![left, right]);
    let at = |text: &str| text.parse::<PrAbscisse>().unwrap();
    let reference =
        |name: &str, side, pr: (&str, &str), cumul: Option<(f64, f64)>| WrittenReference {
            road: RoadId::new(name).unwrap(),
            carriageway: side,
            direction: None,
            by_pr: Some((at(pr.0), Some(at(pr.1)))),
            by_cumul: cumul.map(|it| (Metres::of(it.0), Some(Metres::of(it.1)))),
        };
    let right = Some(Carriageway::Right);
    let cases = [
        (reference("D2", right, ("0+0", "0+1"), None), "RoadUnknown { road: \"D2 D\" }"),
        (reference("D1", None, ("0+0", "0+1"), None), "CarriagewayUntold { road: \"D1\" }"),
        (reference("D1", right, ("1+0", "2+0"), None), "PrUnknown { road: \"D1 D\", pr: 1 }"),
        (
            reference("D1", right, ("0+0", "2+120"), None),
            "OffRoad { road: \"D1 D\", cumul: Metres(520.0)",
        ),
        (reference("D1", right, ("2+0", "0+1"), None), "Backwards"),
        (reference("D1", right, ("0+0", "2+0"), Some((0.0, 300.0))), "Contradiction"),
    ];
    for (written, expected) in cases {
        let got = format!("{:?}", Finder::new(&old).find(&written).unwrap_err());
        assert!(got.starts_with(expected), "{got}, expected {expected}");
    }
    // Rounded up past the end of the road, and to whole metres.
    let rounded = reference("D1", right, ("2+0", "2+101"), Some((400.4, 500.0)));
    let found = Finder::new(&old).find(&rounded).unwrap();
    assert_eq!((found.road, found.from, found.to), (1, Metres::of(400.4), Metres::of(500.0)));
}
