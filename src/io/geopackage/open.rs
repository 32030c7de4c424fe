//! Opening a base to read it.

use super::error::{BaseError, BaseErrorKind};
use super::migrate;
use super::schema::APPLICATION_ID;
use super::step::Step;
use crate::domain::{ModelMark, Network, Provenance, SectionRating, Survey};
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};

/// Version of the layout of our tables, in the provenance of each step.
pub(super) const FORMAT: u32 = 4;

/// A base opened for reading; nothing in it changes.
#[derive(Debug)]
pub struct OpenBase {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
}

/// Refuses what is not a base of ours, or is of a format that is not read.
pub(super) fn check(connection: &Connection) -> Result<(), BaseErrorKind> {
    let not_a_base = |found: String| BaseErrorKind::NotABase { found };
    let mark: i32 = connection
        .query_row("PRAGMA application_id", [], |row| row.get(0))
        .map_err(|it| not_a_base(it.to_string()))?;
    if mark != APPLICATION_ID {
        return Err(not_a_base("another SQLite file".to_owned()));
    }
    connection
        .prepare("SELECT cle, valeur FROM provenance")
        .map_err(|it| not_a_base(it.to_string()))?;
    migrate::format(connection).map(|_| ())
}

impl super::Base {
    /// Opens a base to read it.
    ///
    /// # Errors
    ///
    /// When there is no such file or it is not a base of this format.
    pub fn open(path: &Path) -> Result<OpenBase, BaseError> {
        OpenBase::new(path)
    }
}

impl OpenBase {
    /// Opens a base to read it.
    ///
    /// # Errors
    ///
    /// When there is no such file or it is not a base of this format.
    pub fn new(path: &Path) -> Result<Self, BaseError> {
        let opened = || {
            // SQLite says of a missing file only that it cannot open it.
            std::fs::File::open(path)?;
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(path, flags)?;
            check(&connection)?;
            Ok(Self { connection, path: path.to_owned() })
        };
        opened().map_err(BaseError::at(path))
    }

    /// Says which file a trouble is in.
    pub(super) fn failed(&self, why: BaseErrorKind) -> BaseError {
        BaseError::at(&self.path)(why)
    }

    /// The roads and their markers.
    ///
    /// # Errors
    ///
    /// When a row is not what this program writes; the message gives table, row and column.
    pub fn read_network(&self) -> Result<Network, BaseError> {
        super::read_network::read(&self.connection).map_err(BaseError::at(&self.path))
    }

    /// What the survey saw, placed on the roads of `network`.
    ///
    /// # Errors
    ///
    /// As [`OpenBase::read_network`]; also when a road is not in the network.
    pub fn read_survey(&self, network: &Network) -> Result<Survey, BaseError> {
        super::read_survey::read(&self.connection, network).map_err(BaseError::at(&self.path))
    }

    /// The sections, what is wrong with them, and their notes.
    ///
    /// # Errors
    ///
    /// As [`OpenBase::read_survey`].
    pub fn read_sections(&self, network: &Network) -> Result<Vec<SectionRating>, BaseError> {
        super::read_sections::read(&self.connection, network).map_err(BaseError::at(&self.path))
    }

    /// Who wrote a step; nothing when it was not run.
    ///
    /// # Errors
    ///
    /// When the table cannot be read.
    pub fn read_provenance(&self, step: Step) -> Result<Option<Provenance>, BaseError> {
        let read = || -> Result<_, BaseErrorKind> {
            let mut select = self
                .connection
                .prepare("SELECT cle, valeur FROM provenance WHERE etape = ?1 ORDER BY fid")?;
            let rows = select.query_map([step.word()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let rows: Vec<(String, String)> = rows.collect::<Result<_, _>>()?;
            if rows.is_empty() {
                return Ok(None);
            }
            let mut provenance = Provenance::default();
            for (key, value) in rows {
                match (key.as_str(), key.strip_prefix("modele ")) {
                    ("version", _) => provenance.version = value,
                    ("configuration", _) => provenance.configuration = value,
                    (_, Some(name)) => {
                        provenance.models.push(ModelMark { name: name.to_owned(), sha256: value });
                    }
                    _ => {}
                }
            }
            Ok(Some(provenance))
        };
        read().map_err(BaseError::at(&self.path))
    }
}
