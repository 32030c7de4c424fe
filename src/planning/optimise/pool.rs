//! What every section may do over the years: what each way is worth, and what it takes from which purse.

use super::chain::amount;
use super::counted::{Counted, SITE};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Works of one alternative that one purse pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Which purse: one envelope in one year.
    pub purse: u16,
    /// What the caller knows the works by; nothing is made of it here.
    pub label: u16,
    /// What they cost, in cents, without what the site costs.
    pub cents: u32,
}

/// One way that a section may go over all the years.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alternative {
    /// What it is worth, over doing nothing.
    pub value: f64,
    /// Its works, each purse once.
    pub draws: Vec<Draw>,
    /// What each of them emits, in grams; empty where emissions are not limited.
    pub grams: Vec<u32>,
}

/// What a yearly envelope holds, or another limit of a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purse {
    /// In cents, or as [`Counted`] says; with what the purses that go over to it hold.
    pub holds: i64,
    /// What one site costs it, in cents, whatever its length.
    ///
    /// A site is a run of neighbouring sections with works that this purse pays.
    pub site: i64,
    /// The purse, of those that come later, that what is left of this one goes over to.
    pub next: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Packed {
    value: f64,
    first_draw: u32,
    n_draws: u32,
}

impl Packed {
    const fn range(self) -> std::ops::Range<usize> {
        self.first_draw as usize..(self.first_draw + self.n_draws) as usize
    }
}

/// The alternatives of one section, those that can be of use, doing nothing first.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Whether it is the neighbour of the one before.
    pub joins: bool,
    /// The group whose sites its own are counted among.
    pub group: u16,
    alternatives: Box<[Packed]>,
    draws: Box<[Draw]>,
    /// What each draw emits; empty where emissions are not limited.
    grams: Box<[u32]>,
}

impl Section {
    /// Most works of one alternative. Chosen: four in fifteen years; every subset of them is weighed.
    pub const MOST_WORKS: usize = 4;

    /// Keeps what can be of use.
    ///
    /// Of alternatives that take from the same purses, one that costs no less of any, emits no less and is worth no
    /// more than another is left out; so is one that is worth nothing when each of its works costs at least as much
    /// as a site and no site of its purse is counted, for no neighbour can save by it.
    ///
    /// # Panics
    ///
    /// With more works than [`Self::MOST_WORKS`] in one alternative.
    #[must_use]
    pub fn new(
        joins: bool,
        (group, counted): (u16, &Counted),
        purses: &[Purse],
        mut all: Vec<Alternative>,
    ) -> Self {
        for it in &mut all {
            assert!(
                it.draws.len() <= Self::MOST_WORKS,
                "{} works in one alternative",
                it.draws.len()
            );
            if it.grams.is_empty() {
                it.draws.sort_unstable_by_key(|it| it.purse);
            } else {
                assert!(it.draws.is_sorted_by_key(|it| it.purse), "emissions are those of draws");
            }
        }
        let below_site = |it: &Draw| {
            let purse = usize::from(it.purse);
            i64::from(it.cents) < purses[purse].site || counted.sites(group, purse).is_some()
        };
        all.retain(|it| {
            !it.draws.is_empty() && (it.value > 0.0 || it.draws.iter().any(below_site))
        });
        all.push(Alternative::default());
        let order = |a: &Alternative, b: &Alternative| {
            a.draws.iter().map(|it| it.purse).cmp(b.draws.iter().map(|it| it.purse))
        };
        all.sort_by(|a, b| {
            let cents = |it: &Draw| (it.cents, it.label);
            order(a, b)
                .then(b.value.total_cmp(&a.value))
                .then_with(|| a.draws.iter().map(cents).cmp(b.draws.iter().map(cents)))
                .then_with(|| a.grams.cmp(&b.grams))
        });
        let (mut alternatives, mut draws, mut grams) = (Vec::new(), Vec::new(), Vec::new());
        for same in all.chunk_by(|a, b| order(a, b).is_eq()) {
            for (rank, it) in same.iter().enumerate() {
                let dearer = |other: &Alternative| {
                    other.draws.iter().zip(&it.draws).all(|(other, it)| other.cents <= it.cents)
                        && other.grams.iter().zip(&it.grams).all(|(other, it)| other <= it)
                };
                if !same[..rank].iter().any(dearer) {
                    alternatives.push(Packed {
                        value: it.value,
                        first_draw: count(draws.len()),
                        n_draws: count(it.draws.len()),
                    });
                    draws.extend_from_slice(&it.draws);
                    grams.extend_from_slice(&it.grams);
                }
            }
        }
        let (alternatives, draws) = (alternatives.into(), draws.into());
        Self { joins, group, alternatives, draws, grams: grams.into() }
    }

