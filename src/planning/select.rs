//! One year's works, chosen in the order of a queue.

use super::candidates::Candidate;
use super::lines::{Lines, Offers};
use super::room::Means;
use super::standing::Standing;
use super::year::{Ledger, Year};
use crate::domain::{Envelopes, Lacked, NetworkState, Score, Why, World};
use std::collections::BTreeSet;

/// A treatment chosen for a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<'c> {
    /// Index of the section.
    pub index: usize,
    /// What, how much, for how much, without its site.
    pub works: Candidate<'c>,
    /// What put it at its rank.
    pub why: Why,
    /// Place among the works of the year in the order they were chosen, from 1.
    pub rank: usize,
    /// The more suitable treatment that the year could no longer have, and what it lacked.
    pub instead_of: Option<(&'c str, Lacked)>,
}

/// Who comes first in the queue; of equal ones, the first by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// The worst note.
    WorstFirst,
    /// The most important category, then the worst note.
    CategoryFirst,
}

impl Queue {
    /// The place of a section that waits somewhere.
    fn place(self, standing: &Standing<'_>, at: usize) -> Place {
        let category = match self {
            Self::WorstFirst => 0,
            Self::CategoryFirst => standing.section().category,
        };
        Place::new(category, standing.ng(), at)
    }
}

/// Chooses one year's works, in the order of the queue.
///
/// Each section gets its most suitable treatment if the envelope can pay it whole, with what its site
/// costs, and no other limit of the year is passed; else the one of the other envelope, by the same measure; else
/// nothing, and those who come after are served. No envelope is overspent, and what is left is left.
#[must_use]
pub fn select<'c>(
    network: &NetworkState,
    standings: &[Standing<'_>],
    world: &World<'c>,
    now: Year,
    means: Means,
    queue: Queue,
) -> Vec<Choice<'c>> {
    in_order(network, standings, world, (now, means), queue, SERVED)
}

/// The same, with so many sections put in order at once.
fn in_order<'c>(
    network: &NetworkState,
    standings: &[Standing<'_>],
    world: &World<'c>,
    (now, means): (Year, Means),
    queue: Queue,
    n_served: usize,
) -> Vec<Choice<'c>> {
    let budget = means.money;
    if budget == Envelopes::default() {
        return Vec::new();
    }
    // In the order of memory first: thousands of sections are asked, and few are served.
    let lines = Lines::new(world, now, &means.room);
    let mut waiting = Vec::with_capacity(standings.len());
    let mut order = Vec::with_capacity(standings.len());
    for (index, it) in standings.iter().enumerate() {
        if let Some(offers) = lines.offers(it, budget) {
            order.push(queue.place(it, waiting.len()));
            waiting.push(Waiting { index, offers });
        }
    }
    let mut later = order.as_mut_slice();
    let ledger = Ledger::new(network, world.rules.site, means);
    let mut desk = Desk { standings, lines, queue, ledger, chosen: Vec::new() };
    // Whose turn has come, or will.
    let mut called = vec![false; waiting.len()];
    loop {
        let (first, rest) = divide(later, n_served);
        for it in first {
            called[it.at()] = true;
            desk.serve(&waiting[it.at()]);
        }
        later = rest;
        let others = waiting.iter().zip(&called).step_by(ASKED).filter(|it| !it.1);
        let asked: Vec<bool> = others.map(|it| desk.could_pay(it.0)).collect();
        if asked.iter().filter(|it| **it).count() * 2 <= asked.len() {
            break;
        }
    }
    let place = |at: usize| queue.place(&standings[waiting[at].index], at);
    // Of the others, those who can be paid now; and who is beside those that will be, for whom the site is there.
    let mut turn = Turn::default();
    let call = |desk: &Desk<'_, '_>, after, called: &mut [bool], turn: &mut Turn| {
        for (at, (it, called)) in waiting.iter().zip(called).enumerate() {
            if !*called && desk.could_pay(it) && Some(place(at)) > after {
                *called = true;
                turn.in_order.push(place(at));
            }
        }
        turn.in_order.sort_unstable_by(|a, b| b.cmp(a));
    };
    call(&desk, None, &mut called, &mut turn);
    while let Some(it) = turn.next() {
        let before = desk.ledger.n_easier();
        let served = &waiting[it.at()];
        if !desk.serve(served) {
            continue;
        }
        if desk.ledger.n_easier() > before {
            // Two sites became one, and cheap works gave money back, or another site may open: any of those who
            // come later may be payable.
            call(&desk, Some(it), &mut called, &mut turn);
        }
        for index in network.beside(served.index).into_iter().flatten() {
            let Ok(at) = waiting.binary_search_by_key(&index, |it| it.index) else { continue };
            if place(at) > it && !called[at] {
                called[at] = true;
                turn.beside.insert(place(at));
            }
        }
    }
    desk.chosen
}

