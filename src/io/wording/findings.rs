//! Findings in whole sentences.

use super::conversion;
use super::labels::validity_word;
use super::language::{Language, utc};
use crate::domain::{Finding, FindingKind, Seconds, Weight};

/// Says one finding, with its place, in a language.
#[must_use]
pub fn finding(finding: &Finding, language: Language) -> String {
    let note = finding.weight == Weight::Note;
    let said = match language {
        Language::French => french(&finding.kind, note),
        Language::English => english(&finding.kind, note),
    };
    match (finding.place.is_empty(), language) {
        (true, _) => said,
        (false, Language::French) => format!("{}\u{a0}: {said}", finding.place),
        (false, Language::English) => format!("{}: {said}", finding.place),
    }
}

/// A duration or an offset from the start of a clip, in seconds.
fn seconds(at: Seconds, language: Language) -> String {
    format!("{}\u{a0}s", language.number(at.get(), 1))
}

/// An instant to the second, such as `2025-06-12 08:00:00 UTC`; bare seconds when it lies outside
/// the calendar.
fn instant(at: Seconds, language: Language) -> String {
    let readable = |text: String| {
        let (day, time) = text.split_once('T')?;
        Some(format!("{day} {} UTC", time.get(..8)?))
    };
    utc(at).and_then(readable).unwrap_or_else(|| seconds(at, language))
}

#[expect(clippy::too_many_lines, reason = "one sentence for each kind")]
fn french(kind: &FindingKind, note: bool) -> String {
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
        FindingKind::TrackElsewhere { clip, track } => format!(
            "la trace ne dit rien pendant la vidéo : vidéo de {} à {}, trace de {} à {}",
            instant(clip.0, fr),
            instant(clip.1, fr),
            instant(track.0, fr),
            instant(track.1, fr)
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
        FindingKind::Scenario { name, what } => format!("scénario {name} : {what}"),
    }
    .replace(" : ", "\u{a0}: ")
    .replace(" ; ", "\u{a0}; ")
}

