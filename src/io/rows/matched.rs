//! What a track says once it is placed on the network.

use super::place::on_road;
use super::table::Table;
use crate::domain::{Fix, Network, Projector, Ratio, RoadPlace, RouteLeg, Wgs84};
use crate::io::wording::utc;

/// A position and where it was found to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MatchedFix {
    /// The position as the receiver gave it.
    pub fix: Fix,
    /// Its place; none off the network.
    pub place: Option<RoadPlace>,
    /// How likely that road is.
    pub confidence: Ratio,
}

/// One row for each position.
#[must_use]
pub fn matched(network: &Network) -> Table<'_, MatchedFix> {
    let reference = move |it: &MatchedFix| {
        it.place.and_then(|it| network.roads()[it.road].reference_at(it.cumul))
    };
    let projector = Projector::new(network.plane());
    let on_line = move |it: &MatchedFix| {
        let place = it.place?;
        Some(projector.unproject(network.roads()[place.road].point_at(place.cumul).0))
    };
    let again = on_line.clone();
    let table = Table::new("matched", "positions placées sur le réseau")
        .instant("instant", "heure UTC", |it: &MatchedFix| utc(it.fix.time))
        .real("epoque_s", 3, "heure UTC, en s depuis 1970", |it| it.fix.time)
        .real("lon", 7, "longitude reçue, en degrés", |it| it.fix.position.longitude())
        .real("lat", 7, "latitude reçue, en degrés", |it| it.fix.position.latitude())
        .real("lon_route", 7, "longitude sur l’axe de la route, en degrés", move |it| {
            on_line(it).map(Wgs84::longitude)
        })
        .real("lat_route", 7, "latitude sur l’axe de la route, en degrés", move |it| {
            again(it).map(Wgs84::latitude)
        });
    on_road(table, move |it: &MatchedFix| it.place.map(|it| &network.roads()[it.road]))
        .text("sens", "+ PR croissants, - PR décroissants", |it| {
            it.place.map(|it| it.direction.sign())
        })
        .integer("pr", "point de repère", move |it| reference(it).map(|it| it.pr))
        .real("abscisse", 1, "en m après le PR", move |it| reference(it).map(|it| it.abscisse))
        .real("cumul", 1, "en m depuis l’origine de la route", |it| it.place.map(|it| it.cumul))
        .real("ecart_m", 1, "écart à l’axe, en m, positif à droite des PR croissants", |it| {
            it.place.map(|it| it.offset)
        })
        .real("confiance", 3, "probabilité que cette route soit la bonne, de 0 à 1", |it| {
            it.confidence
        })
}

/// One row for each stretch of one road that was driven.
#[must_use]
pub fn driven(network: &Network) -> Table<'_, RouteLeg> {
    on_road(Table::new("driven", "trajet sur le réseau"), move |it: &RouteLeg| {
        Some(&network.roads()[it.road])
    })
    .text("sens", "+ PR croissants, - PR décroissants", |it| it.direction.sign())
    .real("cumul_d", 1, "début, en m depuis l’origine de la route", |it| it.from)
    .real("cumul_f", 1, "fin, en m depuis l’origine de la route", |it| it.to)
    .real("longueur_m", 1, "longueur, en m", RouteLeg::length)
}
