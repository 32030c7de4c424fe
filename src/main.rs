//! The command line: parse, dispatch, print the error chain, exit code.

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;
use voirie::cli::{Cli, exit_code};

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    match Cli::parse().run(&mut out) {
        Ok(code) => {
            let flushed = out.flush();
            if flushed.is_ok() { code } else { ExitCode::from(3) }
        }
        Err(error) => {
            // Standard error may be closed; there is nobody left to tell then.
            let _ = writeln!(std::io::stderr(), "voirie: {error:#}");
            ExitCode::from(exit_code(&error))
        }
    }
}
