//! The ageing law that two campaigns of one network show.

use super::pairs::{LEAST_PAIRS, SectionPair, Sorted, median, roads, sort};
use super::robust::{BETA, BETAS, FACTORS, Law, OLD, RENEWED, fit, residuals};
use super::table::rms;
use crate::domain::AgeingLaw;
use fastrand::Rng;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Draws of the bootstrap. Chosen: ten of them lie beyond each end of a 90 % interval.
const DRAWS: u64 = 200;

/// Fewest roads that are drawn whole; below, sections are. Chosen: fewer say little of how roads differ.
const LEAST_ROADS: usize = 10;

/// A parameter whose interval spans more than this factor is not determined.
/// Chosen: twice too fast or too slow changes which year a road is renewed by half its life.
const WIDEST: f64 = 4.0;

/// Why two campaigns give no law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CampaignsError {
    /// Too few sections were measured twice.
    #[error(
        "{found} sections are measured by both campaigns without a rise that says works, expected at least {LEAST_PAIRS}"
    )]
    #[expect(missing_docs, reason = "the message names every field")]
    TooFewPairs { found: usize },
}

/// What is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// λ of an old surface, points a year.
    LambdaOld,
    /// β, per point.
    Beta,
    /// λ of a renewed surface, points a year.
    LambdaRenewed,
    /// The factor of a road category.
    Factor(u8),
}

/// Why a value is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The data determine it.
    Fitted,
    /// They do not: it is that of the settings, and the others were fitted with it.
    Undetermined,
    /// Too few pairs speak of it, so many: it is that of the settings.
    TooFew(usize),
}

/// One value of the law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Which.
    pub quantity: Quantity,
    /// Its value.
    pub value: f64,
    /// Where nine draws of the bootstrap in ten lie; of what was not determined, when it was tried.
    pub interval: Option<(f64, f64)>,
    /// Why it is what it is.
    pub standing: Standing,
}

/// How far the second notes are from what a law says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Misfit {
    /// Root mean square, points.
    pub rms: f64,
    /// Mean of measured less said, points.
    pub mean: f64,
}

/// The law of two campaigns.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignsFit {
    /// The law, whole: what was fitted, and the rest as it was.
    pub law: AgeingLaw,
    /// Value by value.
    pub estimates: Vec<Estimate>,
    /// How fitted values go together over the draws, -1 to 1.
    pub correlations: Vec<(Quantity, Quantity, f64)>,
    /// Pairs given, those presumed to have had works and left out, those said to be renewed.
    pub n_pairs: usize,
    /// Left out.
    pub n_works: usize,
    /// Said to be renewed.
    pub n_renewed: usize,
    /// The category whose factor is one.
    pub common: u8,
    /// Categories with too few pairs for a factor, and how many they have.
    pub few: Vec<(u8, usize)>,
    /// Misfit of the law that was given.
    pub before: Misfit,
    /// Misfit of the one that was fitted.
    pub after: Misfit,
    /// Noise of one note, points: the standard deviation of most pairs from the law.
    pub noise: f64,
    /// Roads that the pairs lie on, and whether roads were drawn whole.
    pub n_roads: usize,
    /// Whether the bootstrap drew roads rather than sections.
    pub by_road: bool,
}

