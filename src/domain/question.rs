//! What it would take for one section to have works in one year: the question, and its answer.

use super::catalogue::Envelope;
use super::commitments::RefusedBecause;
use super::defect::{DefectKind, Severity};
use super::network::SectionId;
use super::objective::Worth;
use super::places::Places;
use super::programme::{Scenario, WorksItem};
use super::score::Score;
use super::state::NetworkStateError;
use super::units::{Euros, Metres, Ratio};

/// What it would take for a section to have works in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Name of the scenario.
    pub scenario: String,
    /// Where.
    pub section: SectionId,
    /// When.
    pub year: i32,
    /// The works that would be imposed; the most suitable when not said.
    pub treatment: Option<String>,
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// The file has no such scenario.
    #[error("no scenario is called {name}; there are {}", known.join(", "))]
    #[expect(missing_docs, reason = "the message names every field")]
    NoScenario { name: String, known: Vec<String> },
    /// The network has no such section.
    #[error("no section is called {name}; the nearest names are {}", nearest.join(", "))]
    #[expect(missing_docs, reason = "the message names every field")]
    NoSection { name: SectionId, nearest: Vec<String> },
    /// Nobody saw enough of it.
    #[error("section {0} has no note, so it is in no programme")]
    NoNote(SectionId),
    /// Not a year of the scenario.
    #[error("{year} is no year of the programme, which goes from {} to {}", years.0, years.1)]
    #[expect(missing_docs, reason = "the message names every field")]
    NoYear { year: i32, years: (i32, i32) },
    /// The catalogue has no such treatment.
    #[error("no treatment is called {name}; there are {}", known.join(", "))]
    #[expect(missing_docs, reason = "the message names every field")]
    NoTreatment { name: String, known: Vec<String> },
    /// There is nothing to programme.
    #[error("nothing can be asked")]
    NoNetwork(#[source] NetworkStateError),
}

/// The first reason why a treatment does not suit a section in a year.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyNot {
    /// It is for roads of other categories.
    Category {
        /// Of the section's road.
        category: u8,
        /// Those that it is for.
        expected: Vec<u8>,
    },
    /// It is for other places.
    Place {
        /// Where the section lies.
        lies_in: Vec<String>,
        /// Where it may be done.
        places: Places,
    },
    /// It is for other notes.
    Note {
        /// Of the section in that year.
        note: Score,
        /// Lowest and highest that it is for.
        expected: (Score, Score),
    },
    /// Some defects cover too little, or too much.
    Defects {
        /// Which kinds, counted together.
        kinds: Vec<DefectKind>,
        /// Which severities.
        severities: Vec<Severity>,
        /// Their joint share of the surface; none when it is unknown.
        share: Option<Ratio>,
        /// Least and greatest share that it is for.
        expected: (Ratio, Ratio),
    },
    /// Its last works must rest.
    Rests {
        /// The first year in which it may come.
        until: i32,
    },
    /// The section is to be left alone.
    Frozen {
        /// First and last year.
        years: (i32, i32),
    },
    /// It would disturb works that are imposed.
    Imposed {
        /// Their year.
        year: i32,
        /// The last year in which it may come before them.
        last: i32,
    },
    /// The scenario limits emissions, and the catalogue does not say those of these works.
    EmissionsUnsaid,
}

/// What a programme does with a section.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionCourse {
    /// Category of its road.
    pub category: u8,
    /// Its length.
    pub length: Metres,
    /// Its works, by year.
    pub works: Vec<WorksItem>,
    /// Its note before the first year.
    pub at_start: Score,
    /// Its note in the year asked about, before any works of that year.
    pub in_year: Score,
    /// Its note at the end of the last year.
    pub at_end: Score,
}

impl SectionCourse {
    /// Its works in a year.
    #[must_use]
    pub fn works_in(&self, year: i32) -> Option<&WorksItem> {
        self.works.iter().find(|it| it.year == year)
    }

    /// The year of its last works before a year.
    #[must_use]
    pub fn last_before(&self, year: i32) -> Option<i32> {
        self.works.iter().map(|it| it.year).filter(|it| *it < year).max()
    }
}

