//! `voirie demo`: everything on the sample patrol.

use super::Setting;
use super::run::whole;
use crate::io::config;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Runs everything on the sample patrol.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Folder of the samples.
    #[arg(long, default_value = "samples")]
    samples: PathBuf,

    /// Folder for the results.
    #[arg(long, short, default_value = "out/demo")]
    output: PathBuf,
}

impl DemoArgs {
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let mut path = self.samples.join("patrol/patrol.toml");
        if !path.exists() {
            // Run from elsewhere, the samples of the source tree still serve.
            path =
                PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/patrol/patrol.toml"));
        }
        let file = config::read(&path)?;
        whole(&file, &self.output, setting, out)?;
        // The sample holds unfilmed roads on purpose; findings are shown, and the demo succeeds.
        Ok(ExitCode::SUCCESS)
    }
}