/// Fits the law to two campaigns so many years apart; `given` stands for what they do not tell.
///
/// Robust orthogonal regression of what each section had lost. Values whose interval spans more than a
/// factor of four are not determined: each in turn is put back to what was given, and the others are fitted
/// again. The same seed gives the same law, for any number of threads.
///
/// # Errors
///
/// When fewer than thirty sections were measured twice.
pub fn fit_campaigns(
    pairs: &[SectionPair],
    years: f64,
    given: &AgeingLaw,
    seed: u64,
) -> Result<CampaignsFit, CampaignsError> {
    let enough = |sorted: Sorted| match sorted.kept.len() {
        found if found < LEAST_PAIRS => Err(CampaignsError::TooFewPairs { found }),
        _ => Ok(sorted),
    };
    let first = enough(sort(pairs, years, None))?;
    // What noise is can be told once surfaces are known to age unlike.
    let noise = fitted(&first, given, &[]).1;
    let sorted = enough(sort(pairs, years, Some(noise)))?;
    let quantities = quantities(&sorted);
    let n_old = sorted.kept.len() - sorted.n_renewed;
    let mut standings = vec![Standing::Fitted; quantities.len()];
    let mut intervals = vec![None; quantities.len()];
    for (rank, n) in [(OLD, n_old), (RENEWED, sorted.n_renewed)] {
        if n < LEAST_PAIRS {
            standings[rank] = Standing::TooFew(n);
        }
    }
    let by_road = roads(&sorted.kept).len() >= LEAST_ROADS;
    let (law, noise, draws) = loop {
        let (law, noise) = fitted(&sorted, given, &standings);
        let draws = bootstrap(&sorted, &law, noise, (seed, by_road));
        for (rank, interval) in intervals.iter_mut().enumerate() {
            if standings[rank] == Standing::Fitted {
                *interval = Some(nine_in_ten(&draws, rank));
            }
        }
        let is_free = |rank: usize| standings[rank] == Standing::Fitted;
        let wide = |rank: &usize| {
            let spans = |(low, high): (f64, f64)| high > WIDEST * low;
            let ends = |(_, high): (f64, f64)| *rank == BETA && high >= BETAS.1;
            is_free(*rank) && intervals[*rank].is_none_or(|it| spans(it) || ends(it))
        };
        let mut order = [BETA].into_iter().chain(FACTORS..quantities.len()).chain([RENEWED, OLD]);
        match order.find(wide) {
            // With β held, λ is often well known.
            Some(OLD | RENEWED) if is_free(BETA) => standings[BETA] = Standing::Undetermined,
            Some(rank) => standings[rank] = Standing::Undetermined,
            None => break (law, noise, draws),
        }
    };
    let start = start(given, &sorted, &[]);
    let value = |rank: usize| law.natural(rank);
    let estimates = (0..quantities.len()).map(|rank| Estimate {
        quantity: quantities[rank],
        value: value(rank),
        interval: intervals[rank],
        standing: standings[rank],
    });
    let misfit = |law: &Law| misfit(&sorted, law);
    Ok(CampaignsFit {
        estimates: estimates.collect(),
        law: whole(&law, given, &sorted),
        correlations: correlations(&quantities, &law, &draws),
        n_pairs: pairs.len(),
        n_works: sorted.n_works,
        n_renewed: sorted.n_renewed,
        before: misfit(&start),
        after: misfit(&law),
        noise,
        n_roads: roads(&sorted.kept).len(),
        by_road,
        common: sorted.common,
        few: sorted.few.clone(),
    })
}

fn quantities(sorted: &Sorted) -> Vec<Quantity> {
    let common = [Quantity::LambdaOld, Quantity::Beta, Quantity::LambdaRenewed];
    common.into_iter().chain(sorted.factors.iter().map(|it| Quantity::Factor(*it))).collect()
}

/// The law fitted to what is not held, and the noise of one note.
fn fitted(sorted: &Sorted, given: &AgeingLaw, standings: &[Standing]) -> (Law, f64) {
    let mut law = start(given, sorted, standings);
    let once = vec![1.0; sorted.kept.len()];
    let noise = fit(&sorted.kept, &sorted.passages, &once, &mut law, None);
    (law, noise)
}

/// The law that was given, its λ that of the commonest category; what does not stand as fitted is held.
fn start(given: &AgeingLaw, sorted: &Sorted, standings: &[Standing]) -> Law {
    let factor = |category| given.category_factors.get(&category).copied().unwrap_or(1.0);
    let common = factor(sorted.common);
    let lambda = |renewed| given.lambda(sorted.common, renewed);
    let mut natural = vec![lambda(false), given.beta, lambda(true)];
    natural.extend(sorted.factors.iter().map(|it| factor(*it) / common));
    let free = |rank| standings.get(rank).is_none_or(|it| *it == Standing::Fitted);
    let free = (0..natural.len()).map(free).collect();
    let usual = [false, true].map(|renewed| {
        let these = sorted.kept.iter().filter(|it| it.0.renewed.is_some() == renewed);
        let between = |it: &(SectionPair, usize)| f64::midpoint(it.0.lost().0, it.0.lost().1);
        median(&these.map(between).collect::<Vec<_>>())
    });
    Law::new(&natural, free, usual)
}

