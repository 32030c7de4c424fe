//! Budgets, works and the notes that follow, year by year.

use super::catalogue::{Envelope, TreatmentKind};
use super::defect::DefectKind;
use super::network::SectionId;
use super::score::Score;
use super::units::{Euros, Metres, Ratio, SquareMetres};
use std::fmt;

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

/// A condition on defects that held, with the share found.
#[derive(Clone, Debug, PartialEq)]
pub struct DefectsSeen {
    /// Which kinds, counted together.
    pub kinds: Vec<DefectKind>,
    /// Their joint share of the surface.
    pub share: Ratio,
}

/// Why a section got this treatment in this year.
///
/// Its `Display` is a whole English phrase, such as `number 3 of the year from the worst; for notes
/// 0.0 to 12.0; alligator_cracking on 23.0 %`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Place in the year's queue, the worst note first, from 1.
    pub rank: usize,
    /// Lowest and highest note that the treatment suits.
    pub notes: (Score, Score),
    /// The defects that call for it.
    pub seen: Vec<DefectsSeen>,
    /// The more suitable treatment that its envelope could no longer pay.
    pub instead_of: Option<String>,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = self.notes;
        write!(f, "number {} of the year from the worst; for notes {from} to {to}", self.rank)?;
        for DefectsSeen { kinds, share } in &self.seen {
            let words: Vec<_> = kinds.iter().map(|it| it.word()).collect();
            write!(f, "; {} on {share}", words.join(" or "))?;
        }
        if let Some(dearer) = &self.instead_of {
            write!(f, "; no money left for {dearer}")?;
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
    /// Share of the area in each class, in the classes' order.
    pub classes: Vec<Ratio>,
    /// Length of the sections treated.
    pub treated: Metres,
}

impl YearState {
    /// Money on offer that no works took; it is never carried to the next year.
    #[must_use]
    pub fn unspent(&self) -> Envelopes {
        Envelopes {
            investment: self.offered.investment - self.spent.investment,
            maintenance: self.offered.maintenance - self.spent.maintenance,
        }
    }
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
