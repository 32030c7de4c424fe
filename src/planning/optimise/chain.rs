//! The best that neighbours can do together when money has a price in each purse.

use super::counted::SITE;
use super::pool::{Draw, Pool, Section, Selection, count};
use super::ranks::Ranks;
use super::useful::{Kept, UsefulOnes, common};
use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator,
};

/// What a cent that each purse pays is worth, and what follows for sets of purses.
pub struct Prices {
    of_cent: Vec<f64>,
    /// What a site costs in each purse, by group of sections.
    of_site: Vec<Vec<f64>>,
    /// What a gram costs beside each purse; empty where emissions are not limited.
    of_gram: Vec<f64>,
    pub(super) ranks: Ranks,
}

impl Prices {
    /// From what a cent is worth in each purse of the pool.
    #[must_use]
    pub fn new(pool: &Pool, prices: &[f64]) -> Self {
        let counted = pool.counted();
        let n_purses = counted.n_of_money(pool.purses().len());
        let of_cent: Vec<f64> = (0..n_purses).map(|it| pool.price(prices, it)).collect();
        let money: Vec<f64> =
            pool.purses().iter().zip(&of_cent).map(|(it, price)| amount(it.site) * price).collect();
        let of_site = (0..counted.n_groups()).map(|group| {
            let also = |purse| counted.sites(u16::try_from(group).ok()?, purse);
            let site = |(purse, money): (usize, &f64)| {
                also(purse).map_or(*money, |it| money + amount(SITE) * prices[it])
            };
            money.iter().enumerate().map(site).collect()
        });
        let of_gram = (0..n_purses).filter_map(|it| Some(prices[counted.grams(it)?])).collect();
        let of_site = of_site.collect();
        Self { of_site, of_cent, of_gram, ranks: Ranks::new(n_purses) }
    }

    /// What an alternative is worth less what it costs, all but sites.
    pub(super) fn net(&self, section: &Section, alternative: u32) -> f64 {
        let draws = section.draws(alternative).iter();
        let net = section.value(alternative)
            - draws
                .map(|it| f64::from(it.cents) * self.of_cent[usize::from(it.purse)])
                .sum::<f64>();
        if self.of_gram.is_empty() {
            return net;
        }
        let emitted = section.works(alternative);
        net - emitted
            .map(|(it, grams)| f64::from(grams) * self.of_gram[usize::from(it.purse)])
            .sum::<f64>()
    }

    /// What sites cost sections of a group, by purse.
    pub(super) fn of_site(&self, group: u16) -> &[f64] {
        &self.of_site[usize::from(group)]
    }
}

pub(super) fn sites<'d>(draws: impl IntoIterator<Item = &'d Draw>, of_site: &[f64]) -> f64 {
    draws.into_iter().map(|it| of_site[usize::from(it.purse)]).sum()
}

/// How far prices may move, as a share of themselves, before what is of use near them is looked for again.
/// Chosen: at 0.02, 0.03, 0.05 and 0.08, some 39, 41, 47 and 54 ways are kept of each of 30,000 sections, and they are
/// looked for 19, 13, 10 and 8 times in a hundred.
const REACH: f64 = 0.03;

/// The selections of a pool that are worth most at some prices, then at others.
pub struct Best<'p> {
    pool: &'p Pool,
    /// Where it was looked what is of use, and what was found in each chain.
    around: Vec<f64>,
    kept: Vec<Kept>,
}

impl<'p> Best<'p> {
    /// Of a pool.
    #[must_use]
    pub const fn of(pool: &'p Pool) -> Self {
        Self { pool, around: Vec::new(), kept: Vec::new() }
    }

