//! Geometries in the GeoPackage binary form: a header, then ISO well-known binary.
//!
//! Source: OGC 12-128r18, clause 2.1.3, table 5; ISO 13249-3 for the well-known binary.

use crate::domain::{Direction, Metres, PlanePoint, Road};

/// What one row draws.
#[derive(Clone, Debug, PartialEq)]
pub enum Geometry {
    /// A place.
    Point(PlanePoint),
    /// A stretch; at least two points.
    Line(Vec<PlanePoint>),
}

/// A rectangle of the plane: least x, greatest x, least y, greatest y.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Envelope(pub [f64; 4]);

impl Envelope {
    /// The smallest that holds both.
    #[must_use]
    pub const fn joined(self, other: Self) -> Self {
        let (one, two) = (self.0, other.0);
        Self([one[0].min(two[0]), one[1].max(two[1]), one[2].min(two[2]), one[3].max(two[3])])
    }
}

impl Geometry {
    /// Its points, in order.
    #[must_use]
    pub const fn points(&self) -> &[PlanePoint] {
        match self {
            Self::Point(point) => std::slice::from_ref(point),
            Self::Line(points) => points.as_slice(),
        }
    }

    /// The smallest rectangle that holds it.
    ///
    /// # Panics
    ///
    /// Never: a geometry has at least one point.
    #[must_use]
    pub fn envelope(&self) -> Envelope {
        self.points()
            .iter()
            .map(|it| Envelope([it.x, it.x, it.y, it.y]))
            .reduce(Envelope::joined)
            .expect("a geometry has at least one point")
    }

    /// Its bytes, little-endian, in a reference system of the base.
    pub(super) fn to_bytes(&self, srs: i32) -> Vec<u8> {
        let points = self.points();
        let mut bytes = Vec::with_capacity(49 + 16 * points.len());
        bytes.extend_from_slice(b"GP\0");
        let with_envelope = matches!(self, Self::Line(_));
        // Flags: bit 0 little-endian, bits 1 to 3 the envelope, here none or x and y.
        bytes.push(if with_envelope { 0b011 } else { 0b001 });
        bytes.extend_from_slice(&srs.to_le_bytes());
        if with_envelope {
            self.envelope().0.iter().for_each(|it| bytes.extend_from_slice(&it.to_le_bytes()));
        }
        self.put_well_known(&mut bytes, None);
        bytes
    }

    /// Its ISO well-known binary, little-endian.
    #[must_use]
    pub fn to_well_known(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(9 + 16 * self.points().len());
        self.put_well_known(&mut bytes, None);
        bytes
    }

    /// The same with its reference system, as PostGIS takes it (EWKB).
    ///
    /// # Source
    ///
    /// PostGIS manual, section 4.1.2: 0x20000000 in the type says that a reference system follows.
    #[must_use]
    pub fn to_extended(&self, srs: u32) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(13 + 16 * self.points().len());
        self.put_well_known(&mut bytes, Some(srs));
        bytes
    }

    fn put_well_known(&self, bytes: &mut Vec<u8>, srs: Option<u32>) {
        let points = self.points();
        let code = if matches!(self, Self::Point(_)) { 1_u32 } else { 2 };
        bytes.push(1);
        match srs {
            None => bytes.extend_from_slice(&code.to_le_bytes()),
            Some(srs) => {
                bytes.extend_from_slice(&(code | 0x2000_0000).to_le_bytes());
                bytes.extend_from_slice(&srs.to_le_bytes());
            }
        }
        if matches!(self, Self::Line(_)) {
            let count = u32::try_from(points.len()).expect("a road has few points");
            bytes.extend_from_slice(&count.to_le_bytes());
        }
        for point in points {
            bytes.extend_from_slice(&point.x.to_le_bytes());
            bytes.extend_from_slice(&point.y.to_le_bytes());
        }
    }

    /// Its well-known text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let each: Vec<_> = self.points().iter().map(|it| format!("{} {}", it.x, it.y)).collect();
        let word = if matches!(self, Self::Point(_)) { "POINT" } else { "LINESTRING" };
        format!("{word} ({})", each.join(", "))
    }

    /// Reads bytes, also those that another program wrote: any envelope, either byte order, no
    /// third dimension; nothing for any other geometry or for damaged bytes.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (header, rest) = bytes.split_at_checked(8)?;
        if &header[..2] != b"GP" {
            return None;
        }
        let envelope = match (header[3] >> 1) & 0b111 {
            0 => 0,
            1 => 32,
            2 | 3 => 48,
            4 => 64,
            _ => return None,
        };
        let mut bytes = Bytes { rest: rest.get(envelope..)?, little: true };
        bytes.little = bytes.take::<1>()? == [1];
        match bytes.whole()? {
            1 => Some(Self::Point(bytes.point()?)),
            2 => {
                let count = bytes.whole()?;
                let line: Option<Vec<_>> = (0..count).map(|_| bytes.point()).collect();
                line.filter(|it| it.len() >= 2).map(Self::Line)
            }
            _ => None,
        }
    }
}

