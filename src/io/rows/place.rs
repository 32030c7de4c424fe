//! Columns that say where on which road, and how much.

use super::table::Table;
use crate::domain::{Carriageway, Extent, Metres, Network, Road};

/// A stretch of a road of the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Index of the road.
    pub road: usize,
    /// Lower end, metres from the start of the road.
    pub from: Metres,
    /// Upper end, metres from the start of the road.
    pub to: Metres,
}

/// Adds the road and its carriageway.
pub(super) fn on_road<'a, T: 'a>(
    table: Table<'a, T>,
    road: impl Fn(&T) -> Option<&'a Road> + Copy + 'a,
) -> Table<'a, T> {
    table
        .text("route", "nom de la route", move |it| road(it).map(|it| it.id.as_str().to_owned()))
        .text("cote", "chaussée : U unique, D droite, G gauche", move |it| {
            road(it).map(|it| Carriageway::letter(it.carriageway))
        })
}

/// Adds PR and abscisse, then cumul, of both ends.
pub(super) fn from_to<'a, T: 'a>(
    table: Table<'a, T>,
    network: &'a Network,
    span: impl Fn(&T) -> Option<Span> + Copy + 'a,
) -> Table<'a, T> {
    let start =
        move |it: &T| span(it).and_then(|span| network.roads()[span.road].reference_at(span.from));
    let end =
        move |it: &T| span(it).and_then(|span| network.roads()[span.road].reference_at(span.to));
    table
        .integer("prd", "PR de début", move |it| start(it).map(|it| it.pr))
        .real("pad", 1, "abscisse de début, en m après le PR", move |it| {
            start(it).map(|it| it.abscisse)
        })
        .integer("prf", "PR de fin", move |it| end(it).map(|it| it.pr))
        .real("paf", 1, "abscisse de fin, en m après le PR", move |it| {
            end(it).map(|it| it.abscisse)
        })
        .real("cumul_d", 1, "début, en m depuis l’origine de la route", move |it| {
            span(it).map(|it| it.from)
        })
        .real("cumul_f", 1, "fin, en m depuis l’origine de la route", move |it| {
            span(it).map(|it| it.to)
        })
}

/// Adds how much of a defect there is, in the measure of its kind.
pub(super) fn how_much<'a, T: 'a>(
    table: Table<'a, T>,
    extent: impl Fn(&T) -> Extent + Copy + 'a,
) -> Table<'a, T> {
    table
        .real("longueur_m", 1, "longueur, en m (fissures linéaires)", move |it| {
            extent(it).length()
        })
        .real("surface_m2", 2, "surface, en m² (une fissure linéaire compte 0,5 m de large)", {
            move |it| extent(it).area()
        })
        .real("nb", 2, "nombre (nids-de-poule)", move |it| match extent(it) {
            Extent::Count(count, _) => Some(count),
            Extent::Length(_) | Extent::Area(_) => None,
        })
}
