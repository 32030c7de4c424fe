//! What the words mean: quantities, positions, roads, defects, notes, works.
//!
//! Nothing here reads a file, knows a format or imports another room of the house.

mod aggregate;
mod budget;
mod calibration;
mod camera;
mod catalogue;
mod cells;
mod clock;
mod commitments;
mod comparison;
mod conversion;
mod coverage;
mod defect;
mod detection;

mod evaluation;
mod finding;
mod image;
mod labels;
mod limits;
mod nearest;
mod network;
mod objective;
mod outlook;
mod parameters;
mod places;
mod position;
mod programme;
mod projection;
mod prospect;
mod provenance;
mod published;
mod question;
mod reference;
mod rules;
mod score;
mod settings;
mod spending;
mod state;
mod stretch;
mod survey;
mod tensor;
mod territory;
mod units;
mod version;

pub use aggregate::{Aggregates, Mean};
pub use budget::{Budget, BudgetError, BudgetPhase, GrowthRate, HorizonError, OneOff};
pub use calibration::{ClipCalibration, FrameCalibration, Spread};
pub use camera::{Camera, CameraError, GroundPoint, Horizon, LengthDoubt};
pub use catalogue::{
    Catalogue, DefectBound, Effect, Envelope, PricedOn, Treatment, TreatmentKind, Trigger,
};
pub use cells::{CellGrid, CellGridError};
pub use clock::{ClipClock, ClockDoubt, ClockEstimate, ClockSource, SeenMotion};
pub use commitments::{
    Commitments, Decision, Frozen, ImposedWorks, OnStretch, Refused, RefusedBecause,
};
pub use comparison::{Comparison, SectionChange, mean_and_deviation};
pub use conversion::{Brought, Change, Lost, NewStretch, OldStretch, WrittenReference};
pub use coverage::{Coverage, Drives, Refusal, Sight};
pub use defect::{Defect, DefectKind, Extent, Family, Severity, UnknownWord};
pub use detection::{Detection, PrivateKind};
pub use evaluation::{
    Agreement, ClassQuality, Evaluation, ExtentQuality, FrameResult, JudgedCell, JudgedFrame,
    NotesQuality, Reliability, ReliabilityBin, SectionNotes, StretchNote, StretchResult, Verdict,
};
pub use finding::{Finding, FindingKind, Reported, Weight};
pub use image::{FrameStamp, Image, ImageError, PixelBox, RawFrame};
pub use labels::{ClassMask, LabelledFrame, MaskError, PixelClass, Stretch};
pub use limits::{Limits, PassedLimit, PassedWhat, SiteLimit, grams_of_tonnes};
pub use nearest::nearest;
pub use network::{Network, NetworkFault, PrMark, Road, Section, SectionId};
pub use objective::{Objective, Worth};
pub use outlook::{Emissions, Outlook, TreatmentYear, YearOutlook};
pub use parameters::{
    AgeingLaw, Correction, Curve, CurveError, Curves, Doubt, Homogeneity, MOST_CHARGED, NoteClass,
    NoteClasses, PlanYears, ScoringGrid, SectionCuts, SectionOrigin,
};
pub use places::Places;
pub use position::{BoundsError, Fix, PlanePoint, Track, Wgs84};
pub use programme::{
    DefectsSeen, Envelopes, Indicators, Lacked, NextBest, Programme, Reason, Scenario, Target, Why,
    WorksItem, YearState,
};
pub use projection::{Plane, Projector};
pub use prospect::{Draws, FilmedAgain, PlanDoubt, Prospect, Quantiles};
pub use provenance::{ModelMark, Provenance};
pub use published::{PublishedScenario, PublishedTable};
pub use question::{
    Answer, Exchanged, ImposedOutcome, ImposingAnswer, LimitsAnswer, LineAnswer, MoneyAnswer,
    Question, QuestionError, QueuePlace, SectionCourse, StartingNote, WhyNot,
};
pub use reference::{Carriageway, Direction, LinearRef, PrAbscisse, ReferenceError, RoadId};
pub use rules::{PlanRules, SelectionRule, World};
pub use score::{NoteInterval, Notes, Rating, Score, ScoreError, Unrated};
pub use settings::{
    CameraSettings, CellThresholds, ClockChoice, DecoderChoice, FrameSettings, LocateLimits,
    MeasureSettings, PrivacySettings, ShapeRules, Snap, SurfaceRules, SurveySettings, TrackLimits,
    ValiditySettings, WidthRules,
};
pub use spending::{SectorEnvelopes, SectorShares, Spending};
pub use state::{DistressShare, NetworkState, NetworkStateError, SectionState};
pub use stretch::{WrittenStretch, WrittenStretchError};
pub use survey::{
    ClipOutcome, ClipSurvey, Evidence, GroundMeasure, ImportedDefect, LocatedDefect, LocatedFrame,
    MeasuredFrame, RoadCell, RoadPlace, RouteLeg, SectionDistress, SectionRating, Survey, Validity,
};
pub use tensor::{Tensor, TensorError};
pub use territory::{Area, AreaFault, AreaName, AreaSpan, Division};
pub use units::{Degrees, Euros, Metres, Ratio, Seconds, SquareMetres, UnitError};
pub use version::{ReferentialVersion, VersionError};
