//! Settings of a survey: typed, complete, checked before the first frame is decoded.
//!
//! None has a default in code: the annotated defaults file is the only one.

use super::camera::Camera;
use super::defect::Severity;
use super::units::{Metres, Seconds};

/// Which frames may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snap {
    /// Only frames that can be decoded alone: cheap; off by half a group of pictures at most.
    Keyframe,
    /// Any frame.
    Exact,
}

/// Who decodes video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecoderChoice {
    /// An installed ffmpeg when there is one, else the embedded decoders.
    Auto,
    /// The embedded decoders only.
    Embedded,
    /// An installed ffmpeg only.
    Ffmpeg,
}

/// Which frames are taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameSettings {
    /// One every so many metres travelled.
    pub every: Metres,
    /// Which may be taken.
    pub snap: Snap,
    /// Who decodes.
    pub decoder: DecoderChoice,
}

/// When a clip's clock is told from its pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockChoice {
    /// When neither the survey file nor a track inside the video gives it.
    Auto,
    /// Always: what is given is checked.
    Always,
    /// Never.
    Never,
}

/// What a track of a road vehicle may do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackLimits {
    /// Faster than this, two fixes cannot both be true, in metres per second.
    pub max_speed_m_s: f64,
    /// A silence longer than this cuts the track.
    pub max_gap_s: Seconds,
    /// A hole longer than this cuts the track.
    pub max_gap_m: Metres,
}

/// How near to a road, and how much along it, a vehicle on it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocateLimits {
    /// Farthest from the road's line.
    pub reach: Metres,
    /// Widest angle between the vehicle and the road, in degrees, below 90.
    pub max_heading_deg: f64,
}

/// Where each class of the pavement model begins, from its card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellThresholds {
    /// Own lane.
    pub lane: f32,
    /// Crack.
    pub crack: f32,
    /// Pothole.
    pub pothole: f32,
    /// True over predicted share of pothole, measured on frames that are not of the test part.
    pub pothole_gain: f32,
}

/// Limits between the shapes of cracks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShapeRules {
    /// A group wider than this on average, across its own direction, is a mesh; metres.
    pub mesh_width: f64,
    /// A mesh is at least this long and this wide; metres.
    pub mesh_least: f64,
    /// A mesh whose cells cover less than this share of it is blocks...
    pub block_fill: f64,
    /// ...when it is at least this long and wide; metres.
    pub block_least: f64,
    /// Middle of a wheel path from that of the lane, and half its width; metres.
    pub wheel_path: (f64, f64),
    /// What runs along the road no farther than this from the outer edge of the lane is at its edge.
    pub edge_within: f64,
}

/// Limits between the severities of cracks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WidthRules {
    /// Widths from which a line crack is of medium, and past which of high severity; millimetres.
    pub line: [f64; 2],
    /// The same for meshes.
    pub mesh: [f64; 2],
    /// Widths are measured no farther than this, metres ahead.
    pub within: f64,
    /// A group so many times wider than its line is branched.
    pub spread: f64,
}

/// What is measured on the ground, and how far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasureSettings {
    /// Nearest ground measured, metres ahead.
    pub near: f64,
    /// Farthest ground measured, metres ahead.
    pub far: f64,
    /// Shapes of cracks.
    pub shapes: ShapeRules,
    /// Shortest line crack kept, metres.
    pub least_length: f64,
    /// Smallest mesh kept, square metres.
    pub least_mesh: f64,
    /// Smallest pothole kept, square metres.
    pub least_pothole: f64,
    /// Probability from which a cell is part of a crack, and of a pothole, 0 to 1.
    pub least_probability: (f32, f32),
    /// Severities of cracks.
    pub widths: WidthRules,
    /// Severity of a crack whose width no near frame shows.
    pub crack_severity: Severity,
    /// Largest area of a low and of a medium pothole, square metres.
    pub pothole_areas: [f64; 2],
    /// Two sightings of one defect lie at most this far apart along the road.
    pub merge_within: Metres,
    /// Looks older than the newest at the same place by more days than this count no more.
    pub window_days: f64,
    /// Scale and shift that make, of the logit of the mean probability of a group's cells, that of
    /// its being real: of cracks, then of potholes.
    pub beliefs: ((f64, f64), (f64, f64)),
}

/// Limits of what can be believed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValiditySettings {
    /// Pixels across below which a frame is too small, and above which it is too large.
    pub widths: (u32, u32),
    /// Mean grey below which a road is too dark, 0 to 255.
    pub darkest: f64,
    /// Mean grey above which it is over-exposed.
    pub brightest: f64,
    /// Mean absolute Laplacian below which it is blurred, grey levels.
    pub least_sharpness: f64,
    /// Mean absolute Laplacian above which it is noise, grey levels.
    pub most_sharpness: f64,
    /// Share of the region's cells that must be own lane.
    pub least_lane: f64,
    /// When the road is under snow or water.
    pub surface: SurfaceRules,
    /// Share of the lane that is stained from which a whole clip is refused.
    pub stained: f64,
}

/// When a road cannot be seen under what covers it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurfaceRules {
    /// Share of the lane as pale as snow from which it is under snow.
    pub snow: f64,
    /// Share of the lane that shines from which it is wet...
    pub shine: f64,
    /// ...while its median luma is below this.
    pub wet_darkest: f64,
}

/// How faces and plates are sought and hidden.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrivacySettings {
    /// Score from which a face is hidden.
    pub face_threshold: f64,
    /// Score from which a plate is hidden.
    pub plate_threshold: f64,
    /// Pixels of the face detector for a pixel of the frame.
    pub face_scale: f64,
    /// Pixels of the plate detector for a pixel of the frame.
    pub plate_scale: f64,
    /// Each box grows on every side by this share of its size.
    pub padding: f64,
    /// Quality of the written JPEG, 1 to 100.
    pub jpeg_quality: u8,
}

/// A camera as the survey file gives it: its pitch may be unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CameraSettings {
    /// The camera, its pitch zero when unknown.
    pub camera: Camera,
    /// Whether the pitch is to be estimated from the lane.
    pub pitch_unknown: bool,
    /// Width of the own lane, when known: the height follows from it.
    pub lane_width: Option<Metres>,
}

/// Everything a survey needs to know, clips aside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurveySettings {
    /// Which frames.
    pub frames: FrameSettings,
    /// When clocks are told from pictures.
    pub clock: ClockChoice,
    /// Which tracks.
    pub track: TrackLimits,
    /// Which roads.
    pub locate: LocateLimits,
    /// Which measures.
    pub measure: MeasureSettings,
    /// Which frames can be believed.
    pub validity: ValiditySettings,
    /// What is hidden.
    pub privacy: PrivacySettings,
}
