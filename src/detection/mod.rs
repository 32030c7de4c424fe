//! From pixels of the road to metres of defects: prepare, decode, check, measure.

mod cells;
mod components;
mod horizon;
mod measure;
mod shape;
mod validity;

pub use cells::{CellThresholds, LaneShares, PAVEMENT_INPUT, ShapeError, decode, prepare, region, shares};
pub use horizon::{PitchEstimate, estimate_pitch, vanishing_point};
pub use measure::{MeasureSettings, measure};
pub use shape::{CrackShape, ShapeRules, classify};
pub use validity::{ValiditySettings, validity};
