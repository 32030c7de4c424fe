//! `voirie evaluate`: the pavement model against labelled frames.

use super::Setting;
use super::bars::Bars;
use super::job::{Loaded, load_with, provenance, tell};
use crate::domain::{Evaluation, Finding, FindingKind, Metres, Reported, SectionNotes};
use crate::evaluation::judge_notes;
use crate::io::config::{self, SurveyFile};
use crate::io::labelled::LabelledSet;
use crate::io::pictures::JpegFolder;
use crate::io::report::evaluation::{self, EvaluationReport};
use crate::pipeline::{self, Models, Progress};
use anyhow::Context;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Measures the pavement model on labelled frames, as a survey would run it.
#[derive(Debug, clap::Args)]
pub struct EvaluateArgs {
    /// An archive (tar) or a folder of pictures `<name>.jpg`, each with its mask `<name>.png`.
    labelled: PathBuf,

    /// Folder for the page, the table and the worst frames.
    #[arg(long, short, default_value = "out/evaluation")]
    output: PathBuf,

    /// Other models than those compiled in.
    #[arg(long)]
    models: Option<PathBuf>,

    /// Another pavement model than the one compiled in: a folder that holds pavement/model.onnx and
    /// its card, such as models/folds/b.
    #[arg(long, conflicts_with = "models")]
    pavement: Option<PathBuf>,

    /// Cross-validation: a folder with folds.toml, such as models/folds. Each frame is looked at by the
    /// network that never saw its section; sections of no fold by the one compiled in.
    #[arg(long, conflicts_with_all = ["models", "pavement"])]
    folds: Option<PathBuf>,

    /// Only these road sections, by the names of the files; several separated by commas.
    #[arg(long, value_delimiter = ',', conflicts_with = "without")]
    sections: Vec<String>,

    /// All sections but these.
    #[arg(long, value_delimiter = ',')]
    without: Vec<String>,

    /// How many of the worst frames to picture.
    #[arg(long, default_value_t = 24)]
    worst: usize,

    /// Notes too, for sections whose chainages are metres: against those of the masks, with their
    /// intervals, and odd frames against even ones. Every frame is looked at once more.
    #[arg(long)]
    notes: bool,

    /// Width of the own lane in metres, which gives the height of the camera.
    #[arg(long, default_value_t = 3.5, requires = "notes")]
    lane_m: f64,

    /// One JSON object on standard output, and no text.
    #[arg(long)]
    json: bool,
}

/// The networks of an evaluation: one for all frames, or one for each fold of sections.
struct Networks {
    usual: Loaded,
    /// Sections, and the network that never saw them.
    folds: Vec<(Vec<String>, Loaded)>,
}

/// `folds.toml`: sections of each fold, by the name of its folder.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FoldsFile {
    folds: BTreeMap<String, Vec<String>>,
}

impl Networks {
    fn load(args: &EvaluateArgs) -> anyhow::Result<Self> {
        let models = args.models.as_deref();
        let usual = load_with(args.pavement.as_deref().or(models), models)?;
        let mut folds = Vec::new();
        if let Some(folder) = &args.folds {
            let path = folder.join("folds.toml");
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("could not read {}", path.display()))?;
            let file: FoldsFile =
                toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
            for (name, sections) in file.folds {
                folds.push((sections, load_with(Some(&folder.join(name)), models)?));
            }
        }
        Ok(Self { usual, folds })
    }

    /// Models of each fold, the usual ones last.
    fn models(&self) -> Vec<Models<'_>> {
        let folds = self.folds.iter().map(|it| &it.1);
        folds.chain([&self.usual]).map(Loaded::models).collect()
    }

    /// Which of them never saw a section.
    fn fold_of(&self, section: Option<&str>) -> usize {
        let held = |it: &(Vec<String>, Loaded)| {
            section.is_some_and(|section| it.0.iter().any(|it| it == section))
        };
        self.folds.iter().position(held).unwrap_or(self.folds.len())
    }
}

