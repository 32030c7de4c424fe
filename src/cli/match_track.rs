//! `voirie match`: tracks placed on a network.

use super::Setting;
use super::job::tell;
use crate::domain::{Finding, FindingKind, Fix, Projector, Provenance, Reported, RouteLeg};
use crate::georeferencing::{
    MatchModel, Matched, Matcher, RoadIndex, bare_pose, calibrated, faults,
};
use crate::io::network::Referential;
use crate::io::rows::{self, MatchedFix};
use crate::io::{geojson, network, telemetry};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Places the positions of tracks on a road network: road, direction, cumul, PR + abscisse, and how sure
/// each is.
///
/// Where the track leaves the network it has no place. The receiver's accuracy is found from the track
/// itself, unless it is given.
#[derive(Debug, clap::Args)]
pub struct MatchArgs {
    /// Tracks: any file that `survey` takes.
    #[arg(required = true)]
    tracks: Vec<PathBuf>,

    /// The road network: GeoJSON, `GeoPackage`, Shapefile, `FlatGeobuf`, OSM extract.
    #[arg(long, short)]
    network: PathBuf,

    /// Its PR, as CSV: route, cote, pr, `cumul_m`.
    #[arg(long)]
    prs: Option<PathBuf>,

    /// Every road of an OSM extract, and not only those that have a reference.
    #[arg(long)]
    unnamed: bool,

    /// Layer of a `GeoPackage` that holds several.
    #[arg(long)]
    layer: Option<String>,

    /// Reference system of coordinates, when the file does not give it: EPSG:2154.
    #[arg(long)]
    crs: Option<String>,

    /// Standard deviation of the receiver across the road, in metres.
    #[arg(long, value_parser = clap::value_parser!(f64))]
    accuracy_m: Option<f64>,

    /// One row for each position.
    #[arg(long, short, default_value = "matched.csv")]
    output: PathBuf,

    /// The way driven, as GeoJSON lines.
    #[arg(long)]
    route: Option<PathBuf>,
}

impl MatchArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        if let Some(accuracy) = self.accuracy_m {
            anyhow::ensure!(
                (0.1..=200.0).contains(&accuracy),
                "--accuracy-m {accuracy}: expected 0.1 to 200 metres"
            );
        }
        let mut findings = Vec::new();
        let wanted = Referential {
            layer: self.layer.clone(),
            crs: self.crs.clone(),
            unnamed: self.unnamed,
            ..Referential::default()
        };
        let network =
            network::read(&self.network, self.prs.as_deref(), &wanted)?.drain_into(&mut findings);
        let index = RoadIndex::new(&network);
        let name = self.network.file_name().unwrap_or_default().to_string_lossy();
        findings.extend(faults(&network, &index, &name));
        let mut rows = Vec::new();
        let mut legs = Vec::new();
        for path in &self.tracks {
            let track = telemetry::read(path)?.drain_into(&mut findings);
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            let model = self.model(&index, track.fixes());
            let matched = matched(&index, track.fixes(), model, &name).drain_into(&mut findings);
            say(out, setting, &name, &matched.0, &model)?;
            rows.extend(matched.0);
            legs.extend(matched.1);
        }
        let provenance =
            Provenance { version: env!("CARGO_PKG_VERSION").to_owned(), ..Provenance::default() };
        rows::write(&self.output, &rows::matched(&network), &rows, &provenance)?;
        writeln!(out, "  {}", self.output.display())?;
        if let Some(path) = &self.route {
            geojson::write_route(path, &network, &legs, &provenance)?;
            writeln!(out, "  {}", path.display())?;
        }
        Ok(tell(&findings, setting))
    }

    fn model(&self, index: &RoadIndex, fixes: &[Fix]) -> MatchModel {
        self.accuracy_m.map_or_else(|| calibrated(index, fixes), MatchModel::bare)
    }
}

/// Places every fix of a track. Those outside the plane of the network have no place.
fn matched(
    index: &RoadIndex,
    fixes: &[Fix],
    model: MatchModel,
    name: &str,
) -> Reported<(Vec<MatchedFix>, Vec<RouteLeg>)> {
    let projector = Projector::new(index.plane());
    let mut matcher = Matcher::new(index, model);
    let (mut rows, mut legs) = (Vec::with_capacity(fixes.len()), Vec::new());
    let mut sent: Vec<&Fix> = Vec::new();
    let mut outside = 0;
    let mut settle = |sent: &mut Vec<&Fix>, places: Vec<Matched>, more: Vec<RouteLeg>| {
        let n_places = places.len();
        for (fix, it) in sent.drain(..n_places).zip(places) {
            rows.push(MatchedFix { fix: *fix, place: it.place, confidence: it.confidence });
        }
        legs.extend(more);
    };
    for fix in fixes {
        let Some(pose) = bare_pose(fix, &projector) else {
            outside += 1;
            continue;
        };
        sent.push(fix);
        matcher.push(&pose);
        let (places, more) = matcher.take();
        settle(&mut sent, places, more);
    }
    let (places, more) = matcher.finish();
    settle(&mut sent, places, more);
    let mut findings = Vec::new();
    if outside > 0 {
        let found = format!("{outside} position(s) outside");
        let expected = "positions in the plane of the network";
        findings.push(Finding::loss(name, FindingKind::BadFix { row: 0, found, expected }));
    }
    let off = rows.iter().filter(|it| it.place.is_none());
    let first = off.clone().next().and_then(|it| projector.project(it.fix.position));
    if let Some(first) = first {
        let (n_frames, nearest) = (off.count(), index.nearest(first));
        findings.push(Finding::note(name, FindingKind::OffNetwork { n_frames, nearest }));
    }
    Reported { value: (rows, legs), findings }
}

fn say(
    out: &mut dyn Write,
    setting: Setting,
    name: &str,
    rows: &[MatchedFix],
    model: &MatchModel,
) -> anyhow::Result<()> {
    let language = setting.language;
    let placed = rows.iter().filter(|it| it.place.is_some()).count();
    writeln!(
        out,
        "{name}: {placed} / {} {}, {} {}",
        rows.len(),
        language.pick("positions placées", "positions placed"),
        language.pick("précision du récepteur en travers", "accuracy of the receiver across"),
        language.distance(model.sigma_m),
    )?;
    Ok(())
}
