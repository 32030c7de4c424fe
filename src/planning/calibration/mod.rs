//! The ageing law fitted to what was observed: two campaigns, or a published table of scenarios.

mod campaigns;
mod cohorts;
mod pairs;
mod profile;
mod robust;
mod search;
mod table;

pub use campaigns::{
    CampaignsError, CampaignsFit, Estimate, Misfit, Quantity, Standing, fit_campaigns,
};
pub use cohorts::{COHORTS, CohortModel, CohortParameters, Played};
pub use pairs::{LEAST_PAIRS, SectionPair};
pub use profile::{ParameterRange, Profile, UNDECIDED, profile};
pub use search::Effort;
pub use table::{
    HeldOut, N_PARAMETERS, ROUGH, Searches, TableFit, fit, held_out, judge, note_gaps, rms,
};
