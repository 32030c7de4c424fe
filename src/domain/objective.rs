//! What a programme is to serve, and what it is worth by that.

/// What a programme is to serve, over all its years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Objective {
    /// The pavements: notes, each section by its area and the weight of its category.
    ///
    /// Source: DOMAIN.md section 7.
    #[default]
    Condition,
    /// Those who drive on them: notes, each section by its length and the vehicles a day of its category.
    Users,
    /// The works that wait, in euros: the less the better.
    Backlog,
}

impl Objective {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Condition, Self::Users, Self::Backlog];

    /// The word used in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Condition => "condition",
            Self::Users => "users",
            Self::Backlog => "backlog",
        }
    }
}

/// What a programme is worth, over doing nothing: always over the whole path of its years, each by its discount,
/// the last with the years that follow it.
///
/// Figures of two objectives are not in one unit: programmes of both are compared by `condition`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worth {
    /// What it was to serve.
    pub objective: Objective,
    /// What it gains by that, as a mean over the years: points of the mean note by area and weight of category; points
    /// of the mean note by vehicle-kilometre; euros of backlog that do not wait.
    pub gain: f64,
    /// No programme within the budget gains more, in the unit of `gain`, with as many works a section as were tried;
    /// known when the works were optimised, and all that the rules allow was tried.
    pub bound: Option<f64>,
    /// Points of the mean note by area and weight of category, whatever it was to serve.
    pub condition: f64,
}

impl Worth {
    /// How far the gain may be from the best there is: 0.001 for 0.1 %.
    #[must_use]
    pub fn gap(self) -> Option<f64> {
        let bound = self.bound?;
        Some(if bound > 0.0 { (bound - self.gain).max(0.0) / bound } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_is_a_share_of_the_bound_in_any_unit() {
        let worth =
            |gain, bound| Worth { objective: Objective::Backlog, gain, bound, condition: 0.0 };
        assert_eq!(worth(90_000.0, Some(100_000.0)).gap(), Some(0.1));
        assert_eq!(worth(1.0, None).gap(), None);
        assert_eq!(worth(0.0, Some(0.0)).gap(), Some(0.0));
    }
}
