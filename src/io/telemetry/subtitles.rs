//! Subtitles with positions: SRT, `WebVTT`, ASS, and lines of text.

use super::bounded::Bounded;
use super::clock::ClipClock;
use super::cue::{self, Said};
use super::gathered::{Gathered, shown};
use super::instant;
use super::nmea_log::Sentences;
use super::read::TrackErrorKind;
use crate::domain::Seconds;
use std::io::{BufRead, Read};

/// Longest text of one subtitle; the rest of it is left.
///
/// Chosen: a hundred times what cameras write.
const MOST_BYTES: usize = 1 << 16;

/// Whether the start of a text is one of subtitles with times.
pub(super) fn are_timed(start: &str) -> bool {
    ["-->", "Dialogue:", "[Script Info]", "WEBVTT"].iter().any(|it| start.contains(it))
}

/// Whether a line of plain text says a position as subtitles do.
pub(super) fn says_a_position(line: &str) -> bool {
    cue::read(line).position.is_some()
}

/// Subtitles as they come.
#[derive(Default)]
pub(super) struct Subtitles {
    sentences: Sentences,
    clock: ClipClock,
    /// Whether positions come with dates: what the first one does. Without, times are those of
    /// the clip.
    dated: Option<bool>,
    last_date: Option<Seconds>,
    n_cues: usize,
    n_positions: usize,
}

impl Subtitles {
    /// One subtitle, and when it is shown.
    pub(super) fn cue(&mut self, start: Option<Seconds>, text: &str, gathered: &mut Gathered) {
        self.n_cues += 1;
        let Said { date, position, has_sentences } = cue::read(text);
        if has_sentences {
            self.n_positions += 1;
            self.dated = Some(true);
            for line in text.lines() {
                if let Some(instant) = self.sentences.line(line, gathered) {
                    self.pair(instant, start);
                }
            }
            return;
        }
        let Some((longitude, latitude)) = position else { return };
        self.n_positions += 1;
        if *self.dated.get_or_insert(date.is_some()) {
            let date = date.unwrap_or_default();
            let Some(instant) = instant::parse(&date) else {
                return gathered.bad(format!("date {:?}", shown(&date)), "one with each position");
            };
            gathered.zone_of(instant, &date);
            self.pair(instant.at, start);
            place(instant.at, &longitude, &latitude, gathered);
        } else if let Some(start) = start {
            place(start, &longitude, &latitude, gathered);
        } else {
            gathered.bad("a position without a time".to_owned(), "a date, or subtitles with times");
        }
    }

    /// Dates are often whole seconds and subtitles come with every frame: only the one that opens
    /// a second says when it begins.
    fn pair(&mut self, instant: Seconds, start: Option<Seconds>) {
        if self.last_date != Some(instant)
            && let Some(start) = start
        {
            self.clock.pair(instant, start);
        }
        self.last_date = Some(instant);
    }

    /// The receiver's time of the first frame; whether positions were dated.
    ///
    /// # Errors
    ///
    /// When no subtitle said a position.
    pub(super) fn finish(
        self,
        gathered: &mut Gathered,
    ) -> Result<(Option<Seconds>, bool), TrackErrorKind> {
        if self.n_positions == 0 {
            return Err(TrackErrorKind::SubtitlesWithoutPosition { n_cues: self.n_cues });
        }
        self.sentences.finish(gathered);
        let dated = self.dated.unwrap_or(true);
        let clip_start = if dated { self.clock.clip_start() } else { Some(Seconds::ZERO) };
        Ok((clip_start, dated))
    }
}

fn place(time: Seconds, longitude: &str, latitude: &str, gathered: &mut Gathered) {
    // What is no number was not taken for a position.
    let degrees = |text: &str| text.parse().unwrap_or(f64::NAN);
    gathered.place_at(time, degrees(longitude), degrees(latitude));
}

/// Adds every position of the file to `gathered`; gives the receiver's time of the first frame,
/// and whether positions were dated.
///
/// # Errors
///
/// When no subtitle said a position.
pub(super) fn read(
    mut source: Bounded<impl Read>,
    gathered: &mut Gathered,
) -> Result<(Option<Seconds>, bool), TrackErrorKind> {
    let mut subtitles = Subtitles::default();
    let mut open: Option<(Option<Seconds>, String)> = None;
    let mut line = String::new();
    for number in 1.. {
        line.clear();
        source.refill();
        match source.read_line(&mut line) {
            Ok(0) => break,
            Ok(_) => {}
            Err(fault) => {
                gathered.cut_short(fault.to_string());
                break;
            }
        }
        let text = line.trim();
        if let Some((start, rest)) = opens(text) {
            if let Some((start, text)) = open.take() {
                subtitles.cue(start, &text, gathered);
            }
            open = Some((start, rest.to_owned()));
        } else if let Some((_, whole)) = &mut open {
            // The number of the next one ends up here and says nothing.
            if whole.len() < MOST_BYTES {
                whole.push('\n');
                whole.extend(text.chars().take(MOST_BYTES));
            }
        } else if text.contains(|it: char| !it.is_ascii_digit()) {
            gathered.at_row(number);
            subtitles.cue(None, text, gathered);
        }
        gathered.at_row(number);
        if !gathered.goes_on() {
            break;
        }
    }
    if let Some((start, text)) = open {
        subtitles.cue(start, &text, gathered);
    }
    subtitles.finish(gathered)
}

