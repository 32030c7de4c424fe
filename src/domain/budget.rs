//! Budgets as engineers write them: `0 (5 ans), puis 13,5+2`.

mod cursor;

use super::programme::Envelopes;
use super::units::Euros;
use cursor::Cursor;
use std::fmt;
use std::str::FromStr;

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

/// Why a budget does not fill the years of a programme.
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
}

/// The same envelopes for some years running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetPhase {
    /// How many years; none for "until the end".
    pub years: Option<u32>,
    /// What each of them gives.
    pub envelopes: Envelopes,
}

/// Phases in order: at least one, and only the last may go on to the end.
///
/// A phase is investment, `+` maintenance and a number of years; bare amounts are millions of
/// euros, and `M€`, `k€` or `€` may be said on both. Decimals take a comma or a point; spaces are
/// free.
///
/// # Example
///
/// ```
/// # use voirie::domain::{Budget, Euros};
/// let budget: Budget = "0 (5 ans), puis 13,5+2".parse()?;
/// let years = budget.spread(15)?;
/// assert_eq!(years[4].total(), Euros::ZERO);
/// assert_eq!(years[5].investment, Euros::from_millions(13.5));
/// assert_eq!(budget.to_string(), "0 (5 ans), puis 13,5+2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget(Vec<BudgetPhase>);

impl Budget {
    /// The phases, in order.
    #[must_use]
    pub fn phases(&self) -> &[BudgetPhase] {
        &self.0
    }

    /// The envelopes of each year of a programme.
    ///
    /// # Errors
    ///
    /// When the phases fall short of the horizon or pass it, or leave nothing to the last.
    pub fn spread(&self, horizon: u32) -> Result<Vec<Envelopes>, HorizonError> {
        let given: u64 = self.0.iter().filter_map(|it| it.years).map(u64::from).sum();
        let open = self.0.last().is_some_and(|it| it.years.is_none());
        if given > u64::from(horizon) || (open && given == u64::from(horizon)) {
            return Err(HorizonError::Long { given, horizon });
        }
        if !open && given < u64::from(horizon) {
            return Err(HorizonError::Short { given, horizon });
        }
        let total = horizon as usize;
        let mut years = Vec::with_capacity(total);
        for phase in &self.0 {
            let n_years = phase.years.map_or(total - years.len(), |it| it as usize);
            years.extend(std::iter::repeat_n(phase.envelopes, n_years));
        }
        Ok(years)
    }
}

impl FromStr for Budget {
    type Err = BudgetError;

    fn from_str(text: &str) -> Result<Self, BudgetError> {
        let mut cursor = Cursor::new(text);
        let mut phases = Vec::new();
        loop {
            let envelopes = cursor.envelopes()?;
            let years = cursor.years()?;
            phases.push(BudgetPhase { years, envelopes });
            cursor.spaces();
            if cursor.rest().is_empty() {
                return Ok(Self(phases));
            }
            let before = cursor.at();
            let comma = cursor.eat(",");
            cursor.spaces();
            if !(cursor.eat("puis") || cursor.eat("then")) {
                return Err(match (comma, years) {
                    (true, _) => cursor.refuse("« puis »"),
                    (false, Some(_)) => cursor.refuse("« puis » or the end"),
                    (false, None) => {
                        cursor.refuse("« + », a number of years such as (5 ans), or the end")
                    }
                });
            }
            if years.is_none() {
                cursor.back_to(before);
                return Err(cursor
                    .refuse("a number of years such as (5 ans): only the last phase may go on"));
            }
        }
    }
}

impl FromStr for Envelopes {
    type Err = BudgetError;

    /// One year's budget, such as `13,5+2`.
    fn from_str(text: &str) -> Result<Self, BudgetError> {
        let mut cursor = Cursor::new(text);
        let envelopes = cursor.envelopes()?;
        cursor.spaces();
        if cursor.rest().is_empty() {
            Ok(envelopes)
        } else {
            Err(cursor.refuse("« + » or the end"))
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (rank, phase) in self.0.iter().enumerate() {
            if rank > 0 {
                f.write_str(", puis ")?;
            }
            write!(f, "{}", phase.envelopes)?;
            match phase.years {
                None => {}
                Some(1) => f.write_str(" (1 an)")?,
                Some(years) => write!(f, " ({years} ans)")?,
            }
        }
        Ok(())
    }
}

/// `13,5+2` in millions of euros; `120 k€ + 20 k€` below one million.
impl fmt::Display for Envelopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let small = self.total() != Euros::ZERO && self.total() < Euros::from_millions(1.0);
        let (places, unit, plus) = if small { (5, " k€", " + ") } else { (8, "", "+") };
        write!(f, "{}{unit}", decimal(self.investment, places))?;
        if self.maintenance != Euros::ZERO {
            write!(f, "{plus}{}{unit}", decimal(self.maintenance, places))?;
        }
        Ok(())
    }
}

