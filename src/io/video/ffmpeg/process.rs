//! Starts, watches and ends a process.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

/// How long a process may say and write nothing.
///
/// Chosen: a keyframe of the slowest codec at 8K takes seconds; a dead disk or a loop, for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// Memory a process may map, in kibibytes.
///
/// Chosen: 8K HEVC with two threads maps 2 GB; twice that.
const MAX_MEMORY_KIB: &str = "4194304";

/// Longest line of standard error kept.
const MAX_LINE_BYTES: usize = 4096;

/// Lines waiting to be read before the process has to wait.
const MAX_LINES: usize = 4096;

/// Where `ffmpeg` and `ffprobe` are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    /// The decoder; a bare name is sought on the search path.
    pub ffmpeg: PathBuf,
    /// The prober.
    pub ffprobe: PathBuf,
}

impl Programs {
    /// Those of the search path.
    #[must_use]
    pub fn installed() -> Self {
        Self { ffmpeg: "ffmpeg".into(), ffprobe: "ffprobe".into() }
    }

    /// The programs with their version, when both answer.
    pub(in crate::io::video) fn find(&self) -> Option<Tool> {
        let version = version(&self.ffmpeg)?;
        version_of_any(&self.ffprobe)?;
        Some(Tool { programs: self.clone(), version })
    }
}

/// Programs that answered.
#[derive(Clone, Debug)]
pub(in crate::io::video) struct Tool {
    pub(super) programs: Programs,
    /// As the program writes it.
    pub(in crate::io::video) version: String,
}

impl Tool {
    /// The option that keeps every frame with its own time. It was renamed in version 5.1 and the
    /// old name is announced to go.
    pub(super) fn keep_times(&self) -> [&'static str; 2] {
        let digits: String =
            self.version.trim_start_matches('n').chars().take_while(char::is_ascii_digit).collect();
        match digits.parse::<u32>() {
            Ok(major) if major < 6 => ["-vsync", "0"],
            _ => ["-fps_mode", "passthrough"],
        }
    }
}

fn version_of_any(program: &Path) -> Option<String> {
    let output = Command::new(program)
        .arg("-version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.lines().next().unwrap_or_default().to_owned())
}

fn version(program: &Path) -> Option<String> {
    let line = version_of_any(program)?;
    Some(line.split_whitespace().nth(2).unwrap_or("of unknown version").to_owned())
}

/// A running process with its lines of standard error.
pub(super) struct Process {
    child: Arc<Mutex<Child>>,
    pub(super) stdin: Option<ChildStdin>,
    pub(super) stdout: BufReader<ChildStdout>,
    lines: Receiver<String>,
    beat: Sender<()>,
    watchdog: JoinHandle<bool>,
    errors: JoinHandle<()>,
}

impl Process {
    /// Starts a program with its memory bounded where the system can.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub(super) fn start(program: &Path, args: &[OsString], fed: bool) -> io::Result<Self> {
        let mut command = if cfg!(unix) {
            let mut command = Command::new("sh");
            command.args(["-c", "ulimit -v \"$0\" 2>/dev/null; exec \"$@\"", MAX_MEMORY_KIB]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        };
        let mut child = command
            .args(args)
            .stdin(if fed { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().expect("standard output was piped");
        let stderr = child.stderr.take().expect("standard error was piped");
        let child = Arc::new(Mutex::new(child));

        let (line_in, lines) = sync_channel(MAX_LINES);
        let errors = spawn(move || {
            let mut stderr = BufReader::new(stderr);
            while let Some(line) = capped_line(&mut stderr) {
                // Nobody listens any more: the pipe is drained all the same.
                let _ = line_in.send(line);
            }
        });

        let (beat, beats) = channel();
        let watched = Arc::clone(&child);
        let watchdog = spawn(move || {
            loop {
                match beats.recv_timeout(PATIENCE) {
                    Ok(()) => {}
                    Err(RecvTimeoutError::Disconnected) => return false,
                    Err(RecvTimeoutError::Timeout) => {
                        kill(&watched);
                        return true;
                    }
                }
            }
        });
        let stdout = BufReader::with_capacity(1 << 16, stdout);
        Ok(Self { child, stdin, stdout, lines, beat, watchdog, errors })
    }

    /// The next line of standard error; `None` once the process has closed it.
    pub(super) fn line(&self) -> Option<String> {
        let line = self.lines.recv().ok()?;
        let _ = self.beat.send(());
        Some(line)
    }

    /// Reads exactly so many bytes of standard output.
    ///
    /// # Errors
    ///
    /// When the process ends before.
    pub(super) fn read(&mut self, n_bytes: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; n_bytes];
        for part in bytes.chunks_mut(1 << 20) {
            self.stdout.read_exact(part)?;
            let _ = self.beat.send(());
        }
        Ok(bytes)
    }

    /// Says that the process is alive, when its output is read elsewhere.
    pub(super) fn beat(&self) {
        let _ = self.beat.send(());
    }

    /// Ends the process now and gives whether it had to be killed for its silence.
    pub(super) fn end(self) -> bool {
        let Self { child, stdin, stdout, lines, beat, watchdog, errors } = self;
        drop(stdin);
        drop(stdout);
        kill(&child);
        drop(lines);
        drop(beat);
        let silent = watchdog.join().unwrap_or(false);
        let _ = errors.join();
        let _ = child.lock().unwrap_or_else(PoisonError::into_inner).wait();
        silent
    }
}

fn kill(child: &Arc<Mutex<Child>>) {
    // It may have ended by itself, which is as good.
    let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
}

/// A line, cut to the length kept; `None` at the end.
fn capped_line(from: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    let mut any = false;
    loop {
        let chunk = match from.fill_buf() {
            Ok(chunk) if !chunk.is_empty() => chunk,
            _ => return any.then(|| String::from_utf8_lossy(&line).into_owned()),
        };
        any = true;
        let end = chunk.iter().position(|it| matches!(it, b'\n' | b'\r'));
        let text = &chunk[..end.unwrap_or(chunk.len())];
        let room = MAX_LINE_BYTES.saturating_sub(line.len()).min(text.len());
        line.extend_from_slice(&text[..room]);
        let used = end.map_or(chunk.len(), |it| it + 1);
        from.consume(used);
        if end.is_some() {
            return Some(String::from_utf8_lossy(&line).into_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_programs_are_not_found() {
        let nowhere =
            Programs { ffmpeg: "/nowhere/ffmpeg".into(), ffprobe: "/nowhere/ffprobe".into() };
        assert!(nowhere.find().is_none());
    }

    #[test]
    fn the_option_follows_the_version() {
        let cases = [
            ("5.1.9-0+deb12u1", "-vsync"),
            ("n4.4", "-vsync"),
            ("7.1", "-fps_mode"),
            ("N-1-g", "-fps_mode"),
        ];
        for (version, want) in cases {
            let tool = Tool { programs: Programs::installed(), version: version.to_owned() };
            assert_eq!(tool.keep_times()[0], want, "{version}");
        }
    }

    #[test]
    fn lines_are_cut_to_a_length() {
        let text = [vec![b'a'; 10_000], b"\nb\n".to_vec()].concat();
        let mut from = text.as_slice();
        assert_eq!(capped_line(&mut from).unwrap().len(), MAX_LINE_BYTES);
        assert_eq!(capped_line(&mut from).as_deref(), Some("b"));
        assert_eq!(capped_line(&mut from), None);
    }
}
