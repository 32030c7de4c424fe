//! Sites: runs of neighbouring sections treated in one year from one envelope.

use super::select::Choice;
use crate::domain::{Envelope, Envelopes, Euros, NetworkState};

/// The first section of each site, of works by section.
pub(super) fn sites<'w>(
    network: &'w NetworkState,
    works: &'w [(usize, Envelope)],
) -> impl Iterator<Item = usize> + 'w {
    let goes_on = |index: usize, envelope: Envelope| {
        let before = network.beside(index)[0];
        let found = before.and_then(|it| works.binary_search_by_key(&it, |it| it.0).ok());
        found.is_some_and(|it| works[it].1 == envelope)
    };
    works.iter().filter(move |it| !goes_on(it.0, it.1)).map(|it| it.0)
}

/// Where works are, and who pays.
pub(super) fn places(chosen: &[Choice<'_>]) -> Vec<(usize, Envelope)> {
    chosen.iter().map(|it| (it.index, it.works.treatment.envelope)).collect()
}

/// What each of the works chosen bears of its site: by area, to the cent.
pub(super) fn site_costs(
    network: &NetworkState,
    site: Envelopes,
    chosen: &[Choice<'_>],
) -> Vec<Euros> {
    let mut costs = vec![Euros::ZERO; chosen.len()];
    if site == Envelopes::default() || chosen.is_empty() {
        return costs;
    }
    let mut of = vec![None; network.sections().len()];
    for (rank, it) in chosen.iter().enumerate() {
        of[it.index] = Some(rank);
    }
    let envelope = |rank: usize| chosen[rank].works.treatment.envelope;
    let mut run: Vec<usize> = Vec::new();
    let mut close = |run: &mut Vec<usize>| {
        let Some(first) = run.first() else { return };
        let cost = site.of(envelope(*first));
        let area = |rank: &usize| chosen[*rank].works.area.get();
        let whole: f64 = run.iter().map(area).sum();
        let (mut sum, mut paid) = (0.0, Euros::ZERO);
        for rank in run.drain(..) {
            sum += area(&rank);
            let due = if sum < whole { Euros::rounded(cost.get() * sum / whole) } else { cost };
            costs[rank] = due - paid;
            paid = due;
        }
    };
    for (index, joins) in network.along() {
        let goes_on = match (of[*index], run.last()) {
            (Some(rank), Some(last)) => *joins && envelope(rank) == envelope(*last),
            _ => false,
        };
        if !goes_on {
            close(&mut run);
        }
        run.extend(of[*index]);
    }
    close(&mut run);
    costs
}
