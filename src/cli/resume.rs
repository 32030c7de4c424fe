//! Going on where a run was stopped: what each clip's results depend on, and the journal that keeps them.

use super::Setting;
use super::job::{Loaded, open_clip};
use crate::domain::{Network, Provenance};
use crate::io::atomic;
use crate::io::config::{ClipEntry, SurveyFile};
use crate::io::journal::JournalFile;
use crate::pipeline::ClipInput;
use anyhow::Context;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// Bytes of a video that are read at each of its ends to know it by, beside its length and its date.
///
/// Chosen: indexes and first pictures lie there; reading all of a night's videos would take an hour.
const ENDS: u64 = 1 << 20;

/// What every clip of a run depends on.
#[derive(Clone)]
pub struct RunKey(Sha256);

/// Text and bytes on their way into a digest.
struct Digested<'a>(&'a mut Sha256);

impl std::fmt::Write for Digested<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

impl std::io::Write for Digested<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl RunKey {
    /// Program, models, network and settings.
    pub fn of(
        provenance: &Provenance,
        loaded: &Loaded,
        network: &Network,
        file: &SurveyFile,
    ) -> anyhow::Result<Self> {
        let mut digest = Sha256::new();
        let program = std::env::current_exe().and_then(File::open);
        std::io::copy(&mut program.context("the program itself")?, &mut Digested(&mut digest))?;
        write!(Digested(&mut digest), "{:?}{:?}", provenance.version, provenance.models)?;
        write!(Digested(&mut digest), "{:?}", loaded.cards())?;
        write!(Digested(&mut digest), "{:?}{network:?}", file.survey)?;
        Ok(Self(digest))
    }

    /// Opens a clip with its key; without one when its files cannot be known.
    pub fn open(&self, entry: &ClipEntry, file: &SurveyFile) -> ClipInput {
        let mut input = open_clip(entry, file);
        input.key = self.clip(entry, &input).unwrap_or_default();
        input
    }

    fn clip(&self, entry: &ClipEntry, input: &ClipInput) -> anyhow::Result<String> {
        let mut digest = self.0.clone();
        known(&entry.video, &mut digest)?;
        let (Ok(source), Ok(track)) = (&input.source, &input.track) else {
            return Ok(String::new());
        };
        write!(Digested(&mut digest), "{:?}{:?}", input.name, source.decoder())?;
        write!(Digested(&mut digest), "{:?}{:?}", track.value, track.findings)?;
        write!(Digested(&mut digest), "{:?}{:?}", input.track_name, input.camera)?;
        write!(Digested(&mut digest), "{:?}{:?}", input.start, input.clock_offset)?;
        let bytes = digest.finalize();
        Ok(bytes.iter().fold(String::new(), |text, it| format!("{text}{it:02x}")))
    }
}

/// What a file is known by; of a folder, its files.
fn known(path: &Path, digest: &mut Sha256) -> std::io::Result<()> {
    if path.is_dir() {
        let mut inside: Vec<_> = std::fs::read_dir(path)?.collect::<Result<_, _>>()?;
        inside.sort_by_key(std::fs::DirEntry::file_name);
        for one in inside {
            digest.update(one.file_name().as_encoded_bytes());
            known(&one.path(), digest)?;
        }
        return Ok(());
    }
    let mut file = File::open(path)?;
    let about = file.metadata()?;
    digest.update(about.len().to_le_bytes());
    let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    digest.update(changed.as_nanos().to_le_bytes());
    std::io::copy(&mut file.by_ref().take(ENDS), &mut Digested(digest))?;
    file.seek(SeekFrom::Start(about.len().saturating_sub(ENDS)))?;
    std::io::copy(&mut file.take(ENDS), &mut Digested(digest))?;
    Ok(())
}

/// Opens the journal of a folder of results, and says what an earlier run left in it.
#[expect(clippy::print_stderr, reason = "messages go to standard error")]
pub fn journal(folder: &Path, setting: Setting) -> anyhow::Result<JournalFile> {
    let journal = JournalFile::open(folder)?;
    atomic::sweep(folder);
    let n_clips = journal.n_clips() as usize;
    if n_clips > 0 {
        let clips =
            setting.language.counted(n_clips, "vidéo déjà analysée", "vidéos déjà analysées");
        let english =
            setting.language.counted(n_clips, "clip already filmed", "clips already filmed");
        eprintln!(
            "{}",
            setting.language.pick(
                &format!("reprise d’un traitement interrompu\u{a0}: {clips}"),
                &format!("going on where a run was stopped: {english}")
            )
        );
    }
    Ok(journal)
}
