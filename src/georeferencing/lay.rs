//! Laying what frames saw on 5 m cells of road.

use super::grid::{bounds_of, number, whole_cells};
use super::merge::{Cameras, Glimpse, Sighting, Stand, merge};
use super::sight::Chains;
use super::stitch::{Lane, Piece, stitch};
use super::views::{View, drives, fuse};
use crate::domain::{
    Defect, DefectKind, Direction, Evidence, GroundMeasure, LengthDoubt, LocatedDefect,
    MeasureSettings, Metres, Network, RoadCell, RoadPlace, Seconds, Validity,
};
use std::collections::BTreeMap;

/// What one frame saw of the road ahead of it.
#[derive(Clone, Debug)]
pub struct Look {
    /// Index of the frame in the survey.
    pub frame: usize,
    /// When it was taken.
    pub time: Seconds,
    /// Where the camera was.
    pub place: RoadPlace,
    /// Whether it can be believed.
    pub validity: Validity,
    /// How far its lengths may be wrong.
    pub doubt: LengthDoubt,
    /// How far the lane is seen, metres ahead: what lies past says nothing.
    pub reach: f64,
    /// What it measured.
    pub measures: Vec<GroundMeasure>,
}

/// Cells and defects of every road seen, by road, direction, cumul.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Laid {
    /// 5 m cells.
    pub cells: Vec<RoadCell>,
    /// Defects.
    pub defects: Vec<LocatedDefect>,
}

/// Road, direction, number of the cell from cumul 0.
type CellKey = (usize, Direction, i64);

#[derive(Default)]
struct Cell {
    n_frames: u32,
    /// Sum over the frames.
    geometry: f64,
    refused: Option<Validity>,
    /// How many drives saw it, and the newest look.
    drives: (u32, Option<Seconds>),
    views: Vec<View>,
    /// One account of all the views.
    pieces: Vec<Piece>,
}

/// Whether what is told by its length is long enough, its parts joined.
fn is_long_enough(one: &Sighting, settings: &MeasureSettings) -> bool {
    one.defect.extent.length().is_none_or(|it| it.get() >= settings.least_length)
}

/// Lays looks on the road.
///
/// Long defects (longitudinal cracks, meshes) are cut at the cells; the looks at each cell are fused
/// into one account of it, so that one crack seen in three frames counts once. Defects of one place
/// (potholes, transverse cracks) are merged first, and belong to the cell of their middle. Both are as
/// likely as the looks that could see them say together, and a cell holds what is expected of them.
/// A cell counts as seen when a valid frame saw it whole. Sight goes on over the joints between pieces
/// of one road.
#[must_use]
pub fn lay(looks: &[Look], network: &Network, settings: &MeasureSettings) -> Laid {
    let chains = Chains::new(network);
    let mut cells: BTreeMap<CellKey, Cell> = BTreeMap::new();
    // Of chains, in metres along them: a joint is no place where one defect becomes two.
    let mut sightings: BTreeMap<Lane, Vec<Sighting>> = BTreeMap::new();
    let mut cameras: BTreeMap<Lane, Vec<Stand>> = BTreeMap::new();
    for look in looks {
        let link = chains.of(look.place.road);
        let camera = look.place.cumul.get() + link.shift;
        let along = |ahead: f64| match look.place.direction {
            Direction::Increasing => camera + ahead,
            Direction::Decreasing => camera - ahead,
        };
        let (a, b) = (along(settings.near), along(settings.far.min(look.reach).max(settings.near)));
        let sight = (a.min(b), a.max(b));
        let valid = look.validity == Validity::Valid;
        // What lies past the ends of the chain is another road.
        let mut inside = (f64::INFINITY, f64::NEG_INFINITY);
        for stretch in chains.stretches(network, link.chain, sight) {
            let road = &network.roads()[stretch.road];
            let ends = (road.cumul_start().get(), road.cumul_end().get());
            let cumul = |ahead: f64| along(ahead) - stretch.shift;
            inside.0 = inside.0.min(stretch.seen.0 + stretch.shift);
            inside.1 = inside.1.max(stretch.seen.1 + stretch.shift);
            for key in whole_cells(stretch.seen, ends) {
                let cell = cells.entry((stretch.road, look.place.direction, key)).or_default();
                if !valid {
                    cell.refused = cell.refused.or(Some(look.validity));
                    continue;
                }
                cell.n_frames += 1;
                // A cell that straddles a joint belongs to two pieces, each with its part of it.
                let span = bounds_of(key);
                let span = (span.0.max(ends.0), span.1.min(ends.1));
                let cut = |it: &GroundMeasure| cut(it, look.frame, &cumul, span);
                let pieces: Vec<Piece> = look.measures.iter().filter_map(cut).collect();
                let distance = (f64::midpoint(span.0, span.1) + stretch.shift - camera).abs();
                cell.geometry += look.doubt.at(distance);
                cell.views.push(View { distance, time: look.time, pieces });
            }
        }
        if valid {
            let lane = (link.chain, look.place.direction);
            cameras.entry(lane).or_default().push((camera, look.time, look.reach));
            let of_one_place = look.measures.iter().filter(|it| !is_long(it.defect.kind));
            sightings.entry(lane).or_default().extend(
                of_one_place
                    .map(|it| sighting(it, look, &along))
                    .filter(|it| (inside.0..=inside.1).contains(&it.middle())),
            );
        }
    }
    for cell in cells.values_mut() {
        cell.drives = drives(&cell.views, settings.window_days);
        cell.pieces = fuse(&std::mem::take(&mut cell.views), settings.window_days);
    }
    let mut by_road: BTreeMap<Lane, Vec<Sighting>> = BTreeMap::new();
    for ((chain, direction), seen) in sightings {
        let mut merged = merge(seen, settings.merge_within);
        merged.retain(|it| is_long_enough(it, settings));
        let cameras = Cameras::new(cameras.remove(&(chain, direction)).unwrap_or_default());
        for one in merged {
            let Some(one) = cameras.weigh(one, direction, settings) else { continue };
            let road = chains.piece_at(network, chain, one.middle());
            let one = one.moved(-chains.of(road).shift);
            by_road.entry((road, direction)).or_default().push(one);
        }
    }
    gather(&cells, by_road, network)
}

