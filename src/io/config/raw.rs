//! Tables of the survey file as they are written, each checked into its typed settings.

use crate::domain::{
    Camera, CameraSettings, DecoderChoice, Degrees, FrameSettings, Horizon, LocateLimits,
    MeasureSettings, Metres, PrivacySettings, Seconds, ShapeRules, Snap, TrackLimits, UnitError,
    ValiditySettings,
};
use serde::Deserialize;
use std::path::PathBuf;
use toml::Table;

fn within(key: &str, found: f64, low: f64, high: f64) -> Result<f64, Vec<String>> {
    if (low..=high).contains(&found) {
        Ok(found)
    } else {
        Err(vec![format!("{key}: found {found}, expected {low} to {high}")])
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawClip {
    pub video: PathBuf,
    pub track: Option<PathBuf>,
    pub start: Option<String>,
    #[serde(default)]
    pub clock_offset_s: f64,
    pub camera: Option<Table>,
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
}

impl RawCamera {
    pub fn checked(self) -> Result<CameraSettings, Vec<String>> {
        let refused = |why: UnitError| vec![format!("[camera] {why}")];
        let length = Metres::new(self.height_m).map_err(refused)?;
        let angle = |it| Degrees::new(it).map_err(refused);
        let pitch = angle(self.pitch_deg.unwrap_or(0.0))?;
        let camera = Camera::new(length, pitch, angle(self.hfov_deg)?, Horizon::Configured)
            .map_err(|why| vec![why.to_string()])?;
        Ok(CameraSettings { camera, pitch_unknown: self.pitch_deg.is_none() })
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
        let every = Metres::of(within("[frames] every_m", self.every_m, 0.2, 100.0)?);
        Ok(FrameSettings { every, snap, decoder })
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
        Ok(TrackLimits {
            max_speed_m_s: within("[track] max_speed_m_s", self.max_speed_m_s, 1.0, 200.0)?,
            max_gap_s: Seconds::of(within("[track] max_gap_s", self.max_gap_s, 0.1, 60.0)?),
            max_gap_m: Metres::of(within("[track] max_gap_m", self.max_gap_m, 1.0, 1000.0)?),
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
        let angle = within("[network_match] max_heading_deg", self.max_heading_deg, 5.0, 85.0)?;
        let reach = Metres::of(within("[network_match] reach_m", self.reach_m, 1.0, 200.0)?);
        Ok(LocateLimits { reach, max_heading_deg: angle })
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
    least_confidence: f64,
    crack_severity: String,
    pothole_low_m2: f64,
    pothole_medium_m2: f64,
    merge_within_m: f64,
}

impl RawMeasure {
    pub fn checked(self) -> Result<MeasureSettings, Vec<String>> {
        let near = within("[measure] near_m", self.near_m, 0.5, 30.0)?;
        Ok(MeasureSettings {
            near,
            far: within("[measure] far_m", self.far_m, near + 5.0, 60.0)?,
            shapes: ShapeRules { mesh_width: self.mesh_width_m, mesh_least: self.mesh_least_m },
            least_length: self.least_length_m,
            least_mesh: self.least_mesh_m2,
            least_pothole: self.least_pothole_m2,
            least_confidence: within(
                "[measure] least_confidence",
                self.least_confidence,
                0.0,
                1.0,
            )?,
            crack_severity: self
                .crack_severity
                .parse()
                .map_err(|why| vec![format!("[measure] crack_severity: {why}")])?,
            pothole_areas: [self.pothole_low_m2, self.pothole_medium_m2],
            merge_within: Metres::of(within(
                "[measure] merge_within_m",
                self.merge_within_m,
                0.0,
                5.0,
            )?),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawValidity {
    darkest: f64,
    brightest: f64,
    least_sharpness: f64,
    least_lane: f64,
}

impl From<RawValidity> for ValiditySettings {
    fn from(raw: RawValidity) -> Self {
        let RawValidity { darkest, brightest, least_sharpness, least_lane } = raw;
        Self { darkest, brightest, least_sharpness, least_lane }
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
        let quality = within("[privacy] jpeg_quality", f64::from(self.jpeg_quality), 1.0, 100.0);
        quality?;
        Ok(PrivacySettings {
            face_threshold: within("[privacy] face_threshold", self.face_threshold, 0.01, 0.9)?,
            plate_threshold: within("[privacy] plate_threshold", self.plate_threshold, 0.01, 0.9)?,
            face_scale: within("[privacy] face_scale", self.face_scale, 0.1, 4.0)?,
            plate_scale: within("[privacy] plate_scale", self.plate_scale, 0.1, 4.0)?,
            padding: within("[privacy] padding", self.padding, 0.0, 2.0)?,
            jpeg_quality: self.jpeg_quality,
        })
    }
}
