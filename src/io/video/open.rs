//! Opens a video: finds out what it is and who decodes it.

use super::clip::{Clip, Engine, is_fed};
use super::colour::Colour;
use super::ffmpeg::{Programs, Tool, Whole, probe};
use super::mp4::{self, Codec, Index, IndexFault};
use super::parameter_sets::{self, Sequence};
use super::picture::MAX_PIXELS;
use super::source::Video;
use crate::domain::{DecoderChoice, Seconds};
use crate::ports::{FrameSource, Timeline};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a video could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("{}: {kind}", path.display())]
pub struct VideoError {
    /// The file.
    pub path: PathBuf,
    /// What was wrong with it.
    pub kind: VideoErrorKind,
}

/// What was wrong with the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum VideoErrorKind {
    /// The file is missing or unreadable.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Nothing in it.
    #[error("the file is empty (0 bytes), expected a video")]
    Empty,
    /// Something else than a video.
    #[error("not a video: {found}, expected a video file such as MP4, MOV, MKV or AVI")]
    NotAVideo { found: String },
    /// An MP4 without its index.
    #[error(
        "the index of the recording is missing: the file holds {found}, expected a moov box; the \
         recording was cut off or the copy is incomplete"
    )]
    MoovMissing { found: String },
    /// Sound or data only.
    #[error("no video track: found {found}, expected a track of type vide")]
    NoVideoTrack { found: String },
    /// Tables that contradict themselves.
    #[error("the index of the recording is damaged: {what}")]
    BadIndex { what: String },
    /// Something that only `ffmpeg` reads, and it is not there.
    #[error(
        "{found} is read through ffmpeg, which is not installed: install the Debian package \
         ffmpeg (apt install ffmpeg); read without it: {READ_WITHOUT}"
    )]
    NeedsFfmpeg { found: String },
    /// The embedded decoders were asked for something they do not read.
    #[error("{found} is not read by the embedded decoders, which read {READ_WITHOUT}")]
    NotEmbedded { found: String },
    /// No picture at all.
    #[error("the video holds no picture")]
    NoPicture,
}

/// What is read without `ffmpeg`.
const READ_WITHOUT: &str = if cfg!(feature = "video") {
    "H.264, HEVC and Motion JPEG in MP4 or MOV"
} else {
    "Motion JPEG in MP4 or MOV (this build has no embedded decoders)"
};

/// What a clip is, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipSummary {
    /// Container, such as `MP4/MOV` or `matroska,webm`.
    pub container: String,
    /// Codec, such as `h264`.
    pub codec: String,
    /// Which decoder reads it.
    pub decoder: String,
    /// Pixels across, as stored.
    pub width: u32,
    /// Pixels down, as stored.
    pub height: u32,
    /// Degrees clockwise by which frames are turned to be shown.
    pub rotation_degrees: u16,
    /// Frames shown.
    pub frames: u64,
    /// Frames that can be decoded alone.
    pub keyframes: u64,
    /// From the first frame to the end of the last.
    pub duration: Seconds,
    /// Frames a second, on average.
    pub mean_fps: f64,
    /// Start of the recording, in seconds since 1970-01-01 UTC, when the file says it.
    pub created: Option<Seconds>,
}

/// Opens a video.
///
/// The clip's start is the creation time of its container. Most cameras write there when the
/// recording began; some phones write when it ended, and some cameras their local time: the
/// track's own clock settles that.
///
/// # Errors
///
/// [`VideoError`]: which file, what was found, what was expected.
pub fn open(path: &Path, wanted: DecoderChoice) -> Result<Box<dyn FrameSource>, VideoError> {
    open_with(path, wanted, &Programs::installed()).map(|it| Box::new(it) as Box<dyn FrameSource>)
}

/// As [`open`], with the programs to use instead of those of the search path.
///
/// # Errors
///
/// As [`open`].
pub fn open_with(
    path: &Path,
    wanted: DecoderChoice,
    programs: &Programs,
) -> Result<Video, VideoError> {
    opened(path, wanted, programs)
        .map(|it| it.0)
        .map_err(|kind| VideoError { path: path.into(), kind })
}

/// Says what a video is, without decoding any of it.
///
/// # Errors
///
/// As [`open`].
pub fn describe(path: &Path) -> Result<ClipSummary, VideoError> {
    describe_with(path, DecoderChoice::Auto, &Programs::installed())
}

/// As [`describe`], with the programs to use instead of those of the search path.
///
/// # Errors
///
/// As [`open`].
pub fn describe_with(
    path: &Path,
    wanted: DecoderChoice,
    programs: &Programs,
) -> Result<ClipSummary, VideoError> {
    opened(path, wanted, programs)
        .map(|it| it.1)
        .map_err(|kind| VideoError { path: path.into(), kind })
}

