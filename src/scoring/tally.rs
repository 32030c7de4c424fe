//! What is wrong with each section: the sum of its cells.

use super::measure::join;
use crate::domain::{
    Defect, DefectKind, Extent, Metres, Network, Refusal, RoadCell, Section, SectionDistress,
    Severity, Sight, SquareMetres, Validity,
};
use std::collections::BTreeMap;

/// Sums the defects of the cells of each section.
///
/// A cell belongs to the section that holds its centre; at the end of a road, to the section that
/// it overlaps. `cells` come sorted by road, direction and cumul, as a survey gives them: they are
/// walked once. Defects of refused cells count for nothing.
///
/// Coverage is a share of the section's metres, seen in at least one direction; the observed area
/// counts each lane that was seen.
///
/// # Panics
///
/// When a cell lies on a road that is not in `network`.
#[must_use]
pub fn tally(sections: &[Section], network: &Network, cells: &[RoadCell]) -> Vec<SectionDistress> {
    let mut by_road: Vec<usize> = (0..sections.len()).collect();
    by_road.sort_by(|a, b| {
        let (a, b) = (&sections[*a], &sections[*b]);
        a.road.cmp(&b.road).then(a.from.get().total_cmp(&b.from.get()))
    });
    let mut sums: Vec<Sum> = sections.iter().map(Sum::of).collect();
    for run in cells.chunk_by(|a, b| (a.road, a.direction) == (b.road, b.direction)) {
        let road = run[0].road;
        let start = by_road.partition_point(|it| sections[*it].road < road);
        let end = by_road.partition_point(|it| sections[*it].road <= road);
        let lane = network.roads()[road].lane_width();
        let mut mine = &by_road[start..end];
        for cell in run {
            while mine.first().is_some_and(|it| sections[*it].to <= cell.from) {
                mine = &mine[1..];
            }
            let n_met = mine.iter().take_while(|it| sections[**it].from < cell.to).count();
            let met = &mine[..n_met];
            for it in met {
                sums[*it].sight.take(cell);
            }
            let centre = (cell.from + cell.to) * 0.5;
            let home = met.iter().find(|it| centre < sections[**it].to).or(met.last());
            if let Some(home) = home {
                sums[*home].add(cell, lane);
            }
        }
    }
    sections.iter().zip(sums).map(|(section, sum)| sum.close(section)).collect()
}

/// What the cells of one section add up to.
struct Sum {
    extents: BTreeMap<(DefectKind, Severity), Extent>,
    observed: SquareMetres,
    /// Sum over the observed area.
    geometry: f64,
    sight: Sight,
    refused: BTreeMap<Validity, u32>,
}

impl Sum {
    fn of(section: &Section) -> Self {
        Self {
            extents: BTreeMap::new(),
            observed: SquareMetres::ZERO,
            geometry: 0.0,
            sight: Sight::over(section.from, section.to),
            refused: BTreeMap::new(),
        }
    }

    /// Takes the cell in.
    fn add(&mut self, cell: &RoadCell, lane: Metres) {
        if cell.validity != Validity::Valid {
            *self.refused.entry(cell.validity).or_default() += 1;
            return;
        }
        let area = (cell.to - cell.from) * lane;
        self.observed += area;
        self.geometry += cell.geometry * area.get();
        for Defect { kind, severity, extent } in &cell.defects {
            self.extents
                .entry((*kind, *severity))
                .and_modify(|it| *it = join(*kind, *it, *extent))
                .or_insert(*extent);
        }
    }

