//! Labelled frames through the pavement model as a survey runs it, against what people drew.

use super::frame::grid_over;
use super::models::Models;
use super::privacy::hide;
use super::survey::Progress;
use crate::detection;
use crate::domain::{
    CellGrid, CellThresholds, Evaluation, Finding, FindingKind, FrameResult, JudgedCell,
    JudgedFrame, LabelledFrame, PrivacySettings, Reported, Verdict,
};
use crate::evaluation::{CellTruth, ClassTally, cell_truth, gather};
use crate::ports::FrameSink;
use rayon::iter::{ParallelBridge, ParallelIterator};

/// Cells whose mean probability says how sure a frame shows a pothole.
///
/// Source: the measure of the feasibility run: the four surest.
const SUREST: usize = 4;

/// A labelled frame, or the name of its file and what is wrong with it.
pub type Labelled = Result<LabelledFrame, (String, String)>;

/// Measures every frame. A bad one is a finding; the others are measured.
///
/// `models` are those that look at the frame of a rank: of a cross-validation, those that never saw its
/// section. Memory is that of a few frames and of a few numbers for each. The same frames give the same
/// figures, whatever the number of threads.
pub fn evaluate<'m>(
    frames: impl Iterator<Item = Labelled> + Send,
    models: &(dyn Fn(usize) -> &'m Models<'m> + Sync),
    progress: &dyn Progress,
) -> Reported<Evaluation> {
    type Rest = Vec<(usize, Result<FrameResult, Finding>)>;
    // Counts are whole numbers: the order in which workers add theirs changes nothing.
    let empty = || (Tallies::default(), Rest::new());
    let (tallies, mut rest) = frames
        .enumerate()
        .par_bridge()
        .map(|(rank, frame)| {
            let measured = measure(rank, frame, models(rank));
            progress.frame();
            (rank, measured)
        })
        .fold(empty, |(mut tallies, mut rest), (rank, measured)| {
            let result = measured.map(|(added, result)| {
                merge(&mut tallies, &added);
                result
            });
            rest.push((rank, result));
            (tallies, rest)
        })
        .reduce(empty, |(mut tallies, mut rest), (added, more)| {
            merge(&mut tallies, &added);
            rest.extend(more);
            (tallies, rest)
        });
    rest.sort_by_key(|it| it.0);
    let (mut results, mut findings) = (Vec::new(), Vec::new());
    for (_, it) in rest {
        match it {
            Ok(result) => results.push(result),
            Err(finding) => findings.push(finding),
        }
    }
    Reported { value: gather(&tallies, results), findings }
}

/// Measures one frame again and writes its picture, anonymised, to look at.
///
/// # Errors
///
/// A finding: the frame is bad, faces and plates could not be sought, or the picture not written.
pub fn judge(
    rank: usize,
    frame: Labelled,
    models: &Models<'_>,
    privacy: &PrivacySettings,
    sink: &dyn FrameSink,
) -> Result<JudgedFrame, Finding> {
    let labelled = frame.map_err(|(name, why)| unusable(&name, why))?;
    let name = labelled.frame.stamp.clip.to_string();
    let (grid, truth) = look(&labelled, models)?;
    let (_, result) = figures(rank, &labelled, &grid, &truth, models);
    let cells = judged(&grid, &truth, &models.pavement.thresholds);
    let image = labelled.frame.image();
    let size = (image.width(), image.height());
    let number = rank as u64;
    let (safe, _) = hide(labelled.frame, None, models, privacy)
        .map_err(|why| Finding::loss(&*name, FindingKind::RedactionFailed { number, why }))?;
    let picture = sink.put(&safe).map_err(|why| {
        let kind = FindingKind::PictureUnwritten { number, n_frames: 1, why: why.to_string() };
        Finding::loss(&*name, kind)
    })?;
    Ok(JudgedFrame { result, size, picture, cells })
}

pub(super) fn unusable(name: &str, why: String) -> Finding {
    Finding::loss(name, FindingKind::LabelsUnusable { why })
}

/// Counts of lane, crack and pothole.
type Tallies = [ClassTally; 3];

fn measure(
    rank: usize,
    frame: Labelled,
    models: &Models<'_>,
) -> Result<(Tallies, FrameResult), Finding> {
    let labelled = frame.map_err(|(name, why)| unusable(&name, why))?;
    let (grid, truth) = look(&labelled, models)?;
    Ok(figures(rank, &labelled, &grid, &truth, models))
}

/// What the model claims of a frame, and what people drew.
fn look(labelled: &LabelledFrame, models: &Models<'_>) -> Result<(CellGrid, CellTruth), Finding> {
    let (_, grid) = grid_over(labelled.frame.image(), labelled.region, models)
        .map_err(|why| unusable(&labelled.frame.stamp.clip, why))?;
    let truth = cell_truth(&labelled.mask, &labelled.region, grid.columns(), grid.rows());
    Ok((grid, truth))
}

