//! Numbers on their way in or out of a model.

/// Why values do not make a tensor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} values do not fill the shape {shape:?}")]
pub struct TensorError {
    shape: Vec<usize>,
    found: usize,
}

/// A dense f32 array in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    shape: Vec<usize>,
    values: Vec<f32>,
}

impl Tensor {
    /// Takes as many values as the shape holds.
    ///
    /// # Errors
    ///
    /// When their number differs.
    pub fn new(shape: Vec<usize>, values: Vec<f32>) -> Result<Self, TensorError> {
        if shape.iter().product::<usize>() == values.len() {
            Ok(Self { shape, values })
        } else {
            Err(TensorError { shape, found: values.len() })
        }
    }

    /// Size of each axis.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Every value, last axis fastest.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Every value; the tensor is gone.
    #[must_use]
    pub fn into_values(self) -> Vec<f32> {
        self.values
    }
}
