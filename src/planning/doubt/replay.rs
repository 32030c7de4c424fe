//! Programmes as decided, in a world that was not the one believed.

use super::draw::Draw;
use crate::domain::{Euros, Programme, Treatment, World};
use crate::planning::standing::Standing;
use crate::planning::start::Start;

/// Works of one section, as decided.
#[derive(Clone, Copy, Debug)]
struct Decided<'c> {
    index: usize,
    year: usize,
    treatment: &'c Treatment,
    /// Place among the works of all sections in the order of their years and ranks.
    place: usize,
}

/// A programme ready to be carried out many times.
#[derive(Clone, Debug)]
pub(super) struct Replay<'p, 'c> {
    programme: &'p Programme,
    /// By section, then year.
    decided: Vec<Decided<'c>>,
    /// What the works of each year cost, in the order in which they are paid.
    costs: Vec<Vec<(Euros, bool)>>,
}

/// What became of the network in one draw.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outcome {
    /// Area-weighted mean note before the first year, then at the end of each.
    pub(super) ng: Vec<f64>,
    /// Points of NG over doing nothing, by condition.
    pub(super) gain: f64,
    /// Share of the works that could not be paid.
    pub(super) unpaid: f64,
}

impl<'p, 'c> Replay<'p, 'c> {
    pub(super) fn new(start: &Start<'_>, programme: &'p Programme, world: &World<'c>) -> Self {
        let first_year = programme.scenario.first_year;
        let horizon = programme.scenario.budgets.len();
        let year = |it: i32| usize::try_from(it - first_year).unwrap_or(usize::MAX);
        let mut order: Vec<_> = programme.works.iter().collect();
        // Imposed works are paid first.
        order.sort_by_key(|it| {
            let chosen = it.reason.why != crate::domain::Why::Imposed;
            (it.year, chosen, it.reason.rank, it.section.clone())
        });
        let mut costs = vec![Vec::new(); horizon];
        let mut decided = Vec::with_capacity(order.len());
        for (place, works) in order.into_iter().enumerate() {
            let invested = works.envelope == crate::domain::Envelope::Investment;
            costs[year(works.year)].push((works.cost, invested));
            let found = start
                .network()
                .rank_of(&works.section)
                .zip(world.catalogue.treatments.iter().find(|it| it.name == works.treatment));
            if let Some((index, treatment)) = found {
                decided.push(Decided { index, year: year(works.year), treatment, place });
            }
        }
        decided.sort_by_key(|it| (it.index, it.year));
        Self { programme, decided, costs }
    }

    /// Which works are paid at some prices, in the order of their places.
    fn paid(&self, prices: f64) -> Vec<bool> {
        let budgets = &self.programme.scenario.budgets;
        let carry_over = self.programme.scenario.spending.carry_over;
        let mut paid = Vec::with_capacity(self.decided.len());
        let mut carried = [0.0; 2];
        for (costs, offered) in self.costs.iter().zip(budgets) {
            let mut left =
                [offered.maintenance.get() + carried[0], offered.investment.get() + carried[1]];
            for (cost, invested) in costs {
                let left = &mut left[usize::from(*invested)];
                // As believed, all are paid: cents lost in a product must not matter.
                let holds = cost.get() * prices <= *left + 0.005;
                if holds {
                    *left -= cost.get() * prices;
                }
                paid.push(holds);
            }
            if carry_over {
                carried = left;
            }
        }
        paid
    }
}

/// Notes of a network over the years, summed.
#[derive(Clone, Debug)]
struct Sums {
    /// Points by area, before the first year and at the end of each.
    points: Vec<f64>,
    /// Points by weight, over all years.
    weighted: f64,
}

impl Sums {
    fn new(horizon: usize) -> Self {
        Self { points: vec![0.0; horizon + 1], weighted: 0.0 }
    }

    /// Lets a section live through the years, with works that come by year.
    fn live<'c>(
        &mut self,
        mut it: Standing<'_>,
        works: impl Iterator<Item = (usize, &'c Treatment)>,
        years: &[f64],
        first_year: i32,
        world: &World<'_>,
        sign: f64,
    ) {
        let mut works = works.peekable();
        let area = sign * it.area().get();
        let mut weighted = 0.0;
        for ((rank, year), counts) in (0..).zip(first_year..).zip(years) {
            if let Some((_, treatment)) = works.next_if(|it| it.0 == rank) {
                it.treat(treatment, year, world);
            }
            it.grow_older(world.law, year);
            self.points[rank + 1] += area * it.ng().points();
            weighted += counts * it.ng().points();
        }
        self.weighted += sign * it.weight() * weighted;
    }
}

/// What becomes of every programme in one draw.
///
/// A section without works lives the same in all of them: its years are played once.
pub(super) fn outcomes(
    start: &Start<'_>,
    replays: &[Replay<'_, '_>],
    world: &World<'_>,
    mut draw: Draw,
) -> Vec<Outcome> {
    let years = start.weights().years();
    let mut idle = Sums::new(years.len());
    let mut sums = vec![Sums::new(years.len()); replays.len()];
    let paid: Vec<_> = replays.iter().map(|it| it.paid(draw.prices)).collect();
    let mut at = vec![0; replays.len()];
    let mut whole = 0.0;
    for (index, believed) in start.standings().iter().enumerate() {
        let (note, ageing) = draw.next_section(believed.ng());
        let standing = believed.instead(note, ageing);
        whole += standing.area().get();
        idle.points[0] += standing.area().get() * note.points();
        idle.live(standing, std::iter::empty(), years, 0, world, 1.0);
        for (rank, replay) in replays.iter().enumerate() {
            let from = at[rank];
            let n_works = replay.decided[from..].iter().take_while(|it| it.index == index).count();
            if n_works == 0 {
                continue;
            }
            at[rank] = from + n_works;
            let works = replay.decided[from..from + n_works]
                .iter()
                .filter(|it| paid[rank][it.place])
                .map(|it| (it.year, it.treatment));
            let first_year = replay.programme.scenario.first_year;
            sums[rank].live(standing, works, years, first_year, world, 1.0);
            sums[rank].live(standing, std::iter::empty(), years, first_year, world, -1.0);
        }
    }
    sums.iter()
        .zip(&paid)
        .map(|(it, paid)| {
            let points = idle.points.iter().zip(&it.points).map(|(idle, it)| (idle + it) / whole);
            let n_unpaid = paid.iter().filter(|it| !**it).count();
            Outcome {
                ng: points.collect(),
                gain: start.weights().as_mean(it.weighted),
                unpaid: share(n_unpaid, paid.len()),
            }
        })
        .collect()
}

fn share(part: usize, whole: usize) -> f64 {
    let count = |it: usize| f64::from(u32::try_from(it).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { count(part) / count(whole) }
}
