//! Stretches of alike condition, for the design of works: dynamic segmentation of the roads.

use super::partition::partition;
use super::rate::rate;
use crate::domain::{
    Metres, Network, Road, RoadCell, Score, ScoringGrid, Section, SectionId, Validity,
};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::collections::BTreeMap;

/// Median of the square of a standard normal value.
///
/// Source: the chi-squared distribution with one degree of freedom.
const MEDIAN_SQUARE: f64 = 0.4549;

/// A cell of road, its lanes together.
#[derive(Clone, Copy, Debug)]
struct Seen {
    from: f64,
    to: f64,
    /// Points lost by the notes of its lanes, on average.
    lost: f64,
}

/// Cuts every road where its condition changes, in the network's order.
///
/// The signal is what the note of each 5 m cell of road lacks to be flawless, lanes that were seen together;
/// breaks are those of [`partition`], for a noise estimated on each road. A road is also cut where nobody
/// saw it over the least length or more, which makes a stretch without a note, and where it passes into
/// another municipality or sector; pieces of a road of another width or category are other roads here
/// already. What is shorter than the least length joins its neighbour. Stretches tile each road.
///
/// `cells` come sorted by road, as a survey gives them.
#[must_use]
pub fn homogeneous(network: &Network, cells: &[RoadCell], grid: &ScoringGrid) -> Vec<Section> {
    let of_road = |rank: usize| {
        let start = cells.partition_point(|it| it.road < rank);
        let mine = &cells[start..cells.partition_point(|it| it.road <= rank)];
        let road = &network.roads()[rank];
        let bounds = bounds(network, rank, &signal(mine, road, grid), grid);
        let section = |pair: &[f64]| Section {
            id: SectionId::homogeneous(road, Metres::of(pair[0])),
            road: rank,
            from: Metres::of(pair[0]),
            to: Metres::of(pair[1]),
            width: road.width,
        };
        bounds.windows(2).map(section).collect::<Vec<_>>()
    };
    let by_road: Vec<_> = (0..network.roads().len()).into_par_iter().map(of_road).collect();
    by_road.concat()
}

/// What the cells of a road lack to be flawless, in points of note, by cumul.
fn signal(cells: &[RoadCell], road: &Road, grid: &ScoringGrid) -> Vec<Seen> {
    let lane = road.lane_width();
    let mut lanes: BTreeMap<u64, (Seen, f64)> = BTreeMap::new();
    for cell in cells.iter().filter(|it| it.validity == Validity::Valid && it.to > it.from) {
        let lost = if cell.defects.is_empty() {
            0.0
        } else {
            let area = (cell.to - cell.from) * lane;
            Score::BEST.points() - rate(&cell.defects, area, grid).ng.points()
        };
        let (from, to) = (cell.from.get(), cell.to.get());
        // Cells of both lanes lie on one grid; those of a survey never start below nought.
        let entry = lanes.entry(from.to_bits()).or_insert((Seen { from, to, lost: 0.0 }, 0.0));
        entry.0.lost += lost;
        entry.1 += 1.0;
    }
    let mut all: Vec<Seen> =
        lanes.into_values().map(|(it, n_lanes)| Seen { lost: it.lost / n_lanes, ..it }).collect();
    all.sort_by(|a, b| a.from.total_cmp(&b.from));
    all
}

/// Where a road is cut, its two ends included.
fn bounds(network: &Network, rank: usize, seen: &[Seen], grid: &ScoringGrid) -> Vec<f64> {
    let rules = &grid.homogeneity;
    let road = &network.roads()[rank];
    let (start, end) = (road.cumul_start().get(), road.cumul_end().get());
    let least = rules.least_length.get();
    let mut stops = vec![start, end];
    let filmed = filmed(seen, (start, end), least);
    for at in filmed.iter().flat_map(|it| [it.0, it.1]) {
        if at > start && at < end {
            stops.push(at);
        }
    }
    for division in [network.municipalities(), network.sectors()] {
        for border in division.borders(rank, rules.least_length) {
            if stops.iter().all(|it| (it - border.get()).abs() >= least) {
                stops.push(border.get());
            }
        }
    }
    stops.sort_by(f64::total_cmp);
    let variance = variance(seen, least).max(rules.least_noise * rules.least_noise);
    let mut bounds = vec![start];
    for pair in stops.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let middle = f64::midpoint(from, to);
        if filmed.iter().any(|it| it.0 < middle && middle < it.1) {
            let inside = |it: &Seen| f64::midpoint(it.from, it.to);
            let first = seen.partition_point(|it| inside(it) < from);
            let mine = &seen[first..seen.partition_point(|it| inside(it) < to)];
            bounds.extend(breaks(mine, (from, to), variance, grid));
        }
        bounds.push(to);
    }
    bounds
}

