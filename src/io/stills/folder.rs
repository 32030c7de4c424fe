//! Opens a folder: lists its pictures, dates and places them.

use super::source::{Source, Still};
use super::table::{self, TableFault};
use super::tags;
use crate::domain::{Finding, FindingKind, Fix, Reported, Seconds, Track, Wgs84};
use crate::ports::{FrameSource, Timeline};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder of stills, opened.
pub struct Stills {
    /// The pictures, in order of time.
    pub source: Box<dyn FrameSource>,
    /// Where they were taken.
    pub track: Track,
}

impl std::fmt::Debug for Stills {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let n_frames = self.source.timeline().frames.len();
        write!(f, "Stills({n_frames} pictures, {} places)", self.track.fixes().len())
    }
}

/// Why a folder could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("{}: {kind}", path.display())]
pub struct StillsError {
    /// The folder, or the table.
    pub path: PathBuf,
    /// What was wrong with it.
    pub kind: StillsErrorKind,
}

/// What was wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum StillsErrorKind {
    /// Missing or unreadable.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Nothing to look at.
    #[error("no picture among {n_files} files, expected files in .jpg, .jpeg or .png")]
    NoPicture { n_files: usize },
    /// No picture can be put on a time line.
    #[error(
        "none of the {n_pictures} pictures has a date, expected EXIF DateTimeOriginal or a table \
         with the columns file, time, lon, lat"
    )]
    NoTime { n_pictures: usize },
    /// The table lacks a column.
    #[error(
        "the header is {found:?}, expected the columns file, time, lon, lat (or fichier, heure, \
         lon, lat)"
    )]
    Header { found: String },
    /// The table is not one.
    #[error("not a CSV table: {what}")]
    Table { what: String },
}

/// When and where a picture was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Taken {
    /// In seconds since 1970-01-01 UTC.
    pub(super) time: Option<Seconds>,
    pub(super) position: Option<Wgs84>,
    /// Degrees clockwise by which the picture is turned to be shown.
    pub(super) turn_degrees: i64,
}

/// Opens a folder of JPEG and PNG pictures, with a table of their times and places or else by
/// their EXIF tags.
///
/// Pictures are put in order of time, then of name. Several of one second are spread evenly over
/// it, so that each keeps its own place. One without a date is left out and told.
///
/// # Errors
///
/// When the folder or the table cannot be read, or no picture has a date.
pub fn open(folder: &Path, csv: Option<&Path>) -> Result<Reported<Stills>, StillsError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |kind: StillsErrorKind| StillsError { path, kind }
    };
    let pictures = pictures(folder).map_err(fail(folder))?;
    let mut findings = Vec::new();
    let place = folder.display().to_string();
    let rows = match csv {
        Some(path) => Some(rows(path, &mut findings).map_err(fail(path))?),
        None => None,
    };
    let mut dated = Vec::new();
    for (number, (name, path)) in (0_u64..).zip(&pictures) {
        let tags = tags::read(path);
        let taken = match (&rows, tags) {
            (Some(rows), tags) => rows.get(name).map_or_else(Taken::default, |row| Taken {
                turn_degrees: tags.map_or(0, |it| it.turn_degrees),
                ..*row
            }),
            (None, tags) => tags.unwrap_or_default(),
        };
        if let Some(time) = taken.time {
            dated.push((time, name.clone(), path.clone(), taken));
        } else {
            let expected =
                if csv.is_some() { "a row in the table" } else { "EXIF DateTimeOriginal" };
            let why = format!("{name} has no date, expected {expected}");
            let kind = FindingKind::FrameUnreadable { number, why };
            findings.push(Finding::loss(place.clone(), kind));
        }
    }
    if dated.is_empty() {
        let kind = StillsErrorKind::NoTime { n_pictures: pictures.len() };
        return Err(fail(folder)(kind));
    }
    dated.sort_by(|a, b| a.0.get().total_cmp(&b.0.get()).then_with(|| a.1.cmp(&b.1)));
    let times = spread(&dated.iter().map(|it| it.0).collect::<Vec<_>>());
    let start = times[0];
    let fixes = times
        .iter()
        .zip(&dated)
        .filter_map(|(time, it)| it.3.position.map(|position| Fix { time: *time, position }));
    let track = Track::new(fixes.collect());
    let timeline = Timeline {
        frames: times.iter().map(|it| *it - start).collect(),
        keyframes: vec![true; times.len()],
        starts: Some(start),
    };
    let clip: Arc<str> = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into();
    let stills = dated
        .into_iter()
        .map(|(_, name, path, taken)| Still { name, path, turn_degrees: taken.turn_degrees })
        .collect();
    let source = Box::new(Source { clip, timeline, stills });
    Ok(Reported { value: Stills { source, track }, findings })
}