/// Sections served before those that are left are asked how many can still be paid.
/// Chosen: no slower with half or twice as many; 30,000 sections are far more.
const SERVED: usize = 1024;

/// One section in so many is asked. Chosen: a hundredth of the time.
const ASKED: usize = 16;

/// So many of the queue in their order, and all others.
fn divide(waiting: &mut [Place], first: usize) -> (&mut [Place], &mut [Place]) {
    if first < waiting.len() {
        waiting.select_nth_unstable(first);
    }
    let (first, rest) = waiting.split_at_mut(first.min(waiting.len()));
    first.sort_unstable();
    (first, rest)
}

/// Sections whose turn will come.
#[derive(Debug, Default)]
struct Turn {
    /// Called together: the next one is the last.
    in_order: Vec<Place>,
    /// Called because works beside them were paid.
    beside: BTreeSet<Place>,
}

impl Iterator for Turn {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        match (self.in_order.last(), self.beside.first()) {
            (Some(it), Some(other)) if other < it => self.beside.pop_first(),
            (None, _) => self.beside.pop_first(),
            _ => self.in_order.pop(),
        }
    }
}

/// Where the money of a year is given out.
struct Desk<'a, 'c> {
    standings: &'a [Standing<'a>],
    lines: Lines<'a, 'c>,
    queue: Queue,
    ledger: Ledger<'a>,
    chosen: Vec<Choice<'c>>,
}

impl Desk<'_, '_> {
    /// Whether something might be paid as things are.
    fn could_pay(&self, it: &Waiting) -> bool {
        it.offers.might_be_paid(&self.ledger, it.index)
    }

    /// Pays what the money allows, the most suitable first; whether anything was.
    fn serve(&mut self, it: &Waiting) -> bool {
        let Waiting { index, offers } = *it;
        if !self.could_pay(it) {
            return false;
        }
        let mut instead_of = None;
        for works in self.lines.candidates(&self.standings[index], &offers) {
            if self.ledger.pay(index, &works) {
                let why = match self.queue {
                    Queue::WorstFirst => Why::Worst,
                    Queue::CategoryFirst => Why::Category,
                };
                let rank = self.chosen.len() + 1;
                self.chosen.push(Choice { index, works, why, rank, instead_of });
                return true;
            }
            let lacked = self.ledger.lacks(index, &works);
            instead_of = Some((works.treatment.name.as_str(), lacked));
        }
        false
    }
}

/// A section in the queue.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    index: usize,
    offers: Offers,
}

/// The place of a section in the queue: its category and its note, as one number that is cheap to compare, and where
/// it waits; sections wait by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u128);

impl Place {
    fn new(category: u8, note: Score, at: usize) -> Self {
        // Bits of a number that is not negative are in its order; adding nothing leaves no negative nothing.
        let note = (note.points() + 0.0).to_bits();
        Self(u128::from(category) << 96 | u128::from(note) << 32 | at as u128)
    }

    /// Where it waits.
    const fn at(self) -> usize {
        (self.0 & 0xFFFF_FFFF) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AgeingLaw, Catalogue, Effect, Envelope, Euros, Limits, Metres, NoteClasses, Places,
        PlanRules, PricedOn, Ratio, Score, SectionId, SectionState, SiteLimit, SquareMetres,
        Treatment, TreatmentKind, Trigger,
    };
    use crate::planning::room::Room;
    use proptest::prelude::*;

    fn catalogue() -> Catalogue {
        let line = |name: &str, envelope, price, effect, to| Treatment {
            name: name.into(),
            kind: TreatmentKind::ThinOverlay,
            envelope,
            price_per_m2: Euros::rounded(price),
            priced_on: PricedOn::Section,
            co2_kg_per_m2: None,
            trigger: Trigger {
                note_from: Score::WORST,
                note_to: Score::clamped(to),
                categories: vec![],
                places: Places::default(),
                defects: vec![],
            },
            effect,
            slows: 1.0,
            rest_years: 5,
        };
        let renewal = Effect::Renews { leaves: 0.0 };
        let pass = Effect::Lessens { keeps: Ratio::clamped(0.8) };
        Catalogue {
            treatments: vec![
                line("renewal", Envelope::Investment, 10.0, renewal, 14.0),
                line("pass", Envelope::Maintenance, 2.0, pass, 18.0),
            ],
        }
    }

