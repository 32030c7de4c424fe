//! What adapters implement: a source of frames, a runtime for models, a place for pictures, a journal.

pub use crate::anonymisation::AnonymisedFrame;
use crate::domain::{
    ClipSurvey, ClockDoubt, ClockEstimate, FrameStamp, RawFrame, Reported, Seconds, Tensor,
};

/// Why a frame could not be had or kept.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct FrameError {
    /// Which frame, when known.
    pub stamp: Option<FrameStamp>,
    /// What happened, in the words of the reader.
    pub what: String,
    /// Whether later frames of the same source may still come.
    pub recoverable: bool,
}

/// When a source's frames were shown: enough to choose among them without decoding any.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// Presentation time of each frame from the start of the clip, increasing.
    pub frames: Vec<Seconds>,
    /// Whether each frame can be decoded alone.
    pub keyframes: Vec<bool>,
    /// Start of the recording in seconds since 1970-01-01 UTC, when the file says it.
    pub starts: Option<Seconds>,
}

/// A clip opened for reading.
pub trait FrameSource: Send {
    /// When each frame is shown.
    fn timeline(&self) -> &Timeline;

    /// Which decoder reads it, such as `h264 (embedded)`.
    fn decoder(&self) -> String;

    /// Decodes the frames of these ranks (increasing) and hands each over as soon as it is ready.
    ///
    /// `give` returns whether more are wanted. A frame that cannot be decoded is handed over as an
    /// error and the rest go on. Memory is that of a few frames, whatever the number asked.
    ///
    /// # Errors
    ///
    /// When nothing more of the clip can be read.
    fn decode(
        &mut self,
        wanted: &[u64],
        give: &mut dyn FnMut(Result<RawFrame, FrameError>) -> bool,
    ) -> Result<(), FrameError>;
}

/// Why a model gave nothing.
#[derive(Debug, thiserror::Error)]
#[error("model {model}: {what}")]
pub struct InferenceError {
    /// Name of the model.
    pub model: String,
    /// What happened, in the words of the runtime.
    pub what: String,
}

/// A loaded model: tensors in, tensors out. It knows no classes.
pub trait Inference: Send + Sync {
    /// Runs the model once; it may be called from several threads.
    ///
    /// # Errors
    ///
    /// When the shape differs from the card's or the runtime fails.
    fn infer(&self, input: Tensor) -> Result<Vec<Tensor>, InferenceError>;
}

/// Where anonymised frames go.
pub trait FrameSink: Send + Sync {
    /// Keeps a picture and gives its path from the output folder.
    ///
    /// # Errors
    ///
    /// When it cannot be written whole.
    fn put(&self, frame: &AnonymisedFrame) -> Result<String, FrameError>;

    /// Counts a picture that an earlier run kept as kept by this one; whether it is still there.
    fn keep(&self, path: &str) -> bool;
}

/// Why what was filmed could not be kept for later.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct JournalError {
    /// What happened, in the words of the writer.
    pub what: String,
}

/// Keeps what each clip gave until the run is over, so that a run that was stopped goes on where it was.
///
/// A key says everything that a result depends on: settings, models, network, video, track, clock.
pub trait Journal {
    /// What an earlier run filmed under this key.
    fn clip(&self, key: &str) -> Option<Reported<ClipSurvey>>;

    /// Keeps what was filmed under this key, whole or not at all.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn keep_clip(&self, key: &str, clip: &Reported<ClipSurvey>) -> Result<(), JournalError>;

    /// What an earlier run read of a clip's clock in its pictures.
    fn clock(&self, key: &str) -> Option<Result<ClockEstimate, ClockDoubt>>;

    /// Keeps what the pictures tell of a clock.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn keep_clock(
        &self,
        key: &str,
        seen: &Result<ClockEstimate, ClockDoubt>,
    ) -> Result<(), JournalError>;
}

/// Keeps nothing.
#[derive(Debug)]
pub struct Forgetful;

impl Journal for Forgetful {
    fn clip(&self, _: &str) -> Option<Reported<ClipSurvey>> {
        None
    }

    fn keep_clip(&self, _: &str, _: &Reported<ClipSurvey>) -> Result<(), JournalError> {
        Ok(())
    }

    fn clock(&self, _: &str) -> Option<Result<ClockEstimate, ClockDoubt>> {
        None
    }

    fn keep_clock(
        &self,
        _: &str,
        _: &Result<ClockEstimate, ClockDoubt>,
    ) -> Result<(), JournalError> {
        Ok(())
    }
}
