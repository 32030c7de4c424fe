//! What an earlier run that was stopped had filmed: recalled rather than filmed again.

use crate::domain::{
    ClipClock, ClipSurvey, ClockDoubt, ClockEstimate, FindingKind, Reported, Seconds,
};
use crate::ports::{FrameSink, Journal, JournalError};

/// The key of a clip once its clock is settled; empty when the clip has none.
pub fn clip_key(key: &str, clock: Option<ClipClock>) -> String {
    match clock {
        Some(it) if !key.is_empty() => {
            let bits = |seconds: f64| format!("{:016x}", seconds.to_bits());
            let or_none = |it: Option<f64>| it.map_or_else(|| "-".to_owned(), bits);
            format!(
                "{key} {} {} {} {}",
                it.source.word(),
                bits(it.starts.get()),
                or_none(it.offset.map(Seconds::get)),
                or_none(it.sd.map(Seconds::get)),
            )
        }
        _ => String::new(),
    }
}

/// Whether another run may not meet it again.
const fn passing(kind: &FindingKind) -> bool {
    matches!(
        kind,
        FindingKind::ClipUnreadable { .. }
            | FindingKind::ClipCut { .. }
            | FindingKind::FrameUnreadable { .. }
            | FindingKind::PictureUnwritten { .. }
            | FindingKind::RedactionFailed { .. }
    )
}

/// A journal, and whether it could be written to.
pub struct Kept<'a> {
    pub journal: &'a dyn Journal,
    pub sink: &'a dyn FrameSink,
    /// The first failure to write to it; nothing is written after that.
    pub failed: Option<String>,
}

impl Kept<'_> {
    /// What was filmed under a key and all of whose pictures are still there, or else what is made now.
    pub fn or_made(
        &mut self,
        key: &str,
        make: impl FnOnce() -> Reported<ClipSurvey>,
    ) -> Reported<ClipSurvey> {
        if key.is_empty() {
            return make();
        }
        if let Some(found) = self.journal.clip(key) {
            let pictures = found.value.frames.iter().filter_map(|it| it.frame.picture.as_deref());
            // Each is asked, so that none that is there is taken away at the end.
            let missing = pictures.filter(|it| !self.sink.keep(it)).count();
            if missing == 0 {
                return found;
            }
        }
        let filmed = make();
        // What may go better another time is not kept: a full disk, a decoder that was killed, a share
        // that was gone.
        if !filmed.findings.iter().any(|it| passing(&it.kind)) {
            self.write(|journal| journal.keep_clip(key, &filmed));
        }
        filmed
    }

    /// What the pictures of a clip told of its clock, or else what they tell now.
    pub fn clock_or_read(
        &mut self,
        key: &str,
        read: impl FnOnce() -> Result<ClockEstimate, ClockDoubt>,
    ) -> Result<ClockEstimate, ClockDoubt> {
        if key.is_empty() {
            return read();
        }
        if let Some(found) = self.journal.clock(key) {
            return found;
        }
        let seen = read();
        // Too few frames may be those that a decoder failed to give this time.
        if seen != Err(ClockDoubt::NotSeen) {
            self.write(|journal| journal.keep_clock(key, &seen));
        }
        seen
    }

    fn write(&mut self, act: impl FnOnce(&dyn Journal) -> Result<(), JournalError>) {
        if self.failed.is_none() {
            self.failed = act(self.journal).err().map(|it| it.what);
        }
    }
}
