//! The geometry of a Shapefile: `.shp`, and its index `.shx`.
//!
//! # Source
//!
//! ESRI, « ESRI Shapefile Technical Description », 1998.

use crate::io::geopackage::{Drawing, Envelope, Geometry};
use std::io::{self, Seek, SeekFrom, Write};

/// Bytes of the header of both files. Source: ESRI 1998, table 1.
const HEADER_BYTES: usize = 100;

/// Most 16-bit words of a file.
///
/// Chosen: 2 GiB, beyond which GDAL and QGIS warn and older programs fail; the format itself stops
/// at twice that.
const MOST_WORDS: i32 = 1 << 30;

/// Both files while they are written.
pub(super) struct ShapeFiles<W> {
    shapes: W,
    index: W,
    kind: i32,
    /// 16-bit words of `shapes` so far.
    words: i32,
    n_records: i32,
    envelope: Option<Envelope>,
}

impl<W: Write + Seek> ShapeFiles<W> {
    /// Starts both files with headers that [`ShapeFiles::finish`] writes again.
    pub(super) fn new(mut shapes: W, mut index: W, drawing: Drawing) -> io::Result<Self> {
        shapes.write_all(&[0; HEADER_BYTES])?;
        index.write_all(&[0; HEADER_BYTES])?;
        let kind = match drawing {
            Drawing::Points => 1,
            Drawing::Lines => 3,
        };
        Ok(Self { shapes, index, kind, words: 50, n_records: 0, envelope: None })
    }

    /// Adds a record; one that draws nothing is a null shape.
    pub(super) fn put(&mut self, geometry: Option<&Geometry>) -> io::Result<()> {
        let content = content(geometry);
        let words = i32::try_from(content.len() / 2).map_err(io::Error::other)?;
        self.n_records += 1;
        self.index.write_all(&self.words.to_be_bytes())?;
        self.index.write_all(&words.to_be_bytes())?;
        self.shapes.write_all(&self.n_records.to_be_bytes())?;
        self.shapes.write_all(&words.to_be_bytes())?;
        self.shapes.write_all(&content)?;
        self.words = self.words.saturating_add(words + 4);
        if self.words > MOST_WORDS {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!(
                    "found more than 2 GiB at row {}, which no Shapefile holds",
                    self.n_records
                ),
            ));
        }
        if let Some(envelope) = geometry.map(Geometry::envelope) {
            self.envelope = Some(self.envelope.map_or(envelope, |it| it.joined(envelope)));
        }
        Ok(())
    }

    /// Writes the headers.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let index_words = 50 + 4 * self.n_records;
        let header = |words: i32| header(words, self.kind, self.envelope);
        for (file, words) in [(&mut self.shapes, self.words), (&mut self.index, index_words)] {
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&header(words))?;
            file.flush()?;
        }
        Ok(())
    }
}

fn header(words: i32, kind: i32, envelope: Option<Envelope>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES);
    bytes.extend(9994_i32.to_be_bytes());
    bytes.extend([0; 20]);
    bytes.extend(words.to_be_bytes());
    bytes.extend(1000_i32.to_le_bytes());
    bytes.extend(kind.to_le_bytes());
    put_box(&mut bytes, envelope.unwrap_or(Envelope([0.0; 4])));
    bytes.resize(HEADER_BYTES, 0);
    bytes
}

fn put_box(bytes: &mut Vec<u8>, envelope: Envelope) {
    let [min_x, max_x, min_y, max_y] = envelope.0;
    bytes.extend([min_x, min_y, max_x, max_y].iter().flat_map(|it| it.to_le_bytes()));
}

fn content(geometry: Option<&Geometry>) -> Vec<u8> {
    let Some(geometry) = geometry else { return 0_i32.to_le_bytes().to_vec() };
    let points = geometry.points();
    let mut bytes = Vec::with_capacity(48 + 16 * points.len());
    if matches!(geometry, Geometry::Point(_)) {
        bytes.extend(1_i32.to_le_bytes());
    } else {
        bytes.extend(3_i32.to_le_bytes());
        put_box(&mut bytes, geometry.envelope());
        // One part, which starts at point nought.
        bytes.extend(1_i32.to_le_bytes());
        bytes.extend(u32::try_from(points.len()).expect("a road has few points").to_le_bytes());
        bytes.extend(0_i32.to_le_bytes());
    }
    for point in points {
        bytes.extend(point.x.to_le_bytes());
        bytes.extend(point.y.to_le_bytes());
    }
    bytes
}
