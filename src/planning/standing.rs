//! How one section stands in one year of a simulation.

use super::age::age;
use crate::domain::{
    AgeingLaw, Catalogue, DefectBound, DefectKind, DistressShare, Effect, PricedOn, Ratio, Score,
    SectionState, Severity, Treatment,
};

/// A section on its way through the years.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'s> {
    section: &'s SectionState,
    ng: Score,
    renewed: bool,
    /// The defects that works have cleared: one bit for each kind and severity.
    cleared: u64,
    /// λ is multiplied by this since the last renewal.
    slows: f64,
    /// λ is multiplied by the first until the year of the second.
    slowed: (f64, i32),
    upkeep_from: i32,
    renewal_from: i32,
    works_from: i32,
    /// One bit for each line of the catalogue whose category and defects this section meets; none before
    /// [`Self::know`], nor after works that change its defects.
    lines: Option<u128>,
}

impl<'s> Standing<'s> {
    /// The section as the programme finds it: free for any works.
    #[must_use]
    pub fn new(section: &'s SectionState) -> Self {
        Self {
            section,
            ng: section.ng,
            renewed: section.renewed,
            cleared: 0,
            slows: 1.0,
            slowed: (1.0, i32::MIN),
            upkeep_from: i32::MIN,
            renewal_from: i32::MIN,
            works_from: i32::MIN,
            lines: None,
        }
    }

    /// The section.
    #[must_use]
    pub const fn section(&self) -> &'s SectionState {
        self.section
    }

    /// Its note now.
    #[must_use]
    pub const fn ng(&self) -> Score {
        self.ng
    }

    /// Joint share of the defects that a bound counts; none when the defects are unknown.
    #[must_use]
    pub fn share(&self, bound: &DefectBound) -> Option<Ratio> {
        let counted = |it: &&DistressShare| {
            self.cleared & bit(it.kind, it.severity) == 0 && bound.counts(it.kind, it.severity)
        };
        let shares = self.section.distress.as_ref()?.iter().filter(counted);
        Some(Ratio::clamped(shares.map(|it| it.share.get()).sum()))
    }

    /// Finds out which lines of the catalogue its category and defects allow, until they change.
    ///
    /// Of more than 128 lines, each is asked every time.
    pub fn know(&mut self, catalogue: &Catalogue) {
        let lines = &catalogue.treatments;
        if self.lines.is_none() && lines.len() <= 128 {
            let meets = |(rank, it): (usize, &Treatment)| u128::from(self.meets(it)) << rank;
            self.lines = Some(lines.iter().enumerate().map(meets).fold(0, |all, it| all | it));
        }
    }

    /// Whether a line of the catalogue suits it, money aside.
    #[must_use]
    pub fn suits_line(&self, rank: usize, treatment: &Treatment, year: i32) -> bool {
        match self.lines {
            Some(lines) => lines >> rank & 1 == 1 && self.is_due(treatment, year),
            None => self.suits(treatment, year),
        }
    }

    /// Whether a treatment suits it, money aside.
    #[must_use]
    pub fn suits(&self, treatment: &Treatment, year: i32) -> bool {
        self.is_due(treatment, year) && self.meets(treatment)
    }

    /// Whether its note calls for a treatment, and its last works have rested.
    fn is_due(&self, treatment: &Treatment, year: i32) -> bool {
        let trigger = &treatment.trigger;
        let rested = match treatment.effect {
            Effect::Renews { .. } => year >= self.renewal_from,
            Effect::Lessens { .. } => year >= self.upkeep_from,
        };
        rested
            && year >= self.works_from
            && (trigger.note_from..=trigger.note_to).contains(&self.ng)
    }

    /// Whether its category and its defects meet the conditions of a treatment.
    fn meets(&self, treatment: &Treatment) -> bool {
        let trigger = &treatment.trigger;
        (trigger.categories.is_empty() || trigger.categories.contains(&self.section.category))
            && trigger.defects.iter().all(|it| match self.share(it) {
                Some(share) => (it.at_least..=it.at_most).contains(&share),
                None => it.at_least == Ratio::ZERO,
            })
    }

    /// Carries works out, and gives the note just after. Works never lower a note; no others may follow
    /// for `least_gap` years.
    pub fn treat(&mut self, treatment: &Treatment, year: i32, least_gap: u32) -> Score {
        let d = Score::BEST.points() - self.ng.points();
        let rest = i32::try_from(treatment.rest_years).unwrap_or(i32::MAX);
        self.upkeep_from = year.saturating_add(rest);
        self.works_from = year.saturating_add(i32::try_from(least_gap).unwrap_or(i32::MAX));
        let after = match treatment.effect {
            Effect::Renews { leaves } => {
                self.renewed = true;
                self.renewal_from = self.upkeep_from;
                self.slows = treatment.slows;
                self.slowed = (1.0, i32::MIN);
                self.cleared = u64::MAX;
                self.lines = None;
                d.min(leaves)
            }
            Effect::Lessens { keeps } => {
                self.slowed = (treatment.slows, self.upkeep_from);
                d * keeps.get()
            }
        };
        if let (PricedOn::Defects, Some(bound)) =
            (treatment.priced_on, treatment.trigger.defects.first())
        {
            for (kind, severity) in bound.pairs() {
                self.cleared |= bit(kind, severity);
            }
            self.lines = None;
        }
        self.ng = Score::clamped(Score::BEST.points() - after);
        self.ng
    }

    /// Lets the year pass.
    pub fn grow_older(&mut self, law: &AgeingLaw, year: i32) {
        let (upkeep, until) = self.slowed;
        let slows = self.slows * if year < until { upkeep } else { 1.0 };
        let lambda = law.lambda(self.section.category, self.renewed) * slows;
        self.ng = age(self.ng, lambda, law.beta, 1);
    }
}

