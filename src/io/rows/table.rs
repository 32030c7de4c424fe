//! Tables: each column says once its name, its type, its meaning and where its value comes from.

use crate::domain::{Euros, Metres, Ratio, Score, Seconds, SquareMetres};
use std::borrow::Cow;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers, with the decimals worth showing. Bases keep them all.
    Real(usize),
    /// UTC instants, ISO 8601 to the millisecond.
    Instant,
}

/// One value of one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Unknown, or without meaning here.
    Null,
    /// Words or an instant.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Real(f64),
}

macro_rules! value_from {
    ($($source:ty => |$it:ident| $value:expr),+ $(,)?) => {
        $(impl From<$source> for Value {
            fn from($it: $source) -> Self {
                $value
            }
        })+
    };
}

value_from!(
    &str => |it| Self::Text(it.to_owned()),
    String => |it| Self::Text(it),
    f64 => |it| Self::Real(it),
    Metres => |it| Self::Real(it.get()),
    SquareMetres => |it| Self::Real(it.get()),
    Seconds => |it| Self::Real(it.get()),
    Ratio => |it| Self::Real(it.get()),
    Score => |it| Self::Real(it.points()),
    Euros => |it| Self::Real(it.get()),
    u8 => |it| Self::Integer(it.into()),
    u16 => |it| Self::Integer(it.into()),
    u32 => |it| Self::Integer(it.into()),
    i32 => |it| Self::Integer(it.into()),
    u64 => |it| Self::Integer(it.try_into().expect("no count comes near 2^63")),
    usize => |it| Self::Integer(it.try_into().expect("no count comes near 2^63")),
);

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One column of a table whose rows are `T`s.
pub struct Column<'a, T> {
    /// Its name in files.
    pub name: Cow<'static, str>,
    /// What it holds.
    pub kind: Kind,
    /// What it means, in French, with its unit.
    pub words: Cow<'static, str>,
    value: Box<dyn Fn(&T) -> Value + 'a>,
}

impl<T> Column<'_, T> {
    /// Its value in one row.
    #[must_use]
    pub fn of(&self, row: &T) -> Value {
        (self.value)(row)
    }
}

/// A table: a name, a meaning, columns in order.
pub struct Table<'a, T> {
    /// Its name in files.
    pub name: &'static str,
    /// What it holds, in French.
    pub words: &'static str,
    /// Its columns.
    pub columns: Vec<Column<'a, T>>,
}

impl<'a, T> Table<'a, T> {
    /// A table without columns yet.
    #[must_use]
    pub const fn new(name: &'static str, words: &'static str) -> Self {
        Self { name, words, columns: Vec::new() }
    }

    /// The same table with one more column.
    #[must_use]
    pub fn column<V: Into<Value>>(
        mut self,
        name: impl Into<Cow<'static, str>>,
        kind: Kind,
        words: impl Into<Cow<'static, str>>,
        value: impl Fn(&T) -> V + 'a,
    ) -> Self {
        let value = Box::new(move |row: &T| value(row).into());
        self.columns.push(Column { name: name.into(), kind, words: words.into(), value });
        self
    }

    /// One more column of words.
    #[must_use]
    pub fn text<V: Into<Value>>(
        self,
        name: &'static str,
        words: &'static str,
        value: impl Fn(&T) -> V + 'a,
    ) -> Self {
        self.column(name, Kind::Text, words, value)
    }

    /// One more column of whole numbers.
    #[must_use]
    pub fn integer<V: Into<Value>>(
        self,
        name: &'static str,
        words: &'static str,
        value: impl Fn(&T) -> V + 'a,
    ) -> Self {
        self.column(name, Kind::Integer, words, value)
    }

    /// One more column of numbers.
    #[must_use]
    pub fn real<V: Into<Value>>(
        self,
        name: &'static str,
        decimals: usize,
        words: &'static str,
        value: impl Fn(&T) -> V + 'a,
    ) -> Self {
        self.column(name, Kind::Real(decimals), words, value)
    }

    /// One more column of instants.
    #[must_use]
    pub fn instant<V: Into<Value>>(
        self,
        name: &'static str,
        words: &'static str,
        value: impl Fn(&T) -> V + 'a,
    ) -> Self {
        self.column(name, Kind::Instant, words, value)
    }

    /// The values of one row, in the columns' order.
    pub fn values<'t>(&'t self, row: &'t T) -> impl Iterator<Item = Value> + 't {
        self.columns.iter().map(move |it| it.of(row))
    }
}

impl Value {
    /// The same value with only the decimals worth showing.
    ///
    /// A number so small that nothing remains is a plain zero, without a sign.
    ///
    /// # Panics
    ///
    /// Never: a printed number reads back.
    #[must_use]
    pub fn rounded(self, kind: Kind) -> Self {
        match (self, kind) {
            (Self::Real(number), Kind::Real(decimals)) => {
                let text = format!("{number:.decimals$}");
                let rounded: f64 = text.parse().expect("a printed number reads back");
                Self::Real(if rounded == 0.0 { 0.0 } else { rounded })
            }
            (other, _) => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_gives_its_values_in_the_order_of_its_columns() {
        let table = Table::<(u32, f64)>::new("t", "exemple")
            .integer("nb", "nombre", |it| it.0)
            .real("m", 1, "mètres", |it| it.1)
            .text("vide", "rien", |_| None::<&str>);
        let values: Vec<_> = table.values(&(3, 2.5)).collect();
        assert_eq!(values, [Value::Integer(3), Value::Real(2.5), Value::Null]);
    }

    #[test]
    fn rounding_leaves_no_negative_zero() {
        assert_eq!(Value::Real(-0.04).rounded(Kind::Real(1)), Value::Real(0.0));
        let zero = Value::Real(-0.04).rounded(Kind::Real(1));
        assert!(matches!(zero, Value::Real(it) if it.is_sign_positive()));
        assert_eq!(Value::Real(1.25).rounded(Kind::Text), Value::Real(1.25));
    }
}
