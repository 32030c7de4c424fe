//! Rows of what may become of the network.

use super::table::Table;
use crate::domain::{Prospect, Quantiles};
use crate::io::wording::{self, Language};
use std::fmt::Write;

/// How the note may stand at the end of one year of one programme.
#[derive(Clone, Copy, Debug)]
pub struct FanRow<'a> {
    scenario: &'a str,
    year: i32,
    ng: Quantiles,
}

/// Every year of every programme.
#[must_use]
pub fn fans_of(prospects: &[Prospect]) -> Vec<FanRow<'_>> {
    let years = |it: &'_ Prospect| it.ng.clone();
    prospects
        .iter()
        .flat_map(|it| {
            years(it).into_iter().map(|(year, ng)| FanRow { scenario: &it.name, year, ng })
        })
        .collect()
}

/// One row for each scenario; `all` names those that it is held against.
#[must_use]
pub fn scenario_doubts(all: &[Prospect]) -> Table<'_, Prospect> {
    let end = |of: fn(Quantiles) -> f64| move |it: &Prospect| it.ng_end().map(of);
    Table::new("scenario_doubts", "ce que les scénarios peuvent devenir")
        .text("scenario", "nom du scénario", |it: &Prospect| it.name.clone())
        .integer("tirages", "mondes tirés au hasard", |it| it.n_draws)
        .real(
            "ng_fin_5",
            2,
            "note finale sous laquelle tombe un tirage sur vingt",
            end(|it| it.p05),
        )
        .real("ng_fin_50", 2, "note finale médiane", end(|it| it.p50))
        .real("ng_fin_95", 2, "note finale que dépasse un tirage sur vingt", end(|it| it.p95))
        .real(
            "gain_5",
            4,
            "gain d’état, en points, sous lequel tombe un tirage sur vingt",
            |it| it.gain.p05,
        )
        .real("gain_50", 4, "gain d’état médian", |it| it.gain.p50)
        .real("gain_95", 4, "gain d’état que dépasse un tirage sur vingt", |it| it.gain.p95)
        .real(
            "part_maintien",
            3,
            "part des tirages où la note finale est au moins celle du début",
            |it| it.keeps,
        )
        .real("part_impayee", 3, "part des travaux que des prix plus hauts empêchent", |it| {
            it.unpaid
        })
        .text(
            "gagne_contre",
            "part des tirages où son gain d’état passe celui de chaque autre",
            |it| against(it, all),
        )
        .real(
            "refilmer_gain",
            4,
            "points gagnés si les travaux étaient choisis sur la note vraie de chaque année",
            |it| it.filmed_again.map(|it| it.gain),
        )
        .real("refilmer_erreur", 4, "erreur type de ce gain", |it| {
            it.filmed_again.map(|it| it.error)
        })
        .text("refilmer_choix", "comment ces travaux seraient choisis", |it| {
            it.filmed_again.map(|it| wording::selection(it.rule, Language::French).to_owned())
        })
        .integer("refilmer_tirages", "mondes où cela a été joué", |it| {
            it.filmed_again.map(|it| it.n_draws)
        })
}

/// `s02:0.970 s03:0.400`.
fn against(it: &Prospect, all: &[Prospect]) -> String {
    let mut said = String::new();
    for (other, share) in all.iter().zip(&it.beats).filter(|other| other.0.name != it.name) {
        let space = if said.is_empty() { "" } else { " " };
        write!(said, "{space}{}:{share:.3}", other.name).expect("a string takes anything");
    }
    said
}

/// One row for each year of each scenario.
#[must_use]
pub fn scenario_fans<'a>() -> Table<'a, FanRow<'a>> {
    Table::new("scenario_fans", "ce que la note peut devenir, année par année")
        .text("scenario", "nom du scénario", |it: &FanRow| it.scenario.to_owned())
        .integer("annee", "fin de quelle année", |it| it.year)
        .real("ng_5", 2, "note sous laquelle tombe un tirage sur vingt", |it| it.ng.p05)
        .real("ng_25", 2, "note sous laquelle tombe un tirage sur quatre", |it| it.ng.p25)
        .real("ng_50", 2, "note médiane", |it| it.ng.p50)
        .real("ng_75", 2, "note que dépasse un tirage sur quatre", |it| it.ng.p75)
        .real("ng_95", 2, "note que dépasse un tirage sur vingt", |it| it.ng.p95)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::rows::example;

    #[test]
    fn each_scenario_is_held_against_the_others_only() {
        let all = example::prospects();
        assert_eq!(against(&all[0], &all), "s02:0.970");
        assert_eq!(against(&all[1], &all), "s01:0.030");
        assert_eq!(fans_of(&all).len(), 2 * 3);
    }
}
