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

/// What each of the works chosen bears of its site: by area, to the cent. Works are in the order of their sections.
pub(super) fn site_costs(
    network: &NetworkState,
    site: Envelopes,
    chosen: &[Choice<'_>],
) -> Vec<Euros> {
    let mut costs = vec![Euros::ZERO; chosen.len()];
    if site == Envelopes::default() {
        return costs;
    }
    let rank_of = |index| chosen.binary_search_by_key(&index, |it| it.index).ok();
    let places = places(chosen);
    for first in sites(network, &places) {
        let envelope = |rank: usize| chosen[rank].works.treatment.envelope;
        let next = |rank: &usize| {
            let after = network.beside(chosen[*rank].index)[1].and_then(rank_of);
            after.filter(|it| envelope(*it) == envelope(*rank))
        };
        let run = || std::iter::successors(rank_of(first), next);
        let area = |rank: usize| chosen[rank].works.area.get();
        let whole: f64 = run().map(area).sum();
        let (mut sum, mut paid) = (0.0, Euros::ZERO);
        for rank in run() {
            let cost = site.of(envelope(rank));
            sum += area(rank);
            let due = if sum < whole { Euros::rounded(cost.get() * sum / whole) } else { cost };
            costs[rank] = due - paid;
            paid = due;
        }
    }
    costs
}
