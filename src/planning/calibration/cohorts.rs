//! The small model of a network: cohorts of equal area, two envelopes, worst first.

use crate::domain::Envelopes;

/// Cohorts of a network. Source: DOMAIN.md section 9.3.
pub const COHORTS: usize = 400;

/// Years between two maintenance passes, and from a renewal to a pass. Source: DOMAIN.md section 9.3.
const GAP: usize = 7;

/// Least D that a pass is worth. Source: `d > .3` of the reference that DOMAIN.md section 9.3 names.
const LEAST_D: f64 = 0.3;

/// What keeps a budget that buys exactly so many cohorts from buying one less.
/// Source: `1e-9` of the same reference.
const EXACTLY: f64 = 1.0e-9;

/// The eight numbers of the model.
///
/// # Source
///
/// DOMAIN.md section 9.3, and its symbols.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CohortParameters {
    /// λ1: points a year that a flawless surface loses, as it was found.
    pub lambda_old: f64,
    /// λ2: the same, once renewed.
    pub lambda_renewed: f64,
    /// β: how much faster per point lost.
    pub beta: f64,
    /// s: the spread of the first notes, D(u) = mean (s + 1) u^s.
    pub shape: f64,
    /// `c_i`: euros to renew a square metre.
    pub renewal_price: f64,
    /// D*: points lost from which a surface is renewed.
    pub trigger: f64,
    /// `c_m`: euros for a maintenance pass over a square metre.
    pub pass_price: f64,
    /// φ: share of the lost points that a pass gives back.
    pub pass_gain: f64,
}

/// What a plan gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Played {
    /// Mean note after the last year, points.
    pub end: f64,
    /// Highest, lowest and mean of the years, the start included, points.
    pub high: f64,
    /// Lowest.
    pub low: f64,
    /// Mean.
    pub mean: f64,
    /// Money spent over all the years, millions of euros.
    pub spent: f64,
}

/// A network under given parameters.
pub struct CohortModel {
    parameters: CohortParameters,
    /// D of each cohort at the start, worst first.
    start: Vec<f64>,
    /// Square metres of a cohort, in millions.
    area: f64,
    ng_start: f64,
}

impl CohortModel {
    /// A network of `surface` millions of square metres in `n` cohorts, whose mean note is `ng_start`;
    /// nothing when its worst cohort would be past 20 lost points.
    #[must_use]
    pub fn new(
        parameters: CohortParameters,
        ng_start: f64,
        surface: f64,
        n: usize,
    ) -> Option<Self> {
        let most = (20.0 - ng_start) * (parameters.shape + 1.0);
        let middle = |rank| (count(rank) + 0.5) / count(n);
        // The last are the worst.
        let start = (0..n).rev().map(|it| most * middle(it).powf(parameters.shape)).collect();
        let area = surface / count(n);
        (most <= 20.0).then_some(Self { parameters, start, area, ng_start })
    }

    /// Plays a plan: each year renewals and passes, then a year of ageing.
    ///
    /// An envelope pays whole cohorts; what is left waits for the next year, at most the price of one.
    #[must_use]
    pub fn play(&self, plan: &[Envelopes]) -> Played {
        let mut state = State::new(self);
        let (mut high, mut low, mut sum, mut end) =
            (self.ng_start, self.ng_start, self.ng_start, self.ng_start);
        let mut spent = 0.0;
        for (year, offered) in plan.iter().enumerate() {
            spent += state.work(year, *offered);
            end = state.age();
            high = high.max(end);
            low = low.min(end);
            sum += end;
        }
        Played { end, high, low, mean: sum / (count(plan.len()) + 1.0), spent }
    }
}

/// What became of a cohort.
#[derive(Clone, Copy)]
struct Cohort {
    lost: f64,
    rate: f64,
    /// First year in which a pass would suit it again.
    rested: usize,
}

struct State<'m> {
    model: &'m CohortModel,
    /// Worst first as of the last year with works, what was renewed since at the end.
    cohorts: Vec<Cohort>,
    /// What each envelope kept from the years before, millions of euros.
    waiting: [f64; 2],
}

impl<'m> State<'m> {
    fn new(model: &'m CohortModel) -> Self {
        let rate = model.parameters.lambda_old;
        let cohort = |lost: &f64| Cohort { lost: *lost, rate, rested: 0 };
        Self { model, cohorts: model.start.iter().map(cohort).collect(), waiting: [0.0; 2] }
    }

