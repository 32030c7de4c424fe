//! Exchange formats: any table of a base as GeoJSON, FlatGeobuf, Shapefile, GeoParquet, CSV or a
//! sheet of a workbook.
//!
//! One reading (`geopackage::TableInfo` and its rows, one at a time) serves every writer. Files
//! appear whole or not at all; the same base gives the same bytes, since no writer knows the time.

mod crs;
mod csv;
mod dbf;
mod flatgeobuf;
mod format;
mod geojson;
mod geoparquet;
mod shapefile;
mod shp;
mod source;
mod xlsx;

pub use format::{Format, UnknownFormat};
pub use source::Source;
pub use xlsx::write as write_workbook;
