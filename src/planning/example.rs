//! A small network to programme, for tests.

use crate::domain::{
    AgeingLaw, Catalogue, Effect, Envelope, Envelopes, Euros, Metres, NetworkState, NoteClass,
    NoteClasses, Objective, Places, PlanRules, PricedOn, Ratio, Scenario, Score, SectionId,
    SectionState, SelectionRule, SquareMetres, Treatment, TreatmentKind, Trigger, World,
};

/// So many euros of investment a year for eight years, and a fifth of it of maintenance.
pub(super) fn scenario(name: &str, selection: SelectionRule, euros: f64) -> Scenario {
    let each =
        Envelopes { investment: Euros::rounded(euros), maintenance: Euros::rounded(euros / 5.0) };
    Scenario {
        name: name.into(),
        words: String::new(),
        first_year: 2026,
        budgets: vec![each; 8],
        selection,
        objective: Objective::Condition,
        target: None,
        spending: crate::domain::Spending::default(),
        observations: String::new(),
    }
}

/// A road of 120 sections, two treatments, two classes.
pub(super) fn in_world<T>(job: impl FnOnce(&NetworkState, &World<'_>) -> T) -> T {
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
    let pass = Effect::Lessens { keeps: Ratio::clamped(0.7) };
    let catalogue = Catalogue {
        treatments: vec![
            line("renewal", Envelope::Investment, 10.0, Effect::Renews { leaves: 0.0 }, 14.0),
            line("pass", Envelope::Maintenance, 2.0, pass, 17.0),
        ],
    };
    let law =
        AgeingLaw { lambda_old: 0.2, lambda_renewed: 0.1, beta: 0.1, category_factors: [].into() };
    let section = |rank: u32| SectionState {
        id: SectionId::from_text(&format!("{rank:03}")),
        road: 0,
        from: Metres::of(f64::from(rank) * 200.0),
        length: Metres::of(200.0),
        area: SquareMetres::of(800.0 + f64::from(rank * 37 % 400)),
        category: 2,
        lies_in: vec![],
        ng: Score::clamped(6.0 + f64::from(rank * 53 % 130) / 10.0),
        renewed: false,
        distress: None,
    };
    let network = NetworkState::new((0..120).map(section).collect()).unwrap();
    let class = |name: &str, from| NoteClass {
        name: name.into(),
        from: Score::clamped(from),
        colour: "#000000".into(),
    };
    let (rules, classes) =
        (PlanRules::plain(), NoteClasses(vec![class("A", 12.0), class("E", 0.0)]));
    let world = World { catalogue: &catalogue, law: &law, rules: &rules, classes: &classes };
    job(&network, &world)
}
