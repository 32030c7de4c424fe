//! Reading a track, whatever its format.

use super::bounded::Bounded;
use super::embedded::{self, Embedded};
use super::gathered::Gathered;
use super::{csv_track, geojson_track, gpx, nmea_log, subtitles};
use crate::domain::{Reported, Track};
use crate::io::video::opens_mp4;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

/// Why a track could not be read.
#[derive(Debug, thiserror::Error)]
#[error("could not read the track {}", path.display())]
pub struct TrackError {
    path: PathBuf,
    source: TrackErrorKind,
}

impl TrackError {
    pub(super) fn new(path: &Path, source: TrackErrorKind) -> Self {
        Self { path: path.to_owned(), source }
    }

    /// What was wrong with the file.
    #[must_use]
    pub const fn kind(&self) -> &TrackErrorKind {
        &self.source
    }
}

/// What was wrong with the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum TrackErrorKind {
    /// The file is missing or unreadable.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Neither XML nor text.
    #[error(
        "not a track: {0}; expected GPX, CSV with a header, NMEA, GeoJSON, subtitles with \
         positions, or a video that holds its track"
    )]
    Unknown(String),
    /// The CSV does not say where or when.
    #[error("no column {missing} in the header {found:?}")]
    MissingColumn { missing: &'static str, found: String },
    /// Subtitles of another kind.
    #[error(
        "{n_cues} subtitle(s) and not one position; expected \"latitude: 43.6 longitude: 1.44\", \
         \"GPS (1.44, 43.6, 20)\" or NMEA sentences"
    )]
    SubtitlesWithoutPosition { n_cues: usize },
    /// A video without a track in it.
    #[error(
        "the video holds no track: {found}; expected GPMF, CAMM, freeGPS blocks or subtitles with \
         positions"
    )]
    NoTrackInside { found: String },
    /// A video whose tracks all failed.
    #[error("the track inside the video cannot be used: {why}")]
    InsideUnusable { why: String },
    /// The tables of a metadata track contradict themselves.
    #[error("its index is broken: {why}")]
    BrokenIndex { why: String },
    /// Not one fix.
    #[error("not one fix among {n_rows} point(s); the first: {first}")]
    NoFix { n_rows: usize, first: String },
}

/// Reads a track: GPX (what starts with `<`), GeoJSON, NMEA 0183, subtitles with positions, a CSV
/// whose header names time, latitude and longitude, or the track inside a video. The content
/// tells, not the name.
///
/// A point that is not a fix is a finding and the rest is read; a file that is cut short keeps
/// what came before. Subtitles without dates give times from the start of the clip.
///
/// # Errors
///
/// When the file is missing, is no track, or gives not one fix.
pub fn read(path: &Path) -> Result<Reported<Track>, TrackError> {
    let Reported { value, findings } = open(path)?;
    Ok(Reported { value: value.track, findings })
}

/// The same, with what the file says of the clip.
pub(super) fn open(path: &Path) -> Result<Reported<Embedded>, TrackError> {
    gather(path).map_err(|source| TrackError::new(path, source))
}

fn gather(path: &Path) -> Result<Reported<Embedded>, TrackErrorKind> {
    let place = path.display().to_string();
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(16).read_to_end(&mut head)?;
    if opens_mp4(&head) {
        let length = file.metadata()?.len();
        return embedded::look(&mut file, length, &place);
    }
    file.rewind()?;
    from_text(Bounded::new(file), place)
}

