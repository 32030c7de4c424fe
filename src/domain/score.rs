//! Notes out of 20.

use super::coverage::Coverage;
use std::fmt;

/// A number outside 0 to 20.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{0} is not a note between 0 and 20")]
pub struct ScoreError(f64);

/// Condition of a section, in points: 0 (to be rebuilt) to 20 (flawless).
///
/// A section nobody filmed has no score; it is [`Rating::Unrated`], never 20.
///
/// # Source
///
/// Scale of the French national survey (IQRN): « Indices globaux d'état des chaussées du réseau
/// routier national non concédé », 2015–2017, data.gouv.fr. The points that each defect costs are
/// those of [`super::ScoringGrid`].
///
/// # Example
///
/// ```
/// # use voirie::domain::Score;
/// assert!(Score::new(20.5).is_err());
/// assert_eq!(Score::clamped(-3.0), Score::WORST);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Score(f64);

impl Score {
    /// Flawless.
    pub const BEST: Self = Self(20.0);
    /// To be rebuilt.
    pub const WORST: Self = Self(0.0);

    /// # Errors
    ///
    /// Outside 0 to 20.
    pub fn new(points: f64) -> Result<Self, ScoreError> {
        if (0.0..=20.0).contains(&points) { Ok(Self(points)) } else { Err(ScoreError(points)) }
    }

    /// Forces into 0 to 20.
    ///
    /// # Panics
    ///
    /// On NaN.
    #[must_use]
    pub fn clamped(points: f64) -> Self {
        assert!(!points.is_nan(), "a note cannot be NaN");
        Self(points.clamp(0.0, 20.0))
    }

    /// Points, 0 to 20.
    #[must_use]
    pub const fn points(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", self.0)
    }
}

/// The three notes of a section.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Notes {
    /// *Note globale*: every defect.
    pub ng: Score,
    /// *Note patrimoine*: structural defects only.
    pub np: Score,
    /// *Note d'usage*: surface defects only.
    pub nu: Score,
}

/// Where the true *note globale* lies, at the level of the settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoteInterval {
    /// Lower end.
    pub low: Score,
    /// Upper end.
    pub high: Score,
}

/// Why a section has no note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unrated {
    /// No frame saw it.
    NotFilmed,
    /// Frames saw it, none usable.
    NoValidFrame,
    /// Less of it was seen than the configured least coverage.
    TooLittleCoverage,
}

/// A section's note, or why it has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rating {
    /// Noted over the part that was seen.
    Rated {
        /// The notes.
        notes: Notes,
        /// How sure the *note globale* is.
        interval: NoteInterval,
        /// The part that was seen.
        coverage: Coverage,
    },
    /// Not noted.
    Unrated {
        /// Why.
        reason: Unrated,
        /// The part that was seen.
        coverage: Coverage,
    },
}

impl Rating {
    /// The notes, if it has any.
    #[must_use]
    pub const fn notes(&self) -> Option<&Notes> {
        match self {
            Self::Rated { notes, .. } => Some(notes),
            Self::Unrated { .. } => None,
        }
    }

    /// How sure its *note globale* is, if it has one.
    #[must_use]
    pub const fn interval(&self) -> Option<&NoteInterval> {
        match self {
            Self::Rated { interval, .. } => Some(interval),
            Self::Unrated { .. } => None,
        }
    }

    /// The part that was seen.
    #[must_use]
    pub const fn coverage(&self) -> Coverage {
        match self {
            Self::Rated { coverage, .. } | Self::Unrated { coverage, .. } => *coverage,
        }
    }
}
