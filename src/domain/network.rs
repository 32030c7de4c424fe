//! Roads, their markers, and the sections cut from them.

use super::position::PlanePoint;
use super::projection::Plane;
use super::reference::{Carriageway, LinearRef, PrAbscisse, RoadId};
use super::territory::{AreaName, Division};
use super::units::{Metres, SquareMetres};
use super::version::ReferentialVersion;
use std::fmt;

/// A marker and its place along the road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrMark {
    /// Number of the marker.
    pub pr: u16,
    /// Metres from the start of the road (*cumul*).
    pub cumul: Metres,
}

/// Why a road cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message names every field")]
pub enum NetworkFault {
    #[error("road {road}: {found} point(s), expected at least 2 distinct ones")]
    TooFewPoints { road: RoadId, found: usize },
    #[error("road {road}: PR {pr} at {cumul} does not lie past PR {before} at {cumul_before}")]
    PrOutOfOrder { road: RoadId, before: u16, cumul_before: Metres, pr: u16, cumul: Metres },
    #[error("road {road}: width {found} is not between 2 m and 40 m")]
    Width { road: RoadId, found: Metres },
    #[error("road {road}: {found} lanes, expected 1 to 8")]
    Lanes { road: RoadId, found: u8 },
    #[error("road {road}: a coordinate is not a finite number")]
    NotFinite { road: RoadId },
}

/// One carriageway of a road, drawn in the direction of increasing PR.
#[derive(Clone, Debug, PartialEq)]
pub struct Road {
    /// Name.
    pub id: RoadId,
    /// Which carriageway.
    pub carriageway: Carriageway,
    /// 1 (main) to 3 (local), or the department's own numbers.
    pub category: u8,
    /// Works unit (*secteur, PRD*).
    pub sector: String,
    /// Width of the carriageway.
    pub width: Metres,
    /// Lanes across the carriageway.
    pub lanes: u8,
    line: Vec<PlanePoint>,
    /// Metres along the line at each point, from the first.
    measures: Vec<f64>,
    cumul_start: Metres,
    marks: Vec<PrMark>,
}

impl Road {
    /// Checks and builds a road. `marks` may be empty: the road then has no PR.
    ///
    /// # Errors
    ///
    /// A [`NetworkFault`] that names the road.
    #[expect(clippy::too_many_arguments, reason = "one argument for each column of the file")]
    pub fn new(
        id: RoadId,
        carriageway: Carriageway,
        category: u8,
        sector: String,
        width: Metres,
        lanes: u8,
        mut line: Vec<PlanePoint>,
        cumul_start: Metres,
        marks: Vec<PrMark>,
    ) -> Result<Self, NetworkFault> {
        if line.iter().any(|it| !it.x.is_finite() || !it.y.is_finite()) {
            return Err(NetworkFault::NotFinite { road: id });
        }
        line.dedup();
        if line.len() < 2 {
            return Err(NetworkFault::TooFewPoints { road: id, found: line.len() });
        }
        if !(2.0..=40.0).contains(&width.get()) {
            return Err(NetworkFault::Width { road: id, found: width });
        }
        if !(1..=8).contains(&lanes) {
            return Err(NetworkFault::Lanes { road: id, found: lanes });
        }
        for pair in marks.windows(2) {
            if pair[1].cumul <= pair[0].cumul || pair[1].pr <= pair[0].pr {
                return Err(NetworkFault::PrOutOfOrder {
                    road: id,
                    before: pair[0].pr,
                    cumul_before: pair[0].cumul,
                    pr: pair[1].pr,
                    cumul: pair[1].cumul,
                });
            }
        }
        let mut measures = vec![0.0];
        for pair in line.windows(2) {
            let last = measures[measures.len() - 1];
            measures.push(last + pair[0].distance(pair[1]).get());
        }
        Ok(Self {
            id,
            carriageway,
            category,
            sector,
            width,
            lanes,
            line,
            measures,
            cumul_start,
            marks,
        })
    }

