//! GoPro's metadata: one payload a second, with the fixes of that second.

use super::clock::ClipClock;
use super::gathered::{Gathered, MOST_FIXES};
use super::instant;
use super::klv::{Item, Items, number, width};
use super::payload;
use crate::domain::Seconds;
use crate::io::video::MediaSample;
use std::io::{self, Read, Seek};

pub(super) const NAME: &str = "GPMF"; // Source: the name GoPro gives it.

/// Dilution of precision above which fixes are refused, times 100.
///
/// Source: GoPro, GPMF introduction, GPSP: "under 500 is good"; by the usual classes of dilution,
/// above 10 positions serve "only to indicate a very rough estimate".
const WORST_DILUTION: f64 = 1000.0;

/// Seconds from 1970-01-01 to 2000-01-01.
///
/// Source: GPS9 counts days since 2000-01-01 (GoPro, GPMF introduction, Hero 11).
const YEAR_2000: f64 = 946_684_800.0;

/// How much the receiver's second may differ from the clip's before it is no measure of it.
///
/// Chosen: a receiver that sets its clock jumps by more; payloads last a second within 1 %.
const SAME_SECOND: std::ops::Range<f64> = 0.5..2.0;

/// How far the receiver's clock may be from the clip's, once set.
///
/// Chosen: on a GoPro Max it wanders by 0.08 s, and its first writing is 1.5 s late.
const MOST_LATE: f64 = 0.5;

/// The fixes of one payload, dated together (`GPS5`).
struct Second {
    /// Number of the payload.
    row: usize,
    /// Seconds of the clip.
    start: f64,
    lasting: f64,
    /// When the receiver wrote it (`GPSU`).
    at: Option<f64>,
    refused: Option<Refusal>,
    /// Longitude, latitude.
    places: Vec<(f64, f64)>,
}

/// Why fixes are no positions.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Refusal {
    NoLock,
    Imprecise,
}

fn refusal(lock: f64, dilution: f64) -> Option<Refusal> {
    if lock == 0.0 {
        Some(Refusal::NoLock)
    } else {
        (dilution > WORST_DILUTION).then_some(Refusal::Imprecise)
    }
}

fn refuse(why: Refusal, n: usize, gathered: &mut Gathered) {
    match why {
        Refusal::NoLock => gathered.without_lock(n),
        Refusal::Imprecise => gathered.imprecise(n),
    }
}

/// Adds the fixes of a track to `gathered`; gives the receiver's time of the first frame.
pub(super) fn read(
    file: &mut (impl Read + Seek),
    length: u64,
    samples: &[MediaSample],
    gathered: &mut Gathered,
) -> io::Result<Option<Seconds>> {
    let mut clock = ClipClock::default();
    let mut seconds: Vec<Second> = Vec::new();
    let (mut row, mut n_held) = (0, 0);
    payload::each(file, length, samples, gathered, |gathered, sample, bytes| {
        row += 1;
        for device in Items(bytes).filter(|it| it.key == *b"DEVC") {
            for stream in Items(device.body).filter(|it| it.key == *b"STRM") {
                let read = read_stream(stream.body, row, sample, &mut clock, gathered);
                let Some(second) = read.filter(|it| n_held + it.places.len() <= MOST_FIXES) else {
                    continue;
                };
                gathered.useful();
                n_held += second.places.len();
                if let (Some(at), None) = (second.at, second.refused) {
                    clock.pair(Seconds::of(at), Seconds::of(second.start));
                }
                seconds.push(second);
            }
        }
    })?;
    let clip_start = clock.clip_start();
    if let Some(clip_start) = clip_start {
        set_right(&mut seconds, clip_start, gathered);
    }
    let mut seconds = seconds.into_iter().peekable();
    while let Some(second) = seconds.next() {
        second.spread(seconds.peek().and_then(|it| it.at), gathered);
    }
    Ok(clip_start)
}

