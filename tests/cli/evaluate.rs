//! `voirie evaluate`: figures of labelled frames, bad pairs, an archive as its folder.

use crate::support::Patrol;
use jpeg_encoder::{ColorType, Encoder};
use std::fs::{self, File};
use std::path::Path;

/// Pixels across and down of the drawn frames.
const SIZE: (u32, u32) = (256, 160);

/// A road with a dark line along it: a picture and its mask.
fn draw(folder: &Path, stem: &str) {
    let line = |x: u32, y: u32| x.abs_diff(128) < 2 && y > 60;
    let pixels = (0..SIZE.1).flat_map(|y| (0..SIZE.0).map(move |x| (x, y)));
    let rgb: Vec<u8> = pixels
        .clone()
        .flat_map(|(x, y)| {
            let grain = u8::try_from((x * 7 + y * 13) % 11).unwrap();
            [if line(x, y) { 40 } else { 120 + grain }; 3]
        })
        .collect();
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, 90).encode(&rgb, 256, 160, ColorType::Rgb).unwrap();
    fs::write(folder.join(format!("{stem}.jpg")), jpeg).unwrap();
    let classes: Vec<u8> = pixels.map(|(x, y)| if line(x, y) { 2 } else { 1 }).collect();
    mask(folder, stem, SIZE, &classes);
}

fn mask(folder: &Path, stem: &str, size: (u32, u32), classes: &[u8]) {
    let file = File::create(folder.join(format!("{stem}.png"))).unwrap();
    let mut encoder = png::Encoder::new(file, size.0, size.1);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(classes).unwrap();
}

/// Two sound frames, and one of each fault.
fn labelled() -> Patrol {
    let patrol = Patrol::new();
    let folder = patrol.at("labelled");
    fs::create_dir(&folder).unwrap();
    for stem in ["1_RS_001_S_00000", "2_RS_001_S_00105", "3_RS_001_S_00110", "4_RS_001_S_00115"] {
        draw(&folder, stem);
    }
    draw(&folder, "5_RS_001_S_00120");
    draw(&folder, "6_RS_001_S_00125");
    mask(&folder, "3_RS_001_S_00110", (8, 8), &[1; 64]);
    let path = folder.join("4_RS_001_S_00115.jpg");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..200]).unwrap();
    fs::remove_file(folder.join("5_RS_001_S_00120.png")).unwrap();
    mask(&folder, "6_RS_001_S_00125", SIZE, &vec![7; 256 * 160]);
    patrol
}

#[test]
fn bad_pairs_are_told_and_the_others_measured() {
    let patrol = labelled();
    let done = patrol.voirie("evaluate labelled --json --quiet --lang en --output out");
    assert_eq!(done.code, Some(1), "{}", done.err);
    let figures: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(figures["frames"], 2);
    assert_eq!(figures["per_100m"]["n"], 2);
    for class in ["lane", "crack", "pothole"] {
        assert!(figures[class].get("f1").is_some(), "{class}: {figures}");
    }
    for (name, why) in [
        ("3_RS_001_S_00110.png", "8 x 8 pixels, its picture has 256 x 160"),
        ("4_RS_001_S_00115.jpg", ""),
        ("5_RS_001_S_00120.jpg", "no mask of the same name"),
        ("6_RS_001_S_00125.png", "class 7 at column 0, row 0, expected 0, 1, 2 or 3"),
    ] {
        let told =
            done.err.lines().find(|it| it.contains(name)).unwrap_or_else(|| panic!("{name}"));
        assert!(told.contains(why), "{told}");
    }
    assert_eq!(patrol.rows("out/evaluation.csv").len(), 2);
    let page = patrol.text("out/evaluation.html");
    assert!(page.contains("Quality of the pavement model") && !page.contains("http://"));
    assert!(!page.contains("https://"));
}

#[test]
fn an_archive_gives_what_its_folder_gives_whatever_the_threads() {
    let patrol = labelled();
    let mut archive = tar::Builder::new(File::create(patrol.at("labelled.tar")).unwrap());
    archive.append_dir_all("frames", patrol.at("labelled")).unwrap();
    archive.finish().unwrap();
    let from = |what: &str, threads: u8| {
        let out = format!("out{threads}");
        patrol
            .voirie(&format!("evaluate {what} --json --quiet --output {out} --threads {threads}"));
        let table = patrol.bytes(&format!("{out}/evaluation.csv"));
        let line = format!("evaluate {what} --json --quiet --output {out} --threads {threads}");
        (patrol.voirie(&line).out, table)
    };
    assert_eq!(from("labelled", 1), from("labelled.tar", 2));
}

#[test]
fn sections_are_chosen_by_name_and_nothing_to_measure_is_an_error() {
    let patrol = labelled();
    let none = patrol.voirie("evaluate labelled --sections T --quiet --lang en");
    assert_eq!(none.code, Some(2), "{}", none.err);
    assert!(none.err.contains("no frame of these sections"), "{}", none.err);
    let empty = patrol.at("empty");
    fs::create_dir(&empty).unwrap();
    let none = patrol.voirie("evaluate empty --quiet --lang en");
    assert_eq!(none.code, Some(4), "{}", none.err);
    assert!(none.err.contains("0 pictures and 0 masks"), "{}", none.err);
    assert_eq!(patrol.voirie("evaluate missing.tar --quiet").code, Some(3));
}
