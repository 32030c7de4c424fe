//! Where a section stands in the queue of a year, and the starting note that would have brought it in.

use super::asked::Asked;
use crate::domain::{Programme, QueuePlace, Score, SelectionRule, StartingNote, Why};
use crate::planning::candidates::candidates;
use crate::planning::standing::Standing;
use crate::planning::start::Start;

/// How many lower starting notes are tried, and how often the stretch before the first that does it is halved.
/// Chosen: the note is then known to an eightieth of what it is, a sixth of a point at most.
const TRIED: (u32, u32) = (5, 4);

/// Most programmes for a starting note.
pub(super) const fn most_plays() -> u32 {
    TRIED.0 + TRIED.1
}

/// What a queue is sorted by, the name aside; nothing for rules that know no queue.
fn key(rule: SelectionRule, it: &Standing<'_>) -> Option<(u8, f64)> {
    match rule {
        SelectionRule::WorstFirst => Some((0, it.ng().points())),
        SelectionRule::Threshold => Some((it.section().category, it.ng().points())),
        SelectionRule::BenefitCost | SelectionRule::Optimised => None,
    }
}

/// The section's place among those that some works suit.
pub(super) fn place(asked: &Asked<'_>, standings: &[Standing<'_>]) -> Option<QueuePlace> {
    let rule = asked.scenario.selection;
    let mine = key(rule, &standings[asked.index])?;
    let is_before = |(index, (category, note)): (usize, (u8, f64))| {
        category.cmp(&mine.0).then(note.total_cmp(&mine.1)).then(index.cmp(&asked.index)).is_lt()
    };
    let (mut waiting, mut before, mut waits) = (0, 0, false);
    for (index, it) in standings.iter().enumerate() {
        if candidates(it, asked.world, asked.now)[0].is_none() {
            continue;
        }
        waiting += 1;
        waits |= index == asked.index;
        before += usize::from(key(rule, it).is_some_and(|it| is_before((index, it))));
    }
    let works = asked.programme.works.iter().filter(|it| it.year == asked.now.year);
    let served: Vec<_> = works.filter(|it| it.reason.why != Why::Imposed).collect();
    let network = asked.network();
    let last = served.iter().max_by_key(|it| it.reason.rank).and_then(|it| {
        let section = &network.sections()[network.rank_of(&it.section)?];
        Some((section.category, it.before))
    });
    waits.then_some(QueuePlace { place: before + 1, waiting, served: served.len(), last })
}

/// The highest starting note of those tried, from its own down, with which the section has works by the year
/// asked about; nothing when it has some by then as it is.
pub(super) fn starting_note(asked: &Asked<'_>) -> Option<StartingNote> {
    let mut standings = asked.start.standings().to_vec();
    let own = standings[asked.index];
    key(asked.scenario.selection, &own)?;
    let first =
        |it: &Programme| asked.works_of(it).map(|it| it.year).find(|it| *it <= asked.now.year);
    if first(asked.programme).is_some() || own.ng() == Score::WORST {
        return None;
    }
    let mut play = |points: f64| {
        standings[asked.index] = own.instead(Score::clamped(points), 1.0);
        let Asked { scenario, world, .. } = *asked;
        let (horizon, objective) = (scenario.budgets.len(), scenario.objective);
        let start = Start::of(asked.network(), standings.clone(), world, horizon, objective);
        first(&asked.play(&start, asked.scenario))
    };
    let mut above = own.ng().points();
    let step = above / f64::from(TRIED.0);
    for rank in (0..TRIED.0).rev() {
        let mut points = step * f64::from(rank);
        let Some(mut year) = play(points) else {
            above = points;
            continue;
        };
        for _ in 0..TRIED.1 {
            let middle = f64::midpoint(points, above);
            match play(middle) {
                Some(by) => (points, year) = (middle, by),
                None => above = middle,
            }
        }
        return Some(StartingNote { note: Score::clamped(points), year });
    }
    None
}
