//! Works that are imposed, put before all choice.

use super::candidates::Candidate;
use super::room::{Means, Room};
use super::sectors::{passed_by_sector, refused_by_sector};
use super::select::Choice;
use super::simulate::apart;
use super::sites::{site_costs, sites};
use super::standing::Standing;
use super::start::Start;
use super::year::{Ledger, Year};
use crate::domain::{
    Commitments, Effect, Envelope, Envelopes, Euros, ImposedWorks, NetworkState, PassedLimit,
    PassedWhat, Ratio, Refused, RefusedBecause, Scenario, Treatment, Why, World,
};
use std::collections::BTreeMap;

/// Imposed works of one section in one year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Imposed<'c> {
    pub(super) now: Year,
    works: Candidate<'c>,
    /// Whether a site is to be paid on top.
    pays_site: bool,
}

impl Imposed<'_> {
    fn renews(self) -> bool {
        matches!(self.works.treatment.effect, Effect::Renews { .. })
    }
}

/// The works imposed in a scenario, and what they leave to choose with.
///
/// They stand apart: no other works share their sites, so that what they cost does not hang on what is chosen.
#[derive(Clone, Debug, Default)]
pub(super) struct Agenda<'c> {
    /// Of each section, by year.
    imposed: BTreeMap<usize, Vec<Imposed<'c>>>,
    frozen: Vec<(usize, (i32, i32))>,
    first_year: i32,
    left: Vec<Envelopes>,
    /// What each year leaves of its other limits.
    rooms: Vec<Room>,
    refused: Vec<Refused>,
}

impl<'c> Agenda<'c> {
    pub(super) fn new(start: &Start<'_>, scenario: &Scenario, world: &World<'c>) -> Self {
        let mut it = Self {
            first_year: scenario.first_year,
            left: scenario.budgets.clone(),
            ..Self::default()
        };
        let network = start.network();
        let Commitments { imposed, frozen, .. } = network.commitments();
        let carry_over = scenario.spending.carry_over;
        let mut left = Envelopes::default();
        for (rank, year) in (0..).zip(scenario.first_year..).take(scenario.budgets.len()) {
            let carried = if carry_over { left } else { Envelopes::default() };
            let offered = scenario.budgets[rank as usize] + carried;
            let mut ledger = Ledger::new(network, world.rules.site, Means::from(offered));
            for works in imposed.iter().filter(|it| it.year == year) {
                let now = Year { year, rank };
                if let Err(because) = it.impose(start, works, now, &mut ledger, world) {
                    it.refuse(scenario, works, because);
                }
            }
            left = ledger.left();
            it.left[rank as usize] = left;
            it.rooms.push(it.takes(Room::new(&scenario.spending.limits, network), network, year));
        }
        if carry_over {
            it.keep_for_later();
        }
        let horizon = i32::try_from(scenario.budgets.len()).unwrap_or(i32::MAX);
        let years = (scenario.first_year, scenario.first_year.saturating_add(horizon - 1));
        for works in imposed.iter().filter(|it| it.year < years.0 || it.year > years.1) {
            it.refuse(scenario, works, RefusedBecause::NoYear { years });
        }
        for them in frozen {
            match network.rank_of(&them.section) {
                Some(index) => it.frozen.push((index, them.years)),
                None => it.refused.push(Refused {
                    scenario: scenario.name.clone(),
                    section: them.section.clone(),
                    works: None,
                    because: RefusedBecause::NoSection,
                }),
            }
        }
        it
    }

    /// No year may spend what works imposed later were paid with.
    fn keep_for_later(&mut self) {
        for year in (1..self.left.len()).rev() {
            let (next, it) = (self.left[year], &mut self.left[year - 1]);
            it.investment = it.investment.min(next.investment);
            it.maintenance = it.maintenance.min(next.maintenance);
        }
    }

    fn impose(
        &mut self,
        start: &Start<'_>,
        asked: &ImposedWorks,
        now: Year,
        ledger: &mut Ledger<'_>,
        world: &World<'c>,
    ) -> Result<(), RefusedBecause> {
        let index = start.network().rank_of(&asked.section).ok_or(RefusedBecause::NoSection)?;
        let treatment = named(&asked.treatment, world)?;
        let mine = self.imposed.entry(index).or_default();
        if mine.iter().any(|it| it.now == now) {
            return Err(RefusedBecause::Twice);
        }
        let standing = &start.standings()[index];
        let mut works = Candidate::of(standing, treatment, world.rules, now.rank);
        let left = ledger.left().of(treatment.envelope);
        let pays_site = asked.cost.is_none();
        let (paid, cost) = if let Some(cost) = asked.cost {
            works.cost = Euros::rounded(cost.get() * world.rules.price_level);
            (ledger.take(treatment.envelope, works.cost), works.cost)
        } else {
            let whole = ledger.cost(index, &works);
            (ledger.pay(index, &works), whole)
        };
        if !paid {
            let envelope = treatment.envelope;
            return Err(RefusedBecause::TooDear { envelope, cost, left });
        }
        mine.push(Imposed { now, works, pays_site });
        Ok(())
    }

