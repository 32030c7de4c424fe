//! The figures of each frame as a table.

use crate::domain::{FrameResult, Provenance};
use crate::io::atomic::WriteError;
use crate::io::rows::{self, Table};
use std::path::Path;

/// One row for each labelled frame.
#[must_use]
pub fn frames<'a>() -> Table<'a, FrameResult> {
    let stretch = |it: &FrameResult| it.stretch.clone();
    Table::new("evaluation", "images annotées, comparées à leur masque")
        .text("image", "nom du fichier", |it: &FrameResult| it.name.clone())
        .text("section", "section de route", move |it| stretch(it).map(|it| it.section))
        .integer("tranche", "rang de 100 m, ou de 20 images", move |it| {
            stretch(it).map(|it| it.rank)
        })
        .integer("voie_justes", "mailles de voie trouvées", |it| it.cells[0][0])
        .integer("voie_fausses", "mailles dites voie à tort", |it| it.cells[0][1])
        .integer("voie_manquees", "mailles de voie manquées", |it| it.cells[0][2])
        .integer("fissure_justes", "mailles fissurées trouvées", |it| it.cells[1][0])
        .integer("fissure_fausses", "mailles dites fissurées à tort", |it| it.cells[1][1])
        .integer("fissure_manquees", "mailles fissurées manquées", |it| it.cells[1][2])
        .integer("nid_justes", "mailles de nid-de-poule trouvées", |it| it.cells[2][0])
        .integer("nid_fausses", "mailles dites nid-de-poule à tort", |it| it.cells[2][1])
        .integer("nid_manquees", "mailles de nid-de-poule manquées", |it| it.cells[2][2])
        .real("part_fissuree", 4, "part de la voie fissurée, mesurée", |it| {
            it.cracked.map(|it| it.0)
        })
        .real("part_fissuree_vraie", 4, "la même, dessinée", |it| it.cracked.map(|it| it.1))
        .real("part_nids", 4, "part de la voie en nids-de-poule, mesurée", |it| {
            it.pothole.map(|it| it.0)
        })
        .real("part_nids_vraie", 4, "la même, dessinée", |it| it.pothole.map(|it| it.1))
        .real("nid_certitude", 4, "certitude qu’un nid-de-poule est en vue", |it| {
            it.shows_pothole.0
        })
        .integer("nid_vrai", "1 quand un nid-de-poule est dessiné", |it| {
            u8::from(it.shows_pothole.1)
        })
}

/// Writes one row for each frame.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_frames(
    path: &Path,
    results: &[FrameResult],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    rows::write(path, &frames(), results, provenance)
}