/// A line of the catalogue for a section in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct LineAnswer {
    /// Name of the treatment.
    pub treatment: String,
    /// Who would pay.
    pub envelope: Envelope,
    /// What it would cost without its site.
    pub cost: Euros,
    /// Why it does not suit; none when it does.
    pub why_not: Option<WhyNot>,
}

/// Where a section stands among those that wait for the money of a year, served by the order of a queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QueuePlace {
    /// Its place, from 1.
    pub place: usize,
    /// How many sections some works suit.
    pub waiting: usize,
    /// How many have works by the queue.
    pub served: usize,
    /// Category and note of the last of them.
    pub last: Option<(u8, Score)>,
}

/// The starting note with which a section would be served in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StartingNote {
    /// The highest of those tried.
    pub note: Score,
    /// When it would have works.
    pub year: i32,
}

/// What a multiple of the money would change.
#[derive(Clone, Debug, PartialEq)]
pub enum MoneyAnswer {
    /// A multiple was found that does it.
    Found {
        /// The multiple, of all envelopes.
        multiple: f64,
        /// The nearest one tried that does not.
        short: f64,
        /// The money offered, as it is and as multiplied.
        offered: (Euros, Euros),
        /// What the section then has in the year; nothing when it was to be taken out.
        treatment: Option<String>,
    },
    /// None of those tried does it.
    NotFound {
        /// The farthest from 1 that was tried.
        farthest: f64,
        /// With more money it has works before that year already: the multiple and the year.
        sooner: Option<(f64, i32)>,
    },
    /// There is no money to multiply.
    NoMoney,
}

/// What a scenario would do with a section without its yearly limits, with the same money.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitsAnswer {
    /// Whether the section has works in the year without the limit to sites alone; nothing where there is none.
    pub without_sites: Option<bool>,
    /// The same without the limit to emissions.
    pub without_co2: Option<bool>,
    /// The same without either.
    pub without_any: bool,
    /// The multiple of the year's money that then brings it in, where the same money does not.
    pub money: Option<MoneyAnswer>,
}

/// Works that leave a programme, or that come in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exchanged {
    /// How many.
    pub n: usize,
    /// Their joint length.
    pub length: Metres,
    /// Their joint cost.
    pub cost: Euros,
    /// The dearest, the first first.
    pub dearest: Vec<WorksItem>,
}

/// A programme once works are imposed on it.
#[derive(Clone, Debug, PartialEq)]
pub struct ImposedOutcome {
    /// The works imposed, with their site.
    pub works: WorksItem,
    /// Mean note of the network at the end, without and with them.
    pub ng_end: (Score, Score),
    /// What the programme is worth over all years, without and with them.
    pub worth: (Worth, Worth),
    /// Works that are done no more.
    pub out: Exchanged,
    /// Works that are done instead, the imposed ones aside.
    pub new: Exchanged,
}

/// What it takes to impose works on a section.
#[derive(Clone, Debug, PartialEq)]
pub struct ImposingAnswer {
    /// Name of the treatment.
    pub treatment: String,
    /// What becomes of the programme, or why they are refused.
    pub outcome: Result<ImposedOutcome, RefusedBecause>,
}

/// What it would take for a section to have works in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// The scenario, with the budget that was found when it was looked for.
    pub scenario: Scenario,
    /// What its programme does with the section.
    pub now: SectionCourse,
    /// Every line of the catalogue in that year, in its order.
    pub lines: Vec<LineAnswer>,
    /// Its place among those that wait, when works are chosen by a queue and some suit it.
    pub place: Option<QueuePlace>,
    /// The starting note that would do, when works are chosen by a queue and one was found.
    pub starting_note: Option<StartingNote>,
    /// The money of that year that would bring it in; that would take it out when it is in.
    pub money_of_year: MoneyAnswer,
    /// The same with the money of every year.
    pub money_of_all: MoneyAnswer,
    /// What yearly limits change; nothing where there are none, or it has works in that year.
    pub limits: Option<LimitsAnswer>,
    /// What imposing it takes; nothing when no line suits, or it has these works anyway.
    pub imposing: Option<ImposingAnswer>,
}

impl Answer {
    /// Its works in the year asked about.
    #[must_use]
    pub fn served(&self) -> Option<&WorksItem> {
        self.now.works_in(self.question.year)
    }
}
