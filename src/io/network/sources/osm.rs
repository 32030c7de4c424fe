//! Networks in an `OpenStreetMap` extract (`.osm.pbf`).
//!
//! Ways of one reference are joined end to end into pieces of that road, since the map cuts them at
//! every bridge and speed limit. Their cumul starts where their first way does: no PR is known there.

use super::open::Loaded;
use crate::domain::{Carriageway, RoadId};
use crate::io::network::chain::{Link, chain};
use crate::io::network::columns::Referential;
use crate::io::network::features::{Column, Feature, Refused};
use crate::io::network::read::NetworkErrorKind;
use osmpbf::{Element, ElementReader};
use std::collections::BTreeMap;
use std::path::Path;

/// Values of `highway` that vehicles drive, with the category of road that each stands for.
///
/// Source: `OpenStreetMap` wiki, « Key:highway ». Chosen: 1 for what carries through traffic, 2 for what
/// joins towns, 3 for the rest, as departments rank theirs.
const DRIVEN: [(&str, u8); 18] = [
    ("motorway", 1),
    ("motorway_link", 1),
    ("trunk", 1),
    ("trunk_link", 1),
    ("primary", 1),
    ("primary_link", 1),
    ("secondary", 2),
    ("secondary_link", 2),
    ("tertiary", 3),
    ("tertiary_link", 3),
    ("unclassified", 3),
    ("residential", 3),
    ("living_street", 3),
    ("service", 3),
    ("road", 3),
    ("busway", 3),
    ("track", 3),
    ("escape", 3),
];

/// A way that vehicles drive.
struct Way {
    id: i64,
    /// Its reference, when it has one.
    named: bool,
    route: String,
    category: u8,
    /// Driven in the order of its nodes only.
    directed: bool,
    lanes: Column,
    width: Column,
    nodes: Vec<i64>,
}

pub(super) fn read(path: &Path, wanted: &Referential) -> Result<Loaded, NetworkErrorKind> {
    let broken = |why: osmpbf::Error| NetworkErrorKind::Foreign {
        found: why.to_string(),
        expected: "a whole OpenStreetMap extract".to_owned(),
    };
    let mut ways = Vec::new();
    let reader = ElementReader::from_path(path).map_err(broken)?;
    let all = |element: Element<'_>| {
        if let Element::Way(it) = element {
            ways.extend(way(&it, wanted));
        }
    };
    reader.for_each(all).map_err(broken)?;
    let mut nodes: Vec<i64> = ways.iter().flat_map(|it| it.nodes.iter().copied()).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let mut places: Vec<Option<[f64; 2]>> = vec![None; nodes.len()];
    let mut set = |id: i64, longitude: f64, latitude: f64| {
        if let Ok(rank) = nodes.binary_search(&id) {
            places[rank] = Some([longitude, latitude]);
        }
    };
    let reader = ElementReader::from_path(path).map_err(broken)?;
    let all = |element: Element<'_>| match element {
        Element::Node(it) => set(it.id(), it.lon(), it.lat()),
        Element::DenseNode(it) => set(it.id(), it.lon(), it.lat()),
        _ => {}
    };
    reader.for_each(all).map_err(broken)?;
    let place = |id: i64| nodes.binary_search(&id).ok().and_then(|rank| places[rank]);
    Ok(Loaded { features: features(ways, &place), notes: Vec::new() })
}

/// A way that is driven, and that has a reference unless all are wanted.
fn way(it: &osmpbf::Way<'_>, wanted: &Referential) -> Option<Way> {
    let tags: BTreeMap<&str, &str> = it.tags().collect();
    let tag = |key: &str| tags.get(key).map(|it| it.trim()).filter(|it| !it.is_empty());
    let highway = tag("highway")?;
    let category = DRIVEN.iter().find(|it| it.0 == highway)?.1;
    if tag("area") == Some("yes") {
        return None;
    }
    // Of several references the first is the way's own.
    let reference = tag("ref").and_then(|it| it.split(';').next()).map(str::trim);
    if reference.is_none() && !wanted.unnamed {
        return None;
    }
    let mut nodes: Vec<i64> = it.refs().collect();
    let ring = matches!(tag("junction"), Some("roundabout" | "circular"));
    let directed = match tag("oneway") {
        Some("yes" | "1" | "true") => true,
        Some("-1" | "reverse") => {
            nodes.reverse();
            true
        }
        Some(_) => false,
        None => ring || highway == "motorway",
    };
    let number = |key: &str| {
        let value =
            tag(key).and_then(|it| it.trim_end_matches(" m").replace(',', ".").parse().ok());
        value.map_or(Column::Absent, Column::Number)
    };
    let route = reference.map_or_else(|| format!("way/{}", it.id()), str::to_owned);
    let (lanes, width) = (number("lanes"), number("width"));
    Some(Way {
        id: it.id(),
        named: reference.is_some(),
        route,
        category,
        directed,
        lanes,
        width,
        nodes,
    })
}

/// Pieces of road, those of one reference one after the other.
fn features(
    ways: Vec<Way>,
    place: &dyn Fn(i64) -> Option<[f64; 2]>,
) -> Vec<Result<Feature, Refused>> {
    let mut roads: BTreeMap<(bool, String), Vec<Way>> = BTreeMap::new();
    for way in ways {
        roads.entry((!way.named, way.route.clone())).or_default().push(way);
    }
    let mut features = Vec::new();
    for ((_, route), ways) in roads {
        let links: Vec<Link> =
            ways.iter().map(|it| Link { nodes: it.nodes.clone(), one_way: it.directed }).collect();
        for piece in chain(&links, place) {
            let first = &ways[piece.links[0]];
            let missing = piece.nodes.iter().find(|it| place(**it).is_none());
            if let Some(node) = missing {
                let why = format!("way {}: node {node} is not in the extract", first.id);
                features.push(Err(Refused { route: Some(route.clone()), why }));
                continue;
            }
            let Ok(id) = RoadId::new(&route) else { continue };
            let carriageway = match (piece.one_way, piece.against) {
                (false, _) => Carriageway::Single,
                (true, false) => Carriageway::Right,
                (true, true) => Carriageway::Left,
            };
            features.push(Ok(Feature {
                route: id,
                carriageway,
                category: Column::Number(f64::from(first.category)),
                sector: Some(String::new()),
                width: first.width.clone(),
                lanes: first.lanes.clone(),
                cumul_start: Column::Untold,
                parts: vec![piece.nodes.iter().filter_map(|it| place(*it)).collect()],
            }));
        }
    }
    features
}

#[cfg(test)]
mod tests {
    use crate::io::network::{Referential, read};
    use std::path::Path;

    #[test]
    fn a_mountain_country_is_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/field");
        let extract = folder.join("andorra.osm.pbf");
        if !extract.exists() {
            eprintln!("skipped: ../shared/data is absent");
            return;
        }
        let with_reference = read(&extract, None, &Referential::default()).unwrap().value;
        let mut names: Vec<&str> = with_reference.roads().iter().map(|it| it.id.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        // 39 references, four of which are only ever second to another of the same way, or repeat one.
        assert!(names.contains(&"CG-2") && names.len() > 30, "{names:?}");
        let wanted = Referential { unnamed: true, ..Referential::default() };
        let all = read(&extract, None, &wanted).unwrap().value;
        assert!(all.roads().len() > 2 * with_reference.roads().len());
    }
}
