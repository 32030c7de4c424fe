//! What a year may take: money, sites, emissions.

use crate::domain::{Envelopes, Limits, NetworkState, SiteLimit, Treatment};

/// What a year may take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Means {
    /// Money on offer.
    pub money: Envelopes,
    /// What is limited beside it.
    pub room: Room,
}

impl From<Envelopes> for Means {
    fn from(money: Envelopes) -> Self {
        Self { money, room: Room::default() }
    }
}

/// What is left of the limits of a year, money aside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Sites that may still open; nothing where they are not limited.
    sites: Option<Sites>,
    /// Grams of CO2 equivalent that works may still emit; nothing where they are not limited.
    grams: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Sites {
    by_sector: bool,
    /// In the whole network, or in each sector of it.
    left: Vec<i64>,
}

/// Sites of a sector that may have any number. Chosen: more than sections, and sums with it still are numbers.
const ANY: i64 = i64::MAX / 1000;

impl Room {
    /// What the limits of a scenario leave to each year.
    #[must_use]
    pub fn new(limits: &Limits, network: &NetworkState) -> Self {
        let sites = limits.sites.as_ref().map(|it| match it {
            SiteLimit::Whole(most) => Sites { by_sector: false, left: vec![i64::from(*most)] },
            SiteLimit::Sectors(all) => {
                let most = |name| all.get(name).map_or(ANY, |it| i64::from(*it));
                Sites { by_sector: true, left: network.sectors().iter().map(most).collect() }
            }
        });
        Self { sites, grams: limits.co2_g }
    }

    /// Whether nothing but money is limited.
    #[must_use]
    pub const fn is_endless(&self) -> bool {
        self.sites.is_none() && self.grams.is_none()
    }

    /// Whether a treatment may be had at all: not when its emissions are to be counted and nobody said what they
    /// are.
    pub(super) fn allows(&self, treatment: &Treatment) -> bool {
        self.grams.is_none() || treatment.co2_kg_per_m2.is_some()
    }

    /// How many groups of sections have a number of sites of their own.
    pub(super) fn n_groups(&self) -> usize {
        self.sites.as_ref().map_or(0, |it| it.left.len())
    }

    /// The group of a section.
    pub(super) fn group(&self, network: &NetworkState, index: usize) -> usize {
        match &self.sites {
            Some(Sites { by_sector: true, .. }) => network.sector_of()[index],
            _ => 0,
        }
    }

    /// Sites that may still open in a group, where their number is limited.
    pub(super) fn sites(&self, group: usize) -> Option<i64> {
        self.sites.as_ref().map(|it| it.left[group]).filter(|it| *it < ANY / 2)
    }

    /// Grams of CO2 equivalent that works may still emit, where they are limited.
    pub(super) const fn grams(&self) -> Option<i64> {
        self.grams
    }

    /// The same in tonnes.
    pub(super) fn co2_t(&self) -> Option<f64> {
        Limits { sites: None, co2_g: self.grams }.co2_t()
    }

    /// Counts sites that open; fewer than none are taken back.
    pub(super) fn open(&mut self, group: usize, n: i64) {
        if let Some(it) = &mut self.sites {
            it.left[group] -= n;
        }
    }

    /// Counts emissions; those of works of which nothing is known are nothing.
    pub(super) fn emit(&mut self, grams: Option<i64>) {
        if let Some(left) = &mut self.grams {
            *left -= grams.unwrap_or(0);
        }
    }

    /// Whether more was taken than there was.
    pub(super) fn is_overdrawn(&self) -> bool {
        self.grams.is_some_and(|it| it < 0)
            || self.sites.as_ref().is_some_and(|it| it.left.iter().any(|it| *it < 0))
    }

    /// The same, nothing left where more was taken than there was.
    pub(super) fn or_nothing(mut self) -> Self {
        self.grams = self.grams.map(|it| it.max(0));
        for it in self.sites.iter_mut().flat_map(|it| &mut it.left) {
            *it = (*it).max(0);
        }
        self
    }
}
