//! Camera Motion Metadata: samples of one reading each; types 5 and 6 are positions.

use super::clock::ClipClock;
use super::gathered::Gathered;
use super::payload;
use super::read::TrackErrorKind;
use crate::domain::Seconds;
use crate::io::video::MediaSample;
use std::io::{Read, Seek};

pub(super) const NAME: &str = "CAMM"; // Source: the name Google gives it.

/// Seconds from 1970-01-01 to 1980-01-06, where GPS time starts.
///
/// Source: IS-GPS-200, 3.3.4.
const GPS_EPOCH: f64 = 315_964_800.0;

/// Seconds by which GPS time is ahead of UTC.
///
/// Source: IERS, Bulletin C 52: 18 leap seconds since GPS time started, none after 2017-01-01.
const LEAP_SECONDS: f64 = 18.0;

/// Adds the fixes of a track to `gathered`; gives the receiver's time of the first frame, and
/// whether the receiver dated the fixes.
///
/// When one sample has a time of the receiver (type 6), those without (type 5) are left: they say
/// the same.
///
/// # Source
///
/// Google, "Camera Motion Metadata Spec": little-endian; a type of 16 bits after 16 reserved;
/// 5: latitude, longitude, altitude; 6: seconds of GPS time, fix (0 none, 2, 3), latitude,
/// longitude, then altitude, accuracies and speeds.
pub(super) fn read(
    file: &mut (impl Read + Seek),
    length: u64,
    samples: &[MediaSample],
    gathered: &mut Gathered,
) -> Result<(Option<Seconds>, bool), TrackErrorKind> {
    let mut clock = ClipClock::default();
    let mut undated = Vec::new();
    let mut n_dated = 0_usize;
    payload::each(file, length, samples, gathered, |gathered, sample, bytes| {
        match bytes.get(2..4) {
            Some([5, 0]) => match (double(bytes, 4), double(bytes, 12)) {
                (Some(latitude), Some(longitude)) if n_dated == 0 => {
                    gathered.useful();
                    undated.push((sample.start, longitude, latitude));
                }
                (Some(_), Some(_)) => {}
                _ => gathered.bad("a position cut short".to_owned(), "28 bytes"),
            },
            Some([6, 0]) => {
                n_dated += 1;
                undated.clear();
                fix(bytes, sample, &mut clock, gathered);
            }
            _ => {}
        }
    })?;
    for (start, longitude, latitude) in undated {
        gathered.place_at(Seconds::of(start), longitude, latitude);
    }
    Ok(if n_dated > 0 { (clock.clip_start(), true) } else { (Some(Seconds::ZERO), false) })
}

fn fix(bytes: &[u8], sample: &MediaSample, clock: &mut ClipClock, gathered: &mut Gathered) {
    let (Some(time), Some(latitude), Some(longitude)) =
        (double(bytes, 4), double(bytes, 16), double(bytes, 24))
    else {
        return gathered.bad("a fix cut short".to_owned(), "60 bytes");
    };
    if bytes.get(12..16) == Some(&[0; 4]) {
        return gathered.without_lock(1);
    }
    let Ok(time) = Seconds::new(time + GPS_EPOCH - LEAP_SECONDS) else {
        return gathered.bad(format!("the GPS time {time}"), "seconds since 1980-01-06");
    };
    clock.pair(time, Seconds::of(sample.start));
    gathered.place_at(time, longitude, latitude);
}

fn double(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..at + 8).and_then(|it| it.try_into().ok()).map(f64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::super::builders::Movie;
    use super::*;
    use crate::domain::FindingKind;
    use proptest::prelude::*;

    fn place(latitude: f64) -> Vec<u8> {
        let doubles = [latitude, 1.44, 150.0].map(f64::to_le_bytes).concat();
        [vec![0, 0, 5, 0], doubles].concat()
    }

    fn dated(time: f64, lock: i32, latitude: f64) -> Vec<u8> {
        let gps_time = time - 315_964_800.0 + 18.0;
        let head = [vec![0, 0, 6, 0], gps_time.to_le_bytes().to_vec(), lock.to_le_bytes().to_vec()];
        [head.concat(), [latitude, 1.44].map(f64::to_le_bytes).concat(), vec![0; 28]].concat()
    }

    #[test]
    fn fixes_of_both_types_are_read() {
        let noon = 1_749_729_600.0;
        let gyroscope = vec![0, 0, 2, 0, 1, 2, 3, 4];
        let samples = [place(43.5), gyroscope, dated(noon, 0, 0.0), dated(noon + 1.0, 3, 43.6)];
        let found = Movie::with_track(*b"camm", &samples).look().unwrap();
        let fixes = found.value.track.fixes();
        assert_eq!(fixes.len(), 1);
        assert_eq!(fixes[0].time, Seconds::of(noon + 1.0));
        assert_eq!((fixes[0].position.latitude(), fixes[0].position.longitude()), (43.6, 1.44));
        assert_eq!((found.value.source, found.value.dated), ("CAMM", true));
        // It is the fourth sample, of one second each.
        assert_eq!(found.value.clip_start, Some(Seconds::of(noon - 2.0)));
        let want = FindingKind::FixesRefused { without_lock: 1, imprecise: 0 };
        assert_eq!(found.findings[0].kind, want);
    }

    #[test]
    fn places_alone_have_the_times_of_the_clip_until_its_start_is_known() {
        let movie = Movie::with_track(*b"camm", &[place(43.5), place(43.6)]);
        let found = movie.look().unwrap().value;
        let times = |it: &super::super::embedded::Embedded| {
            it.track.fixes().iter().map(|it| it.time.get()).collect::<Vec<_>>()
        };
        assert_eq!((times(&found), found.clip_start), (vec![0.0, 1.0], Some(Seconds::ZERO)));
        let moved = found.starting_at(Seconds::of(100.0));
        assert_eq!(
            (times(&moved), moved.clip_start),
            (vec![100.0, 101.0], Some(Seconds::of(100.0)))
        );
    }

    proptest! {
        #[test]
        fn no_sample_makes_it_panic(
            kind in 5_u8..7,
            bytes in prop::collection::vec(any::<u8>(), 0..70),
        ) {
            let _ = Movie::with_track(*b"camm", &[[vec![0, 0, kind, 0], bytes].concat()]).look();
        }
    }
}
