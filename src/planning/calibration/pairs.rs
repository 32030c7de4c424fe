//! Sections that two campaigns measured, and those of them that tell how surfaces age.

use crate::domain::Score;
use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::SQRT_2;

/// A gain of more than so many standard deviations of the noise is taken for works.
/// Chosen: noise alone passes it once in 700 sections.
const NOISE_DEVIATIONS: f64 = 3.0;

/// Least noise that is believed, points. Chosen: no campaign is repeated to better than this.
const LEAST_NOISE: f64 = 0.05;

/// Fewest pairs of an old surface, of a renewed one or of a category that a parameter is fitted to.
/// Chosen: with 30 the mean change is known to a quarter of the noise of a note.
pub const LEAST_PAIRS: usize = 30;

/// The standard deviation of normal errors is so many times the median of their absolute values.
/// Source: Huber and Ronchetti, *Robust Statistics*, 2009, section 5.1.
pub(super) const MAD: f64 = 1.4826;

/// One section measured by both campaigns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SectionPair {
    /// Its road: sections of one road err alike.
    pub road: usize,
    /// Category of its road.
    pub category: u8,
    /// *Note globale* of the first campaign.
    pub before: Score,
    /// *Note globale* of the second.
    pub after: Score,
    /// Years from the renewal of its surface to the second campaign; nothing when nobody says that it
    /// was renewed.
    pub renewed: Option<f64>,
}

impl SectionPair {
    /// Points lost at the first campaign, and at the second.
    pub(super) fn lost(&self) -> (f64, f64) {
        (20.0 - self.before.points(), 20.0 - self.after.points())
    }
}

/// How the surface of a section got from its first note to its second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Passage {
    /// Rank of its factor among those that are fitted; nothing for the common law.
    pub factor: Option<usize>,
    /// Whether it ages as a renewed surface.
    pub renewed: bool,
    /// Years of ageing.
    pub years: f64,
    /// Whether it starts flawless, renewed between the two, rather than from its first note.
    pub anew: bool,
}

/// What is left of the pairs, sorted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sorted {
    /// Pairs that are fitted, each with the rank of its passage.
    pub kept: Vec<(SectionPair, usize)>,
    /// The passages that occur.
    pub passages: Vec<Passage>,
    /// Categories with a factor of their own, in order.
    pub factors: Vec<u8>,
    /// The category whose factor is one: that of most pairs.
    pub common: u8,
    /// Categories with too few pairs for a factor, and how many they have.
    pub few: Vec<(u8, usize)>,
    /// Pairs left out: their note rose by more than noise, and nobody says that they were renewed between.
    pub n_works: usize,
    /// Pairs said to be renewed.
    pub n_renewed: usize,
}

/// Leaves out presumed works, and says how each other pair went from note to note. `noise` is that of one
/// note, when it is known; else that of gains stands in, which is more, since surfaces age unlike.
pub(super) fn sort(pairs: &[SectionPair], years: f64, noise: Option<f64>) -> Sorted {
    let gain = |it: &SectionPair| it.after.points() - it.before.points();
    let anew = |it: &SectionPair| it.renewed.is_some_and(|since| since < years);
    let gains: Vec<f64> = pairs.iter().filter(|it| !anew(it)).map(gain).collect();
    let of_gains = deviation(&gains).max(LEAST_NOISE);
    let of_noise = noise.map_or(of_gains, |it| it.max(LEAST_NOISE) * SQRT_2);
    let most = NOISE_DEVIATIONS * of_gains.min(of_noise);
    let works = |it: &SectionPair| !anew(it) && gain(it) > most;
    let kept: Vec<SectionPair> = pairs.iter().filter(|it| !works(it)).copied().collect();

    let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
    for it in &kept {
        *counts.entry(it.category).or_default() += 1;
    }
    // Of two as large, the first.
    let common = counts.iter().rev().max_by_key(|it| it.1).map_or(0, |it| *it.0);
    let enough = |it: &(&u8, &usize)| *it.1 >= LEAST_PAIRS;
    let factors: Vec<u8> =
        counts.iter().filter(enough).map(|it| *it.0).filter(|it| *it != common).collect();
    let few = counts.iter().filter(|it| *it.1 < LEAST_PAIRS && *it.0 != common);

    let passage = |it: &SectionPair| Passage {
        factor: factors.iter().position(|category| *category == it.category),
        renewed: it.renewed.is_some(),
        years: it.renewed.map_or(years, |since| since.min(years)),
        anew: anew(it),
    };
    let mut ranks = BTreeMap::new();
    let mut passages = Vec::new();
    let ranked = |it: &SectionPair| {
        let one = passage(it);
        let key = (one.factor, one.renewed, one.years.to_bits(), one.anew);
        let rank = *ranks.entry(key).or_insert_with(|| {
            passages.push(one);
            passages.len() - 1
        });
        (*it, rank)
    };
    let few = few.map(|it| (*it.0, *it.1)).collect();
    let n_renewed = kept.iter().filter(|it| it.renewed.is_some()).count();
    let n_works = pairs.len() - kept.len();
    let kept = kept.iter().map(ranked).collect();
    Sorted { kept, passages, factors, common, few, n_works, n_renewed }
}

