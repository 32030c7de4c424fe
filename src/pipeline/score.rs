//! From cells to notes.

use crate::domain::{
    Aggregates, Finding, FindingKind, Metres, Network, Reported, ScoringGrid, Section, SectionCuts,
    SectionRating, Survey,
};
use crate::georeferencing::{CutRules, cut};
use crate::scoring::{aggregate, homogeneous, rate_section, tally};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Sections with their notes, and the means over them.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// Every section of the network, by road then cumul.
    pub ratings: Vec<SectionRating>,
    /// Stretches of alike condition, by road then cumul: for the design of works, not of record.
    pub homogeneous: Vec<SectionRating>,
    /// Means over the network, roads, categories, works units, municipalities.
    pub aggregates: Aggregates,
}

/// Cuts the network into sections, and into stretches of alike condition, and notes each from what was
/// seen of it.
///
/// A section nobody filmed has no note. A rated section of which a part was not seen is told.
pub fn score(network: &Network, survey: &Survey, grid: &ScoringGrid) -> Reported<Scored> {
    let (sections, cuts) = (sections(network, grid), grid.section_cuts);
    let rated = |of: &[Section]| -> Vec<SectionRating> {
        let tallied = tally(of, network, &survey.cells).into_par_iter();
        tallied.map(|it| rate_section(it, grid)).collect()
    };
    let ratings = rated(&sections);
    let homogeneous = rated(&homogeneous(network, &survey.cells, grid));
    let mut findings = missing_layers(network, cuts);
    findings.extend(ratings.iter().filter_map(|it| hole(it, network)));
    let aggregates = aggregate(network, &ratings, &grid.classes);
    Reported { value: Scored { ratings, homogeneous, aggregates }, findings }
}

/// The network in sections.
pub(super) fn sections(network: &Network, grid: &ScoringGrid) -> Vec<Section> {
    let (pitch, origin, cuts) = (grid.section_pitch, grid.section_origin, grid.section_cuts);
    cut(network, &CutRules { pitch, origin, cuts })
}

/// Layers of boundaries that sections were to end at, and that nobody gave.
fn missing_layers(network: &Network, cuts: SectionCuts) -> Vec<Finding> {
    let asked = [
        (cuts.municipalities && network.municipalities().is_none(), "municipality"),
        (cuts.sectors && network.sectors().is_none(), "sector"),
    ];
    let missing = asked.into_iter().filter(|it| it.0);
    missing.map(|(_, layer)| Finding::note("", FindingKind::BoundariesMissing { layer })).collect()
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
