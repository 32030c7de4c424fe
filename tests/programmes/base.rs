//! Roads of three categories and two works units with cracks of every extent, noted.

use std::path::Path;
use voirie::domain::{
    Carriageway, Defect, DefectKind, Direction, Extent, Metres, Network, PlanePoint, PrMark,
    Provenance, Road, RoadCell, RoadId, Severity, SquareMetres, Survey, Validity,
};
use voirie::io::config;
use voirie::io::geopackage::Base;
use voirie::pipeline;

/// Length of a road, in cells of 5 m.
const CELLS: u32 = 600;

/// Budgets in thousands of euros for a road each, names that no sheet may bear as they are.
pub const SCENARIOS: &str = r#"
first_year = 2026
horizon = 6

[[scenario]]
name = "s00"
budget = "0"
observations = "Sans travaux"

[[scenario]]
name = "2026/2031 : l'entretien d'abord, puis les renouvellements"
budget = "0 k€ + 20 k€ (3 ans), puis 90 k€ + 5 k€"
observations = "=1+1 <b>"

[[scenario]]
name = "optimisé"
budget = "60 k€ + 10 k€"
selection = "optimised"
"#;

fn network(n_roads: u32) -> Network {
    let road = |rank: u32| {
        let y = 6_270_000.0 + 500.0 * f64::from(rank);
        let end = 574_000.0 + 5.0 * f64::from(CELLS);
        let sector = if rank.is_multiple_of(2) { "REVEL" } else { "MURET" };
        let marks = (0..3).map(|it| PrMark { pr: it, cumul: Metres::of(1000.0 * f64::from(it)) });
        Road::new(
            RoadId::new(&format!("D{}", 10 + rank)).unwrap(),
            Carriageway::Single,
            u8::try_from(rank % 3 + 1).unwrap(),
            sector.into(),
            Metres::of(6.0),
            2,
            [574_000.0, end].map(|x| PlanePoint { x, y }).to_vec(),
            Metres::ZERO,
            marks.collect(),
        )
    };
    Network::new((0..n_roads).map(|it| road(it).unwrap()).collect())
}

fn survey(n_roads: u32) -> Survey {
    let cell = |rank: u32, at: u32| {
        // A fixed shuffle of 200 m: neighbours differ, and most are sound.
        let u = f64::from((rank * 15 + at / 40).wrapping_mul(7919) % 101) / 101.0;
        let crack = |kind, severity, extent| Defect { kind, severity, extent };
        let defects = [
            (u > 0.3).then(|| {
                let length = Extent::Length(Metres::of(4.0 * u * u));
                crack(DefectKind::LongitudinalCracking, Severity::Low, length)
            }),
            (u > 0.6).then(|| {
                let area = Extent::Area(SquareMetres::of(14.0 * (u - 0.6)));
                crack(DefectKind::AlligatorCracking, Severity::Medium, area)
            }),
        ];
        RoadCell {
            road: rank as usize,
            direction: Direction::Increasing,
            from: Metres::of(5.0 * f64::from(at)),
            to: Metres::of(5.0 * f64::from(at + 1)),
            validity: Validity::Valid,
            n_frames: 1,
            n_drives: Some(1),
            newest: None,
            geometry: 0.0,
            defects: defects.into_iter().flatten().collect(),
        }
    };
    let cells = (0..n_roads).flat_map(|road| (0..CELLS).map(move |at| cell(road, at))).collect();
    Survey { clips: vec![], frames: vec![], cells, defects: vec![] }
}

/// A noted base of so many roads of 3 km.
pub fn write(path: &Path, n_roads: u32) {
    let (network, survey) = (network(n_roads), survey(n_roads));
    let settings = config::with_defaults(None).unwrap();
    let scored = pipeline::score(&network, &survey, &settings.grid).value;
    let provenance =
        Provenance { version: "0.1.0".into(), configuration: "cafe".into(), models: vec![] };
    let mut base = Base::create(path, &provenance).unwrap();
    base.write_network(&network).unwrap();
    base.write_survey(&network, &survey).unwrap();
    let seen = [DefectKind::LongitudinalCracking, DefectKind::AlligatorCracking];
    let (ratings, means, classes) = (&scored.ratings, &scored.aggregates, &settings.grid.classes);
    base.write_ratings(&network, ratings, means, classes, &seen).unwrap();
    base.finish().unwrap();
}
