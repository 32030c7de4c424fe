//! Labels of the domain's words.

use super::language::Language;
use super::objective::gain_per_euro;
use crate::domain::{
    Carriageway, ClockSource, DefectKind, DefectsSeen, Direction, Envelope, Extent, Family, Lacked,
    NextBest, Reason, SelectionRule, Severity, TreatmentKind, Unrated, Validity, Weight, Why,
};

/// The name of a defect. Source of the French: the national répertoire (DOMAIN.md section 2).
#[must_use]
pub const fn defect(kind: DefectKind, language: Language) -> &'static str {
    let (french, english) = match kind {
        DefectKind::LongitudinalCracking => (
            "fissures longitudinales en bande de roulement",
            "longitudinal cracking in a wheel path",
        ),
        DefectKind::NonWheelPathCracking => (
            "fissures longitudinales hors bande de roulement",
            "longitudinal cracking out of the wheel paths",
        ),
        DefectKind::EdgeCracking => ("fissures de rive", "edge cracking"),
        DefectKind::TransverseCracking => ("fissures transversales", "transverse cracking"),
        DefectKind::AlligatorCracking => ("faïençage", "alligator cracking"),
        DefectKind::BlockCracking => ("fissuration en blocs", "block cracking"),
        DefectKind::Rutting => ("orniérage", "rutting"),
        DefectKind::Depression => ("flaches et affaissements", "depressions"),
        DefectKind::Pothole => ("nids-de-poule", "potholes"),
        DefectKind::Ravelling => ("désenrobage, plumage, pelade", "ravelling"),
        DefectKind::Polishing => ("glaçage", "polishing"),
        DefectKind::Bleeding => ("ressuage", "bleeding"),
        DefectKind::Patching => ("réparations sur découpe", "patching"),
        DefectKind::OtherRepair => ("autres réparations, pontages", "other repairs, sealed cracks"),
    };
    language.pick(french, english)
}

/// How grave.
#[must_use]
pub const fn severity(severity: Severity, language: Language) -> &'static str {
    match severity {
        Severity::Low => language.pick("léger", "low"),
        Severity::Medium => language.pick("marqué", "medium"),
        Severity::High => language.pick("grave", "high"),
    }
}

/// Which note a defect weighs on.
#[must_use]
pub const fn family(family: Family, language: Language) -> &'static str {
    match family {
        Family::Structural => language.pick("structure", "structure"),
        Family::Surface => language.pick("surface", "surface"),
    }
}

/// How the time of a clip's first frame is known.
#[must_use]
pub const fn clock_source(source: ClockSource, language: Language) -> &'static str {
    match source {
        ClockSource::SurveyFile => language.pick("fichier de relevé", "survey file"),
        ClockSource::InsideVideo => language.pick("trace dans la vidéo", "track inside the video"),
        ClockSource::Metadata => language.pick("date de la vidéo", "date of the file"),
        ClockSource::Pictures => {
            language.pick("images comparées à la trace", "pictures against the track")
        }
        ClockSource::ClipBefore => {
            language.pick("autre vidéo du même trajet", "another clip of the drive")
        }
        ClockSource::Assumed => {
            language.pick("début de la trace, supposé", "assumed: start of the track")
        }
    }
}

/// Whether a frame can be believed, or why not.
#[must_use]
pub const fn validity(validity: Validity, language: Language) -> &'static str {
    match validity {
        Validity::Valid => language.pick("utilisable", "usable"),
        Validity::TooSmall => language.pick("trop petite", "too small"),
        Validity::TooLarge => language.pick("trop grande", "too large"),
        Validity::TooDark => language.pick("trop sombre", "too dark"),
        Validity::OverExposed => language.pick("surexposée", "over-exposed"),
        Validity::Blurred => language.pick("floue", "blurred"),
        Validity::Noisy => language.pick("brouillée", "noisy"),
        Validity::LaneNotSeen => language.pick("voie non visible", "lane not seen"),
        Validity::LaneMisshapen => language
            .pick("voie hachée ou sans perspective", "lane in tatters or without perspective"),
        Validity::Obstructed => language.pick("voie masquée par un véhicule", "lane obstructed"),
        Validity::SnowCovered => language.pick("chaussée enneigée", "snow-covered"),
        Validity::Wet => language.pick("chaussée mouillée", "wet"),
        Validity::DirtyWindscreen => language.pick("pare-brise sale", "dirty windscreen"),
    }
}

