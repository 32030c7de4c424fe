//! Better still, section by section: small changes, most of them taken back, ever fewer that lose.

use super::chain::amount;
use super::counted::SITE;
use super::pool::{Draw, Pool, Selection};
use fastrand::Rng;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Alternatives of a section that are tried, the best at the prices.
/// Chosen: with 80, two tries on 200 sections ended lower.
const SHORTLIST: usize = 24;

/// What a cent overspent costs at first and in the end, as a multiple of its price.
/// Chosen: below 1, overspending pays; at 30, nothing is left of it.
const PENALTIES: (f64, f64) = (1.5, 30.0);

/// The first and the last temperature, as shares of what a section is worth on average, of tries of
/// [`MOVES_A_SECTION`]. Chosen: the best of nine pairs on 200 sections; hotter loses what the prices found.
const TEMPERATURES: (f64, f64) = (0.02, 0.001);

/// With a share of these changes, a try starts colder, by this power of it, for it has no time to mend what heat breaks.
/// Chosen: of four pairs each on 3,000 and 10,000 sections, near the best.
const COLDER: f64 = 0.75;

/// The last temperature is at most this share of the first. Chosen: with the power above.
const COOLS: f64 = 0.2;

/// Changes tried on each section. Chosen: two seconds for 200 sections; three times as many gain 0.05 %.
const MOVES_A_SECTION: usize = 10_000;

/// Changes tried in one try at most. Chosen: half a minute for 10,000 sections.
const MOST_MOVES: usize = 6_000_000;

/// Tries. Chosen: on 200 sections, one differs from the next by 0.1 %.
const TRIES: u64 = 4;

/// Networks of fewer sections are tried twice as often, and hotter.
/// Chosen: there, one change may be a third of all that can be gained.
const FEW: usize = 60;

/// By how much, in turn. Chosen: the best of each kind on networks of 3 to 20 sections.
const HOTTER: [f64; 4] = [1.0, 1.0, 5.0, 25.0];

/// Sections asked whether they could change with another, and changes asked of each. Chosen: two thirds find one.
const ASKED: (usize, usize) = (12, 6);

/// A selection on its way.
struct Walk<'p> {
    pool: &'p Pool,
    prices: &'p [f64],
    shortlists: &'p [Vec<u32>],
    chosen: Vec<u32>,
    spent: Vec<i64>,
    /// What a cent overspent costs, as a multiple of its price.
    penalty: f64,
    /// What a change under way adds to purses.
    added: Vec<(usize, i64)>,
}

/// Several tries from one selection, by simulated annealing, each with its own seed; they may overspend a little.
///
/// A change takes one section to another of its best alternatives; half of them take with it the neighbours of
/// the same site, so that a site can move from year to year; and half change another section with it, that makes
/// room in a purse or takes what is left in one. The same selection gives the same tries.
///
/// # Source
///
/// Kirkpatrick, Gelatt and Vecchi, *Optimization by simulated annealing*, Science 220 (1983), 671-680.
#[must_use]
pub fn anneal(pool: &Pool, prices: &[f64], from: &Selection) -> Vec<Selection> {
    let few = pool.sections().len() < FEW;
    let tries = 0..if few { 2 * TRIES } else { TRIES };
    tries.into_par_iter().map(|seed| one_try(pool, prices, from.clone(), seed)).collect()
}

