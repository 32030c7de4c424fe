//! How sections go to a year under a programme, and what suits one of them there.

use super::asked::Asked;
use crate::domain::{LineAnswer, SectionCourse, WhyNot};
use crate::planning::agenda::{Agenda, keep_free_for_next};
use crate::planning::candidates::Candidate;
use crate::planning::standing::Standing;

/// How every section stands in the year asked about, after the works of the programme before it and before
/// those of that year.
pub(super) fn standings<'a>(asked: &Asked<'a>) -> Vec<Standing<'a>> {
    let (world, network) = (asked.world, asked.network());
    let agenda = Agenda::new(asked.start, asked.scenario, world);
    let mut standings = asked.start.standings().to_vec();
    agenda.book(&mut standings, world);
    for (rank, year) in (0..).zip(asked.scenario.first_year..asked.now.year) {
        for works in asked.programme.works.iter().filter(|it| it.year == year) {
            let line = world.catalogue.treatments.iter().find(|it| it.name == works.treatment);
            let (Some(index), Some(line)) = (network.rank_of(&works.section), line) else {
                continue;
            };
            standings[index].treat(line, year, world);
            keep_free_for_next(agenda.of(index), &mut standings[index], rank, world);
        }
        for it in &mut standings {
            it.grow_older(world.law, year);
        }
    }
    standings
}

/// What the programme does with the section.
pub(super) fn course(asked: &Asked<'_>, standing: &Standing<'_>) -> SectionCourse {
    let section = standing.section();
    SectionCourse {
        category: section.category,
        length: section.length,
        works: asked.works_of(asked.programme).cloned().collect(),
        at_start: section.ng,
        in_year: standing.ng(),
        at_end: asked.programme.final_notes[asked.index].1,
    }
}

/// Every line of the catalogue, and why it does not suit.
pub(super) fn lines(asked: &Asked<'_>, standing: &Standing<'_>) -> Vec<LineAnswer> {
    let (world, now) = (asked.world, asked.now);
    let all = world.catalogue.treatments.iter().enumerate();
    all.map(|(line, it)| LineAnswer {
        treatment: it.name.clone(),
        envelope: it.envelope,
        cost: Candidate::of(standing, it, world.rules, now.rank).cost,
        why_not: standing.why_not(line, it, now.year).or_else(|| {
            let counted = asked.scenario.spending.limits.co2_g.is_some();
            (counted && it.co2_kg_per_m2.is_none()).then_some(WhyNot::EmissionsUnsaid)
        }),
    })
    .collect()
}