    /// The selection that is worth most at these prices.
    ///
    /// Exact: neighbours share a site wherever that pays. Of equal ones the first is taken, so that threads do not
    /// matter. While prices stay near those of a call before, only what can be of use there is weighed.
    #[must_use]
    pub fn at(&mut self, prices: &[f64]) -> Selection {
        let pool = self.pool;
        let is_near = self.around.len() == prices.len()
            && self.around.iter().zip(prices).all(|(it, price)| {
                // A little nearer, for the digits that are lost.
                (price - it).abs() <= (1.0 - 1.0e-6) * REACH * it
            });
        let now = Prices::new(pool, prices);
        if !is_near {
            self.kept = (0..pool.chains().len())
                .into_par_iter()
                .with_min_len(4)
                .map_init(UsefulOnes::default, |useful, rank| {
                    useful.look(&pool.sections()[pool.chain(rank)], &now, REACH)
                })
                .collect();
            self.around = prices.to_vec();
        }
        let chains: Vec<_> = self
            .kept
            .par_iter()
            .enumerate()
            .with_min_len(4)
            .map_init(
                || Walk::new(&now),
                |walk, (rank, kept)| walk.best(&pool.sections()[pool.chain(rank)], &now, kept),
            )
            .collect();
        pool.weigh(chains.concat())
    }
}

/// The best way to a section whose works take at least these purses.
#[derive(Clone, Copy)]
struct Way {
    sum: f64,
    step: u32,
    /// Of which section it tells; another's is void.
    at: u32,
}

/// An alternative on the way, with the best before it.
struct Step {
    alternative: u32,
    from: u32,
}

/// Room for one walk along a chain, used again for the next.
struct Walk {
    /// By set of purses: of the section before, and of this one.
    before: Vec<Way>,
    here: Vec<Way>,
    steps: Vec<Step>,
    useful: UsefulOnes,
    /// The sum of each useful alternative, and the step before it.
    sums: Vec<(f64, u32)>,
    at: u32,
}

impl Walk {
    fn new(prices: &Prices) -> Self {
        let void = Way { sum: f64::NEG_INFINITY, step: 0, at: 0 };
        let table = vec![void; prices.ranks.n_sets];
        Self {
            before: table.clone(),
            here: table,
            steps: vec![],
            useful: UsefulOnes::default(),
            sums: vec![],
            at: 0,
        }
    }

    fn best(&mut self, sections: &[Section], prices: &Prices, among: &Kept) -> Vec<u32> {
        self.useful.choose(sections, prices, among);
        self.steps.clear();
        for (rank, section) in sections.iter().enumerate() {
            self.advance(rank, section, prices);
        }
        let mut chosen = Vec::with_capacity(sections.len());
        // The empty set is part of every set.
        let mut step = self.before[0].step;
        for _ in sections {
            let it = &self.steps[step as usize];
            chosen.push(it.alternative);
            step = it.from;
        }
        chosen.reverse();
        chosen
    }

    /// From the best ways to the section before, to those to this one.
    fn advance(&mut self, rank: usize, section: &Section, prices: &Prices) {
        let of_site = prices.of_site(section.group);
        let [payers_before, payers_after] = self.useful.beside(rank);
        let last = self.at;
        self.at += 1;
        self.sums.clear();
        let mut most = f64::NEG_INFINITY;
        for it in self.useful.of(rank) {
            let (mut sum, mut from) = (-it.all, 0);
            if rank > 0 {
                sum = f64::NEG_INFINITY;
                let shared = common(section.draws(it.alternative), payers_before);
                prices.ranks.subsets(shared, of_site, |set, shared| {
                    let before = self.before[set];
                    if before.at == last && before.sum + shared - it.all > sum {
                        (sum, from) = (before.sum + shared - it.all, before.step);
                    }
                });
            }
            self.sums.push((sum + it.net, from));
            most = most.max(sum + it.net);
        }
        for (it, (sum, from)) in self.useful.of(rank).iter().zip(&self.sums) {
            let shared = || common(section.draws(it.alternative), payers_after);
            // The next section may share these sites of this one, and none of a better one: past that, it is lost.
            if sum + sites(shared(), of_site) < most {
                continue;
            }
            let step = count(self.steps.len());
            prices.ranks.subsets(shared(), of_site, |set, _| {
                let best = &mut self.here[set];
                if best.at != self.at || *sum > best.sum {
                    *best = Way { sum: *sum, step, at: self.at };
                }
            });
            self.steps.push(Step { alternative: it.alternative, from: *from });
        }
        std::mem::swap(&mut self.before, &mut self.here);
    }
}

/// Cents as a number to multiply.
#[expect(clippy::cast_precision_loss, reason = "budgets stay far below 2^53 cents")]
pub(super) fn amount(cents: i64) -> f64 {
    cents as f64
}