/// Cents as a decimal number of 10^places cents, without trailing zeros.
fn decimal(amount: Euros, places: usize) -> String {
    let digits = format!("{:0width$}", amount.cents(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    match part.trim_end_matches('0') {
        "" => whole.to_owned(),
        part => format!("{whole},{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phase(investment: f64, maintenance: f64, years: impl Into<Option<u32>>) -> BudgetPhase {
        let investment = Euros::from_millions(investment);
        let maintenance = Euros::from_millions(maintenance);
        BudgetPhase { years: years.into(), envelopes: Envelopes { investment, maintenance } }
    }

    #[test]
    fn budgets_parse_as_engineers_write_them() {
        let cases = [
            ("0", vec![phase(0.0, 0.0, None)], "0"),
            ("13,5+2", vec![phase(13.5, 2.0, None)], "13,5+2"),
            ("13.5 + 2 x15", vec![phase(13.5, 2.0, 15)], "13,5+2 (15 ans)"),
            (
                "0 (5 ans), puis 13,5+2",
                vec![phase(0.0, 0.0, 5), phase(13.5, 2.0, None)],
                "0 (5 ans), puis 13,5+2",
            ),
            (
                "11+2(5ans),puis 9+4 (5 years) then 5+10 ( 5 ANS )",
                vec![phase(11.0, 2.0, 5), phase(9.0, 4.0, 5), phase(5.0, 10.0, 5)],
                "11+2 (5 ans), puis 9+4 (5 ans), puis 5+10 (5 ans)",
            ),
            (
                "40+2 (1 an), puis 25",
                vec![phase(40.0, 2.0, 1), phase(25.0, 0.0, None)],
                "40+2 (1 an), puis 25",
            ),
            ("120 k€ + 20 k€", vec![phase(0.12, 0.02, None)], "120 k€ + 20 k€"),
            ("120 000,50 € + 0", vec![phase(0.120_000_5, 0.0, None)], "120,0005 k€"),
            ("13,5 M€ + 2 M€", vec![phase(13.5, 2.0, None)], "13,5+2"),
        ];
        for (text, want, printed) in cases {
            let budget: Budget = text.parse().unwrap();
            assert_eq!(budget.phases(), want, "{text:?}");
            assert_eq!(budget.to_string(), printed, "{text:?}");
        }
    }

    #[test]
    fn a_fault_is_shown_where_it_is() {
        let cases = [
            ("", 0, "found the end, expected an amount such as 13,5"),
            ("13,5+", 5, "found the end, expected an amount such as 13,5"),
            ("0 (cinq ans)", 3, "found \"cinq\", expected a number of years from 1 to 200"),
            ("0 (0 ans)", 3, "found \"0\", expected a number of years from 1 to 200"),
            ("0 (5 mois)", 5, "found \"mois\", expected « ans »"),
            ("0 (5 ans, puis 3", 8, "found \",\", expected « ) »"),
            ("0 (5 ans) 13", 10, "found \"13\", expected « puis » or the end"),
            ("0 (5 ans), 13", 11, "found \"13\", expected « puis »"),
            ("-3", 0, "found \"-3\", expected an amount such as 13,5"),
            (
                "0, puis 13",
                1,
                "found \",\", expected a number of years such as (5 ans): only the last phase may go on",
            ),
            ("référence 13", 0, "found \"référence\", expected an amount such as 13,5"),
            (
                "13 k€ + 2",
                11,
                "found the end, expected a unit (M€, k€ or €) here as on the other amount",
            ),
            ("900000", 0, "found \"900000\", expected an amount below 100 000 M€"),
        ];
        for (text, at, message) in cases {
            let error = text.parse::<Budget>().unwrap_err();
            assert_eq!((error.at, error.to_string().as_str()), (at, message), "{text:?}");
        }
    }

    #[test]
    fn phases_fill_the_horizon_or_are_refused() {
        let spread = |text: &str| text.parse::<Budget>().unwrap().spread(15);
        assert_eq!(spread("13,5+2").unwrap().len(), 15);
        assert_eq!(spread("0 (15 ans)").unwrap().len(), 15);
        assert_eq!(spread("0 (14 ans)"), Err(HorizonError::Short { given: 14, horizon: 15 }));
        assert_eq!(spread("0 (16 ans)"), Err(HorizonError::Long { given: 16, horizon: 15 }));
        assert_eq!(
            spread("0 (15 ans), puis 2"),
            Err(HorizonError::Long { given: 15, horizon: 15 })
        );
        let s10 = spread("0 (5 ans), puis 40+2 (1 an), puis 13+2").unwrap();
        let total: Euros = s10.iter().map(|it| it.total()).sum();
        assert_eq!(total, Euros::from_millions(177.0));
    }

    #[test]
    fn one_year_of_an_irregular_budget_stands_alone() {
        let year: Envelopes = " 8+4 ".parse().unwrap();
        assert_eq!(year, phase(8.0, 4.0, None).envelopes);
        assert_eq!("8+4 (5 ans)".parse::<Envelopes>().unwrap_err().at, 4);
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(
            closed in prop::collection::vec((0..5_000_000_000_i64, 0..500_000_000_i64, 1..20_u32), 0..4),
            last in (0..5_000_000_000_i64, 0..100_000_i64, prop::option::of(1..20_u32)),
        ) {
            let phase = |investment, maintenance, years| BudgetPhase {
                years,
                envelopes: Envelopes {
                    investment: Euros::from_cents(investment),
                    maintenance: Euros::from_cents(maintenance),
                },
            };
            let mut phases: Vec<_> = closed.iter().map(|it| phase(it.0, it.1, Some(it.2))).collect();
            phases.push(phase(last.0, last.1, last.2));
            let budget = Budget(phases);
            prop_assert_eq!(budget.to_string().parse::<Budget>(), Ok(budget));
        }

        #[test]
        fn any_text_is_read_or_refused_within_it(text in "\\PC{0,40}|[0-9 ,.+()xMk€anspui]{0,40}") {
            if let Err(error) = text.parse::<Budget>() {
                prop_assert!(text.get(error.at..error.at + error.len).is_some(), "{error:?}");
            }
        }
    }
}
