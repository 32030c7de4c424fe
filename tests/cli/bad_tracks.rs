//! Tracks that say too little or what cannot be true: nothing is guessed, the rest is processed.

use super::support::Patrol;

/// A GPX of one fix for each second after 08:10:00: seconds, longitude, latitude.
fn gpx(fixes: impl IntoIterator<Item = (u32, f64, f64)>) -> String {
    let point = |(second, lon, lat): (u32, f64, f64)| {
        format!(
            "<trkpt lat=\"{lat:.8}\" lon=\"{lon:.8}\">\
             <time>2024-05-14T08:10:{second:02}Z</time></trkpt>\n"
        )
    };
    let points = fixes.into_iter().map(point).collect::<Vec<_>>().concat();
    format!("<gpx version=\"1.1\"><trk><trkseg>\n{points}</trkseg></trk></gpx>\n")
}

/// The sample's way back along D817, 12.5 m a second: the place at a second.
fn back(second: u32) -> (u32, f64, f64) {
    // Ends of the sample's track, tracks/retour.gpx.
    let part = f64::from(second) / 16.0;
    let (from, to) = ((1.401_370_03, 43.520_605_91), (1.399_210_68, 43.519_729_12));
    (second, from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1))
}

#[test]
fn a_track_of_another_hour_is_told_with_both_spans() {
    let patrol = Patrol::new();
    patrol.put("bad.gpx", patrol.text("good.gpx").replace("T08:", "T18:"));
    std::fs::copy(patrol.at("good.mp4"), patrol.at("bad.mp4")).unwrap();
    patrol.survey(&[("bad.mp4", "bad.gpx")]);
    let done = patrol.run();
    let clip = "clip from 2024-05-14 08:10:00 UTC to 2024-05-14 08:10:16 UTC";
    let track = "track from 2024-05-14 18:10:00 UTC to 2024-05-14 18:10:16 UTC";
    done.assert_says(1, &["bad.mp4: the track says nothing during the clip", clip, track]);
    assert!(patrol.frames_of("bad.mp4").is_empty());
    patrol.assert_the_rest_is_whole();
}

#[test]
fn a_parked_track_is_told_once() {
    let patrol = Patrol::new();
    let (_, lon, lat) = back(0);
    patrol.put("bad.gpx", gpx((0..17).map(|it| (it, lon, lat))));
    std::fs::copy(patrol.at("good.mp4"), patrol.at("bad.mp4")).unwrap();
    patrol.survey(&[("bad.mp4", "bad.gpx")]);
    let done = patrol.run();
    done.assert_says(1, &["bad.gpx: the track cannot be read", "none of its 17 fixes"]);
    assert_eq!(done.err.matches("bad.gpx").count(), 1, "{}", done.err);
    patrol.assert_the_rest_is_whole();
}

#[test]
fn after_a_jump_of_five_kilometres_frames_have_no_road() {
    let patrol = Patrol::new();
    // From the eighth second on, 0.05 degrees further north: 5.6 km.
    let jumped = (0..17)
        .map(back)
        .map(|(second, lon, lat)| (second, lon, if second >= 8 { lat + 0.05 } else { lat }));
    patrol.put("bad.gpx", gpx(jumped));
    std::fs::copy(patrol.at("good.mp4"), patrol.at("bad.mp4")).unwrap();
    patrol.survey(&[("bad.mp4", "bad.gpx")]);
    let done = patrol.run();
    let jump = "the track jumps 5.6 km in 1.0 s at 2024-05-14 08:10:08 UTC";
    done.assert_says(1, &["bad.gpx: ", jump, "one of the two points is wrong"]);
    let frames = patrol.frames_of("bad.mp4");
    assert!(frames.len() >= 4, "{frames:?}");
    for frame in frames {
        let road = if frame.number("position_s") < 8.0 { "D817" } else { "" };
        assert_eq!(frame.get("route"), road, "{frame:?}");
    }
    patrol.assert_the_rest_is_whole();
}

#[test]
fn a_section_that_a_hole_of_the_track_crosses_is_told_and_not_filled() {
    let patrol = Patrol::new();
    // D817 from 800 to 600, silent from 775 to 625; every 5 m so that only the hole is unseen.
    patrol.put("bad.gpx", gpx((0..17).filter(|it| !(3..14).contains(it)).map(back)));
    // The sound clip is told to be on D44, for its first 25 m only: it sees nothing of D817.
    let (from, to) = ((1.405_613_04, 43.522_447_8), (1.404_856_09, 43.524_348_99));
    let along = |second: u32| {
        let part = f64::from(second) * 12.5 / 220.0;
        (second, from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1))
    };
    patrol.put("good.gpx", gpx((0..3).map(along)));
    std::fs::copy(patrol.at("good.mp4"), patrol.at("bad.mp4")).unwrap();
    let files = "network = \"network.geojson\"\nprs = \"pr.csv\"\n";
    patrol.survey_with(
        files,
        |it| it.replace("every_m = 40", "every_m = 5"),
        &[("bad.mp4", "bad.gpx")],
    );
    let done = patrol.run();
    let silent = "the receiver was silent for 12.0 s at 2024-05-14 08:10:02 UTC, over 150 m";
    done.assert_says(1, &["bad.mp4: ", silent, "59 frames without a place"]);
    let frames = patrol.frames_of("bad.mp4");
    let times: Vec<f64> = frames.iter().map(|it| it.number("position_s")).collect();
    assert!(times.len() >= 10, "{times:?}");
    assert!(times.iter().all(|it| *it <= 2.0 || *it >= 14.0), "{times:?}");

    let sections = patrol.rows("out/sections.csv");
    let section = |id: &str| sections.iter().find(|it| it.is("id", id)).unwrap();
    let crossed = section("D817-U-000600");
    let unseen = 200.0 * (1.0 - crossed.number("part_valide"));
    assert!((135.0..=165.0).contains(&unseen), "{unseen} m unseen of the 150 m of the hole");
    assert!(crossed.number("ng") <= 20.0);
    let said = format!("{unseen:.0} m without a usable frame");
    done.assert_says(1, &["D817 D817-U-000600: ", "was seen in part only", &said]);

    // The other clip is there.
    let others = patrol.frames_of("good.mp4");
    assert!(others.len() >= 4 && others.iter().all(|it| it.is("route", "D44")), "{others:?}");
    assert!(section("D44-U-000000").number("part_valide") > 0.05);
    patrol.assert_nothing_half_written("out");
}
