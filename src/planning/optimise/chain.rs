//! The best that neighbours can do together when money has a price in each purse.

use super::counted::SITE;
use super::pool::{Draw, Pool, Section, Selection, count};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// What a cent that each purse pays is worth, and what follows for sets of purses.
pub struct Prices {
    of_cent: Vec<f64>,
    /// What a site costs in each purse, by group of sections.
    of_site: Vec<Vec<f64>>,
    /// What a gram costs beside each purse; empty where emissions are not limited.
    of_gram: Vec<f64>,
    ranks: Ranks,
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
    fn net(&self, section: &Section, alternative: u32) -> f64 {
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
    fn of_site(&self, group: u16) -> &[f64] {
        &self.of_site[usize::from(group)]
    }
}

fn sites(draws: &[Draw], of_site: &[f64]) -> f64 {
    draws.iter().map(|it| of_site[usize::from(it.purse)]).sum()
}

/// The selection that is worth most at these prices.
///
/// Exact: neighbours share a site wherever that pays. Of equal ones the first is taken, so that threads do not
/// matter.
#[must_use]
pub fn best_at(pool: &Pool, prices: &Prices) -> Selection {
    let chains: Vec<_> = (0..pool.chains().len())
        .into_par_iter()
        .with_min_len(4)
        .map_init(
            || Walk::new(prices),
            |walk, rank| walk.best(&pool.sections()[pool.chain(rank)], prices),
        )
        .collect();
    pool.weigh(chains.concat())
}

/// Sets of up to [`Section::MOST_WORKS`] purses, numbered one after the other: each is the sum of what its members
/// count at their place (the combinatorial number system), after all smaller sets.
struct Ranks {
    /// C(purse, place + 1), then what all sets of fewer come to.
    counts: Vec<[u32; Section::MOST_WORKS]>,
    smaller: [u32; Section::MOST_WORKS + 1],
    n_sets: usize,
}

impl Ranks {
    fn new(n_purses: usize) -> Self {
        let mut counts = Vec::with_capacity(n_purses + 1);
        let mut row = [0_u32; Section::MOST_WORKS];
        for _ in 0..=n_purses {
            counts.push(row);
            for place in (1..row.len()).rev() {
                row[place] += row[place - 1];
            }
            row[0] += 1;
        }
        let mut smaller = [0; Section::MOST_WORKS + 1];
        let mut sum = 1;
        for place in 0..Section::MOST_WORKS {
            smaller[place + 1] = sum;
            sum += counts[n_purses][place];
        }
        Self { counts, smaller, n_sets: sum as usize }
    }

    /// Every subset of the purses of some works: its number, and what sites cost it.
    fn subsets(&self, draws: &[Draw], of_site: &[f64]) -> Subsets {
        let mut rank = [0_u32; SUBSETS];
        let mut size = [0_usize; SUBSETS];
        let mut all = Subsets { sets: [(0, 0.0); SUBSETS], n_sets: 1 << draws.len() };
        for (bit, draw) in draws.iter().enumerate() {
            let purse = usize::from(draw.purse);
            for without in 0..1 << bit {
                let with = without + (1 << bit);
                rank[with] = rank[without] + self.counts[purse][size[without]];
                size[with] = size[without] + 1;
                all.sets[with] =
                    (self.smaller[size[with]] + rank[with], all.sets[without].1 + of_site[purse]);
            }
        }
        all
    }
}

/// How many subsets the most works have. Source: two to the number of works.
const SUBSETS: usize = 1 << Section::MOST_WORKS;

struct Subsets {
    sets: [(u32, f64); SUBSETS],
    n_sets: usize,
}

impl Subsets {
    fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.sets[..self.n_sets].iter().map(|it| (it.0 as usize, it.1))
    }
}

/// The best way to a section whose works take at least these purses.
#[derive(Clone, Copy)]
struct Best {
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
    before: Vec<Best>,
    here: Vec<Best>,
    steps: Vec<Step>,
    /// Where the steps of each section start.
    starts: Vec<usize>,
    /// The best alternative of each set of purses, and its net worth.
    few: Vec<(u32, f64)>,
    /// The sum of each of them, the step before it, and what its sites cost.
    sums: Vec<(f64, u32, f64)>,
    at: u32,
}

impl Walk {
    fn new(prices: &Prices) -> Self {
        let void = Best { sum: f64::NEG_INFINITY, step: 0, at: 0 };
        let table = vec![void; prices.ranks.n_sets];
        Self {
            before: table.clone(),
            here: table,
            steps: vec![],
            starts: vec![],
            few: vec![],
            sums: vec![],
            at: 0,
        }
    }

    fn best(&mut self, sections: &[Section], prices: &Prices) -> Vec<u32> {
        self.steps.clear();
        self.starts.clear();
        for (rank, section) in sections.iter().enumerate() {
            let of_site = prices.of_site(section.group);
            self.choose_few(section, prices);
            self.starts.push(self.steps.len());
            let last = self.at;
            self.at += 1;
            let few = std::mem::take(&mut self.few);
            self.sums.clear();
            let mut most = f64::NEG_INFINITY;
            for (alternative, net) in &few {
                let draws = section.draws(*alternative);
                let all = sites(draws, of_site);
                let (mut sum, mut from) = (-all, 0);
                if rank > 0 {
                    sum = f64::NEG_INFINITY;
                    for (set, shared) in prices.ranks.subsets(draws, of_site).iter() {
                        let it = self.before[set];
                        if it.at == last && it.sum + shared - all > sum {
                            (sum, from) = (it.sum + shared - all, it.step);
                        }
                    }
                }
                self.sums.push((sum + net, from, all));
                most = most.max(sum + net);
            }
            for ((alternative, _), (sum, from, all)) in few.iter().zip(&self.sums) {
                // The next section may share all sites of this one, and none of a better one: past that, it is lost.
                if sum + all < most {
                    continue;
                }
                let step = count(self.steps.len());
                for (set, _) in prices.ranks.subsets(section.draws(*alternative), of_site).iter() {
                    let it = &mut self.here[set];
                    if it.at != self.at || *sum > it.sum {
                        *it = Best { sum: *sum, step, at: self.at };
                    }
                }
                self.steps.push(Step { alternative: *alternative, from: *from });
            }
            self.few = few;
            std::mem::swap(&mut self.before, &mut self.here);
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

    /// The best alternative of each set of purses, but those that lose to another even if every site of theirs were
    /// shared on both sides, and none of the other's.
    fn choose_few(&mut self, section: &Section, prices: &Prices) {
        self.few.clear();
        let of_site = prices.of_site(section.group);
        let mut sure = f64::NEG_INFINITY;
        let mut last: &[Draw] = &[];
        for alternative in 0..section.n_alternatives() {
            let net = prices.net(section, alternative);
            let draws = section.draws(alternative);
            let same = alternative > 0
                && draws.len() == last.len()
                && draws.iter().zip(last).all(|(a, b)| a.purse == b.purse);
            match self.few.last_mut() {
                Some(it) if same => {
                    if net > it.1 {
                        *it = (alternative, net);
                    }
                }
                _ => self.few.push((alternative, net)),
            }
            last = draws;
        }
        for (alternative, net) in &self.few {
            sure = sure.max(net - sites(section.draws(*alternative), of_site));
        }
        self.few.retain(|it| it.1 + sites(section.draws(it.0), of_site) >= sure);
    }
}

/// Cents as a number to multiply.
#[expect(clippy::cast_precision_loss, reason = "budgets stay far below 2^53 cents")]
pub(super) fn amount(cents: i64) -> f64 {
    cents as f64
}
