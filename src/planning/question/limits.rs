//! Whether the yearly limits of a scenario keep a section out.

use super::asked::Asked;
use super::money::{Purse, money};
use crate::domain::{Limits, LimitsAnswer, Programme, Scenario, Spending};
use crate::planning::start::Start;

/// Most programmes for it, beside those that find a multiple of the money.
/// Source: without either limit, and without both.
pub(super) const MOST_PLAYS: u32 = 3;

/// What the programme would do with the section without its yearly limits; nothing where there are none, or the section
/// has works in the year asked about.
///
/// `start` is that of the network as it is: without limits by sector, sites go over from one to the next.
pub(super) fn limits(asked: &Asked<'_>, start: &Start<'_>) -> Option<LimitsAnswer> {
    let limits = &asked.scenario.spending.limits;
    if limits.is_none() || asked.works_in(asked.programme).is_some() {
        return None;
    }
    let asked = &Asked { start, ..*asked };
    let free = under(asked.scenario, Limits::default());
    let programme = asked.play(asked.start, &free);
    let has = |it: &Programme| asked.works_in(it).is_some();
    let without_any = has(&programme);
    let both = limits.sites.is_some() && limits.co2_g.is_some();
    let one = |limits| both.then(|| has(&asked.play(asked.start, &under(asked.scenario, limits))));
    let (sites, co2) = (limits.sites.clone(), limits.co2_g);
    let without_sites = match (&sites, both) {
        (Some(_), false) => Some(without_any),
        _ => one(Limits { sites: None, co2_g: co2 }),
    };
    let without_co2 = match (co2, both) {
        (Some(_), false) => Some(without_any),
        _ => one(Limits { sites, co2_g: None }),
    };
    let money = (!without_any).then(|| {
        let asked = Asked { scenario: &free, programme: &programme, ..*asked };
        money(&asked, Purse::Year)
    });
    Some(LimitsAnswer { without_sites, without_co2, without_any, money })
}

/// A scenario with other limits.
fn under(scenario: &Scenario, limits: Limits) -> Scenario {
    let spending = Spending { limits, ..scenario.spending.clone() };
    Scenario { spending, ..scenario.clone() }
}