/// The same from the word used in files; a word of another kind is given back as it is.
#[must_use]
pub fn validity_word(word: &str, language: Language) -> &str {
    Validity::ALL.into_iter().find(|it| it.word() == word).map_or(word, |it| validity(it, language))
}

/// Why a section has no note.
#[must_use]
pub const fn unrated(reason: Unrated, language: Language) -> &'static str {
    match reason {
        Unrated::NotFilmed => language.pick("non filmée", "not filmed"),
        Unrated::NoValidFrame => {
            language.pick("filmée, aucune image utilisable", "filmed, no usable frame")
        }
        Unrated::TooLittleCoverage => {
            language.pick("filmée sur une trop petite part", "too small a part was filmed")
        }
    }
}

/// Which envelope pays.
#[must_use]
pub const fn envelope(envelope: Envelope, language: Language) -> &'static str {
    match envelope {
        Envelope::Investment => language.pick("investissement", "investment"),
        Envelope::Maintenance => language.pick("fonctionnement", "maintenance"),
    }
}

/// A trade of the catalogue.
#[must_use]
pub const fn treatment(kind: TreatmentKind, language: Language) -> &'static str {
    let (french, english) = match kind {
        TreatmentKind::CrackSealing => ("pontage de fissures", "crack sealing"),
        TreatmentKind::Patching => ("point à temps, purges", "patching"),
        TreatmentKind::SurfaceDressing => ("enduit superficiel d’usure", "surface dressing"),
        TreatmentKind::ThinOverlay => ("couche mince (ECF, BBTM, BBM)", "thin overlay"),
        TreatmentKind::MillAndInlay => ("rabotage et BBSG", "mill and inlay"),
        TreatmentKind::StructuralOverlay => ("grave-bitume et BBSG", "structural overlay"),
        TreatmentKind::Reconstruction => ("retraitement et roulement", "reconstruction"),
    };
    language.pick(french, english)
}

/// Which carriageway.
#[must_use]
pub const fn carriageway(side: Carriageway, language: Language) -> &'static str {
    match side {
        Carriageway::Single => language.pick("chaussée unique", "single carriageway"),
        Carriageway::Right => language.pick("chaussée droite", "right carriageway"),
        Carriageway::Left => language.pick("chaussée gauche", "left carriageway"),
    }
}

/// Which direction of travel.
#[must_use]
pub const fn direction(direction: Direction, language: Language) -> &'static str {
    match direction {
        Direction::Increasing => language.pick("sens des PR croissants", "towards higher PRs"),
        Direction::Decreasing => language.pick("sens des PR décroissants", "towards lower PRs"),
    }
}

/// How much a finding matters.
#[must_use]
pub const fn weight(weight: Weight, language: Language) -> &'static str {
    match weight {
        Weight::Note => language.pick("à savoir", "note"),
        Weight::Loss => language.pick("perte", "loss"),
    }
}

/// Why a section got a treatment in a year, as a phrase.
#[must_use]
pub fn reason(reason: &Reason, language: Language) -> String {
    if reason.why == Why::Imposed {
        return why(&reason.why, language);
    }
    let (rank, why) = (reason.rank, why(&reason.why, language));
    let (from, to) = (reason.notes.0.points(), reason.notes.1.points());
    let (from, to) = (language.number(from, 1), language.number(to, 1));
    let mut said = match language {
        Language::French => format!("n°\u{a0}{rank} de l’année, {why} ; notes de {from} à {to}"),
        Language::English => format!("no. {rank} of the year {why}; notes {from} to {to}"),
    };
    for DefectsSeen { kinds, share } in &reason.seen {
        let names: Vec<_> = kinds.iter().map(|it| defect(*it, language)).collect();
        let names = names.join(language.pick(" ou ", " or "));
        let share = language.percent(share.get(), 1);
        let on = language.pick(" sur ", " on ");
        for part in [language.pick(" ; ", "; "), &names, on, &share] {
            said.push_str(part);
        }
    }
    if let Some((other, lacked)) = &reason.instead_of {
        said.push_str(match lacked {
            Lacked::Money => language.pick(" ; enveloppe épuisée pour ", "; no money left for "),
            Lacked::Sites => {
                language.pick(" ; plus de chantier possible pour ", "; no site left for ")
            }
            Lacked::Emissions => {
                language.pick(" ; pas de CO₂ permis pour ", "; no CO2 allowed for ")
            }
        });
        said.push_str(other);
    }
    said.replace(" ;", "\u{a0};")
}

