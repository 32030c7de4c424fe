//! A whole budget, read from its text.

use super::cursor::Cursor;
use super::{Budget, BudgetError, OneOff};
use crate::domain::programme::Envelopes;
use std::ops::Range;
use std::str::FromStr;

/// A budget, and where its text says the year of each one-off.
pub(super) fn read(text: &str) -> Result<(Budget, Vec<Range<usize>>), BudgetError> {
    let mut cursor = Cursor::new(text);
    let mut phases = vec![cursor.phase()?];
    let mut one_offs: Vec<OneOff> = Vec::new();
    let mut places = Vec::new();
    loop {
        cursor.spaces();
        if cursor.rest().is_empty() {
            return Ok((Budget { phases, one_offs }, places));
        }
        let before = cursor.at();
        let comma = cursor.eat(",");
        cursor.spaces();
        let open = phases.last().is_some_and(|it| it.years.is_none());
        if cursor.eat("plus") {
            let envelopes = cursor.envelopes()?;
            let (year, place) = cursor.calendar_year()?;
            if one_offs.iter().any(|it| it.year == year) {
                return Err(cursor
                    .refuse_from(place.start, "a year that no other « plus » has: add them up"));
            }
            one_offs.push(OneOff { year, envelopes });
            places.push(place);
        } else if !one_offs.is_empty() {
            return Err(cursor.refuse("« plus » or the end: all phases come before it"));
        } else if !(cursor.eat("puis") || cursor.eat("then")) {
            return Err(cursor.refuse(match (comma, open) {
                (true, _) => "« puis » or « plus »",
                (false, false) => "« puis », « plus » or the end",
                (false, true) => {
                    "« + », a number of years such as (5 ans), a rate such as (+2 %/an), « plus » or the end"
                }
            }));
        } else if open {
            cursor.back_to(before);
            return Err(
                cursor.refuse("a number of years such as (5 ans): only the last phase may go on")
            );
        } else {
            phases.push(cursor.phase()?);
        }
    }
}

impl FromStr for Budget {
    type Err = BudgetError;

    fn from_str(text: &str) -> Result<Self, BudgetError> {
        read(text).map(|it| it.0)
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
