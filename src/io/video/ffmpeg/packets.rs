//! Feeds `ffmpeg` the samples of the plan and nothing else.
//!
//! Each sample carries its place in presentation order as its time: twice the place, plus one
//! when its picture is not wanted, so that a filter can drop it without being told a list. Frames
//! come out in that order, so a place passed over is a picture lost.

use super::super::feed::{Feed, Step, Verdict};
use super::super::mp4::{Codec, Index};
use super::super::picture::Picture;
use super::super::plan::Run;
use super::super::source::Give;
use super::formats::read_frame;
use super::matroska;
use super::messages::{Message, parse};
use super::process::{Process, Tool};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ChildStdin;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, spawn};

/// A clip whose samples are fed to `ffmpeg`.
pub(in crate::io::video) struct Packets<'a> {
    pub(in crate::io::video) path: &'a Path,
    pub(in crate::io::video) index: &'a Arc<Index>,
    pub(in crate::io::video) tool: &'a Tool,
}

/// What the writing thread found out.
#[derive(Default)]
struct Report {
    /// Samples that could not be fed, and why.
    lost: BTreeMap<usize, String>,
    /// The run before which feeding stopped, because it needs a decoder that starts afresh.
    stopped_before: Option<usize>,
}

/// How a pass ended.
enum Ended {
    /// Everything was handed over, or no more is wanted.
    Done,
    /// A new process has to go on with these runs.
    Afresh(Vec<Run>),
    /// Damage: the first of these runs has to be decoded alone.
    Damaged(Vec<Run>),
}

/// An end of sequence of HEVC: the next picture starts a new one.
///
/// Source: ITU-T H.265 (08/2021), table 7-1, type 36.
const HEVC_END_OF_SEQUENCE: [u8; 2] = [0x48, 0x01];

impl Packets<'_> {
    /// Hands over the pictures of the runs, in order.
    ///
    /// A pass decodes many runs in one process. When damage shows, which picture is hit cannot be
    /// told there; the run is decoded again alone, where what came before the message is sound.
    ///
    /// # Errors
    ///
    /// When the file or the program cannot be opened.
    pub(in crate::io::video) fn pictures(
        &self,
        runs: &[Run],
        give: &mut Give<'_>,
    ) -> Result<(), String> {
        let mut left = runs.to_vec();
        while !left.is_empty() {
            left = match self.pass(left, false, give)? {
                Ended::Done => return Ok(()),
                Ended::Afresh(runs) => runs,
                Ended::Damaged(mut runs) => {
                    let rest = runs.split_off(1);
                    match self.pass(runs, true, give)? {
                        Ended::Done if rest.is_empty() => return Ok(()),
                        Ended::Done => rest,
                        Ended::Afresh(_) | Ended::Damaged(_) => {
                            return Err("ffmpeg left a run unfinished".to_owned());
                        }
                    }
                }
            };
        }
        Ok(())
    }

    fn start(&self, alone: bool) -> Result<Process, String> {
        let args = [
            "-hide_banner -nostats -loglevel level+info -protocol_whitelist pipe -copyts",
            "-probesize 5000000 -analyzeduration 0 -strict 1 -threads",
            // One thread puts messages in a fixed order.
            if alone { "1" } else { "2" },
            "-f matroska -i pipe:0 -map 0:v:0",
            "-vf showinfo=checksum=0,select=not(mod(round(t*1000)\\,2))",
        ];
        let words = args.iter().flat_map(|it| it.split_whitespace());
        let output = ["-f", "rawvideo", "pipe:1"];
        let args: Vec<OsString> =
            words.chain(self.tool.keep_times()).chain(output).map(OsString::from).collect();
        Process::start(&self.tool.programs.ffmpeg, &args, true)
            .map_err(|it| format!("ffmpeg cannot be started: {it}"))
    }

    fn pass(&self, runs: Vec<Run>, alone: bool, give: &mut Give<'_>) -> Result<Ended, String> {
        let feed = Feed::open(self.path, Arc::clone(self.index))
            .map_err(|it| format!("the file cannot be opened again: {it}"))?;
        let mut process = self.start(alone)?;
        let stdin = process.stdin.take().ok_or("ffmpeg takes no input")?;
        let report = Arc::new(Mutex::new(Report::default()));
        let places = Places::of(self.index);
        let mut writer =
            Writer { stdin: BufWriter::new(stdin), index: Arc::clone(self.index), places };
        let (shared, planned) = (Arc::clone(&report), runs.clone());
        let writing: JoinHandle<()> = spawn(move || {
            writer.write_all(feed, &planned, &shared);
        });
        let mut pass =
            Pass { left: Left::new(runs), report, alone, suspect: None, index: self.index };
        let mut ended = None;
        while ended.is_none()
            && let Some(line) = process.line()
        {
            ended = pass.take(&line, &mut process, give);
        }
        let at_once = ended.is_some();
        let silent = process.end();
        // The pipe is closed, so the writer ends at its next write.
        let _ = writing.join();
        Ok(match ended {
            Some(ended) => ended,
            None => pass.finish(silent && !at_once, give),
        })
    }
}

