//! A layer as a Shapefile: `.shp`, `.shx`, `.dbf`, `.prj`, `.cpg`, and `.fields.csv`, which tells the
//! whole name and the meaning of each column.

use super::source::Source;
use super::{crs, dbf, shp};
use crate::io::atomic::{Draft, WriteError};
use crate::io::geopackage::Drawing;
use crate::io::rows::Value;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes a layer. All files are whole before the first takes its name; the `.shp`, by which
/// programs open the layer, comes last.
pub(super) fn write(path: &Path, source: &Source<'_>) -> Result<(), WriteError> {
    let beside = |extension: &str| Draft::beside(&path.with_extension(extension));
    let [mut shapes, mut index, mut table] = [beside("shp")?, beside("shx")?, beside("dbf")?];
    let [mut projection, mut encoding, mut fields] =
        [beside("prj")?, beside("cpg")?, beside("fields.csv")?];
    let mut fill = || -> io::Result<()> {
        let whole = source.table.fields.iter().map(|it| it.name.as_str());
        let names = dbf::short_names(std::iter::once("fid").chain(whole));
        let files = (shapes.file(), index.file(), table.file());
        fill_rows(source, &names, files)?;
        projection.file().write_all(crs::esri(source.plane).as_bytes())?;
        encoding.file().write_all(b"UTF-8")?;
        let mut out =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(fields.file());
        out.write_record(["champ", "colonne", "description"])?;
        out.write_record(["fid", "fid", "rang de la ligne, depuis 1"])?;
        for (short, field) in names[1..].iter().zip(&source.table.fields) {
            out.write_record([short, &field.name, &field.words])?;
        }
        out.flush()
    };
    fill().map_err(|why| WriteError::of(path, why))?;
    for draft in [fields, encoding, projection, table, index, shapes] {
        draft.keep()?;
    }
    Ok(())
}

type File<'a> = &'a mut std::fs::File;

fn fill_rows(
    source: &Source<'_>,
    names: &[String],
    (shapes, index, table): (File<'_>, File<'_>, File<'_>),
) -> io::Result<()> {
    // A first reading finds how wide the columns of words must be.
    let mut widest = vec![0; source.table.fields.len()];
    source.each(|row| {
        for (widest, value) in widest.iter_mut().zip(&row.values) {
            if let Value::Text(text) = value {
                *widest = text.len().max(*widest);
            }
        }
        Ok(())
    })?;
    let drawing = source.table.drawing.unwrap_or(Drawing::Points);
    let mut shapes = shp::ShapeFiles::new(BufWriter::new(shapes), BufWriter::new(index), drawing)?;
    let mut table = dbf::Table::new(BufWriter::new(table), source.table, names, &widest)?;
    source.each(|row| {
        shapes.put(row.geometry.as_ref())?;
        table.put(&row)
    })?;
    shapes.finish()?;
    table.finish()
}
