//! Models through tract: pure Rust, nothing to install.

use crate::domain::Tensor;
use crate::ports::{Inference, InferenceError};
use std::sync::Arc;
use tract_onnx::prelude::*;

/// A model loaded and optimised once, run from any thread.
pub struct TractModel {
    name: String,
    shape: Vec<usize>,
    plan: Arc<TypedRunnableModel>,
}

impl TractModel {
    /// Loads a model whose only input has this static shape.
    ///
    /// # Errors
    ///
    /// When tract cannot read, type or optimise it.
    pub fn load(name: &str, onnx: &[u8], shape: &[usize]) -> Result<Self, InferenceError> {
        let failed =
            |what: &dyn ToString| InferenceError { model: name.to_owned(), what: what.to_string() };
        let plan = tract_onnx::onnx()
            .model_for_read(&mut std::io::Cursor::new(onnx))
            .and_then(|it| it.with_input_fact(0, f32::fact(shape).into()))
            .and_then(InferenceModelExt::into_optimized)
            .and_then(IntoRunnable::into_runnable)
            .map_err(|why| failed(&format!("{why:#}")))?;
        Ok(Self { name: name.to_owned(), shape: shape.to_vec(), plan })
    }
}

impl Inference for TractModel {
    fn infer(&self, input: Tensor) -> Result<Vec<Tensor>, InferenceError> {
        let failed = |what: String| InferenceError { model: self.name.clone(), what };
        if input.shape() != self.shape {
            let (found, expected) = (input.shape(), &self.shape);
            return Err(failed(format!("input of shape {found:?}, expected {expected:?}")));
        }
        let input = tract_onnx::prelude::Tensor::from_shape(&self.shape, input.values())
            .map_err(|why| failed(format!("{why:#}")))?;
        let outputs =
            self.plan.run(tvec!(input.into())).map_err(|why| failed(format!("{why:#}")))?;
        outputs
            .iter()
            .map(|it| {
                let values =
                    it.to_plain_array_view::<f32>().map_err(|why| failed(format!("{why:#}")))?;
                Tensor::new(values.shape().to_vec(), values.iter().copied().collect())
                    .map_err(|why| failed(why.to_string()))
            })
            .collect()
    }
}
