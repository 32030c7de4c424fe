//! Models through an installed ONNX Runtime, found when the program runs: some times faster than tract.

use crate::domain::Tensor;
use crate::ports::{Inference, InferenceError};
use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;
use std::borrow::Cow;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The library, open once a process.
#[derive(Clone)]
pub struct OnnxRuntime(Environment);

impl OnnxRuntime {
    /// Opens the library file (`libonnxruntime.so`, `onnxruntime.dll`), such as that of `PyPI`'s wheel.
    ///
    /// # Errors
    ///
    /// When it is not there, is no ONNX Runtime, or one older than this build understands.
    pub fn open(library: &Path) -> Result<Self, InferenceError> {
        let failed = |what: String| InferenceError {
            model: format!("ONNX Runtime {}", library.display()),
            what,
        };
        let found = ort::init_from(library).map_err(|why| failed(why.to_string()))?;
        let environment =
            found.with_telemetry(false).build().map_err(|why| failed(why.to_string()))?;
        Ok(Self(environment))
    }
}

/// A model that any thread may run: each that runs at one time has a session of its own.
pub struct RuntimeModel {
    name: String,
    shape: Vec<usize>,
    onnx: Cow<'static, [u8]>,
    runtime: OnnxRuntime,
    idle: Mutex<Vec<Session>>,
}

impl RuntimeModel {
    /// Loads a model whose only input has this static shape.
    ///
    /// # Errors
    ///
    /// When the runtime refuses it.
    pub fn load(
        runtime: &OnnxRuntime,
        name: &str,
        onnx: Cow<'static, [u8]>,
        shape: &[usize],
    ) -> Result<Self, InferenceError> {
        let idle = Mutex::new(Vec::new());
        let model = Self {
            name: name.to_owned(),
            shape: shape.to_vec(),
            onnx,
            runtime: runtime.clone(),
            idle,
        };
        let first = model.session()?;
        model.give_back(first);
        Ok(model)
    }

    fn failed(&self, what: &dyn ToString) -> InferenceError {
        InferenceError { model: self.name.clone(), what: what.to_string() }
    }

    /// One thread a session: frames are what is run in parallel.
    fn session(&self) -> Result<Session, InferenceError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(session) = idle {
            return Ok(session);
        }
        let build = || -> ort::Result<Session> {
            Session::builder(&self.runtime.0)?
                .with_optimization_level(GraphOptimizationLevel::All)?
                .with_intra_threads(1)?
                .with_inter_threads(1)?
                .commit_from_memory(&self.onnx)
        };
        build().map_err(|why| self.failed(&why))
    }

    fn give_back(&self, session: Session) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
    }
}

impl Inference for RuntimeModel {
    fn infer(&self, input: Tensor) -> Result<Vec<Tensor>, InferenceError> {
        if input.shape() != self.shape {
            let (found, expected) = (input.shape(), &self.shape);
            return Err(self.failed(&format!("input of shape {found:?}, expected {expected:?}")));
        }
        let mut session = self.session()?;
        let given = TensorRef::from_array_view((self.shape.clone(), input.values()))
            .map_err(|why| self.failed(&why))?;
        let said = session.run(ort::inputs![given]).map_err(|why| self.failed(&why))?;
        let mut tensors = Vec::with_capacity(said.len());
        for (_, value) in &said {
            let (shape, values) =
                value.try_extract_tensor::<f32>().map_err(|why| self.failed(&why))?;
            let shape = shape.iter().map(|it| usize::try_from(*it).unwrap_or(0)).collect();
            tensors.push(Tensor::new(shape, values.to_vec()).map_err(|why| self.failed(&why))?);
        }
        drop(said);
        self.give_back(session);
        Ok(tensors)
    }
}
