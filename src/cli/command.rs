//! The command line itself: options, dispatch, exit codes.

use super::survey;
use super::{
    ask, calibrate, calibrate_ageing, compare, convert, demo, evaluate, export, import, inspect,
    match_track, plan, publish, run, score,
};
use crate::io::wording::{Language, UnknownLanguage};
use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// From the video of road patrols to the condition of every section and fifteen years of works.
#[derive(Debug, Parser)]
#[command(name = "voirie", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Language of messages and reports: fr or en.
    #[arg(long, global = true, default_value = "fr", value_parser = language)]
    lang: Language,

    /// Worker threads; as many as the machine has cores by default. Results do not depend on it.
    #[arg(long, global = true, value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,

    /// No progress bars.
    #[arg(long, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs everything on the sample patrol, into ./out/demo.
    Demo(demo::DemoArgs),
    /// Runs a whole survey file: film, note, programme.
    Run(run::RunArgs),
    /// Films only: frames, cells and defects into the base.
    Survey(survey::SurveyArgs),
    /// Adds what other surveys saw (by eye, by laser) to the survey of a base.
    Import(import::ImportArgs),
    /// Notes the sections of a base.
    Score(score::ScoreArgs),
    /// Programmes works over the notes of a base.
    Plan(plan::PlanArgs),
    /// Says what it would take for a section to have works in a year.
    Ask(ask::AskArgs),
    /// Writes a base in exchange formats: GeoJSON, FlatGeobuf, Shapefile, GeoParquet, CSV, XLSX,
    /// relevé.
    Export(export::ExportArgs),
    /// Publishes a base on PostGIS, beside those of other campaigns.
    Publish(publish::PublishArgs),
    /// Compares each clip's camera with what its frames show.
    Calibrate(calibrate::CalibrateArgs),
    /// Fits the ageing law to two campaigns, or to a published table of scenarios.
    CalibrateAgeing(calibrate_ageing::CalibrateAgeingArgs),
    /// Compares the notes of two surveys of one network.
    Compare(compare::CompareArgs),
    /// Brings the references of a table from an old version of the network to a new one.
    Convert(convert::ConvertArgs),
    /// Measures the pavement model on labelled frames: figures, a table, a page.
    Evaluate(evaluate::EvaluateArgs),
    /// Places the positions of tracks on a road network.
    Match(match_track::MatchArgs),
    /// Says what is in a video, a track, a base or a model.
    Inspect(inspect::InspectArgs),
}

fn language(text: &str) -> Result<Language, String> {
    text.parse().map_err(|why: UnknownLanguage| why.to_string())
}

/// What every subcommand needs to know besides its own arguments.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub(super) language: Language,
    pub(super) quiet: bool,
}

impl Cli {
    /// Runs the subcommand; results go to `out`, messages to standard error.
    ///
    /// # Errors
    ///
    /// Whatever keeps the run from meaning anything.
    pub fn run(self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global()?;
        }
        let setting = Setting { language: self.lang, quiet: self.quiet };
        match self.command {
            Command::Demo(args) => args.run(setting, out),
            Command::Run(args) => args.run(setting, out),
            Command::Survey(args) => args.run(setting, out),
            Command::Import(args) => args.run(setting, out),
            Command::Score(args) => args.run(setting, out),
            Command::Plan(args) => args.run(setting, out),
            Command::Ask(args) => args.run(setting, out),
            Command::Export(args) => args.run(setting, out),
            Command::Publish(args) => args.run(setting, out),
            Command::Calibrate(args) => args.run(setting, out),
            Command::CalibrateAgeing(args) => args.run(setting, out),
            Command::Compare(args) => args.run(setting, out),
            Command::Convert(args) => args.run(setting, out),
            Command::Evaluate(args) => args.run(setting, out),
            Command::Match(args) => args.run(setting, out),
            Command::Inspect(args) => args.run(setting, out),
        }
    }
}

