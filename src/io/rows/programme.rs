//! Rows of the programmes: works, scenarios, years.

use super::place::{Span, from_to, on_road};
use super::sections::class_shares;
use super::table::Table;
use crate::domain::{
    Indicators, Limits, Network, NoteClasses, Outlook, Programme, Score, Section, SectionId,
    SectionRating, WorksItem, YearOutlook, YearState,
};
use crate::io::wording::{self, Language};
use std::collections::BTreeMap;

/// One treatment, its scenario and its section.
#[derive(Clone, Copy, Debug)]
pub struct Works<'a> {
    /// Name of the scenario.
    pub scenario: &'a str,
    /// The treatment.
    pub item: &'a WorksItem,
    /// Its section, when it is among those given.
    pub section: Option<&'a Section>,
}

/// One year of one programme.
#[derive(Clone, Copy, Debug)]
pub struct YearRow<'a> {
    /// Name of the scenario.
    pub scenario: &'a str,
    /// The year.
    pub year: &'a YearState,
    /// What the year leaves behind it, when it was counted.
    pub outlook: Option<&'a YearOutlook>,
    /// What the year may not exceed beside its money.
    pub limits: &'a Limits,
    /// Most sites of all sectors together, when that is limited and known.
    pub most_sites: Option<u32>,
}

/// One section at the end of one programme.
#[derive(Clone, Copy, Debug)]
pub struct FinalNoteRow<'a> {
    /// Name of the scenario.
    pub scenario: &'a str,
    /// The section.
    pub section: &'a SectionId,
    /// Its note after the last year.
    pub note: Score,
}

/// The treatments of every programme, each with its section.
#[must_use]
pub fn works_of<'a>(ratings: &'a [SectionRating], programmes: &'a [Programme]) -> Vec<Works<'a>> {
    let sections = ratings.iter().map(|it| &it.distress.section);
    let sections: BTreeMap<_, _> = sections.map(|it| (&it.id, it)).collect();
    let of = |it: &'a Programme| it.works.iter().map(|item| (it.scenario.name.as_str(), item));
    let all = programmes.iter().flat_map(of);
    let row = |(scenario, item): (&'a str, &'a WorksItem)| Works {
        scenario,
        item,
        section: sections.get(&item.section).copied(),
    };
    all.map(row).collect()
}

/// The years of every programme; `outlooks` may be empty.
#[must_use]
pub fn years_of<'a>(programmes: &'a [Programme], outlooks: &'a [Outlook]) -> Vec<YearRow<'a>> {
    let of = |(rank, it): (usize, &'a Programme)| {
        let outlook = outlooks.get(rank);
        it.yearly.iter().map(move |year| YearRow {
            scenario: &it.scenario.name,
            year,
            outlook: outlook.and_then(|all| all.of(year.year)),
            limits: &it.scenario.spending.limits,
            most_sites: outlook
                .and_then(|all| it.scenario.spending.limits.most_sites(&all.sectors)),
        })
    };
    programmes.iter().enumerate().flat_map(of).collect()
}

/// One row for each treatment.
#[must_use]
pub fn works(network: &Network) -> Table<'_, Works<'_>> {
    let table = Table::new("programme", "travaux programmés")
        .text("scenario", "nom du scénario", |it: &Works| it.scenario.to_owned())
        .text("section", "nom de la section", |it| it.item.section.to_string());
    let table = on_road(table, |it| it.section.map(|it| &network.roads()[it.road]));
    from_to(table, network, |it| {
        it.section.map(|it| Span { road: it.road, from: it.from, to: it.to })
    })
    .integer("annee", "année des travaux", |it| it.item.year)
    .text("traitement", "nom au catalogue", |it| it.item.treatment.clone())
    .text("nature", "nature des travaux", |it| wording::treatment(it.item.kind, Language::French))
    .text("enveloppe", "investissement ou fonctionnement", |it| {
        wording::envelope(it.item.envelope, Language::French)
    })
    .real("surface_m2", 1, "surface traitée, en m²", |it| it.item.area)
    .real("cout_eur", 2, "coût, en €", |it| it.item.cost)
    .real("ng_avant", 2, "note globale avant les travaux", |it| it.item.before)
    .real("ng_apres", 2, "note globale juste après", |it| it.item.after)
    .integer("rang", "rang de l’année", |it| it.item.reason.rank)
    .text("raison", "pourquoi ces travaux, pourquoi cette année", |it| {
        wording::reason(&it.item.reason, Language::French)
    })
}

