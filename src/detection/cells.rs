//! The pavement model's input and output.

use crate::domain::{Camera, CellGrid, CellThresholds, GroundPoint, Image, PixelBox, Tensor};
use crate::imaging::{ResampleError, crop_resize, even_light};

/// Pixels across and down of the model's input, and of one of its cells.
///
/// Source: `models/pavement/train/net.py`.
pub const PAVEMENT_INPUT: (u32, u32, u32) = (1024, 640, 16);

/// Shape of the model's only input: one frame in even light.
///
/// Source: `models/pavement/train/net.py`.
pub const PAVEMENT_SHAPE: [usize; 4] = [1, 3, PAVEMENT_INPUT.1 as usize, PAVEMENT_INPUT.0 as usize];

/// Distance seen at the top of the region that is given to the model.
///
/// Chosen: the training frames show some 20 to 25 m of road; beyond, a cell is metres long.
const TOP_AHEAD_M: f64 = 22.0;

/// Why an output is not a grid of cells.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the pavement model gave {found:?}, expected one output of shape [1, 6, {rows}, {columns}]"
)]
pub struct ShapeError {
    found: Vec<Vec<usize>>,
    rows: usize,
    columns: usize,
}

/// The part of a frame to give to the model: the road from before the vehicle to 22 m, in the
/// input's proportions, centred.
///
/// Without a camera, the lower part of the frame over its whole width.
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "an image has at least one pixel")]
pub fn region(frame: (u32, u32), camera: Option<&Camera>) -> PixelBox {
    let (width, height) = (f64::from(frame.0), f64::from(frame.1));
    let proportion = f64::from(PAVEMENT_INPUT.0) / f64::from(PAVEMENT_INPUT.1);
    let horizon = camera.and_then(|it| {
        let far = GroundPoint { ahead: TOP_AHEAD_M, right: 0.0 };
        it.to_pixel((width, height), far).map(|(_, row)| row)
    });
    let lowest_top = height - (width / proportion).min(height);
    let top = horizon.unwrap_or(lowest_top).clamp(0.0, height * 0.8);
    let tall = (height - top).min(width / proportion);
    let wide = tall * proportion;
    let left = (width - wide) / 2.0;
    // Of a tall frame, the part nearest the horizon shows the road; the bottom shows the bonnet.
    PixelBox::new(left, top, left + wide, top + tall).expect("a frame has at least one pixel")
}

/// Cuts the region, and lays it out as the model wants: in even light.
///
/// # Shape
///
/// `[1, 3, 640, 1024]`, f32, 0..=1: RGB in even light. The image returned is the region as it is.
///
/// # Errors
///
/// When the region lies outside the image.
#[expect(clippy::missing_panics_doc, reason = "three planes of the input's own size")]
pub fn prepare(image: &Image, region: &PixelBox) -> Result<(Image, Tensor), ResampleError> {
    let (width, height, _) = PAVEMENT_INPUT;
    let cut = crop_resize(image, region, width, height)?;
    let plane = width as usize * height as usize;
    let mut even = cut.clone();
    even_light(&mut even);
    let mut values = vec![0.0f32; plane * 3];
    for (at, pixel) in even.rgb().as_chunks::<3>().0.iter().enumerate() {
        for (channel, value) in pixel.iter().enumerate() {
            values[channel * plane + at] = f32::from(*value) / 255.0;
        }
    }
    Ok((cut, Tensor::new(PAVEMENT_SHAPE.to_vec(), values).expect("three planes, by the size")))
}

