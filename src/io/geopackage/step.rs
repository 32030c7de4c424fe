//! The steps that fill a base, and the tables each owns.

/// A step of the work: what it wrote is replaced as a whole, with all that followed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Frames, cells, defects.
    Survey,
    /// Sections, notes, means.
    Score,
    /// Works and scenarios.
    Plan,
}

impl Step {
    /// Every one, in order.
    pub const ALL: [Self; 3] = [Self::Survey, Self::Score, Self::Plan];

    /// The word used in the base, which is also the subcommand.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Score => "score",
            Self::Plan => "plan",
        }
    }

    /// The tables it writes.
    pub(super) const fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Survey => &["campagnes", "clips", "frames", "cells", "cell_defects", "defects"],
            Self::Score => {
                &["sections", "section_defects", "section_coverage", "homogeneous", "means"]
            }
            Self::Plan => &["programme", "scenarios", "scenario_years", "scenario_sections"],
        }
    }

    /// The step that writes a table; the survey also brings the network.
    pub(super) fn of_table(table: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.tables().contains(&table)).unwrap_or(Self::Survey)
    }

    /// This step and those that build on it.
    pub(super) fn and_later(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |it| *it >= self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_notes_undo_the_programmes_but_not_the_survey() {
        assert_eq!(Step::Score.and_later().collect::<Vec<_>>(), [Step::Score, Step::Plan]);
        assert_eq!(Step::of_table("means"), Step::Score);
        assert_eq!(Step::of_table("network"), Step::Survey);
    }
}
