//! French and English words for everything a person reads.
//!
//! The domain knows no language; files use its `word()`s. What a report, a label or a message says
//! is said here, once, in both languages.

mod clocks;
mod commitments;
mod conversion;
mod english;
mod findings;
mod french;
mod labels;
mod language;
mod limits;
mod objective;
mod why_not;

pub use commitments::refused_because;
pub use conversion::{change, converted_columns};
pub use findings::{finding, sentence};
pub use labels::{
    carriageway, clock_source, defect, direction, envelope, extent, family, reason, selection,
    severity, treatment, unrated, validity, validity_word, weight,
};
pub use language::{Language, UnknownLanguage, utc};
pub use objective::{chosen, gain, gain_unit, objective};
pub use why_not::why_not;