fn opened(
    path: &Path,
    wanted: DecoderChoice,
    programs: &Programs,
) -> Result<(Video, ClipSummary), VideoErrorKind> {
    let mut file = File::open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(VideoErrorKind::NotAVideo { found: "not a file".to_owned() });
    }
    let length = found.len();
    if length == 0 {
        return Err(VideoErrorKind::Empty);
    }
    let tool = if wanted == DecoderChoice::Embedded { None } else { programs.find() };
    let through_ffmpeg = |found: String| match (&tool, wanted) {
        (Some(tool), _) => whole(path, tool.clone()),
        (None, DecoderChoice::Embedded) => Err(VideoErrorKind::NotEmbedded { found }),
        (None, _) => Err(VideoErrorKind::NeedsFfmpeg { found }),
    };
    match mp4::read(&mut file, length) {
        Ok(index) if is_fed(&index.entry.codec) => {
            let found = format!("{} in MP4", index.entry.codec.name());
            match engine(&index.entry.codec, wanted, tool.as_ref()) {
                Some(engine) => indexed(path, index, engine),
                None => through_ffmpeg(found),
            }
        }
        Ok(index) => through_ffmpeg(format!("{} in MP4", index.entry.codec.name())),
        Err(IndexFault::Io(error)) => Err(error.into()),
        Err(IndexFault::MoovMissing(found)) => Err(VideoErrorKind::MoovMissing { found }),
        Err(IndexFault::NoVideoTrack(found)) => Err(VideoErrorKind::NoVideoTrack { found }),
        Err(IndexFault::Broken(what)) => Err(VideoErrorKind::BadIndex { what }),
        Err(IndexFault::Fragmented) => through_ffmpeg("fragmented MP4".to_owned()),
        Err(IndexFault::Foreign) => {
            let head = head(&mut file)?;
            match container(&head) {
                Some(name) => through_ffmpeg(name.to_owned()),
                None if tool.is_some() => through_ffmpeg(String::new()),
                None => Err(VideoErrorKind::NotAVideo { found: starts(&head) }),
            }
        }
    }
}

/// Who decodes an indexed clip; `None` when only `ffmpeg` could and it is not there.
fn engine(codec: &Codec, wanted: DecoderChoice, tool: Option<&Tool>) -> Option<Engine> {
    match codec {
        // Without a standard for rounding, one decoder for all: see the module.
        Codec::Jpeg => Some(Engine::Jpeg),
        #[cfg(feature = "video")]
        Codec::H264(_) | Codec::Hevc(_)
            if wanted == DecoderChoice::Embedded
                || (wanted == DecoderChoice::Auto && tool.is_none()) =>
        {
            Some(Engine::Embedded)
        }
        _ if wanted == DecoderChoice::Embedded => None,
        _ => tool.cloned().map(Engine::Ffmpeg),
    }
}

fn indexed(
    path: &Path,
    index: Index,
    engine: Engine,
) -> Result<(Video, ClipSummary), VideoErrorKind> {
    let shown = &index.order[index.hidden..];
    if shown.is_empty() {
        return Err(VideoErrorKind::NoPicture);
    }
    let timeline = Timeline {
        frames: shown.iter().map(|it| index.time(*it as usize)).collect(),
        keyframes: shown.iter().map(|it| index.samples[*it as usize].sync).collect(),
        starts: index.created,
    };
    let sequence = sequence_of(&index);
    if sequence.pixels() > MAX_PIXELS {
        let what = format!(
            "pictures of {} x {}, expected at most {MAX_PIXELS} pixels",
            sequence.coded_width, sequence.coded_height
        );
        return Err(VideoErrorKind::BadIndex { what });
    }
    let colour = match index.entry.codec {
        Codec::Jpeg => Colour::JFIF,
        _ => sequence.colour.or(index.entry.colour.unwrap_or_default()),
    };
    let turn = index.turn;
    let size = (u32::from(index.entry.width), u32::from(index.entry.height));
    let codec = index.entry.codec.name();
    let clip = Clip { path: path.into(), index: Arc::new(index), engine };
    let video = Video { name: name(path), timeline, turn, colour, inner: Box::new(clip) };
    let summary = summary(&video, "MP4/MOV".to_owned(), codec, size);
    Ok((video, summary))
}

/// What the stream's own parameter set says, when it has one.
fn sequence_of(index: &Index) -> Sequence {
    let own = match &index.entry.codec {
        Codec::H264(config) => config.sets.iter().find_map(|it| parameter_sets::h264(it)),
        Codec::Hevc(config) => config.sets.iter().find_map(|it| parameter_sets::hevc(it)),
        _ => None,
    };
    own.unwrap_or_default()
}