#[expect(clippy::too_many_lines, reason = "one sentence for each kind")]
fn english(kind: &FindingKind, note: bool) -> String {
    let en = Language::English;
    let frames = |n| en.counted(n, "frame", "frames");
    match kind {
        FindingKind::ClipUnreadable { why } => format!("the clip cannot be read: {why}"),
        FindingKind::ClipCut { read, announced, why } => {
            format!("the clip ends at frame {read} of {announced} announced: {why}")
        }
        FindingKind::FrameUnreadable { number, why } => {
            format!("frame {number} cannot be decoded: {why}")
        }
        FindingKind::TrackUnreadable { why } => format!("the track cannot be read: {why}"),
        FindingKind::TrackSourceFailed { source, why } => {
            format!("the track of {source} cannot serve: {why}")
        }
        FindingKind::TrackTaken { source } => {
            format!("no track is named: that of {source} was taken")
        }
        FindingKind::FixesRefused { without_lock, imprecise } => format!(
            "{} left out: {without_lock} without lock, {imprecise} too imprecise",
            en.counted(without_lock + imprecise, "position", "positions")
        ),
        FindingKind::ReceiverClockLate { n_fixes, most } => format!(
            "the receiver's clock is wrong for {}, by up to {}: the clip's clock dates them",
            en.counted(*n_fixes, "position", "positions"),
            seconds(*most, en)
        ),
        FindingKind::BadFix { row, found, expected } => {
            format!(
                "point {row} of the track is not a position: found {found}, expected {expected}"
            )
        }
        FindingKind::TrackJump { at, distance, seconds: lasting } => format!(
            "the track jumps {} in {} at {}: one of the two points is wrong",
            en.distance(distance.get()),
            seconds(*lasting, en),
            instant(*at, en)
        ),
        FindingKind::TrackGap { at, seconds: lasting, distance, n_frames } => format!(
            "the receiver was silent for {} at {}, over {}: {} without a place",
            seconds(*lasting, en),
            instant(*at, en),
            en.distance(distance.get()),
            frames(*n_frames)
        ),
        FindingKind::TrackElsewhere { clip, track } => format!(
            "the track says nothing during the clip: clip from {} to {}, track from {} to {}",
            instant(clip.0, en),
            instant(clip.1, en),
            instant(track.0, en),
            instant(track.1, en)
        ),
        FindingKind::ClipWithoutTime { assumed } => format!(
            "the clip does not say when it starts: the start of the track was taken, {}",
            instant(*assumed, en)
        ),
        FindingKind::OffNetwork { n_frames, nearest } => {
            let nearest = nearest.map_or_else(String::new, |it| {
                format!(", the nearest at {}", en.distance(it.get()))
            });
            format!("{} too far from any road of the network{nearest}", frames(*n_frames))
        }
        FindingKind::ReferentialsDiffer { first, second } => format!(
            "different versions of the referential: {} and {}; one reference is not one place in both",
            first.as_deref().unwrap_or("unknown"),
            second.as_deref().unwrap_or("unknown")
        ),
        FindingKind::ReferenceLost { row, found, metres, why } => {
            let part = metres.map_or_else(String::new, |it| {
                format!(", of which {} have no place", en.distance(it.get()))
            });
            let why = conversion::lost(why, en);
            format!("row {row}, {found}{part}: {why}")
        }
        FindingKind::RoadWithoutPr { road } => {
            format!("road {road} has no PR: its references are given in metres from its start")
        }
        FindingKind::RoadEndLoose { road, cumul, other, distance } => {
            format!("road {road} ends (at {cumul}) {distance} from {other} and does not join it")
        }
        FindingKind::RoadBackwards { road, cumul } => {
            format!("the piece of {road} that starts at {cumul} is drawn backwards")
        }
        FindingKind::RoadsAlike { road, other, length } => {
            format!("{road} and {other} are one line drawn twice, {length} long")
        }
        FindingKind::PrMissing { road, first, n_missing } => {
            format!("{road} passes over {n_missing} PR, PR {first} among them")
        }
        FindingKind::MoreNetworkFaults { n_more } => {
            format!("and {n_more} more faults of the network like the one before")
        }
        FindingKind::NetworkRow { row, why } if note => {
            format!("item {row} of the network: {why}")
        }
        FindingKind::NetworkRow { row, why } => {
            format!("item {row} of the network was left out: {why}")
        }
        FindingKind::SurveyRow { row, why } => {
            format!("row {row} of the survey was left out: {why}")
        }
        FindingKind::ColumnUnknown { name } => {
            format!(
                "column {name:?} of the survey was left out: the file of columns does not name it"
            )
        }
        FindingKind::FramesRefused { reason, n_frames } => {
            format!("{} refused: {}", frames(*n_frames), validity_word(reason, en))
        }
        FindingKind::FramesFarApart { n_steps, widest, at_most } => format!(
            "{} between frames over {}, up to {}: there, cells of 5 m lie whole in no frame and \
             count as not seen (every_m, snap)",
            en.counted(*n_steps, "step", "steps"),
            en.distance(at_most.get()),
            en.distance(widest.get())
        ),
        FindingKind::LabelsUnusable { why } => {
            format!("the labelled frame was left out: {why}")
        }
        FindingKind::RedactionFailed { number, why } => {
            format!("frame {number} was dropped: faces and plates could not be hidden: {why}")
        }
        FindingKind::PictureUnwritten { number, n_frames, why } => format!(
            "{} not written; of the first, frame {number}: {why}",
            en.counted(*n_frames, "picture", "pictures")
        ),
        FindingKind::PitchEstimated { degrees, n_frames, spread } => format!(
            "pitch of the camera estimated from the lane: {}° over {}, within {}°",
            en.number(*degrees, 1),
            frames(*n_frames),
            en.number(*spread, 1)
        ),
        FindingKind::OtherSurvey { n_rows, unfilmed } => format!(
            "{} of another survey taken; {}\u{a0}m of them were not filmed and were left",
            en.counted(*n_rows, "row", "rows"),
            en.number(unfilmed.get(), 0)
        ),
        FindingKind::PitchDiffers { configured, degrees, spread } => format!(
            "pitch of the camera: {}° in the file, {}° by the lane (within {}°)",
            en.number(*configured, 1),
            en.number(*degrees, 1),
            en.number(*spread, 1)
        ),
        FindingKind::PitchDrifts { degrees, followed } => format!(
            "the camera turns by {}° from start to end: {}",
            en.number(*degrees, 1),
            if *followed { "followed" } else { "not followed, the pitch of the file is kept" }
        ),
        FindingKind::HeightUnknown { assumed } => format!(
            "edges of the lane not seen: the camera height of the file is kept, {}\u{a0}m",
            en.number(assumed.get(), 2)
        ),
        FindingKind::WindscreenStained { share, refused } => format!(
            "windscreen stained over {} of the lane: {}",
            en.percent(*share, 0),
            if *refused { "frames refused" } else { "frames kept" }
        ),
        FindingKind::PitchUnknown { n_frames } => format!(
            "pitch of the camera unknown: nothing was measured on the ground in {}",
            frames(*n_frames)
        ),
        FindingKind::DirectionUnclear { n_frames } => format!(
            "direction of travel unclear in {}: a U-turn, or the road was left",
            frames(*n_frames)
        ),
        FindingKind::SectionCut { section, missing } => format!(
            "section {section} was seen in part only: {} without a usable frame",
            en.distance(missing.get())
        ),
        FindingKind::SectionWithoutNote { n_sections } => {
            format!(
                "{} without a note, so in no programme",
                en.counted(*n_sections, "section", "sections")
            )
        }
        FindingKind::Scenario { name, what } => format!("scenario {name}: {what}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Metres;

    #[test]
    fn findings_are_said_in_both_languages() {
        let gap = FindingKind::TrackGap {
            at: Seconds::of(1_749_715_200.0),
            seconds: Seconds::of(12.5),
            distance: Metres::of(180.0),
            n_frames: 17,
        };
        let cases = [
            (
                Finding::loss("a.mp4", gap),
                "a.mp4\u{a0}: le récepteur s’est tu 12,5\u{a0}s à 2025-06-12 08:00:00 UTC, \
                 sur 180\u{a0}m\u{a0}: 17\u{a0}images sans position",
                "a.mp4: the receiver was silent for 12.5\u{a0}s at 2025-06-12 08:00:00 UTC, \
                 over 180\u{a0}m: 17\u{a0}frames without a place",
            ),
            (
                Finding::note("", FindingKind::FramesRefused { reason: "blurred", n_frames: 3 }),
                "3\u{a0}images écartées\u{a0}: floue",
                "3\u{a0}frames refused: blurred",
            ),
            (
                Finding::loss("b.mp4", FindingKind::ClipUnreadable { why: "no moov box".into() }),
                "b.mp4\u{a0}: la vidéo ne peut pas être lue «\u{a0}no moov box\u{a0}»",
                "b.mp4: the clip cannot be read: no moov box",
            ),
            (
                Finding::note("c.mp4", FindingKind::FixesRefused { without_lock: 3, imprecise: 1 }),
                "c.mp4\u{a0}: 4\u{a0}positions laissées\u{a0}: 3 sans réception suffisante, \
                 1 trop imprécises",
                "c.mp4: 4\u{a0}positions left out: 3 without lock, 1 too imprecise",
            ),
            (
                Finding::note("c.mp4", FindingKind::TrackTaken { source: "c.gpx".into() }),
                "c.mp4\u{a0}: aucune trace n’est nommée\u{a0}: celle de c.gpx est prise",
                "c.mp4: no track is named: that of c.gpx was taken",
            ),
            (
                Finding::note("", FindingKind::OffNetwork { n_frames: 4, nearest: None }),
                "4\u{a0}images trop loin de toute route du réseau",
                "4\u{a0}frames too far from any road of the network",
            ),
        ];
        for (found, french, english) in cases {
            assert_eq!(finding(&found, Language::French), french);
            assert_eq!(finding(&found, Language::English), english);
        }
    }
}
