//! The least multiple of the money that brings a section in, or takes it out.
//!
//! What a section gets is not monotone in the money: with more, it may be served in an earlier year, or money
//! may go to dearer works before it. Multiples are therefore tried in order from 1, and the stretch before the
//! first that does it is halved: what is found holds, and so does not what was tried before it; of multiples in
//! between, nothing is said.

use super::asked::Asked;
use crate::domain::{Envelopes, Euros, MoneyAnswer, Programme, Scenario};

/// What is multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purse {
    /// The money of the year asked about.
    Year,
    /// That of every year.
    All,
}

/// The first multiple of those tried that brings the section in, if it has no works in the year asked about;
/// that takes it out, if it has.
pub(super) fn money(asked: &Asked<'_>, purse: Purse) -> MoneyAnswer {
    let scenario = asked.scenario;
    let offered = |it: &Scenario| -> Euros {
        let years = it.budgets.iter().enumerate();
        let counted = |rank: usize| purse == Purse::All || rank == asked.now.rank as usize;
        years.filter(|it| counted(it.0)).map(|it| it.1.total()).sum()
    };
    if offered(scenario) == Euros::ZERO {
        return MoneyAnswer::NoMoney;
    }
    let more = asked.works_in(asked.programme).is_none();
    let play = |multiple: f64| {
        let tried = multiplied(scenario, purse, asked.now.rank, multiple);
        asked.play(asked.start, &tried)
    };
    let does = |it: &Programme| asked.works_in(it).is_some() == more;
    let effort = asked.effort();
    let (mut short, mut sooner) = (1.0, None);
    for mut multiple in effort.multiples(more) {
        let mut found = play(multiple);
        if !does(&found) {
            short = multiple;
            if more {
                sooner = sooner.or_else(|| Some((multiple, new_before(asked, &found)?)));
            }
            continue;
        }
        for _ in 0..effort.n_halvings {
            let middle = f64::midpoint(short, multiple);
            let tried = play(middle);
            if does(&tried) {
                (multiple, found) = (middle, tried);
            } else {
                short = middle;
            }
        }
        let now = multiplied(scenario, purse, asked.now.rank, multiple);
        let treatment = asked.works_in(&found).map(|it| it.treatment.clone());
        return MoneyAnswer::Found {
            multiple,
            short,
            offered: (offered(scenario), offered(&now)),
            treatment,
        };
    }
    MoneyAnswer::NotFound { farthest: short, sooner }
}

/// The last year before that asked about in which a programme has works on the section that the first has not.
fn new_before(asked: &Asked<'_>, it: &Programme) -> Option<i32> {
    let had = |year| asked.works_of(asked.programme).any(|it| it.year == year);
    let years = asked.works_of(it).map(|it| it.year);
    years.filter(|it| *it < asked.now.year && !had(*it)).max()
}

/// A scenario with so many times the money.
fn multiplied(scenario: &Scenario, purse: Purse, rank: u32, multiple: f64) -> Scenario {
    let part = |it: Euros| Euros::rounded(it.get() * multiple);
    let times = |(at, it): (usize, &Envelopes)| match purse {
        Purse::Year if at != rank as usize => *it,
        _ => Envelopes { investment: part(it.investment), maintenance: part(it.maintenance) },
    };
    Scenario {
        budgets: scenario.budgets.iter().enumerate().map(times).collect(),
        ..scenario.clone()
    }
}
