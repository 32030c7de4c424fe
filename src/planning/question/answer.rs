//! All parts of an answer.

use super::asked::{Asked, Effort};
use super::course::{course, lines, standings};
use super::impose::impose;
use super::limits::{self, limits};
use super::money::{Purse, money};
use super::queue::{self, place, starting_note};
use crate::domain::{
    Answer, NetworkState, Programme, Question, QuestionError, Scenario, SelectionRule, Treatment,
    World, nearest,
};
use crate::planning::scenarios::{affords, programmes};
use crate::planning::simulate::apart;
use crate::planning::start::Start;
use crate::planning::year::Year;

/// How many near names are told. Chosen: as many as one reads.
const NEAREST: usize = 5;

/// Most programmes that an answer plays: 33 by a simple rule, 16 optimised, and some more where a year has limits
/// beside its money; besides those that find the budget of a scenario which is to hold a note, and those of the
/// scenarios that an optimised one may take over.
#[must_use]
pub const fn most_plays(scenario: &Scenario) -> u32 {
    let rule = scenario.selection;
    let most = Effort::of(rule).most();
    let limits = if scenario.spending.limits.is_none() { 0 } else { limits::MOST_PLAYS + most };
    let starting = match rule {
        SelectionRule::WorstFirst | SelectionRule::Threshold => queue::most_plays(),
        SelectionRule::BenefitCost | SelectionRule::Optimised => 0,
    };
    2 + 2 * most + starting + limits
}

/// What it would take for a section to have works in a year of a scenario.
///
/// `played` is told after each programme, of which there are at most [`most_plays`].
///
/// # Errors
///
/// When no scenario, section, year or treatment is as the question says.
pub fn answer(
    network: &NetworkState,
    scenarios: &[Scenario],
    question: &Question,
    world: &World<'_>,
    played: &dyn Fn(),
) -> Result<Answer, QuestionError> {
    let found = find(network, scenarios, question, world)?;
    let programme = programme_of(network, scenarios, found.scenario, world);
    played();
    let scenario = &programme.scenario;
    let whole = Start::new(network, world, scenario.budgets.len(), scenario.objective);
    let apart = apart(&whole, scenario);
    let start = apart.as_ref().map_or_else(|| whole.clone(), |it| whole.on(it));
    let asked = Asked {
        start: &start,
        scenario,
        programme: &programme,
        index: found.index,
        now: found.now,
        world,
        played,
    };
    let standings = standings(&asked);
    let standing = &standings[found.index];
    let lines = lines(&asked, standing);
    let suits = lines.iter().position(|it| it.why_not.is_none());
    let served = asked.works_in(&programme);
    let has = |it: &&Treatment| served.is_some_and(|served| served.treatment == it.name);
    let treatment = match (found.treatment, served) {
        (None, Some(_)) => None,
        (None, None) => suits.map(|it| &world.catalogue.treatments[it]),
        (asked_for, _) => asked_for.filter(|it| !has(it)),
    };
    Ok(Answer {
        question: question.clone(),
        now: course(&asked, standing),
        lines,
        place: place(&asked, &standings),
        money_of_year: money(&asked, Purse::Year),
        money_of_all: money(&asked, Purse::All),
        imposing: treatment.map(|it| impose(&asked, it)),
        limits: limits(&asked, &whole),
        starting_note: starting_note(&asked),
        scenario: scenario.clone(),
    })
}

/// What a question names.
struct Found<'c> {
    scenario: usize,
    index: usize,
    now: Year,
    treatment: Option<&'c Treatment>,
}

fn find<'c>(
    network: &NetworkState,
    scenarios: &[Scenario],
    question: &Question,
    world: &World<'c>,
) -> Result<Found<'c>, QuestionError> {
    let rank = scenarios.iter().position(|it| it.name == question.scenario);
    let rank = rank.ok_or_else(|| QuestionError::NoScenario {
        name: question.scenario.clone(),
        known: scenarios.iter().map(|it| it.name.clone()).collect(),
    })?;
    let scenario = &scenarios[rank];
    let index = network.rank_of(&question.section).ok_or_else(|| {
        let names = network.sections().iter().map(|it| it.id.as_str());
        let nearest = nearest(question.section.as_str(), names, NEAREST);
        QuestionError::NoSection { name: question.section.clone(), nearest }
    })?;
    let horizon = i32::try_from(scenario.budgets.len()).unwrap_or(i32::MAX);
    let years = (scenario.first_year, scenario.first_year.saturating_add(horizon - 1));
    if !(years.0..=years.1).contains(&question.year) {
        return Err(QuestionError::NoYear { year: question.year, years });
    }
    let all = &world.catalogue.treatments;
    let named = |name: &String| {
        all.iter().find(|it| it.name == *name).ok_or_else(|| QuestionError::NoTreatment {
            name: name.clone(),
            known: all.iter().map(|it| it.name.clone()).collect(),
        })
    };
    let now = Year { year: question.year, rank: question.year.abs_diff(years.0) };
    let treatment = question.treatment.as_ref().map(named).transpose()?;
    Ok(Found { scenario: rank, index, now, treatment })
}

/// The programme that a plan of all scenarios has for one of them: an optimised one may take over that of
/// another that it affords.
fn programme_of(
    network: &NetworkState,
    scenarios: &[Scenario],
    at: usize,
    world: &World<'_>,
) -> Programme {
    let it = &scenarios[at];
    let takes_over = it.selection == SelectionRule::Optimised && it.target.is_none();
    let needed = |(rank, other): &(usize, &Scenario)| {
        *rank == at || (takes_over && (other.target.is_some() || affords(it, other)))
    };
    let (ranks, few): (Vec<_>, Vec<_>) =
        scenarios.iter().enumerate().filter(needed).map(|it| (it.0, it.1.clone())).unzip();
    let mine = ranks.iter().position(|it| *it == at).expect("it is needed itself");
    programmes(network, &few, world).swap_remove(mine)
}
