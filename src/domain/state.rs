//! What a programme starts from: sections with a note, and the defects seen on them.

use super::defect::{DefectKind, Severity};
use super::network::{Network, SectionId};
use super::score::Score;
use super::survey::SectionRating;
use super::units::{Metres, Ratio, SquareMetres};

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
    /// Its length.
    pub length: Metres,
    /// Its whole area, carriageway wide.
    pub area: SquareMetres,
    /// Category of its road.
    pub category: u8,
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
            length: section.length(),
            area: section.area(),
            category: network.roads()[section.road].category,
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
}

/// Sections to programme: at least one, by name, each once, each with an area.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkState {
    sections: Vec<SectionState>,
}

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
            None => Ok(Self { sections }),
        }
    }

    /// Every section, by name.
    #[must_use]
    pub fn sections(&self) -> &[SectionState] {
        &self.sections
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

    fn section(id: &str, area: f64) -> SectionState {
        SectionState {
            id: SectionId::from_text(id),
            length: Metres::of(200.0),
            area: SquareMetres::of(area),
            category: 1,
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
}
