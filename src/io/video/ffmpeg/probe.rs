//! What `ffprobe` says of a file: its stream and the time of every packet.

use super::super::colour::{Colour, Matrix};
use super::super::turn::Turn;
use super::formats::layout;
use super::process::{Process, Tool};
use crate::domain::Seconds;
use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, Read};
use std::path::Path;

/// Containers that may be opened: none of them can name another file.
pub(super) const CONTAINERS: &str = "avi,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mpeg,mpegts,\
mpegvideo,flv,asf,ogg,h264,hevc,mjpeg,m4v,obu,ivf,dv,mxf,nut,rawvideo,yuv4mpegpipe,gif,live_flv,\
kux,vob,wtv,rm,swf,nsv,webm_dash_manifest";

/// Most packets taken from one stream.
///
/// Chosen: as for the sample tables, 46 hours at 60 frames a second.
const MAX_PACKETS: usize = 10_000_000;

/// Longest answer read about the stream.
const MAX_ANSWER_BYTES: u64 = 1 << 20;

/// A frame by its packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::io::video) struct Packet {
    /// Presentation time, in ticks.
    pub(in crate::io::video) at: i64,
    pub(in crate::io::video) key: bool,
}

/// What a file holds.
#[derive(Clone, Debug)]
pub(in crate::io::video) struct Probe {
    pub(in crate::io::video) container: String,
    pub(in crate::io::video) codec: String,
    pub(in crate::io::video) width: u32,
    pub(in crate::io::video) height: u32,
    pub(in crate::io::video) colour: Colour,
    pub(in crate::io::video) turn: Turn,
    pub(in crate::io::video) created: Option<Seconds>,
    /// Seconds of a tick: numerator, denominator.
    pub(in crate::io::video) tick: (u32, u32),
    /// Start of the file's own clock, in seconds.
    pub(in crate::io::video) start: f64,
    /// In presentation order.
    pub(in crate::io::video) packets: Vec<Packet>,
}

/// `file:` before the path, so that no path passes for an option or a protocol.
pub(super) fn file_url(path: &Path) -> OsString {
    let mut url = OsString::from("file:");
    url.push(path);
    url
}

fn ask(tool: &Tool, path: &Path, what: &[&str]) -> Result<Process, String> {
    let common = ["-v", "error", "-protocol_whitelist", "file", "-format_whitelist", CONTAINERS];
    let mut args: Vec<OsString> =
        common.iter().chain(&["-select_streams", "V:0"]).chain(what).map(OsString::from).collect();
    args.extend([OsStr::new("-i").to_owned(), file_url(path)]);
    Process::start(&tool.programs.ffprobe, &args, false)
        .map_err(|it| format!("ffprobe cannot be started: {it}"))
}

/// Probes a file.
///
/// # Errors
///
/// What the prober says of it, when it finds no video in it.
pub(in crate::io::video) fn probe(tool: &Tool, path: &Path) -> Result<Probe, String> {
    const ENTRIES: &str = "stream=codec_name,width,height,pix_fmt,color_range,color_space,\
time_base:stream_side_data=rotation:stream_tags=rotate,creation_time:\
format=format_name,start_time:format_tags=creation_time";
    let mut process = ask(tool, path, &["-of", "json", "-show_entries", ENTRIES])?;
    let mut text = Vec::new();
    let read = (&mut process.stdout).take(MAX_ANSWER_BYTES).read_to_end(&mut text);
    let said = process.line();
    process.end();
    read.map_err(|it| format!("ffprobe cannot be read: {it}"))?;
    let answer: Value = serde_json::from_slice(&text).unwrap_or_default();
    let mut probe = described(&answer).ok_or_else(|| said.unwrap_or_else(no_video))?;
    probe.packets = packets(tool, path)?;
    Ok(probe)
}

fn no_video() -> String {
    "no video stream in it".to_owned()
}