/// Place of each sample in presentation order.
struct Places(Vec<u32>);

impl Places {
    fn of(index: &Index) -> Self {
        let mut places = vec![0; index.samples.len()];
        for (place, sample) in (0_u32..).zip(&index.order) {
            places[*sample as usize] = place;
        }
        Self(places)
    }
}

/// Writes samples to the process until it has enough.
struct Writer {
    stdin: BufWriter<ChildStdin>,
    index: Arc<Index>,
    places: Places,
}

impl Writer {
    fn write_all(&mut self, mut feed: Feed, runs: &[Run], report: &Mutex<Report>) {
        let Some(opening) = matroska::opening(&self.index.entry) else { return };
        if self.stdin.write_all(&opening).is_err() {
            return;
        }
        for (number, run) in runs.iter().enumerate() {
            let more = feed.run(run, &mut |step| {
                let told = |f: &mut dyn FnMut(&mut Report)| {
                    f(&mut report.lock().unwrap_or_else(PoisonError::into_inner));
                };
                match step {
                    Step::Lost { sample, why } => {
                        told(&mut |it| {
                            it.lost.insert(sample, why.clone());
                        });
                        Verdict::Sound
                    }
                    Step::Picture { sample, clean_start, .. }
                        if self.needs_fresh(number, sample == run.first, clean_start) =>
                    {
                        told(&mut |it| it.stopped_before = Some(number));
                        Verdict::Enough
                    }
                    Step::Picture { sample, data, wanted, .. } => {
                        let ends = sample == run.last;
                        match self.write(sample, data, wanted, ends) {
                            Ok(()) => Verdict::Sound,
                            Err(_) => Verdict::Enough,
                        }
                    }
                }
            });
            if !more {
                break;
            }
        }
        let _ = self.stdin.flush();
    }

    /// H.264 has no way to say that a stream starts anew but an IDR picture.
    fn needs_fresh(&self, run: usize, opens: bool, clean_start: bool) -> bool {
        run > 0 && opens && !clean_start && matches!(self.index.entry.codec, Codec::H264(_))
    }

    fn write(
        &mut self,
        sample: usize,
        data: &[u8],
        wanted: bool,
        ends: bool,
    ) -> std::io::Result<()> {
        let tail = match &self.index.entry.codec {
            Codec::Hevc(config) if ends => {
                let length = HEVC_END_OF_SEQUENCE.len().to_be_bytes();
                let length = &length[length.len() - config.length_size..];
                [length, &HEVC_END_OF_SEQUENCE].concat()
            }
            _ => Vec::new(),
        };
        let at = u64::from(self.places.0[sample]) * 2 + u64::from(!wanted);
        let key = self.index.samples[sample].sync;
        self.stdin.write_all(&matroska::before_sample(at, key, data.len() + tail.len()))?;
        self.stdin.write_all(data)?;
        self.stdin.write_all(&tail)
    }
}

/// Targets not handed over yet, in order.
struct Left {
    runs: Vec<Run>,
    run: usize,
    target: usize,
}

