//! Why a base could not be published.

use crate::io::geopackage::BaseError;

/// A base that could not be published; the campaign is as it was. No password is ever told.
#[derive(Debug, thiserror::Error)]
#[error("could not publish to {place}")]
pub struct PublishError {
    pub(super) place: String,
    source: PublishErrorKind,
}

impl PublishError {
    /// Names the server and the database.
    pub(super) fn at(place: &str) -> impl Fn(PublishErrorKind) -> Self {
        move |source| Self { place: place.to_owned(), source }
    }

    /// What was wrong.
    #[must_use]
    pub const fn kind(&self) -> &PublishErrorKind {
        &self.source
    }
}

/// What was wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message names every field")]
pub enum PublishErrorKind {
    /// The address cannot be read; it is not told, since it may hold a password.
    #[error("the address cannot be read, expected postgres://user@host:port/database")]
    Address,

    /// The address asks for what this program does not do.
    #[error("found sslmode={found}, but this program does not encrypt: use a tunnel, or a socket")]
    Encryption { found: &'static str },

    /// The server cannot be reached or refused.
    #[error("PostgreSQL: {what}")]
    Server { what: String },

    /// The base cannot be read.
    #[error(transparent)]
    Base(#[from] BaseError),

    /// The file of the base, or a row of it.
    #[error(transparent)]
    Io(#[from] std::io::Error),

    /// A database without PostGIS.
    #[error(
        "the database has no PostGIS and this user may not add it: CREATE EXTENSION postgis ({what})"
    )]
    NoPostgis { what: String },

    /// A column that another program made, or another plane.
    #[error("table {table}, column {column}: found {found}, expected {expected}")]
    Column { table: String, column: String, found: String, expected: String },
}

impl From<postgres::Error> for PublishErrorKind {
    fn from(error: postgres::Error) -> Self {
        let what = match error.as_db_error() {
            Some(told) => {
                let table = told.table().map(|it| format!(", table {it}")).unwrap_or_default();
                format!("{}{table}", told.message())
            }
            None => match std::error::Error::source(&error) {
                Some(cause) => format!("{error}: {cause}"),
                None => error.to_string(),
            },
        };
        Self::Server { what }
    }
}
