//! What became of references of another version, in words.

use super::language::Language;
use crate::domain::{Change, Lost, Metres};

/// Names of the columns that a converted table has more: old reference, distance, share, verdict.
#[must_use]
pub const fn converted_columns(language: Language) -> [&'static str; 4] {
    match language {
        Language::French => ["ancien_repere", "ecart_m", "part", "verdict"],
        Language::English => ["old_reference", "distance_m", "share", "verdict"],
    }
}

/// What became of a reference, in a word.
#[must_use]
pub const fn change(change: Change, language: Language) -> &'static str {
    let (french, english) = match change {
        Change::Same => ("inchangé", "same"),
        Change::Moved => ("recalé", "moved"),
        Change::Reversed => ("inversé", "reversed"),
        Change::Carriageway => ("chaussée", "carriageway"),
        Change::Renamed => ("renommé", "renamed"),
        Change::Split => ("scindé", "split"),
        Change::Partial => ("partiel", "partial"),
    };
    language.pick(french, english)
}

/// Why a reference has no place, after what was found.
pub(super) fn lost(why: &Lost, language: Language) -> String {
    match language {
        Language::French => french(why),
        Language::English => english(why),
    }
}

fn french(why: &Lost) -> String {
    let fr = Language::French;
    let metres = |it: &Metres| fr.distance(it.get());
    match why {
        Lost::RoadUnknown { road } => format!("l’ancien réseau n’a pas de route {road}"),
        Lost::CarriagewayUntold { road } => {
            format!("la {road} a plusieurs chaussées : U, D ou G attendu, ou le sens + ou -")
        }
        Lost::PrUnknown { road, pr } => format!("l’ancienne {road} n’a pas de PR {pr}"),
        Lost::OffRoad { road, cumul, from, to } => format!(
            "cumul {} hors de l’ancienne {road}, attendu entre {} et {}",
            metres(cumul),
            metres(from),
            metres(to)
        ),
        Lost::Backwards { from, to } => {
            format!("la fin (cumul {}) est avant le début (cumul {})", metres(to), metres(from))
        }
        Lost::Contradiction { road, by_pr, by_cumul } => format!(
            "le PR est au cumul {} de l’ancienne {road}, la ligne dit {}",
            metres(by_pr),
            metres(by_cumul)
        ),
        Lost::RoadGone { road, reach } => format!(
            "le nouveau réseau n’a pas de {road}, ni d’autre route à cet endroit (à moins de {})",
            metres(reach)
        ),
        Lost::TooFar { road, nearest, reach } => format!(
            "la nouvelle {road} passe à {}, attendu à moins de {}, et aucune autre n’est à cet endroit",
            metres(nearest),
            metres(reach)
        ),
        Lost::Unlike { road, nearest } => format!(
            "la nouvelle {road} passe à {} mais n’y suit pas l’ancienne (tracé, sens ou chaussée)",
            metres(nearest)
        ),
        Lost::Ambiguous { first, second } => {
            format!("deux routes sont à cet endroit : {first} et {second}, une seule attendue")
        }
        Lost::NoPr { road, cumul } => {
            format!("la nouvelle {road} n’a pas de PR au cumul {} ou avant", metres(cumul))
        }
        Lost::Unreadable { why } => fr.quote(why),
    }
}

fn english(why: &Lost) -> String {
    let en = Language::English;
    let metres = |it: &Metres| en.distance(it.get());
    match why {
        Lost::RoadUnknown { road } => format!("the old network has no road {road}"),
        Lost::CarriagewayUntold { road } => {
            format!("{road} has several carriageways: expected U, D or G, or the direction + or -")
        }
        Lost::PrUnknown { road, pr } => format!("the old {road} has no PR {pr}"),
        Lost::OffRoad { road, cumul, from, to } => format!(
            "cumul {} is off the old {road}, expected between {} and {}",
            metres(cumul),
            metres(from),
            metres(to)
        ),
        Lost::Backwards { from, to } => {
            format!("its end (cumul {}) lies before its start (cumul {})", metres(to), metres(from))
        }
        Lost::Contradiction { road, by_pr, by_cumul } => format!(
            "the PR is at cumul {} of the old {road}, the row says {}",
            metres(by_pr),
            metres(by_cumul)
        ),
        Lost::RoadGone { road, reach } => format!(
            "the new network has no {road}, and no other road there (within {})",
            metres(reach)
        ),
        Lost::TooFar { road, nearest, reach } => format!(
            "the new {road} passes at {}, expected within {}, and no other road is there",
            metres(nearest),
            metres(reach)
        ),
        Lost::Unlike { road, nearest } => format!(
            "the new {road} passes at {} but does not follow the old one there (line, direction or \
             carriageway)",
            metres(nearest)
        ),
        Lost::Ambiguous { first, second } => {
            format!("two roads are there: {first} and {second}, expected one")
        }
        Lost::NoPr { road, cumul } => {
            format!("the new {road} has no PR at cumul {} or before it", metres(cumul))
        }
        Lost::Unreadable { why } => why.clone(),
    }
}
