//! From features and markers to roads: defaults, metres, pieces of one road.

use super::features::{Column, Feature};
use super::prs::{Marks, loss};
use crate::domain::{
    Carriageway, Finding, FindingKind, Metres, Network, Plane, PlanePoint, PrMark, Projector, Road,
    RoadId, Wgs84,
};
use std::collections::{BTreeMap, BTreeSet};

/// Width of a carriageway that the file does not give.
///
/// Source: DOMAIN.md section 1.3: 5.26 m on average in the Tarn, 5.5 m taken for Haute-Garonne.
const WIDTH_M: f64 = 5.5;

/// Lanes of a carriageway that the file does not give.
///
/// Chosen: nearly every departmental road has one each way.
const LANES: u8 = 2;

/// Category of a road that the file does not give: local.
///
/// Chosen: half of a departmental network (Tarn: 2,615 of 4,127 km, DOMAIN.md section 1.3).
const CATEGORY: u8 = 3;

/// Parts of one line that end and start within this join without a hole.
///
/// Chosen: digitising error at a shared point.
const JOINT_M: f64 = 1.0;

/// Pieces of a road may overlap, and markers may lie past its end, by this much or this share of
/// the length, whichever is more.
///
/// Chosen: a measured cumul and a drawn length differ by some per cent at most.
const SLACK: (f64, f64) = (20.0, 0.02);

/// Roads being built, and what they have used of each carriageway.
pub(super) struct Assembly<'a> {
    place: &'a str,
    projector: Projector,
    marks: Marks,
    roads: Vec<Road>,
    /// Cumuls of the pieces of each carriageway.
    used: BTreeMap<(RoadId, Carriageway), Vec<(f64, f64)>>,
    /// For each property: features that lack it, and the first of them.
    defaults: BTreeMap<&'static str, (usize, String)>,
    findings: Vec<Finding>,
}

impl<'a> Assembly<'a> {
    pub(super) fn new(file: &'a str, plane: Plane, marks: Marks) -> Self {
        Self {
            place: file,
            projector: Projector::new(plane),
            marks,
            roads: Vec::new(),
            used: BTreeMap::new(),
            defaults: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// Something about one feature.
    pub(super) fn refuse(&mut self, row: String, why: String) {
        self.findings.push(Finding::loss(self.place, FindingKind::NetworkRow { row, why }));
    }

    fn note(&mut self, row: String, why: String) {
        self.findings.push(Finding::note(self.place, FindingKind::NetworkRow { row, why }));
    }

    /// Adds the roads of a feature, or a finding that says why not.
    pub(super) fn add(&mut self, row: &str, feature: &Feature) {
        let mut parts = Vec::new();
        for part in &feature.parts {
            match projected(&self.projector, part) {
                Ok(points) => parts.push(points),
                Err(why) => return self.refuse(row.to_owned(), why),
            }
        }
        let pieces = self.joined(row, parts);
        let width = self.number(row, "largeur_m", &feature.width, 2.0..=40.0, WIDTH_M);
        let lanes = self.number(row, "voies", &feature.lanes, 1.0..=8.0, f64::from(LANES));
        let category =
            self.number(row, "categorie", &feature.category, 0.0..=255.0, f64::from(CATEGORY));
        if feature.sector.is_none() {
            self.defaulted(row, "secteur");
        }
        let mut cumul = self.start(row, feature);
        let mut before: Option<PlanePoint> = None;
        for points in pieces {
            if let (Some(end), Some(start)) = (before, points.first()) {
                cumul += end.distance(*start).get();
            }
            before = points.last().copied();
            let sector = feature.sector.clone().unwrap_or_default();
            let (id, side) = (feature.route.clone(), feature.carriageway);
            let marks = self.marks_of(&feature.route, side);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "both are between 0 and 255"
            )]
            let (category, lanes) = (category as u8, lanes as u8);
            let width = Metres::of(width);
            let start = Metres::of(cumul);
            match Road::new(id, side, category, sector, width, lanes, points, start, marks) {
                Ok(road) => {
                    cumul = road.cumul_end().get();
                    self.place_piece(row, road);
                }
                Err(fault) => self.refuse(row.to_owned(), fault.to_string()),
            }
        }
    }

