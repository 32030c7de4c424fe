//! The smallest survey that has one of everything, for the tests of the writers.

use crate::domain::{
    Aggregates, AreaName, AreaSpan, Carriageway, ClipClock, ClipOutcome, ClockSource, Coverage,
    Defect, DefectKind, DefectsSeen, Direction, Division, Drives, Envelope, Envelopes, Euros,
    Evidence, Extent, FilmedAgain, Finding, FindingKind, FrameStamp, Indicators, LocatedDefect,
    LocatedFrame, Mean, Metres, ModelMark, Network, NoteClass, NoteClasses, NoteInterval, Notes,
    Objective, PixelBox, PlanePoint, PrMark, Programme, Prospect, Provenance, Quantiles, Rating,
    Ratio, Reason, Refusal, Road, RoadCell, RoadId, RoadPlace, Scenario, Score, Seconds, Section,
    SectionDistress, SectionId, SectionRating, SelectionRule, Severity, SquareMetres, Survey,
    TreatmentKind, Unrated, Validity, Wgs84, Why, WorksItem, Worth, YearState,
};

fn note(points: f64) -> Score {
    Score::new(points).unwrap()
}

fn share(value: f64) -> Ratio {
    Ratio::new(value).unwrap()
}

fn road(name: &str, points: &[(f64, f64)], marks: &[(u16, f64)]) -> Road {
    let mark = |(pr, at): &(u16, f64)| PrMark { pr: *pr, cumul: Metres::of(*at) };
    Road::new(
        RoadId::new(name).unwrap(),
        Carriageway::Single,
        2,
        "REVEL".into(),
        Metres::of(6.0),
        2,
        points.iter().map(|(x, y)| PlanePoint { x: 600_000.0 + x, y: 6_260_000.0 + y }).collect(),
        Metres::ZERO,
        marks.iter().map(mark).collect(),
    )
    .unwrap()
}

/// D1, 600 m with a bend and one PR, its first 350 m in a municipality; D2, 400 m without any.
pub(crate) fn network() -> Network {
    let span =
        |from: f64, to: f64, area| AreaSpan { from: Metres::of(from), to: Metres::of(to), area };
    let revel = AreaName { code: "31451".into(), name: "Revel".into() };
    let first = vec![span(0.0, 350.0, Some(0)), span(350.0, 600.0, None)];
    Network::new(vec![
        road("D1", &[(0.0, 0.0), (300.0, 0.0), (300.0, 300.0)], &[(0, 0.0)]),
        road("D2", &[(300.0, 0.0), (700.0, 0.0)], &[]),
    ])
    .among_municipalities(Division::new(&[revel], vec![first, vec![span(0.0, 400.0, None)]]))
}

pub(crate) fn classes() -> NoteClasses {
    let class = |(name, from, colour): (&str, f64, &str)| NoteClass {
        name: name.into(),
        from: note(from),
        colour: colour.into(),
    };
    NoteClasses(
        [
            ("A", 18.0, "#1a9850"),
            ("B", 16.0, "#91cf60"),
            ("C", 14.0, "#fee08b"),
            ("D", 12.0, "#fc8d59"),
            ("E", 0.0, "#d73027"),
        ]
        .map(class)
        .to_vec(),
    )
}

pub(crate) fn provenance() -> Provenance {
    Provenance {
        version: "0.1.0".into(),
        configuration: "0123456789abcdef0123456789abcdef".into(),
        models: vec![ModelMark { name: "pavement".into(), sha256: "feed".into() }],
    }
}

const MESH: Defect = Defect {
    kind: DefectKind::AlligatorCracking,
    severity: Severity::Medium,
    extent: Extent::Area(SquareMetres::ZERO),
};

fn mesh(area: f64) -> Defect {
    Defect { extent: Extent::Area(SquareMetres::of(area)), ..MESH }
}

fn crack(length: f64) -> Defect {
    Defect {
        kind: DefectKind::LongitudinalCracking,
        severity: Severity::Medium,
        extent: Extent::Length(Metres::of(length)),
    }
}

fn holes(count: u32) -> Defect {
    Defect {
        kind: DefectKind::Pothole,
        severity: Severity::High,
        extent: Extent::Count(f64::from(count), SquareMetres::of(0.3 * f64::from(count))),
    }
}

fn frame(number: u64, cumul: Option<f64>, validity: Validity) -> LocatedFrame {
    let network = network();
    let road = &network.roads()[0];
    let at = Metres::of(cumul.unwrap_or(0.0));
    let (projected, bearing_deg) = road.point_at(at);
    let seen = validity == Validity::Valid;
    LocatedFrame {
        stamp: FrameStamp { clip: "a.mp4".into(), number, at: Seconds::of(0.1 * 3.0) },
        time: Seconds::of(1_749_715_200.1 + 0.3),
        position: Wgs84::new(1.764_205_1, 43.424_2).unwrap(),
        projected,
        bearing_deg,
        speed_m_s: 13.9,
        place: cumul.map(|cumul| RoadPlace {
            road: 0,
            direction: Direction::Increasing,
            cumul: Metres::of(cumul),
            offset: Metres::of(1.5),
        }),
        validity,
        cracked_share: seen.then(|| share(0.07)),
        pothole_share: seen.then(|| share(0.001)),
        redacted: 2,
        picture: seen.then(|| format!("frames/a/{number:06}.jpg")),
    }
}

