//! How well a model does against what people drew.

use super::camera::Camera;
use super::image::PixelBox;
use super::labels::Stretch;
use super::score::{NoteInterval, Score};
use super::units::{Metres, Ratio};

/// How a measured extent follows the true one.
///
/// # Source
///
/// Bland and Altman, « Statistical methods for assessing agreement between two methods of clinical
/// measurement », The Lancet, 1986.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Pairs compared.
    pub n: usize,
    /// Correlation, -1 to 1; nothing when either does not vary.
    pub pearson: Option<f64>,
    /// Mean measured over mean true, less one; nothing when nothing is true.
    pub relative_bias: Option<f64>,
    /// Mean of measured less true, in the unit of the extents.
    pub mean_difference: f64,
    /// Limits between which 95 % of differences lie, when they are spread as a normal law.
    pub limits: (f64, f64),
}

/// One bin of the diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReliabilityBin {
    /// Mean probability claimed.
    pub claimed: f64,
    /// Share of its cells that are of the class.
    pub observed: f64,
    /// Cells in it.
    pub n_cells: u64,
}

/// How claims and facts compare.
#[derive(Clone, Debug, PartialEq)]
pub struct Reliability {
    /// Bins that hold a cell, from the least probable.
    pub bins: Vec<ReliabilityBin>,
    /// Expected calibration error: mean gap between claimed and observed, weighted by cells.
    pub expected_error: Option<f64>,
    /// The same over the cells that are claimed with a tenth or more: where most cells are plainly
    /// sound, the error over all of them flatters.
    pub expected_error_of_claims: Option<f64>,
}

/// How well one class is told.
///
/// # Units
///
/// All between 0 and 1. Nothing where nothing can be said: no cell of the class, none claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassQuality {
    /// True cells of those claimed.
    pub precision: Option<f64>,
    /// Cells found of those that are.
    pub recall: Option<f64>,
    /// Harmonic mean of the two.
    pub f1: Option<f64>,
    /// Cells both claimed and true, over those either.
    pub iou: Option<f64>,
    /// Mean precision over all thresholds.
    pub average_precision: Option<f64>,
    /// The best F1 that any threshold gives, and that threshold.
    pub best: Option<(f64, f64)>,
    /// Whether probabilities can be taken as such.
    pub reliability: Reliability,
}

/// What one labelled frame gave.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameResult {
    /// Name of its file.
    pub name: String,
    /// Its rank among those read.
    pub rank: u64,
    /// Where it was taken, when known.
    pub stretch: Option<Stretch>,
    /// Cells found, claimed wrongly, missed: of the lane, of cracks, of potholes.
    pub cells: [[u64; 3]; 3],
    /// Shares of the lane that are cracked: measured, then true; when the lane was drawn.
    pub cracked: Option<(f64, f64)>,
    /// The same of potholes.
    pub pothole: Option<(f64, f64)>,
    /// How sure the model is that a pothole is in sight, and whether one is.
    pub shows_pothole: (f64, bool),
}

impl FrameResult {
    /// Cells of cracks and potholes that are wrong, either way.
    #[must_use]
    pub fn wrong_cells(&self) -> u64 {
        self.cells[1..].iter().map(|it| it[1] + it[2]).sum()
    }
}

/// Extents of a stretch of road: means over its frames, measured then true.
#[derive(Clone, Debug, PartialEq)]
pub struct StretchResult {
    /// Which.
    pub stretch: Stretch,
    /// Frames of it.
    pub n_frames: usize,
    /// Share of the lane cracked.
    pub cracked: (f64, f64),
    /// Share of the lane in potholes.
    pub pothole: (f64, f64),
}

/// Agreement of one extent, frame by frame and by stretch of road.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtentQuality {
    /// Frame by frame.
    pub per_frame: Option<Agreement>,
    /// By hundred metres, or by twenty frames where the chainage is not in metres.
    pub per_stretch: Option<Agreement>,
}

