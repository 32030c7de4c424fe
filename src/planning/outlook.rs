//! Backlog, value, fairness, treatments and emissions, year by year.
//!
//! Works are played once more after they were chosen, so that the simulation, which tries many, counts
//! nothing but notes and money, save where its objective is another.

use super::backlog::waiting;
use super::standing::Standing;
use crate::domain::{
    Effect, Emissions, Envelopes, Euros, Metres, NetworkState, Outlook, Programme, Score,
    SectionState, SquareMetres, Treatment, TreatmentYear, WorksItem, World, YearOutlook,
};
use std::collections::BTreeMap;

/// Plays a programme once more.
///
/// # Panics
///
/// When a section or a treatment of the programme is not of this network and this catalogue.
#[must_use]
pub fn outlook(network: &NetworkState, programme: &Programme, world: &World<'_>) -> Outlook {
    let replay = Replay {
        world,
        network,
        anew: network.sections().iter().map(|it| price_anew(it, world) * it.area.get()).collect(),
    };
    let mut standings: Vec<_> =
        network.sections().iter().map(|it| Standing::new(it, world)).collect();
    let first = programme.scenario.first_year;
    let mut years = vec![replay.state(&standings, first.saturating_sub(1), 0)];
    for (year, rank) in (first..).zip(0..).take(programme.yearly.len()) {
        let mut works = Tally::default();
        for item in programme.works.iter().filter(|it| it.year == year) {
            let at = network.sections().binary_search_by(|it| it.id.cmp(&item.section));
            let standing = &mut standings[at.expect("a section of the network")];
            let line = world.catalogue.treatments.iter().position(|it| it.name == item.treatment);
            let line = line.expect("a treatment of the catalogue");
            let treatment = &world.catalogue.treatments[line];
            works.add(line, treatment, item, standing.section());
            standing.treat(treatment, year, world);
        }
        for it in &mut standings {
            it.grow_older(world.law, year);
        }
        let state = replay.state(&standings, year, rank);
        let treatments = works.lines.into_values().collect();
        years.push(YearOutlook { treatments, emissions: works.emissions, ..state });
    }
    Outlook {
        replacement: Euros::rounded(replay.anew.iter().sum()),
        sectors: network.sectors().to_vec(),
        years,
    }
}

/// Price of a square metre of the dearest renewal that a section may have, in euros; nothing where
/// the catalogue has none.
fn price_anew(section: &SectionState, world: &World<'_>) -> f64 {
    let renews = |it: &&Treatment| {
        matches!(it.effect, Effect::Renews { .. })
            && it.trigger.allows(section.category, &section.lies_in)
    };
    let prices = world.catalogue.treatments.iter().filter(renews).map(|it| it.price_per_m2.get());
    prices.reduce(f64::max).unwrap_or(0.0)
}

struct Replay<'w, 'c> {
    world: &'w World<'c>,
    network: &'w NetworkState,
    /// What each section costs anew, in euros.
    anew: Vec<f64>,
}

