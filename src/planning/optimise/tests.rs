//! Against the definition: every selection tried.

use super::chain::Best;
use super::counted::{Counted, SITE};
use super::pool::{Alternative, Draw, Pool, Purse, Section, Selection};
use super::prices::lower_bound;
use super::solve::solve;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

type Drawn = Vec<(u16, u32)>;

/// Purses by what they hold and what a site costs; with `goes_over`, what is left of each goes to the next.
fn purses(all: &[(i64, i64)], goes_over: bool) -> Vec<Purse> {
    let mut before = 0;
    let purse = |(rank, (holds, site)): (usize, &(i64, i64))| {
        before = if goes_over { before + holds } else { *holds };
        let next = (goes_over && rank + 1 < all.len()).then_some(rank + 1);
        Purse { holds: before, site: *site, next }
    };
    all.iter().enumerate().map(purse).collect()
}

fn pool(all: &[(i64, i64)], sections: &[(bool, Vec<(f64, Drawn)>)]) -> Pool {
    pool_of(purses(all, false), sections)
}

fn pool_of(purses: Vec<Purse>, sections: &[(bool, Vec<(f64, Drawn)>)]) -> Pool {
    pool_with(purses, Counted::default(), sections, |_| 0)
}

/// With other limits, where a cent emits three grams less the purse it comes from.
fn pool_with(
    purses: Vec<Purse>,
    counted: Counted,
    sections: &[(bool, Vec<(f64, Drawn)>)],
    group: impl Fn(usize) -> u16,
) -> Pool {
    let alternative = |(value, draws): &(f64, Drawn)| {
        let mut draws: Vec<_> = draws
            .iter()
            .map(|(purse, cents)| Draw { purse: *purse, label: 0, cents: *cents })
            .collect();
        draws.sort_by_key(|it| it.purse);
        draws.dedup_by_key(|it| it.purse);
        let gram = |it: &Draw| it.cents * u32::from(3 - it.purse);
        let emits = counted.grams(0).is_some();
        let grams = if emits { draws.iter().map(gram).collect() } else { vec![] };
        Alternative { value: *value, draws, grams }
    };
    let section = |(at, (joins, all)): (usize, &(bool, Vec<_>))| {
        let all = all.iter().map(alternative).collect();
        // A chain lies in one group.
        let joins = *joins && at > 0 && group(at) == group(at - 1);
        Section::new(joins, (group(at), &counted), &purses, all)
    };
    let sections = sections.iter().enumerate().map(section).collect();
    Pool::new(purses, counted, sections)
}

fn pools() -> impl Strategy<Value = Pool> {
    let draws = prop::collection::vec((0_u16..3, 1_u32..60), 1..3);
    let section = (any::<bool>(), prop::collection::vec((0.0..10.0_f64, draws), 0..4));
    let hold = prop::collection::vec((0_i64..120, 0_i64..30), 3);
    (hold, any::<bool>(), prop::collection::vec(section, 1..5))
        .prop_map(|(hold, goes_over, sections)| pool_of(purses(&hold, goes_over), &sections))
}

/// Pools where sites are limited, in two groups of which the second may have any number in the last year, or emissions
/// are, or both.
fn limited_pools() -> impl Strategy<Value = Pool> {
    let draws = prop::collection::vec((0_u16..3, 1_u32..60), 1..3);
    let section = (any::<bool>(), prop::collection::vec((-1.0..10.0_f64, draws), 0..4));
    let hold = prop::collection::vec((40_i64..160, 0_i64..30), 3);
    let limits = (any::<bool>(), any::<bool>(), prop::collection::vec((0_i64..3, 0_i64..300), 5));
    (hold, any::<bool>(), limits, prop::collection::vec(section, 1..6)).prop_map(
        |(hold, goes_over, (by_sites, by_grams, most), sections)| {
            let mut purses = purses(&hold, goes_over);
            let mut add = |holds| {
                purses.push(Purse { holds, site: 0, next: None });
                purses.len() - 1
            };
            // Purses 0 and 1 are envelopes of one year.
            let mut sites = vec![];
            if by_sites {
                let [a, b, c] = [most[0], most[1], most[2]].map(|it| add(it.0 * SITE));
                sites = vec![vec![Some(a), Some(a), Some(b)], vec![Some(c), Some(c), None]];
            }
            let mut grams = vec![];
            if by_grams {
                let [a, b] = [most[3].1, most[4].1].map(&mut add);
                grams = vec![a, a, b];
            }
            let counted = Counted::new(sites, grams);
            pool_with(purses, counted, &sections, |at| u16::from(by_sites && at >= 3))
        },
    )
}

