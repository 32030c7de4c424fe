//! Real receivers on a road with decoys beside it: `../shared/data/field`, when it is there.

use std::path::{Path, PathBuf};
use voirie::domain::{
    Carriageway, Fix, Metres, Network, Plane, PlanePoint, Projector, Road, RoadId, Seconds,
};
use voirie::georeferencing::{Matched, Matcher, RoadIndex, bare_pose, calibrated};
use voirie::io::telemetry;

fn field() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/field");
    if folder.exists() {
        return Some(folder);
    }
    eprintln!("skipped: ../shared/data is absent");
    None
}

fn fixes(path: &Path) -> Vec<Fix> {
    telemetry::read(path).expect("a track").value.fixes().to_vec()
}

/// Where the vehicle was: the fused positions, in metres, and when.
struct Truth {
    plane: Plane,
    line: Vec<(Seconds, PlanePoint)>,
}

impl Truth {
    fn read(folder: &Path) -> Self {
        let fixes = fixes(&folder.join("drive-truth.csv"));
        let plane = Plane::at(fixes[0].position);
        let projector = Projector::new(plane);
        let line = fixes.iter().filter_map(|it| Some((it.time, projector.project(it.position)?)));
        Self { plane, line: line.collect() }
    }

    fn at(&self, time: Seconds) -> Option<PlanePoint> {
        let after = self.line.partition_point(|it| it.0 < time);
        let (b, a) = (self.line.get(after)?, self.line.get(after.checked_sub(1)?)?);
        let part = (time - a.0).get() / (b.0 - a.0).get();
        let between = |a: f64, b: f64| a + (b - a) * part;
        Some(PlanePoint { x: between(a.1.x, b.1.x), y: between(a.1.y, b.1.y) })
    }

    /// The road driven, and the same road moved aside by so many metres.
    fn network(&self, aside: &[f64]) -> Network {
        let line: Vec<PlanePoint> = self.line.iter().step_by(10).map(|it| it.1).collect();
        let moved = |metres: f64| {
            let step = |rank: usize| {
                let (a, b) = (line[rank.saturating_sub(1)], line[(rank + 1).min(line.len() - 1)]);
                let length = a.distance(b).get();
                let (right, back) = ((b.y - a.y) / length, (b.x - a.x) / length);
                PlanePoint { x: line[rank].x + right * metres, y: line[rank].y - back * metres }
            };
            (0..line.len()).map(step).collect::<Vec<_>>()
        };
        let road = |(rank, metres): (usize, &f64)| {
            let (width, start) = (Metres::of(7.0), Metres::ZERO);
            let id = RoadId::new(&format!("D{rank}")).expect("a name");
            let line = moved(*metres);
            Road::new(id, Carriageway::Single, 1, String::new(), width, 2, line, start, Vec::new())
                .expect("a road")
        };
        Network::on(self.plane, aside.iter().enumerate().map(road).collect())
    }
}

fn matched(index: &RoadIndex, fixes: &[Fix]) -> Vec<Matched> {
    let projector = Projector::new(index.plane());
    let mut matcher = Matcher::new(index, calibrated(index, fixes));
    for fix in fixes {
        matcher.push(&bare_pose(fix, &projector).expect("in the plane"));
    }
    matcher.finish().0
}

/// What a receiver's clock (`utc_ms`) has more than that of the drive (`t_s`), from its first row.
fn clock(path: &Path) -> Seconds {
    let text = std::fs::read_to_string(path).expect("a table");
    let row: Vec<&str> = text.lines().nth(1).expect("a row").split(',').collect();
    let number = |rank: usize| row[rank].parse::<f64>().expect("a number");
    Seconds::of(number(4) / 1000.0 - number(0))
}

/// Median and 95th percentile.
fn quantiles(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[values.len() / 2], values[values.len() * 95 / 100])
}

#[test]
fn receivers_stay_on_the_road_driven_beside_two_decoys() {
    let Some(folder) = field() else { return };
    let truth = Truth::read(&folder);
    for receiver in ["drive-gnss-ublox.csv", "drive-gnss-qcom.csv"] {
        let clock = clock(&folder.join(receiver));
        let fixes = fixes(&folder.join(receiver));
        for decoys in [[0.0, 15.0, 30.0], [0.0, -15.0, -30.0], [0.0, 15.0, -30.0]] {
            let network = truth.network(&decoys);
            let places = matched(&RoadIndex::new(&network), &fixes);
            assert_eq!(places.len(), fixes.len());
            let right = places.iter().filter(|it| it.place.is_some_and(|it| it.road == 0)).count();
            eprintln!("{receiver} {decoys:?}: {right} / {}", places.len());
            assert!(right * 100 >= places.len() * 99, "{receiver} {decoys:?}: {right}");
        }
        // Errors across and along the road, before and after.
        let network = truth.network(&[0.0]);
        let index = RoadIndex::new(&network);
        let projector = Projector::new(network.plane());
        let road = &network.roads()[0];
        let mut errors: [Vec<f64>; 4] = Default::default();
        for (fix, place) in fixes.iter().zip(matched(&index, &fixes)) {
            let (Some(at), Some(place)) = (truth.at(fix.time - clock), place.place) else {
                continue;
            };
            let here = projector.project(fix.position).expect("in the plane");
            let (on_road, bearing) = road.point_at(place.cumul);
            let (sin, cos) = bearing.to_radians().sin_cos();
            let split = |it: PlanePoint| {
                let (dx, dy) = (it.x - at.x, it.y - at.y);
                ((dx * cos - dy * sin).abs(), (dx * sin + dy * cos).abs())
            };
            let (before, after) = (split(here), split(on_road));
            for (all, it) in errors.iter_mut().zip([before.0, before.1, after.0, after.1]) {
                all.push(it);
            }
        }
        let [across, along, across_after, along_after] = errors.map(quantiles);
        eprintln!(
            "{receiver}, metres, median and 95 %: across {across:.1?} -> {across_after:.1?}, along \
             {along:.1?} -> {along_after:.1?}"
        );
        assert!(across_after.1 < 1.0 && across_after.1 < across.1, "{across_after:?}");
        assert!(along_after.1 <= along.1 + 0.5, "{along_after:?}");
    }
}