/// What put a section before others.
fn why(why: &Why, language: Language) -> String {
    match why {
        Why::Worst => language.pick("du pire", "from the worst").to_owned(),
        Why::Category => language.pick("par catégorie", "by category").to_owned(),
        Why::Imposed => language.pick("imposés", "imposed").to_owned(),
        Why::Return { objective, gain_per_euro: gain } => {
            let gain = gain_per_euro(*gain, *objective, language);
            let by = language.pick("par gain pour son coût", "by gain for its cost");
            format!("{by} ({gain})")
        }
        Why::Best { next: None } => {
            language.pick("du meilleur programme", "of the best programme").to_owned()
        }
        Why::Best { next: Some(NextBest { works, dearer }) } => {
            let works: Vec<_> = works
                .iter()
                .map(|(year, name)| format!("{name}{}{year}", language.pick(" en ", " in ")))
                .collect();
            let works = if works.is_empty() {
                language.pick("ne rien faire", "no works").to_owned()
            } else {
                works.join(", ")
            };
            let dearer = language.percent(*dearer, 0);
            match language {
                Language::French => format!(
                    "du plus sûr, dans le meilleur programme (à défaut : {works}, si ces travaux coûtaient {dearer} de plus)"
                ),
                Language::English => format!(
                    "from the surest, in the best programme (next best: {works}, if these works cost {dearer} more)"
                ),
            }
        }
    }
}

/// How works are chosen.
#[must_use]
pub const fn selection(rule: SelectionRule, language: Language) -> &'static str {
    match rule {
        SelectionRule::WorstFirst => language.pick("le pire d’abord", "worst first"),
        SelectionRule::Threshold => language.pick("au seuil", "threshold"),
        SelectionRule::BenefitCost => language.pick("gain sur coût", "benefit over cost"),
        SelectionRule::Optimised => language.pick("optimisé", "optimised"),
    }
}

/// How much of a defect, in the measure of its kind, with the unit.
#[must_use]
pub fn extent(extent: Extent, language: Language) -> String {
    match extent {
        Extent::Length(length) => format!("{}\u{a0}m", language.number(length.get(), 1)),
        Extent::Area(area) => format!("{}\u{a0}m²", language.number(area.get(), 1)),
        Extent::Count(count, area) => format!(
            "{} ({}\u{a0}m²)",
            language.number(count, usize::from(count.fract() > 0.05 && count.fract() < 0.95)),
            language.number(area.get(), 2)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Metres, Ratio, Score, SquareMetres};
    use std::collections::BTreeSet;

    #[test]
    fn every_defect_has_its_own_name_in_each_language() {
        for language in [Language::French, Language::English] {
            let names: BTreeSet<_> =
                DefectKind::ALL.iter().map(|it| defect(*it, language)).collect();
            assert_eq!(names.len(), DefectKind::ALL.len());
        }
    }

    #[test]
    fn words_of_files_are_translated_and_others_kept() {
        assert_eq!(validity_word("blurred", Language::French), "floue");
        assert_eq!(validity_word("rain on the lens", Language::French), "rain on the lens");
    }

    #[test]
    fn a_reason_is_a_phrase() {
        let why = Reason {
            why: Why::Worst,
            rank: 3,
            notes: (Score::WORST, Score::clamped(12.0)),
            seen: vec![DefectsSeen {
                kinds: vec![DefectKind::AlligatorCracking, DefectKind::Pothole],
                share: Ratio::clamped(0.23),
            }],
            instead_of: Some(("BBSG".into(), Lacked::Money)),
        };
        assert_eq!(
            reason(&why, Language::French),
            "n°\u{a0}3 de l’année, du pire\u{a0}; notes de 0,0 à 12,0\u{a0}; faïençage ou \
             nids-de-poule sur 23,0\u{a0}%\u{a0}; enveloppe épuisée pour BBSG"
        );
        assert_eq!(
            reason(&why, Language::English),
            "no. 3 of the year from the worst; notes 0.0 to 12.0; alligator cracking or potholes \
             on 23.0%; no money left for BBSG"
        );
    }

    #[test]
    fn extents_carry_their_unit() {
        let cases = [
            (Extent::Length(Metres::of(12.34)), "12,3\u{a0}m"),
            (Extent::Area(SquareMetres::of(5.0)), "5,0\u{a0}m²"),
            (Extent::Count(3.0, SquareMetres::of(0.5)), "3 (0,50\u{a0}m²)"),
        ];
        for (found, want) in cases {
            assert_eq!(extent(found, Language::French), want);
        }
    }
}
