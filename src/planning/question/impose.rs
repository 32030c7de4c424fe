//! What imposing works on a section takes.

use super::asked::Asked;
use crate::domain::{
    Euros, Exchanged, ImposedOutcome, ImposedWorks, ImposingAnswer, Metres, NetworkState,
    Programme, Refused, RefusedBecause, Score, SectionId, Treatment, Why, WorksItem,
};
use crate::planning::agenda::refused;
use crate::planning::start::Start;
use std::collections::BTreeSet;

/// How many works that leave or come in are told one by one. Chosen: a screen.
const TOLD: usize = 10;

/// Imposes a treatment on the section in the year asked about, after what is imposed already, and plays the
/// scenario again.
pub(super) fn impose(asked: &Asked<'_>, treatment: &Treatment) -> ImposingAnswer {
    let mut commitments = asked.network().commitments().clone();
    commitments.imposed.push(ImposedWorks {
        section: asked.section().clone(),
        year: asked.now.year,
        treatment: treatment.name.clone(),
        cost: None,
    });
    let network = asked.network().clone().committed(commitments);
    let Asked { scenario, world, .. } = *asked;
    let start = Start::new(&network, world, scenario.budgets.len(), scenario.objective);
    let refused = |network: &NetworkState| {
        let all = refused(network, asked.scenario, asked.world);
        all.into_iter().filter(|it| is_same(it, asked, treatment)).collect::<Vec<_>>()
    };
    // The file may ask for the very same works: of those that are refused, these are the last.
    let (before, mut after) = (refused(asked.network()), refused(&network));
    let outcome = match after.pop() {
        Some(last) if after.len() >= before.len() => Err(last.because),
        _ => outcome(asked, &start).ok_or(RefusedBecause::Twice),
    };
    ImposingAnswer { treatment: treatment.name.clone(), outcome }
}

fn is_same(it: &Refused, asked: &Asked<'_>, treatment: &Treatment) -> bool {
    let works = it.works.as_ref().map(|it| (it.0, it.1.as_str()));
    it.section == *asked.section() && works == Some((asked.now.year, treatment.name.as_str()))
}

/// The programme with the imposed works beside that without.
fn outcome(asked: &Asked<'_>, start: &Start<'_>) -> Option<ImposedOutcome> {
    let before = asked.programme;
    let after = asked.play(start, asked.scenario);
    let works = asked.works_in(&after).filter(|it| it.reason.why == Why::Imposed)?.clone();
    let imposed = key(&works);
    let (had, has) = (keys(before), keys(&after));
    let out = before.works.iter().filter(|it| !has.contains(&key(it)));
    let new = after.works.iter().filter(|it| !had.contains(&key(it)) && key(it) != imposed);
    let (out, new) = (exchanged(asked, out), exchanged(asked, new));
    Some(ImposedOutcome {
        ng_end: (ng_end(before), ng_end(&after)),
        worth: (before.worth, after.worth),
        out,
        new,
        works,
    })
}

type Key<'p> = (i32, &'p SectionId, &'p str);

fn key(it: &WorksItem) -> Key<'_> {
    (it.year, &it.section, it.treatment.as_str())
}

fn keys(it: &Programme) -> BTreeSet<Key<'_>> {
    it.works.iter().map(key).collect()
}

fn ng_end(it: &Programme) -> Score {
    it.yearly.last().map_or(it.ng_start, |it| it.ng)
}

fn exchanged<'p>(asked: &Asked<'_>, works: impl Iterator<Item = &'p WorksItem>) -> Exchanged {
    let mut all: Vec<&WorksItem> = works.collect();
    all.sort_by(|a, b| b.cost.cmp(&a.cost).then_with(|| key(a).cmp(&key(b))));
    let network = asked.network();
    let length = |it: &&WorksItem| {
        network.rank_of(&it.section).map_or(Metres::ZERO, |it| network.sections()[it].length)
    };
    Exchanged {
        n: all.len(),
        length: all.iter().map(length).sum(),
        cost: all.iter().map(|it| it.cost).sum::<Euros>(),
        dearest: all.into_iter().take(TOLD).cloned().collect(),
    }
}