    /// Its points.
    #[must_use]
    pub fn line(&self) -> &[PlanePoint] {
        &self.line
    }
    /// Metres along the line at each point, from the first point.
    #[must_use]
    pub fn measures(&self) -> &[f64] {
        &self.measures
    }
    /// Its markers, in order.
    #[must_use]
    pub fn marks(&self) -> &[PrMark] {
        &self.marks
    }
    /// Cumul of its first point.
    #[must_use]
    pub const fn cumul_start(&self) -> Metres {
        self.cumul_start
    }
    /// Cumul of its last point.
    #[must_use]
    pub fn cumul_end(&self) -> Metres {
        self.cumul_start + self.length()
    }
    /// Length of the line in the projection plane.
    #[must_use]
    pub fn length(&self) -> Metres {
        Metres::of(self.measures[self.measures.len() - 1])
    }
    /// Width of one lane.
    #[must_use]
    pub fn lane_width(&self) -> Metres {
        self.width * (1.0 / f64::from(self.lanes))
    }

    /// The point and the bearing (degrees from north, clockwise, of increasing PR) at a cumul,
    /// clamped to the road's ends.
    #[must_use]
    pub fn point_at(&self, cumul: Metres) -> (PlanePoint, f64) {
        let along = (cumul - self.cumul_start).get().clamp(0.0, self.length().get());
        let after = self.measures.partition_point(|it| *it <= along).clamp(1, self.line.len() - 1);
        let (a, b) = (self.line[after - 1], self.line[after]);
        let (start, end) = (self.measures[after - 1], self.measures[after]);
        let part = (along - start) / (end - start);
        let point = PlanePoint { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
        (point, (b.x - a.x).atan2(b.y - a.y).to_degrees().rem_euclid(360.0))
    }

    /// The piece of the line between two cumuls, ends included.
    #[must_use]
    pub fn piece(&self, from: Metres, to: Metres) -> Vec<PlanePoint> {
        let (low, high) = ((from - self.cumul_start).get(), (to - self.cumul_start).get());
        let inner =
            self.measures.iter().zip(&self.line).filter(|(at, _)| low < **at && **at < high);
        let mut points = vec![self.point_at(from).0];
        points.extend(inner.map(|(_, point)| *point));
        points.push(self.point_at(to).0);
        points.dedup();
        points
    }

    /// PR and abscisse of a cumul; nothing before the first marker or without markers.
    #[must_use]
    pub fn reference_at(&self, cumul: Metres) -> Option<PrAbscisse> {
        self.reference_within(cumul, 1e-9)
    }

    /// As [`Road::reference_at`], to the millimetre: half a millimetre before a marker is at it.
    #[must_use]
    pub fn millimetre_reference_at(&self, cumul: Metres) -> Option<PrAbscisse> {
        self.reference_within(cumul, 5e-4)
    }

    fn reference_within(&self, cumul: Metres, slack_m: f64) -> Option<PrAbscisse> {
        let past = self.marks.partition_point(|it| it.cumul.get() <= cumul.get() + slack_m);
        let mark = self.marks.get(past.checked_sub(1)?)?;
        Some(PrAbscisse { pr: mark.pr, abscisse: (cumul - mark.cumul).max(Metres::ZERO) })
    }

    /// Cumul of a PR and abscisse; an abscisse past the next PR is accepted, as in the field.
    #[must_use]
    pub fn cumul_of(&self, at: PrAbscisse) -> Option<Metres> {
        let mark = self.marks.iter().find(|it| it.pr == at.pr)?;
        Some(mark.cumul + at.abscisse)
    }

    /// The full reference of a cumul.
    #[must_use]
    pub fn linear_ref(&self, cumul: Metres) -> Option<LinearRef> {
        let at = self.reference_at(cumul)?;
        Some(LinearRef { road: self.id.clone(), carriageway: self.carriageway, at })
    }
}

/// Every road of a network, in file order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    plane: Plane,
    roads: Vec<Road>,
    municipalities: Division,
    sectors: Division,
    version: Option<ReferentialVersion>,
}

impl Network {
    /// A network of these roads, in Lambert-93.
    #[must_use]
    pub const fn new(roads: Vec<Road>) -> Self {
        Self::on(Plane::LAMBERT_93, roads)
    }

