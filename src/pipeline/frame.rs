//! One frame: measured in memory, redacted, and only then written.

use super::models::Models;
use super::privacy::hide;
use crate::detection::{self, Blocks, LaneShares};
use crate::domain::{
    Camera, CellGrid, FrameStamp, GroundMeasure, Image, PixelBox, RawFrame, SurveySettings,
    Validity,
};
use crate::georeferencing::CELL_M;
use crate::ports::FrameSink;

/// What one frame gave.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Which frame.
    pub stamp: FrameStamp,
    /// Whether it can be believed.
    pub validity: Validity,
    /// What share of the lane is touched.
    pub shares: LaneShares,
    /// What lies on the road ahead; nothing without a camera.
    pub measures: Vec<GroundMeasure>,
    /// How far the lane is seen, metres ahead.
    pub reach: f64,
    /// How sharp the lane is, block by block.
    pub blocks: Blocks,
    /// Faces and plates hidden.
    pub hidden: u32,
    /// Path of the written picture, or why there is none.
    pub picture: Result<String, String>,
}

/// Why a frame gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// The pavement model failed on it.
    Unmeasured(String),
    /// Faces or plates could not be sought: it was dropped.
    Unredacted(String),
}

/// The pavement model's grid over a frame, and the road that it saw.
pub fn grid(
    frame: &RawFrame,
    camera: Option<&Camera>,
    models: &Models<'_>,
) -> Result<(Image, CellGrid), String> {
    let image = frame.image();
    grid_over(image, detection::region((image.width(), image.height()), camera), models)
}

/// The pavement model's grid over a part of an image, and that part as it saw it.
pub fn grid_over(
    image: &Image,
    region: PixelBox,
    models: &Models<'_>,
) -> Result<(Image, CellGrid), String> {
    let (road, input) = detection::prepare(image, &region).map_err(|why| why.to_string())?;
    let outputs = models.pavement.model.infer(input).map_err(|why| why.to_string())?;
    let grid = detection::decode(&outputs, region).map_err(|why| why.to_string())?;
    Ok((road, grid))
}

/// Measures a frame, hides what must be hidden, hands the picture to the sink.
pub fn see(
    frame: RawFrame,
    camera: Option<&Camera>,
    models: &Models<'_>,
    settings: &SurveySettings,
    sink: &dyn FrameSink,
) -> Result<Seen, Unseen> {
    let (road, cells) = grid(&frame, camera, models).map_err(Unseen::Unmeasured)?;
    let thresholds = &models.pavement.thresholds;
    let shares = detection::shares(&cells, thresholds);
    let width = frame.image().width();
    let mut validity =
        detection::validity(width, &road, &cells, thresholds.lane, &settings.validity);
    let size = (f64::from(frame.image().width()), f64::from(frame.image().height()));
    let (near, far) = (settings.measure.near, settings.measure.far);
    let reach = camera.map_or(Some(f64::INFINITY), |camera| {
        detection::reach(&cells, thresholds.lane, camera, size, far)
    });
    let reach = reach.unwrap_or(0.0);
    if validity == Validity::Valid && reach < near + CELL_M {
        validity = Validity::Obstructed;
    }
    let blocks = Blocks::of(&road, &cells, thresholds.lane);
    let measures = match camera {
        Some(camera) if validity == Validity::Valid => detection::measure(
            &cells,
            Some(frame.image()),
            camera,
            size,
            thresholds,
            &settings.measure,
        ),
        _ => Vec::new(),
    };
    drop(road);
    let stamp = frame.stamp.clone();
    let (safe, hidden) =
        hide(frame, camera, models, &settings.privacy).map_err(Unseen::Unredacted)?;
    let picture = sink.put(&safe).map_err(|why| why.to_string());
    Ok(Seen { stamp, validity, shares, measures, reach, blocks, hidden, picture })
}
