//! What a programme starts from: sections with a note, and the defects seen on them.

use super::commitments::Commitments;
use super::defect::{DefectKind, Severity};
use super::network::{Network, SectionId};
use super::programme::Scenario;
use super::rules::PlanRules;
use super::score::Score;
use super::survey::SectionRating;
use super::units::{Metres, Ratio, SquareMetres};
use std::collections::BTreeMap;

/// Share of a section's seen surface that one kind and severity covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DistressShare {
    /// What.
    pub kind: DefectKind,
    /// How grave.
    pub severity: Severity,
    /// Over the surface that was seen; a line crack counts 0.5 m wide.
    pub share: Ratio,
}

/// One section as the programme finds it.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionState {
    /// Where.
    pub id: SectionId,
    /// Its road: sections of one road number are neighbours where one ends and the next starts.
    pub road: usize,
    /// Where it starts along the road.
    pub from: Metres,
    /// Its length.
    pub length: Metres,
    /// Its whole area, carriageway wide.
    pub area: SquareMetres,
    /// Category of its road.
    pub category: u8,
    /// Where it lies: its municipality, by name and by INSEE code, and its sector; what is not known is left out.
    pub lies_in: Vec<String>,
    /// Its note.
    pub ng: Score,
    /// Whether its surface follows the law of renewed surfaces already.
    pub renewed: bool,
    /// The defects seen; none when the note comes without them.
    pub distress: Option<Vec<DistressShare>>,
}

impl SectionState {
    /// The state of a rated section; nothing for a section without a note.
    ///
    /// Surveys do not tell the age of a surface: it counts as not renewed.
    ///
    /// # Panics
    ///
    /// When the section's road is not in `network`.
    #[must_use]
    pub fn of(rating: &SectionRating, network: &Network) -> Option<Self> {
        let notes = rating.rating.notes()?;
        let section = &rating.distress.section;
        let seen = rating.distress.observed.get();
        let shares = rating.distress.defects.iter().map(|it| DistressShare {
            kind: it.kind,
            severity: it.severity,
            share: Ratio::clamped(if seen > 0.0 { it.extent.area().get() / seen } else { 0.0 }),
        });
        Some(Self {
            id: section.id.clone(),
            road: section.road,
            from: section.from,
            length: section.length(),
            area: section.area(),
            category: network.roads()[section.road].category,
            lies_in: network.places_of(section),
            ng: notes.ng,
            renewed: false,
            distress: Some(shares.collect()),
        })
    }
}

/// Why sections make no network to programme.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkStateError {
    /// There is nothing to programme.
    #[error("no section has a note: there is nothing to programme")]
    Empty,
    /// Two sections bear one name.
    #[error("section {0} comes twice")]
    Twice(SectionId),
    /// A section without surface.
    #[error("section {0} has an area of {1}, expected more than nothing")]
    NoArea(SectionId, SquareMetres),
    /// A treatment has a rule for a place that the network has not.
    #[error(
        "treatment {treatment:?} has {word} = {place:?}, expected a municipality or a sector of the network{}",
        nearest_told(nearest)
    )]
    NoPlace {
        /// Name of the treatment.
        treatment: String,
        /// What the rule is given by.
        word: &'static str,
        /// What was found.
        place: String,
        /// Names that are nearest to it.
        nearest: Vec<String>,
    },
    /// Sections whose traffic is not known, in a scenario that serves those who drive on them.
    #[error(
        "scenario {scenario} has objective = \"users\", and [plan] vehicles_a_day does not name {}",
        told(categories)
    )]
    NoTraffic {
        /// Name of the scenario.
        scenario: String,
        /// Each category that is not named, with its number of sections.
        categories: BTreeMap<u8, usize>,
    },
}

fn nearest_told(names: &[String]) -> String {
    if names.is_empty() {
        return "; no layer gives it any".into();
    }
    format!("; the nearest names are {}", names.join(", "))
}

