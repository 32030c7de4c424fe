//! Why a treatment does not suit a section, as the field would say it.

use super::Standing;
use crate::domain::{Effect, Treatment, WhyNot};

impl Standing<'_> {
    /// Why the treatment on a line of the catalogue does not suit it, money aside: the first reason, what the
    /// road is before what its calendar is.
    ///
    /// None when it [suits](Self::suits), which is asked first: the two never disagree.
    #[must_use]
    pub fn why_not(&self, line: usize, treatment: &Treatment, year: i32) -> Option<WhyNot> {
        if self.suits(line, treatment, year) {
            return None;
        }
        let trigger = &treatment.trigger;
        let category = self.section.category;
        if !trigger.categories.is_empty() && !trigger.categories.contains(&category) {
            return Some(WhyNot::Category { category, expected: trigger.categories.clone() });
        }
        if !trigger.places.allow(&self.section.lies_in) {
            let lies_in = self.section.lies_in.clone();
            return Some(WhyNot::Place { lies_in, places: trigger.places.clone() });
        }
        let notes = (trigger.note_from, trigger.note_to);
        if !(notes.0..=notes.1).contains(&self.ng) {
            return Some(WhyNot::Note { note: self.ng, expected: notes });
        }
        if let Some(bound) = trigger.defects.iter().find(|it| !self.meets_bound(it)) {
            return Some(WhyNot::Defects {
                kinds: bound.kinds.clone(),
                severities: bound.severities.clone(),
                share: self.share(bound),
                expected: (bound.at_least, bound.at_most),
            });
        }
        let until = self.works_from.max(match treatment.effect {
            Effect::Renews { .. } => self.renewal_from,
            Effect::Lessens { .. } => self.upkeep_from,
        });
        if year < until {
            return Some(WhyNot::Rests { until });
        }
        if (self.frozen.0..=self.frozen.1).contains(&year) {
            return Some(WhyNot::Frozen { years: self.frozen });
        }
        // Nothing else is asked of a section: it is kept free for works that are imposed.
        let rest = i32::try_from(treatment.rest_years).unwrap_or(i32::MAX);
        let last = match treatment.effect {
            Effect::Lessens { .. } if self.imposed_renews => self.free_until,
            _ => self.free_until.min(self.imposed.saturating_sub(rest)),
        };
        Some(WhyNot::Imposed { year: self.imposed, last })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::section;
    use super::*;
    use crate::domain::{
        AgeingLaw, Catalogue, DefectBound, DefectKind, Envelope, Euros, NoteClasses, Places,
        PlanRules, PricedOn, Ratio, Score, SectionState, Severity, TreatmentKind, Trigger, World,
    };
    use crate::planning::lines::REMEMBERED;
    use proptest::prelude::*;

    const LAW: AgeingLaw = AgeingLaw {
        lambda_old: 0.5,
        lambda_renewed: 0.25,
        beta: 0.1,
        category_factors: std::collections::BTreeMap::new(),
    };

    fn bound(at_least: f64, at_most: f64) -> DefectBound {
        DefectBound {
            kinds: vec![DefectKind::Pothole],
            severities: vec![Severity::High],
            at_least: Ratio::clamped(at_least),
            at_most: Ratio::clamped(at_most),
        }
    }

    fn line(renews: bool, notes: (f64, f64), categories: &[u8], rest_years: u32) -> Treatment {
        Treatment {
            name: "works".into(),
            kind: TreatmentKind::Patching,
            envelope: Envelope::Maintenance,
            price_per_m2: Euros::from_cents(180),
            priced_on: PricedOn::Section,
            co2_kg_per_m2: None,
            trigger: Trigger {
                note_from: Score::clamped(notes.0),
                note_to: Score::clamped(notes.1),
                categories: categories.to_vec(),
                places: Places::default(),
                defects: vec![],
            },
            effect: if renews {
                Effect::Renews { leaves: 0.0 }
            } else {
                Effect::Lessens { keeps: Ratio::clamped(0.8) }
            },
            slows: 1.0,
            rest_years,
        }
    }

    /// Asks why not of a section in a world of one treatment, after something befell it.
    fn told(
        section: &SectionState,
        works: Treatment,
        befalls: impl FnOnce(&mut Standing<'_>, &Treatment, &World<'_>),
        year: i32,
    ) -> Option<WhyNot> {
        let catalogue = Catalogue { treatments: vec![works] };
        let (rules, classes) = (PlanRules::plain(), NoteClasses(vec![]));
        let world = World { catalogue: &catalogue, law: &LAW, rules: &rules, classes: &classes };
        let mut it = Standing::new(section, &world);
        befalls(&mut it, &catalogue.treatments[0], &world);
        it.why_not(0, &catalogue.treatments[0], year)
    }

    #[test]
    fn each_reason_by_hand() {
        let idle = |_: &mut Standing<'_>, _: &Treatment, _: &World<'_>| {};
        let here = section(15.25, Some(0.03));
        let upkeep = line(false, (0.0, 18.0), &[], 4);
        assert_eq!(told(&here, upkeep.clone(), idle, 2028), None);
        let mut elsewhere = upkeep.clone();
        elsewhere.trigger.places.not_in = vec!["Luchon".into()];
        let mut there = here.clone();
        assert_eq!(told(&there, elsewhere.clone(), idle, 2028), None);
        there.lies_in = vec!["Luchon".into()];
        assert_eq!(
            told(&there, elsewhere.clone(), idle, 2028),
            Some(WhyNot::Place {
                lies_in: there.lies_in.clone(),
                places: elsewhere.trigger.places
            })
        );
        assert_eq!(
            told(&here, line(false, (0.0, 14.0), &[], 4), idle, 2028),
            Some(WhyNot::Note {
                note: Score::clamped(15.25),
                expected: (Score::WORST, Score::clamped(14.0))
            })
        );
        // What the road is comes before its note.
        assert_eq!(
            told(&here, line(false, (0.0, 14.0), &[1, 3], 4), idle, 2028),
            Some(WhyNot::Category { category: 2, expected: vec![1, 3] })
        );
        for (seen, share) in [(Some(0.03), Some(Ratio::clamped(0.03))), (None, None)] {
            let mut asked = upkeep.clone();
            asked.trigger.defects = vec![bound(0.0, 0.5), bound(0.05, 1.0)];
            let why = told(&section(15.25, seen), asked, idle, 2028).unwrap();
            let expected = (Ratio::clamped(0.05), Ratio::ONE);
            assert!(
                matches!(why, WhyNot::Defects { share: got, expected: asked, .. } if got == share && asked == expected),
                "{why:?}"
            );
        }
        let rests = told(
            &here,
            upkeep.clone(),
            |it, works, world| {
                it.treat(works, 2026, world);
            },
            2028,
        );
        assert_eq!(rests, Some(WhyNot::Rests { until: 2030 }));
        let frozen = |it: &mut Standing<'_>, _: &Treatment, _: &World<'_>| it.freeze((2027, 2029));
        assert_eq!(
            told(&here, upkeep.clone(), frozen, 2029),
            Some(WhyNot::Frozen { years: (2027, 2029) })
        );
        assert_eq!(told(&here, upkeep.clone(), frozen, 2030), None);
        // Upkeep that would still rest; before a renewal it need not have rested.
        let kept = |renews| {
            move |it: &mut Standing<'_>, _: &Treatment, world: &World<'_>| {
                it.keep_free(2030, renews, world);
            }
        };
        assert_eq!(
            told(&here, upkeep.clone(), kept(false), 2028),
            Some(WhyNot::Imposed { year: 2030, last: 2026 })
        );
        assert_eq!(told(&here, upkeep.clone(), kept(true), 2028), None);
        assert_eq!(
            told(&here, upkeep, kept(true), 2030),
            Some(WhyNot::Imposed { year: 2030, last: 2029 })
        );
    }

    proptest! {
        #[test]
        fn there_is_a_reason_exactly_when_it_does_not_suit(
            (ng, seen) in (0.0..20.0_f64, prop::option::of(0.0..0.3_f64)),
            (from, to) in (0.0..12.0_f64, 8.0..20.0_f64),
            (renews, rest, gap) in (any::<bool>(), 0_u32..6, 0_u32..4),
            categories in prop::sample::select(vec![vec![], vec![2], vec![1, 3]]),
            (least, most) in (0.0..0.2_f64, 0.1..1.0_f64),
            (unbound, elsewhere) in (any::<bool>(), any::<bool>()),
            worked in prop::option::of(2020..2030),
            frozen in prop::option::of((2024..2032, 0..4)),
            imposed in prop::option::of((2024..2036, any::<bool>())),
            (year, far) in (2024..2034, any::<bool>()),
        ) {
            let mut works = line(renews, (from, to), &categories, rest);
            if !unbound {
                works.trigger.defects = vec![bound(least, most)];
                works.priced_on = PricedOn::Defects;
            }
            if elsewhere {
                works.trigger.places.only_in = vec!["Muret".into()];
            }
            let catalogue = Catalogue { treatments: vec![works] };
            let rules = PlanRules { least_gap_years: gap, ..PlanRules::plain() };
            let classes = NoteClasses(vec![]);
            let world = World { catalogue: &catalogue, law: &LAW, rules: &rules, classes: &classes };
            let (section, works) = (section(ng, seen), &catalogue.treatments[0]);
            let mut it = Standing::new(&section, &world);
            if let Some(year) = worked {
                it.treat(works, year, &world);
            }
            if let Some((first, more)) = frozen {
                it.freeze((first, first + more));
            }
            if let Some((year, renews)) = imposed {
                it.keep_free(year, renews, &world);
            }
            let line = if far { REMEMBERED } else { 0 };
            let told = it.why_not(line, works, year);
            prop_assert_eq!(told.is_none(), it.suits(line, works, year), "{:?}", told);
            // What is told is true.
            match told {
                Some(WhyNot::Place { lies_in, .. }) => prop_assert!(elsewhere && lies_in.is_empty()),
                Some(WhyNot::Note { note, expected: (from, to) }) => {
                    prop_assert!(note < from || note > to);
                }
                Some(WhyNot::Defects { share, expected: (least, most), .. }) => {
                    prop_assert!(share.is_none_or(|it| it < least || it > most));
                }
                Some(WhyNot::Rests { until }) => {
                    prop_assert!(worked.is_some() && year < until);
                }
                Some(WhyNot::Frozen { years }) => {
                    prop_assert!(frozen.is_some() && years.0 <= year && year <= years.1);
                }
                Some(WhyNot::Imposed { year: imposed_in, last }) => {
                    prop_assert_eq!(Some(imposed_in), imposed.map(|it| it.0));
                    prop_assert!(year > last && last < imposed_in, "{} {}", last, imposed_in);
                }
                Some(WhyNot::Category { expected, .. }) => prop_assert!(!expected.contains(&2)),
                Some(WhyNot::EmissionsUnsaid) => panic!("no section knows of limits"),
                None => {}
            }
        }
    }
}
