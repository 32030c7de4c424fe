//! Real frames end to end: a survey section muxed into a video, driven along a real road, measured
//! through the whole program, and compared with the masks. The pavement model never saw it.

#![expect(
    clippy::unwrap_used,
    clippy::format_push_string,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::print_stdout,
    reason = "a test may fail, and tells what it measured"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use voirie::domain::{Plane, Projector};
use voirie::domain::{PlanePoint, Wgs84};

/// Section whose chainage is in metres; held out of training.
const SECTION: &str = "386RS124739";

/// Cells of 16 px: a cell is lane at 50 %, crack at 1.5 % masked.
///
/// Source: the feasibility run's measure, so that figures can be compared.
const CELL: usize = 16;

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    folder.is_dir().then_some(folder)
}

fn tool(name: &str) -> bool {
    Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn run(command: &mut Command) {
    let done = command.output().expect("the tool starts");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Frames of the section, by chainage.
fn frames(data: &Path, folder: &Path) -> Vec<(u32, PathBuf)> {
    run(Command::new("tar")
        .args(["xf"])
        .arg(data.join("cap-train.tar"))
        .args(["--wildcards", &format!("*{SECTION}*")])
        .current_dir(folder));
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "jpg") {
                found.push((name.rsplit('_').next().unwrap().parse().unwrap(), path));
            }
        }
    }
    found.sort();
    found
}

/// Share of the lane's cells that are cracked, from a mask of class indices.
fn true_share(mask: &Path) -> f64 {
    let decoder = png::Decoder::new(std::io::BufReader::new(File::open(mask).unwrap()));
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let bits = info.bit_depth as usize;
    let class = |x: usize, y: usize| {
        let (per_byte, row) = (8 / bits, y * info.line_size);
        let shift = 8 - bits * (x % per_byte + 1);
        bytes[row + x / per_byte] >> shift & ((1u16 << bits) - 1) as u8
    };
    let (mut lane_cells, mut crack_cells) = (0u32, 0u32);
    for top in (0..height - height % CELL).step_by(CELL) {
        for left in (0..width).step_by(CELL) {
            let (mut lane, mut crack) = (0, 0);
            for y in top..top + CELL {
                for x in left..left + CELL {
                    lane += u32::from(class(x, y) > 0);
                    crack += u32::from(class(x, y) == 2);
                }
            }
            if lane > 128 {
                lane_cells += 1;
                crack_cells += u32::from(f64::from(crack) > 0.015 * 256.0);
            }
        }
    }
    f64::from(crack_cells) / f64::from(lane_cells.max(1))
}

/// The longest chain of ways of one road of the extract, in degrees.
fn longest_road(network: &serde_json::Value) -> Vec<(f64, f64)> {
    let mut ways: Vec<Vec<(f64, f64)>> = network["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let points = it["geometry"]["coordinates"].as_array().unwrap();
            points.iter().map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap())).collect()
        })
        .collect();
    let projector = Projector::new(Plane::LAMBERT_93);
    let metres = |line: &[(f64, f64)]| -> f64 {
        let points: Vec<PlanePoint> = line
            .iter()
            .filter_map(|(x, y)| projector.project(Wgs84::new(*x, *y).unwrap()))
            .collect();
        points.windows(2).map(|it| it[0].distance(it[1]).get()).sum()
    };
    ways.sort_by(|a, b| metres(b).total_cmp(&metres(a)));
    let mut chain = ways.remove(0);
    while let Some(next) = ways.iter().position(|it| it.first() == chain.last()) {
        chain.extend_from_slice(&ways.remove(next)[1..]);
    }
    while let Some(before) = ways.iter().position(|it| it.last() == chain.first()) {
        let mut longer = ways.remove(before);
        longer.extend_from_slice(&chain[1..]);
        chain = longer;
    }
    chain
}

