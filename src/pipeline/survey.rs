//! From clips to cells and defects.

use super::clip::{ClipInput, Filming, film};
use super::clock::clocks;
use super::kept::{Kept, clip_key};
use super::models::Models;
use crate::domain::{
    ClipSurvey, Finding, FindingKind, MeasuredFrame, Network, Reported, Survey, SurveySettings,
};
use crate::georeferencing::{Look, RoadIndex, faults, lay};
use crate::ports::{FrameSink, Journal};

/// Who is told how far the work is.
pub trait Progress: Sync {
    /// A clip begins: its name, and how many frames will be taken.
    fn clip(&self, name: &str, n_frames: usize);
    /// One more frame is done.
    fn frame(&self);
}

/// Nobody is told.
pub struct Silent;

impl Progress for Silent {
    fn clip(&self, _: &str, _: usize) {}
    fn frame(&self) {}
}

/// Films every clip, lays what was seen on the network. A clip that fails is a finding.
///
/// Clips are opened one at a time, twice: for their clocks, which those of one drive share, then to be
/// filmed; memory is that of a few frames and of what was measured.
/// What `journal` kept of an earlier run that was stopped is not filmed again.
/// The same clips give the same survey, whatever the number of threads of the rayon pool.
pub fn survey(
    clips: impl Iterator<Item = ClipInput> + Clone,
    models: &Models<'_>,
    network: &Network,
    settings: &SurveySettings,
    sink: &dyn FrameSink,
    journal: &dyn Journal,
    progress: &dyn Progress,
) -> Reported<Survey> {
    let index = RoadIndex::new(network);
    let mut value = Survey::default();
    let mut findings: Vec<Finding> = faults(network, &index, "");
    let mut looks: Vec<Look> = Vec::new();
    let mut kept = Kept { journal, sink, failed: None };
    let clocks = clocks(clips.clone(), models, network, settings, &mut kept, progress);
    let filming = Filming { models, index: &index, settings, sink, progress };
    for (clip, clock) in clips.zip(clocks) {
        findings.extend(clock.findings);
        let key = clip_key(&clip.key, clock.clock);
        let filmed = kept.or_made(&key, || film(clip, clock.clock, &filming));
        let ClipSurvey { outcome, doubt, frames } = filmed.drain_into(&mut findings);
        value.clips.push(outcome);
        for MeasuredFrame { frame, measures, reach } in frames {
            if let (Some(place), Some(measures)) = (frame.place, measures) {
                let frame_index = value.frames.len();
                let (time, validity) = (frame.time, frame.validity);
                looks.push(Look {
                    frame: frame_index,
                    time,
                    place,
                    validity,
                    doubt,
                    reach,
                    measures,
                });
            }
            value.frames.push(frame);
        }
    }
    let unkept = kept.failed.map(|why| FindingKind::NotResumable { why });
    findings.extend(unkept.map(|kind| Finding::note("", kind)));
    let laid = lay(&looks, network, &settings.measure);
    value.cells = laid.cells;
    value.defects = laid.defects;
    Reported { value, findings }
}
