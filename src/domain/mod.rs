//! What the words mean: quantities, positions, roads, defects, notes, works.
//!
//! Nothing here reads a file, knows a format or imports another room of the house.

mod aggregate;
mod camera;
mod cells;
mod defect;
mod detection;
mod finding;
mod image;
mod network;
mod parameters;
mod position;
mod programme;
mod provenance;
mod reference;
mod score;
mod survey;
mod tensor;
mod units;

pub use aggregate::{Aggregates, Mean};
pub use camera::{Camera, CameraError, GroundPoint, Horizon};
pub use cells::{CellGrid, CellGridError};
pub use defect::{Defect, DefectKind, Extent, Family, Severity, UnknownWord};
pub use detection::{Detection, PrivateKind};
pub use finding::{Finding, FindingKind, Reported, Weight};
pub use image::{FrameStamp, Image, ImageError, PixelBox, RawFrame};
pub use network::{Network, NetworkFault, PrMark, Road, Section, SectionId};
pub use parameters::{
    AgeingLaw, Catalogue, Curve, Envelope, NoteClass, NoteClasses, ScoringGrid, Treatment,
    TreatmentKind,
};
pub use position::{BoundsError, Fix, Lambert93, Track, Wgs84};
pub use programme::{
    BudgetPhase, Envelopes, Indicators, Programme, Scenario, WorksItem, YearState,
};
pub use provenance::{ModelMark, Provenance};
pub use reference::{Carriageway, Direction, LinearRef, PrAbscisse, ReferenceError, RoadId};
pub use score::{Coverage, Notes, Rating, Score, ScoreError, Unrated};
pub use survey::{
    ClipOutcome, Evidence, GroundMeasure, LocatedDefect, LocatedFrame, RoadCell, RoadPlace, SectionDistress,
    SectionRating, Survey, Validity,
};
pub use tensor::{Tensor, TensorError};
pub use units::{Degrees, Euros, Metres, Ratio, Seconds, SquareMetres, UnitError};
