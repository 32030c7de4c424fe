//! From cells to notes.

use crate::domain::{
    Aggregates, Finding, FindingKind, Metres, Network, Reported, ScoringGrid, SectionRating, Survey,
};
use crate::georeferencing::cut;
use crate::scoring::{aggregate, rate_section, tally};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Sections with their notes, and the means over them.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// Every section of the network, by road then cumul.
    pub ratings: Vec<SectionRating>,
    /// Means over the network, roads, categories, works units.
    pub aggregates: Aggregates,
}

/// Cuts the network into sections and notes each from what was seen of it.
///
/// A section nobody filmed has no note. A rated section of which a part was not seen is told.
pub fn score(network: &Network, survey: &Survey, grid: &ScoringGrid) -> Reported<Scored> {
    let sections = cut(network, grid.section_pitch, grid.section_origin);
    let ratings: Vec<SectionRating> = tally(&sections, network, &survey.cells)
        .into_par_iter()
        .map(|it| rate_section(it, grid))
        .collect();
    let findings = ratings.iter().filter_map(|it| hole(it, network)).collect();
    let aggregates = aggregate(network, &ratings, &grid.classes);
    Reported { value: Scored { ratings, aggregates }, findings }
}

/// A section filmed in part: its note rests on the rest.
fn hole(rating: &SectionRating, network: &Network) -> Option<Finding> {
    let coverage = rating.rating.coverage();
    let section = &rating.distress.section;
    let missing = section.length().get() * (1.0 - coverage.valid.get());
    // A cell at each end may straddle the section's ends.
    let told = coverage.valid.get() > 0.0 && missing > 10.0;
    told.then(|| {
        let road = &network.roads()[section.road];
        let place = format!("{} {}", road.id, section.id);
        let section = section.id.to_string();
        let kind = FindingKind::SectionCut { section, missing: Metres::of(missing) };
        Finding::note(place, kind)
    })
}