/// The law in the words of the settings.
fn whole(law: &Law, given: &AgeingLaw, sorted: &Sorted) -> AgeingLaw {
    let mut category_factors: BTreeMap<u8, f64> = given.category_factors.clone();
    category_factors.remove(&sorted.common);
    // λ is now that of the commonest category: what is not fitted keeps its own pace.
    let common = given.category_factors.get(&sorted.common).copied().unwrap_or(1.0);
    for it in category_factors.values_mut() {
        *it /= common;
    }
    for (category, _) in &sorted.few {
        category_factors.entry(*category).or_insert(1.0 / common);
    }
    for (rank, category) in sorted.factors.iter().enumerate() {
        category_factors.insert(*category, law.natural(FACTORS + rank));
    }
    AgeingLaw {
        lambda_old: law.natural(OLD),
        lambda_renewed: law.natural(RENEWED),
        beta: law.natural(BETA),
        category_factors,
    }
}

/// The values of the law, fitted anew to draws with replacement.
fn bootstrap(
    sorted: &Sorted,
    law: &Law,
    noise: f64,
    (seed, by_road): (u64, bool),
) -> Vec<Vec<f64>> {
    let road_ranks: BTreeMap<usize, usize> = roads(&sorted.kept).into_iter().zip(0..).collect();
    let cluster = |at: usize| {
        if by_road { road_ranks[&sorted.kept[at].0.road] } else { at }
    };
    let clusters: Vec<usize> = (0..sorted.kept.len()).map(cluster).collect();
    let n = if by_road { road_ranks.len() } else { clusters.len() };
    (0..DRAWS)
        .into_par_iter()
        .map(|draw| {
            let mut random = Rng::with_seed(seed.wrapping_mul(DRAWS).wrapping_add(draw));
            let mut counts = vec![0.0; n];
            (0..n).for_each(|_| counts[random.usize(..n)] += 1.0);
            let times: Vec<f64> = clusters.iter().map(|it| counts[*it]).collect();
            let mut law = law.clone();
            fit(&sorted.kept, &sorted.passages, &times, &mut law, Some(noise));
            (0..law.free.len()).map(|it| law.natural(it)).collect()
        })
        .collect()
}

/// Where nine draws in ten lie.
fn nine_in_ten(draws: &[Vec<f64>], rank: usize) -> (f64, f64) {
    let mut values: Vec<f64> = draws.iter().map(|it| it[rank]).collect();
    values.sort_by(f64::total_cmp);
    let end = values.len() / 20;
    (values[end], values[values.len() - 1 - end])
}

fn correlations(
    quantities: &[Quantity],
    law: &Law,
    draws: &[Vec<f64>],
) -> Vec<(Quantity, Quantity, f64)> {
    let free: Vec<usize> = (0..quantities.len()).filter(|it| law.free[*it]).collect();
    let mut found = Vec::new();
    for (at, one) in free.iter().enumerate() {
        for other in &free[at + 1..] {
            let product = |a: usize, b: usize| -> f64 {
                let [mean_a, mean_b] = [a, b].map(|it| mean(draws.iter().map(|draw| draw[it])));
                mean(draws.iter().map(|draw| (draw[a] - mean_a) * (draw[b] - mean_b)))
            };
            let scale = (product(*one, *one) * product(*other, *other)).sqrt();
            if scale > 0.0 {
                found.push((quantities[*one], quantities[*other], product(*one, *other) / scale));
            }
        }
    }
    found
}

#[expect(clippy::cast_precision_loss, reason = "a network has some ten thousand sections")]
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0_usize), |(sum, n), it| (sum + it, n + 1));
    sum / n.max(1) as f64
}

/// Measured less said, along the second note.
fn misfit(sorted: &Sorted, law: &Law) -> Misfit {
    let across = residuals(&sorted.kept, &sorted.passages, law);
    let along: Vec<f64> = across
        .iter()
        .zip(&sorted.kept)
        // What is lost more than said is a note that is lower than said.
        .map(|(it, (_, rank))| -it * law.line(sorted.passages[*rank]).0.hypot(1.0))
        .collect();
    Misfit { rms: rms(&along), mean: mean(along.iter().copied()) }
}

#[cfg(test)]
mod tests;
