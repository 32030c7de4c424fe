//! Rows of the notes: sections, their defects, means.

use super::place::{Span, from_to, how_much, on_road};
use super::table::{Kind, Table, Value};
use crate::domain::{
    Defect, DefectKind, Extent, Mean, Metres, Network, NoteClasses, Rating, Road, SectionRating,
    Unrated,
};
use crate::io::wording::{self, Language, utc};

/// One kind and severity of defect over one section.
#[derive(Clone, Copy, Debug)]
pub struct SectionDefectRow<'a> {
    /// The section.
    pub rating: &'a SectionRating,
    /// The defect, over the whole of it.
    pub defect: &'a Defect,
}

/// One mean.
#[derive(Clone, Copy, Debug)]
pub struct MeanRow<'a> {
    /// `reseau`, `route`, `categorie`, `secteur` or `commune`.
    pub level: &'static str,
    /// The mean.
    pub mean: &'a Mean,
}

/// The word used in files for the lack of a note.
#[must_use]
pub(crate) const fn unrated_word(reason: Unrated) -> &'static str {
    match reason {
        Unrated::NotFilmed => "not_filmed",
        Unrated::NoValidFrame => "no_valid_frame",
        Unrated::TooLittleCoverage => "too_little_coverage",
    }
}

fn span(it: &SectionRating) -> Span {
    let section = &it.distress.section;
    Span { road: section.road, from: section.from, to: section.to }
}

fn why_unrated(it: &SectionRating) -> Option<Unrated> {
    match it.rating {
        Rating::Rated { .. } => None,
        Rating::Unrated { reason, .. } => Some(reason),
    }
}

/// One row for each section. `seen` are the kinds of defects that the survey looks for: each has a
/// column, empty where no usable frame saw the section.
#[must_use]
pub fn sections<'a>(
    network: &'a Network,
    classes: &'a NoteClasses,
    seen: &[DefectKind],
) -> Table<'a, SectionRating> {
    let road = move |it: &SectionRating| -> &'a Road { &network.roads()[it.distress.section.road] };
    let table = Table::new("sections", "sections et leurs notes").text(
        "id",
        "nom de la section : route, chaussée, cumul",
        |it: &SectionRating| it.distress.section.id.to_string(),
    );
    let table = on_road(table, move |it| Some(road(it)))
        .integer("categorie", "catégorie de la route", move |it| road(it).category)
        .text("secteur", "secteur d’exploitation", move |it| {
            network.sector_of(&it.distress.section).to_owned()
        })
        .text("insee", "code INSEE de la commune qui en a le plus", move |it| {
            let its = network.municipality_of(&it.distress.section);
            its.map(|it| it.code.clone()).filter(|it| !it.is_empty())
        })
        .text("commune", "commune qui en a le plus", move |it| {
            network.municipality_of(&it.distress.section).map(|it| it.name.clone())
        });
    let table = from_to(table, network, |it| Some(span(it)))
        .real("longueur_m", 1, "longueur, en m", |it| it.distress.section.length())
        .real("largeur_m", 1, "largeur de la chaussée, en m", |it| it.distress.section.width)
        .real("surface_m2", 1, "surface de la chaussée, en m²", |it| it.distress.section.area())
        .real("ng", 2, "note globale, sur 20", |it| it.rating.notes().map(|it| it.ng))
        .real("np", 2, "note patrimoine (structure), sur 20", |it| {
            it.rating.notes().map(|it| it.np)
        })
        .real("nu", 2, "note d’usage (surface), sur 20", |it| it.rating.notes().map(|it| it.nu))
        .real("ng_min", 2, "bas de l’intervalle où la note globale est à 90 %", |it| {
            it.rating.interval().map(|it| it.low)
        })
        .real("ng_max", 2, "haut de cet intervalle", |it| it.rating.interval().map(|it| it.high))
        .text("classe", "classe de la note globale", move |it| {
            it.rating.notes().map(|it| classes.of(it.ng).name.clone())
        })
        .real("part_valide", 3, "part vue par une image utilisable, de 0 à 1", |it| {
            it.rating.coverage().valid
        })
        .real("part_ecartee", 3, "part vue par des images toutes écartées, de 0 à 1", |it| {
            it.rating.coverage().invalid
        })
        .real("doute_camera", 3, "écart type relatif des longueurs, dû aux caméras", |it| {
            it.distress.geometry
        })
        .real("observee_m2", 1, "surface de voie observée, en m²", |it| it.distress.observed)
        .text("motif", "pourquoi la section n’a pas de note (mot)", |it| {
            why_unrated(it).map(unrated_word)
        })
        .text("motif_libelle", "pourquoi la section n’a pas de note", |it| {
            why_unrated(it).map(|it| wording::unrated(it, Language::French))
        })
        .text("refus", "images écartées : motif et nombre de mailles", refused)
        .integer("passages", "passages sur la maille qui en a le plus (vide : non su)", |it| {
            it.distress.drives.map(|it| it.most)
        })
        .real("part_revue", 3, "part vue par deux passages ou plus, de 0 à 1", |it| {
            it.distress.drives.map(|it| it.again)
        })
        .instant("vu_le", "dernière image utilisable, heure UTC", |it| {
            it.distress.drives.and_then(|it| it.newest).and_then(utc)
        });
    seen.iter().fold(table, |table, kind| extent_of(table, *kind))
}

