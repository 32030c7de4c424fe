//! What a survey saw: frames, cells of road, defects, and the notes that follow.

use super::camera::{GroundPoint, LengthDoubt};
use super::clock::ClipClock;
use super::coverage::{Coverage, Drives, Refusal};
use super::defect::{Defect, DefectKind};
use super::image::{FrameStamp, PixelBox};
use super::network::Section;
use super::position::{PlanePoint, Wgs84};
use super::reference::Direction;
use super::score::Rating;
use super::units::{Metres, Ratio, Seconds, SquareMetres};
use std::sync::Arc;

/// Whether a frame can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Validity {
    /// It can.
    Valid,
    /// Fewer pixels than cracks can be told in.
    TooSmall,
    /// More pixels than any patrol camera gives.
    TooLarge,
    /// Too little light.
    TooDark,
    /// Too much light.
    OverExposed,
    /// No sharp detail.
    Blurred,
    /// Grain of the sensor or of the transmission, and nothing else.
    Noisy,
    /// The model sees no lane before the vehicle.
    LaneNotSeen,
    /// What it takes for the lane is in tatters, or does not widen towards the vehicle: the frame is
    /// upside down, something stands on the lane, or there is none.
    LaneMisshapen,
    /// Something stands on the lane before the vehicle, nearer than a cell of road.
    Obstructed,
    /// Snow hides the road.
    SnowCovered,
    /// Water on the road shines.
    Wet,
    /// The windscreen is stained over a part of the lane, all along the clip.
    DirtyWindscreen,
}

impl Validity {
    /// Every one of them.
    pub const ALL: [Self; 13] = [
        Self::Valid,
        Self::TooSmall,
        Self::TooLarge,
        Self::TooDark,
        Self::OverExposed,
        Self::Blurred,
        Self::Noisy,
        Self::LaneNotSeen,
        Self::LaneMisshapen,
        Self::Obstructed,
        Self::SnowCovered,
        Self::Wet,
        Self::DirtyWindscreen,
    ];

    /// The word used in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::TooSmall => "too_small",
            Self::TooLarge => "too_large",
            Self::TooDark => "too_dark",
            Self::OverExposed => "over_exposed",
            Self::Blurred => "blurred",
            Self::Noisy => "noisy",
            Self::LaneNotSeen => "lane_not_seen",
            Self::LaneMisshapen => "lane_misshapen",
            Self::Obstructed => "obstructed",
            Self::SnowCovered => "snow_covered",
            Self::Wet => "wet",
            Self::DirtyWindscreen => "dirty_windscreen",
        }
    }
}

/// A place on the network: which road (index), which direction, how far along.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoadPlace {
    /// Index of the road in the network.
    pub road: usize,
    /// Direction of travel.
    pub direction: Direction,
    /// Metres from the start of the road.
    pub cumul: Metres,
    /// Distance from the road's line, positive to the right of increasing PR.
    pub offset: Metres,
}

/// A stretch of one road, driven one way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RouteLeg {
    /// Index of the road in the network.
    pub road: usize,
    /// Direction of travel.
    pub direction: Direction,
    /// Cumul where it starts; greater than `to` against the PRs.
    pub from: Metres,
    /// Cumul where it ends.
    pub to: Metres,
}

impl RouteLeg {
    /// Its length.
    #[must_use]
    pub fn length(&self) -> Metres {
        (self.to - self.from).abs()
    }
}

/// One fault as one frame shows it, on the ground plane.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundMeasure {
    /// What, how grave, how much.
    pub defect: Defect,
    /// Nearest point of it, ahead and to the right of the camera.
    pub nearest: GroundPoint,
    /// Farthest point of it.
    pub farthest: GroundPoint,
    /// Where it appears in the frame.
    pub bounds: PixelBox,
    /// How likely it is real, by this frame alone.
    pub confidence: Ratio,
    /// Width of a crack in millimetres, where the frame shows it from near enough.
    pub width_mm: Option<f64>,
}

/// One kept frame: when, where, whether usable, and the picture that was written.
#[derive(Clone, Debug, PartialEq)]
pub struct LocatedFrame {
    /// Which frame of which clip.
    pub stamp: FrameStamp,
    /// When, in seconds since 1970-01-01 UTC.
    pub time: Seconds,
    /// Where the receiver was.
    pub position: Wgs84,
    /// The same in metres.
    pub projected: PlanePoint,
    /// Degrees from north, clockwise.
    pub bearing_deg: f64,
    /// Metres per second.
    pub speed_m_s: f64,
    /// Where on the network, when a road is near.
    pub place: Option<RoadPlace>,
    /// Whether its defects count.
    pub validity: Validity,
    /// Share of the lane's cells that are cracked, when the lane is seen.
    pub cracked_share: Option<Ratio>,
    /// Share of the lane's cells that are pothole, when the lane is seen.
    pub pothole_share: Option<Ratio>,
    /// Faces and plates hidden in it.
    pub redacted: u32,
    /// Path of the written picture, from the output folder; none when none was written.
    pub picture: Option<String>,
}

