//! A question with all that its parts need.

use crate::domain::{
    NetworkState, Programme, Scenario, SectionId, SelectionRule, WorksItem, World,
};
use crate::planning::simulate::simulate_from;
use crate::planning::start::Start;
use crate::planning::year::Year;

/// What is asked, of which programme.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) start: &'a Start<'a>,
    /// As it was played, with the budget that was found when it was looked for.
    pub(super) scenario: &'a Scenario,
    pub(super) programme: &'a Programme,
    /// The section, in the order of the network.
    pub(super) index: usize,
    pub(super) now: Year,
    pub(super) world: &'a World<'a>,
    /// Told after each programme.
    pub(super) played: &'a dyn Fn(),
}

impl<'a> Asked<'a> {
    /// The network.
    pub(super) const fn network(&self) -> &'a NetworkState {
        self.start.network()
    }

    /// Name of the section.
    pub(super) fn section(&self) -> &'a SectionId {
        &self.network().sections()[self.index].id
    }

    /// Its works in a programme, by year.
    pub(super) fn works_of<'p>(
        &self,
        programme: &'p Programme,
    ) -> impl Iterator<Item = &'p WorksItem> {
        let section = self.section();
        programme.works.iter().filter(move |it| it.section == *section)
    }

    /// Its works in the year asked about, in a programme.
    pub(super) fn works_in<'p>(&self, programme: &'p Programme) -> Option<&'p WorksItem> {
        self.works_of(programme).find(|it| it.year == self.now.year)
    }

    /// Plays a scenario by its own rule.
    pub(super) fn play(&self, start: &Start<'_>, scenario: &Scenario) -> Programme {
        let it = simulate_from(start, scenario, self.world);
        (self.played)();
        it
    }

    /// How many programmes are worth playing.
    pub(super) const fn effort(&self) -> Effort {
        Effort::of(self.scenario.selection)
    }
}

/// How many programmes are played to find something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// Powers of two from one multiple of the money to the next.
    pub(super) step: f64,
    /// How many multiples are tried in order.
    pub(super) n_steps: u32,
    /// How often the stretch between the last two is then halved.
    pub(super) n_halvings: u32,
}

impl Effort {
    /// Multiples of the square root of two up to eight, found to 3 %.
    /// Chosen: who needs eight times the money asks another question; a play of 30,000 sections by a queue
    /// takes a fraction of a second.
    const SIMPLE: Self = Self { step: 0.5, n_steps: 6, n_halvings: 4 };

    /// Doubled up to eight, found to 13 %.
    /// Chosen: one play of 30,000 sections takes half a minute.
    const OPTIMISED: Self = Self { step: 1.0, n_steps: 3, n_halvings: 3 };

    /// What a rule allows.
    pub(super) const fn of(rule: SelectionRule) -> Self {
        match rule {
            SelectionRule::Optimised => Self::OPTIMISED,
            _ => Self::SIMPLE,
        }
    }

    /// The multiples to try, in order: of more money, or of less, down to none.
    pub(super) fn multiples(self, more: bool) -> impl Iterator<Item = f64> {
        let sign = if more { 1.0 } else { -1.0 };
        let steps =
            (1..=self.n_steps).map(move |it| 2.0_f64.powf(sign * self.step * f64::from(it)));
        steps.chain((!more).then_some(0.0))
    }

    /// Most programmes for one multiple.
    pub(super) const fn most(self) -> u32 {
        self.n_steps + 1 + self.n_halvings
    }
}
