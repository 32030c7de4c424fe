//! Notes of labelled sections: what the program says of each hundred metres, what people's drawings make
//! of it, and what each half of the frames alone would have said.

use super::common::common;
use super::evaluate::{Labelled, unusable};
use super::frame::grid_over;
use super::models::Models;
use super::score::score;
use super::survey::Progress;
use crate::detection::{self, lane_width};
use crate::domain::{
    Camera, Carriageway, CellGrid, Degrees, Direction, Finding, Horizon, MeasureSettings, Metres,
    Network, PlanePoint, Reported, Road, RoadId, RoadPlace, Score, ScoringGrid, Seconds,
    SectionNotes, StretchNote, Survey, Validity,
};
use crate::evaluation::{CellTruth, cell_truth};
use crate::georeferencing::{CELL_M, Look, lay};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Length that is noted.
///
/// Source: the measure asked of the project, notes per 100 m.
const PITCH_M: f64 = 100.0;

/// Length of sight, metres: with every other frame of a survey that takes one each 5 m, each cell of 5 m
/// then lies whole in one frame at least.
///
/// Chosen: two steps and a cell.
const SIGHT_M: f64 = 3.0 * CELL_M;

/// Standard deviation of a lane's width about the one that is given, as a share of it.
///
/// Chosen: 3.5 m give or take a decimetre.
const LANE_SD: f64 = 0.03;

/// What is needed to note labelled sections.
pub struct Noting<'a> {
    /// The models.
    pub models: &'a Models<'a>,
    /// Measures on the ground.
    pub measure: &'a MeasureSettings,
    /// How defects become notes.
    pub grid: &'a ScoringGrid,
    /// Width of the own lane, which gives the height of the camera.
    pub lane: Metres,
}

/// One frame of the section: where, what the model claims, what people drew.
struct Framed {
    metres: f64,
    size: (f64, f64),
    said: CellGrid,
    drawn: CellGrid,
}

/// Notes one section from its frames, told by rank and chainage and fetched one by one.
///
/// The camera is estimated from the lane: its pitch from where the edges meet, its height from their
/// distance. Memory is that of the section's grids, some 80 KiB a frame.
pub fn note_section(
    section: &str,
    frames: &[(usize, f64)],
    fetch: &(dyn Fn(usize) -> Labelled + Sync),
    noting: &Noting<'_>,
    progress: &dyn Progress,
) -> Reported<Option<SectionNotes>> {
    let (mut placed, mut findings): (Vec<Framed>, Vec<Finding>) = (Vec::new(), Vec::new());
    let looked: Vec<Result<Framed, Finding>> = frames
        .into_par_iter()
        .map(|(rank, metres)| {
            let one = look(*metres, fetch(*rank), noting.models);
            progress.frame();
            one
        })
        .collect();
    for one in looked {
        match one {
            Ok(one) => placed.push(one),
            Err(finding) => findings.push(finding),
        }
    }
    placed.sort_by(|a, b| a.metres.total_cmp(&b.metres));
    let value = camera_of(&placed, noting).map(|camera| notes(section, &placed, &camera, noting));
    Reported { value, findings }
}

fn look(metres: f64, frame: Labelled, models: &Models<'_>) -> Result<Framed, Finding> {
    let labelled = frame.map_err(|(name, why)| unusable(&name, why))?;
    let image = labelled.frame.image();
    let size = (f64::from(image.width()), f64::from(image.height()));
    let (_, said) = grid_over(image, labelled.region, models)
        .map_err(|why| unusable(&labelled.frame.stamp.clip, why))?;
    let truth = cell_truth(&labelled.mask, &labelled.region, said.columns(), said.rows());
    let drawn = as_claimed(&truth, &said);
    Ok(Framed { metres, size, said, drawn })
}

/// What people drew, as a model that is sure of it would claim it.
fn as_claimed(truth: &CellTruth, like: &CellGrid) -> CellGrid {
    let sure = |plane: &[bool]| plane.iter().map(|it| f32::from(u8::from(*it))).collect();
    let [lane, crack, pothole] = &truth.planes;
    let [lane_share, crack_share, pothole_share] = truth.shares.clone();
    let planes = [sure(lane), sure(crack), sure(pothole), lane_share, crack_share, pothole_share];
    CellGrid::new(like.columns(), like.rows(), like.region(), planes)
        .expect("as many cells as the grid it is drawn over")
}

