//! How far each parameter may move, all others following, before a table is no longer given back.

use super::cohorts::{COHORTS, CohortParameters};
use super::search::{Effort, search};
use super::table::{N_PARAMETERS, loss};
use crate::domain::PublishedTable;
use rayon::prelude::*;

/// How much the loss may rise. Source: DOMAIN.md section 9.3, gaps under 10 are undecided.
pub const UNDECIDED: f64 = 10.0;

/// How far a parameter is moved at once, and how often, in logarithms. Chosen: 15 % a step, to a factor of
/// 2.3; what may move as far is not determined.
const STEP: f64 = 0.14;
/// Steps on each side. Chosen: as above.
const STEPS: u32 = 6;

/// How the others follow. Chosen: with 20 tries and 400 calls, ranges of Haute-Garonne are narrower by a fifth
/// to a half, and the best loss met is 36.1, not 33.6; this takes four times as long.
const FOLLOW: Effort = Effort { tries: 30, calls: 1_500 };
/// How wide that search steps at first, in logarithms. Chosen: half a step of the parameter.
const FOLLOW_SPREAD: f64 = 0.07;

/// How far one parameter may move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterRange {
    /// Its least and its most.
    pub low: f64,
    /// Most.
    pub high: f64,
    /// Whether the loss never rose enough below, and above: the range goes on.
    pub open: (bool, bool),
}

/// The profile of a table round its best parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The best parameters: those given, or better ones that were met on the way.
    pub best: CohortParameters,
    /// The range of each parameter, in the order of [`CohortParameters::to_array`].
    pub ranges: [ParameterRange; N_PARAMETERS],
}

/// Moves each parameter away from its best step by step, the others following, until the loss has risen by
/// [`UNDECIDED`] or the parameter by a factor of 2.3.
///
/// # Source
///
/// Profile likelihood: Raue and others, *Bioinformatics* 25 (2009), 1923-1929. The others follow by a short
/// search, so that a range may be wider than is told, never narrower.
#[must_use]
pub fn profile(table: &PublishedTable, best: CohortParameters, seed: u64) -> Profile {
    let ways: Vec<(usize, f64)> =
        (0..N_PARAMETERS).flat_map(|it| [(it, -STEP), (it, STEP)]).collect();
    let start = (best.logarithms(), loss(table, best, COHORTS, None));
    let walked: Vec<Vec<(Vec<f64>, f64)>> =
        ways.into_par_iter().map(|(rank, by)| walk(table, &start, (rank, by), seed)).collect();
    let all = walked.iter().flatten().chain([&start]);
    let least = all.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(&start);
    let bound = least.1 + UNDECIDED;
    // The range of a parameter is that of every place met that is as good: other walks meet some too.
    let good = || walked.iter().flatten().chain([&start]).filter(|it| it.1 <= bound);
    let ranges = std::array::from_fn(|rank| {
        let values = || good().map(|it| it.0[rank].exp());
        let open = |side: usize| walked[2 * rank + side].last().is_some_and(|it| it.1 <= bound);
        ParameterRange {
            low: values().fold(f64::INFINITY, f64::min),
            high: values().fold(0.0, f64::max),
            open: (open(0), open(1)),
        }
    });
    Profile { best: CohortParameters::from_logarithms(&least.0), ranges }
}

/// One parameter, one way: where the others went at each step, and the loss there.
fn walk(
    table: &PublishedTable,
    start: &(Vec<f64>, f64),
    (rank, by): (usize, f64),
    seed: u64,
) -> Vec<(Vec<f64>, f64)> {
    let mut places = Vec::new();
    let mut at = start.0.clone();
    for step in 0..STEPS {
        at[rank] += by;
        let held = at[rank];
        let whole = |others: &[f64]| {
            let mut place = others.to_vec();
            place.insert(rank, held);
            place
        };
        let mut others = at.clone();
        others.remove(rank);
        let found = search(&others, FOLLOW_SPREAD, FOLLOW, seed.wrapping_add(step.into()), |it| {
            loss(table, CohortParameters::from_logarithms(&whole(it)), COHORTS, None)
        });
        at = whole(&found.at);
        places.push((at.clone(), found.loss));
        // Dents of the loss are no end; twice as much is.
        if found.loss > start.1 + 2.0 * UNDECIDED {
            break;
        }
    }
    places
}
