//! The stages in order. It sees ports, never a file, a codec or a runtime.

mod ask;
mod calibrate;
mod camera;
mod clip;
mod clock;
mod common;
mod decided;
mod evaluate;
mod frame;
mod kept;
mod models;
mod notes;
mod plan;
mod privacy;
mod score;
mod state;
mod survey;

pub use ask::ask;
pub use calibrate::calibrate;
pub use clip::ClipInput;
pub use common::common;
pub use evaluate::{Labelled, evaluate, judge};
pub use models::{Models, Pavement, PrivateDetector};
pub use notes::{Noting, note_section};
pub use plan::{Plan, plan};
pub use privacy::seek;
pub use score::{Scored, score};
pub use state::settings_fit;
pub use survey::{Progress, Silent, survey};
