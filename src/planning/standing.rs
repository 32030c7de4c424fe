//! How one section stands in one year of a simulation.

mod why_not;

use super::age::age;
use super::lines::REMEMBERED;
use crate::domain::{
    AgeingLaw, Catalogue, DefectBound, DefectKind, DistressShare, Effect, Ratio, Score,
    SectionState, Severity, SquareMetres, Treatment, World,
};

/// A section on its way through the years.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'s> {
    section: &'s SectionState,
    area: SquareMetres,
    /// What a point of its note counts: its area, by the weight of its category.
    weight: f64,
    ng: Score,
    /// λ of its surface as it is, and once renewed.
    lambda: f64,
    lambda_renewed: f64,
    /// λ is multiplied by this until upkeep has rested.
    upkept: f64,
    /// The defects that works have cleared: one bit for each kind and severity.
    cleared: u64,
    /// One bit for each of the first lines of the catalogue whose category and defects it meets.
    lines: u64,
    /// Share of the defects that the first lines priced by them would treat, or a little less.
    shares: [f32; SHARES],
    upkeep_from: i32,
    renewal_from: i32,
    works_from: i32,
    /// Works are imposed in this year, that no others may disturb.
    imposed: i32,
    /// The last year for others before them, and whether they renew.
    free_until: i32,
    imposed_renews: bool,
    /// Left alone from the first of these years to the last.
    frozen: (i32, i32),
}

impl<'s> Standing<'s> {
    /// The section as the programme finds it: free for any works.
    #[must_use]
    pub fn new(section: &'s SectionState, world: &World<'_>) -> Self {
        let mut it = Self {
            section,
            area: section.area,
            weight: section.area.get() * world.rules.weight(section.category),
            ng: section.ng,
            lambda: world.law.lambda(section.category, section.renewed),
            lambda_renewed: world.law.lambda(section.category, true),
            upkept: 1.0,
            cleared: 0,
            lines: 0,
            shares: [0.0; SHARES],
            upkeep_from: i32::MIN,
            renewal_from: i32::MIN,
            works_from: i32::MIN,
            imposed: i32::MAX,
            free_until: i32::MAX,
            imposed_renews: false,
            frozen: (i32::MAX, i32::MIN),
        };
        it.ask(world.catalogue);
        it
    }

    /// The same with another note, that ages by another λ.
    #[must_use]
    pub fn instead(self, ng: Score, ageing: f64) -> Self {
        Self {
            ng,
            lambda: self.lambda * ageing,
            lambda_renewed: self.lambda_renewed * ageing,
            ..self
        }
    }