/// Bytes still to read.
struct Bytes<'a> {
    rest: &'a [u8],
    little: bool,
}

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*taken)
    }

    fn whole(&mut self) -> Option<u32> {
        let taken = self.take()?;
        Some(if self.little { u32::from_le_bytes(taken) } else { u32::from_be_bytes(taken) })
    }

    fn number(&mut self) -> Option<f64> {
        let taken = self.take()?;
        let number =
            if self.little { f64::from_le_bytes(taken) } else { f64::from_be_bytes(taken) };
        number.is_finite().then_some(number)
    }

    fn point(&mut self) -> Option<PlanePoint> {
        Some(PlanePoint { x: self.number()?, y: self.number()? })
    }
}

/// Shortest drawn length of a defect.
///
/// Chosen: half a metre can be clicked on a plan at 1:500, and is less than the survey can place.
const LEAST_DRAWN_M: f64 = 0.5;

/// Draws a defect where it lies: along its stretch of road, in its lane, aside by `lateral`.
///
/// The lane is taken to be the rightmost of its direction, where patrols drive.
pub(super) fn in_lane(
    road: &Road,
    direction: Direction,
    (from, to): (Metres, Metres),
    lateral: Metres,
) -> Vec<PlanePoint> {
    let least = LEAST_DRAWN_M.min(road.length().get());
    let half = ((to - from).get() / 2.0).max(least / 2.0);
    let (start, end) = (road.cumul_start().get(), road.cumul_end().get());
    let middle = (from + to).get() / 2.0;
    let middle =
        middle.clamp(start + half.min((end - start) / 2.0), end - half.min((end - start) / 2.0));
    let piece = road.piece(Metres::of(middle - half), Metres::of(middle + half));
    let to_lane = (road.width - road.lane_width()).get() / 2.0 + lateral.get();
    let aside = match direction {
        Direction::Increasing => to_lane,
        Direction::Decreasing => -to_lane,
    };
    shifted(&piece, aside)
}

/// The line moved to its right by so many metres, point by point.
fn shifted(line: &[PlanePoint], aside: f64) -> Vec<PlanePoint> {
    let last = line.len() - 1;
    let moved = line.iter().enumerate().map(|(rank, point)| {
        let (before, after) = (line[rank.saturating_sub(1)], line[(rank + 1).min(last)]);
        let (dx, dy) = (after.x - before.x, after.y - before.y);
        let length = dx.hypot(dy).max(f64::MIN_POSITIVE);
        PlanePoint { x: point.x + dy / length * aside, y: point.y - dx / length * aside }
    });
    moved.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::rows::example;
    use proptest::prelude::*;

    fn at(x: f64, y: f64) -> PlanePoint {
        PlanePoint { x, y }
    }

    #[test]
    fn a_point_is_laid_out_as_the_standard_says() {
        let bytes = Geometry::Point(at(1.0, 2.0)).to_bytes(2154);
        assert_eq!(&bytes[..8], [b'G', b'P', 0, 1, 0x6a, 0x08, 0, 0]);
        assert_eq!(&bytes[8..13], [1, 1, 0, 0, 0]);
        assert_eq!(&bytes[13..21], 1.0_f64.to_le_bytes());
        assert_eq!(bytes.len(), 29);
    }

    #[test]
    fn a_defect_lies_in_the_right_lane_and_is_never_a_point() {
        let network = example::network();
        let road = &network.roads()[0];
        // D1 runs east and is 6 m wide: the lane of increasing PRs is 1.5 m south of the axis.
        let line = in_lane(
            road,
            Direction::Increasing,
            (Metres::of(60.0), Metres::of(60.0)),
            Metres::of(-0.5),
        );
        assert_eq!(line, [at(600_059.75, 6_259_999.0), at(600_060.25, 6_259_999.0)]);
        let line = in_lane(
            road,
            Direction::Decreasing,
            (Metres::of(0.0), Metres::of(0.1)),
            Metres::of(0.5),
        );
        assert_eq!(line, [at(600_000.0, 6_260_002.0), at(600_000.5, 6_260_002.0)]);
    }

    proptest! {
        #[test]
        fn geometries_come_back_as_they_were(
            points in prop::collection::vec((-1e7..1e7_f64, -1e7..1e7_f64), 2..20)
        ) {
            let line = Geometry::Line(points.iter().map(|(x, y)| at(*x, *y)).collect());
            prop_assert_eq!(Geometry::from_bytes(&line.to_bytes(2154)), Some(line));
            let point = Geometry::Point(at(points[0].0, points[0].1));
            prop_assert_eq!(Geometry::from_bytes(&point.to_bytes(2154)), Some(point));
        }

        #[test]
        fn arbitrary_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _any = Geometry::from_bytes(&bytes);
            let _any = Geometry::from_bytes(&[b"GP\0\x01\0\0\0\0".as_slice(), &bytes].concat());
        }

        #[test]
        fn defects_are_drawn_at_least_half_a_metre_long(
            from in 0.0..600.0_f64, length in 0.0..30.0_f64, lateral in -2.0..2.0_f64
        ) {
            let network = example::network();
            let span = (Metres::of(from), Metres::of((from + length).min(600.0)));
            let line = in_lane(&network.roads()[0], Direction::Increasing, span, Metres::of(lateral));
            prop_assert!(line.len() >= 2);
        }
    }
}
