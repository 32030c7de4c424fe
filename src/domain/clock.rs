//! The camera's clock against the receiver's.

use super::units::Seconds;

/// What two frames taken shortly one after the other say of how the vehicle moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeenMotion {
    /// Middle of the two, from the start of the clip.
    pub at: Seconds,
    /// Metres per second ahead, as far as the camera's height and pitch are right; none where the road
    /// shows too little.
    pub forward_m_s: Option<f64>,
    /// Degrees per second, clockwise, as far as its field of view is right; none where the distance
    /// shows too little.
    pub turn_deg_s: Option<f64>,
}

/// How the time of a clip's first frame is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockSource {
    /// The survey file gives the start.
    SurveyFile,
    /// The track lies inside the video, on the clock of its frames.
    InsideVideo,
    /// The file's own date.
    Metadata,
    /// The motion that the pictures show, against that of the track.
    Pictures,
    /// The clip before, of which this one is the continuation.
    ClipBefore,
    /// Nothing: the start of the track was taken.
    Assumed,
}

impl ClockSource {
    /// Every one of them.
    pub const ALL: [Self; 6] = [
        Self::SurveyFile,
        Self::InsideVideo,
        Self::Metadata,
        Self::Pictures,
        Self::ClipBefore,
        Self::Assumed,
    ];

    /// The word used in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SurveyFile => "survey_file",
            Self::InsideVideo => "inside_video",
            Self::Metadata => "metadata",
            Self::Pictures => "pictures",
            Self::ClipBefore => "clip_before",
            Self::Assumed => "assumed",
        }
    }
}

/// When a clip starts on the receiver's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClipClock {
    /// How it is known.
    pub source: ClockSource,
    /// Time of the first frame, in seconds since 1970-01-01 UTC.
    pub starts: Seconds,
    /// What was added to the clip's own date, when it has one.
    pub offset: Option<Seconds>,
    /// Standard deviation, when the pictures tell it.
    pub sd: Option<Seconds>,
}

/// What the pictures say of a clip's start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockEstimate {
    /// Time of the first frame on the receiver's clock, in seconds since 1970-01-01 UTC.
    pub starts: Seconds,
    /// Its standard deviation.
    pub sd: Seconds,
}

/// Why the pictures do not tell the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockDoubt {
    /// Too few frames show how the vehicle moves.
    NotSeen,
    /// The track is too long to be searched without a date.
    TooLong,
    /// Speed and turns are alike at several starts: a straight road at one speed, for example.
    SeveralStarts,
}

impl ClockDoubt {
    /// Every one of them.
    pub const ALL: [Self; 3] = [Self::NotSeen, Self::TooLong, Self::SeveralStarts];

    /// The word used in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotSeen => "not_seen",
            Self::TooLong => "track_too_long",
            Self::SeveralStarts => "several_starts",
        }
    }
}