    /// The section.
    #[must_use]
    pub const fn section(&self) -> &'s SectionState {
        self.section
    }

    /// Its area.
    #[must_use]
    pub const fn area(&self) -> SquareMetres {
        self.area
    }

    /// What a point of its note counts: its area, by the weight of its category.
    #[must_use]
    pub const fn weight(&self) -> f64 {
        self.weight
    }

    /// Its note now.
    #[must_use]
    pub const fn ng(&self) -> Score {
        self.ng
    }

    /// Joint share of the defects that a bound counts; none when the defects are unknown.
    #[must_use]
    pub fn share(&self, bound: &DefectBound) -> Option<Ratio> {
        if self.cleared == u64::MAX {
            return self.section.distress.as_ref().map(|_| Ratio::ZERO);
        }
        let counted = |it: &&DistressShare| {
            self.cleared & bit(it.kind, it.severity) == 0 && bound.counts(it.kind, it.severity)
        };
        let shares = self.section.distress.as_ref()?.iter().filter(counted);
        Some(Ratio::clamped(shares.map(|it| it.share.get()).sum()))
    }

    /// Finds out once which lines of the catalogue its category and defects allow, and what the first of those priced
    /// by defects would treat.
    fn ask(&mut self, catalogue: &Catalogue) {
        let lines = catalogue.treatments.iter().take(REMEMBERED);
        let meets = |(rank, it): (usize, &Treatment)| u64::from(self.meets(it)) << rank;
        self.lines = lines.enumerate().map(meets).fold(0, |all, it| all | it);
        let bounds = catalogue.treatments.iter().filter_map(Treatment::priced_by);
        for (rank, bound) in bounds.take(SHARES).enumerate() {
            self.shares[rank] = below(self.share(bound).map_or(1.0, Ratio::get));
        }
    }

    /// Share of the defects that a line priced by them would treat, or a little less; of the first [`SHARES`] such lines.
    pub(super) const fn share_at_least(&self, rank: usize) -> f32 {
        self.shares[rank]
    }

    /// Keeps a year free for works that are imposed in it; [`i32::MAX`] for none.
    pub fn keep_free(&mut self, year: i32, renews: bool, world: &World<'_>) {
        let gap = i32::try_from(world.rules.least_gap_years.max(1)).unwrap_or(i32::MAX);
        self.imposed = year;
        self.free_until = if year == i32::MAX { year } else { year.saturating_sub(gap) };
        self.imposed_renews = renews;
    }

    /// Leaves it alone from the first of these years to the last.
    pub const fn freeze(&mut self, years: (i32, i32)) {
        self.frozen = years;
    }

    /// Whether some works are imposed on it later, or none are allowed in some years.
    pub(super) const fn is_bound(&self) -> bool {
        self.imposed != i32::MAX || self.frozen.0 <= self.frozen.1
    }

    /// Whether works disturb neither what is imposed later nor years in which it is left alone.
    fn is_free(&self, treatment: &Treatment, year: i32) -> bool {
        let rest = i32::try_from(treatment.rest_years).unwrap_or(i32::MAX);
        let rests = match treatment.effect {
            Effect::Lessens { .. } if self.imposed_renews => true,
            _ => year.saturating_add(rest) <= self.imposed,
        };
        let frozen = (self.frozen.0..=self.frozen.1).contains(&year);
        !self.is_bound() || (!frozen && year <= self.free_until && rests)
    }

    /// Whether the treatment on a line of the catalogue suits it, money aside.
    #[must_use]
    pub fn suits(&self, line: usize, treatment: &Treatment, year: i32) -> bool {
        self.meets_line(line, treatment)
            && self.is_due(treatment, year)
            && self.is_free(treatment, year)
    }

    /// Whether its note and its defects call for the treatment on a line of the catalogue, rests and what is decided
    /// aside.
    pub(super) fn calls_for(&self, line: usize, treatment: &Treatment) -> bool {
        self.meets_line(line, treatment) && self.is_called(treatment)
    }

    fn meets_line(&self, line: usize, treatment: &Treatment) -> bool {
        if line < REMEMBERED { self.lines >> line & 1 == 1 } else { self.meets(treatment) }
    }

    /// The lines that it remembers to meet and that its last works let come, of which some renew.
    pub(super) fn due(&self, renewals: u64, year: i32) -> u64 {
        if year < self.works_from {
            return 0;
        }
        let rested = |from: i32, lines: u64| if year >= from { lines } else { 0 };
        self.lines & (rested(self.renewal_from, renewals) | rested(self.upkeep_from, !renewals))
    }

    /// Whether its note calls for a treatment, and its last works have rested.
    fn is_due(&self, treatment: &Treatment, year: i32) -> bool {
        let rested = match treatment.effect {
            Effect::Renews { .. } => year >= self.renewal_from,
            Effect::Lessens { .. } => year >= self.upkeep_from,
        };
        rested && year >= self.works_from && self.is_called(treatment)
    }

    /// Whether its note calls for a treatment.
    fn is_called(&self, treatment: &Treatment) -> bool {
        let trigger = &treatment.trigger;
        (trigger.note_from..=trigger.note_to).contains(&self.ng)
    }

    /// Whether its category, its place and its defects meet the conditions of a treatment.
    fn meets(&self, treatment: &Treatment) -> bool {
        let trigger = &treatment.trigger;
        trigger.allows(self.section.category, &self.section.lies_in)
            && trigger.defects.iter().all(|it| self.meets_bound(it))
    }

    /// Whether the defects that a bound counts cover neither too little nor too much.
    fn meets_bound(&self, bound: &DefectBound) -> bool {
        match self.share(bound) {
            Some(share) => (bound.at_least..=bound.at_most).contains(&share),
            None => bound.at_least == Ratio::ZERO,
        }
    }

    /// Carries works out, and gives the note just after. Works never lower a note; no others may follow
    /// before the rules allow.
    pub fn treat(&mut self, treatment: &Treatment, year: i32, world: &World<'_>) -> Score {
        let d = Score::BEST.points() - self.ng.points();
        let rest = i32::try_from(treatment.rest_years).unwrap_or(i32::MAX);
        let least_gap = i32::try_from(world.rules.least_gap_years).unwrap_or(i32::MAX);
        self.upkeep_from = year.saturating_add(rest);
        self.works_from = year.saturating_add(least_gap);
        let before = self.cleared;
        let after = match treatment.effect {
            Effect::Renews { leaves } => {
                self.renewal_from = self.upkeep_from;
                self.lambda = self.lambda_renewed * treatment.slows;
                self.upkept = 1.0;
                self.cleared = u64::MAX;
                d.min(leaves)
            }
            Effect::Lessens { keeps } => {
                self.upkept = treatment.slows;
                d * keeps.get()
            }
        };
        if let Some(bound) = treatment.priced_by() {
            for (kind, severity) in bound.pairs() {
                self.cleared |= bit(kind, severity);
            }
        }
        if self.cleared != before {
            self.ask(world.catalogue);
        }
        self.ng = Score::clamped(Score::BEST.points() - after);
        self.ng
    }

    /// Lets the year pass.
    pub fn grow_older(&mut self, law: &AgeingLaw, year: i32) {
        let upkept = if year < self.upkeep_from { self.upkept } else { 1.0 };
        self.ng = age(self.ng, self.lambda * upkept, law.beta, 1);
    }
}

