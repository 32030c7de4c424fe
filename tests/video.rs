//! Video against an outsider: frames compared to the bit with those of `ffmpeg -f rawvideo`.
//!
//! Clips are made in temporary folders by an installed `ffmpeg`; without one the tests say so and
//! pass. The clip they are made of is read from `../shared/data` when it is there, else drawn.

#![expect(clippy::unwrap_used, reason = "helpers of tests are no tests to clippy")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use voirie::domain::{DecoderChoice, Seconds};
use voirie::io::video::{
    ClipSummary, Picture, Programs, Video, VideoErrorKind, describe, describe_with, open_with,
};
use voirie::ports::{FrameError, FrameSource};

/// Whether `ffmpeg` answers; says so when it does not.
fn has_ffmpeg() -> bool {
    let there = Command::new("ffmpeg").arg("-version").output().is_ok();
    if !there {
        eprintln!("skipped: ffmpeg is not installed");
    }
    there
}

/// A folder to make clips in, when `ffmpeg` answers.
fn workshop() -> Option<TempDir> {
    has_ffmpeg().then(|| TempDir::new().unwrap())
}

fn nowhere() -> Programs {
    Programs { ffmpeg: "/nowhere/ffmpeg".into(), ffprobe: "/nowhere/ffprobe".into() }
}

/// The public road clip, when the checkout has it.
fn road() -> Option<PathBuf> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/field/solidWhiteRight.mp4");
    let there = path.exists();
    if !there {
        eprintln!("skipped: ../shared/data is absent");
    }
    there.then_some(path)
}

