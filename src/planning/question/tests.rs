//! Questions asked of few sections, by hand, and of a road against brute force.

use super::{answer, most_plays};
use crate::domain::{
    Answer, Commitments, Envelopes, Euros, ImposedWorks, Metres, MoneyAnswer, NetworkState,
    Question, QuestionError, RefusedBecause, Scenario, Score, SectionId, SectionState,
    SelectionRule, SquareMetres, Why, WhyNot, World,
};
use crate::planning::example::{in_world, scenario};
use crate::planning::simulate;
use std::cell::Cell;

/// Sections of 100 m² and of these notes, apart from each other: `a`, `b` and so on.
fn few(notes: &[f64]) -> NetworkState {
    let section = |(letter, ng): (char, &f64)| SectionState {
        id: SectionId::from_text(&letter.to_string()),
        road: letter as usize,
        from: Metres::ZERO,
        length: Metres::of(100.0),
        area: SquareMetres::of(100.0),
        category: 2,
        lies_in: vec![],
        ng: Score::clamped(*ng),
        renewed: false,
        distress: None,
    };
    NetworkState::new(('a'..).zip(notes).map(section).collect()).unwrap()
}

/// So much to invest each year, and nothing to maintain.
fn investing(euros: f64) -> Scenario {
    let each = Envelopes { investment: Euros::rounded(euros), maintenance: Euros::ZERO };
    Scenario { budgets: vec![each; 4], ..scenario("s", SelectionRule::WorstFirst, 0.0) }
}

fn question(section: &str, year: i32) -> Question {
    let section = SectionId::from_text(section);
    Question { scenario: "s".into(), section, year, treatment: None }
}

fn asked(network: &NetworkState, scenario: Scenario, question: &Question) -> Answer {
    in_world(|_, world| answer(network, &[scenario], question, world, &|| {}).unwrap())
}

#[test]
fn the_second_of_two_takes_twice_the_money() {
    // A renewal of 100 m² costs 1000: a in 2026, b in 2027.
    let it = asked(&few(&[8.0, 10.0]), investing(1000.0), &question("b", 2026));
    assert_eq!(it.served(), None);
    assert_eq!(it.now.works.iter().map(|it| it.year).collect::<Vec<_>>(), [2027]);
    for money in [&it.money_of_year, &it.money_of_all] {
        let MoneyAnswer::Found { multiple, short, treatment, .. } = money else {
            panic!("{money:?}")
        };
        assert!(*short < 2.0 && (2.0..2.06).contains(multiple), "{short} {multiple}");
        assert_eq!(treatment.as_deref(), Some("renewal"));
    }
    let MoneyAnswer::Found { offered, .. } = it.money_of_all else { unreachable!() };
    assert_eq!(offered.0, Euros::rounded(4000.0));
    let place = it.place.unwrap();
    assert_eq!((place.place, place.waiting, place.served), (2, 2, 1));
    assert_eq!(place.last, Some((2, Score::clamped(8.0))));
    let starting = it.starting_note.unwrap();
    assert!((7.85..8.0).contains(&starting.note.points()), "{}", starting.note.points());
    assert_eq!(starting.year, 2026);
}

#[test]
fn what_is_in_goes_out_with_less() {
    let it = asked(&few(&[8.0, 10.0]), investing(1000.0), &question("a", 2026));
    assert_eq!(it.served().unwrap().treatment, "renewal");
    assert!(it.imposing.is_none() && it.starting_note.is_none());
    let MoneyAnswer::Found { multiple, short, treatment, .. } = &it.money_of_year else {
        panic!("{:?}", it.money_of_year)
    };
    assert!(*multiple < 1.0 && *multiple > 0.97 && *short <= 1.0, "{multiple} {short}");
    assert_eq!(*treatment, None);
}

#[test]
fn more_money_may_come_too_early_and_none_cannot_be_multiplied() {
    let it = asked(&few(&[8.0, 10.0, 12.0]), investing(1000.0), &question("b", 2029));
    // b is renewed in 2027: its rest goes on, whatever the money.
    assert_eq!(
        it.lines[0].why_not,
        Some(WhyNot::Note { note: it.now.in_year, expected: (Score::WORST, Score::clamped(14.0)) })
    );
    assert_eq!(it.money_of_year, MoneyAnswer::NotFound { farthest: 8.0, sooner: None });
    assert_eq!(it.money_of_all, MoneyAnswer::NotFound { farthest: 8.0, sooner: Some((2.0, 2026)) });
    let idle = asked(&few(&[8.0]), investing(0.0), &question("a", 2027));
    assert_eq!(idle.money_of_year, MoneyAnswer::NoMoney);
    let Some(Err(RefusedBecause::TooDear { cost, .. })) = idle.imposing.map(|it| it.outcome) else {
        panic!("no money pays for it")
    };
    assert_eq!(cost, Euros::rounded(1000.0));
}

