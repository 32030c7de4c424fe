//! Budgets as engineers write them: `0 (5 ans), puis 13,5+2 (+2 %/an), plus 4 en 2031`.

mod cursor;
mod growth;
mod read;
#[cfg(test)]
mod tests;

pub use growth::GrowthRate;

use super::parameters::PlanYears;
use super::programme::Envelopes;
use super::units::Euros;
use std::fmt;
use std::ops::Range;

/// No yearly amount reaches this.
/// Chosen: a thousand times the largest French department's; keeps cents exact in an f64.
const TOO_MUCH: Euros = Euros::from_cents(10_000_000_000_000);

/// Where and why text is not a budget.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {found}, expected {expected}")]
pub struct BudgetError {
    /// Byte offset of the fault in the text.
    pub at: usize,
    /// Length of the fault in bytes; nothing at the end of the text.
    pub len: usize,
    /// The word found there, in quotes, or `the end`.
    pub found: String,
    /// What could have stood there.
    pub expected: &'static str,
}

/// Why a budget does not fit the years of a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HorizonError {
    /// Some years would have no budget.
    #[error(
        "the phases give {given} years, expected {horizon}; a last phase without years goes on to the end"
    )]
    #[expect(missing_docs, reason = "the message names every field")]
    Short { given: u64, horizon: u32 },
    /// Some phases would have no year.
    #[error(
        "the phases before the last leave no year for it or pass the end: {given} years given, expected at most {horizon}"
    )]
    #[expect(missing_docs, reason = "the message names every field")]
    Long { given: u64, horizon: u32 },
    /// A one-off comes before the programme or after it.
    #[error("found {year}, expected a year of the programme, from {first} to {last}")]
    #[expect(missing_docs, reason = "the message names every field")]
    Outside { year: i32, first: i32, last: i32 },
    /// What grows, or what is added, comes to more than any budget.
    #[error("the budget comes to 100 000 M€ or more in {year}, expected less")]
    #[expect(missing_docs, reason = "the message names every field")]
    TooMuch { year: i32 },
}

/// Envelopes for some years running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetPhase {
    /// How many years; none for "until the end".
    pub years: Option<u32>,
    /// What the first of them gives.
    pub envelopes: Envelopes,
    /// By how much each gives more than the one before, in both envelopes.
    pub growth: GrowthRate,
}

/// A one-off programme (*programme exceptionnel*): money on top of the phases in one calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneOff {
    /// When.
    pub year: i32,
    /// What it adds to each envelope.
    pub envelopes: Envelopes,
}

/// Phases in order, at least one, of which only the last may go on to the end; then one-offs, each in a year
/// of its own.
///
/// A phase is investment, `+` maintenance, a number of years and by how much it grows a year; bare amounts are
/// millions of euros, and `M€`, `k€` or `€` may be said on both. Decimals take a comma or a point; spaces are
/// free. A phase starts with what is written in it, however much the one before grew. The same year twice among
/// the one-offs is refused: a typing error is more likely than two programmes, which are as easily added up.
///
/// # Example
///
/// ```
/// # use voirie::domain::{Budget, Euros, PlanYears};
/// let budget: Budget = "0 (5 ans), puis 13,5+2 (+2 %/an), plus 4 en 2031".parse()?;
/// let years = budget.spread(PlanYears { first_year: 2026, horizon: 15 })?;
/// assert_eq!(years[4].total(), Euros::ZERO);
/// assert_eq!(years[5].investment, Euros::from_millions(13.5 + 4.0));
/// assert_eq!(years[6].investment, Euros::from_millions(13.77));
/// assert_eq!(budget.to_string(), "0 (5 ans), puis 13,5+2 (+2 %/an), plus 4 en 2031");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    phases: Vec<BudgetPhase>,
    one_offs: Vec<OneOff>,
}

impl Budget {
    /// The phases, in order.
    #[must_use]
    pub fn phases(&self) -> &[BudgetPhase] {
        &self.phases
    }

    /// The one-off programmes, as written.
    #[must_use]
    pub fn one_offs(&self) -> &[OneOff] {
        &self.one_offs
    }

