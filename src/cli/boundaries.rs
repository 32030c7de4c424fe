//! Municipalities and sectors of a survey file, laid on a network.

use crate::domain::{Network, Reported};
use crate::georeferencing::divide;
use crate::io::config::SurveyFile;
use crate::io::network::{AreaKind, read_areas};
use anyhow::Context;

/// Divides a network among the areas of the layers that a survey file names; what the network says of
/// the others stays.
pub fn divided(network: Network, file: &SurveyFile) -> anyhow::Result<Reported<Network>> {
    let mut findings = Vec::new();
    let mut network = network;
    for source in &file.boundaries {
        let areas = read_areas(source, network.plane()).context("[boundaries]")?;
        let areas = areas.drain_into(&mut findings);
        let layer = source.path.display().to_string();
        let division = divide(&network, &areas, &layer).drain_into(&mut findings);
        network = match source.kind {
            AreaKind::Municipalities => network.among_municipalities(division),
            AreaKind::Sectors => network.among_sectors(division),
        };
    }
    Ok(Reported { value: network, findings })
}