    /// A network of these roads, drawn in a plane.
    #[must_use]
    pub const fn on(plane: Plane, roads: Vec<Road>) -> Self {
        Self {
            plane,
            roads,
            municipalities: Division::NONE,
            sectors: Division::NONE,
            version: None,
        }
    }

    /// The same network, divided among municipalities.
    #[must_use]
    pub fn among_municipalities(self, municipalities: Division) -> Self {
        Self { municipalities, ..self }
    }

    /// The same network, divided among sectors.
    #[must_use]
    pub fn among_sectors(self, sectors: Division) -> Self {
        Self { sectors, ..self }
    }

    /// Which municipality each stretch of road lies in.
    #[must_use]
    pub const fn municipalities(&self) -> &Division {
        &self.municipalities
    }

    /// Which sector of the layer of sectors each stretch of road lies in.
    #[must_use]
    pub const fn sectors(&self) -> &Division {
        &self.sectors
    }

    /// The municipality that holds most of a section, where one is known.
    #[must_use]
    pub fn municipality_of(&self, section: &Section) -> Option<&AreaName> {
        self.municipalities.of(section.road, section.from, section.to)
    }

    /// The sector that holds most of a section; where no layer says, the works unit of its road.
    #[must_use]
    pub fn sector_of(&self, section: &Section) -> &str {
        let of_layer = self.sectors.of(section.road, section.from, section.to);
        of_layer.map_or(&self.roads[section.road].sector, |it| &it.name)
    }

    /// The same network, known to be this version of the referential.
    #[must_use]
    pub fn of_version(self, version: Option<ReferentialVersion>) -> Self {
        Self { version, ..self }
    }

    /// The version of the referential that it is, when it is known.
    #[must_use]
    pub const fn version(&self) -> Option<&ReferentialVersion> {
        self.version.as_ref()
    }

    /// The plane that its roads are drawn in.
    #[must_use]
    pub const fn plane(&self) -> Plane {
        self.plane
    }

    /// Every road.
    #[must_use]
    pub fn roads(&self) -> &[Road] {
        &self.roads
    }

    /// Metres from one reference to another on one carriageway, positive towards higher PRs.
    #[must_use]
    pub fn distance(&self, from: &LinearRef, to: &LinearRef) -> Option<Metres> {
        if (&from.road, from.carriageway) != (&to.road, to.carriageway) {
            return None;
        }
        let cumul = |it: &LinearRef| {
            self.roads
                .iter()
                .filter(|road| road.id == it.road && road.carriageway == it.carriageway)
                .find_map(|road| road.cumul_of(it.at))
        };
        Some(cumul(to)? - cumul(from)?)
    }
}

/// Name of a section: road, carriageway and cumul of its start, such as `D817-U-000400`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionId(String);

impl SectionId {
    /// Names the section of a road that starts at a cumul.
    #[must_use]
    pub fn of(road: &Road, from: Metres) -> Self {
        Self(format!("{}-{}-{:06.0}", road.id, road.carriageway.letter(), from.get()))
    }

    /// Names the homogeneous stretch of a road that starts at a cumul, such as `D817-U-000400-H`: no
    /// section bears that name.
    #[must_use]
    pub fn homogeneous(road: &Road, from: Metres) -> Self {
        Self(format!("{}-H", Self::of(road, from)))
    }

    /// A name read from a file.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A stretch of one carriageway between two cumuls.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Name.
    pub id: SectionId,
    /// Index of its road in the network.
    pub road: usize,
    /// Metres from the start of the road.
    pub from: Metres,
    /// Metres from the start of the road; past `from`.
    pub to: Metres,
    /// Width of the carriageway.
    pub width: Metres,
}