    /// Ends the work: what was found of markers and defaults, then the network.
    pub(super) fn finish(mut self, prs: Option<&str>, findings: &mut Vec<Finding>) -> Network {
        for (property, (count, first)) in std::mem::take(&mut self.defaults) {
            let taken = match property {
                "largeur_m" => format!("{WIDTH_M} m"),
                "voies" => LANES.to_string(),
                "categorie" => CATEGORY.to_string(),
                _ => "no works unit".to_owned(),
            };
            let why = format!("{property} missing in {count} feature(s), {taken} taken");
            self.note(first, why);
        }
        let past = self.leave_out_marks(prs.unwrap_or(self.place));
        let mut told = BTreeSet::new();
        for road in &self.roads {
            if road.marks().is_empty() {
                let name = match road.carriageway {
                    Carriageway::Single => road.id.to_string(),
                    side => format!("{} {}", road.id, side.letter()),
                };
                if told.insert(name.clone()) {
                    let kind = FindingKind::RoadWithoutPr { road: name };
                    self.findings.push(Finding::note(self.place, kind));
                }
            }
        }
        findings.append(&mut self.findings);
        findings.extend(past);
        Network::on(self.projector.plane(), self.roads)
    }

    /// Cumul of the first point: what the file says, else the end of the pieces before it.
    fn start(&mut self, row: &str, feature: &Feature) -> f64 {
        let key = (feature.route.clone(), feature.carriageway);
        let after = self.used.get(&key).and_then(|it| it.last()).map_or(0.0, |it| it.1);
        match &feature.cumul_start {
            Column::Number(metres) => return *metres,
            Column::Unreadable(found) => {
                let why = format!("cumul_debut_m {found:?}, expected metres; {after:.1} m taken");
                self.note(row.to_owned(), why);
            }
            Column::Absent if after > 0.0 => {
                let why = format!(
                    "cumul_debut_m missing; {after:.1} m taken, where the piece before it ends"
                );
                self.note(row.to_owned(), why);
            }
            Column::Absent | Column::Untold => {}
        }
        after
    }

    /// Keeps a piece unless another one already has its cumuls.
    fn place_piece(&mut self, row: &str, road: Road) {
        let (from, to) = (road.cumul_start().get(), road.cumul_end().get());
        let used = self.used.entry((road.id.clone(), road.carriageway)).or_default();
        let clash =
            used.iter().find(|it| it.1.min(to) - it.0.max(from) > slack(to - from)).copied();
        match clash {
            None => {
                used.push((from, to));
                self.roads.push(road);
            }
            Some((start, end)) => self.refuse(
                row.to_owned(),
                format!(
                    "cumul {from:.1} to {to:.1} m of {} {}: another feature has {start:.1} to \
                     {end:.1} m; expected a cumul_debut_m past it",
                    road.id,
                    road.carriageway.letter()
                ),
            ),
        }
    }

    /// Joins the parts that follow one another; a hole of more than a metre parts two pieces.
    fn joined(&mut self, row: &str, parts: Vec<Vec<PlanePoint>>) -> Vec<Vec<PlanePoint>> {
        let mut pieces: Vec<Vec<PlanePoint>> = Vec::new();
        for part in parts.into_iter().filter(|it| !it.is_empty()) {
            let hole = pieces.last().and_then(|it| it.last()).map(|it| it.distance(part[0]).get());
            match (pieces.last_mut(), hole) {
                (Some(piece), Some(hole)) if hole <= JOINT_M => piece.extend(part),
                (_, hole) => {
                    if let Some(hole) = hole {
                        let why = format!(
                            "the line has a hole of {hole:.1} m; the cumul goes on across it"
                        );
                        self.note(row.to_owned(), why);
                    }
                    pieces.push(part);
                }
            }
        }
        pieces
    }

