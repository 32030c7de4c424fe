//! Clips that cannot be read, whole or in part: the file is named, the other clip is processed.

use super::support::{GOOD, Patrol};
use std::path::Path;
use std::process::Command;

/// The boxes at the top of an MP4: name, first byte, byte after the last.
fn boxes(bytes: &[u8]) -> Vec<([u8; 4], usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let four = |from: usize| <[u8; 4]>::try_from(&bytes[from..from + 4]).unwrap();
        let end = at + u32::from_be_bytes(four(at)) as usize;
        found.push((four(at + 4), at, end));
        at = end;
    }
    found
}

#[test]
fn a_clip_cut_in_its_pictures_gives_those_before_the_cut() {
    let patrol = Patrol::new();
    let bytes = patrol.bytes(GOOD);
    let [_, (moov, ..), .., (mdat, from, to)] = boxes(&bytes)[..] else { panic!("other boxes") };
    assert_eq!((&moov, &mdat), (b"moov", b"mdat"), "the index comes first in the sample");
    let end = from + (to - from) * 6 / 10;
    patrol.put("bad.mp4", &bytes[..end]);
    patrol.survey(&[("bad.mp4", "good.gpx")]);
    let done = patrol.run();
    let ends = format!("the file ends at {end}");
    let cut = "the clip ends at frame 48 of 81 announced";
    done.assert_says(1, &["bad.mp4: ", cut, "the file is cut: the picture lies at bytes", &ends]);
    // Beside that frames every 40 m are far apart, which is said of each clip.
    let faults = done.err.lines().filter(|it| it.starts_with("bad.mp4") && !it.contains("every_m"));
    assert_eq!(faults.count(), 1, "one fault is told once:\n{}", done.err);
    let ranks: Vec<_> =
        patrol.frames_of("bad.mp4").iter().map(|it| it.get("numero").to_owned()).collect();
    assert_eq!(ranks, ["0", "16", "32"]);
    patrol.assert_the_rest_is_whole();
}

#[test]
fn a_clip_without_its_index_is_told_with_what_it_holds() {
    let patrol = Patrol::new();
    let bytes = patrol.bytes(GOOD);
    let kept = boxes(&bytes).into_iter().filter(|it| &it.0 != b"moov");
    let kept: Vec<u8> = kept.flat_map(|(_, from, to)| bytes[from..to].to_vec()).collect();
    patrol.put("bad.mp4", kept);
    patrol.survey(&[("bad.mp4", "good.gpx")]);
    let done = patrol.run();
    let found = "the file holds ftyp, free, mdat, expected a moov box";
    done.assert_says(1, &["bad.mp4: ", "the index of the recording is missing", found]);
    assert!(patrol.frames_of("bad.mp4").is_empty());
    patrol.assert_the_rest_is_whole();
}

#[test]
fn an_empty_clip_is_told() {
    let patrol = Patrol::new();
    patrol.put("bad.mp4", "");
    patrol.survey(&[("bad.mp4", "good.gpx")]);
    let done = patrol.run();
    done.assert_says(1, &["bad.mp4: ", "the file is empty (0 bytes), expected a video"]);
    patrol.assert_the_rest_is_whole();
}

#[test]
fn missing_clips_and_missing_tracks_are_told_by_name() {
    let patrol = Patrol::new();
    std::fs::copy(patrol.at(GOOD), patrol.at("bad.mp4")).unwrap();
    patrol.survey(&[("absent.mp4", "good.gpx"), ("bad.mp4", "absent.gpx")]);
    let done = patrol.run();
    done.assert_says(1, &["absent.mp4: the clip cannot be read", "No such file"]);
    done.assert_says(1, &["absent.gpx: the track cannot be read", "No such file"]);
    assert!(patrol.frames_of("bad.mp4").is_empty());
    patrol.assert_the_rest_is_whole();
}

#[test]
fn a_clip_that_needs_ffmpeg_says_which_package_to_install() {
    let patrol = Patrol::new();
    let drawn = Command::new("ffmpeg")
        .args("-v error -f lavfi -i testsrc2=size=320x180:rate=5:duration=2".split(' '))
        .args("-c:v libvpx-vp9 -deadline realtime -cpu-used 8".split(' '))
        .arg(patrol.at("bad.mkv"))
        .output();
    if !drawn.is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: ffmpeg with VP9 is not installed, and the clip cannot be made");
        return;
    }
    patrol.survey_with(
        "network = \"network.geojson\"\nprs = \"pr.csv\"\n",
        |it| it.replace("\"embedded\"", "\"auto\""),
        &[("bad.mkv", "good.gpx")],
    );
    let line = "run survey.toml --output out --quiet --lang en";
    let done = patrol.voirie_on(line, Path::new("/nowhere"));
    let found = "Matroska or WebM is read through ffmpeg, which is not installed";
    let package = "install the Debian package ffmpeg (apt install ffmpeg)";
    let without = "read without it: H.264, HEVC and Motion JPEG in MP4 or MOV";
    done.assert_says(1, &["bad.mkv: ", found, package, without]);
    patrol.assert_the_rest_is_whole();
}

/// A grey JPEG, with the time it was taken in its EXIF tags.
fn still(taken: Option<&str>) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 80);
    encoder.encode(&[120; 64 * 48 * 3], 64, 48, jpeg_encoder::ColorType::Rgb).unwrap();
    let Some(taken) = taken else { return jpeg };
    // TIFF, little-endian: the first directory points at byte 26, where DateTimeOriginal is.
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(b"\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0");
    tiff.extend(b"\x02\0\x03\x90\x02\0\x14\0\0\0\x38\0\0\0\x11\x90\x02\0\x07\0\0\0\x4c\0\0\0");
    tiff.extend(b"\0\0\0\0");
    tiff.extend(format!("{taken}\0+00:00\0").bytes());
    let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
    let tags = [&b"\xff\xe1"[..], &length, b"Exif\0\0", &tiff].concat();
    jpeg.splice(2..2, tags);
    jpeg
}

#[test]
fn a_still_without_a_date_is_told_when_the_track_is_a_file_of_its_own() {
    let patrol = Patrol::new();
    std::fs::create_dir(patrol.at("stills")).unwrap();
    patrol.put("stills/a.jpg", still(Some("2024:05:14 08:10:00")));
    patrol.put("stills/b.jpg", still(None));
    patrol.put("stills/c.jpg", still(Some("2024:05:14 08:10:04")));
    patrol.survey(&[("stills", "good.gpx")]);
    let done = patrol.run();
    done.assert_says(1, &["stills", "b.jpg has no date, expected EXIF DateTimeOriginal"]);
    let frames = patrol.frames_of("stills");
    let places: Vec<_> = frames.iter().map(|it| it.number("cumul").round()).collect();
    assert_eq!(places, [800.0, 750.0]);
    patrol.assert_the_rest_is_whole();
}
