//! Models and their cards: a file that does not match its card is refused.

use crate::domain::ModelMark;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("model {name}: {kind}")]
pub struct ModelError {
    name: String,
    kind: ModelErrorKind,
}

/// What was wrong with it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelErrorKind {
    /// A file is missing or unreadable.
    #[error("could not read {path:?}: {why}")]
    #[expect(missing_docs, reason = "the message names every field")]
    Io { path: PathBuf, why: std::io::Error },
    /// The card is not TOML, or misses something.
    #[error("card.toml: {0}")]
    Card(String),
    /// The ONNX file is not the one that the card describes.
    #[error(
        "{file} has SHA-256 {found}, its card says {expected}: the file was changed or damaged"
    )]
    #[expect(missing_docs, reason = "the message names every field")]
    Digest { file: String, found: String, expected: String },
    /// The model takes something else than what the program gives.
    #[error("card.toml: input {found:?}, expected {expected:?}")]
    #[expect(missing_docs, reason = "the message names every field")]
    Input { found: Vec<usize>, expected: Vec<usize> },
}

/// What a card says. Everything that is not here is for people to read.
#[derive(Clone, Debug, Deserialize)]
pub struct ModelCard {
    /// What the model does, in a sentence.
    pub purpose: String,
    /// Where it comes from.
    pub origin: String,
    /// Under which licence.
    pub licence: String,
    /// SHA-256 of `model.onnx`, hexadecimal.
    pub sha256: String,
    /// Shape of the only input.
    pub input: Vec<usize>,
    /// What its outputs mean, in order.
    pub classes: Vec<String>,
    /// Operating points, chosen off the test part.
    pub thresholds: std::collections::BTreeMap<String, f64>,
    /// Measured quality: free tables, for people and for `inspect`.
    pub quality: toml::Table,
}

/// An ONNX file that matches its card.
pub struct ModelFile {
    /// Name and digest, for outputs.
    pub mark: ModelMark,
    /// The card.
    pub card: ModelCard,
    /// The ONNX bytes.
    pub onnx: Cow<'static, [u8]>,
}

macro_rules! embedded {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../models/", $name, "/card.toml")),
            include_bytes!(concat!("../../models/", $name, "/model.onnx")).as_slice(),
        )
    };
}

/// The models compiled into the program: name, card, ONNX.
const EMBEDDED: [(&str, &str, &[u8]); 3] =
    [embedded!("pavement"), embedded!("face"), embedded!("plate")];

/// Names of the compiled-in models.
#[must_use]
pub fn names() -> Vec<&'static str> {
    EMBEDDED.iter().map(|it| it.0).collect()
}

/// Opens a model by name: from `folder/<name>/` when a folder is given, else the compiled-in one.
///
/// # Errors
///
/// When a file is missing, the card is unusable, or the ONNX file does not match it.
pub fn open(name: &str, folder: Option<&Path>) -> Result<ModelFile, ModelError> {
    let refused = |kind| ModelError { name: name.to_owned(), kind };
    let (card, onnx): (Cow<'static, str>, Cow<'static, [u8]>) = if let Some(folder) = folder {
        let at = folder.join(name);
        let read = |file: &str| {
            let path = at.join(file);
            std::fs::read(&path).map_err(|why| refused(ModelErrorKind::Io { path, why }))
        };
        let card = String::from_utf8_lossy(&read("card.toml")?).into_owned();
        (card.into(), read("model.onnx")?.into())
    } else {
        let found = EMBEDDED.iter().find(|it| it.0 == name).ok_or_else(|| {
            refused(ModelErrorKind::Card(format!("no such model, expected one of {:?}", names())))
        })?;
        (found.1.into(), found.2.into())
    };
    let file = folder.map_or_else(
        || "the compiled-in model.onnx".to_owned(),
        |it| it.join(name).join("model.onnx").display().to_string(),
    );
    check(name, file, &card, onnx)
}

fn check(
    name: &str,
    file: String,
    card: &str,
    onnx: Cow<'static, [u8]>,
) -> Result<ModelFile, ModelError> {
    let refused = |kind| ModelError { name: name.to_owned(), kind };
    let card: ModelCard =
        toml::from_str(card).map_err(|why| refused(ModelErrorKind::Card(why.to_string())))?;
    let found = hex(&Sha256::digest(&onnx));
    if found != card.sha256 {
        return Err(refused(ModelErrorKind::Digest { file, found, expected: card.sha256 }));
    }
    let mark = ModelMark { name: name.to_owned(), sha256: found };
    Ok(ModelFile { mark, card, onnx })
}

impl ModelFile {
    /// Refuses a model whose input has another shape than what the program gives.
    ///
    /// # Errors
    ///
    /// Both shapes.
    pub fn expect_input(&self, expected: &[usize]) -> Result<(), ModelError> {
        if self.card.input == expected {
            return Ok(());
        }
        let (found, expected) = (self.card.input.clone(), expected.to_vec());
        let kind = ModelErrorKind::Input { found, expected };
        Err(ModelError { name: self.mark.name.clone(), kind })
    }

    /// An operating point of the card.
    ///
    /// # Errors
    ///
    /// When the card does not give it.
    pub fn threshold(&self, of: &str) -> Result<f64, ModelError> {
        self.card.thresholds.get(of).copied().ok_or_else(|| ModelError {
            name: self.mark.name.clone(),
            kind: ModelErrorKind::Card(format!("no threshold for {of:?}")),
        })
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, it| text + &format!("{it:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_models_match_their_cards() {
        for name in names() {
            assert!(open(name, None).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_changed_byte_is_refused() {
        let (name, card, onnx) = EMBEDDED[2];
        let mut changed = onnx.to_vec();
        changed[1000] ^= 1;
        let message =
            check(name, "model.onnx".to_owned(), card, changed.into()).err().unwrap().to_string();
        assert!(message.contains("SHA-256") && message.contains("its card says"), "{message}");
    }

    #[test]
    fn another_input_is_refused_with_both_shapes() {
        let file = open("pavement", None).unwrap();
        assert!(file.expect_input(&file.card.input).is_ok());
        let message = file.expect_input(&[1, 6, 640, 1024]).unwrap_err().to_string();
        assert!(
            message.contains("input [1, 3, 640, 1024], expected [1, 6, 640, 1024]"),
            "{message}"
        );
    }

    #[test]
    fn a_folder_without_the_model_says_which_file_is_missing() {
        let message = open("plate", Some(Path::new("nowhere"))).err().unwrap().to_string();
        assert!(message.contains("card.toml"), "{message}");
    }
}
