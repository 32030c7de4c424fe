//! The page's own phrases, in both languages.

use crate::io::wording::Language;
use std::collections::BTreeMap;

/// Key, French, English. The template fails on a key that is not here.
const TEXTS: &[(&str, &str, &str)] = &[
    ("title", "Qualité du modèle de chaussée", "Quality of the pavement model"),
    ("skip", "Aller au contenu", "Skip to the content"),
    ("classes", "Mailles de 16 pixels", "Cells of 16 pixels"),
    (
        "classes_note",
        "Une maille est voie à partir de 50 % de sa surface dessinée, fissurée à partir de 1,5 %, en nid-de-poule à partir de 15 %. Les seuils sont ceux de la fiche du modèle ; « meilleur F1 » est ce que donnerait le meilleur seuil sur ces images mêmes.",
        "A cell is lane from 50 % of its area drawn so, cracked from 1.5 %, pothole from 15 %. Thresholds are those of the model’s card; “best F1” is what the best threshold on these very frames would give.",
    ),
    ("class", "Classe", "Class"),
    ("lane", "voie propre", "own lane"),
    ("crack", "fissure", "crack"),
    ("pothole", "nid-de-poule", "pothole"),
    ("precision", "Précision", "Precision"),
    ("recall", "Rappel", "Recall"),
    ("f1", "F1", "F1"),
    ("iou", "IoU", "IoU"),
    ("average", "Précision moyenne", "Average precision"),
    ("best", "Meilleur F1", "Best F1"),
    ("calibration", "Erreur de calibration", "Calibration error"),
    ("extents", "Étendues le long de la route", "Extents along the road"),
    (
        "extents_note",
        "Part de la voie, mesurée contre dessinée ; chaque point est une tranche de 100 m (20 images où l’abscisse n’est pas en mètres). Limites : 95 % des écarts (Bland et Altman).",
        "Share of the lane, measured against drawn; each dot is a stretch of 100 m (20 frames where chainage is not in metres). Limits: 95 % of differences (Bland and Altman).",
    ),
    ("extent", "Étendue", "Extent"),
    ("cracked_frame", "fissurée, par image", "cracked, by frame"),
    ("cracked_stretch", "fissurée, par tranche", "cracked, by stretch"),
    ("pothole_frame", "en nids-de-poule, par image", "in potholes, by frame"),
    ("pothole_stretch", "en nids-de-poule, par tranche", "in potholes, by stretch"),
    ("pairs", "Couples", "Pairs"),
    ("pearson", "Pearson", "Pearson"),
    ("bias", "Biais relatif", "Relative bias"),
    ("limits", "Limites d’accord", "Limits of agreement"),
    ("drawn", "dessinée", "drawn"),
    ("measured", "mesurée", "measured"),
    ("notes", "Notes par 100 m", "Notes by 100 m"),
    ("notes_chart", "Note globale et son intervalle", "Global note and its interval"),
    (
        "notes_note",
        "Note mesurée contre celle des dessins, par les mêmes règles ; la barre est l’intervalle annoncé, rouge quand il ne la contient pas. Deux passages : une image sur deux, sur le sol que les deux voient.",
        "The note measured against that of the drawings, by the same rules; the bar is the interval claimed, red where it does not hold it. Two passes: every other frame, over the ground that both see.",
    ),
    ("notes_mean", "Écart moyen, points", "Mean difference, points"),
    ("notes_deviation", "Écart-type des écarts", "Standard deviation of differences"),
    ("notes_inside", "Dans l’intervalle", "Within the interval"),
    ("notes_width", "Largeur des intervalles, points", "Width of intervals, points"),
    (
        "notes_passes",
        "Répétabilité de deux passages (tranches)",
        "Repeatability of two passes (stretches)",
    ),
    ("notes_drawn_passes", "Celle des dessins eux-mêmes", "That of the drawings themselves"),
    ("reliability", "Fiabilité des probabilités", "Reliability of probabilities"),
    (
        "reliability_note",
        "Pour les mailles dites fissurées (ou nid-de-poule) avec telle probabilité, la part qui l’est. Sur la diagonale, le modèle dit vrai.",
        "Of the cells said to be cracked (or pothole) with a given probability, the share that is. On the diagonal, the model can be taken at its word.",
    ),
    ("claimed", "probabilité dite", "probability claimed"),
    ("observed", "part observée", "share observed"),
    ("worst", "Les images les plus fausses", "The worst frames"),
    (
        "worst_note",
        "Visages et plaques sont masqués. Plein : trouvé ; tireté : dit à tort ; pointillé clair : manqué. Bleu : fissure ; rouge : nid-de-poule.",
        "Faces and plates are hidden. Solid: found; dashed: claimed wrongly; light dots: missed. Blue: crack; red: pothole.",
    ),
    ("wrong", "mailles fausses", "wrong cells"),
    ("findings", "Constats", "Findings"),
    ("nothing", "Rien à signaler.", "Nothing to report."),
    ("frames", "images mesurées", "frames measured"),
    (
        "shows",
        "« Cette image montre un nid-de-poule » : précision moyenne",
        "“This frame shows a pothole”: average precision",
    ),
    ("provenance", "Provenance", "Provenance"),
    ("unknown", "–", "–"),
];

/// Every phrase, by key.
pub(super) fn all(language: Language) -> BTreeMap<&'static str, &'static str> {
    TEXTS.iter().map(|(key, fr, en)| (*key, language.pick(fr, en))).collect()
}
