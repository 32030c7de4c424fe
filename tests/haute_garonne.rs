//! The scenario table of Haute-Garonne, played by the simulation: DOMAIN.md section 9.
//!
//! The fitted model has 400 cohorts of equal area and lets a cohort wait for a second year's money.
//! Here each cohort is 25 sections, and money left over at the end of a year is lost.

use std::collections::BTreeMap;
use voirie::domain::{
    AgeingLaw, Budget, Catalogue, Effect, Envelope, Euros, Indicators, Metres, NetworkState,
    NoteClass, NoteClasses, Objective, Places, PlanRules, PlanYears, PricedOn, Ratio, Scenario,
    Score, SectionId, SectionState, SelectionRule, SquareMetres, Treatment, TreatmentKind, Trigger,
    World,
};
use voirie::planning::{indicators, simulate};

/// Source: DOMAIN.md section 9.3, as for every number below.
const COHORTS: u32 = 400;
/// Chosen: 10,000 sections of 3,376 m²; one renewal is 0.4 % of a year's investment.
const SECTIONS_A_COHORT: u32 = 25;
const AREA_M2: f64 = 6_138_000.0 * 5.5;
const SHAPE: f64 = 2.7929;
const MEAN_D: f64 = 1.85;

fn law() -> AgeingLaw {
    AgeingLaw {
        lambda_old: 0.0360,
        lambda_renewed: 0.1729,
        beta: 0.4329,
        category_factors: BTreeMap::new(),
    }
}

fn catalogue() -> Catalogue {
    let line = |name: &str, envelope, euros: f64, below: f64, effect| Treatment {
        name: name.into(),
        kind: TreatmentKind::MillAndInlay,
        envelope,
        price_per_m2: Euros::rounded(euros),
        priced_on: PricedOn::Section,
        co2_kg_per_m2: None,
        trigger: Trigger {
            note_from: Score::WORST,
            note_to: Score::clamped(20.0 - below),
            categories: vec![],
            places: Places::default(),
            defects: vec![],
        },
        effect,
        slows: 1.0,
        rest_years: 7,
    };
    let pass = Effect::Lessens { keeps: Ratio::clamped(1.0 - 0.1446) };
    let renewal = Effect::Renews { leaves: 0.0 };
    Catalogue {
        treatments: vec![
            line("renewal", Envelope::Investment, 17.18, 3.809, renewal),
            line("pass", Envelope::Maintenance, 1.757, 0.3, pass),
        ],
    }
}

fn network() -> NetworkState {
    let area = SquareMetres::of(AREA_M2 / f64::from(COHORTS * SECTIONS_A_COHORT));
    let section = |cohort: u32, rank: u32| {
        let u = (f64::from(cohort) + 0.5) / f64::from(COHORTS);
        SectionState {
            id: SectionId::from_text(&format!("{cohort:03}-{rank:02}")),
            road: 0,
            from: Metres::ZERO,
            length: Metres::of(area.get() / 5.5),
            area,
            category: 1,
            lies_in: vec![],
            ng: Score::clamped(20.0 - MEAN_D * (SHAPE + 1.0) * u.powf(SHAPE)),
            renewed: false,
            distress: None,
        }
    };
    let sections = (0..COHORTS)
        .flat_map(|cohort| (0..SECTIONS_A_COHORT).map(move |rank| section(cohort, rank)));
    NetworkState::new(sections.collect()).expect("sections with areas and names of their own")
}

fn play(words: &str) -> Indicators {
    let budget: Budget = words.parse().expect("a budget");
    let years = PlanYears { first_year: 2023, horizon: 15 };
    let scenario = Scenario {
        name: words.into(),
        words: words.into(),
        first_year: years.first_year,
        budgets: budget.spread(years).expect("15 years"),
        selection: SelectionRule::WorstFirst,
        objective: Objective::Condition,
        target: None,
        spending: voirie::domain::Spending::default(),
        observations: String::new(),
    };
    let everything = NoteClass { name: "all".into(), from: Score::WORST, colour: "#000000".into() };
    let classes = NoteClasses(vec![everything]);
    // As the table was fitted: prices hold everything, and a year's works are free of other rules.
    let (catalogue, law, rules) = (catalogue(), law(), PlanRules::plain());
    let world = World { catalogue: &catalogue, law: &law, rules: &rules, classes: &classes };
    indicators(&simulate(&network(), &scenario, &world))
}

