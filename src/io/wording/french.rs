//! Findings in French.

use super::clocks::clock;
use super::commitments::refused;
use super::conversion;
use super::findings::{instant, seconds};
use super::labels::validity_word;
use super::language::Language;
use super::limits::limit_passed;
use crate::domain::FindingKind;

/// The sentence of a finding in French.
#[expect(clippy::too_many_lines, reason = "one sentence for each kind")]
pub(super) fn french(kind: &FindingKind, note: bool) -> String {
    let fr = Language::French;
    let images = |n| fr.counted(n, "image", "images");
    let quote = |text: &str| fr.quote(text);
    match kind {
        FindingKind::ClipUnreadable { why } => {
            format!("la vidéo ne peut pas être lue {}", quote(why))
        }
        FindingKind::ClipCut { read, announced, why } => {
            format!("la vidéo s’arrête à l’image {read} sur {announced} annoncées {}", quote(why))
        }
        FindingKind::FrameUnreadable { number, why } => {
            format!("l’image {number} ne peut pas être décodée {}", quote(why))
        }
        FindingKind::TrackUnreadable { why } => {
            format!("la trace GPS ne peut pas être lue {}", quote(why))
        }
        FindingKind::TrackSourceFailed { source, why } => {
            format!("la trace de {source} ne peut pas servir {}", quote(why))
        }
        FindingKind::TrackTaken { source } => {
            format!("aucune trace n’est nommée : celle de {source} est prise")
        }
        FindingKind::FixesRefused { without_lock, imprecise } => format!(
            "{} laissées : {without_lock} sans réception suffisante, {imprecise} trop imprécises",
            fr.counted(without_lock + imprecise, "position", "positions")
        ),
        FindingKind::ReceiverClockLate { n_fixes, most } => format!(
            "l’horloge du récepteur est fausse pour {}, jusqu’à {} : celle de la vidéo les date",
            fr.counted(*n_fixes, "position", "positions"),
            seconds(*most, fr)
        ),
        FindingKind::BadFix { row, found, expected } => {
            let found = quote(found);
            format!(
                "le point {row} de la trace n’est pas une position : {found}, attendu {expected}"
            )
        }
        FindingKind::TrackJump { at, distance, seconds: lasting } => format!(
            "la trace saute de {} en {} à {} : un des deux points est faux",
            fr.distance(distance.get()),
            seconds(*lasting, fr),
            instant(*at, fr)
        ),
        FindingKind::TrackGap { at, seconds: lasting, distance, n_frames } => format!(
            "le récepteur s’est tu {} à {}, sur {} : {} sans position",
            seconds(*lasting, fr),
            instant(*at, fr),
            fr.distance(distance.get()),
            images(*n_frames)
        ),
        FindingKind::ClipWithoutTime { assumed } => format!(
            "la vidéo ne dit pas son heure de début : celle de la trace est prise, {}",
            instant(*assumed, fr)
        ),
        FindingKind::OffNetwork { n_frames, nearest } => {
            let nearest = nearest.map_or_else(String::new, |it| {
                format!(", la plus proche à {}", fr.distance(it.get()))
            });
            let n_frames = images(*n_frames);
            format!("{n_frames} trop loin de toute route du réseau{nearest}")
        }
        FindingKind::ReferentialsDiffer { first, second } => format!(
            "versions différentes du référentiel : {} et {} ; les mêmes repères n’y sont pas les mêmes lieux",
            first.as_deref().unwrap_or("inconnue"),
            second.as_deref().unwrap_or("inconnue")
        ),
        FindingKind::ReferenceLost { row, found, metres, why } => {
            let part = metres.map_or_else(String::new, |it| {
                format!(", dont {} sans lieu", fr.distance(it.get()))
            });
            let why = conversion::lost(why, fr);
            format!("ligne {row}, {found}{part} : {why}")
        }
        FindingKind::RoadWithoutPr { road } => {
            format!("la route {road} n’a pas de PR : ses repères sont donnés en cumul")
        }
        FindingKind::RoadEndLoose { road, cumul, other, distance } => format!(
            "la route {road} s’arrête (cumul {}) à {} de la {other} sans la rejoindre",
            fr.distance(cumul.get()),
            fr.distance(distance.get())
        ),
        FindingKind::RoadBackwards { road, cumul } => format!(
            "le tronçon de la {road} qui commence au cumul {} est dessiné à l’envers",
            fr.distance(cumul.get())
        ),
        FindingKind::RoadsAlike { road, other, length } => format!(
            "la {road} et la {other} sont le même tracé, long de {}",
            fr.distance(length.get())
        ),
        FindingKind::PrMissing { road, first, n_missing } => format!(
            "la {road} saute {n_missing} PR, dont le PR {first}"
        ),
        FindingKind::MoreNetworkFaults { n_more } => {
            format!("et {n_more} autres défauts du réseau comme le précédent")
        }
        FindingKind::OutsideAreas { first, n_roads, length } => format!(
            "{} hors de tout polygone, {} en tout, dont la {first} : rien n’en est dit",
            fr.counted(*n_roads, "route", "routes"),
            fr.distance(length.get())
        ),
        FindingKind::AreasOverlap { one, other, length } => format!(
            "{one} et {other} se recouvrent sur {} de route : le premier polygone l’emporte",
            fr.distance(length.get())
        ),
        FindingKind::MoreOverlaps { n_more } => {
            format!("et {n_more} autres recouvrements comme le précédent")
        }
        FindingKind::AreaRow { row, why } if note => format!("polygone {row} : {}", quote(why)),
        FindingKind::AreaRow { row, why } => {
            format!("le polygone {row} est laissé de côté {}", quote(why))
        }
        FindingKind::BoundariesMissing { layer } => format!(
            "les sections devaient finir aux limites ({layer}), dont aucune couche n’est donnée"
        ),
        FindingKind::NetworkRow { row, why } if note => {
            format!("élément {row} du réseau : {}", quote(why))
        }
        FindingKind::NetworkRow { row, why } => {
            format!("l’élément {row} du réseau est laissé de côté {}", quote(why))
        }
        FindingKind::SurveyRow { row, why } => {
            format!("la ligne {row} du relevé est laissée de côté {}", quote(why))
        }
        FindingKind::ColumnUnknown { name } => {
            format!("la colonne {} du relevé est laissée de côté : le fichier des colonnes ne la nomme pas", quote(name))
        }
        FindingKind::FramesRefused { reason, n_frames } => {
            format!(
                "{} : {}",
                fr.counted(*n_frames, "image écartée", "images écartées"),
                validity_word(reason, fr)
            )
        }
        FindingKind::FramesFarApart { n_steps, widest, at_most } => format!(
            "{} entre images dépassent {}, jusqu’à {} : des cellules de 5 m n’y sont vues entières \
             par aucune image et comptent comme non vues (every_m, snap)",
            fr.counted(*n_steps, "pas", "pas"),
            fr.distance(at_most.get()),
            fr.distance(widest.get())
        ),
        FindingKind::LabelsUnusable { why } => {
            format!("l’image annotée est laissée de côté {}", quote(why))
        }
        FindingKind::RedactionFailed { number, why } => format!(
            "l’image {number} est jetée : visages et plaques n’ont pas pu être masqués {}",
            quote(why)
        ),
        FindingKind::PictureUnwritten { number, n_frames, why } => format!(
            "{} ; pour la première, l’image {number} : {}",
            fr.counted(*n_frames, "image non écrite", "images non écrites"),
            quote(why)
        ),
        FindingKind::PitchEstimated { degrees, n_frames, spread } => format!(
            "inclinaison de la caméra estimée d’après la voie : {}° sur {}, à {}° près",
            fr.number(*degrees, 1),
            images(*n_frames),
            fr.number(*spread, 1)
        ),
        FindingKind::OtherSurvey { n_rows, unfilmed } => format!(
            "{} d’un autre relevé, dont {}\u{a0}m non filmés et laissés",
            fr.counted(*n_rows, "ligne reprise", "lignes reprises"),
            fr.number(unfilmed.get(), 0)
        ),
        FindingKind::PitchDiffers { configured, degrees, spread } => format!(
            "inclinaison de la caméra : {}° dans le fichier, {}° d’après la voie (à {}° près)",
            fr.number(*configured, 1),
            fr.number(*degrees, 1),
            fr.number(*spread, 1)
        ),
        FindingKind::PitchDrifts { degrees, followed } => format!(
            "la caméra tourne de {}° du début à la fin : {}",
            fr.number(*degrees, 1),
            if *followed { "suivie" } else { "non suivie, l’inclinaison du fichier est gardée" }
        ),
        FindingKind::HeightUnknown { assumed } => format!(
            "bords de voie non vus : hauteur de caméra du fichier gardée, {}\u{a0}m",
            fr.number(assumed.get(), 2)
        ),
        FindingKind::WindscreenStained { share, refused } => format!(
            "pare-brise taché sur {} de la voie : {}",
            fr.percent(*share, 0),
            if *refused { "images écartées" } else { "images gardées" }
        ),
        FindingKind::PitchUnknown { n_frames } => format!(
            "inclinaison de la caméra inconnue : rien n’est mesuré au sol sur {}",
            images(*n_frames)
        ),
        FindingKind::DirectionUnclear { n_frames } => format!(
            "sens de circulation incertain sur {} : demi-tour ou sortie de route",
            images(*n_frames)
        ),
        FindingKind::SectionCut { section, missing } => format!(
            "la section {section} n’est vue qu’en partie : {} sans image utilisable",
            fr.distance(missing.get())
        ),
        FindingKind::SectionWithoutNote { n_sections } => {
            format!(
                "{} sans note, donc hors de tout programme",
                fr.counted(*n_sections, "section", "sections")
            )
        }
        FindingKind::Told { french, .. } => french.clone(),
        FindingKind::NotResumable { why } => {
            format!("ce qui est analysé ne peut être gardé en cas d’interruption : {why}")
        }
        FindingKind::TrackElsewhere { .. }
        | FindingKind::ClockSeen { .. }
        | FindingKind::ClockFound { .. }
        | FindingKind::ClockOfDrive { .. }
        | FindingKind::ClipsApart { .. } => clock(kind, fr, |it| instant(it, fr)),
        FindingKind::TargetNotMet { words } => {
            format!("l’objectif n’est pas tenu, même avec {words}")
        }
        FindingKind::SectorUnfunded { sector } => {
            format!("le secteur « {sector} » n’a aucune part de l’argent réparti")
        }
        FindingKind::LimitOfNobody { sector, known } => {
            format!(
                "le nombre de chantiers du secteur « {sector} » ne limite rien : aucune section notée n’en est ; secteurs connus : {}",
                known.join(", ")
            )
        }
        FindingKind::EmissionsUnsaid { treatments } => {
            format!(
                "le CO₂ est limité, et le catalogue ne dit pas celui de {} (co2_kg_per_m2) : aucun de ces travaux n’est choisi",
                treatments.join(", ")
            )
        }
        FindingKind::LimitPassed(it) => limit_passed(it, Language::French),
        FindingKind::SectorUnknown { sector, known } => {
            format!(
                "l’argent du secteur « {sector} » ne sert à rien : aucune section notée n’en est ; secteurs connus : {}",
                known.join(", ")
            )
        }
        FindingKind::CommitmentRefused(it) => refused(it, Language::French),
    }
    .replace(" : ", "\u{a0}: ")
    .replace(" ; ", "\u{a0}; ")
}