    fn section(id: u32, ng: f64, area: f64) -> SectionState {
        SectionState {
            id: SectionId::from_text(&format!("{id:03}")),
            road: 0,
            from: Metres::ZERO,
            length: Metres::of(200.0),
            area: SquareMetres::of(area),
            category: 2,
            lies_in: vec![],
            ng: Score::clamped(ng),
            renewed: false,
            distress: None,
        }
    }

    fn budget(investment: f64, maintenance: f64) -> Envelopes {
        Envelopes {
            investment: Euros::rounded(investment),
            maintenance: Euros::rounded(maintenance),
        }
    }

    fn names(sections: &[SectionState], budget: Envelopes) -> Vec<(String, String)> {
        let network =
            NetworkState::new(sections.to_vec()).unwrap_or_else(|_| panic!("{sections:?}"));
        chosen(&network, budget, Queue::WorstFirst, &PlanRules::plain())
            .into_iter()
            .map(|(index, name, _)| (network.sections()[index].id.to_string(), name))
            .collect()
    }

    fn chosen(
        network: &NetworkState,
        budget: Envelopes,
        queue: Queue,
        rules: &PlanRules,
    ) -> Vec<(usize, String, Option<String>)> {
        let law = AgeingLaw {
            lambda_old: 0.1,
            lambda_renewed: 0.1,
            beta: 0.0,
            category_factors: [].into(),
        };
        let (catalogue, classes) = (catalogue(), NoteClasses(vec![]));
        let world = World { catalogue: &catalogue, law: &law, rules, classes: &classes };
        let standings: Vec<_> =
            network.sections().iter().map(|it| Standing::new(it, &world)).collect();
        let now = Year { year: 2025, rank: 0 };
        select(network, &standings, &world, now, budget.into(), queue)
            .into_iter()
            .map(|it| {
                (it.index, it.works.treatment.name.clone(), it.instead_of.map(|it| it.0.to_owned()))
            })
            .collect()
    }

    fn pairs(some: &[(&str, &str)]) -> Vec<(String, String)> {
        some.iter().map(|(id, what)| ((*id).to_owned(), (*what).to_owned())).collect()
    }

    #[test]
    fn the_worst_is_served_first_and_money_shapes_the_rest() {
        let sections = [
            section(1, 12.0, 100.0),
            section(2, 8.0, 100.0),
            section(3, 12.0, 20.0),
            section(4, 17.0, 100.0),
        ];
        // 8 first; of the two at 12 the first by name is too dear for what is left, so it gets the
        // pass, and the small one takes the money; at 17 only a pass suits, and none is left.
        assert_eq!(
            names(&sections, budget(1500.0, 250.0)),
            pairs(&[("002", "renewal"), ("001", "pass"), ("003", "renewal")])
        );
        assert_eq!(names(&sections, budget(0.0, 0.0)), []);
        assert_eq!(names(&sections, budget(1000.0, 0.0)), pairs(&[("002", "renewal")]));
    }

    #[test]
    fn the_treatment_that_money_forbade_is_told() {
        let network = NetworkState::new(vec![section(1, 8.0, 100.0)]).unwrap();
        let got = chosen(&network, budget(999.99, 200.0), Queue::WorstFirst, &PlanRules::plain());
        assert_eq!(got, [(0, "pass".to_owned(), Some("renewal".to_owned()))]);
    }

    #[test]
    fn neighbours_share_a_site() {
        let at = |id, ng, from| SectionState { from: Metres::of(from), ..section(id, ng, 100.0) };
        let sections = vec![at(1, 8.0, 0.0), at(2, 9.0, 200.0), at(3, 8.5, 400.0)];
        let network = NetworkState::new(sections).unwrap();
        let rules = PlanRules { site: budget(500.0, 0.0), ..PlanRules::plain() };
        let served = |euros| {
            let got = chosen(&network, budget(euros, 0.0), Queue::WorstFirst, &rules);
            got.into_iter().map(|it| it.0).collect::<Vec<_>>()
        };
        // The first and the last open a site each; the one between joins them, and saves one.
        assert_eq!(served(3500.0), [0, 2, 1]);
        assert_eq!(served(3499.0), [0, 2]);
        assert_eq!(served(2999.0), [0, 1]);
    }

    #[test]
    fn important_roads_may_come_first() {
        let mut sections = vec![section(1, 8.0, 100.0), section(2, 12.0, 100.0)];
        sections[1].category = 1;
        let network = NetworkState::new(sections).unwrap();
        let got = chosen(&network, budget(1000.0, 0.0), Queue::CategoryFirst, &PlanRules::plain());
        assert_eq!(got[0].0, 1);
    }

