//! NMEA 0183: RMC, GGA and ZDA among whatever a receiver says.

use super::bounded::Bounded;
use super::gathered::{Gathered, shown};
use super::instant;
use crate::domain::Seconds;
use nmea::sentences::FixType;
use nmea::sentences::rmc::RmcStatusOfFix;
use nmea::{Error, ParseResult};
use std::io::{BufRead, Read};

/// A day.
///
/// Source: NMEA 0183 gives UTC, which counts 86,400 s a day but for leap seconds.
const DAY: f64 = 86_400.0;

/// Fixes without a date kept until a date comes.
///
/// Chosen: receivers say RMC once a second, and GGA up to 20 times.
const MOST_WAITING: usize = 64;

/// What a sentence looks like.
const EXPECTED: &str = "an NMEA sentence such as $GPRMC,…*hh whose checksum holds";

/// Whether a line holds a sentence that says where or when.
pub(super) fn is_sentence(line: &str) -> bool {
    line.match_indices('$').any(|(at, _)| wanted(&line[at..]))
}

/// A talker of two letters, then RMC, GGA or ZDA.
fn wanted(sentence: &str) -> bool {
    let kind = sentence.get(3..7);
    kind.is_some_and(|it| matches!(it, "RMC," | "GGA," | "ZDA,"))
}

/// Adds every fix of a log to `gathered`.
pub(super) fn read(mut source: Bounded<impl Read>, gathered: &mut Gathered) {
    let mut sentences = Sentences::default();
    let mut line = String::new();
    for number in 1.. {
        line.clear();
        source.refill();
        match source.read_line(&mut line) {
            Ok(0) => break,
            Ok(_) => {
                gathered.at_row(number);
                sentences.line(&line, gathered);
            }
            Err(fault) => {
                gathered.cut_short(fault.to_string());
                break;
            }
        }
        if !gathered.goes_on() {
            break;
        }
    }
    sentences.finish(gathered);
}

/// What the sentences said so far.
#[derive(Default)]
pub(super) struct Sentences {
    /// The last instant known: it gives their date to sentences that tell the time alone.
    last: Option<f64>,
    /// Seconds of the day, longitude, latitude of fixes before any date.
    waiting: Vec<(f64, f64, f64)>,
    /// Seconds of the day of the last refused fix: RMC and GGA refuse the same one.
    refused: Option<f64>,
}

impl Sentences {
    /// Adds what every sentence of a line says; gives the instant of its last fix.
    pub(super) fn line(&mut self, line: &str, gathered: &mut Gathered) -> Option<Seconds> {
        let mut fixed = None;
        for (at, _) in line.match_indices('$') {
            let rest = &line[at..];
            let end = rest[1..].find('$').map_or(rest.len(), |it| it + 1);
            let sentence = rest[..end].trim();
            if wanted(sentence) {
                fixed = self.sentence(sentence, gathered).or(fixed);
            }
        }
        fixed
    }

    fn sentence(&mut self, sentence: &str, gathered: &mut Gathered) -> Option<Seconds> {
        let said = match nmea::parse_str(sentence) {
            Ok(said) => said,
            Err(fault) => {
                let why = match fault {
                    Error::ChecksumMismatch { calculated, found } => {
                        format!("checksum {found:02X} where {calculated:02X} is right")
                    }
                    Error::SentenceLength(length) => format!("{length} characters"),
                    _ => "fields missing or cut".to_owned(),
                };
                gathered.bad(format!("{why} in {:?}", shown(sentence)), EXPECTED);
                return None;
            }
        };
        match said {
            ParseResult::RMC(it) => {
                let time = clock(it.fix_time)?;
                if let Some(midnight) = midnight(it.fix_date) {
                    self.dated(midnight + time, gathered);
                }
                let locked = it.status_of_fix != RmcStatusOfFix::Invalid;
                self.fix(time, it.lon.zip(it.lat).filter(|_| locked), gathered)
            }
            ParseResult::GGA(it) => {
                let time = clock(it.fix_time)?;
                let locked = it.fix_type.is_some_and(FixType::is_valid);
                let position = it.longitude.zip(it.latitude).filter(|_| locked);
                self.fix(time, position, gathered)
            }
            ParseResult::ZDA(it) => {
                let instant = midnight(it.utc_date())? + clock(it.utc_time)?;
                self.dated(instant, gathered);
                None
            }
            _ => None,
        }
    }

    /// A date came.
    fn dated(&mut self, instant: f64, gathered: &mut Gathered) {
        self.last = Some(instant);
        for (time, longitude, latitude) in std::mem::take(&mut self.waiting) {
            gathered.place_at(nearest(time, instant), longitude, latitude);
        }
    }

    fn fix(
        &mut self,
        time: f64,
        position: Option<(f64, f64)>,
        gathered: &mut Gathered,
    ) -> Option<Seconds> {
        let Some((longitude, latitude)) = position else {
            if self.refused != Some(time) {
                gathered.without_lock(1);
            }
            self.refused = Some(time);
            return None;
        };
        let Some(last) = self.last else {
            if self.waiting.len() < MOST_WAITING {
                self.waiting.push((time, longitude, latitude));
            } else {
                gathered.bad("a time without a date".to_owned(), "RMC or ZDA before GGA");
            }
            return None;
        };
        let instant = nearest(time, last);
        self.last = Some(instant.get());
        gathered.place_at(instant, longitude, latitude);
        Some(instant)
    }

