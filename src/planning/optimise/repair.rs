//! From prices to a programme: what is overspent is given up where that costs least, what is left is spent where it
//! brings most.

use super::chain::amount;
use super::pool::{Pool, Selection};
use super::solve::floored;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// Passes over all sections at most. Chosen: never reached when tried; a stop.
const MOST_PASSES: usize = 60;

/// A change of one section.
#[derive(Clone, Copy, Debug)]
struct Move {
    at: usize,
    to: u32,
    rank: f64,
}

/// A selection being changed one section at a time.
#[derive(Clone, Debug)]
pub struct Draft<'p> {
    pub(super) pool: &'p Pool,
    /// What a cent of each purse is worth; never nothing.
    pub(super) prices: Vec<f64>,
    pub it: Selection,
}

impl<'p> Draft<'p> {
    #[must_use]
    pub fn new(pool: &'p Pool, prices: &[f64], it: Selection) -> Self {
        Self { pool, prices: floored(pool, prices), it }
    }

    pub(super) fn left(&self, purse: usize) -> i64 {
        self.pool.purses()[purse].holds - self.it.spent[purse]
    }

    #[must_use]
    pub fn overspends(&self) -> bool {
        (0..self.pool.purses().len()).any(|it| self.left(it) < 0)
    }

    /// What a change adds to each purse that it touches.
    pub(super) fn change(&self, at: usize, to: u32, added: &mut Vec<(usize, i64)>) {
        let beside = self.pool.beside(&self.it.chosen, at);
        added.clear();
        let mut add = |purse: usize, cost: i64| match added.iter_mut().find(|it| it.0 == purse) {
            Some(it) => it.1 += cost,
            None => added.push((purse, cost)),
        };
        self.pool.take(at, self.it.chosen[at], beside, |purse, cost| add(purse, -cost));
        self.pool.take(at, to, beside, &mut add);
        self.pool.go_over_of(added);
    }

    fn fits(&self, added: &[(usize, i64)]) -> bool {
        added.iter().all(|(purse, cents)| *cents <= 0 || *cents <= self.left(*purse))
    }

    pub(super) fn make(&mut self, at: usize, to: u32, added: &[(usize, i64)]) {
        let section = &self.pool.sections()[at];
        self.it.value += section.value(to) - section.value(self.it.chosen[at]);
        self.it.chosen[at] = to;
        for (purse, cents) in added {
            self.it.spent[*purse] += cents;
        }
    }

    /// The best change of each section, by `rank`, the lowest first.
    fn moves(
        &self,
        rank: impl Fn(&Self, usize, u32, &[(usize, i64)]) -> Option<f64> + Sync,
    ) -> Vec<Move> {
        let best_of = |at: usize, added: &mut Vec<(usize, i64)>| {
            let section = &self.pool.sections()[at];
            let mut best: Option<Move> = None;
            for to in 0..section.n_alternatives() {
                if to == self.it.chosen[at] {
                    continue;
                }
                self.change(at, to, added);
                if let Some(rank) = rank(self, at, to, added)
                    && best.is_none_or(|it| rank < it.rank)
                {
                    best = Some(Move { at, to, rank });
                }
            }
            best
        };
        let mut found: Vec<Move> = (0..self.pool.sections().len())
            .into_par_iter()
            .with_min_len(64)
            .map_init(Vec::new, |added, at| best_of(at, added))
            .flatten_iter()
            .collect();
        found.sort_by(|a, b| a.rank.total_cmp(&b.rank).then(a.at.cmp(&b.at)));
        found
    }

    pub(super) fn priced(&self, added: &[(usize, i64)]) -> f64 {
        added.iter().map(|(purse, cents)| self.prices[*purse] * amount(*cents)).sum()
    }

    fn gain(&self, at: usize, to: u32) -> f64 {
        let section = &self.pool.sections()[at];
        section.value(to) - section.value(self.it.chosen[at])
    }

    /// What a change lowers the sum overspent by, in worth.
    fn freed(&self, added: &[(usize, i64)]) -> f64 {
        self.freed_from(&self.it.spent, added)
    }

    /// The same from what was spent before.
    pub(super) fn freed_from(&self, spent: &[i64], added: &[(usize, i64)]) -> f64 {
        added
            .iter()
            .map(|(purse, cents)| {
                let over = (spent[*purse] - self.pool.purses()[*purse].holds).max(0);
                self.prices[*purse] * amount(over - (over + cents).max(0))
            })
            .sum()
    }

    /// Gives up works until no purse is overspent.
    pub fn give_up(&mut self) {
        let mut added = Vec::new();
        while self.overspends() {
            let rank = |it: &Self, at: usize, to: u32, added: &[(usize, i64)]| {
                if !added.iter().any(|(purse, cents)| *cents < 0 && it.left(*purse) < 0) {
                    return None;
                }
                let freed = it.freed(added);
                if freed <= 0.0 || !it.fits(added) {
                    return None;
                }
                Some((it.priced(added) - it.gain(at, to)) / freed)
            };
            let moves = self.moves(rank);
            let mut made = 0;
            for it in moves {
                self.change(it.at, it.to, &mut added);
                if let Some(now) = rank(self, it.at, it.to, &added)
                    && now <= it.rank + 1.0e-9 + 0.5 * it.rank.abs()
                {
                    self.make(it.at, it.to, &added);
                    made += 1;
                }
            }
            if made == 0 && !self.give_up_sites(|_| true) {
                self.drop_a_chain();
            }
        }
    }

    /// Does nothing more along the first chain that takes from a purse overspent.
    fn drop_a_chain(&mut self) {
        let pool = self.pool;
        let over: Vec<f64> =
            (0..pool.purses().len()).map(|it| f64::from(u8::from(self.left(it) < 0))).collect();
        let takes = |at: usize| {
            pool.sections()[at]
                .draws(self.it.chosen[at])
                .iter()
                .any(|it| pool.purses_of(at, it).any(|it| pool.price(&over, it) > 0.0))
        };
        if let Some(chain) = pool.chains().find(|it| it.clone().any(takes)) {
            let mut chosen = std::mem::take(&mut self.it.chosen);
            chosen[chain].fill(0);
            self.it = pool.weigh(chosen);
        }
    }

    /// Spends what is left while that brings anything.
    pub fn spend(&mut self) {
        let mut added = Vec::new();
        for _ in 0..MOST_PASSES {
            let rank = |it: &Self, at: usize, to: u32, added: &[(usize, i64)]| {
                let gain = it.gain(at, to);
                if gain <= 1.0e-9 || !it.fits(added) {
                    return None;
                }
                let priced = it.priced(added);
                // Free or cheaper first; then what brings most for its price.
                Some(if priced <= 0.0 { priced - gain - 1.0e12 } else { -gain / priced })
            };
            let moves = self.moves(rank);
            let before = self.it.value;
            for it in moves {
                self.change(it.at, it.to, &mut added);
                if rank(self, it.at, it.to, &added).is_some_and(|now| {
                    now <= it.rank * (1.0 - 1.0e-9) + 1.0e-12 || now <= 0.9 * it.rank
                }) {
                    self.make(it.at, it.to, &added);
                }
            }
            if self.it.value - before <= 1.0e-7 * before.abs() {
                break;
            }
        }
    }
}

/// A selection within the purses, from one that may overspend.
#[must_use]
pub fn within(pool: &Pool, prices: &[f64], from: Selection) -> Selection {
    let mut draft = Draft::new(pool, prices, from);
    let n_money = pool.counted().n_of_money(pool.purses().len());
    draft.give_up_sites(|it| it >= n_money);
    draft.give_up();
    draft.spend();
    draft.it
}