/// Dates by the clip what a late clock dated: a receiver that has just found its lock may repeat
/// an old time for a second or two, while the clip's clock runs evenly.
fn set_right(seconds: &mut [Second], clip_start: Seconds, gathered: &mut Gathered) {
    let (mut n_fixes, mut most) = (0, 0.0_f64);
    for second in seconds.iter_mut().filter(|it| it.refused.is_none()) {
        let even = clip_start.get() + second.start;
        let Some(at) = second.at.filter(|it| (it - even).abs() > MOST_LATE) else { continue };
        most = most.max((at - even).abs());
        n_fixes += second.places.len();
        second.at = Some(even);
    }
    if n_fixes > 0 {
        gathered.clock_set_right(n_fixes, Seconds::of(most));
    }
}

impl Second {
    /// Lays the fixes evenly from this writing of the receiver's clock to the next one. The last
    /// payload, and one before a hole, lasts as long as in the clip.
    fn spread(self, next: Option<f64>, gathered: &mut Gathered) {
        gathered.at_row(self.row);
        let n = self.places.len();
        if let Some(why) = self.refused {
            return refuse(why, n, gathered);
        }
        let Some(at) = self.at else {
            let found = format!("{n} position(s) without a time");
            return gathered.bad(found, "a GPSU such as 240514080000.000");
        };
        let lasting = if self.lasting > 0.0 { self.lasting } else { 1.0 };
        let between = next.map(|it| it - at).filter(|it| SAME_SECOND.contains(&(it / lasting)));
        let between = between.unwrap_or(lasting);
        for (rank, (longitude, latitude)) in (0_u32..).zip(&self.places) {
            #[expect(clippy::cast_precision_loss, reason = "fixes of one payload")]
            let share = f64::from(rank) / n as f64;
            gathered.place_at(Seconds::of(at + between * share), *longitude, *latitude);
        }
    }
}

/// Reads one stream: a `GPS5` is given, as it waits for the next clock; a `GPS9` dates each of
/// its fixes, and these are added at once.
///
/// # Source
///
/// GoPro, GPMF introduction: GPS5 (latitude, longitude, altitude, speeds), GPS9 (the same, days,
/// seconds, dilution, fix), SCAL, GPSU, GPSF (0: no lock), GPSP (dilution times 100).
fn read_stream(
    body: &[u8],
    row: usize,
    sample: &MediaSample,
    clock: &mut ClipClock,
    gathered: &mut Gathered,
) -> Option<Second> {
    let (mut scale, mut types) = (Vec::new(), "");
    // A stream that does not say is believed.
    let (mut at, mut lock, mut dilution) = (None, 3.0, 0.0);
    let mut second = None;
    for item in Items(body) {
        let first = || item.numbers().and_then(|it| it.first().copied());
        match &item.key {
            b"SCAL" => scale = item.numbers().unwrap_or_default(),
            b"TYPE" => types = item.text().unwrap_or_default(),
            b"GPSU" => at = item.text().and_then(receiver_time),
            b"GPSF" => lock = first().unwrap_or(lock),
            b"GPSP" => dilution = first().unwrap_or(dilution),
            b"GPS5" => second = Some(places(&item, &scale)),
            b"GPS9" => fixes(&item, types, &scale, sample, clock, gathered),
            _ => continue,
        }
        if !item.whole {
            let key = String::from_utf8_lossy(&item.key).into_owned();
            gathered.bad(format!("{key} is cut short"), "as many bytes as it announces");
        }
    }
    let places = second.filter(|it| !it.is_empty())?;
    let refused = refusal(lock, dilution);
    Some(Second { row, start: sample.start, lasting: sample.lasting, at, refused, places })
}

/// A value over its scale; a scale of one number stands for all.
fn scaled(value: f64, scale: &[f64], rank: usize) -> f64 {
    let by = if scale.len() == 1 { scale.first() } else { scale.get(rank) };
    value / by.copied().filter(|it| *it != 0.0).unwrap_or(1.0)
}

/// Longitudes and latitudes of a `GPS5`.
fn places(item: &Item<'_>, scale: &[f64]) -> Vec<(f64, f64)> {
    let place = |row: &[u8]| {
        let latitude = number(b'l', row.get(..4)?)?;
        let longitude = number(b'l', row.get(4..8)?)?;
        Some((scaled(longitude, scale, 1), scaled(latitude, scale, 0)))
    };
    item.rows().filter_map(place).collect()
}

