//! Rows of the reference network.

use super::place::on_road;
use super::table::Table;
use crate::domain::{PrMark, Road};

/// One marker of one road.
#[derive(Clone, Copy, Debug)]
pub struct MarkRow<'a> {
    /// Rank of the road's row, from 1.
    pub piece: usize,
    /// The road.
    pub road: &'a Road,
    /// The marker.
    pub mark: PrMark,
}

/// One row for each road.
#[must_use]
pub fn roads<'a>() -> Table<'a, &'a Road> {
    on_road(Table::new("network", "référentiel routier"), |it: &&'a Road| Some(*it))
        .integer("categorie", "catégorie de la route", |it| it.category)
        .text("secteur", "secteur d’exploitation", |it| it.sector.clone())
        .real("largeur_m", 1, "largeur de la chaussée, en m", |it| it.width)
        .integer("voies", "nombre de voies de la chaussée", |it| it.lanes)
        .real("cumul_debut", 1, "cumul du premier point, en m", |it| it.cumul_start())
        .real("longueur_m", 1, "longueur dans le plan, en m", |it| it.length())
}

/// One row for each marker.
#[must_use]
pub fn marks<'a>() -> Table<'a, MarkRow<'a>> {
    on_road(Table::new("pr", "points de repère"), |it: &MarkRow<'a>| Some(it.road))
        .integer("troncon", "fid du tronçon dans network", |it| it.piece)
        .integer("pr", "numéro du PR", |it| it.mark.pr)
        .real("cumul", 1, "en m depuis l’origine de la route", |it| it.mark.cumul)
}
