//! From pixels of the road to metres of defects: prepare, decode, check, measure.

mod cells;
mod components;
mod horizon;
mod lane;
mod measure;
mod shape;
mod validity;

pub use cells::{
    LaneShares, PAVEMENT_INPUT, PAVEMENT_SHAPE, ShapeError, decode, prepare, region, shares,
};
pub use horizon::{PitchEstimate, estimate_pitch, vanishing_point};
pub use lane::lane_width;
pub use measure::measure;
pub use shape::{CrackShape, classify};
pub use validity::validity;