/// Everything measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Cells of own lane; nothing when nobody drew it.
    pub lane: Option<ClassQuality>,
    /// Cells of crack.
    pub crack: ClassQuality,
    /// Cells of pothole.
    pub pothole: ClassQuality,
    /// Cracked share of the lane.
    pub cracked: ExtentQuality,
    /// Share of the lane in potholes.
    pub potholes: ExtentQuality,
    /// Average precision of « this frame shows a pothole ».
    pub shows_pothole: Option<f64>,
    /// Frame by frame, in the order read.
    pub frames: Vec<FrameResult>,
    /// Stretch by stretch, by section and rank.
    pub stretches: Vec<StretchResult>,
    /// Notes, when they were asked for.
    pub notes: Option<NotesQuality>,
}

impl Evaluation {
    /// The frames with most wrong cells, worst first; at most `n`, and none that is right.
    #[must_use]
    pub fn worst(&self, n: usize) -> Vec<&FrameResult> {
        let mut frames: Vec<_> = self.frames.iter().filter(|it| it.wrong_cells() > 0).collect();
        frames.sort_by_key(|it| (std::cmp::Reverse(it.wrong_cells()), it.rank));
        frames.truncate(n);
        frames
    }
}

/// A hundred metres of a labelled section: the note measured, and that of what people drew.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StretchNote {
    /// Chainage of its start.
    pub from: Metres,
    /// Chainage of its end.
    pub to: Metres,
    /// *Note globale* measured.
    pub measured: Score,
    /// Where the true one is said to lie.
    pub interval: NoteInterval,
    /// *Note globale* of what people drew, by the same rules.
    pub drawn: Score,
    /// Share of it that was seen.
    pub coverage: Ratio,
}

/// Notes of a labelled section.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionNotes {
    /// The section, by the name its annotators gave it.
    pub section: String,
    /// The camera, as its lanes tell it.
    pub camera: Camera,
    /// Frames of it.
    pub n_frames: usize,
    /// Stretches that have both notes.
    pub stretches: Vec<StretchNote>,
    /// Notes of the odd frames alone and of the even ones, over the ground that both saw.
    pub passes: Vec<(Score, Score)>,
    /// The same of what people drew on them: how far two readings of one road are apart.
    pub drawn_passes: Vec<(Score, Score)>,
}

/// How good notes are, over several sections.
#[derive(Clone, Debug, PartialEq)]
pub struct NotesQuality {
    /// Section by section.
    pub sections: Vec<SectionNotes>,
    /// Measured against drawn.
    pub agreement: Option<Agreement>,
    /// Standard deviation of the differences.
    pub deviation: Option<f64>,
    /// Share of intervals that hold the drawn note.
    pub inside: Option<f64>,
    /// Mean width of the intervals, points.
    pub width: Option<f64>,
    /// Repeatability: number of stretches, mean and standard deviation of the differences between two
    /// passes.
    pub passes: (usize, Option<f64>, Option<f64>),
    /// The same of what people drew.
    pub drawn_passes: (usize, Option<f64>, Option<f64>),
}

/// Whether a claim about a cell is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Claimed, and drawn by people.
    Found,
    /// Claimed only.
    Claimed,
    /// Drawn only.
    Missed,
}

/// One cell of a pictured frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JudgedCell {
    /// Whether it is about a pothole; else about a crack.
    pub pothole: bool,
    /// Whether the claim is true.
    pub verdict: Verdict,
    /// Where it lies in the picture, in pixels.
    pub bounds: PixelBox,
}

/// A frame to look at, with what was claimed of it.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedFrame {
    /// What it gave.
    pub result: FrameResult,
    /// Pixels across and down.
    pub size: (u32, u32),
    /// Path of the anonymised picture from the output folder.
    pub picture: String,
    /// Its cells of crack and pothole.
    pub cells: Vec<JudgedCell>,
}