    /// How many alternatives; doing nothing is the first.
    #[must_use]
    pub fn n_alternatives(&self) -> u32 {
        count(self.alternatives.len())
    }

    /// What an alternative is worth.
    #[must_use]
    pub fn value(&self, alternative: u32) -> f64 {
        self.alternatives[alternative as usize].value
    }

    /// The works of an alternative, by purse.
    #[must_use]
    pub fn draws(&self, alternative: u32) -> &[Draw] {
        &self.draws[self.alternatives[alternative as usize].range()]
    }

    /// What each of the works of an alternative emits, in grams; empty where emissions are not limited.
    #[must_use]
    pub fn grams(&self, alternative: u32) -> &[u32] {
        let range = self.alternatives[alternative as usize].range();
        self.grams.get(range).unwrap_or_default()
    }

    /// The works of an alternative, each with what it emits: nothing where emissions are not limited.
    pub fn works(&self, alternative: u32) -> impl Iterator<Item = (&Draw, u32)> {
        let grams = self.grams(alternative);
        let draws = self.draws(alternative).iter().enumerate();
        draws.map(move |(rank, it)| (it, grams.get(rank).copied().unwrap_or(0)))
    }
}

/// The alternatives of every section, of which one each is to be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    purses: Vec<Purse>,
    sections: Vec<Section>,
    counted: Counted,
    /// Where each chain of neighbours starts; one more at the end.
    chains: Vec<usize>,
}

/// One alternative for each section.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// One for each section.
    pub chosen: Vec<u32>,
    /// What they are worth together.
    pub value: f64,
    /// What is taken from each purse, by its own works and by those of purses that go over to it, sites
    /// included, in cents; from those that hold no money, as [`Counted`] says.
    pub spent: Vec<i64>,
}

impl Pool {
    /// Sections in the order of their roads.
    #[must_use]
    pub fn new(purses: Vec<Purse>, counted: Counted, sections: Vec<Section>) -> Self {
        let starts = |at: &usize| *at == 0 || !sections[*at].joins;
        let mut chains: Vec<_> = (0..sections.len()).filter(starts).collect();
        chains.push(sections.len());
        Self { purses, sections, counted, chains }
    }

    /// What is counted beside money, and in which purses.
    #[must_use]
    pub const fn counted(&self) -> &Counted {
        &self.counted
    }

    /// The purses.
    #[must_use]
    pub fn purses(&self) -> &[Purse] {
        &self.purses
    }

    /// The sections.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// How many alternatives, of all sections.
    #[must_use]
    pub fn n_alternatives(&self) -> usize {
        self.sections.iter().map(|it| it.alternatives.len()).sum()
    }

