//! Opening the journal, held by one run at a time.

use super::{read, write};
use crate::domain::{ClipSurvey, ClockDoubt, ClockEstimate, Reported};
use crate::ports::{Journal, JournalError};
use rusqlite::{Connection, ErrorCode};
use std::path::{Path, PathBuf};

/// Changes with the tables below: the journal of another version is begun anew.
///
/// Chosen: counted up by hand.
const VERSION: i32 = 1;

/// Marks a journal of this program. Chosen: `VOIR` in ASCII.
const APPLICATION_ID: i32 = 0x564F_4952;

const TABLES: &str = r"
CREATE TABLE clocks (key TEXT PRIMARY KEY, doubt TEXT, starts REAL, sd REAL);
CREATE TABLE clips (
  id INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, clip TEXT NOT NULL, decoder TEXT NOT NULL,
  source TEXT, starts REAL, clock_offset REAL, sd REAL, n_frames INTEGER, n_located INTEGER,
  travelled REAL, lost REAL, doubt_per_metre REAL, doubt_everywhere REAL
);
CREATE TABLE frames (
  id INTEGER PRIMARY KEY, clip INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
  number INTEGER, at REAL, time REAL, lon REAL, lat REAL, x REAL, y REAL, bearing REAL, speed REAL,
  road INTEGER, direction TEXT, cumul REAL, beside REAL, validity TEXT, cracked REAL, pothole REAL,
  redacted INTEGER, picture TEXT, measured INTEGER, reach REAL
);
CREATE INDEX frames_of_clip ON frames (clip);
CREATE TABLE measures (
  id INTEGER PRIMARY KEY, frame INTEGER NOT NULL REFERENCES frames (id) ON DELETE CASCADE,
  kind TEXT, severity TEXT, measured_in TEXT, much REAL, area REAL, near_ahead REAL,
  near_right REAL, far_ahead REAL, far_right REAL, x_left REAL, y_top REAL, x_right REAL,
  y_bottom REAL, confidence REAL, width_mm REAL
);
CREATE INDEX measures_of_frame ON measures (frame);
CREATE TABLE findings (
  id INTEGER PRIMARY KEY, clip INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
  place TEXT, weight TEXT, french TEXT, english TEXT
);
CREATE INDEX findings_of_clip ON findings (clip);
";

/// Why a journal could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("could not open the journal {path:?}: {kind}")]
pub struct JournalFileError {
    path: PathBuf,
    #[source]
    kind: JournalFileErrorKind,
}

#[derive(Debug, thiserror::Error)]
enum JournalFileErrorKind {
    #[error("another run writes to this folder; wait for its end, or give another with --output")]
    Busy,
    #[error(
        "the file is no journal of this program; move it, or give another folder with --output"
    )]
    Foreign,
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<rusqlite::Error> for JournalFileErrorKind {
    fn from(why: rusqlite::Error) -> Self {
        match why.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            _ => Self::Sqlite(why),
        }
    }
}

/// The journal of a run in its folder of results.
#[derive(Debug)]
pub struct JournalFile {
    connection: Connection,
    path: PathBuf,
    n_clips: u32,
}

impl JournalFile {
    /// Opens the journal of a folder, left by a run that was stopped, or begins one.
    ///
    /// One of another version is begun anew.
    ///
    /// # Errors
    ///
    /// When another run holds it, a file of its name is no journal, or the folder cannot be written to.
    pub fn open(folder: &Path) -> Result<Self, JournalFileError> {
        let path = folder.join("journal.sqlite");
        Self::hold(&path).map_err(|kind| JournalFileError { path: path.clone(), kind })
    }

    fn hold(path: &Path) -> Result<Self, JournalFileErrorKind> {
        let connection = held(path)?;
        let n_clips: u32 =
            connection.query_row("SELECT COUNT(*) FROM clips", [], |row| row.get(0))?;
        Ok(Self { connection, path: path.to_owned(), n_clips })
    }

    /// How many clips an earlier run left in it.
    #[must_use]
    pub const fn n_clips(&self) -> u32 {
        self.n_clips
    }

    /// The run is over: the journal goes.
    ///
    /// # Errors
    ///
    /// When the file cannot be removed.
    pub fn finish(self) -> Result<(), JournalFileError> {
        let Self { connection, path, .. } = self;
        drop(connection);
        remove(&path).map_err(|why| JournalFileError { path, kind: why.into() })
    }
}

/// The file and what SQLite writes beside it.
fn remove(path: &Path) -> std::io::Result<()> {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    // Usually they are not there.
    let _absent = std::fs::remove_file(beside("-journal"));
    std::fs::remove_file(path)
}

fn held(path: &Path) -> Result<Connection, JournalFileErrorKind> {
    let connection = Connection::open(path)?;
    // A lock taken once and kept: a second run in this folder is refused at once.
    connection.execute_batch(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON; BEGIN EXCLUSIVE; COMMIT;",
    )?;
    let empty: bool =
        connection.query_row("SELECT COUNT(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?;
    let mark: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if !empty && mark != APPLICATION_ID {
        return Err(JournalFileErrorKind::Foreign);
    }
    let version: i32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version != VERSION {
        let names: Vec<String> = connection
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for name in names {
            connection.execute_batch(&format!("DROP TABLE \"{}\"", name.replace('"', "\"\"")))?;
        }
        connection.execute_batch(TABLES)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", VERSION)?;
    }
    Ok(connection)
}

fn unwritten(why: &rusqlite::Error) -> JournalError {
    JournalError { what: why.to_string() }
}

impl Journal for JournalFile {
    fn clip(&self, key: &str) -> Option<Reported<ClipSurvey>> {
        // What cannot be read back is filmed again.
        read::clip(&self.connection, key).ok().flatten()
    }

    fn keep_clip(&self, key: &str, clip: &Reported<ClipSurvey>) -> Result<(), JournalError> {
        write::clip(&self.connection, key, clip).map_err(|why| unwritten(&why))
    }

    fn clock(&self, key: &str) -> Option<Result<ClockEstimate, ClockDoubt>> {
        read::clock(&self.connection, key).ok().flatten()
    }

    fn keep_clock(
        &self,
        key: &str,
        seen: &Result<ClockEstimate, ClockDoubt>,
    ) -> Result<(), JournalError> {
        write::clock(&self.connection, key, seen).map_err(|why| unwritten(&why))
    }
}