impl Left {
    fn new(runs: Vec<Run>) -> Self {
        Self { runs, run: 0, target: 0 }
    }

    fn next(&mut self) -> Option<(usize, super::super::plan::Target)> {
        while let Some(run) = self.runs.get(self.run) {
            if let Some(target) = run.targets.get(self.target) {
                return Some((self.run, *target));
            }
            self.run += 1;
            self.target = 0;
        }
        None
    }

    /// The runs still to do, from the next target on.
    fn rest(&self) -> Vec<Run> {
        let mut rest = self.runs[self.run..].to_vec();
        if let Some(first) = rest.first_mut() {
            first.targets.drain(..self.target);
        }
        rest
    }
}

/// One process at work.
struct Pass<'a> {
    left: Left,
    report: Arc<Mutex<Report>>,
    alone: bool,
    /// Why nothing that comes is trusted, when decoding alone.
    suspect: Option<String>,
    index: &'a Index,
}

impl Pass<'_> {
    /// Takes a line of the process; gives an end when there is one.
    fn take(&mut self, line: &str, process: &mut Process, give: &mut Give<'_>) -> Option<Ended> {
        match parse(line)? {
            Message::Damage(why) if self.alone => {
                self.suspect.get_or_insert(why);
                None
            }
            Message::Damage(_) => {
                self.left.next()?;
                Some(Ended::Damaged(self.left.rest()))
            }
            // An odd time: a picture decoded for others.
            Message::Shown { at, .. } if at % 2 != 0 => None,
            Message::Shown { at, format, width, height } => {
                let picture = read_frame(process, &format, width, height).map(Picture::Planes);
                let place = usize::try_from(at / 2).ok()?;
                self.arrived(place, picture, give)
            }
        }
    }

    /// A wanted picture arrived: those before it that did not are lost.
    fn arrived(
        &mut self,
        place: usize,
        picture: Result<Picture, String>,
        give: &mut Give<'_>,
    ) -> Option<Ended> {
        let mut picture = Some(picture);
        let rank = place.checked_sub(self.index.hidden)? as u64;
        loop {
            let (_, target) = self.left.next()?;
            if target.rank > rank {
                return None;
            }
            let here = target.rank == rank;
            let lost = self.lost(target.sample);
            if !here && lost.is_none() && !self.alone {
                return Some(Ended::Damaged(self.left.rest()));
            }
            let result = match (here, &self.suspect) {
                (true, None) => picture.take().unwrap_or_else(|| Err(nothing_came())),
                (_, Some(why)) => Err(format!("its group is damaged: {why}")),
                (false, None) => Err(lost.unwrap_or_else(nothing_came)),
            };
            self.left.target += 1;
            if !give(target.rank, result) {
                return Some(Ended::Done);
            }
            if here {
                return self.left.next().is_none().then_some(Ended::Done);
            }
        }
    }

    fn lost(&self, sample: usize) -> Option<String> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner).lost.get(&sample).cloned()
    }

    /// The process has ended: what is left is lost, or goes to another one.
    fn finish(mut self, silent: bool, give: &mut Give<'_>) -> Ended {
        let stopped = self.report.lock().unwrap_or_else(PoisonError::into_inner).stopped_before;
        while let Some((run, target)) = self.left.next() {
            if stopped.is_some_and(|it| run >= it) {
                return Ended::Afresh(self.left.rest());
            }
            let lost = self.lost(target.sample);
            if lost.is_none() && !self.alone {
                return Ended::Damaged(self.left.rest());
            }
            let why = match (&lost, &self.suspect) {
                (Some(why), _) => why.clone(),
                (None, Some(why)) => format!("its group is damaged: {why}"),
                (None, None) if silent => "ffmpeg did not answer for a minute".to_owned(),
                (None, None) => nothing_came(),
            };
            self.left.target += 1;
            if !give(target.rank, Err(why)) {
                return Ended::Done;
            }
        }
        Ended::Done
    }
}

fn nothing_came() -> String {
    "the decoder gave no picture for it".to_owned()
}