/// Runs `ffmpeg` with arguments separated by spaces; `{}` stands for a path, in order.
fn ffmpeg(line: &str, paths: &[&Path]) -> Vec<u8> {
    let mut paths = paths.iter();
    let args = line.split_whitespace().map(|it| match it {
        "{}" => paths.next().unwrap().as_os_str().to_owned(),
        other => other.into(),
    });
    let output = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(args).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A moving pattern of 320 x 180, 60 frames at 25 a second.
const DRAWN: &str = "-f lavfi -i testsrc2=size=320x180:rate=25:duration=2.4";

/// Draws a clip with these encoding arguments.
fn drawn(folder: &TempDir, name: &str, how: &str) -> PathBuf {
    let path = folder.path().join(name);
    ffmpeg(&format!("{DRAWN} {how} {{}}"), &[&path]);
    path
}

fn opened(path: &Path, choice: DecoderChoice) -> Video {
    let programs =
        if choice == DecoderChoice::Embedded { nowhere() } else { Programs::installed() };
    open_with(path, choice, &programs).unwrap()
}

/// Every picture of these ranks, as raw bytes or the error's text.
fn raw_of(video: &mut Video, wanted: &[u64]) -> Vec<(u64, Result<Vec<u8>, String>)> {
    let mut got = Vec::new();
    video
        .pictures(wanted, &mut |rank, picture: Result<Picture, FrameError>| {
            let bytes = picture.map_err(|it| it.what).map(|it| match it {
                Picture::Planes(planes) => planes.to_raw_video(),
                Picture::Rgb(image) => image.rgb().to_vec(),
            });
            got.push((rank, bytes));
            true
        })
        .unwrap();
    got
}

/// RGB of these ranks.
fn rgb_of(video: &mut Video, wanted: &[u64]) -> Vec<(u64, Seconds, Vec<u8>)> {
    let mut got = Vec::new();
    video
        .decode(wanted, &mut |frame| {
            let frame = frame.unwrap();
            got.push((frame.stamp.number, frame.stamp.at, frame.image().rgb().to_vec()));
            true
        })
        .unwrap();
    got
}

fn all(video: &Video) -> Vec<u64> {
    (0..video.timeline().frames.len() as u64).collect()
}

/// Compares every frame, and then every seventh, by a decoder with what `ffmpeg` writes.
fn assert_exact(path: &Path, choice: DecoderChoice, frame_bytes: usize) {
    let clip = path.display();
    let want = ffmpeg("-i {} -map 0:v:0 -vsync 0 -f rawvideo -", &[path]);
    let mut video = opened(path, choice);
    let ranks = all(&video);
    assert_eq!(want.len(), ranks.len() * frame_bytes, "{clip}: number of frames");
    let sparse: Vec<u64> = ranks.iter().copied().skip(3).step_by(7).collect();
    for wanted in [ranks, sparse] {
        let got = raw_of(&mut video, &wanted);
        let order: Vec<u64> = got.iter().map(|it| it.0).collect();
        assert_eq!(order, wanted, "{clip} {choice:?}");
        for (rank, bytes) in got {
            let at = usize::try_from(rank).unwrap() * frame_bytes;
            let bytes = bytes.unwrap_or_else(|it| panic!("{clip} {choice:?}: {it}"));
            assert!(bytes == want[at..at + frame_bytes], "{clip} {choice:?}: frame {rank}");
        }
    }
}

/// Choices that can decode H.264 and HEVC in this build.
fn choices() -> Vec<DecoderChoice> {
    let mut choices = vec![DecoderChoice::Ffmpeg];
    if cfg!(feature = "video") {
        choices.push(DecoderChoice::Embedded);
    }
    choices
}

const YUV_320: usize = 320 * 180 * 3 / 2;

#[test]
fn the_road_clip_is_exact_to_the_bit_and_dated() {
    let Some(path) = road().filter(|_| has_ffmpeg()) else { return };
    for choice in choices() {
        assert_exact(&path, choice, 960 * 540 * 3 / 2);
    }
    let summary = describe(&path).unwrap();
    assert_eq!((summary.width, summary.height, summary.codec.as_str()), (960, 540, "h264"));
    assert_eq!(summary.created, Some(Seconds::of(1_472_418_968.0)));
    assert!((summary.mean_fps - 25.0).abs() < 1e-9, "{summary:?}");
}

#[test]
fn rgb_does_not_depend_on_the_decoder() {
    let Some(path) = road().filter(|_| has_ffmpeg()) else { return };
    let wanted = [0, 30, 31, 100];
    let rgb: Vec<_> =
        choices().into_iter().map(|it| rgb_of(&mut opened(&path, it), &wanted)).collect();
    assert!(rgb.windows(2).all(|it| it[0] == it[1]));
    let stamps: Vec<_> = rgb[0].iter().map(|it| (it.0, it.1.get())).collect();
    assert_eq!(stamps, [(0, 0.0), (30, 1.2), (31, 1.24), (100, 4.0)]);
    // The same stream in another container goes by a quite different way.
    let folder = TempDir::new().unwrap();
    let mkv = folder.path().join("road.mkv");
    ffmpeg("-i {} -map 0:v -c copy {}", &[&path, &mkv]);
    let other = rgb_of(&mut opened(&mkv, DecoderChoice::Auto), &wanted);
    for (got, want) in other.iter().zip(&rgb[0]) {
        assert!(got.0 == want.0 && got.2 == want.2, "frame {}", want.0);
    }
}

#[test]
fn every_kind_of_h264_and_hevc_is_exact() {
    let Some(folder) = workshop() else { return };
    let cases = [
        ("plain.mp4", "-c:v libx264 -g 20 -bf 0", YUV_320),
        ("b.mov", "-c:v libx264 -g 20 -bf 3", YUV_320),
        ("pyramid.mp4", "-c:v libx264 -g 20 -bf 5 -x264-params b-pyramid=normal:ref=4", YUV_320),
        ("open.mp4", "-c:v libx264 -x264-params keyint=20:bframes=3:open-gop=1", YUV_320),
        ("slices.mp4", "-c:v libx264 -g 20 -x264-params slices=4", YUV_320),
        ("baseline.mp4", "-c:v libx264 -profile:v baseline -g 12", YUV_320),
        ("faststart.mp4", "-c:v libx264 -g 20 -movflags +faststart", YUV_320),
        ("range.mp4", "-pix_fmt yuvj420p -c:v libx264 -g 20", YUV_320),
        ("422.mp4", "-pix_fmt yuv422p -c:v libx264 -g 20", 320 * 180 * 2),
        ("ten.mp4", "-pix_fmt yuv420p10le -c:v libx264 -g 20", 2 * YUV_320),
        ("interlaced.mp4", "-c:v libx264 -g 20 -flags +ildct+ilme", YUV_320),
        ("hevc.mp4", "-c:v libx265 -x265-params keyint=20", YUV_320),
        ("hevc-closed.mov", "-c:v libx265 -tag:v hvc1 -x265-params keyint=20:open-gop=0", YUV_320),
        ("hevc-ten.mp4", "-pix_fmt yuv420p10le -c:v libx265 -x265-params keyint=20", 2 * YUV_320),
    ];
    for (name, how, frame_bytes) in cases {
        let path = drawn(&folder, name, how);
        for choice in choices() {
            assert_exact(&path, choice, frame_bytes);
        }
    }
}

#[test]
fn full_range_and_limited_range_give_the_same_colours() {
    let Some(folder) = workshop() else { return };
    let source = "-f lavfi -i color=white:size=64x64:rate=5:duration=1";
    for (name, format) in [("full.mp4", "yuvj420p"), ("limited.mp4", "yuv420p")] {
        let path = folder.path().join(name);
        ffmpeg(&format!("{source} -pix_fmt {format} -c:v libx264 {{}}"), &[&path]);
        for choice in choices() {
            let rgb = rgb_of(&mut opened(&path, choice), &[2]).remove(0).2;
            assert!(rgb.iter().all(|it| *it >= 254), "{name} {choice:?}: {:?}", &rgb[..3]);
        }
    }
}

#[test]
fn motion_jpeg_is_exact_to_the_bit() {
    let Some(folder) = workshop() else { return };
    let cases = [
        ("j420.mov", "yuvj420p", YUV_320),
        ("j420.mp4", "yuvj420p -q:v 20", YUV_320),
        ("j422.mov", "yuvj422p -huffman 0", 320 * 180 * 2),
        ("j444.mov", "yuvj444p -q:v 1", 320 * 180 * 3),
    ];
    for (name, how, frame_bytes) in cases {
        let path = drawn(&folder, name, &format!("-c:v mjpeg -pix_fmt {how}"));
        for choice in [DecoderChoice::Auto, DecoderChoice::Embedded] {
            assert_exact(&path, choice, frame_bytes);
        }
    }
    let Some(road) = road() else { return };
    let path = folder.path().join("road.mov");
    ffmpeg("-i {} -c:v mjpeg -q:v 3 {}", &[&road, &path]);
    assert_exact(&path, DecoderChoice::Embedded, 960 * 540 * 3 / 2);
}

#[test]
fn motion_jpeg_has_the_colours_of_the_outsider() {
    let Some(folder) = workshop() else { return };
    let path = drawn(&folder, "m.mov", "-c:v mjpeg -q:v 2 -pix_fmt yuvj420p");
    let want = ffmpeg("-i {} -pix_fmt gray -f rawvideo -", &[&path]);
    for (rank, _, rgb) in rgb_of(&mut opened(&path, DecoderChoice::Embedded), &[0, 17, 59]) {
        let luma = &want[usize::try_from(rank).unwrap() * 320 * 180..][..320 * 180];
        let far = rgb.chunks(3).zip(luma).filter(|(pixel, y)| {
            let [r, g, b] = [0, 1, 2].map(|it| f64::from(pixel[it]));
            (0.299 * r + 0.587 * g + 0.114 * b - f64::from(**y)).abs() > 12.0
        });
        // Saturated pixels are clipped; the rest agree within rounding.
        assert!(far.count() < 320 * 180 / 20, "frame {rank}");
    }
}

#[test]
fn other_containers_and_codecs_go_through_ffmpeg() {
    let Some(folder) = workshop() else { return };
    let cases = [
        ("v.mkv", "-c:v libvpx-vp9 -g 20 -deadline realtime -cpu-used 8"),
        ("vp9.mp4", "-c:v libvpx-vp9 -g 20 -deadline realtime -cpu-used 8"),
        ("mjpeg.avi", "-c:v mjpeg -pix_fmt yuvj420p"),
        ("été 1: b.ts", "-c:v libx264 -g 20 -bf 2"),
        ("open.mkv", "-c:v libx264 -x264-params keyint=20:bframes=3:open-gop=1"),
        ("mpeg4.mp4", "-c:v mpeg4 -g 20"),
        ("fragments.mp4", "-c:v libx264 -g 20 -movflags frag_keyframe+empty_moov"),
    ];
    for (name, how) in cases {
        let path = drawn(&folder, name, how);
        assert_exact(&path, DecoderChoice::Auto, YUV_320);
    }
}

#[test]
fn a_wide_jump_lands_on_the_frame_asked_for() {
    let Some(folder) = workshop() else { return };
    let source = "-f lavfi -i testsrc2=size=160x90:rate=10:duration=60";
    for (name, how) in [("long.mkv", "-c:v libx264 -g 15 -bf 2"), ("long.ts", "-c:v libx264 -g 15")]
    {
        let path = folder.path().join(name);
        ffmpeg(&format!("{source} {how} {{}}"), &[&path]);
        let want = ffmpeg("-i {} -vsync 0 -f rawvideo -", &[&path]);
        let frame_bytes = 160 * 90 * 3 / 2;
        for (rank, bytes) in raw_of(&mut opened(&path, DecoderChoice::Ffmpeg), &[7, 313, 599]) {
            let at = usize::try_from(rank).unwrap() * frame_bytes;
            assert!(bytes.unwrap() == want[at..at + frame_bytes], "{name} frame {rank}");
        }
    }
}

#[test]
fn without_ffmpeg_the_message_says_what_to_install() {
    let Some(folder) = workshop() else { return };
    let vp9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8";
    let cases = [
        (drawn(&folder, "v.mkv", vp9), "Matroska or WebM"),
        (drawn(&folder, "vp9.mp4", vp9), "vp9 in MP4"),
        (drawn(&folder, "m.avi", "-c:v mjpeg -pix_fmt yuvj420p"), "AVI"),
        (drawn(&folder, "v.ts", "-c:v libx264"), "MPEG transport stream"),
    ];
    for (path, found) in &cases {
        for choice in [DecoderChoice::Auto, DecoderChoice::Ffmpeg] {
            let error = open_with(path, choice, &nowhere()).unwrap_err();
            let text = error.to_string();
            assert!(matches!(error.kind, VideoErrorKind::NeedsFfmpeg { .. }), "{text}");
            for part in [found, "apt install ffmpeg", "Motion JPEG in MP4 or MOV"] {
                assert!(text.contains(part), "{text}");
            }
        }
        let error = open_with(path, DecoderChoice::Embedded, &Programs::installed()).unwrap_err();
        assert!(error.to_string().contains("not read by the embedded decoders"), "{error}");
    }
}

#[test]
fn files_that_are_no_video_are_told_what_they_are() {
    let folder = TempDir::new().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let kind = |path: &Path| open_with(path, DecoderChoice::Auto, &nowhere()).unwrap_err();
    let empty = kind(&put("empty.mp4", b""));
    assert!(empty.to_string().contains("empty (0 bytes)"), "{empty}");
    let text = put("text.mp4", b"route;pr;abscisse\nD12;3;450\n");
    let said = kind(&text).to_string();
    assert!(said.contains("text.mp4") && said.contains("not a video"), "{said}");
    assert!(matches!(kind(Path::new("absent.mp4")).kind, VideoErrorKind::Io(_)));
    assert!(matches!(kind(folder.path()).kind, VideoErrorKind::NotAVideo { .. }));
    if has_ffmpeg() {
        let error = open_with(&text, DecoderChoice::Auto, &Programs::installed()).unwrap_err();
        assert!(matches!(error.kind, VideoErrorKind::NotAVideo { .. }), "{error}");
        let sound = folder.path().join("sound.mp4");
        ffmpeg("-f lavfi -i sine=duration=1 {}", &[&sound]);
        let error = kind(&sound);
        assert!(error.to_string().contains("tracks of type soun"), "{error}");
    }
}

/// Ranks that came and ranks that did not, the latter with their message.
fn sorted_out(video: &mut Video) -> (Vec<u64>, Vec<(u64, String)>) {
    let wanted = all(video);
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (rank, picture) in raw_of(video, &wanted) {
        match picture {
            Ok(_) => good.push(rank),
            Err(what) => bad.push((rank, what)),
        }
    }
    (good, bad)
}

#[test]
fn frames_before_a_cut_come_and_later_ones_are_errors() {
    let Some(folder) = workshop() else { return };
    for codec in ["libx264 -bf 0", "libx265 -x265-params bframes=0", "mjpeg -pix_fmt yuvj420p"] {
        let how = format!("-c:v {codec} -g 10 -movflags +faststart");
        let path = drawn(&folder, "cut.mp4", &how);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() * 6 / 10]).unwrap();
        for choice in choices() {
            let mut video = opened(&path, choice);
            assert_eq!(video.timeline().frames.len(), 60, "{codec}");
            let (good, bad) = sorted_out(&mut video);
            assert!(good.len() > 10 && bad.len() > 10, "{codec} {choice:?}: {}", good.len());
            let n_good = good.len() as u64;
            assert_eq!(good, (0..n_good).collect::<Vec<_>>(), "{codec} {choice:?}");
            let (rank, what) = &bad[0];
            assert_eq!(*rank, n_good);
            assert!(what.contains("the file is cut") && what.contains("ends at"), "{what}");
        }
    }
}

