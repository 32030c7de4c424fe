//! What is limited beside money: purses that hold sites, or emissions.

/// What one site takes of a purse of sites. Chosen: a purse may hold a small part of one, in a sample of the network.
pub const SITE: i64 = 1_000_000;

/// Which purses hold something else than money, and who takes from them.
///
/// A site takes [`SITE`] from its purse of sites, works their grams from that of emissions; neither goes over to
/// another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Of each group of sections, by purse of money.
    sites: Vec<Vec<Option<usize>>>,
    /// By purse of money.
    grams: Vec<usize>,
}

impl Counted {
    /// The purses of sites of each group of sections, by purse of money, none where they are not limited; those of
    /// emissions, by purse of money, empty where they are not limited.
    #[must_use]
    pub const fn new(sites: Vec<Vec<Option<usize>>>, grams: Vec<usize>) -> Self {
        Self { sites, grams }
    }

    /// Whether money alone is limited.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.sites.is_empty() && self.grams.is_empty()
    }

    /// How many purses of so many hold money: they come first.
    #[must_use]
    pub fn n_of_money(&self, n_purses: usize) -> usize {
        let sites = self.sites.iter().flatten().flatten().copied();
        sites.chain(self.grams.iter().copied()).min().unwrap_or(n_purses)
    }

    /// Groups of sections, at least one.
    #[must_use]
    pub fn n_groups(&self) -> usize {
        self.sites.len().max(1)
    }

    /// The purse that a site of a group takes from, beside one of money.
    #[must_use]
    pub fn sites(&self, group: u16, purse: usize) -> Option<usize> {
        *self.sites.get(usize::from(group))?.get(purse)?
    }

    /// The purse that emissions are taken from, beside one of money.
    #[must_use]
    pub fn grams(&self, purse: usize) -> Option<usize> {
        self.grams.get(purse).copied()
    }
}