/// Reads the model's output as a grid over `region`.
///
/// # Shape
///
/// `[1, 6, 40, 64]`, f32, 0..=1: lane, crack, pothole, and the shares of the same three.
///
/// # Errors
///
/// [`ShapeError`] for anything else.
#[expect(clippy::missing_panics_doc, reason = "the shape was checked")]
pub fn decode(outputs: &[Tensor], region: PixelBox) -> Result<CellGrid, ShapeError> {
    let (width, height, cell) = PAVEMENT_INPUT;
    let (columns, rows) = ((width / cell) as usize, (height / cell) as usize);
    let refused = || ShapeError {
        found: outputs.iter().map(|it| it.shape().to_vec()).collect(),
        rows,
        columns,
    };
    let [output] = outputs else { return Err(refused()) };
    if output.shape() != [1, 6, rows, columns] || output.values().iter().any(|it| it.is_nan()) {
        return Err(refused());
    }
    let mut planes = output.values().chunks_exact(columns * rows).map(<[f32]>::to_vec);
    let six = std::array::from_fn(|_| planes.next().expect("six planes, by the shape"));
    CellGrid::new(columns, rows, region, six).map_err(|_same| refused())
}

/// What share of the lane is touched, over the cells of one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneShares {
    /// Cells of own lane over all cells.
    pub lane: f64,
    /// Cracked cells of the lane over cells of the lane.
    pub cracked: f64,
    /// Pothole cells of the lane over cells of the lane.
    pub pothole: f64,
}

/// Counts cells of a frame.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "grids have some thousand cells")]
pub fn shares(grid: &CellGrid, thresholds: &CellThresholds) -> LaneShares {
    let lane: Vec<bool> = grid.lane().iter().map(|it| *it > thresholds.lane).collect();
    let count = |plane: &[f32], from: f32| {
        plane.iter().zip(&lane).filter(|(value, lane)| **lane && **value > from).count() as f64
    };
    let cells = lane.iter().filter(|it| **it).count() as f64;
    let of_lane = |count: f64| if cells > 0.0 { count / cells } else { 0.0 };
    LaneShares {
        lane: cells / lane.len() as f64,
        cracked: of_lane(count(grid.crack(), thresholds.crack)),
        pothole: of_lane(count(grid.pothole(), thresholds.pothole)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Degrees, Horizon, Metres};

    fn camera(pitch: f64) -> Camera {
        let (height, hfov) = (Metres::of(1.6), Degrees::of(62.0));
        Camera::new(height, Degrees::of(pitch), hfov, Horizon::Configured).unwrap()
    }

    #[test]
    fn the_region_keeps_the_inputs_proportions_and_stays_in_the_frame() {
        for frame in [(1280, 720), (1024, 640), (960, 540), (720, 1280), (64, 64), (8000, 6000)] {
            for camera in [None, Some(camera(4.0)), Some(camera(11.0)), Some(camera(40.0))] {
                let part = region(frame, camera.as_ref());
                assert!((part.width() / part.height() - 1.6).abs() < 1e-9, "{frame:?}");
                assert!(part.left() >= -1e-9 && part.right() <= f64::from(frame.0) + 1e-9);
                assert!(part.top() >= -1e-9 && part.bottom() <= f64::from(frame.1) + 1e-9);
            }
        }
        let part = region((1280, 720), Some(&camera(11.0)));
        assert!((part.top() - 230.0).abs() < 5.0 && (part.bottom() - 720.0).abs() < 1e-9);
    }

    #[test]
    fn shares_count_cells_of_the_lane_only() {
        let region = PixelBox::new(0.0, 0.0, 4.0, 1.0).unwrap();
        let planes = [
            vec![0.9, 0.9, 0.1, 0.9],
            vec![0.8, 0.2, 0.9, 0.2],
            vec![0.0; 4],
            vec![0.0; 4],
            vec![0.0; 4],
            vec![0.0; 4],
        ];
        let grid = CellGrid::new(4, 1, region, planes).unwrap();
        let got = shares(
            &grid,
            &CellThresholds { lane: 0.5, crack: 0.5, pothole: 0.5, pothole_gain: 1.0 },
        );
        assert!((got.cracked - 1.0 / 3.0).abs() < 1e-12 && (got.lane - 0.75).abs() < 1e-12);
    }

    #[test]
    fn another_shape_is_refused() {
        let region = PixelBox::new(0.0, 0.0, 4.0, 1.0).unwrap();
        let output = Tensor::new(vec![1, 3, 2, 2], vec![0.0; 12]).unwrap();
        assert!(decode(&[output], region).unwrap_err().to_string().contains("[1, 3, 2, 2]"));
    }
}
