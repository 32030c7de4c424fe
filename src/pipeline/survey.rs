//! From clips to cells and defects.

use super::clip::{ClipInput, Filmed, Measured, film};
use super::models::Models;
use crate::domain::{Finding, Network, Reported, Survey, SurveySettings};
use crate::georeferencing::{Look, RoadIndex, faults, lay};
use crate::ports::FrameSink;

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
/// Clips are opened one at a time; memory is that of a few frames and of what was measured.
/// The same clips give the same survey, whatever the number of threads of the rayon pool.
pub fn survey(
    clips: impl Iterator<Item = ClipInput>,
    models: &Models<'_>,
    network: &Network,
    settings: &SurveySettings,
    sink: &dyn FrameSink,
    progress: &dyn Progress,
) -> Reported<Survey> {
    let index = RoadIndex::new(network);
    let mut value = Survey::default();
    let mut findings: Vec<Finding> = faults(network, &index, "");
    let mut looks: Vec<Look> = Vec::new();
    for clip in clips {
        let filmed = film(clip, models, &index, settings, sink, progress);
        let Filmed { outcome, doubt, frames } = filmed.drain_into(&mut findings);
        value.clips.push(outcome);
        for Measured { frame, measures, reach } in frames {
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
    let laid = lay(&looks, network, &settings.measure);
    value.cells = laid.cells;
    value.defects = laid.defects;
    Reported { value, findings }
}
