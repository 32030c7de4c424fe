//! Whole sites given up at once: where their number is limited, one section less frees nothing.

use super::pool::Selection;
use super::repair::Draft;
use std::ops::Range;

/// A run of sections that one purse pays works of.
#[derive(Clone, Debug)]
struct Site {
    sections: Range<usize>,
    purse: u16,
    rank: f64,
}

impl Draft<'_> {
    /// Gives up whole sites that take from purses overspent, those first that cost least for what they free; whether
    /// there were any. Does nothing where money alone is limited.
    ///
    /// `counts` says which purses are meant.
    pub fn give_up_sites(&mut self, counts: impl Fn(usize) -> bool) -> bool {
        if self.pool.counted().is_nothing() {
            return false;
        }
        let over = |it: &Self, site: &Site| {
            let draw = |at: usize| {
                let draws = it.pool.sections()[at].draws(it.it.chosen[at]);
                draws.iter().find(|it| it.purse == site.purse)
            };
            let mut purses = site.sections.clone().flat_map(|at| {
                draw(at).into_iter().flat_map(move |draw| it.pool.purses_of(at, draw))
            });
            purses.any(|purse| counts(purse) && it.left(purse) < 0)
        };
        let mut found: Vec<Site> = self.sites().filter(|site| over(self, site)).collect();
        for site in &mut found {
            let before = self.it.clone_of(site.sections.clone());
            site.rank = self.leave_out(site).unwrap_or(f64::INFINITY);
            self.put_back(site, before);
        }
        found.retain(|it| it.rank < f64::INFINITY);
        found.sort_by(|a, b| {
            a.rank.total_cmp(&b.rank).then(a.sections.start.cmp(&b.sections.start))
        });
        let mut made = false;
        for site in &found {
            if over(self, site) {
                let before = self.it.clone_of(site.sections.clone());
                if self.leave_out(site).is_some() {
                    made = true;
                } else {
                    self.put_back(site, before);
                }
            }
        }
        made
    }

    /// Every site there is.
    fn sites(&self) -> impl Iterator<Item = Site> + '_ {
        let sections = self.pool.sections();
        let draws = |at: usize| sections[at].draws(self.it.chosen[at]);
        let holds = move |at: usize, purse: u16| draws(at).iter().any(|it| it.purse == purse);
        (0..sections.len()).flat_map(move |at| {
            let opens = move |purse: &u16| !(at > 0 && sections[at].joins && holds(at - 1, *purse));
            let to = move |purse: u16| {
                let goes_on = |it: &usize| sections[*it].joins && holds(*it, purse);
                at + 1 + (at + 1..sections.len()).take_while(goes_on).count()
            };
            let site = move |purse| Site { sections: at..to(purse), purse, rank: 0.0 };
            draws(at).iter().map(|it| it.purse).filter(opens).map(site)
        })
    }

    /// Takes the works of a site out, other works of its sections kept; what that costs for what it frees, nothing
    /// when it frees nothing or takes more of some purse than there is.
    fn leave_out(&mut self, site: &Site) -> Option<f64> {
        let (mut sum, mut added) = (Vec::<(usize, i64)>::new(), Vec::new());
        let value = self.it.value;
        let spent = self.it.spent.clone();
        for at in site.sections.clone() {
            let to = self.without(at, site.purse);
            self.change(at, to, &mut added);
            self.make(at, to, &added);
            for (purse, it) in &added {
                match sum.iter_mut().find(|it| it.0 == *purse) {
                    Some(all) => all.1 += it,
                    None => sum.push((*purse, *it)),
                }
            }
        }
        let lost = value - self.it.value;
        let fits = sum.iter().all(|(purse, it)| *it <= 0 || self.left(*purse) >= 0);
        let freed = self.freed_from(&spent, &sum);
        (fits && freed > 0.0).then(|| (self.priced(&sum) + lost) / freed)
    }

    /// The best alternative of a section without works that a purse pays, its other works in their purses.
    fn without(&self, at: usize, purse: u16) -> u32 {
        let section = &self.pool.sections()[at];
        let mine = section.draws(self.it.chosen[at]);
        let beside = self.pool.beside(&self.it.chosen, at);
        let kept = |it: &u32| {
            let mut draws = section.draws(*it).iter();
            draws.all(|it| it.purse != purse && mine.iter().any(|my| my.purse == it.purse))
        };
        let net = |it: u32| {
            let priced = |it| self.pool.priced(&self.prices, at, it, beside);
            section.value(it) - section.works(it).map(priced).sum::<f64>()
        };
        let few = (0..section.n_alternatives()).filter(kept).map(|it| (it, net(it)));
        few.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map_or(0, |it| it.0)
    }

    fn put_back(&mut self, site: &Site, before: Before) {
        self.it.chosen[site.sections.clone()].copy_from_slice(&before.chosen);
        (self.it.value, self.it.spent) = (before.value, before.spent);
    }
}

/// What a selection was before some of its sections changed.
struct Before {
    chosen: Vec<u32>,
    value: f64,
    spent: Vec<i64>,
}

impl Selection {
    fn clone_of(&self, sections: Range<usize>) -> Before {
        Before {
            chosen: self.chosen[sections].to_vec(),
            value: self.value,
            spent: self.spent.clone(),
        }
    }
}
