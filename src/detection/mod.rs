//! From pixels of the road to metres of defects: prepare, decode, check, measure.

mod cells;
mod components;
mod ground;
mod horizon;
mod lane;
mod measure;
mod moved;
mod nature;
mod stain;
mod surface;
mod validity;
mod width;

pub use cells::{
    LaneShares, PAVEMENT_INPUT, PAVEMENT_SHAPE, ShapeError, decode, prepare, region, shares,
};
pub use horizon::{PitchEstimate, drift, estimate_pitch, median, quartile_spread, vanishing_point};
pub use lane::{lane_width, reach};
pub use measure::measure;
pub use moved::MotionView;
pub use nature::{CrackShape, InLane, classify, severity};
pub use stain::{Blocks, stained_share};
pub use validity::validity;
