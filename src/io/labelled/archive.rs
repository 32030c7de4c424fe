//! An archive (tar) or a folder of labelled frames, read one frame at a time.

use super::mask::{self, Labels};
use super::name::{stretches, survey_name};
use crate::domain::{FrameStamp, LabelledFrame, PixelBox, RawFrame, Seconds, Stretch};
use crate::io::video::decode_jpeg;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Most bytes of one picture or mask.
///
/// Chosen: ten times the largest that a camera writes; it bounds memory whatever an archive says.
const MOST_BYTES: u64 = 256 << 20;

/// Rows of a `PaveSeg` frame that show the road, as shares of its height: the sky is above, the
/// bonnet below.
///
/// Source: the feasibility run measured these frames so (10 % to 74 %).
const PAVESEG_ROWS: (f64, f64) = (0.10, 0.74);

/// Why labelled frames cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("{path:?}: {kind}")]
pub struct LabelledError {
    path: PathBuf,
    kind: LabelledErrorKind,
}

/// What was wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelledErrorKind {
    /// The archive or folder cannot be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// No picture has its mask beside it.
    #[error(
        "{pictures} pictures and {masks} masks, none of the same name; expected <name>.jpg with <name>.png"
    )]
    #[expect(missing_docs, reason = "the message names every field")]
    Empty { pictures: usize, masks: usize },
}

impl LabelledError {
    /// What was wrong.
    #[must_use]
    pub const fn kind(&self) -> &LabelledErrorKind {
        &self.kind
    }
}

/// Where the bytes of a member lie.
#[derive(Clone, Debug)]
enum Place {
    Within { offset: u64, length: u64 },
    File(PathBuf),
}

/// One picture and its mask.
#[derive(Clone, Debug)]
struct Pair {
    stem: String,
    picture: Place,
    mask: Place,
    stretch: Option<Stretch>,
    metres: Option<f64>,
}

/// Labelled frames of an archive or a folder, by name.
#[derive(Debug)]
pub struct LabelledSet {
    path: PathBuf,
    pairs: Vec<Pair>,
    /// Pictures without a mask, by name.
    pub unlabelled: Vec<String>,
}

impl LabelledSet {
    /// Lists the frames; none is decoded.
    ///
    /// # Errors
    ///
    /// When nothing can be listed, or no picture has a mask.
    pub fn open(path: &Path) -> Result<Self, LabelledError> {
        let refused = |kind| LabelledError { path: path.to_owned(), kind };
        let mut members = BTreeMap::new();
        if path.is_dir() { list_folder(path, &mut members) } else { list_tar(path, &mut members) }
            .map_err(|why| refused(why.into()))?;
        let is = |name: &str, of: &[&str]| {
            name.rsplit_once('.').is_some_and(|it| of.contains(&it.1.to_lowercase().as_str()))
        };
        let pictures: Vec<&String> = members.keys().filter(|it| is(it, &["jpg", "jpeg"])).collect();
        let mut pairs = Vec::new();
        let mut unlabelled = Vec::new();
        for name in &pictures {
            let (stem, _) = name.rsplit_once('.').unwrap_or((name, ""));
            let Some(mask) = members.get(&format!("{stem}.png")) else {
                unlabelled.push((*name).clone());
                continue;
            };
            let stem = stem.rsplit('/').next().unwrap_or(stem).to_owned();
            let (picture, mask) = (members[*name].clone(), mask.clone());
            pairs.push(Pair { stem, picture, mask, stretch: None, metres: None });
        }
        if pairs.is_empty() {
            let masks = members.keys().filter(|it| is(it, &["png"])).count();
            return Err(refused(LabelledErrorKind::Empty { pictures: pictures.len(), masks }));
        }
        let stems: Vec<&str> = pairs.iter().map(|it| it.stem.as_str()).collect();
        let found = stretches(&stems);
        for (pair, stretch) in pairs.iter_mut().zip(found) {
            if let Some((stretch, metres)) = stretch {
                (pair.stretch, pair.metres) = (Some(stretch), metres);
            }
        }
        Ok(Self { path: path.to_owned(), pairs, unlabelled })
    }

    /// Keeps the frames whose section is one of these, or all but those.
    pub fn keep_sections(&mut self, sections: &[String], kept: bool) {
        self.pairs.retain(|it| {
            let section = it.stretch.as_ref().map(|it| &it.section);
            section.is_some_and(|it| sections.contains(it)) == kept
        });
    }

