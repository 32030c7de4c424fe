//! Reading a track, whatever its format.

use super::bounded::Bounded;
use super::{csv_track, gpx, instant};
use crate::domain::{Finding, FindingKind, Fix, Reported, Track, Wgs84};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Why a track could not be read.
#[derive(Debug, thiserror::Error)]
#[error("could not read the track {}", path.display())]
pub struct TrackError {
    path: PathBuf,
    source: TrackErrorKind,
}

impl TrackError {
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
    #[error("not a track: {0}; expected GPX, or CSV with a header")]
    Unknown(String),
    /// The CSV does not say where or when.
    #[error("no column {missing} in the header {found:?}")]
    MissingColumn { missing: &'static str, found: String },
    /// Not one fix.
    #[error("not one fix among {n_rows} point(s); the first: {first}")]
    NoFix { n_rows: usize, first: String },
}

/// Bad points told one by one; the rest are counted.
///
/// Chosen: more than anyone reads.
const MOST_TOLD: usize = 20;

/// Reads a track from GPX (what starts with `<`) or from a CSV whose header names time, latitude
/// and longitude.
///
/// A point that is not a fix is a finding and the rest is read; a file that is cut short keeps
/// what came before.
///
/// # Errors
///
/// When the file is missing, is no track, or gives not one fix.
pub fn read(path: &Path) -> Result<Reported<Track>, TrackError> {
    gather(path).map_err(|source| TrackError { path: path.to_owned(), source })
}

fn gather(path: &Path) -> Result<Reported<Track>, TrackErrorKind> {
    let mut source = Bounded::new(File::open(path)?);
    let start = source.peek()?;
    let first = start.iter().copied().find(|it| !it.is_ascii_whitespace());
    let mut gathered = Gathered::new(path.display().to_string());
    match first {
        None => return Err(TrackErrorKind::Unknown("the file is empty".to_owned())),
        Some(_) if start.contains(&0) => {
            let why = "binary, or text in UTF-16".to_owned();
            return Err(TrackErrorKind::Unknown(why));
        }
        Some(b'<') => gpx::read(source, &mut gathered),
        Some(_) => csv_track::read(source, &mut gathered)?,
    }
    gathered.finish()
}

/// Fixes as they come, and what was wrong with the others.
pub(super) struct Gathered {
    place: String,
    fixes: Vec<Fix>,
    findings: Vec<Finding>,
    /// Rank of the last point, or line of the last row.
    row: usize,
    /// Set by formats whose rows have lines of their own.
    lines: bool,
    n_points: usize,
    n_bad: usize,
    zone_told: bool,
}

impl Gathered {
    fn new(place: String) -> Self {
        Self {
            place,
            fixes: Vec::new(),
            findings: Vec::new(),
            row: 0,
            lines: false,
            n_points: 0,
            n_bad: 0,
            zone_told: false,
        }
    }

    /// The next point stands on this line of the file.
    pub(super) const fn at_row(&mut self, line: usize) {
        (self.row, self.lines) = (line, true);
    }

    /// A point, in the words of the file.
    pub(super) fn fix(&mut self, time: &str, longitude: &str, latitude: &str) {
        let Some(instant) = instant::parse(time) else {
            return self.bad(format!("time {:?}", shown(time)), instant::EXPECTED);
        };
        let degrees = |text: &str| text.trim().parse::<f64>().ok();
        let position = degrees(longitude).zip(degrees(latitude));
        let Some(position) = position.and_then(|(x, y)| Wgs84::new(x, y).ok()) else {
            let found = format!("longitude {:?}, latitude {:?}", shown(longitude), shown(latitude));
            return self.bad(found, "degrees, -180 to 180 and -90 to 90");
        };
        self.count();
        if instant.zone_assumed && !self.zone_told {
            self.zone_told = true;
            let found = format!("time {:?} without a zone, taken as UTC", shown(time));
            let kind = FindingKind::BadFix { row: self.row, found, expected: instant::EXPECTED };
            self.findings.push(Finding::note(&self.place, kind));
        }
        self.fixes.push(Fix { time: instant.at, position });
    }

    /// A point that is not a fix.
    pub(super) fn bad(&mut self, found: String, expected: &'static str) {
        self.count();
        self.n_bad += 1;
        if self.n_bad <= MOST_TOLD {
            self.tell(found, expected);
        }
    }

    /// Nothing more can be read.
    pub(super) fn cut_short(&mut self, found: String) {
        self.row += 1;
        self.tell(found, "the rest of the track");
    }

    fn tell(&mut self, found: String, expected: &'static str) {
        let kind = FindingKind::BadFix { row: self.row, found, expected };
        self.findings.push(Finding::loss(&self.place, kind));
    }

    const fn count(&mut self) {
        self.n_points += 1;
        if !self.lines {
            self.row += 1;
        }
    }

    fn finish(mut self) -> Result<Reported<Track>, TrackErrorKind> {
        if self.n_bad > MOST_TOLD {
            let found = format!("{} more points that are not fixes", self.n_bad - MOST_TOLD);
            self.tell(found, "a time and a place each");
        }
        if self.fixes.is_empty() {
            let first = self.findings.first().map(|it| match &it.kind {
                FindingKind::BadFix { row, found, expected } => {
                    format!("row {row}: {found}, expected {expected}")
                }
                other => format!("{other:?}"),
            });
            let first = first.unwrap_or_else(|| "none".to_owned());
            return Err(TrackErrorKind::NoFix { n_rows: self.n_points, first });
        }
        Ok(Reported { value: Track::new(self.fixes), findings: self.findings })
    }
}

/// The start of a text, short enough for a message.
fn shown(text: &str) -> String {
    text.trim().chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Weight;
    use proptest::prelude::*;
    use std::error::Error;
    use std::fmt::Write as _;

    const START: f64 = 1_749_729_600.0;

    fn read_bytes(bytes: &[u8]) -> Result<Reported<Track>, TrackError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        read(file.path())
    }

    /// Seconds since [`START`], longitude and latitude of each fix; what was told.
    fn track(bytes: &[u8]) -> (Vec<(f64, f64, f64)>, Vec<String>) {
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
        let why = |bytes: &[u8]| read_bytes(bytes).unwrap_err().source().unwrap().to_string();
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
