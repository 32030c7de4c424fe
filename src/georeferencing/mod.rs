//! From where the vehicle was to where on which road: track, sampling, road, section, defect.
//!
//! [`Projector`] turns degrees into metres; [`clean`] checks a track; [`choose`] takes frames
//! by metres travelled; [`RoadIndex`] finds the road; [`divide`] says in which municipality; [`cut`] makes sections; [`lay`] puts what
//! frames saw on cells of road.

mod bare;
mod candidates;
mod clean;
mod clock;
mod cut;
mod divide;
mod drives;
mod faults;
mod follow;
mod grid;
mod lay;
mod locate;
mod matching;
mod merge;
mod motion;
mod moves;
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
pub use clean::clean;
pub use clock::clip_start;
pub use cut::{CutRules, cut};
pub use divide::divide;
pub use drives::{Ahead, Settled, settle_clocks};
pub use faults::faults;
pub use grid::CELL_M;
pub use lay::{Laid, Look, lay};
pub use locate::RoadIndex;
pub use matching::{Matched, Matcher};
pub use sampling::{Chosen, choose, far_apart, silences};
pub use spread::spread;
pub use track::{CleanTrack, Gap, Pose};
