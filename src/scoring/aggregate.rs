//! Means over many sections, weighted by area.

use crate::domain::{
    Aggregates, AreaName, Carriageway, Mean, Metres, Network, NoteClasses, Road, Score,
    SectionRating, SquareMetres,
};
use std::collections::BTreeMap;

/// Averages the notes over the network, its roads, its categories, its works units and municipalities.
///
/// Means are weighted by the whole area of the sections that have a note; a section without one
/// counts in the length and the area only. Every mean lies between the notes it is made of.
///
/// A section is of the municipality and of the works unit that hold most of it; those of none have a mean
/// without a name, where a layer of municipalities was given. Pieces of one road and carriageway are one road, where its first piece stands; roads, categories
/// and works units without a section are not listed.
///
/// # Panics
///
/// When a section lies on a road that is not in `network`.
#[must_use]
pub fn aggregate(
    network: &Network,
    ratings: &[SectionRating],
    classes: &NoteClasses,
) -> Aggregates {
    let mut first_piece = BTreeMap::new();
    for (rank, road) in network.roads().iter().enumerate() {
        first_piece.entry((&road.id, road.carriageway)).or_insert(rank);
    }
    let mut whole = Vec::new();
    let mut roads: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    let mut categories: BTreeMap<u8, Vec<_>> = BTreeMap::new();
    let mut sectors: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    let mut municipalities: BTreeMap<String, Vec<_>> = BTreeMap::new();
    let known = !network.municipalities().is_none();
    for rating in ratings {
        let road = &network.roads()[rating.distress.section.road];
        whole.push(rating);
        roads.entry(first_piece[&(&road.id, road.carriageway)]).or_default().push(rating);
        categories.entry(road.category).or_default().push(rating);
        sectors.entry(network.sector_of(&rating.distress.section)).or_default().push(rating);
        if known {
            let its = network.municipality_of(&rating.distress.section);
            municipalities.entry(its.map(called).unwrap_or_default()).or_default().push(rating);
        }
    }
    Aggregates {
        network: mean(String::new(), &whole, classes),
        roads: roads
            .iter()
            .map(|(rank, some)| mean(name(&network.roads()[*rank]), some, classes))
            .collect(),
        categories: categories
            .iter()
            .map(|(category, some)| mean(category.to_string(), some, classes))
            .collect(),
        sectors: sectors
            .iter()
            .map(|(sector, some)| mean((*sector).to_owned(), some, classes))
            .collect(),
        municipalities: municipalities
            .into_iter()
            .map(|(municipality, some)| mean(municipality, &some, classes))
            .collect(),
    }
}

/// `D817`, or `D817 G` on a divided road.
fn name(road: &Road) -> String {
    match road.carriageway {
        Carriageway::Single => road.id.to_string(),
        side => format!("{} {}", road.id, side.letter()),
    }
}

/// `Revel (31451)`: two municipalities may bear one name.
fn called(it: &AreaName) -> String {
    if it.code.is_empty() { it.name.clone() } else { format!("{} ({})", it.name, it.code) }
}

