//! How far the small model is from a published table, and the parameters that bring it nearest.

use super::cohorts::{COHORTS, CohortModel, CohortParameters, Played};
use super::search::{Effort, Found, normal, search};
use crate::domain::{PublishedScenario, PublishedTable};
use fastrand::Rng;
use rayon::prelude::*;

/// Where the search starts: values that nobody fitted.
/// Source: `ROUGH` of the reference that DOMAIN.md section 9.3 names.
pub const ROUGH: CohortParameters = CohortParameters {
    lambda_old: 0.05,
    lambda_renewed: 0.12,
    beta: 0.2,
    shape: 2.0,
    renewal_price: 12.0,
    trigger: 3.0,
    pass_price: 2.5,
    pass_gain: 0.2,
};

/// How far the other starts lie from it, and how wide a search steps at first, in logarithms.
/// Chosen: most rough values are within a factor of 1.5 of the published ones.
const SPREAD: f64 = 0.3;

/// The same of the searches that go on from the best. Chosen: wide enough to leave a dent of the loss.
const CLOSER: f64 = 0.1;

/// Cohorts of the first searches. Chosen: three times faster than 400, and the loss moves by less than
/// it differs between starts.
const FEWER_COHORTS: usize = 200;

/// How hard to search: starts and their effort, then how many of the best go on and theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searches {
    /// Starts, with fewer cohorts.
    pub starts: (u64, Effort),
    /// The best of them that go on, with all cohorts.
    pub closer: (usize, Effort),
}

impl Searches {
    /// For a table as a whole.
    /// Chosen: on Haute-Garonne, four seeds end at losses of 34.6 to 41.5, where gaps under 10 are
    /// undecided (DOMAIN.md section 9.3); with 14 tries a generation, single starts end at 38 to 80.
    pub const WHOLE: Self = Self {
        starts: (8, Effort { tries: 60, calls: 6_000 }),
        closer: (3, Effort { tries: 60, calls: 3_000 }),
    };
    /// For a table less one scenario, as many times as there are scenarios. Chosen: a ninth of the time of
    /// the above; its losses end some 12 higher, but scenarios of Haute-Garonne that it did not see come
    /// out no worse: 0.047 point and 6.1 M€, 0.050 and 6.9 with four times the calls.
    pub const HELD_OUT: Self = Self {
        starts: (2, Effort { tries: 40, calls: 3_000 }),
        closer: (1, Effort { tries: 40, calls: 1_500 }),
    };
}

/// What a parameter may be. Chosen: anything outside is no road; the settings take λ and β up to 5.
const BOUNDS: [(f64, f64); N_PARAMETERS] = [
    (1.0e-4, 5.0),
    (1.0e-4, 5.0),
    (1.0e-4, 5.0),
    (0.05, 20.0),
    (0.1, 1000.0),
    (0.01, 20.0),
    (0.01, 1000.0),
    (1.0e-3, 0.99),
];

/// Parameters of the model. Source: DOMAIN.md section 9.3.
pub const N_PARAMETERS: usize = 8;

impl CohortParameters {
    /// In the order of the fields.
    #[must_use]
    pub const fn to_array(self) -> [f64; N_PARAMETERS] {
        [
            self.lambda_old,
            self.lambda_renewed,
            self.beta,
            self.shape,
            self.renewal_price,
            self.trigger,
            self.pass_price,
            self.pass_gain,
        ]
    }

    /// The other way.
    #[must_use]
    pub const fn from_array(it: [f64; N_PARAMETERS]) -> Self {
        Self {
            lambda_old: it[0],
            lambda_renewed: it[1],
            beta: it[2],
            shape: it[3],
            renewal_price: it[4],
            trigger: it[5],
            pass_price: it[6],
            pass_gain: it[7],
        }
    }

    /// Whether each is within its bounds.
    fn possible(self) -> bool {
        self.to_array().iter().zip(BOUNDS).all(|(it, (low, high))| (low..=high).contains(it))
    }

    pub(super) fn logarithms(self) -> Vec<f64> {
        self.to_array().iter().map(|it| it.ln()).collect()
    }

    pub(super) fn from_logarithms(it: &[f64]) -> Self {
        Self::from_array(std::array::from_fn(|at| it[at].exp()))
    }
}

/// How well parameters give a table back.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFit {
    /// The parameters.
    pub parameters: CohortParameters,
    /// Sum of squares, each note and each sum over how far off it may be.
    pub loss: f64,
    /// What the model gives, scenario by scenario.
    pub rows: Vec<Played>,
    /// Root mean square of what notes are off, points.
    pub rms_note: f64,
    /// Published notes that were compared.
    pub n_notes: usize,
    /// Root mean square of what money spent is off, millions of euros.
    pub rms_spent: f64,
}

/// What notes of a scenario are off, points, ours less theirs: end, high, mean, low when published.
#[must_use]
pub fn note_gaps(ours: &Played, theirs: &PublishedScenario) -> Vec<f64> {
    let whole = [ours.end - theirs.ng_end, ours.high - theirs.ng_high, ours.mean - theirs.ng_mean];
    whole.into_iter().chain(theirs.ng_low.map(|it| ours.low - it)).collect()
}

