//! What every programme of one network and horizon starts from.

use super::standing::Standing;
use super::worth::Weights;
use super::year::Year;
use crate::domain::{NetworkState, Score, World};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

/// A network before its first year of works.
#[derive(Clone, Debug)]
pub struct Start<'s> {
    network: &'s NetworkState,
    standings: Vec<Standing<'s>>,
    weights: Weights,
    ng: Score,
    idle: f64,
}

impl<'s> Start<'s> {
    /// A network to programme for `horizon` years.
    #[must_use]
    pub fn new(network: &'s NetworkState, world: &World<'_>, horizon: usize) -> Self {
        let sections = network.sections().par_iter().with_min_len(1024);
        let standings: Vec<_> = sections.map(|it| Standing::new(it, world)).collect();
        Self::of(network, standings, world, horizon)
    }

    /// The same with other standings of its sections.
    pub(super) fn of(
        network: &'s NetworkState,
        standings: Vec<Standing<'s>>,
        world: &World<'_>,
        horizon: usize,
    ) -> Self {
        let weights = Weights::new(network, world.rules, horizon);
        // Nothing done does not depend on the calendar.
        let now = Year { year: 0, rank: 0 };
        let idle = standings.iter().map(|it| weights.play_on(*it, world, now)).sum();
        let ng = mean(&standings);
        Self { network, standings, weights, ng, idle }
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

    /// What the notes of each year count.
    #[must_use]
    pub const fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Area-weighted mean note.
    #[must_use]
    pub const fn ng(&self) -> Score {
        self.ng
    }

    /// Points of NG that `weighted` points of all sections over all years are above doing nothing.
    #[must_use]
    pub fn gain(&self, weighted: f64) -> f64 {
        self.weights.as_points(weighted - self.idle)
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
