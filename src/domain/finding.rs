//! What went wrong on the way, item by item, without ending the run.

use super::commitments::Refused;
use super::conversion::Lost;
use super::limits::PassedLimit;
use super::units::{Metres, Seconds};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Worth knowing; nothing was lost.
    Note,
    /// Something was left out of the results.
    Loss,
}

/// What was found. Texts in both languages are in `io::wording`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the wording of io::wording names every field")]
pub enum FindingKind {
    /// The clip cannot be read at all; `why` is the reader's own message.
    ClipUnreadable { why: String },
    /// The clip ends before its index says, or is damaged from a point on.
    ClipCut { read: u64, announced: u64, why: String },
    /// One frame cannot be decoded.
    FrameUnreadable { number: u64, why: String },
    /// The track cannot be read at all.
    TrackUnreadable { why: String },
    /// A source of the track cannot serve, and another one does; `why` is the reader's message.
    TrackSourceFailed { source: String, why: String },
    /// No track was named for the clip: this source was taken.
    TrackTaken { source: String },
    /// Fixes that are no positions: the receiver had no lock, or a dilution above 10.
    FixesRefused { without_lock: usize, imprecise: usize },
    /// The receiver's clock was not yet set for these fixes: the clip's dates them.
    ReceiverClockLate { n_fixes: usize, most: Seconds },
    /// A row or point of the track is not a position.
    BadFix { row: usize, found: String, expected: &'static str },
    /// Two successive fixes cannot both be true.
    TrackJump { at: Seconds, distance: Metres, seconds: Seconds },
    /// The receiver was silent for too long; frames in between have no place.
    TrackGap { at: Seconds, seconds: Seconds, distance: Metres, n_frames: usize },
    /// The track says nothing while the clip was filmed.
    /// `hours`: the only whole number of hours by which the clip would have to be moved to lie within
    /// the track, if there is just one: a date in another time zone.
    TrackElsewhere { clip: (Seconds, Seconds), track: (Seconds, Seconds), hours: Option<i32> },
    /// The clip has no start time of its own: the track's start was taken.
    ClipWithoutTime { assumed: Seconds },
    /// The pictures place the clip's start so far from its date, which was kept or moved.
    ClockSeen { offset: Seconds, sd: Seconds, kept: bool },
    /// The pictures place a clip without a date.
    ClockFound { starts: Seconds, sd: Seconds },
    /// The clip's clock is out by as much as that of another clip of the same drive.
    ClockOfDrive { from: String, offset: Seconds, sd: Seconds },
    /// Between the clip before and this one of the same drive, nothing was filmed.
    ClipsApart { before: String, seconds: Seconds },
    /// What an earlier run, stopped since, found and said.
    Told { french: String, english: String },
    /// What was filmed of a clip cannot be kept for a run that would be stopped.
    NotResumable { why: String },
    /// Frames too far from any road of the network, or across it.
    OffNetwork { n_frames: usize, nearest: Option<Metres> },
    /// Rows of another survey were taken; so many metres of them were not filmed.
    OtherSurvey { n_rows: usize, unfilmed: Metres },
    /// A row of another survey was left out.
    SurveyRow { row: String, why: String },
    /// A column of another survey was left out: the file of columns does not name it.
    ColumnUnknown { name: String },
    /// Two networks that should be one version of the referential are two.
    ReferentialsDiffer { first: Option<String>, second: Option<String> },
    /// A reference of another version, or a part of it, has no place in the network.
    ReferenceLost { row: u64, found: String, metres: Option<Metres>, why: Box<Lost> },
    /// A road of the network has no PR.
    RoadWithoutPr { road: String },
    /// The end of a road lies beside another road and does not join it.
    RoadEndLoose { road: String, cumul: Metres, other: String, distance: Metres },
    /// A piece of a road is drawn against its cumul.
    RoadBackwards { road: String, cumul: Metres },
    /// Two roads are drawn over one another.
    RoadsAlike { road: String, other: String, length: Metres },
    /// Numbers of PR that a road passes over.
    PrMissing { road: String, first: u16, n_missing: usize },
    /// More faults of the kind just told.
    MoreNetworkFaults { n_more: usize },
    /// Roads that lie in no area of a layer, the first of them, and how much of them.
    OutsideAreas { first: String, n_roads: usize, length: Metres },
    /// Two areas of a layer overlap where roads are: the first holds.
    AreasOverlap { one: String, other: String, length: Metres },
    /// More areas that overlap.
    MoreOverlaps { n_more: usize },
    /// A row of a layer of areas was left out, or holds what was not expected.
    AreaRow { row: String, why: String },
    /// Sections were to end at boundaries of which no layer was given.
    BoundariesMissing { layer: &'static str },
    /// A road or PR row of the network was left out.
    NetworkRow { row: String, why: String },
    /// Frames farther apart than what one sees: some cells lie whole in none.
    FramesFarApart { n_steps: usize, widest: Metres, at_most: Metres },
    /// Frames refused, by reason.
    FramesRefused { reason: &'static str, n_frames: usize },
    /// A labelled frame cannot be measured: the picture, its mask, or the model on it.
    LabelsUnusable { why: String },
    /// A frame was dropped because faces or plates could not be hidden.
    RedactionFailed { number: u64, why: String },
    /// Pictures could not be written; `why` is that of the first.
    PictureUnwritten { number: u64, n_frames: usize, why: String },
    /// The pitch of the camera was estimated from the lane.
    PitchEstimated { degrees: f64, n_frames: usize, spread: f64 },
    /// The pitch of the file is not what the lane shows.
    PitchDiffers { configured: f64, degrees: f64, spread: f64 },
    /// The pitch turns over the clip, by so many degrees from its start to its end.
    PitchDrifts { degrees: f64, followed: bool },
    /// The lane's width is given and its edges are not seen: the height of the file stands.
    HeightUnknown { assumed: Metres },
    /// A share of the lane is blurred at one place of the frame all along the clip.
    WindscreenStained { share: f64, refused: bool },
    /// The pitch could not be estimated: nothing was measured on the ground for this clip.
    PitchUnknown { n_frames: usize },
    /// The vehicle turned round within a clip, or left its road and came back.
    DirectionUnclear { n_frames: usize },
    /// A section was seen in part: a hole in the track, refused frames, or the end of a clip.
    SectionCut { section: String, missing: Metres },
    /// A section has no note and so enters no programme.
    SectionWithoutNote { n_sections: usize },
    /// Works that a scenario could not impose, or a section that it could not leave alone.
    CommitmentRefused(Box<Refused>),
    /// No multiple of a budget that was tried holds what its scenario asks; `words` is the greatest.
    TargetNotMet { words: String },
    /// Money that a scenario gives to a sector where no section has a note.
    SectorUnknown { sector: String, known: Vec<String> },
    /// A sector that a scenario divides its money without.
    SectorUnfunded { sector: String },
    /// Sites that a scenario limits in a sector where no section has a note.
    LimitOfNobody { sector: String, known: Vec<String> },
    /// Treatments that a scenario cannot have: it limits emissions, and the catalogue says none of theirs.
    EmissionsUnsaid { treatments: Vec<String> },
    /// Works imposed pass a limit of a year by themselves.
    LimitPassed(PassedLimit),
}

/// One thing found: what, where, how much it matters.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The file, road or section concerned.
    pub place: String,
    /// What was found.
    pub kind: FindingKind,
    /// How much it matters.
    pub weight: Weight,
}

impl Finding {
    /// Something was left out of the results.
    #[must_use]
    pub fn loss(place: impl Into<String>, kind: FindingKind) -> Self {
        Self { place: place.into(), kind, weight: Weight::Loss }
    }

    /// Worth knowing.
    #[must_use]
    pub fn note(place: impl Into<String>, kind: FindingKind) -> Self {
        Self { place: place.into(), kind, weight: Weight::Note }
    }
}

/// A value and what went wrong on the way to it, in input order.
#[must_use = "findings must reach the user"]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reported<T> {
    /// The value.
    pub value: T,
    /// What went wrong.
    pub findings: Vec<Finding>,
}

impl<T> Reported<T> {
    /// A value with nothing to say.
    pub const fn clean(value: T) -> Self {
        Self { value, findings: Vec::new() }
    }

    /// Moves the findings into a longer list and gives the value.
    pub fn drain_into(self, all: &mut Vec<Finding>) -> T {
        all.extend(self.findings);
        self.value
    }
}
