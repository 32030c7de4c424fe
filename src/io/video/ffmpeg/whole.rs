//! Any other clip: `ffmpeg` reads the file itself, and frames are told by their times.

use super::super::picture::Picture;
use super::super::source::{Give, Pictures};
use super::formats::read_frame;
use super::messages::{Message, parse};
use super::probe::{CONTAINERS, Probe, file_url};
use super::process::{Process, Tool};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;

/// Longest stretch decoded for nothing before a new process is started further on, in seconds.
///
/// Chosen: starting one costs some 0.1 s of processor time, decoding 5 s of 1080p costs 2.
const WORTH_A_JUMP: f64 = 5.0;

/// Most frames asked of one process: its filter names each of them.
///
/// Chosen: 20 characters each, far below what a command line may hold (128 kB on Linux).
const MAX_NAMED: usize = 500;

/// Most pictures that a decoder holds back.
///
/// Source: ITU-T H.264 (08/2021), A.3.1 (`MaxDpbFrames` of at most 16), and the current one.
const MAX_HELD: usize = 17;

/// A clip read by `ffmpeg` alone.
pub(in crate::io::video) struct Whole {
    pub(in crate::io::video) path: PathBuf,
    pub(in crate::io::video) probe: Probe,
    pub(in crate::io::video) tool: Tool,
}

impl Pictures for Whole {
    fn decoder(&self) -> String {
        format!("{} (ffmpeg {})", self.probe.codec, self.tool.version)
    }

