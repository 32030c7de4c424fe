//! Which ways of neighbours can be of use at some prices, or at any near them.

use super::chain::{Prices, sites};
use super::pool::{Draw, Section};
use std::ops::Range;

/// A set of purses, as bits. Those past the last bit share it: a set may then seem to share more than it does, which
/// costs time alone.
pub(super) type Purses = u64;

fn bit(draw: Draw) -> Purses {
    1 << u32::from(draw.purse).min(Purses::BITS - 1)
}

/// Those of some works that a purse of a set pays.
pub(super) fn common(draws: &[Draw], purses: Purses) -> impl Iterator<Item = &Draw> {
    draws.iter().filter(move |it| purses & bit(**it) != 0)
}

/// An alternative that may be of use.
#[derive(Clone, Copy)]
pub(super) struct Useful {
    pub(super) alternative: u32,
    /// What it is worth less what it costs, sites aside.
    pub(super) net: f64,
    /// How far that may go up or down within reach.
    slack: f64,
    /// What its sites cost, none shared.
    pub(super) all: f64,
    /// Who pays.
    purses: Purses,
}

/// How often alternatives are held against those beside them, along the chain and back.
/// Chosen: the first time leaves out half of them, a second next to none.
const SWEEPS: usize = 1;

/// The alternatives of a chain of neighbours that may be of use.
#[derive(Default)]
pub(super) struct UsefulOnes {
    all: Vec<Useful>,
    /// Where those of each section are.
    ranges: Vec<Range<usize>>,
    /// Who pays any of each section.
    payers: Vec<Purses>,
}

impl UsefulOnes {
    /// Those of a section.
    pub(super) fn of(&self, rank: usize) -> &[Useful] {
        &self.all[self.ranges[rank].clone()]
    }

    /// Who pays any of the section before one, and of the one after.
    pub(super) fn beside(&self, rank: usize) -> [Purses; 2] {
        let before = rank.checked_sub(1).map_or(0, |it| self.payers[it]);
        [before, self.payers.get(rank + 1).copied().unwrap_or(0)]
    }

    /// Finds those of use at any prices that lie within a share, `reach`, of these.
    pub(super) fn look(&mut self, sections: &[Section], prices: &Prices, reach: f64) -> Kept {
        self.clear();
        for section in sections {
            self.add(section, prices, 0..section.n_alternatives(), reach);
        }
        for _ in 0..SWEEPS {
            (0..sections.len()).for_each(|it| self.sweep(it, &sections[it], prices, reach));
            (0..sections.len()).rev().for_each(|it| self.sweep(it, &sections[it], prices, reach));
        }
        let kept = self.ranges.iter().flat_map(|it| &self.all[it.clone()]);
        Kept {
            alternatives: kept.map(|it| it.alternative).collect(),
            n_each: self.ranges.iter().map(ExactSizeIterator::len).collect(),
        }
    }

    /// Finds those of use at these prices, among some.
    pub(super) fn choose(&mut self, sections: &[Section], prices: &Prices, among: &Kept) {
        self.clear();
        let mut start = 0;
        for (section, n) in sections.iter().zip(&among.n_each) {
            let some = among.alternatives[start..start + n].iter().copied();
            self.add(section, prices, some, 0.0);
            start += n;
        }
    }

    fn clear(&mut self) {
        self.all.clear();
        self.ranges.clear();
        self.payers.clear();
    }

    /// Those of a section that no other beats even if every site of theirs were shared on both sides, and none of the
    /// other's; of one set of purses, only the best.
    fn add(
        &mut self,
        section: &Section,
        prices: &Prices,
        among: impl Iterator<Item = u32>,
        reach: f64,
    ) {
        let of_site = prices.of_site(section.group);
        let start = self.all.len();
        let (mut group, mut last): (usize, &[Draw]) = (start, &[]);
        let (mut all, mut purses) = (0.0, 0);
        for alternative in among {
            let draws = section.draws(alternative);
            let same = draws.len() == last.len()
                && draws.iter().zip(last).all(|(a, b)| a.purse == b.purse);
            if !same {
                self.close(group);
                group = self.all.len();
                all = sites(draws, of_site);
                purses = draws.iter().fold(0, |set, it| set | bit(*it));
                last = draws;
            }
            let net = prices.net(section, alternative);
            let slack = reach * (section.value(alternative) - net);
            self.all.push(Useful { alternative, net, slack, all, purses });
        }
        self.close(group);
        let sure = sure(&self.all[start..], reach);
        retain(&mut self.all, start, |it| it.net + it.slack + (1.0 + reach) * it.all >= sure);
        self.payers.push(self.all[start..].iter().fold(0, |set, it| set | it.purses));
        self.ranges.push(start..self.all.len());
    }

    /// Leaves the best, of those from one on, which the same purses pay.
    fn close(&mut self, group: usize) {
        let nets = self.all[group..].iter().map(|it| it.net - it.slack);
        let sure = nets.fold(f64::NEG_INFINITY, f64::max);
        retain(&mut self.all, group, |it| it.net + it.slack >= sure);
    }

    /// Leaves out the alternatives of a section that lose to another even if they shared every site that any useful
    /// alternative beside them pays too, and the other none.
    fn sweep(&mut self, rank: usize, section: &Section, prices: &Prices, reach: f64) {
        let of_site = prices.of_site(section.group);
        let beside = self.beside(rank);
        let range = self.ranges[rank].clone();
        let useful = &mut self.all[range.clone()];
        let sure = sure(useful, reach);
        let (mut n_kept, mut payers) = (0, 0);
        for at in 0..useful.len() {
            let it = useful[at];
            let shared = |with| sites(common(section.draws(it.alternative), with), of_site);
            let shared: f64 = beside.map(shared).iter().sum();
            if it.net + it.slack - it.all + shared + reach * (it.all + shared) >= sure {
                useful[n_kept] = it;
                payers |= it.purses;
                n_kept += 1;
            }
        }
        self.ranges[rank] = range.start..range.start + n_kept;
        self.payers[rank] = payers;
    }
}

/// What the best of some comes to, whoever is beside it.
fn sure(some: &[Useful], reach: f64) -> f64 {
    let nets = some.iter().map(|it| it.net - it.slack - (1.0 + reach) * it.all);
    nets.fold(f64::NEG_INFINITY, f64::max)
}

/// Of those from one on, keeps some.
fn retain(all: &mut Vec<Useful>, start: usize, keeps: impl Fn(&Useful) -> bool) {
    let mut end = start;
    for at in start..all.len() {
        if keeps(&all[at]) {
            all[end] = all[at];
            end += 1;
        }
    }
    all.truncate(end);
}

/// The alternatives of a chain that are of use near some prices.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// Of each section, one after the other.
    alternatives: Box<[u32]>,
    n_each: Box<[usize]>,
}
