//! Settings: one annotated file compiled in, a survey file that overrides it.

mod boundaries;
pub mod parameters;
mod raw;
mod referential;
mod survey;

pub use survey::{ClipEntry, ConfigError, DEFAULTS, SurveyFile, read, with_defaults};
