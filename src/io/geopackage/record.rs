//! One row of the base on its way in, with errors that say which cell was wrong.

use super::error::BaseErrorKind;
use super::geometry::Geometry;
use super::step::Step;
use crate::domain::{Extent, Metres, Network, Ratio, Seconds, SquareMetres};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::BTreeMap;
use std::str::FromStr;

type Found<T> = Result<T, BaseErrorKind>;

/// Whether the base has a table.
pub(super) fn exists(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    let there = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = ?1", [table], |_| Ok(()))
        .optional()?;
    Ok(there.is_some())
}

/// Reads every row of a table, in order.
pub(super) fn each<T>(
    connection: &Connection,
    table: &'static str,
    mut build: impl FnMut(&Record<'_, '_>) -> Found<T>,
) -> Found<Vec<T>> {
    if !exists(connection, table)? {
        let command = Step::of_table(table).word();
        return Err(BaseErrorKind::MissingTable { table, command });
    }
    let mut select = connection.prepare(&format!("SELECT * FROM \"{table}\" ORDER BY fid"))?;
    let mut rows = select.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let number = row.get("fid")?;
        all.push(build(&Record { table, number, row })?);
    }
    Ok(all)
}

/// One row of one table.
pub(super) struct Record<'r, 's> {
    table: &'static str,
    /// Its `fid`.
    pub(super) number: i64,
    row: &'r Row<'s>,
}

impl Record<'_, '_> {
    fn raw(&self, column: &'static str) -> Found<ValueRef<'_>> {
        let missing = BaseErrorKind::MissingColumn { table: self.table, column };
        self.row.get_ref(column).ok().ok_or(missing)
    }

    /// Says that a cell was not what it should be.
    pub(super) fn wrong(&self, column: &'static str, expected: impl Into<String>) -> BaseErrorKind {
        let found = super::tables::shown(self.raw(column).unwrap_or(ValueRef::Null));
        let (table, row) = (self.table, self.number);
        BaseErrorKind::Cell { table, row, column, found, expected: expected.into() }
    }

    /// Words, if any.
    pub(super) fn text_or_none(&self, column: &'static str) -> Found<Option<&str>> {
        match self.raw(column)? {
            ValueRef::Null => Ok(None),
            other => other.as_str().map(Some).ok().ok_or_else(|| self.wrong(column, "words")),
        }
    }

    /// Words.
    pub(super) fn text(&self, column: &'static str) -> Found<&str> {
        self.text_or_none(column)?.ok_or_else(|| self.wrong(column, "words"))
    }

    /// Words that name something.
    pub(super) fn parsed<T: FromStr>(
        &self,
        column: &'static str,
        expected: &'static str,
    ) -> Found<T> {
        self.text(column)?.parse().ok().ok_or_else(|| self.wrong(column, expected))
    }

    /// A finite number, if any.
    pub(super) fn real_or_none(&self, column: &'static str) -> Found<Option<f64>> {
        match self.raw(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Real(it) if it.is_finite() => Ok(Some(it)),
            #[expect(clippy::cast_precision_loss, reason = "editors may drop a `.0`, no more")]
            ValueRef::Integer(it) => Ok(Some(it as f64)),
            _ => Err(self.wrong(column, "a finite number")),
        }
    }

    /// A finite number.
    pub(super) fn real(&self, column: &'static str) -> Found<f64> {
        self.real_or_none(column)?.ok_or_else(|| self.wrong(column, "a finite number"))
    }

    /// A length.
    pub(super) fn metres(&self, column: &'static str) -> Found<Metres> {
        self.real(column).map(Metres::of)
    }

    /// An area.
    pub(super) fn square_metres(&self, column: &'static str) -> Found<SquareMetres> {
        self.real(column).map(SquareMetres::of)
    }

    /// A share, if any.
    pub(super) fn ratio_or_none(&self, column: &'static str) -> Found<Option<Ratio>> {
        let Some(number) = self.real_or_none(column)? else { return Ok(None) };
        Ratio::new(number).map(Some).ok().ok_or_else(|| self.wrong(column, "a share from 0 to 1"))
    }

    /// A share.
    pub(super) fn ratio(&self, column: &'static str) -> Found<Ratio> {
        self.ratio_or_none(column)?.ok_or_else(|| self.wrong(column, "a share from 0 to 1"))
    }

    /// A whole number that fits.
    pub(super) fn whole<T: TryFrom<i64>>(&self, column: &'static str) -> Found<T> {
        match self.raw(column)? {
            ValueRef::Integer(it) => T::try_from(it).ok(),
            _ => None,
        }
        .ok_or_else(|| self.wrong(column, "a whole number in range"))
    }

    /// Whether the table has a column: older formats lack some.
    pub(super) fn has(&self, column: &'static str) -> bool {
        self.raw(column).is_ok()
    }

    /// A whole number that fits; nothing where there is none, or no such column.
    pub(super) fn whole_or_none<T: TryFrom<i64>>(&self, column: &'static str) -> Found<Option<T>> {
        match self.raw(column) {
            Err(_) | Ok(ValueRef::Null) => Ok(None),
            Ok(_) => self.whole(column).map(Some),
        }
    }

    /// An instant; nothing where there is none, or no such column.
    pub(super) fn instant_or_none(&self, column: &'static str) -> Found<Option<Seconds>> {
        if !self.has(column) {
            return Ok(None);
        }
        let Some(text) = self.text_or_none(column)? else { return Ok(None) };
        let read: Option<jiff::Timestamp> = text.parse().ok();
        let expected = "an instant such as 2025-06-12T08:00:00.000Z";
        let milliseconds = read.ok_or_else(|| self.wrong(column, expected))?.as_millisecond();
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of our era fit 2^53")]
        Ok(Some(Seconds::of(milliseconds as f64 / 1000.0)))
    }

    /// The geometry.
    pub(super) fn geometry(&self) -> Found<Geometry> {
        let bytes = self.raw("geom")?.as_blob().ok();
        let read = bytes.and_then(Geometry::from_bytes);
        read.ok_or_else(|| self.wrong("geom", "a point or a line in GeoPackage form"))
    }

    /// How much of a defect, from the three columns that say so.
    pub(super) fn extent(&self) -> Found<Extent> {
        if let Some(count) = self.real_or_none("nb")? {
            let whole = "a number of potholes, nought or more";
            if count < 0.0 {
                return Err(self.wrong("nb", whole));
            }
            return Ok(Extent::Count(count, self.square_metres("surface_m2")?));
        }
        match self.real_or_none("longueur_m")? {
            Some(length) => Ok(Extent::Length(Metres::of(length))),
            None => Ok(Extent::Area(self.square_metres("surface_m2")?)),
        }
    }
}

/// Finds roads by name, carriageway and cumul.
pub(super) struct Roads<'n> {
    network: &'n Network,
    by_name: BTreeMap<(&'n str, &'static str), Vec<usize>>,
}

