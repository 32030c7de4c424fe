//! What is decided on stretches of road, laid on sections.

use crate::domain::{
    Commitments, Decision, Euros, Frozen, ImposedWorks, Network, OnStretch, Refused,
    RefusedBecause, Scenario, Section, SectionId,
};
use crate::georeferencing::Finder;

/// Decisions on sections alone, and those that lie on none.
///
/// A section with a note is meant when half of it at least lies on the stretch; the cost of the whole is shared between
/// them by area.
pub(super) fn on_sections(
    network: &Network,
    noted: &[&Section],
    scenarios: &[Scenario],
    mut all: Commitments,
) -> (Commitments, Vec<Refused>) {
    let finder = Finder::new(network);
    let scenario = scenarios.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ");
    let mut refused = Vec::new();
    let mut n_laid = 0;
    for it in std::mem::take(&mut all.stretches) {
        let refuse = |section: SectionId, because| Refused {
            scenario: scenario.clone(),
            section,
            works: match &it.what {
                Decision::Imposed { year, treatment, .. } => Some((*year, treatment.clone())),
                Decision::Frozen(_) => None,
            },
            because,
        };
        let sections = match sections_on(network, &finder, noted, &it) {
            Ok(sections) => sections,
            Err(because) => {
                refused.push(refuse(SectionId::from_text(&it.stretch.to_string()), because));
                continue;
            }
        };
        match &it.what {
            Decision::Imposed { year, treatment, cost } => {
                // After those of the file that come before it, and of the stretches laid already.
                let at = it.after + n_laid;
                let works = shared(&sections, *year, treatment, *cost);
                n_laid += works.len();
                all.imposed.splice(at..at, works);
            }
            Decision::Frozen(years) => {
                for section in sections {
                    match all.frozen.iter().find(|it| it.section == section.id) {
                        Some(Frozen { years, .. }) => {
                            let because = RefusedBecause::FrozenAlready { years: *years };
                            refused.push(refuse(section.id.clone(), because));
                        }
                        None => {
                            all.frozen.push(Frozen { section: section.id.clone(), years: *years });
                        }
                    }
                }
            }
        }
    }
    (all, refused)
}

/// The sections of the carriageway that are meant, whichever pieces of it they lie on.
fn sections_on<'a>(
    network: &Network,
    finder: &Finder<'_>,
    noted: &[&'a Section],
    it: &OnStretch,
) -> Result<Vec<&'a Section>, RefusedBecause> {
    let found = finder.find(it.stretch.at()).map_err(RefusedBecause::NoPlace)?;
    let carriageway = |road: usize| {
        let road = &network.roads()[road];
        (&road.id, road.carriageway)
    };
    let half_on = |it: &&&Section| {
        let on = it.to.get().min(found.to.get()) - it.from.get().max(found.from.get());
        carriageway(it.road) == carriageway(found.road) && on >= 0.5 * it.length().get()
    };
    let mut sections: Vec<&Section> = noted.iter().filter(half_on).copied().collect();
    sections.sort_by(|a, b| a.from.get().total_cmp(&b.from.get()));
    if sections.is_empty() { Err(RefusedBecause::NoSectionOn) } else { Ok(sections) }
}