#[test]
fn imposing_pushes_others_back() {
    let network = few(&[8.0, 10.0]);
    let it = asked(&network, investing(1000.0), &question("b", 2026));
    let it = it.imposing.unwrap();
    assert_eq!(it.treatment, "renewal");
    let it = it.outcome.unwrap();
    assert_eq!((it.works.cost, it.works.reason.why), (Euros::rounded(1000.0), Why::Imposed));
    let told = |it: &crate::domain::Exchanged| {
        it.dearest.iter().map(|it| (it.section.to_string(), it.year)).collect::<Vec<_>>()
    };
    assert_eq!(told(&it.out), [("a".to_owned(), 2026), ("b".to_owned(), 2027)]);
    assert_eq!(told(&it.new), [("a".to_owned(), 2027)]);
    assert_eq!(
        (it.new.n, it.new.length, it.new.cost),
        (1, Metres::of(100.0), Euros::rounded(1000.0))
    );
    assert!(it.worth.1.gain < it.worth.0.gain, "the worse one waits: {:?}", it.worth);
    // A treatment that does not suit may be imposed, and the file may impose works already.
    let pass = Question { treatment: Some("pass".into()), ..question("b", 2026) };
    let outcome = asked(&network, investing(1000.0), &pass).imposing.unwrap().outcome;
    assert!(matches!(outcome, Err(RefusedBecause::TooDear { .. })), "{outcome:?}");
    let already = ImposedWorks {
        section: SectionId::from_text("b"),
        year: 2026,
        treatment: "renewal".into(),
        cost: None,
    };
    let network =
        network.committed(Commitments { imposed: vec![already], ..Commitments::default() });
    let outcome = asked(&network, investing(1000.0), &pass).imposing.unwrap().outcome;
    assert_eq!(outcome.unwrap_err(), RefusedBecause::Twice);
}

/// Whether the section has works in the year with so many times that year's money.
fn has(
    network: &NetworkState,
    base: &Scenario,
    it: &Question,
    times: f64,
    world: &World<'_>,
) -> bool {
    let mut tried = base.clone();
    let of_year = &mut tried.budgets[usize::try_from(it.year - base.first_year).unwrap()];
    of_year.investment = Euros::rounded(of_year.investment.get() * times);
    of_year.maintenance = Euros::rounded(of_year.maintenance.get() * times);
    let played = simulate(network, &tried, world);
    played.works.iter().any(|works| works.section == it.section && works.year == it.year)
}

#[test]
fn the_multiple_is_what_brute_force_finds() {
    for rule in [SelectionRule::WorstFirst, SelectionRule::BenefitCost] {
        in_world(|network, world| {
            let base = scenario("s", rule, 30_000.0);
            let mut n_found = 0;
            for rank in (0..120).step_by(7) {
                let it = question(&format!("{rank:03}"), 2028);
                let one = std::slice::from_ref(&base);
                let answer = answer(network, one, &it, world, &|| {}).unwrap();
                let more = answer.served().is_none();
                let has = |times: f64| has(network, &base, &it, times, world);
                assert_eq!(!more, has(1.0));
                let root = 2.0_f64.sqrt();
                let mut tried: Vec<f64> =
                    (0..=6).map(|it| if more { root.powi(it) } else { root.powi(-it) }).collect();
                tried.extend((!more).then_some(0.0));
                let first = tried.windows(2).find(|pair| has(pair[1]) == more);
                match (&answer.money_of_year, first) {
                    (MoneyAnswer::Found { multiple, short, .. }, Some(pair)) => {
                        n_found += 1;
                        assert_eq!((has(*multiple), has(*short)), (more, !more), "{pair:?}");
                        let width = (pair[1] - pair[0]) / 16.0;
                        assert!(
                            ((multiple - short).abs() - width.abs()).abs() < 1e-9,
                            "{multiple} {short}"
                        );
                        let (low, high) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
                        assert!(*multiple >= low - 1e-9 && *multiple <= high + 1e-9, "{multiple}");
                    }
                    (MoneyAnswer::NotFound { .. }, None) => {}
                    (found, first) => panic!("{rule:?} {rank}: {found:?}, {first:?}"),
                }
            }
            assert!(n_found >= 2, "{rule:?}: {n_found}");
        });
    }
}

#[test]
fn notes_are_those_of_the_programme_and_plays_are_counted() {
    for rule in SelectionRule::ALL {
        in_world(|network, world| {
            let base = scenario("s", rule, 40_000.0);
            let programme = simulate(network, &base, world);
            for works in programme.works.iter().filter(|it| it.year > 2028).take(1) {
                let n_plays = Cell::new(0);
                let it = question(works.section.as_str(), works.year);
                let played = || n_plays.set(n_plays.get() + 1);
                let it = answer(network, std::slice::from_ref(&base), &it, world, &played).unwrap();
                assert_eq!(it.now.in_year, works.before, "{rule:?}");
                let line = it.lines.iter().find(|it| it.treatment == works.treatment).unwrap();
                assert_eq!((&line.why_not, line.cost), (&None, works.cost));
                assert!((1..=most_plays(&base)).contains(&n_plays.get()), "{}", n_plays.get());
                if rule == SelectionRule::Optimised {
                    continue;
                }
                let idle = question("007", 2033);
                n_plays.set(0);
                answer(network, std::slice::from_ref(&base), &idle, world, &played).unwrap();
                assert!((1..=most_plays(&base)).contains(&n_plays.get()), "{}", n_plays.get());
            }
        });
    }
}

#[test]
fn a_question_about_what_is_not_there_is_refused() {
    let network = few(&[8.0, 10.0]);
    let refused = |it: Question| {
        in_world(|_, world| answer(&network, &[investing(1.0)], &it, world, &|| {}).unwrap_err())
    };
    let told = |it| refused(it).to_string();
    let here = question("a", 2026);
    assert_eq!(
        told(Question { scenario: "t".into(), ..here.clone() }),
        "no scenario is called t; there are s"
    );
    assert_eq!(told(question("ab", 2026)), "no section is called ab; the nearest names are a, b");
    let year = refused(question("a", 2030));
    assert_eq!(year, QuestionError::NoYear { year: 2030, years: (2026, 2029) });
    assert_eq!(year.to_string(), "2030 is no year of the programme, which goes from 2026 to 2029");
    assert_eq!(
        told(Question { treatment: Some("tar".into()), ..here }),
        "no treatment is called tar; there are renewal, pass"
    );
}
