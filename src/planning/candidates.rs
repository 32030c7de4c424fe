//! What suits a section, and what it would cost.

use super::lines::Lines;
use super::room::Room;
use super::standing::Standing;
use super::year::Year;
use crate::domain::{Envelopes, Euros, PlanRules, Ratio, SquareMetres, Treatment, World};

/// A treatment that suits a section this year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate<'c> {
    /// The line of the catalogue.
    pub treatment: &'c Treatment,
    /// Area treated.
    pub area: SquareMetres,
    /// Cost.
    pub cost: Euros,
}

impl<'c> Candidate<'c> {
    /// A treatment of a section, `years` after the first of the programme.
    #[must_use]
    pub fn of(
        standing: &Standing<'_>,
        treatment: &'c Treatment,
        rules: &PlanRules,
        years: u32,
    ) -> Self {
        let whole = standing.area();
        let area = match treatment.priced_by() {
            Some(bound) => whole * standing.share(bound).map_or(1.0, Ratio::get),
            None => whole,
        };
        Self { treatment, area, cost: rules.cost(treatment, area, years) }
    }
}

/// The most suitable treatment, then the most suitable one that the other envelope pays.
///
/// The most suitable is the first line of the catalogue whose trigger holds. Money never changes
/// the diagnosis: when the envelope of the first is spent, the section may get the second, never a
/// lighter treatment from the same envelope.
#[must_use]
pub fn candidates<'c>(
    standing: &Standing<'_>,
    world: &World<'c>,
    now: Year,
) -> [Option<Candidate<'c>>; 2] {
    let lines = Lines::new(world, now, &Room::default());
    let any = Euros::from_cents(1);
    let budget = Envelopes { investment: any, maintenance: any };
    let offers = lines.offers(standing, budget);
    let mut found = offers.iter().flat_map(|it| lines.candidates(standing, it));
    [found.next(), found.next()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AgeingLaw, Catalogue, DefectBound, DefectKind, DistressShare, Effect, Envelope, Metres,
        NoteClasses, Places, PricedOn, Score, SectionId, SectionState, Severity, TreatmentKind,
        Trigger,
    };

    const NOW: Year = Year { year: 2025, rank: 0 };

    fn line(name: &str, envelope: Envelope, price: f64, to: f64) -> Treatment {
        Treatment {
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
            effect: Effect::Renews { leaves: 0.0 },
            slows: 1.0,
            rest_years: 0,
        }
    }

    fn section(ng: f64) -> SectionState {
        SectionState {
            id: SectionId::from_text("D1-U-000000"),
            road: 0,
            from: Metres::ZERO,
            length: Metres::of(200.0),
            area: SquareMetres::of(1000.0),
            category: 2,
            lies_in: vec![],
            ng: Score::clamped(ng),
            renewed: false,
            distress: Some(vec![DistressShare {
                kind: DefectKind::AlligatorCracking,
                severity: Severity::High,
                share: Ratio::clamped(0.04),
            }]),
        }
    }

    /// Name, area and cost of what is offered.
    fn offered(
        section: &SectionState,
        catalogue: &Catalogue,
    ) -> [Option<(String, SquareMetres, Euros)>; 2] {
        let law = AgeingLaw {
            lambda_old: 0.1,
            lambda_renewed: 0.1,
            beta: 0.0,
            category_factors: [].into(),
        };
        let (rules, classes) = (PlanRules::plain(), NoteClasses(vec![]));
        let world = World { catalogue, law: &law, rules: &rules, classes: &classes };
        candidates(&Standing::new(section, &world), &world, NOW)
            .map(|it| it.map(|it| (it.treatment.name.clone(), it.area, it.cost)))
    }

    #[test]
    fn the_first_line_that_suits_is_taken_then_the_first_of_the_other_envelope() {
        use Envelope::{Investment, Maintenance};
        let catalogue = Catalogue {
            treatments: vec![
                line("rebuild", Investment, 28.0, 6.0),
                line("overlay", Investment, 10.0, 14.0),
                line("patch", Maintenance, 1.8, 18.0),
            ],
        };
        let names = |ng| {
            let section = section(ng);
            offered(&section, &catalogue).map(|it| it.map(|it| it.0))
        };
        assert_eq!(names(5.0), [Some("rebuild".into()), Some("patch".into())]);
        assert_eq!(names(10.0), [Some("overlay".into()), Some("patch".into())]);
        assert_eq!(names(17.0), [Some("patch".into()), None]);
        assert_eq!(names(19.0), [None, None]);
    }

    #[test]
    fn works_on_defects_cost_only_their_surface() {
        let mut purge = line("purge", Envelope::Maintenance, 40.0, 18.0);
        purge.priced_on = PricedOn::Defects;
        purge.trigger.defects = vec![DefectBound {
            kinds: vec![DefectKind::AlligatorCracking],
            severities: vec![Severity::High],
            at_least: Ratio::clamped(0.001),
            at_most: Ratio::clamped(0.1),
        }];
        let section = section(10.0);
        let catalogue = Catalogue { treatments: vec![purge] };
        let found = offered(&section, &catalogue)[0].clone().unwrap();
        assert_eq!((found.1, found.2), (SquareMetres::of(40.0), Euros::rounded(1600.0)));
    }
}