    /// Tells the fixes that never had a date.
    pub(super) fn finish(self, gathered: &mut Gathered) {
        for _ in self.waiting {
            gathered.bad("a time without a date".to_owned(), "RMC or ZDA beside GGA");
        }
    }
}

/// The instant at this time of the day that lies nearest to another instant: after midnight the
/// date of the last sentence no longer holds.
fn nearest(time: f64, last: f64) -> Seconds {
    let days = ((last - time) / DAY).round();
    Seconds::of(days * DAY + time)
}

/// Seconds since midnight of what is written `12:30:00.5`.
fn clock(time: Option<impl ToString>) -> Option<f64> {
    let instant = instant::parse(&format!("1970-01-01T{}Z", time?.to_string()))?;
    Some(instant.at.get())
}

/// The first instant of a day written `2024-05-14`.
fn midnight(date: Option<impl ToString>) -> Option<f64> {
    let instant = instant::parse(&format!("{}T00:00:00Z", date?.to_string()))?;
    Some(instant.at.get())
}

#[cfg(test)]
mod tests {
    use super::super::read::tests::track;
    use super::*;
    use proptest::prelude::*;

    /// A sentence with its checksum.
    fn sealed(body: &str) -> String {
        let sum = body.bytes().fold(0, |sum, it| sum ^ it);
        format!("${body}*{sum:02X}\r\n")
    }

    const NOON: &str = "GPRMC,120000.50,A,4336.0000,N,00126.4000,E,10.0,90.0,120625,,,A";

    #[test]
    fn rmc_gives_the_date_and_gga_takes_it() {
        let log = [
            "$PSRF,rubbish\r\n".to_owned(),
            sealed("GPGGA,120000.50,4336.0000,N,00126.4000,E,1,08,0.9,150.0,M,46.9,M,,"),
            sealed(NOON),
            sealed("GNGGA,120001.00,4336.6000,N,00126.4000,W,1,08,0.9,150.0,M,46.9,M,,"),
        ];
        let (fixes, told) = track(log.concat().as_bytes());
        assert_eq!(fixes.len(), 2, "{fixes:?}");
        assert_eq!(fixes[0], (0.5, 1.44, 43.6));
        assert!((fixes[1].1 + 1.44).abs() < 1e-12 && (fixes[1].2 - 43.61).abs() < 1e-12);
        assert_eq!(told, Vec::<String>::new());
    }

    #[test]
    fn the_date_changes_at_midnight() {
        let gga = |time: &str| {
            sealed(&format!("GPGGA,{time},4336.0000,N,00126.4000,E,1,08,0.9,150.0,M,46.9,M,,"))
        };
        let log = [
            sealed("GPZDA,235959.00,12,06,2025,00,00"),
            gga("235959.00"),
            gga("000000.00"),
            gga("235959.50"),
            gga("000001.00"),
        ];
        let (fixes, told) = track(log.concat().as_bytes());
        let times: Vec<f64> = fixes.iter().map(|it| it.0 - 43_199.0).collect();
        assert_eq!(times, [0.0, 0.5, 1.0, 2.0], "{told:?}");
    }

    #[test]
    fn bad_checksums_and_lost_locks_are_told() {
        let log = [
            sealed(NOON),
            "$GPRMC,120001.50,A,4336.0000,N,00126.4000,E,10.0,90.0,120625,,,A*00\n".to_owned(),
            "$GPGGA,1200\n".to_owned(),
            sealed("GPRMC,120003.50,V,,,,,,,120625,,,N"),
            sealed("GPGGA,120003.50,,,,,0,00,,,M,,M,,"),
        ];
        let (fixes, told) = track(log.concat().as_bytes());
        assert_eq!(fixes.len(), 1);
        assert!(told[0].starts_with("Loss 2: checksum 00 where"), "{told:?}");
        assert!(told[1].starts_with("Loss 3: fields missing or cut"), "{told:?}");
        assert_eq!(told[2], "FixesRefused { without_lock: 1, imprecise: 0 }");
        assert_eq!(told.len(), 3);
    }

    #[test]
    fn gga_alone_has_no_date_and_is_told() {
        let gga = sealed("GPGGA,120000.50,4336.0000,N,00126.4000,E,1,08,0.9,150.0,M,46.9,M,,");
        let why = super::super::read::tests::refusal(gga.as_bytes());
        assert!(why.contains("a time without a date"), "{why}");
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "(\\$(GP|GN)(RMC|GGA|ZDA),[0-9.,ANEW*-]{0,90}|.{0,60})") {
            let mut gathered = Gathered::new(String::new());
            let mut sentences = Sentences::default();
            sentences.line(&line, &mut gathered);
            sentences.line(&sealed(line.trim_start_matches('$')), &mut gathered);
            sentences.finish(&mut gathered);
        }
    }
}
