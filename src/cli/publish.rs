//! `voirie publish`: a base on PostGIS.

use super::Setting;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Publishes a base on PostGIS: the same tables, one campaign beside the other.
///
/// Publishing the same base twice changes nothing; a newer one replaces its campaign in one
/// transaction. The connection is not encrypted: give a loopback address, a Unix socket or a tunnel.
#[derive(Debug, clap::Args)]
pub struct PublishArgs {
    /// The base (voirie.gpkg).
    base: PathBuf,

    /// Where: `postgres://user@host:port/database`. The password may come from PGPASSWORD.
    url: String,

    /// Schema of the tables.
    #[arg(long, default_value = "voirie")]
    schema: String,

    /// Name of the campaign; that of the base by default.
    #[arg(long)]
    campaign: Option<String>,
}

impl PublishArgs {
    #[cfg(not(feature = "postgis"))]
    #[expect(clippy::unused_self, reason = "the other build reads them")]
    pub fn run(&self, _: Setting, _: &mut dyn Write) -> anyhow::Result<ExitCode> {
        anyhow::bail!("this program cannot reach PostGIS: build it with --features postgis")
    }

    #[cfg(feature = "postgis")]
    pub fn run(&self, setting: Setting, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        use crate::io::postgis::{Where, publish};
        let password = std::env::var("PGPASSWORD").ok();
        let to = Where {
            url: &self.url,
            password: password.as_deref(),
            schema: &self.schema,
            campaign: self.campaign.as_deref(),
        };
        let done = publish(&self.base, to)?;
        let say = |fr, en| setting.language.pick(fr, en);
        match done.n_rows {
            None => writeln!(
                out,
                "{}: {}",
                done.campaign,
                say("déjà publiée, rien n’a changé", "published already, nothing changed")
            )?,
            Some(n_rows) => {
                writeln!(
                    out,
                    "{}: {n_rows} {}",
                    done.campaign,
                    say("lignes publiées", "rows published")
                )?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
