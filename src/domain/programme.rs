//! Budgets, works and the notes that follow, year by year.

use super::network::SectionId;
use super::parameters::Envelope;
use super::score::Score;
use super::units::{Euros, Metres, Ratio, SquareMetres};

/// The two yearly envelopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Envelopes {
    /// *Investissement*.
    pub investment: Euros,
    /// *Fonctionnement*.
    pub maintenance: Euros,
}

impl Envelopes {
    /// Both together.
    #[must_use]
    pub fn total(self) -> Euros {
        self.investment + self.maintenance
    }

    /// One of them.
    #[must_use]
    pub const fn of(self, which: Envelope) -> Euros {
        match which {
            Envelope::Investment => self.investment,
            Envelope::Maintenance => self.maintenance,
        }
    }
}

/// The same envelopes for some years running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetPhase {
    /// How many years; none for "until the end".
    pub years: Option<u32>,
    /// What each of them gives.
    pub envelopes: Envelopes,
}

/// A budget to try, over a horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Name, such as `s02`.
    pub name: String,
    /// The budget in the engineers' words, such as `0 (5 ans), puis 13,5+2`.
    pub words: String,
    /// First year of works.
    pub first_year: i32,
    /// One entry for each year.
    pub budgets: Vec<Envelopes>,
    /// Remarks printed in the table.
    pub observations: String,
}

/// One treatment of one section in one year.
#[derive(Clone, Debug, PartialEq)]
pub struct WorksItem {
    /// Where.
    pub section: SectionId,
    /// When.
    pub year: i32,
    /// Name of the treatment in the catalogue.
    pub treatment: String,
    /// Who pays.
    pub envelope: Envelope,
    /// Area treated.
    pub area: SquareMetres,
    /// Cost.
    pub cost: Euros,
    /// Note before the works.
    pub before: Score,
    /// Note just after.
    pub after: Score,
}

/// The network at the end of one year.
#[derive(Clone, Debug, PartialEq)]
pub struct YearState {
    /// Which year.
    pub year: i32,
    /// Area-weighted mean note.
    pub ng: Score,
    /// Money spent.
    pub spent: Envelopes,
    /// Money on offer.
    pub offered: Envelopes,
    /// Share of the area in each class, in the classes' order.
    pub classes: Vec<Ratio>,
    /// Length treated.
    pub treated: Metres,
}

/// Works chosen, and the notes that follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Programme {
    /// What was asked.
    pub scenario: Scenario,
    /// Note of the network before the first year.
    pub ng_start: Score,
    /// Area that the programme covers: sections with a note.
    pub area: SquareMetres,
    /// Works, by year then section.
    pub works: Vec<WorksItem>,
    /// One entry for each year.
    pub yearly: Vec<YearState>,
}

/// One row of the engineers' table: DOMAIN.md section 9.1.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicators {
    /// Name of the scenario.
    pub name: String,
    /// The budget in words.
    pub words: String,
    /// NG before the first year.
    pub ng_start: Score,
    /// NG at the end of the last year.
    pub ng_end: Score,
    /// Highest NG of the path, the start included (*NG + haute*), and its year.
    pub highest: (Score, i32),
    /// Lowest NG of the path when it falls below the start (*NG + basse*), and its year.
    pub lowest: Option<(Score, i32)>,
    /// Mean of the path over the years.
    pub mean: Score,
    /// Money spent over the horizon (*budget global*).
    pub spent: Euros,
    /// Money on offer over the horizon.
    pub offered: Euros,
    /// Years in which neither envelope gave anything.
    pub years_without: u32,
    /// Remarks.
    pub observations: String,
}
