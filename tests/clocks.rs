//! A clip's clock told from its pictures: the pictures are drawn along a real drive, the track is that of
//! a real receiver on it.

use std::path::{Path, PathBuf};
use voirie::detection::MotionView;
use voirie::domain::{
    Camera, Degrees, Horizon, Image, Metres, Plane, Seconds, SeenMotion, Track, TrackLimits,
};
use voirie::georeferencing::{CleanTrack, clean, clip_start};
use voirie::io::telemetry;

/// Receiver's time at the truth's start. Source: the first row of the receiver's file.
const TRUTH_STARTS: f64 = 1_533_226_488.299 - 0.107;

/// When the clip starts, seconds into the drive.
const CLIP_STARTS: f64 = 6.0;

fn field() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/field");
    if folder.exists() {
        return Some(folder);
    }
    eprintln!("skipped: ../shared/data is absent");
    None
}

fn cleaned(track: &Track) -> CleanTrack {
    let limits = TrackLimits {
        max_speed_m_s: 60.0,
        max_gap_s: Seconds::of(5.0),
        max_gap_m: Metres::of(100.0),
    };
    clean(track, Plane::at(track.fixes()[0].position), &limits, "track").value
}

/// Noise that is the same at the same place, 0 to 1, smooth over a unit.
fn noise(x: f64, y: f64) -> f64 {
    // Source: the finaliser of MurmurHash3, over two coordinates.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any bits serve")]
    let lattice = |column: f64, row: f64| {
        let mut bits =
            (column as i64 as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (row as i64 as u64);
        bits = (bits ^ (bits >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
        bits = (bits ^ (bits >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
        f64::from((bits >> 40) as u32) / f64::from(1_u32 << 24)
    };
    let (left, low) = (x.floor(), y.floor());
    let (across, up) = (x - left, y - low);
    let row = |at: f64| lattice(left, at) * (1.0 - across) + lattice(left + 1.0, at) * across;
    row(low) * (1.0 - up) + row(low + 1.0) * up
}

/// What a camera at a place (metres east and north) and bearing (degrees) sees: asphalt of two grains
/// below the horizon, hills and trees above.
fn draw(camera: &Camera, (x, y): (f64, f64), bearing: f64) -> Image {
    let (width, height) = (480_u32, 270_u32);
    let size = (f64::from(width), f64::from(height));
    let (sin, cos) = bearing.to_radians().sin_cos();
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    for row in 0..height {
        for column in 0..width {
            let (px, py) = (f64::from(column) + 0.5, f64::from(row) + 0.5);
            let level = match camera.to_ground(size, px, py) {
                Some(at) if at.ahead < 60.0 => {
                    let east = x + at.ahead * sin + at.right * cos;
                    let north = y + at.ahead * cos - at.right * sin;
                    70.0 + 50.0 * noise(east / 0.12, north / 0.12)
                        + 40.0 * noise(east / 0.7, north / 0.7)
                }
                _ => {
                    let azimuth = bearing
                        + ((px - size.0 / 2.0) / camera.focal_px(size.0)).atan().to_degrees();
                    90.0 + 120.0 * noise(azimuth / 0.8, py / 40.0)
                }
            };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a level")]
            rgb.extend([level.clamp(0.0, 255.0) as u8; 3]);
        }
    }
    Image::new(width, height, rgb).expect("as many bytes as pixels")
}

/// What pictures of so many seconds show: two frames a tenth of a second apart, twice a second. The camera
/// is not mounted quite as the survey file says.
fn watch(truth: &CleanTrack, mounted: &Camera, said: &Camera, seconds: u32) -> Vec<SeenMotion> {
    let view = |into: f64| {
        let pose = truth.at(Seconds::of(CLIP_STARTS + into))?;
        let at = (pose.projected.x, pose.projected.y);
        MotionView::of(&draw(mounted, at, pose.bearing_deg), said, Seconds::of(into))
    };
    let pair = |rank: u32| {
        let into = f64::from(rank) * 0.5;
        Some(view(into + 0.1)?.since(&view(into)?))
    };
    (0..2 * seconds).filter_map(pair).collect()
}

#[test]
fn a_real_drive_dates_its_clip_to_a_fraction_of_a_second() {
    let Some(folder) = field() else { return };
    let read = |name: &str| telemetry::read(&folder.join(name)).unwrap().value;
    let truth = cleaned(&read("drive-truth.csv"));
    let track = cleaned(&read("drive-gnss-ublox.csv"));
    // Mounted a decimetre lower and a degree off what the survey file says.
    let new = |height, pitch| {
        let (height, pitch) = (Metres::of(height), Degrees::of(pitch));
        Camera::new(height, pitch, Degrees::of(62.0), Horizon::Configured).unwrap()
    };
    let (mounted, said) = (new(1.5, 9.0), new(1.6, 10.0));
    let seen = watch(&truth, &mounted, &said, 50);
    let moving = seen.iter().filter(|it| it.forward_m_s.is_some()).count();
    assert!(moving > 80, "{moving} of {}", seen.len());
    let true_start = TRUTH_STARTS + CLIP_STARTS;
    for wrong_by in [0.0, 23.4, -100.0, 7200.0] {
        let got = clip_start(&seen, Some(Seconds::of(true_start + wrong_by)), &track).unwrap();
        let off = got.starts.get() - true_start;
        eprintln!("a date wrong by {wrong_by} s: found to {off:+.2} s, said ± {:.2}", got.sd.get());
        assert!(off.abs() < 0.5 && off.abs() < 3.0 * got.sd.get(), "{off} of {:?}", got.sd);
    }
}