    fn refuse(&mut self, scenario: &Scenario, works: &ImposedWorks, because: RefusedBecause) {
        self.refused.push(Refused {
            scenario: scenario.name.clone(),
            section: works.section.clone(),
            works: Some((works.year, works.treatment.clone())),
            because,
        });
    }

    /// What each year leaves to choose with; where money is carried over, with all that the years before it leave.
    pub(super) fn left(&self) -> &[Envelopes] {
        &self.left
    }

    /// What a year leaves of its other limits; less than nothing where imposed works pass them.
    fn takes(&self, mut room: Room, network: &NetworkState, year: i32) -> Room {
        if room.is_endless() {
            return room;
        }
        for index in sites(network, &self.places(year)) {
            room.open(room.group(network, index), 1);
        }
        for it in self.imposed.values().flatten().filter(|it| it.now.year == year) {
            room.emit(it.works.treatment.co2_g(it.works.area));
        }
        room
    }

    /// Where works are imposed in a year, and who pays.
    fn places(&self, year: i32) -> Vec<(usize, Envelope)> {
        let of_year = |(index, imposed): (&usize, &Vec<Imposed<'_>>)| {
            let works = imposed.iter().find(|it| it.now.year == year)?;
            Some((*index, works.works.treatment.envelope))
        };
        self.imposed.iter().filter_map(of_year).collect()
    }

    /// How many sites imposed works make in a year: neighbours share one, whatever they cost.
    pub(super) fn n_sites(&self, now: Year, network: &NetworkState) -> usize {
        sites(network, &self.places(now.year)).count()
    }

    /// What a year leaves of its other limits to works that are chosen; nothing where imposed works pass them.
    pub(super) fn room(&self, rank: u32) -> Room {
        self.rooms.get(rank as usize).cloned().unwrap_or_default().or_nothing()
    }

    /// What could not be imposed.
    pub(super) fn into_refused(self) -> Vec<Refused> {
        self.refused
    }