    /// Spends a year's envelopes; what was spent, millions of euros.
    fn work(&mut self, year: usize, offered: Envelopes) -> f64 {
        let CohortParameters {
            lambda_renewed, renewal_price, trigger, pass_price, pass_gain, ..
        } = self.model.parameters;
        let [investment, maintenance] =
            [offered.investment, offered.maintenance].map(|it| it.get() / 1.0e6);
        if investment <= 0.0 && maintenance <= 0.0 {
            return 0.0;
        }
        sort_worst_first(&mut self.cohorts);
        let mut spent = 0.0;
        if investment > 0.0 {
            let price = self.model.area * renewal_price;
            let suit = self.cohorts.partition_point(|it| it.lost >= trigger);
            let n = self.affordable(0, investment, price, suit);
            spent += self.pay(0, investment, price, n);
            let renewed = Cohort { lost: 0.0, rate: lambda_renewed, rested: year + GAP };
            self.cohorts[..n].fill(renewed);
            self.cohorts.rotate_left(n);
        }
        if maintenance > 0.0 {
            let price = self.model.area * pass_price;
            let most = self.affordable(1, maintenance, price, usize::MAX);
            let suits = |it: &&mut Cohort| it.lost > LEAST_D && year >= it.rested;
            let mut n = 0;
            for it in self.cohorts.iter_mut().filter(suits).take(most) {
                it.lost *= 1.0 - pass_gain;
                it.rested = year + GAP;
                n += 1;
            }
            spent += self.pay(1, maintenance, price, n);
        }
        spent
    }

    /// How many cohorts an envelope can pay, out of those that suit.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and no more than all cohorts"
    )]
    fn affordable(&self, which: usize, offered: f64, price: f64, suit: usize) -> usize {
        let most = (offered + self.waiting[which]) / price + EXACTLY;
        most.min(count(suit.min(self.cohorts.len()))) as usize
    }

    /// Pays so many cohorts from an envelope; what that costs, millions of euros.
    fn pay(&mut self, which: usize, offered: f64, price: f64, n: usize) -> f64 {
        let cost = count(n) * price;
        self.waiting[which] = (offered + self.waiting[which] - cost).min(price);
        cost
    }

    /// A year goes by; the mean note after it.
    fn age(&mut self) -> f64 {
        let beta = self.model.parameters.beta;
        // Four sums, so that one addition does not wait for the last.
        let mut sums = [0.0; 4];
        for four in self.cohorts.chunks_mut(4) {
            for (it, sum) in four.iter_mut().zip(&mut sums) {
                it.lost = (it.lost + it.rate * (1.0 + beta * it.lost)).min(20.0);
                *sum += it.lost;
            }
        }
        20.0 - sums.iter().sum::<f64>() / count(self.cohorts.len())
    }
}

/// By insertion: a year moves few cohorts past few others.
fn sort_worst_first(cohorts: &mut [Cohort]) {
    for at in 1..cohorts.len() {
        let one = cohorts[at];
        let mut to = at;
        while to > 0 && cohorts[to - 1].lost < one.lost {
            cohorts[to] = cohorts[to - 1];
            to -= 1;
        }
        cohorts[to] = one;
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred")]
const fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Budget, PlanYears};

    fn fitted() -> CohortParameters {
        CohortParameters {
            lambda_old: 0.0360,
            lambda_renewed: 0.1729,
            beta: 0.4329,
            shape: 2.7929,
            renewal_price: 17.18,
            trigger: 3.809,
            pass_price: 1.757,
            pass_gain: 0.1446,
        }
    }

    fn play(words: &str) -> Played {
        let years = PlanYears { first_year: 2022, horizon: 15 };
        let plan = words.parse::<Budget>().unwrap().spread(years).unwrap();
        CohortModel::new(fitted(), 18.15, 33.759, COHORTS).unwrap().play(&plan)
    }

    #[test]
    fn the_reference_gives_the_same_numbers() {
        // What `haute_garonne_fit.py` prints for s11, s03 and no budget.
        let close = |it: f64, want: f64, within: f64| assert!((it - want).abs() < within, "{it}");
        let s11 = play("0 (5 ans), puis 25 (2 ans), puis 5+10");
        close(s11.end, 18.32, 0.006);
        close(s11.high, 18.40, 0.006);
        close(s11.low, 17.82, 0.006);
        close(s11.mean, 18.19, 0.006);
        close(s11.spent, 155.4, 0.06);
        close(play("11+2,5").spent, 169.3, 0.06);
        close(play("0").end, 17.06, 0.006);
    }

    #[test]
    fn more_than_twenty_lost_points_cannot_be() {
        let wide = CohortParameters { shape: 12.0, ..fitted() };
        assert!(CohortModel::new(wide, 18.15, 33.8, COHORTS).is_none());
    }

    #[test]
    fn no_more_is_spent_than_offered() {
        for (words, most) in [("3+0,5", 52.5), ("0", 0.0), ("40+20", 900.0)] {
            assert!(play(words).spent <= most + 1.0e-9, "{words}");
        }
    }
}
