//! One year's works by incremental benefit over cost.

use super::candidates::Candidate;
use super::room::Means;
use super::select::Choice;
use super::standing::Standing;
use super::worth::Weights;
use super::year::{Ledger, Year};
use crate::domain::{Envelopes, Euros, NetworkState, Treatment, Why, World};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

/// Works that a section may have this year, and what they bring over having none.
struct Offer<'c> {
    works: Candidate<'c>,
    gain: f64,
}

/// A step from one offer of a section to the next dearer one.
struct Step {
    index: usize,
    offer: usize,
    /// Gain for a euro, of what is added.
    ratio: f64,
}

/// Chooses one year's works: what adds most for each euro first, whole or not at all.
///
/// What works bring is their gain over the years left by the objective of the weights, when nothing else is done
/// after them. Of each section only the offers on the efficient frontier stand; the step to a dearer one is paid when
/// its turn comes, the money is there and no other limit of the year is passed.
///
/// # Source
///
/// Incremental benefit/cost, the usual rule of pavement management (DOMAIN.md section 7).
#[must_use]
pub fn select_by_return<'c>(
    network: &NetworkState,
    standings: &[Standing<'_>],
    world: &World<'c>,
    now: Year,
    means: Means,
    weights: &Weights,
) -> Vec<Choice<'c>> {
    let budget = means.money;
    if budget == Envelopes::default() {
        return Vec::new();
    }
    let offers: Vec<Vec<Offer<'c>>> = standings
        .par_iter()
        .with_min_len(256)
        .map(|it| frontier(offers(it, world, now, &means, weights)))
        .collect();
    let mut steps = Vec::new();
    for (index, mine) in offers.iter().enumerate() {
        let (mut gain, mut cost) = (0.0, 0.0);
        for (offer, it) in mine.iter().enumerate() {
            let ratio = (it.gain - gain) / (it.works.cost.get() - cost);
            steps.push(Step { index, offer, ratio });
            (gain, cost) = (it.gain, it.works.cost.get());
        }
    }
    steps.sort_by(|a, b| b.ratio.total_cmp(&a.ratio).then(a.index.cmp(&b.index)));
    let mut ledger = Ledger::new(network, world.rules.site, means);
    let mut taken: Vec<Option<(usize, usize)>> = vec![None; standings.len()];
    for (before, step) in steps.iter().enumerate() {
        let works = &offers[step.index][step.offer].works;
        let last = taken[step.index];
        if let Some((offer, _)) = last {
            ledger.give_back(step.index, &offers[step.index][offer].works);
        }
        let paid = ledger.pay(step.index, works);
        // Taking works back may split a site that others' works had made one, and spent what that saved.
        if paid && !ledger.is_overdrawn() {
            taken[step.index] = Some((step.offer, before + 1));
            continue;
        }
        if paid {
            ledger.give_back(step.index, works);
        }
        if let Some((offer, _)) = last {
            ledger.pay(step.index, &offers[step.index][offer].works);
        }
    }
    let choice = |(index, taken): (usize, &Option<(usize, usize)>)| {
        let (offer, rank) = (*taken)?;
        let it = &offers[index][offer];
        let gain_per_euro = it.gain / it.works.cost.get().max(0.01);
        let why = Why::Return { objective: weights.objective(), gain_per_euro };
        Some(Choice { index, works: it.works, why, rank, instead_of: None })
    };
    taken.iter().enumerate().filter_map(choice).collect()
}

fn offers<'c>(
    standing: &Standing<'_>,
    world: &World<'c>,
    now: Year,
    means: &Means,
    weights: &Weights,
) -> Vec<Offer<'c>> {
    let suits = |(line, it): &(usize, &Treatment)| {
        means.money.of(it.envelope) > Euros::ZERO
            && means.room.allows(it)
            && standing.suits(*line, it, now.year)
    };
    let mut found = world.catalogue.treatments.iter().enumerate().filter(suits).peekable();
    if found.peek().is_none() {
        return Vec::new();
    }
    let idle = weights.play_on(*standing, world, now);
    let offer = |(_, treatment)| {
        let works = Candidate::of(standing, treatment, world.rules, now.rank);
        let mut after = *standing;
        after.treat(treatment, now.year, world);
        Offer { works, gain: weights.play_on(after, world, now) - idle }
    };
    found.map(offer).collect()
}

/// The offers of which no mix of two others gains as much for as little, by cost.
fn frontier(mut all: Vec<Offer<'_>>) -> Vec<Offer<'_>> {
    all.sort_by(|a, b| a.works.cost.cmp(&b.works.cost).then(b.gain.total_cmp(&a.gain)));
    let mut kept: Vec<Offer<'_>> = Vec::with_capacity(all.len());
    let slope = |from: Option<&Offer<'_>>, to: &Offer<'_>| {
        let (gain, cost) = from.map_or((0.0, 0.0), |it| (it.gain, it.works.cost.get()));
        (to.gain - gain) / (to.works.cost.get() - cost).max(1.0e-9)
    };
    for it in all {
        if it.gain <= kept.last().map_or(0.0, |it| it.gain) {
            continue;
        }
        while let Some(last) = kept.last() {
            let before = kept.len().checked_sub(2).map(|rank| &kept[rank]);
            if slope(before, last) > slope(Some(last), &it) {
                break;
            }
            kept.pop();
        }
        kept.push(it);
    }
    kept
}
