//! One file for each subcommand: read, call one pipeline function, write, report. No rule lives
//! here.

mod bars;
mod command;
mod demo;
mod evaluate;
mod inspect;
mod job;
mod outputs;
mod plan;
mod run;
mod score;
mod survey;

pub use command::{Cli, Setting, exit_code};