/// The start and the first text of a subtitle that opens on this line.
fn opens(line: &str) -> Option<(Option<Seconds>, &str)> {
    if let Some((start, _)) = line.split_once("-->") {
        return Some((timestamp(start), ""));
    }
    let mut fields = line.strip_prefix("Dialogue:")?.splitn(10, ',');
    let start = fields.nth(1).and_then(timestamp);
    Some((start, fields.nth(7).unwrap_or("")))
}

/// `01:02:03,456`, `02:03.456`.
fn timestamp(text: &str) -> Option<Seconds> {
    let text = text.trim().replace(',', ".");
    text.split(':')
        .try_fold(0.0, |total, part| {
            let part: f64 = part.parse().ok()?;
            (0.0..1e4).contains(&part).then_some(total * 60.0 + part)
        })
        .map(Seconds::of)
}

#[cfg(test)]
mod tests {
    use super::super::read::tests::{open_bytes, read_bytes, refusal, track};
    use super::*;
    use proptest::prelude::*;

    const DJI: &str = "1\n00:00:00,000 --> 00:00:00,033\n<font size=\"28\">FrameCnt: 1, DiffTime: 33ms\n\
        2025-06-12 12:00:00.500\n[iso: 100] [latitude: 43.6] [longitude: 1.44] </font>\n\n\
        2\n00:00:00,500 --> 00:00:00,533\n<font size=\"28\">FrameCnt: 2, DiffTime: 33ms\n\
        2025-06-12 12:00:01.000\n[iso: 100] [latitude: 43.61] [longitude: 1.45] </font>\n\n";

    #[test]
    fn drones_and_dashcams_are_read() {
        let want = vec![(0.5, 1.44, 43.6), (1.0, 1.45, 43.61)];
        let ass = "[Script Info]\nTitle: x\n[Events]\nFormat: Layer, Start, End\n\
            Dialogue: 0,0:00:00.00,0:00:00.50,Default,,0,0,0,,2025/06/12 12:00:00.5Z N:43.6 E:1.44\n\
            Dialogue: 0,0:00:00.50,0:00:01.00,Default,,0,0,0,,2025/06/12 12:00:01Z N:43.61 E:1.45\n";
        let plain = "2025-06-12 12:00:00.5 GPS(1.44, 43.6, 20)\n\
            2025-06-12 12:00:01.0 GPS(1.45, 43.61, 20)\n";
        for text in [DJI, &DJI.replace('\n', "\r\n"), ass, plain] {
            let (fixes, told) = track(text.as_bytes());
            assert_eq!(fixes, want, "{text}");
            assert!(told.iter().all(|it| it.starts_with("Note")), "{told:?}");
        }
        let opened = open_bytes(DJI.as_bytes()).value;
        assert_eq!((opened.source, opened.dated), ("subtitles", true));
        assert_eq!(opened.clip_start, Some(Seconds::of(1_749_729_600.5)));
    }

    #[test]
    fn positions_without_dates_have_the_times_of_the_clip() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\nGPS (1.44, 43.6, 20)\n\n\
            2\n00:01:02,500 --> 00:01:03,000\nGPS (1.45, 43.61, 20)\n\n\
            3\n00:01:03,500 --> 00:01:04,000\nGPS (0.0, 0.0, 0)\n";
        let opened = open_bytes(text.as_bytes());
        let times: Vec<f64> = opened.value.track.fixes().iter().map(|it| it.time.get()).collect();
        assert_eq!(times, [1.0, 62.5]);
        assert_eq!((opened.value.clip_start, opened.value.dated), (Some(Seconds::ZERO), false));
        assert_eq!(opened.findings.len(), 1, "{:?}", opened.findings);
    }

    #[test]
    fn sentences_of_a_receiver_inside_subtitles_are_read() {
        let text = "1\n00:00:02,000 --> 00:00:03,000\n\
            $GPRMC,120000.50,A,4336.0000,N,00126.4000,E,10.0,90.0,120625,,,A*51\n";
        let opened = open_bytes(text.as_bytes());
        assert_eq!(opened.value.track.fixes().len(), 1, "{:?}", opened.findings);
        assert_eq!(opened.value.clip_start, Some(Seconds::of(1_749_729_598.5)));
    }

    #[test]
    fn subtitles_without_positions_are_refused_clearly() {
        let text =
            "1\n00:00:01,000 --> 00:00:02,000\nBonjour\n\n2\n00:00:03,000 --> 00:00:04,000\nB\n";
        let why = refusal(text.as_bytes());
        assert!(why.starts_with("2 subtitle(s) and not one position; expected"), "{why}");
    }

    proptest! {
        #[test]
        fn no_subtitle_makes_it_panic(
            text in "([0-9:,. ]|-->|\n|Dialogue:|GPS\\(|latitude: |longitude: |,|é){0,60}"
        ) {
            let _ = read_bytes(format!("1\n00:00:01,000 --> x\n{text}").as_bytes());
        }
    }
}