pub(crate) fn survey() -> Survey {
    let bounds = PixelBox::new(100.5, 300.0, 420.0, 500.25).unwrap();
    let cell = |from: f64, validity, n_frames, defects| RoadCell {
        road: 0,
        direction: Direction::Increasing,
        from: Metres::of(from),
        to: Metres::of(from + 5.0),
        validity,
        n_frames,
        n_drives: Some(u32::from(n_frames > 0)),
        newest: (n_frames > 0).then(|| Seconds::of(1_749_715_200.25)),
        geometry: 0.0,
        defects,
    };
    let located = |defect, from: f64, to: f64, lateral: f64| LocatedDefect {
        defect,
        road: 0,
        direction: Direction::Increasing,
        from: Metres::of(from),
        to: Metres::of(to),
        lateral: Metres::of(lateral),
        confidence: share(0.9),
        width_mm: Some(3.2),
        evidence: Evidence { frame: 1, bounds },
    };
    Survey {
        clips: vec![ClipOutcome {
            clip: "a.mp4".into(),
            clock: Some(ClipClock {
                source: ClockSource::Pictures,
                starts: Seconds::of(1_749_715_201.5),
                offset: Some(Seconds::of(1.5)),
                sd: Some(Seconds::of(0.12)),
            }),
            decoder: "h264 (embedded)".into(),
            n_frames: 3,
            n_located: 2,
            travelled: Metres::of(400.0),
            lost: Metres::of(12.5),
        }],
        frames: vec![
            frame(0, None, Validity::TooDark),
            frame(11, Some(10.0), Validity::Valid),
            frame(22, Some(20.0), Validity::Blurred),
        ],
        cells: vec![
            cell(0.0, Validity::Valid, 2, vec![mesh(4.0), holes(1)]),
            cell(5.0, Validity::Blurred, 0, vec![]),
        ],
        defects: vec![located(mesh(54.0), 10.0, 40.0, 0.5), located(holes(1), 60.0, 60.2, -0.7)],
    }
}

pub(crate) fn ratings() -> Vec<SectionRating> {
    let network = network();
    let road = &network.roads()[0];
    let section = |from: f64| Section {
        id: SectionId::of(road, Metres::of(from)),
        road: 0,
        from: Metres::of(from),
        to: Metres::of(from + 200.0),
        width: Metres::of(6.0),
    };
    let rated = |from, defects, (ng, np, nu): (f64, f64, f64)| {
        let coverage = Coverage { valid: share(0.9), invalid: share(0.05) };
        let newest = Some(Seconds::of(1_749_715_200.25));
        let notes = Notes { ng: note(ng), np: note(np), nu: note(nu) };
        SectionRating {
            distress: SectionDistress {
                section: section(from),
                defects,
                observed: SquareMetres::of(540.0),
                coverage,
                geometry: 0.0,
                refused: vec![
                    Refusal { reason: Validity::Blurred, n_cells: 2, length: Metres::of(10.0) },
                    Refusal { reason: Validity::Wet, n_cells: 1, length: Metres::ZERO },
                ],
                drives: Some(Drives { most: 2, again: share(0.25), newest }),
            },
            rating: Rating::Rated {
                notes,
                interval: NoteInterval { low: notes.ng, high: notes.ng },
                coverage,
            },
        }
    };
    let unrated = SectionRating {
        distress: SectionDistress {
            section: section(400.0),
            defects: vec![],
            observed: SquareMetres::ZERO,
            coverage: Coverage::default(),
            geometry: 0.0,
            refused: vec![],
            drives: Some(Drives::default()),
        },
        rating: Rating::Unrated { reason: Unrated::NotFilmed, coverage: Coverage::default() },
    };
    vec![
        rated(0.0, vec![crack(12.5), mesh(54.0), holes(3)], (10.9, 11.0, 19.0)),
        rated(200.0, vec![], (20.0, 20.0, 20.0)),
        unrated,
    ]
}

pub(crate) fn aggregates() -> Aggregates {
    let mean = |name: &str, rated: bool| Mean {
        name: name.into(),
        length: Metres::of(600.0),
        rated_length: Metres::of(if rated { 400.0 } else { 0.0 }),
        area: SquareMetres::of(3600.0),
        rated_area: SquareMetres::of(if rated { 2400.0 } else { 0.0 }),
        ng: rated.then(|| note(15.45)),
        np: rated.then(|| note(15.5)),
        nu: rated.then(|| note(19.5)),
        classes: if rated { [0.5, 0.0, 0.0, 0.0, 0.5].map(share).to_vec() } else { vec![] },
    };
    Aggregates {
        network: mean("reseau", true),
        roads: vec![mean("D1", true), mean("D2", false)],
        categories: vec![mean("2", true)],
        sectors: vec![mean("REVEL", true)],
        municipalities: vec![mean("Revel (31451)", true)],
    }
}

