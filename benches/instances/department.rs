//! A département: roads of 25 sections, each road and each section with its own condition.

use voirie::domain::{
    AgeingLaw, Budget, Catalogue, DefectKind, DistressShare, Envelopes, Euros, Metres,
    NetworkState, NoteClasses, Objective, PlanDoubt, PlanRules, PlanYears, Ratio, Scenario, Score,
    ScoringGrid, SectionId, SectionState, SelectionRule, Severity, SquareMetres, World,
};
use voirie::io::config::parameters::{parse_ageing, parse_catalogue, parse_plan, parse_plan_doubt};

const YEARS: PlanYears = PlanYears { first_year: 2026, horizon: 15 };

/// Sections of one road. Chosen: 5 km.
const ROAD: u32 = 25;

/// A network and the world that its programmes are played in: the defaults.
pub struct Department {
    network: NetworkState,
    catalogue: Catalogue,
    law: AgeingLaw,
    rules: PlanRules,
    classes: NoteClasses,
    doubt: PlanDoubt,
}

impl Department {
    pub fn new(n_sections: u32) -> Self {
        let defaults = include_str!("../../src/io/defaults.toml").parse().expect("TOML");
        let section = |rank| section(rank, n_sections);
        Self {
            network: NetworkState::new((0..n_sections).map(section).collect()).expect("sections"),
            catalogue: parse_catalogue(&defaults).expect("a catalogue"),
            law: parse_ageing(&defaults).expect("a law"),
            rules: parse_plan(&defaults).expect("rules").1,
            classes: ScoringGrid::example().classes,
            doubt: parse_plan_doubt(&defaults).expect("doubts").0,
        }
    }

    /// How far what a programme rests on may be from the truth.
    pub fn doubt(&self) -> PlanDoubt {
        self.doubt
    }

    /// Calls back with a scenario by rule and multiple of 13,5+2 M€ for 30,000 sections.
    pub fn in_world(
        &self,
        job: impl FnOnce(&NetworkState, &World<'_>, &dyn Fn(SelectionRule, f64) -> Scenario),
    ) {
        let world = World {
            catalogue: &self.catalogue,
            law: &self.law,
            rules: &self.rules,
            classes: &self.classes,
        };
        let share =
            f64::from(u32::try_from(self.network.sections().len()).expect("few")) / 30_000.0;
        let scenario = |selection, factor: f64| {
            let whole: Budget = "13,5+2".parse().expect("a budget");
            let part = |it: Euros| Euros::rounded(it.get() * share * factor);
            let budgets = whole.spread(YEARS).expect("years").into_iter().map(|it| Envelopes {
                investment: part(it.investment),
                maintenance: part(it.maintenance),
            });
            Scenario {
                name: "s".into(),
                words: String::new(),
                first_year: YEARS.first_year,
                budgets: budgets.collect(),
                selection,
                objective: Objective::Condition,
                target: None,
                spending: voirie::domain::Spending::default(),
                observations: String::new(),
            }
        };
        job(&self.network, &world, &scenario);
    }
}

fn section(rank: u32, n_sections: u32) -> SectionState {
    let (road, place) = (rank / ROAD, rank % ROAD);
    // Fixed shuffles, so that neighbours differ, and roads do.
    let own = f64::from(rank.wrapping_mul(7919) % n_sections) / f64::from(n_sections);
    let whole = f64::from(road.wrapping_mul(104_729) % 997) / 997.0;
    let other = f64::from(rank.wrapping_mul(3571) % 101) / 101.0;
    let bad = f64::midpoint(own, whole);
    let distress =
        |kind, severity, share| DistressShare { kind, severity, share: Ratio::clamped(share) };
    SectionState {
        id: SectionId::from_text(&format!("D{road}-U-{:06}", place * 200)),
        road: road as usize,
        from: Metres::of(f64::from(place * 200)),
        length: Metres::of(200.0),
        area: SquareMetres::of(900.0 + 600.0 * other),
        category: u8::try_from(road % 3 + 1).expect("1 to 3"),
        lies_in: vec![],
        ng: Score::clamped(20.0 - 9.0 * bad.powf(1.8)),
        renewed: false,
        distress: Some(vec![
            distress(
                DefectKind::AlligatorCracking,
                Severity::ALL[rank as usize % 3],
                0.3 * bad.powi(3),
            ),
            distress(
                DefectKind::TransverseCracking,
                Severity::ALL[rank as usize % 2],
                0.02 * other,
            ),
            distress(DefectKind::Pothole, Severity::Low, 0.03 * other * bad),
        ]),
    }
}
