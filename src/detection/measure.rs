//! From cells of a frame to metres and square metres on the road.

use super::components::components;
use super::ground::{LaneEdges, Patch, Row, lay_out, rows_of};
use super::nature::{CrackShape, classify, severity};
use super::width::WidthGauge;
use crate::domain::{
    Camera, CellGrid, CellThresholds, Defect, DefectKind, Extent, GroundMeasure, GroundPoint,
    Image, MeasureSettings, Metres, PixelBox, Ratio, Severity, SquareMetres,
};

/// Shortest part of a transverse crack that a frame may show, metres.
///
/// Chosen: a cell of the model at 8 m. Parts of one crack are joined on the road, and only then held
/// to the least length of the settings: one gap of a cell must not lose both its sides.
const LEAST_PART_M: f64 = 0.15;

/// What one frame shows, laid on the ground.
struct Scene<'a> {
    grid: &'a CellGrid,
    patches: &'a [Option<Patch>],
    edges: LaneEdges,
    gauge: Option<WidthGauge<'a>>,
    settings: &'a MeasureSettings,
}

/// Measures every crack and pothole of the own lane between the near and far limits.
///
/// With the frame's image, the width of cracks is measured near the vehicle, and their severity
/// follows; without, they have that of the settings.
///
/// # Units
///
/// Lengths in metres along the path of a line crack; areas in m² on the road plane; widths in mm.
#[must_use]
pub fn measure(
    grid: &CellGrid,
    image: Option<&Image>,
    camera: &Camera,
    frame: (f64, f64),
    limits: &CellThresholds,
    settings: &MeasureSettings,
) -> Vec<GroundMeasure> {
    let patches = lay_out(grid, camera, frame, settings);
    let in_lane = |it: usize| patches[it].is_some() && grid.lane()[it] > limits.lane;
    let marked = |plane: &[f32], from: f32| -> Vec<bool> {
        (0..plane.len()).map(|it| in_lane(it) && plane[it] > from).collect()
    };
    let potholes = marked(grid.pothole(), settings.least_probability.1);
    let mut cracks = marked(grid.crack(), settings.least_probability.0);
    let holes = components(&potholes, grid.columns(), (1, 1));
    // The broken rim of a pothole is the pothole's, not a crack.
    for cell in holes.iter().flatten() {
        for near in around(*cell, grid.columns(), grid.rows()) {
            cracks[near] = false;
        }
    }
    let is_sound = |it: usize| in_lane(it) && !cracks[it] && !potholes[it];
    let gauge = image.map(|it| WidthGauge::new(it, grid, &patches, is_sound, settings.widths));
    let edges = LaneEdges::of(grid, &patches, limits.lane);
    let scene = Scene { grid, patches: &patches, edges, gauge, settings };
    let groups = components(&cracks, grid.columns(), (2, 1));
    let mut found: Vec<GroundMeasure> = groups.iter().filter_map(|it| crack(&scene, it)).collect();
    found.extend(holes.iter().filter_map(|it| pothole(&scene, it, limits.pothole_gain)));
    found
}