/// Breaks inside a stretch that was seen, from its cells.
fn breaks(seen: &[Seen], (from, to): (f64, f64), variance: f64, grid: &ScoringGrid) -> Vec<f64> {
    if seen.is_empty() {
        return Vec::new();
    }
    let rules = &grid.homogeneity;
    let values: Vec<f64> = seen.iter().map(|it| it.lost).collect();
    let inner = seen[1..].iter().map(|it| it.from);
    let ends: Vec<f64> = [from].into_iter().chain(inner).chain([to]).collect();
    #[expect(clippy::cast_precision_loss, reason = "roads have far fewer cells than 2^53")]
    let penalty = rules.penalty * variance * (values.len() as f64).ln();
    let ranks = partition(&values, &ends, rules.least_length.get(), penalty);
    ranks.into_iter().map(|it| ends[it]).collect()
}

/// Stretches of a road that were seen, holes below `least` bridged; those shorter than it are left out, and
/// what lies between one and an end of the road nearer than that is of it.
fn filmed(seen: &[Seen], (start, end): (f64, f64), least: f64) -> Vec<(f64, f64)> {
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    for cell in seen {
        match stretches.last_mut() {
            Some(before) if cell.from - before.1 < least => before.1 = cell.to.max(before.1),
            _ => stretches.push((cell.from, cell.to)),
        }
    }
    for it in &mut stretches {
        if it.0 - start < least {
            it.0 = start;
        }
        if end - it.1 < least {
            it.1 = end;
        }
    }
    stretches.retain(|it| it.1 - it.0 >= least);
    stretches
}

