//! What a year may not exceed, beside its money.

use std::collections::BTreeMap;

/// Sites of one year, at most.
///
/// A site is a run of neighbouring sections treated in one year from one envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteLimit {
    /// In the whole network.
    Whole(u32),
    /// By sector, each site in one; as many as one likes in a sector that is not named.
    Sectors(BTreeMap<String, u32>),
}

/// Yearly limits other than money; carried over to no other year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Sites of both envelopes together.
    pub sites: Option<SiteLimit>,
    /// Emissions of all works, in grams of CO2 equivalent; works of which the catalogue says none are not allowed.
    pub co2_g: Option<i64>,
}

/// A limit that works imposed pass by themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct PassedLimit {
    /// The year; nothing else opens or emits in it.
    pub year: i32,
    /// Which limit, and by how much.
    pub what: PassedWhat,
}

/// What imposed works come to, and what the limit is.
#[derive(Clone, Debug, PartialEq)]
pub enum PassedWhat {
    /// Sites, of a sector where each has its own limit.
    Sites {
        /// Its name.
        sector: Option<String>,
        /// Sites of imposed works.
        imposed: usize,
        /// What is allowed.
        most: usize,
    },
    /// Emissions in tonnes of CO2 equivalent.
    Co2 {
        /// Of imposed works.
        imposed: f64,
        /// What is allowed.
        most: f64,
    },
}

/// Grams of a tonne. Source: by definition.
const GRAMS_PER_TONNE: f64 = 1.0e6;

impl Limits {
    /// Whether there is none.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.sites.is_none() && self.co2_g.is_none()
    }

    /// Whether a site must lie in one sector.
    #[must_use]
    pub const fn is_by_sector(&self) -> bool {
        matches!(self.sites, Some(SiteLimit::Sectors(_)))
    }

    /// Most sites in the whole network, where that is known: not when some sector may have any number.
    #[must_use]
    pub fn most_sites(&self, sectors: &[String]) -> Option<u32> {
        match self.sites.as_ref()? {
            SiteLimit::Whole(most) => Some(*most),
            SiteLimit::Sectors(all) => sectors.iter().map(|it| all.get(it).copied()).sum(),
        }
    }

    /// Emissions in tonnes of CO2 equivalent.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "limits stay far below 2^53 grams")]
    pub fn co2_t(&self) -> Option<f64> {
        self.co2_g.map(|it| it as f64 / GRAMS_PER_TONNE)
    }

    /// Whether all that others let a year have is within these.
    #[must_use]
    pub fn allow_all_of(&self, others: &Self) -> bool {
        let sites = match (&self.sites, &others.sites) {
            (None, _) => true,
            (Some(SiteLimit::Whole(most)), Some(SiteLimit::Whole(others))) => others <= most,
            (Some(SiteLimit::Sectors(most)), Some(SiteLimit::Sectors(others))) => {
                most.iter().all(|(name, most)| others.get(name).is_some_and(|it| it <= most))
            }
            _ => false,
        };
        let co2 = match (self.co2_g, others.co2_g) {
            (None, _) => true,
            (Some(most), Some(others)) => others <= most,
            (Some(_), None) => false,
        };
        sites && co2
    }
}

/// Grams of so many tonnes.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "limits stay far below 2^63 grams")]
pub fn grams_of_tonnes(tonnes: f64) -> i64 {
    (tonnes * GRAMS_PER_TONNE).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sectors(all: &[(&str, u32)]) -> Limits {
        let all = all.iter().map(|(name, most)| ((*name).to_owned(), *most)).collect();
        Limits { sites: Some(SiteLimit::Sectors(all)), co2_g: None }
    }

    fn whole(most: u32) -> Limits {
        Limits { sites: Some(SiteLimit::Whole(most)), co2_g: None }
    }

    #[test]
    fn limits_allow_what_is_no_looser() {
        let none = Limits::default();
        let co2 = |tonnes| Limits { co2_g: Some(grams_of_tonnes(tonnes)), ..Limits::default() };
        assert!(none.allow_all_of(&whole(3)) && !whole(3).allow_all_of(&none));
        assert!(whole(3).allow_all_of(&whole(3)) && !whole(2).allow_all_of(&whole(3)));
        let (one, two) = (sectors(&[("a", 2)]), sectors(&[("a", 1), ("b", 9)]));
        assert!(one.allow_all_of(&two) && !two.allow_all_of(&one) && !one.allow_all_of(&whole(1)));
        assert!(co2(2.0).allow_all_of(&co2(1.5)) && !co2(2.0).allow_all_of(&none));
        assert!(!co2(2.0).allow_all_of(&co2(2.5)) && none.allow_all_of(&co2(2.5)));
    }

    #[test]
    fn what_sectors_may_have_together_is_known_when_all_are_named() {
        let names = ["a".to_owned(), "b".to_owned()];
        assert_eq!(whole(3).most_sites(&names), Some(3));
        assert_eq!(sectors(&[("a", 1), ("b", 9)]).most_sites(&names), Some(10));
        assert_eq!(sectors(&[("a", 1)]).most_sites(&names), None);
        assert_eq!(Limits::default().most_sites(&names), None);
        let it = Limits { co2_g: Some(grams_of_tonnes(12.5)), ..Limits::default() };
        assert_eq!((it.co2_g, it.co2_t()), (Some(12_500_000), Some(12.5)));
    }
}