fn crack(scene: &Scene<'_>, group: &[usize]) -> Option<GroundMeasure> {
    let Scene { grid, patches, settings, .. } = *scene;
    let rows = rows_of(patches, group, grid.columns(), grid.crack_share());
    // Rows run from the top of the frame: the first is the farthest.
    let (far_row, near_row) = (rows.first()?, rows.last()?);
    #[expect(clippy::cast_precision_loss, reason = "a grid has some thousand cells")]
    let count = rows.len() as f64;
    let mean = |pick: &dyn Fn(&Row) -> f64| rows.iter().map(pick).sum::<f64>() / count;
    let (grain, cell) = (mean(&|it| it.far - it.near), mean(&|it| it.width));
    let left = rows.iter().map(|it| it.left).fold(f64::INFINITY, f64::min);
    let right = rows.iter().map(|it| it.right).fold(f64::NEG_INFINITY, f64::max);
    let (near, far) = (near_row.near, far_row.far);
    let filled: f64 = rows.iter().map(|it| (it.far - it.near) * (it.right - it.left)).sum();
    // A crack ends somewhere inside its last cells: half of each is taken off.
    let along = (far - near - (far_row.far - far_row.near + near_row.far - near_row.near) / 2.0)
        .max(grain / 2.0);
    let across = (right - left - cell).max(cell / 2.0);
    let marked = rows.iter().map(|it| it.marked).sum();
    let kind = classify(
        &CrackShape { along: far - near, across: right - left, filled, marked, grain },
        &scene.edges.place(&rows),
        &settings.shapes,
    );
    let width = scene.gauge.as_ref().and_then(|it| it.millimetres(kind, group));
    let branched = filled / (far - near).max(1e-6) > settings.widths.spread * cell
        && kind != DefectKind::TransverseCracking;
    let severity =
        width.map_or(settings.crack_severity, |it| severity(kind, it, branched, &settings.widths));
    let extent = match kind {
        DefectKind::AlligatorCracking | DefectKind::BlockCracking => {
            let inner: f64 = rows
                .iter()
                .map(|it| (it.far - it.near) * (it.right - it.left - it.width).max(0.0))
                .sum();
            let area = inner * (along / (far - near).max(1e-6));
            (area >= settings.least_mesh).then(|| Extent::Area(SquareMetres::of(area)))?
        }
        DefectKind::TransverseCracking => {
            let lean =
                if count > 1.0 { (near_row.centre - far_row.centre).abs().min(along) } else { 0.0 };
            let length = across.hypot(lean * 0.5);
            (length >= LEAST_PART_M).then(|| Extent::Length(Metres::of(length)))?
        }
        _ => {
            let drift = (near_row.centre - far_row.centre).abs();
            let length = along.hypot(drift);
            (length >= settings.least_length).then(|| Extent::Length(Metres::of(length)))?
        }
    };
    let trim = |row: &Row| (row.far - row.near) / 2.0;
    let (near, far) = if kind == DefectKind::TransverseCracking {
        (near, far)
    } else {
        (near + trim(near_row), (far - trim(far_row)).max(near + trim(near_row) + 1e-3))
    };
    Some(GroundMeasure {
        defect: Defect { kind, severity, extent },
        nearest: GroundPoint { ahead: near, right: left + cell / 2.0 },
        farthest: GroundPoint { ahead: far, right: right - cell / 2.0 },
        bounds: bounds(grid, group)?,
        confidence: belief(confidence(grid.crack(), group), settings.beliefs.0),
        width_mm: width,
    })
}

fn pothole(scene: &Scene<'_>, group: &[usize], gain: f32) -> Option<GroundMeasure> {
    let Scene { grid, patches, settings, .. } = *scene;
    let mut cells: Vec<usize> =
        group.iter().flat_map(|it| around(*it, grid.columns(), grid.rows())).collect();
    cells.sort_unstable();
    cells.dedup();
    // The expected share of each cell, its rim included, sums to the area whatever the grid.
    let (mut area, mut ahead, mut right) = (0.0, 0.0, 0.0);
    for cell in cells {
        let Some(patch) = patches[cell] else { continue };
        let part = patch.area() * f64::from(grid.pothole_share()[cell] * gain);
        area += part;
        ahead += part * patch.middle();
        right += part * f64::midpoint(patch.left, patch.right);
    }
    if area < settings.least_pothole {
        return None;
    }
    let (ahead, right) = (ahead / area, right / area);
    let [low, medium] = settings.pothole_areas;
    let severity = if area < low {
        Severity::Low
    } else if area <= medium {
        Severity::Medium
    } else {
        Severity::High
    };
    let half = (area / std::f64::consts::PI).sqrt();
    Some(GroundMeasure {
        defect: Defect {
            kind: DefectKind::Pothole,
            severity,
            extent: Extent::Count(1.0, SquareMetres::of(area)),
        },
        nearest: GroundPoint { ahead: ahead - half, right: right - half },
        farthest: GroundPoint { ahead: ahead + half, right: right + half },
        bounds: bounds(grid, group)?,
        confidence: belief(confidence(grid.pothole(), group), settings.beliefs.1),
        width_mm: None,
    })
}

