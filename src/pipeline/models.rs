//! The three models of a survey, loaded.

use crate::anonymisation::{DetectorInput, PlatePriors};
use crate::domain::CellThresholds;
use crate::ports::Inference;

/// The pavement model and its operating point.
pub struct Pavement<'a> {
    /// The loaded model.
    pub model: &'a dyn Inference,
    /// Where each class begins.
    pub thresholds: CellThresholds,
}

/// A detector of what must be hidden.
pub struct PrivateDetector<'a> {
    /// The loaded model.
    pub model: &'a dyn Inference,
    /// What it takes.
    pub input: DetectorInput,
}

/// Everything that looks at a frame; shared by every worker.
pub struct Models<'a> {
    /// Lane, cracks, potholes.
    pub pavement: Pavement<'a>,
    /// Faces.
    pub face: PrivateDetector<'a>,
    /// Plates.
    pub plate: PrivateDetector<'a>,
    /// Prior boxes of the plate detector.
    pub priors: PlatePriors,
}