/// Adds the fixes of a `GPS9`.
fn fixes(
    item: &Item<'_>,
    types: &str,
    scale: &[f64],
    sample: &MediaSample,
    clock: &mut ClipClock,
    gathered: &mut Gathered,
) {
    let n_rows = item.rows().count();
    for (rank, row) in item.rows().enumerate() {
        let mut rest = row;
        let values: Option<Vec<f64>> = types
            .bytes()
            .enumerate()
            .map(|(rank, kind)| {
                let (head, tail) = rest.split_at_checked(width(kind)?)?;
                rest = tail;
                number(kind, head).map(|it| scaled(it, scale, rank))
            })
            .collect();
        let Some(&[latitude, longitude, _, _, _, days, seconds, dilution, lock]) =
            values.as_deref()
        else {
            return gathered.bad(format!("a GPS9 of types {types:?}"), "nine numbers, lllllllSS");
        };
        // Here the scale has already made the dilution a plain number.
        if let Some(why) = refusal(lock, dilution * 100.0) {
            refuse(why, 1, gathered);
            continue;
        }
        let Ok(time) = Seconds::new(YEAR_2000 + days * 86_400.0 + seconds) else {
            gathered.bad("a time that is no number".to_owned(), "days and seconds");
            continue;
        };
        #[expect(clippy::cast_precision_loss, reason = "fixes of one payload")]
        let share = rank as f64 / n_rows as f64;
        clock.pair(time, Seconds::of(sample.start + sample.lasting * share));
        gathered.place_at(time, longitude, latitude);
    }
}

/// `240514080000.123`: year, month, day, hour, minute, second, UTC.
fn receiver_time(text: &str) -> Option<f64> {
    let part = |at: usize| text.get(at..at + 2);
    let (year, month, day) = (part(0)?, part(2)?, part(4)?);
    let (hour, minute, second) = (part(6)?, part(8)?, text.get(10..)?);
    let iso = format!("20{year}-{month}-{day}T{hour}:{minute}:{second}Z");
    instant::parse(&iso).map(|it| it.at.get())
}

#[cfg(test)]
mod tests {
    use super::super::builders::{Movie, klv};
    use crate::domain::{FindingKind, Seconds};
    use proptest::prelude::*;

    /// A payload of two fixes, `second` seconds after noon.
    fn payload(second: u32, lock: u32, dilution: u16) -> Vec<u8> {
        let places: Vec<i32> =
            vec![436_000_000, 14_400_000, 0, 0, 0, 436_000_100, 14_400_200, 0, 0, 0];
        let bytes = |it: &[i32]| it.iter().flat_map(|it| it.to_be_bytes()).collect::<Vec<u8>>();
        let stream = [
            klv(*b"GPSF", b'L', 4, &lock.to_be_bytes()),
            klv(*b"GPSU", b'U', 16, format!("2506121200{second:02}.000").as_bytes()),
            klv(*b"GPSP", b'S', 2, &dilution.to_be_bytes()),
            klv(*b"SCAL", b'l', 4, &bytes(&[10_000_000, 10_000_000, 1000, 1000, 100])),
            klv(*b"GPS5", b'l', 20, &bytes(&places)),
        ];
        let other = klv(*b"STRM", 0, 1, &klv(*b"ACCL", b's', 6, &[0; 12]));
        let stream = klv(*b"STRM", 0, 1, &stream.concat());
        klv(*b"DEVC", 0, 1, &[other, stream].concat())
    }

    fn times(movie: &Movie) -> (Vec<f64>, Option<f64>, Vec<FindingKind>) {
        let found = movie.look().unwrap();
        let fixes = found.value.track.fixes().iter();
        let times = fixes.map(|it| it.time.get() - 1_749_729_600.0).collect();
        let start = found.value.clip_start.map(|it| it.get() - 1_749_729_600.0);
        (times, start, found.findings.into_iter().map(|it| it.kind).collect())
    }