#[test]
fn nothing_comes_after_enough() {
    let Some(folder) = workshop() else { return };
    for name in ["a.mp4", "a.mkv"] {
        let path = drawn(&folder, name, "-c:v libx264 -g 20");
        let mut n_frames = 0;
        opened(&path, DecoderChoice::Ffmpeg)
            .decode(&[1, 5, 30, 59], &mut |_| {
                n_frames += 1;
                n_frames < 2
            })
            .unwrap();
        assert_eq!(n_frames, 2, "{name}");
    }
}

#[test]
fn an_index_cut_off_is_named() {
    let Some(folder) = workshop() else { return };
    let path = drawn(&folder, "end.mp4", "-c:v libx264");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    for choice in [DecoderChoice::Auto, DecoderChoice::Embedded] {
        let error = open_with(&path, choice, &Programs::installed()).unwrap_err();
        assert!(matches!(error.kind, VideoErrorKind::MoovMissing { .. }), "{error}");
        assert!(error.to_string().contains("expected a moov box"), "{error}");
    }
}

#[test]
fn damage_costs_the_rest_of_its_group_and_no_more() {
    let Some(folder) = workshop() else { return };
    let how = "-c:v libx264 -bf 0 -x264-params keyint=10:min-keyint=10:scenecut=0";
    let path = drawn(&folder, "hit.mp4", how);
    let rows = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "packet=pos,size", "-of", "csv=p=0"])
        .arg(&path)
        .output()
        .unwrap();
    let rows = String::from_utf8(rows.stdout).unwrap();
    let row = rows.lines().nth(23).unwrap();
    let numbers: Vec<usize> = row.split(',').filter_map(|it| it.parse().ok()).collect();
    let (size, position) = (numbers[0].min(numbers[1]), numbers[0].max(numbers[1]));
    let mut bytes = fs::read(&path).unwrap();
    // The length of the NAL unit no longer adds up.
    bytes[position] = 0x7F;
    assert!(size > 4);
    fs::write(&path, &bytes).unwrap();
    let lost: Vec<u64> = (23..30).collect();
    for choice in choices() {
        let (_, bad) = sorted_out(&mut opened(&path, choice));
        let ranks: Vec<u64> = bad.iter().map(|it| it.0).collect();
        assert_eq!(ranks, lost, "{choice:?}: {bad:?}");
        assert!(bad[1].1.contains("which its group builds on, is damaged"), "{}", bad[1].1);
    }
    // Bits turned over inside the slice: nothing but a decoder can see it, and not always.
    bytes[position] = 0;
    for byte in &mut bytes[position + size / 4..position + size] {
        *byte ^= 0xFF;
    }
    fs::write(&path, &bytes).unwrap();
    let (good, bad) = sorted_out(&mut opened(&path, DecoderChoice::Ffmpeg));
    let ranks: Vec<u64> = bad.iter().map(|it| it.0).collect();
    assert!(ranks.contains(&23) && ranks.iter().all(|it| (20..30).contains(it)), "{ranks:?}");
    assert_eq!(good.len() + bad.len(), 60);
}

