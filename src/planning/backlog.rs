//! The works that wait: what the outlook tells, and what an objective may count.

use super::candidates::Candidate;
use super::standing::Standing;
use crate::domain::World;

/// The most suitable of the works that a section waits for, at the prices of a year: the first line of the catalogue that
/// its note and its defects call for.
///
/// Whatever rests after works, or is decided. Chosen: were a section that rests said to wait for nothing, a programme
/// could have the works that wait disappear by cheap upkeep that mends little; one that was to have few of them, over
/// 1,000 sections and fifteen years, ended with 40 % of them hidden so.
pub(super) fn waiting<'c>(
    standing: &Standing<'_>,
    world: &World<'c>,
    rank: u32,
) -> Option<Candidate<'c>> {
    let mut lines = world.catalogue.treatments.iter().enumerate();
    let (_, treatment) = lines.find(|(line, it)| standing.calls_for(*line, it))?;
    Some(Candidate::of(standing, treatment, world.rules, rank))
}
