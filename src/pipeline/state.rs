//! From a base to what is programmed.

use super::decided::on_sections;
use super::score::sections;
use crate::domain::{
    Commitments, Network, NetworkState, NetworkStateError, PlanRules, Refused, Scenario,
    ScoringGrid, Section, SectionRating, SectionState,
};
use std::collections::BTreeMap;

/// Whether scenarios that serve those who drive know the traffic of every section of a network, noted or not yet.
///
/// # Errors
///
/// [`NetworkStateError::NoTraffic`], with the categories that nobody named.
pub fn traffic_is_known(
    network: &Network,
    scenarios: &[Scenario],
    grid: &ScoringGrid,
    rules: &PlanRules,
) -> Result<(), NetworkStateError> {
    let sections = sections(network, grid);
    let category = |it: &Section| network.roads()[it.road].category;
    scenarios.iter().try_for_each(|it| rules.traffic_is_known(it, sections.iter().map(category)))
}

/// The sections that have a note, in their sectors, with what is decided about them; and what is decided of no place.
///
/// # Errors
///
/// When no section has a note, or a scenario serves users of roads whose traffic is not known.
pub(super) fn network_state(
    network: &Network,
    ratings: &[SectionRating],
    scenarios: &[Scenario],
    commitments: Commitments,
    rules: &PlanRules,
) -> Result<(NetworkState, Vec<Refused>), NetworkStateError> {
    let states: Vec<_> = ratings.iter().filter_map(|it| SectionState::of(it, network)).collect();
    let state = NetworkState::new(states)?;
    scenarios.iter().try_for_each(|it| state.traffic_is_known(it, rules))?;
    let sections: BTreeMap<_, _> =
        ratings.iter().map(|it| (&it.distress.section.id, &it.distress.section)).collect();
    let noted: Vec<_> = state.sections().iter().map(|it| sections[&it.id]).collect();
    let sectors: Vec<_> = noted.iter().map(|it| network.sector_of(it)).collect();
    let (commitments, nowhere) = on_sections(network, &noted, scenarios, commitments);
    Ok((state.in_sectors(&sectors).committed(commitments), nowhere))
}
