//! Decoding CenterFace: one heat map, one size map, one offset map.

use crate::domain::{Detection, PixelBox, PrivateKind, Ratio, Tensor};

/// Pixels of the input for one cell of the maps.
///
/// Source: Xu et al., « CenterFace », 2019, arXiv:1911.03599, output stride R = 4.
const STRIDE: f64 = 4.0;

/// Reads faces from the three outputs (heat map, sizes, offsets), in pixels of the frame.
///
/// `tile` is the part of the frame that was resized to `size` pixels.
///
/// # Shape
///
/// `[1, 1, h, w]`, `[1, 2, h, w]`, `[1, 2, h, w]` with `h = size.1 / 4`, `w = size.0 / 4`; sizes
/// are natural logarithms of cells, height first.
///
/// # Errors
///
/// A sentence when the outputs do not have these shapes.
///
/// # Source
///
/// Xu et al., « CenterFace », 2019, arXiv:1911.03599, section 3.
pub fn decode_faces(
    outputs: &[Tensor],
    tile: &PixelBox,
    size: (u32, u32),
    threshold: f64,
) -> Result<Vec<Detection>, String> {
    let (columns, rows) = (size.0 as usize / 4, size.1 as usize / 4);
    let plane = columns * rows;
    let [heat, scale, offset] = outputs else {
        return Err(format!("{} outputs, expected 3", outputs.len()));
    };
    for (tensor, channels) in [(heat, 1), (scale, 2), (offset, 2)] {
        if tensor.shape() != [1, channels, rows, columns] {
            return Err(format!(
                "an output of shape {:?}, expected [1, {channels}, {rows}, {columns}]",
                tensor.shape()
            ));
        }
    }
    let (kx, ky) = (tile.width() / f64::from(size.0), tile.height() / f64::from(size.1));
    let mut found = Vec::new();
    for (at, sure) in heat.values().iter().enumerate() {
        let sure = f64::from(*sure);
        if sure.is_nan() {
            return Err("a score that is not a number".to_owned());
        }
        if sure <= threshold {
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "maps have some thousand cells")]
        let (row, column) = ((at / columns) as f64, (at % columns) as f64);
        let height = f64::from(scale.values()[at]).exp() * STRIDE;
        let width = f64::from(scale.values()[plane + at]).exp() * STRIDE;
        let y = (row + f64::from(offset.values()[at]) + 0.5) * STRIDE;
        let x = (column + f64::from(offset.values()[plane + at]) + 0.5) * STRIDE;
        let bounds = PixelBox::new(
            tile.left() + (x - width / 2.0) * kx,
            tile.top() + (y - height / 2.0) * ky,
            tile.left() + (x + width / 2.0) * kx,
            tile.top() + (y + height / 2.0) * ky,
        );
        let bounds = bounds.ok_or("a face whose box is not a box")?;
        let confidence = Ratio::clamped(sure);
        found.push(Detection { bounds, kind: PrivateKind::Face, confidence });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_becomes_a_box_in_the_frame() {
        // 16 x 8 input: 4 x 2 cells; a peak at column 2, row 1, face of 4 x 8 px.
        let mut heat = vec![0.0; 8];
        heat[6] = 0.9;
        let scale = [vec![2.0f32.ln(); 8], vec![0.0; 8]].concat();
        let outputs = [
            Tensor::new(vec![1, 1, 2, 4], heat).unwrap(),
            Tensor::new(vec![1, 2, 2, 4], scale).unwrap(),
            Tensor::new(vec![1, 2, 2, 4], vec![0.0; 16]).unwrap(),
        ];
        let tile = PixelBox::new(100.0, 50.0, 132.0, 66.0).unwrap();
        let found = decode_faces(&outputs, &tile, (16, 8), 0.5).unwrap();
        assert_eq!(found.len(), 1);
        let want = PixelBox::new(116.0, 54.0, 124.0, 70.0).unwrap();
        assert!(found[0].bounds.overlap(&want) > 0.999, "{:?}", found[0].bounds);
        assert!(decode_faces(&outputs[..2], &tile, (16, 8), 0.5).is_err());
    }
}
