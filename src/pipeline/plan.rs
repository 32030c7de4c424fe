//! From notes to programmes.

use super::state::network_state;
use super::survey::Progress;
use crate::domain::{
    Commitments, Draws, Finding, FindingKind, Indicators, Network, NetworkState, NetworkStateError,
    Outlook, PlanDoubt, Programme, Prospect, Reported, Scenario, SectionRating, SectorEnvelopes,
    SectorShares, SiteLimit, World,
};
use crate::planning::{
    indicators, meets_target, n_draws, outlook, passed_limits, programmes_told, prospects, refused,
};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

/// One programme for each scenario, and the engineers' table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Works and notes, in the scenarios' order.
    pub programmes: Vec<Programme>,
    /// One row for each programme.
    pub indicators: Vec<Indicators>,
    /// What each programme leaves behind it, year by year.
    pub outlooks: Vec<Outlook>,
    /// What may become of the network under each programme; nothing when nothing was drawn.
    pub prospects: Vec<Prospect>,
}

/// Plays every scenario over the sections that have a note; the others are told, not guessed, and so is what
/// could not be imposed. `progress` is told of programmes, then of worlds drawn, as of the frames of a clip.
///
/// # Errors
///
/// When no section has a note, a scenario serves users of roads whose traffic is not known, or a treatment names a
/// place that is not there.
pub fn plan(
    network: &Network,
    ratings: &[SectionRating],
    scenarios: &[Scenario],
    commitments: Commitments,
    (doubt, draws): (PlanDoubt, Draws),
    world: &World<'_>,
    progress: &dyn Progress,
) -> Result<Reported<Plan>, NetworkStateError> {
    let (state, nowhere) = network_state(network, ratings, scenarios, commitments, world)?;
    let n_sections = ratings.len() - state.sections().len();
    progress.clip("plan", scenarios.len());
    let programmes = programmes_told(&state, scenarios, world, &|| progress.frame());
    let outlooks = programmes.par_iter().map(|it| outlook(&state, it, world)).collect();
    let without =
        (n_sections > 0).then(|| Finding::note("", FindingKind::SectionWithoutNote { n_sections }));
    let refused = programmes.iter().flat_map(|it| refused(&state, &it.scenario, world));
    let refused = nowhere.into_iter().chain(refused).map(|it| {
        Finding::loss(it.section.as_str(), FindingKind::CommitmentRefused(Box::new(it.clone())))
    });
    let unmet = programmes.iter().filter(|it| !meets_target(it)).map(|it| {
        let kind = FindingKind::TargetNotMet { words: it.scenario.words.clone() };
        Finding::loss(it.scenario.name.as_str(), kind)
    });
    let amiss = scenarios.iter().flat_map(|it| amiss_between_sectors(&state, it));
    let limits = programmes.iter().flat_map(|it| limits_told(&state, &it.scenario, world));
    let findings =
        without.into_iter().chain(refused).chain(unmet).chain(amiss).chain(limits).collect();
    progress.clip("Monte Carlo", n_draws(programmes.len(), draws));
    let prospects = prospects(&state, &programmes, world, doubt, draws, &|| progress.frame());
    let indicators = programmes.iter().map(indicators).collect();
    Ok(Reported { value: Plan { programmes, indicators, outlooks, prospects }, findings })
}

/// Money of a scenario that goes to sectors where no section has a note, and sectors that get none of what is
/// divided.
fn amiss_between_sectors(network: &NetworkState, scenario: &Scenario) -> Vec<Finding> {
    let Some(SectorEnvelopes { shares: SectorShares::Named(all), .. }) = &scenario.spending.sectors
    else {
        return Vec::new();
    };
    let known = network.sectors();
    let unknown = all.keys().filter(|it| !known.contains(it)).map(|it| {
        let kind = FindingKind::SectorUnknown { sector: it.clone(), known: known.to_vec() };
        Finding::loss(scenario.name.as_str(), kind)
    });
    let unfunded = known.iter().filter(|it| !all.contains_key(*it)).map(|it| {
        Finding::note(scenario.name.as_str(), FindingKind::SectorUnfunded { sector: it.clone() })
    });
    unknown.chain(unfunded).collect()
}

/// What is to be known about the yearly limits of a scenario: sectors that are none, treatments whose emissions nobody
/// said, years whose limits imposed works pass.
fn limits_told(network: &NetworkState, scenario: &Scenario, world: &World<'_>) -> Vec<Finding> {
    let limits = &scenario.spending.limits;
    let name = scenario.name.as_str();
    let known = network.sectors();
    let sectors = match &limits.sites {
        Some(SiteLimit::Sectors(all)) => all.keys().filter(|it| !known.contains(it)).collect(),
        _ => Vec::new(),
    };
    let nobody = sectors.into_iter().map(|it| {
        let kind = FindingKind::LimitOfNobody { sector: it.clone(), known: known.to_vec() };
        Finding::loss(name, kind)
    });
    let unsaid = world.catalogue.treatments.iter().filter(|it| it.co2_kg_per_m2.is_none());
    let treatments: Vec<_> = unsaid.map(|it| it.name.clone()).collect();
    let unsaid = (limits.co2_g.is_some() && !treatments.is_empty())
        .then(|| Finding::note(name, FindingKind::EmissionsUnsaid { treatments }));
    let passed = passed_limits(network, scenario, world)
        .into_iter()
        .map(|it| Finding::loss(name, FindingKind::LimitPassed(it)));
    nobody.chain(unsaid).chain(passed).collect()
}
