//! From where the vehicle was to where on which road: track, sampling, road, section, defect.
//!
//! [`Projector`] turns degrees into metres; [`clean`] checks a track; [`choose`] takes frames
//! by metres travelled; [`RoadIndex`] finds the road; [`cut`] makes sections; [`lay`] puts what
//! frames saw on cells of road.

mod clean;
mod cut;
mod follow;
mod grid;
mod lay;
mod locate;
mod merge;
mod motion;
mod sampling;
mod sight;
mod spread;
mod stitch;
mod track;
mod views;

pub use crate::domain::Projector;
pub use clean::clean;
pub use cut::cut;
pub use grid::CELL_M;
pub use lay::{Laid, Look, lay};
pub use locate::RoadIndex;
pub use sampling::{Chosen, choose, far_apart, silences};
pub use spread::spread;
pub use track::{CleanTrack, Gap, Pose};