/// How the two compare.
fn figures(
    rank: usize,
    labelled: &LabelledFrame,
    grid: &CellGrid,
    truth: &CellTruth,
    models: &Models<'_>,
) -> (Tallies, FrameResult) {
    let limits = &models.pavement.thresholds;
    let tallies = tally(grid, truth, limits);
    let [lane, crack, pothole] = &truth.planes;
    let found = detection::shares(grid, limits);
    let drawn = |faults: &[bool]| share(faults, lane);
    let result = FrameResult {
        name: labelled.frame.stamp.clip.to_string(),
        rank: rank as u64,
        stretch: labelled.stretch.clone(),
        cells: tallies.each_ref().map(ClassTally::confusion),
        cracked: labelled.lane_drawn.then(|| (found.cracked, drawn(crack))),
        pothole: labelled.lane_drawn.then(|| (found.pothole, drawn(pothole))),
        shows_pothole: (surest(grid.pothole()), pothole.iter().any(|it| *it)),
    };
    (tallies, result)
}

fn tally(grid: &CellGrid, truth: &CellTruth, limits: &CellThresholds) -> Tallies {
    let mut tallies = Tallies::default();
    let claims = [
        (grid.lane(), limits.lane),
        (grid.crack(), limits.crack),
        (grid.pothole(), limits.pothole),
    ];
    for ((tally, (plane, limit)), drawn) in tallies.iter_mut().zip(claims).zip(&truth.planes) {
        tally.add(plane, drawn, limit);
    }
    tallies
}

fn merge(tallies: &mut Tallies, added: &Tallies) {
    for (mine, theirs) in tallies.iter_mut().zip(added) {
        mine.merge(theirs);
    }
}

/// Cells of a fault over cells of the lane.
#[expect(clippy::cast_precision_loss, reason = "grids have some thousand cells")]
fn share(faults: &[bool], lane: &[bool]) -> f64 {
    let of_lane = lane.iter().filter(|it| **it).count();
    let both = faults.iter().zip(lane).filter(|it| *it.0 && *it.1).count();
    both as f64 / of_lane.max(1) as f64
}

/// Mean of the surest cells.
#[expect(clippy::cast_precision_loss, reason = "a few cells")]
fn surest(plane: &[f32]) -> f64 {
    let mut sorted: Vec<f32> = plane.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.truncate(SUREST);
    sorted.iter().map(|it| f64::from(*it)).sum::<f64>() / sorted.len().max(1) as f64
}

/// Cells of cracks and potholes that are claimed or drawn.
fn judged(grid: &CellGrid, truth: &CellTruth, limits: &CellThresholds) -> Vec<JudgedCell> {
    let mut cells = Vec::new();
    let faults = [
        (false, grid.crack(), limits.crack, &truth.planes[1]),
        (true, grid.pothole(), limits.pothole, &truth.planes[2]),
    ];
    for (pothole, plane, limit, drawn) in faults {
        for (at, (value, is)) in plane.iter().zip(drawn).enumerate() {
            let verdict = match (*value > limit, *is) {
                (true, true) => Verdict::Found,
                (true, false) => Verdict::Claimed,
                (false, true) => Verdict::Missed,
                (false, false) => continue,
            };
            let bounds = grid.bounds(at % grid.columns(), at / grid.columns());
            cells.push(JudgedCell { pothole, verdict, bounds });
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PixelBox;

    #[test]
    fn the_surest_cells_make_the_frame() {
        let mut plane = vec![0.0; 100];
        plane[7..11].copy_from_slice(&[0.9, 0.8, 0.7, 0.6]);
        assert!((surest(&plane) - 0.75).abs() < 1e-6);
    }

    #[test]
    fn faults_off_the_lane_do_not_count() {
        let lane = [true, true, true, false];
        assert!((share(&[true, false, false, true], &lane) - 1.0 / 3.0).abs() < 1e-12);
        assert!(share(&[true], &[false]).abs() < 1e-12);
    }

    #[test]
    fn each_cell_is_judged_once() {
        let region = PixelBox::new(0.0, 0.0, 64.0, 16.0).unwrap();
        let planes = [
            vec![1.0; 4],
            vec![0.9, 0.9, 0.1, 0.1],
            vec![0.0; 4],
            vec![0.0; 4],
            vec![0.0; 4],
            vec![0.0; 4],
        ];
        let grid = CellGrid::new(4, 1, region, planes).unwrap();
        let drawn = vec![true, false, true, false];
        let truth = CellTruth {
            planes: [vec![true; 4], drawn, vec![false; 4]],
            shares: Default::default(),
        };
        let limits = CellThresholds { lane: 0.5, crack: 0.5, pothole: 0.5, pothole_gain: 1.0 };
        let verdicts: Vec<_> = judged(&grid, &truth, &limits).iter().map(|it| it.verdict).collect();
        assert_eq!(verdicts, [Verdict::Found, Verdict::Claimed, Verdict::Missed]);
    }
}
