//! From pixels of the road to metres of defects: prepare, decode, check, measure.

mod cells;
mod components;
mod ground;
mod horizon;
mod lane;
mod measure;
mod nature;
mod validity;
mod width;

pub use cells::{
    LaneShares, PAVEMENT_INPUT, PAVEMENT_SHAPE, ShapeError, decode, prepare, region, shares,
};
pub use horizon::{PitchEstimate, estimate_pitch, vanishing_point};
pub use lane::lane_width;
pub use measure::measure;
pub use nature::{CrackShape, InLane, classify, severity};
pub use validity::validity;