/// Reads a text whose format its first bytes tell.
pub(super) fn from_text(
    mut source: Bounded<impl Read>,
    place: String,
) -> Result<Reported<Embedded>, TrackErrorKind> {
    let start = source.peek()?;
    if start.contains(&0) {
        let why = "binary, or text in UTF-16".to_owned();
        return Err(TrackErrorKind::Unknown(why));
    }
    // Letters other than ASCII were replaced.
    let start = String::from_utf8_lossy(start).into_owned();
    let mut gathered = Gathered::new(place);
    let (mut clip_start, mut dated) = (None, true);
    let source = match format(&start) {
        None => return Err(TrackErrorKind::Unknown("the file is empty".to_owned())),
        Some(Format::Gpx) => {
            gpx::read(source, &mut gathered);
            "GPX"
        }
        Some(Format::GeoJson) => {
            geojson_track::read(source, &mut gathered)?;
            "GeoJSON"
        }
        Some(Format::Nmea) => {
            nmea_log::read(source, &mut gathered);
            "NMEA"
        }
        Some(Format::Subtitles) => {
            (clip_start, dated) = subtitles::read(source, &mut gathered)?;
            "subtitles"
        }
        Some(Format::Csv) => {
            csv_track::read(source, &mut gathered)?;
            "CSV"
        }
    };
    let Reported { value: track, findings } = gathered.finish()?;
    Ok(Reported { value: Embedded { track, source, clip_start, dated }, findings })
}

enum Format {
    Gpx,
    GeoJson,
    Nmea,
    Subtitles,
    Csv,
}

