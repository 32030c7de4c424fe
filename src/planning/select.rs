//! One year's works: the worst note first, under two envelopes.

use super::candidates::{Candidate, candidates};
use super::standing::Standing;
use crate::domain::{Catalogue, Envelope, Envelopes, Euros};

/// A treatment chosen for a section.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice<'c> {
    /// Index of the section.
    pub index: usize,
    /// What, how much, for how much.
    pub works: Candidate<'c>,
    /// Place in the queue, the worst note first, from 1.
    pub rank: usize,
    /// The more suitable treatment that its envelope could no longer pay.
    pub instead_of: Option<&'c str>,
}

/// Chooses one year's works, in the order of the queue.
///
/// The section with the worst note comes first; of equal notes, the first by name. Each gets its
/// most suitable treatment if the envelope can pay it whole, else the one that the other envelope
/// can pay whole, else nothing; the money then serves those who come after. No envelope is
/// overspent, and what is left is left.
#[must_use]
pub fn select<'c>(
    standings: &[Standing<'_>],
    catalogue: &'c Catalogue,
    year: i32,
    budget: Envelopes,
) -> Vec<Choice<'c>> {
    if budget.total() <= Euros::ZERO {
        return Vec::new();
    }
    let mut queue: Vec<usize> = (0..standings.len()).collect();
    queue.sort_by(|a, b| {
        let (a, b) = (&standings[*a], &standings[*b]);
        a.ng()
            .points()
            .total_cmp(&b.ng().points())
            .then_with(|| a.section().id.cmp(&b.section().id))
    });
    let mut left = budget;
    let mut chosen = Vec::new();
    for (before, index) in queue.into_iter().enumerate() {
        let mut instead_of = None;
        let offers = candidates(&standings[index], &catalogue.treatments, year);
        for works in offers.into_iter().flatten() {
            let purse = match works.treatment.envelope {
                Envelope::Investment => &mut left.investment,
                Envelope::Maintenance => &mut left.maintenance,
            };
            if works.cost <= *purse {
                *purse = *purse - works.cost;
                chosen.push(Choice { index, works, rank: before + 1, instead_of });
                break;
            }
            instead_of = Some(works.treatment.name.as_str());
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Effect, Metres, PricedOn, Ratio, Score, SectionId, SectionState, SquareMetres, Treatment,
        TreatmentKind, Trigger,
    };
    use proptest::prelude::*;

    fn catalogue() -> Catalogue {
        let line = |name: &str, envelope, price, effect, to| Treatment {
            name: name.into(),
            kind: TreatmentKind::ThinOverlay,
            envelope,
            price_per_m2: Euros::rounded(price),
            priced_on: PricedOn::Section,
            trigger: Trigger {
                note_from: Score::WORST,
                note_to: Score::clamped(to),
                categories: vec![],
                defects: vec![],
            },
            effect,
            slows: 1.0,
            rest_years: 5,
        };
        let renewal = Effect::Renews { leaves: 0.0 };
        let pass = Effect::Lessens { keeps: Ratio::clamped(0.8) };
        Catalogue {
            treatments: vec![
                line("renewal", Envelope::Investment, 10.0, renewal, 14.0),
                line("pass", Envelope::Maintenance, 2.0, pass, 18.0),
            ],
        }
    }

    fn section(id: u32, ng: f64, area: f64) -> SectionState {
        SectionState {
            id: SectionId::from_text(&format!("{id:03}")),
            length: Metres::of(200.0),
            area: SquareMetres::of(area),
            category: 2,
            ng: Score::clamped(ng),
            renewed: false,
            distress: None,
        }
    }

    fn budget(investment: f64, maintenance: f64) -> Envelopes {
        Envelopes {
            investment: Euros::rounded(investment),
            maintenance: Euros::rounded(maintenance),
        }
    }

    fn names(sections: &[SectionState], budget: Envelopes) -> Vec<(String, String)> {
        let standings: Vec<_> = sections.iter().map(Standing::new).collect();
        let catalogue = catalogue();
        select(&standings, &catalogue, 2025, budget)
            .iter()
            .map(|it| (sections[it.index].id.to_string(), it.works.treatment.name.clone()))
            .collect()
    }

    fn pairs(some: &[(&str, &str)]) -> Vec<(String, String)> {
        some.iter().map(|(id, what)| ((*id).to_owned(), (*what).to_owned())).collect()
    }

    #[test]
    fn the_worst_is_served_first_and_money_shapes_the_rest() {
        let sections = [
            section(1, 12.0, 100.0),
            section(2, 8.0, 100.0),
            section(3, 12.0, 20.0),
            section(4, 17.0, 100.0),
        ];
        // 8 first; of the two at 12 the first by name is too dear for what is left, so it gets the
        // pass, and the small one takes the money; at 17 only a pass suits, and none is left.
        assert_eq!(
            names(&sections, budget(1500.0, 250.0)),
            pairs(&[("002", "renewal"), ("001", "pass"), ("003", "renewal")])
        );
        assert_eq!(names(&sections, budget(0.0, 0.0)), []);
        assert_eq!(names(&sections, budget(1000.0, 0.0)), pairs(&[("002", "renewal")]));
    }

    #[test]
    fn the_treatment_that_money_forbade_is_told() {
        let sections = [section(1, 8.0, 100.0)];
        let standings: Vec<_> = sections.iter().map(Standing::new).collect();
        let catalogue = catalogue();
        let chosen = select(&standings, &catalogue, 2025, budget(999.99, 200.0));
        assert_eq!(chosen[0].instead_of, Some("renewal"));
        assert_eq!(chosen[0].rank, 1);
    }

    /// The same rule, by definition: serve the worst of those not yet asked.
    fn one_by_one(sections: &[SectionState], budget: Envelopes) -> Vec<(String, String)> {
        let mut asked = vec![false; sections.len()];
        let (mut investment, mut maintenance) = (budget.investment, budget.maintenance);
        let mut served = Vec::new();
        for _ in sections {
            let worst = (0..sections.len())
                .filter(|it| !asked[*it])
                .min_by(|a, b| sections[*a].ng.partial_cmp(&sections[*b].ng).unwrap())
                .unwrap();
            asked[worst] = true;
            let it = &sections[worst];
            let cost = |price: f64| Euros::rounded(price * it.area.get());
            if it.ng.points() <= 14.0 && cost(10.0) <= investment {
                investment = investment - cost(10.0);
                served.push((it.id.to_string(), "renewal".to_owned()));
            } else if it.ng.points() <= 18.0 && cost(2.0) <= maintenance {
                maintenance = maintenance - cost(2.0);
                served.push((it.id.to_string(), "pass".to_owned()));
            }
        }
        served
    }

    proptest! {
        #[test]
        fn the_choice_is_the_one_made_by_hand(
            sections in prop::collection::vec((0_u32..200, 10.0..900.0_f64), 0..12),
            investment in 0.0..20_000.0_f64,
            maintenance in 0.0..4_000.0_f64,
        ) {
            let sections: Vec<_> = (0..)
                .zip(sections)
                .map(|(id, (note, area))| section(id, f64::from(note) / 10.0, area))
                .collect();
            let budget = budget(investment, maintenance);
            prop_assert_eq!(names(&sections, budget), one_by_one(&sections, budget));
        }
    }
}
