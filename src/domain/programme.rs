//! Budgets, works and the notes that follow, year by year.

use super::catalogue::{Envelope, TreatmentKind};
use super::defect::DefectKind;
use super::network::SectionId;
use super::objective::{Objective, Worth};
use super::rules::SelectionRule;
use super::score::Score;
use super::spending::Spending;
use super::units::{Euros, Metres, Ratio, SquareMetres};
use std::fmt;
use std::ops::{Add, Sub};

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

impl Add for Envelopes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            investment: self.investment + other.investment,
            maintenance: self.maintenance + other.maintenance,
        }
    }
}

impl Sub for Envelopes {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            investment: self.investment - other.investment,
            maintenance: self.maintenance - other.maintenance,
        }
    }
}

impl Envelopes {
    /// Whether each holds at least what the other's does.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.investment >= other.investment && self.maintenance >= other.maintenance
    }

    /// One of them, to change.
    pub const fn of_mut(&mut self, which: Envelope) -> &mut Euros {
        match which {
            Envelope::Investment => &mut self.investment,
            Envelope::Maintenance => &mut self.maintenance,
        }
    }
}

/// What a programme is to hold at the end of its last year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// At least this NG.
    Note(Score),
    /// At most this share of the area in the worst class.
    WorstClass(Ratio),
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
    /// How works are chosen.
    pub selection: SelectionRule,
    /// What the programme is to serve.
    pub objective: Objective,
    /// What is to be held: the budget is then a shape, and the least multiple of it is looked for.
    pub target: Option<Target>,
    /// Whether money is carried over, and divided between sectors; what a year may not exceed beside it.
    pub spending: Spending,
    /// Remarks printed in the table.
    pub observations: String,
}

/// A condition on defects that held, with the share found.
#[derive(Clone, Debug, PartialEq)]
pub struct DefectsSeen {
    /// Which kinds, counted together.
    pub kinds: Vec<DefectKind>,
    /// Their joint share of the surface.
    pub share: Ratio,
}

/// What an optimised programme would have done with a section instead.
#[derive(Clone, Debug, PartialEq)]
pub struct NextBest {
    /// Its works, each with its year; none for doing nothing.
    pub works: Vec<(i32, String)>,
    /// It would be as good if the works chosen cost so much more: 0.1 for 10 %.
    pub dearer: f64,
}

/// What a year has no more of, for works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacked {
    /// Money, in their envelope.
    Money,
    /// Sites.
    Sites,
    /// Emissions; works of which the catalogue says none are never allowed where these are limited.
    Emissions,
}

/// What put a section before others.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// Its note, the lowest of those left.
    Worst,
    /// The category of its road, then its note.
    Category,
    /// What the works bring for their cost.
    Return {
        /// What they serve.
        objective: Objective,
        /// Summed over discounted years, for a euro: note points over a square metre; note points over a
        /// vehicle-kilometre a day; euros of backlog.
        gain_per_euro: f64,
    },
    /// The whole programme: no other works, in no other year, bring more for what money is worth.
    Best {
        /// The next best, unless it was better but could not be paid whole.
        next: Option<NextBest>,
    },
    /// It is imposed.
    Imposed,
}

/// Why a section got this treatment in this year.
///
/// Its `Display` is a whole English phrase, such as `number 3 of the year from the worst; for notes
/// 0.0 to 12.0; alligator_cracking on 23.0 %`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What put it at its rank.
    pub why: Why,
    /// Place among the works of the year in the order they were chosen, from 1.
    pub rank: usize,
    /// Lowest and highest note that the treatment suits.
    pub notes: (Score, Score),
    /// The defects that call for it.
    pub seen: Vec<DefectsSeen>,
    /// The more suitable treatment that the year could no longer have, and what it lacked.
    pub instead_of: Option<(String, Lacked)>,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worst => f.write_str("from the worst"),
            Self::Category => f.write_str("by category"),
            Self::Imposed => f.write_str("imposed"),
            Self::Return { objective, gain_per_euro } => {
                let unit = match objective {
                    Objective::Condition => "points x m2",
                    Objective::Users => "points x vehicle-km a day",
                    Objective::Backlog => "euros of backlog, over the years,",
                };
                write!(f, "by gain for its cost ({gain_per_euro:.2} {unit} a euro)")
            }
            Self::Best { next: None } => f.write_str("of the best programme"),
            Self::Best { next: Some(NextBest { works, dearer }) } => {
                f.write_str("of the best programme (next best ")?;
                for (rank, (year, works)) in works.iter().enumerate() {
                    write!(f, "{}{works} in {year}", if rank > 0 { ", " } else { "" })?;
                }
                let idle = if works.is_empty() { "no works" } else { "" };
                write!(f, "{idle}, if these cost {:.0} % more)", 100.0 * dearer)
            }
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = self.notes;
        if self.why == Why::Imposed {
            return write!(f, "{}", self.why);
        }
        write!(f, "number {} of the year {}; for notes {from} to {to}", self.rank, self.why)?;
        for DefectsSeen { kinds, share } in &self.seen {
            let words: Vec<_> = kinds.iter().map(|it| it.word()).collect();
            write!(f, "; {} on {share}", words.join(" or "))?;
        }
        if let Some((other, lacked)) = &self.instead_of {
            let lacked = match lacked {
                Lacked::Money => "no money left",
                Lacked::Sites => "no site left",
                Lacked::Emissions => "no CO2 allowed",
            };
            write!(f, "; {lacked} for {other}")?;
        }
        Ok(())
    }
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
    /// Its trade.
    pub kind: TreatmentKind,
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
    /// Why this one, why now.
    pub reason: Reason,
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
    /// Money that the years before left to it.
    pub carried: Envelopes,
    /// Share of the area in each class, in the classes' order.
    pub classes: Vec<Ratio>,
    /// Length of the sections treated.
    pub treated: Metres,
    /// Runs of neighbouring sections treated from one envelope; works that are imposed make their own.
    pub sites: usize,
}

impl YearState {
    /// Money at hand that no works took; lost at the end of the year, unless the scenario carries it over.
    #[must_use]
    pub fn unspent(&self) -> Envelopes {
        self.offered + self.carried - self.spent
    }
}

/// Works chosen, and the notes that follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Programme {
    /// What was asked.
    pub scenario: Scenario,
    /// Note of the network before the first year.
    pub ng_start: Score,
    /// What it is worth.
    pub worth: Worth,
    /// Area that the programme covers: sections with a note.
    pub area: SquareMetres,
    /// Works, by year then section.
    pub works: Vec<WorksItem>,
    /// One entry for each year.
    pub yearly: Vec<YearState>,
    /// Note of each section at the end of the last year, by section.
    pub final_notes: Vec<(SectionId, Score)>,
}

/// One row of the engineers' table: DOMAIN.md section 9.1.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicators {
    /// Name of the scenario.
    pub name: String,
    /// The budget in words.
    pub words: String,
    /// How works were chosen.
    pub selection: SelectionRule,
    /// What the programme is worth.
    pub worth: Worth,
    /// NG before the first year.
    pub ng_start: Score,
    /// NG at the end of the last year.
    pub ng_end: Score,
    /// Highest NG of the path, the start included (*NG + haute*), and the first year that ends on
    /// it; the start counts as the year before the first.
    pub highest: (Score, i32),
    /// Lowest NG of the path when it falls below the start (*NG + basse*), and its year.
    pub lowest: Option<(Score, i32)>,
    /// Mean of the path, the start included (*NG moyenne*).
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
