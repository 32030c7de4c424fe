//! The report's own phrases, in both languages.

use crate::domain::Seconds;
use crate::io::wording::{Language, utc};
use std::collections::BTreeMap;

/// Key, French, English. The template fails on a key that is not here.
const TEXTS: &[(&str, &str, &str)] = &[
    ("summary", "Synthèse", "Summary"),
    ("map", "Carte des sections", "Map of the sections"),
    ("worst", "Sections les plus dégradées", "Worst sections"),
    ("scenarios", "Scénarios", "Scenarios"),
    ("means", "Notes moyennes", "Mean notes"),
    ("findings", "Constats", "Findings"),
    ("clips", "Vidéos", "Clips"),
    ("clip", "Vidéo", "Clip"),
    ("clip_starts", "Première image (UTC)", "First frame (UTC)"),
    ("clip_clock", "D’où vient l’heure", "How that is known"),
    ("clip_frames", "Images placées / retenues", "Frames placed / taken"),
    ("privacy", "Vie privée", "Privacy"),
    ("provenance", "Provenance", "Provenance"),
    ("skip", "Aller au contenu", "Skip to the content"),
    ("contents", "Sommaire", "Contents"),
    ("filmed", "Filmé", "Filmed"),
    ("rated", "Noté", "Rated"),
    ("mean_ng", "Note globale moyenne", "Mean global note"),
    ("weighted", "pondérée par la surface notée", "weighted by rated area"),
    ("no_note", "sans note", "no note"),
    ("defects", "Dégradations", "Defects"),
    ("no_defects", "aucune relevée", "none found"),
    ("classes", "Répartition de la surface notée", "Rated area by class"),
    ("section", "Section", "Section"),
    ("road", "Route", "Road"),
    ("length", "Longueur", "Length"),
    ("coverage", "Part vue", "Part seen"),
    ("main_defects", "Principales dégradations", "Main defects"),
    ("show", "Voir sur la carte", "Show on the map"),
    ("sort_hint", "Les titres de colonnes trient le tableau.", "Column headings sort the table."),
    ("zoom_in", "Agrandir", "Zoom in"),
    ("zoom_out", "Réduire", "Zoom out"),
    ("home", "Zone filmée", "Filmed area"),
    ("whole", "Tout le réseau", "Whole network"),
    (
        "map_help",
        "Glisser pour déplacer ; molette après un clic, ou boutons, pour agrandir ; flèches, + et − au clavier. Cliquer une section pour son détail.",
        "Drag to move; wheel after a click, or buttons, to zoom; arrows, + and − on the keyboard. Click a section for its details.",
    ),
    (
        "pick",
        "Cliquer une section de la carte, ou une ligne du tableau, pour lire ses notes, ses dégradations et voir une image.",
        "Click a section of the map, or a row of the table, for its notes, its defects and a picture.",
    ),
    ("unrated", "sans note : non filmée ou mal vue", "no note: not filmed or badly seen"),
    (
        "map_label",
        "Carte : chaque section est un trait, coloré selon la classe de sa note globale ; gris tireté quand elle n’a pas de note. Le tableau qui suit donne les mêmes sections.",
        "Map: each section is a line, coloured by the class of its global note; dashed grey when it has none. The table below gives the same sections.",
    ),
    ("north", "Nord en haut", "North is up"),
    (
        "chart_label",
        "Note globale du réseau en fin d’année, par scénario",
        "Global note of the network at the end of each year, by scenario",
    ),
    (
        "chart_note",
        "L’axe des notes ne part pas de zéro.",
        "The axis of notes does not start at zero.",
    ),
    (
        "compared",
        "Les scénarios comparés, chacun avec ses travaux",
        "The scenarios compared, each with its works",
    ),
    ("scenario", "Scénario", "Scenario"),
    ("budget", "Budget", "Budget"),
    ("ng_start", "NG début", "NG start"),
    ("ng_end", "NG fin", "NG end"),
    ("selection", "Choix des travaux", "Works chosen"),
    ("gain", "Gain", "Gain"),
    ("gap", "Écart à la borne", "Gap to the bound"),
    ("ng_highest", "NG + haute (année)", "Highest NG (year)"),
    ("ng_lowest", "NG + basse (année)", "Lowest NG (year)"),
    ("ng_mean", "NG moyenne", "Mean NG"),
    ("spent", "Budget global", "Total budget"),
    ("observations", "Observations", "Remarks"),
    ("year_by_year", "Année par année", "Year by year"),
    ("year", "Année", "Year"),
    ("investment", "Investissement", "Investment"),
    ("maintenance", "Fonctionnement", "Maintenance"),
    ("spent_of", "dépensé / offert, k€", "spent / offered, k€"),
    ("treated", "Traité", "Treated"),
    ("works", "Travaux prévus", "Planned works"),
    ("category", "Catégorie", "Category"),
    ("sector", "Secteur", "Works unit"),
    ("municipality", "Commune", "Municipality"),
    ("rated_length", "Longueur notée", "Rated length"),
    ("network", "Réseau", "Network"),
    ("lost", "Pertes", "Losses"),
    ("notes", "À savoir", "Worth knowing"),
    ("nothing_found", "Rien à signaler.", "Nothing to report."),
    ("version", "Version", "Version"),
    ("configuration", "Configuration (SHA-256)", "Configuration (SHA-256)"),
    ("model", "Modèle", "Model"),
    ("evidence", "Image anonymisée", "Anonymised picture"),
    ("missing_picture", "image non fournie avec la page", "picture not supplied with the page"),
    ("colon", " : ", ": "),
    (
        "reading",
        "NG est la note globale, NP la note patrimoine (structure), NU la note d’usage (surface), de 0 (à reconstruire) à 20 (sans défaut). Une section que personne n’a filmée n’a pas de note.",
        "NG is the global note, NP the structural note, NU the surface note, from 0 (to be rebuilt) to 20 (flawless). A section that nobody filmed has no note.",
    ),
    (
        "limits",
        "Seuls les fissures et les nids-de-poule sont cherchés dans les images : arrachements, ressuage, glaçage, orniérage, affaissements et réparations ne sont pas observés par ce modèle, ce qui ne veut pas dire qu’il n’y en a pas ; ils ne comptent que s’ils viennent d’un autre relevé (voirie import). La gravité d’une fissure suit sa largeur, mesurée près du véhicule ; faute d’image assez proche, c’est celle du réglage. Chaque dégradation compte à hauteur de sa probabilité, et l’intervalle d’une note est celui où la vraie note se trouve neuf fois sur dix.",
        "Only cracks and potholes are sought in the pictures: ravelling, bleeding, polishing, rutting, depressions and repairs are not observed by this model, which does not mean that there are none; they count only when they come from another survey (voirie import). The severity of a crack follows its width, measured near the vehicle; where no frame is near enough, it is that of the settings. Each defect counts for as much as it is likely, and the interval of a note is where the true one lies nine times in ten.",
    ),
];