    #[test]
    fn fixes_lie_between_two_writings_of_the_clock() {
        let samples = [payload(5, 3, 150), payload(6, 3, 150), payload(8, 3, 150)];
        let movie = Movie::with_track(*b"gpmd", &samples);
        // The last has no next: it lasts as long as in the clip. It is late, so the clip dates it.
        let late = FindingKind::ReceiverClockLate { n_fixes: 2, most: Seconds::of(1.0) };
        assert_eq!(times(&movie), (vec![5.0, 5.5, 6.0, 6.5, 7.0, 7.5], Some(5.0), vec![late]));
        let fix = movie.look().unwrap().value.track.fixes()[1];
        assert!((fix.position.latitude() - 43.600_01).abs() < 1e-9);
        assert!((fix.position.longitude() - 1.440_02).abs() < 1e-9);
    }

    #[test]
    fn fixes_without_lock_or_far_too_vague_are_counted() {
        let samples =
            [payload(1, 0, 9999), payload(2, 2, 1001), payload(3, 2, 1000), payload(4, 3, 99)];
        let movie = Movie::with_track(*b"gpmd", &samples);
        let told = vec![FindingKind::FixesRefused { without_lock: 2, imprecise: 2 }];
        assert_eq!(times(&movie), (vec![3.0, 3.5, 4.0, 4.5], Some(1.0), told));
        let never = Movie::with_track(*b"gpmd", &samples[..1]);
        let why = never.look().unwrap_err().to_string();
        assert!(why.contains("GPMF: not one fix among 2 point(s)"), "{why}");
        assert!(why.contains("2 without lock"), "{why}");
    }

    #[test]
    fn a_stream_cut_in_the_middle_keeps_what_came_before() {
        let samples = [payload(5, 3, 150), payload(6, 3, 150), payload(7, 3, 150)];
        let whole = Movie::with_track(*b"gpmd", &samples);
        let cut = whole.cut_at_sample(1, samples[1].len() - 20);
        let (times, _, told) = times(&cut);
        assert_eq!(times, [5.0, 5.5, 6.0]);
        let told: Vec<_> = told.iter().map(|it| format!("{it:?}")).collect();
        assert!(told[0].contains("GPS5 is cut short"), "{told:?}");
        assert!(told[1].contains("the file ends inside sample 2"), "{told:?}");
    }

    #[test]
    fn the_fixes_of_a_hero_11_carry_their_own_times() {
        let fix = |latitude: i32, millis: i32, dilution: u16, lock: u16| {
            let days = 9294; // 2025-06-12
            let longs = [latitude, 14_400_000, 0, 0, 0, days, 43_200_000 + millis];
            let longs = longs.iter().flat_map(|it| it.to_be_bytes());
            longs.chain(dilution.to_be_bytes()).chain(lock.to_be_bytes()).collect::<Vec<u8>>()
        };
        let rows = [
            fix(436_000_000, 100, 150, 3),
            fix(436_000_100, 600, 150, 3),
            fix(436_000_200, 800, 1001, 3),
            fix(436_000_300, 900, 150, 0),
        ];
        let scale = [10_000_000, 10_000_000, 1000, 1000, 100, 1, 1000, 100, 1_i32];
        let scale: Vec<u8> = scale.iter().flat_map(|it| it.to_be_bytes()).collect();
        let stream = [
            klv(*b"TYPE", b'c', 1, b"lllllllSS"),
            klv(*b"SCAL", b'l', 4, &scale),
            klv(*b"GPS9", b'?', 32, &rows.concat()),
        ];
        let stream = klv(*b"STRM", 0, 1, &stream.concat());
        let movie = Movie::with_track(*b"gpmd", &[klv(*b"DEVC", 0, 1, &stream)]);
        let (times, start, told) = times(&movie);
        assert!((times[0] - 0.1).abs() < 1e-6 && (times[1] - 0.6).abs() < 1e-6, "{times:?}");
        assert!((start.unwrap() - 0.1).abs() < 1e-6);
        assert_eq!(told, [FindingKind::FixesRefused { without_lock: 1, imprecise: 1 }]);
    }

    proptest! {
        #[test]
        fn no_payload_makes_it_panic(
            flips in prop::collection::vec((0_usize..200, any::<u8>()), 0..8),
            rubbish in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            let mut bytes = payload(5, 3, 150);
            for (at, value) in flips {
                let at = at % bytes.len();
                bytes[at] = value;
            }
            let _ = Movie::with_track(*b"gpmd", &[bytes, rubbish]).look();
        }
    }
}
