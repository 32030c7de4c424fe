//! From where the vehicle was to where on which road: track, sampling, road, section, defect.
//!
//! [`Projector`] turns degrees into metres; [`clean`] checks a track; [`choose`] takes frames
//! by metres travelled; [`RoadIndex`] finds the road; [`divide`] says in which municipality; [`cut`]
//! makes sections; [`lay`] puts what frames saw on cells of road; [`Conversion`] brings references
//! of one version of the referential to another.

mod alignment;
mod bare;
mod candidates;
mod carry;
mod clean;
mod clock;
mod convert;
mod cut;
mod divide;
mod drives;
mod faults;
mod find;
mod follow;
mod grid;
mod lay;
mod lines;
mod locate;
mod matching;
mod merge;
mod motion;
mod moves;
mod passes;
mod route;
mod sampling;
mod settle;
mod sight;
mod spread;
mod stitch;
mod topology;
mod track;
mod views;

pub use crate::domain::Projector;
pub use bare::{bare_pose, calibrated};
pub use candidates::MatchModel;
pub use carry::carry;
pub use clean::clean;
pub use clock::clip_start;
pub use convert::{CONVERSION_REACH_M, Conversion, PlanesDiffer};
pub use cut::{CutRules, cut};
pub use divide::divide;
pub use drives::{Ahead, Settled, settle_clocks};
pub use faults::faults;
pub use find::Finder;
pub use grid::CELL_M;
pub use lay::{Laid, Look, lay};
pub use locate::RoadIndex;
pub use matching::{Matched, Matcher};
pub use sampling::{Chosen, choose, far_apart, silences};
pub use spread::spread;
pub use track::{CleanTrack, Gap, Pose};
