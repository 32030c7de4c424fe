//! Frames that show no road to be measured: each is refused with its reason, none gives a defect.

use super::support::{GOOD, Patrol};
use jpeg_encoder::{ColorType, Encoder};
use std::fmt::Write;
use voirie::domain::{DecoderChoice, Image};
use voirie::io::video;

/// The tenth frame of the sound clip: a drawn road, which shows nobody.
fn road(patrol: &Patrol) -> Image {
    let mut source = video::open(&patrol.at(GOOD), DecoderChoice::Embedded).unwrap();
    let mut frame = None;
    source
        .decode(&[10], &mut |it| {
            frame = it.ok().map(|it| it.image().clone());
            true
        })
        .unwrap();
    frame.unwrap()
}

/// The frame in other pixels: each takes that of the road at the given place.
fn redrawn(road: &Image, size: (u32, u32), place: impl Fn(u32, u32) -> (u32, u32)) -> Image {
    let pixels = (0..size.1).flat_map(|y| (0..size.0).map(move |x| (x, y)));
    let rgb = pixels.flat_map(|(x, y)| {
        let (x, y) = place(x, y);
        road.pixel(x, y)
    });
    Image::new(size.0, size.1, rgb.collect()).unwrap()
}

fn noise(size: (u32, u32)) -> Image {
    let mut state = 1u32;
    let rgb = (0..size.0 * size.1 * 3).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    Image::new(size.0, size.1, rgb.collect()).unwrap()
}

#[test]
fn frames_without_a_road_are_refused_each_with_its_reason() {
    let patrol = Patrol::new();
    let road = road(&patrol);
    let (width, height) = (road.width(), road.height());
    let odd = [
        ("0-road.jpg", road.clone(), "valid"),
        ("1-noise.jpg", noise((width, height)), "noisy"),
        ("2-black.jpg", Image::filled(width, height, [0; 3]), "too_dark"),
        (
            "3-upside-down.jpg",
            redrawn(&road, (width, height), |x, y| (width - 1 - x, height - 1 - y)),
            "lane_",
        ),
        (
            "4-small.jpg",
            redrawn(&road, (64, 64), |x, y| (x * width / 64, y * height / 64)),
            "too_small",
        ),
        (
            "5-large.jpg",
            redrawn(&road, (8000, 6000), |x, y| (x * width / 8000, y * height / 6000)),
            "too_large",
        ),
        ("6-white.jpg", Image::filled(width, height, [255; 3]), "over_exposed"),
        ("7-flat.jpg", Image::filled(width, height, [128; 3]), "blurred"),
    ];
    std::fs::create_dir(patrol.at("odd")).unwrap();
    // Along the sample's own track, a place for each.
    let track = patrol.text("good.gpx");
    let points = track.split("<trkpt ").skip(1).map(|point| {
        let between = |from: &str, to: &str| {
            point.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned()
        };
        [between("<time>", "</time>"), between("lon=\"", "\""), between("lat=\"", "\"")].join(",")
    });
    let mut table = String::from("file,time,lon,lat\n");
    for ((name, image, _), point) in odd.iter().zip(points.step_by(2)) {
        let size = |it: u32| u16::try_from(it).unwrap();
        let mut jpeg = Vec::new();
        Encoder::new(&mut jpeg, 85)
            .encode(image.rgb(), size(image.width()), size(image.height()), ColorType::Rgb)
            .unwrap();
        patrol.put(&format!("odd/{name}"), jpeg);
        writeln!(table, "{name},{point}").unwrap();
    }
    patrol.put("odd.csv", table);
    let close = |it: String| it.replace("every_m = 40", "every_m = 2");
    patrol.survey_with(
        "network = \"network.geojson\"\nprs = \"pr.csv\"\n",
        close,
        &[("odd", "odd.csv")],
    );
    let done = patrol.run();
    assert_eq!(done.code, Some(1), "{}", done.err);
    let frames = patrol.frames_of("odd");
    let found: Vec<_> = frames.iter().map(|it| it.get("validite").to_owned()).collect();
    assert_eq!(found.len(), odd.len(), "{found:?}\n{}", done.err);
    for ((name, _, want), found) in odd.iter().zip(&found) {
        assert!(found.starts_with(want), "{name}: {found}, expected {want}");
    }
    for reason in ["noisy", "too dark", "too small", "too large", "over-exposed", "blurred", "lane"]
    {
        let told = |line: &str| line.starts_with("odd: ") && line.contains(reason);
        assert!(done.err.lines().any(told), "{reason} not in:\n{}", done.err);
    }
    let by_odd_frames = patrol
        .rows("out/defects.csv")
        .iter()
        .any(|it| it.is("video", "odd") && !it.is("numero", "0"));
    assert!(!by_odd_frames, "a frame without a road gave a defect");
}