impl EvaluateArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        anyhow::ensure!(
            (1.5..=6.0).contains(&self.lane_m),
            "--lane-m {}: expected 1.5 to 6 m",
            self.lane_m
        );
        let mut set = LabelledSet::open(&self.labelled)?;
        if !self.sections.is_empty() {
            set.keep_sections(&self.sections, true);
        } else if !self.without.is_empty() {
            set.keep_sections(&self.without, false);
        }
        anyhow::ensure!(!set.is_empty(), "{}: no frame of these sections", self.labelled.display());
        let file = config::with_defaults(None)?;
        let networks = Networks::load(self)?;
        let models = networks.models();
        let of_frame = |rank: usize| &models[networks.fold_of(set.section(rank))];
        let provenance = provenance(&file, Some(&networks.usual));
        std::fs::create_dir_all(&self.output)
            .with_context(|| format!("could not make {}", self.output.display()))?;
        let mut findings: Vec<Finding> = set.unlabelled.iter().map(|it| unlabelled(it)).collect();
        let title = self.labelled.file_name().unwrap_or(self.labelled.as_os_str());
        let title = title.to_string_lossy();
        let bars = Bars::new(setting.quiet);
        bars.clip(&title, set.len());
        let mut figures =
            pipeline::evaluate(set.frames(), &of_frame, &bars).drain_into(&mut findings);
        if self.notes {
            let noted = self.note(&set, &networks, &models, &file, &bars);
            figures.notes = Some(judge_notes(noted.drain_into(&mut findings)));
        }
        let sink = JpegFolder::new(&self.output, file.survey.privacy.jpeg_quality);
        let worst = figures.worst(self.worst);
        bars.clip(setting.language.pick("les plus fausses", "the worst"), worst.len());
        let mut pictured = Vec::new();
        for it in worst {
            let rank = usize::try_from(it.rank).unwrap_or(usize::MAX);
            let privacy = &file.survey.privacy;
            match pipeline::judge(rank, set.frame(rank), of_frame(rank), privacy, &sink) {
                Ok(frame) => pictured.push(frame),
                Err(finding) => findings.push(finding),
            }
            bars.frame();
        }
        bars.finish();
        sink.finish()?;
        evaluation::write_frames(
            &self.output.join("evaluation.csv"),
            &figures.frames,
            &provenance,
        )?;
        let page = self.output.join("evaluation.html");
        let report = EvaluationReport {
            title: &title,
            language: setting.language,
            evaluation: &figures,
            worst: &pictured,
            findings: &findings,
            provenance: &provenance,
        };
        evaluation::write(&page, &report)?;
        if self.json {
            writeln!(out, "{}", evaluation::object(&figures, &provenance))?;
        } else {
            summary(&figures, &page, setting, out)?;
        }
        Ok(tell(&findings, setting))
    }

    /// Notes of the sections whose chainages are metres, each by the network that never saw it.
    fn note(
        &self,
        set: &LabelledSet,
        networks: &Networks,
        models: &[Models<'_>],
        file: &SurveyFile,
        bars: &Bars,
    ) -> Reported<Vec<SectionNotes>> {
        let mut all = Reported::clean(Vec::new());
        for (section, frames) in set.chained() {
            let noting = pipeline::Noting {
                models: &models[networks.fold_of(Some(&section))],
                measure: &file.survey.measure,
                grid: &file.grid,
                lane: Metres::of(self.lane_m),
            };
            bars.clip(&section, frames.len());
            let fetch = |rank| set.frame(rank);
            let noted = pipeline::note_section(&section, &frames, &fetch, &noting, bars);
            all.value.extend(noted.drain_into(&mut all.findings));
        }
        all
    }
}

fn unlabelled(name: &str) -> Finding {
    let why = "no mask of the same name (.png) beside it".to_owned();
    Finding::loss(name, FindingKind::LabelsUnusable { why })
}

/// The figures in a few lines.
fn summary(
    it: &Evaluation,
    page: &Path,
    setting: Setting,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let language = setting.language;
    let say = |fr, en| language.pick(fr, en);
    let number = |it: Option<f64>| it.map_or("–".to_owned(), |it| language.number(it, 3));
    writeln!(out, "{} {}", it.frames.len(), say("images mesurées", "frames measured"))?;
    let lane = it.lane.as_ref().map(|it| (say("voie propre", "own lane"), it));
    let faults =
        [(say("fissure", "crack"), &it.crack), (say("nid-de-poule", "pothole"), &it.pothole)];
    for (name, class) in lane.into_iter().chain(faults) {
        writeln!(
            out,
            "  {name:<14} {} {}  {} {}  F1 {}  IoU {}  AP {}  ECE {}",
            say("précision", "precision"),
            number(class.precision),
            say("rappel", "recall"),
            number(class.recall),
            number(class.f1),
            number(class.iou),
            number(class.average_precision),
            number(class.reliability.expected_error),
        )?;
    }
    let extents = [
        (say("par image", "by frame"), it.cracked.per_frame),
        (say("par 100 m", "by 100 m"), it.cracked.per_stretch),
    ];
    for (name, extent) in extents {
        let Some(extent) = extent else { continue };
        writeln!(
            out,
            "  {} {name}: Pearson {}  {} {}  [{} … {}]",
            say("part fissurée", "cracked share"),
            number(extent.pearson),
            say("biais", "bias"),
            extent.relative_bias.map_or("–".to_owned(), |it| language.percent(it, 1)),
            language.percent(extent.limits.0, 1),
            language.percent(extent.limits.1, 1),
        )?;
    }
    if let Some(notes) = &it.notes {
        let (n, _, deviation) = notes.passes;
        writeln!(
            out,
            "  {}: {}  {} {}  {} {}  {} {} ({n})",
            say("notes par 100 m", "notes by 100 m"),
            notes.agreement.map_or(0, |it| it.n),
            say("biais", "bias"),
            number(notes.agreement.map(|it| it.mean_difference)),
            say("points, écart-type", "points, deviation"),
            number(notes.deviation),
            say("répétabilité", "repeatability"),
            number(deviation),
        )?;
        writeln!(
            out,
            "    {} {} ({} {} points)",
            say("dans l’intervalle", "within the interval"),
            notes.inside.map_or("–".to_owned(), |it| language.percent(it, 0)),
            say("large de", "wide"),
            number(notes.width),
        )?;
    }
    writeln!(out, "{}:\n  {}", say("À regarder", "Where to look"), page.display())?;
    Ok(())
}
