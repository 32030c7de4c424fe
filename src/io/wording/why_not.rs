//! Why works do not suit a section, in words.

use super::labels::{defect, severity};
use super::language::Language;
use crate::domain::{Ratio, Severity, WhyNot};

/// Why works do not suit a section, as a phrase with its figures; `last_works` is the year of its last works.
#[must_use]
pub fn why_not(it: &WhyNot, last_works: Option<i32>, language: Language) -> String {
    let say = |french: String, english: String| match language {
        Language::French => french.replace(" ;", "\u{a0};").replace(" :", "\u{a0}:"),
        Language::English => english,
    };
    match it {
        WhyNot::Category { category, expected } => {
            let all: Vec<_> = expected.iter().map(ToString::to_string).collect();
            let (one, all) = (all.len() == 1, all.join(", "));
            let (fr, en) =
                if one { ("la catégorie", "category") } else { ("les catégories", "categories") };
            say(
                format!("route de catégorie {category}, pour {fr} {all} seulement"),
                format!("road of category {category}, for {en} {all} only"),
            )
        }
        WhyNot::Place { lies_in, places } => {
            if let Some(place) = places.not_in.iter().find(|it| lies_in.contains(it)) {
                say(format!("ne se fait pas à {place}"), format!("is not done in {place}"))
            } else {
                let all = places.only_in.join(", ");
                say(format!("ne se fait qu’à : {all}"), format!("is done only in: {all}"))
            }
        }
        WhyNot::Note { note: got, expected: (from, to) } => {
            let above = *got > *to;
            // A note just past a bound is told finely enough to differ from it.
            let gap = (got.points() - if above { to } else { from }.points()).abs();
            let decimals = if gap < 0.01 { 4 } else { 2 };
            let [got, from, to] = [got, from, to].map(|it| language.number(it.points(), decimals));
            if above {
                say(
                    format!("sa note serait {got} ; le seuil va jusqu’à {to}"),
                    format!("its note would be {got}; the trigger goes to {to}"),
                )
            } else {
                say(
                    format!("sa note serait {got} ; le seuil part de {from}"),
                    format!("its note would be {got}; the trigger starts from {from}"),
                )
            }
        }
        WhyNot::Defects { kinds, severities, share, expected: (least, most) } => {
            let names: Vec<_> = kinds.iter().map(|it| defect(*it, language)).collect();
            let mut what = names.join(language.pick(" ou ", " or "));
            if severities.len() < Severity::ALL.len() {
                let grave: Vec<_> = severities.iter().map(|it| severity(*it, language)).collect();
                what = format!("{what} ({})", grave.join(", "));
            }
            let percent = |it: Ratio| language.percent(it.get(), 1);
            let (at_least, at_most) = (percent(*least), percent(*most));
            match share {
                None => say(
                    format!("{what} : part inconnue ; il en faut {at_least} au moins"),
                    format!("{what}: share unknown; at least {at_least} is asked"),
                ),
                Some(share) if share < least => say(
                    format!("{what} : {} ; il en faut {at_least} au moins", percent(*share)),
                    format!("{what}: {}; at least {at_least} is asked", percent(*share)),
                ),
                Some(share) => say(
                    format!("{what} : {} ; il en faut {at_most} au plus", percent(*share)),
                    format!("{what}: {}; at most {at_most} is asked", percent(*share)),
                ),
            }
        }
        WhyNot::Rests { until } => match last_works {
            Some(year) => say(
                format!("au repos après les travaux de {year} : pas avant {until}"),
                format!("rests after the works of {year}: not before {until}"),
            ),
            None => say(format!("au repos : pas avant {until}"), format!("not before {until}")),
        },
        WhyNot::Frozen { years: (first, last) } => {
            say(format!("gelée de {first} à {last}"), format!("left alone from {first} to {last}"))
        }
        WhyNot::Imposed { year, last } => say(
            format!("travaux imposés en {year} : au plus tard en {last}"),
            format!("works are imposed in {year}: in {last} at the latest"),
        ),
        WhyNot::EmissionsUnsaid => say(
            "le CO₂ est limité, et le catalogue ne dit pas le sien".into(),
            "CO2 is limited, and the catalogue does not say what it emits".into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DefectKind, Places, Score};

    #[test]
    fn each_reason_has_its_figures() {
        let fr = |it: &WhyNot| why_not(it, Some(2026), Language::French);
        let en = |it: &WhyNot| why_not(it, None, Language::English);
        let note = |points| WhyNot::Note {
            note: Score::clamped(points),
            expected: (Score::clamped(6.0), Score::clamped(14.0)),
        };
        assert_eq!(fr(&note(15.2)), "sa note serait 15,20\u{a0}; le seuil va jusqu’à 14,00");
        assert_eq!(en(&note(5.0)), "its note would be 5.00; the trigger starts from 6.00");
        assert_eq!(en(&note(14.003)), "its note would be 14.0030; the trigger goes to 14.0000");
        let cracks = |share| WhyNot::Defects {
            kinds: vec![DefectKind::AlligatorCracking],
            severities: vec![Severity::High],
            share,
            expected: (Ratio::clamped(0.05), Ratio::clamped(0.2)),
        };
        assert!(fr(&cracks(None)).ends_with("part inconnue\u{a0}; il en faut 5,0\u{a0}% au moins"));
        assert!(
            en(&cracks(Some(Ratio::clamped(0.03))))
                .ends_with("(high): 3.0%; at least 5.0% is asked")
        );
        assert!(en(&cracks(Some(Ratio::clamped(0.3)))).ends_with("30.0%; at most 20.0% is asked"));
        let rests = WhyNot::Rests { until: 2030 };
        assert_eq!(fr(&rests), "au repos après les travaux de 2026\u{a0}: pas avant 2030");
        assert_eq!(en(&rests), "not before 2030");
        assert_eq!(fr(&WhyNot::Frozen { years: (2027, 2029) }), "gelée de 2027 à 2029");
        assert!(fr(&WhyNot::EmissionsUnsaid).ends_with("le catalogue ne dit pas le sien"));
        let imposed = WhyNot::Imposed { year: 2030, last: 2026 };
        assert_eq!(en(&imposed), "works are imposed in 2030: in 2026 at the latest");
        let place = |only: &[&str], not: &[&str]| WhyNot::Place {
            lies_in: vec!["Luchon".into(), "Comminges".into()],
            places: Places {
                only_in: only.iter().map(ToString::to_string).collect(),
                not_in: not.iter().map(ToString::to_string).collect(),
            },
        };
        assert_eq!(fr(&place(&[], &["Muret", "Comminges"])), "ne se fait pas à Comminges");
        assert_eq!(fr(&place(&["Muret", "Cazères"], &[])), "ne se fait qu’à\u{a0}: Muret, Cazères");
        assert_eq!(en(&place(&["Muret"], &[])), "is done only in: Muret");
        let category = WhyNot::Category { category: 2, expected: vec![1, 3] };
        assert_eq!(fr(&category), "route de catégorie 2, pour les catégories 1, 3 seulement");
    }
}