/// Variance of the noise of a cell: the larger of what neighbours differ by, and of what means over the
/// least length differ by from one to the next, brought back to a cell.
///
/// Damage spreads over neighbouring cells: what these differ by is too little to judge the mean of many.
/// Of the means, the median is taken, since some differ because the road does.
///
/// # Source
///
/// J. von Neumann, « Distribution of the ratio of the mean square successive difference to the variance »,
/// Annals of Mathematical Statistics 12(4), 1941.
#[expect(clippy::cast_precision_loss, reason = "roads have far fewer cells than 2^53")]
fn variance(seen: &[Seen], least: f64) -> f64 {
    let squares = |values: &[f64]| -> Vec<f64> {
        values.windows(2).map(|it| (it[1] - it[0]) * (it[1] - it[0]) / 2.0).collect()
    };
    let values: Vec<f64> = seen.iter().map(|it| it.lost).collect();
    let of_cells = squares(&values);
    let mean = of_cells.iter().sum::<f64>() / of_cells.len().max(1) as f64;
    let metres: f64 = seen.iter().map(|it| it.to - it.from).sum();
    let cell = metres / values.len().max(1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some ten cells")]
    let n = ((least / cell.max(0.1)).round() as usize).max(1);
    let means: Vec<f64> =
        values.chunks_exact(n).map(|it| it.iter().sum::<f64>() / n as f64).collect();
    let mut of_means = squares(&means);
    of_means.sort_by(f64::total_cmp);
    let median = of_means.get(of_means.len() / 2).copied().unwrap_or(0.0);
    mean.max(median / MEDIAN_SQUARE * n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AreaName, AreaSpan, Carriageway, Defect, DefectKind, Direction, Division, Extent,
        PlanePoint, RoadId, Severity, SquareMetres,
    };
    use proptest::prelude::*;

    fn network(start: f64, length: f64) -> Network {
        let line = vec![PlanePoint { x: 0.0, y: 0.0 }, PlanePoint { x: length, y: 0.0 }];
        let (id, width) = (RoadId::new("D1").unwrap(), Metres::of(6.0));
        let (side, start) = (Carriageway::Single, Metres::of(start));
        let road = Road::new(id, side, 2, String::new(), width, 2, line, start, vec![]);
        Network::new(vec![road.unwrap()])
    }

    fn cell(direction: Direction, from: f64, mesh_m2: f64) -> RoadCell {
        let mesh = Defect {
            kind: DefectKind::AlligatorCracking,
            severity: Severity::Medium,
            extent: Extent::Area(SquareMetres::of(mesh_m2)),
        };
        RoadCell {
            road: 0,
            direction,
            from: Metres::of(from),
            to: Metres::of(from + 5.0),
            validity: Validity::Valid,
            n_frames: 1,
            n_drives: Some(1),
            newest: None,
            geometry: 0.0,
            defects: if mesh_m2 > 0.0 { vec![mesh] } else { vec![] },
        }
    }

    /// One lane seen over cells of 5 m, each with so much mesh; none where it says so.
    fn cells(mesh: &[Option<f64>]) -> Vec<RoadCell> {
        let one = |(rank, mesh): (u32, &Option<f64>)| {
            Some(cell(Direction::Increasing, f64::from(rank) * 5.0, (*mesh)?))
        };
        (0..).zip(mesh).filter_map(one).collect()
    }

    fn ends(network: &Network, cells: &[RoadCell]) -> Vec<f64> {
        let stretches = homogeneous(network, cells, &ScoringGrid::example());
        stretches.iter().map(|it| it.to.get()).collect()
    }

    #[test]
    fn a_road_is_cut_where_its_condition_changes_and_where_nobody_saw_it() {
        // 200 m sound, 150 m of mesh, 250 m sound of which 60 m were not filmed, 20 m were not either.
        let mut mesh = [vec![Some(0.0); 40], vec![Some(3.0); 30], vec![Some(0.0); 50]].concat();
        mesh[80..92].fill(None);
        mesh[100..104].fill(None);
        assert_eq!(ends(&network(0.0, 600.0), &cells(&mesh)), [200.0, 350.0, 400.0, 460.0, 600.0]);
        let stretches = homogeneous(&network(0.0, 600.0), &cells(&mesh), &ScoringGrid::example());
        assert_eq!(stretches[1].id.as_str(), "D1-U-000200-H");
    }

    #[test]
    fn an_even_road_is_one_stretch_and_so_is_one_that_nobody_saw() {
        for mesh in [Some(0.0), Some(2.0), None] {
            assert_eq!(ends(&network(0.0, 1000.0), &cells(&[mesh; 200])), [1000.0]);
        }
        // Shorter than the least length, or seen over less than it.
        assert_eq!(ends(&network(0.0, 30.0), &cells(&[Some(1.0); 6])), [30.0]);
        assert_eq!(ends(&network(0.0, 500.0), &cells(&[Some(1.0); 6])), [500.0]);
    }

    #[test]
    fn both_lanes_speak_for_a_cell() {
        let mut both = cells(&[Some(0.0); 120]);
        both.extend((0..120).map(|rank| {
            let mesh = if rank < 60 { 0.0 } else { 6.0 };
            cell(Direction::Decreasing, f64::from(rank) * 5.0, mesh)
        }));
        assert_eq!(ends(&network(0.0, 600.0), &both), [300.0, 600.0]);
    }

    #[test]
    fn a_stretch_ends_where_the_municipality_does() {
        let span = |from: f64, to: f64, area| AreaSpan {
            from: Metres::of(from),
            to: Metres::of(to),
            area: Some(area),
        };
        let names = ["A", "B"].map(|it| AreaName { code: String::new(), name: it.to_owned() });
        let spans =
            vec![vec![span(0.0, 437.25, 0), span(437.25, 980.0, 1), span(980.0, 1000.0, 0)]];
        let division = Division::new(&names, spans);
        let network = network(0.0, 1000.0).among_municipalities(division);
        assert_eq!(ends(&network, &cells(&[Some(0.0); 200])), [437.25, 1000.0]);
    }

    #[test]
    fn a_pothole_alone_is_no_stretch() {
        let mut mesh = [Some(0.0); 200];
        mesh[77] = Some(9.0);
        assert_eq!(ends(&network(0.0, 1000.0), &cells(&mesh)), [1000.0]);
    }

    proptest! {
        #[test]
        fn stretches_tile_their_road_and_none_is_short(
            start in 0.0..300.0_f64,
            length in 1.0..2500.0_f64,
            mesh in prop::collection::vec(prop::option::weighted(0.9, 0.0..9.0_f64), 0..500),
            runs in prop::collection::vec((0_usize..500, 1_usize..60), 0..6),
        ) {
            let mut mesh = mesh;
            for (from, n) in runs {
                mesh.iter_mut().skip(from).take(n).for_each(|it| *it = None);
            }
            let network = network(start, length);
            let road = &network.roads()[0];
            let (first, last) = (road.cumul_start(), road.cumul_end());
            let cells: Vec<_> = cells(&mesh)
                .into_iter()
                .filter(|it| it.from < last && it.to > first)
                .map(|it| RoadCell { from: it.from.max(first), to: it.to.min(last), ..it })
                .collect();
            let stretches = homogeneous(&network, &cells, &ScoringGrid::example());
            prop_assert_eq!(stretches[0].from, first);
            prop_assert_eq!(stretches[stretches.len() - 1].to, last);
            for pair in stretches.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
            }
            let short = stretches.iter().any(|it| it.length().get() < 50.0 - 1e-9);
            prop_assert!(stretches.len() == 1 || !short, "{stretches:?}");
        }
    }
}
