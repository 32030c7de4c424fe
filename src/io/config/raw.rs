//! Tables of the survey file as they are written, each checked into its typed settings.

use crate::domain::{
    Camera, CameraSettings, ClockChoice, DecoderChoice, Degrees, FrameSettings, Horizon,
    LocateLimits, MeasureSettings, Metres, PrivacySettings, Seconds, ShapeRules, Snap,
    SurfaceRules, TrackLimits, UnitError, ValiditySettings, WidthRules,
};
use serde::Deserialize;
use std::path::PathBuf;
use toml::Table;

/// The numbers of one table, checked one by one: every problem is kept, not only the first.
struct Bounds {
    table: &'static str,
    problems: Vec<String>,
}

impl Bounds {
    const fn of(table: &'static str) -> Self {
        Self { table, problems: Vec::new() }
    }

    fn within(&mut self, key: &str, found: f64, low: f64, high: f64) -> f64 {
        if !(low..=high).contains(&found) {
            let table = self.table;
            self.problems.push(format!("[{table}] {key}: found {found}, expected {low} to {high}"));
        }
        found
    }

    /// The value built of these numbers, when all are right.
    fn passed<T>(self, build: impl FnOnce() -> T) -> Result<T, Vec<String>> {
        if self.problems.is_empty() { Ok(build()) } else { Err(self.problems) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawClip {
    pub video: PathBuf,
    pub track: Option<OneOrMore>,
    pub start: Option<String>,
    pub clock_offset_s: Option<f64>,
    pub camera: Option<Table>,
}

/// One path, or several, the best first.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a path or a list of paths")]
pub enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

impl OneOrMore {
    pub fn paths(self) -> Vec<PathBuf> {
        match self {
            Self::One(path) => vec![path],
            Self::More(paths) => paths,
        }
    }
}

#[derive(Deserialize)]
pub struct RawNames {
    pub title: Option<String>,
    pub network: Option<PathBuf>,
    pub prs: Option<PathBuf>,
    pub scenarios: Option<PathBuf>,
    pub models: Option<PathBuf>,
}

impl RawNames {
    pub fn parse(own: &Table) -> Result<Self, Vec<String>> {
        own.clone().try_into().map_err(|why: toml::de::Error| vec![why.message().to_owned()])
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCamera {
    height_m: f64,
    hfov_deg: f64,
    pitch_deg: Option<f64>,
    height_sd_m: f64,
    pitch_sd_deg: f64,
    lane_width_m: Option<f64>,
}

impl RawCamera {
    pub fn checked(self) -> Result<CameraSettings, Vec<String>> {
        let refused = |why: UnitError| vec![format!("[camera] {why}")];
        let length = Metres::new(self.height_m).map_err(refused)?;
        let angle = |it| Degrees::new(it).map_err(refused);
        let pitch = angle(self.pitch_deg.unwrap_or(0.0))?;
        let camera = Camera::new(length, pitch, angle(self.hfov_deg)?, Horizon::Configured)
            .map_err(|why| vec![why.to_string()])?;
        let mut bounds = Bounds::of("camera");
        let height_sd = bounds.within("height_sd_m", self.height_sd_m, 0.0, 1.0);
        let pitch_sd = bounds.within("pitch_sd_deg", self.pitch_sd_deg, 0.0, 5.0);
        let lane = self.lane_width_m.map(|it| bounds.within("lane_width_m", it, 1.5, 6.0));
        bounds.passed(|| CameraSettings {
            camera: camera.known_to(Degrees::of(pitch_sd), Metres::of(height_sd)),
            pitch_unknown: self.pitch_deg.is_none(),
            lane_width: lane.map(Metres::of),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFrames {
    every_m: f64,
    snap: String,
    decoder: String,
}

impl RawFrames {
    pub fn checked(self) -> Result<FrameSettings, Vec<String>> {
        let snap = match self.snap.as_str() {
            "exact" => Snap::Exact,
            "keyframe" => Snap::Keyframe,
            other => {
                return Err(vec![format!(
                    "[frames] snap: found {other:?}, expected \"exact\" or \"keyframe\""
                )]);
            }
        };
        let decoder = match self.decoder.as_str() {
            "auto" => DecoderChoice::Auto,
            "embedded" => DecoderChoice::Embedded,
            "ffmpeg" => DecoderChoice::Ffmpeg,
            other => {
                return Err(vec![format!(
                    "[frames] decoder: found {other:?}, expected \"auto\", \"embedded\" or \"ffmpeg\""
                )]);
            }
        };
        let mut bounds = Bounds::of("frames");
        let every = bounds.within("every_m", self.every_m, 0.2, 100.0);
        bounds.passed(|| FrameSettings { every: Metres::of(every), snap, decoder })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawClock {
    from_pictures: String,
}

impl RawClock {
    pub fn checked(self) -> Result<ClockChoice, Vec<String>> {
        match self.from_pictures.as_str() {
            "auto" => Ok(ClockChoice::Auto),
            "always" => Ok(ClockChoice::Always),
            "never" => Ok(ClockChoice::Never),
            other => Err(vec![format!(
                "[clock] from_pictures: found {other:?}, expected \"auto\", \"always\" or \"never\""
            )]),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "keys of the file")]
pub struct RawTrack {
    max_speed_m_s: f64,
    max_gap_s: f64,
    max_gap_m: f64,
}

impl RawTrack {
    pub fn checked(self) -> Result<TrackLimits, Vec<String>> {
        let mut bounds = Bounds::of("track");
        let max_speed_m_s = bounds.within("max_speed_m_s", self.max_speed_m_s, 1.0, 200.0);
        let seconds = bounds.within("max_gap_s", self.max_gap_s, 0.1, 60.0);
        let metres = bounds.within("max_gap_m", self.max_gap_m, 1.0, 1000.0);
        bounds.passed(|| TrackLimits {
            max_speed_m_s,
            max_gap_s: Seconds::of(seconds),
            max_gap_m: Metres::of(metres),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawNetwork {
    reach_m: f64,
    max_heading_deg: f64,
}

impl RawNetwork {
    pub fn checked(self) -> Result<LocateLimits, Vec<String>> {
        let mut bounds = Bounds::of("network_match");
        let max_heading_deg = bounds.within("max_heading_deg", self.max_heading_deg, 5.0, 85.0);
        let reach = bounds.within("reach_m", self.reach_m, 1.0, 200.0);
        bounds.passed(|| LocateLimits { reach: Metres::of(reach), max_heading_deg })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawMeasure {
    near_m: f64,
    far_m: f64,
    mesh_width_m: f64,
    mesh_least_m: f64,
    least_length_m: f64,
    least_mesh_m2: f64,
    least_pothole_m2: f64,
    block_fill: f64,
    block_least_m: f64,
    wheel_path_m: [f64; 2],
    edge_within_m: f64,
    least_crack_probability: f64,
    least_pothole_probability: f64,
    crack_severity: String,
    crack_width_mm: [f64; 2],
    mesh_width_mm: [f64; 2],
    width_within_m: f64,
    branched_from: f64,
    pothole_low_m2: f64,
    pothole_medium_m2: f64,
    merge_within_m: f64,
    window_days: f64,
    crack_belief: [f64; 2],
    pothole_belief: [f64; 2],
}

impl RawMeasure {
    pub fn checked(self) -> Result<MeasureSettings, Vec<String>> {
        let mut bounds = Bounds::of("measure");
        let near = bounds.within("near_m", self.near_m, 0.5, 30.0);
        let far = bounds.within("far_m", self.far_m, near.max(0.0) + 5.0, 60.0);
        let shapes = ShapeRules {
            mesh_width: bounds.within("mesh_width_m", self.mesh_width_m, 0.05, 5.0),
            mesh_least: bounds.within("mesh_least_m", self.mesh_least_m, 0.0, 10.0),
            block_fill: bounds.within("block_fill", self.block_fill, 0.0, 1.0),
            block_least: bounds.within("block_least_m", self.block_least_m, 0.0, 10.0),
            wheel_path: (
                bounds.within("wheel_path_m", self.wheel_path_m[0], 0.3, 2.0),
                bounds.within("wheel_path_m", self.wheel_path_m[1], 0.05, 1.0),
            ),
            edge_within: bounds.within("edge_within_m", self.edge_within_m, 0.0, 2.0),
        };
        let least_length = bounds.within("least_length_m", self.least_length_m, 0.0, 10.0);
        let least_mesh = bounds.within("least_mesh_m2", self.least_mesh_m2, 0.0, 50.0);
        let least_pothole = bounds.within("least_pothole_m2", self.least_pothole_m2, 0.0, 10.0);
        let [crack, pothole] = [self.least_crack_probability, self.least_pothole_probability];
        #[expect(clippy::cast_possible_truncation, reason = "probabilities")]
        let least_probability = (
            bounds.within("least_crack_probability", crack, 0.01, 1.0) as f32,
            bounds.within("least_pothole_probability", pothole, 0.01, 1.0) as f32,
        );
        let mut pair = |name, [low, medium]: [f64; 2]| {
            let low = bounds.within(name, low, 0.0, 50.0);
            [low, bounds.within(name, medium, low, 100.0)]
        };
        let (line, mesh) = (
            pair("crack_width_mm", self.crack_width_mm),
            pair("mesh_width_mm", self.mesh_width_mm),
        );
        let widths = WidthRules {
            line,
            mesh,
            within: bounds.within("width_within_m", self.width_within_m, 2.0, 20.0),
            spread: bounds.within("branched_from", self.branched_from, 1.0, 20.0),
        };
        let low = bounds.within("pothole_low_m2", self.pothole_low_m2, 0.0, 10.0);
        let medium = bounds.within("pothole_medium_m2", self.pothole_medium_m2, low, 10.0);
        let merge_within = bounds.within("merge_within_m", self.merge_within_m, 0.0, 5.0);
        let window_days = bounds.within("window_days", self.window_days, 0.1, 3660.0);
        let mut belief = |name, [scale, shift]: [f64; 2]| {
            (bounds.within(name, scale, 0.1, 10.0), bounds.within(name, shift, -10.0, 10.0))
        };
        let beliefs = (
            belief("crack_belief", self.crack_belief),
            belief("pothole_belief", self.pothole_belief),
        );
        let crack_severity = self.crack_severity.parse().map_err(|why| {
            bounds.problems.push(format!("[measure] crack_severity: {why}"));
            bounds.problems.clone()
        })?;
        bounds.passed(|| MeasureSettings {
            near,
            far,
            shapes,
            least_length,
            least_mesh,
            least_pothole,
            least_probability,
            widths,
            crack_severity,
            pothole_areas: [low, medium],
            merge_within: Metres::of(merge_within),
            window_days,
            beliefs,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawValidity {
    darkest: f64,
    brightest: f64,
    least_sharpness: f64,
    most_sharpness: f64,
    least_lane: f64,
    narrowest_px: u32,
    widest_px: u32,
    snow_share: f64,
    shine_share: f64,
    wet_darkest: f64,
    stained_share: f64,
}

impl RawValidity {
    pub fn checked(self) -> Result<ValiditySettings, Vec<String>> {
        let mut bounds = Bounds::of("validity");
        let darkest = bounds.within("darkest", self.darkest, 0.0, 254.0);
        let brightest = bounds.within("brightest", self.brightest, darkest + 1.0, 255.0);
        let least_sharpness = bounds.within("least_sharpness", self.least_sharpness, 0.0, 100.0);
        let most_sharpness =
            bounds.within("most_sharpness", self.most_sharpness, least_sharpness + 1.0, 1000.0);
        let least_lane = bounds.within("least_lane", self.least_lane, 0.0, 1.0);
        let narrowest = bounds.within("narrowest_px", self.narrowest_px.into(), 1.0, 8192.0);
        let surface = SurfaceRules {
            snow: bounds.within("snow_share", self.snow_share, 0.0, 1.0),
            shine: bounds.within("shine_share", self.shine_share, 0.0, 1.0),
            wet_darkest: bounds.within("wet_darkest", self.wet_darkest, 0.0, 255.0),
        };
        let stained = bounds.within("stained_share", self.stained_share, 0.0, 1.0);
        bounds.within("widest_px", self.widest_px.into(), narrowest + 1.0, 65_535.0);
        bounds.passed(|| ValiditySettings {
            widths: (self.narrowest_px, self.widest_px),
            darkest,
            brightest,
            least_sharpness,
            most_sharpness,
            least_lane,
            surface,
            stained,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPrivacy {
    face_threshold: f64,
    plate_threshold: f64,
    face_scale: f64,
    plate_scale: f64,
    padding: f64,
    jpeg_quality: u8,
}

impl RawPrivacy {
    pub fn checked(self) -> Result<PrivacySettings, Vec<String>> {
        let mut bounds = Bounds::of("privacy");
        bounds.within("jpeg_quality", f64::from(self.jpeg_quality), 1.0, 100.0);
        let face_threshold = bounds.within("face_threshold", self.face_threshold, 0.01, 0.9);
        let plate_threshold = bounds.within("plate_threshold", self.plate_threshold, 0.01, 0.9);
        let face_scale = bounds.within("face_scale", self.face_scale, 0.1, 4.0);
        let plate_scale = bounds.within("plate_scale", self.plate_scale, 0.1, 4.0);
        let padding = bounds.within("padding", self.padding, 0.0, 2.0);
        bounds.passed(|| PrivacySettings {
            face_threshold,
            plate_threshold,
            face_scale,
            plate_scale,
            padding,
            jpeg_quality: self.jpeg_quality,
        })
    }
}
