//! From notes and a question to its answer.

use super::state::network_state;
use super::survey::Progress;
use crate::domain::{
    Answer, Commitments, Network, Question, QuestionError, Scenario, SectionRating, World,
};
use crate::planning::question::{answer, most_plays};

/// What it would take for a section to have works in a year, from the very inputs of [`plan`](super::plan()).
///
/// `progress` is told of the programmes that are played, as of the frames of a clip.
///
/// # Errors
///
/// When no section has a note, a scenario serves users of roads whose traffic is not known, or a treatment or the
/// question names what is not there.
pub fn ask(
    network: &Network,
    ratings: &[SectionRating],
    (scenarios, commitments): (&[Scenario], Commitments),
    question: &Question,
    world: &World<'_>,
    progress: &dyn Progress,
) -> Result<Answer, QuestionError> {
    let (state, _) = network_state(network, ratings, scenarios, commitments, world)
        .map_err(QuestionError::NoNetwork)?;
    let known = ratings.iter().any(|it| it.distress.section.id == question.section);
    if known && state.rank_of(&question.section).is_none() {
        return Err(QuestionError::NoNote(question.section.clone()));
    }
    if let Some(it) = scenarios.iter().find(|it| it.name == question.scenario) {
        progress.clip(&it.name, most_plays(it) as usize);
    }
    answer(&state, scenarios, question, world, &|| progress.frame())
}