fn gather(
    cells: &BTreeMap<CellKey, Cell>,
    found: BTreeMap<Lane, Vec<Sighting>>,
    network: &Network,
) -> Laid {
    let mut laid = Laid::default();
    for ((road, direction, key), cell) in cells {
        let (from, to) = bounds_of(*key);
        let (start, end) =
            (network.roads()[*road].cumul_start(), network.roads()[*road].cumul_end());
        laid.cells.push(RoadCell {
            road: *road,
            direction: *direction,
            from: Metres::of(from).max(start),
            to: Metres::of(to).min(end),
            validity: if cell.n_frames > 0 {
                Validity::Valid
            } else {
                cell.refused.unwrap_or(Validity::Valid)
            },
            n_frames: cell.n_frames,
            n_drives: Some(cell.drives.0),
            newest: cell.drives.1,
            geometry: cell.geometry / f64::from(cell.n_frames.max(1)),
            defects: cell.pieces.iter().map(|it| it.defect.expected(it.confidence)).collect(),
        });
    }
    let place: BTreeMap<CellKey, usize> =
        cells.keys().enumerate().map(|(index, key)| (*key, index)).collect();
    for (lane, seen) in found {
        for one in seen {
            // A place seen only by frames that saw a part of its cell belongs to the nearest cell
            // that was seen whole; a defect of the margins of a clip counts nowhere.
            let key = number(one.middle());
            let near = [key, key - 1, key + 1];
            let Some(cell) = near.iter().find_map(|it| place.get(&(lane.0, lane.1, *it))) else {
                continue;
            };
            laid.cells[*cell].defects.push(one.defect.expected(one.confidence));
            laid.defects.push(one.located(lane.0, lane.1));
        }
    }
    laid.defects.extend(stitch(
        cells.iter().map(|((road, direction, _), it)| ((*road, *direction), it.pieces.as_slice())),
    ));
    laid.defects.sort_by(|a, b| {
        (a.road, a.direction)
            .cmp(&(b.road, b.direction))
            .then(a.from.get().total_cmp(&b.from.get()))
            .then(a.defect.kind.cmp(&b.defect.kind))
            .then(a.lateral.get().total_cmp(&b.lateral.get()))
    });
    laid
}

fn is_long(kind: DefectKind) -> bool {
    !matches!(kind, DefectKind::Pothole | DefectKind::TransverseCracking)
}

/// The part of a long defect inside a cell, if any.
fn cut(
    measure: &GroundMeasure,
    frame: usize,
    along: &dyn Fn(f64) -> f64,
    cell: (f64, f64),
) -> Option<Piece> {
    if !is_long(measure.defect.kind) {
        return None;
    }
    let (a, b) = (along(measure.nearest.ahead), along(measure.farthest.ahead));
    let (from, to) = (a.min(b), a.max(b));
    let inside = (from.max(cell.0), to.min(cell.1));
    let part = (inside.1 - inside.0) / (to - from);
    if part.is_nan() || part <= 0.0 {
        return None;
    }
    let extent = measure.defect.extent.times(part);
    Some(Piece {
        kind: measure.defect.kind,
        defect: Defect { extent, ..measure.defect },
        from: inside.0,
        to: inside.1,
        lateral: f64::midpoint(measure.nearest.right, measure.farthest.right),
        confidence: measure.confidence,
        width_mm: measure.width_mm,
        evidence: Evidence { frame, bounds: measure.bounds },
    })
}