    fn number(
        &mut self,
        row: &str,
        property: &'static str,
        column: &Column,
        range: std::ops::RangeInclusive<f64>,
        default: f64,
    ) -> f64 {
        let found = match column {
            Column::Number(number) if range.contains(number) => return *number,
            Column::Absent | Column::Untold => {
                self.defaulted(row, property);
                return default;
            }
            Column::Number(number) => number.to_string(),
            Column::Unreadable(text) => format!("{text:?}"),
        };
        let (low, high) = (range.start(), range.end());
        let why = format!("{property} {found}, expected {low} to {high}; {default} taken");
        self.note(row.to_owned(), why);
        default
    }

    fn defaulted(&mut self, row: &str, property: &'static str) {
        self.defaults.entry(property).or_insert_with(|| (0, row.to_owned())).0 += 1;
    }

    /// Markers of a carriageway: its own, else those that name no carriageway.
    fn marks_of(&self, route: &RoadId, side: Carriageway) -> Vec<PrMark> {
        let of = |side| self.marks.get(&(route.clone(), side));
        let rows = of(side).or_else(|| of(Carriageway::Single));
        rows.into_iter().flatten().map(|it| it.1).collect()
    }

    /// Leaves out markers past the end of their road, and tells of those without a road.
    fn leave_out_marks(&mut self, place: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        for ((route, side), rows) in &self.marks {
            let of_route = self.used.iter().filter(|(key, _)| key.0 == *route);
            let serves = |key: Carriageway| key == *side || *side == Carriageway::Single;
            let pieces = of_route.filter(|(key, _)| serves(key.1)).flat_map(|it| it.1);
            let Some(end) = pieces.map(|it| it.1).max_by(f64::total_cmp) else {
                let why = format!(
                    "{} PR of {route} {}: no such road in the network",
                    rows.len(),
                    side.letter()
                );
                let kind = FindingKind::NetworkRow { row: format!("row {}", rows[0].0), why };
                findings.push(Finding::note(place, kind));
                continue;
            };
            for (line, mark) in rows.iter().filter(|it| it.1.cumul.get() > end + slack(end)) {
                let why = format!(
                    "PR {} of {route} at {}, past the end of the road at {end:.1} m",
                    mark.pr, mark.cumul
                );
                findings.push(loss(place, *line, why));
            }
        }
        for road in &mut self.roads {
            let key = (road.id.clone(), road.carriageway);
            let ends = self.used[&key].iter().map(|it| it.1).max_by(f64::total_cmp);
            let end = ends.expect("the road itself is there");
            let last = road.marks().last().map_or(0.0, |it| it.cumul.get());
            if last > end + slack(end) {
                let kept = road.marks().iter().copied();
                let kept = kept.filter(|it| it.cumul.get() <= end + slack(end)).collect();
                *road = with_marks(road, kept);
            }
        }
        findings
    }
}

fn slack(length: f64) -> f64 {
    SLACK.0.max(length * SLACK.1)
}

/// The same road with fewer markers.
fn with_marks(road: &Road, marks: Vec<PrMark>) -> Road {
    let (id, sector, line) = (road.id.clone(), road.sector.clone(), road.line().to_vec());
    let (side, category, start) = (road.carriageway, road.category, road.cumul_start());
    Road::new(id, side, category, sector, road.width, road.lanes, line, start, marks)
        .expect("fewer markers keep their order")
}

/// A line in metres, or why it has none.
pub(super) fn projected(
    projector: &Projector,
    line: &[[f64; 2]],
) -> Result<Vec<PlanePoint>, String> {
    let point = |(rank, [longitude, latitude]): (usize, &[f64; 2])| {
        let here = Wgs84::new(*longitude, *latitude).ok().and_then(|it| projector.project(it));
        here.ok_or_else(|| {
            let plane = projector.plane();
            let swapped = Wgs84::new(*latitude, *longitude).is_ok_and(|it| plane.covers(it));
            let hint = if swapped {
                "; they look swapped"
            } else if longitude.abs() > 180.0 || latitude.abs() > 90.0 {
                "; they look like metres, expected degrees (EPSG:4326)"
            } else {
                ""
            };
            format!(
                "point {}: longitude {longitude:.2}, latitude {latitude:.2}, expected {}, longitude \
                 before latitude{hint}",
                rank + 1,
                plane.place()
            )
        })
    };
    line.iter().enumerate().map(point).collect()
}
