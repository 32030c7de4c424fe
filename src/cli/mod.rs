//! One file for each subcommand: read, call one pipeline function, write, report. No rule lives
//! here.

mod ask;
mod bars;
mod boundaries;
mod calibrate;
mod calibrate_ageing;
mod command;
mod compare;
mod convert;
mod demo;
mod evaluate;
mod export;
mod import;
mod inspect;
mod job;
mod match_track;
mod noted;
mod outputs;
mod plan;
mod publish;
mod referential;
mod resume;
mod run;
mod score;
mod survey;

pub use command::{Cli, Setting, exit_code};