impl Replay<'_, '_> {
    /// The network at the end of a year, its rank that of its prices.
    fn state(&self, standings: &[Standing<'_>], year: i32, rank: u32) -> YearOutlook {
        let mut backlog = Envelopes::default();
        let mut value = 0.0;
        let mut sums = vec![(0.0, 0.0); self.network.sectors().len()];
        let sectors = self.network.sector_of();
        for ((standing, sector), anew) in standings.iter().zip(sectors).zip(&self.anew) {
            if let Some(works) = waiting(standing, self.world, rank) {
                *backlog.of_mut(works.treatment.envelope) += works.cost;
            }
            let (points, area) = (standing.ng().points(), standing.area().get());
            value += anew * points / Score::BEST.points();
            sums[*sector].0 += points * area;
            sums[*sector].1 += area;
        }
        YearOutlook {
            year,
            backlog,
            value: Euros::rounded(value),
            sectors: sums.into_iter().map(|(sum, area)| Score::clamped(sum / area)).collect(),
            treatments: Vec::new(),
            emissions: Emissions::default(),
        }
    }
}

/// Works of a year, by their line of the catalogue.
#[derive(Default)]
struct Tally {
    lines: BTreeMap<usize, TreatmentYear>,
    emissions: Emissions,
}

impl Tally {
    fn add(
        &mut self,
        line: usize,
        treatment: &Treatment,
        item: &WorksItem,
        section: &SectionState,
    ) {
        let it = self.lines.entry(line).or_insert_with(|| TreatmentYear {
            treatment: item.treatment.clone(),
            kind: item.kind,
            length: Metres::ZERO,
            area: SquareMetres::ZERO,
            cost: Euros::ZERO,
        });
        it.length += section.length;
        it.area += item.area;
        it.cost += item.cost;
        self.emissions = self.emissions.and(match treatment.co2_kg_per_m2 {
            Some(kg) => Emissions { known_kg: kg * item.area.get(), ..Emissions::default() },
            None => Emissions { unknown: item.area, ..Emissions::default() },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AgeingLaw, Catalogue, Envelope, NoteClass, NoteClasses, Objective, Places, PlanRules,
        PricedOn, Scenario, SectionId, SelectionRule, TreatmentKind, Trigger,
    };
    use crate::planning::simulate;

    /// One point a year, whatever the surface.
    const LAW: AgeingLaw = AgeingLaw {
        lambda_old: 1.0,
        lambda_renewed: 1.0,
        beta: 0.0,
        category_factors: BTreeMap::new(),
    };

    fn line(name: &str, envelope: Envelope, price: f64, to: f64, effect: Effect) -> Treatment {
        Treatment {
            name: name.into(),
            kind: TreatmentKind::ThinOverlay,
            envelope,
            price_per_m2: Euros::rounded(price),
            priced_on: PricedOn::Section,
            co2_kg_per_m2: (envelope == Envelope::Investment).then_some(5.0),
            trigger: Trigger {
                note_from: Score::WORST,
                note_to: Score::clamped(to),
                categories: vec![],
                places: Places::default(),
                defects: vec![],
            },
            effect,
            slows: 1.0,
            rest_years: 0,
        }
    }

    fn catalogue() -> Catalogue {
        let renewal = Effect::Renews { leaves: 0.0 };
        let upkeep = Effect::Lessens { keeps: crate::domain::Ratio::clamped(0.5) };
        Catalogue {
            treatments: vec![
                line("overlay", Envelope::Investment, 10.0, 12.0, renewal),
                line("patch", Envelope::Maintenance, 1.0, 15.0, upkeep),
            ],
        }
    }

    fn section(id: &str, ng: f64, area: f64) -> SectionState {
        SectionState {
            id: SectionId::from_text(id),
            road: 0,
            from: Metres::ZERO,
            length: Metres::of(200.0),
            area: SquareMetres::of(area),
            category: 1,
            lies_in: vec![],
            ng: Score::clamped(ng),
            renewed: false,
            distress: None,
        }
    }

    fn one_class() -> NoteClasses {
        let (name, colour) = ("A".into(), "#1a9850".into());
        NoteClasses(vec![NoteClass { name, from: Score::WORST, colour }])
    }

    #[test]
    fn by_hand() {
        let sections = vec![section("a", 10.0, 100.0), section("b", 14.0, 300.0)];
        let network = NetworkState::new(sections).unwrap().in_sectors(&["Revel", "Muret"]);
        let catalogue = catalogue();
        let rules = PlanRules { price_growth: 0.1, ..PlanRules::plain() };
        let classes = one_class();
        let world = World { catalogue: &catalogue, law: &LAW, rules: &rules, classes: &classes };
        let year = |investment, maintenance| Envelopes {
            investment: Euros::rounded(investment),
            maintenance: Euros::rounded(maintenance),
        };
        let scenario = Scenario {
            name: "s".into(),
            words: String::new(),
            first_year: 2026,
            budgets: vec![year(1000.0, 0.0), year(0.0, 330.0)],
            selection: SelectionRule::WorstFirst,
            objective: Objective::Condition,
            target: None,
            spending: crate::domain::Spending::default(),
            observations: String::new(),
        };
        let programme = simulate(&network, &scenario, &world);
        let it = outlook(&network, &programme, &world);
        assert_eq!(
            (it.replacement, it.sectors),
            (Euros::rounded(4000.0), vec!["Muret".into(), "Revel".into()])
        );
        // Before: a wants 100 m2 of overlay, b 300 m2 of patches; half of a and 14/20 of b are left.
        assert_eq!(it.years[0].backlog, year(1000.0, 300.0));
        assert_eq!((it.years[0].year, it.years[0].value), (2025, Euros::rounded(500.0 + 2100.0)));
        assert_eq!(it.years[0].spread(), Some(4.0));
        // a was renewed and is 19, b fell to 13.
        assert_eq!(it.years[1].backlog, year(0.0, 300.0));
        assert_eq!(it.years[1].value, Euros::rounded(950.0 + 1950.0));
        let works = &it.years[1].treatments[0];
        assert_eq!((works.treatment.as_str(), works.length), ("overlay", Metres::of(200.0)));
        assert_eq!(works.cost, Euros::rounded(1000.0));
        assert_eq!(
            (it.years[1].emissions.known_kg, it.years[1].emissions.is_whole()),
            (500.0, true)
        );
        // b was patched at prices 10 % higher and is 15.5: nothing suits it, nor a at 18.
        assert_eq!(it.years[2].treatments[0].cost, Euros::rounded(330.0));
        assert_eq!(it.years[2].backlog, Envelopes::default());
        assert!(!it.years[2].emissions.is_whole());
    }

    #[test]
    fn notes_are_those_of_the_programme() {
        let sections = (0..40_u32).map(|it| section(&format!("{it:02}"), f64::from(it % 20), 90.0));
        let network = NetworkState::new(sections.collect()).unwrap();
        let catalogue = catalogue();
        let (rules, classes) = (PlanRules::plain(), one_class());
        let world = World { catalogue: &catalogue, law: &LAW, rules: &rules, classes: &classes };
        let budget =
            Envelopes { investment: Euros::rounded(3000.0), maintenance: Euros::rounded(400.0) };
        let scenario = Scenario {
            name: "s".into(),
            words: String::new(),
            first_year: 2026,
            budgets: vec![budget; 8],
            selection: SelectionRule::WorstFirst,
            objective: Objective::Condition,
            target: None,
            spending: crate::domain::Spending::default(),
            observations: String::new(),
        };
        let programme = simulate(&network, &scenario, &world);
        let it = outlook(&network, &programme, &world);
        for (year, outlook) in programme.yearly.iter().zip(&it.years[1..]) {
            assert!((year.ng.points() - outlook.sectors[0].points()).abs() < 1e-9);
            let cost: Euros = outlook.treatments.iter().map(|it| it.cost).sum();
            assert_eq!(cost, year.spent.total());
            let treated: Metres = outlook.treatments.iter().map(|it| it.length).sum();
            assert_eq!(treated, year.treated);
        }
    }
}