/// One row for each scenario.
#[must_use]
pub fn scenarios<'a>() -> Table<'a, Indicators> {
    Table::new("scenarios", "scénarios et leurs indicateurs")
        .text("scenario", "nom du scénario", |it: &Indicators| it.name.clone())
        .text("budget", "budget en toutes lettres", |it| it.words.clone())
        .text("choix", "comment les travaux sont choisis", |it| {
            wording::selection(it.selection, Language::French)
        })
        .text("objectif", "ce que le programme doit servir", |it| {
            wording::objective(it.worth.objective, Language::French)
        })
        .real(
            "gain",
            4,
            "gain moyen actualisé par rapport à ne rien faire, dans l’unité de son objectif",
            |it| it.worth.gain,
        )
        .text("unite_gain", "unité du gain et de sa borne", |it| {
            wording::gain_unit(it.worth.objective, Language::French)
        })
        .real("gain_borne", 4, "aucun programme dans ce budget ne gagne plus", |it| it.worth.bound)
        .real("ecart_pct", 3, "écart à cette borne, en %", |it| {
            it.worth.gap().map(|it| 100.0 * it)
        })
        .real(
            "gain_etat",
            4,
            "points de note gagnés en moyenne actualisée, quel que soit l’objectif",
            |it| it.worth.condition,
        )
        .real("ng_debut", 2, "note globale avant la première année", |it| it.ng_start)
        .real("ng_fin", 2, "note globale après la dernière année", |it| it.ng_end)
        .real("ng_haute", 2, "note globale la plus haute", |it| it.highest.0)
        .integer("annee_haute", "son année", |it| it.highest.1)
        .real("ng_basse", 2, "note globale la plus basse, sous celle du début", |it| {
            it.lowest.map(|it| it.0)
        })
        .integer("annee_basse", "son année", |it| it.lowest.map(|it| it.1))
        .real("ng_moyenne", 2, "note globale moyenne sur les années", |it| it.mean)
        .real("depense_eur", 2, "budget global : dépenses, en €", |it| it.spent)
        .real("offert_eur", 2, "budget offert, en €", |it| it.offered)
        .integer("annees_sans_budget", "années sans aucun budget", |it| it.years_without)
        .text("observations", "remarques", |it| it.observations.clone())
}