#[test]
fn turned_cameras_give_upright_frames() {
    let Some(folder) = workshop() else { return };
    let plain = drawn(&folder, "plain.mp4", "-c:v libx264 -g 20");
    for (angle, size) in [(90, (180, 320)), (180, (320, 180)), (270, (180, 320))] {
        let path = folder.path().join(format!("{angle}.mp4"));
        // The old muxer tag counts against the clock in files that it writes.
        ffmpeg(&format!("-i {{}} -c copy -metadata:s:v:0 rotate={angle} {{}}"), &[&plain, &path]);
        let want = ffmpeg("-i {} -frames:v 1 -pix_fmt rgb24 -f rawvideo -", &[&path]);
        for choice in choices() {
            let summary = describe_with(&path, choice, &Programs::installed()).unwrap();
            assert_ne!(summary.rotation_degrees, 0, "{angle}");
            let mut image = None;
            opened(&path, choice)
                .decode(&[0], &mut |frame| {
                    image = Some(frame.unwrap().image().clone());
                    true
                })
                .unwrap();
            let image = image.unwrap();
            assert_eq!((image.width(), image.height()), size, "{angle}");
            let apart: f64 =
                image.rgb().iter().zip(&want).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
            let mean = apart / f64::from(size.0 * size.1 * 3);
            assert!(mean < 8.0, "{angle} {choice:?}: {mean} levels from the outsider's");
        }
    }
}