fn one_try(pool: &Pool, prices: &[f64], from: Selection, seed: u64) -> Selection {
    let n_sections = pool.sections().len();
    let shortlists: Vec<_> =
        (0..n_sections).map(|at| shortlist(pool, prices, at, from.chosen[at])).collect();
    let open: Vec<usize> = (0..n_sections).filter(|at| shortlists[*at].len() > 1).collect();
    if open.is_empty() || from.value <= 0.0 {
        return from;
    }
    let mean = from.value / number(n_sections);
    let mut walk = Walk {
        pool,
        prices,
        shortlists: &shortlists,
        chosen: from.chosen,
        spent: from.spent,
        penalty: PENALTIES.0,
        added: Vec::new(),
    };
    let mut rng = Rng::with_seed(seed);
    let whole = MOVES_A_SECTION * n_sections;
    let n_moves = whole.min(MOST_MOVES);
    let share = number(n_moves) / number(whole);
    let mut hot = TEMPERATURES.0 * share.powf(COLDER);
    let cold = TEMPERATURES.1.min(COOLS * hot);
    if n_sections < FEW {
        hot *= HOTTER[usize::try_from(seed).unwrap_or(0) % HOTTER.len()];
    }
    let over_all = |ratio: f64| ratio.powf(1.0 / number(n_moves));
    let (cooling, hardening) = (over_all(cold / hot), over_all(PENALTIES.1 / PENALTIES.0));
    let mut temperature = hot * mean;
    let mut changes: Vec<(usize, u32)> = Vec::new();
    for _ in 0..n_moves {
        temperature *= cooling;
        walk.penalty *= hardening;
        let at = open[rng.usize(..open.len())];
        let list = &shortlists[at];
        let to = list[rng.usize(..list.len())];
        if to == walk.chosen[at] {
            continue;
        }
        changes.clear();
        if rng.bool() {
            changes.push((at, to));
        } else {
            walk.with_site(at, to, &mut changes);
        }
        if rng.bool() {
            changes.extend(walk.in_exchange(&open, &changes, &mut rng));
        }
        let gain = walk.change(&mut changes);
        if gain >= 0.0 || rng.f64() < (gain / temperature).exp() {
            for (purse, cents) in &walk.added {
                walk.spent[*purse] += cents;
            }
        } else {
            for (at, before) in &changes {
                walk.chosen[*at] = *before;
            }
        }
    }
    pool.weigh(walk.chosen)
}

/// A count as a number to divide.
fn number(count: usize) -> f64 {
    amount(i64::try_from(count.max(1)).unwrap_or(i64::MAX))
}

/// The best alternatives of a section at the prices, with half of what their sites cost; the one chosen is among
/// them.
fn shortlist(pool: &Pool, prices: &[f64], at: usize, chosen: u32) -> Vec<u32> {
    let section = &pool.sections()[at];
    let cost = |(it, grams): (&Draw, u32)| {
        let purse = usize::from(it.purse);
        let money = (f64::from(it.cents) + 0.5 * amount(pool.purses()[purse].site))
            * pool.price(prices, purse);
        let counted = pool.counted();
        let site =
            counted.sites(section.group, purse).map_or(0.0, |it| 0.5 * amount(SITE) * prices[it]);
        let emitted = counted.grams(purse).map_or(0.0, |it| f64::from(grams) * prices[it]);
        money + site + emitted
    };
    let net = |it: u32| section.value(it) - section.works(it).map(cost).sum::<f64>();
    let mut all: Vec<(u32, f64)> = (0..section.n_alternatives()).map(|it| (it, net(it))).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut best: Vec<u32> = all.iter().take(SHORTLIST).map(|it| it.0).collect();
    for must in [0, chosen] {
        if !best.contains(&must) {
            best.push(must);
        }
    }
    best
}

