//! How the money of a scenario may be spent, beyond what each year gives.

use super::limits::Limits;
use super::units::Ratio;
use std::collections::BTreeMap;

/// What each sector gets.
#[derive(Clone, Debug, PartialEq)]
pub enum SectorShares {
    /// In proportion to its area.
    ByArea,
    /// As said, by name, together the whole; nothing for a sector that is not named.
    Named(BTreeMap<String, Ratio>),
}

/// Money divided between sectors.
#[derive(Clone, Debug, PartialEq)]
pub struct SectorEnvelopes {
    /// What each gets.
    pub shares: SectorShares,
    /// The part of all money that is divided so; the rest goes wherever it serves best.
    pub guaranteed: Ratio,
}

/// How money may be spent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spending {
    /// What a year leaves goes over to the next, in the same envelope.
    pub carry_over: bool,
    /// How it is divided between sectors; none where it goes wherever it serves best.
    pub sectors: Option<SectorEnvelopes>,
    /// What a year may not exceed beside money.
    pub limits: Limits,
}