/// Roads that the pairs lie on.
pub(super) fn roads(pairs: &[(SectionPair, usize)]) -> BTreeSet<usize> {
    pairs.iter().map(|it| it.0.road).collect()
}

/// Standard deviation of most values, whatever the others; 0 of nothing.
pub(super) fn deviation(values: &[f64]) -> f64 {
    let middle = median(values);
    let apart: Vec<f64> = values.iter().map(|it| (it - middle).abs()).collect();
    MAD * median(&apart)
}

/// The middle value, the upper of two; 0 of nothing.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    let middle = sorted.len() / 2;
    if sorted.is_empty() {
        return 0.0;
    }
    *sorted.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(category: u8, before: f64, after: f64, renewed: Option<f64>) -> SectionPair {
        let [before, after] = [before, after].map(Score::clamped);
        SectionPair { road: 0, category, before, after, renewed }
    }

    #[test]
    fn what_rose_by_more_than_noise_is_left_out_unless_it_is_said_to_be_renewed() {
        let wobble = |at: i32| f64::from(at % 5 - 2) * 0.1;
        let mut pairs: Vec<_> = (0..50).map(|at| pair(2, 16.0, 15.7 + wobble(at), None)).collect();
        pairs.push(pair(2, 12.0, 19.5, None));
        pairs.push(pair(2, 12.0, 19.5, Some(2.0)));
        pairs.push(pair(2, 19.0, 18.5, Some(9.0)));
        let sorted = sort(&pairs, 3.0, None);
        assert_eq!((sorted.n_works, sorted.n_renewed, sorted.kept.len()), (1, 2, 52));
        let of = |at: usize| sorted.passages[sorted.kept[at].1];
        assert_eq!(of(0), Passage { factor: None, renewed: false, years: 3.0, anew: false });
        assert_eq!(of(50), Passage { factor: None, renewed: true, years: 2.0, anew: true });
        assert_eq!(of(51), Passage { factor: None, renewed: true, years: 3.0, anew: false });
    }

    #[test]
    fn a_category_has_a_factor_when_it_has_pairs_enough() {
        let of = |category, n| (0..n).map(move |_| pair(category, 16.0, 15.0, None));
        let pairs: Vec<_> = of(3, 80).chain(of(1, LEAST_PAIRS)).chain(of(2, 4)).collect();
        let sorted = sort(&pairs, 3.0, None);
        assert_eq!((sorted.common, &sorted.factors[..]), (3, &[1][..]));
        assert_eq!(sorted.few, [(2, 4)]);
        assert_eq!(sorted.passages.len(), 2);
    }

    #[test]
    fn the_deviation_is_that_of_most_values() {
        let mut values: Vec<f64> = (-100..=100).map(|it| f64::from(it) / 100.0).collect();
        let alone = deviation(&values);
        values.extend([1.0e6; 20]);
        assert!((deviation(&values) - alone).abs() < 0.1 && alone > 0.7);
        assert!((deviation(&[]) - 0.0).abs() < 1.0e-12);
    }
}