/// The bit of a kind and severity.
const fn bit(kind: DefectKind, severity: Severity) -> u64 {
    const { assert!(DefectKind::ALL.len() * Severity::ALL.len() <= 64) };
    1 << (kind as usize * Severity::ALL.len() + severity as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Envelope, Euros, Metres, SectionId, SquareMetres, TreatmentKind, Trigger};
    use std::collections::BTreeMap;

    const LAW: AgeingLaw = AgeingLaw {
        lambda_old: 1.0,
        lambda_renewed: 0.5,
        beta: 0.0,
        category_factors: BTreeMap::new(),
    };

    fn section(ng: f64, holes: Option<f64>) -> SectionState {
        let share = |it| DistressShare {
            kind: DefectKind::Pothole,
            severity: Severity::High,
            share: Ratio::clamped(it),
        };
        SectionState {
            id: SectionId::from_text("D1-U-000000"),
            road: 0,
            from: Metres::ZERO,
            length: Metres::of(200.0),
            area: SquareMetres::of(1000.0),
            category: 2,
            ng: Score::clamped(ng),
            renewed: false,
            distress: holes.map(|it| vec![share(it)]),
        }
    }

    fn works(effect: Effect, defects: Vec<DefectBound>) -> Treatment {
        Treatment {
            name: "works".into(),
            kind: TreatmentKind::Patching,
            envelope: Envelope::Maintenance,
            price_per_m2: Euros::from_cents(180),
            priced_on: PricedOn::Section,
            co2_kg_per_m2: None,
            trigger: Trigger {
                note_from: Score::clamped(5.0),
                note_to: Score::clamped(16.0),
                categories: vec![2, 3],
                defects,
            },
            effect,
            slows: 0.8,
            rest_years: 4,
        }
    }

    fn holes(at_least: f64, at_most: f64) -> DefectBound {
        DefectBound {
            kinds: vec![DefectKind::Pothole],
            severities: Severity::ALL.to_vec(),
            at_least: Ratio::clamped(at_least),
            at_most: Ratio::clamped(at_most),
        }
    }

    const CLEARS: Effect = Effect::Lessens { keeps: Ratio::ZERO };

    #[test]
    fn every_condition_of_a_trigger_must_hold() {
        let suits = |ng, seen, bounds| {
            Standing::new(&section(ng, seen)).suits(&works(CLEARS, bounds), 2025)
        };
        assert!(suits(16.0, None, vec![]) && suits(5.0, None, vec![]));
        assert!(!suits(16.1, None, vec![]) && !suits(4.9, None, vec![]));
        assert!(suits(10.0, Some(0.05), vec![holes(0.01, 0.15)]));
        assert!(!suits(10.0, Some(0.2), vec![holes(0.01, 0.15)]));
        assert!(!suits(10.0, Some(0.05), vec![holes(0.01, 0.15), holes(0.0, 0.02)]));
        // Unknown defects call for nothing and forbid nothing.
        assert!(!suits(10.0, None, vec![holes(0.01, 0.15)]));
        assert!(suits(10.0, None, vec![holes(0.0, 0.02)]));
        let mut elsewhere = section(10.0, None);
        elsewhere.category = 1;
        assert!(!Standing::new(&elsewhere).suits(&works(CLEARS, vec![]), 2025));
    }

    #[test]
    fn upkeep_rests_and_slows_until_its_years_are_over() {
        let section = section(10.0, None);
        let upkeep = works(Effect::Lessens { keeps: Ratio::clamped(0.8) }, vec![]);
        let mut it = Standing::new(&section);
        assert!((it.treat(&upkeep, 2025, 1).points() - 12.0).abs() < 1e-9);
        for year in 2025..2029 {
            assert!(year == 2025 || !it.suits(&upkeep, year), "{year}");
            it.grow_older(&LAW, year);
        }
        assert!(it.suits(&upkeep, 2029));
        assert!((it.ng().points() - (12.0 - 4.0 * 0.8)).abs() < 1e-9, "{}", it.ng());
        it.grow_older(&LAW, 2029);
        assert!((it.ng().points() - (12.0 - 4.0 * 0.8 - 1.0)).abs() < 1e-9);
        // A renewal need not wait for upkeep to have rested.
        it.treat(&upkeep, 2030, 1);
        assert!(it.suits(&works(Effect::Renews { leaves: 0.0 }, vec![]), 2031));
    }

    #[test]
    fn a_renewal_clears_everything_and_ages_by_its_own_law() {
        let section = section(6.0, Some(0.1));
        let renewal = works(Effect::Renews { leaves: 0.5 }, vec![]);
        let mut it = Standing::new(&section);
        assert!((it.treat(&renewal, 2025, 1).points() - 19.5).abs() < 1e-9);
        assert_eq!(it.share(&holes(0.0, 1.0)), Some(Ratio::ZERO));
        it.grow_older(&LAW, 2025);
        assert!((it.ng().points() - (19.5 - 0.5 * 0.8)).abs() < 1e-9);
        it.grow_older(&LAW, 2040);
        assert!((it.ng().points() - (19.5 - 0.8)).abs() < 1e-9);
    }

    #[test]
    fn works_paid_by_their_defects_clear_them() {
        let section = section(6.0, Some(0.1));
        let mut purge = works(Effect::Lessens { keeps: Ratio::ONE }, vec![holes(0.01, 1.0)]);
        purge.priced_on = PricedOn::Defects;
        let mut it = Standing::new(&section);
        it.treat(&purge, 2025, 1);
        assert!(!it.suits(&purge, 2035), "its holes are gone");
    }
}
