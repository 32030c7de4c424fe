//! The page's own phrases, in both languages.

use super::super::texts::spaced;
use crate::io::wording::Language;
use std::collections::BTreeMap;

/// Key, French, English. The template fails on a key that is not here.
const TEXTS: &[(&str, &str, &str)] = &[
    ("title", "Scénarios de travaux", "Works scenarios"),
    ("skip", "Aller au contenu", "Skip to the content"),
    ("contents", "Sommaire", "Contents"),
    ("at_a_glance", "L’essentiel", "At a glance"),
    ("compared", "Comparaison", "Comparison"),
    ("each", "Scénario par scénario", "Scenario by scenario"),
    ("provenance", "Provenance", "Provenance"),
    ("best_end", "Meilleure note à la fin", "Best note at the end"),
    ("best_worth", "Meilleur gain d’état pour un euro", "Best gain by condition for a euro"),
    ("least_backlog", "Plus faible arriéré à la fin", "Smallest backlog at the end"),
    ("fairest", "Secteurs les plus égaux à la fin", "Most equal works units at the end"),
    ("ng_chart", "Note globale en fin d’année", "Global note at the end of the year"),
    (
        "ng_chart_note",
        "L’axe des notes ne part pas de zéro.",
        "The axis of notes does not start at zero.",
    ),
    ("spent_chart", "Dépenses cumulées", "Spending so far"),
    (
        "backlog_chart",
        "Arriéré de travaux en fin d’année",
        "Backlog of works at the end of the year",
    ),
    ("scenario", "Scénario", "Scenario"),
    ("budget", "Budget", "Budget"),
    ("selection", "Choix des travaux", "Works chosen"),
    ("ng_start", "NG début", "NG start"),
    ("ng_end", "NG fin", "NG end"),
    ("ng_highest", "NG + haute (année)", "Highest NG (year)"),
    ("ng_lowest", "NG + basse (année)", "Lowest NG (year)"),
    ("ng_mean", "NG moyenne", "Mean NG"),
    ("spent", "Budget global", "Total budget"),
    ("gain", "Gain", "Gain"),
    ("bound", "Borne", "Bound"),
    ("gap", "Écart à la borne", "Gap to the bound"),
    ("condition", "Gain d’état (points)", "Gain by condition (points)"),
    ("per_million", "Gain d’état par M€", "Gain by condition per M€"),
    ("backlog", "Arriéré à la fin", "Backlog at the end"),
    ("backlog_year", "Arriéré en fin d’année", "Backlog at year end"),
    ("value", "Valeur restante", "Remaining value"),
    ("spread", "Écart entre secteurs", "Spread between works units"),
    ("co2", "CO₂ des travaux", "CO₂ of works"),
    ("sites", "Chantiers", "Sites"),
    ("best", "le meilleur", "best"),
    ("classes_chart", "Part de la surface par classe", "Share of the area by class"),
    ("km_chart", "Kilomètres traités, par nature", "Kilometres treated, by trade"),
    ("no_works", "Aucuns travaux.", "No works."),
    ("works_table", "Travaux par traitement et par année", "Works by treatment and by year"),
    ("treatment", "Traitement", "Treatment"),
    ("total", "Total", "Total"),
    ("km_keuros", "km, puis k€", "km, then k€"),
    ("year_table", "Année par année", "Year by year"),
    ("year", "Année", "Year"),
    ("spent_of", "dépensé / offert, k€", "spent / offered, k€"),
    ("investment", "Investissement", "Investment"),
    ("maintenance", "Fonctionnement", "Maintenance"),
    ("doubt", "Ce qui reste incertain", "What remains uncertain"),
    ("doubt_draws", "Mondes tirés au hasard :", "Worlds drawn at random:"),
    (
        "doubt_fan",
        "Large : neuf tirages sur dix ; étroit : un sur deux ; trait : la médiane de la note globale.",
        "Wide: nine draws in ten; narrow: one in two; line: the median of the global note.",
    ),
    ("doubt_end", "NG fin [9 tirages sur 10]", "NG end [9 draws in 10]"),
    ("doubt_gain", "Gain d’état [9 sur 10]", "Gain by condition [9 in 10]"),
    ("doubt_keeps", "Chances de maintenir la note", "Chances to keep the note"),
    ("doubt_unpaid", "Travaux que les prix empêchent", "Works that prices forbid"),
    (
        "doubt_again",
        "Ce que rapporterait de filmer chaque année (points)",
        "What filming every year would bring (points)",
    ),
    (
        "duels",
        "Chances que la ligne gagne plus que la colonne",
        "Chances that the row gains more than the column",
    ),
    (
        "reading_doubt",
        "Dans chaque monde tiré, les notes de départ, le rythme du vieillissement et les prix diffèrent de ce qu’on croit ; les travaux sont faits comme décidés aujourd’hui, tant que l’enveloppe de l’année les paie. Tous les scénarios rencontrent les mêmes mondes, et leur gain y est le gain d’état, quoi qu’ils servent. « Filmer chaque année » : les mêmes règles, chaque année sur la note vraie ; ± deux erreurs types ; un scénario optimisé y est remplacé par le choix au gain pour son coût. Une note ne dépasse pas 20 : sur un bon réseau, l’erreur des notes fait partir la médiane un peu plus bas que la note affichée.",
        "In each world drawn, the starting notes, the pace of ageing and the prices differ from what is believed; works are carried out as decided today, as long as the year’s envelope pays for them. All scenarios meet the same worlds, and their gain there is that by condition, whatever they serve. “Filming every year”: the same rule, each year on the true note; ± two standard errors; an optimised scenario is replaced there by the choice by gain for its cost. No note passes 20: on a good network, errors of the notes let the median start a little below the note shown.",
    ),
    ("reading", "Lecture", "How to read"),
    (
        "reading_gain",
        "Le gain est une moyenne actualisée sur toutes les années, par rapport à ne rien faire, dans l’unité de ce que le scénario sert : points de note moyenne, par surface et poids de catégorie (état des chaussées) ; « points usagers », de note moyenne par véhicule-kilomètre (usagers) ; euros d’arriéré évités (arriéré). Des gains d’unités différentes ne se comparent pas : le gain d’état, en points, est donné pour tous. La borne est ce qu’aucun programme ne dépasse dans ce budget avec au plus autant de travaux par section qu’il en est essayé (quatre, par défaut), et manque là où rien n’est prouvé. Un petit budget rapporte souvent plus par euro : le gain d’état par M€ se lit avec la note de fin.",
        "The gain is a discounted mean over all years, above doing nothing, in the unit of what the scenario serves: points of the mean note, by area and weight of category (pavement condition); “user points”, of the mean note by vehicle-kilometre (users); euros of backlog avoided (backlog). Gains of different units cannot be compared: the gain by condition, in points, is given for all. The bound is what no programme within the budget passes with at most as many works a section as are tried (four by default), and is missing where nothing is proved. A small budget often brings more for a euro: read the gain by condition per M€ beside the final note.",
    ),
    (
        "reading_backlog",
        "L’arriéré est le coût, aux prix de l’année et hors frais de chantier, des travaux que la note et les défauts de chaque section appellent, les plus adaptés seulement, même là où ses derniers travaux doivent encore reposer. La valeur restante est le coût à neuf des chaussées, au prix du renouvellement le plus lourd de leur catégorie, multiplié par leur note sur 20. L’écart entre secteurs va du secteur le mieux noté au moins bien noté. « ≥ » : le catalogue ne dit pas ce qu’émettent tous les travaux. Un chantier est une suite de sections voisines traitées la même année sur la même enveloppe ; après la barre, ce que le scénario permet dans l’année.",
        "The backlog is the cost, at the year’s prices and without site costs, of the most suitable works that the note and the defects of each section call for, even where its last works must rest still. The remaining value is what the pavements cost anew, at the price of the heaviest renewal of their category, times their note over 20. The spread between works units goes from the best rated to the worst. “≥”: the catalogue does not say what all works emit. A site is a run of neighbouring sections treated in one year from one envelope; after the stroke, what the scenario allows in a year.",
    ),
];

/// Every phrase, by key.
pub(super) fn all(language: Language) -> BTreeMap<&'static str, String> {
    TEXTS.iter().map(|(key, fr, en)| (*key, spaced(language.pick(fr, en), language))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_used_once_and_has_both_languages() {
        let sources = [include_str!("page.html"), include_str!("page.rs")];
        for (rank, (key, fr, en)) in TEXTS.iter().enumerate() {
            assert!(!fr.is_empty() && !en.is_empty(), "{key}");
            assert!(TEXTS[..rank].iter().all(|it| it.0 != *key), "{key} comes twice");
            let (in_page, in_code) = (format!("t.{key}"), format!("\"{key}\""));
            assert!(
                sources.iter().any(|it| it.contains(&in_page) || it.contains(&in_code)),
                "{key}"
            );
        }
    }
}