/// The cell and its neighbours inside the grid.
fn around(cell: usize, columns: usize, rows: usize) -> impl Iterator<Item = usize> {
    let (row, column) = (cell / columns, cell % columns);
    (row.saturating_sub(1)..=(row + 1).min(rows - 1)).flat_map(move |y| {
        (column.saturating_sub(1)..=(column + 1).min(columns - 1)).map(move |x| y * columns + x)
    })
}

fn bounds(grid: &CellGrid, group: &[usize]) -> Option<PixelBox> {
    let boxes: Vec<PixelBox> =
        group.iter().map(|it| grid.bounds(it % grid.columns(), it / grid.columns())).collect();
    PixelBox::new(
        boxes.iter().map(PixelBox::left).fold(f64::INFINITY, f64::min),
        boxes.iter().map(PixelBox::top).fold(f64::INFINITY, f64::min),
        boxes.iter().map(PixelBox::right).fold(f64::NEG_INFINITY, f64::max),
        boxes.iter().map(PixelBox::bottom).fold(f64::NEG_INFINITY, f64::max),
    )
}

fn confidence(plane: &[f32], group: &[usize]) -> Ratio {
    #[expect(clippy::cast_precision_loss, reason = "a grid has some thousand cells")]
    let count = group.len() as f64;
    Ratio::clamped(group.iter().map(|it| f64::from(plane[*it])).sum::<f64>() / count)
}