/// Works on each section, with its part of the cost by area.
fn shared(
    sections: &[&Section],
    year: i32,
    treatment: &str,
    cost: Option<Euros>,
) -> Vec<ImposedWorks> {
    let whole: f64 = sections.iter().map(|it| it.area().get()).sum();
    let mut sum = 0.0;
    let works = |it: &&Section| {
        let until = |sum: f64, cost: Euros| Euros::rounded(cost.get() * sum / whole);
        let before = sum;
        sum += it.area().get();
        ImposedWorks {
            section: it.id.clone(),
            year,
            treatment: treatment.to_owned(),
            // From one running sum to the next: cents add up to the whole.
            cost: cost.map(|cost| until(sum, cost) - until(before, cost)),
        }
    };
    sections.iter().map(works).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Carriageway, Lost, Metres, Objective, PlanePoint, PrMark, Road, RoadId, SelectionRule,
        WrittenStretch,
    };

    /// A road in two pieces, of which the second starts at PR 1.
    fn network() -> Network {
        let piece = |from: f64, to: f64, marks: &[(u16, f64)]| {
            let line = [from, to].map(|x| PlanePoint { x, y: 0.0 }).to_vec();
            let mark = |(pr, at): &(u16, f64)| PrMark { pr: *pr, cumul: Metres::of(*at) };
            let (id, start) = (RoadId::new("D1").unwrap(), Metres::of(from));
            let (side, width) = (Carriageway::Single, Metres::of(6.0));
            let marks = marks.iter().map(mark).collect();
            Road::new(id, side, 2, "REVEL".into(), width, 2, line, start, marks).unwrap()
        };
        let first = piece(0.0, 1000.0, &[(0, 0.0)]);
        Network::new(vec![first, piece(1000.0, 2500.0, &[(1, 1000.0), (2, 2000.0)])])
    }

    /// Sections of 200 m, but for the third, that nobody filmed.
    fn sections(network: &Network) -> Vec<Section> {
        let cut = |rank: u32| {
            let from = Metres::of(200.0 * f64::from(rank));
            let road = usize::from(rank >= 5);
            Section {
                id: SectionId::of(&network.roads()[road], from),
                road,
                from,
                to: from + Metres::of(200.0),
                width: Metres::of(6.0),
            }
        };
        [0, 1, 3, 4, 5, 6, 7].map(cut).to_vec()
    }

    fn lay_out(words: &str, what: Decision, after: usize) -> (Commitments, Vec<Refused>) {
        let network = network();
        let sections = sections(&network);
        let noted: Vec<&Section> = sections.iter().collect();
        let on_section = |year| ImposedWorks {
            section: SectionId::from_text("D1-U-000000"),
            year,
            treatment: "overlay".into(),
            cost: None,
        };
        let stretch: WrittenStretch = words.parse().unwrap();
        let all = Commitments {
            imposed: vec![on_section(2026), on_section(2030)],
            stretches: vec![OnStretch { stretch, what, after }],
            ..Commitments::default()
        };
        let scenario = |name: &str| Scenario {
            name: name.into(),
            words: String::new(),
            first_year: 2026,
            budgets: vec![],
            selection: SelectionRule::WorstFirst,
            objective: Objective::Condition,
            target: None,
            spending: crate::domain::Spending::default(),
            observations: String::new(),
        };
        on_sections(&network, &noted, &[scenario("s01"), scenario("s02")], all)
    }

    fn works(cost: Option<f64>) -> Decision {
        let cost = cost.map(Euros::rounded);
        Decision::Imposed { year: 2027, treatment: "overlay".into(), cost }
    }

    #[test]
    fn sections_half_on_the_stretch_share_its_cost() {
        // From 290 m to 1100 m: 110 m of the section at 200 m, and just half of that at 1000 m.
        let (all, refused) = lay_out("D1 0+290 à 1+100", works(Some(100.01)), 1);
        assert!(refused.is_empty() && all.stretches.is_empty());
        let told: Vec<_> = all.imposed.iter().map(|it| (it.section.as_str(), it.year)).collect();
        let want = [
            ("D1-U-000000", 2026),
            ("D1-U-000200", 2027),
            ("D1-U-000600", 2027),
            ("D1-U-000800", 2027),
            ("D1-U-001000", 2027),
            ("D1-U-000000", 2030),
        ];
        assert_eq!(told, want);
        let cents: Vec<_> = all.imposed[1..5].iter().map(|it| it.cost.unwrap().cents()).collect();
        assert_eq!(cents.iter().sum::<i64>(), 10_001);
        assert!(cents.iter().all(|it| (2500..=2501).contains(it)), "{cents:?}");
        let (all, _) = lay_out("D1 0+290 à 1+100", works(None), 2);
        assert_eq!((all.imposed[1].year, all.imposed[2].cost), (2030, None));
        let (all, _) = lay_out("D1 U 1+0 à 1+450", Decision::Frozen((2026, 2028)), 0);
        let frozen: Vec<_> = all.frozen.iter().map(|it| it.section.as_str()).collect();
        assert_eq!(frozen, ["D1-U-001000", "D1-U-001200"]);
    }

    #[test]
    fn stretches_keep_their_order_and_no_section_is_frozen_twice() {
        let network = network();
        let sections = sections(&network);
        let noted: Vec<&Section> = sections.iter().collect();
        let on = |words: &str, what| OnStretch { stretch: words.parse().unwrap(), what, after: 0 };
        let works = |year| Decision::Imposed { year, treatment: "overlay".into(), cost: None };
        let stretches = vec![
            on("D1 0+0 à 0+400", works(2027)),
            on("D1 0+0 à 0+200", works(2026)),
            on("D1 0+0 à 0+400", Decision::Frozen((2028, 2029))),
            on("D1 0+200 à 0+800", Decision::Frozen((2030, 2031))),
        ];
        let all = Commitments { stretches, ..Commitments::default() };
        let (all, refused) = on_sections(&network, &noted, &[], all);
        assert_eq!(all.imposed.iter().map(|it| it.year).collect::<Vec<_>>(), [2027, 2027, 2026]);
        let frozen: Vec<_> = all.frozen.iter().map(|it| (it.section.as_str(), it.years)).collect();
        let (first, second) = ((2028, 2029), (2030, 2031));
        let want = [("D1-U-000000", first), ("D1-U-000200", first), ("D1-U-000600", second)];
        assert_eq!(frozen, want);
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].section.as_str(), "D1-U-000200");
        assert_eq!(refused[0].because, RefusedBecause::FrozenAlready { years: first });
    }

    #[test]
    fn what_lies_nowhere_is_refused_once_for_all_scenarios() {
        for (words, want) in [
            ("D2 0+0 à 1+0", RefusedBecause::NoPlace(Lost::RoadUnknown { road: "D2".into() })),
            ("D1 0+400 à 0+600", RefusedBecause::NoSectionOn),
        ] {
            let (all, refused) = lay_out(words, works(None), 0);
            assert_eq!((all.imposed.len(), refused.len()), (2, 1), "{words}");
            assert_eq!(refused[0].because, want);
            assert_eq!(
                (refused[0].section.as_str(), refused[0].scenario.as_str()),
                (words, "s01, s02")
            );
        }
        let (_, refused) = lay_out("D1 1+0 à 9+0", Decision::Frozen((2026, 2026)), 0);
        assert!(
            matches!(refused[0].because, RefusedBecause::NoPlace(_)) && refused[0].works.is_none()
        );
    }
}