impl<'n> Roads<'n> {
    pub(super) fn new(network: &'n Network) -> Self {
        let mut by_name = BTreeMap::<_, Vec<_>>::new();
        for (rank, road) in network.roads().iter().enumerate() {
            by_name.entry((road.id.as_str(), road.carriageway.letter())).or_default().push(rank);
        }
        Self { network, by_name }
    }

    /// The road of a row that goes from a cumul to another. At the joint of two pieces of one road, its
    /// start alone would not say which of them holds it.
    pub(super) fn holding(
        &self,
        record: &Record<'_, '_>,
        from: Metres,
        to: Metres,
    ) -> Found<usize> {
        self.of(record, (from + to) * 0.5)
    }

    /// The road of a row: of several pieces of one road, the one nearest to the cumul.
    pub(super) fn of(&self, record: &Record<'_, '_>, cumul: Metres) -> Found<usize> {
        let name = record.text("route")?;
        let side = record.text("cote")?;
        let by_name: &BTreeMap<(&str, &str), Vec<usize>> = &self.by_name;
        let ranks = by_name.get(&(name, side));
        let outside = |rank: &usize| {
            let road = &self.network.roads()[*rank];
            (road.cumul_start() - cumul).max(cumul - road.cumul_end()).max(Metres::ZERO).get()
        };
        ranks
            .into_iter()
            .flatten()
            .copied()
            .min_by(|a, b| outside(a).total_cmp(&outside(b)))
            .ok_or_else(|| record.wrong("route", "a road of the network, with its carriageway"))
    }
}