fn sighting(measure: &GroundMeasure, look: &Look, along: &dyn Fn(f64) -> f64) -> Sighting {
    let (a, b) = (along(measure.nearest.ahead), along(measure.farthest.ahead));
    let distance = f64::midpoint(measure.nearest.ahead, measure.farthest.ahead);
    Sighting {
        defect: measure.defect,
        from: a.min(b),
        to: a.max(b),
        left: measure.nearest.right,
        right: measure.farthest.right,
        distance,
        confidence: measure.confidence,
        width_mm: measure.width_mm,
        evidence: Evidence { frame: look.frame, bounds: measure.bounds },
        frames: vec![look.frame],
        views: vec![Glimpse { distance, time: look.time, belief: measure.confidence.get() }],
    }
}

#[cfg(test)]
mod tests {
    use super::super::sight::tests::pieces;
    use super::*;
    use crate::domain::{
        Extent, GroundPoint, PixelBox, Ratio, Severity, ShapeRules, SquareMetres, WidthRules,
    };

    fn network() -> Network {
        pieces(&[(0.0, 500.0, 0.0)])
    }

    fn settings() -> MeasureSettings {
        MeasureSettings {
            near: 3.5,
            far: 13.5,
            shapes: ShapeRules {
                mesh_width: 0.45,
                mesh_least: 0.6,
                block_fill: 0.5,
                block_least: 1.2,
                wheel_path: (0.9, 0.4),
                edge_within: 0.3,
            },
            least_length: 0.5,
            least_mesh: 0.5,
            least_pothole: 0.02,
            least_probability: (0.5, 0.5),
            widths: WidthRules { line: [2.0, 5.0], mesh: [2.0, 8.0], within: 8.0, spread: 1.5 },
            crack_severity: Severity::Medium,
            pothole_areas: [0.1, 0.5],
            merge_within: Metres::of(1.5),
            window_days: 14.0,
            beliefs: ((1.0, 0.0), (1.0, 0.0)),
        }
    }

    fn look(frame: usize, cumul: f64, direction: Direction, measures: Vec<GroundMeasure>) -> Look {
        let place =
            RoadPlace { road: 0, direction, cumul: Metres::of(cumul), offset: Metres::ZERO };
        Look {
            frame,
            time: Seconds::of(0.0),
            place,
            validity: Validity::Valid,
            doubt: LengthDoubt::default(),
            reach: f64::INFINITY,
            measures,
        }
    }

    fn measure(kind: DefectKind, extent: Extent, near: f64, far: f64) -> GroundMeasure {
        GroundMeasure {
            defect: Defect { kind, severity: Severity::Medium, extent },
            nearest: GroundPoint { ahead: near, right: 0.4 },
            farthest: GroundPoint { ahead: far, right: 0.6 },
            bounds: PixelBox::new(0.0, 0.0, 10.0, 10.0).unwrap(),
            confidence: Ratio::ONE,
            width_mm: None,
        }
    }

    fn drive(direction: Direction) -> Laid {
        lay(&looks(direction), &network(), &settings())
    }

    /// A crack from cumul 20 to 33 and a pothole at 26, filmed every 5 m.
    fn looks(direction: Direction) -> Vec<Look> {
        (0..20u32)
            .map(|it| {
                let step = f64::from(it) * 5.0 - 20.0;
                let cumul = if direction == Direction::Increasing { step } else { 80.0 - step };
                let sign = if direction == Direction::Increasing { 1.0 } else { -1.0 };
                let ahead = |at: f64| (at - cumul) * sign;
                let (a, b) = (ahead(20.0), ahead(33.0));
                let (near, far) = (a.min(b).max(3.5), a.max(b).min(13.5));
                let mut seen = Vec::new();
                if near < far {
                    let extent = Extent::Length(Metres::of(far - near));
                    seen.push(measure(DefectKind::LongitudinalCracking, extent, near, far));
                }
                let hole = ahead(26.0);
                if (3.5..13.5).contains(&hole) {
                    let extent = Extent::Count(1.0, SquareMetres::of(0.3));
                    seen.push(measure(DefectKind::Pothole, extent, hole - 0.3, hole + 0.3));
                }
                look(it as usize, cumul, direction, seen)
            })
            .collect()
    }

