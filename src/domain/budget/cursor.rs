//! A place in a budget's text, and the pieces that may stand there.

use super::BudgetError;
use crate::domain::programme::Envelopes;
use crate::domain::units::Euros;

/// Units that amounts may bear, in cents.
const UNITS: [(&str, f64); 3] = [("M€", 1.0e8), ("k€", 1.0e5), ("€", 1.0e2)];

/// No yearly amount reaches this, in cents.
/// Chosen: a thousand times the largest French department's; keeps cents exact in an f64.
const TOO_MUCH: f64 = 1.0e13;

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
        let mut after = self.rest().chars();
        if matches!(after.next(), Some(',' | '.'))
            && after.next().is_some_and(|it| it.is_ascii_digit())
        {
            self.at += 1;
            number.push('.');
            number += &self.digits();
        }
        let number_end = self.at;
        self.spaces();
        let unit = UNITS.iter().find(|(word, _)| self.eat(word));
        if unit.is_none() {
            self.at = number_end;
        }
        let value: f64 = number.parse().expect("digits around at most one point are a number");
        let cents = value * unit.map_or(UNITS[0].1, |(_, cents)| *cents);
        if cents >= TOO_MUCH {
            self.at = start;
            return Err(self.refuse("an amount below 100 000 M€"));
        }
        Ok((Euros::rounded(cents / 100.0), unit.map(|(word, _)| *word)))
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

    /// `(5 ans)`, `x5`, or nothing.
    pub(super) fn years(&mut self) -> Result<Option<u32>, BudgetError> {
        self.spaces();
        let bracket = self.eat("(");
        if !bracket && !self.eat("x") && !self.eat("×") {
            return Ok(None);
        }
        self.spaces();
        let start = self.at;
        let years = self.digits().parse().ok().filter(|it| (1..=MOST_YEARS).contains(it));
        let Some(years) = years else {
            self.at = start;
            return Err(self.refuse("a number of years from 1 to 200"));
        };
        if bracket {
            self.spaces();
            if !["années", "année", "ans", "an", "years", "year"].iter().any(|it| self.eat(it)) {
                return Err(self.refuse("« ans »"));
            }
            self.spaces();
            if !self.eat(")") {
                return Err(self.refuse("« ) »"));
            }
        }
        Ok(Some(years))
    }
}