/// Points every few metres along a chain, in degrees: metres along to position.
fn along(chain: &[(f64, f64)]) -> impl Fn(f64) -> Wgs84 {
    let projector = Projector::new(Plane::LAMBERT_93);
    let points: Vec<PlanePoint> = chain
        .iter()
        .map(|(x, y)| projector.project(Wgs84::new(*x, *y).unwrap()).unwrap())
        .collect();
    move |metres| {
        let mut left = metres;
        for pair in points.windows(2) {
            let length = pair[0].distance(pair[1]).get();
            if left <= length {
                let part = left / length;
                let x = pair[0].x + part * (pair[1].x - pair[0].x);
                let y = pair[0].y + part * (pair[1].y - pair[0].y);
                return projector.unproject(PlanePoint { x, y });
            }
            left -= length;
        }
        panic!("the road is shorter than {metres} m");
    }
}

fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let covariance: f64 = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum();
    let spread = |it: &[f64], mean: f64| it.iter().map(|x| (x - mean).powi(2)).sum::<f64>().sqrt();
    covariance / (spread(a, ma) * spread(b, mb))
}

/// Seconds of travel for a metre of chainage.
const PACE: f64 = 0.08;

/// A video whose frames are shown when the vehicle reaches their chainage.
fn mux(folder: &Path, frames: &[(u32, PathBuf)]) {
    let at = |name: &str| folder.join(name);
    let mut list = String::new();
    for (rank, (chainage, path)) in frames.iter().enumerate() {
        let next = frames.get(rank + 1).map_or(chainage + 5, |it| it.0);
        let seconds = f64::from(next - chainage) * PACE;
        list += &format!("file '{}'\nduration {seconds:.3}\n", path.display());
    }
    fs::write(at("list.txt"), list).unwrap();
    run(Command::new("ffmpeg")
        .args(["-v", "error", "-f", "concat", "-safe", "0", "-i", "list.txt"])
        .args(["-vf", "scale=1024:640", "-fps_mode", "vfr", "-video_track_timescale", "1000"])
        .args(["-c:v", "libx264", "-crf", "16", "-preset", "veryfast", "-pix_fmt", "yuv420p"])
        .args(["-metadata", "creation_time=2024-05-14T08:00:00Z", "clip.mp4"])
        .current_dir(folder));
}

/// The network file, from the extract; gives the road's points.
fn lay_network(folder: &Path, data: &Path) -> Vec<(f64, f64)> {
    let at = |name: &str| folder.join(name);
    run(Command::new("ogr2ogr")
        .args(["-f", "GeoJSON", "osm.json"])
        .arg(data.join("field/andorra.osm.pbf"))
        .args(["lines", "-where", "other_tags LIKE '%\"ref\"=>\"CG-2\"%'"])
        .current_dir(folder));
    let osm: serde_json::Value =
        serde_json::from_reader(File::open(at("osm.json")).unwrap()).unwrap();
    let chain = longest_road(&osm);
    let network = serde_json::json!({
        "type": "FeatureCollection",
        "features": [{
            "type": "Feature",
            "properties": {"route": "CG-2", "cote": "U", "categorie": 1, "secteur": "ANDORRA",
                           "largeur_m": 7.0, "voies": 2},
            "geometry": {"type": "LineString",
                         "coordinates": chain.iter().map(|it| [it.0, it.1]).collect::<Vec<_>>()},
        }],
    });
    fs::write(at("network.geojson"), network.to_string()).unwrap();
    fs::write(at("pr.csv"), "route,cote,pr,cumul_m\nCG-2,U,1,0\nCG-2,U,2,990\n").unwrap();
    chain
}

/// The track of the drive, one fix a second.
fn drive(folder: &Path, chain: &[(f64, f64)], length: f64) {
    // The road's first metres are left before the drive, so that its start has a bearing.
    let place = along(chain);
    let mut gpx = String::from("<gpx version=\"1.1\" creator=\"test\"><trk><trkseg>");
    let ticks = (length * PACE).ceil() as u32 + 1;
    for tick in 0..=ticks {
        let metres = f64::from(tick) / PACE + 20.0;
        let it = place(metres);
        gpx += &format!(
            "<trkpt lat=\"{:.8}\" lon=\"{:.8}\"><time>2024-05-14T08:{:02}:{:02}Z</time></trkpt>",
            it.latitude(),
            it.longitude(),
            tick / 60,
            tick % 60
        );
    }
    gpx += "</trkseg></trk></gpx>";
    fs::write(folder.join("track.gpx"), gpx).unwrap();
}