/// Pictures of a folder by name, with their paths.
fn pictures(folder: &Path) -> Result<Vec<(String, PathBuf)>, StillsErrorKind> {
    let mut pictures = Vec::new();
    let mut n_files = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_file() {
            continue;
        }
        n_files += 1;
        let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase());
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        // Some systems put a hidden companion beside each picture.
        let hidden = name.starts_with('.');
        if !hidden && matches!(extension.as_deref(), Some("jpg" | "jpeg" | "png")) {
            pictures.push((name, path));
        }
    }
    pictures.sort();
    if pictures.is_empty() { Err(StillsErrorKind::NoPicture { n_files }) } else { Ok(pictures) }
}

fn rows(
    path: &Path,
    findings: &mut Vec<Finding>,
) -> Result<BTreeMap<String, Taken>, StillsErrorKind> {
    let text = std::fs::read(path)?;
    let text = String::from_utf8_lossy(&text);
    let table = table::parse(&text).map_err(|fault| match fault {
        TableFault::Header(found) => StillsErrorKind::Header { found },
        TableFault::Broken(what) => StillsErrorKind::Table { what },
    })?;
    let place = path.display().to_string();
    findings.extend(table.faults.into_iter().map(|it| {
        let kind = FindingKind::BadFix { row: it.row, found: it.found, expected: it.expected };
        Finding::loss(place.clone(), kind)
    }));
    Ok(table.rows)
}