    #[test]
    fn a_crack_seen_in_many_frames_counts_once_in_both_directions() {
        for direction in [Direction::Increasing, Direction::Decreasing] {
            let laid = drive(direction);
            assert_eq!(laid.defects.len(), 2, "{:?}", laid.defects);
            let crack = &laid.defects[0];
            assert_eq!((crack.from, crack.to), (Metres::of(20.0), Metres::of(33.0)));
            assert!((crack.defect.extent.length().unwrap().get() - 13.0).abs() < 1e-6);
            let hole = &laid.defects[1];
            assert_eq!(hole.defect.extent, Extent::Count(1.0, SquareMetres::of(0.3)));
            let total: f64 = laid
                .cells
                .iter()
                .flat_map(|it| &it.defects)
                .filter_map(|it| it.extent.length())
                .map(Metres::get)
                .sum();
            assert!((total - 13.0).abs() < 1e-6, "{total}");
        }
    }

    #[test]
    fn cells_seen_only_by_refused_frames_say_why() {
        let mut dark = look(0, 0.0, Direction::Increasing, vec![]);
        dark.validity = Validity::TooDark;
        let laid =
            lay(&[dark, look(1, 5.0, Direction::Increasing, vec![])], &network(), &settings());
        let got: Vec<_> = laid.cells.iter().map(|it| (it.from.get(), it.validity)).collect();
        assert_eq!(got, [(5.0, Validity::TooDark), (10.0, Validity::Valid)]);
    }

    #[test]
    fn a_look_that_misses_a_pothole_makes_it_less_likely() {
        let hole = |ahead: f64| {
            let extent = Extent::Count(1.0, SquareMetres::of(0.3));
            vec![measure(DefectKind::Pothole, extent, ahead - 0.3, ahead + 0.3)]
        };
        let first = look(0, 20.0, Direction::Increasing, hole(7.0));
        let alone = lay(std::slice::from_ref(&first), &network(), &settings());
        assert_eq!(alone.defects[0].confidence, Ratio::ONE);
        // Nearer, and blind: 1/49 against 1/49 + 1/25.
        let second = look(1, 22.0, Direction::Increasing, vec![]);
        let both = lay(&[first, second], &network(), &settings());
        assert!((both.defects[0].confidence.get() - 25.0 / 74.0).abs() < 1e-9);
        let counted: f64 = both
            .cells
            .iter()
            .flat_map(|it| &it.defects)
            .map(|it| match it.extent {
                Extent::Count(n, _) => n,
                _ => 0.0,
            })
            .sum();
        assert!((counted - 25.0 / 74.0).abs() < 1e-9, "a cell holds what is expected");
    }

    #[test]
    fn a_road_in_pieces_is_laid_as_a_road_in_one() {
        for (direction, ahead) in [
            (Direction::Increasing, 0.0),
            (Direction::Decreasing, 0.0),
            (Direction::Increasing, 9.0),
        ] {
            let whole = drive(direction);
            // The pothole, at 26, lies on the joint: frames put it on either side.
            let ends = [(0.0, 23.4, 0.0), (23.4, 26.0, 0.0), (26.0, 500.0, ahead)];
            let network = pieces(&ends);
            let mut looks = looks(direction);
            for (rank, look) in looks.iter_mut().enumerate() {
                let at = look.place.cumul.get();
                look.place.road = ends.iter().position(|it| at <= it.1).unwrap();
                look.place.cumul += Metres::of(ends[look.place.road].2);
                let jitter = if rank % 2 == 0 { 0.2 } else { -0.2 };
                for it in &mut look.measures {
                    if it.defect.kind == DefectKind::Pothole {
                        it.nearest.ahead += jitter;
                        it.farthest.ahead += jitter;
                    }
                }
            }
            let laid = lay(&looks, &network, &settings());
            let metres =
                |laid: &Laid| laid.cells.iter().map(|it| (it.to - it.from).get()).sum::<f64>();
            // Cells are of the cumul: where it jumps, the last one seen whole may be another.
            let slack = if ahead > 0.0 { 5.0 } else { 1e-6 };
            assert!((metres(&laid) - metres(&whole)).abs() < slack, "{direction:?}");
            let crack = |laid: &Laid| -> f64 {
                let lengths = laid.defects.iter().filter_map(|it| it.defect.extent.length());
                lengths.map(Metres::get).sum()
            };
            assert!((crack(&laid) - 13.0).abs() < 1e-6, "{direction:?} {}", crack(&laid));
            let holes = laid.defects.iter().filter(|it| it.defect.kind == DefectKind::Pothole);
            assert_eq!(holes.count(), 1, "{direction:?}");
        }
    }

    #[test]
    fn the_last_cell_of_a_road_is_never_empty() {
        let near_end = look(0, 488.0, Direction::Increasing, vec![]);
        let laid = lay(&[near_end], &network(), &settings());
        assert!(laid.cells.iter().all(|it| it.to > it.from), "{:?}", laid.cells);
        assert_eq!(laid.cells.last().map(|it| it.to), Some(Metres::of(500.0)));
    }

    #[test]
    fn nothing_seen_lays_nothing() {
        assert_eq!(lay(&[], &network(), &settings()), Laid::default());
    }
}