    #[test]
    fn the_queue_is_the_same_however_much_of_it_is_put_in_order() {
        let mut rng = fastrand::Rng::with_seed(1);
        let (mut n_joined, mut n_limited) = (0, 0);
        for round in 0..600 {
            let sections = (0..60).map(|rank| SectionState {
                from: Metres::of(200.0 * f64::from(rank)),
                ..section(rank, 20.0 * rng.f64(), 5.0 + 100.0 * rng.f64())
            });
            let network = NetworkState::new(sections.collect()).unwrap();
            let site = budget(900.0 * rng.f64(), 150.0 * rng.f64());
            let rules = PlanRules { site, ..PlanRules::plain() };
            let law = AgeingLaw {
                lambda_old: 0.1,
                lambda_renewed: 0.1,
                beta: 0.0,
                category_factors: [].into(),
            };
            let (mut catalogue, classes) = (catalogue(), NoteClasses(vec![]));
            let names = ["x", "x", "y"].map(|it| vec![it; 20]).concat();
            let network = network.in_sectors(&names).apart_by_sector();
            let limits = limits(&mut rng, round);
            catalogue.treatments[0].co2_kg_per_m2 = (round % 5 > 0).then_some(9.0);
            catalogue.treatments[1].co2_kg_per_m2 = Some(1.0);
            let world =
                World { catalogue: &catalogue, law: &law, rules: &rules, classes: &classes };
            let standings: Vec<_> =
                network.sections().iter().map(|it| Standing::new(it, &world)).collect();
            let money = budget(4000.0 * rng.f64(), 900.0 * rng.f64());
            let by_limits = |limits: &Limits, n_served| {
                let now = Year { year: 2025, rank: 0 };
                let means = Means { money, room: Room::new(limits, &network) };
                let queue = Queue::WorstFirst;
                in_order(&network, &standings, &world, (now, means), queue, n_served)
            };
            let by = |n_served| by_limits(&limits, n_served);
            let whole = by(usize::MAX);
            n_limited += usize::from(whole != by_limits(&Limits::default(), usize::MAX));
            n_joined +=
                whole.windows(2).filter(|it| it[0].index.abs_diff(it[1].index) == 1).count();
            for n_served in [1, 2, 5, 20] {
                assert_eq!(by(n_served), whole, "{n_served}");
            }
        }
        assert!(n_joined > 50 && n_limited > 200, "{n_joined} {n_limited}");
    }

    /// None at all every third time; else of sites, of emissions, or of both.
    fn limits(rng: &mut fastrand::Rng, round: u32) -> Limits {
        let sites = match round % 6 {
            1 | 2 => Some(SiteLimit::Whole(rng.u32(..8))),
            4 => Some(SiteLimit::Sectors([("x".to_owned(), rng.u32(..4))].into())),
            _ => None,
        };
        let co2_g = [2, 5].contains(&(round % 6)).then(|| rng.i64(0..6_000_000));
        Limits { sites, co2_g }
    }

    /// The same rule, by definition: serve the worst of those not yet asked.
    fn one_by_one(sections: &[SectionState], budget: Envelopes) -> Vec<(String, String)> {
        let mut asked = vec![false; sections.len()];
        let (mut investment, mut maintenance) = (budget.investment, budget.maintenance);
        let mut served = Vec::new();
        for _ in sections {
            let worst = (0..sections.len())
                .filter(|it| !asked[*it])
                .min_by(|a, b| sections[*a].ng.partial_cmp(&sections[*b].ng).unwrap())
                .unwrap();
            asked[worst] = true;
            let it = &sections[worst];
            let cost = |price: f64| Euros::rounded(price * it.area.get());
            if it.ng.points() <= 14.0 && cost(10.0) <= investment {
                investment = investment - cost(10.0);
                served.push((it.id.to_string(), "renewal".to_owned()));
            } else if it.ng.points() <= 18.0 && cost(2.0) <= maintenance {
                maintenance = maintenance - cost(2.0);
                served.push((it.id.to_string(), "pass".to_owned()));
            }
        }
        served
    }

    proptest! {
        #[test]
        fn the_choice_is_the_one_made_by_hand(
            sections in prop::collection::vec((0_u32..200, 10.0..900.0_f64), 1..12),
            investment in 0.0..20_000.0_f64,
            maintenance in 0.0..4_000.0_f64,
        ) {
            let sections: Vec<_> = (0..)
                .zip(sections)
                .map(|(id, (note, area))| section(id, f64::from(note) / 10.0, area))
                .collect();
            let budget = budget(investment, maintenance);
            prop_assert_eq!(names(&sections, budget), one_by_one(&sections, budget));
        }
    }
}
