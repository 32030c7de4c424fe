//! What `plan` and `ask` start from: a base with notes, budgets, and what is decided.

use super::run::read_scenarios;
use super::score::keep_models;
use crate::domain::{Commitments, Network, Provenance, Scenario, SectionRating};
use crate::io::config::{self, SurveyFile};
use crate::io::geopackage::Base;
use std::path::Path;

/// A base that `score` wrote, with the scenarios to play over it.
pub struct Noted {
    pub file: SurveyFile,
    pub scenarios: Vec<Scenario>,
    pub commitments: Commitments,
    pub network: Network,
    pub ratings: Vec<SectionRating>,
    pub provenance: Provenance,
}

impl Noted {
    /// Reads everything; the base is closed again.
    pub fn read(base: &Path, scenarios: &Path, settings: Option<&Path>) -> anyhow::Result<Self> {
        let file = config::with_defaults(settings)?;
        let (scenarios, commitments) = read_scenarios(Some(scenarios), &file)?;
        let base = Base::open(base)?;
        let network = base.read_network()?;
        let ratings = base.read_sections(&network)?;
        let provenance = keep_models(&file, &base)?;
        Ok(Self { file, scenarios, commitments, network, ratings, provenance })
    }
}
