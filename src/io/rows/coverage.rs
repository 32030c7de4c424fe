//! Rows of coverage: of each section, the metres in each state.

use super::place::{Span, from_to, on_road};
use super::table::Table;
use crate::domain::{Metres, Network, SectionRating, Unrated, Validity};
use crate::io::wording::{self, Language};

/// The word used in files for what nobody filmed.
pub(crate) const NOT_FILMED: &str = "not_filmed";

/// Metres of a section in one state.
#[derive(Clone, Copy, Debug)]
pub struct CoverageRow<'a> {
    /// The section.
    pub rating: &'a SectionRating,
    /// Seen by a usable frame, or why none was; none where nobody filmed.
    pub state: Option<Validity>,
    /// How much of it.
    pub length: Metres,
}

/// The rows of each section, its states in order: usable, refused by reason, not filmed. What is empty
/// has no row; over all rows of a section, lengths and shares are those of the whole.
#[must_use]
pub fn coverage_of(ratings: &[SectionRating]) -> Vec<CoverageRow<'_>> {
    let mut rows = Vec::new();
    for rating in ratings {
        let (whole, coverage) = (rating.distress.section.length(), rating.distress.coverage);
        let mut add = |state, metres: f64| {
            // Below a millimetre, it is the rounding of shares.
            if metres > 1e-3 {
                rows.push(CoverageRow { rating, state, length: Metres::of(metres) });
            }
        };
        let valid = whole.get() * coverage.valid.get();
        add(Some(Validity::Valid), valid);
        let mut seen = valid;
        for refusal in &rating.distress.refused {
            add(Some(refusal.reason), refusal.length.get());
            seen += refusal.length.get();
        }
        add(None, whole.get() - seen);
    }
    rows
}

/// One row for each state of each section.
#[must_use]
pub fn section_coverage(network: &Network) -> Table<'_, CoverageRow<'_>> {
    let table = Table::new("section_coverage", "part filmée de chaque section, par motif").text(
        "section",
        "nom de la section",
        |it: &CoverageRow| it.rating.distress.section.id.to_string(),
    );
    let table = on_road(table, |it| Some(&network.roads()[it.rating.distress.section.road]));
    let span = |it: &CoverageRow| {
        let section = &it.rating.distress.section;
        Some(Span { road: section.road, from: section.from, to: section.to })
    };
    from_to(table, network, span)
        .text("etat", "valid, motif d’écart des images, ou not_filmed", |it| {
            it.state.map_or(NOT_FILMED, Validity::word)
        })
        .text("libelle", "le même en français", |it| match it.state {
            Some(state) => wording::validity(state, Language::French),
            None => wording::unrated(Unrated::NotFilmed, Language::French),
        })
        .real("longueur_m", 1, "longueur dans cet état, en m", |it| it.length)
        .real("part", 4, "part de la longueur de la section, de 0 à 1", |it| {
            it.length.get() / it.rating.distress.section.length().get()
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::rows::example;

    #[test]
    fn the_states_of_a_section_make_its_length() {
        let ratings = example::ratings();
        let rows = coverage_of(&ratings);
        let of = |name: &str| {
            let mine = rows.iter().filter(|it| it.rating.distress.section.id.as_str() == name);
            mine.map(|it| (it.state, it.length.get().round())).collect::<Vec<_>>()
        };
        let seen = [(Some(Validity::Valid), 180.0), (Some(Validity::Blurred), 10.0), (None, 10.0)];
        assert_eq!(of("D1-U-000000"), seen);
        assert_eq!(of("D1-U-000400"), [(None, 200.0)]);
        for rating in &ratings {
            let mine = rows.iter().filter(|it| std::ptr::eq(it.rating, rating));
            let whole = rating.distress.section.length().get();
            assert!((mine.map(|it| it.length.get()).sum::<f64>() - whole).abs() < 1e-9);
        }
    }
}
