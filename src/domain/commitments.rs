//! What is decided about some sections already, whatever the budget.

use super::catalogue::Envelope;
use super::conversion::Lost;
use super::network::SectionId;
use super::stretch::WrittenStretch;
use super::units::Euros;

/// Works that will be done: contracted, or those of others that the road must follow.
#[derive(Clone, Debug, PartialEq)]
pub struct ImposedWorks {
    /// Where.
    pub section: SectionId,
    /// When.
    pub year: i32,
    /// Name of the treatment in the catalogue; its trigger need not hold.
    pub treatment: String,
    /// What they cost, all included; the price of the catalogue and its site when not said.
    pub cost: Option<Euros>,
}

/// A section to leave alone for some years, save for works imposed on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Frozen {
    /// Where.
    pub section: SectionId,
    /// First and last year.
    pub years: (i32, i32),
}

/// What is decided about a stretch of road.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Works on all of it, for all of their cost.
    Imposed {
        /// When.
        year: i32,
        /// Name of the treatment.
        treatment: String,
        /// What they cost together; the price of the catalogue and its sites when not said.
        cost: Option<Euros>,
    },
    /// It is left alone from one year to another.
    Frozen((i32, i32)),
}

/// What is decided about a stretch of road, before its sections are known.
#[derive(Clone, Debug, PartialEq)]
pub struct OnStretch {
    /// Where.
    pub stretch: WrittenStretch,
    /// What.
    pub what: Decision,
    /// How many works imposed on sections come before it in the file.
    pub after: usize,
}

/// What is decided about some sections already.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Commitments {
    /// Works that will be done, the first to be paid first.
    pub imposed: Vec<ImposedWorks>,
    /// Sections to leave alone.
    pub frozen: Vec<Frozen>,
    /// Decided by PR and abscisse, and not laid on sections yet.
    pub stretches: Vec<OnStretch>,
}

/// Why works could not be imposed.
#[derive(Clone, Debug, PartialEq)]
pub enum RefusedBecause {
    /// No section with a note bears the name.
    NoSection,
    /// It is no stretch of the network, which was looked for by PR and abscisse.
    NoPlace(Lost),
    /// No section with a note lies for half of its length on the stretch.
    NoSectionOn,
    /// The section is left alone in other years already.
    FrozenAlready {
        /// First and last.
        years: (i32, i32),
    },
    /// The catalogue has no such treatment, but these.
    NoTreatment {
        /// Every name.
        known: Vec<String>,
    },
    /// Not a year of the programme, which covers these.
    NoYear {
        /// First and last.
        years: (i32, i32),
    },
    /// Other works are imposed on the section in that year.
    Twice,
    /// The envelope of that year does not hold their cost.
    TooDear {
        /// Who would pay.
        envelope: Envelope,
        /// What they cost with their site.
        cost: Euros,
        /// What the works imposed before them left.
        left: Euros,
    },
}

/// Works that a scenario could not impose, or a section that it could not leave alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Name of the scenario.
    pub scenario: String,
    /// Where.
    pub section: SectionId,
    /// When, and what; none for a section to leave alone.
    pub works: Option<(i32, String)>,
    /// Why not.
    pub because: RefusedBecause,
}