    /// Section of the frame of a rank, when its name says it.
    #[must_use]
    pub fn section(&self, rank: usize) -> Option<&str> {
        self.pairs.get(rank)?.stretch.as_ref().map(|it| it.section.as_str())
    }

    /// How many frames.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Sections whose chainages are metres: the name of each, ranks and metres of its frames.
    #[must_use]
    pub fn chained(&self) -> Vec<(String, Vec<(usize, f64)>)> {
        let mut sections: BTreeMap<&str, Vec<(usize, f64)>> = BTreeMap::new();
        for (rank, pair) in self.pairs.iter().enumerate() {
            if let (Some(stretch), Some(metres)) = (&pair.stretch, pair.metres) {
                sections.entry(&stretch.section).or_default().push((rank, metres));
            }
        }
        sections.into_iter().map(|(name, frames)| (name.to_owned(), frames)).collect()
    }

    /// Frames one by one, by name; a bad one comes with its name and what is wrong with it.
    pub fn frames(&self) -> impl Iterator<Item = Result<LabelledFrame, (String, String)>> + Send {
        (0..self.pairs.len()).map(|rank| self.frame(rank))
    }

    /// One frame by its rank.
    ///
    /// # Errors
    ///
    /// The name of the file and what is wrong with it.
    ///
    /// # Panics
    ///
    /// When there is no such rank.
    pub fn frame(&self, rank: usize) -> Result<LabelledFrame, (String, String)> {
        let pair = &self.pairs[rank];
        let of = |extension: &str| format!("{}.{extension}", pair.stem);
        let picture = |why: String| (of("jpg"), why);
        let drawn = |why: String| (of("png"), why);
        let image = decode_jpeg(&self.bytes(&pair.picture).map_err(picture)?).map_err(picture)?;
        let survey = survey_name(&pair.stem).is_some();
        let labels = if survey { Labels::Survey } else { Labels::PaveSeg };
        let mask = mask::read(&self.bytes(&pair.mask).map_err(drawn)?, labels).map_err(drawn)?;
        let size = (image.width(), image.height());
        if (mask.width(), mask.height()) != size {
            return Err(drawn(format!(
                "{} x {} pixels, its picture has {} x {}",
                mask.width(),
                mask.height(),
                size.0,
                size.1
            )));
        }
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        let (top, bottom) = if survey { (0.0, 1.0) } else { PAVESEG_ROWS };
        let (top, bottom) = ((top * height).floor(), (bottom * height).floor());
        let region = PixelBox::new(0.0, top, width, bottom.max(top + 1.0));
        let stamp = FrameStamp {
            clip: pair.stem.as_str().into(),
            number: rank as u64,
            at: Seconds::of(0.0),
        };
        Ok(LabelledFrame {
            frame: RawFrame::new(stamp, image),
            mask,
            region: region.expect("at least one row"),
            lane_drawn: survey,
            stretch: pair.stretch.clone(),
        })
    }

    fn bytes(&self, place: &Place) -> Result<Vec<u8>, String> {
        let read = || -> std::io::Result<Vec<u8>> {
            let (mut file, length) = match place {
                Place::File(path) => {
                    let file = File::open(path)?;
                    let length = file.metadata()?.len();
                    (file, length)
                }
                Place::Within { offset, length } => {
                    let mut file = File::open(&self.path)?;
                    file.seek(SeekFrom::Start(*offset))?;
                    (file, *length)
                }
            };
            if length > MOST_BYTES {
                let why = format!("{length} bytes, expected at most {MOST_BYTES}");
                return Err(std::io::Error::other(why));
            }
            let mut bytes = Vec::new();
            Read::by_ref(&mut file).take(length).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|why| why.to_string())
    }
}

fn list_tar(path: &Path, members: &mut BTreeMap<String, Place>) -> std::io::Result<()> {
    let mut archive = tar::Archive::new(File::open(path)?);
    for entry in archive.entries_with_seek()? {
        let entry = entry?;
        if entry.header().entry_type().is_file() {
            let name = entry.path()?.to_string_lossy().replace('\\', "/");
            let (offset, length) = (entry.raw_file_position(), entry.size());
            members.insert(name, Place::Within { offset, length });
        }
    }
    Ok(())
}

fn list_folder(path: &Path, members: &mut BTreeMap<String, Place>) -> std::io::Result<()> {
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            // A link to a folder could lead round for ever.
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                let name = entry.path();
                let within = name.strip_prefix(path).unwrap_or(&name);
                let text = within.to_string_lossy().replace('\\', "/");
                members.insert(text, Place::File(name));
            }
        }
    }
    Ok(())
}
