//! The default catalogue, applied: every section that needs works has some that suit it.

use voirie::domain::{
    AgeingLaw, Catalogue, DefectKind, DistressShare, Effect, Envelope, Metres, NoteClasses,
    PlanRules, Ratio, Score, SectionId, SectionState, Severity, SquareMetres, Treatment, World,
};
use voirie::io::config::parameters::parse_catalogue;
use voirie::planning::{Standing, Year, candidates};

fn catalogue() -> Catalogue {
    let defaults = include_str!("../src/io/defaults.toml").parse().expect("TOML");
    parse_catalogue(&defaults).expect("a catalogue")
}

type Seen<'a> = &'a [(DefectKind, Severity, f64)];

fn section(category: u8, ng: f64, seen: Option<Seen<'_>>) -> SectionState {
    let share = |(kind, severity, percent): &(DefectKind, Severity, f64)| DistressShare {
        kind: *kind,
        severity: *severity,
        share: Ratio::clamped(percent / 100.0),
    };
    SectionState {
        id: SectionId::from_text("D1-U-000000"),
        road: 0,
        from: Metres::ZERO,
        length: Metres::of(200.0),
        area: SquareMetres::of(1100.0),
        category,
        lies_in: vec![],
        ng: Score::clamped(ng),
        renewed: false,
        distress: seen.map(|it| it.iter().map(share).collect()),
    }
}

const NOW: Year = Year { year: 2026, rank: 0 };

fn offered(section: &SectionState, catalogue: &Catalogue) -> Vec<Treatment> {
    let law =
        AgeingLaw { lambda_old: 0.1, lambda_renewed: 0.1, beta: 0.0, category_factors: [].into() };
    let (rules, classes) = (PlanRules::plain(), NoteClasses(vec![]));
    let world = World { catalogue, law: &law, rules: &rules, classes: &classes };
    let found = candidates(&Standing::new(section, &world), &world, NOW);
    found.into_iter().flatten().map(|it| it.treatment.clone()).collect()
}

fn suitable(category: u8, ng: f64, seen: Option<Seen<'_>>) -> Vec<String> {
    let catalogue = catalogue();
    let section = section(category, ng, seen);
    offered(&section, &catalogue).into_iter().map(|it| it.name).collect()
}

const CRACKS: (DefectKind, Severity, f64) = (DefectKind::TransverseCracking, Severity::Low, 3.0);
const MESH: (DefectKind, Severity, f64) = (DefectKind::AlligatorCracking, Severity::Medium, 25.0);
const SEVERE: (DefectKind, Severity, f64) = (DefectKind::AlligatorCracking, Severity::High, 3.0);
const RUTS: (DefectKind, Severity, f64) = (DefectKind::Rutting, Severity::Medium, 4.0);
const HOLES: (DefectKind, Severity, f64) = (DefectKind::Pothole, Severity::Medium, 2.0);

#[test]
fn cases_that_an_engineer_can_check() {
    let cases: [(u8, f64, Option<Seen<'_>>, &[&str]); 15] = [
        (1, 7.0, Some(&[]), &["GB + BBSG", "PATA (attente)"]),
        (1, 11.0, Some(&[MESH]), &["GB + BBSG (faïençage)", "PATA (attente)"]),
        (1, 11.0, Some(&[]), &["BBSG 5-6 cm (cat. 1)", "PATA (attente)"]),
        (1, 15.0, Some(&[CRACKS]), &["BBTM", "PATA (attente)"]),
        (1, 15.0, Some(&[RUTS]), &["BBM (cat. 1)", "PATA (attente)"]),
        (2, 15.0, Some(&[CRACKS]), &["ECF", "PATA (attente)"]),
        (2, 15.0, Some(&[RUTS]), &["BBM", "PATA (attente)"]),
        (3, 15.0, Some(&[HOLES]), &["ESU monocouche", "PATA"]),
        (3, 10.0, None, &["ESU bicouche", "PATA (attente)"]),
        (3, 10.0, Some(&[MESH]), &["Retraitement + ESU ou BBM (faïençage)", "PATA (attente)"]),
        (3, 4.0, None, &["Retraitement + ESU ou BBM", "PATA (attente)"]),
        // A little of the worst mesh is dug out before anything else is thought of.
        (2, 13.0, Some(&[SEVERE]), &["Purges", "ECF"]),
        (2, 17.5, Some(&[CRACKS]), &["Pontage"]),
        (2, 17.5, Some(&[HOLES]), &["PATA"]),
        // Nothing is due on a good surface, and nothing is guessed without its defects.
        (2, 17.5, None, &[]),
    ];
    for (category, ng, seen, want) in cases {
        assert_eq!(suitable(category, ng, seen), want, "category {category}, {ng}, {seen:?}");
    }
}

#[test]
fn every_section_up_to_the_trigger_has_a_renewal_whatever_its_defects() {
    let catalogue = catalogue();
    let all: [Option<Seen<'_>>; 7] = [
        None,
        Some(&[]),
        Some(&[CRACKS, HOLES]),
        Some(&[MESH]),
        Some(&[SEVERE, RUTS]),
        Some(&[RUTS]),
        Some(&[(DefectKind::Depression, Severity::High, 30.0)]),
    ];
    for category in 0..=9 {
        for tenths in 0..=162 {
            for seen in all {
                let ng = f64::from(tenths) / 10.0;
                let section = section(category, ng, seen);
                let found = offered(&section, &catalogue);
                let renewal = found.iter().find(|it| {
                    it.envelope == Envelope::Investment
                        && matches!(it.effect, Effect::Renews { .. })
                });
                assert!(renewal.is_some(), "category {category}, note {ng}, {seen:?}");
            }
        }
    }
}