/// What a selection takes from purses that hold no money, by definition.
fn counted_by_hand(pool: &Pool, it: &Selection) -> Vec<i64> {
    let mut all = vec![0; pool.purses().len()];
    for purse in 0..3 {
        let has = |at: usize| {
            let mut works = pool.sections()[at].works(it.chosen[at]);
            works.find(|it| usize::from(it.0.purse) == purse)
        };
        for at in 0..pool.sections().len() {
            let Some((_, grams)) = has(at) else { continue };
            let section = &pool.sections()[at];
            if let Some(sites) = pool.counted().sites(section.group, purse)
                && !(section.joins && has(at - 1).is_some())
            {
                all[sites] += SITE;
            }
            if let Some(emissions) = pool.counted().grams(purse) {
                all[emissions] += i64::from(grams);
            }
        }
    }
    all.split_off(3)
}

/// Every selection there is.
fn all(pool: &Pool) -> Vec<Selection> {
    let mut found = vec![vec![]];
    for section in pool.sections() {
        let longer = |it: Vec<u32>| {
            (0..section.n_alternatives()).map(move |next| [it.clone(), vec![next]].concat())
        };
        found = found.into_iter().flat_map(longer).collect();
    }
    found.into_iter().map(|it| pool.weigh(it)).collect()
}

fn net(it: &Selection, prices: &[f64]) -> f64 {
    it.value
        - it.spent
            .iter()
            .zip(prices)
            .map(|(spent, price)| super::chain::amount(*spent) * price)
            .sum::<f64>()
}

fn best(pool: &Pool) -> f64 {
    let within = |it: &Selection| {
        it.spent.iter().zip(pool.purses()).all(|(spent, purse)| *spent <= purse.holds)
    };
    all(pool).into_iter().filter(within).map(|it| it.value).fold(0.0, f64::max)
}

#[test]
fn neighbours_share_a_site_and_what_cannot_help_is_left_out() {
    let works = |value, cents| (value, vec![(0, cents)]);
    let it = pool(
        &[(100, 30)],
        &[
            (false, vec![works(5.0, 20), works(4.0, 20), works(6.0, 25)]),
            (true, vec![works(1.0, 10)]),
        ],
    );
    assert_eq!(it.sections()[0].n_alternatives(), 3, "the dearer for less is left out");
    let both = it.weigh(vec![it.sections()[0].n_alternatives() - 1, 1]);
    let first = it.sections()[0].draws(2)[0].cents;
    assert_eq!(both.spent, [i64::from(first) + 10 + 30]);
}

#[test]
fn what_is_left_goes_over_and_never_back() {
    let way = |purse, cents| (1.0, vec![(purse, cents)]);
    let sections = [(false, vec![way(0, 60), way(1, 130)]), (false, vec![way(0, 50), way(1, 50)])];
    let apart = pool_of(purses(&[(100, 0), (100, 0)], false), &sections);
    let joint = pool_of(purses(&[(100, 0), (100, 0)], true), &sections);
    assert_eq!(
        joint.weigh(vec![1, 1]).spent,
        [110, 110],
        "too much at first, whatever comes later"
    );
    assert_eq!(joint.weigh(vec![2, 2]).spent, [0, 180]);
    assert_eq!(apart.weigh(vec![2, 2]).spent, [0, 180]);
    // Both are best; what the second purse holds by itself is not enough for the way of the first section.
    assert!((best(&apart) - 2.0).abs() < 1e-9 && (best(&joint) - 2.0).abs() < 1e-9);
    let later = [(false, vec![way(1, 130)])];
    let apart = pool_of(purses(&[(100, 0), (100, 0)], false), &later);
    let joint = pool_of(purses(&[(100, 0), (100, 0)], true), &later);
    assert!(best(&apart).abs() < 1e-9);
    assert!((solve(&joint, 1e-9).selection.value - 1.0).abs() < 1e-9);
}

/// Moves of prices.
/// Chosen: most of them near enough that what is of use is not looked for again.
const NEAR: std::ops::Range<f64> = 0.972..1.031;

/// The best at some prices, after it was asked for at those from which they moved.
fn after_others(pool: &Pool, prices: &[f64], moves: &[f64]) -> Selection {
    let others: Vec<f64> = prices.iter().zip(moves).map(|(price, by)| price / by).collect();
    let mut best = Best::of(pool);
    let _ = best.at(&others);
    best.at(prices)
}

