//! What `ffmpeg` says on standard error: frames that follow, and errors.

/// A line that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// A decoded frame passed the `showinfo` filter.
    Shown { at: i64, format: String, width: u32, height: u32 },
    /// A decoder found damage.
    Damage(String),
}

/// Contexts whose errors are not about the pictures: files and plumbing.
const NOT_DECODERS: [&str; 7] =
    ["[matroska", "[Parsed_", "[swscaler", "[out#", "[rawvideo", "[format", "[graph"];

/// Complaints of the H.264 decoder about bookkeeping of references that starting in the middle of
/// a stream brings with it, on sound streams too.
const HARMLESS: [&str; 4] =
    ["mmco", "co located POCs unavailable", "number of reference frames", "reference count"];

/// Reads a line; `None` when it does not matter.
pub(super) fn parse(line: &str) -> Option<Message> {
    if line.contains("[Parsed_showinfo") {
        return shown(line);
    }
    // "concealing" is said as a mere information, sometimes without any error before it.
    let telling = ["[error]", "[fatal]", "[panic]", "[info] concealing"];
    let is_error = telling.iter().any(|it| line.contains(it));
    let counts = !NOT_DECODERS.iter().any(|it| line.starts_with(it))
        && !HARMLESS.iter().any(|it| line.contains(it));
    if !is_error || !counts {
        return None;
    }
    let words = line.rsplit(']').next().unwrap_or(line).trim();
    Some(Message::Damage(words.chars().take(200).collect()))
}

fn shown(line: &str) -> Option<Message> {
    let at = field(line, " pts:")?.parse().ok()?;
    let format = field(line, " fmt:")?.to_owned();
    let (width, height) = field(line, " s:")?.split_once('x')?;
    Some(Message::Shown { at, format, width: width.parse().ok()?, height: height.parse().ok()? })
}

/// The word after a label; labels are padded with spaces.
fn field<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let (_, after) = line.split_once(label)?;
    after.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_matter_are_told_from_the_rest() {
        let shown = |at, format: &str| {
            Some(Message::Shown { at, format: format.to_owned(), width: 960, height: 540 })
        };
        let cases = [
            (
                "[Parsed_showinfo_0 @ 0x55] [info] n:   0 pts:     40 pts_time:0.04    pos:      583 fmt:yuv420p sar:1/1 s:960x540 i:P iskey:1 type:I",
                shown(40, "yuv420p"),
            ),
            (
                "[Parsed_showinfo_0 @ 0x55] [info] n: 110 pts:1234567890 pts_time:1.2 duration:1 fmt:yuvj422p cl:left sar:0/1 s:960x540 i:P",
                shown(1_234_567_890, "yuvj422p"),
            ),
            ("[Parsed_showinfo_0 @ 0x55] [info] color_range:tv color_space:bt709", None),
            (
                "[Parsed_showinfo_0 @ 0x55] [info] config in time_base: 1/1000, frame_rate: 25/1",
                None,
            ),
            (
                "[h264 @ 0x55] [error] error while decoding MB 37 22, bytestream -5",
                Some(Message::Damage("error while decoding MB 37 22, bytestream -5".to_owned())),
            ),
            (
                "[h264 @ 0x55] [info] concealing 151 DC, 151 AC, 151 MV errors in P frame",
                Some(Message::Damage(
                    "concealing 151 DC, 151 AC, 151 MV errors in P frame".to_owned(),
                )),
            ),
            ("[h264 @ 0x55] [error] mmco: unref short failure", None),
            ("[matroska,webm @ 0x55] [error] Read error at pos. 12", None),
            ("[info] Press [q] to stop", None),
        ];
        for (line, want) in cases {
            assert_eq!(parse(line), want, "{line}");
        }
    }
}