impl Walk<'_> {
    fn draws(&self, at: usize, alternative: u32) -> &[Draw] {
        self.pool.sections()[at].draws(alternative)
    }

    /// A change of a section, and of its neighbours on either side that share a site with it now: each to its
    /// best alternative that shares one with it then.
    fn with_site(&self, at: usize, to: u32, changes: &mut Vec<(usize, u32)>) {
        changes.push((at, to));
        let here = self.draws(at, self.chosen[at]);
        let there = self.draws(at, to);
        let (old, new): (Vec<u16>, Vec<u16>) = (
            here.iter()
                .map(|it| it.purse)
                .filter(|it| there.iter().all(|to| to.purse != *it))
                .collect(),
            there
                .iter()
                .map(|it| it.purse)
                .filter(|it| here.iter().all(|to| to.purse != *it))
                .collect(),
        );
        let sections = self.pool.sections();
        let mut reach = |next: usize| {
            let now = self.draws(next, self.chosen[next]);
            if !now.iter().any(|it| old.contains(&it.purse)) {
                return false;
            }
            let fits = |it: &&u32| {
                let draws = self.draws(next, **it);
                let moved = new.is_empty() || draws.iter().any(|it| new.contains(&it.purse));
                moved && !draws.iter().any(|it| old.contains(&it.purse))
            };
            let found = self.shortlists[next].iter().find(fits);
            changes.extend(found.map(|it| (next, *it)));
            found.is_some()
        };
        let mut next = at;
        while next + 1 < sections.len() && sections[next + 1].joins && reach(next + 1) {
            next += 1;
        }
        let mut next = at;
        while next > 0 && sections[next].joins && reach(next - 1) {
            next -= 1;
        }
    }

    /// Another section that leaves a purse which the first change takes from, or takes from one that it leaves.
    fn in_exchange(
        &self,
        open: &[usize],
        changes: &[(usize, u32)],
        rng: &mut Rng,
    ) -> Option<(usize, u32)> {
        let (at, to) = changes[0];
        let takes = |draws: &[Draw], purse: u16| draws.iter().any(|it| it.purse == purse);
        let (here, there) = (self.draws(at, self.chosen[at]), self.draws(at, to));
        let only = |some: &[Draw], others: &[Draw], rng: &mut Rng| {
            let mut only = some.iter().map(|it| it.purse).filter(|it| !takes(others, *it));
            let n_only = only.clone().count();
            (n_only > 0).then(|| only.nth(rng.usize(..n_only))).flatten()
        };
        let (new, old) = (only(there, here, rng), only(here, there, rng));
        let (purse, leaves) = match (new, old) {
            (Some(new), None) => (new, true),
            (Some(new), Some(_)) if rng.bool() => (new, true),
            (_, Some(old)) => (old, false),
            (None, None) => return None,
        };
        for _ in 0..ASKED.0 {
            let other = open[rng.usize(..open.len())];
            if takes(self.draws(other, self.chosen[other]), purse) != leaves
                || changes.iter().any(|it| it.0 == other)
            {
                continue;
            }
            let list = &self.shortlists[other];
            for _ in 0..ASKED.1 {
                let next = list[rng.usize(..list.len())];
                if takes(self.draws(other, next), purse) != leaves {
                    return Some((other, next));
                }
            }
        }
        None
    }

    /// Makes changes, puts what was before in their place, and says what is gained, penalties included.
    fn change(&mut self, changes: &mut [(usize, u32)]) -> f64 {
        self.added.clear();
        let mut gain = 0.0;
        for (at, to) in changes {
            let section = &self.pool.sections()[*at];
            let beside = self.pool.beside(&self.chosen, *at);
            gain += section.value(*to) - section.value(self.chosen[*at]);
            let added = &mut self.added;
            let mut add = |purse: usize, cents: i64| match added.iter_mut().find(|it| it.0 == purse)
            {
                Some(it) => it.1 += cents,
                None => added.push((purse, cents)),
            };
            self.pool.take(*at, self.chosen[*at], beside, |purse, cents| add(purse, -cents));
            self.pool.take(*at, *to, beside, &mut add);
            std::mem::swap(&mut self.chosen[*at], to);
        }
        self.pool.go_over_of(&mut self.added);
        for (purse, cents) in &self.added {
            let over = self.spent[*purse] - self.pool.purses()[*purse].holds;
            let more = (over + cents).max(0) - over.max(0);
            gain -= self.penalty * self.prices[*purse] * amount(more);
        }
        gain
    }
}
