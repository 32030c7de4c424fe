//! Lines and polygons in well-known binary, as `GeoPackages` hold them.
//!
//! Source: OGC 06-103r4, clause 8 (well-known binary); ISO 13249-3 for the types with Z and M; OGC
//! 12-128r18, clause 2.1.3, table 5, for the header of a `GeoPackage`.

use crate::io::network::columns::Shape;

/// Deepest nesting that is followed: lines or polygons in a collection.
///
/// Chosen: no writer nests more.
const DEEPEST: usize = 3;

/// Lines or rings as lists of points.
pub(super) type Parts = Vec<Vec<[f64; 2]>>;

/// Identifier of the reference system and the lines, or the rings, of a geometry of a `GeoPackage`.
///
/// # Errors
///
/// What the geometry is instead.
pub(super) fn parts(bytes: &[u8], shape: Shape) -> Result<(i32, Parts), String> {
    let cut = || "the geometry is cut short".to_owned();
    if bytes.get(..2) != Some(b"GP") {
        return Err("the geometry is not that of a GeoPackage".to_owned());
    }
    let flags = *bytes.get(3).ok_or_else(cut)?;
    let srs = bytes.get(4..8).and_then(|it| it.try_into().ok()).ok_or_else(cut)?;
    let srs = if flags & 1 == 1 { i32::from_le_bytes(srs) } else { i32::from_be_bytes(srs) };
    if flags & 0b1_0000 != 0 {
        return Err("the geometry is empty".to_owned());
    }
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err("the header of the geometry is damaged".to_owned()),
    };
    let rest = bytes.get(8 + envelope..).ok_or_else(cut)?;
    let mut reader = Reader { rest, little: true, shape };
    let mut parts = Vec::new();
    reader.geometry(&mut parts, 0)?;
    Ok((srs, parts))
}

