//! Where an output comes from.

/// One model that took part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelMark {
    /// Its folder's name under `models/`.
    pub name: String,
    /// SHA-256 of its ONNX file, hexadecimal.
    pub sha256: String,
}

/// What every output carries: who made it, from which settings, with which models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Version of the program.
    pub version: String,
    /// SHA-256 of the effective configuration, hexadecimal.
    pub configuration: String,
    /// Every model used.
    pub models: Vec<ModelMark>,
}
