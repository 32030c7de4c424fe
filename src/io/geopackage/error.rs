//! Why a base could not be written or read.

use crate::io::atomic::WriteError;
use std::path::{Path, PathBuf};

/// A base that could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("could not use the base {path:?}")]
pub struct BaseError {
    path: PathBuf,
    // Boxed, since every function that reads a base hands this on.
    source: Box<BaseErrorKind>,
}

impl BaseError {
    /// Names the file in question.
    pub(super) fn at(path: &Path) -> impl Fn(BaseErrorKind) -> Self {
        move |source| Self { path: path.to_owned(), source: Box::new(source) }
    }

    /// What was wrong.
    #[must_use]
    pub const fn kind(&self) -> &BaseErrorKind {
        &self.source
    }
}

impl From<rusqlite::Error> for BaseErrorKind {
    fn from(error: rusqlite::Error) -> Self {
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) {
            return Self::Io(std::io::ErrorKind::StorageFull.into());
        }
        // Its own causes say the same again in numbers.
        Self::Sql { what: error.to_string() }
    }
}

/// What was wrong with it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message names every field")]
pub enum BaseErrorKind {
    /// The disk, or the folder.
    #[error(transparent)]
    Write(#[from] WriteError),

    /// The file is missing or unreadable.
    #[error(transparent)]
    Io(#[from] std::io::Error),

    /// SQLite refused: a full disk, a damaged file.
    #[error("SQLite: {what}")]
    Sql { what: String },

    /// Some other SQLite file, or none at all.
    #[error("not a base of this program: {found}, expected a GeoPackage with a provenance table")]
    NotABase { found: String },

    /// Written by a version that lays its tables out otherwise.
    #[error("table provenance: found format {found}, expected {oldest} to {newest}")]
    Format { found: String, oldest: u32, newest: u32 },

    /// A step that was never run on this base.
    #[error("table {table} is missing; `voirie {command}` writes it")]
    MissingTable { table: &'static str, command: &'static str },

    /// A table that someone else changed.
    #[error("table {table}: column {column} is missing")]
    MissingColumn { table: &'static str, column: &'static str },

    /// A value that does not mean anything.
    #[error("table {table}, row {row}, column {column}: found {found}, expected {expected}")]
    Cell { table: &'static str, row: i64, column: &'static str, found: String, expected: String },

    /// A value that is not what its column holds, in a table read for another format.
    #[error("table {table}, row {row}, column {column}: found {found}, expected {expected}")]
    Value { table: String, row: i64, column: String, found: String, expected: String },
}