    /// Lets every section know what it must keep free for.
    pub(super) fn book(&self, standings: &mut [Standing<'_>], world: &World<'_>) {
        for (index, years) in &self.frozen {
            standings[*index].freeze(*years);
        }
        for (index, imposed) in &self.imposed {
            if let Some(first) = imposed.first() {
                standings[*index].keep_free(first.now.year, first.renews(), world);
            }
        }
    }

    /// What imposed works alone bring over all years, weighted.
    pub(super) fn worth(&self, start: &Start<'_>, world: &World<'_>) -> f64 {
        let of = |(index, imposed): (&usize, &Vec<Imposed<'_>>)| {
            let (mut with, mut without) = (start.standings()[*index], start.standings()[*index]);
            let weights = start.weights();
            let mut sum = 0.0;
            for (rank, weight) in (0..).zip(weights.years()) {
                let year = self.first_year.saturating_add_unsigned(rank);
                carry_out_imposed(imposed, &mut with, rank, world);
                with.grow_older(world.law, year);
                without.grow_older(world.law, year);
                let [with, without] = [&with, &without].map(|it| weights.at_end(it, world, rank));
                sum += weight * (with - without);
            }
            sum * weights.of_section(&with)
        };
        self.imposed.iter().map(of).sum()
    }

    /// The works imposed on a section, by year.
    pub(super) fn of(&self, index: usize) -> &[Imposed<'c>] {
        self.imposed.get(&index).map_or(&[], Vec::as_slice)
    }

    /// The works imposed in a year, each with what it bears of its site.
    pub(super) fn choices(
        &self,
        now: Year,
        network: &NetworkState,
        world: &World<'_>,
    ) -> Vec<(Choice<'c>, Euros)> {
        let of_year = self.imposed.iter().filter_map(|(index, imposed)| {
            Some((*index, imposed.iter().find(|it| it.now == now)?))
        });
        let choice = |(rank, (index, it)): (usize, (usize, &Imposed<'c>))| {
            let (works, why) = (it.works, Why::Imposed);
            (Choice { index, works, why, rank, instead_of: None }, it.pays_site)
        };
        let (on_site, priced): (Vec<_>, Vec<_>) =
            (1..).zip(of_year).map(choice).partition(|it| it.1);
        let on_site: Vec<_> = on_site.into_iter().map(|it| it.0).collect();
        let sites = site_costs(network, world.rules.site, &on_site);
        let priced = priced.into_iter().map(|it| (it.0, Euros::ZERO));
        on_site.into_iter().zip(sites).chain(priced).collect()
    }
}

/// Carries out what is imposed on a section in a year; whether something was.
pub(super) fn carry_out_imposed(
    imposed: &[Imposed<'_>],
    standing: &mut Standing<'_>,
    rank: u32,
    world: &World<'_>,
) -> bool {
    let Some(at) = imposed.iter().position(|it| it.now.rank == rank) else { return false };
    standing.treat(imposed[at].works.treatment, imposed[at].now.year, world);
    keep_free_for_next(imposed, standing, rank, world);
    true
}

/// Lets a section know what it must keep free for after the works of a year.
pub(super) fn keep_free_for_next(
    imposed: &[Imposed<'_>],
    standing: &mut Standing<'_>,
    rank: u32,
    world: &World<'_>,
) {
    match imposed.iter().find(|it| it.now.rank > rank) {
        Some(next) => standing.keep_free(next.now.year, next.renews(), world),
        None => standing.keep_free(i32::MAX, false, world),
    }
}

fn named<'c>(name: &str, world: &World<'c>) -> Result<&'c Treatment, RefusedBecause> {
    let all = &world.catalogue.treatments;
    all.iter().find(|it| it.name == name).ok_or_else(|| RefusedBecause::NoTreatment {
        known: all.iter().map(|it| it.name.clone()).collect(),
    })
}

/// The yearly limits of a scenario that works imposed pass by themselves.
#[must_use]
pub fn passed_limits(
    network: &NetworkState,
    scenario: &Scenario,
    world: &World<'_>,
) -> Vec<PassedLimit> {
    let limits = &scenario.spending.limits;
    if limits.is_none() || network.commitments().imposed.is_empty() {
        return Vec::new();
    }
    if let Some(envelopes) = &scenario.spending.sectors
        && envelopes.guaranteed >= Ratio::ONE
    {
        return passed_by_sector(network, scenario, envelopes, world);
    }
    let start = Start::new(network, world, scenario.budgets.len(), scenario.objective);
    let apart = apart(&start, scenario);
    let start = apart.as_ref().map_or_else(|| start.clone(), |it| start.on(it));
    let network = start.network();
    let whole = Room::new(limits, network);
    let rooms = Agenda::new(&start, scenario, world).rooms;
    let mut passed = Vec::new();
    for (year, room) in (scenario.first_year..).zip(rooms) {
        for group in 0..room.n_groups() {
            let (Some(most), Some(left)) = (whole.sites(group), room.sites(group)) else {
                continue;
            };
            if left < 0 {
                let sector = limits.is_by_sector().then(|| network.sectors()[group].clone());
                let n = |it| usize::try_from(it).unwrap_or_default();
                let (imposed, most) = (n(most - left), n(most));
                let what = PassedWhat::Sites { sector, imposed, most };
                passed.push(PassedLimit { year, what });
            }
        }
        if let (Some(most), Some(left)) = (whole.co2_t(), room.co2_t())
            && left < 0.0
        {
            let what = PassedWhat::Co2 { imposed: most - left, most };
            passed.push(PassedLimit { year, what });
        }
    }
    passed
}

/// What a scenario cannot impose, and why.
#[must_use]
pub fn refused(network: &NetworkState, scenario: &Scenario, world: &World<'_>) -> Vec<Refused> {
    if *network.commitments() == Commitments::default() {
        return Vec::new();
    }
    let start = Start::new(network, world, scenario.budgets.len(), scenario.objective);
    refused_from(&start, scenario, world)
}

/// The same from a start that is there.
pub(super) fn refused_from(
    start: &Start<'_>,
    scenario: &Scenario,
    world: &World<'_>,
) -> Vec<Refused> {
    if scenario.spending.sectors.is_none()
        && let Some(network) = apart(start, scenario)
    {
        return refused_from(&start.on(&network), scenario, world);
    }
    match &scenario.spending.sectors {
        Some(envelopes) if envelopes.guaranteed >= Ratio::ONE => {
            refused_by_sector(start, scenario, envelopes, world)
        }
        _ => Agenda::new(start, scenario, world).into_refused(),
    }
}