#[test]
fn variable_frame_rates_keep_their_times() {
    let Some(folder) = workshop() else { return };
    // Frames 0 to 59 at 25 a second, of which those whose rank is no multiple of 3 from the
    // second half on are dropped.
    for name in ["vfr.mp4", "vfr.mkv"] {
        let how = "-vf select=lt(n\\,30)+not(mod(n\\,3)) -vsync 0 -c:v libx264 -g 20 -bf 2";
        let path = drawn(&folder, name, how);
        let want: Vec<f64> =
            (0..60).filter(|it| *it < 30 || it % 3 == 0).map(|it| f64::from(it) * 0.04).collect();
        let video = opened(&path, DecoderChoice::Auto);
        let got: Vec<f64> = video.timeline().frames.iter().map(|it| it.get()).collect();
        assert_eq!(got.len(), want.len(), "{name}");
        for (got, want) in got.iter().zip(&want) {
            assert!((got - want).abs() < 1.5e-3, "{name}: {got} for {want}");
        }
        assert_exact(&path, DecoderChoice::Auto, YUV_320);
    }
}

#[test]
fn clips_are_described() {
    let Some(folder) = workshop() else { return };
    let dated = "-metadata creation_time=2024-05-13T08:30:00Z";
    for (name, how, container) in [
        ("a.mp4", "-c:v libx264 -g 20", "MP4/MOV"),
        ("a.mkv", "-c:v libx264 -g 20", "matroska,webm"),
    ] {
        let path = drawn(&folder, name, &format!("{how} {dated}"));
        let ClipSummary { frames, keyframes, duration, created, codec, .. } =
            describe(&path).unwrap();
        assert_eq!((frames, keyframes, codec.as_str()), (60, 3, "h264"), "{name}");
        assert!((duration.get() - 2.4).abs() < 0.01, "{name}: {duration}");
        assert_eq!(created, Some(Seconds::of(1_715_589_000.0)), "{name}");
        assert_eq!(describe(&path).unwrap().container, container);
    }
}