    fn pictures(&mut self, wanted: &[u64], give: &mut Give<'_>) -> Result<(), String> {
        for chunk in self.chunks(wanted) {
            let from = self.start_of(chunk[0]);
            let mut missing = Vec::new();
            if !self.pass(&chunk, from, &mut missing, give)? {
                return Ok(());
            }
            if from.is_some() && !missing.is_empty() {
                // The jump may have landed too far: once more from the very start.
                let ranks = std::mem::take(&mut missing);
                if !self.pass(&ranks, None, &mut missing, give)? {
                    return Ok(());
                }
            }
            for rank in missing {
                let why = "the decoder gave no picture for it".to_owned();
                if !give(rank as u64, Err(why)) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

impl Whole {
    fn seconds(&self, at: i64) -> f64 {
        let (numerator, denominator) = self.probe.tick;
        #[expect(clippy::cast_precision_loss, reason = "ticks of a clip stay far below 2^53")]
        let ticks = at as f64;
        ticks * f64::from(numerator) / f64::from(denominator)
    }

    /// The last keyframe at or before a rank.
    fn key_before(&self, rank: usize) -> usize {
        let before = &self.probe.packets[..=rank.min(self.probe.packets.len() - 1)];
        before.iter().rposition(|it| it.key).unwrap_or(0)
    }

    /// Ranks that one process decodes together.
    fn chunks(&self, wanted: &[u64]) -> Vec<Vec<usize>> {
        let mut chunks: Vec<Vec<usize>> = Vec::new();
        for rank in wanted.iter().filter_map(|it| usize::try_from(*it).ok()) {
            let time = |rank: usize| self.seconds(self.probe.packets[rank].at);
            match chunks.last_mut() {
                Some(chunk)
                    if chunk.len() < MAX_NAMED
                        && chunk.last().is_some_and(|last| {
                            time(self.key_before(rank)) - time(*last) < WORTH_A_JUMP
                        }) =>
                {
                    chunk.push(rank);
                }
                _ => chunks.push(vec![rank]),
            }
        }
        chunks
    }

    /// Where to jump to for a rank: one keyframe more than needed, for open groups. `None` for
    /// the start of the file.
    fn start_of(&self, rank: usize) -> Option<usize> {
        let key = self.key_before(rank);
        let earlier = self.key_before(key.checked_sub(1)?);
        (earlier > 0).then_some(earlier)
    }

    fn start(&self, ranks: &[usize], from: Option<usize>) -> Result<Process, String> {
        let mut args: Vec<OsString> = Vec::new();
        let words = "-hide_banner -nostdin -nostats -loglevel level+info -protocol_whitelist file \
                     -noautorotate -threads 1 -copyts";
        args.extend(words.split_whitespace().map(OsString::from));
        args.extend(["-format_whitelist", CONTAINERS].map(OsString::from));
        if let Some(from) = from {
            let at = self.seconds(self.probe.packets[from].at) - self.probe.start;
            args.extend(["-noaccurate_seek", "-ss", &format!("{at:.6}")].map(OsString::from));
        }
        args.extend([OsString::from("-i"), file_url(&self.path)]);
        let (numerator, denominator) = self.probe.tick;
        let mut filter = format!("settb={numerator}/{denominator},showinfo=checksum=0,select=");
        for (number, rank) in ranks.iter().enumerate() {
            let plus = if number == 0 { "" } else { "+" };
            let at = self.probe.packets[*rank].at;
            write!(filter, "{plus}eq(pts\\,{at})").expect("a string takes everything");
        }
        let frames = ranks.len().to_string();
        args.extend(["-map", "0:V:0", "-vf", &filter].map(OsString::from));
        args.extend(self.tool.keep_times().map(OsString::from));
        args.extend(["-frames:v", &frames, "-f", "rawvideo", "pipe:1"].map(OsString::from));
        Process::start(&self.tool.programs.ffmpeg, &args, false)
            .map_err(|it| format!("ffmpeg cannot be started: {it}"))
    }

    /// Decodes ranks from a keyframe on; those from the first that does not come are put in
    /// `missing`. Returns whether more are wanted.
    fn pass(
        &self,
        ranks: &[usize],
        from: Option<usize>,
        missing: &mut Vec<usize>,
        give: &mut Give<'_>,
    ) -> Result<bool, String> {
        let mut process = self.start(ranks, from)?;
        let packets = &self.probe.packets;
        let by_time: BTreeMap<i64, usize> =
            ranks.iter().map(|rank| (packets[*rank].at, *rank)).collect();
        let mut ready: BTreeMap<usize, Result<Picture, String>> = BTreeMap::new();
        let mut expected = ranks.iter().copied().peekable();
        let mut shown = None;
        // Damage: frames before this rank are not trusted, and why.
        let mut suspect: Option<(usize, String)> = None;
        let mut more = true;
        while more
            && expected.peek().is_some()
            && let Some(line) = process.line()
        {
            match parse(&line) {
                // After a jump, the first pictures may refer to some that were passed over.
                Some(Message::Damage(_)) if from.is_some() && shown.is_none() => {}
                Some(Message::Damage(why)) => {
                    let hit = shown.unwrap_or(0) + MAX_HELD;
                    let next = packets.iter().skip(hit).position(|it| it.key);
                    let until = next.map_or(packets.len(), |it| hit + it);
                    suspect = Some((until, why));
                }
                Some(Message::Shown { at, format, width, height }) => {
                    shown = Some(packets.partition_point(|it| it.at < at));
                    let Some(&rank) = by_time.get(&at) else { continue };
                    let picture = read_frame(&mut process, &format, width, height);
                    let picture = match &suspect {
                        Some((until, why)) if rank < *until => {
                            Err(format!("its group is damaged: {why}"))
                        }
                        _ => picture.map(Picture::Planes),
                    };
                    ready.insert(rank, picture);
                    while let Some(picture) =
                        expected.peek().and_then(|rank| ready.remove(rank)).filter(|_| more)
                    {
                        let rank = expected.next().expect("it was just looked at");
                        more = give(rank as u64, picture);
                    }
                    if ready.len() > MAX_HELD {
                        break;
                    }
                }
                None => {}
            }
        }
        process.end();
        missing.extend(expected);
        Ok(more)
    }
}