/// Times made distinct: those of one instant share the time until the next, one second at most.
fn spread(times: &[Seconds]) -> Vec<Seconds> {
    let mut out = Vec::with_capacity(times.len());
    for same in times.chunk_by(|a, b| a == b) {
        let next = times.get(out.len() + same.len()).map_or(1.0, |it| it.get() - same[0].get());
        let room = next.min(1.0);
        let n = u32::try_from(same.len()).unwrap_or(u32::MAX);
        let step = room / f64::from(n);
        out.extend((0..n).map(|it| same[0] + Seconds::of(f64::from(it) * step)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::FrameError;
    use std::fs;
    use tempfile::TempDir;

    /// A folder of grey JPEG pictures, each of its own level.
    fn folder(names: &[&str]) -> TempDir {
        let folder = TempDir::new().unwrap();
        for (number, name) in names.iter().enumerate() {
            let level = 40 * (u8::try_from(number).unwrap() + 1);
            let encoder = jpeg_encoder::Encoder::new_file(folder.path().join(name), 90).unwrap();
            encoder.encode(&[level; 16 * 8 * 3], 16, 8, jpeg_encoder::ColorType::Rgb).unwrap();
        }
        folder
    }

    fn with_table(folder: &TempDir, text: &str) -> Result<Reported<Stills>, StillsError> {
        let csv = folder.path().join("table.csv");
        fs::write(&csv, text).unwrap();
        open(folder.path(), Some(&csv))
    }

    fn levels(stills: &mut Stills, wanted: &[u64]) -> Vec<Result<u8, FrameError>> {
        let mut got = Vec::new();
        stills
            .source
            .decode(wanted, &mut |frame| {
                got.push(frame.map(|it| it.image().pixel(3, 3)[0]));
                true
            })
            .unwrap();
        got
    }

    #[test]
    fn a_table_gives_times_places_and_order() {
        let folder = folder(&["a.jpg", "b.JPEG", "c.jpg"]);
        let text = "fichier;heure;lon;lat\n\
                    c.jpg;2024-05-13T08:30:00Z;1,44;43,60\n\
                    a.jpg;2024-05-13T08:30:02Z;1,46;43,60\n\
                    b.JPEG;2024-05-13T08:30:01.5Z;1,45;43,60\n";
        let mut opened = with_table(&folder, text).unwrap();
        assert_eq!(opened.findings, []);
        let stills = &mut opened.value;
        let timeline = stills.source.timeline();
        assert_eq!(timeline.frames, [0.0, 1.5, 2.0].map(Seconds::of));
        assert_eq!(timeline.starts, Some(Seconds::of(1_715_589_000.0)));
        let longitudes: Vec<_> =
            stills.track.fixes().iter().map(|it| it.position.longitude()).collect();
        assert_eq!(longitudes, [1.44, 1.45, 1.46]);
        let got: Vec<_> = levels(stills, &[0, 2]).into_iter().map(Result::unwrap).collect();
        assert!(got[0].abs_diff(120) < 3 && got[1].abs_diff(40) < 3, "{got:?}");
    }

    #[test]
    fn one_bad_picture_or_row_costs_itself_alone() {
        let folder = folder(&["a.jpg", "b.jpg", "c.jpg"]);
        fs::write(folder.path().join("b.jpg"), b"\xFF\xD8\xFF not a picture").unwrap();
        let text = "file,time,lon,lat\na.jpg,10,1.44,43.6\nb.jpg,11,1.45,43.6\nc.jpg,12,181,43.6\n";
        let mut opened = with_table(&folder, text).unwrap();
        let [finding] = opened.findings.as_slice() else { panic!("{:?}", opened.findings) };
        assert!(matches!(finding.kind, FindingKind::BadFix { row: 4, .. }), "{finding:?}");
        assert_eq!(opened.value.track.fixes().len(), 2);
        let got = levels(&mut opened.value, &[0, 1, 2]);
        assert!(got[0].is_ok() && got[2].is_ok());
        let error = got[1].as_ref().unwrap_err();
        assert!(error.recoverable && error.what.contains("b.jpg"), "{error}");
    }

    #[test]
    fn pictures_of_one_second_each_keep_their_place() {
        let times = [5.0, 5.0, 5.0, 5.0, 6.0, 6.0, 6.5].map(Seconds::of);
        let want = [5.0, 5.25, 5.5, 5.75, 6.0, 6.25, 6.5].map(Seconds::of);
        assert_eq!(spread(&times), want);
        assert_eq!(spread(&[]), []);
    }

    #[test]
    fn what_is_missing_is_told() {
        let nothing = TempDir::new().unwrap();
        fs::write(nothing.path().join("notes.txt"), "x").unwrap();
        let error = open(nothing.path(), None).unwrap_err();
        assert!(error.to_string().contains("no picture among 1 files"), "{error}");
        let undated = folder(&["a.jpg"]);
        let error = open(undated.path(), None).unwrap_err();
        assert!(error.to_string().contains("none of the 1 pictures has a date"), "{error}");
        let error = with_table(&undated, "nom,x,y\na.jpg,1,2\n").unwrap_err();
        assert!(error.to_string().contains("the header is \"nom,x,y\""), "{error}");
        let partly = folder(&["a.jpg", "b.jpg"]);
        let opened = with_table(&partly, "file,time,lon,lat\nb.jpg,1,2,3\n").unwrap();
        assert_eq!(opened.findings.len(), 1);
        assert!(format!("{:?}", opened.findings[0]).contains("a.jpg has no date"));
    }
}
