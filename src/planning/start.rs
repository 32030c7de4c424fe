//! What every programme of one network and horizon starts from.

use super::standing::Standing;
use super::worth::Weights;
use super::year::Year;
use crate::domain::{NetworkState, Objective, Score, World, Worth};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

/// A network before its first year of works.
#[derive(Clone, Debug)]
pub struct Start<'s> {
    network: &'s NetworkState,
    standings: Vec<Standing<'s>>,
    weights: Weights,
    /// The weights by condition, where the objective is another.
    condition: Option<Weights>,
    ng: Score,
    idle: Sums,
}

/// What all sections have over all years, weighted: by the objective, and by condition.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) objective: f64,
    pub(super) condition: f64,
}

impl<'s> Start<'s> {
    /// A network to programme for `horizon` years, by an objective.
    ///
    /// # Panics
    ///
    /// When users are to be served on roads of which the traffic is not known:
    /// [`NetworkState::traffic_is_known`] tells.
    #[must_use]
    pub fn new(
        network: &'s NetworkState,
        world: &World<'_>,
        horizon: usize,
        objective: Objective,
    ) -> Self {
        let sections = network.sections().par_iter().with_min_len(1024);
        let standings: Vec<_> = sections.map(|it| Standing::new(it, world)).collect();
        Self::of(network, standings, world, horizon, objective)
    }

    /// The same with other standings of its sections.
    pub(super) fn of(
        network: &'s NetworkState,
        standings: Vec<Standing<'s>>,
        world: &World<'_>,
        horizon: usize,
        objective: Objective,
    ) -> Self {
        let weights = Weights::new(network, world.rules, horizon, objective);
        let condition = (objective != Objective::Condition)
            .then(|| Weights::new(network, world.rules, horizon, Objective::Condition));
        // Nothing done does not depend on the calendar.
        let now = Year { year: 0, rank: 0 };
        let idle =
            |by: &Weights| -> f64 { standings.iter().map(|it| by.play_on(*it, world, now)).sum() };
        let own = idle(&weights);
        let idle = Sums { objective: own, condition: condition.as_ref().map_or(own, idle) };
        let ng = mean(&standings);
        Self { network, standings, weights, condition, ng, idle }
    }

    /// The same sections, of which others are neighbours.
    pub(super) fn on<'a>(&self, network: &'a NetworkState) -> Start<'a>
    where
        's: 'a,
    {
        Start { network, ..self.clone() }
    }

    /// The sections.
    #[must_use]
    pub const fn network(&self) -> &'s NetworkState {
        self.network
    }

    /// How each section stands, in the order of the network.
    #[must_use]
    pub fn standings(&self) -> &[Standing<'s>] {
        &self.standings
    }

    /// What each section counts in each year, by the objective.
    #[must_use]
    pub const fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Area-weighted mean note.
    #[must_use]
    pub const fn ng(&self) -> Score {
        self.ng
    }

    /// What a programme is worth that comes to these sums.
    pub(super) fn worth(&self, it: Sums) -> Worth {
        let by_condition = self.condition.as_ref().unwrap_or(&self.weights);
        Worth {
            objective: self.weights.objective(),
            gain: self.weights.as_mean(it.objective - self.idle.objective),
            bound: None,
            condition: by_condition.as_mean(it.condition - self.idle.condition),
        }
    }
}

/// Area-weighted mean note.
fn mean(standings: &[Standing<'_>]) -> Score {
    let (mut points, mut area) = (0.0, 0.0);
    for it in standings {
        points += it.ng().points() * it.area().get();
        area += it.area().get();
    }
    Score::clamped(points / area)
}
