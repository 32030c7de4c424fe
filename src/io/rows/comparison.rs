//! Rows of a comparison of two surveys.

use super::place::{Span, from_to, on_road};
use super::table::Table;
use crate::domain::{Network, SectionChange};

/// One row for each section that both surveys rate.
#[must_use]
pub fn changes(network: &Network) -> Table<'_, SectionChange> {
    let table = Table::new("comparison", "notes de deux relevés, section par section").text(
        "id",
        "identifiant de la section",
        |it: &SectionChange| it.section.as_str().to_owned(),
    );
    let table = on_road(table, move |it: &SectionChange| Some(&network.roads()[it.road]));
    from_to(table, network, |it: &SectionChange| {
        Some(Span { road: it.road, from: it.span.0, to: it.span.1 })
    })
    .real("ng_avant", 1, "note globale du premier relevé", |it| it.notes.0.ng)
    .real("ng_apres", 1, "note globale du second", |it| it.notes.1.ng)
    .real("ng_ecart", 1, "points gagnés ; négatif : la section s’est dégradée", |it| {
        it.gained()
    })
    .real("np_avant", 1, "note patrimoine du premier relevé", |it| it.notes.0.np)
    .real("np_apres", 1, "note patrimoine du second", |it| it.notes.1.np)
    .real("nu_avant", 1, "note d’usage du premier relevé", |it| it.notes.0.nu)
    .real("nu_apres", 1, "note d’usage du second", |it| it.notes.1.nu)
    .real("vue_avant", 2, "part vue et utilisable, premier relevé", |it| it.seen.0)
    .real("vue_apres", 2, "part vue et utilisable, second relevé", |it| it.seen.1)
}