fn whole(path: &Path, tool: Tool) -> Result<(Video, ClipSummary), VideoErrorKind> {
    let probe = probe(&tool, path).map_err(|found| VideoErrorKind::NotAVideo { found })?;
    let Some(first) = probe.packets.first().map(|it| it.at) else {
        return Err(VideoErrorKind::NoPicture);
    };
    let (numerator, denominator) = probe.tick;
    #[expect(clippy::cast_precision_loss, reason = "ticks of a clip stay far below 2^53")]
    let time = |at: i64| {
        let ticks = at.saturating_sub(first) as f64;
        Seconds::of(ticks * f64::from(numerator) / f64::from(denominator))
    };
    let timeline = Timeline {
        frames: probe.packets.iter().map(|it| time(it.at)).collect(),
        keyframes: probe.packets.iter().map(|it| it.key).collect(),
        starts: probe.created,
    };
    let (colour, turn, size) = (probe.colour, probe.turn, (probe.width, probe.height));
    let (container, codec) = (probe.container.clone(), probe.codec.clone());
    let inner = Box::new(Whole { path: path.into(), probe, tool });
    let video = Video { name: name(path), timeline, turn, colour, inner };
    let summary = summary(&video, container, codec, size);
    Ok((video, summary))
}

#[expect(clippy::cast_precision_loss, reason = "frames of a clip stay far below 2^53")]
fn summary(video: &Video, container: String, codec: String, size: (u32, u32)) -> ClipSummary {
    let Timeline { frames, keyframes, starts } = &video.timeline;
    let span = match (frames.first(), frames.last()) {
        (Some(first), Some(last)) => last.get() - first.get(),
        _ => 0.0,
    };
    let n_steps = frames.len().saturating_sub(1) as f64;
    let mean_fps = if span > 0.0 { n_steps / span } else { 0.0 };
    // The last frame stays as long as the others do on average.
    let last_stays = if mean_fps > 0.0 { 1.0 / mean_fps } else { 0.0 };
    ClipSummary {
        container,
        codec,
        decoder: video.decoder(),
        width: size.0,
        height: size.1,
        rotation_degrees: video.turn.degrees(),
        frames: frames.len() as u64,
        keyframes: keyframes.iter().filter(|it| **it).count() as u64,
        duration: Seconds::of(span + last_stays),
        mean_fps,
        created: *starts,
    }
}

fn name(path: &Path) -> Arc<str> {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into()
}

/// First bytes of a file, for telling what it is.
fn head(file: &mut File) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.rewind()?;
    file.take(400).read_to_end(&mut head)?;
    Ok(head)
}

/// Other containers by their first bytes.
///
/// # Source
///
/// RFC 8794 (EBML), RIFF (1991), ISO/IEC 13818-1 (packets of 188 bytes, and 192 with a time),
/// FLV 10.1, ASF 01.20, RFC 3533 (Ogg).
fn container(head: &[u8]) -> Option<&'static str> {
    let at = |from: usize, want: &[u8]| head.get(from..from + want.len()) == Some(want);
    if at(0, &[0x1A, 0x45, 0xDF, 0xA3]) {
        Some("Matroska or WebM")
    } else if at(0, b"RIFF") && at(8, b"AVI ") {
        Some("AVI")
    } else if (at(0, b"G") && at(188, b"G")) || (at(4, b"G") && at(196, b"G")) {
        Some("MPEG transport stream")
    } else if at(0, &[0, 0, 1, 0xBA]) {
        Some("MPEG program stream")
    } else if at(0, b"FLV\x01") {
        Some("Flash video")
    } else if at(0, &[0x30, 0x26, 0xB2, 0x75]) {
        Some("Windows Media (ASF)")
    } else if at(0, b"OggS") {
        Some("Ogg")
    } else {
        None
    }
}

/// How a file starts, for people.
fn starts(head: &[u8]) -> String {
    let start = &head[..head.len().min(16)];
    let text = std::str::from_utf8(start).ok().filter(|it| !it.contains(char::is_control));
    if let Some(text) = text {
        return format!("the file starts with the text {text:?}");
    }
    let hex: Vec<_> = start.iter().map(|it| format!("{it:02X}")).collect();
    format!("the file starts with the bytes {}", hex.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_told_by_their_first_bytes() {
        let mut stream = vec![0; 400];
        (stream[0], stream[188]) = (b'G', b'G');
        let cases: [(&[u8], Option<&str>); 5] = [
            (&[0x1A, 0x45, 0xDF, 0xA3, 1], Some("Matroska or WebM")),
            (b"RIFF....AVI LIST", Some("AVI")),
            (b"RIFF....WAVE", None),
            (&stream, Some("MPEG transport stream")),
            (b"bonjour", None),
        ];
        for (head, want) in cases {
            assert_eq!(container(head), want);
        }
    }

    #[test]
    fn messages_say_what_was_found_and_what_was_expected() {
        let needs = VideoErrorKind::NeedsFfmpeg { found: "vp9 in MP4".to_owned() };
        let error = VideoError { path: "a.mp4".into(), kind: needs };
        let text = error.to_string();
        assert!(
            text.starts_with("a.mp4: vp9 in MP4 is read through ffmpeg, which is not installed")
        );
        assert!(text.contains("apt install ffmpeg"));
        assert_eq!(starts(b"col1;col2"), "the file starts with the text \"col1;col2\"");
        assert_eq!(starts(&[0, 255]), "the file starts with the bytes 00 FF");
    }
}
