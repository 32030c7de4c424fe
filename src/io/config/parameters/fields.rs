//! A table read key by key: every problem is noted, and keys that nobody asked for are refused.

use std::collections::BTreeSet;
use std::fmt;
use toml::{Table, Value};

/// One thing wrong in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, from the top: `treatment[2].notes`.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What could stand there.
    pub expected: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {}, expected {}", self.path, self.found, self.expected)
    }
}

/// A table on its way to becoming a value.
pub struct Fields<'t, 'p> {
    table: &'t Table,
    path: String,
    asked: BTreeSet<String>,
    problems: &'p mut Vec<Problem>,
}

impl<'t, 'p> Fields<'t, 'p> {
    /// Reads `table`, which stands at `path`; problems go to the end of `problems`.
    pub fn new(table: &'t Table, path: &str, problems: &'p mut Vec<Problem>) -> Self {
        Self { table, path: path.to_owned(), asked: BTreeSet::new(), problems }
    }

    /// The path of a key.
    #[must_use]
    pub fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Notes a problem at a key.
    pub fn refuse(&mut self, key: &str, found: impl Into<String>, expected: impl Into<String>) {
        let path = self.path_of(key);
        self.problems.push(Problem { path, found: found.into(), expected: expected.into() });
    }

    /// The value of a key, if it is there; the key is known from now on.
    pub fn get(&mut self, key: &str) -> Option<&'t Value> {
        self.asked.insert(key.to_owned());
        self.table.get(key)
    }

    /// A key that must be there, converted.
    pub fn required<T>(
        &mut self,
        key: &str,
        expected: &str,
        convert: impl FnOnce(&'t Value) -> Option<T>,
    ) -> Option<T> {
        let Some(value) = self.get(key) else {
            self.refuse(key, "nothing", expected);
            return None;
        };
        let converted = convert(value);
        if converted.is_none() {
            self.refuse(key, shown(value), expected);
        }
        converted
    }

    /// A key that may be absent, converted.
    pub fn optional<T>(
        &mut self,
        key: &str,
        expected: &str,
        absent: T,
        convert: impl FnOnce(&'t Value) -> Option<T>,
    ) -> Option<T> {
        if self.get(key).is_some() { self.required(key, expected, convert) } else { Some(absent) }
    }

    /// A number from `low` to `high`.
    pub fn number(&mut self, key: &str, low: f64, high: f64) -> Option<f64> {
        let expected = format!("a number from {low} to {high}");
        self.required(key, &expected, |it| number(it).filter(|it| (low..=high).contains(it)))
    }

    /// A whole number from `low` to `high`.
    pub fn whole(&mut self, key: &str, low: i64, high: i64) -> Option<i64> {
        let expected = format!("a whole number from {low} to {high}");
        self.required(key, &expected, |it| it.as_integer().filter(|it| (low..=high).contains(it)))
    }

    /// A text that is not empty.
    pub fn text(&mut self, key: &str) -> Option<&'t str> {
        self.required(key, "a text", |it| it.as_str().filter(|it| !it.trim().is_empty()))
    }

    /// A table inside this one.
    pub fn table(&mut self, key: &str) -> Option<Fields<'t, '_>> {
        let table = self.required(key, "a table", Value::as_table)?;
        let path = self.path_of(key);
        Some(Fields::new(table, &path, self.problems))
    }

    /// The tables of a list, each read by `read`; none when the list or one of them is wrong.
    pub fn tables<T>(
        &mut self,
        key: &str,
        mut read: impl FnMut(&mut Fields<'t, '_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let list = self.required(key, "a list of tables", Value::as_array)?;
        let mut items = Vec::new();
        for (rank, item) in list.iter().enumerate() {
            let place = format!("{key}[{}]", rank + 1);
            let Some(table) = item.as_table() else {
                self.refuse(&place, shown(item), "a table");
                continue;
            };
            let path = self.path_of(&place);
            let mut fields = Fields::new(table, &path, self.problems);
            items.extend(read(&mut fields));
            fields.refuse_the_rest();
        }
        (items.len() == list.len()).then_some(items)
    }

    /// Refuses every key that was not asked for.
    pub fn refuse_the_rest(&mut self) {
        let known = || self.asked.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let unknown: Vec<_> = self.table.keys().filter(|it| !self.asked.contains(*it)).collect();
        let expected = format!("one of {}", known());
        for key in unknown {
            self.refuse(key, "an unknown key", expected.as_str());
        }
    }
}

/// A number, also as text with a decimal comma and spaces: `"1 234,50"`.
#[must_use]
pub fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Float(it) => *it,
        #[expect(clippy::cast_precision_loss, reason = "settings stay far below 2^53")]
        Value::Integer(it) => *it as f64,
        Value::String(text) => {
            let plain: String = text.chars().filter(|it| !it.is_whitespace()).collect();
            let digits = plain.strip_prefix('-').unwrap_or(&plain);
            if !digits.starts_with(|it: char| it.is_ascii_digit()) {
                return None;
            }
            plain.replacen(',', ".", 1).parse().ok()?
        }
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// So many numbers.
#[must_use]
pub fn numbers<const N: usize>(value: &Value) -> Option<[f64; N]> {
    let list: Option<Vec<_>> = value.as_array()?.iter().map(number).collect();
    list?.try_into().ok()
}

/// A value as the file shows it, cut short.
#[must_use]
pub fn shown(value: &Value) -> String {
    /// Chosen: enough to recognise the value, on one line.
    const MOST: usize = 60;
    let whole = match value {
        Value::Table(_) => "a table".to_owned(),
        _ => value.to_string(),
    };
    let cut: String = whole.chars().take(MOST).collect();
    if cut.len() < whole.len() { format!("{cut}…") } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_with_points_commas_and_spaces() {
        let cases = [
            ("x = 1.8", Some(1.8)),
            ("x = 3", Some(3.0)),
            ("x = \"1 234,50\"", Some(1234.5)),
            ("x = \"-0,5\"", Some(-0.5)),
            ("x = \"1,2,3\"", None),
            ("x = \"inf\"", None),
            ("x = nan", None),
            ("x = \"\"", None),
            ("x = true", None),
        ];
        for (text, want) in cases {
            let table: Table = text.parse().unwrap();
            assert_eq!(number(&table["x"]), want, "{text}");
        }
    }

    #[test]
    fn every_problem_is_noted_with_its_place() {
        let table: Table =
            "low = 7\nspare = 1\n[[item]]\nname = \"\"\n[[item]]\nname = \"b\"\nprise = 3"
                .parse()
                .unwrap();
        let mut problems = Vec::new();
        let mut fields = Fields::new(&table, "here", &mut problems);
        assert_eq!(fields.number("low", 0.0, 5.0), None);
        assert_eq!(fields.whole("missing", 0, 9), None);
        assert_eq!(fields.tables("item", |it| it.text("name").map(str::to_owned)), None);
        fields.refuse_the_rest();
        let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "here.low: found 7, expected a number from 0 to 5",
                "here.missing: found nothing, expected a whole number from 0 to 9",
                "here.item[1].name: found \"\", expected a text",
                "here.item[2].prise: found an unknown key, expected one of name",
                "here.spare: found an unknown key, expected one of item, low, missing",
            ]
        );
    }
}