/// Lines priced by defects of which a section remembers the share. Chosen: the default catalogue has one.
pub(super) const SHARES: usize = 2;

/// A share in fewer digits, and no more.
fn below(share: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "what is lost is taken off again")]
    let near = share as f32;
    near.next_down().max(0.0)
}

/// The bit of a kind and severity.
const fn bit(kind: DefectKind, severity: Severity) -> u64 {
    const { assert!(DefectKind::ALL.len() * Severity::ALL.len() <= 64) };
    1 << (kind as usize * Severity::ALL.len() + severity as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Envelope, Euros, Metres, NoteClasses, Places, PlanRules, PricedOn, SectionId,
        TreatmentKind, Trigger,
    };
    use std::collections::BTreeMap;

    const LAW: AgeingLaw = AgeingLaw {
        lambda_old: 1.0,
        lambda_renewed: 0.5,
        beta: 0.0,
        category_factors: BTreeMap::new(),
    };

    pub(super) fn section(ng: f64, holes: Option<f64>) -> SectionState {
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
            lies_in: vec![],
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
                places: Places::default(),
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

    /// A section in a world of one treatment.
    fn with<T>(
        section: &SectionState,
        works: Treatment,
        then: impl FnOnce(Standing<'_>, &Treatment, &World<'_>) -> T,
    ) -> T {
        let catalogue = Catalogue { treatments: vec![works] };
        let (rules, classes) = (PlanRules::plain(), NoteClasses(vec![]));
        let world = World { catalogue: &catalogue, law: &LAW, rules: &rules, classes: &classes };
        then(Standing::new(section, &world), &catalogue.treatments[0], &world)
    }

    #[test]
    fn every_condition_of_a_trigger_must_hold() {
        let suits = |ng, seen, bounds| {
            let section = section(ng, seen);
            with(&section, works(CLEARS, bounds), |it, works, _| it.suits(0, works, 2025))
        };
        assert!(suits(16.0, None, vec![]) && suits(5.0, None, vec![]));
        assert!(!suits(16.1, None, vec![]) && !suits(4.9, None, vec![]));
        assert!(suits(10.0, Some(0.05), vec![holes(0.01, 0.15)]));
        assert!(!suits(10.0, Some(0.2), vec![holes(0.01, 0.15)]));
        assert!(!suits(10.0, Some(0.05), vec![holes(0.01, 0.15), holes(0.0, 0.02)]));
        // Unknown defects call for nothing and forbid nothing.
        assert!(!suits(10.0, None, vec![holes(0.01, 0.15)]));
        assert!(suits(10.0, None, vec![holes(0.0, 0.02)]));
        let elsewhere = SectionState { category: 1, ..section(10.0, None) };
        assert!(!with(&elsewhere, works(CLEARS, vec![]), |it, works, _| it.suits(0, works, 2025)));
    }

    #[test]
    fn a_line_far_down_the_catalogue_is_asked_every_time() {
        let section = section(10.0, Some(0.05));
        with(&section, works(CLEARS, vec![holes(0.01, 0.15)]), |it, works, _| {
            assert!(it.suits(REMEMBERED, works, 2025));
        });
        with(&section, works(CLEARS, vec![holes(0.1, 0.15)]), |it, works, _| {
            assert!(!it.suits(REMEMBERED, works, 2025));
        });
    }

    #[test]
    fn upkeep_rests_and_slows_until_its_years_are_over() {
        let section = section(10.0, None);
        let upkeep = works(Effect::Lessens { keeps: Ratio::clamped(0.8) }, vec![]);
        with(&section, upkeep, |mut it, upkeep, world| {
            assert!((it.treat(upkeep, 2025, world).points() - 12.0).abs() < 1e-9);
            for year in 2025..2029 {
                assert!(year == 2025 || !it.suits(0, upkeep, year), "{year}");
                it.grow_older(&LAW, year);
            }
            assert!(it.suits(0, upkeep, 2029));
            assert!((it.ng().points() - (12.0 - 4.0 * 0.8)).abs() < 1e-9, "{}", it.ng());
            it.grow_older(&LAW, 2029);
            assert!((it.ng().points() - (12.0 - 4.0 * 0.8 - 1.0)).abs() < 1e-9);
            // A renewal need not wait for upkeep to have rested.
            it.treat(upkeep, 2030, world);
            assert!(it.suits(0, &works(Effect::Renews { leaves: 0.0 }, vec![]), 2031));
        });
    }

    #[test]
    fn a_renewal_clears_everything_and_ages_by_its_own_law() {
        let section = section(6.0, Some(0.1));
        let renewal = works(Effect::Renews { leaves: 0.5 }, vec![]);
        with(&section, renewal, |mut it, renewal, world| {
            assert!((it.treat(renewal, 2025, world).points() - 19.5).abs() < 1e-9);
            assert_eq!(it.share(&holes(0.0, 1.0)), Some(Ratio::ZERO));
            it.grow_older(&LAW, 2025);
            assert!((it.ng().points() - (19.5 - 0.5 * 0.8)).abs() < 1e-9);
            it.grow_older(&LAW, 2040);
            assert!((it.ng().points() - (19.5 - 0.8)).abs() < 1e-9);
        });
    }

    #[test]
    fn works_paid_by_their_defects_clear_them() {
        let section = section(6.0, Some(0.1));
        let mut purge = works(Effect::Lessens { keeps: Ratio::ONE }, vec![holes(0.01, 1.0)]);
        purge.priced_on = PricedOn::Defects;
        with(&section, purge, |mut it, purge, world| {
            assert!(it.suits(0, purge, 2025));
            it.treat(purge, 2025, world);
            assert!(!it.suits(0, purge, 2035), "its holes are gone");
        });
    }

    #[test]
    fn another_note_and_another_pace() {
        with(&section(10.0, None), works(CLEARS, vec![]), |it, _, _| {
            let mut it = it.instead(Score::clamped(12.0), 1.5);
            it.grow_older(&LAW, 2025);
            assert!((it.ng().points() - 10.5).abs() < 1e-9);
        });
    }
}