/// How likely a group is real, from the mean probability of its cells.
///
/// # Source
///
/// Platt, « Probabilistic outputs for support vector machines », 1999: a scale and a shift of logits.
fn belief(mean: Ratio, (scale, shift): (f64, f64)) -> Ratio {
    let p = mean.get().clamp(1e-6, 1.0 - 1e-6);
    let logit = scale * (p / (1.0 - p)).ln() + shift;
    Ratio::clamped(1.0 / (1.0 + (-logit).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Degrees, Horizon, ShapeRules, WidthRules};

    const LIMITS: CellThresholds =
        CellThresholds { lane: 0.5, crack: 0.5, pothole: 0.5, pothole_gain: 1.0 };
    const FRAME: (f64, f64) = (1280.0, 720.0);

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

    fn camera() -> Camera {
        Camera::new(Metres::of(1.6), Degrees::of(11.0), Degrees::of(62.0), Horizon::Configured)
            .unwrap()
    }

    /// A perfect model's output for what `crack` and `hole` say of each ground point.
    #[expect(clippy::cast_precision_loss, reason = "some thousand cells")]
    fn seen(crack: impl Fn(f64, f64) -> bool, hole: impl Fn(f64, f64) -> bool) -> CellGrid {
        let (columns, rows) = (64usize, 40usize);
        let region = super::super::cells::region((1280, 720), Some(&camera()));
        let mut planes: [Vec<f32>; 6] = std::array::from_fn(|_| vec![0.0; columns * rows]);
        for cell in 0..columns * rows {
            let (mut in_lane, mut in_crack, mut in_hole) = (0.0f32, 0.0f32, 0.0f32);
            for sub in 0..256 {
                let x = region.left()
                    + ((cell % columns) as f64 + (f64::from(sub % 16) + 0.5) / 16.0)
                        * region.width()
                        / 64.0;
                let y = region.top()
                    + ((cell / columns) as f64 + (f64::from(sub / 16) + 0.5) / 16.0)
                        * region.height()
                        / 40.0;
                if let Some(it) = camera().to_ground(FRAME, x, y) {
                    in_lane += f32::from(u8::from(it.right.abs() < 1.5)) / 256.0;
                    in_crack += f32::from(u8::from(crack(it.ahead, it.right))) / 256.0;
                    in_hole += f32::from(u8::from(hole(it.ahead, it.right))) / 256.0;
                }
            }
            let yes = |it: bool| if it { 0.9 } else { 0.1 };
            let values = [
                yes(in_lane > 0.5),
                yes(in_crack > 0.015),
                yes(in_hole > 0.15),
                in_lane,
                in_crack,
                in_hole,
            ];
            for (plane, value) in planes.iter_mut().zip(values) {
                plane[cell] = value;
            }
        }
        CellGrid::new(columns, rows, region, planes).unwrap()
    }

    fn only(grid: &CellGrid) -> GroundMeasure {
        let all = measure(grid, None, &camera(), FRAME, &LIMITS, &settings());
        assert_eq!(all.len(), 1, "{all:?}");
        all[0].clone()
    }

    #[test]
    fn a_longitudinal_crack_has_its_length() {
        let got =
            only(&seen(|a, r| (4.5..9.5).contains(&a) && (r - 0.6).abs() < 0.02, |_, _| false));
        assert_eq!(got.defect.kind, DefectKind::LongitudinalCracking);
        let length = got.defect.extent.length().unwrap().get();
        assert!((length - 5.0).abs() < 0.4, "{length}");
        assert!(
            (got.nearest.ahead - 4.5).abs() < 0.3 && (got.farthest.ahead - 9.5).abs() < 0.4,
            "{got:?}"
        );
    }

    #[test]
    fn a_transverse_crack_has_its_length() {
        for at in [4.5, 6.0, 8.0, 10.0] {
            let got = only(&seen(
                move |a, r| (a - at).abs() < 0.03 && (-1.2..1.0).contains(&r),
                |_, _| false,
            ));
            assert_eq!(got.defect.kind, DefectKind::TransverseCracking, "{at}");
            let length = got.defect.extent.length().unwrap().get();
            assert!((length - 2.2).abs() < 0.15, "{at}: {length}");
        }
    }

    #[test]
    fn a_mesh_has_its_area() {
        for at in [4.5, 6.5, 8.5] {
            let mesh =
                move |a: f64, r: f64| (at..at + 3.0).contains(&a) && (-1.0..0.2).contains(&r);
            let got = only(&seen(mesh, |_, _| false));
            assert_eq!(got.defect.kind, DefectKind::AlligatorCracking);
            let area = got.defect.extent.area().get();
            assert!((area / 3.6 - 1.0).abs() < 0.15, "{at}: {area}");
        }
    }

    #[test]
    fn a_pothole_has_its_place_and_area() {
        for at in [4.5, 6.0, 8.0, 11.0] {
            let hole = move |a: f64, r: f64| (a - at).hypot(r + 0.5) < 0.3;
            let got = only(&seen(|_, _| false, hole));
            assert_eq!(
                (got.defect.kind, got.defect.severity),
                (DefectKind::Pothole, Severity::Medium)
            );
            let area = got.defect.extent.area().get();
            assert!((area / 0.2827 - 1.0).abs() < 0.1, "{at}: {area}");
            let ahead = f64::midpoint(got.nearest.ahead, got.farthest.ahead);
            assert!((ahead - at).abs() < 0.15, "{at}: {ahead}");
        }
    }

    #[test]
    fn a_sound_lane_and_the_next_lane_give_nothing() {
        let none = seen(|_, _| false, |_, _| false);
        assert!(measure(&none, None, &camera(), FRAME, &LIMITS, &settings()).is_empty());
        let other = seen(|a, r| (4.0..9.0).contains(&a) && (r + 1.9).abs() < 0.1, |_, _| false);
        assert!(measure(&other, None, &camera(), FRAME, &LIMITS, &settings()).is_empty());
    }
}
