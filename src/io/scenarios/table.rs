//! A table whose keys and values know their place in the text.

use super::excerpt::Fault;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One value and where it stands.
pub type Place<'a, 'i> = &'a Spanned<DeValue<'i>>;

/// A table being read: faults are collected, and keys that nobody knows are refused.
pub struct PlacedTable<'a, 'i> {
    /// The whole text.
    pub source: &'i str,
    /// The table.
    pub table: &'a DeTable<'i>,
    /// Where it stands, for keys that are missing.
    pub span: Range<usize>,
}

impl<'a, 'i> PlacedTable<'a, 'i> {
    /// Refuses the keys that are not in `known`.
    pub fn only(&self, known: &[&str], faults: &mut Vec<Fault>) {
        for key in self.table.keys().filter(|it| !known.contains(&it.get_ref().as_ref())) {
            let what = format!(
                "found {:?}, which is not a key here; expected one of {}",
                key.get_ref(),
                known.join(", ")
            );
            faults.push(Fault::at(self.source, key.span(), what));
        }
    }

    /// The value of a key, if it is there.
    pub fn get(&self, key: &str) -> Option<Place<'a, 'i>> {
        self.table.iter().find(|(it, _)| it.get_ref() == key).map(|(_, value)| value)
    }

    /// A text that is not empty; `expected` when the key is missing or is something else.
    pub fn text(&self, key: &str, expected: &str, faults: &mut Vec<Fault>) -> Option<&'a str> {
        let Some(value) = self.get(key) else {
            let what = format!("found no {key}, expected {expected}");
            faults.push(Fault::at(self.source, self.span.clone(), what));
            return None;
        };
        let text = value.get_ref().as_str().filter(|it| !it.trim().is_empty());
        if text.is_none() {
            faults.push(self.wrong(value, expected));
        }
        text
    }

    /// A whole number between two bounds, or `absent`.
    pub fn whole(
        &self,
        key: &str,
        (low, high): (i64, i64),
        absent: i64,
        faults: &mut Vec<Fault>,
    ) -> i64 {
        let Some(value) = self.get(key) else { return absent };
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|it| i64::from_str_radix(it.as_str(), it.radix()).ok())
            .filter(|it| (low..=high).contains(it));
        number.unwrap_or_else(|| {
            faults.push(self.wrong(value, &format!("a whole number from {low} to {high}")));
            absent
        })
    }

    /// A value that is not what was expected.
    pub fn wrong(&self, value: Place<'_, 'i>, expected: &str) -> Fault {
        /// Chosen: enough to recognise the value; the line below shows it whole.
        const MOST: usize = 40;
        let written = self.source.get(value.span()).unwrap_or_default();
        let found: String = written.lines().next().unwrap_or_default().chars().take(MOST).collect();
        Fault::at(self.source, value.span(), format!("found {found}, expected {expected}"))
    }
}

/// The bytes of the file that hold a range of a text value.
///
/// Only a value in plain quotes, without escapes, shows its bytes one for one; of others the whole
/// is meant.
pub fn inside(source: &str, value: Place<'_, '_>, range: Range<usize>) -> Range<usize> {
    let span = value.span();
    let plain = value.get_ref().as_str().is_some_and(|text| {
        let written = source.get(span.clone()).unwrap_or_default();
        ['"', '\''].iter().any(|quote| {
            written.strip_prefix(*quote).and_then(|it| it.strip_suffix(*quote)) == Some(text)
        })
    });
    if plain { span.start + 1 + range.start..span.start + 1 + range.end } else { span }
}
