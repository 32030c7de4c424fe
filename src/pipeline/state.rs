//! From a base to what is programmed.

use super::decided::on_sections;
use super::score::sections;
use crate::domain::{
    Catalogue, Commitments, Network, NetworkState, NetworkStateError, Refused, Scenario,
    ScoringGrid, Section, SectionRating, SectionState, World, nearest,
};
use std::collections::{BTreeMap, BTreeSet};

/// Whether settings fit a network, noted or not yet: scenarios that serve those who drive know the traffic of every
/// section, and the places that treatments name are there.
///
/// # Errors
///
/// [`NetworkStateError::NoTraffic`], with the categories that nobody named; [`NetworkStateError::NoPlace`].
pub fn settings_fit(
    network: &Network,
    scenarios: &[Scenario],
    grid: &ScoringGrid,
    world: &World<'_>,
) -> Result<(), NetworkStateError> {
    let sections = sections(network, grid);
    places_are_there(network, &sections, world.catalogue)?;
    let category = |it: &Section| network.roads()[it.road].category;
    let categories = || sections.iter().map(category);
    scenarios.iter().try_for_each(|it| world.rules.traffic_is_known(it, categories()))
}

/// Whether some section lies in every place that a treatment names: a name written wrong would be a rule that is not
/// kept.
fn places_are_there<'s>(
    network: &Network,
    sections: impl IntoIterator<Item = &'s Section>,
    catalogue: &Catalogue,
) -> Result<(), NetworkStateError> {
    if catalogue.treatments.iter().all(|it| it.trigger.places.names().next().is_none()) {
        return Ok(());
    }
    let known: BTreeSet<_> = sections.into_iter().flat_map(|it| network.places_of(it)).collect();
    for it in &catalogue.treatments {
        if let Some((word, place)) = it.trigger.places.names().find(|it| !known.contains(it.1)) {
            return Err(NetworkStateError::NoPlace {
                treatment: it.name.clone(),
                word,
                place: place.clone(),
                nearest: nearest(place, known.iter().map(String::as_str), NEAREST),
            });
        }
    }
    Ok(())
}

/// Names told instead of one that is not there. Chosen: enough for a slip of the pen.
const NEAREST: usize = 3;

/// The sections that have a note, in their sectors, with what is decided about them; and what is decided of no place.
///
/// # Errors
///
/// When no section has a note, a scenario serves users of roads whose traffic is not known, or a treatment names a
/// place that is not there.
pub(super) fn network_state(
    network: &Network,
    ratings: &[SectionRating],
    scenarios: &[Scenario],
    commitments: Commitments,
    world: &World<'_>,
) -> Result<(NetworkState, Vec<Refused>), NetworkStateError> {
    let all = ratings.iter().map(|it| &it.distress.section);
    places_are_there(network, all, world.catalogue)?;
    let states: Vec<_> = ratings.iter().filter_map(|it| SectionState::of(it, network)).collect();
    let state = NetworkState::new(states)?;
    scenarios.iter().try_for_each(|it| state.traffic_is_known(it, world.rules))?;
    let sections: BTreeMap<_, _> =
        ratings.iter().map(|it| (&it.distress.section.id, &it.distress.section)).collect();
    let noted: Vec<_> = state.sections().iter().map(|it| sections[&it.id]).collect();
    let sectors: Vec<_> = noted.iter().map(|it| network.sector_of(it)).collect();
    let (commitments, nowhere) = on_sections(network, &noted, scenarios, commitments);
    Ok((state.in_sectors(&sectors).committed(commitments), nowhere))
}