/// The same of stretches of alike condition.
#[must_use]
pub fn homogeneous<'a>(
    network: &'a Network,
    classes: &'a NoteClasses,
    seen: &[DefectKind],
) -> Table<'a, SectionRating> {
    let (name, words) = ("homogeneous", "tronçons homogènes et leurs notes, pour les travaux");
    Table { name, words, ..sections(network, classes, seen) }
}

fn refused(it: &SectionRating) -> Option<String> {
    let counted = it.distress.refused.iter().filter(|it| it.n_cells > 0);
    let each = counted.map(|it| format!("{}:{}", it.reason.word(), it.n_cells));
    Some(each.collect::<Vec<_>>().join(" ")).filter(|it| !it.is_empty())
}

/// Adds the extent of one kind, in its own measure: m for line cracks, number for potholes, m².
fn extent_of(table: Table<'_, SectionRating>, kind: DefectKind) -> Table<'_, SectionRating> {
    let (unit, format) = match kind {
        DefectKind::LongitudinalCracking
        | DefectKind::NonWheelPathCracking
        | DefectKind::EdgeCracking
        | DefectKind::TransverseCracking => ("m", Kind::Real(1)),
        DefectKind::Pothole => ("nb", Kind::Real(2)),
        _ => ("m2", Kind::Real(2)),
    };
    let name = format!("def_{}_{unit}", kind.code().to_lowercase());
    let words = format!("{} (vide : non vu)", wording::defect(kind, Language::French));
    table.column(name, format, words, move |it| {
        if it.distress.observed.get() <= 0.0 {
            return Value::Null;
        }
        let metre_of_crack = Extent::Length(Metres::of(1.0)).area().get();
        let mine = it.distress.defects.iter().filter(|it| it.kind == kind).map(|it| it.extent);
        match unit {
            "nb" => Value::Real(mine.map(number).sum()),
            "m" => Value::Real(mine.map(|it| it.area().get() / metre_of_crack).sum()),
            _ => Value::Real(mine.map(|it| it.area().get()).sum()),
        }
    })
}

const fn number(extent: Extent) -> f64 {
    match extent {
        Extent::Count(count, _) => count,
        Extent::Length(_) | Extent::Area(_) => 0.0,
    }
}

/// One row for each kind and severity over each section: the survey sheet of DOMAIN.md section 2.
#[must_use]
pub fn section_defects(network: &Network) -> Table<'_, SectionDefectRow<'_>> {
    let table = Table::new("section_defects", "relevé : dégradations par section").text(
        "section",
        "nom de la section",
        |it: &SectionDefectRow| it.rating.distress.section.id.to_string(),
    );
    let table = on_road(table, |it| Some(&network.roads()[it.rating.distress.section.road]));
    let table = from_to(table, network, |it| Some(span(it.rating)))
        .text("code", "code de la dégradation", |it| it.defect.kind.code())
        .text("degradation", "nom de la dégradation", |it| {
            wording::defect(it.defect.kind, Language::French)
        })
        .text("gravite", "gravité : L, M ou H", |it| it.defect.severity.code());
    how_much(table, |it| it.defect.extent)
        .real("pct_long", 2, "longueur, en % de celle de la section", |it| {
            let whole = it.rating.distress.section.length().get();
            it.defect.extent.length().map(|it| 100.0 * it.get() / whole)
        })
        .real("pct_surf", 2, "surface, en % de celle observée", |it| {
            let seen = it.rating.distress.observed.get();
            (seen > 0.0).then(|| 100.0 * it.defect.extent.area().get() / seen)
        })
        .real("valid_pct", 1, "part vue par une image utilisable, en %", |it| {
            it.rating.rating.coverage().valid.get() * 100.0
        })
}

/// One row for each mean, with the share of each class.
#[must_use]
pub fn means<'a>(classes: &NoteClasses) -> Table<'a, MeanRow<'a>> {
    let table = Table::new("means", "notes moyennes, pondérées par la surface notée")
        .text("niveau", "reseau, route, categorie, secteur ou commune", |it: &MeanRow| it.level)
        .text("nom", "ce sur quoi porte la moyenne", |it| it.mean.name.clone())
        .real("longueur_m", 0, "longueur, en m", |it| it.mean.length)
        .real("longueur_notee_m", 0, "longueur notée, en m", |it| it.mean.rated_length)
        .real("surface_m2", 0, "surface, en m²", |it| it.mean.area)
        .real("surface_notee_m2", 0, "surface notée, en m²", |it| it.mean.rated_area)
        .real("ng", 2, "note globale moyenne, sur 20", |it| it.mean.ng)
        .real("np", 2, "note patrimoine moyenne, sur 20", |it| it.mean.np)
        .real("nu", 2, "note d’usage moyenne, sur 20", |it| it.mean.nu);
    class_shares(table, classes, |it, rank| it.mean.classes.get(rank).map(|it| it.get()))
}

/// Adds one share of the area for each class of notes.
pub(super) fn class_shares<'a, T: 'a>(
    mut table: Table<'a, T>,
    classes: &NoteClasses,
    share: impl Fn(&T, usize) -> Option<f64> + Copy + 'a,
) -> Table<'a, T> {
    for (rank, class) in classes.0.iter().enumerate() {
        let name = format!("part_{}", class.name.to_lowercase());
        let words = format!("part de la surface en classe {}, de 0 à 1", class.name);
        table = table.column(name, Kind::Real(4), words, move |it| share(it, rank));
    }
    table
}