    /// The sections of each chain of neighbours.
    #[must_use]
    pub fn chains(&self) -> impl ExactSizeIterator<Item = std::ops::Range<usize>> + Clone + '_ {
        self.chains.windows(2).map(|it| it[0]..it[1])
    }

    /// The chain at a rank.
    #[must_use]
    pub fn chain(&self, rank: usize) -> std::ops::Range<usize> {
        self.chains[rank]..self.chains[rank + 1]
    }

    /// One chain of `step`, with purses that hold as much less.
    #[must_use]
    pub fn sample(&self, step: usize) -> Self {
        let few = self.chains().step_by(step.max(1)).flat_map(|it| self.sections[it].to_vec());
        let few = Self::new(self.purses.clone(), self.counted.clone(), few.collect());
        let (part, whole) = (few.sections.len() as i128, self.sections.len().max(1) as i128);
        let less = |it: &Purse| Purse {
            holds: i64::try_from(i128::from(it.holds) * part / whole).unwrap_or(i64::MAX),
            ..*it
        };
        Self { purses: self.purses.iter().map(less).collect(), ..few }
    }

    /// Doing nothing anywhere.
    #[must_use]
    pub fn idle(&self) -> Selection {
        Selection {
            chosen: vec![0; self.sections.len()],
            value: 0.0,
            spent: vec![0; self.purses.len()],
        }
    }

    /// What a choice is worth and costs: sites are counted where they start.
    #[must_use]
    pub fn weigh(&self, chosen: Vec<u32>) -> Selection {
        let none = || (Vec::new(), vec![0; self.purses.len()]);
        let (values, mut spent) = (0..self.chains().len())
            .into_par_iter()
            .fold(none, |(mut values, mut spent), rank| {
                let (mut before, mut value): (&[Draw], _) = (&[], 0.0);
                for at in self.chain(rank) {
                    value += self.sections[at].value(chosen[at]);
                    let add = |purse: usize, amount| spent[purse] += amount;
                    self.take(at, chosen[at], [before, &[]], add);
                    before = self.sections[at].draws(chosen[at]);
                }
                values.push(value);
                (values, spent)
            })
            .reduce(none, |(mut values, mut spent), (more, also)| {
                values.extend(more);
                spent.iter_mut().zip(also).for_each(|(it, also)| *it += also);
                (values, spent)
            });
        self.go_over(&mut spent);
        // Chain by chain, whoever added them up.
        Selection { chosen, value: values.iter().sum(), spent }
    }

    /// Tells what an alternative of a section takes from each purse beside those works, before what goes over.
    #[inline]
    pub fn take(
        &self,
        at: usize,
        alternative: u32,
        beside: [&[Draw]; 2],
        mut tell: impl FnMut(usize, i64),
    ) {
        let section = &self.sections[at];
        if self.counted.is_nothing() {
            for draw in section.draws(alternative) {
                tell(usize::from(draw.purse), self.cost(draw, beside));
            }
            return;
        }
        for (draw, grams) in section.works(alternative) {
            let purse = usize::from(draw.purse);
            let opens = opens(*draw, beside);
            tell(purse, i64::from(draw.cents) + self.purses[purse].site * opens);
            if let Some(sites) = self.counted.sites(section.group, purse) {
                tell(sites, SITE * opens);
            }
            if let Some(emissions) = self.counted.grams(purse) {
                tell(emissions, grams.into());
            }
        }
    }

    /// The purses that works of a section take from.
    pub fn purses_of(&self, at: usize, draw: &Draw) -> impl Iterator<Item = usize> {
        let purse = usize::from(draw.purse);
        let sites = self.counted.sites(self.sections[at].group, purse);
        [Some(purse), sites, self.counted.grams(purse)].into_iter().flatten()
    }

    /// What all that works take is worth, beside those works, with the grams that they emit.
    #[must_use]
    pub fn priced(
        &self,
        prices: &[f64],
        at: usize,
        (draw, grams): (&Draw, u32),
        beside: [&[Draw]; 2],
    ) -> f64 {
        let purse = usize::from(draw.purse);
        let mut sum = amount(self.cost(draw, beside)) * self.price(prices, purse);
        if let Some(sites) = self.counted.sites(self.sections[at].group, purse) {
            sum += amount(SITE * opens(*draw, beside)) * prices[sites];
        }
        if let Some(emissions) = self.counted.grams(purse) {
            sum += f64::from(grams) * prices[emissions];
        }
        sum
    }

    /// From what the works of each purse cost to what is taken from it: money spent early cannot go over.
    fn go_over(&self, spent: &mut [i64]) {
        for (purse, it) in self.purses.iter().enumerate() {
            if let Some(next) = it.next {
                spent[next] += spent[purse];
            }
        }
    }

    /// The same of what some works cost some purses.
    pub fn go_over_of(&self, spent: &mut Vec<(usize, i64)>) {
        if spent.iter().any(|it| self.purses[it.0].next.is_some()) {
            let mut all = vec![0; self.purses.len()];
            spent.drain(..).for_each(|(purse, cents)| all[purse] += cents);
            self.go_over(&mut all);
            spent.extend(all.into_iter().enumerate().filter(|it| it.1 != 0));
        }
    }

    /// What a cent that a purse pays is worth: it is missing in all those it would have gone over to.
    #[must_use]
    pub fn price(&self, prices: &[f64], purse: usize) -> f64 {
        std::iter::successors(Some(purse), |it| self.purses[*it].next).map(|it| prices[it]).sum()
    }

    /// The works of the neighbours on either side.
    #[must_use]
    pub fn beside<'p>(&'p self, chosen: &[u32], at: usize) -> [&'p [Draw]; 2] {
        let draws = |at: usize| self.sections[at].draws(chosen[at]);
        let before = self.sections[at].joins && at > 0;
        let after = self.sections.get(at + 1).is_some_and(|it| it.joins);
        [if before { draws(at - 1) } else { &[] }, if after { draws(at + 1) } else { &[] }]
    }

    /// What a section's works cost a purse, when its neighbours do not change: they may join two sites into one.
    #[must_use]
    pub fn cost(&self, draw: &Draw, beside: [&[Draw]; 2]) -> i64 {
        i64::from(draw.cents) + self.purses[usize::from(draw.purse)].site * opens(*draw, beside)
    }
}

/// How many sites works open beside others: less than none where they join two.
#[inline]
fn opens(draw: Draw, beside: [&[Draw]; 2]) -> i64 {
    let shared = beside.iter().filter(|it| it.iter().any(|it| it.purse == draw.purse)).count();
    1 - i64::try_from(shared).unwrap_or(2)
}

pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).expect("fewer than four thousand million works")
}