proptest! {
    #[test]
    fn roads_choose_the_best_at_any_prices(
        pool in pools(),
        prices in prop::collection::vec(0.0..0.3_f64, 3),
        moves in prop::collection::vec(NEAR, 3),
    ) {
        let found = after_others(&pool, &prices, &moves);
        let most = all(&pool).iter().map(|it| net(it, &prices)).fold(f64::NEG_INFINITY, f64::max);
        prop_assert!((net(&found, &prices) - most).abs() < 1e-9);
    }

    #[test]
    fn the_bound_is_above_the_best_and_the_selection_within_the_purses(pool in pools()) {
        let best = best(&pool);
        let solved = solve(&pool, 1e-9);
        prop_assert!(solved.bound >= best - 1e-9 * best.max(1.0), "{} {best}", solved.bound);
        prop_assert!(solved.selection.value <= best + 1e-9);
        prop_assert!(solved.selection.spent.iter().zip(pool.purses()).all(|(spent, purse)| *spent <= purse.holds));
        prop_assert_eq!(pool.weigh(solved.selection.chosen.clone()).spent, solved.selection.spent);
    }

    #[test]
    fn roads_choose_the_best_at_any_prices_of_sites_and_emissions(
        pool in limited_pools(),
        prices in prop::collection::vec(0.0..0.3_f64, 8),
        moves in prop::collection::vec(NEAR, 8),
    ) {
        let n_money = 3;
        let price = |(rank, it): (usize, &f64)| {
            let is_site = pool.purses().len() - rank > 2 || pool.counted().grams(0).is_none();
            if rank >= n_money && is_site { it * 1e-5 } else { *it }
        };
        let prices: Vec<f64> =
            prices.iter().take(pool.purses().len()).enumerate().map(price).collect();
        let found = after_others(&pool, &prices, &moves);
        let most = all(&pool).iter().map(|it| net(it, &prices)).fold(f64::NEG_INFINITY, f64::max);
        prop_assert!((net(&found, &prices) - most).abs() < 1e-9);
    }

    #[test]
    fn all_limits_hold_and_the_bound_is_above_the_best(pool in limited_pools()) {
        let best = best(&pool);
        let solved = solve(&pool, 1e-9);
        prop_assert!(solved.bound >= best - 1e-9 * best.max(1.0), "{} {best}", solved.bound);
        prop_assert!(solved.selection.value <= best + 1e-9);
        prop_assert!(solved.selection.spent.iter().zip(pool.purses()).all(|(spent, purse)| *spent <= purse.holds));
        let weighed = pool.weigh(solved.selection.chosen.clone());
        prop_assert_eq!(&weighed.spent, &solved.selection.spent);
        prop_assert_eq!(&weighed.spent[3..], counted_by_hand(&pool, &weighed));
    }

    #[test]
    fn prices_prove_more_the_longer_they_are_sought(pool in pools()) {
        let none = vec![0.0; 3];
        let [few, many] = [2, 60].map(|most| lower_bound(&pool, &none, 1e-9, most).bound);
        prop_assert!(many <= few + 1e-9);
    }
}

#[test]
fn threads_do_not_matter() {
    let section = |at: u32| {
        let works = |to: u32| {
            let cents = 10 + (at * 7919 + to * 131) % 50;
            (f64::from((at * 31 + to * 17) % 23), vec![((to % 3) as u16, cents)])
        };
        (!at.is_multiple_of(5), (0..6).map(works).collect())
    };
    let pool = pool(&[(900, 12), (700, 5), (800, 0)], &(0..80).map(section).collect::<Vec<_>>());
    let on = |threads| {
        let threads =
            rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        threads.install(|| solve(&pool, 1e-7))
    };
    let (one, four) = (on(1), on(4));
    assert_eq!(one.selection, four.selection);
    assert_eq!(one.bound.to_bits(), four.bound.to_bits());
}

#[test]
fn small_pools_are_solved_nearly_to_the_best() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut found, mut there) = (0.0, 0.0);
    for _ in 0..200 {
        let pool = pools().new_tree(&mut runner).expect("a pool").current();
        found += solve(&pool, 1e-9).selection.value;
        there += best(&pool);
    }
    assert!(found >= 0.99 * there, "{found} of {there}");
}

#[test]
fn small_pools_with_limits_are_solved_nearly_to_the_best() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut found, mut there, mut n_best) = (0.0, 0.0, 0);
    for _ in 0..300 {
        let pool = limited_pools().new_tree(&mut runner).expect("a pool").current();
        let (mine, most) = (solve(&pool, 1e-9).selection.value, best(&pool));
        found += mine;
        there += most;
        n_best += usize::from(mine >= most - 1e-9);
    }
    assert!(found >= 0.99 * there, "{found} of {there}");
    assert!(n_best >= 270, "{n_best}");
}

#[test]
fn a_section_between_two_sites_makes_them_one() {
    let works = |value, cents| (value, vec![(0_u16, cents)]);
    let all = |n_sites| {
        let purses = vec![
            Purse { holds: 1000, site: 0, next: None },
            Purse { holds: n_sites * SITE, site: 0, next: None },
        ];
        let counted = Counted::new(vec![vec![Some(1)]], vec![]);
        let sections = [(5.0, 10), (-1.0, 50), (4.0, 10)];
        let sections = sections.map(|(value, cents)| (true, vec![works(value, cents)]));
        solve(&pool_with(purses, counted, &sections, |_| 0), 1e-9).selection.value
    };
    assert!((all(2) - 9.0).abs() < 1e-9 && (all(1) - 8.0).abs() < 1e-9 && all(0).abs() < 1e-9);
}
