//! A place in a budget's text, and the pieces that may stand there.

use super::{BudgetError, BudgetPhase, GrowthRate, TOO_MUCH};
use crate::domain::programme::Envelopes;
use crate::domain::units::Euros;
use std::ops::Range;

/// Units that amounts may bear, in cents.
const UNITS: [(&str, f64); 3] = [("M€", 1.0e8), ("k€", 1.0e5), ("€", 1.0e2)];

/// What years may be called, the longer before those that they begin with.
const YEARS: [&str; 6] = ["années", "année", "ans", "an", "years", "year"];

/// What stands between the percent sign and the year of a rate.
const EACH: [&str; 4] = ["/", "par ", "per ", "a "];

const RATE: &str = "a rate such as +2 %/an";

/// No phase is longer. Chosen: far past any horizon; keeps typing errors out.
const MOST_YEARS: u32 = 200;

/// Place in a text being read.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) const fn at(&self) -> usize {
        self.at
    }

    pub(super) const fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    pub(super) fn spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Steps over a word, whatever its case.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let here = self.rest().get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
        if here {
            self.at += word.len();
        }
        here
    }

    fn digits(&mut self) -> String {
        let digits: String = self.rest().chars().take_while(char::is_ascii_digit).collect();
        self.at += digits.len();
        digits
    }

    pub(super) fn refuse(&self, expected: &'static str) -> BudgetError {
        let breaks = |it: char| it.is_whitespace() || "+(),;".contains(it);
        let mut end = self.rest().find(breaks).unwrap_or(self.rest().len());
        if end == 0 {
            end = self.rest().chars().next().map_or(0, char::len_utf8);
        }
        let found =
            if end == 0 { "the end".to_owned() } else { format!("{:?}", &self.rest()[..end]) };
        BudgetError { at: self.at, len: end, found, expected }
    }

    /// Refuses what has been read from a place on.
    pub(super) fn refuse_from(&self, start: usize, expected: &'static str) -> BudgetError {
        let found = &self.text[start..self.at];
        BudgetError { at: start, len: found.len(), found: format!("{found:?}"), expected }
    }

    /// Envelopes, and how long they are given and grow.
    pub(super) fn phase(&mut self) -> Result<BudgetPhase, BudgetError> {
        let envelopes = self.envelopes()?;
        let (years, growth) = self.terms()?;
        Ok(BudgetPhase { years, envelopes, growth })
    }

    pub(super) fn envelopes(&mut self) -> Result<Envelopes, BudgetError> {
        const BOTH: &str = "a unit (M€, k€ or €) here as on the other amount";
        let (investment, unit) = self.amount()?;
        let (first_end, mut maintenance) = (self.at, Euros::ZERO);
        self.spaces();
        if self.eat("+") {
            let (amount, second) = self.amount()?;
            maintenance = amount;
            if unit.is_none() && second.is_some() && investment != Euros::ZERO {
                self.at = first_end;
                return Err(self.refuse(BOTH));
            }
            if unit.is_some() && second.is_none() && maintenance != Euros::ZERO {
                return Err(self.refuse(BOTH));
            }
        }
        Ok(Envelopes { investment, maintenance })
    }

    /// An amount and its unit.
    fn amount(&mut self) -> Result<(Euros, Option<&'static str>), BudgetError> {
        self.spaces();
        let start = self.at;
        let mut number = self.digits();
        if number.is_empty() {
            return Err(self.refuse("an amount such as 13,5"));
        }
        while let Some(group) = self.group() {
            number += &group;
        }
        number.push('.');
        number += &self.decimals();
        let number_end = self.at;
        self.spaces();
        let unit = UNITS.iter().find(|(word, _)| self.eat(word));
        if unit.is_none() {
            self.at = number_end;
        }
        let value: f64 = number.parse().expect("digits around at most one point are a number");
        let cents = value * unit.map_or(UNITS[0].1, |(_, cents)| *cents);
        if cents >= 100.0 * TOO_MUCH.get() {
            self.at = start;
            return Err(self.refuse("an amount below 100 000 M€"));
        }
        Ok((Euros::rounded(cents / 100.0), unit.map(|(word, _)| *word)))
    }

    /// The digits after a comma or a point, if they are there.
    fn decimals(&mut self) -> String {
        let mut after = self.rest().chars();
        if matches!(after.next(), Some(',' | '.'))
            && after.next().is_some_and(|it| it.is_ascii_digit())
        {
            self.at += 1;
            return self.digits();
        }
        String::new()
    }

    /// The next three digits after a space, as in `120 000`.
    fn group(&mut self) -> Option<String> {
        let mut chars = self.rest().chars();
        let space = chars.next().filter(|it| matches!(it, ' ' | '\u{a0}' | '\u{202f}'))?;
        let digits: String = chars.take_while(char::is_ascii_digit).take(4).collect();
        (digits.len() == 3).then(|| {
            self.at += space.len_utf8() + 3;
            digits
        })
    }

    /// `(5 ans)`, `(5 ans, +2 %/an)`, `(+2 %/an)`, `x5`, `x5 (+2 %/an)`, or nothing.
    fn terms(&mut self) -> Result<(Option<u32>, GrowthRate), BudgetError> {
        self.spaces();
        let mut years = None;
        if self.eat("x") || self.eat("×") {
            years = Some(self.count("a number of years from 1 to 200")?);
            self.spaces();
        }
        if !self.eat("(") {
            return Ok((years, GrowthRate::NONE));
        }
        self.spaces();
        if years.is_none() && !self.rest().starts_with(['+', '-', '−']) {
            years = Some(self.years()?);
            self.spaces();
            if self.eat(")") {
                return Ok((years, GrowthRate::NONE));
            }
            if !self.eat(",") && !self.rest().starts_with(['+', '-', '−']) {
                return Err(self.refuse("« ) » or a rate such as +2 %/an"));
            }
            self.spaces();
        }
        let growth = self.rate()?;
        self.spaces();
        if self.eat(")") { Ok((years, growth)) } else { Err(self.refuse("« ) »")) }
    }

    /// A number of years, as digits.
    fn count(&mut self, expected: &'static str) -> Result<u32, BudgetError> {
        self.spaces();
        let start = self.at;
        let years = self.digits().parse().ok().filter(|it| (1..=MOST_YEARS).contains(it));
        years.ok_or_else(|| {
            self.at = start;
            self.refuse(expected)
        })
    }

    /// `5 ans`.
    fn years(&mut self) -> Result<u32, BudgetError> {
        let start = self.at;
        let years = self.count("a number of years from 1 to 200 or a rate such as +2 %/an")?;
        self.spaces();
        if YEARS.iter().any(|it| self.eat(it)) {
            return Ok(years);
        }
        if self.rest().starts_with(['%', ',', '.']) {
            self.at = start;
            return Err(self.refuse("« + » or « - » before a rate"));
        }
        Err(self.refuse("« ans »"))
    }

    /// `+2 %/an`, `-1,5 % par an`.
    fn rate(&mut self) -> Result<GrowthRate, BudgetError> {
        let start = self.at;
        let sign = match (self.eat("+"), self.eat("-") || self.eat("−")) {
            (true, false) => 1,
            (false, true) => -1,
            _ => {
                self.at = start;
                return Err(self.refuse(RATE));
            }
        };
        self.spaces();
        let whole = self.digits();
        if whole.is_empty() {
            return Err(self.refuse(RATE));
        }
        let decimals = self.decimals();
        let thousandths = format!("{whole}{:0<3}", decimals.trim_end_matches('0'));
        let rate = thousandths.parse::<i32>().ok().filter(|_| thousandths.len() == whole.len() + 3);
        let Some(rate) = rate.and_then(|it| GrowthRate::from_thousandths(sign * it)) else {
            return Err(self.refuse_from(
                start,
                "a rate from -50 to +50 % a year, of no more than three decimals",
            ));
        };
        self.spaces();
        let percent = self.eat("%");
        self.spaces();
        let each = percent && EACH.iter().any(|it| self.eat(it));
        self.spaces();
        if each && YEARS.iter().any(|it| self.eat(it)) {
            Ok(rate)
        } else {
            Err(self.refuse(if percent { "« /an »" } else { "« %/an »" }))
        }
    }

    /// `en 2028`: the year, and where it stands.
    pub(super) fn calendar_year(&mut self) -> Result<(i32, Range<usize>), BudgetError> {
        const YEAR: &str = "a year such as 2028";
        self.spaces();
        if !(self.eat("en") || self.eat("in")) {
            return Err(self.refuse("« + », or « en » and a year such as 2028"));
        }
        self.spaces();
        let start = self.at;
        let digits = self.digits();
        let year = digits.parse().ok().filter(|_| digits.len() == 4);
        let year = year.ok_or_else(|| {
            if digits.is_empty() { self.refuse(YEAR) } else { self.refuse_from(start, YEAR) }
        })?;
        Ok((year, start..self.at))
    }
}