/// Five metres of one lane, with what is expected of it by all the frames that saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadCell {
    /// Index of the road in the network.
    pub road: usize,
    /// Direction of travel: which lane.
    pub direction: Direction,
    /// Metres from the start of the road.
    pub from: Metres,
    /// Metres from the start of the road.
    pub to: Metres,
    /// `Valid` when a valid frame saw it; otherwise why none was.
    pub validity: Validity,
    /// How many valid frames saw it.
    pub n_frames: u32,
    /// In how many drives a valid frame saw it; none in bases of formats 2 and 3, which do not say.
    pub n_drives: Option<u32>,
    /// Newest valid frame that saw it, seconds since 1970-01-01 UTC; none where there is none, and in
    /// bases of formats 2 and 3.
    pub newest: Option<Seconds>,
    /// Relative standard deviation of lengths in it, from that of the camera's pitch and height.
    pub geometry: f64,
    /// What is wrong in it.
    pub defects: Vec<Defect>,
}

/// A defect that another survey saw, by eye or by laser.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedDefect {
    /// Line of its table.
    pub row: u64,
    /// Index of the road in the network.
    pub road: usize,
    /// Which lane; both when nothing is said.
    pub direction: Option<Direction>,
    /// Metres from the start of the road.
    pub from: Metres,
    /// Metres from the start of the road.
    pub to: Metres,
    /// What, how grave, how much.
    pub defect: Defect,
}

/// The frame and box that show a defect best.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Index of the frame in the survey.
    pub frame: usize,
    /// Where in that frame, in pixels.
    pub bounds: PixelBox,
}

/// One physical defect, placed on its road.
#[derive(Clone, Debug, PartialEq)]
pub struct LocatedDefect {
    /// What, how grave, how much.
    pub defect: Defect,
    /// Index of the road in the network.
    pub road: usize,
    /// Which lane.
    pub direction: Direction,
    /// Metres from the start of the road, lower end.
    pub from: Metres,
    /// Metres from the start of the road, upper end.
    pub to: Metres,
    /// Distance from the axis of the vehicle, positive to the right of travel. It drives near the
    /// middle of its lane, which is not measured.
    pub lateral: Metres,
    /// How likely it is real, by every look that could see it. What counts in its cell, its section
    /// and the notes is what is expected: its extent, so many times.
    pub confidence: Ratio,
    /// Width of a crack in millimetres, where a frame shows it from near enough.
    pub width_mm: Option<f64>,
    /// The frame that shows it best.
    pub evidence: Evidence,
}

/// What became of one clip.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipOutcome {
    /// Name of the clip.
    pub clip: Arc<str>,
    /// When it starts on the receiver's clock; nothing when that is not known.
    pub clock: Option<ClipClock>,
    /// Which decoder read it, with its codec, such as `h264 (embedded)`.
    pub decoder: String,
    /// Frames taken.
    pub n_frames: usize,
    /// Frames placed on the network.
    pub n_located: usize,
    /// Metres travelled while filming, where the track is known.
    pub travelled: Metres,
    /// Metres of track too broken to place frames on.
    pub lost: Metres,
}

/// A frame, and what it measured when its camera is known.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredFrame {
    /// The frame.
    pub frame: LocatedFrame,
    /// What lies on the road ahead of it; nothing without a camera.
    pub measures: Option<Vec<GroundMeasure>>,
    /// How far the lane is seen, metres ahead.
    pub reach: f64,
}

/// A clip filmed: what became of it, and what its frames measured.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipSurvey {
    /// What became of it.
    pub outcome: ClipOutcome,
    /// How far lengths may be wrong because of the camera.
    pub doubt: LengthDoubt,
    /// Its frames, in order.
    pub frames: Vec<MeasuredFrame>,
}

/// Everything a run saw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// One entry for each clip of the survey file, in order.
    pub clips: Vec<ClipOutcome>,
    /// Kept frames, in clip then time order.
    pub frames: Vec<LocatedFrame>,
    /// Cells, by road, direction, cumul.
    pub cells: Vec<RoadCell>,
    /// Defects, by road, direction, cumul.
    pub defects: Vec<LocatedDefect>,
}

/// What is wrong with one section, over the lane area that was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionDistress {
    /// The section.
    pub section: Section,
    /// Joint extent of each kind and severity, in that order.
    pub defects: Vec<Defect>,
    /// Lane area seen by valid frames.
    pub observed: SquareMetres,
    /// How much of it was seen.
    pub coverage: Coverage,
    /// Relative standard deviation of lengths, from that of the cameras.
    pub geometry: f64,
    /// Why frames that saw it were refused, in the order of [`Validity`].
    pub refused: Vec<Refusal>,
    /// How often it was driven over; none in bases of formats 2 and 3, which do not say.
    pub drives: Option<Drives>,
}

impl SectionDistress {
    /// Joint extent of one kind, over its severities.
    #[must_use]
    pub fn area_of(&self, kind: DefectKind) -> SquareMetres {
        self.defects.iter().filter(|it| it.kind == kind).map(|it| it.extent.area()).sum()
    }
}

/// A section, what is wrong with it, and its note.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionRating {
    /// What the note rests on.
    pub distress: SectionDistress,
    /// The note, or why there is none.
    pub rating: Rating,
}