fn mean(name: String, ratings: &[&SectionRating], classes: &NoteClasses) -> Mean {
    let (mut length, mut rated_length) = (Metres::ZERO, Metres::ZERO);
    let (mut area, mut rated_area) = (SquareMetres::ZERO, SquareMetres::ZERO);
    let mut points = [0.0; 3];
    for rating in ratings {
        let section = &rating.distress.section;
        length += section.length();
        area += section.area();
        if let Some(notes) = rating.rating.notes() {
            rated_length += section.length();
            rated_area += section.area();
            for (sum, note) in points.iter_mut().zip([notes.ng, notes.np, notes.nu]) {
                *sum += note.points() * section.area().get();
            }
        }
    }
    let over = |sum: f64| (rated_area.get() > 0.0).then(|| Score::clamped(sum / rated_area.get()));
    let rated = ratings.iter().filter_map(|it| {
        it.rating.notes().map(|notes| (notes.ng, it.distress.section.area().get()))
    });
    Mean {
        name,
        length,
        rated_length,
        area,
        rated_area,
        ng: over(points[0]),
        np: over(points[1]),
        nu: over(points[2]),
        classes: classes.shares(rated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AreaSpan, Coverage, Division, NoteInterval, Notes, PlanePoint, Rating, Ratio, RoadId,
        ScoringGrid, Section, SectionDistress, SectionId, Unrated,
    };
    use proptest::prelude::*;

    fn road(id: &str, side: Carriageway, category: u8, sector: &str) -> Road {
        let line = [(0.0, 0.0), (900.0, 0.0)].map(|(x, y)| PlanePoint { x, y }).to_vec();
        let (id, sector) = (RoadId::new(id).unwrap(), sector.to_owned());
        Road::new(id, side, category, sector, Metres::of(5.0), 2, line, Metres::ZERO, vec![])
            .unwrap()
    }

    fn rating(road: usize, length: f64, note: Option<f64>) -> SectionRating {
        let section = Section {
            id: SectionId::from_text("x"),
            road,
            from: Metres::ZERO,
            to: Metres::of(length),
            width: Metres::of(5.0),
        };
        let coverage = Coverage { valid: Ratio::ONE, invalid: Ratio::ZERO };
        let rating = note.map_or(Rating::Unrated { reason: Unrated::NotFilmed, coverage }, |it| {
            let ng = Score::clamped(it);
            let interval = NoteInterval { low: ng, high: ng };
            Rating::Rated { notes: Notes { ng, np: Score::BEST, nu: ng }, interval, coverage }
        });
        let observed = SquareMetres::ZERO;
        let distress = SectionDistress {
            section,
            defects: vec![],
            observed,
            coverage,
            geometry: 0.0,
            refused: vec![],
            drives: None,
        };
        SectionRating { distress, rating }
    }

    fn network() -> Network {
        Network::new(vec![
            road("D9", Carriageway::Single, 3, "REVEL"),
            road("D2", Carriageway::Left, 1, "MURET"),
            road("D9", Carriageway::Single, 2, "MURET"),
        ])
    }

    #[test]
    fn means_are_weighted_by_area_over_what_has_a_note() {
        let ratings = [
            rating(0, 100.0, Some(10.0)),
            rating(0, 300.0, Some(18.0)),
            rating(1, 200.0, None),
            rating(2, 400.0, Some(20.0)),
        ];
        let it = aggregate(&network(), &ratings, &ScoringGrid::example().classes);
        assert_eq!(it.network.ng, Some(Score::clamped((1000.0 + 5400.0 + 8000.0) / 800.0)));
        assert_eq!(it.network.rated_share(), Ratio::clamped(0.8));
        assert_eq!(it.network.classes, [0.875, 0.0, 0.0, 0.0, 0.125].map(Ratio::clamped));
        let names = |some: &[Mean]| some.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&it.roads), ["D9", "D2 G"]);
        assert_eq!(names(&it.categories), ["1", "2", "3"]);
        assert_eq!(names(&it.sectors), ["MURET", "REVEL"]);
        assert_eq!((it.roads[1].ng, it.roads[1].length), (None, Metres::of(200.0)));
        assert_eq!(it.roads[0].rated_length, Metres::of(800.0));
        assert!(it.roads[1].classes.is_empty());
        assert!(it.municipalities.is_empty());
    }

    #[test]
    fn municipalities_and_sectors_of_layers_have_means() {
        let name = |code: &str, name: &str| AreaName { code: code.into(), name: name.into() };
        let span = |from: f64, to: f64, area| AreaSpan {
            from: Metres::of(from),
            to: Metres::of(to),
            area,
        };
        let roads = vec![
            vec![span(0.0, 150.0, Some(0)), span(150.0, 900.0, Some(1))],
            vec![span(0.0, 900.0, None)],
            vec![span(0.0, 900.0, Some(0))],
        ];
        let names = [name("31451", "Revel"), name("", "Nord")];
        let division = Division::new(&names, roads);
        let network = network().among_municipalities(division.clone()).among_sectors(division);
        let ratings =
            [rating(0, 200.0, Some(10.0)), rating(0, 400.0, Some(14.0)), rating(1, 100.0, None)];
        let it = aggregate(&network, &ratings, &ScoringGrid::example().classes);
        let told = |some: &[Mean]| {
            some.iter().map(|it| (it.name.clone(), it.length.get())).collect::<Vec<_>>()
        };
        let want = [("", 100.0), ("Nord", 400.0), ("Revel (31451)", 200.0)];
        assert_eq!(told(&it.municipalities), want.map(|it| (it.0.to_owned(), it.1)));
        // Where the layer of sectors says nothing, the road's own works unit stands.
        let want = [("MURET", 100.0), ("Nord", 400.0), ("Revel", 200.0)];
        assert_eq!(told(&it.sectors), want.map(|it| (it.0.to_owned(), it.1)));
    }

    #[test]
    fn no_section_makes_no_mean() {
        let it = aggregate(&network(), &[], &ScoringGrid::example().classes);
        assert_eq!((it.network.ng, it.roads.len()), (None, 0));
    }

    proptest! {
        #[test]
        fn every_mean_lies_between_its_parts(
            parts in prop::collection::vec((0_usize..3, 10.0..400.0_f64, prop::option::of(0.0..20.0_f64)), 1..30),
        ) {
            let ratings: Vec<_> = parts.iter().map(|it| rating(it.0, it.1, it.2)).collect();
            let it = aggregate(&network(), &ratings, &ScoringGrid::example().classes);
            let points = |some: &[Mean]| -> Vec<f64> {
                some.iter().filter_map(|it| it.ng.map(Score::points)).collect()
            };
            if let Some(whole) = it.network.ng {
                for some in [&it.roads, &it.categories, &it.sectors] {
                    let low = points(some).into_iter().fold(f64::INFINITY, f64::min);
                    let high = points(some).into_iter().fold(0.0, f64::max);
                    prop_assert!(low - 1e-9 <= whole.points() && whole.points() <= high + 1e-9);
                }
                let shares: f64 = it.network.classes.iter().map(|it| it.get()).sum();
                prop_assert!((shares - 1.0).abs() < 1e-9);
            }
        }
    }
}