fn told(categories: &BTreeMap<u8, usize>) -> String {
    let one = |(category, n): (&u8, &usize)| {
        let sections = if *n == 1 { "section" } else { "sections" };
        format!("category {category} ({n} {sections})")
    };
    categories.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Sections to programme: at least one, by name, each once, each with an area.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkState {
    sections: Vec<SectionState>,
    /// Ranks of the sections along their roads, and whether each is the neighbour of the one before.
    along: Vec<(usize, bool)>,
    /// The neighbours of each section.
    beside: Vec<[Option<usize>; 2]>,
    commitments: Commitments,
    /// Sectors by name, and the rank of that of each section.
    sectors: (Vec<String>, Vec<usize>),
}

/// Farthest that two neighbours may be from each other.
/// Chosen: lengths are written to the centimetre, and several may add up.
const TOUCHING_M: f64 = 0.5;

impl NetworkState {
    /// Checks and sorts by name.
    ///
    /// # Errors
    ///
    /// When there is no section, or a section comes twice or without area.
    pub fn new(mut sections: Vec<SectionState>) -> Result<Self, NetworkStateError> {
        if sections.is_empty() {
            return Err(NetworkStateError::Empty);
        }
        sections.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some(pair) = sections.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(NetworkStateError::Twice(pair[0].id.clone()));
        }
        match sections.iter().find(|it| it.area.get() <= 0.0) {
            Some(bad) => Err(NetworkStateError::NoArea(bad.id.clone(), bad.area)),
            None => Ok(Self::along_roads(sections)),
        }
    }

    fn along_roads(sections: Vec<SectionState>) -> Self {
        let mut order: Vec<usize> = (0..sections.len()).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&sections[*a], &sections[*b]);
            a.road.cmp(&b.road).then(a.from.get().total_cmp(&b.from.get())).then(a.id.cmp(&b.id))
        });
        let mut beside = vec![[None; 2]; sections.len()];
        let mut along = Vec::with_capacity(sections.len());
        let mut last: Option<usize> = None;
        for rank in order {
            let it = &sections[rank];
            let before = last.filter(|last| {
                let last = &sections[*last];
                last.road == it.road
                    && (last.from + last.length - it.from).abs().get() <= TOUCHING_M
            });
            if let Some(before) = before {
                beside[before][1] = Some(rank);
                beside[rank][0] = Some(before);
            }
            along.push((rank, before.is_some()));
            last = Some(rank);
        }
        let sectors = (vec![String::new()], vec![0; sections.len()]);
        Self { sections, along, beside, commitments: Commitments::default(), sectors }
    }

    /// The same, with the sector of each section, in the order of [`Self::sections`].
    ///
    /// # Panics
    ///
    /// When they are not as many as the sections.
    #[must_use]
    pub fn in_sectors(self, of: &[&str]) -> Self {
        assert_eq!(of.len(), self.sections.len(), "one sector for each section");
        let mut names = of.to_vec();
        names.sort_unstable();
        names.dedup();
        let ranks = of.iter().map(|it| names.partition_point(|name| name < it)).collect();
        Self { sectors: (names.into_iter().map(str::to_owned).collect(), ranks), ..self }
    }

    /// Sectors by name; one without a name where nobody said.
    #[must_use]
    pub fn sectors(&self) -> &[String] {
        &self.sectors.0
    }

    /// The rank of the sector of each section.
    #[must_use]
    pub fn sector_of(&self) -> &[usize] {
        &self.sectors.1
    }

    /// The same, where no section is the neighbour of one in another sector.
    #[must_use]
    pub fn apart_by_sector(mut self) -> Self {
        let mut last = None;
        for (rank, joins) in &mut self.along {
            let sector = self.sectors.1[*rank];
            *joins &= last == Some(sector);
            last = Some(sector);
        }
        for (rank, beside) in self.beside.iter_mut().enumerate() {
            let sectors = &self.sectors.1;
            for it in beside {
                *it = it.filter(|it| sectors[*it] == sectors[rank]);
            }
        }
        self
    }

    /// Whether no section is the neighbour of one in another sector.
    #[must_use]
    pub fn is_apart_by_sector(&self) -> bool {
        let mut pairs = self.along.windows(2).filter(|pair| pair[1].1);
        pairs.all(|pair| self.sectors.1[pair[0].0] == self.sectors.1[pair[1].0])
    }

    /// The sections of some of them alone, with what is decided about them.
    ///
    /// # Errors
    ///
    /// When there are none.
    pub fn only(&self, holds: impl Fn(usize) -> bool) -> Result<Self, NetworkStateError> {
        let ranks: Vec<usize> = (0..self.sections.len()).filter(|it| holds(*it)).collect();
        let mut part = Self::new(ranks.iter().map(|it| self.sections[*it].clone()).collect())?;
        let names: Vec<&str> =
            ranks.iter().map(|it| self.sectors.0[self.sectors.1[*it]].as_str()).collect();
        part = part.in_sectors(&names);
        let mut commitments = self.commitments.clone();
        commitments.imposed.retain(|it| part.rank_of(&it.section).is_some());
        commitments.frozen.retain(|it| part.rank_of(&it.section).is_some());
        Ok(part.committed(commitments))
    }

    /// The same, with what is decided already.
    #[must_use]
    pub fn committed(self, commitments: Commitments) -> Self {
        Self { commitments, ..self }
    }

    /// What is decided already.
    #[must_use]
    pub const fn commitments(&self) -> &Commitments {
        &self.commitments
    }

    /// The rank of a section among [`Self::sections`], if it has a note.
    #[must_use]
    pub fn rank_of(&self, id: &SectionId) -> Option<usize> {
        self.sections.binary_search_by(|it| it.id.cmp(id)).ok()
    }

    /// Ranks of the sections in the order of their roads, and whether each is the neighbour of the one
    /// before.
    #[must_use]
    pub fn along(&self) -> &[(usize, bool)] {
        &self.along
    }

    /// The sections where this one starts and where it ends.
    #[must_use]
    pub fn beside(&self, rank: usize) -> [Option<usize>; 2] {
        self.beside[rank]
    }

    /// Every section, by name.
    #[must_use]
    pub fn sections(&self) -> &[SectionState] {
        &self.sections
    }

    /// Whether the traffic of every section is known, where a scenario serves those who drive on them.
    ///
    /// # Errors
    ///
    /// [`NetworkStateError::NoTraffic`]: nothing is guessed.
    pub fn traffic_is_known(
        &self,
        scenario: &Scenario,
        rules: &PlanRules,
    ) -> Result<(), NetworkStateError> {
        rules.traffic_is_known(scenario, self.sections.iter().map(|it| it.category))
    }

    /// Joint area.
    #[must_use]
    pub fn area(&self) -> SquareMetres {
        self.sections.iter().map(|it| it.area).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Objective, SelectionRule, Spending};

    fn section(id: &str, area: f64) -> SectionState {
        SectionState {
            id: SectionId::from_text(id),
            road: 0,
            from: Metres::ZERO,
            length: Metres::of(200.0),
            area: SquareMetres::of(area),
            category: 1,
            lies_in: vec![],
            ng: Score::BEST,
            renewed: false,
            distress: None,
        }
    }

    #[test]
    fn sections_come_by_name_each_once_each_with_an_area() {
        let state = NetworkState::new(vec![section("b", 2.0), section("a", 1.0)]).unwrap();
        assert_eq!(state.sections()[0].id.as_str(), "a");
        assert_eq!(state.area(), SquareMetres::of(3.0));
        let refused = |sections| NetworkState::new(sections).unwrap_err().to_string();
        assert_eq!(refused(vec![section("a", 1.0), section("a", 1.0)]), "section a comes twice");
        assert!(refused(vec![section("a", 0.0)]).contains("0.00 m²"));
        assert!(refused(Vec::new()).contains("nothing to programme"));
    }

    #[test]
    fn neighbours_touch_on_one_road() {
        let at = |id, road, from| SectionState { road, from: Metres::of(from), ..section(id, 1.0) };
        let sections = vec![at("a", 2, 200.0), at("b", 2, 0.0), at("c", 2, 600.0), at("d", 1, 0.0)];
        let state = NetworkState::new(sections).unwrap();
        assert_eq!(state.along(), [(3, false), (1, false), (0, true), (2, false)]);
        assert_eq!((state.beside(0), state.beside(1)), ([Some(1), None], [None, Some(0)]));
        assert_eq!((state.beside(2), state.beside(3)), ([None; 2], [None; 2]));
        let apart = state.clone().in_sectors(&["x", "x", "y", "y"]).apart_by_sector();
        assert_eq!((apart.along(), apart.beside(0)), (state.along(), state.beside(0)));
        let apart = state.in_sectors(&["x", "y", "y", "y"]).apart_by_sector();
        assert_eq!(apart.along(), [(3, false), (1, false), (0, false), (2, false)]);
        assert_eq!((apart.beside(0), apart.beside(1)), ([None; 2], [None; 2]));
    }

    #[test]
    fn users_need_the_traffic_of_every_category() {
        let elsewhere = |id: &str, category| SectionState { category, ..section(id, 100.0) };
        let all =
            vec![section("a", 100.0), elsewhere("b", 4), elsewhere("c", 4), elsewhere("d", 5)];
        let network = NetworkState::new(all).unwrap();
        let rules = |categories: &[u8]| PlanRules {
            vehicles_a_day: categories.iter().map(|it| (*it, 100.0)).collect(),
            ..PlanRules::plain()
        };
        let by = |objective| Scenario {
            name: "usagers".into(),
            words: String::new(),
            first_year: 2026,
            budgets: vec![],
            selection: SelectionRule::Optimised,
            objective,
            target: None,
            spending: Spending::default(),
            observations: String::new(),
        };
        let told = network.traffic_is_known(&by(Objective::Users), &rules(&[1, 2, 3])).unwrap_err();
        assert_eq!(
            told.to_string(),
            "scenario usagers has objective = \"users\", and [plan] vehicles_a_day does not name category 4 \
             (2 sections), category 5 (1 section)"
        );
        assert_eq!(network.traffic_is_known(&by(Objective::Users), &rules(&[1, 4, 5])), Ok(()));
        assert_eq!(network.traffic_is_known(&by(Objective::Backlog), &rules(&[])), Ok(()));
    }
}
