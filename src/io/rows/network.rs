//! Rows of the reference network.

use super::place::on_road;
use super::table::Table;
use crate::domain::{AreaName, AreaSpan, Division, Network, PrMark, Road};

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

/// A stretch of one road in one municipality, or in one sector.
#[derive(Clone, Copy, Debug)]
pub struct AreaRow<'a> {
    /// The word of a municipality or of a sector.
    pub level: &'static str,
    /// Rank of the road's row, from 1.
    pub piece: usize,
    /// The road.
    pub road: &'a Road,
    /// The stretch.
    pub span: AreaSpan,
    /// What the area is called.
    pub name: &'a AreaName,
}

/// The word used in files for municipalities.
pub(crate) const MUNICIPALITY: &str = "commune";

/// The word used in files for sectors.
pub(crate) const SECTOR: &str = "secteur";

/// The rows of a network's municipalities, then of its sectors; stretches in none have no row.
#[must_use]
pub fn areas_of(network: &Network) -> Vec<AreaRow<'_>> {
    let levels = [(MUNICIPALITY, network.municipalities()), (SECTOR, network.sectors())];
    let rows = levels.into_iter().flat_map(|(level, division): (_, &Division)| {
        (1..).zip(network.roads()).flat_map(move |(piece, road)| {
            let spans = division.spans(piece - 1).iter();
            spans.filter_map(move |span| {
                let name = &division.names()[span.area?];
                Some(AreaRow { level, piece, road, span: *span, name })
            })
        })
    });
    rows.collect()
}

/// One row for each stretch of road in a municipality or a sector.
#[must_use]
pub fn areas<'a>() -> Table<'a, AreaRow<'a>> {
    let table = Table::new("territoires", "communes et secteurs que les routes traversent");
    on_road(table, |it: &AreaRow<'a>| Some(it.road))
        .integer("troncon", "fid du tronçon dans network", |it| it.piece)
        .real("cumul_d", 1, "début, en m depuis l’origine de la route", |it| it.span.from)
        .real("cumul_f", 1, "fin, en m depuis l’origine de la route", |it| it.span.to)
        .text("niveau", "commune ou secteur", |it| it.level)
        .text("code", "code INSEE d’une commune, code d’un secteur", |it| {
            Some(it.name.code.clone()).filter(|it| !it.is_empty())
        })
        .text("nom", "nom de la commune ou du secteur", |it| it.name.name.clone())
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