/// The sum of squares over all scenarios, or all but one; infinite where there is no such road.
pub(super) fn loss(
    table: &PublishedTable,
    parameters: CohortParameters,
    n: usize,
    without: Option<usize>,
) -> f64 {
    let Some(model) = model(table, parameters, n) else { return f64::INFINITY };
    let rows = table.scenarios.iter().enumerate().filter(|it| Some(it.0) != without);
    rows.map(|(_, theirs)| row_loss(table, &model.play(&theirs.budgets), theirs)).sum()
}

fn model(table: &PublishedTable, parameters: CohortParameters, n: usize) -> Option<CohortModel> {
    let surface = table.surface.get() / 1.0e6;
    parameters.possible().then(|| CohortModel::new(parameters, table.ng_start, surface, n))?
}

fn row_loss(table: &PublishedTable, ours: &Played, theirs: &PublishedScenario) -> f64 {
    let mut sum: f64 =
        note_gaps(ours, theirs).iter().map(|it| (it / table.note_within).powi(2)).sum();
    if theirs.ng_low.is_none() {
        // The table says that the note never falls below the start.
        sum += ((table.ng_start - ours.low).max(0.0) / table.note_within).powi(2);
    }
    sum + ((ours.spent - theirs.spent) / table.spent_within).powi(2)
}

/// How well given parameters give a table back; nothing when they are those of no road.
#[must_use]
pub fn judge(table: &PublishedTable, parameters: CohortParameters) -> Option<TableFit> {
    let model = model(table, parameters, COHORTS)?;
    let rows: Vec<_> = table.scenarios.iter().map(|it| model.play(&it.budgets)).collect();
    let pairs = || rows.iter().zip(&table.scenarios);
    let notes: Vec<f64> = pairs().flat_map(|(ours, theirs)| note_gaps(ours, theirs)).collect();
    let spent: Vec<f64> = pairs().map(|(ours, theirs)| ours.spent - theirs.spent).collect();
    Some(TableFit {
        parameters,
        loss: loss(table, parameters, COHORTS, None),
        rms_note: rms(&notes),
        n_notes: notes.len(),
        rms_spent: rms(&spent),
        rows,
    })
}

/// Root mean square; 0 of nothing.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a few hundred values")]
pub fn rms(values: &[f64]) -> f64 {
    let squares: f64 = values.iter().map(|it| it * it).sum();
    (squares / values.len().max(1) as f64).sqrt()
}

/// Fits the model to a table, or to a table without one of its scenarios, from a rough start.
///
/// Several searches start around [`ROUGH`]; the best go on, closer. The same seed gives the same
/// parameters, for any number of threads.
///
/// # Panics
///
/// When `searches` have no start, or none that goes on.
#[must_use]
pub fn fit(
    table: &PublishedTable,
    seed: u64,
    searches: Searches,
    without: Option<usize>,
) -> CohortParameters {
    let (n_starts, effort) = searches.starts;
    let seed_of = |rank: u64| seed.wrapping_mul(1_000).wrapping_add(rank);
    let mut found: Vec<Found> = (0..n_starts)
        .into_par_iter()
        .map(|rank| {
            let mut random = Rng::with_seed(seed_of(rank));
            let mut start = ROUGH.logarithms();
            if rank > 0 {
                for it in &mut start {
                    *it += SPREAD * normal(&mut random);
                }
            }
            search(&start, SPREAD, effort, random.u64(..), |it| {
                loss(table, CohortParameters::from_logarithms(it), FEWER_COHORTS, without)
            })
        })
        .collect();
    found.sort_by(|a, b| a.loss.total_cmp(&b.loss));
    found.truncate(searches.closer.0);
    let closer: Vec<Found> = found
        .into_par_iter()
        .map(|from| {
            search(&from.at, CLOSER, searches.closer.1, seed, |it| {
                loss(table, CohortParameters::from_logarithms(it), COHORTS, without)
            })
        })
        .collect();
    let best = closer.into_iter().min_by(|a, b| a.loss.total_cmp(&b.loss)).expect("one goes on");
    CohortParameters::from_logarithms(&best.at)
}

/// Predicts each scenario by parameters fitted to the others: notes and money off, as [`judge`] has them.
#[must_use]
pub fn held_out(table: &PublishedTable, seed: u64) -> Vec<HeldOut> {
    (0..table.scenarios.len())
        .into_par_iter()
        .filter_map(|rank| {
            let fitted = fit(table, seed, Searches::HELD_OUT, Some(rank));
            let theirs = &table.scenarios[rank];
            let ours = model(table, fitted, COHORTS)?.play(&theirs.budgets);
            let spent = ours.spent - theirs.spent;
            Some(HeldOut { notes: note_gaps(&ours, theirs), spent })
        })
        .collect()
}

/// What a scenario that the fit did not see is off.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    /// Notes, points, ours less theirs.
    pub notes: Vec<f64>,
    /// Money spent, millions of euros, ours less theirs.
    pub spent: f64,
}