    /// Where a budget's text says the year of a one-off, in bytes; nothing when it does not.
    #[must_use]
    pub fn place_of_one_off(text: &str, year: i32) -> Option<Range<usize>> {
        let (budget, places) = read::read(text).ok()?;
        budget.one_offs.iter().zip(places).find(|it| it.0.year == year).map(|it| it.1)
    }

    /// The envelopes of each year of a programme, to the cent.
    ///
    /// # Errors
    ///
    /// When the phases fall short of the horizon or pass it, or leave nothing to the last; when a one-off comes
    /// in a year that the programme does not have; when a year's budget is beyond all measure.
    pub fn spread(&self, programme: PlanYears) -> Result<Vec<Envelopes>, HorizonError> {
        let PlanYears { first_year: first, horizon } = programme;
        let given: u64 = self.phases.iter().filter_map(|it| it.years).map(u64::from).sum();
        let open = self.phases.last().is_some_and(|it| it.years.is_none());
        if given > u64::from(horizon) || (open && given == u64::from(horizon)) {
            return Err(HorizonError::Long { given, horizon });
        }
        if !open && given < u64::from(horizon) {
            return Err(HorizonError::Short { given, horizon });
        }
        let total = horizon as usize;
        let mut years = Vec::with_capacity(total);
        for phase in &self.phases {
            let n_years = phase.years.map_or(total - years.len(), |it| it as usize);
            let amounts = |it| phase.growth.amounts(it, TOO_MUCH);
            let Envelopes { investment, maintenance } = phase.envelopes;
            let both = amounts(investment).zip(amounts(maintenance)).take(n_years);
            years.extend(
                both.map(|(investment, maintenance)| Envelopes { investment, maintenance }),
            );
        }
        for OneOff { year, envelopes } in &self.one_offs {
            let rank = usize::try_from(i64::from(*year) - i64::from(first));
            let last = first.saturating_add_unsigned(horizon.saturating_sub(1));
            let on_top = rank
                .ok()
                .and_then(|it| years.get_mut(it))
                .ok_or(HorizonError::Outside { year: *year, first, last })?;
            on_top.investment += envelopes.investment;
            on_top.maintenance += envelopes.maintenance;
        }
        let too_much = |it: &Envelopes| it.investment.max(it.maintenance) >= TOO_MUCH;
        match (first..).zip(&years).find(|it| too_much(it.1)) {
            Some((year, _)) => Err(HorizonError::TooMuch { year }),
            None => Ok(years),
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (rank, BudgetPhase { years, envelopes, growth }) in self.phases.iter().enumerate() {
            write!(f, "{}{envelopes}", if rank > 0 { ", puis " } else { "" })?;
            let years = years.map(|it| format!("{it} an{}", if it > 1 { "s" } else { "" }));
            let growth = (*growth != GrowthRate::NONE).then(|| growth.to_string());
            match (years, growth) {
                (None, None) => {}
                (Some(one), None) | (None, Some(one)) => write!(f, " ({one})")?,
                (Some(years), Some(growth)) => write!(f, " ({years}, {growth})")?,
            }
        }
        for OneOff { year, envelopes } in &self.one_offs {
            write!(f, ", plus {envelopes} en {year}")?;
        }
        Ok(())
    }
}

/// `13,5+2` in millions of euros; `120 k€ + 20 k€` below one million.
impl fmt::Display for Envelopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let small = self.total() != Euros::ZERO && self.total() < Euros::from_millions(1.0);
        let (places, unit, plus) = if small { (5, " k€", " + ") } else { (8, "", "+") };
        write!(f, "{}{unit}", decimal(self.investment.cents(), places))?;
        if self.maintenance != Euros::ZERO {
            write!(f, "{plus}{}{unit}", decimal(self.maintenance.cents(), places))?;
        }
        Ok(())
    }
}

/// A number of parts as a decimal number of 10^places parts, without trailing zeros.
fn decimal(parts: i64, places: usize) -> String {
    let digits = format!("{parts:0width$}", width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    match part.trim_end_matches('0') {
        "" => whole.to_owned(),
        part => format!("{whole},{part}"),
    }
}
