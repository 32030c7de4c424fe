//! Where a treatment may be done.

use super::network::{Network, Section};

/// Names of municipalities, by name or INSEE code, and of sectors, where works may be done and where they may not.
///
/// So are altitude and winter practice told: surface dressings, say, in no municipality of the mountains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Only there; empty for everywhere.
    pub only_in: Vec<String>,
    /// Not there.
    pub not_in: Vec<String>,
}

impl Places {
    /// Whether works may be done on what lies in these.
    ///
    /// Of what lies nowhere that is known, nothing is guessed: it is not in any place.
    #[must_use]
    pub fn allow(&self, lies_in: &[String]) -> bool {
        let holds = |it: &String| lies_in.contains(it);
        (self.only_in.is_empty() || self.only_in.iter().any(holds))
            && !self.not_in.iter().any(holds)
    }

    /// Every name, each with the word that it is given by.
    pub fn names(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let only = self.only_in.iter().map(|it| ("only_in", it));
        only.chain(self.not_in.iter().map(|it| ("not_in", it)))
    }
}

impl Network {
    /// Where a section lies: its municipality, by name and by INSEE code, and its sector; what is not known is left
    /// out.
    #[must_use]
    pub fn places_of(&self, section: &Section) -> Vec<String> {
        let municipality = self.municipality_of(section);
        let names = municipality.iter().flat_map(|it| [it.name.as_str(), it.code.as_str()]);
        let all = names.chain([self.sector_of(section)]).filter(|it| !it.is_empty());
        all.map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_allowed_unless_it_is_left_out_or_others_are_asked_for() {
        let names = |some: &[&str]| some.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let places =
            |only: &[&str], not: &[&str]| Places { only_in: names(only), not_in: names(not) };
        let luchon = names(&["Bagnères-de-Luchon", "31042", "Comminges"]);
        assert!(Places::default().allow(&luchon) && Places::default().allow(&[]));
        assert!(!places(&[], &["31042"]).allow(&luchon));
        assert!(places(&[], &["31042"]).allow(&[]));
        assert!(places(&["Muret", "Comminges"], &[]).allow(&luchon));
        assert!(!places(&["Muret"], &[]).allow(&luchon));
        assert!(!places(&["Muret"], &[]).allow(&[]));
        assert!(!places(&["Comminges"], &["Bagnères-de-Luchon"]).allow(&luchon));
        let both = places(&["Comminges"], &["31042"]);
        let told: Vec<_> = both.names().map(|it| format!("{} {}", it.0, it.1)).collect();
        assert_eq!(told, ["only_in Comminges", "not_in 31042"]);
    }
}
