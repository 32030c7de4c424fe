//! Progress bars with the time left, on standard error.

use crate::pipeline::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Mutex;

/// One bar a clip.
pub struct Bars {
    quiet: bool,
    bar: Mutex<ProgressBar>,
}

impl Bars {
    /// Bars, or nothing when `quiet`.
    pub fn new(quiet: bool) -> Self {
        Self { quiet, bar: Mutex::new(ProgressBar::hidden()) }
    }

    /// Clears the last bar.
    pub fn finish(&self) {
        self.with(|bar| bar.finish_and_clear());
    }

    fn with(&self, act: impl FnOnce(&mut ProgressBar)) {
        // A worker that panicked while it held the bar leaves a bar as good as any.
        act(&mut self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for Bars {
    fn clip(&self, name: &str, n_frames: usize) {
        if self.quiet {
            return;
        }
        let style = "{msg:24!} {bar:32} {pos}/{len}  {elapsed_precise} / {eta_precise}";
        let style = ProgressStyle::with_template(style).expect("a constant template");
        self.with(|bar| {
            bar.finish_and_clear();
            *bar = ProgressBar::with_draw_target(
                Some(n_frames as u64),
                ProgressDrawTarget::stderr_with_hz(5),
            )
            .with_style(style)
            .with_message(name.to_owned());
        });
    }

    fn frame(&self) {
        self.with(|bar| bar.inc(1));
    }
}
