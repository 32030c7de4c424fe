//! Better still, section by section: small changes, most of them taken back, ever fewer that lose.

use super::chain::amount;
use super::counted::SITE;
use super::pool::{Draw, Pool, Selection};
use fastrand::Rng;

/// Alternatives of a section that are tried, the best at the prices.
/// Chosen: with 80, two tries on 200 sections ended lower.
const SHORTLIST: usize = 24;

/// What a cent overspent costs at first and in the end, as a multiple of its price.
/// Chosen: below 1, overspending pays; at 30, nothing is left of it.
const PENALTIES: (f64, f64) = (1.5, 30.0);

/// The first and the last temperature, as shares of what a section is worth on average.
/// Chosen: the best of nine pairs on 200 sections; hotter loses what the prices found.
const TEMPERATURES: (f64, f64) = (0.02, 0.002);

/// Some tries start hotter, by these factors in turn.
/// Chosen: on networks of a few sections, one change may be a third of all that can be gained.
const HOTTER: [f64; 4] = [1.0, 1.0, 5.0, 25.0];

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

/// Changes a selection `n_moves` times by simulated annealing; the result may overspend a little.
///
/// A change takes one section to another of its best alternatives; half of them take with it the neighbours of
/// the same site, so that a site can move from year to year. The same seed gives the same selection.
///
/// # Source
///
/// Kirkpatrick, Gelatt and Vecchi, *Optimization by simulated annealing*, Science 220 (1983), 671-680.
#[must_use]
pub fn anneal(
    pool: &Pool,
    prices: &[f64],
    from: Selection,
    n_moves: usize,
    seed: u64,
) -> Selection {
    let n_sections = pool.sections().len();
    let shortlists: Vec<_> =
        (0..n_sections).map(|at| shortlist(pool, prices, at, from.chosen[at])).collect();
    let open: Vec<usize> = (0..n_sections).filter(|at| shortlists[*at].len() > 1).collect();
    if open.is_empty() || from.value <= 0.0 {
        return from;
    }
    let mean = from.value / amount(i64::try_from(n_sections).unwrap_or(i64::MAX));
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
    let (hot, cold) = TEMPERATURES;
    let hot = hot * HOTTER[usize::try_from(seed).unwrap_or(0) % HOTTER.len()];
    let cooling =
        (cold / hot).powf(1.0 / amount(i64::try_from(n_moves.max(1)).unwrap_or(i64::MAX)));
    let hardening = (PENALTIES.1 / PENALTIES.0)
        .powf(1.0 / amount(i64::try_from(n_moves.max(1)).unwrap_or(i64::MAX)));
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