    fn close(self, section: &Section) -> SectionDistress {
        let mut refused: BTreeMap<Validity, (u32, Metres)> = self
            .refused
            .into_iter()
            .map(|(reason, n_cells)| (reason, (n_cells, Metres::ZERO)))
            .collect();
        for (reason, length) in self.sight.refused() {
            refused.entry(reason).or_default().1 = length;
        }
        let refused = refused.into_iter().map(|(reason, (n_cells, length))| Refusal {
            reason,
            n_cells,
            length,
        });
        let defects = self
            .extents
            .into_iter()
            .map(|((kind, severity), extent)| Defect { kind, severity, extent })
            .collect();
        SectionDistress {
            section: section.clone(),
            defects,
            observed: self.observed,
            geometry: self.geometry / self.observed.get().max(1e-9),
            coverage: self.sight.coverage(),
            refused: refused.collect(),
            drives: self.sight.drives(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Carriageway, Coverage, Direction, PlanePoint, Ratio, Road, RoadId, SectionId,
    };
    use proptest::prelude::*;

    /// One road of 400 m, 6 m wide, two lanes.
    fn network() -> Network {
        let line = [(0.0, 0.0), (400.0, 0.0)].map(|(x, y)| PlanePoint { x, y }).to_vec();
        let road = Road::new(
            RoadId::new("D1").unwrap(),
            Carriageway::Single,
            2,
            "REVEL".into(),
            Metres::of(6.0),
            2,
            line,
            Metres::ZERO,
            vec![],
        );
        Network::new(vec![road.unwrap()])
    }

    fn sections(ends: &[f64]) -> Vec<Section> {
        ends.windows(2)
            .map(|pair| Section {
                id: SectionId::from_text(&format!("{}", pair[0])),
                road: 0,
                from: Metres::of(pair[0]),
                to: Metres::of(pair[1]),
                width: Metres::of(6.0),
            })
            .collect()
    }

    fn cell(direction: Direction, from: f64, validity: Validity, cracks_m2: f64) -> RoadCell {
        let crack = Defect {
            kind: DefectKind::AlligatorCracking,
            severity: Severity::Low,
            extent: Extent::Area(SquareMetres::of(cracks_m2)),
        };
        RoadCell {
            road: 0,
            direction,
            from: Metres::of(from),
            to: Metres::of(from + 5.0),
            validity,
            n_frames: 1,
            n_drives: Some(1),
            newest: None,
            geometry: 0.0,
            defects: if cracks_m2 > 0.0 { vec![crack] } else { vec![] },
        }
    }

    #[test]
    fn cells_add_up_in_the_section_that_holds_their_centre() {
        use Direction::{Decreasing, Increasing};
        let cells = [
            cell(Increasing, 0.0, Validity::Valid, 1.0),
            cell(Increasing, 5.0, Validity::Valid, 2.0),
            cell(Increasing, 10.0, Validity::Blurred, 9.0),
            // Straddles 20 m, centre at 20.5: defects to the second section, metres to both.
            cell(Increasing, 18.0, Validity::Valid, 4.0),
            // Both lanes seen: twice the area, the same metres.
            cell(Decreasing, 5.0, Validity::Valid, 0.5),
            // Overhangs the last section.
            cell(Decreasing, 38.0, Validity::Valid, 0.25),
        ];
        let found = tally(&sections(&[0.0, 20.0, 40.0]), &network(), &cells);
        let area = |it: &SectionDistress| it.area_of(DefectKind::AlligatorCracking).get();
        assert_eq!((area(&found[0]), area(&found[1])), (3.5, 4.25));
        assert_eq!((found[0].observed.get(), found[1].observed.get()), (45.0, 30.0));
        assert!((found[0].coverage.valid.get() - 12.0 / 20.0).abs() < 1e-12);
        assert!((found[0].coverage.invalid.get() - 5.0 / 20.0).abs() < 1e-12);
        assert!((found[1].coverage.valid.get() - 5.0 / 20.0).abs() < 1e-12);
        let blurred = Refusal { reason: Validity::Blurred, n_cells: 1, length: Metres::of(5.0) };
        assert_eq!(found[0].refused, [blurred]);
        assert!(found[1].refused.is_empty());
    }

    #[test]
    fn a_cell_refused_one_way_and_valid_the_other_is_seen() {
        let cells = [
            cell(Direction::Increasing, 0.0, Validity::TooDark, 0.0),
            cell(Direction::Decreasing, 0.0, Validity::Valid, 0.0),
        ];
        let found = &tally(&sections(&[0.0, 5.0]), &network(), &cells)[0];
        assert_eq!((found.coverage.valid, found.coverage.invalid), (Ratio::ONE, Ratio::ZERO));
        let dark = Refusal { reason: Validity::TooDark, n_cells: 1, length: Metres::ZERO };
        assert_eq!(found.refused, [dark]);
    }

    #[test]
    fn no_cell_makes_an_empty_tally() {
        let found = &tally(&sections(&[0.0, 200.0]), &network(), &[])[0];
        assert_eq!((found.observed, found.coverage), (SquareMetres::ZERO, Coverage::default()));
    }

    proptest! {
        #[test]
        fn no_defect_is_lost_or_counted_twice(
            cuts in prop::collection::vec(1.0..399.0_f64, 0..5),
            ranks in prop::collection::btree_set((0_u8..2, 0_u32..80), 0..60),
        ) {
            let mut ends = [vec![0.0, 400.0], cuts].concat();
            ends.sort_by(f64::total_cmp);
            let way = |it| if it == 0 { Direction::Increasing } else { Direction::Decreasing };
            let cells: Vec<_> = ranks
                .iter()
                .map(|(side, rank)| cell(way(*side), f64::from(*rank) * 5.0, Validity::Valid, 0.5))
                .collect();
            let found = tally(&sections(&ends), &network(), &cells);
            let area: f64 = found.iter().map(|it| it.area_of(DefectKind::AlligatorCracking).get()).sum();
            let seen: f64 = found.iter().map(|it| it.observed.get()).sum();
            #[expect(clippy::cast_precision_loss, reason = "at most 60 cells")]
            let n_cells = cells.len() as f64;
            prop_assert!((area - 0.5 * n_cells).abs() < 1e-9);
            prop_assert!((seen - 15.0 * n_cells).abs() < 1e-9);
            let both: std::collections::BTreeSet<_> = ranks.iter().map(|it| it.1).collect();
            let metres: f64 = found.iter().map(|it| it.coverage.valid.get() * it.section.length().get()).sum();
            #[expect(clippy::cast_precision_loss, reason = "at most 60 cells")]
            let want = 5.0 * both.len() as f64;
            prop_assert!((metres - want).abs() < 0.1, "{metres} of {want}");
        }
    }
}