/// The format of a text that starts so; nothing for an empty one.
fn format(start: &str) -> Option<Format> {
    let text = start.trim_start();
    let first_line = text.lines().next()?;
    Some(match text.chars().next()? {
        '<' => Format::Gpx,
        '{' => Format::GeoJson,
        _ if subtitles::are_timed(text) => Format::Subtitles,
        _ if csv_track::is_header(first_line) => Format::Csv,
        _ if text.lines().any(nmea_log::is_sentence) => Format::Nmea,
        _ if text.lines().any(subtitles::says_a_position) => Format::Subtitles,
        _ => Format::Csv,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{FindingKind, Weight};
    use proptest::prelude::*;
    use std::error::Error;
    use std::fmt::Write as _;

    const START: f64 = 1_749_729_600.0;

    pub(in super::super) fn read_bytes(bytes: &[u8]) -> Result<Reported<Track>, TrackError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        read(file.path())
    }

    /// The track and what the file says of the clip.
    pub(in super::super) fn open_bytes(bytes: &[u8]) -> Reported<Embedded> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        open(file.path()).unwrap()
    }

    /// Why the bytes are refused.
    pub(in super::super) fn refusal(bytes: &[u8]) -> String {
        read_bytes(bytes).unwrap_err().source().unwrap().to_string()
    }

    /// Seconds since [`START`], longitude and latitude of each fix; what was told.
    pub(in super::super) fn track(bytes: &[u8]) -> (Vec<(f64, f64, f64)>, Vec<String>) {
        let got = read_bytes(bytes).unwrap();
        let fixes = got.value.fixes().iter();
        let fixes = fixes
            .map(|it| (it.time.get() - START, it.position.longitude(), it.position.latitude()));
        let told = got.findings.iter().map(|it| match &it.kind {
            FindingKind::BadFix { row, found, .. } => format!("{:?} {row}: {found}", it.weight),
            other => format!("{other:?}"),
        });
        (fixes.collect(), told.collect())
    }

    #[test]
    fn gpx_1_1_with_plain_speed_and_extensions_is_read() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
            <gpx version="1.1" creator="logger" xmlns="http://www.topografix.com/GPX/1/1">
            <metadata><time>2020-01-01T00:00:00Z</time></metadata><trk><name>A &amp; B</name><trkseg>
            <trkpt lat="43.6" lon="1.44"><ele>150</ele><time>2025-06-12T12:00:00.25Z</time>
              <speed>12.5</speed><extensions><x:t><x:time>never</x:time></x:t></extensions></trkpt>
            <trkpt lon='1.45' lat='43.61'><time>2025-06-12T14:00:01+02:00</time></trkpt>
            </trkseg></trk></gpx>"#;
        let want = vec![(0.25, 1.44, 43.6), (1.0, 1.45, 43.61)];
        assert_eq!(track(text.as_bytes()), (want, Vec::new()));
    }

    #[test]
    fn gpx_1_0_with_course_prefixes_mark_and_latin_1_is_read() {
        let mut bytes = b"\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n".to_vec();
        bytes.extend(b"<g:gpx version='1.0'><g:trk><g:name>Rivi\xe8re & co</g:name><g:trkseg>");
        bytes.extend(b"<g:trkpt lat='43.6' lon='1.44'><g:course>12</g:course>");
        bytes.extend(b"<g:time>2025-06-12T12:00:00Z</g:time></g:trkpt></g:trkseg></g:trk></g:gpx>");
        assert_eq!(track(&bytes), (vec![(0.0, 1.44, 43.6)], Vec::new()));
    }

    #[test]
    fn bad_points_are_told_then_counted() {
        let mut text =
            "<gpx><trk><trkseg><trkpt lat='91' lon='1'><time>2025-06-12T12:00:00Z</time></trkpt>\
            <trkpt lat='43.6' lon='1.44'><time>2025-06-12T12:00:00Z</time></trkpt><trkpt/>"
                .to_owned();
        for second in 0..30 {
            write!(text, "<trkpt lat='43.6' lon='1.4'><time>noon {second}</time></trkpt>").unwrap();
        }
        text.push_str("</trkseg></trk></gpx>");
        let (fixes, told) = track(text.as_bytes());
        assert_eq!(fixes, [(0.0, 1.44, 43.6)]);
        assert_eq!(told[0], "Loss 1: longitude \"1\", latitude \"91\"");
        assert_eq!(told[1], "Loss 3: a point without <time>");
        assert_eq!(told[2], "Loss 4: time \"noon 0\"");
        assert_eq!(told[20], "Loss 33: 12 more points that are not fixes");
        assert_eq!(told.len(), 21);
    }

    #[test]
    fn a_truncated_gpx_keeps_what_came_before() {
        let whole = "<gpx><trk><trkseg>\
            <trkpt lat='43.6' lon='1.44'><time>2025-06-12T12:00:00Z</time></trkpt>\
            <trkpt lat='43.6' lon='1.45'><time>2025-06-12T12:00:01Z</time></trkpt>\
            </trkseg></trk></gpx>";
        for (end, n_fixes) in [(whole.len(), 2), (whole.len() - 3, 2), (130, 1), (95, 1)] {
            let (fixes, told) = track(&whole.as_bytes()[..end]);
            assert_eq!(fixes.len(), n_fixes, "{end}");
            assert_eq!(told.len(), usize::from(end < whole.len()), "{end}: {told:?}");
        }
    }

    #[test]
    fn tables_are_read_whatever_their_names_and_separators() {
        let want = vec![(0.5, 1.44, 43.6), (1.5, 1.45, 43.61)];
        let texts = [
            "time,lat,lon\n2025-06-12T12:00:00.5Z,43.6,1.44\n2025-06-12T12:00:01.5Z,43.61,1.45\n",
            "\u{feff}Longitude;Latitude;Heure;nom\r\n1,44;43,6;1749729600,5;a\r\n1,45;43,61;1749729601,5;b\r\n",
            "t_s,lat,lng,speed_m_s,utc_ms\n0.1,43.6,1.44,3,1749729600500\n1.1,43.61,1.45,3,1749729601500\n",
        ];
        for text in texts {
            assert_eq!(track(text.as_bytes()), (want.clone(), Vec::new()), "{text}");
        }
    }

    #[test]
    fn bad_rows_are_told_by_their_line() {
        let text =
            "time,lat,lon\n2025-06-12 12:00:00,43.6,1.44\r\n\r\nlater,43.6,1.44\r\n1749729602";
        let (fixes, told) = track(text.as_bytes());
        assert_eq!(fixes, [(0.0, 1.44, 43.6)]);
        let want = [
            "Note 2: time \"2025-06-12 12:00:00\" without a zone, taken as UTC",
            "Loss 4: time \"later\"",
            "Loss 5: longitude \"\", latitude \"\"",
        ];
        assert_eq!(told, want);
    }

    #[test]
    fn files_that_mean_nothing_are_errors() {
        let why = refusal;
        assert!(why(b" \n").contains("the file is empty"));
        assert!(why(b"\x00\x01").contains("binary"));
        assert_eq!(
            why(b"time,lat,alt\n1,2,3\n"),
            "no column lon (longitude, lng) in the header \"time, lat, alt\""
        );
        assert!(
            why(b"time,lat,lon\nx,1,2\n")
                .starts_with("not one fix among 1 point(s); the first: row 2")
        );
        assert!(why(b"<gpx></gpx>").contains("among 0 point(s); the first: none"));
        let missing = read(Path::new("nowhere.gpx")).unwrap_err();
        assert!(matches!(missing.kind(), TrackErrorKind::Io(_)));
    }

    #[test]
    fn a_tag_without_end_stops_the_reading() {
        let point =
            "<gpx><trkpt lat='43.6' lon='1.44'><time>2025-06-12T12:00:00Z</time></trkpt><name>";
        let mut bytes = point.as_bytes().to_vec();
        bytes.resize(3 << 20, b'a');
        let (fixes, told) = track(&bytes);
        assert_eq!(fixes.len(), 1);
        assert!(told[0].contains("more than 1048576 bytes"), "{told:?}");
    }

    /// A text said again and again, without end.
    struct Endless(&'static [u8], usize);

    impl Read for Endless {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            for byte in &mut *into {
                *byte = self.0[self.1 % self.0.len()];
                self.1 += 1;
            }
            Ok(into.len())
        }
    }

    #[test]
    fn rubbish_without_end_is_left_and_takes_no_memory() {
        let cases: [(&[u8], &str); 7] = [
            (b"<gpx>aaaaaaaa", "more than 1048576 bytes"),
            (b"<gpx><trkpt/>", "items without a fix"),
            (b"<trkpt><time>2025<!-- -->", "more than 2000000"),
            (b"$GPRMC,\n", "items without a fix"),
            (b"1\n00:00:01,000 --> 00:00:02,000\nBonjour\n", "not one position"),
            (b"time,lat,lon\n", "items without a fix"),
            (b"{\"features\": [", "bytes of JSON"),
        ];
        for (text, want) in cases {
            let endless = Bounded::new(Endless(text, 0));
            let why = from_text(endless, String::new()).map(|it| it.value.source);
            let why = why.unwrap_err().to_string();
            let shown = String::from_utf8_lossy(text);
            let stopped = why.contains(want) || why.contains("not one fix");
            assert!(stopped, "{shown}: {why}");
        }
    }

    #[test]
    fn a_real_receiver_is_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/field");
        if !folder.exists() {
            eprintln!("skipped: ../shared/data is absent");
            return;
        }
        for (name, n_fixes) in
            [("drive-gnss-ublox.csv", 579), ("drive-gnss-qcom.csv", 30), ("drive-truth.csv", 1200)]
        {
            let got = read(&folder.join(name)).unwrap();
            assert_eq!(got.value.fixes().len(), n_fixes, "{name}");
            assert!(got.findings.iter().all(|it| it.weight == Weight::Note), "{:?}", got.findings);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_bytes(&bytes);
        }

        #[test]
        fn no_bytes_within_a_gpx_make_it_panic(tail in "[<>/a-z='\"& !\\[\\]?-]{0,200}") {
            let start = "<gpx><trkpt lat='43.6' lon='1.44'><time>2025-06-12T12:00:00Z</time></trkpt>";
            let got = read_bytes(format!("{start}{tail}").as_bytes()).unwrap();
            prop_assert!(!got.value.fixes().is_empty());
        }
    }
}
