//! Fixes as they come from a file, and what was wrong with the others.

use super::instant::{self, Instant};
use super::read::TrackErrorKind;
use crate::domain::{Finding, FindingKind, Fix, Reported, Seconds, Track, Wgs84};

/// Bad points told one by one; the rest are counted.
///
/// Chosen: more than anyone reads.
const MOST_TOLD: usize = 20;

/// Most fixes taken from one file.
///
/// Chosen: eleven days at 10 Hz, 240 MB of memory.
pub(super) const MOST_FIXES: usize = 10_000_000;

/// Items read one after another without a fix before the file is given up.
///
/// Chosen: ten times what precedes the track in the largest exports of route planners; a file of
/// endless rubbish is left after some seconds.
const MOST_IDLE: usize = 2_000_000;

/// What a position looks like.
pub(super) const DEGREES: &str = "degrees, -180 to 180 and -90 to 90";

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
    n_idle: usize,
    without_lock: usize,
    imprecise: usize,
    zone_told: bool,
}

impl Gathered {
    pub(super) fn new(place: String) -> Self {
        Self {
            place,
            fixes: Vec::new(),
            findings: Vec::new(),
            row: 0,
            lines: false,
            n_points: 0,
            n_bad: 0,
            n_idle: 0,
            without_lock: 0,
            imprecise: 0,
            zone_told: false,
        }
    }

    /// The next point stands on this line of the file, or in this sample of the track.
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
            return self.bad(found, DEGREES);
        };
        self.zone_of(instant, time);
        self.keep(instant.at, position);
    }

    /// A point, in numbers. A receiver that has no position yet writes zeros: these are counted
    /// as fixes without lock.
    pub(super) fn place_at(&mut self, time: Seconds, longitude: f64, latitude: f64) {
        match Wgs84::new(longitude, latitude) {
            Ok(_) if longitude == 0.0 && latitude == 0.0 => self.without_lock(1),
            Ok(position) => self.keep(time, position),
            Err(_) => self.bad(format!("longitude {longitude}, latitude {latitude}"), DEGREES),
        }
    }

    /// Says once that the times of the file name no zone.
    pub(super) fn zone_of(&mut self, instant: Instant, text: &str) {
        if instant.zone_assumed && !self.zone_told {
            self.zone_told = true;
            let found = format!("time {:?} without a zone, taken as UTC", shown(text));
            let row = self.row + usize::from(!self.lines);
            let kind = FindingKind::BadFix { row, found, expected: instant::EXPECTED };
            self.findings.push(Finding::note(&self.place, kind));
        }
    }

    /// The last item was of use, though it gave no fix yet.
    pub(super) const fn useful(&mut self) {
        self.n_idle = 0;
    }

    fn keep(&mut self, time: Seconds, position: Wgs84) {
        self.count();
        self.n_idle = 0;
        self.fixes.push(Fix { time, position });
    }

    /// A point that is not a fix.
    pub(super) fn bad(&mut self, found: String, expected: &'static str) {
        self.count();
        self.n_bad += 1;
        if self.n_bad <= MOST_TOLD {
            self.tell(found, expected);
        }
    }

    /// Points of a receiver that sees too few satellites.
    pub(super) const fn without_lock(&mut self, n: usize) {
        self.n_points += n;
        self.without_lock += n;
    }

    /// Points whose dilution of precision is too large.
    pub(super) const fn imprecise(&mut self, n: usize) {
        self.n_points += n;
        self.imprecise += n;
    }

    /// So many fixes were dated by the clip: the receiver's clock was off by up to `most`.
    pub(super) fn clock_set_right(&mut self, n_fixes: usize, most: Seconds) {
        let kind = FindingKind::ReceiverClockLate { n_fixes, most };
        self.findings.push(Finding::note(&self.place, kind));
    }

    /// Nothing more can be read.
    pub(super) fn cut_short(&mut self, found: String) {
        self.row += 1;
        self.tell(found, "the rest of the track");
    }

    /// Whether the reading goes on after one more item. Rubbish without end does not, nor does a
    /// track without end; that is told.
    pub(super) fn goes_on(&mut self) -> bool {
        self.n_idle += 1;
        if self.n_idle > MOST_IDLE {
            self.cut_short(format!("{MOST_IDLE} items without a fix"));
        } else if self.fixes.len() >= MOST_FIXES {
            self.cut_short(format!("more than {MOST_FIXES} fixes"));
        } else {
            return true;
        }
        false
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

    pub(super) fn finish(mut self) -> Result<Reported<Track>, TrackErrorKind> {
        if self.n_bad > MOST_TOLD {
            let found = format!("{} more points that are not fixes", self.n_bad - MOST_TOLD);
            self.tell(found, "a time and a place each");
        }
        let (without_lock, imprecise) = (self.without_lock, self.imprecise);
        if self.fixes.is_empty() {
            let first = self.findings.iter().find_map(|it| match &it.kind {
                FindingKind::BadFix { row, found, expected } => {
                    Some(format!("row {row}: {found}, expected {expected}"))
                }
                _ => None,
            });
            let refused = (without_lock + imprecise > 0)
                .then(|| format!("{without_lock} without lock, {imprecise} imprecise"));
            let first = first.or(refused).unwrap_or_else(|| "none".to_owned());
            return Err(TrackErrorKind::NoFix { n_rows: self.n_points, first });
        }
        if without_lock + imprecise > 0 {
            let kind = FindingKind::FixesRefused { without_lock, imprecise };
            self.findings.push(Finding::note(&self.place, kind));
        }
        Ok(Reported { value: Track::new(self.fixes), findings: self.findings })
    }
}

/// The start of a text, short enough for a message.
pub(super) fn shown(text: &str) -> String {
    text.trim().chars().take(40).collect()
}