fn worth(bound: Option<f64>) -> Worth {
    Worth { objective: Objective::Condition, gain: 0.5, bound, condition: 0.5 }
}

fn envelopes(investment: f64, maintenance: f64) -> Envelopes {
    let rounded = Euros::rounded;
    Envelopes { investment: rounded(investment), maintenance: rounded(maintenance) }
}

fn programme(name: &str, budgets: &[f64], path: &[f64], works: Vec<WorksItem>) -> Programme {
    let years = budgets.iter().zip(path).zip(2026..);
    Programme {
        scenario: Scenario {
            name: name.into(),
            words: "0,5+0,1".into(),
            first_year: 2026,
            budgets: budgets.iter().map(|it| envelopes(*it, 0.0)).collect(),
            selection: SelectionRule::WorstFirst,
            objective: Objective::Condition,
            target: None,
            spending: crate::domain::Spending::default(),
            observations: String::new(),
        },
        final_notes: vec![(SectionId::from_text("D1-U-000000"), note(19.6))],
        ng_start: note(15.45),
        worth: worth(None),
        area: SquareMetres::of(2400.0),
        works,
        yearly: years
            .map(|((budget, ng), year)| YearState {
                year,
                ng: note(*ng),
                spent: envelopes(*budget, 0.0),
                offered: envelopes(*budget, 0.0),
                carried: Envelopes::default(),
                classes: [0.5, 0.0, 0.5, 0.0, 0.0].map(share).to_vec(),
                treated: Metres::of(200.0),
                sites: 1,
            })
            .collect(),
    }
}

pub(crate) fn programmes() -> Vec<Programme> {
    let item = WorksItem {
        section: SectionId::from_text("D1-U-000000"),
        year: 2026,
        treatment: "BBM".into(),
        kind: TreatmentKind::ThinOverlay,
        envelope: Envelope::Investment,
        area: SquareMetres::of(1200.0),
        cost: Euros::rounded(15_600.0),
        before: note(10.9),
        after: note(19.8),
        reason: Reason {
            why: Why::Worst,
            rank: 1,
            notes: (note(0.0), note(12.0)),
            seen: vec![DefectsSeen {
                kinds: vec![DefectKind::AlligatorCracking],
                share: share(0.1),
            }],
            instead_of: Some(("BBSG".into(), crate::domain::Lacked::Money)),
        },
    };
    vec![
        programme("s01", &[15_600.0, 0.0], &[19.7, 19.6], vec![item]),
        programme("s02", &[0.0, 0.0], &[14.9, 14.3], vec![]),
    ]
}

pub(crate) fn indicators() -> Vec<Indicators> {
    let row = |name: &str, lowest, observations: &str| Indicators {
        name: name.into(),
        words: "0,5+0,1".into(),
        selection: SelectionRule::Optimised,
        worth: worth(Some(0.5002)),
        ng_start: note(15.45),
        ng_end: note(19.6),
        highest: (note(19.7), 2026),
        lowest,
        mean: note(19.65),
        spent: Euros::rounded(15_600.0),
        offered: Euros::rounded(20_000.0),
        years_without: 1,
        observations: observations.into(),
    };
    vec![
        row("s01", None, "« référence », dit \"s01\""),
        row("s02", Some((note(11.2), 2027)), "<script>alert(1)</script>"),
    ]
}

pub(crate) fn prospects() -> Vec<Prospect> {
    let about = |it: f64, width: f64| Quantiles {
        p05: it - 2.0 * width,
        p25: it - width,
        p50: it,
        p75: it + width,
        p95: it + 2.0 * width,
    };
    let row = |name: &str, end: f64, beats: [f64; 2]| Prospect {
        name: name.into(),
        n_draws: 1000,
        ng: vec![(2025, about(15.45, 0.1)), (2026, about(end, 0.2)), (2027, about(end, 0.3))],
        gain: about(end - 14.5, 0.1),
        keeps: beats[0].max(beats[1]),
        beats: beats.to_vec(),
        unpaid: 0.041,
        filmed_again: Some(FilmedAgain {
            rule: SelectionRule::WorstFirst,
            gain: 0.12,
            error: 0.01,
            n_draws: 50,
        }),
    };
    vec![row("s01", 19.0, [0.5, 0.97]), row("s02", 14.5, [0.03, 0.5])]
}

pub(crate) fn findings() -> Vec<Finding> {
    vec![
        Finding::loss("a.mp4", FindingKind::RedactionFailed { number: 7, why: "no model".into() }),
        Finding::note("a.mp4", FindingKind::FramesRefused { reason: "blurred", n_frames: 1 }),
    ]
}