struct Reader<'a> {
    rest: &'a [u8],
    little: bool,
    shape: Shape,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) =
            self.rest.split_first_chunk::<N>().ok_or("the geometry is cut short")?;
        self.rest = rest;
        Ok(*taken)
    }

    fn whole(&mut self) -> Result<u32, String> {
        let taken = self.take()?;
        Ok(if self.little { u32::from_le_bytes(taken) } else { u32::from_be_bytes(taken) })
    }

    fn real(&mut self) -> Result<f64, String> {
        let taken = self.take()?;
        Ok(if self.little { f64::from_le_bytes(taken) } else { f64::from_be_bytes(taken) })
    }

    fn points(&mut self, axes: usize) -> Result<Vec<[f64; 2]>, String> {
        let count = self.whole()? as usize;
        // No more room is taken than bytes can fill.
        let mut points = Vec::with_capacity(count.min(self.rest.len() / (8 * axes)));
        for _ in 0..count {
            let point = [self.real()?, self.real()?];
            for _ in 2..axes {
                self.real()?;
            }
            points.push(point);
        }
        Ok(points)
    }

    fn geometry(&mut self, parts: &mut Parts, depth: usize) -> Result<(), String> {
        self.little = self.take::<1>()? == [1];
        let kind = self.whole()?;
        // The extended form marks Z, M and a reference system by the highest bits.
        let axes = match (kind & 0x0fff_ffff) / 1000 {
            0 => 2 + (kind >> 31) as usize + (kind >> 30 & 1) as usize,
            1 | 2 => 3,
            3 => 4,
            _ => return Err(format!("the geometry is of type {kind}")),
        };
        if kind & 0x2000_0000 != 0 {
            self.whole()?;
        }
        match ((kind & 0x0fff_ffff) % 1000, self.shape) {
            (2, Shape::Lines) => {
                parts.push(self.points(axes)?);
                Ok(())
            }
            (3, Shape::Areas) => {
                for _ in 0..self.whole()? {
                    parts.push(self.points(axes)?);
                }
                Ok(())
            }
            (5 | 7, Shape::Lines) | (6 | 7, Shape::Areas) if depth < DEEPEST => {
                for _ in 0..self.whole()? {
                    self.geometry(parts, depth + 1)?;
                }
                Ok(())
            }
            (other, shape) => {
                let names = ["Geometry", "Point", "LineString", "Polygon", "MultiPoint"];
                let name = names.get(other as usize).copied().unwrap_or("of another kind");
                Err(shape.refuses(name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Result<(i32, Parts), String> {
        parts(bytes, Shape::Lines)
    }
    use proptest::prelude::*;

    fn header(flags: u8) -> Vec<u8> {
        let mut bytes = b"GP\0".to_vec();
        bytes.push(flags);
        bytes.extend(2154_i32.to_le_bytes());
        bytes
    }

    fn line(kind: u32, axes: usize) -> Vec<u8> {
        let mut bytes = vec![1];
        bytes.extend(kind.to_le_bytes());
        bytes.extend(2_u32.to_le_bytes());
        for rank in 0..2 * u32::try_from(axes).unwrap() {
            bytes.extend(f64::from(rank).to_le_bytes());
        }
        bytes
    }

    #[test]
    fn lines_of_every_dimension_are_read() {
        for (kind, axes, second) in [
            (2, 2, [2.0, 3.0]),
            (1002, 3, [3.0, 4.0]),
            (2002, 3, [3.0, 4.0]),
            (3002, 4, [4.0, 5.0]),
            (0x8000_0002, 3, [3.0, 4.0]),
        ] {
            let bytes = [header(1), line(kind, axes)].concat();
            assert_eq!(lines(&bytes), Ok((2154, vec![vec![[0.0, 1.0], second]])), "{kind}");
        }
        let mut several = [header(1), vec![1], 5_u32.to_le_bytes().to_vec()].concat();
        several.extend(2_u32.to_le_bytes());
        several.extend([line(2, 2), line(2, 2)].concat());
        assert_eq!(lines(&several).map(|it| it.1.len()), Ok(2));
    }

    #[test]
    fn rings_of_polygons_follow_one_another() {
        let ring = |from: u32| {
            let points = (0..4_u32).flat_map(|it| [from + it % 3, it]).map(f64::from);
            let bytes = points.flat_map(f64::to_le_bytes);
            4_u32.to_le_bytes().into_iter().chain(bytes).collect::<Vec<u8>>()
        };
        let polygon = |rings: &[u32]| {
            let head = [vec![1], 3_u32.to_le_bytes().to_vec()].concat();
            let count = u32::try_from(rings.len()).unwrap().to_le_bytes().to_vec();
            let rings: Vec<u8> = rings.iter().flat_map(|it| ring(*it)).collect();
            [head, count, rings].concat()
        };
        let several = [
            header(1),
            vec![1],
            6_u32.to_le_bytes().to_vec(),
            2_u32.to_le_bytes().to_vec(),
            polygon(&[0, 10]),
            polygon(&[20]),
        ];
        let (srs, rings) = parts(&several.concat(), Shape::Areas).unwrap();
        assert_eq!((srs, rings.len(), rings[1][0]), (2154, 3, [10.0, 0.0]));
        let why = parts(&[header(1), line(2, 2)].concat(), Shape::Areas).unwrap_err();
        assert_eq!(why, "the geometry is LineString, expected Polygon or MultiPolygon");
        let why = lines(&[header(1), polygon(&[0])].concat()).unwrap_err();
        assert_eq!(why, "the geometry is Polygon, expected LineString or MultiLineString");
    }

    #[test]
    fn other_geometries_say_what_they_are() {
        let why = |bytes: Vec<u8>| lines(&bytes).unwrap_err();
        let point = [header(1), vec![1], 1_u32.to_le_bytes().to_vec()].concat();
        assert!(why(point).starts_with("the geometry is Point, expected"));
        assert_eq!(why(header(0b1_0001)), "the geometry is empty");
        assert_eq!(why(b"GPX".to_vec()), "the geometry is cut short");
        assert_eq!(
            why([header(1), line(2, 2)[..20].to_vec()].concat()),
            "the geometry is cut short"
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            for shape in [Shape::Lines, Shape::Areas] {
                let _ = parts(&bytes, shape);
                let _ = parts(&[header(1), bytes.clone()].concat(), shape);
            }
        }
    }
}
