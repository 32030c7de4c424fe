//! What the models claim, against what people drew: cells, extents, calibration.
//!
//! The measures are those of the field: precision, recall, F1 and average precision over cells,
//! agreement of extents after Bland and Altman, reliability of probabilities. Nothing here knows a
//! file or a runtime.

mod agreement;
mod cells;
mod curve;
mod gather;
mod notes;
mod reliability;

pub use agreement::agreement;
pub use cells::{CellTruth, cell_truth};
pub use curve::{ClassTally, average_precision};
pub use gather::gather;
pub use notes::judge_notes;