fn described(answer: &Value) -> Option<Probe> {
    let stream = answer.get("streams")?.get(0)?;
    let format = answer.get("format")?;
    let text = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).map(str::to_owned);
    let side = |key: &str| {
        let said = stream.get("side_data_list")?.get(0)?.get(key)?;
        said.as_i64().or_else(|| said.as_str()?.parse().ok())
    };
    let tag = |of: &Value, key: &str| {
        of.get("tags").and_then(|it| it.get(key)).and_then(Value::as_str).map(str::to_owned)
    };
    let turn = match (side("rotation"), tag(stream, "rotate").and_then(|it| it.parse().ok())) {
        // The display matrix counts against the clock.
        (Some(degrees), _) => Turn::from_degrees(degrees.checked_neg()?),
        (None, Some(degrees)) => Turn::from_degrees(degrees),
        (None, None) => Turn::None,
    };
    let pixels = text(stream, "pix_fmt").unwrap_or_default();
    let by_name = layout(&pixels).filter(|it| it.full_range).map(|_| true);
    let full_range = by_name.or(match text(stream, "color_range").as_deref() {
        Some("pc") => Some(true),
        Some("tv") => Some(false),
        _ => None,
    });
    let matrix = text(stream, "color_space").as_deref().and_then(matrix);
    let (numerator, denominator) = text(stream, "time_base")?
        .split_once('/')
        .and_then(|it| Some((it.0.parse::<u32>().ok()?, it.1.parse::<u32>().ok()?)))?;
    let length = |key: &str| stream.get(key).and_then(Value::as_u64)?.try_into().ok();
    let created = tag(format, "creation_time").or_else(|| tag(stream, "creation_time"));
    Some(Probe {
        container: text(format, "format_name")?,
        codec: text(stream, "codec_name")?,
        width: length("width")?,
        height: length("height")?,
        colour: Colour { matrix, full_range },
        turn,
        created: created.and_then(|it| seconds(&it)),
        tick: (numerator > 0 && denominator > 0).then_some((numerator, denominator))?,
        start: text(format, "start_time").and_then(|it| it.parse().ok()).unwrap_or(0.0),
        packets: Vec::new(),
    })
}

/// Names of matrices in `ffprobe`.
///
/// # Source
///
/// `FFmpeg` 5.1, `libavutil/pixdesc.c`, `color_space_names`.
fn matrix(name: &str) -> Option<Matrix> {
    match name {
        "bt709" => Some(Matrix::Bt709),
        "fcc" => Some(Matrix::Fcc),
        "bt470bg" | "smpte170m" => Some(Matrix::Bt601),
        "smpte240m" => Some(Matrix::Smpte240),
        "bt2020nc" | "bt2020c" => Some(Matrix::Bt2020),
        _ => None,
    }
}

fn seconds(text: &str) -> Option<Seconds> {
    let stamp: jiff::Timestamp = text.parse().ok()?;
    // A date of 1904 or 1970 stands for none.
    let since = stamp.as_duration().as_secs_f64();
    (since > 86_400.0).then(|| Seconds::of(since))
}

fn packets(tool: &Tool, path: &Path) -> Result<Vec<Packet>, String> {
    let entries = ["-of", "csv=p=0", "-show_entries", "packet=pts,dts,flags"];
    let mut process = ask(tool, path, &entries)?;
    let mut packets = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        let n = (&mut process.stdout).take(256).read_until(b'\n', &mut line);
        if n.map_err(|it| format!("ffprobe cannot be read: {it}"))? == 0 {
            break;
        }
        packets.extend(std::str::from_utf8(&line).ok().and_then(packet));
        if packets.len() % 1024 == 0 {
            process.beat();
        }
        if packets.len() > MAX_PACKETS {
            process.end();
            return Err(format!("more than {MAX_PACKETS} pictures"));
        }
    }
    if process.end() {
        return Err("ffprobe did not answer for a minute".to_owned());
    }
    packets.sort_by_key(|it: &Packet| it.at);
    Ok(packets)
}

/// A row `pts,dts,flags`; packets that are not shown are left out.
fn packet(row: &str) -> Option<Packet> {
    let mut fields = row.trim().split(',');
    let (shown, decoded) = (fields.next()?, fields.next()?);
    let flags = fields.next()?;
    let at = shown.parse().or_else(|_| decoded.parse()).ok()?;
    (!flags.contains('D')).then(|| Packet { at, key: flags.contains('K') })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_give_times_and_keys() {
        let cases = [
            ("0,-1,K__\n", Some(Packet { at: 0, key: true })),
            ("40,N/A,___", Some(Packet { at: 40, key: false })),
            ("N/A,7,K_", Some(Packet { at: 7, key: true })),
            ("N/A,N/A,K_", None),
            ("5,5,_D", None),
            ("", None),
        ];
        for (row, want) in cases {
            assert_eq!(packet(row), want, "{row:?}");
        }
    }

    #[test]
    fn an_answer_is_read_whole_or_not_at_all() {
        let answer = serde_json::json!({
            "streams": [{
                "codec_name": "vp9", "width": 64, "height": 48, "pix_fmt": "yuv420p",
                "color_range": "pc", "color_space": "bt709", "time_base": "1/1000",
                "side_data_list": [{"rotation": -90}],
            }],
            "format": {
                "format_name": "matroska,webm", "start_time": "0.000000",
                "tags": {"creation_time": "2016-08-28T21:16:08.000000Z"},
            },
        });
        let got = described(&answer).unwrap();
        assert_eq!(got.colour, Colour { matrix: Some(Matrix::Bt709), full_range: Some(true) });
        assert_eq!((got.turn, got.tick), (Turn::Quarter, (1, 1000)));
        assert_eq!(got.created, Some(Seconds::of(1_472_418_968.0)));
        assert!(described(&serde_json::json!({"streams": [], "format": {}})).is_none());
    }
}