/// Exit codes: 0 complete, 1 complete with findings, 2 usage or configuration, 3 unreadable input,
/// 4 invalid input, 5 model or runtime.
#[must_use]
pub fn exit_code(error: &anyhow::Error) -> u8 {
    use crate::domain::{HorizonError, NetworkStateError};
    use crate::georeferencing::PlanesDiffer;
    use crate::io::scenarios;
    use crate::io::{config, geopackage, labelled, models, network, other_survey, referenced};
    use crate::io::{releve, renewed, telemetry, video};
    use crate::planning::calibration::CampaignsError;
    use crate::ports::InferenceError;
    for cause in error.chain() {
        #[cfg(feature = "postgis")]
        if cause.is::<crate::io::postgis::PublishError>() {
            return if error.chain().any(is_unreadable) { 3 } else { 4 };
        }
        // Settings that do not name a category, or name a place that is not there.
        if let Some(NetworkStateError::NoTraffic { .. } | NetworkStateError::NoPlace { .. }) =
            cause.downcast_ref()
        {
            return 2;
        }
        if cause.is::<config::ConfigError>()
            || cause.is::<HorizonError>()
            || cause.is::<releve::ColumnsError>()
        {
            return 2;
        }
        if cause.is::<models::ModelError>() || cause.is::<InferenceError>() {
            return 5;
        }
        if cause.is::<network::NetworkError>()
            || cause.is::<scenarios::ScenarioError>()
            || cause.is::<renewed::RenewedError>()
            || cause.is::<CampaignsError>()
            || cause.is::<NetworkStateError>()
            || cause.is::<geopackage::BaseError>()
            || cause.is::<telemetry::TrackError>()
            || cause.is::<video::VideoError>()
            || cause.is::<labelled::LabelledError>()
            || cause.is::<other_survey::OtherSurveyError>()
            || cause.is::<referenced::ReferencedError>()
            || cause.is::<PlanesDiffer>()
            || cause.is::<std::io::Error>()
        {
            return if error.chain().any(is_unreadable) { 3 } else { 4 };
        }
    }
    2
}

/// Whether a file or a disk failed, rather than what a file says.
fn is_unreadable(cause: &(dyn std::error::Error + 'static)) -> bool {
    use crate::io::geopackage::{BaseError, BaseErrorKind};
    use crate::io::labelled::{LabelledError, LabelledErrorKind};
    use crate::io::network::{NetworkError, NetworkErrorKind};
    use crate::io::other_survey::{OtherSurveyError, OtherSurveyErrorKind};
    use crate::io::referenced::{ReferencedError, ReferencedErrorKind};
    use crate::io::telemetry::{TrackError, TrackErrorKind};
    use crate::io::video::{VideoError, VideoErrorKind};
    #[cfg(feature = "postgis")]
    if let Some(published) = cause.downcast_ref().map(crate::io::postgis::PublishError::kind) {
        use crate::io::postgis::PublishErrorKind;
        return matches!(published, PublishErrorKind::Server { .. } | PublishErrorKind::Io(_));
    }
    // Where a message is that of the `io::Error` itself, the chain does not show it once more.
    let base = cause.downcast_ref().map(BaseError::kind);
    let network = cause.downcast_ref().map(NetworkError::kind);
    let track = cause.downcast_ref().map(TrackError::kind);
    let video = cause.downcast_ref().map(|it: &VideoError| &it.kind);
    let labelled = cause.downcast_ref().map(LabelledError::kind);
    let table = cause.downcast_ref().map(ReferencedError::kind);
    let other = cause.downcast_ref().map(OtherSurveyError::kind);
    cause.is::<std::io::Error>()
        || matches!(labelled, Some(LabelledErrorKind::Io(_)))
        || matches!(table, Some(ReferencedErrorKind::Io(_)))
        || matches!(other, Some(OtherSurveyErrorKind::Io(_)))
        || matches!(base, Some(BaseErrorKind::Io(_)))
        || matches!(network, Some(NetworkErrorKind::Io(_)))
        || matches!(track, Some(TrackErrorKind::Io(_)))
        || matches!(video, Some(VideoErrorKind::Io(_)))
}