/// One row of the printed table.
struct Row {
    name: &'static str,
    /// The plan, as DOMAIN.md section 9.2 reconstructs it.
    words: &'static str,
    /// NG at the end, highest, lowest when below the start, mean; millions of euros spent.
    end: f64,
    highest: f64,
    lowest: Option<f64>,
    mean: f64,
    spent: f64,
}

const fn row(
    name: &'static str,
    words: &'static str,
    [end, highest, mean]: [f64; 3],
    lowest: Option<f64>,
    spent: f64,
) -> Row {
    Row { name, words, end, highest, lowest, mean, spent }
}

const NG_START: f64 = 18.15;

const ROWS: [Row; 10] = [
    row("s01", "13,5+2 x15", [18.25, 18.69, 18.48], None, 172.554),
    row("s02", "0 (5 ans), puis 13,5+2", [18.53, 18.53, 18.18], Some(17.85), 154.989),
    row("s03", "11+2,5", [18.29, 18.59, 18.46], None, 177.430),
    row("s04", "12+2,5", [18.27, 18.64, 18.47], None, 177.420),
    row("s06", "8+4 (10 ans), puis 4+10", [18.35, 18.51, 18.41], None, 190.058),
    row("s07", "11+2 (5 ans), puis 9+4 (5 ans), puis 5+10", [18.45, 18.59, 18.47], None, 204.343),
    row("s08", "3+2 (5 ans), puis 13+2", [18.47, 18.50, 18.31], None, 164.383),
    row("s09", "0 (7 ans), puis 13,5+2 (8 ans)", [18.31, 18.31, 18.02], Some(17.64), 129.997),
    row(
        "s10",
        "0 (5 ans), puis 40+2 (1 an), puis 13+2",
        [18.51, 18.59, 18.29],
        Some(17.85),
        163.005,
    ),
    row(
        "s11",
        "0 (5 ans), puis 25 (2 ans), puis 5+10",
        [18.32, 18.35, 18.19],
        Some(17.85),
        156.285,
    ),
];

#[test]
fn the_table_of_haute_garonne_comes_out() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let got = play(row.words);
        let lowest = got.lowest.map_or(NG_START, |it| it.0.points());
        // Tolerances: DOMAIN.md section 10.
        let pairs = [
            ("end", got.ng_end.points(), row.end, 0.06),
            ("highest", got.highest.0.points(), row.highest, 0.06),
            ("lowest", lowest, row.lowest.unwrap_or(NG_START), 0.06),
            ("mean", got.mean.points(), row.mean, 0.06),
            ("millions spent", got.spent.get() / 1e6, row.spent, 9.0),
        ];
        for (what, found, want, within) in pairs {
            if (found - want).abs() > within {
                wrong.push(format!("{} {what}: {found:.3}, expected {want:.3}", row.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Ours beside theirs, one row for each scenario that can be read.
fn page() -> String {
    let pair = |theirs: Option<f64>, ours: Option<f64>| match (theirs, ours) {
        (None, None) => String::new(),
        (theirs, ours) => {
            let [theirs, ours] =
                [theirs, ours].map(|it| it.map_or_else(|| "-".to_owned(), |it| format!("{it:.2}")));
            format!("{theirs} / {ours}")
        }
    };
    let mut text = String::from(
        "| scénario | budget | NG fin | NG + haute | NG + basse | NG moyenne | dépensé, M€ |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in ROWS {
        let got = play(row.words);
        let cells = [
            row.name.to_owned(),
            row.words.to_owned(),
            pair(Some(row.end), Some(got.ng_end.points())),
            pair(Some(row.highest), Some(got.highest.0.points())),
            pair(row.lowest, got.lowest.map(|it| it.0.points())),
            pair(Some(row.mean), Some(got.mean.points())),
            format!("{:.1} / {:.1}", row.spent, got.spent.get() / 1e6),
        ];
        text.extend(["| ", &cells.join(" | "), " |\n"]);
    }
    text
}

#[test]
fn the_page_of_the_documentation_shows_what_comes_out() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/haute-garonne.md");
    let shown = std::fs::read_to_string(path).expect("a page");
    let page = page();
    assert!(shown.contains(&page), "{path} does not show:\n{page}");
}

#[test]
fn doing_nothing_for_fifteen_years_costs_a_point() {
    // DOMAIN.md section 9.4: 17.06.
    let got = play("0");
    assert!((got.ng_end.points() - 17.06).abs() < 0.01, "{}", got.ng_end.points());
    assert_eq!((got.spent, got.years_without), (Euros::ZERO, 15));
}
