//! One selection from a mix of several: each piece of road goes by one of them, so that all together spend what the
//! mix does.

use super::chain::amount;
use super::pool::{Draw, Pool, Selection};
use std::ops::Range;

/// How often every piece chooses again. Chosen: few, for each is cheap; not tuned.
const SWEEPS: usize = 4;

/// What a piece of road takes from purses, by one of the mix.
type Spent = Vec<(usize, f64)>;

/// Gives each piece of road to one of the selections of a mix.
///
/// Pieces end where none of the selections shares a site across. Each chooses so that what is spent stays
/// nearest to what the mix spends, purse by purse, in the worth of money; of options as near, the one worth most.
///
/// # Source
///
/// The mix is the primal solution of the bundle method (Feltenmark and Kiwiel, *Dual applications of proximal
/// bundle methods*, SIAM Journal on Optimization 10 (2000), 697-721); rounding by the method of conditional
/// expectations (Raghavan, *Probabilistic construction of deterministic algorithms*, 1988).
#[must_use]
pub fn round(pool: &Pool, prices: &[f64], mix: &[(f64, Selection)]) -> Selection {
    let total: f64 = mix.iter().map(|it| it.0).sum();
    let shares: Vec<f64> = mix.iter().map(|it| it.0 / total).collect();
    // The mix spends what the purses hold but for the last digits: each piece's share is cut to them.
    let within: Vec<f64> = (0..pool.purses().len())
        .map(|purse| {
            let spent =
                mix.iter().zip(&shares).map(|(it, share)| share * amount(it.1.spent[purse]));
            (amount(pool.purses()[purse].holds) / spent.sum::<f64>().max(1.0)).min(1.0)
        })
        .collect();
    let pieces = pieces(pool, mix);
    let spent: Vec<Vec<Spent>> = pieces
        .iter()
        .map(|piece| mix.iter().map(|it| spent(pool, &it.1.chosen, piece.clone())).collect())
        .collect();
    // What was spent past the mix's share; at first, nothing of what is due.
    let mut past = vec![0.0; within.len()];
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    let size = |rank: usize| {
        spent[rank].iter().flatten().map(|(purse, it)| it * prices[*purse]).sum::<f64>()
    };
    order.sort_by(|a, b| size(*b).total_cmp(&size(*a)));
    // What a piece takes on average: past it, balance counts more than what an option is worth.
    let n_options = spent.iter().map(Vec::len).sum::<usize>();
    let all = order.iter().map(|it| size(*it)).sum::<f64>();
    let scale = (all / amount(i64::try_from(n_options.max(1)).unwrap_or(i64::MAX))).max(1.0e-12);
    // What each option is worth at the prices.
    let nets: Vec<Vec<f64>> = pieces
        .iter()
        .zip(&spent)
        .map(|(piece, spent)| {
            mix.iter()
                .zip(spent)
                .map(|((_, it), spent)| {
                    let value: f64 =
                        piece.clone().map(|at| pool.sections()[at].value(it.chosen[at])).sum();
                    value - spent.iter().map(|(purse, it)| it * prices[*purse]).sum::<f64>()
                })
                .collect()
        })
        .collect();
    let mut by: Vec<Option<usize>> = vec![None; pieces.len()];
    for _ in 0..SWEEPS {
        for rank in &order {
            let options = &spent[*rank];
            match by[*rank] {
                None => {
                    for (option, share) in options.iter().zip(&shares) {
                        for (purse, it) in option {
                            past[*purse] -= share * it * within[*purse];
                        }
                    }
                }
                Some(last) => options[last].iter().for_each(|(purse, it)| past[*purse] -= it),
            }
            // How much farther from nothing an option brings what is past.
            let off = |option: &Spent| -> f64 {
                let each = option.iter().map(|(purse, it)| {
                    let price = prices[*purse] * prices[*purse];
                    price * it * (2.0 * past[*purse] + it)
                });
                each.sum()
            };
            let cost = |it: usize| off(&options[it]) / (2.0 * scale) - nets[*rank][it];
            let best = (0..options.len())
                .min_by(|a, b| cost(*a).total_cmp(&cost(*b)))
                .expect("a mix has parts");
            options[best].iter().for_each(|(purse, it)| past[*purse] += it);
            by[*rank] = Some(best);
        }
    }
    let mut chosen = vec![0; pool.sections().len()];
    for (piece, by) in pieces.into_iter().zip(by) {
        let best = &mix[by.expect("every piece chose")].1.chosen;
        chosen[piece.clone()].copy_from_slice(&best[piece]);
    }
    pool.weigh(chosen)
}

/// Runs of sections between which no selection shares a site.
fn pieces(pool: &Pool, mix: &[(f64, Selection)]) -> Vec<Range<usize>> {
    let shared = |at: usize| {
        pool.sections()[at].joins
            && mix.iter().any(|(_, it)| {
                let [before, here] =
                    [at - 1, at].map(|at| pool.sections()[at].draws(it.chosen[at]));
                before.iter().any(|it| here.iter().any(|other| other.purse == it.purse))
            })
    };
    let mut starts: Vec<usize> =
        (0..pool.sections().len()).filter(|at| *at == 0 || !shared(*at)).collect();
    starts.push(pool.sections().len());
    starts.windows(2).map(|it| it[0]..it[1]).collect()
}

/// What a piece takes from each purse, sites included, in cents.
fn spent(pool: &Pool, chosen: &[u32], piece: Range<usize>) -> Spent {
    let mut spent: Vec<(usize, i64)> = Vec::new();
    let mut before: &[Draw] = &[];
    for at in piece {
        let add = |purse: usize, cents: i64| match spent.iter_mut().find(|it| it.0 == purse) {
            Some(it) => it.1 += cents,
            None => spent.push((purse, cents)),
        };
        pool.take(at, chosen[at], [before, &[]], add);
        before = pool.sections()[at].draws(chosen[at]);
    }
    pool.go_over_of(&mut spent);
    spent.into_iter().map(|(purse, cents)| (purse, amount(cents))).collect()
}
