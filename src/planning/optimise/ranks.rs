//! Sets of the purses that works share, by number.

use super::pool::{Draw, Section};

/// Sets of up to [`Section::MOST_WORKS`] purses, numbered one after the other: each is the sum of what its members
/// count at their place (the combinatorial number system), after all smaller sets.
pub(super) struct Ranks {
    /// C(purse, place + 1), then what all sets of fewer come to.
    counts: Vec<[u32; Section::MOST_WORKS]>,
    smaller: [u32; Section::MOST_WORKS + 1],
    pub(super) n_sets: usize,
}

impl Ranks {
    pub(super) fn new(n_purses: usize) -> Self {
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

    /// Tells every subset of the purses of some works, the empty one first: its number, and what sites cost it.
    #[inline]
    pub(super) fn subsets<'d>(
        &self,
        draws: impl Iterator<Item = &'d Draw>,
        of_site: &[f64],
        mut tell: impl FnMut(usize, f64),
    ) {
        let mut sets = [(0_u32, 0.0); SUBSETS];
        tell(0, 0.0);
        let mut n_sets = 1_usize;
        for draw in draws {
            let purse = usize::from(draw.purse);
            let (counts, more) = (&self.counts[purse], of_site[purse]);
            for without in 0..n_sets {
                let size = without.count_ones() as usize;
                let (rank, cost) = sets[without];
                let it = (rank + counts[size], cost + more);
                sets[without + n_sets] = it;
                tell((self.smaller[size + 1] + it.0) as usize, it.1);
            }
            n_sets *= 2;
        }
    }
}

/// How many subsets the most works have. Source: two to the number of works.
const SUBSETS: usize = 1 << Section::MOST_WORKS;
