//! Files written whole or not at all.
//!
//! The bytes go to a temporary file in the same folder, reach the disk, and only then take the
//! file's name. A full disk, a crash or an error leaves what was there before, and nothing else.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A file that could not be written; whatever bore its name before is untouched.
#[derive(Debug, thiserror::Error)]
#[error("could not write {path:?}")]
pub struct WriteError {
    path: PathBuf,
    source: io::Error,
}

impl WriteError {
    /// Why this file could not be written or removed.
    #[must_use]
    pub fn of(path: &Path, source: io::Error) -> Self {
        Self { path: path.to_owned(), source }
    }
}

/// How the name of a draft begins and ends.
const DRAFT: (&str, &str) = (".voirie-", ".tmp");

/// Removes the drafts that a run which was stopped left in a folder and in those below it, two deep. To
/// be called by a run that has the folder to itself.
///
/// What cannot be removed is left: it is in nobody's way.
pub fn sweep(folder: &Path) {
    sweep_below(folder, 2);
}

fn sweep_below(folder: &Path, deep: u32) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let kind = entry.file_type().ok();
        if kind.is_some_and(|it| it.is_dir()) && deep > 0 {
            sweep_below(&entry.path(), deep - 1);
        } else if kind.is_some_and(|it| it.is_file())
            && name.starts_with(DRAFT.0)
            && name.ends_with(DRAFT.1)
        {
            let _left = std::fs::remove_file(entry.path());
        }
    }
}

/// A file in the making, under a temporary name beside its own; dropped, it vanishes.
#[derive(Debug)]
pub struct Draft {
    target: PathBuf,
    temporary: NamedTempFile,
}

impl Draft {
    /// Opens a draft in the folder of `target`, which must exist.
    ///
    /// # Errors
    ///
    /// When the folder is missing or closed to writing.
    pub fn beside(target: &Path) -> Result<Self, WriteError> {
        let folder = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = Builder::new();
        builder.prefix(DRAFT.0).suffix(DRAFT.1);
        // A private temporary file would stay private once renamed; this one follows the umask.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = builder.tempfile_in(folder).map_err(|it| WriteError::of(target, it))?;
        Ok(Self { target: target.to_owned(), temporary })
    }

    /// Where the draft lies for now, for writers that want a path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// The file itself, for writers that want bytes.
    pub fn file(&mut self) -> &mut File {
        self.temporary.as_file_mut()
    }

    /// Brings the bytes to the disk and gives the draft its name.
    ///
    /// # Errors
    ///
    /// When the disk is full or the name cannot be taken.
    pub fn keep(self) -> Result<(), WriteError> {
        let Self { target, temporary } = self;
        temporary.as_file().sync_all().map_err(|it| WriteError::of(&target, it))?;
        temporary.persist(&target).map_err(|it| WriteError::of(&target, it.error))?;
        // The new name survives a power cut only once the folder is on the disk too. Some file
        // systems cannot do this; the file itself is already safe.
        #[cfg(unix)]
        if let Some(folder) = target.parent().filter(|it| !it.as_os_str().is_empty())
            && let Ok(folder) = File::open(folder)
        {
            let _unsupported = folder.sync_all();
        }
        Ok(())
    }
}

/// Writes a file with what `fill` puts in it.
///
/// # Errors
///
/// What `fill` returned, or why the file could not be written. Nothing is left behind.
pub fn write_with(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), WriteError> {
    let mut draft = Draft::beside(path)?;
    let mut out = BufWriter::new(draft.file());
    fill(&mut out).and_then(|()| out.flush()).map_err(|it| WriteError::of(path, it))?;
    drop(out);
    draft.keep()
}

/// Writes a file with these bytes.
///
/// # Errors
///
/// As [`write_with`].
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    write_with(path, |out| out.write_all(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;
    use std::fs;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_appears_whole_and_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sections.csv");
        write(&path, b"first").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(names(folder.path()), ["sections.csv"]);
    }

    #[test]
    fn a_full_disk_leaves_the_old_file_and_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sections.csv");
        write(&path, b"old").unwrap();
        let refused = write_with(&path, |out| {
            out.write_all(&vec![0; 100_000])?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        })
        .unwrap_err();
        assert!(refused.to_string().contains("sections.csv"), "{refused}");
        assert_eq!(refused.source().unwrap().to_string(), "no storage space");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["sections.csv"]);
    }

    #[test]
    fn a_missing_folder_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let refused = write(&folder.path().join("absent/report.html"), b"").unwrap_err();
        assert!(refused.to_string().contains("absent/report.html"), "{refused}");
    }

    #[cfg(unix)]
    #[test]
    fn a_written_file_is_readable_by_others_as_the_umask_allows() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
        write(&ours, b"x").unwrap();
        fs::write(&plain, b"x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }
}
