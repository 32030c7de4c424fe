//! A light survey of the sample patrol, in a folder of its own that a test may spoil.
//!
//! The clip of the way back is filmed at 40 m, 200 m of D817 from cumul 800 down to 600, so that
//! a run costs a second or two.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Name of the clip that is sound, beside the one that a test spoils.
pub const GOOD: &str = "good.mp4";

/// Ranks of the frames taken from the sound clip.
pub const GOOD_FRAMES: [&str; 6] = ["0", "16", "32", "48", "64", "80"];

/// Settings of the light survey, after the keys of the survey itself.
const LIGHT: &str = r#"
[camera]
height_m = 1.60
pitch_deg = 11.0
hfov_deg = 62.0
[frames]
every_m = 40
decoder = "embedded"
[privacy]
face_scale = 0.4
plate_scale = 0.5
[scoring]
least_coverage = 0.02
"#;

/// The sound clip with its own track.
const SOUND: &str = "[[clip]]\nvideo = \"good.mp4\"\ntrack = \"good.gpx\"\n";

/// Network, PR and scenarios of the sample.
const FILES: &str =
    "network = \"network.geojson\"\nprs = \"pr.csv\"\nscenarios = \"scenarios.toml\"\n";

/// A folder with the sample's network, PR, scenarios, and one sound clip with its track.
pub struct Patrol {
    folder: TempDir,
}

impl Patrol {
    /// A fresh copy.
    pub fn new() -> Self {
        let it = Self { folder: TempDir::new().expect("a temporary folder") };
        let samples = samples();
        for (from, to) in [
            ("network.geojson", "network.geojson"),
            ("pr.csv", "pr.csv"),
            ("scenarios.toml", "scenarios.toml"),
            ("clips/retour.mp4", GOOD),
            ("tracks/retour.gpx", "good.gpx"),
        ] {
            fs::copy(samples.join(from), it.at(to)).expect("the samples are in the checkout");
        }
        it
    }

    /// A path in the folder.
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The bytes of a file of the folder.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.at(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    /// The text of a file of the folder.
    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("text is UTF-8")
    }

