//! The formats by name, and the file or files that each makes of a table.

use super::source::Source;
use super::{csv, flatgeobuf, geojson, geoparquet, shapefile};
use crate::io::atomic::WriteError;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A word that names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a format; expected one of {all}", all = Format::ALL.map(Format::word).join(", "))]
pub struct UnknownFormat(String);

/// What writes one table to a file.
type Writer = fn(&Path, &Source<'_>) -> Result<(), WriteError>;

/// An exchange format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For web maps, in degrees.
    GeoJson,
    /// One binary file with a spatial index.
    FlatGeobuf,
    /// What every GIS has read since 1998.
    Shapefile,
    /// Columns for analysis.
    GeoParquet,
    /// Commas, with the geometry as well-known text.
    Csv,
    /// One workbook, one sheet for each table.
    Xlsx,
    /// The relevé (M3-type), by the customer's own columns.
    Releve,
}

impl Format {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::GeoJson,
        Self::FlatGeobuf,
        Self::Shapefile,
        Self::GeoParquet,
        Self::Csv,
        Self::Xlsx,
        Self::Releve,
    ];

    /// The word used on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::FlatGeobuf => "flatgeobuf",
            Self::Shapefile => "shapefile",
            Self::GeoParquet => "geoparquet",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Releve => "releve",
        }
    }

    /// Whether it holds tables that draw nothing.
    #[must_use]
    pub const fn takes_plain_tables(self) -> bool {
        matches!(self, Self::GeoParquet | Self::Csv | Self::Xlsx)
    }

    /// Writes a table below a folder, under its own name; gives the file to open. The workbook and
    /// the relevé are not written table by table: nothing comes of them here.
    ///
    /// # Errors
    ///
    /// When a file cannot be written whole.
    pub fn write(self, folder: &Path, source: &Source<'_>) -> Result<Option<PathBuf>, WriteError> {
        let path = |extension: &str| folder.join(format!("{}.{extension}", source.table.name));
        let (path, write): (_, Writer) = match self {
            Self::GeoJson => (path("geojson"), geojson::write),
            Self::FlatGeobuf => (path("fgb"), flatgeobuf::write),
            Self::Shapefile => (path("shp"), shapefile::write),
            Self::GeoParquet => (path("parquet"), geoparquet::write),
            Self::Csv => (path("csv"), csv::write),
            Self::Xlsx | Self::Releve => return Ok(None),
        };
        write(&path, source)?;
        Ok(Some(path))
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let named = Self::ALL.into_iter().find(|it| it.word() == text);
        named.ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_words_and_others_are_refused_with_them() {
        for format in Format::ALL {
            assert_eq!(format.word().parse(), Ok(format));
        }
        let refused = "dxf".parse::<Format>().unwrap_err().to_string();
        assert!(
            refused.starts_with("\"dxf\" is not a format; expected one of geojson"),
            "{refused}"
        );
    }
}