impl Section {
    /// Its length.
    #[must_use]
    pub fn length(&self) -> Metres {
        self.to - self.from
    }
    /// Its whole area.
    #[must_use]
    pub fn area(&self) -> SquareMetres {
        self.length() * self.width
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn road(marks: &[(u16, f64)]) -> Road {
        let line = [(0.0, 0.0), (300.0, 0.0), (300.0, 1700.0)].map(|(x, y)| PlanePoint { x, y });
        let marks =
            marks.iter().map(|(pr, at)| PrMark { pr: *pr, cumul: Metres::of(*at) }).collect();
        Road::new(
            RoadId::new("D1").unwrap(),
            Carriageway::Single,
            2,
            "REVEL".into(),
            Metres::of(6.0),
            2,
            line.to_vec(),
            Metres::ZERO,
            marks,
        )
        .unwrap()
    }

    #[test]
    fn a_missing_pr_and_a_long_interval_are_counted_from_the_pr_that_stands() {
        // PR 14 is missing; PR 12 heads 1,130 m.
        let road = road(&[(12, 0.0), (13, 1130.0), (15, 1800.0)]);
        for (cumul, want) in
            [(1129.0, "12+1129"), (1130.0, "13+000"), (1799.0, "13+669"), (1900.0, "15+100")]
        {
            let got = road.reference_at(Metres::of(cumul)).unwrap();
            assert_eq!(got.to_string(), want);
            assert!((road.cumul_of(got).unwrap().get() - cumul).abs() < 1e-9);
        }
        // An abscisse past the next PR is accepted; a PR that is not there has no place.
        assert_eq!(road.cumul_of("12+1500".parse().unwrap()), Some(Metres::of(1500.0)));
        assert_eq!(road.cumul_of("14+0".parse().unwrap()), None);
    }

    #[test]
    fn a_road_without_pr_has_no_reference() {
        assert_eq!(road(&[]).reference_at(Metres::of(5.0)), None);
    }

    #[test]
    fn pieces_follow_the_bends() {
        let piece = road(&[]).piece(Metres::of(200.0), Metres::of(400.0));
        let points: Vec<_> = piece.iter().map(|it| (it.x, it.y)).collect();
        assert_eq!(points, [(200.0, 0.0), (300.0, 0.0), (300.0, 100.0)]);
        assert!(road(&[]).point_at(Metres::of(400.0)).1.abs() < 1e-9);
    }

    #[test]
    fn a_hundred_thousand_references_come_back_within_a_millimetre() {
        // PR 3, 4 and 9 are missing, intervals run from 12 m to 2,600 m, the first PR lies past the
        // start, the road is drawn in bends of decimals.
        let mut line = vec![PlanePoint { x: 540_000.1, y: 6_250_000.7 }];
        for step in 0..400_u32 {
            let (angle, last) = (f64::from(step) * 0.37, line[line.len() - 1]);
            let (dx, dy) = (angle.sin() * 17.3, 30.0 + angle.cos() * 9.1);
            line.push(PlanePoint { x: last.x + dx, y: last.y + dy });
        }
        let marks = [(1, 37.5), (2, 1044.25), (5, 3640.1), (6, 3652.1), (7, 4700.0), (8, 5693.3)]
            .into_iter()
            .chain([(10, 7707.07), (11, 8700.123)])
            .map(|(pr, at)| PrMark { pr, cumul: Metres::of(at) })
            .collect();
        let id = RoadId::new("D1").unwrap();
        let (width, start) = (Metres::of(6.0), Metres::of(12.34));
        let road =
            Road::new(id, Carriageway::Right, 2, String::new(), width, 2, line, start, marks)
                .unwrap();
        let mut seed = 7_u64;
        let mut draw = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        for _ in 0..100_000 {
            let mark = road.marks()[usize::try_from(draw(8)).unwrap()];
            // Up to a kilometre past the next PR, in tenths of a millimetre.
            let abscisse = Metres::of(f64::from(u32::try_from(draw(30_000_000)).unwrap()) / 1e4);
            let cumul = road.cumul_of(PrAbscisse { pr: mark.pr, abscisse }).unwrap();
            let again = road.reference_at(cumul).unwrap();
            let back = road.cumul_of(again).unwrap();
            assert!((back - cumul).abs() < Metres::of(1e-3), "{mark:?} {abscisse} {again}");
            assert!(again.pr >= mark.pr);
        }
    }

    proptest! {
        #[test]
        fn references_invert_cumuls(cumul in 0.0..2000.0_f64) {
            let road = road(&[(0, 0.0), (1, 930.0), (4, 1500.0)]);
            let at = road.reference_at(Metres::of(cumul)).unwrap();
            prop_assert!((road.cumul_of(at).unwrap().get() - cumul).abs() < 1e-6);
        }
    }
}