fn camera_of(placed: &[Framed], noting: &Noting<'_>) -> Option<Camera> {
    let size = placed.first()?.size;
    let lane_from = noting.models.pavement.thresholds.lane;
    // Source: the field of view is that of `defaults.toml`; only its ratio with the pitch matters.
    let flat = Camera::new(Metres::of(1.0), Degrees::of(0.0), Degrees::of(62.0), Horizon::FromLane)
        .ok()?;
    let grids: Vec<CellGrid> = placed.iter().map(|it| it.said.clone()).collect();
    let pitch = detection::estimate_pitch(&grids, lane_from, &flat, size)?;
    let low = flat.with_pitch(pitch.pitch).ok()?;
    // Lengths follow the height: at a height of 1 m the lane seems so many times narrower. Distances
    // do too, so a camera as high as most stands in for the first look.
    let mut height = 2.0;
    for _ in 0..3 {
        let camera =
            Camera::new(Metres::of(height), low.pitch(), low.hfov(), Horizon::FromLane).ok()?;
        let mut widths: Vec<f64> = grids
            .iter()
            .filter_map(|it| lane_width(it, lane_from, &camera, size))
            .map(Metres::get)
            .collect();
        widths.sort_by(f64::total_cmp);
        let width = widths.get(widths.len() / 2)?;
        height *= noting.lane.get() / width;
    }
    let camera =
        Camera::new(Metres::of(height), low.pitch(), low.hfov(), Horizon::FromLane).ok()?;
    Some(camera.known_to(pitch.sd(), Metres::of(height * LANE_SD)))
}

fn notes(section: &str, placed: &[Framed], camera: &Camera, noting: &Noting<'_>) -> SectionNotes {
    let start = placed[0].metres;
    let network = straight(placed[placed.len() - 1].metres - start + 2.0 * PITCH_M, noting.lane);
    let settings = MeasureSettings {
        far: noting.measure.far.max(noting.measure.near + SIGHT_M),
        ..*noting.measure
    };
    let grid = ScoringGrid { section_pitch: Metres::of(PITCH_M), ..noting.grid.clone() };
    let survey = |of: &dyn Fn(&Framed) -> CellGrid, taken: &dyn Fn(usize) -> bool| -> Survey {
        let looks: Vec<Look> = placed
            .iter()
            .enumerate()
            .filter(|it| taken(it.0))
            .map(|(frame, it)| Look {
                frame,
                time: Seconds::of(0.0),
                place: RoadPlace {
                    road: 0,
                    direction: Direction::Increasing,
                    cumul: Metres::of(it.metres - start),
                    offset: Metres::ZERO,
                },
                validity: Validity::Valid,
                doubt: camera.length_doubt(),
                reach: f64::INFINITY,
                measures: detection::measure(
                    &of(it),
                    None,
                    camera,
                    it.size,
                    &noting.models.pavement.thresholds,
                    &settings,
                ),
            })
            .collect();
        let laid = lay(&looks, &network, &settings);
        Survey { cells: laid.cells, ..Survey::default() }
    };
    let rated = |survey: &Survey| score(&network, survey, &grid).value.ratings;
    let (said, drawn) = (|it: &Framed| it.said.clone(), |it: &Framed| it.drawn.clone());
    let stretches = rated(&survey(&said, &|_| true))
        .into_iter()
        .zip(rated(&survey(&drawn, &|_| true)))
        .filter_map(|(said, drawn)| {
            let place = &said.distress.section;
            Some(StretchNote {
                from: place.from + Metres::of(start),
                to: place.to + Metres::of(start),
                measured: said.rating.notes()?.ng,
                interval: *said.rating.interval()?,
                drawn: drawn.rating.notes()?.ng,
                coverage: said.rating.coverage().valid,
            })
        })
        .collect();
    let passes = |of: &dyn Fn(&Framed) -> CellGrid| -> Vec<(Score, Score)> {
        let halves = [0, 1].map(|half| survey(of, &|it| it % 2 == half));
        let (first, second) = common((&network, &halves[0]), (&network, &halves[1]));
        let both = rated(&first).into_iter().zip(rated(&second));
        both.filter_map(|(a, b)| Some((a.rating.notes()?.ng, b.rating.notes()?.ng))).collect()
    };
    SectionNotes {
        section: section.to_owned(),
        camera: *camera,
        n_frames: placed.len(),
        stretches,
        passes: passes(&said),
        drawn_passes: passes(&drawn),
    }
}

/// A straight road of two lanes: chainages are its cumuls.
fn straight(length: f64, lane: Metres) -> Network {
    let axis = vec![PlanePoint { x: 0.0, y: 0.0 }, PlanePoint { x: length, y: 0.0 }];
    let id = RoadId::new("labelled").expect("a word names a road");
    let (carriageway, width) = (Carriageway::Single, lane * 2.0);
    let road =
        Road::new(id, carriageway, 1, String::new(), width, 2, axis, Metres::ZERO, Vec::new());
    Network::new(vec![road.expect("a straight line of some length is a road")])
}