/// Every phrase in one language, by key.
pub(super) fn all(language: Language) -> BTreeMap<&'static str, String> {
    TEXTS
        .iter()
        .map(|(key, french, english)| (*key, spaced(language.pick(french, english), language)))
        .collect()
}

/// One phrase.
///
/// # Panics
///
/// On a key that is not there.
pub(super) fn one(key: &str, language: Language) -> String {
    let found = TEXTS.iter().find(|it| it.0 == key).expect("a key of the table above");
    spaced(language.pick(found.1, found.2), language)
}

/// Keeps French double punctuation on the line of its word.
pub(super) fn spaced(text: &str, language: Language) -> String {
    match language {
        Language::French => text.replace(" ;", "\u{a0};").replace(" :", "\u{a0}:"),
        Language::English => text.to_owned(),
    }
}

/// The day of an instant, in words and UTC, such as `12 juin 2025`.
pub(super) fn day(instant: Seconds, language: Language) -> Option<String> {
    const MONTHS: [(&str, &str); 12] = [
        ("janvier", "January"),
        ("février", "February"),
        ("mars", "March"),
        ("avril", "April"),
        ("mai", "May"),
        ("juin", "June"),
        ("juillet", "July"),
        ("août", "August"),
        ("septembre", "September"),
        ("octobre", "October"),
        ("novembre", "November"),
        ("décembre", "December"),
    ];
    let text = utc(instant)?;
    let mut parts = text.split('T').next()?.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (month, day) = (month.parse::<usize>().ok()?, day.parse::<u8>().ok()?);
    let (french, english) = MONTHS.get(month.checked_sub(1)?)?;
    let first = matches!((language, day), (Language::French, 1));
    Some(format!(
        "{day}{} {} {year}",
        if first { "er" } else { "" },
        language.pick(french, english)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_phrase_has_its_own_key_and_both_languages() {
        let keys: BTreeSet<_> = TEXTS.iter().map(|it| it.0).collect();
        assert_eq!(keys.len(), TEXTS.len());
        assert!(TEXTS.iter().all(|it| !it.1.is_empty() && !it.2.is_empty()));
    }

    #[test]
    fn every_phrase_is_used() {
        let sources = [include_str!("page.html"), include_str!("figures.rs")];
        for (key, ..) in TEXTS {
            let (in_page, in_code) = (format!("t.{key}"), format!("text(\"{key}\")"));
            let used = sources.iter().any(|it| it.contains(&in_page) || it.contains(&in_code));
            assert!(used, "{key}");
        }
    }

    #[test]
    fn days_are_said_in_words() {
        let instant = Seconds::of(1_749_715_200.0);
        assert_eq!(day(instant, Language::French).unwrap(), "12 juin 2025");
        assert_eq!(day(Seconds::of(0.0), Language::French).unwrap(), "1er janvier 1970");
        assert_eq!(day(instant, Language::English).unwrap(), "12 June 2025");
    }
}