/// Runs the survey; gives the seconds it took, its peak memory in MiB, and what it said.
fn watch(folder: &Path) -> (f64, u64, String) {
    let at = |name: &str| folder.join(name);
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_voirie"))
        .args(["run", "--quiet", "survey.toml", "--output", "out"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(File::create(at("stderr.txt")).unwrap())
        .spawn()
        .unwrap();
    let mut peak_kib = 0u64;
    let status = loop {
        let page = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = page.lines().find_map(|it| it.strip_prefix("VmHWM:"));
        let kib = line.and_then(|it| it.split_whitespace().next()?.parse().ok());
        peak_kib = peak_kib.max(kib.unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    let seconds = began.elapsed().as_secs_f64();
    let said = fs::read_to_string(at("stderr.txt")).unwrap();
    assert!(status.code().is_some_and(|it| it <= 1), "{status}: {said}");
    (seconds, peak_kib / 1024, said)
}

#[test]
fn cracked_share_of_a_real_section_follows_its_masks() {
    let Some(data) = shared() else {
        println!("skipped: ../shared/data is absent");
        return;
    };
    if !tool("ffmpeg") || !tool("ogr2ogr") {
        println!("skipped: ffmpeg or ogr2ogr is absent");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let frames = frames(&data, folder.path());
    assert!(frames.len() > 100, "{} frames", frames.len());
    let origin = f64::from(frames[0].0);

    mux(folder.path(), &frames);
    let chain = lay_network(folder.path(), &data);
    drive(folder.path(), &chain, f64::from(frames[frames.len() - 1].0) - origin);
    // The camera is unknown but for its height: the pitch is estimated from the lane.
    fs::write(
        at("survey.toml"),
        "network = \"network.geojson\"\nprs = \"pr.csv\"\n[camera]\nheight_m = 2.0\n\
         [frames]\nevery_m = 2.5\n[privacy]\nface_scale = 0.6\nplate_scale = 0.9\n\
         [[clip]]\nvideo = \"clip.mp4\"\ntrack = \"track.gpx\"\n",
    )
    .unwrap();

    let (seconds, peak_mib, said) = watch(folder.path());

    let mut rows = csv::Reader::from_path(at("out/frames.csv")).unwrap();
    let header = rows.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|it| it == name).expect(name);
    let (number, share, road) = (column("numero"), column("part_fissuree"), column("route"));
    let mut groups: BTreeMap<u32, (f64, f64, u32)> = BTreeMap::new();
    let (mut taken, mut placed) = (0u32, 0u32);
    for row in rows.records() {
        let row = row.unwrap();
        let rank: usize = row[number].parse().unwrap();
        let (chainage, path) = &frames[rank];
        taken += 1;
        placed += u32::from(&row[road] == "CG-2");
        let Ok(found) = row[share].parse::<f64>() else { continue };
        let group = groups.entry(chainage / 100).or_default();
        group.0 += found;
        group.1 += true_share(&path.with_extension("png"));
        group.2 += 1;
    }
    let found: Vec<f64> = groups.values().map(|it| it.0 / f64::from(it.2)).collect();
    let drawn: Vec<f64> = groups.values().map(|it| it.1 / f64::from(it.2)).collect();
    let r = pearson(&found, &drawn);
    println!(
        "{taken} of {} frames, {placed} placed; {} groups of 100 m: Pearson {r:.3}; \
         {:.2} frames/s; peak memory {} MiB\n{said}",
        frames.len(),
        groups.len(),
        f64::from(taken) / seconds,
        peak_mib
    );
    assert!(taken as usize >= frames.len() * 95 / 100, "{taken} frames taken");
    assert!(placed >= taken * 95 / 100, "{placed} of {taken} frames placed");
    assert!(r >= 0.8, "Pearson {r:.3}: found {found:?}, masks {drawn:?}");
}
