//! Findings in English.

use super::clocks::clock;
use super::commitments::refused;
use super::conversion;
use super::findings::{instant, seconds};
use super::labels::validity_word;
use super::language::Language;
use super::limits::limit_passed;
use crate::domain::FindingKind;

/// The sentence of a finding in English.
#[expect(clippy::too_many_lines, reason = "one sentence for each kind")]
pub(super) fn english(kind: &FindingKind, note: bool) -> String {
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
        FindingKind::OutsideAreas { first, n_roads, length } => format!(
            "{} outside every polygon, {} in all, {first} among them: nothing is said of them",
            en.counted(*n_roads, "road", "roads"),
            en.distance(length.get())
        ),
        FindingKind::AreasOverlap { one, other, length } => format!(
            "{one} and {other} overlap over {} of road: the first polygon holds",
            en.distance(length.get())
        ),
        FindingKind::MoreOverlaps { n_more } => {
            format!("and {n_more} more overlaps like the one before")
        }
        FindingKind::AreaRow { row, why } if note => format!("polygon {row}: {why}"),
        FindingKind::AreaRow { row, why } => format!("polygon {row} was left out: {why}"),
        FindingKind::BoundariesMissing { layer } => {
            format!("sections were to end at boundaries ({layer}), of which no layer is given")
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
        FindingKind::Told { english, .. } => english.clone(),
        FindingKind::NotResumable { why } => {
            format!("what is filmed cannot be kept for a run that would be stopped: {why}")
        }
        FindingKind::TrackElsewhere { .. }
        | FindingKind::ClockSeen { .. }
        | FindingKind::ClockFound { .. }
        | FindingKind::ClockOfDrive { .. }
        | FindingKind::ClipsApart { .. } => clock(kind, en, |it| instant(it, en)),
        FindingKind::TargetNotMet { words } => {
            format!("what is to be held is not, even with {words}")
        }
        FindingKind::SectorUnfunded { sector } => {
            format!("sector {sector:?} has no part of the money that is divided")
        }
        FindingKind::LimitOfNobody { sector, known } => {
            format!(
                "the number of sites of sector {sector:?} limits nothing: no section with a note belongs to it; sectors known: {}",
                known.join(", ")
            )
        }
        FindingKind::EmissionsUnsaid { treatments } => {
            format!(
                "CO2 is limited, and the catalogue does not say that of {} (co2_kg_per_m2): no such works are chosen",
                treatments.join(", ")
            )
        }
        FindingKind::LimitPassed(it) => limit_passed(it, Language::English),
        FindingKind::SectorUnknown { sector, known } => {
            format!(
                "the money of sector {sector:?} serves nobody: no section with a note belongs to it; sectors known: {}",
                known.join(", ")
            )
        }
        FindingKind::CommitmentRefused(it) => refused(it, Language::English),
    }
}