    /// Writes a file.
    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.at(name), content).expect("a temporary folder can be written to");
    }

    /// Writes `survey.toml`: these clips and their tracks, then the sound one.
    pub fn survey(&self, clips: &[(&str, &str)]) {
        self.survey_with(FILES, |it| it, clips);
    }

    /// As [`Patrol::survey`], with other files and with the settings as `change` makes them.
    pub fn survey_with(
        &self,
        files: &str,
        change: impl Fn(String) -> String,
        clips: &[(&str, &str)],
    ) {
        let mut text = format!("{files}{}", change(LIGHT.to_owned()));
        for (video, track) in clips {
            writeln!(text, "[[clip]]\nvideo = \"{video}\"\ntrack = \"{track}\"").unwrap();
        }
        self.put("survey.toml", text + SOUND);
    }

    /// Runs `voirie` in the folder, with words separated by spaces.
    pub fn voirie(&self, line: &str) -> Done {
        self.voirie_on(line, std::env::var_os("PATH").as_deref().unwrap_or_default().as_ref())
    }

    /// As [`Patrol::voirie`], looking for programs in `path` only.
    pub fn voirie_on(&self, line: &str, path: &Path) -> Done {
        let output = Command::new(env!("CARGO_BIN_EXE_voirie"))
            .args(line.split_whitespace())
            .env("PATH", path)
            .current_dir(self.folder.path())
            .output()
            .expect("the program was built");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("messages are UTF-8");
        let (out, err) = (text(output.stdout), text(output.stderr));
        Done { code: output.status.code(), out, err: err.replace('\u{a0}', " ") }
    }

    /// Runs the survey file into `out`, in English.
    pub fn run(&self) -> Done {
        self.voirie("run survey.toml --output out --quiet --lang en")
    }

    /// Rows of a CSV of the folder, as values by the name of their column.
    pub fn rows(&self, name: &str) -> Vec<Row> {
        let bytes = self.bytes(name);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let names = reader.headers().expect("a header").clone();
        let record = |it: Result<csv::StringRecord, csv::Error>| Row {
            names: names.clone(),
            values: it.expect("a row"),
        };
        reader.records().map(record).collect()
    }

    /// Every file below a folder, by its path from there, sorted.
    pub fn files(&self, below: &str) -> Vec<String> {
        let mut found = Vec::new();
        walk(&self.at(below), "", &mut found);
        found.sort();
        found
    }

    /// Frames of `out` taken from a clip.
    pub fn frames_of(&self, clip: &str) -> Vec<Row> {
        self.rows("out/frames.csv").into_iter().filter(|it| it.is("video", clip)).collect()
    }

    /// The sound clip is in the results, whatever befell the other, and nothing half-written is.
    pub fn assert_the_rest_is_whole(&self) {
        let frames = self.frames_of(GOOD);
        let ranks: Vec<_> = frames.iter().map(|it| it.get("numero")).collect();
        assert_eq!(ranks, GOOD_FRAMES);
        for frame in &frames {
            assert_eq!((frame.get("route"), frame.get("sens")), ("D817", "-"), "{frame:?}");
            assert!(self.at("out").join(frame.get("image")).exists(), "{frame:?}");
        }
        let sections = self.rows("out/sections.csv");
        let filmed = sections.iter().find(|it| it.is("id", "D817-U-000600"));
        let note: f64 = filmed.expect("the section").get("ng").parse().expect("a note");
        assert!((0.0..=20.0).contains(&note));
        self.assert_nothing_half_written("out");
    }

    /// No draft, no journal, and a base that opens, if there is one.
    pub fn assert_nothing_half_written(&self, below: &str) {
        let files = self.files(below);
        let draft = |it: &&String| has_extension(it, "tmp") || it.contains("-journal");
        assert_eq!(files.iter().find(draft), None, "{files:?}");
        for base in files.iter().filter(|it| has_extension(it, "gpkg")) {
            let path = self.at(below).join(base);
            let opened = voirie::io::geopackage::Base::open(&path).expect("a whole base");
            let network = opened.read_network().expect("its network");
            opened.read_survey(&network).expect("its survey");
        }
    }
}

/// What a run of the program gave.
pub struct Done {
    /// Its exit code.
    pub code: Option<i32>,
    /// Its standard output.
    pub out: String,
    /// Its standard error, with plain spaces.
    pub err: String,
}

impl Done {
    /// The exit code, and one line of the messages that holds every one of these parts.
    pub fn assert_says(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.err);
        let says = |line: &str| parts.iter().all(|it| line.contains(it));
        assert!(self.err.lines().any(says), "{parts:?} not in one line of:\n{}", self.err);
    }
}

/// A row of a CSV.
#[derive(Debug)]
pub struct Row {
    names: csv::StringRecord,
    values: csv::StringRecord,
}

impl Row {
    /// The value of a column.
    pub fn get(&self, name: &str) -> &str {
        let rank = self.names.iter().position(|it| it == name);
        let rank = rank.unwrap_or_else(|| panic!("no column {name} in {:?}", self.names));
        &self.values[rank]
    }

    /// Each column with its value.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().zip(&self.values)
    }

    /// Whether a column holds a value.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == value
    }

    /// A number of a column.
    pub fn number(&self, name: &str) -> f64 {
        let text = self.get(name);
        text.parse().unwrap_or_else(|_| panic!("{name} is {text:?}, expected a number"))
    }
}

/// Whether the name of a file ends with this extension.
pub fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|it| it == extension)
}

/// The folder of the sample patrol.
pub fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/patrol")
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if path.is_dir() { walk(&path, &name, found) } else { found.push(name) }
    }
}