/// One row for each year of each scenario.
#[must_use]
pub fn scenario_years<'a>(classes: &NoteClasses) -> Table<'a, YearRow<'a>> {
    let table = Table::new("scenario_years", "scénarios, année par année")
        .text("scenario", "nom du scénario", |it: &YearRow| it.scenario.to_owned())
        .integer("annee", "année", |it| it.year.year)
        .real("ng", 2, "note globale en fin d’année", |it| it.year.ng)
        .real("depense_inv_eur", 2, "dépensé en investissement, en €", |it| {
            it.year.spent.investment
        })
        .real("depense_fct_eur", 2, "dépensé en fonctionnement, en €", |it| {
            it.year.spent.maintenance
        })
        .real("offert_inv_eur", 2, "offert en investissement, en €", |it| {
            it.year.offered.investment
        })
        .real("offert_fct_eur", 2, "offert en fonctionnement, en €", |it| {
            it.year.offered.maintenance
        })
        .real(
            "reporte_inv_eur",
            2,
            "reporté des années précédentes en investissement, en €",
            |it| it.year.carried.investment,
        )
        .real("reporte_fct_eur", 2, "le même, en fonctionnement, en €", |it| {
            it.year.carried.maintenance
        })
        .real("longueur_traitee_m", 0, "longueur traitée, en m", |it| it.year.treated)
        .real(
            "arriere_inv_eur",
            2,
            "arriéré : travaux que l’état appelle en fin d’année, en investissement, en €",
            |it| it.outlook.map(|it| it.backlog.investment),
        )
        .real("arriere_fct_eur", 2, "le même, en fonctionnement, en €", |it| {
            it.outlook.map(|it| it.backlog.maintenance)
        })
        .real("valeur_eur", 2, "valeur restante : coût à neuf × note / 20, en €", |it| {
            it.outlook.map(|it| it.value)
        })
        .real("ecart_secteurs", 2, "points de note entre le meilleur secteur et le moins bon", {
            |it| it.outlook.and_then(YearOutlook::spread)
        })
        .real("co2_kg", 0, "CO₂ des travaux dont l’émission est connue, en kg", |it| {
            it.outlook.map(|it| it.emissions.known_kg)
        })
        .real(
            "co2_inconnu_m2",
            0,
            "surface traitée dont l’émission est inconnue, en m²",
            |it| it.outlook.map(|it| it.emissions.unknown),
        )
        .integer("chantiers", "suites de sections voisines traitées sur la même enveloppe", |it| {
            it.year.sites
        })
        .integer("chantiers_au_plus", "ce que le scénario en permet dans l’année", |it| {
            it.most_sites
        })
        .real("co2_au_plus_kg", 0, "CO₂ que le scénario permet dans l’année, en kg", |it| {
            it.limits.co2_t().map(|it| 1000.0 * it)
        });
    class_shares(table, classes, |it, rank| it.year.classes.get(rank).map(|it| it.get()))
}

/// The note of each section at the end of one scenario.
#[must_use]
pub fn final_notes<'a>() -> Table<'a, FinalNoteRow<'a>> {
    Table::new("scenario_sections", "note de chaque section à la fin de chaque scénario")
        .text("scenario", "nom du scénario", |it: &FinalNoteRow| it.scenario.to_owned())
        .text("section", "nom de la section", |it| it.section.to_string())
        .real("ng_fin", 2, "note globale après la dernière année", |it| it.note)
}

/// The engineers' own table (DOMAIN.md section 9.1), under their own headings.
#[must_use]
pub fn engineers_table<'a>() -> Table<'a, Indicators> {
    let in_year = |(note, year): (Score, i32)| format!("{:.2} ({year})", note.points());
    Table::new("scenarios", "tableau des scénarios")
        .text("scénario", "", |it: &Indicators| it.name.clone())
        .text("budget", "", |it| it.words.clone())
        .text("choix", "", |it| wording::chosen(it.selection, it.worth.objective, Language::French))
        .real("gain", 3, "", |it| it.worth.gain)
        .text("unité du gain", "", |it| wording::gain_unit(it.worth.objective, Language::French))
        .real("écart à la borne (%)", 3, "", |it| it.worth.gap().map(|it| 100.0 * it))
        .real("gain d’état (points)", 3, "", |it| it.worth.condition)
        .real("NG début", 2, "", |it| it.ng_start)
        .real("NG fin", 2, "", |it| it.ng_end)
        .text("NG+haute (année)", "", move |it| in_year(it.highest))
        .text("NG+basse (année)", "", move |it| it.lowest.map(in_year))
        .real("NG moyenne", 2, "", |it| it.mean)
        .real("budget global", 2, "", |it| it.spent)
        .text("observations", "", |it| it.observations.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::rows::Value;
    use crate::io::rows::example;

    #[test]
    fn the_engineers_table_leaves_the_lowest_note_blank_when_nothing_falls() {
        let rows = example::indicators();
        let table = engineers_table();
        let lowest = table.columns.iter().find(|it| it.name == "NG+basse (année)").unwrap();
        assert_eq!(lowest.of(&rows[0]), Value::Null);
        assert_eq!(lowest.of(&rows[1]), Value::Text("11.20 (2027)".into()));
    }
}
